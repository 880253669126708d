from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import lifetimes
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta as beta_distribution

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA
from workbook.analyses import analysis
from workbook.errors import AnalysisError, ParameterError, TableError
from workbook.research.purchases import customer_summary, reduced
from workbook.research.repeat_buying import (
    Buying,
    Spending,
    _buying_surface,
    _spending_surface,
    fitted_buying,
    fitted_spending,
)
from workbook.research.value import lifetime_value, simple_lifetime_value

approx = pytest.approx
DATA = Path(lifetimes.__file__).parent / "datasets"
# Fader, Hardie & Lee (2005), table 2, and Fader & Hardie (2013): CDNOW, weeks, until 1997-09-30.
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "p": 6.25, "q": 3.74, "v": 15.44}
BUYING = Buying(0.243, 4.414, 0.793, 2.426, 0.0)


@pytest.fixture(scope="module")
def cdnow():
    names = ["master", "customer", "date", "discs", "amount"]
    log = pd.read_csv(DATA / "CDNOW_sample.txt", sep=r"\s+", header=None, names=names, dtype=str)
    days = pd.to_datetime(log["date"], format="%Y%m%d").dt.strftime("%Y-%m-%d")
    return log.assign(date=days, amount=log["amount"].astype(float))[["customer", "date", "amount"]]


@pytest.fixture(scope="module")
def cdnow_answer(cdnow):
    return lifetime_value(cdnow, until=date(1997, 9, 30), horizon=39)


def drawn(customers, seed, *, r=0.8, alpha=8.0, a=0.8, b=3.0, weeks=104, p=5.0, q=4.0, v=60.0):
    """A log of customers as the two models say."""
    rng, rows = np.random.default_rng(seed), []
    for who in range(customers):
        rate, leaves = rng.gamma(r, 1 / alpha), rng.beta(a, b)
        scale, week = rng.gamma(q, 1 / v), rng.uniform(0, 20)
        while week < weeks:
            rows.append((f"c{who}", date(2025, 1, 1) + timedelta(days=int(7 * week)), rng.gamma(p, 1 / scale)))
            if rng.random() < leaves and len(rows) > 1 and rows[-2][0] == rows[-1][0]:
                break
            week += rng.exponential(1 / rate)
    return pd.DataFrame(rows, columns=["customer", "date", "amount"])


def steady(customers, gap, count, amount=10.0):
    return pd.DataFrame(
        [
            (f"c{who}", date(2026, 1, 1) + timedelta(days=who % 7 + gap * i), amount + who % 5)
            for who in range(customers)
            for i in range(count)
        ],
        columns=["customer", "date", "amount"],
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_fit_to_cdnow_matches_the_published_one(cdnow_answer, name):
    assert cdnow_answer.figures[name] == approx(PUBLISHED[name], abs=0.01)


def test_cdnow_has_the_published_likelihood_mean_spend_and_worked_customer(cdnow_answer):
    assert cdnow_answer.figures["log_likelihood"] == approx(-9582.4, abs=0.1)
    assert cdnow_answer.figures["mean_spend"] == approx(35.17, abs=0.1)
    assert cdnow_answer.n == 2357
    # Customer 0001: x 2, t_x 30.43, T 38.86; 1.226 purchases in the next 39 weeks.
    first = cdnow_answer.rows.set_index("customer").loc["0001"]
    assert first["expected_purchases"] == approx(1.226, abs=0.001)
    assert first["value"] == approx(first["expected_purchases"] * first["spend"])
    low, high = cdnow_answer.figures["r_interval"]
    assert low < cdnow_answer.figures["r"] < high


def test_purchases_after_the_last_day_are_left_out_and_counted(cdnow_answer):
    assert cdnow_answer.excluded == {"after 30 September 1997": 1959}


def test_the_summary_that_lifetimes_ships_gives_the_same_fit():
    table = pd.read_csv(DATA / "cdnow_customers_summary.csv")
    buying = fitted_buying(table["frequency"], table["recency"], table["T"])
    assert (buying.r, buying.alpha, buying.a, buying.b) == approx((0.243, 4.414, 0.793, 2.426), abs=0.01)


def test_the_authors_worked_customer_by_their_parameters():
    assert BUYING.expected_purchases(39, [2], [30.43], [38.86]) == approx([1.226], abs=5e-4)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 300),
    st.floats(0, 1),
    st.floats(0.5, 100),
    st.floats(0.1, 200),
    st.floats(0.3, 40),
    st.floats(0.5, 60),
)
def test_expected_purchases_are_the_mean_over_rates_and_chances_to_leave(x, recent, age, time, a, b):
    # A customer of rate l and chance p makes (1 - exp(-l p t)) / p purchases in t; l ~ Gamma, p ~ Beta after the data.
    r, alpha, t_x = 0.6, 5.0, recent * age if x else 0.0
    chances = beta_distribution(a, b + x)

    def share(p):
        return -np.expm1(-(r + x) * np.log1p(p * time / (alpha + age))) / p * chances.pdf(p)

    middle = chances.ppf([1e-9, 0.1, 0.5, 0.9, 1 - 1e-9])
    expected = sum(quad(share, low, high, epsrel=1e-6)[0] for low, high in pairwise([0, *middle, 1]))
    buying = Buying(r, alpha, a, b, 0.0)
    got = buying.expected_purchases(time, [x], [t_x], [age])[0]
    assert got == approx(expected * buying.alive([x], [t_x], [age])[0], rel=1e-4, abs=1e-9)


