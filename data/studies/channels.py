"""What channels bring: weekly spend and outcome, leads and what became of them, page tests, and figures by month."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from .truth import Arrivals, Channel, Kpi, Mix, Pages

__all__ = ["kpis", "lead_arrivals", "leads", "page_tests", "requests", "weekly", "weekly_means"]

LAST_YEAR = 52


def weekly(truth: Mix, rng: np.random.Generator) -> pd.DataFrame:
    """
    Return one row per week and channel: period (the Monday), channel, spend (EUR), outcome, trend, season, events.

    ``outcome`` is the week's total, on each of its rows: a count, Poisson around ``weekly_means``. ``trend`` is in
    years from the first week, ``season`` the index that the season's effect multiplies, ``events`` 0 or 1.
    """
    spends = {name: _spend(channel, truth.weeks, rng) for name, channel in truth.channels.items()}
    controls = _controls(truth)
    means = _means(truth, spends, controls)
    outcome = rng.poisson(sum(means.values()))
    rows = [
        (_monday(truth, week), name, int(spends[name][week]), int(outcome[week]), *controls.iloc[week])
        for week in range(truth.weeks)
        for name in truth.channels
    ]
    table = pd.DataFrame(rows, columns=["period", "channel", "spend", "outcome", "trend", "season", "events"])
    return table.astype({"events": int})


def weekly_means(truth: Mix, table: pd.DataFrame) -> pd.DataFrame:
    """Return what each channel, and the base, truly brought in each week of ``table``: one row a week."""
    wide = table.pivot(index="period", columns="channel", values="spend")
    spends = {name: wide[name].to_numpy(dtype=float) for name in truth.channels}
    controls = table.drop_duplicates("period")[["trend", "season", "events"]]
    return pd.DataFrame(_means(truth, spends, controls), index=wide.index)


def leads(truth: Arrivals, arrivals: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """
    Return one row per lead of ``arrivals`` (period, source).

    Columns: lead, date, source, region, segment, first_response (hours; empty where nobody answered), attempts, stage
    (the furthest one reached), deal (EUR a year; from the fourth stage on).
    """
    rows = []
    for period, source in arrivals.itertuples(index=False):
        day = date.fromisoformat(str(period)) + timedelta(int(rng.integers(0, 7)))
        answered = rng.random() >= truth.never
        hours = truth.median_hours * float(np.exp(rng.normal(0, truth.spread)))
        stage = _stage(truth, source, answered, hours, rng)
        segment = _drawn(truth.sources[source].segments, rng)
        deal = int(round(truth.deals[segment] * float(np.exp(rng.normal(-0.08, 0.4))), -2))
        attempts = int(rng.integers(1, 4) + (rng.poisson(1.5) if stage else 2)) if answered else 0
        response = round(hours, 1) if answered else None
        region = _drawn(truth.regions, rng)
        rows.append(
            (day, source, region, segment, response, attempts, truth.stages[stage], deal if stage > 2 else None)
        )
    columns = ["date", "source", "region", "segment", "first_response", "attempts", "stage", "deal"]
    table = pd.DataFrame(rows, columns=columns).sort_values("date", kind="stable", ignore_index=True)
    table.insert(0, "lead", [f"l{place:04d}" for place in range(1, len(table) + 1)])
    return table.astype({"deal": "Int64"})


def lead_arrivals(mix: Mix, table: pd.DataFrame, other: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return the week and the source of each outcome of the last year of ``table``, drawn by what truly brought it."""
    means = weekly_means(mix, table).tail(LAST_YEAR).rename(columns={"base": other})
    totals = table.drop_duplicates("period").set_index("period")["outcome"]
    rows = [
        (period, str(source))
        for period, row in means.iterrows()
        for source in rng.choice(means.columns, size=totals[period], p=row / row.sum())
    ]
    return pd.DataFrame(rows, columns=["period", "source"])


def requests(mix: Mix, truth: Arrivals, rng: np.random.Generator) -> pd.DataFrame:
    """Return the week and the source of each request of the last year, at each source's rate, more of them in season."""
    season = _controls(mix)["season"].tail(LAST_YEAR)
    rows = [
        (_monday(mix, int(week)), name)
        for week, index in season.items()
        for name, source in truth.sources.items()
        for _ in range(rng.poisson(source.weekly * (1 + index)))
    ]
    return pd.DataFrame(rows, columns=["period", "source"])


