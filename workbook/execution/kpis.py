"""Are we on course, and if not: did we spend otherwise than planned, or did the spending bring something else?

Variance = actual - target. Where spend is known, it splits without a remainder: what came of spending more or less, at
the planned response (target / planned spend), and what came of another response, at the actual spend.

Source: flexible-budget variances of management accounting (Horngren, Datar & Rajan, Cost Accounting).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import Answer
from workbook.errors import AnalysisError
from workbook.language import N_, listed, number, percent, plural
from workbook.language import translated as _
from workbook.sieve import left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "cost_of_acquisition",
    "kpi",
    "payback_months",
    "pipeline_velocity",
    "return_on_ad_spend",
    "return_on_investment",
]

MONTHS = 12


def kpi(table: pd.DataFrame, *, tolerance: float = 0.1, lower: tuple[str, ...] = ()) -> Answer:
    """
    Compare indicators with their targets, period by period.

    Parameters
    ----------
    table
        One row per kpi and period: kpi, period, target, actual (empty: not in yet), and perhaps spend_target and
        spend_actual, in money.
    tolerance
        Share of the target by which the actual may fall short and still be on course; 0..1.
    lower
        Indicators of which less is better, such as the cost of acquisition.

    Returns
    -------
    One row per kpi and period: kpi, period, target, actual, status ("ahead", "on course", "behind", "no actual"),
    variance, variance_spend, variance_response; the last two are missing where spend is.

    Raises
    ------
    AnalysisError
        If no row can be used.
    """
    import pandas as pd

    usable, excluded = _usable(table)
    rows = [_row(row, tolerance, lower) for row in usable.to_dict("records")]
    if not rows:
        raise AnalysisError(N_("No row has an indicator, a period and a target. Check the columns."))
    return Answer(
        rows=pd.DataFrame(rows),
        n=len(rows),
        excluded=excluded,
        conventions=_conventions(tolerance, lower),
        warnings=(*_mixed_units(usable), *_gaps(usable)),
    )


def cost_of_acquisition(spend: float, customers: float) -> float:
    """Return spend per new customer. Raises AnalysisError where there is none."""
    return spend / _some(customers, N_("new customers"))


def payback_months(cost: float, monthly_revenue: float, margin: float) -> float:
    """Return the months until a customer's margin has paid the cost of winning him."""
    return cost / _some(monthly_revenue * margin, N_("margin a month"))


def return_on_ad_spend(revenue: float, spend: float) -> float:
    """Return revenue per unit of spend: 3 is three for one. It is not the return on investment."""
    return revenue / _some(spend, N_("spend"))


def return_on_investment(gross_profit: float, spend: float) -> float:
    """Return (incremental gross profit - spend) / spend: 0 is break-even."""
    return (gross_profit - spend) / _some(spend, N_("spend"))


def pipeline_velocity(opportunities: float, win_rate: float, deal: float, cycle_days: float) -> float:
    """Return the revenue that the pipeline brings in a day."""
    return opportunities * win_rate * deal / _some(cycle_days, N_("days of the cycle"))


def _some(value: float, words: str) -> float:
    if not value > 0:
        raise AnalysisError(N_("What to divide by is missing: {what}."), what=_(words))
    return value


