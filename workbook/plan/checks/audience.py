"""Steps 0 to 2: the frame, whom the plan is for, and what is known about them."""

from collections.abc import Iterator

from workbook.language import N_, money, number
from workbook.plan.checks.points import Point, Rule, gap, missing
from workbook.plan.model import Evidence, Grade, Plan, Segment, Targeting, items_in

__all__ = ["FAULTS", "GAPS"]


def _charter(plan: Plan) -> Iterator[Point]:
    yield from missing(
        "/charter",
        plan.charter,
        {
            "goal": N_("say what will be true at the end of the period; every later step is judged by it."),
            "who": N_("say whom the plan is for, and who decides."),
            "what": N_("say what they get that they did not have."),
            "where": N_("say where: countries, regions, markets."),
            "why": N_("say why now, and why us."),
            "how": N_("say how you work: meetings, and who signs off."),
            "revenue_target": N_("name the revenue the plan is for; quotas and budget are compared with it."),
            "team": N_("name the people and their roles; campaigns and tests need an owner."),
        },
    )
    if plan.charter.period.start is None:
        yield gap("/charter/period", N_("name the first month; budgets and customers are per period."))


def _segments(plan: Plan) -> Iterator[Point]:
    if not plan.segments:
        yield gap("/segments", N_("add the groups of customers you could serve, then choose among them."))
    elif not any(s.targeting is Targeting.TARGET for s in plan.segments):
        yield gap("/segments", N_("decide on a target: without one, later steps speak to everybody."))
    if len(plan.segments) == 1:
        yield gap(
            f"/segments/{plan.segments[0].id}/targeting",
            N_("the only segment: add one you could serve and will not, so that a choice was made."),
        )
    for segment in plan.segments:
        path = f"/segments/{segment.id}"
        yield from missing(
            path,
            segment,
            {
                "customers": N_("count its customers: size weighs in its attractiveness."),
                "contract_value": N_("say what a customer brings per year: value weighs in its attractiveness."),
            },
        )
        if segment.targeting is Targeting.TARGET:
            yield from missing(
                path, segment, {"focus": N_("name the section of this audience to focus on over the next year.")}
            )
        yield from _segment_figures(segment, path, plan)


def _segment_figures(segment: Segment, path: str, plan: Plan) -> Iterator[Point]:
    if segment.ours is not None and segment.customers is not None and segment.ours > segment.customers:
        yield gap(
            f"{path}/ours",
            N_("{found} are ours, but the segment has only {total} customers. Correct one of the two."),
            found=number(segment.ours),
            total=number(segment.customers),
        )
    spend, value = segment.category_spend, segment.contract_value
    if spend is not None and value is not None and value > spend:
        yield gap(
            f"{path}/category_spend",
            N_("a customer brings {value}, more than the {spend} they spend in the category. Correct one of the two."),
            value=money(value, plan.charter.currency),
            spend=money(spend, plan.charter.currency),
        )


def _people(plan: Plan) -> Iterator[Point]:
    if not plan.personas:
        yield gap("/personas", N_("describe a person of the target segment, so that messages have a reader."))
    for persona in plan.personas:
        yield from missing(
            f"/personas/{persona.id}",
            persona,
            {
                "segment": N_("name the segment this person belongs to."),
                "evidence": N_("say what this person is drawn from; without it the card is an opinion."),
            },
        )


def _journey(plan: Plan) -> Iterator[Point]:
    if not plan.stages:
        yield gap("/stages", N_("name the stages on the way to buying and recommending; messages differ by stage."))
    met = {touchpoint.stage for touchpoint in plan.touchpoints}
    for stage in plan.stages:
        if stage.id not in met:
            yield gap("/touchpoints", N_("say where customers meet us at the stage “{stage}”."), stage=stage.label)
    for touchpoint in plan.touchpoints:
        yield from missing(
            f"/touchpoints/{touchpoint.id}",
            touchpoint,
            {
                "stage": N_("name the stage of the journey."),
                "evidence": N_("say how you know; without a source it is an opinion."),
            },
        )


def _needs(plan: Plan) -> Iterator[Point]:
    if not plan.needs:
        yield gap("/needs", N_("write down what customers want to get done, in their words."))
    surveyed = any(study.analysis == "opportunity" for study in plan.studies)
    for need in plan.needs:
        if need.segment is None:
            yield gap(f"/needs/{need.id}/segment", N_("name the segment that has this need."))
        if not surveyed and (need.importance is None or need.satisfaction is None):
            yield gap(
                f"/needs/{need.id}/importance",
                N_("ask customers, or enter the team's judgement of importance and satisfaction."),
            )
        if not surveyed and not need.evidence:
            yield gap(f"/needs/{need.id}/evidence", N_("say how you know; without a source it is an opinion."))


def _market(plan: Plan) -> Iterator[Point]:
    for trend in plan.trends:
        yield from missing(
            f"/trends/{trend.id}",
            trend,
            {
                "seen": N_("say when it was seen: a trend without a date is a feeling."),
                "expected": N_("say what it will do to us, so that somebody can look whether it did."),
                "evidence": N_("say how you know; without a source it is an opinion."),
            },
        )
    for theme in plan.themes:
        yield from missing(
            f"/themes/{theme.id}",
            theme,
            {
                "need": N_("name the need behind it; a complaint is a need that is not met."),
                "evidence": N_("say how you know; without a source it is an opinion."),
            },
        )


def _unsourced(plan: Plan) -> Iterator[Point]:
    for path, item in items_in(plan):
        if getattr(item, "grade", None) is Grade.E:
            yield gap(f"{path}/grade", N_("an unsourced claim: find its source, or test it, before you build on it."))
        elif isinstance(item, Evidence) and not item.source and item.finding is None:
            if path.startswith("/attributes/"):
                yield gap(
                    f"{path}/source", N_("a proof without a source convinces nobody. Say where others can check it.")
                )
            elif item.grade is not Grade.D:
                yield gap(
                    f"{path}/source",
                    N_("say where “{evidence}” comes from, or call it the team's judgement."),
                    evidence=item.label,
                )


FAULTS: tuple[Rule, ...] = ()
GAPS: tuple[Rule, ...] = (_charter, _segments, _people, _journey, _needs, _market, _unsourced)
