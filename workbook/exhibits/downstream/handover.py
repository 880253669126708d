"""Step 10 in exhibits: what a lead is worth, whether sales can keep up, and whether both are on course."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from workbook.execution.handover import funnel_counts, lead_values, month_of
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.quotas import due_shares, month_called, monthly_words, needing_quota
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, number, percent
from workbook.plan.model import Indicator
from workbook.plan.quota import capacity, leads_asked

__all__ = ["lead_values_by_source", "lead_waterfall", "pacing_line", "sales_capacity"]


def lead_values_by_source(case: Case) -> Exhibit:
    """Say what a lead of each source is worth."""
    table = lead_values(case.plan).dropna(subset="value").sort_values("value", ascending=False, kind="stable")
    if table.empty:
        return Exhibit(
            "lead_values_by_source",
            _(
                N_(
                    "Give each source its close rate and what a customer from there brings: a lead is worth the two multiplied."
                )
            ),
            empty=True,
        )
    table["name"] = [case.plan.name_of(id) for id in table["source"]]
    table["shown"] = [money(value, case.currency) for value in table["value"]]
    weighed = table.dropna(subset="share")
    total = float(weighed["share"].sum())
    mean = float((weighed["share"] * weighed["value"]).sum() / total) if total else float(table["value"].mean())
    table["mean"] = mean
    from workbook.exhibits.charts.handover import source_bars

    best, worst = table.iloc[0], table.iloc[-1]
    finding = _(N_("A lead is worth {mean} on average."), mean=money(mean, case.currency))
    if len(table) > 1:
        finding += " " + _(
            N_("One from “{best}” is worth {most}, one from “{worst}” {least}."),
            best=best["name"],
            most=best["shown"],
            worst=worst["name"],
            least=worst["shown"],
        )
    return Exhibit(
        "lead_values_by_source",
        finding,
        table,
        (
            Column("name", _(N_("Source"))),
            Column("close_rate", _(N_("Close rate")), "percent", 1),
            Column("revenue", _(N_("Revenue of a customer won")), "money"),
            Column("value", _(N_("A lead is worth")), "money", formula="{close_rate} * {revenue}"),
            Column("share", _(N_("Share of the leads")), "percent"),
        ),
        source_bars(
            table,
            labels={
                "axis": _(N_("Revenue a lead is worth, {currency}; dashed: mean"), currency=case.currency),
                "name": _(N_("Source")),
            },
        ),
        tags=_basis(case),
        method=_(
            N_(
                "Close rate × revenue of a customer won there. It is revenue, not margin, and says nothing of what a lead costs."
            )
        ),
        currency=case.currency,
    )


def _basis(case: Case) -> tuple[Tag, ...]:
    if all(source.evidence for source in case.plan.sources):
        return (Tag("observed", _(N_("rates from records, as each source says"))),)
    return (Tag("assumed", _(N_("rates as the team entered them"))),)


@needing_quota(N_("Whether sales can follow up every lead stands here."))
def sales_capacity(case: Case) -> Exhibit:
    """Set the leads due beside those that sales can follow up."""
    agreed, room = case.plan.handover, capacity(case.plan)
    due = (leads_asked(case.plan) or 0.0) * due_shares(case)
    if room is None:
        return Exhibit(
            "sales_capacity",
            _(
                N_(
                    "Count the sales people and the hours each has for new leads: then it shows whether every lead is followed up."
                )
            ),
            empty=True,
        )
    peak = int(due.argmax())
    rows = [{"name": _(N_("Leads due a month")), "value": float(due.mean()), "short": False}]
    if due.max() - due.mean() > 0.5:
        month = month_called(case, peak + 1)
        rows.append({"name": _(N_("Due in {month}, the most"), month=month), "value": float(due.max()), "short": False})
    rows.append({"name": _(N_("Sales can follow up")), "value": room, "short": room < due.max()})
    bars = pd.DataFrame(rows)
    bars["shown"] = [number(value, 0) for value in bars["value"]]
    from workbook.exhibits.charts.handover import capacity_bars

    return Exhibit(
        "sales_capacity",
        _capacity_finding(case, due, room),
        bars,
        (Column("name", _(N_("A month"))), Column("value", _(N_("Leads")), "number", 0)),
        capacity_bars(bars, labels={"axis": _(N_("Leads a month")), "name": _(N_("A month"))}),
        tags=(Tag("assumed", _(N_("people, hours and minutes as agreed"))),),
        method=_(
            N_("Capacity is leads a month: people × hours a month / ({attempts} attempts × {minutes} minutes)."),
            attempts=number(agreed.attempts),
            minutes=number(agreed.minutes),
        ),
    )


def _capacity_finding(case: Case, due: np.ndarray, room: float) -> str:
    most = float(due.max())
    if room >= most:
        return _(
            N_("Sales can follow up {capacity} leads a month; {leads} are due, {share} of it."),
            capacity=number(room, 0),
            leads=monthly_words(pd.Series(due)),
            share=percent(most / room),
        )
    agreed = case.plan.handover
    needed = most * agreed.attempts * agreed.minutes / 60
    values = {"capacity": number(room, 0), "leads": number(most, 0), "over": number(most - room, 0)}
    if room >= due.mean():
        short = [month_called(case, n) for n, leads in enumerate(due, start=1) if leads > room]
        return _(
            N_(
                "Sales can follow up {capacity} leads a month, enough on average but not in {months}, when up to {leads} are due: "
                "{over} would wait for nobody."
            ),
            months=listed(short),
            **values,
        )
    return _(
        N_(
            "Sales can follow up {capacity} leads a month, and {leads} are due: {over} would wait for nobody. It would take "
            "{hours} hours a month in all, or fewer attempts."
        ),
        hours=number(needed, 0),
        **values,
    )


@needing_quota(N_("What came stands here beside what was due, month by month."))
def pacing_line(case: Case) -> Exhibit:
    """Draw the leads due until each month's end, those that came, and the pace that is still needed."""
    start, months = case.plan.charter.period.start, case.plan.charter.period.months
    total = leads_asked(case.plan) or 0.0
    came = _came(case)
    first = start or date(2000, 1, 1)
    due = total * np.concatenate([[0.0], np.cumsum(due_shares(case))])
    rows = [_point("due", n, first, float(due[n]), case) for n in range(months + 1)]
    reached, so_far = max(came, default=0), float(sum(came.values()))
    for n in range(reached + 1 if came else 0):
        if n == 0 or n in came:
            rows.append(_point("came", n, first, sum(v for m, v in came.items() if m <= n), case))
    if came and reached < months:
        rows += [
            _point("needed", n, first, so_far + (total - so_far) * _passed(due, reached, n), case)
            for n in range(reached, months + 1)
        ]
    long = pd.DataFrame(rows)
    words = {"due": _(N_("due")), "came": _(N_("came")), "needed": _(N_("pace still needed"))}
    long["line"] = long["kind"].map(words)
    from workbook.exhibits.charts.handover import pace

    wide = long[long["number"] > 0].pivot(index="number", columns="kind", values="leads")
    table = wide.reindex(columns=["due", "came", "needed"]).reset_index()
    table["shown"] = [month_called(case, int(n)) for n in table["number"]]
    return Exhibit(
        "pacing_line",
        _pacing_finding(case, due, came),
        table,
        (
            Column("shown", _(N_("End of"))),
            Column("due", _(N_("Leads due until then")), "number", 0),
            Column("came", _(N_("Came until then")), "number", 0),
            Column("needed", _(N_("Needed until then")), "number", 0),
        ),
        pace(long, labels=words | {"axis": _(N_("Leads since the start")), "month": _(N_("End of"))}),
        tags=(
            Tag(
                "observed",
                _(N_("actual figures of “{indicator}”"), indicator=case.plan.name_of(case.plan.handover.counted_by)),
            ),
        )
        if came
        else (),
        method=_(
            N_(
                "The line due rises by the same number each month. The pace still needed is what is left, over the months left."
            )
        ),
    )


