"""What do marketing and sales owe each other: how many leads and customers a month, and can sales follow them up?

customers = revenue goal x marketing's share / deal size; leads = customers / close rate; value of a lead = close rate x
revenue of a customer. Sales can follow up as many leads as leads x attempts x minutes / 60 stay within people x hours.

Source: Volpe & Halligan's service-level agreement between marketing and sales (HubSpot, 2011), as generally taught.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import FEW, Answer
from workbook.errors import AnalysisError
from workbook.language import N_, number, percent
from workbook.language import translated as _
from workbook.plan.model import Spread
from workbook.plan.quota import followed_up

if TYPE_CHECKING:
    import pandas as pd

    from workbook.plan.model import Plan

__all__ = ["follow_up", "funnel_counts", "lead_values", "month_of", "month_shares", "quotas", "sla"]

HOURS, ATTEMPTS, DAYS = 24.0, 5, 14
"""First answer within these hours, and so many attempts within so many days: usual, and the team's to change."""


def sla(
    *,
    plan: Plan | None = None,
    revenue_goal: float | None = None,
    marketing_share: float | None = None,
    deal_size: float | None = None,
    close_rate: float | None = None,
    average_revenue: float | None = None,
    reps: float | None = None,
    hours: float | None = None,
    minutes: float | None = None,
    attempts: float | None = None,
    months: int | None = None,
) -> Answer:
    """
    Return the quotas of an agreement between marketing and sales.

    Parameters
    ----------
    plan
        Gives what the other arguments leave out.
    revenue_goal, deal_size, average_revenue
        Goal of the period; revenue of a new customer, and on average where that differs; money, > 0.
    marketing_share, close_rate
        Share of the goal from marketing's leads, and of leads that become customers; 0..1.
    reps, hours
        Sales people, and hours each has for new leads in a month; the capacity is left out without them.
    minutes, attempts
        Time for one attempt, and attempts per lead.
    months
        Months of the period; 12 when neither this nor the plan says.

    Returns
    -------
    ``customers``, ``leads``, ``lead_value``, ``capacity_leads`` (a month; None without people and hours), and one row
    per month: month (1, 2 ...), leads, customers, cumulative (leads due until its end). Nothing is rounded.

    Raises
    ------
    AnalysisError
        If a figure is missing, or of a kind nothing follows from, such as a close rate of 0.
    """
    given = _given(plan) | {
        name: value
        for name, value in {
            "revenue_goal": revenue_goal,
            "marketing_share": marketing_share,
            "deal_size": deal_size,
            "close_rate": close_rate,
            "average_revenue": average_revenue,
            "reps": reps,
            "hours": hours,
            "minutes": minutes,
            "attempts": attempts,
            "months": months,
        }.items()
        if value is not None
    }
    _require(given)
    customers = given["revenue_goal"] * given.get("marketing_share", 1.0) / given["deal_size"]
    leads = customers / given["close_rate"]
    capacity = _capacity(given)
    return Answer(
        {
            "customers": customers,
            "leads": leads,
            "lead_value": given["close_rate"] * given.get("average_revenue", given["deal_size"]),
            "capacity_leads": capacity,
        },
        _months(customers, leads, int(given.get("months", 12))),
        conventions=_conventions(given),
        warnings=_warnings(given, leads / int(given.get("months", 12)), capacity),
    )


