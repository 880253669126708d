"""What will a series do next, and what will the period come to? Exponential smoothing, chosen on the series' own past.

Candidates are simple exponential smoothing, a trend, a damped trend, and Holt-Winters with an additive or (where all values are
above 0) a multiplicative season. Each is fitted again and again up to earlier dates and asked for what came after: the
one with the smallest mean absolute error is used, and its error stands beside that of the naive forecast, the last value
repeated. Intervals are those of paths simulated from the chosen model.

A plan is re-forecast by the best of actual and plan: what has happened is taken as it was, and the rest by whichever
rule (the plan as it stands, or the plan in proportion to what came of it) would have been nearer so far.

Source: Hyndman & Athanasopoulos (2021), "Forecasting: Principles and Practice", 3rd edition, chapters 5 and 8.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number, percent, plural
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reforecast", "forecast", "reforecast"]

Array = npt.NDArray[np.float64]

LEAST = 6
"""Values below which nothing can be held back to test on."""

ORIGINS = 6
"""Most dates from which the past is forecast."""

PATHS = 1000

PLAIN = (1e-2, 1e7)
"""Between which the largest figure of a series is taken as it is."""

LONG_SEASON = 24

STEPS = {"D": 7, "B": 5, "W": 52, "MS": 12, "ME": 12, "QS": 4}
"""Values in a season, by the step of the dates."""

MODELS = {
    "simple": N_("simple exponential smoothing"),
    "trend": N_("exponential smoothing with a trend (Holt)"),
    "damped": N_("exponential smoothing with a damped trend"),
    "additive": N_("Holt-Winters with an additive season"),
    "multiplicative": N_("Holt-Winters with a multiplicative season"),
}


def forecast(
    rows: pd.DataFrame,
    *,
    periods: int = 6,
    season: int | None = None,
    alpha: float = 0.05,
    seed: int = 0,
) -> Answer:
    """
    Forecast each series of a table.

    Parameters
    ----------
    rows
        One row per date and series: date, value [, series], evenly spaced. Single missing dates are filled in on a
        straight line; of two rows with one date the first counts.
    periods
        How far ahead, >= 1.
    season
        Values in a season; 1 for none. Left out: 12 for months, 7 for days, 52 for weeks, 4 for quarters.
    alpha
        Intervals hold by 1 - ``alpha``; 0..1.
    seed
        Makes the simulated paths repeatable.

    Returns
    -------
    One row per date ahead: date [, series], forecast, low, high. With one series ``backtest_error``, ``naive_error``
    (mean absolute errors, in the unit of the values) and ``model``; with several these are by series.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If a series is too short or its dates are not evenly spaced.
    """
    import pandas as pd

    used, excluded = _usable(rows)
    named = "series" in used
    tables: list[pd.DataFrame] = []
    facts: dict[str, _Made] = {}
    notes: list[str] = []
    for name, part in used.groupby("series", sort=False) if named else [("", used)]:
        values, step, filled = _even(part, str(name))
        made = _forecast_one(values, periods, season or STEPS.get(step.partition("-")[0], 1), alpha, seed, str(name))
        dates = pd.date_range(values.index[-1], periods=periods + 1, freq=step)[1:]
        table = pd.DataFrame({"date": [d.date().isoformat() for d in dates]})
        if named:
            table["series"] = name
        tables.append(table.assign(forecast=made.path, low=made.low, high=made.high))
        facts[str(name)] = made
        notes += _notes(made, values, filled, str(name))
    figures: dict[str, Any] = {}
    for key in ("backtest_error", "naive_error", "model"):
        by_series = {name: getattr(made, key) for name, made in facts.items()}
        figures[key] = by_series if named else by_series[""]
    return Answer(
        figures,
        pd.concat(tables, ignore_index=True),
        len(used),
        excluded,
        _conventions(facts, alpha, named=named),
        tuple(notes),
    )


@dataclass(frozen=True)
class Reforecast:
    """
    A plan seen with what has come of it.

    Parameters
    ----------
    values
        One per period: the actual where there is one, else the rest as ``rule`` says.
    known
        Periods with an actual.
    rule
        "plan": the rest as planned; "proportion": the rest times what came of the plan so far.
    ratio
        Actual over plan in the known periods, or None where nothing was planned in them.
    total, planned
        Sums over all periods.
    """

    values: tuple[float, ...]
    known: int
    rule: str
    ratio: float | None
    total: float
    planned: float


def reforecast(plan: Sequence[float], actual: Sequence[float | None]) -> Reforecast:
    """
    Return ``plan`` re-forecast from ``actual``, period by period; periods without an actual are None, or left out.

    The rule for the rest is the one whose forecasts, made each period for the next, have been nearer to the actuals; with
    fewer than three of them, or even, the plan stands.

    Raises
    ------
    AnalysisError
        If there are more actuals than periods, or a plan is not finite.
    """
    if len(actual) > len(plan):
        raise AnalysisError(
            N_("There are {actuals} actuals for {periods} planned periods. Plan the periods that have begun."),
            actuals=number(len(actual)),
            periods=number(len(plan)),
        )
    planned = np.asarray(plan, dtype=float)
    seen = np.array([np.nan if a is None else a for a in actual] + [np.nan] * (len(plan) - len(actual)), dtype=float)
    if not np.isfinite(planned).all() or np.isinf(seen).any():
        raise AnalysisError(N_("A planned or actual figure is missing or infinite. Enter a number for each."))
    known = ~np.isnan(seen)
    ratio = _ratio(planned[known], seen[known])
    rule = "proportion" if ratio is not None and _proportion_was_nearer(planned, seen) else "plan"
    rest = planned * ratio if rule == "proportion" and ratio is not None else planned
    values = np.where(known, seen, rest)
    return Reforecast(
        tuple(float(v) for v in values), int(known.sum()), rule, ratio, float(values.sum()), float(planned.sum())
    )


def _ratio(planned: Array, seen: Array) -> float | None:
    return float(seen.sum() / planned.sum()) if planned.sum() > 0 else None


def _proportion_was_nearer(planned: Array, seen: Array) -> bool:
    """Return whether, forecast from all before it, each actual was nearer to the plan in proportion than to the plan."""
    places = np.flatnonzero(~np.isnan(seen))
    by_plan = by_proportion = 0.0
    for i, place in enumerate(places[1:], start=1):
        before = places[:i]
        ratio = _ratio(planned[before], seen[before])
        by_plan += abs(seen[place] - planned[place])
        by_proportion += abs(seen[place] - planned[place] * (1.0 if ratio is None else ratio))
    return len(places) >= 3 and by_proportion < by_plan


@dataclass(frozen=True)
class _Made:
    path: Array
    low: Array
    high: Array
    model: str
    backtest_error: float
    naive_error: float
    origins: int
    ahead: int


def _forecast_one(values: pd.Series, periods: int, season: int, alpha: float, seed: int, name: str) -> _Made:
    series = values.to_numpy(dtype=float)
    if len(series) < LEAST:
        raise AnalysisError(
            N_("{series}: too few values to forecast, {found}; take at least {least}."),
            series=name or _(N_("The series")),
            found=number(len(series)),
            least=number(LEAST),
        )
    # Loaded ahead of what is kept quiet below: it opens the filter of its own warnings again.
    import statsmodels.tsa.holtwinters  # noqa: F401

    unit = _unit(series)
    series = series / unit
    ahead = min(periods, max(1, len(series) // 4))
    origins = _origins(len(series), ahead)
    naive = float(np.mean([_missed(np.repeat(series[t - 1], ahead), series, t) for t in origins]))
    candidates = _candidates(series, season, origins[0])
    with warnings.catch_warnings():
        # statsmodels says so when its optimiser stops at a limit; the back-test is what judges the result.
        warnings.simplefilter("ignore")
        errors = {model: _tested(model, series, season, origins, ahead) for model in candidates}
        # Of equals the simplest, which comes first.
        best = min(errors, key=lambda model: round(errors[model], 12))
        path, low, high = _ahead(best, series, season, periods, alpha, seed)
    error, naive = unit * errors[best], unit * naive
    return _Made(unit * path, unit * low, unit * high, best, error, naive, len(origins), ahead)


def _unit(series: Array) -> float:
    """Return what to count in, so that the optimiser, whose tolerances are absolute, meets no huge and no tiny figures."""
    most = float(np.abs(series).max())
    # A power of two leaves the digits as they are.
    return 1.0 if most == 0 or PLAIN[0] <= most <= PLAIN[1] else 2.0 ** round(math.log2(most))


def _origins(count: int, ahead: int) -> list[int]:
    """Return how many values are known at each date the past is forecast from, the earliest first."""
    last = count - ahead
    first = max(last - ORIGINS + 1, min(max(LEAST - ahead, count // 2), last), 2)
    return list(range(first, last + 1))


def _candidates(series: Array, season: int, shortest: int) -> list[str]:
    """Return the models that the shortest piece of the past allows."""
    models = ["simple"]
    if shortest >= 5:
        models += ["trend", "damped"]
    if season > 1 and shortest >= 2 * season + 1 and shortest >= 10 + 2 * (season // 2):
        models.append("additive")
        if (series > 0).all():
            models.append("multiplicative")
    return models


def _tested(model: str, series: Array, season: int, origins: list[int], ahead: int) -> float:
    """Return the mean absolute error of ``model`` over all dates the past is forecast from; infinite if it fails."""
    try:
        missed = [_missed(_fitted(model, series[:t], season).forecast(ahead), series, t) for t in origins]
    except (ValueError, np.linalg.LinAlgError):
        return float("inf") if model != "simple" else 0.0
    return float(np.mean(missed)) if np.isfinite(missed).all() else float("inf")


def _missed(path: Any, series: Array, origin: int) -> float:
    return float(np.abs(np.asarray(path) - series[origin : origin + len(path)]).mean())


def _fitted(model: str, series: Array, season: int) -> Any:
    """Return the model fitted to ``series``."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    seasonal = {"additive": "add", "multiplicative": "mul"}.get(model)
    # First states are found with all else, but for a season of 52 they would be 54 more parameters: there, by rule.
    return ExponentialSmoothing(
        series,
        trend=None if model == "simple" else "add",
        damped_trend=model == "damped",
        seasonal=seasonal,
        seasonal_periods=season if seasonal else None,
        initialization_method="heuristic" if seasonal and season > LONG_SEASON else "estimated",
    ).fit()


