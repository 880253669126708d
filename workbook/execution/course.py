"""Are we on course, what will have come at the end, and what did the months teach about the channels?

The indicators' readings are compared month by month (``kpis``). Of the one nearest to the customer the rest of the period
is forecast again each month, from the best of actual and plan (``forecast.reforecast``). Where spend is known the plan is
first made flexible, target x spend as it was / spend as planned, so that what is left is the response: it scales the
curves of the channels the indicator judges, when it has been the nearer forecast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import Answer
from workbook.errors import AnalysisError
from workbook.execution.kpis import kpi
from workbook.forecast import Reforecast, reforecast
from workbook.language import N_
from workbook.plan.model import Direction, Indicator, Plan, Reading, Side, Unit, tree

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Course", "Lesson", "course", "goal_indicator", "lessons", "measured", "readings", "relearned"]

SUMS = (Unit.NUMBER, Unit.MONEY)
"""Units whose months can be added up."""

Z80 = 1.2816
"""Half width of an interval that holds four times in five, in standard deviations."""


def readings(plan: Plan) -> pd.DataFrame:
    """Return the readings of all indicators: kpi (its id), name, period (``2027-01``), target, actual and the two spends."""
    import pandas as pd

    rows = [
        {
            "kpi": indicator.id,
            "name": indicator.label,
            "period": f"{reading.month:%Y-%m}",
            "month": reading.month,
            "target": reading.target,
            "actual": reading.actual,
            "spend_target": reading.spend_target,
            "spend_actual": reading.spend_actual,
        }
        for indicator in plan.indicators
        for reading in _in_order(indicator)
    ]
    return pd.DataFrame(
        rows, columns=["kpi", "name", "period", "month", "target", "actual", "spend_target", "spend_actual"]
    )


def measured(plan: Plan) -> Answer | None:
    """Return what ``kpi`` says of the plan's readings; None while no reading has a month and a target."""
    table = readings(plan)
    if table["target"].notna().sum() == 0:
        return None
    lower = tuple(one.id for one in plan.indicators if one.direction is Direction.COST)
    return kpi(table.dropna(subset=["target"]), lower=lower)


@dataclass(frozen=True)
class Course:
    """
    How the indicator nearest to the customer runs.

    ``months``, ``planned`` and ``actual`` (None where it is not in yet) run side by side; ``again`` is the forecast made
    again. ``low`` and ``high`` hold the total of the period four times in five, None while fewer than three months are in.
    """

    indicator: Indicator
    months: tuple[Any, ...]
    planned: tuple[float, ...]
    actual: tuple[float | None, ...]
    again: Reforecast
    spread: float | None

    @property
    def known(self) -> tuple[int, ...]:
        """Places of the months that are in."""
        return tuple(i for i, actual in enumerate(self.actual) if actual is not None)

    @property
    def due(self) -> float:
        """What was planned for the months that are in."""
        return sum(self.planned[i] for i in self.known)

    @property
    def done(self) -> float:
        """What came in them."""
        return sum(self.actual[i] or 0.0 for i in self.known)

    @property
    def deviation(self) -> float | None:
        """Share by which more came than planned, negative for less; None where nothing was planned."""
        return self.done / self.due - 1 if self.due > 0 else None

    def band(self, ahead: int) -> float:
        """Half the width of the interval after ``ahead`` months that are still to come; 0 where none is known."""
        return 0.0 if self.spread is None else Z80 * self.spread * float(np.sqrt(ahead))


def goal_indicator(plan: Plan) -> Indicator | None:
    """
    Return the indicator nearest to the customer: downstream, more is better, its months add up, at the latest stage.

    Of several at one stage the first; one without a stage comes before all stages. None while there is none with an actual.
    """
    stages = {stage.id: place for place, stage in enumerate(plan.stages)}
    able = [
        one
        for one in plan.indicators
        if one.side is Side.DOWNSTREAM
        and one.direction is Direction.BENEFIT
        and one.unit in SUMS
        and any(reading.target is not None and reading.actual is not None for reading in one.readings)
    ]
    return max(able, key=lambda one: stages.get(str(one.stage), -1), default=None)


