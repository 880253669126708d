"""What do the goal and the split say of each other, and what do both sides sign?"""

import pandas as pd

from workbook.channels.split import Split, planned_channels, split
from workbook.errors import WorkbookError
from workbook.execution.handover import sla
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.quotas import due_shares, monthly_words, needing_quota
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import N_, _, money, number, percent
from workbook.plan.quota import capacity, customers_asked

__all__ = ["goal_and_split", "service_agreement"]


@needing_quota(N_("Whether the budget can bring what the goal asks for stands here."))
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
    table["leads"] = table["customers"] / (case.plan.handover.close_rate or float("nan"))
    return Exhibit(
        "goal_and_split",
        _goal_finding(table, case),
        table,
        (
            Column("name", _(N_("What"))),
            Column("customers", _(N_("Customers")), "number", 0),
            Column("leads", _(N_("Leads for that")), "number", 0),
            Column("revenue", _(N_("Revenue of their first year")), "money"),
        ),
        tags=(Tag("note", _(N_("the agreement signs the first"))),),
        method=_(
            N_(
                "The goal counts customers at the agreed deal size; the split those of every segment it reaches, by the likely "
                "estimates and each segment's contract value. Leads are customers / close rate."
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


@needing_quota(N_("The page that both sides sign stands here."))
def service_agreement(case: Case) -> Exhibit:
    """Put the agreement on one page: the figures, what each side owes the other, and room to sign."""
    agreed, room = case.plan.handover, capacity(case.plan)
    leads = float(sla(plan=case.plan).figures["leads"])
    due = pd.Series(leads * due_shares(case))
    sign = tuple((words, (LINE,)) for words in (_(N_("Name and role")), _(N_("Date and signature"))))
    promised = _(N_("Promised"))
    cards = (
        Card(case.plan.charter.title or _(N_("The agreement")), "", _in_common(case), wide=True),
        Card(_(N_("Marketing owes sales")), "", ((promised, _marketing_owes(case, leads, due)), *sign)),
        Card(_(N_("Sales owes marketing")), "", ((promised, _sales_owes(case, room)), *sign)),
    )
    finding = _(
        N_("Marketing brings {leads} leads a month; sales answers each within {hours} hours."),
        leads=monthly_words(due),
        hours=number(agreed.response_hours),
    )
    short = room is not None and room < due.max()
    tags = (Tag("stale", _(N_("more leads than sales can follow up: settle that before you sign"))),) if short else ()
    return Exhibit("service_agreement", finding, cards=cards, tags=tags)


def _in_common(case: Case) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what both sides agree on: what a lead is, the goal, where, and how often they look at it."""
    agreed, charter = case.plan.handover, case.plan.charter
    goal = agreed.revenue_goal if agreed.revenue_goal is not None else charter.revenue_target
    said = _(
        N_(
            "{goal} of revenue in {months} months, {share} of it from leads that marketing brings: {customers} customers"
        ),
        goal=money(goal, case.currency),
        months=number(charter.period.months),
        share=percent(1.0 if agreed.marketing_share is None else agreed.marketing_share),
        customers=number(customers_asked(case.plan), 0),
    )
    return (
        (_(N_("What counts as a lead")), (agreed.lead,) if agreed.lead else ()),
        (_(N_("The goal")), (said,)),
        (_(N_("Region")), (agreed.region,) if agreed.region else ()),
        (_(N_("Looked at together")), (_(agreed.review.label),)),
    )


def _marketing_owes(case: Case, leads: float, due: "pd.Series[float]") -> tuple[str, ...]:
    words = _(N_("{leads} leads a month, {all} in the period"), leads=monthly_words(due), all=number(leads, 0))
    return (words, *case.plan.handover.marketing_owes)


def _sales_owes(case: Case, room: float | None) -> tuple[str, ...]:
    agreed = case.plan.handover
    answer = _(N_("A first answer within {hours} hours"), hours=number(agreed.response_hours))
    tries = _(
        N_("{attempts} attempts within {days} days before a lead is given back"),
        attempts=number(agreed.attempts),
        days=number(agreed.within_days),
    )
    time = () if room is None else (_(N_("Time for {leads} leads a month"), leads=number(room, 0)),)
    return (answer, tries, *time, *agreed.sales_owes)
