"""Step 12 in exhibits: what each indicator is, how it stands, what the table adds, and the figures of the money."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from workbook.answer import Answer
from workbook.errors import AnalysisError
from workbook.execution.course import course, measured, readings
from workbook.execution.kpis import (
    cost_of_acquisition,
    payback_months,
    pipeline_velocity,
    return_on_ad_spend,
    return_on_investment,
)
from workbook.exhibits.adopting import offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.course import amount_words
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, month_words, number, percent, plural
from workbook.plan.adoption import Proposal
from workbook.plan.model import Indicator, Plan, Reading, Side, Unit, new_id
from workbook.plan.worth import cost_limit, targets_of

__all__ = ["STATES", "actuals_from_table", "indicator_definitions", "indicator_status", "money_figures"]

STATES = {
    "ahead": N_("ahead"),
    "on course": N_("on course"),
    "behind": N_("behind"),
    "no actual": N_("no actual yet"),
}

SIGNS = {"ahead": "▲", "on course": "●", "behind": "▼", "no actual": "·"}

SIDES = {Side.UPSTREAM: N_("upstream"), Side.DOWNSTREAM: N_("downstream")}


def indicator_definitions(case: Case) -> Exhibit:
    """List the indicators of both sides with what is counted, how, and from where."""
    held = [one for side in (*Side, None) for one in case.plan.indicators if one.side is side]
    if not held:
        told = _(
            N_(
                "Add an indicator for each side, with a definition and a target by month, and how it stands is shown here."
            )
        )
        return Exhibit("indicator_definitions", told, empty=True)
    table = pd.DataFrame(
        [
            {
                "indicator": one.label,
                "side": _(SIDES[one.side]) if one.side else "",
                "definition": one.definition,
                "formula": one.formula,
                # How it is written, which the form says behind a colon, has no room in a column.
                "unit": _(one.unit.label).split(":")[0],
                "source": one.source,
                "owner": case.plan.name_of(one.owner),
            }
            for one in held
        ]
    )
    counts = [sum(one.side is side for one in held) for side in (Side.UPSTREAM, Side.DOWNSTREAM)]
    finding = _(
        N_("{up} indicators judge the upstream side, {down} the downstream side."),
        up=number(counts[0], 0),
        down=number(counts[1], 0),
    )
    vague = [one.label for one in held if not one.definition or not one.formula]
    if vague:
        finding += " " + _(N_("Two people may count differently: {names}."), names=listed(vague))
    return Exhibit(
        "indicator_definitions",
        finding,
        table,
        (
            Column("indicator", _(N_("Indicator"))),
            Column("side", _(N_("Side"))),
            Column("definition", _(N_("What is counted"))),
            Column("formula", _(N_("Formula"))),
            Column("unit", _(N_("Counted in"))),
            Column("source", _(N_("Where the figure comes from"))),
            Column("owner", _(N_("Owner"))),
        ),
    )


def indicator_status(case: Case) -> Exhibit:
    """Show each indicator against its target, month by month."""
    answer = measured(case.plan)
    if answer is None or answer.rows is None:
        told = _(N_("With targets by month and the first actuals, this says whether each indicator is on course."))
        return Exhibit("indicator_status", told, empty=True)
    table = pd.DataFrame([_status_row(row, case) for row in answer.rows.to_dict("records")])
    table = table.sort_values("period", kind="stable").reset_index(drop=True)
    order = {one.id: place for place, one in enumerate(case.plan.indicators)}
    table = table.sort_values("kpi", key=lambda ids: ids.map(order), kind="stable").reset_index(drop=True)
    from workbook.exhibits.charts.measures import status_tiles

    return Exhibit(
        "indicator_status",
        _status_finding(table),
        table,
        (
            Column("indicator", _(N_("Indicator"))),
            Column("when", _(N_("Month"))),
            Column("target_words", _(N_("Target"))),
            Column("actual_words", _(N_("Actual"))),
            Column("status", _(N_("State"))),
        ),
        status_tiles(
            _around_today(table).sort_values(
                ["kpi", "period"], key=lambda c: c.map(order) if c.name == "kpi" else c, kind="stable"
            ),
            labels={
                "indicator": _(N_("Indicator")),
                "month": _(N_("Month")),
                "state": _(N_("State")),
                **{state: _(word) for state, word in STATES.items()},
            },
        ),
        method=" ".join([answer.conventions[0], *answer.warnings]),
    )


AHEAD, COLUMNS = 3, 9
"""Months after the last one that is in, and months in all, that tiles show side by side on a phone too; the table has all."""


def _around_today(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the months around the last one that is in."""
    periods = sorted(table["period"].unique())
    known = table.loc[table["state"] != "no actual", "period"]
    until = periods.index(known.max()) + 1 + AHEAD if len(known) else COLUMNS
    return table[table["period"].isin(periods[:until][-COLUMNS:])]


