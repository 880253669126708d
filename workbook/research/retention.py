"""How many of those who began will still be there in a year, or in five? The shifted-beta-geometric curve.

For contracts and subscriptions, where leaving is seen: at the end of each period a customer leaves with a chance of his
own, and these chances follow a beta distribution over a cohort. Those likely to leave go first, so that a cohort's
retention rises with its age, and a curve drawn on with the rate of the first years is too low.

Source: Fader & Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number, plural
from workbook.language import translated as _
from workbook.sieve import left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Leaving", "retention", "survival"]

Array = npt.NDArray[np.float64]

COLUMNS = ("cohort", "period", "customers")

ALIKE = 10.0
"""Logarithm of alpha + beta from which on the customers of a cohort are as good as alike."""

FURTHEST = 1200
"""Periods to look ahead at most: a century of months."""


@dataclass(frozen=True)
class Leaving:
    """Chances to leave ~ Beta(``alpha``, ``beta``), as fitted; ``alike`` when they hardly differ between customers."""

    alpha: float
    beta: float
    log_likelihood: float
    alike: bool = False


@dataclass(frozen=True)
class _Cohort:
    """How many are left at each period seen, from 0 on."""

    name: str
    periods: npt.NDArray[np.int64]
    customers: Array

    @property
    def fits(self) -> bool:
        """Two times to leave, and somebody who left: less does not tell the two parameters apart."""
        return len(self.periods) > 2 and self.customers[-1] < self.customers[0]


def retention(rows: pd.DataFrame, *, horizon: int | None = None) -> Answer:
    """
    Fit the curve of each cohort, and one to all of them together.

    Parameters
    ----------
    rows
        One row per cohort and period: cohort, period (0 = start, whole numbers), customers still there (counts, or
        shares of 100). Periods may be missing, the start may not.
    horizon
        Last period of the curves, >= 1; twice the longest history, at least 12, when missing.

    Returns
    -------
    alpha, beta, log_likelihood and curve of all cohorts together. One row per cohort: cohort, alpha, beta, curve (share
    still there at period 0, 1, ... ``horizon``), basis ("own", or "pooled" where a cohort is too short or lost nobody
    and takes the parameters of all), customers at the start, periods (the last one seen).

    Raises
    ------
    TableError, AnalysisError
        If the table cannot be used, or no cohort shows two times at which customers could leave.
    """
    import pandas as pd

    cohorts, excluded = _cohorts(rows)
    last = max(int(cohort.periods[-1]) for cohort in cohorts)
    ahead = max(2 * last, 12) if horizon is None else _required(horizon)
    pooled = _fitted(_usable_together(cohorts))
    table = []
    for cohort in cohorts:
        own = _fitted([cohort]) if cohort.fits else pooled
        table.append(
            {
                "cohort": cohort.name,
                "alpha": own.alpha,
                "beta": own.beta,
                "curve": survival(own.alpha, own.beta, ahead).tolist(),
                "basis": "own" if cohort.fits else "pooled",
                "customers": float(cohort.customers[0]),
                "periods": int(cohort.periods[-1]),
            }
        )
    return Answer(
        figures={
            "alpha": pooled.alpha,
            "beta": pooled.beta,
            "log_likelihood": pooled.log_likelihood,
            "curve": survival(pooled.alpha, pooled.beta, ahead).tolist(),
        },
        rows=pd.DataFrame(table),
        n=round(sum(float(cohort.customers[0]) for cohort in cohorts)),
        excluded=excluded,
        conventions=(
            _(
                N_(
                    "Shifted-beta-geometric by maximum likelihood, each cohort by itself; alpha and beta above for all together."
                )
            ),
            _(
                N_("The curve is the share of the start that is still there, at periods 0 to {last}."),
                last=number(ahead),
            ),
        ),
        warnings=_warnings(cohorts, pooled),
    )


def survival(alpha: float, beta: float, periods: int) -> Array:
    """
    Return the share still there at periods 0, 1, ... ``periods`` (shape (periods + 1,)): 1 at the start.

    References
    ----------
    Fader & Hardie (2007), equation 7: retention at period t is (beta + t - 1) / (alpha + beta + t - 1).
    """
    steps = np.arange(1, periods + 1)
    rates = (beta + steps - 1) / (alpha + beta + steps - 1)
    return np.concatenate([[1.0], np.cumprod(rates)])


def _fitted(cohorts: list[_Cohort]) -> Leaving:
    """Return the parameters under which the cohorts' losses are likeliest, over mean churn and alpha + beta."""
    from scipy.optimize import minimize

    lost = sum(float(cohort.customers[0] - cohort.customers[-1]) for cohort in cohorts)
    spent = sum(float(cohort.customers[:-1] @ np.diff(cohort.periods)) for cohort in cohorts)
    churn = min(max(lost / spent, 1e-6), 1 - 1e-6)
    centre = float(np.log(churn / (1 - churn)))

    def surface(place: Array) -> tuple[float, Array]:
        mean, size = 1 / (1 + np.exp(-place[0])), np.exp(place[1])
        terms = [_log_likelihood(mean * size, (1 - mean) * size, cohort) for cohort in cohorts]
        value, d_alpha, d_beta = (sum(one) for one in zip(*terms, strict=True))
        slope = [(d_alpha - d_beta) * size * mean * (1 - mean), d_alpha * mean * size + d_beta * (1 - mean) * size]
        return -value, -np.array(slope)

    best: Any = None
    for size in (0.0, 2.0, 5.0):
        found: Any = minimize(
            surface,
            np.array([centre, size]),
            jac=True,
            method="L-BFGS-B",
            bounds=[(centre - 12, centre + 12), (-6, ALIKE + 2)],
            options={"ftol": 1e-15, "gtol": 1e-9},
        )
        best = found if best is None or found.fun < best.fun else best
    mean, size = 1 / (1 + np.exp(-best.x[0])), np.exp(best.x[1])
    return Leaving(float(mean * size), float((1 - mean) * size), -float(best.fun), bool(best.x[1] > ALIKE))


