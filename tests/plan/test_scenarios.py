"""Scenarios: they inherit what they do not change, and are adopted without replacing anything unasked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import ParameterError, PlanError
from workbook.plan.comparison import plan_changes
from workbook.plan.model import Plan
from workbook.plan.revisions import Edit, Revision, after, conflicts, differences, folded, inverse, seen_in
from workbook.plan.scenarios import (
    adoption,
    clashes,
    opening,
    require_scenario,
    scenario_plan,
    scenarios,
)


def history(*lines):
    """Return revisions from (scenario, path, value[, base]); each has seen all before it unless a base says otherwise."""
    start = datetime(2027, 1, 1, tzinfo=UTC)
    return [
        Revision(
            "p",
            i,
            line[0],
            line[1],
            line[2],
            line[3] if len(line) > 3 else i - 1,
            "ann",
            f"op{i}",
            start + timedelta(minutes=i),
        )
        for i, line in enumerate(lines, start=1)
    ]


OPENED = ("", "/~scenarios/paid", {"title": "Paid add-on"})


def test_a_scenario_is_opened_by_name():
    log = history(OPENED)
    assert scenarios(log) == {"paid": "Paid add-on"}
    require_scenario("paid", log, "p")
    require_scenario("", log, "p")
    with pytest.raises(ParameterError, match="paid"):
        require_scenario("piad", log, "p")


@pytest.mark.parametrize("id", ["paid", "../x", "", "A b"])
def test_an_id_that_is_taken_or_no_slug_is_refused(id):
    with pytest.raises(ParameterError):
        opening(id, "Again", history(OPENED))


def test_what_a_scenario_does_not_change_follows_the_plan_however_late():
    log = history(OPENED, ("paid", "/budget/total", 9), ("", "/budget/total", 5), ("", "/budget/reserve", 2))
    paid, plan = scenario_plan(log, "paid"), scenario_plan(log, "")
    assert (paid.budget.total, paid.budget.reserve) == (9, 2)
    assert (plan.budget.total, plan.budget.reserve) == (5, 2)
    assert [d.path for d in plan_changes(plan, paid)] == ["/budget/total"]


def test_adopting_takes_over_what_the_scenario_changed_and_nothing_else():
    log = history(
        ("", "/budget/total", 5), OPENED, ("paid", "/budget/reserve", 1), ("paid", "/segments/a", {"name": "A"})
    )
    assert clashes(log, "paid") == []
    assert adoption(log, "paid") == [Edit("/budget/reserve", 1), Edit("/segments/a", {"name": "A"})]


def test_adopting_over_a_later_change_of_the_plan_asks_first():
    log = history(("", "/budget/total", 5), OPENED, ("paid", "/budget/total", 9), ("", "/budget/total", 7))
    (clash,) = clashes(log, "paid")
    assert (clash.path, clash.scenario, clash.plan) == ("/budget/total", 9, 7)
    with pytest.raises(PlanError, match="/budget/total"):
        adoption(log, "paid")
    assert adoption(log, "paid", over=["/budget/total"]) == [Edit("/budget/total", 9)]


def test_a_change_the_scenario_had_seen_is_no_clash():
    log = history(("", "/budget/total", 5), OPENED, ("", "/budget/total", 7), ("paid", "/budget/total", 9))
    assert clashes(log, "paid") == []


def test_an_item_removed_in_a_scenario_is_removed_by_adopting_it():
    log = history(("", "/segments/a", {"name": "A"}), OPENED, ("paid", "/segments/a", None))
    assert adoption(log, "paid") == [Edit("/segments/a", None)]


def test_values_nobody_saw_are_kept_until_one_who_sees_both_chooses():
    log = history(("", "/budget/total", 1), ("", "/budget/total", 2, 1), ("", "/budget/total", 3, 1))
    (conflict,) = conflicts(log)
    assert [r.value for r in conflict.revisions] == [2, 3]
    assert conflicts([*log, *history(*[OPENED] * 3, ("", "/budget/total", 2))[3:]]) == []


def test_the_same_value_twice_is_no_conflict():
    assert conflicts(history(("", "/a/b", 1), ("", "/a/b", 2, 1), ("", "/a/b", 2, 1))) == []


names = st.sampled_from(["a", "b", "c"])
leaves = st.one_of(st.integers(), st.dictionaries(names, st.integers(), max_size=2))
trees = st.dictionaries(names, st.dictionaries(names, leaves, max_size=3), max_size=3)


@given(trees, trees)
def test_the_differences_of_two_plans_make_the_one_of_the_other(before, wanted):
    made = after(before, differences(before, wanted))
    assert {k: v for k, v in made.items() if v} == {k: v for k, v in wanted.items() if v}


@given(
    trees,
    st.lists(st.tuples(st.sampled_from(["/a/b", "/a/c/a", "/b/a"]), st.one_of(st.none(), st.integers())), max_size=4),
)
def test_the_inverse_of_edits_takes_them_back(before, pairs):
    edits = [Edit(path, value) for path, value in dict(pairs).items()]
    back = after(after(before, edits), inverse(before, edits))

    def bare(data):
        return {k: b for k, v in data.items() if (b := bare(v) if isinstance(v, dict) else v) not in ({}, None)}

    if not any(isinstance(before.get(p.split("/")[1], {}).get(p.split("/")[2]), int) for p, _ in pairs):
        assert bare(back) == bare(before)


@given(
    trees,
    st.lists(st.tuples(st.sampled_from(["/a/b", "/a/c/a", "/b/a"]), st.one_of(st.none(), st.integers())), max_size=4),
)
def test_edits_leave_what_they_start_from_as_it_was(before, pairs):
    import copy

    kept = copy.deepcopy(before)
    after(before, [Edit(path, value) for path, value in pairs])
    assert before == kept


def test_folding_a_scenario_is_folding_the_plan_and_then_it():
    log = history(OPENED, ("paid", "/budget/total", 9), ("", "/budget/total", 5))
    assert folded(seen_in("paid", log)) == after(folded(seen_in("", log)), [Edit("/budget/total", 9)])
    assert isinstance(scenario_plan(log, "paid"), Plan)
