"""The spend plan as a spreadsheet that still calculates: change a spend, a share of a month or a worth, and it follows.

One sheet has the channels' curves and the split, one the months, one what arrives when, one the scenarios side by side.
What a person typed is written as text and never becomes a formula; each formula carries the figure it had when written,
for readers that do not calculate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.channels.months import ForwardPlan, forward_plan
from workbook.channels.split import PlannedChannel, planned_channels, split
from workbook.errors import AnalysisError
from workbook.language import N_, _, month_words, number
from workbook.plan.model import Counted, Plan

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["SPEND_SHEETS", "add_spend_plan", "spend_plan"]

HEAD = 3
"""Row (from 0) of the heads of each sheet; title and budget stand above."""

SPLIT, MONTHS, ARRIVALS, SCENARIOS = N_("Split"), N_("Months"), N_("Arrivals"), N_("Scenarios")
SPEND_SHEETS = (SPLIT, MONTHS, ARRIVALS, SCENARIOS)
"""Names of the sheets, to be worded."""


def spend_plan(plan: Plan, versions: Sequence[tuple[str, Plan]] = ()) -> bytes:
    """
    Return the plan's split and its months as an XLSX file with live formulae.

    Parameters
    ----------
    plan
        The plan.
    versions
        Title and plan of each version to set side by side, the plan itself first; none: no such sheet.

    Raises
    ------
    AnalysisError
        If there is no budget or no curve yet, or the limits exclude each other.
    """
    import xlsxwriter

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    add_spend_plan(book, plan, versions)
    book.close()
    return content.getvalue()


def add_spend_plan(book: Workbook, plan: Plan, versions: Sequence[tuple[str, Plan]] = ()) -> None:
    """
    Add the sheets of ``spend_plan`` to an open ``book``, which must have none of their names (``SPEND_SHEETS``).

    Raises
    ------
    AnalysisError
        As ``spend_plan`` does; the book is then as it was.
    """
    chosen, ahead = split(plan), forward_plan(plan)
    if chosen is None or ahead is None:
        raise AnalysisError(N_("There is no split yet. Enter a budget and a curve for each channel first."))
    look = _Look(
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "#,##0"}),
        book.add_format({"num_format": "#,##0.00"}),
        book.add_format({"num_format": "0.0%"}),
        book.add_format({"num_format": "#,##0", "bg_color": "#fff3d6"}),
        book.add_format({"num_format": "0.0%", "bg_color": "#fff3d6"}),
        book.add_format({"bold": True, "font_size": 14}),
    )
    channels = planned_channels(plan)
    sheets = {name: book.add_worksheet(_(name)) for name in (SPLIT, MONTHS, ARRIVALS)}
    _split_sheet(sheets[SPLIT], look, plan, channels, chosen.budget, ahead)
    _months_sheet(sheets[MONTHS], look, plan, channels, ahead)
    _arrivals_sheet(sheets[ARRIVALS], look, channels, ahead)
    if versions:
        _scenarios_sheet(book.add_worksheet(_(SCENARIOS)), look, versions)


@dataclass(frozen=True)
class _Look:
    head: Any
    money: Any
    exact: Any
    share: Any
    entry: Any
    entry_share: Any
    title: Any


def _split_sheet(
    sheet: Worksheet, look: _Look, plan: Plan, channels: list[PlannedChannel], budget: float, ahead: ForwardPlan
) -> None:
    sheet.write_string(0, 0, plan.charter.title or _(N_("Spend plan")), look.title)
    sheet.write_string(1, 0, _(N_("Budget without reserve, {currency}"), currency=plan.charter.currency.value))
    sheet.write_number(1, 1, budget, look.entry)
    heads = [
        _(N_("Channel")),
        _(N_("Side")),
        _(N_("Most it could bring")),
        _(N_("Half of it at a spend of")),
        _(N_("Shape")),
        _(N_("Worth of a customer")),
        _(N_("Spend")),
        _(N_("Brings")),
        _(N_("Margin while they stay")),
        _(N_("Brought by a further 1,000")),
        _(N_("ROAS: margin / spend")),
        _(N_("ROI: (margin − spend) / spend")),
    ]
    _heads(sheet, look, heads)
    spends = _by_channel(ahead, channels, "spend").sum(axis=1)
    for i, channel in enumerate(channels):
        _channel_row(sheet, look, HEAD + 1 + i, channel, float(spends[i]))
        if ahead.searched:
            month = f"{_sheet(MONTHS)}{_letter(3 + i)}"
            total_of = f"=SUM({month}{HEAD + 2}:{_letter(3 + i)}{HEAD + 1 + ahead.months})"
            sheet.write_formula(HEAD + 1 + i, 6, total_of, look.money, float(spends[i]))
    first, last, total = HEAD + 2, HEAD + 1 + len(channels), HEAD + 1 + len(channels)
    sheet.write_string(total, 0, _(N_("Total")), look.head)
    brought = [float(c.curve.outcome(s)) for c, s in zip(channels, spends, strict=True)]
    counted = [b if c.unit is Counted.CUSTOMERS else 0.0 for c, b in zip(channels, brought, strict=True)]
    worth = sum(b * (c.worth or 0.0) for c, b in zip(channels, counted, strict=True))
    # Customers and people who come to know us do not add up; demand is left out of the total.
    customers = "+".join(f"H{HEAD + 2 + i}" for i, c in enumerate(channels) if c.unit is Counted.CUSTOMERS) or "0"
    sheet.write_formula(total, 6, f"=SUM(G{first}:G{last})", look.money, float(spends.sum()))
    sheet.write_formula(total, 7, f"={customers}", look.exact, sum(counted))
    sheet.write_formula(total, 8, f"=SUM(I{first}:I{last})", look.money, worth)
    sheet.write_string(total + 1, 0, _(N_("Left of the budget")))
    sheet.write_formula(total + 1, 6, f"=B2-G{total + 1}", look.money, budget - float(spends.sum()))
    note = _(
        N_(
            "What stands on yellow can be changed: customers, margin, months and arrivals follow. The split itself does not "
            "split anew; the workbook does that, and proves it."
        )
    )
    sheet.write_string(total + 3, 0, note)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 36)
    sheet.set_column(2, len(heads) - 1, 14)


def _channel_row(sheet: Worksheet, look: _Look, row: int, channel: PlannedChannel, spend: float) -> None:
    r, curve = row + 1, channel.curve
    outcome, worth = float(curve.outcome(spend)), channel.worth if channel.unit is Counted.CUSTOMERS else None
    sheet.write_string(row, 0, channel.name)
    sheet.write_string(row, 1, _(channel.side.label))
    sheet.write_number(row, 2, curve.maximum, look.exact)
    sheet.write_number(row, 3, curve.half_spend, look.money)
    sheet.write_number(row, 4, curve.shape, look.exact)
    sheet.write_number(row, 6, spend, look.entry)
    sheet.write_formula(row, 7, f"={_hill(f'G{r}', r)}", look.exact, outcome)
    more = float(curve.outcome(spend + 1000))
    sheet.write_formula(row, 9, f"={_hill(f'(G{r}+1000)', r)}-H{r}", look.exact, more - outcome)
    if worth is None:
        return
    sheet.write_number(row, 5, worth, look.entry)
    sheet.write_formula(row, 8, f"=H{r}*F{r}", look.money, outcome * worth)
    returned = outcome * worth / spend if spend > 0 else 0.0
    sheet.write_formula(row, 10, f'=IF(G{r}>0,I{r}/G{r},"")', look.exact, returned if spend > 0 else "")
    sheet.write_formula(row, 11, f'=IF(G{r}>0,(I{r}-G{r})/G{r},"")', look.exact, returned - 1 if spend > 0 else "")


def _hill(spend: str, row: int) -> str:
    # The ratio, not the powers of sums of money, which would pass what a spreadsheet can hold.
    return f"IF({spend}>0,C{row}/(1+(D{row}/{spend})^E{row}),0)"


def _months_sheet(
    sheet: Worksheet, look: _Look, plan: Plan, channels: list[PlannedChannel], ahead: ForwardPlan
) -> None:
    sheet.write_string(0, 0, _(N_("Spend by month, {currency}"), currency=plan.charter.currency.value), look.title)
    said = (
        _(N_("The cash of a month is limited: found by local search, not by the shares."))
        if ahead.searched
        else _(N_("Share of each month on yellow; the spend of a channel is its split times that share."))
    )
    sheet.write_string(1, 0, said)
    _heads(sheet, look, [_(N_("Month")), _(N_("Share")), _(N_("All channels")), *(c.name for c in channels)])
    spends = _by_channel(ahead, channels, "spend")
    shares = spends.sum(axis=0) / spends.sum() if spends.sum() > 0 else np.full(ahead.months, 1 / ahead.months)
    for month, name in enumerate(_month_names(ahead)):
        row = HEAD + 1 + month
        sheet.write_string(row, 0, name)
        if ahead.searched:
            sheet.write_formula(
                row, 1, f"=C{row + 1}/SUM(C${HEAD + 2}:C${HEAD + 1 + ahead.months})", look.share, shares[month]
            )
        else:
            sheet.write_number(row, 1, shares[month], look.entry_share)
        last = _letter(2 + len(channels))
        sheet.write_formula(row, 2, f"=SUM(D{row + 1}:{last}{row + 1})", look.money, float(spends[:, month].sum()))
        for i in range(len(channels)):
            value = float(spends[i, month])
            if ahead.searched:
                sheet.write_number(row, 3 + i, value, look.entry)
            else:
                formula = f"={_sheet(SPLIT)}$G${HEAD + 2 + i}*$B{row + 1}"
                sheet.write_formula(row, 3 + i, formula, look.money, value)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 2 + len(channels), 13)


def _arrivals_sheet(sheet: Worksheet, look: _Look, channels: list[PlannedChannel], ahead: ForwardPlan) -> None:
    """Write when what each channel brings arrives: an effect that fades, and its share of the channel's total."""
    sheet.write_string(0, 0, _(N_("What arrives when")), look.title)
    note = N_("Of a month's effect the carried-over share is still there the month after; it begins after the lag.")
    sheet.write_string(1, 0, _(note))
    names = [c.name for c in channels]
    effects = [_(N_("Effect of {channel}"), channel=name) for name in names]
    _heads(sheet, look, [_(N_("Month")), _(N_("All channels")), *names, *effects])
    sheet.write_string(2, 0, _(N_("Carried over")))
    spends, arrived = _by_channel(ahead, channels, "spend"), _by_channel(ahead, channels, "arrived")
    for i, channel in enumerate(channels):
        sheet.write_number(2, 2 + len(channels) + i, min(channel.carryover, 0.99), look.share)
    for month, name in enumerate(_month_names(ahead)):
        row = HEAD + 1 + month
        sheet.write_string(row, 0, name)
        for i, channel in enumerate(channels):
            formula, value = _effect(i, month, channel, spends[i], 2 + len(channels) + i)
            sheet.write_formula(row, 2 + len(channels) + i, formula, look.money, value)
            effect = _letter(2 + len(channels) + i)
            sum_ = f"SUM({effect}${HEAD + 2}:{effect}${HEAD + 1 + ahead.months})"
            share = f"=IF({sum_}>0,{_sheet(SPLIT)}$H${HEAD + 2 + i}*{effect}{row + 1}/{sum_},0)"
            sheet.write_formula(row, 2 + i, share, look.exact, float(arrived[i, month]))
        counted = [_letter(2 + i) for i, c in enumerate(channels) if c.unit is Counted.CUSTOMERS]
        both = "+".join(f"{letter}{row + 1}" for letter in counted) or "0"
        value = float(sum(arrived[i, month] for i, c in enumerate(channels) if c.unit is Counted.CUSTOMERS))
        sheet.write_formula(row, 1, f"={both}", look.exact, value)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1 + 2 * len(channels), 13)


