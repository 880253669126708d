"""How far may it come out otherwise? A thousand curves that might be true, drawn from the estimates.

The low and the high figure of an estimate are taken as the ends of a range that holds the truth four times in five, the
likely one as its middle. A draw multiplies the whole curve of a channel by a factor: half of the draws from a normal
distribution below the likely figure, half from another above it, never under 0; channels are drawn independently.
Whatever is linear in these factors is exact: a split's outcome in every draw, the mean, and the value of knowing one
channel's factor before the budget is split.

The robust split brings most in the worst tenth of the draws (conditional value at risk). That does not separate over
the channels, so it is searched for: the draws that hurt a split most set the weights of the next one, as in fictitious
play, and the best split met is kept.

Sources: Rockafellar & Uryasev (2000), Journal of Risk 2(3), for the mean of the worst; Raiffa & Schlaifer (1961),
"Applied Statistical Decision Theory", for the value of information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.channels.limits import ChannelOption, GroupLimit
from workbook.channels.programme import Group, Levels, best_sums, joined
from workbook.channels.search import Problem
from workbook.errors import AnalysisError
from workbook.language import N_, number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DRAWS", "Doubt", "Outlook", "best_splits", "drawn_factors", "outlook", "robust_split", "worth_of_tests"]

Array = npt.NDArray[np.float64]

DRAWS = 1000
"""Curves drawn for each channel."""

STEPS = 200
"""Steps of the grid on which splits are searched for among draws."""

TAIL = 0.1
"""Share of draws called the worst."""

DEVIATIONS = 1.2815515655446004
"""Standard deviations from the middle to the end of a range that holds the truth four times in five."""

ROUNDS = 12
"""Times the robust split is set against the draws that hurt it."""


@dataclass(frozen=True)
class Doubt:
    """Ends of the range of a channel's outcome, as shares of the likely one: ``low`` <= 1 <= ``high``."""

    low: float = 1.0
    high: float = 1.0


@dataclass(frozen=True)
class Outlook:
    """
    What a split may bring.

    ``mean``, ``low`` and ``high`` (four in five draws lie between), ``worst_tenth`` (mean of the worst tenth of draws)
    and ``chance`` of reaching the goal (None without one).
    """

    mean: float
    low: float
    high: float
    worst_tenth: float
    chance: float | None


def drawn_factors(doubts: Sequence[Doubt], *, draws: int = DRAWS, seed: int = 0) -> Array:
    """
    Return what each draw multiplies each curve by, shape (draws, channels), >= 0.

    Raises
    ------
    AnalysisError
        If low, likely and high of an estimate do not rise.
    """
    return _factors(tuple(doubts), draws, seed)


@lru_cache(maxsize=16)
def _factors(doubts: tuple[Doubt, ...], draws: int, seed: int) -> Array:
    for doubt in doubts:
        if not (0 <= doubt.low <= 1 <= doubt.high < np.inf):
            raise AnalysisError(
                N_(
                    "A range from {low} to {high} of the likely figure does not hold it. Low, likely and high must rise."
                ),
                low=number(doubt.low),
                high=number(doubt.high),
            )
    down = np.array([1 - d.low for d in doubts]) / DEVIATIONS
    up = np.array([d.high - 1 for d in doubts]) / DEVIATIONS
    away = np.random.default_rng(seed).standard_normal((draws, len(doubts)))
    factors = np.maximum(1 + np.where(away > 0, up, down) * away, 0.0)
    factors.flags.writeable = False
    return factors


def outlook(drawn: Array, *, goal: float | None = None) -> Outlook:
    """Return what a split may bring that brings ``drawn`` in each draw, shape (draws,)."""
    low, high = np.quantile(drawn, [0.1, 0.9])
    return Outlook(
        float(drawn.mean()),
        float(low),
        float(high),
        _worst(drawn),
        None if goal is None else float((drawn >= goal * (1 - 1e-9)).mean()),
    )


def _worst(drawn: Array) -> float:
    count = max(int(len(drawn) * TAIL), 1)
    return float(np.partition(drawn, count - 1)[:count].mean())


@dataclass(frozen=True)
class _Grid:
    """The channels of a problem on the grid: ``points`` and what they bring, shape (n, steps + 1)."""

    problem: Problem
    points: Array
    values: Array

    def split(self, factors: Array) -> Array:
        """Return the best split for curves multiplied by ``factors``, shape (n,)."""
        programme = self.problem.programme(_times(self.values, factors))
        return self.problem.split_at(programme, self.points, programme.first_best)


