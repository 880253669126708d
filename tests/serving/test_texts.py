"""Long names, right-to-left, Chinese and emoji on a served page: there, whole, and not wider than the screen."""

import pytest
from serving.serving_process import start, stop
from test_texts import TEXTS

from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.network]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("texts") / "team")
    needs = {
        f"n{i}": {"name": text[:300], "importance": 8, "satisfaction": 3 + i} for i, text in enumerate(TEXTS.values())
    }
    data = {"charter": {"title": TEXTS["long"][:200], "goal": "".join(TEXTS.values())}, "needs": needs}
    workspace.log.create("words", Plan.model_validate(data), author="Ann")
    running = start(workspace)
    yield running
    stop(running)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_page_of_needs_holds_them_all_and_fits(watched_page, pages, width):
    page, log = watched_page(width)
    page.goto(f"{pages.address}/?token={pages.token}")
    page.goto(f"{pages.address}/voila/render/02_market_research.ipynb?plan=words&language=it")
    page.wait_for_selector(".wb-exhibit[data-drawn] svg", timeout=60_000)
    shown = page.locator("main").inner_text()
    for text in TEXTS.values():
        assert text[:60].strip() in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("main b").filter(has_text="Brot").count() == 0
    log.assert_clean()
