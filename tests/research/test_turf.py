from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError, TableError
from workbook.research import turf as module
from workbook.research.turf import turf


def answers(reached):
    """Long table of a list of rows of 0 and 1, one a respondent, one column an item."""
    return pd.DataFrame(
        [(i, f"item-{j}", value) for i, row in enumerate(reached) for j, value in enumerate(row)],
        columns=["respondent", "item", "reached"],
    )


def test_the_best_pair_is_not_the_two_best_items():
    # Items 0 and 1 reach the same three people, item 2 two others.
    got = turf(answers([(1, 1, 0)] * 3 + [(0, 0, 1)] * 2 + [(0, 0, 0)])).rows
    assert got.loc[0, "items"] == ["item-0"]
    assert got.loc[1, "items"] == ["item-0", "item-2"]
    assert got["reach"].tolist() == pytest.approx([3 / 6, 5 / 6, 5 / 6])
    assert got["frequency"].tolist() == pytest.approx([3 / 6, 5 / 6, 8 / 6])
    assert (got["low"] < got["reach"]).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 5), min_size=1, max_size=30), st.integers(0, 9))
def test_reach_is_that_of_trying_every_set_whatever_the_order_of_rows(rows, seed):
    table = answers(rows)
    got = turf(table)
    for size in range(1, 6):
        best = max(sum(any(row[i] for i in chosen) for row in rows) for chosen in combinations(range(5), size))
        assert got.rows.loc[size - 1, "reach"] == pytest.approx(best / len(rows))
    other = table.sample(frac=1, random_state=seed).assign(respondent=lambda t: "r" + t["respondent"].astype(str))
    assert turf(other).as_json()["rows"] == got.as_json()["rows"]


def test_past_what_can_be_tried_it_is_greedy_and_says_so(monkeypatch):
    rng = np.random.default_rng(4)
    table = answers((rng.random((80, 9)) < 0.25).astype(int).tolist())
    whole = turf(table)
    monkeypatch.setattr(module, "SETS", 40)
    got = turf(table)
    assert got.rows["method"].tolist() == ["exhaustive"] * 2 + ["greedy"] * 4 + ["exhaustive"] * 3
    assert (got.rows["reach"] <= whole.rows["reach"] + 1e-12).all()
    assert got.rows.loc[:1, "reach"].tolist() == whole.rows.loc[:1, "reach"].tolist()
    assert got.rows["reach"].is_monotonic_increasing
    assert any("3 to 6 items are greedy" in said for said in got.conventions)
    assert not any("greedy" in said for said in whole.conventions)


def test_sets_tried_in_several_batches_are_compared_across_them(monkeypatch):
    rng = np.random.default_rng(5)
    table = answers((rng.random((70, 8)) < 0.3).astype(int).tolist())
    whole = turf(table).as_json()["rows"]
    monkeypatch.setattr(module, "AT_ONCE", 7)
    assert turf(table).as_json()["rows"] == whole


def test_the_true_reach_of_the_study_comes_back(company, study):
    truth, got = company.turf, turf(study("turf"))
    items = list(truth.kinds[0][1])
    for row in got.rows.itertuples():
        best = max(truth.reach(chosen) for chosen in combinations(items, row.size))
        # 3.5 standard errors of the best set's share, and the optimism of choosing it on the same sample.
        error = np.sqrt(best * (1 - best) / truth.respondents)
        assert -3.5 * error < row.reach - best < 5 * error
        assert best - truth.reach(row.items) < 4 * error


def test_an_answer_that_is_missing_counts_as_not_reached_and_is_said():
    table = answers([(1, 0), (0, 1), (1, 1)]).drop(index=1)
    got = turf(table)
    assert got.n == 3
    assert "One answer on an item is missing" in got.conventions[-1]
    assert turf(table, max_size=1).rows["size"].tolist() == [1]


def test_nobody_reached_is_a_reach_of_nothing():
    got = turf(answers([(0, 0)] * 30))
    assert got.rows["reach"].tolist() == [0, 0]
    assert got.as_json()["rows"][0]["interval"][0] == 0


def test_unusable_tables_are_refused_with_the_reason():
    with pytest.raises(TableError, match='no column "reached"'):
        turf(answers([(1,)]).drop(columns="reached"))
    with pytest.raises(AnalysisError, match="reached is neither 0 nor 1"):
        turf(answers([(3, 4)]))
