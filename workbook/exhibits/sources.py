"""What the plan rests on: each source once, with its grade and what stands on it; tables of answers first."""

import pandas as pd

from workbook.errors import WorkbookError
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import method_in_words
from workbook.language import N_, _, number, plural
from workbook.plan.model import Evidence, Grade, Plan, Study, items_in
from workbook.plan.wording import section_title

__all__ = ["sources"]

MANY = 100
"""Own answers from which on they are evidence of grade A."""

COUNTED = ("respondent", "customer", "text")
"""Columns that say whose answers they are: a comparison of criteria or a week of spend is nobody's."""


def sources(case: Case) -> Exhibit:
    """List the tables and sources behind the plan, each once, the best graded first."""
    rows = [*_tables(case), *_named(case.plan)]
    if not rows:
        return Exhibit(
            "sources",
            _(
                N_(
                    "Nothing has a source yet: all in the plan is the team's judgement. Say how you know, wherever you do."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(rows).sort_values("grade", kind="stable", na_position="last").reset_index(drop=True)
    table["grade"] = table["grade"].fillna("–")
    weak = int(table["grade"].isin([Grade.D.value, Grade.E.value]).sum())
    finding = plural("The plan rests on {count} source.", "The plan rests on {count} sources.", len(table))
    if weak:
        finding += " " + plural("{count} of them is judgement.", "{count} of them are judgement.", weak)
    return Exhibit(
        "sources",
        finding,
        table,
        (
            Column("source", _(N_("Source"))),
            Column("kind", _(N_("Kind"))),
            Column("grade", _(N_("Grade"))),
            Column("n", _(N_("Answers or records")), "number", 0),
            Column("where", _(N_("What stands on it"))),
        ),
        tags=(Tag("note", _(N_("synthetic data"))),) if _synthetic(case.plan) else (),
        method=_(
            N_(
                "Grades: A own data of 100 answers or more with an interval, B less of it or a primary source, C secondary, "
                "D judgement, E a claim without a source."
            )
        ),
    )


def _tables(case: Case) -> list[dict[str, object]]:
    return [
        {
            "source": " – ".join(filter(None, (study.label, study.note))),
            "kind": _(N_("Table")),
            "grade": None if answers is None else Grade.A.value if answers >= MANY else Grade.B.value,
            "n": float("nan") if answers is None else answers,
            "where": method_in_words(study.analysis),
        }
        for study in case.plan.studies
        if study.table
        for answers in [_answers(case, study)]
    ]


def _answers(case: Case, study: Study) -> int | None:
    """Return how many people, customers or texts the study has; None where it counts none, or cannot be read now."""
    if not study.analysis or case.study(study.analysis) != study:
        return None
    try:
        checked = case.answers(study.analysis)
    except WorkbookError:
        return None
    counted = next((name for name in COUNTED if checked is not None and name in checked.rows.columns), None)
    return int(checked.rows[counted].nunique()) if checked is not None and counted else None


def _named(plan: Plan) -> list[dict[str, object]]:
    """Return the sources that evidence names, each once: its best grade, its largest n, the sections it stands behind."""
    found: dict[str, list[tuple[str, Evidence]]] = {}
    for path, item in items_in(plan):
        if isinstance(item, Evidence) and item.source:
            found.setdefault(item.source, []).append((path.split("/")[1], item))
    return [
        {
            "source": source,
            "kind": _(N_("Named by the team")),
            "grade": min(evidence.grade for _section, evidence in held).value,
            "n": max((evidence.n for _section, evidence in held if evidence.n is not None), default=float("nan")),
            "where": _standing(held),
        }
        for source, held in found.items()
    ]


def _standing(held: list[tuple[str, Evidence]]) -> str:
    counts: dict[str, int] = {}
    for section, _evidence in held:
        counts[section] = counts.get(section, 0) + 1
    return ", ".join(f"{section_title(section)} ({number(count)})" for section, count in counts.items())


def _synthetic(plan: Plan) -> bool:
    """Whether the studies say of themselves that nobody was asked."""
    words = ("synthetic", "sintetic")
    return any(word in study.note.lower() for study in plan.studies for word in words)