def test_a_equal_to_one_and_chances_that_hardly_differ_have_finite_figures():
    for a, b in ((1.0, 2.0), (1e5, 3e5), (1e-4, 1e4)):
        got = Buying(0.5, 4.0, a, b, 0.0).expected_purchases(52, [900, 3, 0], [104, 50, 0], [104, 104, 104])
        assert np.isfinite(got).all()
        assert (got >= 0).all()


@pytest.mark.parametrize("surface", ["buying", "spending"])
def test_the_slopes_of_the_likelihoods_are_those_of_differences(surface):
    from scipy.optimize import check_grad

    x, t_x, T, count = (
        np.array([[0, 1, 3, 0], [0, 5, 20, 0], [30, 30, 40, 12], [5, 2, 1, 7]], dtype=float).T.reshape(4, 4).T
    )
    if surface == "buying":
        args, logs, function = (x, t_x, T, count), np.log([0.5, 6, 0.7, 2.0]), _buying_surface
    else:
        args, logs, function = (
            (np.array([1.0, 3, 2]), np.array([0.5, 1.4, 2.0])),
            np.log([5.0, 3, 0.8]),
            _spending_surface,
        )
    assert check_grad(lambda w: function(w, *args)[0], lambda w: function(w, *args)[1], logs) < 1e-4


def test_true_values_are_recovered_from_a_drawn_log():
    answer = lifetime_value(drawn(3000, 5))
    truth = {"r": 0.8, "alpha": 8.0, "a": 0.8, "b": 3.0}
    for name, value in truth.items():
        low, high = answer.figures[f"{name}_interval"]
        assert low * 0.9 < value < high * 1.1, name
    assert answer.figures["mean_spend"] == approx(5 * 60 / 3, rel=0.05)
    assert answer.warnings == ()


@pytest.mark.parametrize("company", [ADAPTIVE_TEST, FORNO_AURORA], ids=lambda company: company.plan)
def test_the_true_values_of_the_sample_studies_lie_within_the_intervals(company):
    truth = company.purchases
    end = truth.first_day + timedelta(weeks=truth.weeks)
    answer = lifetime_value(pd.read_csv(f"data/samples/tables/{company.plan}-purchases.csv"), until=end, alpha=0.002)
    for name in ("r", "alpha", "a", "b"):
        low, high = answer.figures[f"{name}_interval"]
        assert low < getattr(truth, name) < high
    assert answer.figures["mean_spend"] == approx(truth.mean_amount, rel=0.12)
    worth = answer.rows.groupby("segment")["value"].mean()
    assert worth.max() > 2 * worth.min()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 5), st.floats(0.01, 1000))
