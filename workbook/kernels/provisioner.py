"""What Jupyter asks for a kernel of the ``workbook`` kernelspec: a fork of the template, or an ordinary start."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import zmq
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Float

from workbook.kernels.forking import LONGEST_WAIT, ForkedKernel, template

__all__ = ["WorkbookProvisioner"]

LAUNCHER = "ipykernel_launcher"

HEAD_START = "--IPKernelApp.exec_lines=['import workbook.forms.session, workbook.forms.view']"
"""Makes an ordinary kernel load what a page needs while the browser still loads its scripts."""


class WorkbookProvisioner(LocalProvisioner):
    """Provisions a local kernel from the template process, and the ordinary way where there is none."""

    process: Any = None

    patience = Float(
        LONGEST_WAIT, config=True, help="Seconds a start waits for the template before it becomes an ordinary one."
    )

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        # At a port other users of the machine could listen in; a socket in a folder of one's own they cannot open.
        manager: Any = self.parent
        if (
            getattr(manager, "transport_encryption", "") == "disabled"
            and manager.transport == "tcp"
            and zmq.has("curve")
        ):
            kwargs.setdefault("transport_encryption", "auto")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        self.process = await _forked(cmd, self._scrub_kwargs(kwargs), self.patience)
        if self.process is None:
            return await super().launch_kernel([*cmd, HEAD_START] if LAUNCHER in cmd else cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        # Once the kernel has ended its number may be another's: the template, its parent, does not hold on to it.
        if not isinstance(self.process, ForkedKernel) or self.process.poll() is None:
            await super().send_signal(signum)


async def _forked(command: Sequence[str], options: Mapping[str, Any], patience: float) -> ForkedKernel | None:
    """Return a kernel forked from the template; None where ``command`` or ``options`` ask for what a fork cannot do."""
    folder = os.fspath(options.get("cwd") or os.getcwd())
    if list(command[:3]) != [sys.executable, "-m", LAUNCHER] or set(options) - {"env", "cwd"}:
        return None
    if not os.path.isdir(folder) or not _open(1, 2):
        return None
    environment = options.get("env") or os.environ
    ready = await template(patience)
    if ready is None or not ready.suits(environment):
        return None
    return await ready.fork(command[2:], environment, folder, (1, 2))


def _open(*descriptors: int) -> bool:
    """Whether a kernel can inherit these of ours, as it does when it is started the ordinary way."""
    try:
        for descriptor in descriptors:
            os.fstat(descriptor)
    except OSError:
        return False
    return True
