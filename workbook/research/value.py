"""What is a customer worth who may buy again, or be gone without a word?

BG/NBD says how often, Gamma-Gamma how much (``repeat_buying``); one row per customer (``purchases.customer_summary``) is
all they read. For contracts and subscriptions, where leaving is seen, use ``retention``.

Sources: those of ``repeat_buying``; Gupta & Lehmann (2003), "Customers as Assets", Journal of Interactive Marketing 17(1),
for the simple formula.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.errors import AnalysisError
from workbook.language import N_, date_words, listed, number, percent, plural
from workbook.language import translated as _
from workbook.research.purchases import DAYS, CustomerSummary, customer_summary, summarised
from workbook.research.repeat_buying import Buying, Spending, fitted_buying, fitted_spending

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lifetime_value", "simple_lifetime_value"]

Array = npt.NDArray[np.float64]

REGULAR = 0.35
"""Gaps of one customer vary by about their mean when purchases come at random; contracts vary by a tenth of it."""

RELATED = 0.3
"""Correlation of how often and how much, in size, above which Gamma-Gamma's independence is doubted: judgement."""


def lifetime_value(
    rows: pd.DataFrame,
    *,
    until: date | None = None,
    unit: str = "week",
    horizon: float | None = None,
    discount: float = 0.0,
    alpha: float = 0.05,
) -> Answer:
    """
    Estimate what each customer will still buy, whether he is still one, and what that is worth.

    Parameters
    ----------
    rows
        One row per purchase: customer, date, amount, and segment if there is one; or that log as reduced by
        ``purchases.reduced``.
    until
        Last day to learn from; later purchases are left out. The last day in the log when missing.
    unit
        "day", "week" or "month": the unit of time of ``alpha`` and ``horizon``.
    horizon
        How far to look ahead, > 0, in units; a year when missing.
    discount
        Yearly rate at which later money counts less, >= 0: 0.1 is 10 % a year.
    alpha
        Intervals hold the true value with a chance of 1 - ``alpha``.

    Returns
    -------
    r, alpha, a, b with intervals, log_likelihood; p, q, v, mean_spend. One row per customer: customer, segment,
    expected_purchases, alive (chance), stays (chance that one alive still is at the end of the horizon), spend (expected
    amount of a purchase), value (revenue expected in the horizon).

    Raises
    ------
    TableError, AnalysisError
        If the log cannot be used, or nobody bought a second time. Where only the model of spending has no answer, p, q
        and v are None, the mean stands in and a warning says so.
    """
    _require_options(horizon, discount)
    summary = summarised(rows) or customer_summary(rows, until=until, unit=unit)
    ahead = DAYS["day"] * 365.25 / DAYS[summary.unit] if horizon is None else float(horizon)
    ahead = round(ahead) if horizon is None else ahead
    table = summary.table
    x, t_x, T = (table[name].to_numpy(dtype=float) for name in ("frequency", "recency", "age"))
    from threadpoolctl import threadpool_limits

    # The steps of a fit are far too small to share between threads.
    with threadpool_limits(1):
        buying = fitted_buying(x, t_x, T)
        spending, doubt = _spending_or_mean(x, table["monetary"].to_numpy(dtype=float))
    amount = spending.expected_amount(x, table["monetary"])
    scored = table[["customer", *(["segment"] if "segment" in table.columns else [])]].assign(
        expected_purchases=buying.expected_purchases(ahead, x, t_x, T),
        alive=buying.alive(x, t_x, T),
        stays=buying.staying(ahead, x, t_x, T),
        spend=amount,
        value=amount * _discounted_purchases(buying, ahead, discount, summary.unit, x, t_x, T),
    )
    return Answer(
        figures=_figures(buying, spending, alpha),
        rows=scored,
        n=len(table),
        excluded=summary.excluded,
        conventions=_conventions(summary, ahead, discount, alpha),
        warnings=(*_warnings(summary, buying, spending), *doubt),
    )


def _spending_or_mean(x: Array, monetary: Array) -> tuple[Spending, tuple[str, ...]]:
    """Return the model of spending, or the mean over the repeat purchases and why there is no model."""
    try:
        return fitted_spending(x, monetary), ()
    except AnalysisError as problem:
        mean = float(np.average(np.where(x > 0, monetary, 0.0), weights=x))
        return Spending(np.nan, np.nan, np.nan, mean), (
            str(problem),
            _(N_("Every purchase is valued at the mean of the repeat purchases.")),
        )


def simple_lifetime_value(margin: float, retention: float, discount: float, *, first_margin: bool = True) -> float:
    """
    Return the margin of a customer who stays each period with the same chance, for ever.

    Parameters
    ----------
    margin
        m, earned in each period he is one.
    retention
        r, share that stays from one period to the next, 0..1.
    discount
        i, rate per period, >= 0.
    first_margin
        With the margin of the first period, m (1 + i) / (1 + i - r); without it, m r / (1 + i - r).

    Raises
    ------
    AnalysisError
        If a rate is out of range, or nobody leaves and money is not discounted.
    """
    if not 0 <= retention <= 1 or discount < 0:
        raise AnalysisError(
            N_("Retention is {retention} and the rate {discount}, but must lie between 0 and 1, and be 0 or more."),
            retention=number(retention),
            discount=number(discount),
        )
    if retention == 1 and discount == 0:
        raise AnalysisError(
            N_("Nobody leaves and money is not discounted, so the value has no end. Set one of the two.")
        )
    return margin * ((1 + discount) if first_margin else retention) / (1 + discount - retention)


