"""How long until a kernel answers with the package imported, how much memory is its own, and what a page gains by it.

Everything is measured with kernels forked from the template and with ordinary ones of the same kernelspec.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

STEP = "08_channels"
ROUNDS = 5

IMPORTS = "import workbook as wb; wb.exhibits; wb.open_step; import altair, workbook.forms.view, workbook.exhibits.view"


@dataclass(frozen=True)
class Start:
    """One start of a kernel: seconds until it is ready, until it has imported everything, and its memory after a page."""

    ready: float
    answered: float
    ran: float
    private: float
    """MiB that no other process shares."""
    share: float
    """MiB with a fair share of what is shared with the template and its other kernels."""


@contextmanager
def kernels(kind: str) -> Iterator[None]:
    """Have kernels of the workbook start ``forked`` or ``plain`` for a while."""
    from workbook.kernels.forking import SWITCH

    os.environ[SWITCH] = kind
    try:
        yield
    finally:
        del os.environ[SWITCH]


def starts(kind: str) -> list[Start]:
    """Return some starts of one kind, each with the forms and exhibits of a step run in it."""
    from workbook.pages import made_workspace

    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    with kernels(kind):
        asyncio.run(_warm())
        return [asyncio.run(_start(str(workspace.folder))) for _ in range(ROUNDS)]


async def _warm() -> None:
    from workbook.kernels.forking import template

    if await template() is not None:
        sleep(4)  # what the template imports when nobody asks


async def _start(workspace: str) -> Start:
    from workbook.kernels.kernelspec import KERNEL, BatchKernel
    from workbook.pages import page_file, read_page

    cells = [cell.source for cell in read_page(page_file(STEP)).cells if cell.cell_type == "code"]
    cells.insert(1, f"workspace = {workspace!r}")
    began = perf_counter()
    manager: Any = BatchKernel(kernel_name=KERNEL)
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    ready = perf_counter() - began
    await _run(client, IMPORTS)
    answered = perf_counter() - began
    for cell in cells:
        await _run(client, cell)
    ran = perf_counter() - began
    private, share = memory(manager.provisioner.pid)
    client.stop_channels()
    await manager.shutdown_kernel(now=True)
    return Start(ready, answered, ran, private, share)


async def _run(client: Any, code: str) -> None:
    reply = await client.execute_interactive(code, timeout=60, output_hook=lambda _: None)
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))


def memory(pid: int) -> tuple[float, float]:
    """Return MiB of process ``pid`` that are private to it, and those with a share of what is not."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    amounts = {name.rstrip(":"): int(kib) / 1024 for name, kib, *_ in lines}
    return amounts["Private_Clean"] + amounts["Private_Dirty"], amounts["Pss"]


def middle(found: list[Start], name: str) -> float:
    return median(getattr(one, name) for one in found)


def page_times(kind: str, loads: int = 5) -> list[float]:
    """Return the seconds until step 8 is live in Chromium, each time with a new kernel of this kind."""
    from pages import browser, drawn_after, served

    from workbook.pages import made_workspace

    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    command = ["-m", "workbook.cli", "serve", "--port", "8933"]
    with kernels(kind), browser() as chromium, served(command, workspace.folder, r"http://\S+token=\S+") as address:
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(address)
        page.wait_for_timeout(5000)
        url = f"http://127.0.0.1:8933/voila/render/{STEP}.ipynb?plan=adaptive-test&language=en"
        times = [drawn_after(page, url) for _ in range(loads)]
    workspace.log.close()
    return times