def follow_up(
    leads: pd.DataFrame, *, within_hours: float = HOURS, attempts: int = ATTEMPTS, system_delay: float = 0.0
) -> Answer:
    """
    Return how well leads were followed up: response times, and breaches of the agreement by source.

    Parameters
    ----------
    leads
        One row per lead: lead, source, first_response (hours until the first answer, empty for none), attempts, and
        perhaps stage: a lead still ``new`` without enough attempts is a breach; and visible: hours until people could
        see the lead.
    within_hours, attempts
        What the agreement asks for.
    system_delay
        Hours that pass before people can see a lead, where the table does not say: told apart from theirs.

    Returns
    -------
    ``median_hours`` and ``p90_hours`` of the answered, ``people_median_hours`` and ``people_p90_hours`` without the
    system's delay, ``system_median_hours``, ``late_by_system`` (late, though people answered in time), ``answered`` and
    ``in_time`` (shares of all), ``breaches``; one row per source: source, leads, median_hours, people_median_hours,
    p90_hours, in_time, late, never, few_attempts.

    Raises
    ------
    AnalysisError
        If the table has no lead, no times, or times that are no hours.
    """
    import pandas as pd

    if leads.empty:
        raise AnalysisError(N_("The table has no leads. Bring in those of the last months."))
    table = leads.assign(hours=_hours(leads, "first_response"), tries=_hours(leads, "attempts").fillna(0))
    answered = table["hours"].notna()
    delay = _hours(leads, "visible").fillna(system_delay) if "visible" in leads else system_delay
    table["people"] = (table["hours"] - delay).clip(lower=0)
    late = answered & (table["hours"] > within_hours)
    open_still = table["stage"].isin(NEW) if "stage" in table else answered
    marks = table.assign(
        in_time=answered & ~late,
        late=late,
        never=~answered,
        few_attempts=answered & open_still & (table["tries"] < attempts),
        system=table["hours"] - table["people"],
    )
    rows = pd.DataFrame([{"source": source, **_followed(own)} for source, own in marks.groupby("source", sort=True)])
    times = marks[answered]
    return Answer(
        {
            "median_hours": _quantile(times["hours"], 0.5),
            "p90_hours": _quantile(times["hours"], 0.9),
            "people_median_hours": _quantile(times["people"], 0.5),
            "people_p90_hours": _quantile(times["people"], 0.9),
            "system_median_hours": _quantile(times["system"], 0.5),
            "late_by_system": int((late & (marks["people"] <= within_hours)).sum()),
            "answered": float(answered.mean()),
            "in_time": float(marks["in_time"].mean()),
            "breaches": int((late | ~answered).sum()),
        },
        rows,
        len(table),
        conventions=(
            _(
                N_("In time is a first answer within {hours} hours; {attempts} attempts before a lead is given back."),
                hours=number(within_hours),
                attempts=number(attempts),
            ),
            _(N_("Median and 90th percentile of those answered; a lead without an answer is a breach.")),
        ),
        warnings=(_(N_("Fewer than {few} leads, so read with care."), few=number(FEW)),) if len(table) < FEW else (),
    )


NEW = frozenset({"new", "nuovo"})
"""A lead's stage, as tables in both languages call it, while nothing has come of it."""


