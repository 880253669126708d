"""Random problems with every kind of limit: no other method finds more, and no bound is passed."""

import math
import warnings

import numpy as np
import pytest
from scipy.optimize import minimize

from workbook.channels.allocation import ChannelOption, GroupLimit, allocate
from workbook.channels.response import Exponential, Hill

GRID = {2: 801, 3: 121, 4: 45}
"""Points a channel of the exhaustive search, by number of channels."""


def problem(seed):
    """2 to 20 channels for a budget of 1: shapes 0.5 to 4; four in five with limits, steps, on or off, groups."""
    rng = np.random.default_rng(seed)
    n, limited = int(rng.choice([2, 3, 4, *range(5, 21)])), seed % 5 > 0
    count = int(rng.integers(0, 3)) if limited else 0
    channels = [_channel(rng, i, n, count, limited=limited) for i in range(n)]
    groups = [_group(rng, f"g{k}", channels) for k in range(count) if any(c.group == f"g{k}" for c in channels)]
    return channels, groups, rng


def _channel(rng, i, n, groups, *, limited):
    maximum, width = rng.uniform(10, 100), 10 ** rng.uniform(-2, 0.3)
    curve = Hill(maximum, width, rng.uniform(0.5, 4)) if rng.random() < 0.7 else Exponential(maximum, width)
    if not limited:
        return ChannelOption(f"c{i}", curve, weight=rng.uniform(0.5, 2))
    low = float(rng.choice([0, rng.uniform(0, 0.6 / n)]))
    high = float(rng.choice([math.inf, low + rng.uniform(0.05, 3 / n)]))
    on_off, step = bool(rng.random() < 0.3), None
    if on_off:
        low = float(rng.uniform(0, 1.2 / n))
    if rng.random() < 0.3:
        step = float(rng.choice([0.01, 0.02, 0.025, 0.05, rng.uniform(0.01, 0.1)]))
        high = max(high, low + 1.01 * step)
    group = f"g{rng.integers(groups)}" if groups and rng.random() < 0.6 else ""
    return ChannelOption(
        f"c{i}", curve, low, max(high, low), rng.uniform(0.5, 2), optional=on_off, step=step, group=group
    )


def _group(rng, name, channels):
    members = [c for c in channels if c.group == name]
    owed = sum(c.owed for c in members)
    if rng.random() < 0.7:
        return GroupLimit(name, 0.0, float(owed + rng.uniform(0.05, 0.6)))
    plain = [c for c in members if c.step is None and not c.may_be_off]
    room = sum(min(c.most, 1.0) - c.owed for c in plain)
    return GroupLimit(name, float(owed + rng.uniform(0, 0.2) * min(room, 0.5)) if plain else 0.0)


def choices(channel, points):
    """Spends worth trying: whole steps, or a grid with the limits in it."""
    if channel.step is not None:
        last = math.floor(min(channel.most, 1.0) / channel.step + 1e-9)
        spends = channel.step * np.arange(last + 1)
    else:
        spends = np.union1d(np.linspace(0, 1, points), [channel.least, min(channel.most, 1.0)])
    bought = (spends >= channel.least * (1 - 1e-9)) & (spends <= channel.most * (1 + 1e-9))
    return spends[bought | ((spends == 0) & channel.may_be_off)]


def allowed(spends, channels, groups):
    inside = spends.sum(axis=1) <= 1 + 1e-12
    for group in groups:
        total = spends[:, [c.group == group.name for c in channels]].sum(axis=1)
        inside &= (total >= group.minimum - 1e-9) & (total <= group.maximum + 1e-9)
    return inside


def outcome(spends, channels):
    return sum(c.weight * c.curve.outcome(np.maximum(spends[..., i], 0)) for i, c in enumerate(channels))


