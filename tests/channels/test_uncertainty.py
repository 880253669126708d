import itertools
import math

import numpy as np
import pytest

from workbook.channels.allocation import ChannelOption, GroupLimit, allocate
from workbook.channels.response import Exponential, Hill
from workbook.channels.uncertainty import (
    Doubt,
    best_splits,
    drawn_factors,
    outlook,
    robust_split,
    worth_of_tests,
)
from workbook.errors import AnalysisError

TWO = [ChannelOption("sure", Exponential(100, 50)), ChannelOption("unsure", Exponential(100, 50))]


def test_low_and_high_hold_the_truth_four_times_in_five_and_the_likely_figure_is_their_middle():
    factors = drawn_factors([Doubt(0.6, 1.5), Doubt()], draws=40_000)
    assert np.quantile(factors[:, 0], [0.1, 0.5, 0.9]) == pytest.approx([0.6, 1, 1.5], abs=0.01)
    assert (factors[:, 1] == 1).all()
    assert (drawn_factors([Doubt(0, 4)]) >= 0).all()


def test_draws_are_the_same_at_every_call():
    assert (drawn_factors([Doubt(0.5, 2)], seed=3) == drawn_factors([Doubt(0.5, 2)], seed=3)).all()
    assert (drawn_factors([Doubt(0.5, 2)], seed=3) != drawn_factors([Doubt(0.5, 2)], seed=4)).any()


def test_the_outlook_counts_the_draws_that_reach_the_goal():
    got = outlook(np.arange(1.0, 101.0), goal=81)
    assert got.mean == 50.5
    assert got.worst_tenth == 5.5  # mean of 1..10
    assert got.chance == 0.2
    assert (got.low, got.high) == pytest.approx((10.9, 90.1))
    assert outlook(np.ones(10)).chance is None


def test_the_robust_split_prefers_the_surer_of_two_channels_alike():
    factors = drawn_factors([Doubt(), Doubt(0.3, 1.7)])
    spend, brings = robust_split(TWO, 100, factors)
    assert allocate(TWO, 100).table["spend"].tolist() == pytest.approx([50, 50], abs=0.01)
    assert spend[0] > 55
    even = factors @ np.array([100 * (1 - math.exp(-1))] * 2)
    assert brings > np.sort(even)[:100].mean()


def test_the_robust_split_is_as_good_as_any_on_a_grid():
    rng = np.random.default_rng(4)
    for _ in range(4):
        options = [ChannelOption(f"c{i}", Hill(rng.uniform(50, 150), rng.uniform(20, 60), 1)) for i in range(3)]
        factors = drawn_factors([Doubt(rng.uniform(0.3, 0.9), rng.uniform(1.1, 1.6)) for _ in options])
        grid = [(a, b, 100 - a - b) for a, b in itertools.product(range(0, 101, 5), repeat=2) if a + b <= 100]
        outcomes = np.array(
            [[float(o.curve.outcome(s)) for o, s in zip(options, split, strict=True)] for split in grid]
        )
        worst = np.sort(factors @ outcomes.T, axis=0)[:100].mean(axis=0)
        assert robust_split(options, 100, factors)[1] >= worst.max() * 0.999


def test_a_test_of_a_channel_that_is_sure_is_worth_nothing():
    worth = worth_of_tests(TWO, 100, drawn_factors([Doubt(), Doubt(0.3, 1.7)]))
    assert worth[0] == 0
    assert worth[1] > 0.1


def test_the_worth_of_a_test_is_the_gain_of_splitting_anew_in_every_draw():
    factors = drawn_factors([Doubt(), Doubt(0.2, 1.8)], draws=40)
    mean = factors.mean(axis=0)

    def best(factor):
        scaled = [ChannelOption("a", Exponential(100, 50)), ChannelOption("b", Exponential(100 * factor, 50))]
        return allocate(scaled, 100).outcome

    by_hand = np.mean([best(f) for f in factors[:, 1]]) - best(mean[1])
    assert worth_of_tests(TWO, 100, factors)[1] == pytest.approx(by_hand, rel=0.01)


