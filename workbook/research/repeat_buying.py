"""Who buys again, how often and how much? BG/NBD and Gamma-Gamma, the models that a lifetime value stands on.

While alive a customer buys at a rate of his own, and after each purchase leaves with a chance of his own; rates follow a
gamma distribution, chances a beta. What he spends at a time varies around a mean of his own, and these means follow an
inverse gamma. Both are fitted by maximum likelihood.

Sources: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24(2); Fader & Hardie
(2013), "The Gamma-Gamma Model of Monetary Value", brucehardie.com/notes/025.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from workbook.errors import AnalysisError
from workbook.language import N_, number

__all__ = ["Buying", "Spending", "fitted_buying", "fitted_spending"]

Array = npt.NDArray[np.float64]

SAMPLED = 20_000
"""Customers of the sample that the fit is tried on first; so many give the estimates to a few per cent."""

WIDE = 14.0
"""Logarithms of parameters stay within this distance of the start: a fit that ends there has no maximum."""


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
