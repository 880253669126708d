"""How does a figure that an analysis worked out get into the plan? By an explicit act, and with all that is behind it.

A *proposal* is such a figure, offered. Adopting it writes, as one operation, the finding (table and its fingerprint,
method, options, conventions, n, interval, day, grade), evidence on the item it is about, that item where the plan has
none yet, and the fields it fills. Adopted again, the same proposal renews the finding in place. A field typed over by
hand is no longer the finding's: it is judgement again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workbook.plan.model import Finding, Grade, Plan, new_id, tree
from workbook.plan.revisions import Edit, value_at

__all__ = ["Proposal", "adopted", "filled_by", "grade_of", "is_adopted", "released"]

MANY = 100
"""Answers from which own data with an interval is grade A."""


@dataclass(frozen=True)
class Proposal:
    """
    A figure offered to the plan.

    Parameters
    ----------
    key
        Slug of the finding, the same whenever the same analysis speaks of the same thing.
    name
        What it says, as a sentence.
    study
        Id of the study it was worked out from.
    analysis, options, conventions
        How it was worked out, as the command and the answer say it.
    figure, low, high, n
        The figure, the ends of its interval, and how many stand behind it.
    item
        Path of the item it is evidence for; empty for none.
    adds
        Items by path that adopting it adds where the plan has none there: the item it is about, as far as it is known.
    fills
        Values by path of the fields it fills.
    to
        Id of the item somebody must choose for it, where the answers do not say which one they are about; proposals of one
        exhibit that name different ones exclude each other. ``about`` is what people call it.
    judged
        Whether it is the judgement of a team, such as a vote: grade D however many voted.
    source
        Where it comes from, in words, when it comes from no study.
    basis
        Paths in the plan it was worked out from; then it is as good as the worst of these, ``grade``.
    """

    key: str
    name: str
    study: str = ""
    analysis: str = ""
    options: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    figure: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    item: str = ""
    adds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fills: Mapping[str, Any] = field(default_factory=dict)
    to: str = ""
    about: str = ""
    judged: bool = False
    source: str = ""
    basis: tuple[str, ...] = ()
    grade: Grade | None = None


def grade_of(proposal: Proposal) -> Grade:
    """Return the grade of a figure: A from 100 answers on with an interval, B below, D where it is judgement; or its own."""
    if proposal.grade is not None:
        return proposal.grade
    if proposal.judged:
        return Grade.D
    whole = proposal.low is not None and proposal.high is not None
    return Grade.A if (proposal.n or 0) >= MANY and whole else Grade.B


def adopted(plan: Plan, proposals: Iterable[Proposal], *, day: date, fingerprints: Mapping[str, str]) -> list[Edit]:
    """
    Return the edits by which ``plan`` takes over ``proposals``, to be saved as one operation.

    ``fingerprints`` are the SHA-256 of the tables by the study's id, as they are today.
    """
    data, edits, taken = tree(plan), [], set(plan.ids)
    for proposal in proposals:
        id = proposal.key
        if id not in taken:
            id = new_id(id, taken)
            taken.add(id)
        edits.append(Edit(f"/findings/{id}", _finding(plan, proposal, day, fingerprints)))
        for path, item in proposal.adds.items():
            if value_at(data, path) is None:
                edits.append(Edit(path, dict(item)))
                taken.add(path.rsplit("/", 1)[-1])
        if proposal.item:
            evidence = _evidence_id(value_at(data, f"{proposal.item}/evidence"), id) or new_id(f"{id}-evidence", taken)
            taken.add(evidence)
            edits.append(Edit(f"{proposal.item}/evidence/{evidence}", _evidence(plan, proposal, id)))
        edits += [Edit(path, value) for path, value in proposal.fills.items()]
    return edits


def is_adopted(plan: Plan, proposal: Proposal) -> bool:
    """Whether the plan holds ``proposal`` as it is today: the figure, its interval and n, its item, and what it fills."""
    held = plan.item(proposal.key)
    if not isinstance(held, Finding):
        return False
    same = (held.figure, held.low, held.high, held.n) == (proposal.figure, proposal.low, proposal.high, proposal.n)
    data = tree(plan)
    there = all(value_at(data, path) is not None for path in proposal.adds)
    filled = all(path in held.fills and value_at(data, path) == value for path, value in proposal.fills.items())
    return same and there and filled


def filled_by(plan: Plan) -> dict[str, Finding]:
    """Return the finding behind each field that one filled, by the field's path."""
    return {path: finding for finding in plan.findings for path in finding.fills}


def released(plan: Plan, edits: Iterable[Edit]) -> list[Edit]:
    """
    Return further edits that take fields from the findings that had filled them: set by hand in ``edits``, filled by
    another finding, or gone with the item they were of.
    """
    edits = list(edits)
    renewed = {edit.path for edit in edits if edit.path.startswith("/findings/")}
    by_hand = {edit.path for edit in edits}
    removed = tuple(f"{edit.path}/" for edit in edits if edit.value is None)
    freed = []
    for finding in plan.findings:
        path = f"/findings/{finding.id}"
        left = [filled for filled in finding.fills if filled not in by_hand and not filled.startswith(removed)]
        if len(left) < len(finding.fills) and path not in renewed:
            freed.append(Edit(f"{path}/fills", left or None))
    return freed


def _finding(plan: Plan, proposal: Proposal, day: date, fingerprints: Mapping[str, str]) -> dict[str, Any]:
    study = plan.item(proposal.study)
    made = {
        "name": proposal.name[:300],
        "study": proposal.study or None,
        "table": getattr(study, "table", ""),
        "fingerprint": fingerprints.get(proposal.study, ""),
        "analysis": proposal.analysis,
        "options": list(proposal.options),
        "conventions": list(proposal.conventions),
        "figure": proposal.figure,
        "low": proposal.low,
        "high": proposal.high,
        "n": proposal.n,
        "adopted": day.isoformat(),
        "grade": grade_of(proposal).value,
        "fills": list(proposal.fills),
        "basis": list(proposal.basis),
    }
    return {name: value for name, value in made.items() if value not in (None, "", [])}


def _evidence(plan: Plan, proposal: Proposal, finding: str) -> dict[str, Any]:
    study = plan.item(proposal.study)
    source = study.label if study else proposal.source
    made = {"name": proposal.name[:300], "source": source, "grade": grade_of(proposal).value, "n": proposal.n}
    return {name: value for name, value in made.items() if value not in (None, "")} | {"finding": finding}


def _evidence_id(held: Any, finding: str) -> str | None:
    """Return the id of the evidence among ``held`` that stands on ``finding`` already."""
    return next(
        (id for id, one in (held or {}).items() if isinstance(one, dict) and one.get("finding") == finding), None
    )
