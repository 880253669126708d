"""What does a channel bring for what is spent on it? The curves of the response, and how one estimate makes a curve.

Two families with diminishing returns: the Hill curve, S-shaped when its shape is above 1, and the exponential one.
Both start at 0, never fall and never pass their maximum; a straight line stands for money that is kept. Every curve
here is convex up to its ``inflection`` and concave beyond it; the proof of the allocation rests on that. Spend and
outcome may be in any unit: nothing depends on whether money is counted in cents or in billions.

Sources: Hill (1910), J. Physiol. 40; Jin, Wang, Sun, Chan & Koehler (2017), "Bayesian methods for media mix modeling
with carryover and shape effects", Google.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from workbook.errors import AnalysisError
from workbook.language import N_, number

__all__ = ["Exponential", "Hill", "Linear", "Response", "ResponseCurve", "stacked", "through_estimate"]

Array = npt.NDArray[np.float64]


class Response(ABC):
    """Outcome against spend: of one channel, or of several side by side."""

    @abstractmethod
    def outcome(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome at ``spend`` (money, >= 0, any shape; infinite gives the maximum)."""

    @abstractmethod
    def marginal(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome that one more unit of money brings at ``spend``."""


class ResponseCurve(Response):
    """Outcome of one channel against its spend: from 0, never falling, convex and then concave."""

    @property
    @abstractmethod
    def inflection(self) -> float:
        """Spend up to which each further unit brings more than the one before; 0 when returns only diminish."""


@dataclass(frozen=True)
class Hill(ResponseCurve):
    """
    Outcome ``maximum * s**shape / (half_spend**shape + s**shape)``.

    Parameters
    ----------
    maximum
        Outcome never passed, >= 0.
    half_spend
        Spend that brings half the maximum, > 0.
    shape
        Above 1 the curve is S-shaped; at 1 and below returns diminish from the first unit on. > 0.

    Raises
    ------
    AnalysisError
        If a parameter is out of its range.
    """

    maximum: float
    half_spend: float
    shape: float = 1.0

    def __post_init__(self) -> None:
        _require_parameters(self, at_least_zero=("maximum",), positive=("half_spend", "shape"))

    def outcome(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome at ``spend``."""
        s = _spends(spend)
        q = self._ratio(s)
        return np.asarray(self.maximum * np.where(s < self.half_spend, q, 1.0) / (1.0 + q))

    def marginal(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome per further unit; at 0 it is infinite for a shape under 1, and 0 above 1."""
        s = _spends(spend)
        q = self._ratio(s)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            slope = self.maximum * self.shape * (q / s) / (1.0 + q) ** 2
            at_zero = np.where(self.shape > 1, 0.0, np.where(self.shape < 1, np.inf, self.maximum / self.half_spend))
        return np.asarray(np.where(s > 0, slope, np.where(np.asarray(self.maximum) > 0, at_zero, 0.0)))

    @property
    def inflection(self) -> float:
        """Spend at which the S-curve turns from convex to concave."""
        h = self.shape
        return self.half_spend * ((h - 1) / (h + 1)) ** (1 / h) if h > 1 else 0.0

    def _ratio(self, s: Array) -> Array:
        # The smaller over the larger, so that no power overflows at any spend.
        with np.errstate(under="ignore"):
            small, large = np.minimum(s, self.half_spend), np.maximum(s, self.half_spend)
            return np.asarray((small / large) ** self.shape)


@dataclass(frozen=True)
class Exponential(ResponseCurve):
    """
    Outcome ``maximum * (1 - exp(-s / scale))``: returns diminish from the first unit on.

    Parameters
    ----------
    maximum
        Outcome never passed, >= 0.
    scale
        Spend that brings 63 % of the maximum, > 0.

    Raises
    ------
    AnalysisError
        If a parameter is out of its range.
    """

    maximum: float
    scale: float

    def __post_init__(self) -> None:
        _require_parameters(self, at_least_zero=("maximum",), positive=("scale",))

    def outcome(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome at ``spend``."""
        with np.errstate(under="ignore"):
            return np.asarray(self.maximum * -np.expm1(-_spends(spend) / self.scale))

    def marginal(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome per further unit."""
        with np.errstate(under="ignore"):
            return np.asarray(self.maximum / self.scale * np.exp(-_spends(spend) / self.scale))

    @property
    def inflection(self) -> float:
        """0: the curve is concave all the way."""
        return 0.0


@dataclass(frozen=True)
class Linear(ResponseCurve):
    """Outcome ``slope * s``: money that is kept, or placed where the last unit brings as much as the first."""

    slope: float = 1.0

    def outcome(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome at ``spend``."""
        return np.asarray(self.slope * _spends(spend))

    def marginal(self, spend: npt.ArrayLike) -> Array:
        """Return the outcome per further unit."""
        return np.asarray(self.slope * np.ones_like(_spends(spend)))

    @property
    def inflection(self) -> float:
        """0: the curve never bends."""
        return 0.0


def through_estimate(spend: float, outcome: float, *, ceiling: float, shape: float = 1.0) -> Hill:
    """
    Return the Hill curve that brings ``outcome`` at ``spend`` and never passes ``ceiling``.

    Parameters
    ----------
    spend
        Money of the estimate, > 0.
    outcome
        What it brings, > 0 and under the ceiling.
    ceiling
        The most the channel could ever bring.
    shape
        Above 1 for an S-shaped curve.

    Raises
    ------
    AnalysisError
        If no such curve exists.
    """
    if not (0 < spend < math.inf):
        raise AnalysisError(
            N_("The spend of an estimate is {found}, but must be above 0. Enter what was, or would be, spent."),
            found=number(spend),
        )
    if not (0 < outcome < math.inf):
        raise AnalysisError(
            N_("The outcome of an estimate is {found}, but must be above 0. Leave out a channel that brings nothing."),
            found=number(outcome),
        )
    if not (outcome < ceiling < math.inf):
        raise AnalysisError(
            N_(
                "The ceiling of {ceiling} is not above the {outcome} expected from the estimate. "
                "Raise the ceiling or lower the estimate."
            ),
            ceiling=number(ceiling),
            outcome=number(outcome),
        )
    if not (0 < shape < math.inf):
        raise AnalysisError(
            N_('"{parameter}" of a response curve is {found}, but must be above 0.'),
            parameter="shape",
            found=number(shape),
        )
    return Hill(ceiling, spend * (ceiling / outcome - 1) ** (1 / shape), shape)


def stacked(curves: Sequence[ResponseCurve]) -> Response:
    """
    Return one curve that answers for all ``curves`` at once.

    Its spend has shape (n,) or (n, m), row i for curve i. Curves of one family are computed together, which is what
    keeps an allocation over 60 channels quick; curves of other classes are asked one by one.
    """
    return _Stack(curves)


class _Stack(Response):
    """Curves side by side, gathered by family."""

    def __init__(self, curves: Sequence[ResponseCurve]) -> None:
        families: defaultdict[Any, list[int]] = defaultdict(list)
        for i, curve in enumerate(curves):
            families[type(curve) if type(curve) in (Hill, Exponential, Linear) else i].append(i)
        self._parts = [(np.array(rows), _merged([curves[i] for i in rows])) for rows in families.values()]

    def outcome(self, spend: npt.ArrayLike) -> Array:
        return self._asked("outcome", spend)

    def marginal(self, spend: npt.ArrayLike) -> Array:
        return self._asked("marginal", spend)

    def _asked(self, question: str, spend: npt.ArrayLike) -> Array:
        s = np.asarray(spend, dtype=float)
        table = s.reshape(len(s), -1)
        answer = np.empty_like(table)
        for rows, curve in self._parts:
            answer[rows] = getattr(curve, question)(table[rows])
        return answer.reshape(s.shape)


def _merged(curves: list[ResponseCurve]) -> ResponseCurve:
    """Return one curve whose parameters are columns, one row per curve."""
    first = curves[0]
    if len(curves) == 1 or not is_dataclass(first):
        return first
    columns = [np.array([[getattr(curve, field.name)] for curve in curves], dtype=float) for field in fields(first)]
    return cast(ResponseCurve, type(first)(*columns))


def _spends(spend: npt.ArrayLike) -> Array:
    s = np.asarray(spend, dtype=float)
    if not (s >= 0).all():
        raise AnalysisError(N_("A spend is negative or missing, but a response curve starts at 0. Correct the spend."))
    return s


def _require_parameters(curve: Any, *, at_least_zero: tuple[str, ...], positive: tuple[str, ...]) -> None:
    for name in (*at_least_zero, *positive):
        value = np.asarray(getattr(curve, name), dtype=float)
        if np.isfinite(value).all() and (value >= 0).all() and (name in at_least_zero or (value > 0).all()):
            continue
        message = N_('"{parameter}" of a response curve is {found}, but must be above 0.')
        if name in at_least_zero:
            message = N_('"{parameter}" of a response curve is {found}, but must be 0 or more.')
        raise AnalysisError(message, parameter=name, found=number(float(value.min())))
