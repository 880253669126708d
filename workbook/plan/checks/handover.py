"""Steps 10 to 12: the agreement with sales, the tests, and how the plan is judged."""

import math
from collections.abc import Iterator

from workbook.language import N_, money, number, percent
from workbook.plan.checks.points import Point, Rule, fault, gap, missing
from workbook.plan.model import Experiment, Metric, Plan, Side, Traffic

__all__ = ["FAULTS", "GAPS"]

NEAR = 0.05
"""Two ways to the same figure may differ by this share of it, from rounding."""


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
    yield from _funnel(plan)


def _funnel(plan: Plan) -> Iterator[Point]:
    funnel, rate = plan.handover.funnel, plan.handover.close_rate
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
GAPS: tuple[Rule, ...] = (_handover, _sources, _tests, _measures)
