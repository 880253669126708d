"""RICE and the critical path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import AnalysisError
from workbook.plan.model import Idea, Plan, Release
from workbook.research.roadmap import critical_path, ranked_ideas, rice, standings


def test_rice_is_reach_times_impact_times_confidence_over_effort():
    assert rice(Idea(id="i", reach=500, impact=2, confidence=0.8, effort=4)) == 200
    assert rice(Idea(id="i", reach=500, impact=2, confidence=0.8, effort=0)) is None
    assert rice(Idea(id="i", reach=500, impact=2, confidence=0.8)) is None


def test_ideas_without_a_score_come_last_and_have_no_rank():
    data = {"a": {"reach": 1}, "b": {"reach": 10, "impact": 1, "confidence": 1, "effort": 1}}
    table = ranked_ideas(Plan.model_validate({"ideas": data}))
    assert list(table["id"]) == ["b", "a"]
    assert table["rank"].iloc[0] == 1
    assert table["rank"].isna().iloc[1]


def release(id, weeks, *depends_on):
    return Release(id=id, weeks=weeks, depends_on=depends_on)


def test_the_path_is_the_chain_with_the_most_weeks_not_the_most_links():
    releases = [release("a", 2), release("b", 2, "a"), release("c", 2, "b"), release("d", 9), release("e", 1, "d", "c")]
    assert [one.id for one in critical_path(releases)] == ["d", "e"]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8))
def test_a_single_chain_is_its_own_path(weeks):
    releases = [release(f"r{i}", w, *([f"r{i - 1}"] if i else [])) for i, w in enumerate(weeks)]
    assert sum(one.weeks for one in critical_path(releases)) == sum(weeks)


def test_a_circle_is_named_and_nothing_gives_no_path():
    with pytest.raises(AnalysisError, match="waits for itself"):
        critical_path([release("a", 1, "b"), release("b", 1, "a")])
    assert critical_path([]) == ()
    assert critical_path([release("a", 0)]) == ()


def test_a_release_may_slip_until_the_first_thing_that_builds_on_it_begins():
    plan = Plan.model_validate(
        {
            "releases": {
                "a": {"date": "2027-03-01"},
                "b": {"date": "2027-05-03", "weeks": 6, "depends_on": ["a"]},
                "c": {"depends_on": ["a"]},
                "gone": {"date": "2027-02-01", "status": "stopped"},
            },
            "campaigns": {"early": {"release": "a", "start": "2027-03-08"}, "undated": {"release": "b"}},
        }
    )
    a, b, c = standings(plan)
    assert (a.room, a.first.id) == (1, "early")
    assert [one.id for one in a.waiting] == ["b", "c"]
    assert (b.room, b.first, [one.id for one in b.campaigns]) == (None, None, ["undated"])
    assert (c.release.id, c.room) == ("c", None)


def test_room_is_below_0_where_work_has_begun_before():
    data = {"a": {"date": "2027-05-03"}, "b": {"date": "2027-06-07", "weeks": 10, "depends_on": ["a"]}}
    assert standings(Plan.model_validate({"releases": data}))[0].room == -5
