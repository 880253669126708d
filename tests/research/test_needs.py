from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError, TableError
from workbook.language import speaking
from workbook.research.needs import opportunity, scale_of


def answers(importance, satisfaction, need="faster tests"):
    n = len(importance)
    return pd.DataFrame(
        {"respondent": range(n), "need": [need] * n, "importance": importance, "satisfaction": satisfaction}
    )


def test_opportunity_matches_hand_calculation():
    # 8 of 10 find it important, 3 of 10 are satisfied: 8 + (8 - 3) = 13.
    got = opportunity(answers([9, 10] * 4 + [8, 1], [10, 9, 9] + [8] * 7)).rows.loc[0]
    assert (got["importance"], got["satisfaction"], got["opportunity"]) == pytest.approx((8, 3, 13))


def test_overserved_need_scores_its_importance_only():
    # Ulwick (2005): satisfaction above importance is not subtracted.
    got = opportunity(answers([9, 1, 1, 1], [9, 9, 9, 1])).rows.loc[0]
    assert got["opportunity"] == pytest.approx(2.5)


def test_a_scale_of_five_has_four_and_five_on_top():
    got = opportunity(answers([4, 5, 3, 1], [3, 3, 4, 1]), scale_max=5).rows.loc[0]
    assert (got["importance"], got["satisfaction"]) == pytest.approx((5, 2.5))


@pytest.mark.parametrize(("highest", "top"), [(5, 5), (6, 7), (7, 7), (8, 10), (10, 10), (12, 10)])
def test_the_scale_is_the_least_in_use_that_holds_all_answers(highest, top):
    assert scale_of(answers([highest] + [1] * 19, [2] * 20)) == top


def test_few_answers_do_not_tell_a_short_scale_from_a_low_opinion():
    assert scale_of(answers([3] * 14, [2] * 14)) == 10
    assert scale_of(answers([3] * 15, [2] * 15)) == 5


def test_interval_matches_a_bootstrap_that_draws_respondents_one_by_one():
    rng = np.random.default_rng(3)
    table = answers(rng.integers(6, 11, 150), rng.integers(4, 11, 150))
    rows = rng.integers(0, 150, (4000, 150))
    i = 10 * (table["importance"].to_numpy() >= 9)[rows].mean(axis=1)
    s = 10 * (table["satisfaction"].to_numpy() >= 9)[rows].mean(axis=1)
    low, high = np.quantile(i + np.maximum(i - s, 0), [0.025, 0.975])
    got = opportunity(table).rows.loc[0]
    assert (got["low"], got["high"]) == pytest.approx((low, high), abs=0.25)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(11)
    hits = 0
    for trial in range(200):
        important, satisfied = rng.random(200) < 0.7, rng.random(200) < 0.3
        got = opportunity(answers(np.where(important, 10, 5), np.where(satisfied, 10, 5)), seed=trial).rows.loc[0]
        hits += got["low"] <= 11 <= got["high"]
    assert 0.90 <= hits / 200 <= 0.985


def test_rows_left_out_are_counted_once_by_reason():
    table = pd.concat(
        [
            answers([9] * 40, [2] * 40),
            pd.DataFrame(
                {
                    "respondent": [0, 1, None, 90, 91, 92, 93],
                    "need": ["faster tests"] * 7,
                    "importance": [1, 1, None, None, 11, "high", 4.5],
                    "satisfaction": [1, 1, 5, 5, 5, 5, 5],
                }
            ),
        ],
        ignore_index=True,
    )
    got = opportunity(table)
    assert list(got.excluded.values()) == [1, 1, 3, 2]
    assert got.n == got.rows.loc[0, "n"] == 40
    assert got.rows.loc[0, "importance"] == 10  # the first answers count


def test_fewer_than_thirty_answers_warn_and_do_not_stop():
    assert "faster tests" in opportunity(answers([9] * 29, [1] * 29)).warnings[0]
    assert opportunity(answers([9] * 30, [1] * 30)).warnings == ()


def test_respondents_with_answers_on_several_needs_count_once():
    got = opportunity(pd.concat([answers([9] * 30, [1] * 30), answers([5] * 30, [1] * 30, need="cheaper")]))
    assert got.n == 30
    assert got.rows["need"].tolist() == ["faster tests", "cheaper"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10), st.integers(1, 10)), min_size=1, max_size=60), st.integers(0, 99))
def test_scores_lie_in_their_ranges_and_ignore_the_order_of_rows(pairs, seed):
    table = answers(*map(list, zip(*pairs, strict=True)))
    got = opportunity(table, seed=seed).rows.loc[0]
    assert 0 <= got["importance"] <= 10
    assert 0 <= got["satisfaction"] <= 10
    ends = [0, got["low"], got["opportunity"] if len(pairs) > 30 else got["low"], got["high"], 20]
    assert all(a <= b + 1e-9 for a, b in pairwise(ends))
    assert opportunity(table.sample(frac=1, random_state=seed), seed=seed).rows.loc[0, "low"] == pytest.approx(
        got["low"]
    )


def test_unusable_tables_are_refused_with_the_reason():
    with pytest.raises(TableError, match='no column "satisfaction"'):
        opportunity(answers([9], [1]).drop(columns="satisfaction"))
    with pytest.raises(AnalysisError, match="No row of the answers can be used"):
        opportunity(answers([0, 11], [1, 1]))
    with pytest.raises(AnalysisError, match="No row"):
        opportunity(answers([], []))
    with pytest.raises(AnalysisError, match="at least 4"):
        opportunity(answers([9], [1]), scale_max=2)
    with pytest.raises(AnalysisError, match="alpha"):
        opportunity(answers([9], [1]), alpha=1)


def test_sentences_can_be_worded_in_either_language():
    for language in ("en", "it"):
        with speaking(language):
            assert len(opportunity(answers([9], [1])).conventions) == 3
