"""Where should the plan's next euro go? From the team's estimates and limits to the split of the budget.

Each channel's curve runs through the likely estimate and flattens towards the most it could bring; what a customer is
worth comes from the segments the channel reaches. ``allocation`` then splits what the reserve leaves of the budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.channels.allocation import Allocation, ChannelOption, allocate
from workbook.channels.response import Hill, through_estimate
from workbook.plan.model import Basis, Channel, Curve, Plan
from workbook.plan.worth import outcome_worth

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CEILING_WHEN_UNKNOWN", "STEPS", "PlannedChannel", "Split", "planned_channels", "split"]

CEILING_WHEN_UNKNOWN = 2.0
"""A ceiling nobody estimated is taken as this many times the likely figure: judgement, said beside the curve."""

STEPS = 500
"""Steps of the grid: a budget of 100,000 is split in steps of 200, then polished."""


@dataclass(frozen=True)
class PlannedChannel:
    """A channel with a usable curve. ``low`` and ``high`` are the estimates as shares of the likely one."""

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


@dataclass(frozen=True)
class Split:
    """
    The best split of ``budget``.

    ``table`` has one row per channel: id, channel, basis, spend, customers, low, high, worth (margin of those customers
    while they stay), marginal (customers per further 1,000, at the margin), marginal_worth (the same in money), binding
    (the limit that holds it, or empty), last_spend. ``by_worth`` says whether customers counted by what they are worth
    or alike.
    """

    table: pd.DataFrame
    allocation: Allocation
    budget: float
    by_worth: bool

    @property
    def customers(self) -> float:
        """New customers in the period, by the likely estimates."""
        return float(self.table["customers"].sum())


def planned_channels(plan: Plan) -> list[PlannedChannel]:
    """Return the plan's channels that have a usable curve, in the plan's order; a later curve replaces an earlier one."""
    usable = [curve for curve in plan.curves if curve.estimate.spend and curve.estimate.likely]
    by_channel = {str(curve.channel): curve for curve in usable}
    return [_planned(channel, by_channel[channel.id], plan) for channel in plan.channels if channel.id in by_channel]


def split(plan: Plan) -> Split | None:
    """
    Return the split of the plan's budget, without the reserve; None while there is no budget or no curve.

    Raises
    ------
    AnalysisError
        If the limits exclude each other.
    """
    channels = planned_channels(plan)
    if plan.budget.total is None or not channels:
        return None
    budget = max(plan.budget.total - plan.budget.reserve, 0.0)
    by_worth = all(channel.worth is not None for channel in channels)
    options = tuple(_option(channel, by_worth=by_worth) for channel in channels)
    allocation = _allocated(options, budget)
    return Split(_table(channels, allocation), allocation, budget, by_worth)


@lru_cache(maxsize=64)
def _allocated(options: tuple[ChannelOption, ...], budget: float) -> Allocation:
    """Several exhibits of a page ask for the same split."""
    return allocate(options, budget, steps=STEPS)


def _planned(channel: Channel, curve: Curve, plan: Plan) -> PlannedChannel:
    estimate = curve.estimate
    likely = estimate.likely or 0.0
    worth = outcome_worth(channel, plan)
    return PlannedChannel(
        id=channel.id,
        name=channel.label,
        basis=curve.basis,
        curve=through_estimate(
            estimate.spend or 0.0, likely, ceiling=curve.ceiling or CEILING_WHEN_UNKNOWN * likely, shape=curve.shape
        ),
        low=(likely if estimate.low is None else estimate.low) / likely,
        high=(likely if estimate.high is None else estimate.high) / likely,
        ceiling_assumed=curve.ceiling is None,
        minimum=curve.minimum or 0.0,
        maximum=curve.maximum,
        last_spend=curve.last_spend,
        worth=worth.amount if worth else None,
    )


def _option(channel: PlannedChannel, *, by_worth: bool) -> ChannelOption:
    return ChannelOption(
        name=channel.name,
        curve=channel.curve,
        minimum=channel.minimum,
        maximum=float("inf") if channel.maximum is None else channel.maximum,
        weight=channel.worth if by_worth and channel.worth is not None else 1.0,
    )


def _table(channels: list[PlannedChannel], allocation: Allocation) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for channel, spend, binding in zip(channels, allocation.table["spend"], allocation.table["binding"], strict=True):
        customers = float(channel.curve.outcome(spend))
        marginal = _marginal(channel.curve, float(spend))
        rows.append(
            {
                "id": channel.id,
                "channel": channel.name,
                "basis": channel.basis.value,
                "spend": float(spend),
                "customers": customers,
                "low": customers * channel.low,
                "high": customers * channel.high,
                "worth": customers * channel.worth if channel.worth is not None else float("nan"),
                "marginal": marginal,
                "marginal_worth": float("nan") if channel.worth is None else marginal * channel.worth,
                "binding": binding,
                "last_spend": float("nan") if channel.last_spend is None else channel.last_spend,
            }
        )
    return pd.DataFrame(rows)


def _marginal(curve: Hill, spend: float) -> float:
    """Return outcomes per further 1,000; over the whole 1,000 where the curve starts upright, as with a shape under 1."""
    slope = 1000 * float(curve.marginal(spend))
    return slope if math.isfinite(slope) else float(curve.outcome(spend + 1000) - curve.outcome(spend))