def _ahead(model: str, series: Array, season: int, periods: int, alpha: float, seed: int) -> tuple[Array, Array, Array]:
    """Return the forecast and the ends of its interval; where nothing was ever below 0, neither are they."""
    fit = _fitted(model, series, season)
    path = np.asarray(fit.forecast(periods), dtype=float)
    freedom = max(len(series) - len(fit.params_formatted), len(series) / 2)
    noise = np.random.default_rng(seed).normal(0, float(np.sqrt(fit.sse / freedom)), (periods, PATHS))
    drawn = np.asarray(fit.simulate(periods, repetitions=PATHS, error="add", random_errors=noise), dtype=float)
    drawn = drawn.reshape(periods, PATHS)
    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2], axis=1)
    low, high = np.minimum(low, path), np.maximum(high, path)
    if (series >= 0).all():
        path, low, high = (np.maximum(one, 0.0) for one in (path, low, high))
    return path, low, high


def _usable(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows to count, with dates and numbers, and how many others there are by reason."""
    import pandas as pd

    names = [str(name) for name in rows.columns]
    for column in ("date", "value"):
        if column not in names:
            raise TableError(
                N_('The table of values has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                column=column,
                near=nearest(column, names),
            )
    kept = rows.reset_index(drop=True)
    dates = pd.to_datetime(kept["date"].astype(object).where(kept["date"].notna(), None), errors="coerce")
    value = pd.to_numeric(kept["value"], errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)
    series = kept["series"].astype(str) if "series" in names else None
    kept = pd.DataFrame({"date": dates, "value": value} | ({} if series is None else {"series": series}))
    dateless, silent = dates.isna(), value.isna() & dates.notna()
    keys = ["date"] + ([] if series is None else ["series"])
    again = kept[~dateless & ~silent].duplicated(keys).reindex(kept.index, fill_value=False)
    reasons = {
        _(N_("date is missing or no day")): dateless,
        _(N_("value is missing or no finite number")): silent,
        _(N_("same date once more (the first value counts)")): again,
    }
    used = kept[~dateless & ~silent & ~again].sort_values("date", kind="stable")
    if used.empty:
        raise AnalysisError(N_("No row has a date and a value. Check the columns."))
    return used, {reason: int(out.sum()) for reason, out in reasons.items() if out.any()}


def _even(part: pd.DataFrame, name: str) -> tuple[pd.Series, str, tuple[str, ...]]:
    """Return the values on evenly spaced dates, the step of these, and the dates that were filled in."""
    import pandas as pd

    values = part.set_index("date")["value"]
    step = _step(values.index)
    if step == "MS":
        # Once a month on whichever day: the month is what counts.
        values.index = values.index.to_period("M").to_timestamp()
    grid = pd.date_range(values.index[0], values.index[-1], freq=step) if len(values) > 1 else values.index
    off = values.index.difference(grid)
    if len(off) or len(grid) > 2 * len(values) + 2:
        raise AnalysisError(
            N_(
                "{series}: the dates are not evenly spaced; {found} does not fit. Sum the values by week or month first."
            ),
            series=name or _(N_("The series")),
            found=(off[0] if len(off) else grid[1]).date().isoformat(),
        )
    filled = values.reindex(grid)
    missing = filled.index[filled.isna()]
    return filled.interpolate(), step, tuple(date.date().isoformat() for date in missing)


def _step(dates: pd.DatetimeIndex) -> str:
    """Return the step from date to date as pandas writes it: the usual gap decides, single gaps may be longer."""
    if len(dates) < 2:
        return "D"
    days = np.diff(dates.to_numpy()).astype("timedelta64[D]").astype(int)
    usual = int(np.median(days))
    if 27 <= usual <= 32:
        return "ME" if dates.is_month_end.all() else "MS" if dates.to_period("M").is_unique else f"{usual}D"
    if 89 <= usual <= 93 and (dates.day == 1).all():
        return f"QS-{dates[0].strftime('%b').upper()}"
    if 365 <= usual <= 366 and (dates.day == dates[0].day).all() and dates[0].day == 1:
        return f"YS-{dates[0].strftime('%b').upper()}"
    if usual == 7:
        return f"W-{dates[0].strftime('%a').upper()}"
    if usual == 1:
        return "B" if (dates.day_of_week < 5).all() and len(dates) > 7 else "D"
    return f"{max(usual, 1)}D"


def _notes(made: _Made, values: pd.Series, filled: tuple[str, ...], name: str) -> Iterator[str]:
    about = f"{name}: " if name else ""
    if len(values) - len(filled) < FEW:
        yield about + _(
            N_("only {found} values, fewer than {few}, so read with care."),
            found=number(len(values) - len(filled)),
            few=number(FEW),
        )
    if filled:
        yield about + plural(
            "{count} date is missing and filled in on a straight line: {first}.",
            "{count} dates are missing and filled in on a straight line, the first {first}.",
            len(filled),
            first=filled[0],
        )
    if values.nunique() == 1:
        yield about + _(
            N_("all values are {value}, so the forecast repeats it; how sure that is, such a past cannot tell."),
            value=number(float(values.iloc[0])),
        )
    if made.backtest_error > made.naive_error * (1 + 1e-9):
        yield about + _(N_("the last value repeated has been nearer than any of the models."))


def _conventions(facts: dict[str, _Made], alpha: float, *, named: bool) -> tuple[str, ...]:
    any_one = next(iter(facts.values()))
    chosen = [
        (f"{name}: " if named else "") + _(MODELS[made.model]) for name, made in list(facts.items())[:SHOWN_AT_ONCE]
    ]
    return (
        _(N_("Chosen on the back-test: {models}."), models=listed(chosen)),
        _(
            N_("Errors are mean absolute errors, forecast {ahead} ahead from each of {origins} earlier dates."),
            ahead=number(any_one.ahead),
            origins=number(any_one.origins),
        ),
        _(N_("The naive forecast repeats the last value.")),
        _(N_("Intervals of {level} from {paths} simulated paths."), level=percent(1 - alpha), paths=number(PATHS)),
    )
