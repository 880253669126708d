"""The facilitator's console in Voila: a second process on the workshop's store, which phones follow and which follows them."""

from collections.abc import Callable, Iterator

import pytest
from barriers import barriers
from playwright.sync_api import Page, expect
from serving.serving_process import Server, until
from serving.serving_process import start as serve
from serving.serving_process import stop as end
from serving.workshop_process import Hall, start, stop

from workbook.plan.workspace import Workspace
from workbook.shipped import shipped
from workbook.workshop.log import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.network]

PATIENCE = 60_000
"""Milliseconds until a page's kernel is up, on a machine that is busy with others."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    workspace = Workspace.create(tmp_path_factory.mktemp("hall") / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    running = start(workspace)
    yield running
    stop(running)


@pytest.fixture(scope="module")
def pages(hall: Hall) -> Iterator[Server]:
    running = serve(hall.workspace)
    yield running
    end(running)


def opened(pages: Server, watched_page: Callable, width: int = 1440, language: str = "en", **options) -> tuple:
    page, log = watched_page(width, **options)
    page.goto(f"{pages.address}/?token={pages.token}")
    page.goto(f"{pages.address}/voila/render/workshop.ipynb?plan=adaptive-test&language={language}")
    expect(page.locator("html[data-live]")).to_be_attached(timeout=PATIENCE)
    return page, log


def barriers_from_the_top(page: Page) -> list[tuple[str, str]]:
    page.evaluate("scrollTo(0, 0)")  # the header that stays in sight lies over what is under it
    return barriers(page)


def votes(hall: Hall) -> list:
    room = going(hall)
    return [vote.value for vote in next(reversed(room.polls.values())).votes.values()]


def going(hall: Hall):
    found = Workshop.of(hall.workspace, "adaptive-test")
    assert found is not None
    return found.room


def test_a_workshop_is_led_from_the_console_by_keyboard(hall, pages, watched_page):
    ada, bob = hall.participant("Ada"), hall.participant("Bob")
    page, log = opened(pages, watched_page)
    console = page.locator(".wb-console")
    assert hall.code not in page.content()

    console.get_by_label("Facilitator's key").fill(hall.key)
    page.keyboard.press("Enter")
    expect(console.get_by_role("heading", name="What shall the group do?")).to_be_visible()
    expect(console).to_contain_text(hall.code)
    expect(console).to_contain_text("Open to this machine only.")
    expect(console.locator("#people")).to_contain_text("Ada")

    console.locator("summary").filter(has_text="Importance and satisfaction").focus()
    page.keyboard.press("Enter")
    box = console.locator("details[open]")
    box.get_by_label("See every contact").press("Space")
    box.get_by_role("button", name="Open it now").press("Enter")
    expect(console.locator('#now [aria-current="step"]')).to_have_text("Hidden vote")
    poll = going(hall).current
    assert poll is not None
    for visitor, value in ((ada, "2"), (bob, "9")):
        # The server looks twice a second at what the console has opened.
        assert until(lambda seat=visitor: "How important is it" in seat.ask("/room").text)
        visitor.vote(poll.id, "one-view~importance", value=value)
    ada.vote(poll.id, "one-view~satisfaction", value="4")
    expect(console.locator("[data-status]")).to_have_text("1 of 2 have answered")
    expect(console.locator("#now")).to_contain_text("Still open: Bob")
    beside = page.locator(".wb-section:has(.wb-console) .wb-cell-exhibit")
    assert not beside.locator(".wb-drawing svg").count()

    console.get_by_role("button", name="Reveal").press("Enter")
    expect(beside.locator(".wb-drawing svg").first).to_be_visible(timeout=20_000)
    expect(beside).to_contain_text("2 of 2 voted")
    assert until(lambda: "Revealed" in ada.ask("/room").text)

    decision = console.get_by_label("What was decided")
    decision.fill("Serve enterprises first")
    decision.press("Enter")
    minutes = page.locator('.wb-exhibit[data-name="decision-log"]')
    expect(minutes).to_contain_text("Serve enterprises first", timeout=20_000)
    assert barriers_from_the_top(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    log.assert_clean()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_console_is_accessible_in_both_languages_and_themes(hall, pages, watched_page, language, dark):
    page, log = opened(pages, watched_page, 390, language, dark=dark)
    assert barriers_from_the_top(page) == []
    page.locator("#console-key").fill(hall.key)
    page.keyboard.press("Enter")
    expect(page.locator("#now-head")).to_be_visible()
    assert barriers_from_the_top(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    log.assert_clean()


@pytest.mark.slow
def test_somebody_without_a_device_is_voted_for_in_the_console(hall, pages, watched_page):
    page, log = opened(pages, watched_page)
    console = page.locator(".wb-console")
    page.locator("#console-key").fill(hall.key)
    page.keyboard.press("Enter")
    console.get_by_text("Somebody without a device").click()
    console.locator("#proxy").fill("No Device")
    console.get_by_role("button", name="Add them").click()
    expect(console.locator("#people")).to_contain_text("No Device")
    hall.asked(hall.facilitator(), "confidence", ["one-view"])
    expect(console.locator('#now [aria-current="step"]')).to_have_text("Hidden vote")
    console.get_by_role("link", name="Vote for them").click()
    expect(console).to_contain_text("For No Device, who has no device.")
    console.locator('.wb-scale input[value="4"]').check(force=True)
    console.get_by_role("button", name="Send my vote").click()
    expect(console).to_contain_text("Your votes are in")
    assert votes(hall) == [4]
    console.get_by_role("link", name="Back to the desk").click()
    expect(console.locator("#now")).to_be_visible()
    log.assert_clean()
