"""Step 12 in exhibits: where leads come from, at which stage a message falls short, and what to question upstream."""

from typing import Any

import pandas as pd

from workbook.execution.course import measured
from workbook.exhibits.adopting import offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.measures import STATES
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import name_in_words, notes_on
from workbook.language import N_, _, listed, percent, plural
from workbook.plan.adoption import Proposal
from workbook.plan.model import Indicator, Item, LeadSource, Stage
from workbook.plan.wording import section_title
from workbook.shares import wilson
from workbook.steps import section_of, upstream_sections

__all__ = ["lead_sources", "stage_shortfalls", "upstream_questions"]

STUDY = "lead-stages"

WEAKEST = ("", "E", "D", "C", "B", "A")
"""Grades of evidence, the weakest first; nothing at all is weaker than a claim."""


def lead_sources(case: Case) -> Exhibit:
    """Say where leads come from, how many become customers, and at which stage a source loses more than the others."""
    answer = case.answer(STUDY)
    if answer is None or answer.rows is None:
        return Exhibit(
            "lead_sources",
            _(
                N_(
                    "Bring in the leads with their source and how far each came: which source brings customers, and where one loses "
                    "more than the others, stands here."
                )
            ),
            empty=True,
        )
    table = _by_source(answer.rows, case)
    from workbook.exhibits.charts.surveys import share_dots

    return Exhibit(
        "lead_sources",
        _sources_finding(table),
        table,
        (
            Column("name", _(N_("Source"))),
            Column("leads", _(N_("Leads")), "number", 0),
            Column("part", _(N_("Share of the leads")), "percent"),
            Column("customers", _(N_("Customers")), "number", 0),
            Column("share", _(N_("Become customers")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
            Column("planned", _(N_("In the plan")), "percent", 1),
            Column("short", _(N_("Falls short at"))),
        ),
        share_dots(
            table,
            labels={
                "axis": _(N_("Leads that become customers, with their interval")),
                "name": _(N_("Source")),
                "share": _(N_("Become customers")),
            },
        ),
        tags=(Tag("observed", plural("{count} lead", "{count} leads", answer.n or 0)),),
        method=notes_on(case, STUDY, answer),
        n=answer.n,
        proposals=_proposals(case, table),
    )


def _by_source(rows: pd.DataFrame, case: Case) -> pd.DataFrame:
    made = []
    for source, own in rows.groupby("source", sort=False):
        leads, won = int(own["reached"].iloc[0]), int(own["reached"].iloc[-1])
        low, high = wilson(won, leads, 0.05)
        planned = _planned(str(source), case)
        short = own[own["short"] == 1]
        made.append(
            {
                "source": str(source),
                "name": planned.label if planned else name_in_words(case, str(source)),
                "item": planned.id if planned else "",
                "leads": leads,
                "part": leads / float(rows.groupby("source")["reached"].first().sum()),
                "customers": won,
                "share": won / leads,
                "low": low,
                "high": high,
                "planned": planned.close_rate if planned and planned.close_rate is not None else float("nan"),
                "short": listed([str(stage) for stage in short["stage"]]),
                "gap": float((short["others"] - short["rate"]).max()) if len(short) else 0.0,
            }
        )
    return pd.DataFrame(made)


def _planned(source: str, case: Case) -> LeadSource | None:
    """Return the plan's source for a word of the table: its id, the id without its first word, its channel or its name."""
    for one in case.plan.sources:
        _first, _sep, rest = one.id.partition("-")
        if source in (one.id, rest, str(one.channel)) or source.casefold() == one.label.casefold():
            return one
    return None


def _sources_finding(table: pd.DataFrame) -> str:
    best = table.loc[table["low"].idxmax()]
    said = [
        _(
            N_("{source} brings most leads, {part} of them; {best} turns most of its own into customers, {share}."),
            source=table["name"].iloc[0],
            part=percent(table["part"].iloc[0]),
            best=best["name"],
            share=percent(best["share"], 1),
        )
    ]
    short = table[table["gap"] > 0]
    if len(short):
        worst = short.loc[short["gap"].idxmax()]
        said.append(
            _(
                N_("{source} falls short of the others at: {stages}."),
                source=worst["name"],
                stages=worst["short"],
            )
        )
    return " ".join(said)


def _proposals(case: Case, table: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return the close rates that lie outside what the plan says, for the plan to adopt."""
    answer = case.answer(STUDY)
    assert answer is not None
    other = table[table["item"].ne("") & ~((table["low"] <= table["planned"]) & (table["planned"] <= table["high"]))]
    return offered(
        case,
        (
            proposal(
                case,
                STUDY,
                answer,
                about=row["item"],
                name=_(
                    N_("{source}: {share} of the leads become customers"),
                    source=row["name"],
                    share=percent(row["share"], 1),
                ),
                figure=round(row["share"], 5),
                interval=(round(row["low"], 5), round(row["high"], 5)),
                n=int(row["leads"]),
                item=f"/sources/{row['item']}",
                fills={f"/sources/{row['item']}/close_rate": round(row["share"], 5)},
            )
            for row in other.to_dict("records")
        ),
    )


def stage_shortfalls(case: Case) -> Exhibit:
    """Go down the journey: how the indicators of each stage stand, and which messages speak there."""
    states = _last_states(case)
    stages = [stage for stage in case.plan.stages if any(one.stage == stage.id for one in case.plan.indicators)]
    if not states or not stages:
        return Exhibit(
            "stage_shortfalls",
            _(
                N_(
                    "Name the journey stage of each indicator and of each message: at which stage a message falls short stands here."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame([_stage_row(stage, states, case) for stage in stages])
    short = table[table["behind"] > 0]
    if short.empty:
        finding = _(N_("No stage of the journey falls short: what is measured is on course or ahead."))
    else:
        first = short.iloc[0]
        finding = _(
            N_("It falls short first at “{stage}”: {indicators}. There speaks: {messages}."),
            stage=first["stage"],
            indicators=first["late"],
            messages=first["messages"] or _(N_("no message")),
        )
    silent = list(table.loc[table["messages"] == "", "stage"])
    if silent:
        finding += " " + _(N_("No message speaks at: {stages}."), stages=listed(silent))
    return Exhibit(
        "stage_shortfalls",
        finding,
        table,
        (
            Column("stage", _(N_("Journey stage"))),
            Column("indicators", _(N_("Indicators and how they stand"))),
            Column("messages", _(N_("Messages"))),
        ),
    )


def _last_states(case: Case) -> dict[str, str]:
    """Return the state of each indicator at its last month that is in."""
    answer = measured(case.plan)
    if answer is None or answer.rows is None:
        return {}
    known = answer.rows[answer.rows["status"] != "no actual"]
    return {str(id): str(own["status"].iloc[-1]) for id, own in known.groupby("kpi", sort=False)}


def _stage_row(stage: Stage, states: dict[str, str], case: Case) -> dict[str, Any]:
    held = [one for one in case.plan.indicators if one.stage == stage.id and one.id in states]
    late = [one.label for one in held if states[one.id] == "behind"]
    said = [_(N_("{indicator}: {state}"), indicator=one.label, state=_(STATES[states[one.id]])) for one in held]
    messages = [message.label for message in case.plan.messages if message.stage == stage.id]
    return {
        "stage": stage.label,
        "indicators": "; ".join(said) or _(N_("none with an actual")),
        "behind": len(late),
        "late": listed(late),
        "messages": "; ".join(messages),
    }


def upstream_questions(case: Case) -> Exhibit:
    """Name what the indicators that are behind stand on upstream, the weakest evidence first."""
    states = _last_states(case)
    if not states:
        return Exhibit(
            "upstream_questions",
            _(N_("Once the first actuals are in, this says which upstream decision to question first.")),
            empty=True,
        )
    behind = [id for id, state in states.items() if state == "behind"]
    rows = [row for id in behind or list(states) for row in _rests_on(id, case)]
    if not rows:
        return Exhibit(
            "upstream_questions",
            _(
                N_(
                    "The indicators name no channel and no campaign, so that nothing leads upstream. Name what each one judges."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(rows).drop_duplicates("id").sort_values("weakness", kind="stable").reset_index(drop=True)
    weakest = table.iloc[0]
    words = {
        "item": weakest["item"],
        "evidence": _evidence(weakest["grade"]),
        "indicators": listed([case.plan.name_of(id) for id in behind]),
    }
    if len(behind) > 1:
        finding = _(N_("{indicators} are behind. Question first “{item}”, on which they stand: {evidence}."), **words)
    elif behind:
        finding = _(N_("{indicators} is behind. Question first “{item}”, on which it stands: {evidence}."), **words)
    else:
        finding = _(N_("Nothing is behind. The weakest thing all this stands on is “{item}”: {evidence}."), **words)
    return Exhibit(
        "upstream_questions",
        finding,
        table.head(15),
        (
            Column("item", _(N_("Upstream"))),
            Column("kind", _(N_("What it is"))),
            Column("indicator", _(N_("Indicator that stands on it"))),
            Column("grade", _(N_("Evidence"))),
            Column("n", _(N_("Answers")), "number", 0),
            Column("steps", _(N_("Links between")), "number", 0),
        ),
        method=_(
            N_(
                "By the plan's links, from the indicator over campaigns and channels to needs, advantages, offers and segments; "
                "nothing, then claims (E) and judgement (D) come first."
            )
        ),
    )


def _evidence(grade: str) -> str:
    return _(N_("its evidence has the grade {grade}"), grade=grade) if grade else _(N_("it has no evidence"))


def _rests_on(indicator: str, case: Case) -> list[dict[str, Any]]:
    rows, sections = [], upstream_sections() - {"stages", "studies", "findings", "charter", "personas"}
    held = case.plan.item(indicator)
    for link in case.links.stands_on(indicator):
        item = case.plan.item(link.upstream)
        section = section_of(case.plan, link.upstream)
        if item is None or section not in sections or not hasattr(item, "evidence") or not isinstance(held, Indicator):
            continue
        grade, n = _best_evidence(item)
        rows.append(
            {
                "id": link.upstream,
                "item": item.label,
                "kind": section_title(section),
                "indicator": held.label,
                "grade": grade,
                "weakness": WEAKEST.index(grade),
                "n": float("nan") if n is None else float(n),
                "steps": link.depth,
            }
        )
    return rows


def _best_evidence(item: Item) -> tuple[str, int | None]:
    """Return the grade of the best evidence of ``item``, nothing for none, and the answers behind it."""
    graded = [(one.grade.value, one.n) for one in getattr(item, "evidence", ()) if one.grade is not None]
    return min(graded, default=("", None), key=lambda pair: pair[0])
