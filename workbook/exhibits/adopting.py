"""Figures of an exhibit that the plan can adopt, with all that the answer says of how they came about."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbook.answer import Answer
from workbook.exhibits.case import Case
from workbook.language import N_, _
from workbook.plan.adoption import Proposal, is_adopted
from workbook.plan.model import new_id

__all__ = ["evidence_path", "evidenced", "offered", "proposal"]


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
    adds: Mapping[str, Mapping[str, Any]] | None = None,
    fills: Mapping[str, Any] | None = None,
    to: str = "",
    options: tuple[str, ...] = (),
) -> Proposal:
    """
    Return what ``answer`` says of the thing called ``about`` as a proposal to the plan.

    ``figure`` and ``interval`` are what the sentence ``name`` says; ``n`` those behind it, the answer's own when left out;
    ``item`` the path of what it is evidence for; ``adds`` items to make where there are none, and ``fills`` the values it
    would put into fields, both by path; ``to`` the id of what somebody must choose it for.
    """
    study = case.study(analysis)
    low, high = (round(float(end), 4) for end in interval) if interval else (None, None)
    return Proposal(
        key=new_id(f"{analysis}-{about}", ()),
        name=name,
        study=study.id if study else "",
        analysis=analysis,
        options=options,
        conventions=(*answer.conventions, *_answers_of(case, analysis)),
        figure=round(float(figure), 4),
        low=low,
        high=high,
        n=answer.n if n is None else n,
        item=item,
        adds=adds or {},
        fills=fills or {},
        to=to,
        about=case.plan.name_of(to),
    )


def evidence_path(case: Case, id: str) -> str:
    """Return the path of the plan's item with this id where evidence can stand on it; nothing where there is none."""
    item = case.plan.item(id)
    return case.plan.path(id) if item is not None and "evidence" in type(item).model_fields else ""


def evidenced(case: Case, section: str, finding: str) -> str:
    """Return the path of the item of ``section`` that stands on this finding already; nothing where there is none."""
    return next(
        (
            f"/{section}/{item.id}"
            for item in getattr(case.plan, section)
            if any(one.finding == finding for one in item.evidence)
        ),
        "",
    )


def _answers_of(case: Case, analysis: str) -> tuple[str, ...]:
    """Return the convention that a page which shows one segment adds: whose answers counted."""
    checked = case.answers(analysis) if case.segment else None
    if checked is None or "segment" not in checked.rows.columns:
        return ()
    return (_(N_("Answers of “{segment}” only."), segment=case.plan.name_of(case.segment)),)
