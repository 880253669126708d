"""What may the plan's split bring, how likely is the goal, and which curve is most worth testing before money is spent?

The team's low, likely and high figures become a thousand draws of every channel's curve (``uncertainty``). Beside the
split that is best by the likely figures stands a robust one, which brings most in the worst tenth of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from workbook.channels.split import PlannedChannel, SideSplit, Split, split
from workbook.channels.uncertainty import (
    Array,
    Doubt,
    Outlook,
    drawn_factors,
    outlook,
    robust_split,
    worth_of_tests,
)
from workbook.plan.model import Counted, Plan
from workbook.plan.quota import customers_asked

if TYPE_CHECKING:
    import pandas as pd

    from workbook.channels.allocation import ChannelOption, GroupLimit

__all__ = ["Prospect", "goal_of", "prospect"]


@dataclass(frozen=True)
class Prospect:
    """
    What the split may bring.

    ``expected`` and ``robust`` are customers in the period, by the best split and by the robust one. ``table`` has one
    row per channel: id, channel, side, spend, robust (its spend in the robust split), low, high (four in five draws of
    its outcome lie between), test_worth (what a test that settled its curve could be worth at most, in the unit of its
    side) and in_money (whether that unit is money).
    """

    split: Split
    expected: Outlook
    robust: Outlook
    goal: float | None
    table: pd.DataFrame


def goal_of(plan: Plan) -> float | None:
    """
    Return the customers the plan is to bring: the team's goal, else revenue goal x marketing's share / deal size.

    None while neither is known.
    """
    if plan.budget.goal is not None:
        return plan.budget.goal
    return customers_asked(plan)


def prospect(plan: Plan) -> Prospect | None:
    """Return what the split of the plan may bring; None while there is no split. Raises AnalysisError as ``split``."""
    import pandas as pd

    chosen = split(plan)
    if chosen is None:
        return None
    goal, parts = goal_of(plan), [_weighed(side) for side in chosen.sides if side.channels]
    rows = [row for part in parts for row in part.rows]
    table = pd.DataFrame(rows).set_index("id").loc[list(chosen.table["id"])].reset_index()
    return Prospect(
        chosen,
        outlook(np.sum([p.customers for p in parts], axis=0), goal=goal),
        outlook(np.sum([p.robust_customers for p in parts], axis=0), goal=goal),
        goal,
        table,
    )


@dataclass(frozen=True)
class _Weighed:
    """One side: rows of the table, and customers by draw in the best and in the robust split, shape (draws,)."""

    rows: list[dict[str, object]]
    customers: Array
    robust_customers: Array


def _weighed(side: SideSplit) -> _Weighed:
    doubts = tuple(Doubt(c.low, c.high) for c in side.channels) + ((Doubt(),) if side.keeps else ())
    spends = tuple(side.allocation.table["spend"])
    return _of_draws(side.channels, side.options, side.groups, side.budget, doubts, spends, side.keeps)


@lru_cache(maxsize=16)
def _of_draws(
    channels: tuple[PlannedChannel, ...],
    options: tuple[ChannelOption, ...],
    groups: tuple[GroupLimit, ...],
    budget: float,
    doubts: tuple[Doubt, ...],
    spends: tuple[float, ...],
    in_money: bool,
) -> _Weighed:
    """Several exhibits of a page ask for the same draws."""
    factors = drawn_factors(doubts)
    robust = robust_split(options, budget, factors, groups=groups)[0]
    tests = worth_of_tests(options, budget, factors, groups=groups)
    best_outcomes, robust_outcomes = _outcomes(channels, np.array(spends)), _outcomes(channels, robust)
    low, high = np.quantile(factors[:, : len(channels)], [0.1, 0.9], axis=0) * best_outcomes
    counts = np.array([channel.unit is Counted.CUSTOMERS for channel in channels], dtype=float)
    rows: list[dict[str, object]] = [
        {
            "id": channel.id,
            "channel": channel.name,
            "side": channel.side.value,
            "spend": float(spends[i]),
            "robust": float(robust[i]),
            "low": float(low[i]),
            "high": float(high[i]),
            "test_worth": float(tests[i]),
            "in_money": in_money,
        }
        for i, channel in enumerate(channels)
    ]
    drawn = factors[:, : len(channels)]
    return _Weighed(rows, drawn @ (best_outcomes * counts), drawn @ (robust_outcomes * counts))


def _outcomes(channels: tuple[PlannedChannel, ...], spends: Array) -> Array:
    return np.array([float(c.curve.outcome(s)) for c, s in zip(channels, spends, strict=False)])
