"""JupyterLab as a process of its own, started by the command of the workbook, and its notebooks run in a browser."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from workbook.plan.workspace import Workspace


@contextmanager
def running_lab(workspace: Workspace, port: int, folder: Path) -> Iterator[str]:
    """Run JupyterLab on ``workspace`` with its log and layouts in ``folder``, and yield its address."""
    command = ["-m", "workbook.cli", "lab", "--workspace", str(workspace.folder), "--port", str(port)]
    with (folder / "lab.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *command, "--no-browser", "--", "--allow-root"],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"JUPYTERLAB_WORKSPACES_DIR": str(folder / "layouts")},
            start_new_session=True,
        )
    try:
        yield _address(folder / "lab.log")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _address(log: Path) -> str:
    for _ in range(600):
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", log.read_text()):
            return found[0]
        time.sleep(0.1)
    pytest.fail("JupyterLab did not start:\n" + log.read_text())


def run_all(page: Page) -> None:
    """Run every cell of the notebook that is open."""
    page.locator(".jp-Notebook").first.wait_for(timeout=90_000)
    # Before there is a kernel, Lab would ask which one to start.
    page.get_by_text("Marketing workbook | Idle").first.wait_for(timeout=90_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.get_by_text("Marketing workbook | Idle").first.wait_for(timeout=90_000)
    page.wait_for_timeout(3000)


def scrolled_to(page: Page, selector: str) -> None:
    """Scroll up until there is ``selector``: Lab draws cells as they are scrolled to, and running all leaves us at the last."""
    page.locator(".jp-WindowedPanel-outer").last.hover()
    for _ in range(80):
        if page.locator(selector).count():
            return
        page.mouse.wheel(0, -500)
        page.wait_for_timeout(300)
    pytest.fail(f"{selector} did not appear")
