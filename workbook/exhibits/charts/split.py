"""Charts of the split of a budget: what more money would bring, how far it may come out otherwise, and when it is spent."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import ROW, Labels
from workbook.exhibits.charts.remembered import remembered
from workbook.exhibits.theme import SERIES

__all__ = ["frontier_line", "moved_dots", "outlook_ranges", "spend_by_month_bars", "test_bars", "version_bars"]


@remembered()
def frontier_line(curve: pd.DataFrame, today: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the best outcome of every budget, with a dot at today's.

    ``curve`` and ``today``: budget (thousands), outcome (in the axis's unit), shown (the outcome in words).
    """
    x = alt.X("budget:Q", title=labels["budget"], scale=alt.Scale(nice=False), axis=alt.Axis(grid=False, tickCount=6))
    y = alt.Y("outcome:Q", title=labels["outcome"], scale=alt.Scale(domainMin=0))
    line = alt.Chart(curve).mark_line(color=SERIES[0]).encode(x=x, y=y)
    base = alt.Chart(today).encode(x=x, y=y)
    dot = base.mark_point(filled=True, size=110, opacity=1, color=SERIES[0]).encode(
        tooltip=[alt.Tooltip("shown:N", title=labels["outcome"])]
    )
    words = base.mark_text(align="right", dx=-8, dy=-12, fontWeight="bold").encode(text=alt.Text("shown:N"))
    chart: alt.LayerChart = (line + dot + words).properties(height=280)
    return chart