def _log_likelihood(alpha: float, beta: float, cohort: _Cohort) -> tuple[float, float, float]:
    """Return that of a cohort's losses between periods seen and of those left at the last one, and its slopes."""
    steps = np.arange(cohort.periods[-1])
    stay, all_ = 1 / (beta + steps), 1 / (alpha + beta + steps)
    # Logarithm of the survival at each period seen, and its slopes in alpha and beta.
    log, by_alpha, by_beta = (
        np.concatenate([[0.0], np.cumsum(one)])[cohort.periods] for one in (np.log(all_ / stay), -all_, stay - all_)
    )
    lost, last = -np.diff(cohort.customers), float(cohort.customers[-1])
    left = lost > 0
    log_share = np.diff(log)[left]
    value = lost[left] @ (log[:-1][left] + np.log(-np.expm1(log_share))) + last * log[-1]
    # d log(S0 - S1) = dS0/S0 - (dS1/S1 - dS0/S0) S1 / (S0 - S1)
    odds = 1 / np.expm1(-log_share)
    slopes = [lost[left] @ (by[:-1][left] - np.diff(by)[left] * odds) + last * by[-1] for by in (by_alpha, by_beta)]
    return float(value), float(slopes[0]), float(slopes[1])


def _usable_together(cohorts: list[_Cohort]) -> list[_Cohort]:
    together = [cohort for cohort in cohorts if len(cohort.periods) > 1]
    if not any(len(cohort.periods) > 2 for cohort in together):
        raise AnalysisError(
            N_(
                "No cohort shows more than one period after its start, so the curve is not determined. "
                "Bring in cohorts with two periods after the start or more."
            )
        )
    if all(cohort.customers[-1] == cohort.customers[0] for cohort in together):
        raise AnalysisError(
            N_("Nobody has left in any cohort yet, so there is no curve to fit. Come back when somebody has.")
        )
    if all(cohort.customers[1] == 0 for cohort in together):
        raise AnalysisError(N_("Everybody left at the first occasion, so there is no curve to fit."))
    return together


