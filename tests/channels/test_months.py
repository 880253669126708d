import numpy as np
import pytest

from workbook.channels.allocation import ChannelOption, GroupLimit, allocate
from workbook.channels.months import arrivals, by_period, profile
from workbook.channels.response import Hill
from workbook.errors import AnalysisError

PLAIN = [arrivals(12)] * 3


def options(*curves, **limits):
    return [ChannelOption(f"c{i}", curve, **limits) for i, curve in enumerate(curves)]


def test_spend_follows_the_season_and_the_ramp():
    assert profile(4).tolist() == [0.25] * 4
    assert profile(3, ramp=2).tolist() == pytest.approx([1 / 6, 2 / 6, 3 / 6])
    # From December on: December, January.
    assert profile(2, season=[300, *[1] * 10, 100], first=12).tolist() == [0.25, 0.75]
    with pytest.raises(AnalysisError, match="season 0"):
        profile(3, season=[0] * 12)


def test_what_a_month_brings_comes_late_and_fades():
    effect = arrivals(4, lag=1, carryover=0.5)
    assert effect[:, 0].tolist() == [0, 0.5, 0.25, 0.125]
    assert effect[:, 3].tolist() == [0, 0, 0, 0]
    assert (arrivals(3) == np.eye(3)).all()


def test_without_carryover_and_cash_limits_the_search_finds_what_is_proven():
    # Concave curves with even seasons: spreading each channel's money evenly is best.
    channels = options(Hill(90, 40), Hill(60, 10), Hill(30, 5))
    got, proven = by_period(channels, 100, PLAIN), allocate(channels, 100)
    assert got.outcome <= proven.upper_bound * (1 + 1e-9)
    assert got.outcome == pytest.approx(proven.outcome, rel=1e-4)
    assert got.spend.sum(axis=1) == pytest.approx(proven.table["spend"].tolist(), abs=1)


def test_cash_of_a_month_and_limits_of_a_channel_hold():
    cash = np.array([3.0, 20.0, 10.0])
    channels = [
        ChannelOption("a", Hill(90, 40), maximum=12),
        ChannelOption("b", Hill(60, 10), minimum=10),
        ChannelOption("c", Hill(60, 10, 2), minimum=5, optional=True),
    ]
    effects = [arrivals(3, carryover=0.4), arrivals(3, lag=1), arrivals(3)]
    got = by_period(channels, 30, effects, cash=cash)
    assert (got.spend >= 0).all()
    assert (got.spend.sum(axis=0) <= cash * (1 + 1e-9)).all()
    assert got.spend[0].sum() <= 12 * (1 + 1e-9)
    assert got.spend[1].sum() >= 10 * (1 - 1e-9)
    assert got.spend.sum() == pytest.approx(30)


def test_money_is_spent_while_it_can_still_work():
    # What is spent in the last two months of a channel with a lag of two comes too late.
    got = by_period(options(Hill(90, 40)), 30, [arrivals(6, lag=2)])
    assert got.spend[0, 4:].sum() < 0.3


def test_the_search_beats_a_thousand_random_plans():
    rng = np.random.default_rng(2)
    channels = options(Hill(90, 40, 1.5), Hill(60, 10), Hill(50, 30))
    effects = [arrivals(6, carryover=0.6), arrivals(6, lag=1, carryover=0.2), arrivals(6)]
    cash, season = np.array([30.0, 10, 10, 10, 30, 30]), np.array([1, 1, 0.5, 0.5, 1.5, 1.5])
    got = by_period(channels, 90, effects, cash=cash, season=season)

    def outcome(spend):
        return sum(
            float((c.curve.outcome(6 * (effect @ row)) * season).mean())
            for c, effect, row in zip(channels, effects, spend, strict=True)
        )

    assert got.outcome == pytest.approx(outcome(got.spend))
    for _ in range(1000):
        months = np.minimum(rng.dirichlet(np.ones(6)) * 90, cash)
        assert outcome(rng.dirichlet(np.ones(3), size=6).T * months) <= got.outcome


def test_too_little_cash_for_what_channels_must_get_is_refused_by_name():
    with pytest.raises(AnalysisError, match="c0"):
        by_period(options(Hill(9, 4), minimum=20), 30, [arrivals(3)], cash=5)


def test_no_budget_spends_nothing():
    assert by_period(options(Hill(9, 4)), 0, [arrivals(3)]).spend.tolist() == [[0, 0, 0]]


def test_groups_hold_over_all_periods():
    channels = [ChannelOption(f"c{i}", Hill(90, 40), group="g" if i else "") for i in range(3)]
    for least, most in ((0, 12), (25, 100), (17, 17)):
        got = by_period(channels, 30, [arrivals(3)] * 3, groups=[GroupLimit("g", least, most)], cash=10)
        assert least * (1 - 1e-9) <= got.spend[1:].sum() <= most * (1 + 1e-9)
        assert got.spend.sum() == pytest.approx(30)
    with pytest.raises(AnalysisError, match="31"):
        by_period(channels, 40, [arrivals(3)] * 3, groups=[GroupLimit("g", 31)], cash=10)
