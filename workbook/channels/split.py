"""Where should the plan's next euro go? From the team's estimates and limits to the split of the budget.

Each channel's curve runs through the likely estimate and flattens towards the most it could bring; what a customer is
worth comes from the segments the channel reaches. What the reserve leaves of the budget is divided between upstream and
downstream by the balance, unless the team merges the two, and ``allocation`` then splits each part in its own unit, with
a proof of its own. Where profit counts, money may be kept: a euro is spent only where it brings more than a euro.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from workbook.channels.allocation import Allocation, ChannelOption, GroupLimit, allocate
from workbook.channels.balance import balance
from workbook.channels.beliefs import Belief, believed, tested_by
from workbook.channels.response import Hill, Linear
from workbook.errors import SHOWN_AT_ONCE, AnalysisError
from workbook.language import N_, listed
from workbook.plan.model import Aim, Basis, Channel, ChannelGroup, Counted, Curve, Plan, Side, Sides
from workbook.plan.worth import outcome_pipeline, outcome_worth

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS", "PlannedChannel", "SideSplit", "Split", "planned_channels", "split"]

STEPS = 500
"""Steps of the grid: a budget of 100,000 is split in steps of 200, then polished."""

KEPT = "~kept"
"""Name of the channel that stands for money kept, where profit counts."""


@dataclass(frozen=True)
class PlannedChannel:
    """
    A channel with a usable curve, and the limits to its spend.

    ``low`` and ``high`` are the estimates as shares of the likely one. ``worth`` is the margin of a customer won through
    it while that customer stays, ``pipeline`` the value of the opportunities behind one; None where a figure is missing.
    ``group`` names the group with a limit that it is in.
    """

    id: str
    name: str
    basis: Basis
    curve: Hill
    low: float
    high: float
    ceiling_assumed: bool
    minimum: float
    maximum: float | None
    last_spend: float | None
    worth: float | None
    pipeline: float | None = None
    side: Side = Side.DOWNSTREAM
    unit: Counted = Counted.CUSTOMERS
    fixed: float | None = None
    minimum_buy: float | None = None
    multiple: float | None = None
    lag: float = 0.0
    carryover: float = 0.0
    group: str = ""


@dataclass(frozen=True)
class SideSplit:
    """
    The split of one part of the budget, proven by itself. ``side`` is None where upstream and downstream are merged.

    ``aim`` is what the split brings most of: the plan's, or customers where figures for that are missing. ``options``
    are the channels as the allocator got them, in the order of ``channels``; with ``keeps`` a last one for money kept.
    ``groups`` are the limits that some of them have together.
    """

    side: Side | None
    budget: float
    aim: Aim
    unit: Counted
    channels: tuple[PlannedChannel, ...]
    options: tuple[ChannelOption, ...]
    groups: tuple[GroupLimit, ...]
    allocation: Allocation

    @property
    def keeps(self) -> bool:
        """Whether money may be kept: profit counts."""
        return self.options[-1].name == KEPT

    @property
    def outcome(self) -> float:
        """What it brings, in its unit: customers, pipeline, demand; or profit, after the spend."""
        return self.allocation.outcome - (self.budget if self.keeps else 0.0)

    @property
    def upper_bound(self) -> float:
        """What no split of this part passes."""
        return self.allocation.upper_bound - (self.budget if self.keeps else 0.0)

    @property
    def gap(self) -> float:
        """Share by which the best split of this part could still be better, at most."""
        if self.upper_bound <= self.outcome:
            return 0.0
        return self.upper_bound / self.outcome - 1 if self.outcome > 0 else math.inf

    @property
    def unspent(self) -> float:
        """Money kept, or for which the limits leave no use."""
        kept = float(self.allocation.table["spend"].iloc[-1]) if self.keeps else 0.0
        return self.allocation.unspent + (kept if kept > 1e-6 * self.budget else 0.0)


@dataclass(frozen=True)
class Split:
    """
    The best split of ``budget``.

    ``table`` has one row per channel, in the plan's order: id, channel, side, basis, spend, customers (missing where the
    channel counts demand), demand (the other way round), low, high, worth (margin of those customers while they stay),
    marginal (outcome per further 1,000, at the margin), marginal_worth (the same in money), average (outcome per 1,000
    spent), binding (the limit that holds it, or empty), group (the one with a limit that it is in), last_spend.
    """

    table: pd.DataFrame
    sides: tuple[SideSplit, ...]
    budget: float
    upstream: float | None
    """Share of the budget divided off for upstream channels; None where there is one budget for all."""

    @property
    def by_worth(self) -> bool:
        """Whether customers count by what they are worth, everywhere."""
        return all(side.aim is Aim.PROFIT for side in self.sides)

    @property
    def gap(self) -> float:
        """The widest gap of its parts."""
        return max(side.gap for side in self.sides)

    @property
    def unspent(self) -> float:
        """Money kept, or for which the limits leave no use, in all parts."""
        return sum(side.unspent for side in self.sides)

    @property
    def customers(self) -> float:
        """New customers in the period, by the likely estimates."""
        return float(self.table["customers"].sum())

    @cached_property
    def spends(self) -> dict[str, float]:
        """Spend by the channel's id."""
        return dict(zip(self.table["id"], self.table["spend"], strict=True))


