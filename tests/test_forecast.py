"""Forecasts against known series, and plans re-forecast from what has come of them."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError, TableError
from workbook.forecast import forecast, reforecast

# Oil production of Saudi Arabia, million tonnes, 1996 to 2007: Hyndman & Athanasopoulos, "Forecasting", section on
# simple exponential smoothing; statsmodels' own example forecasts 496.49 with an optimised alpha of 0.892.
OIL = [446.6565, 454.4733, 455.663, 423.6322, 456.2713, 440.5881, 425.3325, 485.1494, 506.0482, 526.792, 514.2689]
OIL += [494.211]


def months(values, start="2020-01-01", **columns):
    dates = pd.date_range(start, periods=len(values), freq="MS").date
    return pd.DataFrame({"date": dates, "value": values} | columns)


def test_simple_smoothing_gives_the_published_forecast():
    from workbook.forecast import _ahead

    path, low, high = _ahead("simple", np.array(OIL), 1, 3, 0.05, 0)
    assert path == pytest.approx([496.49] * 3, abs=0.05)
    assert (np.diff(high - low) > 0).all(), "further ahead is less sure"


def test_a_trend_with_a_season_goes_on_and_beats_the_naive_forecast():
    t = np.arange(48)
    values = 100 + 2 * t + 20 * np.sin(2 * np.pi * t / 12)
    answer = forecast(months(values), periods=6)
    ahead = np.arange(48, 54)
    assert answer.rows["forecast"].to_numpy() == pytest.approx(
        100 + 2 * ahead + 20 * np.sin(2 * np.pi * ahead / 12), rel=0.01
    )
    assert answer.figures["model"] == "additive"
    assert answer.figures["backtest_error"] < 0.1 * answer.figures["naive_error"]
    assert answer.rows["date"].tolist()[:2] == ["2024-01-01", "2024-02-01"]


def test_a_line_goes_on_as_a_line():
    answer = forecast(months(10 + 3.0 * np.arange(20)), periods=4, season=1)
    assert answer.rows["forecast"].tolist() == pytest.approx([70, 73, 76, 79], rel=1e-3)


def test_the_naive_error_is_that_of_the_last_value_repeated():
    # Rising by one: one ahead it misses 1, two ahead 2, three ahead 3.
    answer = forecast(months(np.arange(1.0, 13)), periods=3, season=1)
    assert answer.figures["naive_error"] == pytest.approx(2)


def test_series_are_forecast_apart_in_a_row_each():
    table = pd.concat([months([5.0] * 12, series="a"), months(10 + np.arange(12.0), series="b")])
    answer = forecast(table, periods=2)
    assert answer.rows["series"].tolist() == ["a", "a", "b", "b"]
    assert set(answer.figures["backtest_error"]) == {"a", "b"}
    assert answer.figures["backtest_error"]["a"] == pytest.approx(0, abs=1e-9)
    assert len(answer.warnings) >= 2, "twelve values are few"


@pytest.mark.parametrize(
    ("freq", "start", "following"),
    [
        ("D", "2027-03-01", "2027-03-13"),
        ("B", "2027-03-01", "2027-03-17"),
        ("W-WED", "2027-03-03", "2027-05-26"),
        ("ME", "2027-01-31", "2028-01-31"),
        ("QS", "2024-01-01", "2027-01-01"),
        ("YS", "2010-01-01", "2022-01-01"),
    ],
)
def test_dates_go_on_in_their_own_step(freq, start, following):
    dates = pd.date_range(start, periods=12, freq=freq)
    answer = forecast(pd.DataFrame({"date": dates.strftime("%Y-%m-%d"), "value": range(12)}), periods=1)
    assert answer.rows["date"].tolist() == [following]


def test_months_on_whichever_day_are_months():
    dates = pd.date_range("2027-01-01", periods=12, freq="MS") + pd.Timedelta(days=14)
    assert forecast(pd.DataFrame({"date": dates, "value": range(12)}), periods=1).rows["date"].tolist() == [
        "2028-01-01"
    ]


def test_a_missing_month_is_filled_in_and_said_and_a_second_one_left_out():
    table = months(10.0 + np.arange(30))
    gap = pd.concat([table.drop(index=7), table.iloc[[3]]])
    answer = forecast(gap, periods=1)
    assert sum(answer.excluded.values()) == 1
    assert any("filled in on a straight line" in warning for warning in answer.warnings)


def test_what_was_never_below_zero_is_not_forecast_below_zero():
    falling = forecast(months(np.maximum(50 - 3.0 * np.arange(20), 0)), periods=12, season=1)
    assert (falling.rows[["forecast", "low", "high"]] >= 0).all().all()


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=14))
def test_any_series_gets_finite_figures_with_the_forecast_inside_its_interval(values):
    rows = forecast(months(values), periods=2).rows
    assert np.isfinite(rows[["forecast", "low", "high"]].to_numpy(dtype=float)).all()
    assert ((rows["low"] <= rows["forecast"]) & (rows["forecast"] <= rows["high"])).all()


def test_series_that_cannot_be_forecast_are_refused_in_words():
    with pytest.raises(AnalysisError, match="too few values to forecast, 5"):
        forecast(months([1.0] * 5))
    odd = pd.DataFrame({"date": pd.date_range("2020-01-06", periods=12, freq="W-MON"), "value": 1.0})
    odd.loc[5, "date"] = pd.Timestamp("2020-02-12")
    with pytest.raises(AnalysisError, match="2020-02-12 does not fit"):
        forecast(odd)
    with pytest.raises(TableError, match='no column "value"'):
        forecast(months([1.0] * 12).drop(columns="value"))
    with pytest.raises(AnalysisError, match="No row has a date and a value"):
        forecast(months([float("inf")] * 12))


def test_actuals_stand_and_the_rest_goes_by_whichever_rule_was_nearer():
    short = reforecast([100, 100, 100, 100, 100, 100], [80, 81, 79, 80])
    assert short.rule == "proportion"
    assert short.ratio == pytest.approx(0.8)
    assert short.values == pytest.approx((80, 81, 79, 80, 80, 80))
    # One bad month that did not repeat: the plan has been nearer.
    once = reforecast([100, 100, 100, 100, 100], [60, 100, 100])
    assert (once.rule, once.total) == ("plan", 460)


def test_with_few_actuals_the_plan_stands_and_a_missing_one_is_a_forecast():
    assert reforecast([10, 10, 10], [5]).values == (5, 10, 10)
    holed = reforecast([10, 10, 10], [5, None, 8])
    assert (holed.known, holed.values) == (2, (5, 10, 8))
    assert reforecast([0, 0], [3]).ratio is None
    with pytest.raises(AnalysisError, match="3 actuals for 2"):
        reforecast([1, 2], [1, 2, 3])
    with pytest.raises(AnalysisError, match="missing or infinite"):
        reforecast([1, float("nan")], [1])


ODD = {
    "nothing": [0.0] * 36,
    "a constant": [5.0] * 36,
    "a spike": [0.0] * 20 + [1000.0] + [0.0] * 15,
    "below nothing": [-100.0 - i % 7 for i in range(36)],
    "a late start": [0.0] * 30 + [1.0, 2, 3, 4, 5, 6],
    "huge": [1e17 * (10 + i % 5) for i in range(36)],
    "tiny": [1e-12 * (10 + i % 5) for i in range(36)],
}
QUICK = ("a constant", "a spike", "below nothing")


@pytest.mark.parametrize(
    "values",
    [pytest.param(values, id=name, marks=[] if name in QUICK else pytest.mark.slow) for name, values in ODD.items()],
)
def test_an_odd_series_is_forecast_in_finite_figures_and_no_library_speaks_to_the_user(tmp_path, values):
    path = tmp_path / "values.csv"
    dates = pd.date_range("2024-01-01", periods=len(values), freq="MS").strftime("%Y-%m-%d")
    pd.DataFrame({"date": dates, "value": values}).to_csv(path, index=False)
    command = [sys.executable, "-m", "workbook.cli", "analyse", "forecast", str(path), "--periods", "3", "--json"]
    # A process of its own: a library's first import is what opens its warnings.
    got = subprocess.run(command, capture_output=True, text=True, check=True)
    assert got.stderr == ""
    said = json.loads(got.stdout)
    for row in said["rows"]:
        low, high = row["interval"]
        assert low <= row["forecast"] <= high
    assert any("all values are" in warning for warning in said.get("warnings", [])) == (len(set(values)) == 1)


@pytest.mark.parametrize("unit", [2.0**-40, 2.0**50])
def test_the_forecast_does_not_hang_on_the_unit(unit):
    values = [100 + 3 * i + 10 * (i % 4) for i in range(36)]
    dates = pd.date_range("2024-01-01", periods=36, freq="MS")
    plain, other = (
        forecast(pd.DataFrame({"date": dates, "value": [v * by for v in values]}), periods=3) for by in (1.0, unit)
    )
    assert other.figures["model"] == plain.figures["model"]
    assert (other.rows["forecast"] / unit).tolist() == pytest.approx(plain.rows["forecast"].tolist(), rel=1e-3)
