"""What is a customer worth who may buy again, or be gone without a word? BG/NBD for how often, Gamma-Gamma for how much.

While alive a customer buys at a rate of his own, and after each purchase leaves with a chance of his own; rates follow a
gamma distribution, chances a beta. What he spends at a time varies around a mean of his own, and these means follow an
inverse gamma. Both models are fitted by maximum likelihood; one row per customer (``purchases.customer_summary``) is all
they read. For contracts and subscriptions, where leaving is seen, use ``retention``.

Sources: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24(2); Fader & Hardie
(2013), "The Gamma-Gamma Model of Monetary Value", brucehardie.com/notes/025; Gupta & Lehmann (2003), "Customers as
Assets", Journal of Interactive Marketing 17(1), for the simple formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.errors import AnalysisError
from workbook.language import N_, date_words, listed, number, percent, plural
from workbook.language import translated as _
from workbook.research.purchases import DAYS, CustomerSummary, customer_summary, summarised

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Buying", "Spending", "fitted_buying", "fitted_spending", "lifetime_value", "simple_lifetime_value"]

Array = npt.NDArray[np.float64]

SAMPLED = 20_000
"""Customers of the sample that the fit is tried on first; so many give the estimates to a few per cent."""

WIDE = 14.0
"""Logarithms of parameters stay within this distance of the start: a fit that ends there has no maximum."""

REGULAR = 0.35
"""Gaps of one customer vary by about their mean when purchases come at random; contracts vary by a tenth of it."""

RELATED = 0.3
"""Correlation of how often and how much, in size, above which Gamma-Gamma's independence is doubted: judgement."""