def _passed(due: np.ndarray, since: int, until: int) -> float:
    """Return the share of what is due after month ``since`` that is due by the end of ``until``."""
    left = due[-1] - due[since]
    return float((due[until] - due[since]) / left) if left > 0 else 1.0


def _came(case: Case) -> dict[int, float]:
    """Return the actual leads by month of the period (1 is the first), from the indicator that counts them."""
    indicator, start = case.plan.item(case.plan.handover.counted_by), case.plan.charter.period.start
    if not isinstance(indicator, Indicator) or start is None:
        return {}
    found = {
        12 * (r.month.year - start.year) + r.month.month - start.month + 1: float(r.actual)
        for r in indicator.readings
        if r.month is not None and r.actual is not None
    }
    return {month: actual for month, actual in found.items() if 1 <= month <= case.plan.charter.period.months}


def _point(kind: str, n: int, start: date, leads: float, case: Case) -> dict[str, object]:
    # The leads of a month are there at its end, which is where the next one begins.
    end = month_of(start, n + 1)
    return {
        "kind": kind,
        "number": n,
        "month": pd.Timestamp(end - timedelta(days=1) if n else end),
        "leads": leads,
        "shown": number(leads, 0),
        "when": month_called(case, n) if n else "",
    }


def _pacing_finding(case: Case, due_by: np.ndarray, came: dict[int, float]) -> str:
    months, total = len(due_by) - 1, float(due_by[-1])
    if not came:
        return _(
            N_("{leads} leads are due each month. Name the indicator that counts them, and what came is drawn beside."),
            leads=monthly_words(pd.Series(np.diff(due_by))),
        )
    reached, so_far = max(came), sum(came.values())
    due = float(due_by[reached])
    missing = [month_called(case, n) for n in range(1, reached) if n not in came]
    values = {"came": number(so_far, 0), "due": number(due, 0), "month": month_called(case, reached)}
    if so_far >= due:
        finding = _(N_("{came} leads had come by the end of {month}, {due} were due: on course."), **values)
    else:
        finding = _(
            N_("{came} leads had come by the end of {month}, {due} were due. From now on {needed} a month are needed."),
            needed=number((total - so_far) / (months - reached), 0) if reached < months else "–",
            **values,
        )
    if missing:
        finding += " " + _(N_("Not counted yet: {months}."), months=listed(missing))
    return finding


