"""Step 1 in exhibits: how attractive each segment is, and the people in the chosen ones."""

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import N_, _, listed, number, percent, plural
from workbook.plan.model import Grade, Persona, Segment, Targeting
from workbook.scoring import ranked

__all__ = ["persona_cards", "segment_attractiveness"]

STABLE = 0.8
"""A rank kept in this share of the random weight sets does not hang on a detail: judgement."""


def segment_attractiveness(case: Case) -> Exhibit:
    """Rank the segments by the team's criteria and weights, with how firmly each holds its place."""
    segments = case.plan.segments
    if len(segments) < 2:
        return Exhibit(
            "segment_attractiveness", _(N_("Add two segments or more, and they are compared here.")), empty=True
        )
    weights = case.plan.attractiveness.model_dump()
    ranking = ranked(_criteria(segments), weights)
    table = ranking.table.rename(columns={"option": "id"})
    by_id = {segment.id: segment for segment in segments}
    table["segment"] = [by_id[id].label for id in table["id"]]
    table["targeting"] = [by_id[id].targeting.value for id in table["id"]]
    table["decision"] = [_(by_id[id].targeting.label) for id in table["id"]]
    table["shown"] = [number(score, 2) for score in table["score"]]
    table["remark"] = [
        f"{number(score, 2)} · {decision}" for score, decision in zip(table["score"], table["decision"], strict=True)
    ]
    from workbook.exhibits.charts import attractiveness_bars

    return Exhibit(
        "segment_attractiveness",
        _attractiveness_finding(table),
        table,
        (
            Column("segment", _(N_("Segment"))),
            Column("score", _(N_("Score")), "number", 2),
            Column("rank", _(N_("Rank")), "number", 0),
            Column("stability", _(N_("Holds its place")), "percent"),
            Column("missing", _(N_("Figures missing")), "number", 0),
            Column("decision", _(N_("Decision"))),
        ),
        attractiveness_bars(table, labels={"score": _(N_("Attractiveness, 0 to 1")), "segment": _(N_("Segment"))}),
        tags=(Tag("assumed", _(N_("weights, fit and reachability: the team's judgement"))),),
        method=_attractiveness_method(ranking.indifferent),
        currency=case.currency,
    )


def persona_cards(case: Case) -> Exhibit:
    """Show the people the plan speaks to, each with what the card is drawn from."""
    shown = [p for p in case.plan.personas if _speaks_to(p, case)]
    if not shown:
        return Exhibit("persona_cards", _(N_("Describe a person, and the card appears here.")), empty=True)
    unfounded = [p.label for p in shown if not p.evidence]
    finding = plural("The plan speaks to one person.", "The plan speaks to {count} people.", len(shown))
    if unfounded:
        finding += " " + _(N_("Without evidence so far: {names}."), names=listed(unfounded))
    return Exhibit("persona_cards", finding, cards=tuple(_persona(p, case) for p in shown))


def _speaks_to(persona: Persona, case: Case) -> bool:
    segment = case.plan.item(persona.segment)
    excluded = isinstance(segment, Segment) and segment.targeting is Targeting.EXCLUDED
    return not excluded and (not case.segment or persona.segment in (None, case.segment))


def _persona(persona: Persona, case: Case) -> Card:
    facts = (
        (_(N_("Goals")), persona.goals),
        (_(N_("Challenges")), persona.challenges),
        (_(N_("Where they look for information")), persona.information),
        (_(N_("Objections")), persona.objections),
        (_(N_("In their words")), tuple(f"“{quote}”" for quote in persona.quotes)),
        (_(N_("Evidence")), tuple(_source(e.label, e.source, e.n) for e in persona.evidence)),
    )
    worst = max((e.grade for e in persona.evidence), default=None)
    tag = (
        Tag("assumed", _(N_("no evidence yet")))
        if worst is None
        else Tag("note" if worst < Grade.D else "assumed", _(N_("evidence: grade {grade}"), grade=worst.value))
    )
    subtitle = " · ".join(part for part in (persona.role, case.plan.name_of(persona.segment)) if part)
    return Card(persona.label, subtitle, facts, (tag,))


def _source(says: str, source: str, n: int | None) -> str:
    counted = f"n = {number(n, 0)}" if n is not None else ""
    return f"{says} ({', '.join(part for part in (source, counted) if part)})" if source or counted else says


def _criteria(segments: tuple[Segment, ...]) -> pd.DataFrame:
    rows = {
        s.id: {
            "size": s.customers,
            "growth": s.growth,
            "value": s.contract_value,
            "fit": s.fit,
            "reachability": s.reachability,
        }
        for s in segments
    }
    return pd.DataFrame.from_dict(rows, orient="index").astype(float)


def _attractiveness_finding(table: pd.DataFrame) -> str:
    known = table[table["rank"].notna()]
    if known.empty:
        return _(N_("No segment has a figure to compare yet."))
    first = known.iloc[0]
    values = {"segment": first["segment"], "share": percent(first["stability"])}
    if first["stability"] >= STABLE:
        finding = _(
            N_("{segment} is the most attractive segment, and holds first place in {share} of the weightings."),
            **values,
        )
    else:
        finding = _(
            N_("{segment} comes first, but in only {share} of the weightings: talk before you choose."), **values
        )
    targets = [
        row["segment"] for _i, row in known.iterrows() if row["targeting"] == Targeting.TARGET and row["rank"] > 1
    ]
    if targets and first["targeting"] != Targeting.TARGET:
        finding += " " + _(N_("The target is {names}."), names=listed(targets))
    return finding


def _attractiveness_method(indifferent: tuple[str, ...]) -> str:
    method = _(
        N_(
            "Weighted mean of five criteria, each scaled from 0 to 1 over these segments; "
            "rank checked with 1,000 random weightings around the team's."
        )
    )
    if indifferent:
        titles = [_(shape_title) for shape_title in _titles(indifferent)]
        method += " " + _(N_("Does not tell the segments apart: {criteria}."), criteria=listed(titles))
    return method


def _titles(names: tuple[str, ...]) -> list[str]:
    from workbook.plan.model import AttractivenessWeights, shapes

    return [shape.title for shape in shapes(AttractivenessWeights) if shape.name in names]
