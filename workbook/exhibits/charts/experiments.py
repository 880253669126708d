"""The charts of tests: days needed, lifts with their intervals, where the next visitors go, what a test loses on the way."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import ROW, Labels
from workbook.exhibits.theme import SERIES

__all__ = ["day_bars", "gain_bars", "lift_ranges", "lost_ranges", "next_visitors"]


def day_bars(tests: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the days each test needs, with a mark at those planned.

    ``tests`` has one row per test: test, days, planned (NaN where open), shown (the days in words).
    """
    return _bars_with_marks(tests, "test", "days", "planned", labels, labels["needed"])


def gain_bars(programmes: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what a success of each programme brings, with a mark at its cost.

    ``programmes`` has one row per programme: programme, gain, cost (money), shown (what is left, in words).
    """
    return _bars_with_marks(programmes, "programme", "gain", "cost", labels, labels["gain"])


def _bars_with_marks(table: pd.DataFrame, name: str, bar: str, mark: str, labels: Labels, said: str) -> alt.LayerChart:
    names = list(table[name])
    x = alt.X(f"{bar}:Q", title=labels["axis"], scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=6))
    base = alt.Chart(table).encode(
        y=alt.Y(f"{name}:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190))
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=SERIES[0]).encode(
        x=x, tooltip=[alt.Tooltip(f"{name}:N", title=labels[name]), alt.Tooltip("shown:N", title=said)]
    )
    marks = base.mark_tick(thickness=3, size=26, color=SERIES[1]).encode(x=alt.X(f"{mark}:Q"))
    return _tall(bars + marks, len(names))


def lift_ranges(lifts: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw each variant's lift over the control with its interval, a line at no lift, and the chance to win beside it.

    ``lifts`` has one row per measure and variant: name (of both), lift, low, high (fractions), shown (the chance in words).
    """
    names = list(lifts["name"])
    y = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=230))
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(opacity=0.6).encode(x=alt.X("at:Q"))
    base = alt.Chart(lifts).encode(y=y)
    ranges = base.mark_rule(strokeWidth=4, opacity=0.45, color=SERIES[0]).encode(
        x=alt.X("low:Q", title=labels["axis"], axis=alt.Axis(format="%", tickCount=6)), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, size=110, opacity=1, color=SERIES[0]).encode(
        x=alt.X("lift:Q"),
        tooltip=[
            alt.Tooltip("name:N", title=labels["variant"]),
            alt.Tooltip("lift:Q", title=labels["lift"], format="+.1%"),
            alt.Tooltip("shown:N", title=labels["chance"]),
        ],
    )
    return _tall(zero + ranges + dots, len(names))


def next_visitors(shares: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw for each measure how the next visitors would be spread over the variants.

    ``shares`` has one row per measure and variant: measure, variant, next_share (a fraction), shown (in words).
    """
    measures, variants = list(dict.fromkeys(shares["measure"])), list(dict.fromkeys(shares["variant"]))
    chart = (
        alt.Chart(shares)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("measure:N", sort=measures, title=None, axis=alt.Axis(grid=False, labelLimit=190)),
            yOffset=alt.YOffset("variant:N", sort=variants),
            x=alt.X(
                "next_share:Q",
                title=labels["axis"],
                scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
            ),
            color=alt.Color(
                "variant:N",
                title=None,
                sort=variants,
                scale=alt.Scale(domain=variants, range=[SERIES[i % len(SERIES)] for i in range(len(variants))]),
                legend=alt.Legend(columns=3),
            ),
            tooltip=[
                alt.Tooltip("measure:N", title=labels["measure"]),
                alt.Tooltip("variant:N", title=labels["variant"]),
                alt.Tooltip("shown:N", title=labels["share"]),
            ],
        )
    )
    return _tall(chart, len(measures), each=ROW * 0.6 * max(len(variants), 1) + 10)


def lost_ranges(runs: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what an adaptive test and a fixed split lose on the way: the mean, and nine runs in ten.

    ``runs`` has one row per measure and way: measure, way (in words), lost, low, high (fractions of the best), shown.
    """
    measures, ways = list(dict.fromkeys(runs["measure"])), list(dict.fromkeys(runs["way"]))
    base = alt.Chart(runs).encode(
        y=alt.Y("measure:N", sort=measures, title=None, axis=alt.Axis(grid=False, labelLimit=190)),
        yOffset=alt.YOffset("way:N", sort=ways),
        color=alt.Color(
            "way:N",
            title=None,
            sort=ways,
            scale=alt.Scale(domain=ways, range=[SERIES[2], "#8d8a80"]),
            legend=alt.Legend(columns=2),
        ),
    )
    ranges = base.mark_rule(strokeWidth=4, opacity=0.5).encode(
        x=alt.X("low:Q", title=labels["axis"], scale=alt.Scale(domainMin=0), axis=alt.Axis(format=".1%", tickCount=6)),
        x2=alt.X2("high:Q"),
    )
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("lost:Q"),
        tooltip=[
            alt.Tooltip("measure:N", title=labels["measure"]),
            alt.Tooltip("way:N", title=labels["way"]),
            alt.Tooltip("shown:N", title=labels["lost"]),
        ],
    )
    return _tall(ranges + dots, len(measures), each=ROW * 1.8)


def _tall(chart: alt.LayerChart | alt.Chart, rows: int, *, each: float = ROW) -> alt.LayerChart:
    sized = chart.properties(height=max(rows, 1) * each)
    sized.usermeta = {"narrow": {"config": {"axisY": {"labelLimit": 130}}}}
    return sized  # type: ignore[return-value]
