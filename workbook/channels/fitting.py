"""What did each channel bring? Response curves from a history of spend and outcome.

The outcome of a period = base + controls + what each channel brings of its stock. The stock carries spend over: it holds
a share ``carryover`` of what it held a period before, and the rest of what is spent now, so that steady spend makes a
stock of the same size and the curve reads "per period, at steady spend". The curve is Hill's or the exponential one.

All parameters are found at once by penalised least squares: to the misfit, in units of the noise, is added how far each
parameter lies from what is usual before any data, so that a channel of which the history says little stays where
experience would put it, with a wide interval. Intervals come from the curvature at the optimum (Laplace). The priors are
judgement, the same for every channel, and stand in ``PRIORS``: half-spend relative to the stock at which the average
euro was spent, the maximum relative to the mean outcome.

Source: Jin, Wang, Sun, Chan & Koehler (2017), "Bayesian methods for media mix modeling with carryover and shape
effects", Google.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.channels.beliefs import Belief
from workbook.channels.history import History, read_history
from workbook.channels.response import Exponential, Hill
from workbook.errors import SHOWN_AT_ONCE, AnalysisError
from workbook.language import N_, listed, number, percent
from workbook.language import translated as _
from workbook.plan.model import Basis

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PRIORS", "Fit", "FittedChannel", "fitted", "response_curve"]

Array = npt.NDArray[np.float64]

PRIORS = {"maximum": (0.6, 1.0), "half_spend": (1.2, 0.8), "carryover": (0.35, 1.2), "shape": (1.3, 0.5)}
"""Middle, and standard deviation of the logarithm (of the odds, for the carryover)."""

BASE, ALONE = (0.5, 1.0), (0.0, 0.3)
"""Middle and standard deviation of the base, over the mean outcome: of a total, and of what is attributed to a channel."""

FALLING = -2.0
"""A slope this many standard errors under 0 is called falling."""

ROUNDS, STARTS = 6, 3


@dataclass(frozen=True, eq=False)
class FittedChannel:
    """
    What the history says of one channel, per period.

    ``belief`` is its curve at steady spend, ``carryover`` (0..1) and ``odds`` the middle and the standard deviation of
    its log odds, ``spend`` and ``outcome`` what it got on average and what so much brings at steady pace, ``r_squared``
    of the fit it comes from. ``falling`` where more spend went with less.
    """

    channel: str
    belief: Belief
    carryover: float
    odds: tuple[float, float]
    spend: float
    outcome: float
    r_squared: float
    falling: bool

    def carryover_interval(self, alpha: float) -> tuple[float, float]:
        """Return the ends of the interval of the carryover, which holds it by 1 - ``alpha``."""
        from statistics import NormalDist

        away = self.odds[1] * NormalDist().inv_cdf(1 - alpha / 2)
        return float(_share(self.odds[0] - away)), float(_share(self.odds[0] + away))


@dataclass(frozen=True, eq=False)
class Fit:
    """All channels of a history; ``base`` is the outcome of a mean period without any spend (missing if attributed)."""

    channels: tuple[FittedChannel, ...]
    history: History
    base: float
    noise: float
    r_squared: float


def response_curve(
    rows: pd.DataFrame,
    *,
    attributed: bool = False,
    kind: str = "hill",
    adstock: str = "normalised",
    alpha: float = 0.2,
    seed: int = 0,
) -> Answer:
    """
    Estimate the response curve of each channel from its history.

    Parameters
    ----------
    rows
        One row per period and channel: period, channel, spend (money, >= 0), outcome (the period's total on each of its
        rows; the channel's own with ``attributed``), and any further numeric columns as controls (one value a period).
    kind
        "hill" or "exponential".
    adstock
        "normalised": the stock of steady spend equals the spend; "summed": it is 1 / (1 - carryover) times that, and
        so are half_spend and scale.
    alpha
        Intervals hold the truth by 1 - ``alpha``; 0..1.
    seed
        Makes starts and draws repeatable.

    Returns
    -------
    One row per channel: channel, kind, maximum_outcome, half_spend and shape (or scale), carryover, the mean spend, the
    outcome it brings, share of all outcome, marginal_return, intervals, fit (R squared), evidence.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If the history is too short or cannot be read.
    """
    history = read_history(rows, attributed=attributed)
    fit = fitted(history, kind=kind, seed=seed)
    import pandas as pd

    table = pd.DataFrame([_row(one, fit, adstock, alpha, seed) for one in fit.channels])
    figures = {"periods": len(history.periods), "fit": fit.r_squared}
    if not attributed:
        figures |= {"base": fit.base, "noise": fit.noise}
    return Answer(
        figures, table, history.rows, history.excluded, _conventions(history, adstock, alpha), tuple(_warnings(fit))
    )


def fitted(history: History, *, kind: str = "hill", seed: int = 0) -> Fit:
    """
    Fit all channels of ``history``: at once to the total, one by one where outcomes are attributed.

    Raises
    ------
    AnalysisError
        If ``kind`` is unknown.
    """
    if kind not in ("hill", "exponential"):
        raise AnalysisError(N_("A curve is “hill” or “exponential”, not “{found}”."), found=kind)
    if history.attributed is None:
        return _fit(history, history.outcome, kind, seed, alone=False)
    fits = [
        _fit(history.only(i), history.attributed[:, i], kind, seed, alone=True) for i in range(len(history.channels))
    ]
    channels = tuple(channel for fit in fits for channel in fit.channels)
    misfit = sum(fit.noise**2 for fit in fits)
    return Fit(channels, history, float("nan"), float(misfit**0.5), float(np.mean([fit.r_squared for fit in fits])))


def _fit(history: History, outcome: Array, kind: str, seed: int, *, alone: bool) -> Fit:
    """Fit the channels to one series of outcomes, everything in units of its mean."""
    size = _typical(outcome)
    units = _stock_of_the_average_euro(history.spend)
    model = _Model(history.spend / units, outcome / size, history.controls, kind, alone=alone)
    theta, covariance, noise = _solved(model, seed)
    misfit = model.mean(theta) - model.outcome
    spread = float(((model.outcome - model.outcome.mean()) ** 2).sum())
    r_squared = 1 - float((misfit**2).sum()) / spread if spread > 0 else 0.0
    falling = _falling(model)
    channels = tuple(
        _channel(history, i, model, theta, covariance, (units[i], size), r_squared, falling[i])
        for i in range(len(history.channels))
    )
    return Fit(channels, history, float(theta[model.base]) * size, noise * size, r_squared)


def _channel(
    history: History,
    i: int,
    model: _Model,
    theta: Array,
    covariance: Array,
    units: tuple[float, float],
    r_squared: float,
    falling: bool,
) -> FittedChannel:
    places = i * model.per + np.array([0, 1, 3][: model.per - 1])
    values = [float(v) for v in np.exp(theta[places])]
    curve = Hill(*values) if model.kind == "hill" else Exponential(*values)
    belief = Belief(curve, covariance[np.ix_(places, places)], Basis.OBSERVED).scaled(spend=units[0], outcome=units[1])
    place = i * model.per + 2
    spend = float(history.spend[:, i].mean())
    return FittedChannel(
        history.channels[i],
        belief,
        float(_share(theta[place])),
        (float(theta[place]), float(np.sqrt(covariance[place, place]))),
        spend,
        float(belief.curve.outcome(spend)),
        r_squared,
        falling,
    )


class _Model:
    """The outcome as a function of all parameters: per channel log maximum, log half-spend, carryover, log shape."""

    def __init__(self, spend: Array, outcome: Array, controls: Array, kind: str, *, alone: bool) -> None:
        self.spend, self.outcome, self.kind = spend, outcome, kind
        self.count = spend.shape[1]
        self.per = 4 if kind == "hill" else 3
        self.base = self.count * self.per
        spread = controls.std(axis=0)
        self.linear = np.column_stack([np.ones(len(outcome)), (controls - controls.mean(axis=0)) / spread])
        names = ("maximum", "half_spend", "carryover", "shape")[: self.per]
        centre = np.array([_centre(name, self.count, alone=alone) for name in names])
        base = ALONE if alone else BASE
        others = self.linear.shape[1] - 1
        self.centre = np.concatenate([np.tile(centre, self.count), [base[0]], np.zeros(others)])
        wide = [PRIORS[name][1] for name in names]
        self.spread = np.concatenate([np.tile(wide, self.count), [base[1]], np.ones(others)])

    def mean(self, theta: Array) -> Array:
        """Return the expected outcome of each period."""
        return np.asarray(self._parts(theta)[0])

    def slopes(self, theta: Array) -> Array:
        """Return its derivatives, shape (periods, parameters)."""
        return self._parts(theta)[1]

    def _parts(self, theta: Array) -> tuple[Array, Array]:
        own = theta[: self.base].reshape(self.count, self.per)
        top, half, carried = np.exp(own[:, 0]), np.exp(own[:, 1]), _share(own[:, 2])
        stock, moved = _stock(self.spend, carried)
        moved = moved * carried * (1 - carried)
        if self.kind == "hill":
            shape = np.exp(own[:, 3])
            with np.errstate(divide="ignore"):
                far = np.log(stock / half)
            share = _share(np.clip(shape * np.maximum(far, -1e3), -700, 700))
            bend = top * shape * share * (1 - share)
            rise = np.divide(bend, stock, out=np.zeros_like(bend), where=stock > 0)
            parts = [top * share, -bend, rise * moved, bend * np.maximum(far, -1e3)]
        else:
            left = np.exp(-stock / half)
            parts = [top * (1 - left), -top * left * stock / half, top * left / half * moved]
        mean = parts[0].sum(axis=1) + self.linear @ theta[self.base :]
        slopes = np.stack(parts, axis=2).reshape(len(self.outcome), -1)
        return mean, np.column_stack([slopes, self.linear])


def _solved(model: _Model, seed: int) -> tuple[Array, Array, float]:
    """Return the best parameters, their covariance and the noise; the noise is found along with them."""
    from scipy.optimize import least_squares

    rng = np.random.default_rng(seed)
    spread = float(model.outcome.std())
    noise, best, covariance = max(0.5 * spread, 1e-6), model.centre, np.diag(model.spread**2)
    starts = [model.centre]
    starts += [model.centre + 0.7 * model.spread * rng.standard_normal(len(model.centre)) for _ in range(STARTS - 1)]
    for _round in range(ROUNDS):

        def misfit(theta: Array, noise: float = noise) -> Array:
            return np.concatenate([(model.mean(theta) - model.outcome) / noise, (theta - model.centre) / model.spread])

        def slopes(theta: Array, noise: float = noise) -> Array:
            return np.vstack([model.slopes(theta) / noise, np.diag(1 / model.spread)])

        found = [least_squares(misfit, start, slopes, x_scale="jac", max_nfev=200) for start in starts]
        best = np.asarray(min(found, key=lambda one: one.cost).x, dtype=float)
        seen = model.slopes(best) / noise
        known = seen.T @ seen
        covariance = np.linalg.inv(known + np.diag(1 / model.spread**2))
        # Each parameter takes as much freedom from the data as the data, and not the prior, decide it.
        freedom = max(len(model.outcome) - float(np.trace(covariance @ known)), 1.0)
        before = noise
        noise = max(float(np.sqrt(((model.mean(best) - model.outcome) ** 2).sum() / freedom)), 1e-4 * spread, 1e-9)
        starts = [best]
        if abs(noise / before - 1) < 0.01:
            break
    return best, covariance, noise


def _stock(spend: Array, carryover: Array) -> tuple[Array, Array]:
    """Return the stock of each period and channel, and its derivative by the carryover; nothing is carried in."""
    stock, slope = np.zeros_like(spend), np.zeros_like(spend)
    held, moved = np.zeros(spend.shape[1]), np.zeros(spend.shape[1])
    for period, amount in enumerate(spend):
        moved = held - amount + carryover * moved
        held = (1 - carryover) * amount + carryover * held
        stock[period], slope[period] = held, moved
    return stock, slope


def _stock_of_the_average_euro(spend: Array) -> Array:
    """Return the stock at which the average euro of each channel was spent: in bursts far over the mean."""
    stock, _slope = _stock(spend, np.full(spend.shape[1], PRIORS["carryover"][0]))
    return np.asarray((stock**2).sum(axis=0) / stock.sum(axis=0))


def _falling(model: _Model) -> list[bool]:
    """Return for each channel whether more of its stock went with less outcome, all else as it was."""
    stock, _slope = _stock(model.spend, np.full(model.count, PRIORS["carryover"][0]))
    design = np.column_stack([stock, model.linear])
    freedom = len(design) - design.shape[1]
    inverse = np.linalg.pinv(design.T @ design)
    slopes = inverse @ design.T @ model.outcome
    noise = float(((model.outcome - design @ slopes) ** 2).sum()) / max(freedom, 1)
    errors = np.sqrt(np.maximum(np.diag(inverse) * noise, 1e-300))
    return [bool(slopes[i] < FALLING * errors[i]) for i in range(model.count)]


def _centre(name: str, channels: int, *, alone: bool) -> float:
    middle = PRIORS[name][0]
    if name == "carryover":
        return float(np.log(middle / (1 - middle)))
    if name == "maximum":
        middle = 1.5 if alone else middle * 2 / (channels + 1)
    return float(np.log(middle))


def _share(odds: npt.ArrayLike) -> Array:
    """Return the share of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(odds, dtype=float))))


