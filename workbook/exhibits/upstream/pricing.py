"""Step 5 in exhibits, before a price is chosen: tier, add-on, bundled or free side by side, and trials side by side."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbook.channels.catalogue import Claim, claims
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.kept import unmoved_by
from workbook.language import N_, _, listed, money, number, percent, plural, with_cents
from workbook.plan.model import Offer, PriceModel, Trial
from workbook.research.packaging import break_even_conversion, option_results, trial_results

if TYPE_CHECKING:
    import altair as alt

__all__ = ["price_options", "trial_economics"]

TRIALS = "free-trials-demos"
"""The tactic of the catalogue on which the claims about trials are filed."""


@unmoved_by("packages", "trials")
def price_options(case: Case) -> Exhibit:
    """Compare ways to price an offer: what customers pay, and the customers it keeps and wins."""
    compared = [(offer, option_results(case.plan, offer)) for offer in case.offers if offer.options]
    if not compared:
        return Exhibit(
            "price_options",
            _(
                N_(
                    "Under an offer, enter two or more ways to price it (tier, add-on, bundled, free) with what you expect of "
                    "each, and they stand here side by side."
                )
            ),
            empty=True,
        )
    several = len(compared) > 1
    table = pd.concat([_options_table(offer, rows, case, several) for offer, rows in compared], ignore_index=True)
    known = table.dropna(subset="total")
    return Exhibit(
        "price_options",
        " ".join(_options_finding(case, offer, rows) for offer, rows in compared),
        table,
        (
            Column("option", _(N_("Way to price it"))),
            Column("model_words", _(N_("Price model"))),
            Column("price_words", _(N_("Price"))),
            Column("takers", _(N_("Customers who have it")), "number", 0),
            Column("direct", _(N_("Paid less cost, a year")), "money"),
            Column("kept", _(N_("Customers kept a year")), "number", 1),
            Column("won", _(N_("Customers won a year")), "number", 0),
            Column("total", _(N_("In all")), "money"),
            Column("must", _(N_("Pays from so many kept or won")), "number", 0),
        ),
        _option_chart(case, known) if len(known) else None,
        tags=(Tag("assumed", _(N_("uptake, churn and new customers: the team's judgement"))),),
        method=_worth_said(case, compared),
        currency=case.currency,
    )


@unmoved_by("packages")
def trial_economics(case: Case) -> Exhibit:
    """Compare trials on the team's own assumptions, beside the rates that are in circulation without a source."""
    cards = tuple(_claim_card(claim) for claim in claims(TRIALS))
    table = trial_results(case.plan)
    if table.empty:
        return Exhibit(
            "trial_economics",
            _(
                N_(
                    "Enter an opt-in and an opt-out trial with your own estimates of who starts and who stays. The rates in "
                    "circulation have no source, and none of them is filled in for you."
                )
            ),
            cards=cards,
            empty=True,
        )
    table = _trials_table(case, table)
    known = table.dropna(subset="result")
    from workbook.exhibits.charts.packaging import trial_bars

    return Exhibit(
        "trial_economics",
        _trials_finding(case, table),
        table,
        (
            Column("trial", _(N_("Trial"))),
            Column("kind_words", _(N_("Kind"))),
            Column("started", _(N_("Start it a month")), "number", 1),
            Column("paying", _(N_("Paying customers from them")), "number", 1),
            Column("rate", _(N_("Of those who start")), "percent", 1),
            Column("cost_each", _(N_("Cost per customer")), "money"),
            Column("result", _(N_("Result of a month")), "money"),
            Column("level", _(N_("Must go on, to draw level")), "percent", 1),
        ),
        trial_bars(
            known.assign(kind=known["kind_words"], shown=[money(v, case.currency) for v in known["result"]]),
            labels={
                "trial": _(N_("Trial")),
                "result": _(N_("Result of a month, {currency}"), currency=case.currency),
            },
        )
        if len(known)
        else None,
        cards=cards,
        tags=(
            Tag("assumed", _(N_("the team's own estimates"))),
            Tag("stale", plural("{count} claim without a source", "{count} claims without a source", len(cards))),
        ),
        method=_(
            N_(
                "Result = customers left after the first bill × margin of a customer in a year − cost of all trials started. "
                "The last column is the share that would have to go on for the trial to bring as much as the best of the others. "
                "The claims on the cards are in no figure."
            )
        ),
        currency=case.currency,
    )


def _options_table(offer: Offer, rows: pd.DataFrame, case: Case, several: bool) -> pd.DataFrame:
    per = _(offer.per.label)
    words = [
        _(N_("{price} for {per}"), price=with_cents(price, case.currency), per=per)
        if np.isfinite(price)
        else _(N_("nothing extra"))
        if model not in (PriceModel.TIER, PriceModel.ADD_ON)
        else "–"
        for price, model in zip(rows["price"], rows["model"], strict=True)
    ]
    must = [
        np.ceil(-direct / worth - 1e-9) if direct < 0 and worth > 0 else np.nan
        for direct, worth in zip(rows["direct"], rows["worth"], strict=True)
    ]
    return rows.assign(
        option=[f"{offer.label}: {name}" for name in rows["option"]] if several else rows["option"],
        model_words=[_(model.label).partition(":")[0] if model else "–" for model in rows["model"]],
        price_words=words,
        must=must,
    )


