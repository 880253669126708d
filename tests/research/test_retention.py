import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA
from workbook.errors import AnalysisError, TableError
from workbook.research.retention import retention, survival

approx = pytest.approx

# Fader & Hardie (2007), table 1 and figure 3: percent still there, fitted to seven years.
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1]


def cohorts(**counts):
    return pd.DataFrame(
        [(name, period, left) for name, seen in counts.items() for period, left in enumerate(seen)],
        columns=["cohort", "period", "customers"],
    )


def test_the_published_cohorts_have_the_published_parameters():
    rows = retention(cohorts(Regular=REGULAR, HighEnd=HIGH_END)).rows.set_index("cohort")
    assert tuple(rows.loc["Regular", ["alpha", "beta"]]) == approx((0.704, 1.182), abs=0.001)
    assert tuple(rows.loc["HighEnd", ["alpha", "beta"]]) == approx((0.668, 3.806), abs=0.001)
    # The paper draws the curves on to year 12, where 12.7 and 33.2 % were seen.
    assert rows.loc["Regular", "curve"][12] == approx(0.170, abs=0.001)
    assert len(rows.loc["Regular", "curve"]) == 15


def test_one_cohort_alone_is_all_together():
    answer = retention(cohorts(only=REGULAR), horizon=5)
    assert answer.figures["alpha"] == approx(answer.rows.loc[0, "alpha"])
    assert len(answer.figures["curve"]) == 6


@settings(max_examples=20, deadline=None)
@given(st.floats(0.2, 5), st.floats(0.5, 20), st.integers(4, 15), st.floats(0.01, 100))
def test_a_curve_drawn_by_the_model_gives_its_parameters_back_at_any_scale(alpha, beta, periods, times):
    curve = survival(alpha, beta, periods) * 1e6 * times
    row = retention(cohorts(x=curve)).rows.loc[0]
    assert row["curve"][:periods] == approx(list(survival(alpha, beta, periods))[:periods], abs=2e-4)
    if beta < 10:
        assert (row["alpha"], row["beta"]) == approx((alpha, beta), rel=0.05)


def test_drawn_cohorts_give_the_truth_back():
    rng, counts = np.random.default_rng(4), {}
    for name in "abcdef":
        chances, left, seen = rng.beta(0.8, 3.0, 2000), 2000, [2000]
        gone = np.zeros(2000, dtype=bool)
        for _period in range(8):
            gone |= rng.random(2000) < chances
            left = int((~gone).sum())
            seen.append(left)
        counts[name] = seen
    got = retention(cohorts(**counts)).figures
    assert (got["alpha"], got["beta"]) == approx((0.8, 3.0), rel=0.08)


@pytest.mark.parametrize("company", [ADAPTIVE_TEST, FORNO_AURORA], ids=lambda company: company.plan)
def test_the_true_curve_of_the_sample_studies_comes_back(company):
    answer = retention(pd.read_csv(f"data/samples/tables/{company.plan}-cohorts.csv", dtype={"cohort": str}))
    truth = company.subscriptions
    got = answer.figures["curve"][: truth.periods + 1]
    # 3.5 standard errors of a share of all who began.
    error = 3.5 * (0.25 / answer.n) ** 0.5
    assert got == approx([truth.survival(period) for period in range(truth.periods + 1)], abs=error)


def test_order_of_rows_does_not_matter_and_a_missing_period_hardly_does():
    table = cohorts(a=REGULAR, b=HIGH_END)
    plain, mixed = retention(table), retention(table.sample(frac=1, random_state=3))
    assert mixed.rows.set_index("cohort").loc["a", "alpha"] == approx(plain.rows.set_index("cohort").loc["a", "alpha"])
    thin = retention(table[table["period"] != 3]).rows.set_index("cohort")
    assert thin.loc["a", "alpha"] == approx(0.704, abs=0.02)


def test_a_steady_rate_is_said_to_be_one():
    answer = retention(cohorts(x=[1000, 900, 810, 729]))
    assert answer.figures["curve"][6] == approx(0.9**6, abs=1e-3)
    assert any("steady" in warning for warning in answer.warnings)


def test_a_cohort_that_is_too_short_takes_the_curve_of_all():
    answer = retention(cohorts(old=[500, 300, 220, 180], new=[400, 260], loyal=[60, 60, 60]))
    assert answer.rows["basis"].tolist() == ["own", "pooled", "pooled"]
    assert answer.rows.loc[1, "alpha"] == answer.figures["alpha"]
    assert any("2 cohorts" in warning for warning in answer.warnings)


def test_rows_and_cohorts_that_cannot_count_are_left_out_by_reason():
    table = pd.concat(
        [
            cohorts(good=[500, 300, 220, 180], rising=[100, 80, 90]),
            pd.DataFrame(
                [("good", 1, 5), ("good", 1.5, 5), ("good", 9, -5), (None, 0, 5), ("late", 1, 20), ("late", 2, 10)],
                columns=["cohort", "period", "customers"],
            ),
        ]
    )
    answer = retention(table)
    assert sorted(answer.excluded.values()) == [1, 1, 1, 1, 2, 3]
    assert answer.rows["cohort"].tolist() == ["good"]


def test_few_customers_warn():
    assert any("good" in warning for warning in retention(cohorts(good=[20, 12, 9])).warnings)


def test_conditions_without_an_answer_are_named():
    for counts, message in (
        ([100, 60], "more than one period"),
        ([100, 100, 100], "Nobody has left"),
        ([100, 0, 0], "Everybody left"),
        ([100, 120, 130], "No cohort can be used"),
        ([0, 0, 0], "No cohort can be used"),
    ):
        with pytest.raises(AnalysisError, match=message):
            retention(cohorts(x=counts))
    with pytest.raises(TableError, match="customers"):
        retention(cohorts(x=REGULAR).drop(columns="customers"))
    with pytest.raises(AnalysisError, match="horizon"):
        retention(cohorts(x=REGULAR), horizon=0)
