"""What does marketing owe sales by month, source and region, and what does a deal bring by the segments it stands on?"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from workbook.execution.handover import month_of, month_shares, quotas, sla
from workbook.execution.targets import grade_of_basis
from workbook.exhibits.adopting import offered
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, month_words, number, percent
from workbook.plan.adoption import Proposal
from workbook.plan.model import Spread
from workbook.plan.quota import leads_asked
from workbook.plan.worth import first_year_fields, first_year_revenue

__all__ = ["due_shares", "lead_quotas", "month_called", "monthly_words", "needing_quota", "quotas_by_region"]


def needing_quota(comes: str) -> Callable[[Callable[[Case], Exhibit]], Callable[[Case], Exhibit]]:
    """Have an exhibit say what ``comes`` here and what is missing for it, as long as no quota follows from the agreement."""

    def needing(make: Callable[[Case], Exhibit]) -> Callable[[Case], Exhibit]:
        def asked(case: Case) -> Exhibit:
            if leads_asked(case.plan) is not None:
                return make(case)
            told = _(N_("{comes} Still missing: {figures}."), comes=_(comes), figures=_missing(case))
            return Exhibit(make.__name__, told, empty=True)

        asked.__name__, asked.__doc__ = make.__name__, make.__doc__
        return asked

    return needing


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
    return listed(wanted)


def lead_quotas(case: Case) -> Exhibit:
    """Say how many leads are due by month and source."""
    if leads_asked(case.plan) is None:
        told = _(N_("Enter {figures}, and the leads that marketing owes follow from it."), figures=_missing(case))
        return Exhibit("lead_quotas", told, proposals=_deal_size(case), empty=True)
    due = quotas(case.plan, due_shares(case))
    names = {id: case.plan.name_of(id) or _(N_("All sources")) for id in dict.fromkeys(due["source"])}
    # A source may be called like a column of the table.
    wide = due.pivot(index="month", columns="source", values="leads")[list(names)].add_prefix("of_")
    wide["leads"] = wide.sum(axis=1)
    wide["shown"] = [month_called(case, int(n)) for n in wide.index]
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
            monthly=monthly_words(wide["leads"]),
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
        proposals=_deal_size(case),
        currency=case.currency,
    )


def monthly_words(leads: "pd.Series[float]") -> str:
    """Return the leads of a month in words: one number, or from the least to the most where the season decides."""
    least, most = number(leads.min(), 0), number(leads.max(), 0)
    return least if least == most else _(N_("{least} to {most}"), least=least, most=most)


def due_shares(case: Case) -> np.ndarray:
    """Return the share of the leads due in each month, by the days of the table where the agreement goes by season."""
    if case.plan.handover.spread is not Spread.SEASON:
        return month_shares(case.plan)
    checked = case.answers("follow-up")
    days = checked.rows["date"] if checked is not None and "date" in checked.rows else None
    return month_shares(case.plan, days)


def month_called(case: Case, number_of: int) -> str:
    """Return what a month of the period is called: 1 is its first; by number while the plan has no start."""
    start = case.plan.charter.period.start
    return month_words(month_of(start, number_of)) if start else _(N_("Month {number}"), number=number(number_of))


def _quota_method(case: Case) -> str:
    said = [
        _(N_("Customers = revenue goal × marketing's share / deal size; leads = customers / close rate.")),
        _(_spread_words(case)),
    ]
    shares = [source.share for source in case.plan.sources if source.share is not None]
    if shares and abs(sum(shares) - 1) > 0.005:
        said.append(_(N_("The shares make {total} together and were scaled to 100 %."), total=percent(sum(shares))))
    return " ".join(said)


def _spread_words(case: Case) -> str:
    if case.plan.handover.spread is not Spread.SEASON:
        return N_("The same number in each month, split by the sources' shares.")
    if np.ptp(due_shares(case)) == 0:
        return N_("By season was agreed, but no table has the days of leads over a whole year: the same in each month.")
    return N_("Each month has the share of the leads that came in it, by the table; split by the sources' shares.")


@needing_quota(N_("How the quota spreads over the regions stands here."))
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


def _deal_size(case: Case) -> tuple[Proposal, ...]:
    """Return the deal size that follows from the target segments and what they buy on top, where the plan holds another."""
    revenue = first_year_revenue(case.plan)
    if revenue is None:
        return ()
    basis = first_year_fields(case.plan)
    value = round(revenue, 2)
    made = Proposal(
        key="deal-size",
        name=_(
            N_("Deal size: {figure}, what a customer of the target segments brings in the first year"),
            figure=money(value, case.currency),
        ),
        conventions=(
            _(N_("mean of the target segments: contract value, and price × share who take it of what is sold on top")),
        ),
        figure=value,
        fills={"/handover/deal_size": value},
        basis=basis,
        grade=grade_of_basis(case.plan, basis),
    )
    return offered(case, [made])
