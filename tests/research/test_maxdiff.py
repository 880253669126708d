import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError, ParameterError, TableError
from workbook.research.maxdiff import MODELS, maxdiff


def answers(tasks):
    """Long table of (items shown, best, worst) by task, four tasks a respondent."""
    rows = [
        (number // 4, number % 4, item, 1, int(item == best), int(item == worst))
        for number, (shown, best, worst) in enumerate(tasks)
        for item in shown
    ]
    return pd.DataFrame(rows, columns=["respondent", "task", "item", "shown", "best", "worst"])


def drawn(count, seed=0):
    rng = np.random.default_rng(seed)
    tasks = []
    for _ in range(count):
        shown = list(rng.choice(list("abcde"), 4, replace=False))
        best, worst = rng.choice(shown, 2, replace=False)
        tasks.append((shown, best, worst))
    return answers(tasks)


def test_best_and_worst_are_counted():
    got = maxdiff(
        answers([("abc", "a", "c"), ("abc", "a", "b"), ("abd", "d", "a"), ("bcd", "b", "d"), ("acd", "c", "d")])
    )
    rows = got.rows.set_index("item")
    assert rows.loc[list("abcd"), ["shown", "best", "worst", "score"]].to_numpy().tolist() == [
        [4, 2, 1, 1],
        [4, 1, 1, 0],
        [4, 1, 1, 0],
        [3, 1, 2, -1],
    ]
    assert rows["share"].sum() == pytest.approx(1)


def test_with_two_items_the_share_is_how_often_one_beats_the_other():
    # Bradley-Terry of one pair: the share of wins, and Wald's interval on its log-odds.
    table = answers([("ab", "a", "b")] * 30 + [("ab", "b", "a")] * 10)
    table["respondent"] = 0
    table["task"] = np.repeat(np.arange(40), 2)
    row = maxdiff(table).rows.loc[0]
    odds, error = np.log(3), np.sqrt(1 / 30 + 1 / 10)
    assert (row["item"], row["share"]) == ("a", pytest.approx(0.75, abs=1e-6))
    assert row["low"] == pytest.approx(1 / (1 + np.exp(1.959964 * error - odds)), abs=1e-5)
    assert row["high"] == pytest.approx(1 / (1 + np.exp(-1.959964 * error - odds)), abs=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_shares_are_those_of_a_search_for_the_largest_likelihood(model):
    from scipy.optimize import minimize

    table = drawn(80, seed=6)
    tasks = [
        (group["item"].tolist(), group["best"].to_numpy().argmax(), group["worst"].to_numpy().argmax())
        for _, group in table.groupby(["respondent", "task"])
    ]

    def minus_log_likelihood(utility):
        total = 0.0
        for shown, best, worst in tasks:
            u = np.array([utility[ord(item) - ord("a")] for item in shown])
            if model == "maxdiff":
                pairs = u[:, None] - u[None, :]
                total += pairs[best, worst] - np.log(np.exp(pairs).sum() - len(u))
            else:
                others = np.exp(-u)
                below = others.sum() - (others[best] if model == "sequential" else 0)
                total += u[best] - np.log(np.exp(u).sum()) - u[worst] - np.log(below)
        return -total

    found = minimize(minus_log_likelihood, np.zeros(5), method="BFGS").x
    expected = np.exp(found) / np.exp(found).sum()
    got = maxdiff(table, model=model).rows.set_index("item").loc[list("abcde"), "share"]
    assert got.to_numpy() == pytest.approx(expected, abs=1e-5)


def test_the_true_shares_of_the_study_come_back(company, study):
    got = maxdiff(study("maxdiff"))
    rows = got.rows.set_index("item")
    assert got.n == company.maxdiff.respondents
    for item, share in company.maxdiff.shares.items():
        # 3.5 standard errors, a quarter of a 95 % interval each.
        assert abs(rows.loc[item, "share"] - share) < 3.5 * (rows.loc[item, "high"] - rows.loc[item, "low"]) / 3.92
    inside = sum(
        rows.loc[item, "low"] <= share <= rows.loc[item, "high"] for item, share in company.maxdiff.shares.items()
    )
    assert inside >= len(rows) - 2


def test_tasks_that_are_not_one_best_and_one_other_worst_are_left_out_whole():
    good = drawn(40)
    bad = answers(
        [
            ("abc", "", "c"),
            ("abc", "a", ""),
            ("abc", "a", "a"),
            ("aab", "b", "a"),
            ("abcd", "b", "c"),
            ("abc", "a", "c"),
            ("abc", "a", "c"),
        ]
    )
    bad["respondent"] += 100
    bad.loc[bad.index[bad["task"].eq(0) & bad["respondent"].eq(101)][0], "best"] = 1  # a second best
    last = bad.index[bad["task"].eq(2) & bad["respondent"].eq(101)]
    bad.loc[last[0], "shown"] = 0  # chosen, not shown
    bad = bad.astype({"worst": object})
    bad.loc[bad.index[bad["task"].eq(1) & bad["respondent"].eq(101)][1], "worst"] = "?"
    got = maxdiff(pd.concat([good, bad]))
    assert got.as_json()["rows"] == maxdiff(good).as_json()["rows"]
    assert sum(got.excluded.values()) == len(bad)
    assert len(got.excluded) == 8


def test_rows_of_items_not_shown_change_nothing():
    table = drawn(60)
    more = pd.DataFrame([(0, 0, item, 0, 0, 0) for item in "abcde"], columns=table.columns)
    hidden = more[~more["item"].isin(table.loc[table["respondent"].eq(0) & table["task"].eq(0), "item"])]
    got = maxdiff(pd.concat([hidden, table]))
    assert got.as_json()["rows"] == maxdiff(table).as_json()["rows"]
    assert not got.excluded


def test_an_item_always_best_has_counts_but_no_share_and_says_why():
    got = maxdiff(answers([("abc", "a", "b"), ("abc", "a", "c")] * 20))
    assert got.rows["best"].sum() == 40
    assert got.as_json()["rows"][0]["share"] is None
    assert "no finite estimate" in got.warnings[-1]
    apart = maxdiff(answers([("ab", "a", "b"), ("ab", "b", "a"), ("cd", "c", "d"), ("cd", "d", "c")]))
    assert "never compared" in apart.warnings[-1]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99))
def test_neither_order_nor_names_of_respondents_matter(seed):
    table = drawn(120, seed=seed)
    other = table.sample(frac=1, random_state=seed).assign(respondent=lambda t: "r" + t["respondent"].astype(str))
    left, right = maxdiff(table).rows, maxdiff(other).rows
    assert left["item"].tolist() == right["item"].tolist()
    assert left["share"].tolist() == pytest.approx(right["share"].tolist(), rel=1e-7)


def test_unusable_tables_are_refused_with_the_reason():
    with pytest.raises(TableError, match='no column "worst"'):
        maxdiff(drawn(4).drop(columns="worst"))
    with pytest.raises(AnalysisError, match="task with no worst item"):
        maxdiff(answers([("abc", "a", "")] * 4))
    with pytest.raises(ParameterError, match="sequential, marginal, maxdiff"):
        maxdiff(drawn(4), model="hb")
