"""How should one budget be split over the channels, and how far from the best can the answer be?

The split comes from dynamic programming on a grid of spend (max-plus convolution), which sees every combination and so
is not misled by S-shaped curves, and is then sharpened by the same programme on ever finer windows around the answer.

The proof is an upper bound that joins the two classical ones. For any price of money p >= 0 and any split x of the
free budget F, with what is left unspent counted as a channel that brings nothing,

    sum f_i(x_i) = p F + sum (f_i(x_i) - p x_i).

Cut each channel's spend into cells of one grid step and let each channel take the best point of its cell: the dynamic
programme over cells, whose lower ends cannot add up to more than F nor fall short of it by more than a step a channel,
bounds the right side. At p = 0 this is the programme with costs rounded down; without the limit on the cells it is the
Lagrangian bound. At the right price it is far tighter than both: a channel on the smooth part of its curve loses only
the square of a step. The best point of a cell is found exactly, because a curve is convex up to its inflection (best at
an end) and concave beyond (best where the marginal return is p).

Sources: Bellman & Dreyfus (1962), "Applied Dynamic Programming"; Everett (1963), Operations Research 11(3);
Udell & Boyd (2013), "Maximizing a sum of sigmoids".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from workbook.channels.response import ResponseCurve, stacked
from workbook.errors import SHOWN_AT_ONCE, AnalysisError
from workbook.language import N_, listed, number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Allocation", "ChannelOption", "allocate", "frontier"]

Array = npt.NDArray[np.float64]

CLOSE_ENOUGH = 1e-6
"""Gap at which no further price is tried."""

PRICES_TRIED = 6
"""Prices of money tried, at most, to close the gap; each costs one dynamic programme."""

WIDE = 1e-3
"""Gap above which the bound is worked out once more on a finer grid."""

FINER = 4
"""How many times as fine that grid is."""

WINDOW = 8
"""Half width, in steps, of the window in which an answer is sharpened."""

ROUNDING = 1e-12
"""Relative error left to floating point; nearer answers count as equal, so that ties fall the same in any unit."""


@dataclass(frozen=True)
class ChannelOption:
    """
    A channel that money could be spent on, and the limits to that.

    Parameters
    ----------
    name
        Unique among the channels of one allocation.
    curve
        What it brings for what is spent.
    minimum, maximum
        Limits to its spend, 0 <= minimum <= maximum.
    weight
        Worth of one outcome, >= 0; makes channels with different outcomes comparable.
    fixed
        Spend already decided; stands before ``optional``.
    optional
        Whether the channel may be left out: spend is then 0 or at least the minimum.
    """

    name: str
    curve: ResponseCurve
    minimum: float = 0.0
    maximum: float = math.inf
    weight: float = 1.0
    fixed: float | None = None
    optional: bool = False


@dataclass(frozen=True)
class Allocation:
    """
    A split of the budget and its proof.

    ``table`` has one row per channel, in the order given: channel, spend, outcome (times its weight), marginal_return
    (outcome of one more unit of money), average_return (missing where nothing is spent) and binding, the limit that
    holds the spend: "minimum", "maximum", "fixed", "off" (nothing is spent) or "" (none).
    ``outcome`` is the sum over the channels; no split brings more than ``upper_bound``. ``unspent`` is money for which
    the limits leave no use, or which would bring nothing.
    """

    table: pd.DataFrame
    outcome: float
    upper_bound: float
    unspent: float

    @property
    def gap(self) -> float:
        """Share by which the best split could still be better, at most."""
        if self.upper_bound <= self.outcome:
            return 0.0
        return self.upper_bound / self.outcome - 1 if self.outcome > 0 else math.inf


def allocate(channels: Sequence[ChannelOption], budget: float, *, steps: int = 1000) -> Allocation:
    """
    Split ``budget`` over ``channels`` so that the weighted sum of outcomes is largest.

    Parameters
    ----------
    channels
        At least one.
    budget
        Money to spend, >= 0, in the unit of the curves.
    steps
        Steps of the grid, >= 10; more steps narrow the gap, at a cost that grows with their square.

    Raises
    ------
    AnalysisError
        If a limit makes no sense or the limits together cannot be met; names the channels.
    """
    _require_feasible(channels, budget, steps)
    problem = _Problem(channels, budget, steps)
    spend, bound = problem.solved()
    return _as_allocation(channels, problem, spend, bound, budget)


def frontier(channels: Sequence[ChannelOption], budgets: Sequence[float], *, steps: int = 1000) -> pd.DataFrame:
    """
    Return what each of ``budgets`` could bring at best: columns budget, outcome.

    One dynamic programme over the largest budget answers for all; between its grid points the outcome is a straight
    line, so it is a figure to draw and not a proof.

    Raises
    ------
    AnalysisError
        As ``allocate``, for the smallest and the largest budget.
    """
    import pandas as pd

    if len(budgets) == 0:
        raise AnalysisError(N_("No budget is given. Name at least one."))
    _require_feasible(channels, min(budgets), steps)
    _require_feasible(channels, max(budgets), steps)
    problem = _Problem(channels, max(budgets), steps)
    best = np.maximum.accumulate(problem.value_by_step())
    grid = problem.committed + problem.step * np.arange(len(best))
    return pd.DataFrame({"budget": np.asarray(budgets, dtype=float), "outcome": np.interp(budgets, grid, best)})


class _Problem:
    """The channels as arrays of shape (n,). Spend is counted above ``base``, which is spent in any case."""

    def __init__(self, channels: Sequence[ChannelOption], budget: float, steps: int) -> None:
        fixed = np.array([math.nan if c.fixed is None else c.fixed for c in channels])
        is_fixed = ~np.isnan(fixed)
        self.low = np.where(is_fixed, fixed, [c.minimum for c in channels])
        self.limit = np.where(is_fixed, fixed, [c.maximum for c in channels])
        # Spend of a gated channel has a hole between 0 and its minimum.
        self.gated = np.array([c.optional for c in channels]) & ~is_fixed & (self.low > 0)
        self.base = np.where(self.gated, 0.0, self.low)
        self.committed = float(self.base.sum())
        self.free = max(budget - self.committed, 0.0)
        if self.free <= ROUNDING * budget:
            self.free = 0.0
        self.high = np.minimum(self.limit, self.base + self.free)
        # A minimum that passes what is free by a rounding error can still be bought.
        reachable = self.gated & (self.low <= self.high * (1 + 1e-9))
        self.low = np.where(reachable, np.minimum(self.low, self.high), self.low)
        self.weight = np.array([c.weight for c in channels], dtype=float)
        self.curves = stacked([c.curve for c in channels])
        self.bend = np.array([c.curve.inflection for c in channels], dtype=float)
        self.steps, self.step = steps, self.free / steps

    def worth(self, spend: Array) -> Array:
        """Return weighted outcomes, of the shape of ``spend``: (n,) or (n, m)."""
        return self.curves.outcome(spend) * self.weight.reshape(-1, *[1] * (spend.ndim - 1))

    def total(self, spend: Array) -> float:
        return float(self.worth(spend).sum())

    def left(self, spend: Array) -> float:
        return self.free - float((spend - self.base).sum())

    def solved(self) -> tuple[Array, float]:
        """Return the best split found, and the upper bound."""
        if self.free == 0:
            return self.base, self.total(self.base)
        best, bound = self.sharpened(self.on_grid()), math.inf
        for steps in (self.steps, FINER * self.steps):
            best, bound = self._proven(best, bound, _Cells(self, steps))
            if bound <= self.total(best) * (1 + WIDE):
                break
        return best, max(bound, self.total(best))

    def _proven(self, best: Array, bound: float, cells: _Cells) -> tuple[Array, float]:
        """Return a split at least as good as ``best`` and a bound no higher than ``bound``."""
        price, prices = self.price_of_money(best), _Prices()
        for _ in range(PRICES_TRIED):
            found, candidate = cells.bounded(price)
            bound = min(bound, found)
            if bound <= self.total(best) * (1 + CLOSE_ENOUGH):
                break
            repaired = self.repaired(candidate)
            if repaired is not None:
                repaired = self.sharpened(repaired)
                if self.total(repaired) > self.total(best) * (1 + ROUNDING):
                    best = repaired
            price = prices.next_after(price, found, self.left(candidate))
        return best, bound

    def value_by_step(self) -> Array:
        """Return the best outcome that spends exactly k steps above the base, for k = 0, 1, ..."""
        return _programme(self._points()[1], self.steps)[-1]

    def on_grid(self) -> Array:
        """Return the best split on the grid; of equal ones, the one that spends least."""
        points, values = self._points()
        stages = _programme(values, self.steps)
        levels = _traced(stages, values, _first_best(stages[-1]))
        return points[np.arange(len(levels)), levels]

    def _points(self) -> tuple[Array, Array]:
        spend = self.base[:, None] + self.step * np.arange(self.steps + 1)
        points = np.minimum(spend, self.high[:, None])
        values = self.worth(points)
        values[spend - self.step >= self.high[:, None]] = -np.inf
        values[self.gated[:, None] & (points > 0) & (points < self.low[:, None])] = -np.inf
        values[:, 0] = self.worth(self.base)
        points[:, 0] = self.base
        return points, values

    def sharpened(self, spend: Array) -> Array:
        """Return a split at least as good as ``spend``, from windows of ever finer steps around it."""
        step, offsets = self.step, np.arange(-WINDOW, WINDOW + 1)
        on = ~self.gated | (spend > 0)
        low = np.where(on, self.low, 0.0)
        high = np.where(on, self.high, 0.0)
        while step > ROUNDING * self.free:
            for _ in range(20):
                moved = self._best_in_window(spend, step * offsets.astype(float), low, high)
                if moved is None:
                    break
                spend = moved
            step /= WINDOW / 2
        return self._filled(self._snapped(spend, low, high, 2 * WINDOW * step), high)

    def _best_in_window(self, spend: Array, offsets: Array, low: Array, high: Array) -> Array | None:
        """Return a better split among ``spend`` + one of ``offsets`` per channel, or None."""
        step = offsets[1] - offsets[0]
        trial = spend[:, None] + offsets
        inside = np.clip(trial, low[:, None], high[:, None])
        values = self.worth(inside)
        # Cut at the top a move costs more than it spends; below the bottom it would free more than it does.
        values[(trial < low[:, None]) | (trial - step >= high[:, None])] = -np.inf
        values[:, WINDOW] = self.worth(spend)
        spare = int(max(self.left(spend), 0.0) / step)
        stages = _programme(values, WINDOW * len(spend) + min(spare, WINDOW))
        if stages[-1].max() <= values[:, WINDOW].sum() * (1 + 1e-14):
            return None
        levels = _traced(stages, values, _first_best(stages[-1]))
        inside[:, WINDOW] = spend
        moved = inside[np.arange(len(spend)), levels]
        return moved if self.total(moved) > self.total(spend) else None

    def _snapped(self, spend: Array, low: Array, high: Array, nearby: float) -> Array:
        """Return the split with spends a hair from a limit put on it, unless that costs outcome."""
        snapped = np.where(spend - low <= nearby, low, np.where(high - spend <= nearby, high, spend))
        if self.left(snapped) < 0:
            snapped = np.where(snapped == high, spend, snapped)
        filled = self._filled(snapped, high)
        return snapped if self.total(filled) >= self.total(spend) * (1 - ROUNDING) else spend

    def _filled(self, spend: Array, high: Array) -> Array:
        """Return the split with what is left given where it brings most."""
        spend, left = spend.copy(), self.left(spend)
        marginal = self.marginal(spend)
        for i in np.argsort(-marginal, kind="stable"):
            if left <= 0 or marginal[i] <= 0:
                break
            given = min(left, high[i] - spend[i])
            spend[i], left = spend[i] + given, left - given
        return spend

    def marginal(self, spend: Array) -> Array:
        # A worthless channel may have an infinite slope at 0; its worth is still nothing.
        with np.errstate(invalid="ignore"):
            return np.asarray(np.where(self.weight > 0, self.weight * self.curves.marginal(spend), 0.0))

    def price_of_money(self, spend: Array) -> float:
        """Return the marginal return shared by the channels that no limit holds."""
        if self.left(spend) > ROUNDING * self.free:
            return 0.0
        marginal, slack = self.marginal(spend), 1e-9 * self.free
        between = (spend > self.low + slack) & (spend < self.limit - slack)
        finite = marginal[between & np.isfinite(marginal)]
        return float(np.median(finite)) if len(finite) else self.total(spend) / (2 * self.free)

    def repaired(self, spend: Array) -> Array | None:
        """Return ``spend`` with its excess over the budget taken off above the minimums; None where they forbid it."""
        left = self.left(spend)
        if left >= 0:
            return spend
        floor = np.where(self.gated & (spend == 0), 0.0, self.low)
        above = float((spend - floor).sum())
        if above + left < -1e-9 * self.free:
            return None
        return floor + (spend - floor) * max(1 + left / above if above > 0 else 1.0, 0.0)


class _Cells:
    """The spend of each channel cut into cells, for the upper bound; arrays of shape (n, steps + 1)."""

    def __init__(self, problem: _Problem, steps: int) -> None:
        self.problem, self.steps, self.step = problem, steps, problem.free / steps
        edge = problem.base[:, None] + self.step * np.arange(steps + 2)
        low, high = problem.low[:, None], problem.high[:, None]
        self.start = np.clip(edge[:, :-1], low, high)
        self.end = np.clip(edge[:, 1:], low, high)
        self.outside = (edge[:, :-1] > high) | (edge[:, 1:] < low) | (low > high)
        self.worth_at_start, self.worth_at_end = problem.worth(self.start), problem.worth(self.end)
        self.worth_at_base = problem.worth(problem.base)

    def bounded(self, price: float) -> tuple[float, Array]:
        """Return an upper bound on the outcome at this price of money, and the split (perhaps too dear) behind it."""
        problem, base = self.problem, self.problem.base[:, None]
        at_start = self.worth_at_start - price * (self.start - base)
        at_end = self.worth_at_end - price * (self.end - base)
        turn = self._turning_points(price)[:, None]
        at_turn = problem.worth(turn) - price * (turn - base)
        value = np.maximum(at_start, at_end)
        point = np.where(at_start >= at_end, self.start, self.end)
        better = (self.start <= turn) & (turn <= self.end) & (at_turn > value)
        value, point = np.where(better, at_turn, value), np.where(better, turn, point)
        value[self.outside] = -np.inf
        off = problem.gated & (value[:, 0] <= self.worth_at_base)
        value[off, 0], point[off, 0] = self.worth_at_base[off], 0.0

        stages = _programme(value, self.steps)
        # Money that no cell takes up is left unspent, and has its price.
        short = self.steps - len(value) - 1 - np.arange(len(stages[-1]))
        priced = stages[-1] - price * self.step * np.maximum(short, 0)
        levels = _traced(stages, value, _first_best(priced))
        bound = float(priced.max()) + price * problem.free
        bound += ROUNDING * (abs(bound) + price * problem.free)
        return bound, point[np.arange(len(levels)), levels]

    def _turning_points(self, price: float) -> Array:
        """Return the spends, on the concave parts, at which the marginal return falls to ``price``."""
        problem = self.problem
        low = np.clip(problem.bend, problem.low, np.maximum(problem.high, problem.low))
        high = np.maximum(problem.high, low)
        for _ in range(60):
            middle = (low + high) / 2
            rising = problem.marginal(middle) > price
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        return low


class _Prices:
    """Which price to try next: the bound is convex in the price, and each trial gives a line under it."""

    def __init__(self) -> None:
        self.too_low: tuple[float, float, float] | None = None
        self.too_high: tuple[float, float, float] | None = None

    def next_after(self, price: float, bound: float, slope: float) -> float:
        if slope < 0:
            self.too_low = (price, bound, slope)
        else:
            self.too_high = (price, bound, slope)
        if self.too_low is None:
            return price / 2
        if self.too_high is None:
            return price * 2
        (p, b, s), (q, c, t) = self.too_low, self.too_high
        return (b - c + t * q - s * p) / (t - s)


def _programme(values: Array, capacity: int) -> list[Array]:
    """
    Return, after each channel, the best sum of values for every sum of levels up to ``capacity``.

    ``values[i, k]`` is what channel i brings at level k, -inf where it may not be.
    """
    stages = [np.zeros(1)]
    for row in values:
        stages.append(_max_plus(stages[-1], _trimmed(row), capacity + 1))
    return stages


def _trimmed(row: Array) -> Array:
    allowed = np.flatnonzero(row > -np.inf)
    return row[: allowed[-1] + 1]


def _max_plus(first: Array, second: Array, size: int) -> Array:
    """Return ``max over j of first[j] + second[k - j]`` for k < ``size``, as far as the two reach."""
    short, long = sorted((first, second), key=len)
    size, width = min(size, len(first) + len(second) - 1), len(short)
    padded = np.full(size + width - 1, -np.inf)
    padded[width - 1 : width - 1 + min(len(long), size)] = long[:size]
    windows, backwards = sliding_window_view(padded, width), short[::-1].copy()
    best = np.empty(size)
    # Rows in blocks that stay in the processor's cache, and only the columns that exist yet: ten times as quick.
    rows = max(8, 16384 // width)
    for start in range(0, size, rows):
        stop = min(start + rows, size)
        unseen = max(width - stop, 0)
        best[start:stop] = (windows[start:stop, unseen:] + backwards[unseen:]).max(axis=1)
    return best


def _traced(stages: list[Array], values: Array, total: int) -> npt.NDArray[np.intp]:
    """Return the level of each channel behind ``stages[-1][total]``; of equal ones, the earlier channel gets more."""
    levels = np.zeros(len(values), dtype=np.intp)
    for i in range(len(values) - 1, -1, -1):
        before, row = stages[i], values[i]
        fewest, most = max(0, total - len(before) + 1), min(total, len(row) - 1)
        sums = row[fewest : most + 1] + before[total - most : total - fewest + 1][::-1]
        levels[i] = fewest + _first_best(sums)
        total -= int(levels[i])
    return levels


def _first_best(values: Array) -> int:
    best = values.max()
    return int(np.argmax(values >= best - ROUNDING * abs(best)))


def _as_allocation(
    channels: Sequence[ChannelOption], problem: _Problem, spend: Array, bound: float, budget: float
) -> Allocation:
    import pandas as pd

    worth = problem.worth(spend)
    with np.errstate(invalid="ignore", divide="ignore"):
        average = np.where(spend > 0, worth / spend, np.nan)
    table = pd.DataFrame(
        {
            "channel": [c.name for c in channels],
            "spend": spend,
            "outcome": worth,
            "marginal_return": problem.marginal(spend),
            "average_return": average,
            "binding": [_binding(c, s) for c, s in zip(channels, spend, strict=True)],
        }
    )
    unspent = budget - float(spend.sum())
    return Allocation(table, float(worth.sum()), bound, unspent if unspent > 1e-9 * budget else 0.0)


def _binding(channel: ChannelOption, spend: float) -> str:
    if channel.fixed is not None:
        return "fixed"
    if spend >= channel.maximum * (1 - 1e-9):
        return "maximum"
    if spend == 0:
        return "off"
    return "minimum" if spend <= channel.minimum * (1 + 1e-9) else ""


def _require_feasible(channels: Sequence[ChannelOption], budget: float, steps: int) -> None:
    if not (0 <= budget < math.inf):
        raise AnalysisError(
            N_("The budget is {found}, but must be a sum of 0 or more. Correct it."), found=number(budget)
        )
    if steps < 10:
        raise AnalysisError(N_("The grid has {found} steps, but must have at least 10."), found=number(steps))
    if not channels:
        raise AnalysisError(N_("There is no channel to spend the budget on. Add one."))
    _refuse(
        [name for name, times in Counter(c.name for c in channels).items() if times > 1],
        N_("{channels}: the name is used more than once. Give each channel a name of its own."),
    )
    _refuse(
        [c.name for c in channels if not (0 <= c.weight < math.inf)],
        N_("{channels}: the worth of an outcome must be a number of 0 or more."),
    )
    _refuse(
        [c.name for c in channels if not (0 <= c.minimum < math.inf and c.maximum >= 0)],
        N_("{channels}: minimum and maximum must be numbers of 0 or more."),
    )
    _refuse(
        [c.name for c in channels if c.minimum > c.maximum],
        N_("{channels}: the minimum is above the maximum. Lower the one or raise the other."),
    )
    _refuse(
        [c.name for c in channels if c.fixed is not None and not (0 <= c.fixed < math.inf)],
        N_("{channels}: a fixed spend must be a number of 0 or more."),
    )
    _refuse(
        [c.name for c in channels if c.fixed is not None and not (c.minimum <= c.fixed <= c.maximum)],
        N_("{channels}: the fixed spend lies outside minimum and maximum. Change one of the three."),
    )
    _require_affordable(channels, budget)


def _refuse(names: list[str], message: str) -> None:
    if names:
        raise AnalysisError(message, channels=listed(names[:SHOWN_AT_ONCE]))


def _require_affordable(channels: Sequence[ChannelOption], budget: float) -> None:
    asked = {
        c.name: c.minimum if c.fixed is None else c.fixed for c in channels if c.fixed is not None or not c.optional
    }
    total = sum(asked.values())
    # Minimums that add up to the budget exactly, on paper, may pass it by a rounding error.
    if total > budget * (1 + 1e-9):
        largest = sorted(asked, key=lambda name: -asked[name])[:SHOWN_AT_ONCE]
        raise AnalysisError(
            N_(
                "The minimums and fixed spends ask for {asked}, but the budget is {budget}; most is asked for by "
                "{channels}. Lower these, make a channel optional, or raise the budget."
            ),
            asked=number(total),
            budget=number(budget),
            channels=listed(largest),
        )
