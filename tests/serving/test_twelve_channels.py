"""Step 8 with twelve channels, by keyboard alone: every figure on the page follows the budget, and the focus stays."""

import pytest
from channel_samples import double_channels
from serving.step_pages import opened

from workbook import exhibits
from workbook.channels.split import split
from workbook.exhibits import Case
from workbook.language import money, speaking, translated

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow]

HERE = "() => document.activeElement === document.querySelector('[data-here]')"
FINDINGS = """(wanted) => Object.entries(wanted).every(([name, finding]) =>
  document.querySelector(`[data-name=${name}] .wb-finding`)?.textContent.trim() === finding)"""

FOLLOWING = (
    "response_curves",
    "budget_split",
    "next_euro",
    "budget_frontier",
    "outcome_ranges",
    "robust_split",
    "next_test",
    "spend_by_month",
)
"""What the budget moves on the page, above the form, beside it and far below."""


@pytest.fixture(scope="module")
def twelve(pages):
    """Return the server, the sample's channels and curves being there twice."""
    double_channels(pages.workspace)
    return pages


def findings(workspace):
    """What the package says of the plan as it is stored, by exhibit."""
    case = Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")
    return {name: getattr(exhibits, name)(case).finding for name in FOLLOWING}


def tab_to_total(page, label):
    """Press Tab until the field has the focus."""
    page.get_by_label(label, exact=True).evaluate("(field) => field.setAttribute('data-here', '')")
    for _ in range(600):
        page.keyboard.press("Tab")
        if page.evaluate(HERE):
            return
    raise AssertionError("the keyboard does not get there")


@pytest.mark.parametrize(
    ("language", "width"),
    [("it", 390), ("en", 390), ("en", 1440), ("it", 1440)],
)
def test_the_keyboard_changes_the_budget_and_everything_follows(watched_page, twelve, language, width):
    page, log = opened(watched_page, twelve, "08_channels", language, width)
    budget = 100_000 + width
    with speaking(language):
        tab_to_total(page, translated("Total"))
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(str(budget))
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowUp")
        page.wait_for_function(
            "(wanted) => document.activeElement.value.replace(/[^0-9]/g, '') === wanted", arg=str(budget + 1000)
        )
        # The field shows it at once; that it is stored is what the page's figures wait for.
        for _ in range(100):
            stored = twelve.workspace.log.plan("adaptive-test")[0]
            if stored.budget.total == budget + 1000:
                break
            page.wait_for_timeout(100)
        assert stored.budget.total == budget + 1000
        page.wait_for_function(FINDINGS, arg=findings(twelve.workspace), timeout=60_000)
        assert page.evaluate(HERE)
        # The table has the spends to the euro: the package's own, for this budget.
        table = page.locator('.wb-exhibit[data-name="budget_split"]')
        table.locator(".wb-table-button").press("Enter")
        shown = table.locator("tbody tr").all_inner_texts()
        rows = split(stored).table
        assert len(rows) == 12
        for channel, spend in zip(rows["channel"], rows["spend"], strict=True):
            assert any(channel in row and money(spend, stored.charter.currency) in row for row in shown), channel
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    log.assert_clean()