def _discounted_purchases(
    buying: Buying, ahead: float, discount: float, unit: str, x: Array, t_x: Array, T: Array
) -> Array:
    """Return expected purchases ahead, each discounted from the day it falls on: the integral of exp(-rate t) dE(t)."""
    rate = float(np.log1p(discount)) * DAYS[unit] / 365.25
    counted = np.exp(-rate * ahead) * buying.expected_purchases(ahead, x, t_x, T)
    if rate == 0:
        return counted
    # By parts; eight points of Gauss and Legendre are exact to seven figures, since the curve is smooth.
    nodes, weights = np.polynomial.legendre.leggauss(8)
    for node, weight in zip((nodes + 1) / 2 * ahead, weights / 2 * ahead, strict=True):
        counted = counted + rate * weight * np.exp(-rate * node) * buying.expected_purchases(node, x, t_x, T)
    return counted


def _figures(buying: Buying, spending: Spending, alpha: float) -> dict[str, Any]:
    from scipy.stats import norm

    figures: dict[str, Any] = {name: getattr(buying, name) for name in ("r", "alpha", "a", "b", "log_likelihood")}
    reach = float(norm.ppf(1 - alpha / 2))
    for i, name in enumerate(("r", "alpha", "a", "b")):
        value = figures[name]
        spread = None if buying.errors is None else float(buying.errors[i]) * reach
        figures[f"{name}_interval"] = None if spread is None else (value * np.exp(-spread), value * np.exp(spread))
    money = {name: getattr(spending, name) for name in ("p", "q", "v")}
    known = {name: value if np.isfinite(value) else None for name, value in money.items()}
    return figures | known | {"mean_spend": spending.mean}


def _conventions(summary: CustomerSummary, ahead: float, discount: float, alpha: float) -> tuple[str, ...]:
    units = {"day": N_("days"), "week": N_("weeks"), "month": N_("months")}
    said = [
        _(
            N_(
                "Purchases until {day}; time in {units}; purchases of one day are one; the first one is no repeat purchase."
            ),
            day=date_words(summary.until),
            units=_(units[summary.unit]),
        ),
        _(N_("BG/NBD and Gamma-Gamma by maximum likelihood; amounts are means of the repeat purchases.")),
        _(
            N_("Value is revenue, before margin, expected in the next {ahead} {units}."),
            ahead=number(ahead),
            units=_(units[summary.unit]),
        ),
        _(N_("Later purchases are discounted at {rate} a year, each from its day."), rate=percent(discount, 1))
        if discount
        else _(N_("Later purchases are not discounted.")),
        _(
            N_("Intervals of {level} by the curvature of the likelihood, on a logarithmic scale."),
            level=percent(1 - alpha),
        ),
    ]
    if summary.free:
        said.append(
            plural(
                "One purchase of amount 0 counts as a purchase.",
                "{count} purchases of amount 0 count as purchases.",
                summary.free,
            )
        )
    if "segment" in summary.table.columns:
        said.append(_(N_("A customer's segment is that of the last purchase.")))
    return tuple(said)


def _warnings(summary: CustomerSummary, buying: Buying, spending: Spending) -> tuple[str, ...]:
    said, table = [], summary.table
    if len(table) < FEW:
        said.append(
            _(
                N_("Only {count} customers, fewer than {few}: read with care."),
                count=number(len(table)),
                few=number(FEW),
            )
        )
    if _regular(table):
        said.append(
            _(N_("Purchases come at regular gaps, as under a contract or subscription: use `retention` for those."))
        )
    if buying.edge:
        said.append(
            _(
                N_(
                    "The likelihood has no maximum: customers differ too little, or the log is too short, to tell the parameters apart."
                )
            )
        )
    if spending.edge or spending.heavy:
        said.append(
            _(N_("The model of spending is on an edge; the mean over the customers seen stands in where it has none."))
        )
    related = _correlation(table)
    if abs(related) > RELATED:
        said.append(
            _(
                N_(
                    "How often and how much customers buy go together (correlation {value}), which Gamma-Gamma assumes they do not."
                ),
                value=number(related, 2),
            )
        )
    if summary.doubled:
        said.append(
            plural(
                "One row repeats another in customer, date and amount; it is added to that day's purchase.",
                "{count} rows repeat others in customer, date and amount; they are added to that day's purchase.",
                summary.doubled,
            )
        )
    return tuple(said)


def _regular(table: pd.DataFrame) -> bool:
    """Whether gaps vary so little within customers that a contract stands behind them: the median of those with three."""
    seen = table[(table["frequency"] >= 3) & (table["recency"] > 0) & table["gap_squares"].notna()]
    if len(seen) < 3:
        return False
    x = seen["frequency"].to_numpy(dtype=float)
    mean = seen["recency"].to_numpy(dtype=float) / x
    # One gap fewer than there are frees the mean.
    variance = np.maximum(seen["gap_squares"].to_numpy(dtype=float) - x * mean**2, 0) / (x - 1)
    return bool(np.median(np.sqrt(variance) / mean) < REGULAR)


def _correlation(table: pd.DataFrame) -> float:
    seen = table[(table["frequency"] > 0) & (table["monetary"] > 0)]
    if len(seen) < 3 or seen["frequency"].nunique() < 2 or seen["monetary"].nunique() < 2:
        return 0.0
    return float(np.corrcoef(np.log(seen["frequency"].astype(float)), np.log(seen["monetary"]))[0, 1])


def _require_options(horizon: float | None, discount: float) -> None:
    faults = []
    if horizon is not None and not 0 < horizon < float("inf"):
        faults.append(_(N_("the horizon is {found}, but must be above 0"), found=number(horizon)))
    if not 0 <= discount < float("inf"):
        faults.append(_(N_("the discount is {found}, but must be 0 or more, as a yearly rate"), found=number(discount)))
    if faults:
        raise AnalysisError(N_("Options that cannot be used: {faults}."), faults=listed(faults))