def _effect(i: int, month: int, channel: PlannedChannel, spend: np.ndarray, column: int) -> tuple[str, float]:
    """Return the formula of a month's effect, and what it gives: what is left of last month's and what is new."""
    letter, row, late = _letter(column), HEAD + 1 + month, round(channel.lag)
    before = f"{letter}{row}*{letter}$3" if month else "0"
    new = f"{_sheet(MONTHS)}{_letter(3 + i)}{row + 1 - late}*(1-{letter}$3)" if month >= late else "0"
    kept = min(channel.carryover, 0.99)
    value = sum((1 - kept) * kept ** (month - late - m) * float(spend[m]) for m in range(max(month - late + 1, 0)))
    return f"={before}+{new}", value


def _scenarios_sheet(sheet: Worksheet, look: _Look, versions: Sequence[tuple[str, Plan]]) -> None:
    sheet.write_string(0, 0, _(N_("Versions of the plan side by side")), look.title)
    sheet.write_string(1, 0, _(N_("Each with the best split of its own budget, by the likely estimates.")))
    found = [(title, split(plan)) for title, plan in versions]
    names = list(dict.fromkeys(name for _title, one in found if one for name in one.table["channel"]))
    heads = [
        _(N_("Version")),
        _(N_("Spend")),
        _(N_("Customers")),
        _(N_("Margin while they stay")),
        _(N_("Against the first")),
    ]
    _heads(sheet, look, [*heads, *names])
    for i, (title, one) in enumerate(found):
        row = HEAD + 1 + i
        sheet.write_string(row, 0, title)
        if one is None:
            continue
        spends = one.table.groupby("channel")["spend"].sum()
        last = _letter(4 + len(names))
        sheet.write_formula(row, 1, f"=SUM(F{row + 1}:{last}{row + 1})", look.money, float(spends.sum()))
        sheet.write_number(row, 2, one.customers, look.exact)
        worth = float(one.table["worth"].sum())
        sheet.write_number(row, 3, worth, look.money)
        first = found[0][1]
        against = worth - (float(first.table["worth"].sum()) if first else 0.0)
        sheet.write_formula(row, 4, f"=D{row + 1}-D${HEAD + 2}", look.money, against)
        for j, name in enumerate(names):
            if name in spends.index:
                sheet.write_number(row, 5 + j, float(spends[name]), look.money)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 4 + len(names), 14)


def _heads(sheet: Worksheet, look: _Look, words: Sequence[str]) -> None:
    for column, word in enumerate(words):
        sheet.write_string(HEAD, column, word, look.head)
    sheet.set_row(HEAD, 48)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _by_channel(ahead: ForwardPlan, channels: list[PlannedChannel], column: str) -> np.ndarray:
    wide = ahead.table.pivot(index="id", columns="number", values=column)
    return wide.loc[[channel.id for channel in channels]].to_numpy(dtype=float)


def _month_names(ahead: ForwardPlan) -> list[str]:
    first = ahead.table.drop_duplicates("number")
    return [
        month_words(month) if month else _(N_("Month {number}"), number=number(n))
        for month, n in zip(first["month"], first["number"], strict=True)
    ]


def _sheet(name: str) -> str:
    return f"'{_(name)}'!"


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))
