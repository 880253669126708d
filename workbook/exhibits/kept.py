"""An exhibit that is drawn again only when something it may stand on has changed."""

from collections.abc import Callable
from functools import wraps

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Exhibit
from workbook.language import current
from workbook.plan.model import Plan

__all__ = ["unmoved_by"]

KEPT = 4
"""Drawings kept of each exhibit: two languages, with and without a segment."""

Make = Callable[[Case], Exhibit]


def unmoved_by(*sections: str) -> Callable[[Make], Make]:
    """
    Return a decorator for an exhibit that no change in ``sections`` of the plan can move.

    While only these change, the exhibit last drawn is given again: at each key in the budget, all that stands before it.
    """

    def decorated(make: Make) -> Make:
        drawn: list[tuple[tuple[object, ...], Plan, Exhibit]] = []

        @wraps(make)
        def exhibit(case: Case) -> Exhibit:
            asked = (current(), case.segment, case.scenario, case.plan_id, case.workspace)
            for key, plan, kept in drawn:
                if key == asked and _alike(plan, case.plan, sections):
                    return kept
            made = make(case)
            drawn.insert(0, (asked, case.plan, made))
            del drawn[KEPT:]
            return made

        return exhibit

    return decorated


def _alike(first: Plan, second: Plan, but: tuple[str, ...]) -> bool:
    return all(getattr(first, name) == getattr(second, name) for name in Plan.model_fields if name not in but)