def _option_chart(case: Case, known: pd.DataFrame) -> "alt.LayerChart":
    from workbook.exhibits.charts.packaging import option_bars

    paid, others = _(N_("paid less cost")), _(N_("customers kept and won"))
    parts = pd.concat(
        [
            known.assign(part=word, amount=known[name])[["option", "part", "amount"]]
            for word, name in ((paid, "direct"), (others, "indirect"))
        ]
    )
    ends = known[["direct", "indirect"]].clip(lower=0).sum(axis=1)
    totals = known.assign(end=ends, shown=[money(total, case.currency) for total in known["total"]])
    return option_bars(
        parts,
        totals[["option", "total", "end", "shown"]],
        labels={
            "amount": _(N_("{currency} a year; the mark is the total"), currency=case.currency),
            "option": _(N_("Way to price it")),
            "part": _(N_("Part")),
            "order": f"{paid}|{others}",
        },
    )


def _options_finding(case: Case, offer: Offer, rows: pd.DataFrame) -> str:
    known = rows.dropna(subset="total").sort_values("total", ascending=False, kind="stable")
    if known.empty:
        return _(
            N_(
                "“{offer}”: still missing are its unit cost, uptake or price, or how many of our customers are in its segments."
            ),
            offer=offer.label,
        )
    best = known.iloc[0]
    words = {"offer": offer.label, "option": best["option"], "total": money(best["total"], case.currency)}
    if len(known) == 1:
        return _(
            N_("“{offer}”: “{option}” would bring {total} a year. Enter a second way to compare it with."), **words
        )
    finding = _(
        N_("“{offer}”: “{option}” would bring most, {total} a year, against {second} for “{other}”."),
        second=money(known.iloc[1]["total"], case.currency),
        other=known.iloc[1]["option"],
        **words,
    )
    by_price = known.sort_values("direct", ascending=False, kind="stable").iloc[0]
    if by_price["id"] != best["id"]:
        finding += " " + _(
            N_(
                "By what customers pay alone “{other}” would be ahead: the choice rests on the customers it keeps and wins."
            ),
            other=by_price["option"],
        )
    return finding


def _worth_said(case: Case, compared: list[tuple[Offer, pd.DataFrame]]) -> str:
    worths = [worth for _offer, rows in compared for worth in rows["worth"].dropna().unique()]
    said = _(
        N_(
            "Paid less cost = customers who have it × (price − unit cost) × times a year; what is included costs for everybody "
            "who has it. Customers kept = ours × (lost today − lost with it)."
        )
    )
    if not worths:
        return said
    shown = listed([money(worth, case.currency) for worth in dict.fromkeys(worths)])
    return said + " " + _(N_("A customer kept or won counts with what one is worth: {worth}."), worth=shown)


def _trials_table(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    levels = []
    for trial, row in zip(case.plan.trials, table.itertuples(), strict=True):
        others = table.loc[table["id"] != trial.id, "result"].dropna()
        levels.append(break_even_conversion(trial, row.margin, others.max() if len(others) else 0.0))
    words = [_(kind.label).partition(":")[0] for kind in table["kind"]]
    return table.assign(level=levels, kind_words=words)


def _trials_finding(case: Case, table: pd.DataFrame) -> str:
    known = table.dropna(subset="result").sort_values("result", ascending=False, kind="stable")
    if known.empty:
        counted = table.dropna(subset="paying").sort_values("paying", ascending=False, kind="stable")
        if counted.empty:
            return _(N_("Say how many see each trial, start it and go on: then customers and cost stand here."))
        return _(
            N_(
                "“{trial}” makes {paying} customers a month. With a price and a unit cost of its offer it can be reckoned."
            ),
            trial=counted.iloc[0]["trial"],
            paying=number(counted.iloc[0]["paying"], 1),
        )
    best = known.iloc[0]
    words = {
        "trial": best["trial"],
        "paying": number(best["paying"], 1),
        "result": money(best["result"], case.currency),
    }
    if len(known) == 1:
        missing = {Trial.OPT_IN: N_("an opt-out"), Trial.OPT_OUT: N_("an opt-in")}.get(best["kind"], N_("another"))
        return _(
            N_(
                "“{trial}” makes {paying} customers of a month's visitors and brings {result}. Enter {other} trial beside it."
            ),
            other=_(missing),
            **words,
        )
    second = known.iloc[1]
    finding = _(
        N_(
            "“{trial}” brings most: {result} from a month's visitors and {paying} customers, against {second} for “{other}”."
        ),
        second=money(second["result"], case.currency),
        other=second["trial"],
        **words,
    )
    if np.isfinite(second["level"]):
        finding += " " + _(
            N_("“{other}” draws level when {level} of those who start go on."),
            other=second["trial"],
            level=percent(second["level"]),
        )
    return finding


def _claim_card(claim: Claim) -> Card:
    facts = (
        (_(N_("Why it is flagged")), (_(claim.reason),)),
        (_(N_("Better evidence")), (_(claim.better_evidence),)),
    )
    return Card(
        _(claim.claim),
        _(N_("A claim in circulation")),
        facts,
        (Tag("stale", _(N_("grade E: no source, in no figure"))),),
    )