def page_tests(truth: Pages, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """
    Return the three tables of one test, one row per variant, the control first.

    ``page-clicks`` and ``page-conversions`` have variant, users, conversions; ``page-time`` has variant, users, mean,
    sd (seconds of a session).
    """
    users = rng.multinomial(truth.users, [1 / len(truth.variants)] * len(truth.variants))
    clicks, conversions, times = [], [], []
    for (name, page), number in zip(truth.variants.items(), users, strict=True):
        clicked = rng.binomial(number, page.clicks)
        seconds = rng.gamma((page.seconds / page.deviation) ** 2, page.deviation**2 / page.seconds, number)
        clicks.append((name, number, clicked))
        conversions.append((name, number, rng.binomial(clicked, page.conversions / page.clicks)))
        times.append((name, number, round(seconds.mean(), 2), round(seconds.std(ddof=1), 2)))
    counted = ["variant", "users", "conversions"]
    return {
        "page-clicks": pd.DataFrame(clicks, columns=counted),
        "page-conversions": pd.DataFrame(conversions, columns=counted),
        "page-time": pd.DataFrame(times, columns=["variant", "users", "mean", "sd"]),
    }


def kpis(months: tuple[str, ...], truth: Mapping[str, Kpi], rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per figure and month: kpi, period, target, actual, spend_target, spend_actual (empty if free)."""
    rows = []
    for name, kpi in truth.items():
        for place, month in enumerate(months):
            planned = kpi.spend[place] if kpi.spend else None
            spent = round(planned * kpi.spending * float(np.exp(rng.normal(0, 0.03)))) if planned else None
            ratio = spent / planned if planned and spent else 1.0
            response = kpi.response * float(np.exp(rng.normal(0, kpi.scatter)))
            rows.append((name, month, kpi.targets[place], _rounded(kpi, ratio * response, place), planned, spent))
    columns = ["kpi", "period", "target", "actual", "spend_target", "spend_actual"]
    return pd.DataFrame(rows, columns=columns).astype({"spend_target": "Int64", "spend_actual": "Int64"})


def _monday(truth: Mix, week: int) -> str:
    return (truth.first_week + timedelta(weeks=week)).isoformat()


def _controls(truth: Mix) -> pd.DataFrame:
    """Trend (years), season (index) and events (0 or 1) of each week."""
    weeks = np.arange(truth.weeks)
    season = np.zeros(truth.weeks)
    for middle, width, height in truth.season_peaks:
        away = np.abs((weeks % LAST_YEAR) - middle)
        season += height * np.exp(-((np.minimum(away, LAST_YEAR - away) / width) ** 2))
    events = np.isin(weeks, truth.event_weeks).astype(int)
    return pd.DataFrame({"trend": np.round(weeks / LAST_YEAR, 3), "season": np.round(season, 3), "events": events})


def _means(truth: Mix, spends: dict[str, np.ndarray], controls: pd.DataFrame) -> dict[str, np.ndarray]:
    """Expected outcome of each week by channel, and of the base with trend, season and events."""
    trend, season, events = (controls[name].to_numpy(dtype=float) for name in ("trend", "season", "events"))
    base = truth.base + truth.trend * trend + truth.season * season + truth.events * events
    return {"base": base} | {name: channel.weekly_outcome(spends[name]) for name, channel in truth.channels.items()}


def _spend(channel: Channel, weeks: int, rng: np.random.Generator) -> np.ndarray:
    """Spend of each week in whole euros; the last 52 add up to the channel's ``spend``, those before to about 85 %."""
    if channel.rhythm == "steady":
        laid_out = rng.gamma(3, 1 / 3, weeks)
    elif channel.rhythm == "flights":
        on = np.repeat(rng.random(weeks // 4 + 1) < 0.6, 4)[:weeks]
        on[-4:] = True
        laid_out = on * rng.gamma(4, 1 / 4, weeks) + 0.05
    else:
        laid_out = np.zeros(weeks)
        for year in range(0, weeks, LAST_YEAR):
            laid_out[year + np.array([8, 21, 34, 43]) + rng.integers(-2, 3, 4)] = rng.gamma(8, 1 / 8, 4)
    laid_out[: channel.start] = 0
    before, after = laid_out[:-LAST_YEAR], laid_out[-LAST_YEAR:]
    past = _shared(before, round(0.85 * channel.spend)) if before.sum() else before.astype(int)
    return np.concatenate([past, _shared(after, channel.spend)])


def _shared(shares: np.ndarray, total: int) -> np.ndarray:
    """``total`` shared out in whole numbers, to the last one."""
    ends = np.round(np.cumsum(shares) / shares.sum() * total).astype(int)
    return np.diff(ends, prepend=0)


def _stage(truth: Arrivals, source: str, answered: bool, hours: float, rng: np.random.Generator) -> int:
    """
    The furthest stage (0 to 4) that a lead reaches.

    The source's close rate is the mean over all its leads: those without an answer never close, those answered in
    time close ``in_time`` times as often as late ones.
    """
    if not answered:
        return 0
    early = truth.answered_in_time
    late_rate = truth.sources[source].close_rate / (1 - truth.never) / (early * truth.in_time + 1 - early)
    close = late_rate * (truth.in_time if hours <= 24 else 1)
    return int((rng.random() < close ** np.array([0, 0.25, 0.45, 0.7, 1])).sum() - 1)


def _rounded(kpi: Kpi, factor: float, place: int) -> float:
    value = round(kpi.targets[place] * factor, kpi.digits)
    return int(value) if kpi.digits == 0 else value


def _drawn(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))
