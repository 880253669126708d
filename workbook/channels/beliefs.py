"""How sure are we of a curve? Assumed, observed or tested: a response curve with its uncertainty, and how a test moves it.

A belief is a curve and the covariance of the logarithms of its parameters. It begins as an assumption (three points of
an expert, or a benchmark) or as an observation (``fitting``). A lift test says how much more came of spending one
amount rather than another: the belief after it is the one that fits both the belief before and the test, each by how
sure it is (a Gaussian approximation of Bayes' rule). What was shown before is kept, so that both can be shown.

Source: Gordon, Zettelmeyer, Bhargava & Chapsky (2019), "A comparison of approaches to advertising measurement",
Marketing Science 38(2), for why a test outranks an observation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from workbook.channels.response import Exponential, Hill, through_estimate
from workbook.errors import AnalysisError
from workbook.language import N_, number
from workbook.plan.model import Basis, Curve

__all__ = [
    "CEILING_WHEN_UNKNOWN",
    "Belief",
    "LiftTest",
    "assumed",
    "believed",
    "from_benchmark",
    "from_points",
    "lifted",
    "tested_by",
]

Array = npt.NDArray[np.float64]

RANGE = 1.2816
"""Standard deviations from the middle to either end of a range that holds the truth four times in five."""

CEILING_WHEN_UNKNOWN = 2.0
"""A ceiling nobody estimated is this many times the likely figure: judgement, said beside the curve."""

HALF_SPREAD, SHAPE_SPREAD, LEAST_SPREAD = 0.5, 0.25, 0.05
"""How unsure an expert's half-spend and shape are (standard deviation of the logarithm), and the least of the outcome."""

NOT_COSTS = {
    "roi": N_("ROI is profit over spend"),
    "roas": N_("ROAS is revenue over spend"),
}
"""Benchmarks that are ratios of money, and no cost of an outcome."""


@dataclass(frozen=True, eq=False)
class Belief:
    """
    A curve and how unsure it is.

    Parameters
    ----------
    curve
        The most likely one.
    covariance
        Of the logarithms of its parameters, in the order of its fields, shape (2, 2) or (3, 3).
    basis
        Assumed, observed or tested.
    """

    curve: Hill | Exponential
    covariance: Array
    basis: Basis

    def draws(self, count: int = 1000, *, seed: int = 0) -> Array:
        """Return parameters that could be true, shape (count, parameters)."""
        rng = np.random.default_rng(seed)
        logs = rng.multivariate_normal(
            _logs(self.curve), self.covariance, size=count, method="eigh", check_valid="ignore"
        )
        return np.asarray(np.exp(logs))

    def band(
        self, spend: npt.ArrayLike, *, alpha: float = 0.2, count: int = 1000, seed: int = 0
    ) -> tuple[Array, Array]:
        """Return the ends of the interval of the outcome at each ``spend`` (n,), which holds it by 1 - ``alpha``."""
        spends = np.asarray(spend, dtype=float)
        parameters = self.draws(count, seed=seed)
        drawn = type(self.curve)(*(parameters[:, [i]] for i in range(parameters.shape[1]))).outcome(spends[None, :])  # type: ignore[arg-type]
        low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2], axis=0)
        return low, high

    def scaled(self, *, spend: float, outcome: float) -> Belief:
        """Return the belief in other units: ``spend`` times the money, ``outcome`` times the outcome."""
        values = _parameters(self.curve)
        values[0] *= outcome
        values[1] *= spend
        return Belief(type(self.curve)(*(float(v) for v in values)), self.covariance, self.basis)


@dataclass(frozen=True)
class LiftTest:
    """
    What a test found: spending ``spend_with`` instead of ``spend_without`` brought ``lift`` more, from ``low`` to ``high``.

    All for the period the curve is in. The interval holds the truth by ``level``; where the test gave none it is taken as
    a third of the lift either way.
    """

    spend_without: float
    spend_with: float
    lift: float
    low: float | None = None
    high: float | None = None
    level: float = 0.8

    def __post_init__(self) -> None:
        amounts = (self.spend_without, self.spend_with, self.lift)
        if not all(math.isfinite(a) for a in amounts) or not 0 <= self.spend_without < self.spend_with:
            raise AnalysisError(
                N_(
                    "The test compares a spend of {without} with {more}. The second must be over the first, both 0 or more."
                ),
                without=number(self.spend_without),
                more=number(self.spend_with),
            )
        if self.low is not None and self.high is not None and not self.low <= self.lift <= self.high:
            raise AnalysisError(
                N_("The lift of {lift} lies outside its interval, {low} to {high}. Correct one of them."),
                lift=number(self.lift),
                low=number(self.low),
                high=number(self.high),
            )

    @property
    def error(self) -> float:
        """Standard error of the lift."""
        if self.low is None or self.high is None or self.low == self.high:
            return max(abs(self.lift) / 3, 1e-9)
        from statistics import NormalDist

        return (self.high - self.low) / 2 / NormalDist().inv_cdf((1 + self.level) / 2)


