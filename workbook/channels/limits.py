"""Which limits hold a split, and can they all be met? The channels money could go to, and groups of them.

Limits to a channel: a minimum, a maximum, a fixed spend, spend in whole multiples of a step (a fair costs what it
costs), on or off with a minimum buy. Limits to a group: the least and the most its channels may get together. A channel
is in one group at most; that keeps the split exact, since disjoint groups can be solved one after the other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.channels.response import ResponseCurve
from workbook.errors import SHOWN_AT_ONCE, AnalysisError
from workbook.language import N_, exact, listed, number
from workbook.language import translated as _

__all__ = ["SLACK", "ChannelOption", "GroupLimit", "owed_together", "require_feasible"]

SLACK = 1e-9
"""Share by which sums of limits may pass each other: what adds up on paper may not to the last digit."""


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
        Spend already decided; stands before ``optional`` and ``step``.
    optional
        Whether the channel may be left out: spend is then 0 or at least the minimum.
    step
        Spend comes in whole multiples of this sum, counted from 0; None: any sum.
    group
        Name of the group it belongs to; empty: none.
    place
        Where a table has it, for messages: "row 3"; empty: nowhere.
    """

    name: str
    curve: ResponseCurve
    minimum: float = 0.0
    maximum: float = math.inf
    weight: float = 1.0
    fixed: float | None = None
    optional: bool = False
    step: float | None = None
    group: str = ""
    place: str = ""

    @property
    def least(self) -> float:
        """Least that is spent on it when it is bought at all."""
        if self.fixed is not None:
            return self.fixed
        return _multiple(self.minimum, self.step, up=True)

    @property
    def most(self) -> float:
        """Most that may be spent on it."""
        if self.fixed is not None:
            return self.fixed
        return _multiple(self.maximum, self.step, up=False)

    @property
    def may_be_off(self) -> bool:
        """Whether its spend may be 0 although its minimum is not."""
        return self.optional and self.fixed is None and self.minimum > 0

    @property
    def owed(self) -> float:
        """What it gets in any case."""
        return 0.0 if self.may_be_off else self.least


@dataclass(frozen=True)
class GroupLimit:
    """The least and the most that the channels of a group may get together."""

    name: str
    minimum: float = 0.0
    maximum: float = math.inf


def owed_together(channels: Sequence[ChannelOption], groups: Sequence[GroupLimit] = ()) -> float:
    """Return what channels and groups get in any case: a group its minimum, or its channels' own where they are more."""
    least = {group.name: group.minimum for group in groups}
    total = 0.0
    for name in {channel.group for channel in channels} | set(least):
        total += max(sum(c.owed for c in channels if c.group == name), least.get(name, 0.0))
    return total


def _multiple(spend: float, step: float | None, *, up: bool) -> float:
    if step is None or not math.isfinite(spend):
        return spend
    times = spend / step
    return step * (math.ceil(times * (1 - SLACK)) if up else math.floor(times * (1 + SLACK)))


def require_feasible(channels: Sequence[ChannelOption], budget: float, groups: Sequence[GroupLimit] = ()) -> None:
    """Raise AnalysisError, naming the channels or groups, if a limit makes no sense or the limits cannot all be met."""
    if not (0 <= budget < math.inf):
        raise AnalysisError(
            N_("The budget is {found}, but must be a sum of 0 or more. Correct it."),
            found=number(budget) if math.isfinite(budget) else str(budget),
        )
    if not channels:
        raise AnalysisError(N_("There is no channel to spend the budget on. Add one."))
    twice = [name for name, times in Counter(c.name for c in channels).items() if times > 1]
    if twice:
        raise AnalysisError(
            N_("{channels}: the name is used more than once. Give each channel a name of its own."),
            channels=listed(twice[:SHOWN_AT_ONCE]),
        )
    _require_sense(channels)
    _require_groups(channels, groups)
    _require_affordable(channels, budget, groups)


