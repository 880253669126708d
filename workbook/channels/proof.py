"""How much better could any other split be? An upper bound that joins the two classical ones.

For any price of money p >= 0 and any split x of the free budget F, with what is left unspent counted as a channel that
brings nothing,

    sum f_i(x_i) = p F + sum (f_i(x_i) - p x_i).

Cut each channel's spend into cells of one grid step and let each channel take the best point of its cell: the dynamic
programme over cells, whose lower ends cannot add up to more than F nor fall short of it by more than a step a channel,
bounds the right side. At p = 0 this is the programme with costs rounded down; without the limit on the cells it is the
Lagrangian bound. At the right price it is far tighter than both: a channel on the smooth part of its curve loses only
the square of a step. The best point of a cell is found exactly, because a curve is convex up to its inflection (best at
an end) and concave beyond (best where the marginal return is p). A channel bought in steps has its best there or at the
steps beside. A group at its limit gets a price of its own, the difference being settled by what the group may spend.

Sources: Everett (1963), Operations Research 11(3); Udell & Boyd (2013), "Maximizing a sum of sigmoids".
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from workbook.channels.limits import SLACK
from workbook.channels.programme import ROUNDING, Group, Programme, first_best
from workbook.channels.search import Problem

__all__ = ["proven"]

Array = npt.NDArray[np.float64]

CLOSE_ENOUGH = 1e-6
"""Gap at which no further price is tried."""

NEARBY = 100
"""Splits that agree to this part of the budget are taken for one: less than the window in which they are sharpened."""

SETTLED = 1e-6
"""Share by which the price must still move for another trial to tell anything."""

CELLS = ((0.25, 1, CLOSE_ENOUGH), (1.0, 6, 1e-3), (4.0, 6, 0.0))
"""Cells per step of the grid, coarse and quick ones first; prices of money tried, at most, each costing one dynamic
programme; and the gap at which no finer cells are tried."""


def proven(problem: Problem, best: Array) -> tuple[Array, float]:
    """Return a split at least as good as ``best``, and a bound that no split passes."""
    bound, tried = math.inf, set[bytes]()
    for finer, tries, enough in CELLS:
        best, bound = _tightened(problem, best, bound, _Cells(problem, finer), tries, tried)
        if bound <= problem.brings(best) * (1 + enough):
            break
    return best, max(bound, problem.total(best))


def _tightened(
    problem: Problem, best: Array, bound: float, cells: _Cells, tries: int, tried: set[bytes]
) -> tuple[Array, float]:
    """Return a split and a bound at least as good; ``tried`` holds the splits that were sharpened before, roughly."""
    price, prices = problem.price_of_money(best), _Prices()
    for _ in range(tries):
        found, candidate = cells.bounded(price, _group_prices(problem, best, price), problem.brings(best))
        bound = min(bound, found)
        if bound <= problem.brings(best) * (1 + CLOSE_ENOUGH):
            break
        # Sharpening starts from a split once: it leads from nearby to the same one.
        about = np.rint(candidate * (NEARBY / problem.free)).tobytes()
        repaired = None if about in tried else problem.repaired(candidate)
        tried.add(about)
        if repaired is not None:
            repaired = problem.sharpened(repaired)
            if problem.brings(repaired) > problem.brings(best) * (1 + ROUNDING):
                best = repaired
        before, price = price, prices.next_after(price, found, problem.left(candidate))
        if abs(price - before) <= SETTLED * before:
            break
    return best, bound


def _group_prices(problem: Problem, best: Array, price: float) -> list[float]:
    """Return what money is worth inside each group: its channels' marginal return where its limit holds them."""
    prices = []
    for group in problem.groups:
        own = problem.price_of_money(best, group.members) if problem.held(group, best) else math.nan
        prices.append(own if math.isfinite(own) else price)
    return prices