def assumed(curve: Curve) -> Belief | None:
    """Return what the team's estimate says of a curve of the plan; None while spend or likely figure are missing."""
    estimate = curve.estimate
    if not estimate.spend or not estimate.likely:
        return None
    belief = from_points(
        estimate.spend,
        estimate.likely,
        low=estimate.low,
        high=estimate.high,
        ceiling=curve.ceiling or CEILING_WHEN_UNKNOWN * estimate.likely,
        shape=curve.shape,
    )
    return Belief(belief.curve, belief.covariance, curve.basis)


def tested_by(curve: Curve) -> LiftTest | None:
    """Return the test whose result stands on a curve of the plan; None where there is none, or not all of it."""
    lift = curve.lift
    if lift.without is None or lift.during is None or lift.likely is None:
        return None
    return LiftTest(lift.without, lift.during, lift.likely, lift.low, lift.high)


@lru_cache(maxsize=256)
def believed(curve: Curve) -> Belief | None:
    """Return what is believed of a curve of the plan: the estimate, moved by the test where there is one; once a curve."""
    before, test = assumed(curve), tested_by(curve)
    return before if before is None or test is None else lifted(before, test)


def from_points(
    spend: float,
    likely: float,
    *,
    low: float | None = None,
    high: float | None = None,
    ceiling: float,
    shape: float = 1.0,
) -> Belief:
    """
    Return what an expert's three points say: the curve through the likely one, as unsure as low and high are apart.

    Low and high are read as the ends of a range that holds the truth four times in five.

    Raises
    ------
    AnalysisError
        If the points fall instead of rising, or no curve goes through the likely one.
    """
    points = [point for point in (low, likely, high) if point is not None]
    if points != sorted(points):
        raise AnalysisError(
            N_("Low, likely and high are {points}, but must rise. Put them in order."),
            points=", ".join(number(point) for point in points),
        )
    curve = through_estimate(spend, likely, ceiling=ceiling, shape=shape)
    ends = [math.log(max(end, likely / 100) / likely) for end in (low, high) if end is not None]
    spread = sum(abs(end) for end in ends) / len(ends) / RANGE if ends else HALF_SPREAD
    return Belief(curve, np.diag([max(spread, LEAST_SPREAD), HALF_SPREAD, SHAPE_SPREAD]) ** 2, Basis.ASSUMED)


def from_benchmark(
    spend: float,
    cost: float,
    *,
    metric: str,
    low: float | None = None,
    high: float | None = None,
    ceiling: float = 2.0,
    shape: float = 1.0,
) -> Belief:
    """
    Return what a published cost of an outcome says at one level of spend.

    Parameters
    ----------
    spend, cost
        Money, and money per outcome (lead, customer); ``low`` and ``high`` the ends of the cost's published range.
    metric
        As the benchmark calls it; ratios of money such as ROI and ROAS are refused.
    ceiling
        The most the channel could bring, as a multiple of what it brings at ``spend``: judgement, > 1.
    shape
        Above 1 for an S-shaped curve.

    Raises
    ------
    AnalysisError
        If the metric is no cost of an outcome, or the cost is not above 0.
    """
    word = next((name for name in NOT_COSTS if name in metric.lower()), None)
    if word is not None:
        from workbook.language import translated

        raise AnalysisError(
            N_("“{metric}” is no cost of an outcome: {why}. Take a cost per lead or per customer instead."),
            metric=metric,
            why=translated(NOT_COSTS[word]),
        )
    costs = [c for c in (low, cost, high) if c is not None]
    if not all(0 < c < math.inf for c in costs):
        raise AnalysisError(
            N_("A cost per outcome is {found}, but must be above 0. Correct it."), found=number(min(costs))
        )
    likely = spend / cost
    return from_points(
        spend,
        likely,
        low=None if high is None else spend / high,
        high=None if low is None else spend / low,
        ceiling=ceiling * likely,
        shape=shape,
    )


def lifted(before: Belief, test: LiftTest) -> Belief:
    """
    Return the belief after ``test``: tested, and surer than before wherever the test speaks of it.

    The parameters are those that lie nearest both to the belief before and to the lift, each distance in its own
    standard deviations. The covariance is that of the curvature there.
    """
    from scipy.optimize import least_squares

    centre = _logs(before.curve)
    # A covariance may be all but flat in a direction; what is added there is far below any uncertainty that matters.
    root = np.linalg.cholesky(before.covariance + 1e-10 * np.eye(len(centre)))
    family = type(before.curve)

    def misfit(logs: Array) -> Array:
        curve = family(*np.exp(np.clip(logs, -300, 300)))
        gained = float(curve.outcome(test.spend_with) - curve.outcome(test.spend_without))
        return np.append(np.linalg.solve(root, logs - centre), (gained - test.lift) / test.error)

    found = least_squares(misfit, centre, x_scale=np.sqrt(np.diag(before.covariance)) + 1e-9)
    slopes = np.asarray(found.jac, dtype=float)
    covariance = np.linalg.inv(slopes.T @ slopes)
    return Belief(family(*(float(v) for v in np.exp(found.x))), covariance, Basis.TESTED)


def _parameters(curve: Hill | Exponential) -> Array:
    if isinstance(curve, Hill):
        return np.array([curve.maximum, curve.half_spend, curve.shape], dtype=float)
    return np.array([curve.maximum, curve.scale], dtype=float)


def _logs(curve: Hill | Exponential) -> Array:
    return np.log(np.maximum(_parameters(curve), 1e-300))
