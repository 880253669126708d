"""The charts of measuring: the state of indicators by month, where a variance comes from, the course to the goal."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import ROW, Labels
from workbook.exhibits.theme import SERIES

__all__ = ["course_lines", "status_tiles", "variance_bars"]

STATES = ("ahead", "on course", "behind", "no actual")
COLOURS = ("#00618f", "#00734f", "#b04a00", "#8d8a80")
"""Ground of a tile by its state; white signs can be read on each."""

SIGNED = "datum.value == 0 ? replace(datum.label, '+', '') : datum.label"
"""Labels of an axis with a sign; nothing is neither more nor less."""


def status_tiles(months: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw a tile for each indicator and month, its colour and its sign saying the state.

    ``months`` has one row per indicator and month: indicator, month (in words, short), status (one of ``labels``' ahead,
    on course, behind, no actual), sign, shown (actual against target in words).
    """
    names, order = list(dict.fromkeys(months["indicator"])), list(dict.fromkeys(months["month"]))
    present = [(labels[s], c) for s, c in zip(STATES, COLOURS, strict=True) if labels[s] in set(months["status"])]
    # On a phone, and with a year of months, there is room for every other label.
    axis = alt.Axis(orient="top", labelAngle=0, grid=False, labelOverlap="greedy", labelSeparation=6)
    base = alt.Chart(months).encode(
        x=alt.X("month:O", sort=order, title=None, axis=axis),
        y=alt.Y("indicator:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190)),
    )
    tiles = base.mark_rect(cornerRadius=4, stroke="#ffffff", strokeWidth=2, strokeOpacity=0.4).encode(
        color=alt.Color(
            "status:N",
            title=None,
            sort=[word for word, _colour in present],
            scale=alt.Scale(domain=[word for word, _colour in present], range=[colour for _word, colour in present]),
            legend=alt.Legend(columns=4, orient="bottom"),
        ),
        tooltip=[
            alt.Tooltip("indicator:N", title=labels["indicator"]),
            alt.Tooltip("month:O", title=labels["month"]),
            alt.Tooltip("shown:N", title=labels["state"]),
        ],
    )
    signs = base.mark_text(color="#ffffff", fontSize=14).encode(text=alt.Text("sign:N"))
    return _tall(tiles + signs, len(names))


def variance_bars(parts: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw for each indicator what of its variance comes of spend and what of response, in percent of the target.

    ``parts`` has one row per indicator and part: indicator, part (in words), share (a fraction), shown (in words).
    """
    names, kinds = list(dict.fromkeys(parts["indicator"])), list(dict.fromkeys(parts["part"]))
    bars = (
        alt.Chart(parts)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("indicator:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190)),
            yOffset=alt.YOffset("part:N", sort=kinds),
            x=alt.X("share:Q", title=labels["axis"], axis=alt.Axis(format="+%", tickCount=6, labelExpr=SIGNED)),
            color=alt.Color(
                "part:N",
                title=None,
                sort=kinds,
                scale=alt.Scale(domain=kinds, range=["#8d8a80", SERIES[1], SERIES[0]][: len(kinds)]),
                legend=alt.Legend(columns=3),
            ),
            tooltip=[
                alt.Tooltip("indicator:N", title=labels["indicator"]),
                alt.Tooltip("part:N", title=labels["part"]),
                alt.Tooltip("shown:N", title=labels["variance"]),
            ],
        )
    )
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(opacity=0.6).encode(x=alt.X("at:Q"))
    return _tall(bars + zero, len(names), each=ROW * 0.6 * max(len(kinds), 1) + 10)


def course_lines(months: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw plan, actual and the forecast made again, each added up month by month, with the band of the forecast.

    ``months`` has one row per line and month: line (in words, in the order actual, plan, forecast), month (first day, as
    ISO text), total, low, high (the forecast's band; equal to the total elsewhere), shown.
    """
    order = list(dict.fromkeys(months["line"]))
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %y", grid=False, tickCount=6))
    base = alt.Chart(months).encode(
        x=x,
        color=alt.Color(
            "line:N",
            title=None,
            sort=order,
            scale=alt.Scale(domain=order, range=[SERIES[0], "#8d8a80", SERIES[2]][: len(order)]),
            legend=alt.Legend(columns=3, symbolType="circle", symbolStrokeWidth=0),
        ),
    )
    band = base.mark_area(opacity=0.2).encode(
        y=alt.Y("low:Q", title=labels["axis"], scale=alt.Scale(domainMin=0)), y2=alt.Y2("high:Q")
    )
    lines = base.mark_line(point=alt.OverlayMarkDef(size=50, filled=True)).encode(
        y=alt.Y("total:Q"),
        strokeDash=alt.StrokeDash(
            "line:N",
            sort=order,
            scale=alt.Scale(domain=order, range=[[1, 0], [5, 4], [2, 3]][: len(order)]),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("line:N", title=labels["line"]),
            alt.Tooltip("month:T", title=labels["month"], format="%B %Y"),
            alt.Tooltip("shown:N", title=labels["total"]),
        ],
    )
    chart: alt.LayerChart = (band + lines).properties(height=280)
    return chart


def _tall(chart: alt.LayerChart, rows: int, *, each: float = ROW) -> alt.LayerChart:
    sized: alt.LayerChart = chart.properties(height=max(rows, 1) * each)
    sized.usermeta = {"narrow": {"config": {"axisY": {"labelLimit": 120}}}}
    return sized
