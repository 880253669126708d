"""Step 8 in exhibits: the split of the budget with its proof, the next euro, and what more or less money would bring."""

import math
from functools import lru_cache

import numpy as np
import pandas as pd

from workbook.channels.allocation import ChannelOption, GroupLimit, frontier
from workbook.channels.limits import owed_together
from workbook.channels.split import SideSplit, Split, planned_channels, split
from workbook.errors import SHOWN_AT_ONCE
from workbook.exhibits.adopting import resting
from workbook.exhibits.case import Case
from workbook.exhibits.channels.mix import basis_tags
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, number, percent
from workbook.plan.model import Aim, Counted, Side
from workbook.plan.worth import worth_fields

__all__ = ["budget_frontier", "budget_split", "next_euro"]

EVEN = 0.9
"""Channels whose next amount brings at least this share of the best one's are called in balance."""

AROUND = (0.4, 1.6, 25)
"""The frontier is drawn from 0.4 to 1.6 times the budget, at 25 points."""

FRONTIER_STEPS = 300
"""Steps of its grid: a figure to draw, and no proof."""

BINDING = {
    "minimum": N_("minimum"),
    "maximum": N_("maximum"),
    "fixed": N_("fixed"),
    "off": N_("off"),
    "step": N_("step of the price"),
    "group minimum": N_("minimum of group {group}"),
    "group maximum": N_("maximum of group {group}"),
    "": "",
}

SIDES = {Side.UPSTREAM: N_("upstream"), Side.DOWNSTREAM: N_("downstream")}


def budget_split(case: Case) -> Exhibit:
    """Split the budget so that it brings most, and say how good any other split could be at best."""
    chosen = split(case.plan)
    if chosen is None:
        return Exhibit(
            "budget_split",
            _(N_("Enter a budget and a curve for each channel, and the split appears here.")),
            empty=True,
        )
    table = _held(chosen)
    drawn = table.assign(spend=table["spend"] / 1000, last_spend=table["last_spend"] / 1000)
    drawn["shown"] = [money(spend, case.currency) for spend in table["spend"]]
    drawn["label_at"] = drawn[["spend", "last_spend"]].max(axis=1)
    from workbook.exhibits.charts import split_bars

    return Exhibit(
        "budget_split",
        _split_finding(chosen, case),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("spend", _(N_("Spend")), "money", total=True),
            Column("customers", _(N_("Customers")), "number", 1, total=True),
            Column("low", _(N_("If low")), "number", 1),
            Column("high", _(N_("If high")), "number", 1),
            Column("worth", _(N_("Margin while they stay")), "money", total=True),
            Column("held", _(N_("Held by"))),
        ),
        split_bars(
            drawn,
            labels={
                "axis": _(N_("Thousand {currency}, this plan (bar) and last period (mark)"), currency=case.currency),
                "spend": _(N_("Spend")),
                "last": _(N_("Last period")),
                "channel": _(N_("Channel")),
            },
        ),
        tags=(
            *_proofs(chosen),
            *basis_tags(planned_channels(case.plan)),
            *resting(case, worth_fields(case.plan), judged=False),
        ),
        method=_split_method(chosen, case),
        currency=case.currency,
    )


def next_euro(case: Case) -> Exhibit:
    """Say what a further 1,000 would bring in each channel at the split: margin where it is known, else customers."""
    chosen = split(case.plan)
    if chosen is None:
        return Exhibit(
            "next_euro",
            _(N_("With a budget and curves, this says where a further 1,000 would bring most.")),
            empty=True,
        )
    table = _held(chosen)
    table["brings"] = table["marginal_worth"] if chosen.by_worth else table["marginal"]
    table["shown"] = [money(b, case.currency) if chosen.by_worth else number(b) for b in table["brings"]]
    amount = money(1000, case.currency)
    from workbook.exhibits.charts import marginal_bars

    axis = (
        _(N_("Margin for a further {amount}, {currency}"), amount=amount, currency=case.currency)
        if chosen.by_worth
        else _(N_("New customers for a further {amount}"), amount=amount)
    )
    return Exhibit(
        "next_euro",
        _parted(table, amount, chosen) or _next_finding(table, amount, by_worth=chosen.by_worth),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("spend", _(N_("Spend")), "money"),
            Column("marginal", _(N_("Customers for a further 1,000")), "number"),
            Column("marginal_worth", _(N_("Margin for a further 1,000")), "money"),
            Column("average", _(N_("Customers per 1,000 so far")), "number"),
            Column("held", _(N_("Held by"))),
        ),
        marginal_bars(table, labels={"axis": axis, "channel": _(N_("Channel"))}),
        method=_(
            N_(
                "Where no limit holds a channel, the next amount brings the same in each; a channel held at its maximum "
                "could bring more, one held at its minimum brings less."
            )
        ),
        tags=basis_tags(planned_channels(case.plan)),
        currency=case.currency,
    )


