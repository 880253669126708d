"""Step 8 in exhibits: what each channel can still give, the split of the budget, and the next euro."""

from typing import cast

import numpy as np
import pandas as pd

from workbook.channels.split import PlannedChannel, Split, planned_channels, split
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag, TagKind
from workbook.language import N_, _, listed, money, number, percent
from workbook.plan.model import Basis

__all__ = ["budget_split", "next_euro", "response_curves"]

EVEN = 0.9
"""Channels whose next amount brings at least this share of the best one's are called in balance."""

POINTS = 60
"""Points of a drawn curve."""

BINDING = {
    "minimum": N_("minimum"),
    "maximum": N_("maximum"),
    "fixed": N_("fixed"),
    "off": N_("off"),
    "": "",
}


def response_curves(case: Case) -> Exhibit:
    """Draw what each channel brings for what is spent on it, and where the split stands on each curve."""
    channels = planned_channels(case.plan)
    if not channels:
        return Exhibit(
            "response_curves",
            _(N_("Estimate what a channel brings at one level of spend, and its curve appears here.")),
            empty=True,
        )
    chosen = split(case.plan)
    spends = dict(zip(chosen.table["id"], chosen.table["spend"], strict=True)) if chosen else {}
    widest = _widest(channels, case)
    table = pd.DataFrame([_curve_facts(channel, spends.get(channel.id, np.nan)) for channel in channels])
    from workbook.exhibits.charts import response_lines

    return Exhibit(
        "response_curves",
        _curves_finding(channels, chosen, case),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("basis", _(N_("Rests on"))),
            Column("ceiling", _(N_("Most it could bring")), "number", 0),
            Column("half", _(N_("Half of it at a spend of")), "money"),
            Column("shape", _(N_("Shape")), "number", 1),
            Column("spend", _(N_("Spend in the split")), "money"),
        ),
        response_lines(
            *_drawn_curves(channels, spends, widest, case),
            labels={
                "spend": _(N_("Spend in the period, thousand {currency}"), currency=case.currency),
                "customers": _(N_("New customers in the period")),
                "channel": _(N_("Channel")),
            },
        ),
        tags=_basis_tags(channels),
        method=_curves_method(channels),
        currency=case.currency,
    )


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
            Column("spend", _(N_("Spend")), "money"),
            Column("customers", _(N_("Customers")), "number", 0),
            Column("low", _(N_("If low")), "number", 0),
            Column("high", _(N_("If high")), "number", 0),
            Column("worth", _(N_("Margin while they stay")), "money"),
            Column("held", _(N_("Held by"))),
        ),
        split_bars(
            drawn,
            labels={
                "axis": _(N_("Thousand {currency}, this plan (bar) and last period (mark)"), currency=case.currency),
                "spend": _(N_("Spend")),
                "channel": _(N_("Channel")),
            },
        ),
        tags=(_proof(chosen), *_basis_tags(planned_channels(case.plan))),
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
        _next_finding(table, amount, by_worth=chosen.by_worth),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("spend", _(N_("Spend")), "money"),
            Column("marginal", _(N_("Customers for a further 1,000")), "number"),
            Column("marginal_worth", _(N_("Margin for a further 1,000")), "money"),
            Column("held", _(N_("Held by"))),
        ),
        marginal_bars(table, labels={"axis": axis, "channel": _(N_("Channel"))}),
        method=_(
            N_(
                "Where no limit holds a channel, the next amount brings the same in each; a channel held at its maximum "
                "could bring more, one held at its minimum brings less."
            )
        ),
        tags=_basis_tags(planned_channels(case.plan)),
        currency=case.currency,
    )


def _held(chosen: Split) -> pd.DataFrame:
    """Return the split's table with the limit that holds each channel in words."""
    return chosen.table.assign(held=[_(BINDING[b]) if b else "" for b in chosen.table["binding"]])


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


def _widest(channels: list[PlannedChannel], case: Case) -> float:
    """Return the largest spend worth drawing: the budget, or what the estimates reach to where there is none."""
    return case.plan.budget.total or 1.5 * max(channel.curve.half_spend for channel in channels)


def _curve_facts(channel: PlannedChannel, spend: float) -> dict[str, object]:
    return {
        "channel": channel.name,
        "basis": _(channel.basis.label),
        "ceiling": channel.curve.maximum,
        "half": channel.curve.half_spend,
        "shape": channel.curve.shape,
        "spend": spend,
    }


