"""Step 8 in exhibits: the split month by month, what is spent and which customers come when."""

import pandas as pd

from workbook.channels.months import STARTS, ForwardPlan, forward_plan
from workbook.channels.split import planned_channels
from workbook.exhibits.case import Case
from workbook.exhibits.channels.mix import basis_tags
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, money, month_words, number

__all__ = ["spend_by_month"]


def spend_by_month(case: Case) -> Exhibit:
    """Lay the split out over the months of the plan, by season, ramp and the cash there is."""
    ahead = forward_plan(case.plan)
    if ahead is None:
        return Exhibit(
            "spend_by_month",
            _(N_("With a budget and curves, the spend of each month and the customers it brings appear here.")),
            empty=True,
        )
    long = ahead.table
    long["shown"] = [
        month_words(month) if month else _(N_("Month {number}"), number=number(n))
        for month, n in zip(long["month"], long["number"], strict=True)
    ]
    ids = list(dict.fromkeys(long["id"]))
    table = long.pivot(index="number", columns="id", values="spend")[ids].reset_index(drop=True)
    table.insert(0, "shown", list(dict.fromkeys(long["shown"])))
    table["total"] = table[ids].sum(axis=1)
    table["customers"] = long.groupby("number")["customers"].sum(min_count=1).to_numpy()
    names = _names(long)
    from workbook.exhibits.charts.split import spend_by_month_bars

    return Exhibit(
        "spend_by_month",
        _finding(table, ahead, case),
        table,
        (
            Column("shown", _(N_("Month"))),
            Column("total", _(N_("Spend")), "money", formula=" + ".join(f"{{{id}}}" for id in ids), total=True),
            Column("customers", _(N_("Customers who come")), "number", 1, total=True),
            *(Column(id, names[id], "money", total=True) for id in ids),
        ),
        spend_by_month_bars(
            long.assign(spend=long["spend"] / 1000, channel=long["id"].map(names))[
                ["number", "shown", "channel", "spend"]
            ],
            labels={
                "spend": _(N_("Spend in the month, thousand {currency}"), currency=case.currency),
                "month": _(N_("Month")),
                "channel": _(N_("Channel")),
            },
        ),
        tags=(*_search_tag(ahead), *basis_tags(planned_channels(case.plan))),
        method=_method(ahead, case),
        currency=case.currency,
    )


def _names(long: pd.DataFrame) -> dict[str, str]:
    """Return the channels' names by id, with the id behind where two are called alike or like a column of the table."""
    names = dict(zip(long["id"], long["channel"], strict=True))
    taken = [_(N_("Month")), _(N_("Spend")), _(N_("Customers who come")), *names.values()]
    return {id: name if taken.count(name) == 1 else f"{name} ({id})" for id, name in names.items()}


def _finding(table: pd.DataFrame, ahead: ForwardPlan, case: Case) -> str:
    if float(table["total"].sum()) <= 0:
        return _(N_("There is nothing to split."))
    peak = table.loc[table["total"].idxmax()]
    if table["total"].max() - table["total"].min() < 0.01 * table["total"].max():
        finding = _(
            N_("Each of the {months} months spends {amount}."),
            months=number(ahead.months),
            amount=money(peak["total"], case.currency),
        )
    else:
        finding = _(
            N_("{month} spends most, {amount}."), month=peak["shown"], amount=money(peak["total"], case.currency)
        )
    come = table["customers"].cumsum()
    if come.notna().any() and float(come.iloc[-1]) > 0:
        half = table.loc[(come >= come.iloc[-1] / 2).idxmax(), "shown"]
        finding += " " + _(N_("Half of the customers have come by the end of {month}."), month=half)
    return finding


def _search_tag(ahead: ForwardPlan) -> tuple[Tag, ...]:
    if not ahead.searched:
        return ()
    return (Tag("note", _(N_("local search from {starts} starts, not proven"), starts=number(STARTS))),)


def _method(ahead: ForwardPlan, case: Case) -> str:
    said = [
        _(
            N_(
                "Spend follows the season and the months to get going. Customers come after a channel's time to effect and "
                "fade by what it carries over; what the split promises is spread over the months in which it arrives."
            )
        )
    ]
    if ahead.searched:
        said.append(
            _(
                N_(
                    "The cash of a month is limited, so sums were moved between channels and months as long as that brought "
                    "more; a better plan may exist."
                )
            )
        )
    if ahead.unspent > 0.5:
        said.append(
            _(N_("{amount} finds no month with cash left."), amount=money(ahead.unspent, case.currency)),
        )
    return " ".join(said)
