"""What can a planned test find, and how long does that take with the people who come?

The sample of each variant is that of ``samples``; the days follow from the people a day over all variants. Turned round,
the days a team has say which change they could find: the smallest one for which that sample is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from workbook.errors import AnalysisError
from workbook.execution.samples import sample_size
from workbook.plan.model import Experiment, Metric

__all__ = ["Sized", "planned_size"]

LEAST = 1e-6
"""Smallest change, as a share of the largest possible, that is looked for."""


@dataclass(frozen=True)
class Sized:
    """
    What a planned test needs.

    ``effect`` is the smallest change worth having and ``findable`` the smallest that the planned days can find, both as
    shares or in seconds; ``days`` and ``findable`` are None without people a day or a planned length. ``timed`` says that
    a time decides.
    """

    timed: bool
    baseline: float
    effect: float
    variants: int
    per_variant: float
    days: float | None
    planned: int | None
    findable: float | None

    @property
    def people(self) -> float:
        """People in all variants together."""
        return self.per_variant * self.variants

    @property
    def fits(self) -> bool | None:
        """Whether the planned days are enough; None where nobody can say."""
        return None if self.days is None or self.planned is None else self.days <= self.planned


def planned_size(test: Experiment) -> Sized | None:
    """
    Return what ``test`` needs; None while its metric, where it stands today or the change worth having is open.

    Raises
    ------
    AnalysisError
        As ``sample_size``: a change of nothing, or one that leads past 100 %.
    """
    timed = test.metric is Metric.SESSION
    baseline = test.time.mean if timed else test.rate.baseline
    effect, spread = (test.time.effect, test.time.deviation) if timed else (test.rate.effect, None)
    if test.metric is None or baseline is None or effect is None or (timed and spread is None):
        return None
    variants = max(len(test.variants), 2)
    asked: dict[str, Any] = {"baseline": baseline, "power": test.power, "alpha": test.alpha, "sd": spread}
    per_variant = float(sample_size(effect=effect, **asked).figures["per_variant"])
    days = per_variant * variants / test.daily_users if test.daily_users else None
    findable = None
    if test.daily_users and test.days:
        most = 10 * spread if spread is not None else 1 - baseline
        findable = _findable(partial(sample_size, **asked), test.daily_users * test.days / variants, most)
    return Sized(timed, baseline, effect, variants, per_variant, days, test.days, findable)


def _findable(needs: Any, people: float, most: float) -> float | None:
    """Return the smallest rise for which ``people`` a variant are enough; None where not even the largest is found."""
    from scipy.optimize import brentq

    def short(effect: float) -> float:
        return float(needs(effect=effect).figures["per_variant"]) - people

    largest = most * (1 - LEAST)
    try:
        return float(brentq(short, most * LEAST, largest)) if short(largest) < 0 else None
    except AnalysisError:
        return None