def _typical(outcome: Array) -> float:
    return float(np.abs(outcome).mean()) or 1.0


def _row(one: FittedChannel, fit: Fit, adstock: str, alpha: float, seed: int) -> dict[str, object]:
    curve, drawn = one.belief.curve, one.belief.draws(2000, seed=seed)
    summed = 1 / (1 - one.carryover) if adstock == "summed" else 1.0
    low, high = one.belief.band([one.spend], alpha=alpha, count=2000, seed=seed)
    ends = np.quantile(drawn, [alpha / 2, 1 - alpha / 2], axis=0)
    row: dict[str, object] = {
        "channel": one.channel,
        "kind": "hill" if isinstance(curve, Hill) else "exponential",
        "maximum_outcome": curve.maximum,
        "maximum_outcome_low": ends[0, 0],
        "maximum_outcome_high": ends[1, 0],
    }
    name = "half_spend" if isinstance(curve, Hill) else "scale"
    row |= {
        name: getattr(curve, name) * summed,
        f"{name}_low": ends[0, 1] * summed,
        f"{name}_high": ends[1, 1] * summed,
    }
    if isinstance(curve, Hill):
        row |= {"shape": curve.shape, "shape_low": ends[0, 2], "shape_high": ends[1, 2]}
    total = float(fit.history.total.mean())
    least, most = one.carryover_interval(alpha)
    return row | {
        "carryover": one.carryover,
        "carryover_low": least,
        "carryover_high": most,
        "spend": one.spend,
        "outcome": one.outcome,
        "low": float(low[0]),
        "high": float(high[0]),
        "share": one.outcome / total if total > 0 else float("nan"),
        "marginal_return": float(curve.marginal(one.spend)),
        "fit": one.r_squared,
        "evidence": Basis.OBSERVED.value,
    }


