"""Steps 5 and 6 in exhibits: floors, break-even, order of ideas, dates; and what an empty plan is told."""

from datetime import date

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.checks import check
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace

NAMES = ("offer_economics", "packages", "idea_ranking", "release_timeline", "release_chain", "one_pager")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("offers"))
    yield workspace
    workspace.log.close()


def shown(name, data, workspace):
    return getattr(exhibits, name)(Case(Plan.model_validate(data), workspace))


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_plan_is_told_what_to_do(name, workspace):
    assert shown(name, {}, workspace).empty


def offer(**values):
    return {"offers": {"o": {"name": "Tests", "model": "add-on"} | values}}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"price": 2400, "unit_cost": 600, "fixed_cost": 90_000}, "pays from 50 sold"),
        ({"price": 600, "unit_cost": 600, "fixed_cost": 90_000}, "at or under what it costs"),
        ({"price": 1400, "unit_cost": 600, "fixed_cost": 1, "required_margin": 0.6}, "under the floor of €1,500"),
        ({"price": 2400}, "From which number"),
    ],
)
def test_the_finding_says_what_matters_most_of_a_price(values, says, workspace):
    assert says in shown("offer_economics", offer(**values), workspace).finding


def test_the_chart_crosses_zero_at_break_even(workspace):
    exhibit = shown("offer_economics", offer(price=2400, unit_cost=600, fixed_cost=90_000), workspace)
    spec = exhibit.chart.to_dict()
    (rows,) = [rows for rows in spec["datasets"].values() if "profit" in rows[0]]
    assert [row["profit"] for row in rows if row["breaks_even"]] == [0]
    assert rows[0]["profit"] == -90_000


def test_what_reaches_nobody_yet_is_named(workspace):
    assert "still open for Tests" in shown("packages", offer(price=1), workspace).finding


def test_releases_have_a_row_for_each_segment_and_the_chain_is_named(workspace):
    day = date(2027, 6, 1).isoformat()
    data = {
        "segments": {"s": {"name": "Shops"}, "t": {"name": "Towns"}},
        "releases": {
            "a": {"name": "First", "date": "2027-03-01", "weeks": 4},
            "b": {"name": "Second", "date": day, "weeks": 6, "depends_on": ["a"], "segments": ["s", "t"]},
            "c": {"name": "Later"},
        },
    }
    exhibit = shown("release_timeline", data, workspace)
    assert list(exhibit.table["row"]) == ["Shops: Second", "Towns: Second", "First"]
    assert exhibit.table["critical"].all()
    assert "10 weeks" in exhibit.finding
    assert "Without a date: Later" in exhibit.finding


def test_a_target_that_gets_nothing_within_the_period_is_named(workspace):
    data = {
        "charter": {"period": {"start": "2027-01", "months": 12}},
        "segments": {
            "s": {"name": "Shops", "targeting": "target"},
            "t": {"name": "Towns", "targeting": "target"},
            "u": {"name": "Users", "targeting": "excluded"},
        },
        "releases": {
            "a": {"name": "First", "date": "2027-12-31", "segments": ["s"]},
            "b": {"name": "Second", "date": "2028-01-01", "segments": ["t"]},
        },
    }
    exhibit = shown("release_timeline", data, workspace)
    assert exhibit.finding.endswith("Nothing comes within the 12 months for: Towns.")
    shades = [layer for layer in exhibit.chart.to_dict()["layer"] if layer["mark"]["type"] == "rect"]
    assert len(shades) == 1


def test_a_release_without_room_says_what_begins_with_it(workspace):
    data = {
        "releases": {"a": {"name": "First", "date": "2027-03-01"}},
        "campaigns": {"c": {"name": "Loud", "release": "a", "start": "2027-03-01"}},
    }
    assert shown("release_chain", data, workspace).finding == "“First” may not slip by a day: “Loud” begins with it."
    data["campaigns"]["c"]["start"] = "2027-03-15"
    assert "may slip by 2 weeks; then “Loud”" in shown("release_chain", data, workspace).finding
    data["campaigns"]["c"]["start"] = "2027-02-22"
    assert "“Loud” begins 1 week before “First”" in shown("release_chain", data, workspace).finding
    data["releases"]["a"]["status"] = "released"
    assert "still to come" in shown("release_chain", data, workspace).finding


def test_a_date_that_stands_on_an_undated_release_is_advice():
    data = {"releases": {"a": {"name": "A"}, "b": {"name": "B", "date": "2027-03-01", "depends_on": ["a"]}}}
    said = [point.sentence for point in check(Plan.model_validate(data)) if point.path == "/releases/b/date"]
    assert said == ["“B” has a date, “A”, which it stands on, has none. Date that one first."]


def test_ideas_that_lack_a_figure_are_counted(workspace):
    data = {"ideas": {"a": {"name": "A", "reach": 9, "impact": 1, "confidence": 1, "effort": 1}, "b": {"name": "B"}}}
    exhibit = shown("idea_ranking", data, workspace)
    assert exhibit.finding == "“A” brings most for the effort. 1 idea still lacks a figure."