def test_order_of_rows_names_and_currency_change_nothing_but_the_money(seed, times):
    log = drawn(120, 3)
    plain = lifetime_value(log)
    other = log.assign(amount=log["amount"] * times, customer="x" + log["customer"]).sample(frac=1, random_state=seed)
    turned = lifetime_value(other)
    for name in ("r", "alpha", "a", "b"):
        assert turned.figures[name] == approx(plain.figures[name], rel=1e-6)
    value = turned.rows.set_index(turned.rows["customer"].str[1:])["value"]
    assert value.to_numpy() == approx(
        plain.rows.set_index("customer")["value"].loc[value.index].to_numpy() * times, rel=1e-4
    )


def test_a_unit_of_days_stretches_alpha_and_leaves_purchases():
    log = drawn(200, 4)
    weeks, days = lifetime_value(log, horizon=10), lifetime_value(log, unit="day", horizon=70)
    assert days.figures["alpha"] == approx(7 * weeks.figures["alpha"], rel=1e-4)
    assert days.rows["expected_purchases"].to_numpy() == approx(weeks.rows["expected_purchases"].to_numpy(), rel=1e-4)


def test_discounting_is_the_sum_over_the_days_the_purchases_fall_on():
    log = drawn(60, 4)
    plain, less = lifetime_value(log, horizon=104), lifetime_value(log, horizon=104, discount=0.2)
    table = customer_summary(log).table
    buying = Buying(**{name: plain.figures[name] for name in ("r", "alpha", "a", "b", "log_likelihood")})
    steps = np.arange(0, 105)
    until = [buying.expected_purchases(t, table["frequency"], table["recency"], table["age"]) for t in steps]
    by_week = sum(
        (b - a) * 1.2 ** (-(t + 0.5) * 7 / 365.25) for t, a, b in zip(steps, until[:-1], until[1:], strict=False)
    )
    assert (less.rows["value"] / less.rows["spend"]).to_numpy() == approx(by_week, rel=1e-4)
    assert (less.rows["value"] < plain.rows["value"]).all()


def test_segments_are_kept_and_that_of_the_last_purchase_counts():
    log = drawn(50, 1)
    log["segment"] = "old"
    log.loc[log.groupby("customer").tail(1).index, "segment"] = "new"
    assert set(lifetime_value(log).rows["segment"]) == {"new"}


def test_rows_that_cannot_count_are_left_out_by_reason():
    log = drawn(60, 2).astype({"date": str})
    bad = pd.DataFrame(
        {
            "customer": [None, "c1", "c1", "c1", "c2"],
            "date": ["2026-01-01", "2026-02-30", "soon", "2026-01-01", "2026-01-01"],
            "amount": [5, 5, 5, "much", -12.5],
        }
    )
    answer, plain = lifetime_value(pd.concat([log, bad])), lifetime_value(log)
    assert list(answer.excluded.values()) == [1, 2, 1, 1]
    assert "refund" in list(answer.excluded)[-1]
    assert answer.figures["r"] == plain.figures["r"]


def test_purchases_of_one_day_are_one_and_repeated_rows_are_named():
    log = drawn(60, 2)
    split = pd.concat([log.assign(amount=log["amount"] / 2)] * 2)
    answer = lifetime_value(split)
    assert answer.figures["r"] == approx(lifetime_value(log).figures["r"])
    assert answer.figures["v"] == approx(lifetime_value(log).figures["v"], rel=1e-4)
    assert any("repeat others" in warning for warning in answer.warnings)


def test_regular_gaps_point_to_retention_and_irregular_ones_do_not():
    assert any("`retention`" in warning for warning in lifetime_value(steady(40, 30, 8)).warnings)
    assert not any("`retention`" in warning for warning in lifetime_value(drawn(400, 8)).warnings)