def test_every_draw_is_split_as_the_allocator_splits_it():
    rng = np.random.default_rng(1)
    options = [
        ChannelOption(f"c{i}", Hill(rng.uniform(50, 90), rng.uniform(10, 60), 1.5), maximum=70) for i in range(4)
    ]
    factors = drawn_factors([Doubt(0.5, 1.5)] * 4, draws=1, seed=7)
    got = best_splits(options, 100, factors)
    scaled = [
        ChannelOption(o.name, Hill(o.curve.maximum * f, o.curve.half_spend, 1.5), maximum=70)
        for o, f in zip(options, factors[0], strict=True)
    ]
    assert got["median"].tolist() == pytest.approx(allocate(scaled, 100).table["spend"].tolist(), abs=1.0)


def test_limits_hold_in_every_draw():
    options = [
        ChannelOption("owed", Exponential(1, 50), minimum=30),
        ChannelOption("gated", Exponential(90, 50), minimum=40, optional=True),
        ChannelOption("capped", Exponential(100, 50), maximum=20),
    ]
    got = best_splits(options, 100, drawn_factors([Doubt(0.2, 2)] * 3)).set_index("channel")
    assert got.loc["owed", "low"] >= 30
    assert got.loc["capped", "high"] <= 20
    spend, _brings = robust_split(options, 100, drawn_factors([Doubt(0.2, 2)] * 3))
    assert spend[0] >= 30
    assert spend[1] == 0 or spend[1] >= 40


def test_a_range_that_does_not_hold_its_middle_is_refused():
    with pytest.raises(AnalysisError, match="must rise"):
        drawn_factors([Doubt(1.2, 1.5)])


def test_nothing_to_split_is_worth_no_test():
    assert worth_of_tests(TWO, 0, drawn_factors([Doubt(0.5, 2)] * 2)).tolist() == [0, 0]
    assert robust_split(TWO, 0, drawn_factors([Doubt(0.5, 2)] * 2))[0].tolist() == [0, 0]


def test_groups_hold_in_every_draw_and_in_what_a_test_is_worth():
    groups, level = [GroupLimit("g", 20, 50)], np.arange(101)
    options = [ChannelOption(f"c{i}", Hill(10 + 9 * i, 30), group="g" if i else "") for i in range(3)]
    factors = drawn_factors([Doubt(0.5, 1.5)] * 3, draws=40)
    worth = worth_of_tests(options, 100, factors, groups=groups)
    # By hand, over every split of 100 in whole units of which c1 and c2 get 20 to 50 together.
    first, second = (axis.ravel() for axis in np.meshgrid(level, level))
    allowed = (first + second >= 20) & (first + second <= 50)
    spends = np.stack([100 - first - second, first, second])[:, allowed]
    brings = np.stack([o.curve.outcome(s) for o, s in zip(options, spends, strict=True)])
    mean = factors.mean(axis=0)
    best = (mean @ brings).max()
    for i in range(3):
        known = [((mean @ brings) + (factor - mean[i]) * brings[i]).max() for factor in factors[:, i]]
        assert worth[i] == pytest.approx(np.mean(known) - best, abs=2e-3)
    table = best_splits(options, 100, factors, groups=groups, steps=100).set_index("channel")
    drawn = spends[:, np.argmax(factors @ brings, axis=1)]
    assert table["median"].tolist() == pytest.approx(np.median(drawn, axis=1).tolist(), abs=1)
    spend, brought = robust_split(options, 100, factors, groups=groups)
    assert 20 - 1e-9 <= spend[1:].sum() <= 50 + 1e-9
    assert brought >= np.sort(factors @ brings, axis=0)[:4].mean(axis=0).max() * 0.999