@lru_cache(maxsize=8)
def _grid(options: tuple[ChannelOption, ...], budget: float, steps: int, groups: tuple[GroupLimit, ...] = ()) -> _Grid:
    problem = Problem(options, budget, steps, groups)
    points, values = problem.choices()
    return _Grid(problem, points, values)


def _times(values: Array, factors: Array) -> Array:
    """Return values by factors; what is barred stays barred, even times 0."""
    with np.errstate(invalid="ignore"):
        return np.where(values > -np.inf, values * np.asarray(factors)[..., None], -np.inf)


def robust_split(
    options: Sequence[ChannelOption], budget: float, factors: Array, *, groups: Sequence[GroupLimit] = ()
) -> tuple[Array, float]:
    """
    Return the split that brings most in the worst tenth of the draws, as far as the search finds it, and what it brings.

    Spends have shape (n,), in the order of the options.
    """
    grid = _grid(tuple(options), budget, STEPS, tuple(groups))
    if grid.problem.free == 0:
        return grid.problem.base, _worst(factors @ grid.problem.worth(grid.problem.base))
    weights = factors.mean(axis=0)
    best, brings = grid.problem.base, -np.inf
    count = max(int(len(factors) * TAIL), 1)
    for turn in range(ROUNDS):
        spend = grid.split(weights)
        drawn = factors @ grid.problem.worth(spend)
        worst = np.argpartition(drawn, count - 1)[:count]
        if float(drawn[worst].mean()) > brings:
            best, brings = spend, float(drawn[worst].mean())
        # The draws met so far weigh alike, so that the search settles.
        weights = weights + (factors[worst].mean(axis=0) - weights) / (turn + 2)
    return best, brings


def worth_of_tests(
    options: Sequence[ChannelOption], budget: float, factors: Array, *, groups: Sequence[GroupLimit] = ()
) -> Array:
    """
    Return what a test that settled each channel's curve would be worth, in the split's unit, shape (n,), >= 0.

    The mean over draws of the best that could be done knowing that channel's factor, the others at their means, less
    the best that can be done knowing none: the most such a test may cost.
    """
    grid = _grid(tuple(options), budget, STEPS, tuple(groups))
    mean = factors.mean(axis=0)
    if grid.problem.free == 0:
        return np.zeros(len(mean))
    worth = np.zeros(len(mean))
    for i, together in enumerate(_others(grid, _times(grid.values, mean))):
        row = grid.values[i]
        allowed = np.isfinite(row) & np.isfinite(together)
        # One line a level: what the channel brings there is its factor times the likely figure.
        known = (factors[:, i, None] * row[allowed] + together[allowed]).max(axis=1)
        unknown = (mean[i] * row[allowed] + together[allowed]).max()
        gained = float(known.mean() - unknown)
        worth[i] = gained if gained > 1e-9 * abs(unknown) else 0.0
    return worth


def _others(grid: _Grid, values: Array) -> Array:
    """Return the most that all channels but one bring beside each level of that one: shape (n, steps + 1)."""
    units, levels = _units(grid), values.shape[1]
    kept = [_kept(_joined([values[i] for i in unit.members], levels), unit) for unit in units]
    best = np.empty(values.shape)
    for unit, outside in zip(units, _but_one(kept, levels), strict=True):
        # What the other units bring when this one takes so much; -inf where it may not.
        beside = _kept(_up_to(outside, levels)[::-1], unit)
        inside = _but_one([values[i] for i in unit.members], levels)
        for i, rest in zip(unit.members, inside, strict=True):
            best[i] = joined(rest, beside[::-1], levels)[::-1]
    return best


def _units(grid: _Grid) -> list[Group]:
    """Return the groups, and each channel that is in none as a group of its own."""
    groups = grid.problem.groups_on_grid
    grouped = {int(i) for group in groups for i in group.members}
    alone = [i for i in range(len(grid.values)) if i not in grouped]
    return [*groups, *(Group(np.array([i], dtype=np.intp), 0, grid.problem.steps) for i in alone)]


