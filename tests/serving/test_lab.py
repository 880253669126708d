"""JupyterLab, as ``workbook lab`` starts it: a notebook runs top to bottom, its forms save, nothing is asked of others."""

import os
import re
import subprocess
import sys
import time

import pytest

from workbook.pages import made_workspace

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow]


@pytest.fixture
def lab(tmp_path, free_port):
    workspace = made_workspace(tmp_path / "team", samples=True)
    command = [
        sys.executable,
        "-m",
        "workbook.cli",
        "lab",
        "--workspace",
        str(workspace.folder),
        "--port",
        str(free_port),
    ]
    log = (tmp_path / "lab.log").open("w+")
    process = subprocess.Popen(
        [*command, "--no-browser", "--", "--allow-root"],
        stdout=log,
        stderr=subprocess.STDOUT,
        env=os.environ | {"JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "layouts")},
        start_new_session=True,
    )
    address = ""
    for _ in range(600):
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", (tmp_path / "lab.log").read_text()):
            address = found[0]
            break
        time.sleep(0.1)
    yield workspace, address
    process.terminate()
    process.wait(timeout=30)


def scrolled_to(page, selector):
    page.locator(".jp-WindowedPanel-outer").last.hover()
    for _ in range(80):
        if page.locator(selector).count():
            return
        page.mouse.wheel(0, -500)
        page.wait_for_timeout(300)
    pytest.fail(f"{selector} did not appear")


def test_a_notebook_runs_top_to_bottom_in_jupyterlab_and_saves_what_is_entered(lab, watched_page):
    workspace, address = lab
    assert address, "JupyterLab did not start"
    page, log = watched_page(1440)
    # Lab opens the first step; the second has forms and exhibits of every kind.
    page.goto(address.replace("00_charter", "01_personas"))
    page.locator(".jp-Notebook").first.wait_for(timeout=90_000)
    # Before there is a kernel, Lab would ask which one to start.
    page.get_by_text("Marketing workbook | Idle").first.wait_for(timeout=90_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.get_by_text("Marketing workbook | Idle").first.wait_for(timeout=90_000)
    page.wait_for_timeout(3000)
    # Lab draws cells as they are scrolled to, and running all of them has left us at the last.
    for name in ("open_points", "persona_cards", "segment_attractiveness"):
        scrolled_to(page, f'.wb-exhibit[data-name="{name}"][data-drawn]')
    scrolled_to(page, ".wb-header")
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    size = page.get_by_label("Size", exact=True).first
    size.scroll_into_view_if_needed()
    size.fill("7")
    size.press("Enter")
    for _ in range(100):
        if workspace.log.plan("adaptive-test")[0].attractiveness.size == 7:
            break
        page.wait_for_timeout(100)
    assert workspace.log.plan("adaptive-test")[0].attractiveness.size == 7
    assert not log.outside
