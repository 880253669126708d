"""How is the best split found? The programme over a grid of spend, then the same over ever finer windows around it.

The grid sees every combination, so S-shaped curves, channels that are on or off and channels bought in steps do not
mislead it; the windows then move money between all channels at once, down to the last cent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property

import numpy as np
import numpy.typing as npt

from workbook.channels.limits import SLACK, ChannelOption, GroupLimit
from workbook.channels.programme import ROUNDING, Group, Levels, Programme
from workbook.channels.response import stacked
from workbook.errors import SHOWN_AT_ONCE, AnalysisError
from workbook.language import N_, listed

__all__ = ["Limited", "Problem"]

Array = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

WINDOW = 8
"""Half width, in steps, of the window in which an answer is sharpened."""

HAIR = 1e-8
"""Part of the budget within which a spend is taken to lie on its limit; what that moves is under the rounding error."""

LEVELLING = 12
"""Steps of Newton's method, each of which doubles the digits once it is near."""

RAISED = 3
"""How often channels at their least may turn out to be worth more, before finer windows are asked."""

NARROW = 1e-4
"""Share of a spend over which the bend of its curve is measured: half the digits for the difference, half for its place."""

HALVINGS = 44
"""Until a turning point is known: what is off by then costs its square in outcome, far under the rounding error."""

GRIDS = 3
"""How many times as fine as asked the grid may get, so that the steps of all channels fall on it."""


class Limited:
    """A group with a limit: the rows of its channels, and the least and most they get together above their base."""

    def __init__(self, name: str, members: Levels, low: float, high: float) -> None:
        self.name, self.members, self.low, self.high = name, members, low, high