def planned_channels(plan: Plan) -> list[PlannedChannel]:
    """Return the plan's channels that have a usable curve, in the plan's order; a later curve replaces an earlier one."""
    usable = [curve for curve in plan.curves if curve.estimate.spend and curve.estimate.likely]
    by_channel = {str(curve.channel): curve for curve in usable}
    group_of = {str(channel): name for name, group in _named_groups(plan).items() for channel in group.channels}
    return [
        _planned(channel, by_channel[channel.id], plan, group_of.get(channel.id, ""))
        for channel in plan.channels
        if channel.id in by_channel
    ]


def _named_groups(plan: Plan) -> dict[str, ChannelGroup]:
    """Return the groups that have a limit, by name; by id where two are called alike."""
    limited = [group for group in plan.groups if group.minimum or group.maximum is not None]
    times = Counter(group.label for group in limited)
    return {group.label if times[group.label] == 1 else group.id: group for group in limited}


def split(plan: Plan) -> Split | None:
    """
    Return the split of the plan's budget, without the reserve; None while there is no budget or no curve.

    Raises
    ------
    AnalysisError
        If the limits exclude each other, channels that share a budget count different things, a channel is in two groups,
        or a group holds channels of budgets that are apart.
    """
    # Every exhibit of a page asks for the split of the same plan.
    if _last and _last[0][0] is plan:
        return _last[0][1]
    found = _split(plan)
    _last[:] = [(plan, found)]
    return found


_last: list[tuple[Plan, Split | None]] = []
"""The plan split last, and its split: at most one."""


def _split(plan: Plan) -> Split | None:
    channels = planned_channels(plan)
    if plan.budget.total is None or not channels:
        return None
    _require_disjoint(plan)
    budget = max(plan.budget.total - plan.budget.reserve, 0.0)
    share = _upstream_share(channels, plan)
    if share is None:
        sides = [_side(None, channels, budget, plan)]
    else:
        parts = {Side.UPSTREAM: share * budget, Side.DOWNSTREAM: (1 - share) * budget}
        sides = [_side(side, [c for c in channels if c.side is side], part, plan) for side, part in parts.items()]
    return Split(_table(channels, sides), tuple(sides), budget, share)


def _upstream_share(channels: list[PlannedChannel], plan: Plan) -> float | None:
    """Return the share for upstream channels: decided, else recommended; None with one budget, or channels on one side."""
    if plan.budget.sides is Sides.MERGED or len({channel.side for channel in channels}) == 1:
        return None
    decided = plan.balance.upstream_share
    return balance(plan).upstream if decided is None else decided


def _side(side: Side | None, channels: list[PlannedChannel], budget: float, plan: Plan) -> SideSplit:
    unit = _unit(channels)
    weights = _weights(channels, plan.budget.aim) if unit is Counted.CUSTOMERS else None
    aim = plan.budget.aim if weights else Aim.CUSTOMERS
    options = [_option(channel, weights[channel.id] if weights else 1.0) for channel in channels]
    if aim is Aim.PROFIT:
        options.append(ChannelOption(KEPT, Linear()))
    groups = _limits(side, plan)
    allocation = _allocated(tuple(options), budget, groups)
    return SideSplit(side, budget, aim, unit, tuple(channels), tuple(options), groups, allocation)


def _require_disjoint(plan: Plan) -> None:
    times = Counter(channel for group in _named_groups(plan).values() for channel in group.channels)
    shared = [plan.name_of(channel) for channel, number in times.items() if number > 1]
    if shared:
        raise AnalysisError(
            N_("{channels}: in more than one group. A channel can be in one group only; take it out of the others."),
            channels=listed(shared[:SHOWN_AT_ONCE]),
        )


def _limits(side: Side | None, plan: Plan) -> tuple[GroupLimit, ...]:
    """Return the limits of the groups whose channels are on ``side``, or of all groups where there is one budget."""
    side_of = {channel.id: channel.side for channel in plan.channels}
    limits = []
    for name, group in _named_groups(plan).items():
        sides = {side_of[channel] for channel in group.channels if channel in side_of}
        if side is not None and len(sides) > 1:
            raise AnalysisError(
                N_(
                    "Group {group} holds upstream and downstream channels, whose budgets are apart. Make a group for each "
                    "side, or merge the budgets."
                ),
                group=name,
            )
        if side is None or side in sides or not sides:
            high = math.inf if group.maximum is None else group.maximum
            limits.append(GroupLimit(name, group.minimum or 0.0, high))
    return tuple(limits)


