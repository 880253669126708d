import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.channels.screening import screening
from workbook.errors import AnalysisError

TACTICS = [f"tactic {i}" for i in range(12)]
SCORES = pd.DataFrame({"reach": range(12, 0, -1), "fit": range(12, 0, -1)}, index=TACTICS, dtype=float)
WEIGHTS = {"reach": 2, "fit": 1}


def test_rings_hold_the_first_three_the_next_six_and_the_rest():
    table = screening(SCORES, WEIGHTS).table
    assert table["ring"].tolist() == ["inner"] * 3 + ["middle"] * 6 + ["outer"] * 3
    assert table["option"].tolist() == TACTICS


def test_ice_stands_beside_the_rank_and_does_not_move_it():
    judged = pd.DataFrame({"impact": [2, 10], "confidence": [5, 10], "ease": [5, 10]}, index=["tactic 1", "tactic 11"])
    table = screening(SCORES, WEIGHTS, judgements=judged).table.set_index("option")
    assert table["ice"].dropna().to_dict() == pytest.approx({"tactic 1": 0.5, "tactic 11": 10})
    assert table.loc["tactic 11", "rank"] == 12


def test_tactics_of_equal_rank_share_a_ring():
    even = pd.DataFrame({"reach": [5.0] * 5}, index=TACTICS[:5])
    got = screening(even, {"reach": 1})
    assert set(got.table["ring"]) == {"inner"}
    assert got.indifferent == ("reach",)


def test_a_tactic_without_scores_is_a_long_shot():
    scores = SCORES.iloc[:3].copy()
    scores.loc["tactic 0"] = np.nan
    table = screening(scores, WEIGHTS).table.set_index("option")
    assert table.loc["tactic 0", "ring"] == "outer"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12))
def test_every_tactic_is_in_one_ring_and_none_lies_within_a_worse_one(inner, middle):
    ring = screening(SCORES, WEIGHTS, inner=inner, middle=middle, draws=2).table["ring"]
    order = ring.map({"inner": 0, "middle": 1, "outer": 2})
    assert order.is_monotonic_increasing
    assert (order == 0).sum() == inner


def test_judgements_that_do_not_fit_are_refused():
    judged = pd.DataFrame({"impact": [5], "confidence": [5], "ease": [5]}, index=["tactc 1"])
    with pytest.raises(AnalysisError, match="judged but not scored"):
        screening(SCORES, WEIGHTS, judgements=judged)
    with pytest.raises(AnalysisError, match='no column "ease"'):
        screening(SCORES, WEIGHTS, judgements=judged.drop(columns="ease"))
    with pytest.raises(AnalysisError, match='"impact" is 0'):
        screening(SCORES, WEIGHTS, judgements=judged.assign(impact=0).rename({"tactc 1": "tactic 1"}))
    with pytest.raises(AnalysisError, match="ring of -1"):
        screening(SCORES, WEIGHTS, inner=-1)
