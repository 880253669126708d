"""Before a page is live it shows what it showed last of this very revision, in the same place and size; else nothing."""

import json
import re

import pytest
from serving.serving_process import start, stop

from workbook.exhibits.pictures import kept_picture
from workbook.pages import PageParameters, made_workspace
from workbook.plan.revisions import Edit

pytestmark = [pytest.mark.browser, pytest.mark.network]

STEP = "/voila/render/08_channels.ipynb?plan=adaptive-test"
LIVE = "html[data-live]"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"

BOXES = """(where) => [...document.querySelectorAll(`${where} :is(.wb-header, .wb-form, .wb-exhibit)`)].map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [x, y + scrollY, width, height].map(Math.round);
})"""
SHIFT = """
globalThis.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach(({ startTime, value }) => shifts.push([startTime, value])))
  .observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
  const drawn = [...document.querySelectorAll(".wb-picture .wb-exhibit")];
  if (drawn.length && !globalThis.pictureAt && drawn.every((one) => one.dataset.drawn)) globalThis.pictureAt = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-drawn"] });
"""


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    workspace = made_workspace(tmp_path_factory.mktemp("pictured") / "team", samples=True)
    workspace.log.append("adaptive-test", [Edit("/charter/title", HOSTILE)], author="test", base=10_000)
    running = start(workspace)
    yield running
    stop(running)


def kept(page) -> list[dict]:
    found = re.search(r'<script id="workbook-picture" type="application/json">(.*?)</script>', page.text, re.DOTALL)
    return json.loads(found[1])["slots"] if found else []


def visited(watched_page, team, width=1440):
    page, log = watched_page(width)
    page.goto(f"{team.address}/?token={team.token}")
    page.goto(team.address + STEP)
    page.wait_for_selector(LIVE, state="attached", timeout=60_000)
    taken(page, team)
    return page, log


def taken(page, team) -> list[dict]:
    """Wait until there is a picture of the plan as it is, and return it."""
    for _ in range(60):
        revision = team.workspace.log.head("adaptive-test")
        if slots := kept_picture(team.workspace, "08_channels", PageParameters(), revision):
            return slots
        page.wait_for_timeout(250)
    pytest.fail("no picture was taken")


def test_a_page_seen_before_is_there_at_once_and_goes_live_without_a_jump(watched_page, team, capsys):
    page, log = visited(watched_page, team)
    page.add_init_script(SHIFT)
    held = []
    page.route("**/live-*.js", lambda route: held.append(route))  # the kernel shall not be quicker than the test
    page.goto(team.address + STEP, wait_until="commit")
    page.wait_for_function("() => globalThis.pictureAt", timeout=60_000)
    assert page.locator("html[data-live]").count() == 0
    page.get_by_text("Live in a moment").first.wait_for()
    page.evaluate("() => document.fonts.ready")
    before = page.evaluate(BOXES, ".wb-picture")
    assert len(before) > 6
    held[0].continue_()
    page.wait_for_selector(LIVE, state="attached", timeout=60_000)
    assert page.locator(".wb-picture").count() == 0
    assert page.evaluate(BOXES, ".wb-output") == before
    drawn, shifts = page.evaluate("() => [pictureAt, shifts]")
    with capsys.disabled():
        print(f"\npicture complete {drawn:.0f} ms after the visit began")
    assert sum(value for at, value in shifts if at > drawn + 300) < 0.01
    log.assert_clean()


def with_drawings(page, team) -> None:
    """Wait until the charts of the page are kept as they were drawn in it."""
    for _ in range(60):
        if all(slot["drawings"] for slot in taken(page, team) if slot.get("payload", {}).get("chart")):
            return
        page.wait_for_timeout(250)
    pytest.fail("no drawings were kept")


VEGA = "() => Boolean(globalThis.__workbook_vega)"
SPLIT = '.wb-output [data-name="budget_split"] .wb-drawing svg'


def test_charts_that_were_drawn_before_stand_as_they_are_until_somebody_is_there(watched_page, team):
    page, log = visited(watched_page, team)
    with_drawings(page, team)
    drawn = page.evaluate("(one) => document.querySelector(one).outerHTML.length", SPLIT)
    page.goto("about:blank")
    page.goto(team.address + STEP)
    page.wait_for_selector(LIVE, state="attached", timeout=60_000)
    boxes = page.evaluate(BOXES, ".wb-output")
    assert not page.evaluate(VEGA)
    assert page.evaluate("(one) => document.querySelector(one).outerHTML.length", SPLIT) > 0.8 * drawn
    page.locator(SPLIT).scroll_into_view_if_needed()
    page.mouse.move(200, 300)
    page.wait_for_function(VEGA)
    page.wait_for_function("() => !document.querySelector('[data-name=budget_split] .wb-drawing').dataset.measure")
    page.evaluate("() => scrollTo(0, 0)")
    assert page.evaluate(BOXES, ".wb-output") == boxes
    # In another width or other colours, or where the plan has changed, nothing of it is seen.
    for width, dark in ((390, False), (1440, True)):
        other, other_log = watched_page(width, dark=dark)
        other.goto(f"{team.address}/?token={team.token}")
        other.goto(team.address + STEP)
        other.wait_for_selector(LIVE, state="attached", timeout=60_000)
        assert other.evaluate(VEGA)
        assert other.locator(".wb-drawing[data-measure]").count() == 0
        other_log.assert_clean()
    log.assert_clean()


