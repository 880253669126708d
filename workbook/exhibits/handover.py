"""Step 10 in exhibits: what marketing and sales owe each other, whether sales can keep up, and whether both keep it."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from workbook.channels.split import Split, planned_channels, split
from workbook.errors import WorkbookError
from workbook.execution.handover import funnel_counts, lead_values, month_of, month_shares, quotas, sla
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, month_words, number, percent
from workbook.plan.model import Indicator, Spread
from workbook.plan.quota import capacity, customers_asked, leads_asked

__all__ = [
    "goal_and_split",
    "lead_quotas",
    "lead_values_by_source",
    "lead_waterfall",
    "pacing_line",
    "quotas_by_region",
    "sales_capacity",
    "service_agreement",
]


def _asked(make: Callable[[Case], Exhibit]) -> Callable[[Case], Exhibit]:
    """Have an exhibit say what is missing as long as no quota follows from the agreement."""

    def asked(case: Case) -> Exhibit:
        if leads_asked(case.plan) is None:
            return Exhibit(make.__name__, _missing(case), empty=True)
        return make(case)

    asked.__name__, asked.__doc__ = make.__name__, make.__doc__
    return asked


def _missing(case: Case) -> str:
    agreed = case.plan.handover
    goal = agreed.revenue_goal if agreed.revenue_goal is not None else case.plan.charter.revenue_target
    wanted = [
        _(words)
        for words, value in (
            (N_("the revenue goal"), goal),
            (N_("the deal size"), agreed.deal_size),
            (N_("the close rate"), agreed.close_rate),
        )
        if not value
    ]
    return _(N_("Enter {figures}, and the leads that marketing owes follow from it."), figures=listed(wanted))


@_asked
def lead_quotas(case: Case) -> Exhibit:
    """Say how many leads are due by month and source."""
    due = quotas(case.plan, _shares(case))
    names = {id: case.plan.name_of(id) or _(N_("All sources")) for id in dict.fromkeys(due["source"])}
    # A source may be called like a column of the table.
    wide = due.pivot(index="month", columns="source", values="leads")[list(names)].add_prefix("of_")
    wide["leads"] = wide.sum(axis=1)
    wide["shown"] = [_month(case, int(n)) for n in wide.index]
    wide["customers"] = due.groupby("month")["customers"].sum().to_numpy()
    first = due.groupby("source", as_index=False)["leads"].mean().sort_values("leads", ascending=False)
    drawn = pd.DataFrame(
        {
            "name": [names[id] for id in first["source"]],
            "value": first["leads"].to_numpy(),
            "shown": [number(leads, 1 if leads < 10 else 0) for leads in first["leads"]],
            "mean": np.nan,
        }
    )
    from workbook.exhibits.charts.handover import source_bars

    figures = sla(plan=case.plan).figures
    return Exhibit(
        "lead_quotas",
        _(
            N_(
                "Marketing owes {leads} leads in the period, {monthly} a month: {customers} customers at a close rate of {rate}."
            ),
            leads=number(figures["leads"], 0),
            monthly=_monthly(wide["leads"]),
            customers=number(figures["customers"], 0),
            rate=percent(case.plan.handover.close_rate, 1),
        ),
        wide,
        (
            Column("shown", _(N_("Month"))),
            Column("leads", _(N_("Leads")), "number", 1),
            Column("customers", _(N_("Customers")), "number", 1),
            *(Column(f"of_{id}", names[id], "number", 1) for id in names),
        ),
        source_bars(drawn, labels={"axis": _(N_("Leads a month")), "name": _(N_("Source"))}),
        method=_quota_method(case),
    )


def _monthly(leads: "pd.Series[float]") -> str:
    """Return the leads of a month in words: one number, or from the least to the most where the season decides."""
    least, most = number(leads.min(), 0), number(leads.max(), 0)
    return least if least == most else _(N_("{least} to {most}"), least=least, most=most)


def _shares(case: Case) -> np.ndarray:
    """Return the share of the leads due in each month, by the days of the table where the agreement goes by season."""
    if case.plan.handover.spread is not Spread.SEASON:
        return month_shares(case.plan)
    checked = case.answers("follow-up")
    days = checked.rows["date"] if checked is not None and "date" in checked.rows else None
    return month_shares(case.plan, days)


def _month(case: Case, number_of: int) -> str:
    start = case.plan.charter.period.start
    return month_words(month_of(start, number_of)) if start else _(N_("Month {number}"), number=number(number_of))


def _quota_method(case: Case) -> str:
    said = [
        _(N_("Customers = revenue goal x marketing's share / deal size; leads = customers / close rate.")),
        _(_spread_words(case)),
    ]
    shares = [source.share for source in case.plan.sources if source.share is not None]
    if shares and abs(sum(shares) - 1) > 0.005:
        said.append(_(N_("The shares make {total} together and were scaled to 100 %."), total=percent(sum(shares))))
    return " ".join(said)


def _spread_words(case: Case) -> str:
    if case.plan.handover.spread is not Spread.SEASON:
        return N_("The same number in each month, split by the sources' shares.")
    if np.ptp(_shares(case)) == 0:
        return N_("By season was agreed, but no table has the days of leads over a whole year: the same in each month.")
    return N_("Each month has the share of the leads that came in it, by the table; split by the sources' shares.")


@_asked
def quotas_by_region(case: Case) -> Exhibit:
    """Say how many leads are due by region: as the leads of the table came, else by the sources' own regions."""
    due = quotas(case.plan)
    # A month on average, whatever the season.
    monthly = float(due.loc[due["month"] == 1, "leads"].sum())
    came = _regions_that_came(case)
    named = (
        due[due["month"] == 1].groupby("region", sort=False)["leads"].sum()
        if came is None
        else came / came.sum() * monthly
    )
    if len(named) < 2:
        return Exhibit(
            "quotas_by_region",
            _(
                N_(
                    "Give each source its region, or bring in a table of leads with one, and the quota stands here by region."
                )
            ),
            empty=True,
        )
    named = named.sort_values(ascending=False)
    table = pd.DataFrame(
        {
            "name": [str(region) or _(N_("No region")) for region in named.index],
            "value": named.to_numpy(),
            "period": named.to_numpy() * case.plan.charter.period.months,
            "share": named.to_numpy() / monthly,
        }
    )
    table["shown"] = [number(value, 1 if value < 10 else 0) for value in table["value"]]
    from workbook.exhibits.charts.handover import source_bars

    first = table.iloc[0]
    return Exhibit(
        "quotas_by_region",
        _(
            N_("Most leads are due in {region}: {leads} of {all} a month, {share}."),
            region=first["name"],
            leads=first["shown"],
            all=number(monthly, 0),
            share=percent(first["share"]),
        ),
        table,
        (
            Column("name", _(N_("Region"))),
            Column("value", _(N_("Leads a month")), "number", 1, total=True),
            Column("period", _(N_("In the period")), "number", 0, total=True),
            Column("share", _(N_("Share")), "percent", formula="{value} / sum({value})", total=True),
        ),
        source_bars(table.assign(mean=np.nan), labels={"axis": _(N_("Leads a month")), "name": _(N_("Region"))}),
        tags=(Tag("observed", _(N_("regions as the leads came"))),) if came is not None else (),
        method=_(
            N_(
                "The quota is spread as the leads of the table came; without a table it goes by the sources' own regions."
            )
        )
        if came is not None
        else _(N_("The quota of each source counts for its region.")),
        n=int(came.sum()) if came is not None else None,
    )