def _usable(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return rows with name, period and a finite target, figures as floats, and how many others there are by reason."""
    import pandas as pd

    rows = table.reset_index(drop=True).copy()
    for column in ("target", "actual", "spend_target", "spend_actual"):
        values = pd.to_numeric(rows[column], errors="coerce") if column in rows else pd.Series(np.nan, index=rows.index)
        rows[column] = values.astype(float).where(np.isfinite(values.astype(float)))
    nameless = rows["kpi"].isna() | rows["kpi"].astype(str).str.strip().eq("")
    undated = rows["period"].isna() | rows["period"].astype(str).str.strip().eq("")
    untargeted = rows["target"].isna()
    again = rows.duplicated(["kpi", "period"])
    kept, excluded = left_out(
        rows,
        {
            _(N_("no indicator named")): nameless,
            _(N_("no period")): undated,
            _(N_("no target")): untargeted,
            _(N_("same indicator and period once more (the first counts)")): again,
        },
    )
    return rows[kept], excluded


def _row(row: dict[str, Any], tolerance: float, lower: tuple[str, ...]) -> dict[str, Any]:
    target, actual = row["target"], row["actual"]
    spend, response = _split(target, actual, row["spend_target"], row["spend_actual"])
    return {
        "kpi": str(row["kpi"]).strip(),
        "period": row["period"],
        "target": target,
        "actual": actual,
        "status": _status(target, actual, tolerance, less=str(row["kpi"]).strip() in lower),
        "variance": actual - target,
        "variance_spend": spend,
        "variance_response": response,
    }


def _split(target: float, actual: float, planned: float, spent: float) -> tuple[float, float]:
    """Return the variance that comes of spend, and that of response; missing where either spend is, or none was planned."""
    if np.isnan([target, actual, planned, spent]).any() or planned <= 0:
        return np.nan, np.nan
    of_spend = (spent - planned) * target / planned
    return of_spend, actual - target - of_spend


def _status(target: float, actual: float, tolerance: float, *, less: bool) -> str:
    if np.isnan(actual):
        return "no actual"
    better = (target - actual) if less else (actual - target)
    if better > 0:
        return "ahead"
    return "on course" if -better <= tolerance * abs(target) else "behind"


def _conventions(tolerance: float, lower: tuple[str, ...]) -> tuple[str, ...]:
    said = [
        _(
            N_("On course is within {tolerance} of the target on the bad side; variance = actual − target."),
            tolerance=percent(tolerance),
        ),
        _(N_("Spend variance at the planned response, response variance at the actual spend; together the whole.")),
    ]
    if lower:
        said.append(_(N_("Less is better: {names}."), names=listed(list(lower))))
    return tuple(said)


PERCENT = (20.0, 500.0)
"""An actual that is about a hundred times its target, or a hundredth, was written in the other unit."""


def _mixed_units(rows: pd.DataFrame) -> list[str]:
    """Name the first row in which one figure looks like a share and the other like a percentage."""
    least, most = PERCENT
    for row in rows.to_dict("records"):
        small, large = sorted((abs(row["target"]), abs(row["actual"])))
        if 0 < small <= 1 < large and least < large / small < most:
            return [
                _(
                    N_(
                        "{kpi}, {period}: the target is {target} and the actual {actual}, as if one were a share and the other "
                        "a percentage. Write both as fractions, 0.25 for 25 %."
                    ),
                    kpi=str(row["kpi"]).strip(),
                    period=str(row["period"]),
                    target=number(row["target"]),
                    actual=number(row["actual"]),
                )
            ]
    return []


def _gaps(rows: pd.DataFrame) -> list[str]:
    """Say which indicators lack a month between two others, and where no spend was planned."""
    said = []
    every = sorted({str(period) for period in rows["period"]})
    for name, own in rows.groupby("kpi", sort=False):
        have = {str(period) for period in own["period"]}
        between = [period for period in every if min(have) < period < max(have) and period not in have]
        if between:
            said.append(
                _(
                    N_("{kpi}: {missing}."),
                    kpi=name,
                    missing=plural(
                        "{count} period is missing, {first}",
                        "{count} periods are missing, the first {first}",
                        len(between),
                        first=between[0],
                    ),
                )
            )
    unplanned = int((rows["spend_target"].le(0) & rows["spend_actual"].notna()).sum())
    if unplanned:
        said.append(
            plural(
                "No spend was planned in {count} row, so that its variance cannot be split.",
                "No spend was planned in {count} rows, so that their variance cannot be split.",
                unplanned,
            )
        )
    return said