EVERY = [(width, dark, language) for language in ("en", "it") for dark in (False, True) for width in (390, 820, 1440)]
STANDING = """() => [...document.querySelectorAll(".wb-output .wb-exhibit")].map((one) => [
  Boolean(one.querySelector(".wb-chart svg")), Boolean(one.querySelector(".wb-drawing[data-measure] svg")),
])"""


@pytest.mark.parametrize(
    "windows", [[(820, True, "en")], pytest.param(EVERY, marks=pytest.mark.slow)], ids=["one", "all"]
)
def test_who_comes_again_sees_the_charts_as_they_were_drawn_in_every_width_theme_and_language(
    watched_page, team, windows
):
    opened = []
    for width, dark, language in windows:
        page, log = watched_page(width, dark=dark)
        page.goto(f"{team.address}/?token={team.token}")
        page.goto(f"{team.address}{STEP}&language={language}")
        page.wait_for_selector(LIVE, state="attached", timeout=60_000)
        drawn_for(page, team, width, "dark" if dark else "light", language)
        page.goto("about:blank")
        opened.append((page, log, language))
    for page, log, language in opened:
        page.goto(f"{team.address}{STEP}&language={language}")
        page.wait_for_selector(LIVE, state="attached", timeout=60_000)
        charts = [kept for drawn, kept in page.evaluate(STANDING) if drawn]
        assert len(charts) > 6
        assert all(charts)
        assert not page.evaluate(VEGA)
        page.goto("about:blank")
        log.assert_clean()


def drawn_for(page, team, width: int, theme: str, language: str) -> None:
    """Wait until each chart of the page is kept as it was drawn in a window of this width and theme."""
    for _ in range(80):
        slots = kept_picture(
            team.workspace,
            "08_channels",
            PageParameters(language=language),
            team.workspace.log.head("adaptive-test"),
        )
        charts = [slot["drawings"] for slot in slots or () if slot.get("payload", {}).get("chart")]
        if charts and all(any((d["screen"], d["theme"]) == (width, theme) for d in each) for each in charts):
            return
        page.wait_for_timeout(250)
    pytest.fail(f"no drawings were kept of {width} px, {theme}, {language}")


def test_the_picture_is_read_without_script_and_nothing_of_the_plan_is_markup(watched_page, team):
    visited(watched_page, team)
    answer = team.ask(STEP, signed_in=False, Authorization=f"token {team.token}")
    assert [slot["kind"] for slot in kept(answer)].count("exhibit") >= 4
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    page, _ = watched_page(820, java_script_enabled=False)
    page.goto(f"{team.address}/?token={team.token}")
    page.goto(team.address + STEP)
    assert page.locator(".wb-picture table").first.is_visible()
    assert (
        "of €120,000" in page.locator(".wb-picture").all_inner_texts().__str__() or page.get_by_text("120,000").count()
    )


def test_nothing_of_another_revision_is_shown(watched_page, team):
    visited(watched_page, team)
    assert kept(team.ask(STEP, signed_in=False, Authorization=f"token {team.token}"))
    log = team.workspace.log
    log.append("adaptive-test", [Edit("/budget/total", 99_000)], author="somebody", base=log.head("adaptive-test"))
    assert not kept(team.ask(STEP, signed_in=False, Authorization=f"token {team.token}"))


def test_a_picture_is_taken_again_after_a_change_and_holds_no_text_that_was_not_saved(watched_page, team):
    page, log = visited(watched_page, team)
    page.get_by_label("Total", exact=True).fill("95000")
    page.get_by_label("Total", exact=True).press("Enter")
    reserve = page.get_by_label("Reserve for tests")
    reserve.fill("lots and lots")
    reserve.press("Enter")
    page.get_by_text("Enter a number, such as 1,234.5.").wait_for()
    text = json.dumps(taken(page, team))
    assert "95,000" in text
    assert "lots and lots" not in text
    log.assert_clean()
