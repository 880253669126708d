"""Steps 10 to 12: the agreement with sales, the tests, and how the plan is judged."""

import math
from collections.abc import Iterator
from itertools import pairwise

from workbook.language import N_, money, month_words, number, percent, translated
from workbook.plan.checks.points import Point, Rule, fault, gap, missing
from workbook.plan.model import Experiment, Indicator, Metric, Plan, Side, Traffic, Unit
from workbook.plan.quota import capacity, leads_asked

__all__ = ["FAULTS", "GAPS"]

NEAR = 0.05
"""Two ways to the same figure may differ by this share of it, from rounding."""

APART = 0.15
"""The sources' own rates may differ by this share from the agreed one: they are measured, it was agreed."""


def _handover(plan: Plan) -> Iterator[Point]:
    agreed, target = plan.handover, plan.charter.revenue_target
    yield from missing(
        "/handover",
        agreed,
        {
            "marketing_share": N_("say how much of the goal comes from leads that marketing brings."),
            "deal_size": N_("enter what a deal brings; customers to win follow from it."),
            "close_rate": N_("enter how many leads become customers; the quota follows from it."),
            "reps": N_("count the sales people; leads that nobody calls are lost."),
            "hours": N_("say how much time each has for new leads."),
            "lead": N_("say what counts as a lead, so that both sides count the same."),
        },
    )
    for name, sentence in (
        (
            "close_rate",
            N_("at a close rate of 0 % no number of leads brings a customer. Enter the rate you see today."),
        ),
        ("deal_size", N_("a deal that brings nothing reaches no goal. Enter what a deal brings.")),
        ("reps", N_("with no sales people nobody follows up a lead. Enter how many there are.")),
    ):
        if getattr(agreed, name) == 0:
            yield gap(f"/handover/{name}", sentence)
    if agreed.revenue_goal is not None and target is not None and agreed.revenue_goal != target:
        yield gap(
            "/handover/revenue_goal",
            N_("{found} is agreed here, but the charter says {target}. Agree on one figure, or say there why."),
            found=money(agreed.revenue_goal, plan.charter.currency),
            target=money(target, plan.charter.currency),
        )
    yield from _capacity(plan)
    yield from _funnel(plan)


def _capacity(plan: Plan) -> Iterator[Point]:
    agreed, asked, followed = plan.handover, leads_asked(plan), capacity(plan)
    if agreed.minutes == 0:
        yield gap("/handover/minutes", N_("an attempt takes some time, else no capacity follows. Enter its minutes."))
    if agreed.hours == 0:
        yield gap("/handover/hours", N_("without time for new leads nobody follows one up. Enter the hours each has."))
    if asked is None or not followed:
        return
    monthly = asked / plan.charter.period.months
    if followed < monthly:
        yield gap(
            "/handover/hours",
            N_(
                "sales can follow up {capacity} leads a month, and {leads} would come. Add hours or people, agree on fewer "
                "attempts, or lower the goal."
            ),
            capacity=number(followed, 0),
            leads=number(monthly, 0),
        )


def _funnel(plan: Plan) -> Iterator[Point]:
    funnel, rate = plan.handover.funnel, plan.handover.close_rate
    for name in ("qualified", "accepted", "opportunity", "won"):
        if getattr(funnel, name) == 0:
            yield gap(
                "/handover/funnel",
                N_("a step that nobody passes ends the way to a customer. Enter the share you see today, over 0 %."),
            )
            return
    if funnel.qualified is None or funnel.opportunity is None or funnel.won is None or not rate:
        return
    steps = math.prod(
        step for step in (funnel.qualified, funnel.accepted, funnel.opportunity, funnel.won) if step is not None
    )
    if abs(steps - rate) > NEAR * rate:
        yield gap(
            "/handover/funnel",
            N_(
                "step by step {found} of the leads become customers, but the close rate says {rate}. Correct one of the two."
            ),
            found=percent(steps, 1),
            rate=percent(rate, 1),
        )


def _sources(plan: Plan) -> Iterator[Point]:
    for source in plan.sources:
        yield from missing(
            f"/sources/{source.id}",
            source,
            {
                "share": N_("say how many of the leads come from here."),
                "close_rate": N_("enter how many of them become customers; a lead's value follows from it."),
            },
        )
        if source.close_rate == 0:
            yield gap(
                f"/sources/{source.id}/close_rate",
                N_(
                    "leads from “{source}” never become customers, so they are worth nothing. Correct it, or drop the source."
                ),
                source=source.label,
            )
    shares = [source.share for source in plan.sources if source.share is not None]
    if shares and len(shares) == len(plan.sources) and abs(sum(shares) - 1) > 0.005:
        yield gap(
            "/sources",
            N_("the shares of the sources make {found} together. Change them until they make 100 %."),
            found=percent(sum(shares)),
        )


def _sources_together(plan: Plan) -> Iterator[Point]:
    """The sources' close rates, weighed by their shares, are the agreement's."""
    known = [(s.share, s.close_rate) for s in plan.sources if s.share and s.close_rate is not None]
    rate, total = plan.handover.close_rate, sum(share for share, _rate in known)
    if not rate or len(known) < len(plan.sources) or not total:
        return
    together = sum(share * own for share, own in known) / total
    if abs(together - rate) > APART * rate:
        yield gap(
            "/handover/close_rate",
            N_(
                "the sources together close {found} of their leads, but the agreement says {rate}. Correct one of the two."
            ),
            found=percent(together, 1),
            rate=percent(rate, 1),
        )