def budget_frontier(case: Case) -> Exhibit:
    """Say what every other budget could bring at best, each part of it split anew."""
    chosen = split(case.plan)
    parts = _comparable(chosen) if chosen else []
    if chosen is None or not parts:
        return Exhibit(
            "budget_frontier",
            _(N_("With a budget and curves, this says what more money would bring, and what less would cost.")),
            empty=True,
        )
    table = _frontier(tuple((side.options, side.groups, side.budget) for side in parts), parts[0].keeps)
    aim = parts[0].aim
    table["shown"] = [_counted(outcome, aim, case) for outcome in table["outcome"]]
    drawn = table.assign(budget=table["budget"] / 1000)
    from workbook.exhibits.charts.split import frontier_line

    axis = N_("Best customers in the period") if aim is Aim.CUSTOMERS else N_("Best {aim}, {currency}")
    return Exhibit(
        "budget_frontier",
        _frontier_finding(table, aim, case),
        table,
        (
            Column("budget", _(N_("Budget")), "money"),
            Column("outcome", _(N_("Best outcome")), "number" if aim is Aim.CUSTOMERS else "money"),
        ),
        frontier_line(
            drawn,
            drawn[drawn["now"]],
            labels={
                "budget": _(N_("Budget without reserve, thousand {currency}"), currency=case.currency),
                "outcome": _(axis, aim=_(AIMS[aim]), currency=case.currency),
            },
        ),
        method=_frontier_method(chosen, parts),
        tags=basis_tags(planned_channels(case.plan)),
        currency=case.currency,
    )


AIMS = {Aim.CUSTOMERS: N_("customers"), Aim.PIPELINE: N_("pipeline"), Aim.PROFIT: N_("profit")}


def _comparable(chosen: Split) -> list[SideSplit]:
    """Return the parts whose outcomes can be added up: all, or those that count like the last one, downstream."""
    parts = [side for side in chosen.sides if side.channels]
    last = parts[-1] if parts else None
    return [side for side in parts if last and side.aim is last.aim and side.unit is last.unit]


@lru_cache(maxsize=32)
def _frontier(
    parts: tuple[tuple[tuple[ChannelOption, ...], tuple[GroupLimit, ...], float], ...], keeps: bool
) -> pd.DataFrame:
    low, high, count = AROUND
    shares = np.union1d(np.linspace(low, high, count), [1.0])
    least = max(owed_together(options, groups) / max(part, 1e-9) for options, groups, part in parts)
    shares = shares[shares >= min(least, 1.0) * (1 - 1e-12)]
    total = np.zeros(len(shares))
    for options, groups, part in parts:
        budgets = shares * part
        total += frontier(options, list(budgets), groups=groups, steps=FRONTIER_STEPS)["outcome"].to_numpy()
        total -= budgets if keeps else 0.0
    table = pd.DataFrame({"budget": shares * sum(part for *_limits, part in parts), "outcome": total})
    # A budget that just pays for the limits may lie under the first step of the grid that does.
    return table.assign(now=np.isclose(shares, 1.0))[np.isfinite(total)].reset_index(drop=True)


def _counted(outcome: float, aim: Aim, case: Case) -> str:
    return number(outcome, 0 if outcome >= 100 else 1) if aim is Aim.CUSTOMERS else money(outcome, case.currency)


