"""Curves drawn from known truths come back; histories that say too little are refused in words."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.channels import weekly
from data.studies.truth import Channel, Mix
from workbook.channels.fitting import fitted, response_curve
from workbook.channels.history import needed_periods, read_history
from workbook.channels.response import Hill
from workbook.errors import AnalysisError, TableError
from workbook.shipped import shipped

PLAIN = dataclasses.replace(
    ADAPTIVE_TEST.mix,
    base=120.0,
    trend=10.0,
    season=20.0,
    events=20.0,
    channels={
        "tv": Channel(52 * 120, 52 * 900, 2.5, 0.7, 1.0, 52 * 600, "flights"),
        "search": Channel(52 * 100, 52 * 400, 1.0, 0.1, 1.0, 52 * 500, "steady"),
        "social": Channel(52 * 80, 52 * 700, 1.5, 0.4, 1.0, 52 * 400, "flights"),
    },
)


def history(mix: Mix, seed: int) -> pd.DataFrame:
    return weekly(mix, np.random.default_rng(seed))


def steady(mix: Mix, channel: str, spend: float) -> float:
    """Return what so much a week truly brings in a week, once the stock has settled."""
    return float(mix.channels[channel].weekly_outcome(np.full(200, spend))[-1])


def inside(mix: Mix, seed: int, levels=(0.5, 1.0, 2.0)) -> list[bool]:
    """Return whether the 80 % interval of each channel, at each multiple of its mean spend, holds the truth."""
    fit = fitted(read_history(history(mix, seed)), seed=seed)
    found = []
    for one in fit.channels:
        low, high = one.belief.band(one.spend * np.array(levels))
        truth = [steady(mix, one.channel, one.spend * level) for level in levels]
        found += [bool(a <= t <= b) for a, t, b in zip(low, truth, high, strict=True)]
    return found


def test_the_true_curves_of_a_plain_history_come_back():
    answer = response_curve(history(PLAIN, 3))
    rows = answer.rows.set_index("channel")
    for name, channel in PLAIN.channels.items():
        # At twice the mean spend: flights take the stock there, and further down the S is hidden in the noise.
        row = rows.loc[name]
        curve = Hill(row["maximum_outcome"], row["half_spend"], row["shape"])
        truth = steady(PLAIN, name, 2 * row["spend"])
        assert float(curve.outcome(2 * row["spend"])) == pytest.approx(truth, rel=0.25), name
        assert row["carryover"] == pytest.approx(channel.carryover, abs=0.15), name
    assert rows["carryover"].idxmax() == "tv"
    assert rows["shape"].idxmax() == "tv"
    assert answer.figures["fit"] > 0.8
    assert (answer.n, answer.figures["periods"]) == (312, 104)


def test_without_noise_the_parameters_themselves_come_back():
    # Outcome by hand: 20 + 50 s^2 / (300^2 + s^2), s the stock with a carryover of 0.5.
    rng = np.random.default_rng(1)
    spend = rng.gamma(1.5, 300, 120)
    stock = np.zeros(120)
    for t in range(120):
        stock[t] = 0.5 * spend[t] + 0.5 * (stock[t - 1] if t else 0)
    table = pd.DataFrame({"period": range(120), "channel": "ads", "spend": spend})
    table["outcome"] = 20 + 50 * stock**2 / (300**2 + stock**2)
    answer = response_curve(table)
    row = answer.rows.iloc[0]
    found = row[["maximum_outcome", "half_spend", "shape", "carryover"]].tolist()
    assert found == pytest.approx([50, 300, 2, 0.5], rel=2e-3)
    assert answer.figures["base"] == pytest.approx(20, rel=5e-3)
    summed = response_curve(table, adstock="summed").rows.iloc[0]
    assert summed["half_spend"] == pytest.approx(2 * row["half_spend"])


def test_an_attributed_exponential_history_comes_back():
    rng = np.random.default_rng(2)
    spend = rng.gamma(2, 100, (60, 2))
    outcome = [40, 15] * (1 - np.exp(-spend / [150, 400]))
    table = pd.DataFrame(
        [(t, name, spend[t, i], outcome[t, i]) for t in range(60) for i, name in enumerate(["a", "b"])],
        columns=["period", "channel", "spend", "outcome"],
    )
    rows = response_curve(table, attributed=True, kind="exponential").rows.set_index("channel")
    assert rows["maximum_outcome"].to_dict() == pytest.approx({"a": 40, "b": 15}, rel=0.02)
    assert rows["scale"].to_dict() == pytest.approx({"a": 150, "b": 400}, rel=0.03)
    assert rows["carryover"].max() < 0.02


def test_the_answer_does_not_depend_on_the_units_of_money_or_outcome():
    table = history(PLAIN, 4)
    one = response_curve(table).rows
    other = response_curve(table.assign(spend=table["spend"] * 1e6, outcome=table["outcome"] / 1e3)).rows
    assert (other["half_spend"] / one["half_spend"]).tolist() == pytest.approx([1e6] * 3, rel=1e-3)
    assert (other["outcome"] / one["outcome"]).tolist() == pytest.approx([1e-3] * 3, rel=1e-3)


def test_intervals_of_a_few_histories_hold_the_truth():
    found = [hit for seed in range(4) for hit in inside(PLAIN, seed)]
    assert 0.6 < np.mean(found) <= 1


@pytest.mark.slow
def test_four_in_five_intervals_hold_the_truth_over_a_hundred_histories():
    # The synthetic history of the sample, drawn anew with each seed; at each channel's mean spend, and at twice that.
    # Little is to be seen of its small channels, and there the priors make the intervals wider than they need to be.
    share = np.mean([inside(ADAPTIVE_TEST.mix, seed, (1.0, 2.0)) for seed in range(100)])
    print(f"coverage of 80 % intervals over 100 seeds: {share:.1%}")
    assert 0.7 <= share <= 0.9


def test_the_shipped_history_is_read_with_its_controls():
    table = pd.read_csv(shipped("data") / "samples" / "tables" / "adaptive-test-weekly.csv")
    fit = fitted(read_history(table))
    assert fit.history.control_names == ("trend", "season", "events")
    assert fit.r_squared > 0.6
    assert not any(one.falling for one in fit.channels)


def test_three_weeks_are_refused_with_what_would_be_enough():
    table = history(PLAIN, 1)
    short = table[table["period"].isin(table["period"].unique()[:3])]
    with pytest.raises(AnalysisError, match=r"Periods in the history: 3\. Needed for 3 channels and 2 controls: 22"):
        response_curve(short)
    assert needed_periods(6, 3) == 35


def test_a_falling_curve_is_named():
    rng = np.random.default_rng(0)
    spend = rng.gamma(2, 100, 60)
    table = pd.DataFrame(
        {"period": range(60), "channel": "post", "spend": spend, "outcome": 100 - spend / 10 + rng.normal(0, 3, 60)}
    )
    answer = response_curve(table)
    assert "More spend went with less outcome in: post." in answer.warnings[0]
    assert answer.rows["outcome"].iloc[0] < 5


def test_few_periods_come_with_a_warning_and_text_columns_are_no_controls():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"period": range(24), "channel": "post", "spend": rng.gamma(2, 100, 24), "outcome": rng.gamma(9, 10, 24)}
    )
    answer = response_curve(table.assign(region="north"))
    assert any("Only 24 periods" in warning for warning in answer.warnings)
    assert any("region" in warning for warning in answer.warnings)


@pytest.mark.parametrize(
    ("less", "words"),
    [(0, "Column ROI is outcome over spend: ROAS, not ROI, which is 1 less"), (1, "outcome over spend less 1")],
)
def test_a_return_beside_the_outcome_is_named_and_no_control(less, words):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"period": range(40), "channel": "post", "spend": rng.gamma(2, 100, 40)})
    table["outcome"] = 300 + 3 * table["spend"] + rng.normal(0, 20, 40)
    table["ROI"] = (table["outcome"] / table["spend"] - less).round(2)
    answer = response_curve(table)
    assert any(words in warning for warning in answer.warnings)
    assert answer.rows["outcome"].iloc[0] == response_curve(table.drop(columns="ROI")).rows["outcome"].iloc[0]


TABLE = pd.DataFrame({"period": range(30), "channel": "post", "spend": 5.0, "outcome": 9.0})


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"spend": -1}, AnalysisError, "has a spend of −1 in 0"),
        ({"spend": 0}, AnalysisError, "No channel ever spent"),
        ({"spend": "x"}, AnalysisError, "No row has a period"),
        ({"outcome": float("inf")}, AnalysisError, "No row has a period"),
    ],
)
def test_histories_that_cannot_be_read_are_refused(change, error, words):
    with pytest.raises(error, match=words):
        response_curve(TABLE.assign(**change))
    with pytest.raises(TableError, match='no column "spend"'):
        response_curve(TABLE.drop(columns="spend"))


@pytest.mark.parametrize("spend", [float("inf"), "n/a", None])
def test_a_period_with_a_spend_that_cannot_be_read_is_left_out_as_a_whole(spend):
    table = history(PLAIN, 3).astype({"spend": object})
    periods = table["period"].unique()
    table.loc[(table["period"] == periods[50]) & (table["channel"] == "tv"), "spend"] = spend
    read = read_history(table)
    assert len(read.periods) == len(periods) - 1
    assert str(periods[50]) not in read.periods
    assert read.excluded == {
        "spend or outcome is missing or no finite number": 1,
        "another channel of the same period has no spend or outcome": len(PLAIN.channels) - 1,
    }


def test_outcomes_that_differ_within_a_period_ask_for_attributed():
    two = pd.concat([TABLE, TABLE.assign(channel="talks", outcome=3.0)])
    with pytest.raises(AnalysisError, match="say --attributed"):
        response_curve(two)


def test_a_history_that_never_varies_gives_finite_figures_and_says_so():
    answer = response_curve(TABLE)
    assert np.isfinite(answer.rows.drop(columns=["channel", "kind", "evidence"]).to_numpy(dtype=float)).all()
    assert any("Always the same spend" in warning for warning in answer.warnings)


def test_months_in_any_order_are_put_in_order_of_time():
    rows = pd.DataFrame(
        {"period": [f"2026-{m:02d}" for m in range(1, 13)] + [f"2025-{m:02d}" for m in range(1, 13)]}
    ).assign(channel="post", spend=range(24), outcome=1.0)
    assert read_history(rows).periods[:2] == ("2025-01", "2025-02")
    numbered = pd.DataFrame({"period": [str(i) for i in range(24)], "channel": "a", "spend": range(24), "outcome": 1})
    assert read_history(numbered).periods[9:11] == ("9", "10")