@dataclass(frozen=True)
class Buying:
    """
    BG/NBD as fitted: rates ~ Gamma(``r``, ``alpha``), chances to leave after a purchase ~ Beta(``a``, ``b``).

    ``alpha`` counts in the unit of time of the customers it was fitted to. ``errors`` are the standard errors of the
    logarithms of the four, None where the likelihood is flat; ``edge`` tells that it has no maximum.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    errors: Array | None = None
    edge: bool = False

    def alive(self, frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> Array:
        """Return the chance that each customer is still one; 1 without a repeat purchase, by the model."""
        from scipy.special import expit

        x, t_x, T = _checked(frequency, recency, age)
        with np.errstate(divide="ignore"):
            gone = np.log(self.a / (self.b + np.maximum(x, 1) - 1))
        gone = gone + (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        return np.where(x > 0, expit(-gone), 1.0)

    def staying(self, time: float, frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> Array:
        """
        Return the chance that each customer, if one today, still is one after ``time``, in the unit of ``age``.

        A customer known to be alive buys at a rate ~ Gamma(r + x, alpha + T) and leaves after a purchase with a chance ~
        Beta(a, b + x): the mean of exp(-rate x chance x time) over both is a hypergeometric function.
        """
        from scipy.special import hyp2f1

        x, _t_x, T = _checked(frequency, recency, age)
        return np.clip(hyp2f1(self.r + x, self.a, self.a + self.b + x, -time / (self.alpha + T)), 0.0, 1.0)

    def expected_purchases(
        self, time: float, frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike
    ) -> Array:
        """
        Return the expected purchases of each customer in the next ``time``.

        Parameters
        ----------
        time
            >= 0, in the unit of ``recency`` and ``age``.
        frequency
            Repeat purchases so far, shape (n,), integers >= 0.
        recency, age
            Time from the first purchase to the last one, and to today, shape (n,).

        Raises
        ------
        AnalysisError
            If any customer has recency > age, or a figure is negative.

        References
        ----------
        Fader, Hardie & Lee (2005), equation 10, by Euler's transformation of the hypergeometric function, which does
        not overflow for customers with hundreds of purchases.
        """
        x, t_x, T = _checked(frequency, recency, age)
        a = self.a if abs(self.a - 1) > 1e-7 else 1 + 1e-7  # the limit at 1 is finite, the formula is not
        c = a + self.b + x - 1
        c = np.where(np.abs(c) < 1e-9, 1e-9, c)
        shape, rate = self.r + x, (self.r + x) / (self.alpha + T)
        while_one = c / (a - 1) * (1 - self._shrinkage(time / (self.alpha + T + time), a, c, x))
        # Chances to leave that hardly differ between customers overflow the series: there all have the mean one.
        leaves = a / (c + 1)
        alike = -np.expm1(-shape * np.log1p(leaves * time / (self.alpha + T))) / leaves
        while_one = np.where(np.isfinite(while_one), while_one, alike)
        return np.clip(while_one, 0.0, rate * time) * self.alive(x, t_x, T)

    def _shrinkage(self, z: Array, a: float, c: Array, x: Array) -> Array:
        """Return (1 - z)^(r + x) 2F1(r + x, b + x; c; z), of its two forms by the one whose series stays bounded."""
        from scipy.special import hyp2f1

        plain = self.r + x <= a - 1
        power = np.where(plain, self.r + x, a - 1)
        first, second = np.where(plain, self.r + x, c - self.r - x), np.where(plain, self.b + x, a - 1)
        with np.errstate(all="ignore"):
            return np.asarray((1 - z) ** power * hyp2f1(first, second, c, z))


@dataclass(frozen=True)
class Spending:
    """
    Gamma-Gamma as fitted: one purchase ~ Gamma(``p``, scale), scales ~ Gamma(``q``, ``v``).

    ``v`` counts in money; the three are NaN where there is no model. ``mean`` is that of all customers; where ``q`` <= 1
    it would be infinite, and the mean over the customers seen stands in (``heavy``).
    """

    p: float
    q: float
    v: float
    mean: float
    heavy: bool = False
    edge: bool = False

    def expected_amount(self, frequency: npt.ArrayLike, monetary: npt.ArrayLike) -> Array:
        """Return what each customer will spend at a time, shape (n,): between his mean and that of all."""
        x, m = np.asarray(frequency, dtype=float), np.asarray(monetary, dtype=float)
        seen = (x > 0) & (m > 0)
        weight = self.p * x + self.q - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            own = self.p * (self.v + x * m) / weight
        return np.where(seen & (weight > 0), own, self.mean)


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


def fitted_buying(frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> Buying:
    """
    Fit BG/NBD to customers by maximum likelihood.

    Parameters
    ----------
    frequency, recency, age
        As of ``Buying.expected_purchases``, in any unit of time.

    Raises
    ------
    AnalysisError
        If nobody bought a second time, or no time has passed.
    """
    import pandas as pd

    x, t_x, T = _checked(frequency, recency, age)
    if not (x > 0).any():
        raise AnalysisError(
            N_(
                "Nobody bought a second time ({count} customers, one purchase each), so there is no rate to estimate. "
                "Bring in a longer log."
            ),
            count=number(len(x)),
        )
    # Customers who look alike are one term of the likelihood.
    alike = pd.DataFrame({"x": x, "t_x": t_x, "T": T}).value_counts(sort=False).reset_index()
    columns = [alike[name].to_numpy(dtype=float) for name in ("x", "t_x", "T", "count")]
    scale = float(np.average(columns[2], weights=columns[3])) or 1.0

    def surface(logs: Array, every: int = 1) -> tuple[float, Array]:
        return _buying_surface(logs, *(column[::every] for column in columns))

    starts = [np.log([r, r * 0.5 * scale, a, b]) for r, a, b in ((0.5, 0.7, 2.5), (1.5, 0.3, 3.0), (0.2, 1.5, 1.5))]
    logs, value, edge = _lowest(surface, _tried(surface, starts, len(columns[0])))
    r, alpha, a, b = (float(one) for one in np.exp(logs))
    return Buying(r, alpha, a, b, -value, None if edge else _errors(surface, logs), edge)


def _buying_surface(logs: Array, x: Array, t_x: Array, T: Array, count: Array) -> tuple[float, Array]:
    """Return minus the log-likelihood at the logarithms of r, alpha, a, b, and its gradient (equation 6)."""
    from scipy.special import betaln, digamma, gammaln

    r, alpha, a, b = np.exp(logs)
    again = x > 0
    before = np.maximum(b + x - 1, 1e-300)
    lived = -(r + x) * np.log(alpha + T)
    left = np.where(again, np.log(a) - np.log(before) - (r + x) * np.log(alpha + t_x), -np.inf)
    both = np.logaddexp(lived, left)
    fixed = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    stay, leave = np.exp(lived - both), np.exp(left - both)
    d_r = digamma(r + x) - digamma(r) + np.log(alpha) - stay * np.log(alpha + T) - leave * np.log(alpha + t_x)
    d_alpha = r / alpha - (r + x) * (stay / (alpha + T) + leave / (alpha + t_x))
    shared = digamma(a + b) - digamma(a + b + x)
    d_a = shared + leave / a
    d_b = shared + digamma(b + x) - digamma(b) - np.where(again, leave / before, 0.0)
    slope = np.array([(count * d).sum() for d in (d_r, d_alpha, d_a, d_b)]) * np.exp(logs)
    return -float((count * (fixed + both)).sum()), -slope


def fitted_spending(frequency: npt.ArrayLike, monetary: npt.ArrayLike) -> Spending:
    """
    Fit Gamma-Gamma to the customers who bought again, by maximum likelihood.

    Parameters
    ----------
    frequency
        Repeat purchases, shape (n,).
    monetary
        Mean amount of those purchases, shape (n,); customers without one, or with an amount of 0, do not count.

    Raises
    ------
    AnalysisError
        If fewer than two customers have an amount, or all spend the same.
    """
    x, m = np.asarray(frequency, dtype=float), np.asarray(monetary, dtype=float)
    used = (x > 0) & (m > 0) & np.isfinite(m)
    x, m = x[used], m[used]
    if len(m) < 2:
        raise AnalysisError(
            N_(
                "The model of spending needs two customers or more with an amount on a repeat purchase; there are {count}."
            ),
            count=number(len(m)),
        )
    scale = float(m.mean())
    if np.ptp(m) < 1e-9 * scale:
        raise AnalysisError(
            N_("Every customer spends the same, {amount} at a time, so there is no spread for the model of spending."),
            amount=number(scale),
        )
    m = m / scale

    def surface(logs: Array, every: int = 1) -> tuple[float, Array]:
        return _spending_surface(logs, x[::every], m[::every])

    starts = [np.log([p, q, v]) for p, q, v in ((5.0, 4.0, 0.6), (1.5, 2.0, 0.7), (20.0, 8.0, 0.4))]
    logs, _value, edge = _lowest(surface, _tried(surface, starts, len(m)))
    p, q, v = (float(one) for one in np.exp(logs))
    heavy = q <= 1
    return Spending(p, q, v * scale, scale * (1.0 if heavy else p * v / (q - 1)), heavy, edge)


def _spending_surface(logs: Array, x: Array, m: Array) -> tuple[float, Array]:
    """Return minus the log-likelihood at the logarithms of p, q, v, and its gradient (Fader & Hardie 2013, eq. 1a)."""
    from scipy.special import digamma, gammaln

    p, q, v = np.exp(logs)
    total = x * m + v
    log_share = np.log(x * m) - np.log(total)
    each = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * (np.log(v) - np.log(total)) + p * x * log_share
    each = each - np.log(m)
    d_p = x * (digamma(p * x + q) - digamma(p * x) + log_share)
    d_q = digamma(p * x + q) - digamma(q) + np.log(v) - np.log(total)
    d_v = q / v - (p * x + q) / total
    slope = np.array([d.sum() for d in (d_p, d_q, d_v)]) * np.exp(logs)
    return -float(each.sum()), -slope


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


def _tried(surface: Callable[..., tuple[float, Array]], starts: list[Array], count: int) -> list[Array]:
    """Return where to start from: of many customers, the lowest point that an even sample of them has, if it is inside."""
    every = count // SAMPLED
    if every < 2:
        return starts
    logs, _value, edge = _lowest(partial(surface, every=every), starts)
    return starts if edge else [logs]


def _lowest(surface: Callable[[Array], tuple[float, Array]], starts: list[Array]) -> tuple[Array, float, bool]:
    """Return the lowest point found from several starts, its value, and whether it lies on the edge."""
    from scipy.optimize import minimize

    best: Any = None
    for start in starts:
        bounds = [(one - WIDE, one + WIDE) for one in start]
        with np.errstate(all="ignore"):
            found: Any = minimize(
                surface,
                start,
                jac=True,
                method="L-BFGS-B",
                bounds=bounds,
                options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 2000},
            )
        edge = bool(np.any(np.abs(found.x - start) > WIDE - 2))
        if np.isfinite(found.fun) and (best is None or found.fun < best[1] - 1e-9 * abs(best[1])):
            best = (found.x, float(found.fun), edge)
    if best is None:
        raise AnalysisError(N_("The model cannot be fitted: its likelihood is not finite. Check times and amounts."))
    return best


def _errors(surface: Callable[[Array], tuple[float, Array]], logs: Array) -> Array | None:
    """Return standard errors by the observed information, from differences of the gradient; None where it is flat."""
    step = 1e-4
    shifts = step * np.eye(len(logs))
    bend = np.array([(surface(logs + s)[1] - surface(logs - s)[1]) / (2 * step) for s in shifts])
    try:
        variances = np.diag(np.linalg.inv((bend + bend.T) / 2))
    except np.linalg.LinAlgError:
        return None
    return np.sqrt(variances) if np.all(variances > 0) and np.all(np.isfinite(variances)) else None


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


def _checked(frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> tuple[Array, Array, Array]:
    x, t_x, T = (np.asarray(one, dtype=float) for one in (frequency, recency, age))
    wrong = ~((x >= 0) & (t_x >= 0) & (t_x <= T + 1e-9) & np.isfinite(T))
    if wrong.any():
        raise AnalysisError(
            N_(
                "Customers with a negative figure, or a last purchase after the end of the time looked at: {count}. "
                "Correct frequency, recency and age."
            ),
            count=number(int(wrong.sum())),
        )
    return x, t_x, T


def _require_options(horizon: float | None, discount: float) -> None:
    faults = []
    if horizon is not None and not 0 < horizon < float("inf"):
        faults.append(_(N_("the horizon is {found}, but must be above 0"), found=number(horizon)))
    if not 0 <= discount < float("inf"):
        faults.append(_(N_("the discount is {found}, but must be 0 or more, as a yearly rate"), found=number(discount)))
    if faults:
        raise AnalysisError(N_("Options that cannot be used: {faults}."), faults=listed(faults))
