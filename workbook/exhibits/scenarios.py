"""How do the scenarios differ from the plan: in words, field by field, and in what they bring?"""

from dataclasses import dataclass

import pandas as pd

from workbook.channels.split import split
from workbook.errors import AnalysisError
from workbook.exhibits.case import Case
from workbook.exhibits.changes import apart
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import N_, _, listed, money, number, plural
from workbook.plan.comparison import plan_changes
from workbook.plan.model import Plan
from workbook.plan.scenarios import scenario_plan, scenarios

__all__ = ["Outlook", "outlook", "scenario_differences", "scenario_figures"]


@dataclass(frozen=True)
class Outlook:
    """What a plan brings: spend and margin in its currency, customers in the period; None where it cannot say yet."""

    spend: float | None
    customers: float | None
    margin: float | None


def outlook(plan: Plan) -> Outlook:
    """Return what the best split of the plan's budget brings."""
    try:
        chosen = split(plan)
    except AnalysisError:
        chosen = None
    if chosen is None:
        return Outlook(plan.budget.total, None, None)
    worth = chosen.table["worth"]
    return Outlook(
        float(chosen.table["spend"].sum()), chosen.customers, None if worth.isna().any() else float(worth.sum())
    )


def scenario_differences(case: Case) -> Exhibit:
    """Say field by field what each scenario changes in the plan."""
    versions = _versions(case)
    if len(versions) < 2:
        return _none_yet("scenario_differences")
    (_base, plan), *others = versions
    rows = []
    for title, version in others:
        for change in plan_changes(plan, version):
            before, after = apart(change.before, change.after)
            rows.append({"scenario": title, "what": change.title, "plan": before, "changed": after})
    counts = pd.Series([row["scenario"] for row in rows]).value_counts()
    told = [
        _(
            N_("“{scenario}” {differs}"),
            scenario=title,
            differs=plural("changes {count} field", "changes {count} fields", int(counts.get(title, 0))),
        )
        for title, _version in others
    ]
    return Exhibit(
        "scenario_differences",
        _(N_("Beside the plan itself, {told}."), told=listed(told)),
        pd.DataFrame(rows, columns=["scenario", "what", "plan", "changed"]),
        (
            Column("scenario", _(N_("Scenario"))),
            Column("what", _(N_("What"))),
            Column("plan", _(N_("In the plan"))),
            Column("changed", _(N_("In the scenario"))),
        ),
        method=_(N_("A scenario inherits whatever it does not change, also what is changed in the plan later on.")),
    )


def scenario_figures(case: Case) -> Exhibit:
    """Set the plan and its scenarios side by side: what is spent, and what comes of it."""
    versions = _versions(case)
    if len(versions) < 2:
        return _none_yet("scenario_figures")
    rows = [{"version": title, **vars(outlook(plan))} for title, plan in versions]
    table = pd.DataFrame(rows, columns=["version", "spend", "customers", "margin"]).astype(
        {"spend": float, "customers": float, "margin": float}
    )
    return Exhibit(
        "scenario_figures",
        _figures_finding(table, case),
        table,
        (
            Column("version", _(N_("Version"))),
            Column("spend", _(N_("Spend")), "money"),
            Column("customers", _(N_("Customers")), "number", 1),
            Column("margin", _(N_("Margin while they stay")), "money"),
        ),
        method=_(N_("Each version with the best split of its own budget, by the likely estimates.")),
        currency=case.currency,
    )


def _figures_finding(table: pd.DataFrame, case: Case) -> str:
    by = "margin" if table["margin"].notna().all() else "customers"
    known = table[table[by].notna()]
    if known.empty:
        return _(N_("No version has a budget and a curve yet, so they cannot be told apart by what they bring."))
    best = known.loc[known[by].idxmax()]
    if len(known) > 1 and known[by].max() - known[by].min() < 0.005 * abs(known[by].max()):
        return _(N_("All versions bring about the same."))
    if by == "margin":
        return _(
            N_("“{version}” brings most: {margin} of margin from {customers} customers."),
            version=best["version"],
            margin=money(best["margin"], case.currency),
            customers=number(best["customers"], 0),
        )
    return _(
        N_("“{version}” brings most: {customers} customers."),
        version=best["version"],
        customers=number(best["customers"], 0),
    )


def _versions(case: Case) -> list[tuple[str, Plan]]:
    """Return the plan itself and each scenario, by title; the case's own plan where the log does not know it."""
    history = case.every_revision
    named = scenarios(history)
    if not named:
        return [(_(N_("The plan itself")), case.plan)]
    return [
        (_(N_("The plan itself")), scenario_plan(history, "")),
        *((title, scenario_plan(history, id)) for id, title in named.items()),
    ]


def _none_yet(name: str) -> Exhibit:
    return Exhibit(
        name,
        _(
            N_(
                "There is one version of this plan. To try another price, budget or segment without touching it, open a "
                "scenario: `workbook scenario open`."
            )
        ),
        empty=True,
    )
