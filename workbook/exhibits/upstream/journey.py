"""Where do customers meet us on their way, how do they fare there, and where do they meet nobody?"""

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, number, plural
from workbook.plan.model import Grade, Stage, Touchpoint

__all__ = ["customer_journey"]

WEAK = 5.0
"""An experience below the middle of the scale is where a journey is lost: judgement."""


def customer_journey(case: Case) -> Exhibit:
    """Lay the touchpoints out along the stages of the journey, with the evidence for each, and name the gaps."""
    stages = case.plan.stages
    if not stages:
        return Exhibit(
            "customer_journey",
            _(
                N_(
                    "Name the stages from first hearing of you to recommending you, then where customers meet you at each, and "
                    "the journey stands here with its gaps."
                )
            ),
            empty=True,
        )
    table = _along(case)
    drawn = table.dropna(subset="experience")
    from workbook.exhibits.charts.market import touchpoint_dots

    known, opinion = _(N_("known from evidence")), _(N_("the team's opinion"))
    return Exhibit(
        "customer_journey",
        _finding(case, table),
        table,
        (
            Column("stage", _(N_("Stage"))),
            Column("question", _(N_("Question they ask"))),
            Column("obstacle", _(N_("What holds them up"))),
            Column("conversion", _(N_("Go on to the next stage")), "percent"),
            Column("touchpoint", _(N_("Touchpoint"))),
            Column("who", _(N_("Who meets us there"))),
            Column("experience", _(N_("Experience today")), "number", 0),
            Column("grade", _(N_("Grade"))),
        ),
        touchpoint_dots(
            drawn.assign(basis=[known if well else opinion for well in drawn["known"]]),
            labels={
                "axis": _(N_("Experience today, 0 to 10")),
                "place": _(N_("Touchpoint")),
                "known": known,
                "opinion": opinion,
            },
        )
        if len(drawn)
        else None,
        tags=_tags(table),
        method=_(
            N_(
                "Numbers before the touchpoints are those of the stages. A stage without a touchpoint is a gap; a touchpoint "
                "without evidence is an opinion, grade D."
            )
        ),
    )


def _along(case: Case) -> pd.DataFrame:
    """Return one row per stage and touchpoint, stages without one among them: the journey in its order."""
    met = [point for point in case.plan.touchpoints if _met_by_the_segment(point, case)]
    rows = []
    for place, stage in enumerate(case.plan.stages, start=1):
        rows += [_row(place, stage, point, case) for point in met if point.stage == stage.id] or [
            _row(place, stage, None, case)
        ]
    return pd.DataFrame(rows)


def _met_by_the_segment(point: Touchpoint, case: Case) -> bool:
    segments = {getattr(case.plan.item(ref), "segment", None) for ref in point.personas}
    return not case.segment or not segments or bool(segments & {None, case.segment})


def _row(place: int, stage: Stage, point: Touchpoint | None, case: Case) -> dict[str, object]:
    grade = min((one.grade for one in point.evidence), default=Grade.D) if point else None
    experience = point.experience if point else None
    return {
        "stage_id": stage.id,
        "stage": f"{place}  {stage.label}",
        "question": stage.question,
        "obstacle": stage.obstacle,
        "conversion": float("nan") if stage.conversion is None else stage.conversion,
        "touchpoint": point.label if point else "–",
        "place": f"{place}  {point.label if point else ''}",
        "who": listed([case.plan.name_of(ref) for ref in point.personas]) if point else "",
        "experience": float("nan") if experience is None else experience,
        "shown": "" if experience is None else number(experience, 0),
        "grade": grade.value if grade else "–",
        "known": grade is not None and grade < Grade.D,
    }


def _finding(case: Case, table: pd.DataFrame) -> str:
    stages = {stage.id: stage.label for stage in case.plan.stages}
    empty = [stages[id] for id in table.loc[table["touchpoint"] == "–", "stage_id"]]
    said = (
        _(N_("Customers meet nobody at: {stages}."), stages=listed([f"“{name}”" for name in empty]))
        if empty
        else plural("Customers meet us at the one stage.", "Customers meet us at all {count} stages.", len(stages))
    )
    judged = table.dropna(subset="experience")
    if judged.empty:
        return said
    worst = judged.loc[judged["experience"].idxmin()]
    template = (
        N_("They fare worst at “{touchpoint}” ({experience} of 10): begin there.")
        if worst["experience"] < WEAK
        else N_("They fare worst at “{touchpoint}”, with {experience} of 10.")
    )
    return said + " " + _(template, touchpoint=worst["touchpoint"], experience=worst["shown"])


def _tags(table: pd.DataFrame) -> tuple[Tag, ...]:
    points = table[table["touchpoint"] != "–"]
    known, opinion = int(points["known"].sum()), int((~points["known"].astype(bool)).sum())
    tags = []
    if known:
        tags.append(Tag("observed", plural("one touchpoint with evidence", "{count} touchpoints with evidence", known)))
    if opinion:
        tags.append(Tag("assumed", plural("one touchpoint by opinion", "{count} touchpoints by opinion", opinion)))
    return tuple(tags)