def _drawn_curves(
    channels: list[PlannedChannel], spends: dict[str, float], widest: float, case: Case
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the lines, their ends with room for a name each, and the points of the split."""
    grid = widest * np.linspace(0, 1, POINTS) ** 1.5
    lines = pd.concat(
        [pd.DataFrame({"channel": c.name, "spend": grid / 1000, "customers": c.curve.outcome(grid)}) for c in channels],
        ignore_index=True,
    )
    ends = lines.groupby("channel", sort=False).tail(1).copy()
    ends["label_at"] = _kept_apart(ends["customers"].to_numpy(), float(lines["customers"].max()) * 0.065)
    today = pd.DataFrame(
        [
            {
                "channel": c.name,
                "spend": spends[c.id] / 1000,
                "customers": float(c.curve.outcome(spends[c.id])),
                "shown": money(spends[c.id], case.currency),
            }
            for c in channels
            if c.id in spends
        ],
        columns=["channel", "spend", "customers", "shown"],
    )
    return lines, ends, today


def _kept_apart(heights: np.ndarray, gap: float) -> np.ndarray:
    """Return ``heights`` moved as little as needed to stand at least ``gap`` apart, in the same order."""
    order = np.argsort(heights)
    placed = heights[order].astype(float)
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    # Centre what was pushed up: the lowest may move down as long as it stays over the axis.
    shift = max(0.0, min((placed - heights[order]).max() / 2, placed[0]))
    result = np.empty_like(placed)
    result[order] = placed - shift
    return result


def _curves_finding(channels: list[PlannedChannel], chosen: Split | None, case: Case) -> str:
    largest = max(channels, key=lambda channel: channel.curve.maximum)
    finding = _(
        N_("{channel} could bring most in the end: up to {customers} customers."),
        channel=largest.name,
        customers=number(largest.curve.maximum, 0),
    )
    if chosen is not None:
        rows = chosen.table.set_index("id")
        left = {c.id: 1 - float(rows.loc[c.id, "customers"]) / c.curve.maximum for c in channels}
        tired = min(channels, key=lambda channel: left[channel.id])
        finding += " " + _(
            N_("{channel} is closest to exhausted, at {share} of what it can give."),
            channel=tired.name,
            share=percent(1 - left[tired.id]),
        )
    return finding


def _basis_tags(channels: list[PlannedChannel]) -> tuple[Tag, ...]:
    tags = []
    for basis in Basis:
        count = sum(1 for channel in channels if channel.basis is basis)
        if count:
            tags.append(Tag(cast(TagKind, basis.value), f"{number(count, 0)} {_(basis.label)}"))
    return tuple(tags)


def _curves_method(channels: list[PlannedChannel]) -> str:
    method = _(N_("Hill curves through the likely estimate, for the whole period."))
    assumed = [channel.name for channel in channels if channel.ceiling_assumed]
    if assumed:
        method += " " + _(
            N_("Nobody estimated the most these could bring, so it is taken as twice the likely figure: {names}."),
            names=listed(assumed),
        )
    return method


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
    nothing = [row["channel"] for _i, row in table.iterrows() if row["spend"] < 1e-6 * spent]
    if nothing:
        finding += " " + _(N_("Nothing goes to {channels}."), channels=listed(nothing))
    return finding


def _proof(chosen: Split) -> Tag:
    gap = chosen.allocation.gap
    if gap < 0.0001:
        return Tag("proof", _(N_("proven best: nothing more than {share} better exists"), share=percent(0.0001, 2)))
    return Tag("proof", _(N_("proven: at most {share} better exists"), share=percent(gap, 2 if gap < 0.001 else 1)))


def _split_method(chosen: Split, case: Case) -> str:
    table = chosen.table
    parts = [
        _(
            N_("Between {low} and {high} customers if all estimates come out low or high."),
            low=number(float(table["low"].sum()), 0),
            high=number(float(table["high"].sum()), 0),
        )
    ]
    if chosen.by_worth:
        parts.append(
            _(
                N_(
                    "Customers count by their margin while they stay: revenue per year × margin / churn of the segments a channel reaches."
                )
            )
        )
    else:
        parts.append(_(N_("Every customer counts alike, since some segment lacks revenue, margin or churn.")))
    if case.plan.budget.reserve:
        parts.append(_(N_("{amount} is kept for tests."), amount=money(case.plan.budget.reserve, case.currency)))
    if chosen.allocation.unspent > 0.5:
        parts.append(
            _(
                N_("{amount} is left unspent, since every channel is at its maximum."),
                amount=money(chosen.allocation.unspent, case.currency),
            )
        )
    return " ".join(parts)