def _require_sense(channels: Sequence[ChannelOption]) -> None:
    _refuse(
        [(c, _sum(c.weight)) for c in channels if not (0 <= c.weight < math.inf)],
        N_("{channels}: the worth of an outcome must be a number of 0 or more. Correct it."),
    )
    _refuse(
        [
            (c, f"{_sum(c.minimum)} … {_sum(c.maximum)}")
            for c in channels
            if not (0 <= c.minimum < math.inf and c.maximum >= 0)
        ],
        N_(
            "{channels}: minimum and maximum must be numbers of 0 or more. Correct them, or leave out what is no limit."
        ),
    )
    _refuse(
        [(c, f"{_sum(c.minimum)} > {_sum(c.maximum)}") for c in channels if c.minimum > c.maximum],
        N_("{channels}: the minimum is above the maximum. Lower the one or raise the other."),
    )
    _refuse(
        [(c, _sum(c.fixed)) for c in channels if c.fixed is not None and not (0 <= c.fixed < math.inf)],
        N_("{channels}: a fixed spend must be a number of 0 or more. Correct it, or leave it out."),
    )
    _refuse(
        [
            (
                c,
                _(
                    N_("{fixed}, not {least} to {most}"),
                    fixed=_sum(c.fixed),
                    least=_sum(c.minimum),
                    most=_sum(c.maximum),
                ),
            )
            for c in channels
            if c.fixed is not None and not (c.minimum <= c.fixed <= c.maximum)
        ],
        N_("{channels}: the fixed spend lies outside minimum and maximum. Change one of the three."),
    )
    _refuse(
        [(c, _sum(c.step)) for c in channels if c.step is not None and not (0 < c.step < math.inf)],
        N_("{channels}: a step of spend must be a number above 0. Leave it empty where any sum can be spent."),
    )
    _refuse(
        [
            (
                c,
                _(
                    N_("steps of {step}, {least} to {most}"),
                    step=_sum(c.step),
                    least=_sum(c.minimum),
                    most=_sum(c.maximum),
                ),
            )
            for c in channels
            if c.fixed is None and not c.may_be_off and c.least > c.most * (1 + SLACK)
        ],
        N_("{channels}: no whole multiple of the step lies between minimum and maximum. Change one of the three."),
    )


def _require_groups(channels: Sequence[ChannelOption], groups: Sequence[GroupLimit]) -> None:
    for group in groups:
        members = [c for c in channels if c.group == group.name]
        if not (0 <= group.minimum < math.inf and group.maximum >= group.minimum):
            raise AnalysisError(
                N_(
                    "Group {group}: the minimum is {minimum} and the maximum {maximum}, but both must be 0 or more and the "
                    "minimum not above the maximum. Change one of them."
                ),
                group=group.name,
                minimum=_sum(group.minimum),
                maximum=_sum(group.maximum),
            )
        least, most = sum(c.owed for c in members), sum(c.most for c in members)
        if least > group.maximum * (1 + SLACK):
            raise AnalysisError(
                N_(
                    "The channels of group {group} ask for {asked} at least ({channels}), but the group may get {maximum} "
                    "at most. Lower these or raise the group's maximum."
                ),
                group=group.name,
                asked=number(least),
                channels=_dearest(members),
                maximum=number(group.maximum),
            )
        if most < group.minimum * (1 - SLACK):
            raise AnalysisError(
                N_(
                    "Group {group} must get {minimum}, but its channels may take {most} at most. Lower the group's minimum "
                    "or raise a maximum."
                ),
                group=group.name,
                minimum=number(group.minimum),
                most=number(most),
            )


def _require_affordable(channels: Sequence[ChannelOption], budget: float, groups: Sequence[GroupLimit]) -> None:
    asked = {c.name: c.owed for c in channels}
    for group in groups:
        if group.minimum > sum(c.owed for c in channels if c.group == group.name):
            asked[group.name] = group.minimum
    total = owed_together(channels, groups)
    if total > budget * (1 + SLACK):
        largest = sorted((name for name in asked if asked[name] > 0), key=lambda name: -asked[name])[:SHOWN_AT_ONCE]
        raise AnalysisError(
            N_(
                "The minimums and fixed spends ask for {asked}, but the budget is {budget}; most is asked for by "
                "{channels}. Lower these, make a channel optional, or raise the budget."
            ),
            asked=number(total),
            budget=number(budget),
            channels=listed(largest),
        )


def _dearest(members: Sequence[ChannelOption]) -> str:
    return listed([c.name for c in sorted(members, key=lambda c: -c.owed)[:SHOWN_AT_ONCE]])


def _refuse(found: list[tuple[ChannelOption, str]], message: str) -> None:
    """Raise AnalysisError where there are channels to name, each with its place and what was found."""
    if found:
        named = [f"{c.name} ({', '.join(filter(None, (c.place, what)))})" for c, what in found[:SHOWN_AT_ONCE]]
        raise AnalysisError(message, channels=listed(named))


def _sum(value: float | None) -> str:
    """Return a limit with all its decimals, since two that differ must not read alike."""
    if value is None or math.isnan(value):
        return "–"
    return exact(value) if math.isfinite(value) else "∞" if value > 0 else "−∞"
