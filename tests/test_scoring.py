from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA
from workbook.errors import AnalysisError
from workbook.scoring import ahp, ice, ranked, scaled

approx = pytest.approx

SEGMENTS = pd.DataFrame(
    {"size": [100, 300, 200], "fit": [5, 3, 4], "cost": [10, 30, 20]},
    index=["enterprise", "small", "public"],
    dtype=float,
)


def test_scaled_scores_match_hand_calculation():
    got = scaled(SEGMENTS, costs=["cost"])
    assert got["size"].tolist() == [0, 1, 0.5]
    assert got["cost"].tolist() == [1, 0, 0.5]


def test_criterion_equal_everywhere_scores_a_half_and_missing_stays_missing():
    got = scaled(pd.DataFrame({"same": [7.0, 7.0, np.nan], "none": [np.nan] * 3}))
    assert got["same"].tolist()[:2] == [0.5, 0.5]
    assert got["same"].isna().tolist() == [False, False, True]
    assert got["none"].isna().all()


def test_scaling_bears_the_largest_numbers():
    assert scaled(pd.DataFrame({"a": [-1.7e308, 0.0, 1.7e308]}))["a"].tolist() == [0, 0.5, 1]


def test_ranking_matches_hand_calculation():
    ranking = ranked(SEGMENTS, {"size": 3, "fit": 1}, seed=1)
    # Scaled: size 0, 1, 0.5; fit 1, 0, 0.5; so 0.25, 0.75, 0.5.
    assert ranking.table["option"].tolist() == ["small", "public", "enterprise"]
    assert ranking.table["score"].tolist() == pytest.approx([0.75, 0.5, 0.25])
    assert ranking.table["rank"].tolist() == [1, 2, 3]


def test_stability_matches_the_beta_distribution_of_one_weight():
    # Small leads while the weight of size, Beta(15, 5), is over a half; public is in the middle in any case.
    from scipy.stats import beta

    ranking = ranked(SEGMENTS, {"size": 3, "fit": 1}, draws=40_000)
    assert ranking.table["stability"].tolist() == pytest.approx([beta.sf(0.5, 15, 5), 1, beta.sf(0.5, 15, 5)], abs=5e-3)


def test_missing_score_is_left_out_of_the_mean_and_counted():
    scores = pd.DataFrame({"a": [0.2, np.nan, np.nan], "b": [0.4, 0.9, np.nan]}, index=["x", "y", "z"])
    table = ranked(scores, {"a": 1, "b": 1}, scale=False).table.set_index("option")
    assert table["score"].tolist()[:2] == pytest.approx([0.9, 0.3])
    assert table["missing"].to_dict() == {"y": 1, "x": 0, "z": 2}
    assert table.loc["z"].isna()[["score", "rank", "stability"]].all()


def test_equal_scores_share_the_better_rank():
    scores = pd.DataFrame({"a": [0.1, 0.3, 0.1, 0.0], "b": [0.3, 0.1, 0.3, 0.0]}, index=list("wxyz"))
    table = ranked(scores, {"a": 1, "b": 1}, scale=False).table
    assert table["rank"].tolist() == [1, 1, 1, 4]


def test_criteria_that_do_not_discriminate_are_named():
    scores = SEGMENTS.assign(reach=4.0, unweighted=1.0)
    ranking = ranked(scores, {"size": 1, "reach": 1})
    assert ranking.indifferent == ("reach",)
    assert ranked(SEGMENTS.iloc[:1], {"size": 1}).table["score"].tolist() == [0.5]


def test_zero_weight_stays_zero_in_every_draw():
    ranking = ranked(SEGMENTS, {"size": 1, "fit": 0})
    assert ranking.table["stability"].tolist() == [1, 1, 1]


def test_same_seed_gives_the_same_stability():
    weights = {"size": 1, "fit": 1.1, "cost": 0.8}
    first, second = (ranked(SEGMENTS, weights, costs=["cost"], seed=5).table for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


tables = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=n, max_size=n)
)


@settings(max_examples=60, deadline=None)
@given(tables, st.lists(st.floats(0.01, 100), min_size=3, max_size=3), st.floats(0.01, 1000))
def test_ranks_do_not_depend_on_the_sum_of_the_weights(rows, weights, factor):
    scores = pd.DataFrame(rows, columns=["a", "b", "c"])
    one = ranked(scores, dict(zip("abc", weights, strict=True)), draws=5).table
    other = ranked(scores, {name: w * factor for name, w in zip("abc", weights, strict=True)}, draws=5).table
    assert one["score"].tolist() == pytest.approx(other["score"].tolist())
    assert one["score"].between(0, 1 + 1e-9).all()
    assert one["stability"].between(0, 1).all()
    assert one["score"].is_monotonic_decreasing or one["rank"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"size": 0, "fit": 0}, "All weights are zero"),
        ({}, "All weights are zero"),
        ({"sise": 1}, "Nearest: size"),
        ({"size": -1}, "0 or more"),
        ({"size": float("nan")}, "0 or more"),
    ],
)
def test_weights_without_a_meaning_are_refused(weights, words):
    with pytest.raises(AnalysisError, match=words):
        ranked(SEGMENTS, weights)


