"""Where the ``workbook`` kernelspec is found: in the package, whether or not an installer has put a copy elsewhere.

A wheel also brings it to ``share/jupyter/kernels``, for Jupyter programs that know nothing of the package. Ours use
``KernelSpecs``, and so need neither that copy nor the entry point of the provisioner, which an installation older than
the package does not have.
"""

import os
import shutil
import tempfile
import weakref
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets import default

__all__ = ["KERNEL", "BatchKernel", "KernelSpecs"]

KERNEL = "workbook"

PROVISIONER = EntryPoint(
    "workbook-provisioner", "workbook.kernels.provisioner:WorkbookProvisioner", KernelProvisionerFactory.GROUP_NAME
)

LONGEST_FOLDER = 80
"""Characters: a socket's name may have about 100."""

SPECS = Path(__file__).with_name("specs")


class KernelSpecs(KernelSpecManager):
    """The kernelspecs of this machine, with the package's own before a copy of it."""

    def __init__(self, **traits: Any) -> None:
        KernelProvisionerFactory.provisioners.setdefault(PROVISIONER.name, PROVISIONER)
        super().__init__(**traits)

    @default("kernel_dirs")
    def _package_first(self) -> list[str]:
        return [str(SPECS), *self._kernel_dirs_default()]


class BatchKernel(AsyncKernelManager):
    """
    A kernel that runs one notebook of a batch.

    It listens at sockets in a folder only this user can read, where the system has them and allows such names. Its
    cells are no part of anybody's IPython history.
    """

    def __init__(self, **traits: Any) -> None:
        folder = tempfile.mkdtemp(prefix="workbook-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        sockets = os.name == "posix" and len(folder) < LONGEST_FOLDER
        listens = {"connection_file": os.path.join(folder, "kernel.json"), "transport": "ipc" if sockets else "tcp"}
        super().__init__(kernel_spec_manager=KernelSpecs(), **(listens | traits))

    @property
    def ipykernel(self) -> bool:
        """Whether nbclient may tell the kernel to keep its history in memory."""
        return True

    async def _async_interrupt_kernel(self) -> None:
        """Leave in peace a kernel that is about to be shut down: it would write an error of its own to the terminal."""
        if not self.shutting_down:
            await super()._async_interrupt_kernel()

    interrupt_kernel = _async_interrupt_kernel
