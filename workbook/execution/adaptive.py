"""How should the next visitors be spread over the variants, and can the test stop?

Thompson sampling: each variant gets the share of visitors that is its chance to be the best one, so that traffic moves
to the better page as results come in. Rates have a Beta distribution (flat prior), means Student's t (unknown variance).
A floor keeps every variant measured. The chance to be best is worked out by integration, not by draws, so that the same
results always give the same answer.

Sources: Thompson (1933), Biometrika 25; Scott (2010), "A modern Bayesian look at the multi-armed bandit", Applied
Stochastic Models in Business and Industry 26.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import Answer
from workbook.errors import AnalysisError
from workbook.execution.variants import Variants, require_spread, variants_of
from workbook.language import N_, number, percent
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Regret", "adaptive_test", "simulated_regret", "simulated_regret_of_times"]

Array = npt.NDArray[np.float64]

GRID = 4001
"""Points of the integration; the chances are then good to about 1e-6."""


def adaptive_test(table: pd.DataFrame, *, floor: float = 0.05, stop_at: float = 0.95, minimum: int = 100) -> Answer:
    """
    Return each variant's chance to be best and its share of the next visitors.

    Parameters
    ----------
    table
        One row per variant: variant, users, and conversions or mean and sd (session time, say).
    floor
        Least share of the visitors that each variant keeps; 0 to 1 over the number of variants.
    stop_at
        Chance to be best from which the test may stop; 0.5..1.
    minimum
        Users that every variant must have had before it may.

    Returns
    -------
    ``stop`` and ``reason``, and one row per variant: variant, users, rate or mean, chance_best, next_share.

    Raises
    ------
    TableError, AnalysisError
        As ``variants_of``; also when the floors leave nothing to move, or a mean has too few users.
    """
    import pandas as pd

    variants = variants_of(table)
    count = len(variants.names)
    if floor * count > 1:
        raise AnalysisError(
            N_(
                "A floor of {floor} for each of {count} variants is more than all visitors. Lower it to {most} at most."
            ),
            floor=percent(floor, 1),
            count=number(count),
            most=percent(1 / count, 1),
        )
    chances = _chances(_posteriors(variants))
    rows = pd.DataFrame(
        {
            "variant": variants.names,
            "users": variants.users.astype(int),
            "rate" if variants.conversions is not None else "mean": variants.means,
            "chance_best": chances,
            "next_share": floor + (1 - floor * count) * chances,
        }
    )
    stop, reason = _verdict(variants, chances, stop_at, minimum)
    return Answer(
        {"stop": stop, "reason": reason}, rows, int(variants.users.sum()), conventions=_conventions(variants, floor)
    )


@dataclass(frozen=True)
class Regret:
    """What is lost against showing the best variant to all, per simulation, shape (runs,): adaptive and fixed split."""

    adaptive: Array
    fixed: Array


DRAWS = 200
"""Draws of all variants by which a simulated test finds the chance of each to be the best."""


def simulated_regret(
    rates: npt.ArrayLike, visitors: int, *, batches: int = 20, floor: float = 0.05, runs: int = 1000, seed: int = 0
) -> Regret:
    """
    Return the conversions an adaptive test and one with a fixed split lose, for variants of known ``rates``, shape (k,).

    ``visitors`` arrive in ``batches`` of one size; the shares are set anew before each.
    """
    truth, rng = np.asarray(rates, dtype=float), np.random.default_rng(seed)
    won = seen = np.zeros((runs, len(truth)))

    def watched(users: npt.NDArray[np.int64]) -> Array:
        nonlocal won, seen
        seen = seen + users
        won = won + rng.binomial(users, truth)
        return rng.beta(1 + won[:, None, :], 1 + (seen - won)[:, None, :], size=(runs, DRAWS, len(truth)))

    return _lost(truth, visitors, watched, rng, batches, floor, runs)


def simulated_regret_of_times(
    means: npt.ArrayLike,
    deviation: float,
    visitors: int,
    *,
    batches: int = 20,
    floor: float = 0.05,
    runs: int = 1000,
    seed: int = 0,
) -> Regret:
    """
    Return the seconds an adaptive test and one with a fixed split lose, for variants of known ``means``, shape (k,).

    Times have one ``deviation``, > 0, that the test does not know; a floor of 0 may starve a variant of the two users that
    its spread asks for, and it then keeps the chance it had.
    """
    truth, rng = np.asarray(means, dtype=float), np.random.default_rng(seed)
    seen, mean, squares = (np.zeros((runs, len(truth))) for _each in range(3))

    def watched(users: npt.NDArray[np.int64]) -> Array:
        nonlocal seen, mean, squares
        some = np.maximum(users, 1)
        batch = rng.normal(truth, deviation / np.sqrt(some))
        spread = deviation**2 * 2 * rng.standard_gamma(np.maximum(users - 1, 0) / 2)
        both = seen + users
        gap = np.where(users > 0, batch - mean, 0.0)
        squares = squares + np.where(users > 1, spread, 0.0) + gap**2 * seen * users / np.maximum(both, 1)
        mean = mean + gap * users / np.maximum(both, 1)
        seen = both
        freedom = np.maximum(seen - 1, 1)
        error = np.sqrt(np.maximum(squares, 1e-12) / freedom / np.maximum(seen, 1))
        drawn = rng.standard_t(freedom[:, None, :], size=(runs, DRAWS, len(truth)))
        return np.asarray(mean[:, None, :] + error[:, None, :] * drawn)

    return _lost(truth, visitors, watched, rng, batches, floor, runs)


def _lost(
    truth: Array,
    visitors: int,
    watched: Callable[[npt.NDArray[np.int64]], Array],
    rng: np.random.Generator,
    batches: int,
    floor: float,
    runs: int,
) -> Regret:
    """Spread the visitors batch by batch; ``watched`` takes the users of each variant and draws from what is then known."""
    count, batch = len(truth), visitors // batches
    shown = np.zeros((runs, count))
    shares = np.full((runs, count), 1 / count)
    for _batch in range(batches):
        users = rng.multinomial(batch, shares)
        shown += users
        best = np.eye(count)[watched(users).argmax(axis=2)].mean(axis=1)
        shares = floor + (1 - floor * count) * best
        shares /= shares.sum(axis=1, keepdims=True)
    lost = truth.max() - truth
    split = rng.multinomial(batch * batches, np.full(count, 1 / count), size=runs)
    return Regret((shown * lost).sum(axis=1), (split * lost).sum(axis=1))


def _posteriors(variants: Variants) -> list[Any]:
    """Return a distribution of each variant's rate or mean."""
    from scipy import stats

    if variants.conversions is not None:
        return [
            stats.beta(1 + won, 1 + users - won)
            for won, users in zip(variants.conversions, variants.users, strict=True)
        ]
    require_spread(variants)
    return [
        stats.t(users - 1, loc=mean, scale=np.sqrt(error))
        for users, mean, error in zip(variants.users, variants.means, variants.errors, strict=True)
    ]


