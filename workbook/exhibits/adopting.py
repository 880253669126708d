"""Figures of an exhibit that the plan can adopt, with all that the answer says of how they came about."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbook.answer import Answer
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Tag
from workbook.language import N_, _, number, plural
from workbook.plan.adoption import Proposal, filled_by, is_adopted
from workbook.plan.model import Finding, Grade, new_id

__all__ = ["evidence_path", "evidenced", "offered", "proposal", "resting"]


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


def resting(case: Case, paths: Iterable[str], *, judged: bool = True) -> tuple[Tag, ...]:
    """
    Return tags that say what the figures in the fields of items at ``paths`` rest on: studies with n and grade, or judgement.

    Empty fields say nothing; without ``judged`` only what was adopted is said.
    """
    filled = filled_by(case.plan)
    held = [path for path in paths if _held(case, path) is not None]
    by_study: dict[str, list[Finding]] = {}
    for path in held:
        if path in filled:
            by_study.setdefault(str(filled[path].study or ""), []).append(filled[path])
    stale = {one.node for one in case.stale} if by_study else set()
    tags = [_tag(case, study, findings, stale) for study, findings in by_study.items()]
    by_hand = sum(path not in filled for path in held)
    if by_hand and judged:
        words = plural("one figure by judgement, grade D", "{count} figures by judgement, grade D", by_hand)
        tags.append(Tag("assumed", words))
    return tuple(tags)


def _held(case: Case, path: str) -> Any:
    _section, id, name = path.strip("/").split("/")
    return getattr(case.plan.item(id), name, None)


def _tag(case: Case, study: str, findings: list[Finding], stale: set[str]) -> Tag:
    worst = max(one.grade for one in findings)
    source = case.plan.name_of(study) or _(N_("the team"))
    # Several figures of one study stand on as many answers each: the fewest are what to be careful about.
    fewest = min((one.n for one in findings if one.n is not None), default=None)
    words = _(N_("{source}: n = {n}, grade {grade}"), source=source, n=number(fewest), grade=worst.value)
    if stale & {one.id for one in findings}:
        return Tag("stale", _(N_("out of date: {evidence}"), evidence=words))
    return Tag("assumed" if worst >= Grade.D else "observed", words)


def _answers_of(case: Case, analysis: str) -> tuple[str, ...]:
    """Return the convention that a page which shows one segment adds: whose answers counted."""
    checked = case.answers(analysis) if case.segment else None
    if checked is None or "segment" not in checked.rows.columns:
        return ()
    return (_(N_("Answers of “{segment}” only."), segment=case.plan.name_of(case.segment)),)
