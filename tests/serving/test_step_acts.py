"""What people do on the step pages, mostly from the keyboard: in a real browser, on a real server, with real kernels."""

import statistics

import pytest
from serving.step_pages import HOME, LIVE, live, opened

from workbook.steps import STEPS

pytestmark = [pytest.mark.browser, pytest.mark.network]


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
        "(seen) => document.querySelector('[data-name=budget_split] table')?.innerText !== seen", arg=before
    )
    page.wait_for_function(
        "(seen) => document.querySelector('[data-name=budget_split] .wb-drawing').innerHTML !== seen", arg=chart
    )

    total.fill("")
    total.press_sequentially("90000")
    total.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-name=budget_split] table')?.innerText.includes('€')")
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


FOCUSED = """
() => {
  const node = document.activeElement;
  const around = [node, node.closest(".wb-box, .wb-check")];
  const head = document.querySelector(".wb-cell:has(.wb-header)")?.getBoundingClientRect().bottom ?? 0;
  const box = node.getBoundingClientRect();
  return {
    href: node.getAttribute("href") ?? "",
    rel: node.getAttribute("rel") ?? "",
    folds: node.matches("summary") ? node.closest("[data-plan]").dataset.plan : "",
    name: node.textContent || node.ariaLabel || node.id,
    ring: node === document.body || around.some((one) => one && getComputedStyle(one).outlineStyle !== "none"),
    covered: !node.closest(".wb-header, .wb-skip") && box.height > 0 && box.bottom <= head,
  };
}
"""


def tab_to(page, wanted, most=500):
    """Press Tab until ``wanted`` has the focus; whatever has it on the way shows it, and nothing lies over it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["ring"], focused
        assert not focused["covered"], focused
        if wanted(focused):
            page.keyboard.press("Enter")
            return
    raise AssertionError("the keyboard does not get there")


@pytest.mark.parametrize("most", [3, pytest.param(len(STEPS), marks=pytest.mark.slow)])
def test_the_keyboard_leads_from_the_list_of_plans_through_every_step(watched_page, pages, most):
    page, log = opened(watched_page, pages, HOME)
    if page.locator("[data-plan=adaptive-test] details:not([open])").count():
        tab_to(page, lambda at: at["folds"] == "adaptive-test")
    tab_to(page, lambda at: f"{STEPS[0].key}.ipynb?plan=adaptive-test" in at["href"])
    for here in STEPS[:most]:
        page.wait_for_url(f"**/{here.key}.ipynb**")
        live(page)
        assert page.get_by_role("heading", level=1).count() == 1
        tab_to(page, lambda at: at["rel"] == "next")
    following = [*(step.key for step in STEPS), "dashboard"][most]
    page.wait_for_url(f"**/{following}.ipynb**")
    log.assert_clean()


def test_who_comes_back_is_led_to_the_part_they_were_reading(watched_page, pages):
    page, log = opened(watched_page, pages, "08_channels", width=820)
    title = page.get_by_role("heading", name="What each can still give")
    title.evaluate("node => node.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(600)
    page.goto(f"{pages.address}/?language=it")
    page.get_by_role("link", name="8 Channel selection: What each can still give").click()
    live(page)
    assert page.locator("html").get_attribute("lang") == "it"
    page.wait_for_timeout(600)
    assert 0 <= page.locator("h2", has_text="Quanto può ancora").bounding_box()["y"] < 400
    log.assert_clean()


@pytest.mark.slow
def test_a_page_left_open_keeps_its_connection(watched_page, pages):
    page, log = watched_page()
    closed = []
    page.on("websocket", lambda socket: socket.on("close", lambda gone: closed.append(gone.url)))
    page.goto(f"{pages.address}/?token={pages.token}")
    page.goto(f"{pages.address}/voila/render/00_charter.ipynb?plan=adaptive-test")
    live(page)
    page.wait_for_timeout(35_000)
    assert [url for url in closed if "/channels" in url] == []
    log.assert_clean()


def test_an_empty_step_is_filled_from_the_example_and_taken_back(watched_page, pages):
    pages.workspace.new_plan("fresh", "A fresh plan")
    page, log = opened(watched_page, pages, "01_personas", plan="fresh")
    copy = page.locator(".wb-guide").get_by_role("button", name="Copy the example")
    copy.press("Enter")
    page.get_by_role("button", name="Enterprise customers").first.wait_for()
    assert len(pages.workspace.log.plan("fresh")[0].personas) == 2
    copy.wait_for(state="hidden")
    segments = page.locator('.wb-form[data-name="segments"]')
    segments.get_by_role("button", name="Undo").press("Enter")
    segments.get_by_text("Nothing here yet.").wait_for()
    assert pages.workspace.log.plan("fresh")[0].segments == ()
    log.assert_clean()


# Beside other tests it would measure them: on its own, with the slow ones.
@pytest.mark.slow
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