def _hours(leads: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a column of numbers; a cell that is none, such as “30 min”, would otherwise pass for no answer at all."""
    import pandas as pd

    if column not in leads:
        raise AnalysisError(
            N_("The table has no column {column}. Add it: hours until the first answer, and attempts, of each lead."),
            column=column,
        )
    read = pd.to_numeric(leads[column], errors="coerce")
    odd = leads[column].notna() & read.isna() & (leads[column].astype(str).str.strip() != "")
    if odd.any():
        raise AnalysisError(
            N_("{column}: “{found}” is no number. Write hours as a number, 0.5 for half an hour, and nothing else."),
            column=column,
            found=str(leads.loc[odd, column].iloc[0])[:40],
        )
    if (read < 0).any():
        raise AnalysisError(
            N_("{column}: {found} is under 0. A lead is answered after it comes; correct the two times."),
            column=column,
            found=number(float(read.min())),
        )
    return read


def _quantile(values: pd.Series[float], share: float) -> float | None:
    return float(values.quantile(share)) if len(values) else None


def _followed(own: pd.DataFrame) -> dict[str, Any]:
    times = own.dropna(subset="hours")
    return {
        "leads": len(own),
        "median_hours": float(times["hours"].median()) if len(times) else np.nan,
        "people_median_hours": float(times["people"].median()) if len(times) else np.nan,
        "p90_hours": float(times["hours"].quantile(0.9)) if len(times) else np.nan,
        "in_time": float(own["in_time"].mean()),
        "late": int(own["late"].sum()),
        "never": int(own["never"].sum()),
        "few_attempts": int(own["few_attempts"].sum()),
    }


def _given(plan: Plan | None) -> dict[str, Any]:
    """Return what the plan's agreement says, without what it leaves open."""
    if plan is None:
        return {"minutes": 20.0, "attempts": ATTEMPTS}
    agreed, charter = plan.handover, plan.charter
    said = {name: getattr(agreed, name) for name in ("marketing_share", "deal_size", "close_rate", "reps", "hours")}
    said |= {"revenue_goal": agreed.revenue_goal if agreed.revenue_goal is not None else charter.revenue_target}
    said |= {"minutes": agreed.minutes, "attempts": agreed.attempts, "months": charter.period.months}
    return {name: value for name, value in said.items() if value is not None}


NEEDED = {
    "revenue_goal": N_("the revenue goal"),
    "deal_size": N_("the deal size"),
    "close_rate": N_("the close rate"),
}


def _require(given: dict[str, Any]) -> None:
    for name, words in NEEDED.items():
        if name not in given:
            raise AnalysisError(
                N_("{what} is missing (--{option}), and without it no quota follows."),
                what=_(words),
                option=name.replace("_", "-"),
            )
        if not (0 < given[name] < np.inf):
            raise AnalysisError(
                N_("{what} is {found}, but must be above 0: nothing follows from it."),
                what=_(words),
                found=number(given[name]),
            )
    for name, words in (("close_rate", NEEDED["close_rate"]), ("marketing_share", N_("marketing's share"))):
        if not 0 <= given.get(name, 1.0) <= 1:
            raise AnalysisError(
                N_("{what} is {found}, but cannot be more than 100 %. Shares are written as fractions, 0.05 for 5 %."),
                what=_(words),
                found=percent(given[name]),
            )
    if given.get("months", 12) < 1:
        raise AnalysisError(N_("The period has {found} months, but needs at least one."), found=number(given["months"]))


def _capacity(given: dict[str, Any]) -> float | None:
    if given.get("reps") is None or given.get("hours") is None:
        return None
    attempts, minutes = given.get("attempts", ATTEMPTS), given.get("minutes", 20.0)
    if attempts * minutes <= 0:
        raise AnalysisError(N_("An attempt takes no time at all, so that no capacity follows. Give its minutes."))
    return float(followed_up(given["reps"], given["hours"], attempts, minutes))


def _months(customers: float, leads: float, months: int) -> pd.DataFrame:
    import pandas as pd

    count = np.arange(1, months + 1)
    return pd.DataFrame(
        {"month": count, "leads": leads / months, "customers": customers / months, "cumulative": leads * count / months}
    )


def _conventions(given: dict[str, Any]) -> tuple[str, ...]:
    said = [
        _(N_("Customers = revenue goal × marketing's share / deal size; leads = customers / close rate.")),
        _(N_("The same number in each month; cumulative is the leads due until its end.")),
    ]
    if "average_revenue" not in given:
        said.append(_(N_("A lead is worth the close rate × the deal size.")))
    if given.get("reps") is not None and given.get("hours") is not None:
        said.append(
            _(
                N_("Capacity is leads a month: people × hours a month / ({attempts} attempts × {minutes} minutes)."),
                attempts=number(given.get("attempts", ATTEMPTS)),
                minutes=number(given.get("minutes", 20.0)),
            )
        )
    return tuple(said)


def _warnings(given: dict[str, Any], monthly: float, capacity: float | None) -> tuple[str, ...]:
    said = []
    if given.get("marketing_share") == 0:
        said.append(
            _(N_("Marketing's share is 0 %, so that it owes no lead. Raise it, or leave it out for the whole goal."))
        )
    lacking = [name for name in ("reps", "hours") if given.get(name) is None]
    if len(lacking) == 1:
        said.append(
            _(N_("No capacity follows without --{option}: it takes both people and their hours."), option=lacking[0])
        )
    if capacity is not None and capacity < monthly:
        said.append(_(_short(given), capacity=_leads(capacity), leads=_leads(monthly)))
    return tuple(said)


def _short(given: dict[str, Any]) -> str:
    if given["reps"] == 0:
        return N_("There are no sales people, and {leads} leads a month would come. Say who follows them up.")
    return N_(
        "Sales can follow up {capacity} leads a month, and {leads} would come. Add hours, or agree on fewer attempts."
    )


def _leads(count: float) -> str:
    return number(count, 1 if count < 10 else 0)


def month_shares(plan: Plan, came: pd.Series[Any] | None = None) -> np.ndarray:
    """
    Return the share of the period's leads that is due in each of its months, shape (months,), summing to 1.

    Even; where the agreement says by season, as often as leads ``came`` (days) in that month of the calendar, the mean
    of its years. Even again where the days do not reach over all twelve months.
    """
    import pandas as pd

    months, start = plan.charter.period.months, plan.charter.period.start
    even = np.full(months, 1 / months)
    if plan.handover.spread is not Spread.SEASON or came is None or start is None:
        return even
    by_month = pd.to_datetime(came).dropna().dt.to_period("M").value_counts().sort_index()
    edges = [m for m in by_month.index[[0, -1]] if by_month[m] < PARTIAL * by_month.median()] if len(by_month) else []
    whole = by_month.drop(edges)
    counts = whole.groupby(whole.index.month).mean()
    if len(counts) < 12:
        return even
    weights = np.array([counts[(start.month - 1 + n) % 12 + 1] for n in range(months)], dtype=float)
    return weights / weights.sum()


PARTIAL = 0.25
"""A first or last month with less than this share of a usual month's leads is a piece of one, and left out."""


def quotas(plan: Plan, shares: np.ndarray | None = None) -> pd.DataFrame:
    """
    Return the leads due by month and source; ``shares`` spread them over the months (see ``month_shares``), else even.

    One row per month and source: month (1 is the first of the period), source (id; empty where the plan names none),
    region, leads, customers (leads x the source's close rate, or the agreement's). The sources' shares are scaled to a
    whole; a source without one counts as 0, unless none has one: then all count alike.

    Raises AnalysisError as ``sla``.
    """
    import pandas as pd

    spread = month_shares(plan) if shares is None else shares
    due = float(sla(plan=plan).figures["leads"]) * spread
    close = float(plan.handover.close_rate or 0)
    parts = [(s.id, s.region, s.share, close if s.close_rate is None else s.close_rate) for s in plan.sources]
    parts = parts or [("", plan.handover.region, 1.0, close)]
    given = [share or 0.0 for _id, _region, share, _rate in parts]
    total = sum(given)
    parted = [share / total for share in given] if total > 0 else [1 / len(parts)] * len(parts)
    rows = [
        (month, id, region, leads * part, leads * part * rate)
        for month, leads in enumerate(due, start=1)
        for (id, region, _share, rate), part in zip(parts, parted, strict=True)
    ]
    return pd.DataFrame(rows, columns=["month", "source", "region", "leads", "customers"])


def lead_values(plan: Plan) -> pd.DataFrame:
    """
    Return what a lead of each source is worth: close rate x revenue of a customer won there.

    One row per source: source (id), share (NaN where not said), close_rate, revenue (the deal size where not said),
    value (NaN while one of the two is missing).
    """
    import pandas as pd

    deal = plan.handover.deal_size
    rows = [(s.id, s.share, s.close_rate, deal if s.revenue is None else s.revenue) for s in plan.sources]
    table = pd.DataFrame(rows, columns=["source", "share", "close_rate", "revenue"]).astype(
        {"share": float, "close_rate": float, "revenue": float}
    )
    return table.assign(value=table["close_rate"] * table["revenue"])


def funnel_counts(plan: Plan) -> pd.DataFrame:
    """
    Return how many of the period's leads reach each step: leads, qualified, accepted, opportunities, customers.

    One row per step known: step, count, rate (share of the step before; NaN for the leads). A step whose share nobody
    gave is left out; the last one is the agreement's customers where the shares are not all known.

    Raises AnalysisError as ``sla``.
    """
    import pandas as pd

    agreed, answer = plan.handover.funnel, sla(plan=plan).figures
    count = float(answer["leads"])
    rows: list[tuple[str, float, float]] = [("leads", count, np.nan)]
    for step, share in (
        ("qualified", agreed.qualified),
        ("accepted", agreed.accepted),
        ("opportunities", agreed.opportunity),
    ):
        if share is not None:
            rows.append((step, count * share, share))
            count *= share
    if agreed.won is not None and agreed.qualified is not None and agreed.opportunity is not None:
        rows.append(("customers", count * agreed.won, agreed.won))
    else:
        last = float(answer["customers"])
        rows.append(("customers", last, last / count if count else np.nan))
    return pd.DataFrame(rows, columns=["step", "count", "rate"])


def month_of(start: date, number_of_month: int) -> date:
    """Return the first day of a period's month: 1 is that of ``start``."""
    months = start.year * 12 + start.month - 1 + number_of_month - 1
    return date(months // 12, months % 12 + 1, 1)
