import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.channels.screening import channel_scores, screened, screening
from workbook.errors import AnalysisError, TableError
from workbook.plan.model import Plan

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
    with pytest.raises(AnalysisError, match="ring of −1"):
        screening(SCORES, WEIGHTS, inner=-1)


# A table as a stranger brings it: three tactics, two criteria, weights 3 and 1 on one scale.
LONG = pd.DataFrame(
    [
        ("email", "reach", 4, 3),
        ("email", "cost", 2, 1),
        ("events", "reach", 8, 3),
        ("events", "cost", 9, 1),
        ("search", "reach", 7, 3),
        ("search", "cost", 6, 1),
    ],
    columns=["tactic", "criterion", "score", "weight"],
)


def test_a_table_is_ranked_by_the_weighted_mean_of_what_was_given():
    answer = screened(LONG)
    rows = answer.rows.set_index("tactic")
    assert rows["score"].to_dict() == pytest.approx({"events": 8.25, "search": 6.75, "email": 3.5})
    assert answer.figures["ranks"] == {"events": 1, "search": 2, "email": 3}
    assert rows.loc["email", "stability"] == 1, "worst on both criteria, whatever they weigh"
    assert (answer.n, answer.excluded) == (6, {})
    assert "ice" not in rows


def test_a_cost_is_turned_round_on_the_scale():
    # 3/4 x reach + 1/4 x (10 - cost): 5, 6.25 and 6.25.
    rows = screened(LONG, cost=["cost"]).rows.set_index("tactic")
    assert rows["score"].to_dict() == pytest.approx({"email": 5.0, "events": 6.25, "search": 6.25})
    assert rows["rank"].tolist() == [1, 1, 3]
    ranged = screened(LONG, cost=["cost"], scale="range").rows.set_index("tactic")
    assert ranged["score"].to_dict() == pytest.approx(
        {"events": 0.75, "search": 0.75 * 0.75 + 0.25 * 3 / 7, "email": 0.25}
    )


def test_ice_is_worked_out_where_its_three_judgements_are_criteria():
    judged = pd.DataFrame(
        [("email", name, value) for name, value in (("impact", 6), ("confidence", 8), ("ease", 9))],
        columns=["tactic", "criterion", "score"],
    )
    assert screened(judged).rows["ice"].tolist() == pytest.approx([4.32])
    shares = screened(judged.assign(score=0.5))
    assert "ice" not in shares.rows
    assert "1 to 10" in shares.warnings[0]


def test_rows_that_cannot_be_used_are_left_out_by_reason():
    odd = pd.concat(
        [
            LONG,
            pd.DataFrame(
                {"tactic": ["email", "x", None], "criterion": ["reach", "reach", "reach"], "score": [1, np.inf, 3]}
            ),
        ]
    )
    answer = screened(odd.assign(weight=3))
    assert sum(answer.excluded.values()) == 3
    assert answer.rows["tactic"].tolist() == screened(LONG.assign(weight=3)).rows["tactic"].tolist()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight": 0}, "All weights are zero"),
        ({"weight": [1, 2, 3, 4, 5, 6]}, "more than one weight"),
        ({"weight": [1, np.nan, 1, np.nan, 1, np.nan]}, "no weight, while others have one"),
        ({"weight": -1}, "a weight must be a number of 0 or more"),
        ({"score": None}, "No row has"),
    ],
)
def test_weights_and_scores_that_do_not_fit_are_refused(change, words):
    with pytest.raises(AnalysisError, match=words):
        screened(LONG.assign(**change))


def test_columns_costs_and_scales_that_do_not_fit_are_refused():
    with pytest.raises(TableError, match='no column "score"'):
        screened(LONG.drop(columns="score"))
    with pytest.raises(AnalysisError, match="marked as a cost"):
        screened(LONG, cost=["costs"])
    with pytest.raises(AnalysisError, match="outside the scale of 0 to 5"):
        screened(LONG, cost=["cost"], scale_max=5)
    with pytest.raises(AnalysisError, match="top must be over its bottom"):
        screened(LONG, cost=["cost"], scale_min=10)


@given(st.lists(st.floats(0, 10), min_size=6, max_size=6), st.floats(1e-3, 1e3))
@settings(max_examples=40, deadline=None)
def test_only_the_proportions_of_weights_matter(scores, factor):
    table = LONG.assign(score=scores)
    one, other = (screened(t, draws=20).rows for t in (table, table.assign(weight=table["weight"] * factor)))
    assert one["rank"].tolist() == other["rank"].tolist()
    assert one["score"].tolist() == pytest.approx(other["score"].tolist())


def test_criteria_read_what_the_card_of_a_channel_says():
    plan = Plan.model_validate(
        {
            "criteria": {
                "reach": {"reads": "scores"},
                "price": {"reads": "scores", "direction": "cost"},
                "data": {"reads": "reluctance"},
                "brand": {"reads": "brand-fit"},
                "often": {"reads": "frequency"},
                "soon": {"reads": "lag"},
                "journey": {"reads": "stages"},
                "whom": {"reads": "relation"},
            },
            "stages": {"notice": {}, "try": {}},
            "balance": {"existing_share": 0.25},
            "channels": {
                "post": {"scores": {"reach": 3, "price": 4}, "reluctance": 8, "brand_fit": 7, "frequency": 2, "lag": 1}
                | {"stages": ["try"], "relation": "existing"},
                "talks": {"frequency": 6, "lag": 5, "stages": ["notice", "try"], "relation": "both"},
                "ads": {"relation": "new"},
            },
        }
    )
    got = channel_scores(plan)
    assert got.loc["post"].tolist() == pytest.approx([3, 6, 2, 7, 0, 10, 5, 10 / 3])
    assert got.loc["talks", ["often", "soon", "journey", "whom"]].tolist() == [10, 0, 10, 10]
    assert got.loc["ads", "whom"] == 10
    assert got.loc["ads", ["reach", "data", "often", "journey"]].isna().all()


def test_weights_by_comparison_are_those_of_ahp_with_the_pair_to_revisit():
    # Two criteria, three to one: 3/4 and 1/4, as in LONG.
    answer = screened(LONG.drop(columns="weight"), compare=["reach/cost=3"])
    assert answer.figures["weights"] == pytest.approx({"reach": 0.75, "cost": 0.25})
    assert answer.rows["score"].tolist() == pytest.approx(screened(LONG).rows["score"].tolist())
    three = pd.concat([LONG, LONG[LONG["criterion"] == "cost"].assign(criterion="speed")]).drop(columns="weight")
    torn = screened(three, compare=["reach/cost=9", "cost/speed=9", "reach/speed=1/9"])
    assert torn.figures["consistency_ratio"] > 0.1
    assert set(torn.figures["worst_pair"]) <= {"reach", "cost", "speed"}


@pytest.mark.parametrize(
    ("compare", "words"),
    [
        ("reach>cost", "is no comparison"),
        ("reach/costs=3", "no tactic is scored on it"),
        ("reach/cost=1/0", "is no comparison"),
    ],
)
def test_comparisons_that_do_not_fit_are_refused(compare, words):
    with pytest.raises(AnalysisError, match=words):
        screened(LONG, compare=[compare])
