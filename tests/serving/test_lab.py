"""JupyterLab, as ``workbook lab`` starts it: a notebook runs top to bottom, its forms save, nothing is asked of others."""

import pytest
from playwright.sync_api import expect
from serving.lab_process import run_all, running_lab, scrolled_to

from workbook.pages import made_workspace
from workbook.workshop.log import Workshop, WorkshopLog

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow]


@pytest.fixture
def lab(tmp_path, free_port):
    workspace = made_workspace(tmp_path / "team", samples=True)
    with running_lab(workspace, free_port, tmp_path) as address:
        yield workspace, address


@pytest.mark.parametrize(("notebook", "last"), [("00_charter", "plan_progress"), ("dashboard", "budget_split")])
def test_the_charter_and_the_dashboard_run_top_to_bottom_in_jupyterlab(lab, watched_page, notebook, last):
    _workspace, address = lab
    page, log = watched_page(1440)
    page.goto(address.replace("00_charter", notebook))
    run_all(page)
    scrolled_to(page, f'.wb-exhibit[data-name="{last}"][data-drawn]')
    scrolled_to(page, ".wb-header")
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert not log.outside


def test_a_workshop_is_led_from_jupyterlab(lab, watched_page):
    workspace, address = lab
    store = WorkshopLog(workspace)
    workshop = Workshop(store, store.begin("adaptive-test", "Title", key="the-key"))
    page, log = watched_page(1440)
    page.goto(address.replace("00_charter", "workshop"))
    run_all(page)
    scrolled_to(page, "#console-key")
    page.fill("#console-key", "the-key")
    page.press("#console-key", "Enter")
    scrolled_to(page, ".wb-console #now-head")
    page.fill(".wb-console #parked-text", "What about resellers?")
    page.press(".wb-console #parked-text", "Enter")
    expect(page.locator(".wb-console #parked ul")).to_contain_text("What about resellers?")
    workshop.catch_up()
    assert [one.text for one in workshop.room.parked.values()] == ["What about resellers?"]
    assert not log.outside


def test_a_notebook_runs_top_to_bottom_in_jupyterlab_and_saves_what_is_entered(lab, watched_page):
    workspace, address = lab
    page, log = watched_page(1440)
    # Lab opens the first step; the second has forms and exhibits of every kind.
    page.goto(address.replace("00_charter", "01_personas"))
    run_all(page)
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
