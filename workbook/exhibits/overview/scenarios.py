"""How do the scenarios differ from the plan: in words, field by field, and in what they bring?"""

from dataclasses import dataclass

import pandas as pd

from workbook.channels.split import split
from workbook.errors import AnalysisError
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.exhibits.overview.changes import apart
from workbook.language import N_, _, listed, money, number, plural
from workbook.plan.comparison import plan_changes
from workbook.plan.model import Plan
from workbook.plan.scenarios import scenario_plan, scenarios

__all__ = ["Outlook", "outlook", "scenario_differences", "scenario_figures", "scenario_splits"]


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
        return Exhibit(
            "scenario_differences",
            _(N_("Once a scenario is open, what it changes stands here, field by field.")),
            empty=True,
        )
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
        return _none_yet("scenario_figures", case)
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


def scenario_splits(case: Case) -> Exhibit:
    """Set the best split of the plan and of each scenario side by side, channel by channel."""
    versions = _versions(case)
    if len(versions) < 2:
        return _none_yet("scenario_splits", case)
    found = {title: _spends(plan) for title, plan in versions}
    names = list(dict.fromkeys(name for spends in found.values() for name in spends))
    if not names:
        return _no_split("scenario_splits")
    titles = list(found)
    table = pd.DataFrame({"channel": names} | {f"v{i}": [found[t].get(n) for n in names] for i, t in enumerate(titles)})
    long = table.melt("channel", var_name="version", value_name="spend").fillna({"spend": 0.0})
    long["version"] = long["version"].map({f"v{i}": title for i, title in enumerate(titles)})
    from workbook.exhibits.charts.split import version_bars

    return Exhibit(
        "scenario_splits",
        _moved(found, case),
        table,
        (Column("channel", _(N_("Channel"))), *(Column(f"v{i}", t, "money", total=True) for i, t in enumerate(titles))),
        version_bars(
            long.assign(spend=long["spend"] / 1000),
            labels={
                "spend": _(N_("Spend, thousand {currency}"), currency=case.currency),
                "channel": _(N_("Channel")),
                "version": _(N_("Version")),
            },
        ),
        method=_(N_("Each version with the best split of its own budget, by the likely estimates.")),
        currency=case.currency,
    )


def _spends(plan: Plan) -> dict[str, float]:
    try:
        chosen = split(plan)
    except AnalysisError:
        return {}
    return dict(zip(chosen.table["channel"], chosen.table["spend"], strict=True)) if chosen else {}


def _moved(found: dict[str, dict[str, float]], case: Case) -> str:
    """Say which channel's spend differs most from the plan's in any scenario."""
    (_base, plan), *others = found.items()
    moves = [(spends.get(n, 0.0) - plan.get(n, 0.0), n, title) for title, spends in others for n in {**plan, **spends}]
    move, channel, title = max(moves, key=lambda one: abs(one[0]), default=(0.0, "", ""))
    if abs(move) < 0.005 * max(sum(plan.values()), 1.0):
        return _(N_("Every version splits its budget in nearly the same way."))
    more = N_("“{version}” gives {channel} {amount} more than the plan does.")
    less = N_("“{version}” gives {channel} {amount} less than the plan does.")
    return _(more if move > 0 else less, version=title, channel=channel, amount=money(abs(move), case.currency))


def _no_split(name: str) -> Exhibit:
    return Exhibit(name, _(N_("No version has a budget and a curve yet, so there is no split to compare.")), empty=True)


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
    # The version on the page is at hand; folding the log for it once more would cost as much as drawing it.
    return [
        (title, case.plan if id == case.scenario else scenario_plan(history, id))
        for id, title in {"": _(N_("The plan itself")), **named}.items()
    ]


def _none_yet(name: str, case: Case) -> Exhibit:
    return Exhibit(
        name,
        _(
            N_(
                "There is one version of this plan. To try another price, budget or segment without touching it, open a "
                "scenario, in a terminal: “workbook scenario open {plan} half-budget”."
            ),
            plan=case.plan_id or "my-plan",
        ),
        empty=True,
    )
