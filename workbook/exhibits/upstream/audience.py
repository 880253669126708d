"""Step 1 in exhibits: how attractive each segment is, which we chose, what it spends with us, and the people in it."""

from collections.abc import Sequence

import pandas as pd

from workbook.exhibits.adopting import resting
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, number, percent, plural
from workbook.plan.model import Grade, Market, Persona, Segment, Targeting
from workbook.scoring import ranked

__all__ = ["criteria_of", "persona_cards", "segment_attractiveness", "segment_decisions", "share_of_wallet"]

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
    ranking = ranked(criteria_of(segments), weights)
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
        tags=(
            Tag("assumed", _(N_("weights, fit and reachability: the team's judgement"))),
            *resting(case, [f"/segments/{segment.id}/contract_value" for segment in segments]),
        ),
        method=_attractiveness_method(ranking.indifferent),
        currency=case.currency,
    )


def segment_decisions(case: Case) -> Exhibit:
    """Show which segments are targets, with the section to focus on, which are excluded, and which are still open."""
    segments = case.plan.segments
    if not segments:
        return Exhibit(
            "segment_decisions",
            _(N_("Add a segment and decide whether it is a target, and the decisions stand here.")),
            empty=True,
        )
    groups = {choice: [one for one in segments if one.targeting is choice] for choice in Targeting}
    order = (Targeting.TARGET, Targeting.EXCLUDED, Targeting.OPEN)
    cards = tuple(
        Card(_(choice.label), "", tuple((one.label, _reasons(one)) for one in groups[choice]))
        for choice in order
        if groups[choice]
    )
    targets, out = groups[Targeting.TARGET], groups[Targeting.EXCLUDED]
    said = (
        _(N_("The plan is for {names}."), names=listed([f"“{one.label}”" for one in targets]))
        if targets
        else _(N_("No segment is a target yet, so later steps speak to everybody."))
    )
    if out:
        said += " " + _(N_("Not for {names}."), names=listed([f"“{one.label}”" for one in out]))
    elif len(segments) > 1:
        said += " " + _(N_("Nothing is excluded: a plan for everybody has not been made yet."))
    else:
        said += " " + _(N_("There is one segment only: name at least one you could serve and will not."))
    return Exhibit("segment_decisions", said, cards=cards)


def _reasons(segment: Segment) -> tuple[str, ...]:
    facts = (
        segment.focus or segment.description,
        plural("one customer", "{count} customers", segment.customers) if segment.customers is not None else "",
    )
    return tuple(fact for fact in facts if fact) or ("–",)


def share_of_wallet(case: Case) -> Exhibit:
    """Set what a customer of each segment spends with us beside what is spent with others in the category."""
    known = [
        one
        for one in case.plan.segments
        if one.contract_value is not None and one.category_spend and case.segment in ("", one.id)
    ]
    if not known:
        return Exhibit(
            "share_of_wallet",
            _(
                N_(
                    "Enter what a customer brings and what one spends in the category, and our share of the wallet stands here."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame([_wallet(one, case) for one in known])
    widest = table.loc[table["open"].idxmax()] if table["open"].notna().any() else table.loc[table["left"].idxmax()]
    ours, others = _(N_("with us")), _(N_("with others"))
    drawn = pd.concat(
        [
            table.assign(
                whose=whose, amount=table[name], place=place, shown=[money(v, case.currency) for v in table[name]]
            )
            for place, (whose, name) in enumerate(((ours, "value"), (others, "left")))
        ]
    )
    from workbook.exhibits.charts.market import wallet_bars

    return Exhibit(
        "share_of_wallet",
        _(
            N_("Of what “{segment}” spends in the category we have {share}; {left} a customer and year go to others."),
            segment=widest["segment"],
            share=widest["share"],
            left=money(widest["left"], case.currency),
        ),
        table,
        (
            Column("segment", _(N_("Segment"))),
            Column("value", _(N_("Spends with us")), "money"),
            Column("spend", _(N_("Spends in the category")), "money"),
            Column("wallet", _(N_("Share of wallet")), "percent"),
            Column("left", _(N_("Goes to others")), "money"),
            Column("ours", _(N_("Our customers")), "number", 0),
            Column("open", _(N_("Open with our customers")), "money"),
        ),
        wallet_bars(
            drawn,
            labels={
                "axis": _(N_("{currency} a customer and year, and our share of it"), currency=case.currency),
                "segment": _(N_("Segment")),
                "whose": _(N_("Spent")),
                "ours": ours,
                "others": others,
            },
        ),
        tags=resting(
            case, [f"/segments/{one.id}/{name}" for one in known for name in ("contract_value", "category_spend")]
        ),
        method=_(
            N_(
                "Share of wallet = spend with us / spend in the category; what is open is the rest, times our customers."
            )
        ),
        currency=case.currency,
    )


def _wallet(segment: Segment, case: Case) -> dict[str, object]:
    value, spend = float(segment.contract_value or 0), float(segment.category_spend or 0)
    left = max(spend - value, 0.0)
    return {
        "segment": segment.label,
        "value": value,
        "spend": spend,
        "whole": max(spend, value),
        "wallet": value / spend,
        "share": percent(value / spend),
        "left": left,
        "ours": float("nan") if segment.ours is None else segment.ours,
        "open": float("nan") if segment.ours is None else left * segment.ours,
    }


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


def criteria_of(segments: Sequence[Segment | Market]) -> pd.DataFrame:
    """Return what makes segments and markets attractive: one row each by its id, one column a criterion."""
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
            N_("“{segment}” is the most attractive segment, and holds first place in {share} of the weightings."),
            **values,
        )
    else:
        finding = _(
            N_("“{segment}” comes first, but in only {share} of the weightings: talk before you choose."), **values
        )
    targets = [
        row["segment"] for _i, row in known.iterrows() if row["targeting"] == Targeting.TARGET and row["rank"] > 1
    ]
    if targets and first["targeting"] != Targeting.TARGET:
        finding += " " + _(N_("The target is {names}."), names=listed([f"“{name}”" for name in targets]))
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
