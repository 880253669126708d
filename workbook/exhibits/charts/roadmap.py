"""The charts of offers and releases: ideas by RICE, releases on the calendar, profit against units sold."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _rows, _sized, _tall, _values
from workbook.exhibits.theme import SERIES

__all__ = ["idea_bars", "profit_lines", "release_spans"]


def idea_bars(ideas: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw ideas by their RICE score, highest first.

    ``ideas`` has one row per idea: idea, rice, shown (in words).
    """
    base = alt.Chart(ideas).encode(y=_rows("idea", ideas["idea"]))
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=alt.X("rice:Q", title=labels["rice"], axis=alt.Axis(tickCount=5)),
        tooltip=[alt.Tooltip("idea:N", title=labels["idea"]), alt.Tooltip("shown:N", title=labels["rice"])],
    )
    words = _values(base).encode(x=alt.X("rice:Q"), text=alt.Text("shown:N"))
    return _tall(bars + words, len(ideas))


def release_spans(releases: pd.DataFrame, period: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw releases on the calendar: the work as a bar, the date as a mark at its end.

    ``releases`` has one row per release and segment: row (release, perhaps with its segment), begin and date
    (timestamps), critical (bool), when (in words). ``period`` has at most one row: begin and end of the plan.
    """
    base = alt.Chart(releases).encode(
        y=_rows("row", list(dict.fromkeys(releases["row"]))),
        color=alt.condition("datum.critical", alt.value(SERIES[1]), alt.value(SERIES[0])),
        tooltip=[alt.Tooltip("row:N", title=labels["release"]), alt.Tooltip("when:N", title=labels["when"])],
    )
    axis = alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True)
    work = base.mark_bar(height=10, cornerRadius=2, opacity=0.45).encode(
        x=alt.X("begin:T", title=labels["when"], axis=axis), x2=alt.X2("date:T")
    )
    day = base.mark_point(shape="diamond", filled=True, size=150, opacity=1).encode(x=alt.X("date:T"))
    shade = alt.Chart(period).mark_rect(opacity=0.1, color=SERIES[5]).encode(x=alt.X("begin:T"), x2=alt.X2("end:T"))
    layers = shade + work + day if len(period) else work + day
    return _tall(layers, releases["row"].nunique())


def profit_lines(profit: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw profit against units sold, one line an offer, with the units at which it breaks even.

    ``profit`` has one row per (offer, units): offer, units, profit (money), breaks_even (bool: the row of break-even).
    """
    base = alt.Chart(profit).encode(
        x=alt.X("units:Q", title=labels["units"]),
        y=alt.Y("profit:Q", title=labels["profit"], axis=alt.Axis(format=",~r")),
        color=alt.Color("offer:N", title=None, legend=alt.Legend(orient="top", columns=5)),
    )
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(strokeDash=[4, 4], opacity=0.6).encode(y=alt.Y("at:Q"))
    point = base.transform_filter("datum.breaks_even").mark_point(filled=True, size=120, opacity=1)
    return _sized(zero + base.mark_line(strokeWidth=2) + point, 280)