def _frontier_finding(table: pd.DataFrame, aim: Aim, case: Case) -> str:
    at = int(np.flatnonzero(table["now"])[0])
    now = table.iloc[at]
    if float(now["budget"]) <= 0:
        return _(N_("Without money nothing comes of it; enter a budget."))
    more = table.iloc[int(np.argmin(abs(table["budget"] - 1.2 * now["budget"])))]
    gain = float(more["outcome"] - now["outcome"])
    words = {"extra": money(more["budget"] - now["budget"], case.currency), "gain": _counted(gain, aim, case)}
    if aim is Aim.CUSTOMERS:
        return _(N_("Another {extra}, split anew, would bring {gain} more customers."), **words)
    if gain <= 0:
        return _(N_("More money would bring nothing more: what it adds costs as much as it brings."))
    return _(
        N_("Another {extra}, split anew, would bring {gain} more {aim}: {times} for each {one}."),
        aim=_(AIMS[aim]),
        one=money(1, case.currency),
        times=money(gain / float(more["budget"] - now["budget"]), case.currency, 2),
        **words,
    )


def _frontier_method(chosen: Split, parts: list[SideSplit]) -> str:
    said = [
        _(N_("Each budget is split anew, within the same limits; one dynamic programme over a grid answers for all."))
    ]
    if len(parts) < len([side for side in chosen.sides if side.channels]):
        said.append(_(N_("Upstream channels count something else, so this is the downstream part alone.")))
    elif chosen.upstream is not None:
        said.append(_(N_("Upstream and downstream keep their shares of it.")))
    return " ".join(said)


def _held(chosen: Split) -> pd.DataFrame:
    """Return the split's table with the limit that holds each channel in words."""
    limits = zip(chosen.table["binding"], chosen.table["group"], strict=True)
    held = [_(BINDING[binding], group=group) if binding else "" for binding, group in limits]
    return chosen.table.assign(held=held)


def _parted(table: pd.DataFrame, amount: str, chosen: Split) -> str:
    """Say what the division between upstream and downstream does to the next amount; nothing where it does little."""
    if chosen.upstream is None or len({(side.aim, side.unit) for side in chosen.sides}) > 1:
        return ""
    free = table[table["binding"] == ""].sort_values("brings", ascending=False)
    best = free.drop_duplicates("side").set_index("side")
    if len(best) < 2 or best["brings"].min() >= EVEN * best["brings"].max():
        return ""
    sides = {side.value: _(word) for side, word in SIDES.items()}
    return _(
        N_(
            "Another {amount} brings {most} {more} and {least} {less}: it is the balance that keeps the money apart, not the "
            "returns."
        ),
        amount=amount,
        most=best["shown"].iloc[0],
        more=sides[best.index[0]],
        least=best["shown"].iloc[1],
        less=sides[best.index[1]],
    )


def _next_finding(table: pd.DataFrame, amount: str, *, by_worth: bool) -> str:
    best, least = table.loc[table["brings"].idxmax()], table.loc[table["brings"].idxmin()]
    if float(least["brings"]) >= EVEN * float(best["brings"]):
        if by_worth:
            return _(
                N_("Another {amount} brings about {most} of margin in every channel: the split is in balance."),
                amount=amount,
                most=best["shown"],
            )
        return _(
            N_("Another {amount} brings about {most} customers in every channel: the split is in balance."),
            amount=amount,
            most=best["shown"],
        )
    sentence = (
        N_("Another {amount} brings {most} of margin in {best}, {least} in {worst}.")
        if by_worth
        else N_("Another {amount} brings {most} customers in {best}, {least} in {worst}.")
    )
    return _(
        sentence, amount=amount, most=best["shown"], best=best["channel"], least=least["shown"], worst=least["channel"]
    )


