"""Would customers recommend us, who knows us, and what is it worth that customers stay and bring others?"""

from typing import Any

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import offered, proposal, resting
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.exhibits.studied import name_in_words, no_study_yet, notes_on, observed
from workbook.language import N_, _, money, number, percent
from workbook.plan.adoption import Proposal
from workbook.plan.model import Loyalty, Segment, new_id
from workbook.plan.worth import customer_worth
from workbook.research.loyalty import brought_along

__all__ = ["brand_awareness", "loyalty_economics", "loyalty_of", "recommendation"]

MORE = 0.05
"""Share of customers that, staying instead of leaving, shows what keeping them is worth."""


def recommendation(case: Case) -> Exhibit:
    """Show the net promoter score, of all and by segment."""
    answer = case.answer("nps")
    if answer is None:
        return no_study_yet(
            "recommendation",
            _(N_("Ask from 0 to 10 who would recommend you, bring the answers in, and the score stands here.")),
        )
    figures = answer.figures
    whole = {
        "name": _(N_("All who answered")),
        "score": figures["nps"],
        "low": figures["interval"][0],
        "high": figures["interval"][1],
        "n": answer.n,
    } | {name: figures[name] for name in ("promoters", "passives", "detractors")}
    segments = pd.DataFrame() if answer.rows is None or case.segment else answer.rows.rename(columns={"nps": "score"})
    if not segments.empty:
        segments = segments.assign(name=[name_in_words(case, str(id)) for id in segments["segment"]])
    table = pd.concat([pd.DataFrame([whole]), segments], ignore_index=True)
    table["shown"] = [number(score, 0) for score in table["score"]]
    from workbook.exhibits.charts.surveys import score_dots

    return Exhibit(
        "recommendation",
        _finding(table),
        table,
        (
            Column("name", _(N_("Segment"))),
            Column("score", _(N_("Net promoter score")), "number", 1),
            Column("low", _(N_("From")), "number", 1),
            Column("high", _(N_("To")), "number", 1),
            Column("promoters", _(N_("Promoters")), "percent"),
            Column("passives", _(N_("Passives")), "percent"),
            Column("detractors", _(N_("Detractors")), "percent"),
            Column("n", _(N_("Answers")), "number", 0),
        ),
        score_dots(
            table,
            labels={
                "axis": _(N_("Net promoter score, -100 to 100")),
                "name": _(N_("Segment")),
                "score": _(N_("Score")),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "nps", answer),
        n=answer.n,
        proposals=_score_proposals(case, answer, table),
    )


def _score_proposals(case: Case, answer: Answer, table: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return the score of each segment of the plan; that of all where the answers name no segment."""
    by_segment = table[table["segment"].isin([s.id for s in case.plan.segments])] if "segment" in table else table[:0]
    about = by_segment if len(by_segment) else table[:1].assign(segment=case.segment)
    proposals = []
    for row in about.itertuples(index=False):
        path, adds = loyalty_of(case, str(row.segment))
        proposals.append(
            proposal(
                case,
                "nps",
                answer,
                about=str(row.segment) or "all",
                name=_(N_("{name}: net promoter score {score}"), name=row.name, score=row.shown),
                figure=row.score,
                interval=(row.low, row.high),
                n=int(row.n),
                item=path,
                adds=adds,
                fills={f"{path}/nps": round(float(row.score), 1), f"{path}/answers": int(row.n)},
            )
        )
    return offered(case, proposals)


def loyalty_of(case: Case, segment: str) -> tuple[str, dict[str, Any]]:
    """Return the path of the loyalty of a segment (empty: of all), and the item to add there where there is none."""
    held = next((one for one in case.plan.loyalty if (one.segment or "") == segment), None)
    if held is not None:
        return f"/loyalty/{held.id}", {}
    path = "/loyalty/" + new_id(f"loyalty-{segment or 'all'}", case.plan.ids)
    return path, {path: {"segment": segment} if segment else {}}


def _finding(table: pd.DataFrame) -> str:
    whole = table.iloc[0]
    said = _(
        N_("The net promoter score is {score} ({low} to {high})."),
        score=number(whole["score"], 0),
        low=number(whole["low"], 0),
        high=number(whole["high"], 0),
    )
    if len(table) < 3:
        return said
    spread = _(
        N_("It is highest among “{first}” ({most}) and lowest among “{last}” ({least})."),
        first=table.iloc[1]["name"],
        most=number(table.iloc[1]["score"], 0),
        last=table.iloc[-1]["name"],
        least=number(table.iloc[-1]["score"], 0),
    )
    return f"{said} {spread}"


def loyalty_economics(case: Case) -> Exhibit:
    """Show by segment who stays and recommends, what that brings along, and what it is worth when more stay."""
    held = [one for one in case.plan.loyalty if not case.segment or one.segment in (None, case.segment)]
    if not held:
        return Exhibit(
            "loyalty_economics",
            _(N_("Enter by segment who buys again and who recommends you, and what that is worth stands here.")),
            empty=True,
        )
    table = pd.DataFrame([_loyal(one, case) for one in held])
    drawn = table.dropna(subset="whole")
    own, brought = _(N_("the customer's own")), _(N_("of those they bring"))
    parts = pd.concat(
        [
            drawn.assign(part=part, amount=drawn[name], place=place)
            for place, (part, name) in enumerate(((own, "worth"), (brought, "added")))
        ]
    )
    from workbook.exhibits.charts.market import loyalty_bars

    return Exhibit(
        "loyalty_economics",
        _loyalty_finding(table, case),
        table,
        (
            Column("segment", _(N_("Segment"))),
            Column("nps", _(N_("Net promoter score")), "number", 0),
            Column("repeat", _(N_("Buy again")), "percent"),
            Column("referred", _(N_("Came by word of mouth")), "percent"),
            Column("k", _(N_("New ones a customer brings (K)")), "number", 2),
            Column("worth", _(N_("Worth of a customer")), "money"),
            Column("whole", _(N_("With those they bring")), "money"),
            Column("kept", _(N_("If 5 points more stay")), "money"),
        ),
        loyalty_bars(
            parts,
            labels={
                "axis": _(N_("Worth of a customer, {currency}"), currency=case.currency),
                "segment": _(N_("Segment")),
                "part": _(N_("Part")),
                "own": own,
                "brought": brought,
            },
        )
        if len(drawn)
        else None,
        tags=resting(case, [f"/loyalty/{one.id}/{name}" for one in held for name in ("nps", "repeat")]),
        method=_(
            N_(
                "K = recommendations per customer × share that bring one. Those brought recommend too, so a customer counts "
                "1 / (1 − K) times. Worth = revenue × margin / share lost a year; 5 points more staying lower that share."
            )
        ),
        currency=case.currency,
    )


def _loyal(one: Loyalty, case: Case) -> dict[str, object]:
    segment, missing = case.plan.item(one.segment), float("nan")
    worth = customer_worth(segment) if isinstance(segment, Segment) else None
    k = None if one.invitations is None or one.conversion is None else one.invitations * one.conversion
    times = None if k is None else brought_along(k)
    whole = missing if worth is None or times is None else worth * times
    churn = segment.churn if isinstance(segment, Segment) else None
    kept = worth * churn / (churn - MORE) - worth if worth is not None and churn and churn > MORE else missing
    return {
        "segment": case.plan.name_of(one.segment) or _(N_("All customers")),
        "nps": missing if one.nps is None else one.nps,
        "repeat": missing if one.repeat is None else one.repeat,
        "referred": missing if one.referred is None else one.referred,
        "k": missing if k is None else k,
        "worth": missing if worth is None else worth,
        "added": whole - worth if worth is not None else missing,
        "whole": whole,
        "shown": "" if whole != whole else money(whole, case.currency),
        "kept": kept,
    }


def _loyalty_finding(table: pd.DataFrame, case: Case) -> str:
    alone = table[table["k"] >= 1]
    if len(alone):
        return _(
            N_("“{segment}” would grow by word of mouth alone: check the figures before you believe it."),
            segment=alone.iloc[0]["segment"],
        )
    known = table.dropna(subset="whole")
    if known.empty:
        return _(N_("What loyalty is worth stands here once recommendations, revenue, margin and churn are known."))
    first = known.loc[known["added"].idxmax()]
    said = _(
        N_("A customer of “{segment}” brings {k} new ones, worth {added} beside their own {worth}."),
        segment=first["segment"],
        k=number(first["k"], 2),
        added=money(first["added"], case.currency),
        worth=money(first["worth"], case.currency),
    )
    if first["kept"] != first["kept"]:
        return said
    return (
        said
        + " "
        + _(N_("Five more in a hundred staying would be worth {kept}."), kept=money(first["kept"], case.currency))
    )


def brand_awareness(case: Case) -> Exhibit:
    """Show who names the brand unasked, who knows it from a list, and who knows it at all."""
    answer = case.answer("awareness")
    if answer is None:
        return no_study_yet(
            "brand_awareness",
            _(
                N_(
                    "Ask who knows you, first without and then with a list, bring the answers in, and the shares stand here."
                )
            ),
        )
    words = {"unprompted": _(N_("Unprompted")), "prompted": _(N_("Prompted")), "total": _(N_("In all"))}
    table = pd.DataFrame(
        [(word, answer.figures[name], *answer.figures[f"{name}_interval"]) for name, word in words.items()],
        columns=["name", "share", "low", "high"],
    )
    from workbook.exhibits.charts.surveys import share_dots

    return Exhibit(
        "brand_awareness",
        _(
            N_("{unprompted} name us unasked; {total} know us in all."),
            unprompted=percent(answer.figures["unprompted"]),
            total=percent(answer.figures["total"]),
        ),
        table,
        (
            Column("name", _(N_("Awareness"))),
            Column("share", _(N_("Share")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
        ),
        share_dots(table, labels={"axis": _(N_("Share of the people asked")), "name": _(N_("Awareness"))}),
        tags=observed(answer),
        method=notes_on(case, "awareness", answer),
        n=answer.n,
        proposals=_awareness_proposals(case, answer),
    )


def _awareness_proposals(case: Case, answer: Answer) -> tuple[Proposal, ...]:
    """Return the shares who name us unasked and who know us at all, as figures of how we do."""
    says = {
        "unprompted": N_("{share} of the people asked name us unasked"),
        "total": N_("{share} of the people asked know us, unasked or from a list"),
    }
    fields = {"unprompted": "unprompted", "total": "known"}
    return offered(
        case,
        (
            proposal(
                case,
                "awareness",
                answer,
                about=name,
                name=_(template, share=percent(answer.figures[name])),
                figure=answer.figures[name],
                interval=answer.figures[f"{name}_interval"],
                item="/standing",
                fills={f"/standing/{fields[name]}": round(float(answer.figures[name]), 4)},
            )
            for name, template in says.items()
        ),
    )
