"""Step 3 in exhibits: what the sample says, and what an empty or half-empty plan is told."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

NAMES = ("strategy_canvas", "price_map", "market_size", "competitive_moves")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("rivals"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


def of(data, workspace):
    return Case(Plan.model_validate(data), workspace)


def test_the_sample_knows_its_gaps_prices_and_market(workspace):
    case = Case(workspace.log.plan("adaptive-test")[0], workspace)
    canvas = exhibits.strategy_canvas(case)
    assert "ahead of every rival on Time from idea to live test" in canvas.finding
    assert set(canvas.chart.to_dict()) >= {"layer"}
    assert "€9,600 to €41,000" in exhibits.price_map(case).finding
    market = exhibits.market_size(case)
    assert market.table["tam"].iloc[0] == 5200 * 40000
    assert len(exhibits.competitive_moves(case).cards) == 4


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_plan_is_told_what_to_do(name, workspace):
    shown = getattr(exhibits, name)(of({}, workspace))
    assert shown.empty
    assert len(shown.finding) > 40


def test_with_no_rival_the_rest_of_the_step_works(workspace):
    data = {
        "factors": {"f": {"name": "Fast"}},
        "standing": {"scores": {"f": 5}},
        "sizes": {"m": {"customers": 9, "value": 2}},
    }
    case = of(data, workspace)
    assert exhibits.strategy_canvas(case).empty
    assert exhibits.price_map(case).empty
    assert "€18" in exhibits.market_size(case).finding


def test_counts_far_apart_say_so(workspace):
    whole = {"value": 10, "served": 1, "won": 1}
    data = {"sizes": {"a": {"customers": 100, **whole}, "b": {"customers": 300, **whole}}}
    assert "far apart" in exhibits.market_size(of(data, workspace)).finding
