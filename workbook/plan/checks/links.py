"""What names what: references to nothing, ids used twice, what was excluded or dropped and is used all the same."""

from collections import Counter
from collections.abc import Iterator

from workbook.errors import nearest
from workbook.language import N_, translated
from workbook.plan.checks.points import Point, Rule, fault, gap
from workbook.plan.model import Advantage, AdvantageState, Part, Plan, Segment, Targeting, items_in, shapes

__all__ = ["FAULTS", "GAPS", "references"]

DESCRIBES = ("personas", "needs", "trends", "themes", "usage", "loyalty", "sizes")
"""Sections that describe a segment, excluded or not; all others are meant for it."""


def references(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield (path of the field, class it should name, id it names) for every reference in the plan."""
    yield from _references(plan, "")


def _references(part: Part, path: str) -> Iterator[tuple[str, str, str]]:
    for shape in shapes(type(part)):
        held, here = getattr(part, shape.name), f"{path}/{shape.name}"
        if shape.kind == "reference" and held:
            yield here, shape.target, held
        elif shape.kind in ("references", "scores", "shares"):
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
            yield fault(
                path,
                N_("refers to “{found}”, which is not among the plan's {section}. The nearest are: {near}."),
                found=named,
                section=_section_of(target, Plan),
                near=nearest(named, known),
            )


def _section_of(class_name: str, model: type[Part]) -> str:
    """Return what people call the collection of this class, at any depth; the class's name where there is none."""
    for shape in shapes(model):
        if shape.holds is not None and shape.holds.__name__ == class_name:
            return translated(shape.title).lower()
        if shape.kind == "part" and shape.holds is not None:
            inner = _section_of(class_name, shape.holds)
            if inner != class_name:
                return inner
    return class_name


def _twice(plan: Plan) -> Iterator[Point]:
    counts = Counter(item.id for _, item in items_in(plan))
    first: dict[str, str] = {}
    for path, item in items_in(plan):
        if counts[item.id] > 1 and item.id in first:
            yield fault(
                path,
                N_("the id “{found}” is used by {other} too. Give each its own."),
                found=item.id,
                other=first[item.id],
            )
        first.setdefault(item.id, path)


def _excluded(plan: Plan) -> Iterator[Point]:
    """Reach is what a channel does, not what it is meant for: an excluded segment may stand there."""
    for path, target, named in references(plan):
        if target != "Segment" or path.split("/")[1] in DESCRIBES or path.endswith("/reach"):
            continue
        segment = plan.item(named)
        if isinstance(segment, Segment) and segment.targeting is Targeting.EXCLUDED:
            yield gap(
                path, N_("“{segment}” is excluded in step 1. Choose another, or target it."), segment=segment.label
            )


def _dropped(plan: Plan) -> Iterator[Point]:
    for path, target, named in references(plan):
        advantage = plan.item(named) if target == "Advantage" else None
        if isinstance(advantage, Advantage) and advantage.state is AdvantageState.DROPPED:
            yield gap(
                path,
                N_("“{advantage}” was dropped in step 4. Cite another, or claim it again."),
                advantage=advantage.label,
            )


FAULTS: tuple[Rule, ...] = (_dangling, _twice)
GAPS: tuple[Rule, ...] = (_excluded, _dropped)
