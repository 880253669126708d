"""How far the plan is: which of its first questions the charter answers, and the state of each step."""

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.decided import period_words, sentence_case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import N_, _, listed, number, plural
from workbook.plan.checks import check
from workbook.plan.model import Charter, FieldShape, shapes
from workbook.plan.wording import in_words
from workbook.steps import STEPS, open_points, section_of, step_states

__all__ = ["charter_completeness", "plan_progress"]

ASKED = ("goal", "who", "what", "period", "where", "why", "how", "revenue_target", "team")
"""The fields of the charter that answer its questions, in the order in which they are asked."""

STATES = {
    "done": N_("done"),
    "stale": N_("to look at again"),
    "open": N_("begun"),
    "empty": N_("not begun"),
}


def charter_completeness(case: Case) -> Exhibit:
    """Say which of the first questions the charter answers, and what would help with the others."""
    helps = {point.path: point.sentence for point in check(case.plan)}
    fields = {shape.name: shape for shape in shapes(Charter)}
    rows = [
        {
            "name": name,
            "question": _asked(fields[name]),
            "answer": _answer(fields[name], case) if not missing else "",
            "missing": sentence_case(missing),
        }
        for name in ASKED
        for missing in [helps.get(f"/charter/{name}", "")]
    ]
    table = pd.DataFrame(rows)
    wanting = [row["question"] for row in rows if row["missing"]]
    columns = (
        Column("question", _(N_("Question"))),
        Column("answer", _(N_("Answer"))),
        Column("missing", _(N_("What would help"))),
    )
    if len(wanting) == len(rows):
        finding = _(N_("Nothing is answered yet. Begin with the goal: all that follows is judged by it."))
    elif wanting:
        finding = _(
            N_("The charter answers {answered} of {asked} questions. Still to answer: {missing}."),
            answered=number(len(rows) - len(wanting)),
            asked=number(len(rows)),
            missing=listed([question.lower() for question in wanting]),
        )
    else:
        finding = _(N_("The charter answers all {asked} questions."), asked=number(len(rows)))
    shown = columns if wanting else columns[:2]
    return Exhibit("charter_completeness", finding, table, shown, empty=len(wanting) == len(rows))


def plan_progress(case: Case) -> Exhibit:
    """Show how far each step is, how many points are open in it, and where something has become stale."""
    nodes = [one.node for one in case.stale]
    states, sections = step_states(case.plan, nodes), [section_of(case.plan, node) for node in dict.fromkeys(nodes)]
    words = {state: _(message) for state, message in STATES.items()}
    table = pd.DataFrame(
        [
            {
                "number": page.number,
                "step": _(page.title),
                "state": states[page.key],
                "state_words": words[states[page.key]],
                "open": len(open_points(case.plan, page)),
                "stale": sum(section in page.sections for section in sections),
            }
            for page in STEPS
        ]
    )
    columns = (
        Column("number", _(N_("Number")), "number", 0),
        Column("step", _(N_("Step"))),
        Column("state_words", _(N_("State"))),
        Column("open", _(N_("Open points")), "number", 0),
        Column("stale", _(N_("Stale items")), "number", 0),
    )
    if set(table["state"]) == {"empty"}:
        finding = _(
            N_("No step has begun. Start with {step}: {question}"),
            step=_(STEPS[0].title),
            question=_(STEPS[0].question),
        )
        return Exhibit("plan_progress", finding, table, columns, empty=True)
    from workbook.exhibits.charts import progress_tiles

    labels = words | {"step": _(N_("Step")), "state": _(N_("State")), "points": _(N_("Open points"))}
    return Exhibit(
        "plan_progress",
        _progress_finding(table),
        table,
        columns,
        progress_tiles(table, labels=labels),
        method=_(
            N_("A step is done when it is begun, nothing in it is missing, and nothing it stands on has changed.")
        ),
    )


def _asked(shape: FieldShape) -> str:
    return _(N_("When and for how long")) if shape.name == "period" else _(shape.title)


def _answer(shape: FieldShape, case: Case) -> str:
    charter = case.plan.charter
    return period_words(charter) if shape.name == "period" else in_words(shape, getattr(charter, shape.name), case.plan)


def _progress_finding(table: pd.DataFrame) -> str:
    done, points = int((table["state"] == "done").sum()), int(table["open"].sum())
    finding = _(N_("{done} of {steps} steps are done."), done=number(done), steps=number(len(table)))
    if stale := int(table["stale"].sum()):
        finding += " " + plural("{count} item is stale.", "{count} items are stale.", stale)
    if points:
        finding += " " + plural("{count} point is still open.", "{count} points are still open.", points)
    if done < len(table):
        finding += " " + _(N_("Next: {step}."), step=table.loc[table["state"] != "done", "step"].iloc[0])
    return finding