STEPS = {
    "leads": N_("Leads"),
    "qualified": N_("Qualified (MQL)"),
    "accepted": N_("Accepted (SQL)"),
    "opportunities": N_("Opportunities"),
    "customers": N_("Customers"),
}


@needing_quota(N_("Where leads are lost on the way to a customer stands here."))
def lead_waterfall(case: Case) -> Exhibit:
    """Show how many of the period's leads reach each step on the way to a customer, and where most are lost."""
    table = funnel_counts(case.plan)
    table["name"] = [_(STEPS[step]) for step in table["step"]]
    table["before"] = table["count"].shift().fillna(table["count"])
    table["lost"] = table["before"] - table["count"]
    table["words"] = [number(count, 0) for count in table["count"]]
    table["shown"] = [
        words if pd.isna(rate) else f"{words} · {percent(rate)}"
        for words, rate in zip(table["words"], table["rate"], strict=True)
    ]
    steps = table.iloc[1:]
    narrowest = steps.loc[steps["rate"].idxmin()]
    from workbook.exhibits.charts.handover import lead_steps

    finding = _(
        N_("Of {leads} leads {customers} become customers. The narrowest step leads to “{step}”: {share} pass."),
        leads=table["words"].iloc[0],
        customers=table["words"].iloc[-1],
        step=narrowest["name"],
        share=percent(narrowest["rate"]),
    )
    if len(table) == 2:
        finding = _(
            N_(
                "Of {leads} leads {customers} become customers. Enter the steps between, and it shows where they are lost."
            ),
            leads=table["words"].iloc[0],
            customers=table["words"].iloc[-1],
        )
    return Exhibit(
        "lead_waterfall",
        finding,
        table,
        (
            Column("name", _(N_("Step"))),
            Column("count", _(N_("In the period")), "number", 0),
            Column("rate", _(N_("Of the step before")), "percent", 1),
            Column("lost", _(N_("Lost on the way")), "number", 0),
        ),
        lead_steps(
            table[["count", "before", "shown"]].assign(step=table["name"]),
            labels={"axis": _(N_("Leads of the period; pale: lost")), "step": _(N_("Step"))},
        ),
        method=_(
            N_(
                "MQL: marketing holds them ready for sales. SQL: sales has looked and agrees. Shares as agreed in the form."
            )
        ),
    )
