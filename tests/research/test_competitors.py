"""The strategy canvas and the size of a market, by hand and at the edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.plan.model import Plan
from workbook.research.competitors import excess_share_of_voice, market_sizes, strategy_canvas


def plan(ours, *theirs, weights=(1, 3)):
    factors = {f"f{i}": {"name": f"F{i}", "weight": weight} for i, weight in enumerate(weights)}
    rivals = {f"r{i}": {"name": f"R{i}", "scores": scores} for i, scores in enumerate(theirs)}
    return Plan.model_validate({"factors": factors, "rivals": rivals, "standing": {"scores": ours}})


def test_gaps_are_to_the_best_rival_and_divergence_to_their_mean():
    canvas = strategy_canvas(plan({"f0": 6, "f1": 9}, {"f0": 8, "f1": 4}, {"f0": 4, "f1": 5}))
    table = canvas.table.set_index("id")
    assert list(canvas.table["id"]) == ["f1", "f0"]  # the heaviest first
    assert (table.loc["f1", "gap"], table.loc["f1", "best_rival"]) == (4, "R1")
    assert table.loc["f0", "gap"] == -2
    assert canvas.divergence == pytest.approx((abs(6 - 6) + abs(9 - 4.5)) / 2 / 10)


def test_without_a_rival_there_is_no_gap_and_no_divergence():
    canvas = strategy_canvas(plan({"f0": 6}))
    assert canvas.table["gap"].isna().all()
    assert canvas.divergence is None


def test_an_unscored_factor_says_nothing():
    canvas = strategy_canvas(plan({"f0": 6}, {"f0": 5}))
    assert canvas.divergence == pytest.approx(0.1)
    assert set(canvas.scores["id"]) == {"f0"}


@given(st.integers(1, 10**6), st.floats(1, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_each_step_of_the_market_lies_within_the_one_before(customers, value, served, won):
    data = {"sizes": {"m": {"customers": customers, "value": value, "served": served, "won": won}}}
    row = market_sizes(Plan.model_validate(data)).iloc[0]
    assert row["tam"] == pytest.approx(customers * value)
    assert row["som"] <= row["sam"] <= row["tam"]


def test_a_size_is_as_good_as_its_worst_factor():
    def grade(**evidence):
        data = {"customers": 10, "value": 5} | evidence
        return market_sizes(Plan.model_validate({"sizes": {"m": data}})).iloc[0]["grade"]

    a, c = {"a": {"name": "A", "grade": "A"}}, {"c": {"name": "C", "grade": "C"}}
    assert grade() == "D"
    assert grade(customers_evidence=a) == "D"
    assert grade(customers_evidence=a, value_evidence=c) == "C"
    assert grade(customers_evidence=a, value_evidence=c | {"b": {"name": "B", "grade": "B"}}) == "B"


def test_a_size_with_a_factor_missing_is_missing_from_there_on():
    row = market_sizes(Plan.model_validate({"sizes": {"m": {"customers": 10, "value": 5}}})).iloc[0]
    assert row["tam"] == 50
    assert row[["sam", "som"]].isna().all()


def test_excess_share_of_voice_needs_both():
    assert excess_share_of_voice(0.1, 0.06) == pytest.approx(0.04)
    assert excess_share_of_voice(None, 0.06) is None