def _unit(channels: list[PlannedChannel]) -> Counted:
    units = {channel.unit for channel in channels}
    if len(units) == 1:
        return units.pop()
    raise AnalysisError(
        N_(
            "{demand} count demand and {customers} count customers, so that one budget cannot be split over them. Let them "
            "count the same, or keep upstream and downstream apart."
        ),
        demand=listed([c.name for c in channels if c.unit is Counted.DEMAND][:SHOWN_AT_ONCE]),
        customers=listed([c.name for c in channels if c.unit is Counted.CUSTOMERS][:SHOWN_AT_ONCE]),
    )


def _weights(channels: list[PlannedChannel], aim: Aim) -> dict[str, float] | None:
    """Return what an outcome of each channel counts; None where a figure for that is missing somewhere."""
    if aim is Aim.CUSTOMERS:
        return {channel.id: 1.0 for channel in channels}
    values = {channel.id: channel.pipeline if aim is Aim.PIPELINE else channel.worth for channel in channels}
    return {id: value for id, value in values.items() if value is not None} if None not in values.values() else None


@lru_cache(maxsize=64)
def _allocated(options: tuple[ChannelOption, ...], budget: float, groups: tuple[GroupLimit, ...]) -> Allocation:
    """Several exhibits of a page ask for the same split."""
    return allocate(options, budget, groups=groups, steps=STEPS)


def _planned(channel: Channel, curve: Curve, plan: Plan, group: str) -> PlannedChannel:
    belief = believed(curve)
    assert belief is not None
    assert isinstance(belief.curve, Hill)
    low, high = _ends(curve, belief)
    worth, pipeline = outcome_worth(channel, plan), outcome_pipeline(channel, plan)
    return PlannedChannel(
        id=channel.id,
        name=channel.label,
        basis=belief.basis,
        curve=belief.curve,
        low=low,
        high=high,
        ceiling_assumed=curve.ceiling is None,
        minimum=curve.minimum or 0.0,
        maximum=curve.maximum,
        last_spend=curve.last_spend,
        worth=worth.amount if worth else None,
        pipeline=pipeline.amount if pipeline else None,
        side=channel.side,
        unit=curve.unit,
        fixed=curve.fixed,
        minimum_buy=curve.minimum_buy,
        multiple=curve.multiple or None,
        lag=channel.lag or 0.0,
        carryover=channel.carryover or 0.0,
        group=group,
    )


def _ends(curve: Curve, belief: Belief) -> tuple[float, float]:
    """Return low and high over likely: as estimated, or as sure as a test left them."""
    estimate = curve.estimate
    if tested_by(curve) is not None and estimate.spend:
        outcome = float(belief.curve.outcome(estimate.spend))
        low, high = (float(end[0]) / outcome for end in belief.band([estimate.spend]))
        return low, high
    likely = estimate.likely or 1.0
    low, high = (likely if end is None else end for end in (estimate.low, estimate.high))
    return low / likely, high / likely


def _option(channel: PlannedChannel, weight: float) -> ChannelOption:
    return ChannelOption(
        # Two channels of a plan may be called alike; their ids are not.
        name=channel.name if channel.name else channel.id,
        curve=channel.curve,
        minimum=max(channel.minimum, channel.minimum_buy or 0.0),
        maximum=math.inf if channel.maximum is None else channel.maximum,
        weight=weight,
        fixed=channel.fixed,
        optional=bool(channel.minimum_buy) and channel.minimum == 0,
        step=channel.multiple,
        group=channel.group,
    )


def _table(channels: list[PlannedChannel], sides: list[SideSplit]) -> pd.DataFrame:
    import pandas as pd

    found = {
        channel.id: (float(spend), str(binding))
        for side in sides
        # The row of money kept, the last one, has no channel.
        for channel, spend, binding in zip(
            side.channels, side.allocation.table["spend"], side.allocation.table["binding"], strict=False
        )
    }
    return pd.DataFrame([_row(channel, *found[channel.id]) for channel in channels])


def _row(channel: PlannedChannel, spend: float, binding: str) -> dict[str, object]:
    outcome, marginal, nothing = float(channel.curve.outcome(spend)), _marginal(channel.curve, spend), float("nan")
    in_customers = channel.unit is Counted.CUSTOMERS
    return {
        "id": channel.id,
        "channel": channel.name,
        "side": channel.side.value,
        "basis": channel.basis.value,
        "spend": spend,
        "customers": outcome if in_customers else nothing,
        "demand": nothing if in_customers else outcome,
        "low": outcome * channel.low,
        "high": outcome * channel.high,
        "worth": outcome * channel.worth if in_customers and channel.worth is not None else nothing,
        "marginal": marginal,
        "marginal_worth": marginal * channel.worth if in_customers and channel.worth is not None else nothing,
        "average": 1000 * outcome / spend if spend > 0 else nothing,
        "binding": binding,
        "group": channel.group,
        "last_spend": nothing if channel.last_spend is None else channel.last_spend,
    }


def _marginal(curve: Hill, spend: float) -> float:
    """Return outcomes per further 1,000; over the whole 1,000 where the curve starts upright, as with a shape under 1."""
    slope = 1000 * float(curve.marginal(spend))
    return slope if math.isfinite(slope) else float(curve.outcome(spend + 1000) - curve.outcome(spend))
