"""The upstream on one page: for each target segment who, problem, advantage, offer and price, date, and how sure that is.

A decision is as good as the weakest of what it rests on. Each item has the best grade of its evidence (D, judgement,
where it has none), and what is made of several has the worst of theirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.decided import period_words, sentence_case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag, TagKind
from workbook.exhibits.readiness import made_words
from workbook.exhibits.upstream.needs import scored_needs
from workbook.exhibits.upstream.positioning import positioning_statement
from workbook.language import N_, _, listed, number, plural
from workbook.plan.model import Advantage, Grade, Item, Release, Segment, Targeting
from workbook.plan.readiness import DECISIONS, TITLES, Decision, Upstream, upstream_decisions

__all__ = ["one_pager"]

MOST = 2
"""Items of a decision that are named on the page: it is one page."""

MANY = 100
"""Own answers from which on a survey is evidence of grade A."""


def one_pager(case: Case) -> Exhibit:
    """Put the upstream on one page: a card for each target segment, with grades of evidence and what is missing."""
    targets = [s for s in case.plan.segments if _asked(s, case)]
    rows = [row for segment in targets for row in _rows(case, segment)]
    if not targets:
        return Exhibit(
            "one_pager",
            _(
                N_(
                    "Choose a target segment in step 1: who, problem, advantage, offer, price and date then stand on one page."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(rows)
    return Exhibit(
        "one_pager",
        _finding(table, targets),
        table,
        (
            Column("segment", _(N_("Segment"))),
            Column("decision", _(N_("Decision"))),
            Column("made", _(N_("Decided"))),
            Column("grade", _(N_("Evidence"))),
            Column("lacks", _(N_("Still missing"))),
        ),
        cards=(*_head(case), *(_card(case, segment, table) for segment in targets)),
        method=_(
            N_(
                "Grades: A own data of 100 answers or more, B less of it or a primary source, C secondary, D judgement, E a claim "
                "without a source. A decision has the worst grade of what it rests on; without evidence it is judgement."
            )
        ),
        currency=case.currency,
    )


def evidence_grade(items: Iterable[Item], asked: Mapping[str, int] | None = None) -> Grade | None:
    """
    Return the worst among ``items`` of the best grade of each; None for no items.

    ``asked`` is how many answered a survey about an item, by its id: that is evidence too.
    """
    return max((_best(item, (asked or {}).get(item.id, 0)) for item in items), default=None)


def _best(item: Item, asked: int) -> Grade:
    grades = [one.grade for one in getattr(item, "evidence", ())]
    if asked:
        grades.append(Grade.A if asked >= MANY else Grade.B)
    return min(grades, default=Grade.D)


def _asked(segment: Segment, case: Case) -> bool:
    return segment.id == case.segment if case.segment else segment.targeting is Targeting.TARGET


def _rows(case: Case, segment: Segment) -> list[dict[str, object]]:
    found = upstream_decisions(case.plan, segment.id)
    needs = scored_needs(replace(case, segment=segment.id)).table
    return [_row(case, segment, kind, found[kind], needs) for kind in DECISIONS if kind != "segment"]


def _row(case: Case, segment: Segment, kind: Upstream, decision: Decision, needs: pd.DataFrame) -> dict[str, object]:
    surveyed = needs[needs["basis"] == "observed"].set_index("id")["n"].fillna(0).astype(int).to_dict()
    items = _foremost(case, kind, decision.made, list(needs["id"]))
    grade = evidence_grade(_resting_on(case, items), surveyed)
    words = [made_words(kind, item, case.currency) for item in items]
    rest = len(decision.made) - len(items)
    more = [plural("{count} more", "{count} more", rest)] if rest > 0 else []
    return {
        "id": segment.id,
        "segment": segment.label,
        "kind": kind,
        "decision": _(TITLES[kind]),
        "lines": words,
        "made": listed(words + more) or "–",
        "grade": "–" if grade is None or kind == "date" else grade.value,
        "lacks": sentence_case(decision.missing.sentence) if decision.missing else "",
    }


def _foremost(case: Case, kind: Upstream, made: tuple[Item, ...], needs: list[str]) -> tuple[Item, ...]:
    """Return the items that stand for a decision: the largest problems, the advantages we lead with, the last dates."""
    if kind == "date":
        dated = sorted(
            (one for one in made if isinstance(one, Release) and one.date), key=lambda one: one.date or date.max
        )
        return tuple(dated[-MOST:])
    first = {"problem": needs, "advantage": [str(ref) for ref in case.plan.positioning.advantages]}.get(kind, [])
    ordered = sorted(made, key=lambda item: first.index(item.id) if item.id in first else len(first))
    return tuple(ordered[:MOST])


def _resting_on(case: Case, items: Iterable[Item]) -> list[Item]:
    """Return where the evidence of each item is: an advantage has that of its attribute."""
    return [case.plan.item(item.attribute) or item if isinstance(item, Advantage) else item for item in items]


def _head(case: Case) -> tuple[Card, ...]:
    charter, statement = case.plan.charter, positioning_statement(case)
    when = period_words(charter)
    facts = (
        (_(N_("Goal")), (charter.goal,) if charter.goal else ()),
        (_(N_("Positioning statement")), () if statement.empty else (statement.finding,)),
        (
            _(N_("Direction of innovation")),
            (case.plan.innovation.direction,) if case.plan.innovation.direction else (),
        ),
    )
    if not any(lines for _label, lines in facts):
        return ()
    return (Card(charter.title or _(N_("The plan")), when, facts, wide=True),)


def _card(case: Case, segment: Segment, table: pd.DataFrame) -> Card:
    mine = table[table["id"] == segment.id]
    who = tuple(part for part in (segment.focus or segment.description, _counted(segment)) if part)
    facts = [(_graded(_(N_("Who")), (evidence_grade([segment]) or Grade.D).value), who or (segment.label,))]
    for row in mine.to_dict("records"):
        facts.append((_graded(row["decision"], row["grade"]), tuple(row["lines"]) or (row["lacks"],)))
    missing = [row["decision"].lower() for row in mine.to_dict("records") if row["lacks"]]
    grades = [row["grade"] for row in mine.to_dict("records") if row["grade"] != "–"]
    tags: list[Tag] = [Tag("stale", _(N_("missing: {decision}"), decision=listed(missing)))] if missing else []
    if grades:
        worst = max(grades)
        kind: TagKind = "observed" if worst in ("A", "B") else "assumed"
        tags.append(Tag(kind, _(N_("weakest evidence: grade {grade}"), grade=worst)))
    return Card(segment.label, "", tuple(facts), tuple(tags))


def _graded(label: str, grade: str) -> str:
    return label if grade == "–" else _(N_("{decision} (evidence {grade})"), decision=label, grade=grade)


def _counted(segment: Segment) -> str:
    if segment.customers is None:
        return ""
    return plural("{count} customer", "{count} customers", segment.customers)


def _finding(table: pd.DataFrame, targets: list[Segment]) -> str:
    lacking = table[table["lacks"] != ""]
    whom = listed([f"“{segment.label}”" for segment in targets])
    if lacking.empty:
        said = _(N_("For {segments}, problem, solution, price, advantage and date are decided."), segments=whom)
        weak = table[table["grade"].isin(["D", "E"])]
        if len(weak):
            names = listed(list(dict.fromkeys(word.lower() for word in weak["decision"])))
            return said + " " + _(N_("Judgement without better evidence: {decisions}."), decisions=names)
        return said
    names = listed(list(dict.fromkeys(word.lower() for word in lacking["decision"])))
    return _(
        N_("Still missing before the downstream can build on it: {decisions}. Decided: {made} of {asked}."),
        decisions=names,
        made=number(len(table) - len(lacking)),
        asked=number(len(table)),
    )
