"""What a plan still lacks, and what in it does not fit together.

A *fault* cannot stand: a reference to nothing, one id used twice, limits that exclude each other. A *gap* is advice: the
plan can be saved and used, and says what would make it better. Shapes and ranges are the model's own business.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workbook.errors import nearest
from workbook.language import N_, money, translated
from workbook.plan.model import Grade, Part, Plan, Targeting, items_in, shapes

__all__ = ["Point", "check", "faults_in", "references"]


@dataclass(frozen=True)
class Point:
    """Something to mend (a ``fault``) or to add (a gap) at ``path``; ``sentence`` says what, and the way out."""

    path: str
    template: str
    values: tuple[tuple[str, Any], ...] = ()
    fault: bool = False

    @property
    def sentence(self) -> str:
        """What was found, what is allowed and what to do, in the language in use."""
        return translated(self.template, **dict(self.values))

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


def check(plan: Plan) -> list[Point]:
    """Return the plan's faults, then its gaps, each upstream first."""
    return [point for rule in (*FAULTS, *GAPS) for point in rule(plan)]


def faults_in(plan: Plan) -> list[Point]:
    """Return what cannot stand."""
    return [point for rule in FAULTS for point in rule(plan)]


def _fault(path: str, template: str, **values: Any) -> Point:
    return Point(path, template, tuple(values.items()), fault=True)


def _gap(path: str, template: str, **values: Any) -> Point:
    return Point(path, template, tuple(values.items()))


