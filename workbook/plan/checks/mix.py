"""Step 8: the channels, what each can bring, and the money to split."""

from collections.abc import Iterator

from workbook.language import N_, listed, money, percent
from workbook.plan.checks.points import Point, Rule, fault, gap, missing
from workbook.plan.model import Channel, Plan

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
    minimums = sum((curve.minimum if curve.fixed is None else curve.fixed) or 0 for curve in plan.curves)
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


FAULTS: tuple[Rule, ...] = (_budget, _curves)
GAPS: tuple[Rule, ...] = (_mix,)