def _regions_that_came(case: Case) -> "pd.Series[float] | None":
    """Return the leads of the table by region; None without a table or regions in it."""
    checked = case.answers("follow-up")
    if checked is None or "region" not in checked.rows:
        return None
    counts = checked.rows["region"].dropna().astype(str).value_counts().astype(float)
    return counts if len(counts) > 1 else None


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
                "Close rate x revenue of a customer won there. It is revenue, not margin, and says nothing of what a lead costs."
            )
        ),
        currency=case.currency,
    )


def _basis(case: Case) -> tuple[Tag, ...]:
    if all(source.evidence for source in case.plan.sources):
        return (Tag("observed", _(N_("rates from records, as each source says"))),)
    return (Tag("assumed", _(N_("rates as the team entered them"))),)


@_asked
def sales_capacity(case: Case) -> Exhibit:
    """Set the leads due beside those that sales can follow up."""
    agreed, room = case.plan.handover, capacity(case.plan)
    due = (leads_asked(case.plan) or 0.0) * _shares(case)
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
        month = _month(case, peak + 1)
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
            N_("Capacity is leads a month: people x hours a month / ({attempts} attempts x {minutes} minutes)."),
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
            leads=_monthly(pd.Series(due)),
            share=percent(most / room),
        )
    agreed = case.plan.handover
    needed = most * agreed.attempts * agreed.minutes / 60
    values = {"capacity": number(room, 0), "leads": number(most, 0), "over": number(most - room, 0)}
    if room >= due.mean():
        short = [_month(case, n) for n, leads in enumerate(due, start=1) if leads > room]
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