def test_scores_without_a_meaning_are_refused():
    with pytest.raises(AnalysisError, match="small: scored on more than one row"):
        ranked(SEGMENTS.rename({"public": "small"}), {"size": 1})
    with pytest.raises(AnalysisError, match="fit: the scores must be finite numbers"):
        ranked(SEGMENTS.assign(fit="good"), {"fit": 1})
    with pytest.raises(AnalysisError, match="finite"):
        ranked(SEGMENTS.assign(fit=np.inf), {"fit": 1})
    with pytest.raises(AnalysisError, match="has no rows"):
        ranked(SEGMENTS.iloc[:0], {"size": 1})
    with pytest.raises(AnalysisError, match="turned round only"):
        ranked(SEGMENTS, {"size": 1}, costs=["cost"], scale=False)


def test_ice_is_the_product_over_a_hundred():
    assert ice([8, 10, 1], [5, 10, 1], [4, 10, 1]).tolist() == pytest.approx([1.6, 10, 0.01])
    assert np.isnan(ice(np.nan, 5, 5))


def test_ice_refuses_judgements_outside_one_to_ten():
    with pytest.raises(AnalysisError, match='"confidence" is 11'):
        ice(5, [5, 11], 5)


# The drinks of Saaty (2008), as in the tests of ahpy: consumption in the United States, judged by 30 people.
DRINKS = """coffee wine 9, coffee tea 5, coffee beer 2, coffee soda 1, coffee milk 1, coffee water 1/2, wine tea 1/3,
wine beer 1/9, wine soda 1/9, wine milk 1/9, wine water 1/9, tea beer 1/3, tea soda 1/4, tea milk 1/3, tea water 1/9,
beer soda 1/2, beer milk 1, beer water 1/3, soda milk 2, soda water 1/2, milk water 1/3"""


def comparisons(text):
    return pd.DataFrame([pair.split() for pair in text.split(",")], columns=["criterion_a", "criterion_b", "value"])


def test_the_drinks_have_the_published_weights_and_consistency():
    answer = ahp(comparisons(DRINKS))
    weights = answer.rows.set_index("criterion")["weight"]
    published = {
        "water": 0.327,
        "soda": 0.190,
        "coffee": 0.177,
        "milk": 0.129,
        "beer": 0.116,
        "tea": 0.042,
        "wine": 0.019,
    }
    assert weights.round(3).to_dict() == published
    assert list(weights.index) == list(published)
    assert answer.figures["consistency_ratio"] == approx(0.022, abs=5e-4)
    assert answer.figures["worst_pair"] is None
    assert ahp(comparisons(DRINKS), random_index="saaty-1980").figures["consistency_ratio"] == approx(0.0223, abs=5e-5)


@settings(max_examples=50)
@given(st.lists(st.floats(0.4, 3.5), min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_consistent_judgements_give_the_weights_back_in_any_order(weights, random):
    names = [f"c{i}" for i in range(len(weights))]
    rows = [(a, b, weights[i] / weights[j]) for i, a in enumerate(names) for j, b in enumerate(names) if i < j]
    turned = [(b, a, 1 / value) if random.random() < 0.5 else (a, b, value) for a, b, value in rows]
    random.shuffle(turned)
    answer = ahp(pd.DataFrame(turned, columns=["criterion_a", "criterion_b", "value"]))
    assert answer.figures["consistency_ratio"] == approx(0, abs=1e-9)
    got = answer.rows.set_index("criterion")["weight"]
    assert [got[name] for name in names] == approx([weight / sum(weights) for weight in weights])


def test_contradicting_judgements_name_the_pair_to_compare_again():
    answer = ahp(comparisons("a b 3, b c 3, c a 5, a d 2, b d 1, c d 1"))
    assert answer.figures["consistency_ratio"] > 0.10
    assert set(answer.figures["worst_pair"]) == {"a", "c"}
    assert "again" in answer.warnings[0]


def test_the_same_pair_twice_counts_once_when_it_agrees():
    answer = ahp(comparisons("a b 3, b a 0.33, a a 1, a c 2, b c 1/2"))
    assert answer.n == 3
    assert sum(answer.excluded.values()) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a b 3, b a 3, a c 1, b c 1", "in one row"),
        ("a b 3, b c 3", "not compared .1.: a – c"),
        ("a b 12, b c 3, a c 2", "between 1/9 and 9"),
        ("a b often, b c 3, a c 2", "often"),
        ("a a 2, a b 1", "in one row"),
        ("a a 1", "table has 0"),
    ],
)
def test_judgements_that_give_no_weights_are_named(text, message):
    with pytest.raises(AnalysisError, match=message):
        ahp(comparisons(text))


@pytest.mark.parametrize("company", [ADAPTIVE_TEST, FORNO_AURORA], ids=lambda company: company.plan)
def test_the_true_weights_of_the_sample_studies_come_back(company):
    answer = ahp(pd.read_csv(Path("data/samples/tables") / f"{company.plan}-criteria.csv"))
    truth = company.comparisons.weights
    for name, weight in answer.rows.itertuples(index=False):
        assert weight == approx(truth[name] / sum(truth.values()), abs=0.05)
    assert answer.figures["consistency_ratio"] < 0.10