def _cohorts(rows: pd.DataFrame) -> tuple[list[_Cohort], dict[str, int]]:
    """Return the cohorts to fit, in the table's order, and how many rows were left out by reason."""
    import pandas as pd

    _require_columns(rows)
    table = pd.DataFrame(
        {
            "cohort": rows["cohort"].astype("string").str.strip(),
            "period": pd.to_numeric(rows["period"], errors="coerce").astype(float),
            "customers": pd.to_numeric(rows["customers"], errors="coerce").astype(float),
        }
    )
    whole = (table["period"] >= 0) & (table["period"] % 1 == 0) & (table["period"] <= FURTHEST)
    reasons = {
        _(N_("cohort is missing")): table["cohort"].isna() | table["cohort"].eq(""),
        _(N_("period is not a whole number from 0 to {most}"), most=number(FURTHEST)): ~whole,
        _(N_("customers is not a number of 0 or more")): ~table["customers"].between(0, float("inf"), inclusive="left"),
        _(N_("same cohort and period once more (the first row counts)")): table.duplicated(["cohort", "period"]),
    }
    kept, excluded = left_out(table, reasons)
    found = []
    for name, part in table[kept].groupby("cohort", sort=False):
        ordered = part.sort_values("period")
        cohort = _Cohort(str(name), ordered["period"].to_numpy(dtype=np.int64), ordered["customers"].to_numpy())
        fault = _fault(cohort)
        if fault:
            excluded[fault] = excluded.get(fault, 0) + len(part)
        else:
            found.append(cohort)
    if not found:
        raise AnalysisError(
            N_(
                "No cohort can be used ({reasons}). Each needs its start (period 0) and then never more customers than before."
            ),
            reasons=listed([f"{reason}: {number(count)}" for reason, count in excluded.items()]) or "-",
        )
    return found, excluded


def _fault(cohort: _Cohort) -> str:
    if cohort.periods[0] != 0 or cohort.customers[0] == 0:
        return _(N_("cohort without customers at its start, period 0"))
    if (np.diff(cohort.customers) > 0).any():
        return _(N_("cohort whose customers rise from one period to the next"))
    return ""


def _warnings(cohorts: list[_Cohort], pooled: Leaving) -> tuple[str, ...]:
    said = []
    few = [cohort.name for cohort in cohorts if cohort.customers[0] < FEW]
    if few:
        said.append(
            _(
                N_("Fewer than {few} customers at the start, so read with care ({count} in all): {cohorts}."),
                few=number(FEW),
                count=number(len(few)),
                cohorts=listed(few[:SHOWN_AT_ONCE]),
            )
        )
    short = sum(not cohort.fits for cohort in cohorts)
    if short:
        said.append(
            plural(
                "One cohort is too short, or lost nobody: its curve is that of all together.",
                "{count} cohorts are too short, or lost nobody: their curve is that of all together.",
                short,
            )
        )
    if pooled.alike:
        said.append(_(N_("Customers leave at a steady rate, so alpha and beta are large and only their ratio counts.")))
    return tuple(said)


def _required(horizon: int) -> int:
    if not 1 <= horizon <= FURTHEST or horizon != int(horizon):
        raise AnalysisError(
            N_("The horizon is {found}, but must be a whole number of periods from 1 to {most}."),
            found=number(horizon),
            most=number(FURTHEST),
        )
    return int(horizon)


def _require_columns(rows: pd.DataFrame) -> None:
    names = [str(name) for name in rows.columns]
    for column in COLUMNS:
        if column not in names:
            raise TableError(
                N_('The table of cohorts has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                column=column,
                near=nearest(column, names),
            )