class _Cells:
    """The spend of each channel cut into cells, for the upper bound; arrays of shape (n, steps + 1)."""

    def __init__(self, problem: Problem, finer: float) -> None:
        self.problem, self.step = problem, problem.step / finer
        self.steps = steps = math.floor(problem.free / self.step * (1 + ROUNDING) + SLACK)
        edge = problem.base[:, None] + self.step * np.arange(steps + 2)
        low, high = problem.low[:, None], problem.high[:, None]
        self.start = np.clip(edge[:, :-1], low, high)
        self.end = np.clip(edge[:, 1:], low, high)
        self.outside = (edge[:, :-1] > high) | (edge[:, 1:] < low) | (low > high)
        if problem.in_lots.any():
            rows = problem.in_lots
            self.start[rows] = np.maximum(self._lots(edge[rows, :-1], np.ceil), low[rows])
            self.end[rows] = np.minimum(self._lots(edge[rows, 1:], np.floor), high[rows])
            self.outside[rows] |= self.start[rows] > self.end[rows] * (1 + SLACK)
            self.end[rows] = np.maximum(self.start[rows], self.end[rows])
        self.worth_at_start, self.worth_at_end = problem.worth(self.start), problem.worth(self.end)
        self.worth_at_base = problem.worth(problem.base)

    def _lots(self, spend: Array, rounded: np.ufunc) -> Array:
        """Return ``spend`` (a row a channel with steps) at whole steps; a hair over or under counts as whole."""
        rows = self.problem.in_lots
        lot = self.problem.lot[rows].reshape(-1, *[1] * (spend.ndim - 1))
        times = spend / lot
        near = np.rint(times)
        return np.asarray(lot * np.where(np.abs(times - near) <= SLACK * (1 + np.abs(near)), near, rounded(times)))

    def bounded(self, price: float, group_prices: list[float], known: float) -> tuple[float, Array]:
        """
        Return an upper bound on the outcome at these prices of money, and the split (perhaps too dear) behind it.

        ``known`` is the outcome of a split found before, under which the bound need not go.
        """
        problem, base = self.problem, self.problem.base[:, None]
        prices = np.full((len(base), 1), price)
        for group, own in zip(problem.groups, group_prices, strict=True):
            prices[group.members] = own
        at_start = self.worth_at_start - prices * (self.start - base)
        at_end = self.worth_at_end - prices * (self.end - base)
        value = np.maximum(at_start, at_end)
        point = np.where(at_start >= at_end, self.start, self.end)
        for turn in self._turns(prices[:, 0]):
            at_turn = problem.worth(turn[:, None]) - prices * (turn[:, None] - base)
            better = (self.start <= turn[:, None]) & (turn[:, None] <= self.end) & (at_turn > value)
            value, point = np.where(better, at_turn, value), np.where(better, turn[:, None], point)
        value[self.outside] = -np.inf
        off = problem.gated & (value[:, 0] <= self.worth_at_base)
        value[off, 0], point[off, 0] = self.worth_at_base[off], 0.0

        if not problem.groups:
            self._bar_hopeless(value, price, known)
        programme = Programme(value, self.steps, self._groups(price, group_prices))
        # Money that no cell takes up is left unspent, and has its price.
        short = self.steps - len(value) - 1 - np.arange(len(programme.best))
        priced = programme.best - price * self.step * np.maximum(short, 0)
        if not np.isfinite(priced).any():
            # Every split has its cells: where these leave none, there is none.
            raise problem.torn()
        bound = float(priced.max()) + price * problem.free
        bound += ROUNDING * (abs(bound) + price * problem.free)
        levels = programme.levels(first_best(priced))
        return bound, point[np.arange(len(levels)), levels]

    def _bar_hopeless(self, value: Array, price: float, known: float) -> None:
        """Bar the cells with which no split passes ``known``, whatever the others do: fewer are left to be joined."""
        best = value.max(axis=1, keepdims=True)
        loose = float(best.sum()) + price * self.problem.free
        room = loose - known + SLACK * (abs(loose) + price * self.problem.free)
        value[value < best - max(room, 0.0)] = -np.inf

    def _groups(self, price: float, own_prices: list[float]) -> list[Group]:
        """Return the groups in cells: their channels may stand up to a step each above the lower ends of their cells."""
        made = []
        for group, own in zip(self.problem.groups, own_prices, strict=True):
            count, level = len(group.members), self.step * np.arange(self.steps + 1)
            most = math.floor(group.high / self.step + SLACK) if math.isfinite(group.high) else self.steps
            fewest = math.ceil(group.low / self.step - SLACK) - count
            spent = np.minimum(level + count * self.step, group.high) if own > price else np.maximum(level, group.low)
            made.append(Group(group.members, fewest, most, (own - price) * spent))
        return made

    def _turns(self, prices: Array) -> list[Array]:
        """Return the spends, beside the ends, that may be the best of a cell."""
        turn = self._turning_points(prices)
        if not self.problem.in_lots.any():
            return [turn]
        rows, turns = self.problem.in_lots, []
        for at in (turn, self.problem.bend):
            for rounded in (np.floor, np.ceil):
                steps = turn.copy()
                steps[rows] = self._lots(at[rows], rounded)
                turns.append(steps)
        return turns

    def _turning_points(self, prices: Array) -> Array:
        """Return the spends, on the concave parts, at which the marginal return falls to the price."""
        problem = self.problem
        low = np.clip(problem.bend, problem.low, np.maximum(problem.high, problem.low))
        return problem.where_returns_fall_to(prices, low, np.maximum(problem.high, low))


class _Prices:
    """Which price to try next: the bound is convex in the price, and each trial gives a line under it."""

    def __init__(self) -> None:
        self.too_low: tuple[float, float, float] | None = None
        self.too_high: tuple[float, float, float] | None = None

    def next_after(self, price: float, bound: float, slope: float) -> float:
        """Return the price where the lines under the bound from both sides meet."""
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