def _chances(posteriors: list[Any]) -> Array:
    """Return the chance of each to be the highest: its mass in each interval times the chance that all others lie below."""
    ends = np.array(
        [one.ppf([1e-10, 1e-6, 1e-3, 0.02, 0.5, 0.98, 1 - 1e-3, 1 - 1e-6, 1 - 1e-10]) for one in posteriors]
    )
    points = np.concatenate([np.linspace(a, b, GRID // 8) for row in ends for a, b in pairwise(row)])
    grid = np.unique(points)
    below = np.array([one.cdf(grid) for one in posteriors])
    middle = (below[:, 1:] + below[:, :-1]) / 2
    mass = np.diff(below, axis=1)
    chances = np.array([(mass[i] * np.delete(middle, i, axis=0).prod(axis=0)).sum() for i in range(len(posteriors))])
    return np.asarray(chances / chances.sum())


def _verdict(variants: Variants, chances: Array, stop_at: float, minimum: int) -> tuple[bool, str]:
    best = int(chances.argmax())
    values = {"variant": variants.names[best], "chance": percent(chances[best], 1), "wanted": percent(stop_at)}
    waiting = [name for name, users in zip(variants.names, variants.users, strict=True) if users < minimum]
    if variants.conversions is not None and not variants.conversions.any():
        return False, _(N_("Go on: no variant has a conversion yet, so that nothing tells them apart."))
    if waiting:
        return False, _(
            N_("Go on: “{variant}” has had fewer than {minimum} users."), variant=waiting[0], minimum=number(minimum)
        )
    if chances[best] >= stop_at:
        return True, _(N_("Stop: “{variant}” is the best with a chance of {chance}, {wanted} or more."), **values)
    return False, _(N_("Go on: the best so far, “{variant}”, has a chance of {chance}, less than {wanted}."), **values)


def _conventions(variants: Variants, floor: float) -> tuple[str, ...]:
    prior = (
        N_("Beta distribution of each rate, flat prior.")
        if variants.conversions is not None
        else N_("Student's t of each mean: normal figures of unknown variance.")
    )
    return (
        _(prior),
        _(
            N_("Thompson sampling: the next share is the chance to be best, at least {floor} for each."),
            floor=percent(floor),
        ),
    )