def _kept(sums: Array, unit: Group) -> Array:
    """Return sums by level, shape (..., levels), where the group allows them; -inf elsewhere."""
    level = np.arange(sums.shape[-1])
    return np.where((level >= unit.fewest) & (level <= unit.most), sums, -np.inf)


def _joined(rows: Sequence[Array], levels: int) -> Array:
    """Return the best sums of ``rows`` at each level, shape (levels,)."""
    total = np.zeros(1)
    for row in rows:
        total = joined(total, row, levels)
    return np.pad(total, (0, levels - len(total)), constant_values=-np.inf)


def _but_one(rows: Sequence[Array], levels: int) -> list[Array]:
    """Return, for each of ``rows``, the best sums of all the others at each level, shape (levels,)."""
    before, after = [np.zeros(1)], [np.zeros(1)]
    for row, last in zip(rows, reversed(rows), strict=True):
        before.append(joined(before[-1], row, levels))
        after.append(joined(after[-1], last, levels))
    return [_joined([before[i], after[len(rows) - 1 - i]], levels) for i in range(len(rows))]


def _up_to(sums: Array, levels: int) -> Array:
    return np.maximum.accumulate(np.pad(sums, (0, levels - len(sums)), constant_values=-np.inf))


def best_splits(
    options: Sequence[ChannelOption],
    budget: float,
    factors: Array,
    *,
    groups: Sequence[GroupLimit] = (),
    steps: int = STEPS,
) -> pd.DataFrame:
    """
    Return how the best split moves from draw to draw: one row per channel, with low, median and high spend.

    Each draw is split anew, all draws side by side; four in five best spends lie between low and high.
    """
    import pandas as pd

    grid = _grid(tuple(options), budget, steps, tuple(groups))
    spends = _all_splits(grid, factors) if grid.problem.free else np.tile(grid.problem.base, (len(factors), 1))
    low, median, high = np.quantile(spends, [0.1, 0.5, 0.9], axis=0)
    return pd.DataFrame({"channel": [o.name for o in options], "low": low, "median": median, "high": high})


def _all_splits(grid: _Grid, factors: Array) -> Array:
    """Return the best split of every draw, shape (draws, n)."""
    draws, count = factors.shape
    levels = grid.values.shape[1]
    rows = [_times(grid.values[i], factors[:, i]) for i in range(count)]
    units = _units(grid)
    inner = [_stages([rows[i] for i in unit.members], _nothing(draws, levels)) for unit in units]
    tops = [_kept(stages[-1], unit) for stages, unit in zip(inner, units, strict=True)]
    # Money may be left, so what brings most up to a level counts, not at it.
    outer = _stages(tops, np.zeros((draws, levels)))
    spends = np.zeros((draws, count))
    taken = _levels_behind(outer, tops, np.argmax(outer[-1], axis=1))
    for unit, stages, total in zip(units, inner, taken.T, strict=True):
        alone = len(unit.members) == 1
        chosen = total[:, None] if alone else _levels_behind(stages, [rows[i] for i in unit.members], total)
        spends[:, unit.members] = grid.points[unit.members[None, :], chosen]
    return spends


def _nothing(draws: int, levels: int) -> Array:
    """Return sums of no channel at all: 0 at level 0."""
    sums = np.full((draws, levels), -np.inf)
    sums[:, 0] = 0.0
    return sums


def _stages(rows: Sequence[Array], start: Array) -> list[Array]:
    """Return, after each of ``rows``, the best sums by draw and level."""
    stages = [start]
    for row in rows:
        # Nothing and a channel make that channel: most are in no group, and cost no joining.
        stages.append(row if np.isneginf(stages[-1][:, 1:]).all() else best_sums(stages[-1], row))
    return stages


def _levels_behind(stages: Sequence[Array], rows: Sequence[Array], total: Levels) -> Levels:
    """Return the level of each row behind ``total`` levels in each draw: shape (draws, rows)."""
    draws, every = np.arange(len(total))[:, None], np.arange(stages[0].shape[1])
    left, levels = total.copy(), np.zeros((len(total), len(rows)), dtype=np.intp)
    for i in range(len(rows) - 1, -1, -1):
        rest = left[:, None] - every
        sums = np.where(rest >= 0, stages[i][draws, np.maximum(rest, 0)], -np.inf)
        levels[:, i] = np.argmax(sums + rows[i], axis=1)
        left = left - levels[:, i]
    return levels
