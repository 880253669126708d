"""A page's notebook runs at once in its kernel; one with widgets that are not ours is left to Voila's own script."""

import nbformat
import pytest
from serving.serving_process import end, start, stop, until, visitor

from workbook.pages import PageParameters, made_workspace, page_file, read_page, with_parameters
from workbook.serving.runs import code_cells, has_only_ours
from workbook.steps import PAGES

BROKEN, FOREIGN, SOUND = "00_charter", "01_personas", "02_market_research"


def notebook(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_all_that_ships_shows_only_what_is_ours(page):
    assert has_only_ours(with_parameters(read_page(page_file(page.key)), PageParameters()))


@pytest.mark.parametrize(
    "source",
    [
        "import ipywidgets",
        "from workbook import exhibits",
        "x = ipywidgets.IntSlider()",
        "_ = display(1)",
        "1 + 1",
        "step",
        "display(step)",
        "for x in (1, 2): step.show(x)",
        "%matplotlib inline",
        "step.show(",
    ],
)
def test_anything_else_may_show_other_widgets(source):
    assert not has_only_ours(notebook("import workbook as wb", source))


def test_cells_are_numbered_as_they_stand_on_the_page():
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("x"), *notebook("a = 1", " \n", "step.decide()").cells]
    )
    assert code_cells(page) == [(2, "a = 1"), (4, "step.decide()")]


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    workspace = made_workspace(tmp_path_factory.mktemp("runs") / "team", samples=True)
    for key, source in (
        (BROKEN, "step.show(wb.exhibits.no_such_thing)"),
        (FOREIGN, "import ipywidgets\nipywidgets.Button(description='Of the team')"),
    ):
        file = workspace.folder / "notebooks" / f"{key}.ipynb"
        page = nbformat.read(file, as_version=4)
        place = next(i for i, cell in enumerate(page.cells) if "exhibit" in cell.metadata.get("tags", ()))
        page.cells.insert(place, nbformat.v4.new_code_cell(source, metadata={"tags": ["exhibit"]}))
        nbformat.write(page, file)
    running = start(workspace)
    yield running
    stop(running)


def opened(watched_page, team, key: str):
    page, log = watched_page(1440)
    page.goto(f"{team.address}/?token={team.token}")
    page.goto(f"{team.address}/voila/render/{key}.ipynb?plan=adaptive-test")
    return page, log


@pytest.mark.browser
@pytest.mark.network
def test_a_cell_that_fails_says_so_in_its_place_and_the_rest_is_live(team, watched_page):
    page, log = opened(watched_page, team, BROKEN)
    page.wait_for_selector("html[data-live]", state="attached", timeout=60_000)
    assert page.locator(".wb-cell-exhibit .wb-failed-part").count() == 1
    assert "server's messages" in page.locator(".wb-failed-part").inner_text()
    assert page.locator(".wb-exhibit[data-drawn]").count() >= 1
    assert page.get_by_text("no_such_thing").count() == 0
    log.assert_clean()


@pytest.mark.browser
@pytest.mark.network
def test_a_notebook_with_a_widget_of_the_teams_own_shows_it_beside_ours(team, watched_page):
    page, log = opened(watched_page, team, FOREIGN)
    page.get_by_role("button", name="Of the team").wait_for(timeout=60_000)
    page.locator(".wb-output .wb-exhibit[data-drawn]").last.wait_for(timeout=60_000)
    log.assert_clean()


@pytest.mark.network
def test_a_page_that_is_left_at_once_leaves_no_kernel_even_where_it_waits_for_its_turn(team):
    visitors = [visitor(team) for _ in range(6)]
    kernels = [one.kernel_of(one.ask(f"/voila/render/{SOUND}.ipynb?plan=adaptive-test")) for one in visitors]
    assert [end(one, kernel) for one, kernel in zip(visitors, kernels, strict=True)] == [204] * 6
    assert until(lambda: not team.kernels), team.kernels
