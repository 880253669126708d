"""What was decided, and what is still open: a section of the plan in words, and the points it lacks."""

from collections.abc import Callable

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit
from workbook.language import N_, _, money, month_words, plural
from workbook.plan.checks.points import Point
from workbook.plan.model import Charter, Item, Part, Plan, shapes
from workbook.plan.wording import called, in_lines, node_called
from workbook.steps import STEPS, Step, points_in, step_states

__all__ = ["decided", "open_points_of", "period_words", "plan_summary", "sentence_case"]


def decided(case: Case, section: str) -> Exhibit:
    """Show what ``section`` of the plan holds, one card an item: what a report says where a page has a form."""
    shape = next(s for s in shapes(Plan) if s.name == section)
    held = getattr(case.plan, section)
    cards = tuple(_card(item, case) for item in held) if shape.kind == "items" else (Card("", "", _facts(held, case)),)
    filled = tuple(card for card in cards if card.title or card.facts)
    if not filled:
        return Exhibit(
            f"decided_{section}", _(N_("{section}: nothing decided yet."), section=_(shape.title)), empty=True
        )
    return Exhibit(f"decided_{section}", _(shape.title), cards=filled)


def open_points_of(page: Step) -> Callable[[Case], Exhibit]:
    """Return the exhibit of what the step ``page`` still lacks."""

    def open_points_here(case: Case) -> Exhibit:
        points = points_in(case.plan, page)
        if not points:
            return Exhibit(
                "open_points", _(N_("Nothing is missing here: the next step can build on this one.")), empty=True
            )
        return _points_exhibit(case.plan, [(_(page.title), point) for point in points], several=False)

    return open_points_here


def open_points_exhibit(case: Case) -> Exhibit:
    """Show everything the plan still lacks, by step."""
    points = [(_(page.title), point) for page in STEPS for point in points_in(case.plan, page)]
    if not points:
        return Exhibit("open_points", _(N_("Nothing is missing in the steps the plan has reached.")), empty=True)
    return _points_exhibit(case.plan, points, several=True)


def plan_summary(case: Case) -> Exhibit:
    """Show the frame of the plan: goal, period, target, and how far the steps are."""
    charter, plan = case.plan.charter, case.plan
    states = step_states(plan)
    done = [_(page.title) for page in STEPS if states[page.key] == "done"]
    when = period_words(charter)
    facts = (
        (_(N_("Goal")), (charter.goal,) if charter.goal else ()),
        (_(N_("Period")), (when,) if when else ()),
        (_(N_("Revenue target")), (money(charter.revenue_target, case.currency),) if charter.revenue_target else ()),
        (_(N_("Team")), tuple(f"{member.name}, {member.role}".strip(", ") for member in charter.team)),
        (_(N_("Steps without open points")), tuple(done)),
    )
    finding = charter.title or _(N_("A plan without a title yet"))
    return Exhibit("plan_summary", finding, cards=(Card("", "", facts),))


def period_words(charter: Charter) -> str:
    """Return the charter's period in words, nothing where its first month is open."""
    period = charter.period
    if period.start is None:
        return ""
    return _(N_("{months} months from {start}"), months=period.months, start=month_words(period.start))


def sentence_case(sentence: str) -> str:
    """Return ``sentence`` beginning with a capital."""
    return sentence[:1].upper() + sentence[1:]


def _points_exhibit(plan: Plan, points: list[tuple[str, Point]], *, several: bool) -> Exhibit:
    table = pd.DataFrame(
        [
            {"step": step, "where": _place(plan, point.path), "point": sentence_case(point.sentence)}
            for step, point in points
        ]
    )
    columns = (
        Column("step", _(N_("Step"))),
        Column("where", _(N_("Where"))),
        Column("point", _(N_("What would help"))),
    )
    finding = plural("{count} point is still open.", "{count} points are still open.", len(points))
    return Exhibit("open_points", finding, table, columns if several else columns[1:])


def _place(plan: Plan, path: str) -> str:
    """Return what people call the innermost item at ``path``; where the point is about none, the field, else the section."""
    parts = path.strip("/").split("/")
    # An item's id may be the name of a field: only one that lies on the way is meant.
    on_the_way = [
        id for n, id in enumerate(parts) if id in plan.ids and plan.path(id) == "/" + "/".join(parts[: n + 1])
    ]
    if on_the_way:
        return node_called(plan, on_the_way[-1])
    # The section of a single card has the name of its step: which of its fields says more.
    held = getattr(plan, parts[0])
    fields = {s.name: _(s.title) for s in shapes(type(held))} if isinstance(held, Part) else {}
    return fields.get(parts[1] if len(parts) > 1 else "") or node_called(plan, parts[0])


def _card(item: Item, case: Case) -> Card:
    return Card(called(item, case.plan), "", _facts(item, case))


def _facts(part: Part, case: Case) -> tuple[tuple[str, tuple[str, ...]], ...]:
    facts = [
        (_(shape.title), in_lines(shape, getattr(part, shape.name), case.plan))
        for shape in shapes(type(part))
        if shape.name != "name"
    ]
    return tuple(fact for fact in facts if fact[1])