def _counted(plan: Plan) -> Iterator[Point]:
    """What counts the leads counts them: in numbers, and in every month."""
    indicator = plan.item(plan.handover.counted_by)
    if not isinstance(indicator, Indicator):
        return
    if indicator.unit is not Unit.NUMBER:
        yield gap(
            "/handover/counted_by",
            N_(
                "“{indicator}” is counted in {unit}, but leads are counted one by one. Choose another, or change its unit."
            ),
            indicator=indicator.label,
            unit=translated(indicator.unit.label).split(":")[0].lower(),
        )
    had = sorted({r.month for r in indicator.readings if r.month and r.actual is not None})
    for before, after in pairwise(had):
        months = 12 * (after.year - before.year) + after.month - before.month
        if months > 1:
            yield gap(
                f"/indicators/{indicator.id}/readings",
                N_(
                    "“{indicator}” has no actual figure between {before} and {after}. Enter it, or what came is counted short."
                ),
                indicator=indicator.label,
                before=month_words(before),
                after=month_words(after),
            )


def _impossible_tests(plan: Plan) -> Iterator[Point]:
    for test in plan.experiments:
        path, rate = f"/experiments/{test.id}", test.rate
        if rate.baseline is not None and rate.effect is not None and rate.baseline + rate.effect > 1:
            yield fault(
                f"{path}/rate",
                N_("{baseline} and {effect} more is over 100 %. Enter a smaller change, in points."),
                baseline=percent(rate.baseline, 1),
                effect=percent(rate.effect, 1),
            )
        for name, value in (("power", test.power), ("alpha", test.alpha)):
            if not 0 < value < 1:
                yield fault(
                    f"{path}/{name}",
                    N_("no number of people gives {found}. Enter more than 0 % and less than 100 %."),
                    found=percent(value),
                )
        floors = test.least_share * len(test.variants)
        if test.traffic is Traffic.ADAPTIVE and floors > 1 + 1e-9:
            yield fault(
                f"{path}/least_share",
                N_("{variants} variants with at least {share} each need more than all people. Lower the share."),
                variants=number(len(test.variants)),
                share=percent(test.least_share),
            )


def _tests(plan: Plan) -> Iterator[Point]:
    if not plan.experiments:
        yield gap("/experiments", N_("plan a test of what the plan hangs on most."))
    for test in plan.experiments:
        path = f"/experiments/{test.id}"
        yield from missing(
            path,
            test,
            {
                "hypothesis": N_("write what you expect, and why; else any result can be explained."),
                "metric": N_("say what decides it, before it begins."),
                "daily_users": N_("say how many people come a day; the length follows from it."),
                "owner": N_("name its owner."),
            },
        )
        if len(test.variants) < 2:
            yield gap(f"{path}/variants", N_("a test compares: add what there is today, and one change."))
        if test.channel is None and test.campaign is None and test.need is None:
            yield gap(f"{path}/channel", N_("name the channel, campaign or need it teaches us about."))
        yield from _effect(test, path)


def _effect(test: Experiment, path: str) -> Iterator[Point]:
    if test.metric is None:
        return
    timed = test.metric is Metric.SESSION
    held = (test.time.mean, test.time.deviation, test.time.effect) if timed else (test.rate.baseline, test.rate.effect)
    if not all(held):
        yield gap(
            f"{path}/{'time' if timed else 'rate'}",
            N_("say where it stands today, and the smallest change worth having; the sample size follows from it."),
        )


def _measures(plan: Plan) -> Iterator[Point]:
    if not plan.indicators:
        yield gap("/indicators", N_("name the figures by which each side is judged."))
    else:
        for side in Side:
            if not any(indicator.side is side for indicator in plan.indicators):
                yield gap(
                    "/indicators",
                    N_("nothing judges the downstream side yet. Add an indicator for it.")
                    if side is Side.DOWNSTREAM
                    else N_("nothing judges the upstream side yet. Add an indicator for it."),
                )
    for indicator in plan.indicators:
        path = f"/indicators/{indicator.id}"
        yield from missing(
            path,
            indicator,
            {
                "side": N_("say which side it judges."),
                "definition": N_("say what is counted, so that two people get the same figure."),
            },
        )
        if not any(reading.target is not None for reading in indicator.readings):
            yield gap(
                f"{path}/readings",
                N_("“{indicator}” has no target. Enter one for a month, or it only decorates."),
                indicator=indicator.label,
            )
    for decision in plan.decisions:
        yield from missing(
            f"/decisions/{decision.id}", decision, {"reason": N_("say why; in a year nobody will remember.")}
        )
    yield from missing("/closing", plan.closing, {"both": N_("say how you will use both sides, in the long run.")})


FAULTS: tuple[Rule, ...] = (_impossible_tests,)
GAPS: tuple[Rule, ...] = (_handover, _sources, _sources_together, _counted, _tests, _measures)