def _status_row(row: dict[str, Any], case: Case) -> dict[str, Any]:
    indicator = case.plan.item(row["kpi"])
    assert isinstance(indicator, Indicator)
    target, actual = (amount_words(row[name], indicator, case.currency) for name in ("target", "actual"))
    state = row["status"]
    return row | {
        "indicator": indicator.label,
        "month": f"{str(row['period'])[5:]}/{str(row['period'])[2:4]}",
        "when": _when(str(row["period"])),
        "state": state,
        "status": _(STATES[state]),
        "sign": SIGNS[state],
        "target_words": target,
        "actual_words": actual,
        "shown": _(N_("{actual} for {target}"), actual=actual, target=target),
    }


def _when(period: str) -> str:
    """Return ``2027-01`` in words; what is no month as it is."""
    try:
        return month_words(date.fromisoformat(f"{period}-01"))
    except ValueError:
        return period


def _status_finding(table: pd.DataFrame) -> str:
    known = table[table["state"] != "no actual"]
    if known.empty:
        return _(N_("No actual is in yet. Enter the first month, or bring in a table."))
    last = known.groupby("kpi", sort=False).tail(1)
    behind = list(last.loc[last["state"] == "behind", "indicator"])
    if not behind:
        return plural(
            "At its last month the indicator is on course or ahead.",
            "At their last month all {count} indicators are on course or ahead.",
            len(last),
        )
    return plural(
        "{count} of {all} indicators is behind at its last month: {names}.",
        "{count} of {all} indicators are behind at their last month: {names}.",
        len(behind),
        all=number(len(last), 0),
        names=listed(behind),
    )


def actuals_from_table(case: Case) -> Exhibit:
    """Show what the table of actuals holds that the plan does not, and offer it."""
    answer = case.answer("kpi")
    study = case.study("kpi")
    if answer is None or answer.rows is None or study is None:
        return Exhibit(
            "actuals_from_table",
            _(
                N_(
                    "Bring in a table with one row per indicator and month: target, actual and, where there is any, spend. What "
                    "the plan does not hold yet can then be taken over."
                )
            ),
            empty=True,
        )
    raw = case.answers("kpi")
    assert raw is not None
    found, unknown = _new_actuals(case, raw.rows)
    if found.empty:
        finding = _(N_("The plan holds all the actuals of the table."))
    else:
        finding = plural(
            "The table has {count} actual that the plan does not hold yet.",
            "The table has {count} actuals that the plan does not hold yet.",
            len(found),
        )
    said = [*answer.warnings]
    if unknown:
        said.append(
            _(
                N_("No indicator of the plan is called {names}: give the table the indicator's name."),
                names=listed(unknown),
            )
        )
    return Exhibit(
        "actuals_from_table",
        finding,
        found if len(found) else None,
        (
            Column("indicator", _(N_("Indicator"))),
            Column("when", _(N_("Month"))),
            Column("held", _(N_("In the plan"))),
            Column("actual_words", _(N_("In the table"))),
        ),
        tags=(Tag("observed", plural("{count} row", "{count} rows", answer.n or 0)),),
        method=" ".join([*said, study.note]).strip(),
        proposals=_proposals(case, answer, found),
    )