@remembered("split")
def outlook_ranges(splits: pd.DataFrame, goal: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the range of outcomes of each split: line for four draws in five, dot for the mean, tick for the worst tenth.

    ``splits`` has one row per split: split (in words), mean, low, high, worst_tenth. ``goal``: at; no row without a goal.
    """
    names = list(splits["split"])
    scale = alt.Scale(zero=False, padding=12)
    y = alt.Y("split:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=200))
    base = alt.Chart(splits).encode(y=y)
    ranges = base.mark_rule(strokeWidth=4, opacity=0.45, color=SERIES[0]).encode(
        x=alt.X("low:Q", title=labels["axis"], scale=scale), x2=alt.X2("high:Q")
    )
    means = base.mark_point(filled=True, size=120, opacity=1, color=SERIES[0]).encode(
        x=alt.X("mean:Q", scale=scale),
        tooltip=[alt.Tooltip("split:N", title=labels["split"]), alt.Tooltip("mean:Q", format=".1f")],
    )
    worst = base.mark_tick(thickness=3, size=22, color=SERIES[5]).encode(x=alt.X("worst_tenth:Q", scale=scale))
    line = alt.Chart(goal).mark_rule(strokeDash=[4, 4], opacity=0.7).encode(x=alt.X("at:Q", scale=scale))
    return _tall(ranges + means + worst + line, len(splits))


@remembered("channel")
def moved_dots(channels: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw each channel's spend in the best split (dot) and in the robust one (ring), joined by a line.

    ``channels`` has one row per channel: channel, spend, robust (thousands), shown (the move in words).
    """
    names = list(channels["channel"])
    scale = alt.Scale(domainMin=0)
    base = alt.Chart(channels).encode(
        y=alt.Y("channel:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190))
    )
    joined = base.mark_rule(strokeWidth=2, opacity=0.5).encode(
        x=alt.X("spend:Q", title=labels["axis"], scale=scale), x2=alt.X2("robust:Q")
    )
    tooltip = [alt.Tooltip("channel:N", title=labels["channel"]), alt.Tooltip("shown:N", title=labels["move"])]
    dots = base.mark_point(filled=True, size=110, opacity=1, color=SERIES[0]).encode(
        x=alt.X("spend:Q", scale=scale), tooltip=tooltip
    )
    rings = base.mark_point(filled=False, size=130, strokeWidth=3, opacity=1, color=SERIES[5]).encode(
        x=alt.X("robust:Q", scale=scale), tooltip=tooltip
    )
    return _tall(joined + dots + rings, len(channels))


@remembered("channel")
def test_bars(channels: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what a test of each channel's curve is worth at most.

    ``channels`` has one row per channel, the most valuable first: channel, test_worth, shown (in words).
    """
    names = list(channels["channel"])
    x = alt.X(
        "test_worth:Q",
        title=labels["axis"],
        scale=alt.Scale(domainMin=0, nice=False),
        axis=alt.Axis(tickCount=6),
    )
    base = alt.Chart(channels).encode(
        y=alt.Y("channel:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190))
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=SERIES[0]).encode(
        x=x, tooltip=[alt.Tooltip("channel:N", title=labels["channel"]), alt.Tooltip("shown:N", title=labels["axis"])]
    )
    words = base.properties(name="direct_values").mark_text(align="left", dx=6).encode(x=x, text=alt.Text("shown:N"))
    return _tall(bars + words, len(channels))


@remembered("channel", "shown")
def spend_by_month_bars(months: pd.DataFrame, *, labels: Labels) -> alt.Chart:
    """
    Draw the spend of each month, channels on top of each other.

    ``months`` has one row per month and channel: number (1 is the first month), shown (the month in words), channel,
    spend (thousands).
    """
    names = list(dict.fromkeys(months["channel"]))
    usable = [*SERIES[:6], "#7a5195", "#8c6d31"]
    colours = [usable[i % len(usable)] for i in range(len(names))]
    order = list(dict.fromkeys(months["shown"]))
    # A month of a year by its first letters, which both languages do; where there is no room for all, some are left out.
    short = "test(regexp(' [0-9]{4}$'), datum.label) ? slice(datum.label, 0, 3) + slice(datum.label, -5) : datum.label"
    axis = alt.Axis(labelAngle=0, labelExpr=short, labelOverlap=True, grid=False)
    return (
        alt.Chart(months)
        .mark_bar()
        .encode(
            x=alt.X("shown:N", sort=order, title=None, axis=axis),
            y=alt.Y("spend:Q", title=labels["spend"]),
            color=alt.Color(
                "channel:N",
                scale=alt.Scale(domain=names, range=colours),
                legend=alt.Legend(title=None, orient="top", columns=6),
            ),
            tooltip=[
                alt.Tooltip("shown:N", title=labels["month"]),
                alt.Tooltip("channel:N", title=labels["channel"]),
                alt.Tooltip("spend:Q", title=labels["spend"], format=".1f"),
            ],
        )
        .properties(height=300)
    )


@remembered("channel", "version")
def version_bars(spends: pd.DataFrame, *, labels: Labels) -> alt.Chart:
    """
    Draw the spend of each channel in each version of the plan, one bar a version.

    ``spends`` has one row per channel and version: channel, version, spend (thousands).
    """
    names, versions = list(dict.fromkeys(spends["channel"])), list(dict.fromkeys(spends["version"]))
    chart = (
        alt.Chart(spends)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("channel:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190)),
            yOffset=alt.YOffset("version:N", sort=versions),
            x=alt.X("spend:Q", title=labels["spend"]),
            color=alt.Color(
                "version:N",
                scale=alt.Scale(domain=versions, range=[SERIES[i % len(SERIES)] for i in range(len(versions))]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            tooltip=[
                alt.Tooltip("channel:N", title=labels["channel"]),
                alt.Tooltip("version:N", title=labels["version"]),
                alt.Tooltip("spend:Q", title=labels["spend"], format=".1f"),
            ],
        )
    )
    return chart.properties(height=max(len(names), 1) * (ROW + 10 * len(versions)))


def _tall(chart: alt.LayerChart, rows: int) -> alt.LayerChart:
    sized: alt.LayerChart = chart.properties(height=max(rows, 1) * ROW)
    sized.usermeta = {"narrow": {"config": {"axisY": {"labelLimit": 120}}}}
    return sized
