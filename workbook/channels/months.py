"""When is the money spent, and when do the customers come? The split month by month.

Spend follows the season and rises over the months it takes to get going. What a month's spend brings comes after the
channel's lag and fades by its carryover; what an estimate promises for the period is spread over the months in which it
arrives within it.

Where a month's cash is limited, the best moment for a channel depends on what it got before, so the split no longer
separates over channels. ``by_period`` then searches: from several starts it moves ever smaller sums between channels and
months as long as that brings more. That is a local search, with no proof, and is called that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.channels.limits import SLACK, ChannelOption, GroupLimit, owed_together, require_feasible
from workbook.channels.response import stacked
from workbook.channels.split import PlannedChannel, Split, split
from workbook.errors import SHOWN_AT_ONCE, AnalysisError
from workbook.language import N_, listed, number
from workbook.plan.model import Counted, Plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ForwardPlan", "PeriodPlan", "arrivals", "by_period", "forward_plan", "profile"]

Array = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Move = tuple[float, tuple[int, int], tuple[int, int]]
"""What a move gains, and the (channel, period) that gives and that takes."""

STARTS = 4
"""Splits the local search starts from."""

COARSEST, FINEST = 40, 5_000
"""The budget is moved in parts of one fortieth at first, of a five-thousandth at last."""


@dataclass(frozen=True)
class PeriodPlan:
    """Spend by channel and period, shape (n, periods), what it brings, and from how many starts it was searched for."""

    spend: Array
    outcome: float
    starts: int


@dataclass(frozen=True)
class ForwardPlan:
    """
    The split over the months of the plan.

    ``table`` has one row per month and channel: month (its first day; missing where the plan has no start), number (from
    1), id, channel, spend, arrived (what comes in that month, in the channel's unit) and customers (the same, missing for
    channels that count demand). ``searched`` says that a limit of cash made it a local search, ``unspent`` what that limit leaves.
    """

    table: pd.DataFrame
    months: int
    searched: bool
    unspent: float


def profile(months: int, *, season: Sequence[float] = (), first: int = 1, ramp: float = 0.0) -> Array:
    """
    Return the share of the spend in each month, shape (months,), summing to 1.

    Parameters
    ----------
    months
        Length of the period, >= 1.
    season
        Weights of the twelve months from January on, >= 0; all alike where none is given.
    first
        The calendar month it begins in, 1..12.
    ramp
        Months over which spend rises to its full height, >= 0.

    Raises
    ------
    AnalysisError
        If no month of the period has a weight.
    """
    number_of = np.arange(months)
    weights = np.array(season, dtype=float)[(first - 1 + number_of) % 12] if len(season) else np.ones(months)
    rising = np.minimum((number_of + 1) / (ramp + 1), 1.0)
    shares = weights * rising
    if shares.sum() <= 0:
        raise AnalysisError(
            N_("Every month of the period has the season 0, so that nothing could be spent. Raise at least one month.")
        )
    return np.asarray(shares / shares.sum())


def arrivals(months: int, *, lag: float = 0.0, carryover: float = 0.0) -> Array:
    """
    Return which share of a month's effect comes in which month: shape (months it comes in, months of spend).

    The effect begins ``lag`` months (rounded) after the spend, and of what a month has brought a share ``carryover``
    (0..1) comes in the next one. Columns sum to 1 but for what comes after the period.
    """
    after = np.subtract.outer(np.arange(months), np.arange(months)) - round(lag)
    kept = min(carryover, 0.99)
    return np.where(after >= 0, (1 - kept) * kept ** np.maximum(after, 0), 0.0)


def forward_plan(plan: Plan) -> ForwardPlan | None:
    """
    Return the split month by month; None while there is no split.

    Raises
    ------
    AnalysisError
        As ``split``, or if a month's cash cannot pay for the limits.
    """
    chosen = split(plan)
    if chosen is None:
        return None
    period, cash = plan.charter.period, plan.budget.most_a_month
    first = period.start.month if period.start else 1
    shares = profile(period.months, season=plan.budget.season.weights, first=first, ramp=plan.budget.ramp)
    channels = [channel for side in chosen.sides for channel in side.channels]
    spends = np.array([chosen.spends[channel.id] for channel in channels])
    spend = np.outer(spends, shares)
    searched = cash is not None and float(spend.sum(axis=0).max()) > cash * (1 + SLACK)
    if searched and cash is not None:
        spend = _searched(chosen, period.months, cash, tuple(shares * period.months))
    place = {id: i for i, id in enumerate(chosen.table["id"])}
    table = _table(channels, spend, plan).sort_values("id", key=lambda ids: ids.map(place), kind="stable")
    table = table.reset_index(drop=True)
    return ForwardPlan(table, period.months, searched, float(spends.sum() - spend.sum()) if searched else 0.0)


def _searched(chosen: Split, months: int, cash: float, season: tuple[float, ...]) -> Array:
    """Return the months of each side by local search; the cash of a month is divided like the budget."""
    parts = []
    for side in chosen.sides:
        if not side.channels:
            continue
        options = side.options[: len(side.channels)]
        share = side.budget / chosen.budget if chosen.budget > 0 else 0.0
        carry = tuple((c.lag, c.carryover) for c in side.channels)
        spent = float(side.allocation.table["spend"].iloc[: len(side.channels)].sum())
        parts.append(_by_period(options, side.groups, spent, months, cash * share, carry, season).spend)
    return np.concatenate(parts)


@lru_cache(maxsize=16)
def _by_period(
    options: tuple[ChannelOption, ...],
    groups: tuple[GroupLimit, ...],
    budget: float,
    months: int,
    cash: float,
    carry: tuple[tuple[float, float], ...],
    season: tuple[float, ...],
) -> PeriodPlan:
    effects = [arrivals(months, lag=lag, carryover=carryover) for lag, carryover in carry]
    return by_period(options, budget, effects, groups=groups, cash=cash, season=season)


def _table(channels: list[PlannedChannel], spend: Array, plan: Plan) -> pd.DataFrame:
    import pandas as pd

    start, rows = plan.charter.period.start, []
    for i, channel in enumerate(channels):
        effect = arrivals(len(spend[i]), lag=channel.lag, carryover=channel.carryover) @ spend[i]
        total = float(channel.curve.outcome(float(spend[i].sum())))
        shares = effect / effect.sum() if effect.sum() > 0 else np.zeros(len(effect))
        for month, (money, share) in enumerate(zip(spend[i], shares, strict=True)):
            rows.append(
                {
                    "month": _later(start, month) if start else None,
                    "number": month + 1,
                    "id": channel.id,
                    "channel": channel.name,
                    "spend": float(money),
                    "arrived": total * float(share),
                    "customers": total * float(share) if channel.unit is Counted.CUSTOMERS else math.nan,
                }
            )
    return pd.DataFrame(rows)


def _later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def by_period(
    options: Sequence[ChannelOption],
    budget: float,
    effects: Sequence[Array],
    *,
    groups: Sequence[GroupLimit] = (),
    cash: float | Sequence[float] = math.inf,
    season: Sequence[float] = (),
    starts: int = STARTS,
    seed: int = 0,
) -> PeriodPlan:
    """
    Split ``budget`` over channels and periods by local search from several starts.

    Parameters
    ----------
    options
        Channels whose curves say what a spend brings that is even over all periods; limits count for all periods
        together. Channels bought in steps, on or off, or fixed keep what they get of a split that ignores the periods.
    budget
        Money for all periods, >= 0.
    effects
        One matrix a channel, as from ``arrivals``, shape (periods, periods).
    groups
        Limits to what the channels of a group get together, in all periods.
    cash
        Most that may be spent in a period, for all channels together; one figure, or one a period.
    season
        How lively each period is, 1 being an ordinary one.
    starts
        Splits to start from, >= 1: an even one, one by season, then random ones.

    Raises
    ------
    AnalysisError
        If the limits cannot be met, or all periods' cash together is less than what the channels must get.
    """
    require_feasible(options, budget, groups)
    search = _Search(options, budget, effects, groups, cash, season)
    rng, best = np.random.default_rng(seed), None
    for turn in range(starts):
        spend = search.improved(search.start(turn, rng))
        outcome = search.total(spend)
        if best is None or outcome > best.outcome * (1 + 1e-12):
            best = PeriodPlan(spend, outcome, starts)
    assert best is not None
    return best


class _Search:
    """Channels by periods. ``spend`` has shape (n, periods)."""

    def __init__(
        self,
        options: Sequence[ChannelOption],
        budget: float,
        effects: Sequence[Array],
        groups: Sequence[GroupLimit],
        cash: float | Sequence[float],
        season: Sequence[float],
    ) -> None:
        from workbook.channels.allocation import allocate

        self.effects = np.stack(effects)
        self.periods = self.effects.shape[1]
        self.curves = stacked([option.curve for option in options])
        self.weight = np.array([option.weight for option in options])
        self.cash = np.broadcast_to(np.asarray(cash, dtype=float), self.periods).copy()
        self.season = np.array(season, dtype=float) if len(season) else np.ones(self.periods)
        payable = float(np.minimum(self.cash, budget).sum())
        owed = owed_together(options, groups)
        if owed > payable * (1 + SLACK):
            raise AnalysisError(
                N_(
                    "The channels must get {asked}, but the cash of all periods is {cash}; most is asked for by {channels}."
                ),
                asked=number(owed),
                cash=number(payable),
                channels=listed([o.name for o in sorted(options, key=lambda o: -o.owed)[:SHOWN_AT_ONCE]]),
            )
        self.budget = min(budget, payable)
        found = allocate(options, self.budget, groups=groups, steps=200).table["spend"].to_numpy()
        self.found = found * min(1.0, self.budget / found.sum()) if found.sum() > 0 else found
        stuck = np.array([o.step is not None or o.may_be_off or o.fixed is not None for o in options])
        self.low = np.where(stuck, self.found, [o.least for o in options])
        self.high = np.where(stuck, self.found, [o.most for o in options])
        self.groups = [(np.array([o.group == group.name for o in options]), group) for group in groups]

    def worth(self, spend: Array) -> Array:
        """Return what each channel brings, shape (..., n), for spends of shape (..., n, periods)."""
        effect = np.einsum("itm,...im->...it", self.effects, spend)
        flat = np.moveaxis(effect, -2, 0).reshape(len(self.weight), -1) * self.periods
        brought = self.curves.outcome(np.maximum(flat, 0.0)).reshape(np.moveaxis(effect, -2, 0).shape)
        each = (brought * self.season).mean(axis=-1)
        return np.asarray(np.moveaxis(each, 0, -1) * self.weight)

    def total(self, spend: Array) -> float:
        """Return the weighted outcome."""
        return float(self.worth(spend).sum())

    def start(self, turn: int, rng: np.random.Generator) -> Array:
        """Return the split that ignores periods, laid over them: evenly, by season, then at random; within the cash."""
        shares = [np.ones(self.periods), self.season][turn] if turn < 2 else rng.dirichlet(np.ones(self.periods))
        if shares.sum() <= 0:
            shares = np.ones(self.periods)
        months = self._within_cash(self.found.sum() * shares / shares.sum())
        total = float(months.sum())
        return np.outer(self.found, months / total) if total > 0 else np.zeros((len(self.found), self.periods))

    def _within_cash(self, months: Array) -> Array:
        """Return sums a period with what passes its cash moved to the periods that still have some."""
        for _ in range(self.periods):
            over = float(np.maximum(months - self.cash, 0).sum())
            months = np.minimum(months, self.cash)
            room = np.minimum(self.cash - months, self.budget)
            if over <= 1e-12 * max(self.budget, 1e-300) or room.sum() <= 0:
                break
            months = months + room * min(1.0, over / room.sum())
        return months

    def improved(self, spend: Array) -> Array:
        """Return ``spend`` after every move of a sum, ever smaller, that brings more."""
        sum_ = self.budget / COARSEST
        while self.budget > 0 and sum_ >= self.budget / FINEST:
            moved = self._moved(spend, sum_)
            if moved is None:
                sum_ /= 2
            else:
                spend = moved
        return spend

    def _moved(self, spend: Array, sum_: float) -> Array | None:
        """Return the split after the best single move of ``sum_``, or None where none brings more."""
        now, cells = self.worth(spend), sum_ * np.eye(self.periods)
        more = self._changed(spend, cells) - now[:, None]
        less = self._changed(spend, -cells) - now[:, None]
        gives = (spend >= sum_ * (1 - SLACK)) & (spend.sum(axis=1) - sum_ >= self.low - SLACK * self.budget)[:, None]
        takes = (spend.sum(axis=1) + sum_ <= self.high + SLACK * self.budget)[:, None]
        room = spend.sum(axis=0) + sum_ <= self.cash * (1 + SLACK)
        more_in, less_out = np.where(takes, more, -np.inf), np.where(gives, less, -np.inf)
        may_take, may_give = self._within_groups(spend, sum_)
        moves = [
            self._best_move(
                np.where(may_take[:, None], more_in, -np.inf), np.where(may_give[:, None], less_out, -np.inf), room
            ),
            # Inside a group its limits stand still.
            *(
                self._best_move(
                    np.where(inside[:, None], more_in, -np.inf), np.where(inside[:, None], less_out, -np.inf), room
                )
                for inside, _group in self.groups
            ),
            self._best_inside(np.where(spend >= sum_ * (1 - SLACK), less, -np.inf), more, room),
        ]
        for gain, give, take in sorted(moves, key=lambda move: -move[0]):
            trial = spend.copy()
            trial[give] -= sum_
            trial[take] += sum_
            if gain > 0 and self.total(trial) > float(now.sum()) * (1 + 1e-12):
                return np.asarray(np.maximum(trial, 0.0))
        return None

    def _within_groups(self, spend: Array, sum_: float) -> tuple[Truths, Truths]:
        """Return which channels may take ``sum_`` from outside their group, and which may give it there: shape (n,)."""
        may_take, may_give = np.ones(len(spend), dtype=bool), np.ones(len(spend), dtype=bool)
        for inside, group in self.groups:
            at = float(spend[inside].sum())
            may_take &= ~inside | (at + sum_ <= group.maximum + SLACK * self.budget)
            may_give &= ~inside | (at - sum_ >= group.minimum - SLACK * self.budget)
        return may_take, may_give

    def _changed(self, spend: Array, cells: Array) -> Array:
        """Return what each channel brings with its spend in each period changed: shape (n, periods)."""
        trial = np.maximum(spend[None, :, :] + cells[:, None, :], 0.0)
        return np.asarray(self.worth(trial).T)

    def _best_move(self, more: Array, less: Array, room: Truths) -> Move:
        """Return the best move from one channel to another: within a period, or to a period with cash to spare."""
        open_ = np.where(room[None, :], more, -np.inf)
        give, take = divmod(int(np.argmax(less)), self.periods), divmod(int(np.argmax(open_)), self.periods)
        moves = [(float(less[give] + open_[take]), give, take)]
        for period in (int(p) for p in np.flatnonzero(np.logical_not(room))):
            one, other = int(np.argmax(less[:, period])), int(np.argmax(more[:, period]))
            if one != other:
                moves.append((float(less[one, period] + more[other, period]), (one, period), (other, period)))
        return max(moves, key=lambda move: move[0])

    def _best_inside(self, less: Array, more: Array, room: Truths) -> Move:
        """Return the best move of one channel's money from one period to another."""
        open_ = np.where(room[None, :], more, -np.inf)
        i = int(np.argmax(less.max(axis=1) + open_.max(axis=1)))
        give, take = int(np.argmax(less[i])), int(np.argmax(open_[i]))
        return float(less[i, give] + open_[i, take]), (i, give), (i, take)