def test_conditions_without_an_answer_are_named():
    log = drawn(40, 1)
    with pytest.raises(AnalysisError, match="Nobody bought a second time"):
        lifetime_value(log.drop_duplicates("customer"))
    with pytest.raises(AnalysisError, match=r"2199.*in the future"):
        lifetime_value(
            pd.concat([log.astype({"date": str}), pd.DataFrame([("c1", "2199-01-01", 5.0)], columns=log.columns)])
        )
    with pytest.raises(AnalysisError, match="No purchase can be used"):
        lifetime_value(log, until=date(1999, 1, 1))
    with pytest.raises(TableError, match='no column "amount"'):
        lifetime_value(log.drop(columns="amount"))
    with pytest.raises(AnalysisError, match="horizon"):
        lifetime_value(log, horizon=0)
    with pytest.raises(AnalysisError, match="discount"):
        lifetime_value(log, discount=-0.1)
    with pytest.raises(ParameterError, match="day, week, month"):
        lifetime_value(log, unit="year")
    with pytest.raises(AnalysisError, match="after the end"):
        fitted_buying([1], [5], [4])
    with pytest.raises(AnalysisError, match="two customers or more"):
        fitted_spending([0, 2], [0, 5])


@pytest.mark.parametrize("amount", [5.0, 0.0])
def test_without_spread_in_the_amounts_their_mean_stands_in(amount):
    answer = lifetime_value(steady(40, 9, 4).assign(amount=amount), horizon=10)
    assert answer.figures["p"] is None
    assert answer.figures["mean_spend"] == amount
    assert (answer.rows["value"] == answer.rows["expected_purchases"] * amount).all()
    assert any("mean of the repeat purchases" in warning for warning in answer.warnings)


@pytest.mark.parametrize("until", [None, date(2026, 6, 1)])
def test_duckdb_reduces_a_log_to_the_same_summary(until):
    log = drawn(80, 6).assign(segment="s")
    bad = pd.DataFrame([("c1", "2026-01-01", -3.0, "s"), ("c2", "never", 2.0, "s")], columns=log.columns)
    text = pd.concat([log, bad]).astype(str)
    summary = customer_summary(text, until=until)
    by_duckdb = reduced(duckdb.from_df(text), until=until)
    pd.testing.assert_frame_equal(by_duckdb, summary.table, check_dtype=False)
    assert by_duckdb.attrs["purchases"]["excluded"] == summary.excluded
    assert lifetime_value(by_duckdb).figures["v"] == approx(lifetime_value(text, until=until).figures["v"], rel=1e-5)


def test_expected_amounts_lie_between_the_customers_mean_and_that_of_all():
    spending = Spending(6.25, 3.74, 15.44, 35.17)
    got = spending.expected_amount([0, 1, 50], [np.nan, 80, 80])
    assert got[0] == 35.17
    assert 35.17 < got[1] < got[2] < 80


def test_the_simple_value_with_and_without_the_first_margin():
    # Gupta & Lehmann (2003): at 12 % and 80 % retention the multiple is 2.5 without the first margin.
    assert simple_lifetime_value(1, 0.8, 0.12, first_margin=False) == approx(2.5)
    assert simple_lifetime_value(1, 0.8, 0.12) == approx(3.5)
    with pytest.raises(AnalysisError, match="no end"):
        simple_lifetime_value(1, 1, 0)
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        simple_lifetime_value(1, 1.2, 0)


def test_the_command_reads_days_and_answers_in_plain_json(tmp_path):
    path = tmp_path / "log.csv"
    drawn(60, 2).to_csv(path, index=False)
    entry = analysis("lifetime-value")
    said = entry.answer(entry.read(path), horizon=10).as_json()
    assert len(said["rows"]) == said["n"] == 60
    assert set(said["rows"][0]) == {"customer", "expected_purchases", "alive", "stays", "spend", "value"}
    assert all(key.name in said for key in entry.figures)


def test_the_chance_to_stay_is_that_of_customers_drawn_from_the_model():
    buying = Buying(0.8, 10.0, 1.2, 5.0, 0.0)
    rng = np.random.default_rng(1)
    rate, leaving = rng.gamma(buying.r, 1 / buying.alpha, 400_000), rng.beta(buying.a, buying.b, 400_000)
    # How likely each drawn customer is to have bought twice by week 30 and still be one; then to stay 26 weeks more.
    weight = rate**2 * (1 - leaving) ** 2 * np.exp(-rate * 30)
    expected = (weight * np.exp(-rate * leaving * 26)).sum() / weight.sum()
    assert buying.staying(26, [2], [20], [30])[0] == pytest.approx(expected, abs=0.002)
    assert buying.staying(0, [2], [20], [30])[0] == 1
