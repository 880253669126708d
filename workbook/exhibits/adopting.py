"""Figures of an exhibit that the plan can adopt, with all that the answer says of how they came about."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbook.answer import Answer
from workbook.exhibits.case import Case
from workbook.plan.adoption import Proposal, is_adopted

__all__ = ["offered", "proposal"]


def offered(case: Case, proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return those of ``proposals`` that the plan does not hold as they are today."""
    return tuple(one for one in proposals if not is_adopted(case.plan, one))


def proposal(
    case: Case,
    analysis: str,
    answer: Answer,
    *,
    about: str,
    name: str,
    figure: float,
    interval: tuple[float, float] | None = None,
    n: int | None = None,
    item: str = "",
    fills: Mapping[str, Any] | None = None,
    options: tuple[str, ...] = (),
) -> Proposal:
    """
    Return what ``answer`` says of the thing with the id ``about`` as a proposal to the plan.

    ``figure`` and ``interval`` are what the sentence ``name`` says; ``n`` those behind it, the answer's own when left out;
    ``item`` the path of what it is evidence for; ``fills`` the values it would put into fields, by path.
    """
    study = case.study(analysis)
    low, high = interval or (None, None)
    return Proposal(
        key=f"{analysis}-{about}",
        name=name,
        study=study.id if study else "",
        analysis=analysis,
        options=options,
        conventions=answer.conventions,
        figure=figure,
        low=low,
        high=high,
        n=answer.n if n is None else n,
        item=item,
        fills=fills or {},
    )