def _conventions(history: History, adstock: str, alpha: float) -> tuple[str, ...]:
    said = [
        _(N_("Curves are per period at steady spend; penalised least squares with the same priors for every channel.")),
        _(
            N_(
                "Carryover is geometric, from one period to the next; nothing is carried in from before the first period."
            )
        ),
        _(N_("Stock: normalised, so that steady spend makes a stock of its own size."))
        if adstock == "normalised"
        else _(N_("Stock: summed, so that steady spend makes a stock of spend / (1 − carryover).")),
        _(N_("Intervals of {level} from the curvature at the optimum (Laplace)."), level=percent(1 - alpha)),
    ]
    if history.attributed is None:
        said.append(_(N_("Outcome is the total of a period: base, controls and all channels are fitted at once.")))
    else:
        said.append(_(N_("Outcome is attributed: each channel is fitted to its own.")))
    if history.control_names:
        said.append(_(N_("Controls: {names}."), names=listed(list(history.control_names))))
    return tuple(said)


def _warnings(fit: Fit) -> Iterator[str]:
    yield from fit.history.notes
    if len(fit.history.periods) < FEW:
        yield _(
            N_("Only {found} periods, so read with care: under {few} the priors decide much."),
            found=number(len(fit.history.periods)),
            few=number(FEW),
        )
    falling = [one.channel for one in fit.channels if one.falling]
    if falling:
        yield _(
            N_(
                "More spend went with less outcome in: {channels}. A response curve does not fall; look for what else moved."
            ),
            channels=listed(falling[:SHOWN_AT_ONCE]),
        )
