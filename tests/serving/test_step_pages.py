"""The step pages as a person meets them: in a real browser, on a real server, with real kernels."""

import itertools
import statistics

import pytest
from axe_playwright_python.sync_playwright import Axe
from serving.serving_process import start, stop

from workbook.language import LANGUAGES
from workbook.pages import made_workspace
from workbook.steps import STEPS

pytestmark = [pytest.mark.browser, pytest.mark.network]

DRAWN = ".wb-exhibit[data-drawn]"
LIVE = "html[data-live]"
WIDTHS = (390, 820, 1440)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    running = start(made_workspace(tmp_path_factory.mktemp("pages") / "team", samples=True))
    yield running
    stop(running)


def opened(watched_page, pages, step, language="en", width=1440, **options):
    page, log = watched_page(width, **options)
    page.goto(f"{pages.address}/?token={pages.token}")
    page.goto(f"{pages.address}/voila/render/{step}.ipynb?plan=adaptive-test&language={language}")
    page.wait_for_selector(LIVE, state="attached", timeout=60_000)
    page.wait_for_function(
        f"() => [...document.querySelectorAll('.wb-exhibit')].every((e) => e.matches('{DRAWN}'))", timeout=60_000
    )
    return page, log


def exhibit(page, name):
    return page.locator(f'.wb-exhibit[data-name="{name}"]')


def test_the_budget_is_changed_from_the_keyboard_and_is_there_after_a_reload(watched_page, pages):
    page, log = opened(watched_page, pages, "08_channels")
    total = page.get_by_label("Total", exact=True)
    assert total.input_value() == "120,000"
    split = exhibit(page, "budget_split")
    split.get_by_role("button", name="Table").press("Enter")
    before = split.locator("table").inner_text()
    chart = split.locator(".wb-drawing").inner_html()
    revision = page.locator(".wb-status").inner_text()

    total.press("ArrowUp")
    page.wait_for_function(
        "(seen) => document.querySelector('.wb-status').textContent.trim() !== seen", arg=revision.strip()
    )
    page.wait_for_function("() => document.activeElement.value === '121,000'")
    assert page.locator(".wb-status").inner_text() != revision
    page.wait_for_function(
        "(seen) => document.querySelector('[data-name=budget_split] table').innerText !== seen", arg=before
    )
    page.wait_for_function(
        "(seen) => document.querySelector('[data-name=budget_split] .wb-drawing').innerHTML !== seen", arg=chart
    )

    total.fill("")
    total.press_sequentially("90000")
    total.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-name=budget_split] table').innerText.includes('€')")
    page.wait_for_timeout(1500)
    page.reload()
    page.wait_for_selector(LIVE, state="attached", timeout=60_000)
    page.get_by_label("Total", exact=True).wait_for()
    assert page.get_by_label("Total", exact=True).input_value() == "90,000"
    assert pages.workspace.log.plan("adaptive-test")[0].budget.total == 90_000
    log.assert_clean()


def test_a_refused_entry_says_why_beside_its_field_and_nothing_is_lost(watched_page, pages):
    page, log = opened(watched_page, pages, "08_channels")
    before = pages.workspace.log.head("adaptive-test")
    reserve = page.get_by_label("Reserve for tests")
    reserve.fill("lots")
    reserve.press("Enter")
    page.get_by_text("Enter a number, such as 1,234.5.").wait_for()
    assert reserve.input_value() == "lots"
    assert reserve.get_attribute("aria-invalid") == "true"
    assert pages.workspace.log.head("adaptive-test") == before
    log.assert_clean()


def test_a_segment_is_added_named_and_removed_by_keyboard(watched_page, pages):
    page, log = opened(watched_page, pages, "01_personas")
    page.get_by_role("button", name="Add a segment").press("Enter")
    name = page.locator(".wb-card.wb-open").get_by_label("Name", exact=True).last
    name.wait_for()
    page.wait_for_function("() => document.activeElement.matches('input')")
    page.keyboard.type("Public <b>bodies</b>")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Public <b>bodies</b>").first.wait_for()
    assert "Public <b>bodies</b>" in [s.name for s in pages.workspace.log.plan("adaptive-test")[0].segments]
    page.get_by_role("button", name="Remove", exact=False).last.press("Enter")
    page.get_by_role("button", name="Yes, remove").press("Enter")
    page.wait_for_function("() => !document.body.innerText.includes('bodies')")
    assert len(pages.workspace.log.plan("adaptive-test")[0].segments) == 4
    log.assert_clean()


# Pairwise in the quick run: each page in both languages, the widths and themes taken in turn.
ALL = list(itertools.product([s.key for s in STEPS] + ["dashboard", "report"], LANGUAGES, WIDTHS, (False, True)))
QUICK = [
    (step, language, WIDTHS[(i + j) % 3], bool((i + j) % 2))
    for i, step in enumerate([s.key for s in STEPS] + ["dashboard", "report"])
    for j, language in enumerate(LANGUAGES)
]


def look_over(watched_page, pages, step, language, width, dark):
    page, log = opened(
        watched_page, pages, step, language, width, dark=dark, locale={"en": "en-GB", "it": "it-IT"}[language]
    )
    assert page.locator("html").get_attribute("lang") == language
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []
    log.assert_clean()


@pytest.mark.parametrize(("step", "language", "width", "dark"), QUICK)
def test_each_page_is_drawn_clean_and_usable(watched_page, pages, step, language, width, dark):
    look_over(watched_page, pages, step, language, width, dark)


@pytest.mark.slow
@pytest.mark.parametrize(("step", "language", "width", "dark"), [one for one in ALL if one not in QUICK])
def test_each_page_is_drawn_clean_and_usable_at_every_width_in_every_theme(
    watched_page, pages, step, language, width, dark
):
    look_over(watched_page, pages, step, language, width, dark)


def test_from_key_press_to_redraw_is_short(watched_page, pages, capsys):
    page, log = opened(watched_page, pages, "08_channels")
    total = page.get_by_label("Total", exact=True)
    total.focus()
    times = page.evaluate(
        """async () => {
          const times = [], field = document.activeElement;
          const card = document.querySelector('[data-name=budget_split]');
          for (let i = 0; i < 25; i++) {
            const seen = card.dataset.drawn, start = performance.now();
            field.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }));
            while (card.dataset.drawn === seen) await new Promise(requestAnimationFrame);
            times.push(performance.now() - start);
            await new Promise((done) => setTimeout(done, 150));
          }
          return times.slice(5).sort((a, b) => a - b);
        }"""
    )
    p95 = times[int(0.95 * len(times))]
    with capsys.disabled():
        print(f"\nkey press to redraw: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms")
    assert p95 < 1000
    log.assert_clean()
