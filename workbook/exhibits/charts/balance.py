"""The charts of step 7: the share of upstream, and the four shares of alignment."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import ROW, Labels
from workbook.exhibits.charts.remembered import remembered

__all__ = ["alignment_bars", "share_bars"]

UPSTREAM, DOWNSTREAM = "#0b6e75", "#b4560b"


@remembered("bar", "side")
def share_bars(shares: pd.DataFrame, references: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw upstream and downstream shares, a bar a row, with the published references as rules over all of them.

    ``shares`` has one row per bar and side: bar (recommended, decided), side (in words), share (0..100), shown (in
    words), start, end (0..100). ``references`` has one row per rule: at (0..100), name.
    """
    order = list(dict.fromkeys(shares["bar"]))
    sides = list(dict.fromkeys(shares["side"]))
    x = alt.X(
        "start:Q",
        title=labels["axis"],
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100], grid=False),
    )
    base = alt.Chart(shares).encode(y=alt.Y("bar:N", sort=order, title=None, axis=alt.Axis(grid=False)))
    bars = base.mark_bar(height=22).encode(
        x=x,
        x2=alt.X2("end:Q"),
        color=alt.Color(
            "side:N",
            title=None,
            scale=alt.Scale(domain=sides, range=[UPSTREAM, DOWNSTREAM]),
            legend=alt.Legend(columns=2),
        ),
        tooltip=[alt.Tooltip("side:N", title=labels["side"]), alt.Tooltip("shown:N", title=labels["share"])],
    )
    words = base.mark_text(color="#ffffff", fontWeight="bold").encode(x=alt.X("middle:Q"), text=alt.Text("shown:N"))
    rules = (
        alt.Chart(references)
        .mark_rule(strokeDash=[5, 4], strokeWidth=2)
        .encode(x=alt.X("at:Q"), tooltip=[alt.Tooltip("name:N", title=labels["reference"])])
    )
    return (bars + words + rules).properties(height=len(order) * ROW + 50)


@remembered("trouble")
def alignment_bars(shares: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw each trouble's share of what is in order; nothing where there is nothing to count.

    ``shares`` has one row per trouble: trouble (in words), share (0..100, NaN for none yet), shown (in words), at (0 where
    there is no share).
    """
    names = list(shares["trouble"])
    base = alt.Chart(shares).encode(
        y=alt.Y("trouble:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=220))
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=UPSTREAM).encode(
        x=alt.X(
            "share:Q",
            title=labels["axis"],
            scale=alt.Scale(domain=[0, 100], nice=False),
            axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
        ),
        tooltip=[alt.Tooltip("trouble:N", title=labels["trouble"]), alt.Tooltip("shown:N", title=labels["share"])],
    )
    words = (
        base.properties(name="direct_values")
        .mark_text(align="left", dx=6)
        .encode(x=alt.X("at:Q"), text=alt.Text("shown:N"))
    )
    chart = (bars + words).properties(height=len(names) * ROW)
    chart.usermeta = {"narrow": {"config": {"axisY": {"labelLimit": 130}}}}
    return chart
