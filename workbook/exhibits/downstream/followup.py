"""Step 10 in exhibits, from a table of leads: who was answered in time, and whose time it was, the system's or people's."""

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import name_in_words, no_study_yet, notes_on
from workbook.language import N_, _, number, percent, plural

__all__ = ["follow_up_breaches", "response_times"]

NO_TABLE = N_(
    "Bring in a table of leads with the hours until the first answer, and it shows who waits: which source, and for whom."
)


def follow_up_breaches(case: Case) -> Exhibit:
    """Show by source which leads were answered in time, late or never."""
    answer = _followed(case)
    if answer is None or answer.rows is None:
        return no_study_yet("follow_up_breaches", _(NO_TABLE))
    rows = answer.rows.assign(name=[_source(case, id) for id in answer.rows["source"]])
    rows["missed"] = (rows["late"] + rows["never"]) / rows["leads"]
    rows = rows.sort_values("missed", ascending=False, kind="stable")
    outcomes = (
        ("in_time", _(N_("in time")), rows["in_time"]),
        ("late", _(N_("late")), rows["late"] / rows["leads"]),
        ("never", _(N_("no answer")), rows["never"] / rows["leads"]),
    )
    parts = pd.concat(
        pd.DataFrame({"name": rows["name"], "outcome": words, "order": i, "share": 100 * shares})
        for i, (_key, words, shares) in enumerate(outcomes)
    )
    parts["shown"] = [percent(share / 100) for share in parts["share"]]
    from workbook.exhibits.charts.handover import follow_up_bars

    return Exhibit(
        "follow_up_breaches",
        _breach_finding(answer, rows),
        rows,
        (
            Column("name", _(N_("Source"))),
            Column("leads", _(N_("Leads")), "number", 0),
            Column("in_time", _(N_("In time")), "percent"),
            Column("late", _(N_("Late")), "number", 0),
            Column("never", _(N_("No answer")), "number", 0),
            Column("few_attempts", _(N_("Given up too early")), "number", 0),
        ),
        follow_up_bars(
            parts,
            labels={"axis": _(N_("Share of the leads, %")), "name": _(N_("Source")), "outcome": _(N_("First answer"))},
        ),
        tags=_tags(answer),
        method=notes_on(case, "follow-up", answer),
        n=answer.n,
    )


def response_times(case: Case) -> Exhibit:
    """Show how long leads waited for a first answer, the system's delay apart from people's time."""
    answer = _followed(case)
    if answer is None or answer.rows is None or answer.figures["median_hours"] is None:
        return no_study_yet(
            "response_times", _(N_("With that table, how long leads wait for their first answer stands here."))
        )
    within = case.plan.handover.response_hours
    rows = answer.rows.dropna(subset="median_hours").sort_values("p90_hours", ascending=False, kind="stable")
    table = rows.assign(
        name=[_source(case, id) for id in rows["source"]],
        median=rows["median_hours"],
        system=rows["median_hours"] - rows["people_median_hours"],
        p90=rows["p90_hours"],
        within=within,
    )
    table["shown"] = [
        _(N_("{median} h, nine of ten within {p90} h"), median=number(row.median, 1), p90=number(row.p90, 0))
        for row in table.itertuples()
    ]
    from workbook.exhibits.charts.handover import response_dots

    return Exhibit(
        "response_times",
        _time_finding(answer, within),
        table,
        (
            Column("name", _(N_("Source"))),
            Column("median", _(N_("Median, hours")), "number", 1),
            Column("system", _(N_("Of it the system's")), "number", 1),
            Column("people_median_hours", _(N_("Of it people's")), "number", 1),
            Column("p90", _(N_("Nine of ten within, hours")), "number", 1),
        ),
        response_dots(
            table,
            labels={
                "axis": _(N_("Hours to the first answer: pale system, blue people, dot nine of ten")),
                "name": _(N_("Source")),
            },
        ),
        tags=_tags(answer),
        method=_(
            N_(
                "Median of the leads that were answered; dashed: what was agreed. The system's part is the time until people could "
                "see the lead: the table's column, else what the agreement says."
            )
        ),
        n=answer.n,
    )


def _followed(case: Case) -> Answer | None:
    agreed = case.plan.handover
    return case.answer(
        "follow-up",
        within_hours=agreed.response_hours,
        attempts=agreed.attempts,
        system_delay=float(agreed.system_hours),
    )


def _source(case: Case, id: str) -> str:
    """Return what the plan calls a source of the table: one of its sources, also by its channel's id, else the words."""
    for source in case.plan.sources:
        if id in (source.id, source.channel, source.name) or source.id.endswith(f"-{id}"):
            return source.label
    return name_in_words(case, id)


def _breach_finding(answer: Answer, rows: pd.DataFrame) -> str:
    figures, worst = answer.figures, rows.iloc[0]
    if not figures["breaches"]:
        return _(N_("Every lead was answered in time."))
    return plural(
        "One lead was answered late or never: {share} were in time. “{source}” fares worst, with {missed} missed.",
        "{count} leads were answered late or never: {share} were in time. “{source}” fares worst, with {missed} missed.",
        figures["breaches"],
        share=percent(figures["in_time"]),
        source=worst["name"],
        missed=percent(worst["missed"]),
    )


def _time_finding(answer: Answer, within: float) -> str:
    figures = answer.figures
    finding = _(
        N_("Half of the leads had an answer within {median} hours, nine of ten within {p90}; {within} were agreed."),
        median=number(figures["median_hours"], 1),
        p90=number(figures["p90_hours"], 0),
        within=number(within),
    )
    if figures["system_median_hours"]:
        finding += " " + _(
            N_("Of the median {system} hours are the system's and {people} people's."),
            system=number(figures["system_median_hours"], 1),
            people=number(figures["people_median_hours"], 1),
        )
    if figures["late_by_system"]:
        finding += " " + plural(
            "One late lead is late only because of the system.",
            "{count} late leads are late only because of the system.",
            figures["late_by_system"],
        )
    return finding


def _tags(answer: Answer) -> tuple[Tag, ...]:
    tags = [Tag("observed", plural("one lead", "{count} leads", answer.n or 0))]
    if answer.warnings:
        tags.append(Tag("note", _(N_("read with care"))))
    return tuple(tags)