class Problem:
    """The channels as arrays of shape (n,). Spend is counted above ``base``, which is spent in any case."""

    def __init__(
        self, channels: Sequence[ChannelOption], budget: float, steps: int, groups: Sequence[GroupLimit] = ()
    ) -> None:
        is_fixed = np.array([c.fixed is not None for c in channels])
        self.low = np.array([c.least for c in channels], dtype=float)
        self.limit = np.array([c.most for c in channels], dtype=float)
        self.lot = np.array([math.nan if c.step is None or c.fixed is not None else c.step for c in channels])
        self.in_lots = ~np.isnan(self.lot)
        # Spend of a gated channel has a hole between 0 and its minimum.
        self.gated = np.array([c.may_be_off for c in channels]) & ~is_fixed
        self.base = np.where(self.gated, 0.0, self.low)
        self.committed = float(self.base.sum())
        self.free = max(budget - self.committed, 0.0)
        if self.free <= ROUNDING * budget:
            self.free = 0.0
        self.high = np.minimum(self.limit, self.base + self.free)
        if self.in_lots.any():
            reach = self.base + self._whole_lots(self.high - self.base)
            self.high = np.where(self.in_lots, reach, self.high)
        # A minimum that passes what is free by a rounding error can still be bought.
        reachable = self.gated & (self.low <= self.high * (1 + SLACK))
        self.low = np.where(reachable, np.minimum(self.low, self.high), self.low)
        self.weight = np.array([c.weight for c in channels], dtype=float)
        self.curves = stacked([c.curve for c in channels])
        self.bend = np.array([c.curve.inflection for c in channels], dtype=float)
        self.groups = [self._limited(group, channels) for group in groups]
        self.groups = [group for group in self.groups if len(group.members)]
        self.steps, self.step = self._grid(steps)

    def with_free(self, free: float) -> Problem:
        """Return the same problem with less money, on the same grid."""
        part = copy(self)
        part.free = min(max(free, 0.0), self.free)
        part.high = np.minimum(self.high, self.base + part.free)
        if self.in_lots.any():
            part.high = np.where(self.in_lots, self.base + self._whole_lots(part.high - self.base), part.high)
        return part

    def _limited(self, group: GroupLimit, channels: Sequence[ChannelOption]) -> Limited:
        members = np.array([i for i, c in enumerate(channels) if c.group == group.name], dtype=np.intp)
        base = float(self.base[members].sum())
        return Limited(group.name, members, max(group.minimum - base, 0.0), max(group.maximum - base, 0.0))

    def _grid(self, steps: int) -> tuple[int, float]:
        """Return how many steps and how wide, so that steps of channels fall on the grid where they have a common part."""
        if self.free > 0 and self.in_lots.any():
            part = _common_part(self.lot[self.in_lots], self.free / (GRIDS * steps))
            if part:
                step = part / max(1, math.ceil(steps * part / self.free))
                return max(int(self.free / step * (1 + SLACK)), 1), step
        return steps, self.free / steps

    def _whole_lots(self, spend: Array) -> Array:
        """Return ``spend`` above the base rounded down to whole steps of its channel, where it has steps."""
        lots = np.floor(spend / self.lot * (1 + SLACK) + SLACK) * self.lot
        return np.where(self.in_lots, lots, spend)

    def worth(self, spend: Array) -> Array:
        """Return weighted outcomes, of the shape of ``spend``: (n,) or (n, m)."""
        return self.curves.outcome(spend) * self.weight.reshape(-1, *[1] * (spend.ndim - 1))

    def total(self, spend: Array) -> float:
        """Return the weighted outcome of a split."""
        return float(self.worth(spend).sum())

    def left(self, spend: Array) -> float:
        """Return the money a split leaves."""
        return self.free - float((spend - self.base).sum())

    def marginal(self, spend: Array) -> Array:
        """Return the weighted outcome of one more unit of money."""
        # A worthless channel may have an infinite slope at 0; its worth is still nothing.
        with np.errstate(invalid="ignore"):
            return np.asarray(np.where(self.weight > 0, self.weight * self.curves.marginal(spend), 0.0))

    def programme(self, values: Array, groups: list[Group] | None = None, *, over: int = 0) -> Programme:
        """Return the programme over ``values`` on the grid, within the groups. Raises where no split is allowed."""
        programme = Programme(values, self.steps + over, self.groups_on_grid if groups is None else groups)
        if not np.isfinite(programme.best).any():
            raise self.torn()
        return programme

    def torn(self) -> AnalysisError:
        """Return what to raise where the limits of the groups leave no split."""
        return AnalysisError(
            N_("No split keeps the limits of {groups} and of their channels at once. Loosen one of them."),
            groups=listed([group.name for group in self.groups][:SHOWN_AT_ONCE]),
        )

    @property
    def groups_on_grid(self) -> list[Group]:
        """The groups with their limits in whole steps of the grid, as surely kept as a split on it can be."""
        return self.readings[0]

    @cached_property
    def readings(self) -> list[list[Group]]:
        """
        The limits of the groups in whole steps of the grid, the surest reading first; those that leave a split.

        Steps of a channel that do not fall on the grid stand on it for a little more than they cost, so that a group
        can be under its least although its levels are not. The sure reading allows for that, and the next one takes what
        the sure one bars. Where no whole number of steps meets a limit, or together they pass the budget, the least is
        rounded down; ``split_at`` makes that good.
        """
        if not self.groups:
            return [[]]
        made = [self._levels_of(math.ceil, sure=True)]
        if self.off_grid:
            made.append(self._levels_of(math.ceil, sure=False))
        made.append(self._levels_of(math.floor, sure=False))
        values = self.choices()[1]
        met = [groups for groups in made if np.isfinite(Programme(values, self.steps, groups).best).any()]
        return (met if self.off_grid else met[:1]) or made[-1:]

    def _levels_of(self, rounded: Callable[[float], int], *, sure: bool) -> list[Group]:
        """Return the groups with their limits in whole steps of the grid, the least rounded up or down."""
        made = []
        for group in self.groups:
            apart = int(self.beside_grid[group.members].sum())
            most = math.floor(group.high / self.step + SLACK) if math.isfinite(group.high) else self.steps
            fewest = rounded(group.low / self.step - SLACK)
            made.append(
                Group(
                    group.members,
                    fewest + apart if sure and group.low > 0 else fewest,
                    most if sure else most + apart,
                )
            )
        return made

    def choices(self) -> tuple[Array, Array]:
        """Return the spends that stand on each level of the grid and what they bring, -inf where none may."""
        spend = self.base[:, None] + self.step * np.arange(self.steps + 1)
        points, values = self._choices(spend, self.base[:, None], self.low[:, None], self.high[:, None], self.step)
        values[:, 0] = self.worth(self.base)
        points[:, 0] = self.base
        return points, values

    def on_grid(self, refund: Array | None = None, groups: list[Group] | None = None) -> tuple[Programme, Array]:
        """
        Return the programme over the grid, and the points its levels stand for. Raises where no split is allowed.

        ``refund`` is what money is worth in each channel's group: a channel bought in steps that do not fall on the grid
        is charged a little too much, which the others can spend. For the same reason the programme reaches over the
        budget by a level for each such channel.
        """
        points, values = self.choices()
        if refund is not None:
            spend = self.base[:, None] + self.step * np.arange(self.steps + 1)
            values += np.where(self.in_lots, refund, 0.0)[:, None] * np.where(values > -np.inf, spend - points, 0.0)
        return self.programme(values, groups, over=self.over), points

    def _choices(self, trial: Array, here: Array, low: Array, high: Array, step: float) -> tuple[Array, Array]:
        """Return what may be spent instead of ``trial`` spends, one a step, and what it brings; -inf where nothing may."""
        points = np.clip(trial, low, high)
        # Cut at the top a move costs more than it spends; below the bottom it would free more than it does.
        barred = (trial < low) | (trial - step >= high)
        if self.in_lots.any():
            rows = self.in_lots
            lot, moved = self.lot[rows][:, None], (trial - here)[rows]
            whole = here[rows] + lot * np.floor((moved + SLACK * step) / lot)
            points[rows] = np.clip(whole, 0.0, None)
            # A step stands on the first level that pays for it and not on the later ones again: money that buys nothing
            # would fill up a group to its least.
            paid = moved - (whole - here[rows]) >= step * (1 - SLACK)
            off = (whole < low[rows] - SLACK * lot) | (whole > high[rows] + SLACK * lot)
            barred[rows] = paid | off
        values = self.worth(points)
        values[barred] = -np.inf
        return points, values

    def split_at(self, programme: Programme, points: Array, level: int) -> Array:
        """Return the split behind a level of the programme."""
        levels = programme.levels(level)
        spend = self.raised(points[np.arange(len(levels)), levels])
        repaired = self.repaired(spend) if self.groups else None
        return spend if repaired is None else repaired

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
            levelled = self._levelled(spend, low, high, step)
            if levelled is not None:
                spend = levelled
                break
        return self._filled(self._snapped(spend, low, high), high)

    def _levelled(self, spend: Array, low: Array, high: Array, step: float) -> Array | None:
        """
        Return the split near ``spend`` in which money brings the same in all channels that no limit holds.

        A group at its limit is levelled by itself. None where that is not the best split nearby, or cannot be told: two
        channels on the convex part of their curves, steps of a channel within reach, a limit of a group that is reached only
        now. Finer windows find what there is then.
        """
        # The split was found in steps a little wider, and what belongs on a limit can be off it by one of those.
        wide = WINDOW / 2 * step
        free = (spend > low + wide) & (spend < high - wide) & ~self.in_lots
        purse, money, sides = self._purses(spend, free, wide)
        # Without an open channel in the purse of all there is no price to compare with.
        if not free[purse == 0].any() or (self.lot[self.in_lots] <= WINDOW * step).any():
            return None
        # The others stand on the limit that they are next to, or stay where their steps have put them.
        limit = np.where(spend - low <= high - spend, low, high)
        tried = np.where(free | self.in_lots, spend, limit)
        for _ in range(RAISED):
            found = self._level(tried, free, purse, money, step)
            if found is None or not ((tried > low) & (tried < high))[free].all():
                return None
            price = found
            held, marginal, asked = ~free & ~self.in_lots, self.marginal(tried), price[purse]
            # A curve that starts upright is worth a little money at any price, less than a step perhaps.
            worth = held & (tried <= low) & (marginal > asked) & (low < high)
            if not worth.any():
                break
            tried = np.where(worth, self.where_returns_fall_to(asked, low, np.minimum(low + wide, high)), tried)
            free = free | worth
        settled = np.where(tried <= low, marginal <= asked, (tried >= high) & (marginal >= asked))[held].all()
        settled &= ((price - price[0]) * sides >= 0).all()
        better = self.total(tried) >= self.total(spend) * (1 - ROUNDING)
        return tried if settled and better and self.allowed(tried) else None

    def _level(self, spend: Array, free: Truths, purse: Levels, money: Array, step: float) -> Array | None:
        """Move ``free`` spends, by Newton's method, to where money brings the same in each purse; return its price in each."""
        mine = purse[free]
        for _ in range(LEVELLING):
            width = np.minimum(step, NARROW * spend)
            with np.errstate(invalid="ignore"):
                # Of the others some start upright, where the slope is infinite.
                rise = (self.marginal(spend + width / 2) - self.marginal(spend - width / 2))[free] / width[free]
            marginal = self.marginal(spend)[free]
            if not np.isfinite(marginal).all() or not _bent_together(rise, mine):
                return None
            left = money - np.bincount(purse, spend - self.base)
            price = (left + np.bincount(mine, marginal / rise)) / np.bincount(mine, 1 / rise)
            moved = (price[mine] - marginal) / rise
            if not (spend[free] + moved > 0).all():
                return None
            spend[free] += moved
            if np.abs(moved).max() <= ROUNDING * self.free:
                return np.asarray(price)
        return None

    def where_returns_fall_to(self, prices: Array, low: Array, high: Array) -> Array:
        """Return the spends, between ``low`` and ``high``, at which concave curves' marginal return falls to the price."""
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            rising = self.marginal(middle) > prices
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        return low

    def _purses(self, spend: Array, free: Truths, step: float) -> tuple[Levels, Array, Array]:
        """
        Return the purse each channel is paid from, what is in each, and how dear money must be there.

        Purse 0 is that of all; a group with ``free`` channels that is within ``step`` of its limit has one of its own, in
        which money is to be dearer than in that of all (1: its most holds it), cheaper (-1: its least does) or either (0).
        """
        purse, money, sides = np.zeros(len(spend), dtype=np.intp), [self.free], [0.0]
        for group in self.groups:
            at = self._sum_of(group, spend)
            up, down = group.high - at, at - group.low
            if not free[group.members].any() or (up > step and (group.low == 0 or down > step)):
                continue
            purse[group.members] = len(money)
            money.append(group.high if up <= down else group.low)
            sides.append(0.0 if group.low == group.high else 1.0 if up <= down else -1.0)
        money[0] -= sum(money[1:])
        return purse, np.array(money), np.array(sides)

    def _best_in_window(self, spend: Array, offsets: Array, low: Array, high: Array) -> Array | None:
        """Return a better split among ``spend`` + one of ``offsets`` per channel, or None."""
        step = offsets[1] - offsets[0]
        here, now = spend[:, None], self.worth(spend)
        inside, values = self._choices(here + offsets, here, low[:, None], high[:, None], step)
        values[:, WINDOW], inside[:, WINDOW] = now, spend
        spare = int(max(self.left(spend), 0.0) / step)
        programme = Programme(values, WINDOW * len(spend) + min(spare, WINDOW), self._window_groups(spend, step))
        if programme.best.max() <= now.sum() * (1 + 1e-14):
            return None
        levels = programme.levels(programme.first_best)
        moved = self.raised(inside[np.arange(len(spend)), levels])
        return moved if self.total(moved) > self.total(spend) and self.allowed(moved) else None

    def _window_groups(self, spend: Array, step: float) -> list[Group]:
        made = []
        for group in self.groups:
            at, still = self._sum_of(group, spend), WINDOW * len(group.members)
            up = math.floor((group.high - at) / step + SLACK) if math.isfinite(group.high) else still
            made.append(Group(group.members, still - math.floor(max(at - group.low, 0.0) / step), still + max(up, 0)))
        return made

    def _sum_of(self, group: Limited, spend: Array) -> float:
        return float((spend - self.base)[group.members].sum())

    def raised(self, spend: Array) -> Array:
        """Return the split with each group that rounding left under its minimum brought up to it, best channel first."""
        for group in self.groups:
            missing = group.low - self._sum_of(group, spend)
            if missing <= 0:
                continue
            spend = spend.copy()
            open_ = (~self.gated | (spend > 0)) & ~self.in_lots
            marginal = self.marginal(spend)
            for i in sorted(group.members[open_[group.members]], key=lambda i: -marginal[i]):
                given = min(missing, self.high[i] - spend[i])
                spend[i], missing = spend[i] + given, missing - given
        return spend

    def allowed(self, spend: Array) -> bool:
        """Whether the budget and the limits of the groups hold."""
        slack = SLACK * max(self.free, 1e-300)
        return self.left(spend) >= -slack and all(
            group.low - slack <= self._sum_of(group, spend) <= group.high + slack for group in self.groups
        )

    def _snapped(self, spend: Array, low: Array, high: Array) -> Array:
        """Return the split with spends a hair from a limit put on it, unless that costs outcome."""
        nearby = HAIR * self.free
        snapped = np.where(spend - low <= nearby, low, np.where(high - spend <= nearby, high, spend))
        snapped = np.where(self.in_lots, spend, snapped)
        for tried in (self._paid_for(snapped, low, high), np.where(snapped == high, spend, snapped)):
            if self.allowed(tried) and self.total(self._filled(tried, high)) >= self.total(spend) * (1 - ROUNDING):
                return tried
        return spend

    def _paid_for(self, spend: Array, low: Array, high: Array) -> Array:
        """Return the split with what it lacks taken from a channel that no limit holds, the one with most above its least."""
        missing = -self.left(spend)
        between = (spend > low) & (spend < high) & ~self.in_lots
        if missing <= 0 or not between.any():
            return spend
        spend = spend.copy()
        spend[np.argmax(np.where(between, spend - low, -np.inf))] -= missing
        return spend

    def _filled(self, spend: Array, high: Array) -> Array:
        """Return the split with what is left given where it brings most."""
        spend, left = spend.copy(), self.left(spend)
        room = {int(i): group for group in self.groups for i in group.members}
        marginal = self.marginal(spend)
        for i in np.argsort(-marginal, kind="stable"):
            if left <= 0 or marginal[i] <= 0:
                break
            if self.in_lots[i]:
                continue
            given = min(left, high[i] - spend[i])
            if int(i) in room:
                given = max(min(given, room[int(i)].high - self._sum_of(room[int(i)], spend)), 0.0)
            spend[i], left = spend[i] + given, left - given
        return spend

    def price_of_money(self, spend: Array, members: Levels | None = None) -> float:
        """Return the marginal return shared by the channels (of ``members``) that no limit holds."""
        if members is None and self.left(spend) > ROUNDING * self.free:
            return 0.0
        marginal, slack = self.marginal(spend), 1e-9 * self.free
        between = (spend > self.low + slack) & (spend < self.limit - slack) & np.isfinite(marginal) & ~self.in_lots
        if members is not None:
            finite = marginal[members][between[members]]
            return float(np.median(finite)) if len(finite) else math.nan
        for group in self.groups:
            # A group at its limit has a price of its own.
            if self.held(group, spend):
                between[group.members] = False
        finite = marginal[between]
        if len(finite):
            return float(np.median(finite))
        # Nothing is open: money is worth more than what it would bring in a channel that gets none of it.
        closed = (spend <= self.low + slack) & (self.low < self.limit) & np.isfinite(marginal)
        for group in self.groups:
            closed[group.members] &= self.held(group, spend) != "maximum"
        return max(self.total(spend) / (2 * self.free), float(marginal[closed].max(initial=0.0)))

    def prices(self, spend: Array) -> Array:
        """Return what money is worth to each channel: the return of the open channels it shares a limit with."""
        prices = np.full(len(spend), self.price_of_money(spend))
        for group in self.groups:
            own = self.price_of_money(spend, group.members) if self.held(group, spend) else math.nan
            if math.isfinite(own):
                prices[group.members] = own
        return prices

    def brings(self, spend: Array) -> float:
        """Return the weighted outcome of a split, or minus infinity for one that is not allowed."""
        return self.total(spend) if self.allowed(spend) else -math.inf

    @property
    def levels_of_budget(self) -> int:
        """Steps of the grid that the free money pays for."""
        return math.floor(self.free / self.step * (1 + ROUNDING) + SLACK)

    @property
    def over(self) -> int:
        """Levels past the budget that the programme looks at: one for each channel in steps that do not fall on the grid."""
        return int(self.beside_grid.sum())

    @property
    def beside_grid(self) -> Truths:
        """Which channels come in steps that do not fall on the grid."""
        times = self.lot / self.step
        return np.asarray(np.abs(times - np.rint(times)) > 1e-6)

    @property
    def off_grid(self) -> bool:
        """Whether some channel's steps do not fall on the grid."""
        return bool(self.beside_grid.any())

    def held(self, group: Limited, spend: Array) -> str:
        """Return which limit of the group holds its channels: "minimum", "maximum" or neither."""
        at, slack = self._sum_of(group, spend), 1e-9 * self.free
        if at >= group.high - slack:
            return "maximum"
        return "minimum" if group.low > 0 and at <= group.low + slack else ""

    def repaired(self, spend: Array) -> Array | None:
        """Return ``spend`` with its excess over the budget taken off above the minimums; None where they forbid it."""
        left = self.left(spend)
        if left < 0:
            floor = np.where(self.gated & (spend == 0), 0.0, self.low)
            above = spend - floor
            for group in self.groups:
                most, spare = float(above[group.members].sum()), max(self._sum_of(group, spend) - group.low, 0.0)
                above[group.members] *= min(spare / most, 1.0) if most > 0 else 0.0
            # What comes in steps is left alone as long as the rest can give.
            giving = above if float(above[~self.in_lots].sum()) + left < 0 else np.where(self.in_lots, 0.0, above)
            total = float(giving.sum())
            if total + left < -SLACK * self.free:
                return None
            spend = spend - giving * min(-left / total if total > 0 else 0.0, 1.0)
            lots = self.base + self._whole_lots(spend - self.base)
            spend = np.where(self.in_lots & (lots < floor), floor, np.where(self.in_lots, lots, spend))
        return spend if self.allowed(spend) else None


def _bent_together(rises: Array, purses: Levels) -> bool:
    """
    Whether money moved between the channels of a purse costs outcome at the margin, by how their marginal returns rise.

    That holds where all of them fall, and with one that rises as long as the others fall faster together.
    """
    if not rises.all():
        return False
    rising, bend = np.bincount(purses, rises > 0), np.bincount(purses, 1 / rises)
    return bool(((rising == 0) | ((rising == 1) & (bend > 0))).all())


def _common_part(lots: Array, smallest: float) -> float:
    """Return the largest sum of which all ``lots`` are whole multiples; 0 where it would be under ``smallest``."""
    part = float(lots[0])
    for lot in lots[1:]:
        larger, smaller = max(part, float(lot)), min(part, float(lot))
        while smaller > 1e-6 * larger:
            larger, smaller = smaller, math.fmod(larger, smaller)
            # The rest of a division that comes out even may be just under the divisor.
            smaller = 0.0 if larger - smaller < 1e-6 * larger else smaller
        part = larger
        if part < smallest:
            return 0.0
    return part if part >= smallest else 0.0