@_asked
def pacing_line(case: Case) -> Exhibit:
    """Draw the leads due until each month's end, those that came, and the pace that is still needed."""
    start, months = case.plan.charter.period.start, case.plan.charter.period.months
    total = leads_asked(case.plan) or 0.0
    came = _came(case)
    first = start or date(2000, 1, 1)
    due = total * np.concatenate([[0.0], np.cumsum(_shares(case))])
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
    table["shown"] = [_month(case, int(n)) for n in table["number"]]
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
        "when": _month(case, n) if n else "",
    }


def _pacing_finding(case: Case, due_by: np.ndarray, came: dict[int, float]) -> str:
    months, total = len(due_by) - 1, float(due_by[-1])
    if not came:
        return _(
            N_("{leads} leads are due each month. Name the indicator that counts them, and what came is drawn beside."),
            leads=_monthly(pd.Series(np.diff(due_by))),
        )
    reached, so_far = max(came), sum(came.values())
    due = float(due_by[reached])
    missing = [_month(case, n) for n in range(1, reached) if n not in came]
    values = {"came": number(so_far, 0), "due": number(due, 0), "month": _month(case, reached)}
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


@_asked
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


@_asked
def goal_and_split(case: Case) -> Exhibit:
    """Set what the goal asks of marketing beside what the split of step 8 can bring."""
    asked = customers_asked(case.plan) or 0.0
    try:
        chosen = split(case.plan)
    except WorkbookError:
        chosen = None
    if chosen is None:
        return Exhibit(
            "goal_and_split",
            _(
                N_(
                    "With a budget and curves in step 8, what the money can bring stands here beside what the goal asks for."
                )
            ),
            empty=True,
        )
    brings = chosen.customers
    goal, revenue = asked * (case.plan.handover.deal_size or 0.0), _revenue(chosen, case)
    table = pd.DataFrame(
        [
            (_(N_("The goal asks marketing for")), goal, asked),
            (_(N_("The split of step 8 can bring")), revenue, brings),
            (_(N_("Gap")), revenue - goal, brings - asked),
        ],
        columns=["name", "revenue", "customers"],
    )
    return Exhibit(
        "goal_and_split",
        _goal_finding(table, case),
        table,
        (
            Column("name", _(N_("What"))),
            Column("customers", _(N_("Customers")), "number", 0),
            Column("revenue", _(N_("Revenue of their first year")), "money"),
        ),
        tags=(Tag("note", _(N_("the agreement signs the first"))),),
        method=_(
            N_(
                "The goal counts customers at the agreed deal size; the split those of every segment it reaches, by the likely "
                "estimates and each segment's contract value."
            )
        ),
        currency=case.currency,
    )


