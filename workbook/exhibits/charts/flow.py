"""The picture of a flow: bands between nodes in three columns, as wide as the money they stand for."""

from typing import Literal

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels

__all__ = ["flow_bands"]

SIDES: tuple[tuple[str, Literal["left", "right"]], ...] = (("first", "left"), ("last", "right"))
"""Which way the names of nodes run: from all columns to the right, from the last one back."""


def flow_bands(nodes: pd.DataFrame, bands: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the bands, the nodes over them, and a name beside each node.

    ``nodes``: x, x_end (shares of the width), top, bottom, middle (pixels from the top), label_x, side (first or last: which
    way the name runs), label (its lines), words, colour, shown, height (of the picture). ``bands`` has some points per
    band: band, x, top, bottom, colour, words, shown.
    """
    height = float(nodes["height"].iloc[0])
    x = alt.Scale(domain=[0, 1], nice=False)
    y = alt.Scale(domain=[height, 0], nice=False)
    tips = [alt.Tooltip("words:N", title=labels["node"]), alt.Tooltip("shown:N", title=labels["amount"])]
    plain = alt.Color("colour:N", scale=None, legend=None)
    flow = (
        alt.Chart(bands)
        .mark_area(opacity=0.3, line=False)
        .encode(
            x=alt.X("x:Q", scale=x, axis=None),
            y=alt.Y("top:Q", scale=y, axis=None),
            y2=alt.Y2("bottom:Q"),
            detail=alt.Detail("band:N"),
            color=plain,
            tooltip=tips,
        )
    )
    boxes = (
        alt.Chart(nodes)
        .mark_rect()
        .encode(
            x=alt.X("x:Q", scale=x, axis=None),
            x2=alt.X2("x_end:Q"),
            y=alt.Y("top:Q", scale=y, axis=None),
            y2=alt.Y2("bottom:Q"),
            color=plain,
            tooltip=tips,
        )
    )
    first, last = (
        alt.Chart(nodes[nodes["side"] == side])
        .mark_text(align=align, baseline="middle", lineBreak="\n", fontSize=12, lineHeight=15)
        .encode(
            x=alt.X("label_x:Q", scale=x, axis=None), y=alt.Y("middle:Q", scale=y, axis=None), text=alt.Text("label:N")
        )
        for side, align in SIDES
    )
    chart: alt.LayerChart = (flow + boxes + first + last).properties(height=height)
    return chart
