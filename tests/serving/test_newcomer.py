"""Somebody who never saw the workbook opens the dashboard: finds four answers, tries a budget, follows money to a survey."""

import pytest
from barriers import barriers
from serving.serving_process import start, stop

from workbook.language import LANGUAGES
from workbook.pages import made_workspace

pytestmark = [pytest.mark.browser, pytest.mark.network]

QUESTIONS = {
    "en": (
        ("Are we on course?", "Just as planned"),
        ("Where does money leak?", "Leads: €2,905"),
        ("What changed, and what is stale?", "Nothing since it was stored"),
        ("Which decision is needed, and from whom?", "Settle"),
    ),
    "it": (
        ("Siamo sulla rotta giusta?", "Proprio come previsto"),
        ("Dove si perde denaro?", "Leads: 2.905"),
        ("Che cosa è cambiato, e che cosa è superato?", "Nulla da quando è stato salvato"),
        ("Quale decisione serve, e da chi?", "Risolvere"),
    ),
}
BUDGET = {"en": "Budget", "it": "Budget"}


@pytest.fixture(scope="module")
def viewed(tmp_path_factory):
    running = start(made_workspace(tmp_path_factory.mktemp("newcomer") / "team", samples=True), {"read_only": True})
    yield running
    stop(running)


def opened(watched_page, viewed, language="en", width=1440, scenario="", **options):
    page, log = watched_page(width, **options)
    page.goto(f"{viewed.address}/?token={viewed.token}")
    asked = f"plan=adaptive-test&language={language}" + (f"&scenario={scenario}" if scenario else "")
    page.goto(f"{viewed.address}/voila/render/dashboard.ipynb?{asked}")
    page.wait_for_selector("html[data-live]", state="attached", timeout=60_000)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.wb-exhibit')].every((e) => e.matches('[data-drawn]'))", timeout=60_000
    )
    return page, log


def read(page, language):
    """Find each question by its heading, and the answer in the card under it."""
    for question, answer in QUESTIONS[language]:
        heading = page.get_by_role("heading", name=question, level=4)
        card = page.locator("section").filter(has=heading).last
        assert answer in card.inner_text(), (question, card.inner_text())


def tried(page, name):
    """Move a slider by keyboard; the outcome says so, and the flow of money is drawn anew."""
    slider = page.get_by_role("slider", name=name)
    outcome = page.locator('[data-name="what_if_outcome"] .wb-finding')
    before = outcome.inner_text()
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
    page.wait_for_function(
        "(seen) => document.querySelector('[data-name=what_if_outcome] .wb-finding').innerText !== seen", arg=before
    )
    assert slider.get_attribute("aria-valuetext")


def drilled(page):
    """Open channel, campaign and need with Enter alone, down to the survey."""
    for name in ("LinkedIn ads", "Test without waiting", "Test campaign pages without waiting for IT"):
        summary = page.locator('[data-name="outcome_paths"] summary').filter(has_text=name).first
        summary.focus()
        page.keyboard.press("Enter")
    page.get_by_text("Needs survey among marketing teams").first.wait_for(state="visible")


def walk(page, language):
    read(page, language)
    tried(page, BUDGET[language])
    drilled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    assert barriers(page) == []


def test_a_newcomer_finds_the_answers_tries_a_budget_and_reaches_the_survey(watched_page, viewed):
    before = viewed.workspace.log.head("adaptive-test")
    page, log = opened(watched_page, viewed, width=390)
    walk(page, "en")
    assert viewed.workspace.log.head("adaptive-test") == before
    log.assert_clean()


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 820, 1440])
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_every_width_in_every_language_and_theme(watched_page, viewed, language, width, dark):
    page, log = opened(watched_page, viewed, language, width, dark=dark)
    walk(page, language)
    log.assert_clean()


@pytest.mark.slow
def test_a_newcomer_tries_out_a_price_by_keyboard_and_nothing_is_written(watched_page, viewed):
    before = viewed.workspace.log.head("adaptive-test")
    page, log = opened(watched_page, viewed, width=820, scenario="paid")
    tried(page, "Price of “Adaptive tests as an add-on”")
    page.get_by_text("By the answers on price").wait_for()
    assert barriers(page) == []
    assert viewed.workspace.log.head("adaptive-test") == before
    log.assert_clean()