def _split_finding(chosen: Split, case: Case) -> str:
    table = chosen.table.sort_values("spend", ascending=False)
    spent = float(table["spend"].sum())
    if spent <= 0:
        return _(N_("There is nothing to split."))
    top = table.head(2)
    finding = (
        _(
            N_("{channels} take {share} of the budget; the split brings {customers} customers."),
            channels=listed(list(top["channel"])),
            share=percent(top["spend"].sum() / spent),
            customers=number(chosen.customers, 0),
        )
        if len(table) > 1
        else _(N_("The split brings {customers} customers."), customers=number(chosen.customers, 0))
    )
    if chosen.upstream is not None:
        finding += " " + _(N_("{share} of it goes upstream."), share=percent(chosen.upstream))
    nothing = [row["channel"] for _i, row in table.iterrows() if row["spend"] < 1e-6 * spent]
    if nothing:
        finding += " " + _(N_("Nothing goes to {channels}."), channels=listed(nothing))
    return finding


def _proofs(chosen: Split) -> list[Tag]:
    """Return the proof of each part; one for all where they are equally sure."""
    gaps = {side.side: side.gap for side in chosen.sides if side.channels}
    if max(gaps.values(), default=0.0) < SURE:
        return [Tag("proof", _(N_("proven best: nothing more than {share} better exists"), share=percent(SURE, 2)))]
    return [_proof(side, gap) for side, gap in gaps.items()]


SURE = 0.0001
"""A gap under this is called proven best."""


def _proof(side: Side | None, gap: float) -> Tag:
    share = percent(gap, 2 if gap < 0.001 else 1)
    if not math.isfinite(gap):
        return Tag("proof", _(N_("no proof: the split brings nothing yet")))
    if side is None:
        return Tag("proof", _(N_("proven: at most {share} better exists"), share=share))
    return Tag("proof", _(N_("{side} proven: at most {share} better exists"), side=_(SIDES[side]), share=share))


def _split_method(chosen: Split, case: Case) -> str:
    table = chosen.table
    parts = [
        _(
            N_("Between {low} and {high} customers if all estimates come out low or high."),
            low=number(float(table.loc[table["customers"].notna(), "low"].sum()), 0),
            high=number(float(table.loc[table["customers"].notna(), "high"].sum()), 0),
        ),
        _counts(chosen, case),
    ]
    if chosen.upstream is not None:
        parts.append(
            _(
                N_(
                    "By the balance {upstream} of the budget goes to upstream channels and {downstream} to downstream ones; "
                    "each part is split, and proven, by itself."
                ),
                upstream=percent(chosen.upstream),
                downstream=percent(1 - chosen.upstream),
            )
        )
    if any(side.unit is Counted.DEMAND for side in chosen.sides):
        parts.append(_(N_("Upstream channels that count demand are compared by the people who come to know us.")))
    if case.plan.budget.reserve:
        parts.append(_(N_("{amount} is kept for tests."), amount=money(case.plan.budget.reserve, case.currency)))
    if chosen.unspent > 0.5:
        parts.append(
            _(
                N_("{amount} is left unspent: every channel is at a limit, or more would cost more than it brings."),
                amount=money(chosen.unspent, case.currency),
            )
        )
    return " ".join(parts)


def _counts(chosen: Split, case: Case) -> str:
    """Say what the split brings most of; and where it could not be what the team asked for, which channels lack a figure."""
    wanted = case.plan.budget.aim
    if wanted is Aim.CUSTOMERS:
        return _(N_("Every customer counts alike."))
    lacking = [
        channel.name
        for side in chosen.sides
        for channel in side.channels
        if side.unit is Counted.CUSTOMERS and (channel.worth if wanted is Aim.PROFIT else channel.pipeline) is None
    ]
    if lacking:
        return _(
            N_(
                "Every customer counts alike, since no worth is known for {channels}: its segments lack figures, or it has none."
            ),
            channels=listed(lacking[:SHOWN_AT_ONCE]),
        )
    if wanted is Aim.PIPELINE:
        return _(
            N_("Customers count by the opportunities behind them: first year's revenue / share of them that is won.")
        )
    return _(
        N_(
            "Customers count by their margin while they stay: revenue per year × margin / churn of the segments a channel reaches."
        )
    )
