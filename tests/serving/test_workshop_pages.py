"""A workshop in Chromium: a facilitator, phones, the projector; half a day compressed, and what the dashboard then shows."""

import re
from collections.abc import Callable, Iterator

import pytest
from barriers import barriers
from playwright.sync_api import Page, expect
from serving.serving_process import Server
from serving.serving_process import start as serve
from serving.serving_process import stop as end
from serving.workshop_process import Hall, start, stop

from workbook import exhibits
from workbook.exhibits.case import Case
from workbook.plan.workspace import Workspace
from workbook.reports.minutes import minutes
from workbook.shipped import shipped
from workbook.workshop.log import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.network]

PATIENCE = 20_000
"""Milliseconds for what takes a moment, on a machine that is busy with others."""

NEED = "Less paperwork before a test"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    workspace = Workspace.create(tmp_path_factory.mktemp("hall") / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    running = start(workspace)
    yield running
    stop(running)


def opened_desk(hall: Hall, watched_page: Callable, width: int = 1440, **options) -> tuple[Page, object]:
    page, log = watched_page(width, **options)
    page.goto(f"{hall.address}/desk?key={hall.key}")
    return page, log


def joined(hall: Hall, watched_page: Callable, name: str, **options) -> tuple[Page, object]:
    page, log = watched_page(390, **options)
    page.goto(f"{hall.address}/?code={hall.code}")
    page.fill("#name", name)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/room")
    return page, log


def ask(desk: Page, exercise: str, *items: str, **fields: str) -> None:
    box = desk.locator("details.wb-exercise").filter(has=desk.locator(f'input[name="exercise"][value="{exercise}"]'))
    box.locator("summary").click()
    for item in items:
        box.get_by_label(re.compile(re.escape(item))).check()
    for name, value in fields.items():
        box.locator(f'[name="{name}"]').fill(value)
    box.locator("button.wb-go").click()
    expect(desk.locator('#now [aria-current="step"]')).to_have_text("Hidden vote", timeout=PATIENCE)


def vote(phone: Page, *values: int) -> None:
    for place, value in enumerate(values, start=1):
        if len(values) > 1:
            expect(phone.locator(".wb-kicker")).to_contain_text(f"Question {place} ", timeout=PATIENCE)
        phone.locator(f'.wb-scale input[value="{value}"]').check(force=True)
        phone.locator(".wb-vote .wb-go").click()
    expect(phone.locator("h1")).to_have_text("Your votes are in", timeout=PATIENCE)


def note(phone: Page, text: str) -> None:
    phone.fill("textarea[name=text]", text)
    phone.locator(".wb-vote .wb-go").click()
    expect(phone.locator(".wb-notes")).to_contain_text(text, timeout=PATIENCE)


def reveal(desk: Page) -> None:
    desk.locator("#now").get_by_role("button", name="Reveal").click()
    expect(desk.locator('#now [aria-current="step"]')).to_have_text("Revealed", timeout=PATIENCE)


def test_a_vote_from_phone_to_screen(hall, watched_page):
    desk, desk_log = opened_desk(hall, watched_page)
    screen, screen_log = opened_desk(hall, watched_page)
    screen.goto(f"{hall.address}/screen")
    phones = [joined(hall, watched_page, name, dark=name == "Bob") for name in ("Ada", "Bob")]
    ask(desk, "needs", "See every contact")
    for (phone, _log), value in zip(phones, (3, 8), strict=True):
        vote(phone, value, 4)
    expect(screen.locator("[data-status]")).to_have_text("2 of 2 have answered")
    assert not screen.locator("figure").count()
    reveal(desk)
    for page in (phones[0][0], screen, desk):
        expect(page.locator(".wb-drawing svg").first).to_be_visible(timeout=20_000)
    for page, log in (*phones, (screen, screen_log), (desk, desk_log)):
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        log.assert_clean()


def test_the_vote_works_without_scripts(hall, watched_page):
    desk, _log = opened_desk(hall, watched_page)
    phone, log = joined(hall, watched_page, "No Script", java_script_enabled=False)
    ask(desk, "needs", "Keep consent")
    phone.goto(f"{hall.address}/room")
    vote(phone, 7, 2)
    reveal(desk)
    phone.goto(f"{hall.address}/room")
    assert "highest median" in phone.locator("figure h3").first.inner_text()
    log.assert_clean()


def test_a_vote_sent_while_the_server_is_away_arrives_by_itself(hall, watched_page):
    desk, _log = opened_desk(hall, watched_page)
    phone, _log = joined(hall, watched_page, "Tunnel")
    ask(desk, "confidence", "See every contact")
    expect(phone.locator(".wb-scale")).to_be_visible()
    phone.context.set_offline(True)
    phone.locator('.wb-scale input[value="4"]').check(force=True)
    phone.locator(".wb-vote .wb-go").click()
    expect(phone.locator(".wb-saved")).to_contain_text("Not sent yet")
    phone.context.set_offline(False)
    expect(phone.locator("h1")).to_have_text("Your votes are in", timeout=15_000)
    poll = next(reversed(going(hall).polls.values()))
    assert [v.value for v in poll.votes.values()] == [4]


def going(hall: Hall):
    found = Workshop.of(hall.workspace, "adaptive-test")
    assert found is not None
    return found.room


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_accessible_in_both_languages_and_themes(hall, watched_page, language, dark):
    desk, log = opened_desk(hall, watched_page, dark=dark)
    desk.goto(f"{hall.address}/desk?language={language}")
    phone, phone_log = watched_page(390, dark=dark)
    for path in ("/", "/resume", "/desk/key"):
        phone.goto(f"{hall.address}{path}?language={language}")
        assert barriers(phone) == []
    phone.goto(f"{hall.address}/?code={hall.code}")
    phone.fill("#name", f"{language} {dark}")
    phone.click("main form button[type=submit]")
    asked = {"pairs": ["size", "fit"], "estimates": ["email-curve"], "dots": ["one-view", "email"], "positioning": []}
    for exercise, items in asked.items():
        poster = hall.facilitator()
        chosen = items or [o.id for o in _advantages(hall)]
        hall.asked(poster, exercise, chosen)
        phone.goto(f"{hall.address}/room")
        assert barriers(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.reload()
    assert barriers(desk) == []
    log.assert_clean()
    phone_log.assert_clean()


def _advantages(hall: Hall):
    return hall.workspace.log.plan("adaptive-test")[0].advantages


@pytest.mark.slow
def test_half_a_day_compressed(tmp_path, watched_page):
    """Collect, cluster, score, reveal, vote again, adopt, minutes; then the dashboard shows "team, n = 12"."""
    workspace = Workspace.create(tmp_path / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    hall = start(workspace)
    try:
        desk, log = opened_desk(hall, watched_page)
        phones = [joined(hall, watched_page, f"Person {i}")[0] for i in range(12)]
        desk.select_option("#programme", "half-day")
        desk.get_by_role("button", name="Lay it out").click()
        desk.locator(".wb-agenda li").first.get_by_role("button", name="Start").click()

        ask(desk, "notes", title="What holds them up?")
        for i, phone in enumerate(phones):
            expect(phone.locator("textarea[name=text]")).to_be_visible(timeout=PATIENCE)
            note(phone, f"Forms to fill in, number {i}")
        reveal(desk)
        for box in desk.locator('#now input[name="note"]').all():
            box.check()
        desk.fill("#heap-name", NEED)
        desk.get_by_role("button", name="Lay them there").click()
        expect(desk.locator("#now")).to_contain_text(f"Notes of 12 people: “{NEED}”", timeout=PATIENCE)
        desk.get_by_role("button", name="Adopt").click()
        expect(desk.locator("#now")).to_contain_text("in the plan", timeout=PATIENCE)

        desk.reload()
        ask(desk, "needs", NEED)
        for i, phone in enumerate(phones):
            vote(phone, 3 if i < 5 else 8, 4)
        reveal(desk)
        expect(desk.locator("#now")).to_contain_text("Two camps on", timeout=PATIENCE)
        expect(phones[0].locator("figure").first).to_contain_text("Two camps on", timeout=PATIENCE)
        desk.get_by_role("button", name="Open another round").click()
        for phone in phones:
            expect(phone.locator(".wb-kicker")).to_contain_text("round 2", timeout=PATIENCE)
            vote(phone, 8, 3)
        reveal(desk)
        expect(desk.locator("#now")).to_contain_text("accept", timeout=PATIENCE)
        desk.get_by_role("button", name="Adopt").click()
        expect(desk.locator("#now")).to_contain_text("in the plan", timeout=PATIENCE)

        desk.fill("#choice", "Paperwork comes first")
        desk.fill("#owner", "Person 1")
        desk.get_by_role("button", name="Write it down").click()
        expect(desk.locator("#decisions figure")).to_contain_text("Paperwork comes first", timeout=PATIENCE)
        log.assert_clean()
    finally:
        stop(hall)

    plan = workspace.log.plan("adaptive-test")[0]
    need = next(need for need in plan.needs if need.name == NEED)
    assert (need.importance, need.satisfaction) == (8, 3)
    assert exhibits.workshop_summary(Case(plan, workspace, plan_id="adaptive-test")).finding.startswith(
        "12 people took one decision"
    )

    page = minutes(workspace, "adaptive-test", "en", "html").decode()
    assert "Paperwork comes first" in page
    assert "12 people took one decision" in page
    pages = serve(workspace)
    try:
        for language, words in (("en", "Rank"), ("it", "Posizione")):
            require_on_the_dashboard(pages, watched_page, language, words)
    finally:
        end(pages)


def require_on_the_dashboard(pages: Server, watched_page: Callable, language: str, rank: str) -> None:
    """Require that a stakeholder finds the need on the dashboard: in the table, and with who judged it."""
    page, log = watched_page(1440)
    page.goto(f"{pages.address}/?token={pages.token}")
    page.goto(f"{pages.address}/voila/render/dashboard.ipynb?plan=adaptive-test&language={language}")
    expect(page.locator("html[data-live]")).to_be_attached(timeout=90_000)
    needs = page.get_by_role("figure").filter(has=page.get_by_text("team, n = 12", exact=True))
    expect(needs.get_by_text("team, n = 12", exact=True)).to_be_visible(timeout=30_000)
    needs.locator(".wb-table-button").click()
    expect(needs.get_by_role("columnheader", name=rank)).to_be_visible()
    row = needs.get_by_role("row").filter(has=page.get_by_role("cell", name=NEED))
    expect(row).to_be_visible()
    # Importance 8, satisfaction 3, of twelve people: opportunity 8 + (8 - 3).
    expect(row.get_by_role("cell").nth(2)).to_have_text("13.0" if language == "en" else "13,0")
    expect(row.get_by_role("cell").last).to_have_text("12")
    log.assert_clean()