def _revenue(chosen: Split, case: Case) -> float:
    """Return the first year's revenue of the customers of a split; NaN while a segment's contract value is missing."""
    won = case.plan.handover.funnel.won
    values = {channel.id: channel.pipeline for channel in planned_channels(case.plan)}
    rows = [(row.id, row.customers) for row in chosen.table.itertuples() if row.customers > 0]
    if not won or any(values.get(id) is None for id, _customers in rows):
        return float("nan")
    # A pipeline is the contract value over the share won; here the customers are won already.
    return float(sum(customers * (values[id] or 0.0) * won for id, customers in rows))


def _goal_finding(table: pd.DataFrame, case: Case) -> str:
    """Compare by revenue where that is known, since customers of two segments are not worth the same."""
    by_money = bool(table["revenue"].notna().all())
    asked, brings, gap = table["revenue"] if by_money else table["customers"]
    words = [money(value, case.currency) if by_money else number(value, 0) for value in (asked, brings, abs(gap))]
    values = {"asked": words[0], "brings": words[1], "gap": words[2]}
    if gap >= 0:
        return _(N_("The goal asks marketing for {asked}, and the split can bring {brings}: {gap} more."), **values)
    return _(
        N_(
            "The goal asks marketing for {asked}, but the split can bring only {brings}: {gap} are missing. Raise the "
            "budget, or lower the goal."
        ),
        **values,
    )


LINE = "\u2026" * 16
"""To write on."""


@_asked
def service_agreement(case: Case) -> Exhibit:
    """Put the agreement on one page: the figures, what each side owes the other, and room to sign."""
    agreed, plan = case.plan.handover, case.plan
    figures = sla(plan=plan).figures
    months = plan.charter.period.months
    due = pd.Series(figures["leads"] * _shares(case))
    common = (
        (_(N_("What counts as a lead")), (agreed.lead,) if agreed.lead else ()),
        (
            _(N_("The goal")),
            (
                _(
                    N_(
                        "{goal} of revenue in {months} months, {share} of it from leads that marketing brings: {customers} customers"
                    ),
                    goal=money(
                        agreed.revenue_goal if agreed.revenue_goal is not None else plan.charter.revenue_target,
                        case.currency,
                    ),
                    months=number(months),
                    share=percent(1.0 if agreed.marketing_share is None else agreed.marketing_share),
                    customers=number(figures["customers"], 0),
                ),
            ),
        ),
        (_(N_("Region")), (agreed.region,) if agreed.region else ()),
        (_(N_("Looked at together")), (_(agreed.review.label),)),
    )
    marketing = (
        _(
            N_("{leads} leads a month, {all} in the period"),
            leads=_monthly(due),
            all=number(figures["leads"], 0),
        ),
        *agreed.marketing_owes,
    )
    sales = (
        _(N_("A first answer within {hours} hours"), hours=number(agreed.response_hours)),
        _(
            N_("{attempts} attempts within {days} days before a lead is given back"),
            attempts=number(agreed.attempts),
            days=number(agreed.within_days),
        ),
        *(
            ()
            if (room := capacity(plan)) is None
            else (_(N_("Time for {leads} leads a month"), leads=number(room, 0)),)
        ),
        *agreed.sales_owes,
    )
    sign = tuple((words, (LINE,)) for words in (_(N_("Name and role")), _(N_("Date and signature"))))
    cards = (
        Card(plan.charter.title or _(N_("The agreement")), "", common, wide=True),
        Card(_(N_("Marketing owes sales")), "", ((_(N_("Promised")), marketing), *sign)),
        Card(_(N_("Sales owes marketing")), "", ((_(N_("Promised")), sales), *sign)),
    )
    room = capacity(plan)
    finding = _(
        N_("Marketing brings {leads} leads a month; sales answers each within {hours} hours."),
        leads=_monthly(due),
        hours=number(agreed.response_hours),
    )
    tags = (
        (Tag("stale", _(N_("more leads than sales can follow up: settle that before you sign"))),)
        if room is not None and room < due.max()
        else ()
    )
    return Exhibit("service_agreement", finding, cards=cards, tags=tags)
