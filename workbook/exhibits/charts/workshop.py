"""The chart of votes: every vote a dot, the median a mark, the middle half a bar."""

import altair as alt
import pandas as pd

from workbook.exhibits.theme import SERIES

__all__ = ["vote_dots"]

ROW = 54
"""Pixels for one item: the bar below, and room for a stack of dots above it."""

DOT = 7
MOST_STACKED = 5


def vote_dots(
    dots: pd.DataFrame, marks: pd.DataFrame, *, low: float, high: float, labels: dict[str, str]
) -> alt.LayerChart:
    """
    Draw the votes on each item, those alike stacked on one another.

    ``dots`` has one row per vote: item, key, value, place (0 for the lowest of a stack), low and high (ends of an
    estimate, else the value). ``marks`` has one row per item: item, key, median, low, high, shown (the median in words).
    """
    keys = list(marks["key"])
    tallest = int(dots["place"].max()) + 1
    row = ROW + max(0, tallest - MOST_STACKED) * DOT
    y = alt.Y("item:N", sort=list(marks["item"]), title=None, axis=alt.Axis(grid=False, labelLimit=200))
    whole = high - low <= 10 and low == int(low) and high == int(high)
    axis = alt.Axis(values=list(range(int(low), int(high) + 1)), format="d") if whole else alt.Axis(tickCount=6)
    pad = (high - low) * 0.03 or 0.5
    scale = alt.Scale(domain=[low - pad, high + pad], nice=False)
    base = alt.Chart(marks).encode(y=y)
    middle = base.mark_bar(height=6, cornerRadius=3, opacity=0.28, color=SERIES[0], yOffset=row * 0.3).encode(
        x=alt.X("low:Q", title=labels["axis"], scale=scale, axis=axis), x2=alt.X2("high:Q")
    )
    at_median = base.mark_tick(thickness=3, size=18, yOffset=row * 0.3).encode(x=alt.X("median:Q", scale=scale))
    votes = alt.Chart(dots).encode(
        y=y,
        tooltip=[
            alt.Tooltip("item:N", title=labels["item"]),
            alt.Tooltip("value:Q", title=labels["shown"], format="~r"),
        ],
    )
    layers = [middle, at_median]
    if (dots["low"] < dots["high"]).any():
        layers.append(
            votes.mark_rule(strokeWidth=1, opacity=0.35, color=SERIES[0], yOffset=row * 0.12).encode(
                x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q")
            )
        )
    for place in range(tallest):
        layers.append(
            votes.transform_filter(alt.datum.place == place)
            .mark_point(filled=True, size=70, opacity=0.85, color=SERIES[0], yOffset=row * 0.12 - place * DOT)
            .encode(x=alt.X("value:Q", scale=scale))
        )
    chart: alt.LayerChart = alt.LayerChart(layer=layers).properties(height=max(len(keys), 1) * row)
    chart.usermeta = {"narrow": {"config": {"axisY": {"labelLimit": 110}}}}
    return chart