def references(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield (path of the field, class it should name, id it names) for every reference in the plan."""
    yield from _references(plan, "")


def _references(part: Part, path: str) -> Iterator[tuple[str, str, str]]:
    for shape in shapes(type(part)):
        held, here = getattr(part, shape.name), f"{path}/{shape.name}"
        if shape.kind == "reference" and held:
            yield here, shape.target, held
        elif shape.kind in ("references", "scores"):
            yield from ((here, shape.target, named) for named in held)
        elif shape.kind == "part":
            yield from _references(held, here)
        elif shape.kind == "items":
            for item in held:
                yield from _references(item, f"{here}/{item.id}")


def _dangling(plan: Plan) -> Iterator[Point]:
    by_class: dict[str, list[str]] = {}
    for _, item in items_in(plan):
        by_class.setdefault(type(item).__name__, []).append(item.id)
    for path, target, named in references(plan):
        known = by_class.get(target, [])
        if named not in known:
            yield _fault(
                path,
                N_("refers to “{found}”, which is not among the plan's {section}. The nearest are: {near}."),
                found=named,
                section=_section_of(target),
                near=nearest(named, known),
            )


def _section_of(class_name: str) -> str:
    shape = next((s for s in shapes(Plan) if s.holds is not None and s.holds.__name__ == class_name), None)
    return translated(shape.title).lower() if shape else class_name


def _twice(plan: Plan) -> Iterator[Point]:
    counts = Counter(item.id for _, item in items_in(plan))
    first: dict[str, str] = {}
    for path, item in items_in(plan):
        if counts[item.id] > 1 and item.id in first:
            yield _fault(
                path,
                N_("the id “{found}” is used by {other} too. Give each its own."),
                found=item.id,
                other=first[item.id],
            )
        first.setdefault(item.id, path)


def _budget(plan: Plan) -> Iterator[Point]:
    total, reserve, currency = plan.budget.total, plan.budget.reserve, plan.charter.currency
    if total is not None and reserve > total:
        yield _fault(
            "/budget/reserve",
            N_("{found} is more than the total of {total}. Lower the reserve, or raise the total."),
            found=money(reserve, currency),
            total=money(total, currency),
        )
    minimums = sum(curve.minimum or 0 for curve in plan.curves)
    if total is not None and reserve <= total and minimums > total - reserve:
        yield _fault(
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
            yield _fault(
                f"{path}/minimum",
                N_("{found} is more than the most it may get, {maximum}. Lower the one or raise the other."),
                found=money(curve.minimum, currency),
                maximum=money(curve.maximum, currency),
            )
        expected = max((v for v in (estimate.likely, estimate.high) if v is not None), default=None)
        if curve.ceiling is not None and expected is not None and curve.ceiling <= expected:
            yield _fault(
                f"{path}/ceiling",
                N_(
                    "the most it could bring, {found}, must be over the {expected} expected at the spend above. Raise it."
                ),
                found=f"{curve.ceiling:g}",
                expected=f"{expected:g}",
            )


def _missing_fields(path: str, part: Any, asked: dict[str, str]) -> Iterator[Point]:
    for name, sentence in asked.items():
        if getattr(part, name) in (None, "", (), {}):
            yield _gap(f"{path}/{name}", sentence)


def _charter(plan: Plan) -> Iterator[Point]:
    yield from _missing_fields(
        "/charter",
        plan.charter,
        {
            "goal": N_("say what will be true at the end of the period; every later step is judged by it."),
            "revenue_target": N_("name the revenue the plan is for; quotas and budget are compared with it."),
        },
    )
    if plan.charter.period.start is None:
        yield _gap("/charter/period", N_("name the first month; budgets and customers are per period."))


def _audience(plan: Plan) -> Iterator[Point]:
    if not plan.segments:
        yield _gap("/segments", N_("add the groups of customers you could serve, then choose among them."))
    elif not any(s.targeting is Targeting.TARGET for s in plan.segments):
        yield _gap("/segments", N_("decide on a target: without one, later steps speak to everybody."))
    for segment in plan.segments:
        yield from _missing_fields(
            f"/segments/{segment.id}",
            segment,
            {
                "customers": N_("count its customers: size weighs in its attractiveness."),
                "contract_value": N_("say what a customer brings per year: value weighs in its attractiveness."),
            },
        )
    if not plan.personas:
        yield _gap("/personas", N_("describe a person of the target segment, so that messages have a reader."))
    for persona in plan.personas:
        yield from _missing_fields(
            f"/personas/{persona.id}",
            persona,
            {
                "segment": N_("name the segment this person belongs to."),
                "evidence": N_("say what this person is drawn from; without it the card is an opinion."),
            },
        )


def _research(plan: Plan) -> Iterator[Point]:
    if not plan.needs:
        yield _gap("/needs", N_("write down what customers want to get done, in their words."))
    surveyed = any(study.analysis == "opportunity" for study in plan.studies)
    for need in plan.needs:
        if need.segment is None:
            yield _gap(f"/needs/{need.id}/segment", N_("name the segment that has this need."))
        if not surveyed and (need.importance is None or need.satisfaction is None):
            yield _gap(
                f"/needs/{need.id}/importance",
                N_("ask customers, or enter the team's judgement of importance and satisfaction."),
            )
        if not surveyed and not need.evidence:
            yield _gap(f"/needs/{need.id}/evidence", N_("say how you know; without a source it is an opinion."))


def _positioning(plan: Plan) -> Iterator[Point]:
    if not plan.alternatives:
        yield _gap("/alternatives", N_("say what customers would do without us; an advantage is one over something."))
    if not plan.advantages:
        yield _gap("/advantages", N_("say what our attributes are worth, and to whom."))
    for advantage in plan.advantages:
        path = f"/advantages/{advantage.id}"
        yield from _missing_fields(
            path,
            advantage,
            {
                "attribute": N_("name the attribute it comes from; value without a cause is a promise."),
                "needs": N_("name the need it answers; nobody pays for the others."),
            },
        )
        attribute = plan.item(advantage.attribute)
        if attribute is not None and not getattr(attribute, "evidence", ()):
            yield _gap(
                f"/attributes/{attribute.id}/evidence",
                N_("add a proof: “{advantage}” stands on it."),
                advantage=advantage.label,
            )
    chosen = plan.item(plan.positioning.segment)
    if getattr(chosen, "targeting", None) is Targeting.EXCLUDED:
        yield _gap(
            "/positioning/segment",
            N_("“{segment}” is excluded in step 1. Choose another, or target it."),
            segment=plan.name_of(plan.positioning.segment),
        )
    yield from _missing_fields(
        "/positioning",
        plan.positioning,
        {
            "segment": N_("choose for whom."),
            "category": N_("name the category: the frame in which customers compare."),
            "product": N_("name the product as the statement should call it."),
            "alternative": N_("choose the main alternative: instead of what?"),
            "advantages": N_("choose the advantages to lead with."),
        },
    )


def _mix(plan: Plan) -> Iterator[Point]:
    if not plan.channels:
        yield _gap("/channels", N_("add the channels that could reach the target segments."))
    with_curve = {curve.channel for curve in plan.curves}
    for channel in plan.channels:
        path = f"/channels/{channel.id}"
        if not channel.segments:
            yield _gap(f"{path}/segments", N_("say which segments it reaches."))
        excluded = [s for s in channel.segments if getattr(plan.item(s), "targeting", None) is Targeting.EXCLUDED]
        if excluded:
            yield _gap(
                f"{path}/segments",
                N_("it is meant for “{segment}”, which is excluded in step 1."),
                segment=plan.name_of(excluded[0]),
            )
        if channel.id not in with_curve:
            yield _gap(
                "/curves",
                N_("estimate what “{channel}” could bring; without a curve it gets no money."),
                channel=channel.label,
            )
    for curve in plan.curves:
        path, estimate = f"/curves/{curve.id}", curve.estimate
        yield from _missing_fields(path, curve, {"channel": N_("name the channel it is for.")})
        if not estimate.spend or not estimate.likely:
            yield _gap(f"{path}/estimate", N_("say what you expect at one level of spend, low, likely and high."))
    if plan.budget.total is None:
        yield _gap("/budget/total", N_("enter the budget of the period; the split starts from it."))


def _unsourced(plan: Plan) -> Iterator[Point]:
    for path, item in items_in(plan):
        if getattr(item, "grade", None) is Grade.E:
            yield _gap(f"{path}/grade", N_("an unsourced claim: find its source, or test it, before you build on it."))


FAULTS: tuple[Callable[[Plan], Iterator[Point]], ...] = (_dangling, _twice, _budget, _curves)
GAPS: tuple[Callable[[Plan], Iterator[Point]], ...] = (_charter, _audience, _research, _positioning, _mix, _unsourced)
