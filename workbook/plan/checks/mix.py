"""Step 8: the channels, what each can bring, and the money to split."""

import math
from collections.abc import Iterator

from workbook.language import N_, listed, money, percent
from workbook.plan.checks.points import Point, Rule, fault, gap, missing
from workbook.plan.model import Channel, Curve, Plan, Sides

__all__ = ["FAULTS", "GAPS"]


def _budget(plan: Plan) -> Iterator[Point]:
    total, reserve, currency = plan.budget.total, plan.budget.reserve, plan.charter.currency
    if total is not None and reserve > total:
        yield fault(
            "/budget/reserve",
            N_("{found} is more than the total of {total}. Lower the reserve, or raise the total."),
            found=money(reserve, currency),
            total=money(total, currency),
        )
    minimums = _owed(plan)
    if total is not None and reserve <= total and minimums > total - reserve:
        yield fault(
            "/budget/total",
            N_(
                "the channels ask for at least {found}, but only {left} is left to split. Lower a minimum, or raise the total."
            ),
            found=money(minimums, currency),
            left=money(total - reserve, currency),
        )


def _curves(plan: Plan) -> Iterator[Point]:
    currency = plan.charter.currency
    for curve in plan.curves:
        path, estimate = f"/curves/{curve.id}", curve.estimate
        if curve.minimum is not None and curve.maximum is not None and curve.minimum > curve.maximum:
            yield fault(
                f"{path}/minimum",
                N_("{found} is more than the most it may get, {maximum}. Lower the one or raise the other."),
                found=money(curve.minimum, currency),
                maximum=money(curve.maximum, currency),
            )
        expected = max((v for v in (estimate.likely, estimate.high) if v is not None), default=None)
        if curve.ceiling is not None and expected is not None and curve.ceiling <= expected:
            yield fault(
                f"{path}/ceiling",
                N_(
                    "the most it could bring, {found}, must be over the {expected} expected at the spend above. Raise it."
                ),
                found=f"{curve.ceiling:g}",
                expected=f"{expected:g}",
            )


def _owed(plan: Plan) -> float:
    """Return what channels and groups must get in any case."""
    asked = {curve.channel or curve.id: _least(curve) for curve in plan.curves}
    total = sum(asked.values())
    for group in plan.groups:
        total += max((group.minimum or 0.0) - sum(asked.get(channel, 0.0) for channel in group.channels), 0.0)
    return total


def _least(curve: Curve) -> float:
    return (curve.minimum if curve.fixed is None else curve.fixed) or 0.0


def _most(curve: Curve) -> float:
    most = curve.maximum if curve.fixed is None else curve.fixed
    return math.inf if most is None else most


def _groups(plan: Plan) -> Iterator[Point]:
    currency, curves = plan.charter.currency, {curve.channel: curve for curve in plan.curves if curve.channel}
    for place, group in enumerate(plan.groups):
        path, members = f"/groups/{group.id}", [curves[channel] for channel in group.channels if channel in curves]
        yield from _shared(plan, place)
        least, most = sum(map(_least, members)), sum(map(_most, members))
        if group.minimum is not None and group.maximum is not None and group.minimum > group.maximum:
            yield fault(
                f"{path}/minimum",
                N_("{found} is more than the most it may get, {maximum}. Lower the one or raise the other."),
                found=money(group.minimum, currency),
                maximum=money(group.maximum, currency),
            )
        elif group.maximum is not None and least > group.maximum:
            yield fault(
                f"{path}/maximum",
                N_("its channels ask for {found} at least, more than these {maximum}. Lower a minimum, or raise this."),
                found=money(least, currency),
                maximum=money(group.maximum, currency),
            )
        elif group.minimum and most < group.minimum:
            yield fault(
                f"{path}/minimum",
                N_("its channels may take {found} at most, less than these {minimum}. Raise a maximum, or lower this."),
                found=money(most, currency),
                minimum=money(group.minimum, currency),
            )


def _shared(plan: Plan, place: int) -> Iterator[Point]:
    """Yield what is wrong with the channels of a group: in an earlier group too, or of budgets that are apart."""
    group, path = plan.groups[place], f"/groups/{plan.groups[place].id}/channels"
    for other in plan.groups[:place]:
        both = [plan.name_of(channel) for channel in group.channels if channel in other.channels]
        if both:
            yield fault(
                path,
                N_("{channels}: in “{group}” too, but a channel can be in one group only. Take it out of one."),
                channels=listed(both),
                group=other.label,
            )
    sides = {channel.side for channel in plan.channels if channel.id in group.channels}
    if len(sides) > 1 and plan.budget.sides is Sides.APART:
        yield fault(
            path,
            N_(
                "upstream and downstream channels have budgets apart, so that no limit can hold them together. Make a "
                "group for each side, or merge the budgets."
            ),
        )


def _mix(plan: Plan) -> Iterator[Point]:
    if not plan.channels:
        yield gap("/channels", N_("add the channels that could reach the target segments."))
    with_curve = {curve.channel for curve in plan.curves}
    for channel in plan.channels:
        if not channel.segments:
            yield gap(f"/channels/{channel.id}/segments", N_("say which segments it reaches."))
        yield from _reach(channel, plan)
        if channel.id not in with_curve:
            yield gap(
                "/curves",
                N_("estimate what “{channel}” could bring; without a curve it gets no money."),
                channel=channel.label,
            )
    for curve in plan.curves:
        path, estimate = f"/curves/{curve.id}", curve.estimate
        yield from missing(path, curve, {"channel": N_("name the channel it is for.")})
        if not estimate.spend or not estimate.likely:
            yield gap(f"{path}/estimate", N_("say what you expect at one level of spend, low, likely and high."))
    for group in plan.groups:
        path = f"/groups/{group.id}"
        yield from missing(path, group, {"channels": N_("name the channels that have the limit together.")})
        if group.minimum is None and group.maximum is None:
            yield gap(
                f"{path}/maximum", N_("say what they may get together; without a limit the group changes nothing.")
            )
    if plan.budget.total is None:
        yield gap("/budget/total", N_("enter the budget of the period; the split starts from it."))


def _reach(channel: Channel, plan: Plan) -> Iterator[Point]:
    path, total = f"/channels/{channel.id}/reach", sum(channel.reach.values())
    others = [plan.name_of(ref) for ref in channel.reach if ref not in channel.segments]
    if others:
        yield gap(path, N_("“{segment}” is not among the segments it reaches. Add it there."), segment=listed(others))
    elif channel.reach and abs(total - 1) > 1e-6:
        yield gap(
            path,
            N_("the shares make {found}; make them 100 %, or they are scaled to it."),
            found=percent(total),
        )


FAULTS: tuple[Rule, ...] = (_budget, _curves, _groups)
GAPS: tuple[Rule, ...] = (_mix,)
