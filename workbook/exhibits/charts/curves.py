"""The charts of what is believed of channels: assumed against observed, and before and after a test."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import ROW, Labels
from workbook.exhibits.theme import SERIES

__all__ = ["belief_bands", "belief_dots"]


def belief_dots(beliefs: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw for each channel what it brings at one spend, with its interval, a row for each thing it rests on.

    ``beliefs`` has one row per channel and basis: channel, basis (in words), outcome, low, high, shown (in words).
    """
    names, bases = list(dict.fromkeys(beliefs["channel"])), list(dict.fromkeys(beliefs["basis"]))
    base = alt.Chart(beliefs).encode(
        y=alt.Y("channel:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190)),
        yOffset=alt.YOffset("basis:N", sort=bases),
        color=alt.Color(
            "basis:N",
            title=None,
            sort=bases,
            scale=alt.Scale(domain=bases, range=["#8d8a80", SERIES[0], SERIES[2]][: len(bases)]),
            legend=alt.Legend(columns=3),
        ),
    )
    intervals = base.mark_rule(strokeWidth=3, opacity=0.5).encode(
        x=alt.X("low:Q", title=labels["outcome"], scale=alt.Scale(domainMin=0)), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("outcome:Q"),
        tooltip=[
            alt.Tooltip("channel:N", title=labels["channel"]),
            alt.Tooltip("basis:N", title=labels["basis"]),
            alt.Tooltip("shown:N", title=labels["outcome"]),
        ],
    )
    chart = (intervals + dots).properties(height=len(names) * 2 * ROW * 0.8 + 50)
    chart.usermeta = {"narrow": {"config": {"axisY": {"labelLimit": 120}}}}
    return chart


def belief_bands(curves: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw one channel's curve before and after a test, each with its interval.

    ``curves`` has one row per curve and spend: when (in words), spend (thousands), outcome, low, high.
    """
    order = list(dict.fromkeys(curves["when"]))
    base = alt.Chart(curves).encode(
        x=alt.X("spend:Q", title=labels["spend"], axis=alt.Axis(grid=False)),
        color=alt.Color(
            "when:N",
            title=None,
            sort=order,
            scale=alt.Scale(domain=order, range=["#8d8a80", SERIES[2]]),
            legend=alt.Legend(columns=2),
        ),
    )
    bands = base.mark_area(opacity=0.22).encode(
        y=alt.Y("low:Q", title=labels["outcome"], scale=alt.Scale(domainMin=0)), y2=alt.Y2("high:Q")
    )
    lines = base.mark_line().encode(
        y=alt.Y("outcome:Q"),
        tooltip=[alt.Tooltip("when:N", title=labels["when"]), alt.Tooltip("shown:N", title=labels["outcome"])],
    )
    return (bands + lines).properties(height=300)
