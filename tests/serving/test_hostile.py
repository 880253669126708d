"""A plan in which every field that takes words holds one that wants to run: opened in a browser, none does."""

import pytest
from hostile import MARK, TEXTS, hostile_plan
from serving.serving_process import start, stop

from workbook.pages import made_workspace
from workbook.reports import batch
from workbook.steps import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.network]

LIVE = "html[data-live]"
WATCH = "globalThis.ran = []; globalThis.pwned = (n) => globalThis.ran.push(n);"
QUICK = ("02_market_research", "dashboard")


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    workspace = made_workspace(tmp_path_factory.mktemp("hostile") / "team", samples=True)
    sample, _ = workspace.log.plan("adaptive-test")
    for turn in range(4):
        workspace.log.create(f"hostile-{turn}", hostile_plan(sample, turn=turn * 15), author=TEXTS[turn])
    running = start(workspace)
    yield running
    stop(running)


def opened(watched_page, team, address, *, language="en"):
    page, log = watched_page(1440)
    said = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.add_init_script(WATCH)
    page.goto(f"{team.address}/?token={team.token}&language={language}")
    page.goto(address, wait_until="load")
    return page, log, said


def assert_nothing_ran(page, log, said):
    assert page.evaluate("() => globalThis.ran") == []
    assert said == []
    assert log.outside == set()
    assert MARK in page.content()
    assert page.locator("main :is(script, iframe, object, embed, base, meta, style, link)").count() == 0
    assert page.locator("main img").count() == 0
    assert page.locator("[onerror], [onload], [onfocus], [ontoggle], [onbegin], [onstart]").count() == 0
    assert page.locator('a[href^="javascript" i], a[href^="data" i]').count() == 0


def look_at(watched_page, team, step, turn, language):
    address = f"{team.address}/voila/render/{step}.ipynb?plan=hostile-{turn}&language={language}"
    page, log, said = opened(watched_page, team, address)
    page.wait_for_selector(LIVE, state="attached", timeout=90_000)
    # Closed cards and tables hold words too, and what is under the pointer is told in a tip.
    page.evaluate("() => document.querySelectorAll('main [aria-expanded=false]').forEach((button) => button.click())")
    for chart in page.locator("main .wb-drawing").all():
        chart.scroll_into_view_if_needed()
        if box := chart.bounding_box():
            for share in (0.3, 0.5, 0.7):
                page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
    page.wait_for_timeout(300)
    assert_nothing_ran(page, log, said)
    # Once more, with the picture of what was just seen.
    page.wait_for_timeout(1_500)
    page.reload()
    page.wait_for_selector(LIVE, state="attached", timeout=90_000)
    assert_nothing_ran(page, log, said)


@pytest.mark.parametrize("step", QUICK)
def test_no_text_runs_on_a_page(watched_page, team, step):
    look_at(watched_page, team, step, 0, "en")


def test_no_text_runs_on_the_list_of_plans(watched_page, team):
    page, log, said = opened(watched_page, team, f"{team.address}/")
    assert_nothing_ran(page, log, said)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("step", [page.key for page in PAGES])
def test_no_text_runs_on_any_page_in_any_field(watched_page, team, step, turn):
    look_at(watched_page, team, step, turn, ("en", "it")[turn % 2])


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(4))
def test_no_text_runs_in_a_report(watched_page, team, turn, tmp_path):
    (report,) = batch.run(team.workspace, batch.jobs(team.workspace, [f"hostile-{turn}"], ["en"]), tmp_path)
    page, log, said = opened(watched_page, team, report.as_uri())
    page.wait_for_timeout(1_500)
    assert page.evaluate("() => globalThis.ran") == []
    assert said == []
    assert log.outside == set()
    assert MARK in page.content()
