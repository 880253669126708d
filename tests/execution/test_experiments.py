"""Read-outs of tests: the published figures, what must hold for all, and what cannot be read."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbook.errors import AnalysisError, TableError
from workbook.execution.adaptive import adaptive_test, simulated_regret
from workbook.execution.experiments import ab_test, ratio_p_value


def table(*rows, columns=("variant", "users", "conversions")):
    return pd.DataFrame(rows, columns=list(columns))


def read(*rows, **options):
    return ab_test(table(*rows), **options)


def test_forty_nine_against_fifty_one_of_a_hundred_is_as_published():
    # Relative lift by the delta method with a flat prior, as GrowthBook's documentation of its engine works it out.
    row = read(("A", 100, 49), ("B", 100, 51)).rows.iloc[1]
    assert row["lift"] == pytest.approx(0.04082, abs=1e-5)
    assert (row["low"], row["high"]) == (pytest.approx(-0.24779, abs=1e-5), pytest.approx(0.32943, abs=1e-5))
    assert row["chance_to_win"] == pytest.approx(0.60918, abs=1e-5)


@pytest.mark.parametrize(("users", "p"), [((1000, 1200), 2.0079e-5), ((135, 115), 0.205903)])
def test_the_sample_ratio_check_is_as_published(users, p):
    assert ratio_p_value(np.array(users, dtype=float)) == pytest.approx(p, rel=1e-4)


def test_a_spread_of_users_otherwise_than_meant_comes_before_all_else():
    got = read(("A", 1000, 100), ("B", 1200, 150))
    assert "not spread as meant" in got.warnings[0]
    assert not read(("A", 1000, 100), ("B", 1200, 150), share=(10, 12)).warnings


def test_the_pooled_test_is_the_textbook_one():
    got = read(("A", 1000, 100), ("B", 1000, 130), test="pooled").rows.iloc[1]["p_value"]
    # scipy's chi-squared test of the 2 x 2 table without correction is the square of it.
    p = stats.chi2_contingency([[100, 900], [130, 870]], correction=False).pvalue
    assert got == pytest.approx(p)


def test_means_are_compared_by_their_own_deviation():
    frame = table(("A", 400, 90.0, 60.0), ("B", 400, 99.0, 60.0), columns=("variant", "users", "mean", "sd"))
    row = ab_test(frame).rows.iloc[1]
    error = np.sqrt(9 / 90**2 + 99**2 * 9 / 90**4)
    assert row["lift"] == pytest.approx(0.1)
    assert row["high"] - row["lift"] == pytest.approx(1.959964 * error)


counts = st.tuples(st.integers(50, 5000), st.floats(0.02, 0.98)).map(lambda t: (t[0], max(1, round(t[0] * t[1]))))


@given(counts, counts)
def test_chances_make_one_and_the_better_risks_less(a, b):
    control, other = read(("A", *a), ("B", *b)).rows.to_dict("records")
    assert control["chance_to_win"] + other["chance_to_win"] == pytest.approx(1)
    assert (other["lift"] >= 0) == (other["risk"] <= control["risk"] + 1e-12)
    assert (other["low"] > 0 or other["high"] < 0) == (other["p_value"] < 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("test", ["delta", "pooled"])
def test_where_there_is_no_difference_one_in_twenty_tests_sees_one(test):
    rng = np.random.default_rng(7)
    seen = 0
    for _ in range(2000):
        a, b = rng.binomial(2000, 0.1, size=2)
        seen += read(("A", 2000, a), ("B", 2000, b), test=test).rows.iloc[1]["p_value"] < 0.05
    assert 0.04 < seen / 2000 < 0.06


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("A", 100, 5)], "at least two"),
        ([("A", 100, 5), ("A", 100, 6)], "more than once"),
        ([("A", 100, 105), ("B", 100, 6)], "cannot be more"),
        ([("A", 100, 0), ("B", 100, 6)], "no relative lift"),
        ([("A", 0, 0), ("B", 100, 6)], "users"),
        ([("A", 100, -1), ("B", 100, 6)], "conversions"),
        ([("A", 100, 1.5), ("B", 100, 6)], "conversions"),
        ([("A", 100, None), ("B", 100, 6)], "conversions"),
    ],
)
def test_what_cannot_be_a_test_is_named(rows, says):
    with pytest.raises(AnalysisError, match=says):
        read(*rows)


def test_a_table_without_results_says_which_columns_it_needs():
    with pytest.raises(TableError, match="conversions"):
        ab_test(pd.DataFrame({"variant": ["A", "B"], "users": [1, 1]}))


def test_an_unknown_control_is_refused_with_the_nearest():
    with pytest.raises(AnalysisError, match="long"):
        read(("long", 100, 5), ("short", 100, 6), control="lng")


# The adaptive test


def test_two_alike_share_the_visitors_and_three_to_one_do_not():
    even = adaptive_test(table(("A", 500, 50), ("B", 500, 50))).rows
    assert list(even["next_share"]) == pytest.approx([0.5, 0.5], abs=1e-6)
    clear = adaptive_test(table(("A", 500, 25), ("B", 500, 75)))
    assert clear.figures["stop"] is True
    assert list(clear.rows["next_share"]) == pytest.approx([0.05, 0.95], abs=1e-3)


def test_the_chance_to_be_best_is_the_closed_form_of_two_beta_distributions():
    # Evan Miller's sum for P(B > A) with a flat prior.
    from scipy.special import betaln

    (a, m), (b, n) = (20, 200), (30, 210)
    i = np.arange(b + 1)
    closed = np.exp(
        betaln(1 + a + i, 1 + m - a + 1 + n - b)
        - np.log(1 + n - b + i)
        - betaln(1 + i, 1 + n - b)
        - betaln(1 + a, 1 + m - a)
    ).sum()
    got = adaptive_test(table(("A", m, a), ("B", n, b))).rows.iloc[1]["chance_best"]
    assert got == pytest.approx(closed, abs=2e-5)


def test_means_have_students_t():
    frame = table(("A", 50, 90.0, 60.0), ("B", 60, 110.0, 66.0), columns=("variant", "users", "mean", "sd"))
    rng = np.random.default_rng(0)
    a = 90 + 60 / np.sqrt(50) * rng.standard_t(49, 400_000)
    b = 110 + 66 / np.sqrt(60) * rng.standard_t(59, 400_000)
    assert adaptive_test(frame).rows.iloc[1]["chance_best"] == pytest.approx((b > a).mean(), abs=0.003)


@given(st.lists(counts, min_size=2, max_size=5), st.floats(0, 0.2))
def test_shares_make_a_whole_and_keep_the_floor(results, floor):
    rows = [(f"v{i}", users, won) for i, (users, won) in enumerate(results)]
    got = adaptive_test(table(*rows), floor=floor).rows
    assert got["chance_best"].sum() == pytest.approx(1)
    assert got["next_share"].sum() == pytest.approx(1)
    assert got["next_share"].min() >= floor - 1e-12


def test_a_test_does_not_stop_before_every_variant_was_seen_enough():
    got = adaptive_test(table(("A", 500, 25), ("B", 60, 40)))
    assert got.figures["stop"] is False
    assert "fewer than 100" in got.figures["reason"]


@pytest.mark.parametrize(
    ("frame", "options", "says"),
    [
        (table(("A", 9, 1), ("B", 9, 1)), {"floor": 0.5001}, "floor"),
        (table(("A", 1, 1.0, 2.0), ("B", 9, 1.0, 2.0), columns=("variant", "users", "mean", "sd")), {}, "one user"),
        (
            table(("A", 9, 1.0, 0.0), ("B", 9, 1.0, 2.0), columns=("variant", "users", "mean", "sd")),
            {},
            "deviation of 0",
        ),
    ],
)
def test_what_leaves_nothing_to_decide_is_said(frame, options, says):
    with pytest.raises(AnalysisError, match=says):
        adaptive_test(frame, **options)


def test_moving_traffic_costs_less_than_a_fixed_split():
    regret = simulated_regret([0.10, 0.13], 4000, runs=200)
    assert regret.fixed.mean() == pytest.approx(4000 * 0.03 / 2, rel=0.05)
    assert regret.adaptive.mean() < 0.5 * regret.fixed.mean()


# The synthetic pages: the shorter form converts better, and is read for a shorter time.


def test_the_synthetic_page_test_finds_the_true_lift():
    from data.studies.adaptive_test import ADAPTIVE_TEST
    from workbook.shipped import shipped

    pages = ADAPTIVE_TEST.pages.variants
    got = ab_test(pd.read_csv(shipped("data") / "samples" / "tables" / "adaptive-test-page-conversions.csv")).rows.iloc[
        1
    ]
    (_, first), (_, second) = list(pages.items())[:2]
    true = second.conversions / first.conversions - 1
    assert got["low"] < true < got["high"]


def test_a_variant_without_a_conversion_gets_no_interval_and_is_named():
    got = read(("A", 100, 4), ("B", 100, 0))
    row = got.rows.iloc[1]
    assert row["lift"] == -1
    assert row[["low", "high", "p_value", "chance_to_win", "risk"]].isna().all()
    assert any("“B”" in said and "no chance" in said for said in got.warnings)
    # Pooled, the two shares can be compared all the same.
    assert 0.04 < read(("A", 100, 4), ("B", 100, 0), test="pooled").rows["p_value"].iloc[1] < 0.05


def test_of_a_mean_below_zero_more_is_more():
    got = ab_test(table(("A", 100, -4, 2), ("B", 100, 1, 3), columns=("variant", "users", "mean", "sd"))).rows
    assert got["lift"].iloc[1] == pytest.approx(1.25)
    assert got["chance_to_win"].iloc[1] > 0.999


@pytest.mark.parametrize("rows", [(("A", 1, 4, 2), ("B", 100, 1, 3)), (("A", 100, 4, 0), ("B", 100, 1, 3))])
@pytest.mark.parametrize("analysis", [ab_test, adaptive_test])
def test_a_mean_without_a_spread_is_refused_by_name(rows, analysis):
    with pytest.raises(AnalysisError, match="“A”"):
        analysis(table(*rows, columns=("variant", "users", "mean", "sd")))


def test_an_adaptive_test_without_any_conversion_says_so():
    got = adaptive_test(table(("A", 500, 0), ("B", 500, 0)))
    assert not got.figures["stop"]
    assert "no variant has a conversion" in got.figures["reason"]
