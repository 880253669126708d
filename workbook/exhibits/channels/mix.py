"""Step 8 in exhibits: what each channel can still give."""

from typing import cast

import numpy as np
import pandas as pd

from workbook.channels.split import PlannedChannel, Split, planned_channels, split
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag, TagKind
from workbook.language import N_, _, listed, money, number, percent
from workbook.plan.model import Basis

__all__ = ["basis_tags", "response_curves"]

POINTS = 60
"""Points of a drawn curve."""


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
        tags=basis_tags(channels),
        method=_curves_method(channels),
        currency=case.currency,
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
        left = {c.id: 1 - float(c.curve.outcome(rows.loc[c.id, "spend"])) / c.curve.maximum for c in channels}
        tired = min(channels, key=lambda channel: left[channel.id])
        finding += " " + _(
            N_("{channel} is closest to exhausted, at {share} of what it can give."),
            channel=tired.name,
            share=percent(1 - left[tired.id]),
        )
    return finding


def basis_tags(channels: list[PlannedChannel]) -> tuple[Tag, ...]:
    """Say how many of the channels' curves are assumed, observed and tested."""
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