def course(plan: Plan) -> Course | None:
    """Return how the indicator nearest to the customer runs; None while none has a target and an actual."""
    indicator = goal_indicator(plan)
    if indicator is None:
        return None
    held = [reading for reading in _in_order(indicator) if reading.target is not None]
    planned, actual = [reading.target or 0.0 for reading in held], [reading.actual for reading in held]
    again = reforecast(planned, actual)
    spread = _spread(np.array(planned), actual, again, counts=indicator.unit is Unit.NUMBER)
    return Course(indicator, tuple(reading.month for reading in held), tuple(planned), tuple(actual), again, spread)


def _spread(planned: np.ndarray, actual: list[float | None], again: Reforecast, *, counts: bool) -> float | None:
    """Return the deviation of one month about its forecast: as seen, and for counts at least that of a Poisson count."""
    known = [i for i, value in enumerate(actual) if value is not None]
    if len(known) < 3:
        return None
    scale = again.ratio if again.rule == "proportion" and again.ratio is not None else 1.0
    missed = [float(actual[i] or 0.0) - scale * planned[i] for i in known]
    seen = float(np.sqrt(np.mean(np.square(missed))))
    ahead = [value for i, value in enumerate(again.values) if i not in known]
    return max(seen, float(np.sqrt(max(sum(ahead) / len(ahead), 0.0)))) if counts and ahead else seen


@dataclass(frozen=True)
class Lesson:
    """
    What an indicator's months say of the channels it judges.

    ``ratio`` is what came over what the money spent should have brought by the plan; ``applied`` whether that ratio has
    been the nearer forecast of the two, so that it is believed.
    """

    indicator: Indicator
    channels: tuple[str, ...]
    months: int
    ratio: float
    applied: bool


def lessons(plan: Plan) -> list[Lesson]:
    """Return a lesson for each indicator that judges channels and has months with spend, planned and actual."""
    return [lesson for indicator in plan.indicators if (lesson := _lesson(indicator)) is not None]


def _lesson(indicator: Indicator) -> Lesson | None:
    if not indicator.channels or indicator.unit not in SUMS or indicator.direction is Direction.COST:
        return None
    pairs = [pair for reading in _in_order(indicator) if (pair := _flexible(reading)) is not None]
    if not pairs:
        return None
    again = reforecast([plan for plan, _actual in pairs], [actual for _plan, actual in pairs])
    if again.ratio is None:
        return None
    channels = tuple(str(channel) for channel in indicator.channels)
    return Lesson(indicator, channels, len(pairs), again.ratio, again.rule == "proportion")


def _flexible(reading: Reading) -> tuple[float, float] | None:
    """Return what the money spent should have brought by the plan, and what came."""
    target, actual = reading.target, reading.actual
    if target is None or actual is None or reading.spend_actual is None or not reading.spend_target:
        return None
    return target * reading.spend_actual / reading.spend_target, actual


def relearned(plan: Plan, learned: list[Lesson]) -> Plan:
    """
    Return ``plan`` with the curves of the judged channels scaled by the lessons that are believed.

    Of several lessons on one channel the geometric mean counts. A test's result stays as it was found.
    """
    factors = _factors(learned)
    data = tree(plan)
    for id, curve in (data.get("curves") or {}).items():
        factor = factors.get(str(curve.get("channel"))) if isinstance(curve, dict) else None
        if factor is not None:
            _scale(data["curves"][id], factor)
    return Plan.model_validate(data)


def _factors(learned: list[Lesson]) -> dict[str, float]:
    ratios: dict[str, list[float]] = {}
    for lesson in learned:
        for channel in lesson.channels if lesson.applied and lesson.ratio > 0 else ():
            ratios.setdefault(channel, []).append(lesson.ratio)
    return {channel: float(np.exp(np.mean(np.log(found)))) for channel, found in ratios.items()}


def _scale(curve: dict[str, Any], factor: float) -> None:
    estimate = curve.get("estimate") or {}
    if curve.get("ceiling") is not None:
        curve["ceiling"] *= factor
    curve["estimate"] = estimate | {
        name: estimate[name] * factor for name in ("low", "likely", "high") if estimate.get(name) is not None
    }


def _in_order(indicator: Indicator) -> Iterator[Reading]:
    """Yield the readings with a month, the earliest first. Raises AnalysisError where a month is there twice."""
    dated = sorted((reading for reading in indicator.readings if reading.month), key=lambda one: str(one.month))
    for reading, after in zip(dated, [*dated[1:], None], strict=True):
        if after is not None and after.month == reading.month:
            raise AnalysisError(
                N_("“{indicator}” has two readings of {month}. Take one of them out."),
                indicator=indicator.label,
                month=reading.label,
            )
        yield reading
