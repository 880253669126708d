"""Step 3 in exhibits: what the sample says, and what an empty or half-empty plan is told."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.forms.cards import form_content
from workbook.forms.live import LivePlan
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
    assert "ahead of every rival on “Time from idea to live test”" in canvas.finding
    assert set(canvas.chart.to_dict()) >= {"layer"}
    # Every rival has a name and a colour of its own; ours comes first.
    colour = canvas.chart.to_dict()["layer"][-1]["encoding"]["color"]
    assert colour["scale"]["domain"] == ["We", *[rival.name for rival in case.plan.rivals]]
    assert len(set(colour["scale"]["range"])) == len(colour["scale"]["domain"])
    prices = exhibits.price_map(case)
    assert "€9,600 to €41,000" in prices.finding
    # A tier at 2,000 a month stands beside rivals' prices a year.
    assert prices.table.loc[prices.table["own"], "price"].tolist() == [24_000]
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
    canvas = exhibits.strategy_canvas(case)
    assert canvas.finding == "No rival is scored on these factors yet, so there is no gap to own or to close."
    assert canvas.table["gap"].isna().all()
    assert [tag.kind for tag in canvas.tags] == ["assumed"]
    assert exhibits.price_map(case).empty
    assert "€18" in exhibits.market_size(case).finding


def test_counts_far_apart_say_so(workspace):
    whole = {"value": 10, "served": 1, "won": 1}
    data = {"sizes": {"a": {"customers": 100, **whole}, "b": {"customers": 300, **whole}}}
    assert "far apart" in exhibits.market_size(of(data, workspace)).finding


def test_every_factor_of_a_count_has_its_source_and_the_one_that_parts_the_counts_is_named(workspace):
    source = {"e": {"name": "Says", "source": "Register", "grade": "C", "n": 40}}
    down = {"way": "top-down", "customers": 100, "customers_evidence": source, "value": 10}
    up = {"way": "bottom-up", "customers": 90, "value": 30}
    shown = exhibits.market_factors(of({"sizes": {"d": {"name": "D", **down}, "u": {"name": "U", **up}}}, workspace))
    assert shown.finding == (
        "Top-down and bottom-up differ most in “Value of a customer”: €10 against €30. 3 factors have no source yet."
    )
    assert list(shown.table["source"]) == ["Register", *["no source yet"] * 3]
    assert list(shown.table["grade"]) == ["C", "D", "D", "D"]
    assert exhibits.market_factors(of({}, workspace)).empty


def test_the_target_segments_are_counted_as_a_bottom_up_size_of_grade_d(tmp_path):
    own = Workspace.create(tmp_path / "own")
    segments = {
        "a": {"name": "A", "targeting": "target", "customers": 100, "category_spend": 30},
        "b": {"name": "B", "targeting": "target", "customers": 300, "category_spend": 10},
        "c": {"name": "C", "targeting": "excluded", "customers": 900, "category_spend": 10},
    }
    own.log.create("p", Plan.model_validate({"segments": segments}), author="test")
    live = LivePlan(own, "p")
    live.take(exhibits.market_size(Case(live.plan, own)).proposals)
    (size,) = live.plan.sizes
    assert (size.customers, size.value, size.way.value) == (400, 15, "bottom-up")
    assert live.plan.item("market-size").grade.value == "D"
    fields = form_content(live.plan, "sizes", live.form, live.around)["cards"][0]["fields"]
    told = next(field for field in fields if field["path"].endswith("/customers"))["evidence"]
    assert told == {"kind": "assumed", "text": "worked out from judgement, grade D"}
    assert exhibits.market_size(Case(live.plan, own)).proposals == ()
    own.log.close()


def test_a_move_says_from_where_to_where(workspace):
    data = {
        "factors": {"f": {"name": "Fast"}},
        "standing": {"scores": {"f": 5}},
        "actions": {
            "a": {"name": "Go", "move": "raise", "factor": "f", "score": 9},
            "b": {"move": "create", "score": 8},
        },
    }
    lines = {
        label: lines for card in exhibits.competitive_moves(of(data, workspace)).cards for label, lines in card.facts
    }
    assert lines["Go"] == ("Fast, from 5 to 9 of 10",)
    assert lines["b"] == ("aim: 8 of 10",)