def searched_everywhere(channels, groups):
    """Best of all splits on a grid, the best few of them polished."""
    spends = np.zeros((1, 0))
    for channel in channels:
        grid = choices(channel, GRID[len(channels)])
        spends = np.concatenate([np.repeat(spends, len(grid), 0), np.tile(grid, len(spends))[:, None]], axis=1)
        spends = spends[spends.sum(axis=1) <= 1 + 1e-12]
    spends = spends[allowed(spends, channels, groups)]
    if not len(spends):
        return -math.inf
    values = outcome(spends, channels)
    few = np.argsort(-values)[:5]
    return max([float(values.max()), *(polished(spends[i], channels, groups) for i in few)])


def polished(start, channels, groups):
    """Return the best outcome SLSQP finds from ``start`` with on, off and steps as they are there; -inf for none."""
    free = [i for i, c in enumerate(channels) if c.step is None and not (c.may_be_off and start[i] == 0)]
    if not free:
        return -math.inf

    def whole(some):
        spends = np.array(start, dtype=float)
        spends[free] = some
        return spends

    rules = [lambda x: 1 - whole(x).sum()]
    for group in groups:
        rows = np.array([c.group == group.name for c in channels])
        if math.isfinite(group.maximum):
            rules.append(lambda x, rows=rows, most=group.maximum: most - whole(x)[rows].sum())
        rules.append(lambda x, rows=rows, least=group.minimum: whole(x)[rows].sum() - least)
    low, high = [channels[i].least for i in free], [min(channels[i].most, 1.0) for i in free]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = minimize(
            lambda x: -float(outcome(whole(x), channels)),
            np.asarray(start)[free],
            bounds=list(zip(low, high, strict=True)),
            constraints=[{"type": "ineq", "fun": rule} for rule in rules],
            options={"ftol": 1e-10, "maxiter": 100},
        )
    best = np.clip(found.x, low, high)
    return float(outcome(whole(best), channels)) if all(rule(best) >= -1e-10 for rule in rules) else -math.inf


def from_twenty_starts(channels, groups, rng):
    """Best that SLSQP finds from random starts; channels with steps or a switch begin at random choices of theirs."""
    best = -math.inf
    for _ in range(20):
        spends = np.array([rng.choice(choices(c, 5)) if c.step or c.may_be_off else c.least for c in channels])
        left = max(1 - spends.sum(), 0.0) * rng.dirichlet(np.full(len(channels), 0.5))
        plain = np.array(
            [c.step is None and not (c.may_be_off and s == 0) for c, s in zip(channels, spends, strict=True)]
        )
        spends = np.where(plain, np.minimum(spends + left, [c.most for c in channels]), spends)
        best = max(best, polished(spends, channels, groups))
    return best


def assert_as_good_as_any(seed):
    channels, groups, rng = problem(seed)
    got = allocate(channels, 1.0, groups=groups)
    spends = got.table["spend"].to_numpy()
    assert allowed(spends[None, :], channels, groups).all() or spends.sum() <= 1 + 1e-9
    for channel, spend in zip(channels, spends, strict=True):
        off = channel.may_be_off and spend == 0
        assert off or channel.least * (1 - 1e-9) <= spend <= channel.most * (1 + 1e-9)
        assert channel.step is None or abs(spend / channel.step - round(spend / channel.step)) < 1e-6
    assert got.outcome == pytest.approx(float(outcome(spends, channels)), rel=1e-12)
    best = from_twenty_starts(channels, groups, rng)
    if len(channels) in GRID:
        best = max(best, searched_everywhere(channels, groups))
    if best > 0:
        assert got.outcome >= best * (1 - 1e-4), (seed, got.outcome / best - 1)
        assert got.upper_bound >= best * (1 - 1e-9), seed
    return got.gap


@pytest.mark.parametrize("seed", range(6))
def test_a_few_random_problems_are_solved_as_well_as_by_any_other_method(seed):
    assert_as_good_as_any(seed)


@pytest.mark.slow
def test_five_hundred_random_problems_are_solved_as_well_as_by_any_other_method():
    gaps = sorted(assert_as_good_as_any(seed) for seed in range(1000, 1500))
    print(f"gap: median {gaps[250]:.1e}, 95th percentile {gaps[475]:.1e}, widest {gaps[-1]:.1e}")
    assert gaps[475] < 0.01