def _new_actuals(case: Case, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the table's actuals that differ from the plan's, and the names of indicators the plan does not know."""
    by_name = {one.label.casefold(): one for one in case.plan.indicators} | {
        one.id: one for one in case.plan.indicators
    }
    new, unknown = [], []
    for row in rows.to_dict("records"):
        indicator = by_name.get(str(row["kpi"]).strip()) or by_name.get(str(row["kpi"]).strip().casefold())
        if indicator is None:
            unknown.append(str(row["kpi"]).strip())
            continue
        period = str(row["period"]).strip()[:7]
        reading = next((r for r in indicator.readings if r.month and f"{r.month:%Y-%m}" == period), None)
        actual = _figure(row.get("actual"))
        if actual is None or (reading is not None and reading.actual == actual):
            continue
        new.append(
            {
                "id": indicator.id,
                "indicator": indicator.label,
                "period": period,
                "when": _when(period),
                "reading": reading,
                "held": amount_words(reading.actual if reading else None, indicator, case.currency),
                "actual": actual,
                "target": _figure(row.get("target")),
                "spend_target": _figure(row.get("spend_target")),
                "spend_actual": _figure(row.get("spend_actual")),
                "actual_words": amount_words(actual, indicator, case.currency),
            }
        )
    return pd.DataFrame(new), list(dict.fromkeys(unknown))


def _figure(value: Any) -> float | None:
    found = pd.to_numeric(value, errors="coerce")
    return None if pd.isna(found) else float(found)


def _proposals(case: Case, answer: Answer, found: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return one proposal for each indicator, with the months that are new."""
    made, taken = [], set(case.plan.ids)
    for id, own in found.groupby("id", sort=False) if len(found) else ():
        fills: dict[str, Any] = {}
        for row in own.to_dict("records"):
            fills |= _fills(str(id), row, taken)
        last = own.iloc[-1]
        made.append(
            proposal(
                case,
                "kpi",
                answer,
                about=str(id),
                name=_(N_("{indicator}: actuals until {month}"), indicator=last["indicator"], month=last["when"]),
                figure=float(last["actual"]),
                n=len(own),
                fills=fills,
            )
        )
    return offered(case, made)


def _fills(indicator: str, row: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    reading, path = row["reading"], f"/indicators/{indicator}/readings"
    figures = {
        name: row[name] for name in ("actual", "spend_actual") if row[name] is not None and row[name] == row[name]
    }
    if isinstance(reading, Reading):
        return {f"{path}/{reading.id}/{name}": value for name, value in figures.items()}
    id = new_id(f"{indicator}-{row['period']}", taken)
    taken.add(id)
    planned = {n: row[n] for n in ("target", "spend_target") if row[n] is not None and row[n] == row[n]}
    return {f"{path}/{id}": {"month": row["period"], **planned, **figures}}


def money_figures(case: Case) -> Exhibit:
    """Work out what a customer costs, how soon that is paid back, and what a unit of money brings; or say what is missing."""
    rows = [_figure_row(title, formula, make, limit) for title, formula, make, limit in _figures_of(case)]
    table = pd.DataFrame(rows)
    known = table[table["value"].ne("–")]
    return Exhibit(
        "money_figures",
        _money_finding(case) if len(known) else _(N_("What is missing for these figures stands beside each of them.")),
        table,
        (
            Column("figure", _(N_("Figure"))),
            Column("value", _(N_("So far"))),
            Column("limit", _(N_("Plan or limit"))),
            *([Column("missing", _(N_("What is missing")))] if table["missing"].any() else []),
            Column("formula", _(N_("Formula"))),
        ),
        method=_(
            N_(
                "From the months that are in, of the indicators that count customers and money; margins and worth from the target "
                "segments; the cycle is the mean time to effect of the channels. Return on ad spend counts revenue, return on "
                "investment the margin: they are not the same."
            )
        ),
        currency=case.currency,
        empty=known.empty,
    )


def acquisition(case: Case) -> tuple[float, float] | None:
    """Return spend and new customers in the months that are in; None where no indicator counts both."""
    run = course(case.plan)
    if run is None or run.indicator.unit is not Unit.NUMBER:
        return None
    own = readings(case.plan)
    own = own[(own["kpi"] == run.indicator.id) & own["actual"].notna() & own["spend_actual"].notna()]
    return None if own.empty else (float(own["spend_actual"].sum()), float(own["actual"].sum()))


def _figures_of(case: Case) -> list[tuple[str, str, Callable[[], str], str]]:
    plan, won = case.plan, acquisition(case)
    limit = cost_limit(plan)
    segments = [s for s in targets_of(plan) if s.contract_value and s.margin]
    yearly = sum(s.contract_value or 0.0 for s in segments) / len(segments) if segments else 0.0
    margin = sum(s.margin or 0.0 for s in segments) / len(segments) if segments else 0.0
    revenue, spent = _revenue(case)
    leads, funnel = _opportunities(case), plan.handover.funnel
    spend, customers = won or (0.0, 0.0)
    return [
        (
            _(N_("Cost of a customer (CAC)")),
            _(N_("spend / new customers")),
            lambda: money(cost_of_acquisition(spend, customers), case.currency),
            _(N_("at most {limit}"), limit=money(limit, case.currency)) if limit is not None else "",
        ),
        (
            _(N_("Payback")),
            _(N_("CAC / (revenue a month × margin)")),
            lambda: _(
                N_("{months} months"),
                months=number(payback_months(cost_of_acquisition(spend, customers), yearly / 12, margin), 1),
            ),
            "",
        ),
        (
            _(N_("Return on ad spend (ROAS)")),
            _(N_("revenue / spend")),
            lambda: number(return_on_ad_spend(revenue, spent), 2),
            "",
        ),
        (
            _(N_("Return on investment (ROI)")),
            _(N_("(margin of the first year − spend) / spend")),
            lambda: percent(return_on_investment(revenue * margin, spent)),
            "",
        ),
        (
            _(N_("Pipeline velocity")),
            _(N_("opportunities × share won × deal / days of the cycle")),
            lambda: _(
                N_("{amount} a day"),
                amount=money(
                    pipeline_velocity(
                        leads, funnel.won or 0.0, plan.handover.deal_size or 0.0, 30.4 * max(_lag(plan), 0.0)
                    ),
                    case.currency,
                ),
            ),
            "",
        ),
    ]


def _lag(plan: Plan) -> float:
    """Return the mean time to effect of the channels, in months: how long the way to a customer takes."""
    lags = [channel.lag for channel in plan.channels if channel.lag]
    return sum(lags) / len(lags) if lags else 0.0


def _opportunities(case: Case) -> float:
    """Return the opportunities of the months that are in: leads that qualify and become one."""
    funnel = case.plan.handover.funnel
    own = readings(case.plan)
    counted = [
        one.id
        for one in case.plan.indicators
        if one.unit is Unit.NUMBER and one.side is Side.DOWNSTREAM and one.channels
    ]
    leads = float(own[own["kpi"].isin(counted[:1])]["actual"].sum())
    return leads * (funnel.qualified or 0.0) * (funnel.opportunity or 0.0)


def _revenue(case: Case) -> tuple[float, float]:
    """Return revenue and spend of the months that are in, of the first downstream indicator that counts money."""
    for one in case.plan.indicators:
        if one.unit is Unit.MONEY and one.side is Side.DOWNSTREAM:
            own = readings(case.plan)
            own = own[(own["kpi"] == one.id) & own["actual"].notna() & own["spend_actual"].notna()]
            return float(own["actual"].sum()), float(own["spend_actual"].sum())
    return 0.0, 0.0


def _figure_row(title: str, formula: str, make: Callable[[], str], limit: str) -> dict[str, str]:
    try:
        value, missing = make(), ""
    except AnalysisError as problem:
        value, missing = "–", str(problem)
    return {"figure": title, "value": value, "limit": limit, "formula": formula, "missing": missing}


def _money_finding(case: Case) -> str:
    won, limit = acquisition(case), cost_limit(case.plan)
    if won is None or not won[1]:
        return _(N_("No cost of a customer yet: there are no new customers with a spend beside them."))
    cost = cost_of_acquisition(*won)
    run = course(case.plan)
    words = {
        "indicator": run.indicator.label if run else "",
        "cost": money(cost, case.currency),
        "limit": money(limit, case.currency),
    }
    if limit is None:
        return _(N_("{indicator}: each has cost {cost} so far."), **words)
    sentence = (
        N_("{indicator}: each has cost {cost} so far, within the limit of {limit}.")
        if cost <= limit
        else N_("{indicator}: each has cost {cost} so far, over the limit of {limit}.")
    )
    return _(sentence, **words)
