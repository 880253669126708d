"""Real kernels of the ``workbook`` kernelspec, and what the system says of processes."""

import asyncio
import time
from ast import literal_eval
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbook.kernels.forking import ForkedKernel
from workbook.kernels.kernelspec import KERNEL, BatchKernel

LONGEST = 60


class Kernel:
    """A kernel and its client, in one event loop of their own."""

    def __init__(self, transport: str = "ipc", **options: Any) -> None:
        self.loop = asyncio.new_event_loop()
        self.manager = BatchKernel(kernel_name=KERNEL, transport=transport)
        self.run(self.manager.start_kernel(**options))
        self.client = self.manager.client()
        self.client.start_channels()
        self.run(self.client.wait_for_ready(timeout=LONGEST))

    def run(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(coroutine, LONGEST))

    @property
    def forked(self) -> bool:
        return isinstance(self.manager.provisioner.process, ForkedKernel)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    def reply(self, code: str, **options: Any) -> dict:
        said = None
        # What arrives on the heels of a cell that failed is let fall with what waited behind it.
        while said is None or said["content"]["status"] == "aborted":
            asked = self.client.execute_interactive(code, timeout=LONGEST, output_hook=lambda _: None, **options)
            said = self.run(asked)
        return said

    def value(self, expression: str) -> str:
        """Return the text of what ``expression`` comes to in the kernel: on one line, which IPython's own would break."""
        content = self.reply("", user_expressions={"value": f"repr(({expression}))"})["content"]
        assert content["user_expressions"]["value"]["status"] == "ok", content
        return literal_eval(content["user_expressions"]["value"]["data"]["text/plain"])

    def end(self) -> None:
        self.client.stop_channels()
        self.run(self.manager.shutdown_kernel(now=True))
        self.loop.close()


def runs(pid: int) -> bool:
    """Whether there is such a process that has not ended (one that nobody has waited for has)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def soon(happened: Callable[[], bool], within: float = 10) -> bool:
    until = time.monotonic() + within
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
