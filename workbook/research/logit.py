"""What makes one alternative of a set be chosen? Conditional logit by maximum likelihood.

The chance to choose an alternative is exp(utility) over the sum of it in the task, utility a weighted sum of the
alternative's attributes. The log-likelihood is concave: scipy's trust-region search with gradient and Hessian finds its
one maximum, in columns scaled to one spread so that the unit of a price does not matter. Where there is no maximum the
reason is named: columns that say the same, or attributes that decide every choice (perfect separation).

Sources: McFadden (1974), Conditional logit analysis of qualitative choice behavior; Albert & Anderson (1984), Biometrika
71(1), on when estimates exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbook.errors import AnalysisError
from workbook.language import N_, listed

__all__ = ["Fit", "conditional_logit"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DOUBTFUL = 12.0
"""A utility this far from the chosen one's (a chance of 6 in a million) asks whether the maximum is finite."""


@dataclass(frozen=True)
class Fit:
    """
    A fitted conditional logit.

    ``coefficients`` (k,); ``covariance`` (k, k), the inverse of the Hessian; ``log_likelihood`` at them and ``empty`` at
    zero; ``scores`` (tasks, k), the gradient of each task's log-likelihood there.
    """

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    empty: float
    scores: Floats

    def clustered(self, groups: Ints) -> Floats:
        """Return the covariance that lets tasks of one group (a respondent) depend on each other; shape (k, k)."""
        count = int(groups.max()) + 1
        sums = np.stack([np.bincount(groups, column, count) for column in self.scores.T], axis=1)
        return self.covariance @ (sums.T @ sums) @ self.covariance * count / max(count - 1, 1)


def conditional_logit(design: Floats, starts: Ints, chosen: Ints, names: list[str]) -> Fit:
    """
    Fit a conditional logit.

    Parameters
    ----------
    design
        Attributes of each alternative, shape (rows, k); the rows of a task stand together.
    starts
        First row of each task, shape (tasks,), increasing from 0.
    chosen
        Row of the alternative chosen in each task, shape (tasks,).
    names
        What the columns are called in messages.

    Raises
    ------
    AnalysisError
        If columns say the same as others, or the likelihood has no finite maximum.
    """
    from scipy.optimize import minimize

    task = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(design)))
    apart = design - design[chosen][task]
    spread = np.sqrt((apart**2).mean(axis=0))
    _require_distinct(apart, spread, names)
    likelihood = _Likelihood(apart / spread, starts, task)
    found = minimize(
        likelihood.value,
        np.zeros(design.shape[1]),
        jac=likelihood.gradient,
        hess=likelihood.hessian,
        method="trust-exact",
        options={"gtol": 1e-7 * np.sqrt(len(starts)), "maxiter": 200},
    )
    if np.abs(likelihood.utilities(found.x)).max() > DOUBTFUL or not np.isfinite(found.x).all():
        _require_overlap(apart / spread, names)
    information = likelihood.hessian(found.x)
    # One Newton step more takes the gradient from small to rounding.
    best = found.x - np.linalg.solve(information, likelihood.gradient(found.x))
    covariance = np.linalg.inv(likelihood.hessian(best))
    return Fit(
        best / spread,
        covariance / np.outer(spread, spread),
        -likelihood.value(best),
        -float(np.log(np.diff(starts, append=len(design))).sum()),
        -likelihood.by_task(best) * spread,
    )


class _Likelihood:
    """Minus the log-likelihood of differences to the chosen alternative; keeps the chances of the last point asked for."""

    def __init__(self, apart: Floats, starts: Ints, task: Ints) -> None:
        self.apart, self.starts, self.task = apart, starts, task
        self._at: Floats | None = None

    def utilities(self, at: Floats) -> Floats:
        return self.apart @ at

    def _look(self, at: Floats) -> None:
        if self._at is not None and np.array_equal(self._at, at):
            return
        utility = self.utilities(at)
        top = np.maximum.reduceat(utility, self.starts)
        weight = np.exp(utility - top[self.task])
        total = np.add.reduceat(weight, self.starts)
        self._at, self._chance = at.copy(), weight / total[self.task]
        self._value = float((top + np.log(total)).sum())

    def value(self, at: Floats) -> float:
        self._look(at)
        return self._value

    def by_task(self, at: Floats) -> Floats:
        self._look(at)
        return np.add.reduceat(self.apart * self._chance[:, None], self.starts, axis=0)

    def gradient(self, at: Floats) -> Floats:
        self._look(at)
        return self.apart.T @ self._chance

    def hessian(self, at: Floats) -> Floats:
        mean = self.by_task(at)
        return (self.apart * self._chance[:, None]).T @ self.apart - mean.T @ mean


def _require_distinct(apart: Floats, spread: Floats, names: list[str]) -> None:
    """Raise when a column never differs within a task, or some together say the same."""
    still = [name for name, width in zip(names, spread, strict=True) if width == 0]
    if still:
        raise AnalysisError(
            N_("{columns} never differ within a task, so nothing can be said of them. Leave them out."),
            columns=listed(still[:5]),
        )
    values, vectors = np.linalg.eigh((apart / spread).T @ (apart / spread) / len(apart))
    if values[0] <= 1e-10 * values[-1]:
        same = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 1e-3]
        raise AnalysisError(
            N_(
                "{columns} say the same in every task, so their effects cannot be told apart. Leave one of them out, or "
                "vary them independently."
            ),
            columns=listed(same[:5]),
        )


def _require_overlap(apart: Floats, names: list[str]) -> None:
    """
    Raise when some direction of the coefficients never contradicts a choice (perfect or quasi-perfect separation).

    Such a direction has no row in which another alternative is better than the chosen one, and a row in which it is
    worse: a linear programme looks for it.
    """
    from scipy.optimize import linprog

    rows = apart[(apart != 0).any(axis=1)]
    found: Any = linprog(rows.sum(axis=0), A_ub=rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
    if found.status == 0 and found.fun < -1e-6 * len(rows) ** 0.5:
        decisive = [name for name, part in zip(names, found.x, strict=True) if abs(part) > 1e-6]
        raise AnalysisError(
            N_(
                "{columns} decide every choice alone (perfect separation), so their effect has no finite estimate. Ask more "
                "respondents, or leave them out."
            ),
            columns=listed(decisive[:5]),
        )
