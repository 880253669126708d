"""The charts of customers and market: groups by what they answer, how many groups, value, staying, themes, the map."""

from typing import Any

import altair as alt
import pandas as pd

from workbook.exhibits.charts import ROW, Labels, _rows, _series, _sized, _tall, _values
from workbook.exhibits.theme import SERIES

__all__ = ["brand_biplot", "group_profiles", "groups_by_count", "retention_lines", "theme_bars", "value_dots"]

# From well below the mean of all, over it, to well above: read without red and green, and dark enough for the figures.
HEAT = ["#f0c27b", "#faf6ec", "#8cc4c9"]


def group_profiles(cells: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw how each group answers each question, shaded by how far that is from the mean of all.

    ``cells`` has one row per question and group: question, group (in words), distance (in standard deviations of the
    respondents), shown (the answer in words).
    """
    questions, groups = list(dict.fromkeys(cells["question"])), list(dict.fromkeys(cells["group"]))
    base = alt.Chart(cells).encode(
        x=alt.X(
            "group:N",
            sort=groups,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, labelLimit=150, grid=False),
        ),
        y=_rows("question", questions, limit=230),
    )
    shades = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("distance:Q", scale=alt.Scale(domain=[-1.2, 0, 1.2], range=HEAT, clamp=True), legend=None),
        tooltip=[
            alt.Tooltip("question:N", title=labels["question"]),
            alt.Tooltip("group:N", title=labels["group"]),
            alt.Tooltip("shown:N", title=labels["answer"]),
        ],
    )
    figures = base.mark_text(color="#14171d").encode(text=alt.Text("shown:N"))
    chart = _tall(shades + figures, len(questions), extra=24)
    # Where names of groups take two lines, they stand clear of the first row.
    chart.usermeta["narrow"]["config"]["axisTop"] = {"labelPadding": 20}
    return chart


def groups_by_count(tried: pd.DataFrame, *, labels: Labels, stable: float) -> alt.VConcatChart:
    """
    Draw BIC and, under it, the stability by the number of groups; the one offered is filled.

    ``tried`` has one row per number of groups: k, bic, stability (0..1), chosen (bool).
    """
    x = alt.X("k:O", title=None, axis=alt.Axis(labelAngle=0, grid=False))
    mark = alt.Chart(pd.DataFrame({"at": [stable]})).mark_rule(strokeDash=[4, 4], opacity=0.6).encode(y=alt.Y("at:Q"))
    bic = _by_count(
        tried,
        x,
        alt.Y("bic:Q", title=labels["bic"], scale=alt.Scale(zero=False), axis=alt.Axis(format=",~r", tickCount=4)),
        labels,
    )
    below = alt.X("k:O", title=labels["k"], axis=alt.Axis(labelAngle=0, grid=False))
    axis = alt.Axis(values=[0, 0.5, stable, 1], format="~r")
    agreed = _by_count(
        tried,
        below,
        alt.Y("stability:Q", title=labels["stability"], scale=alt.Scale(domain=[0, 1.05]), axis=axis),
        labels,
    )
    return alt.vconcat(bic.properties(height=150), (mark + agreed).properties(height=150))


def _by_count(tried: pd.DataFrame, x: alt.X, y: alt.Y, labels: Labels) -> alt.LayerChart:
    base = alt.Chart(tried).encode(x=x, y=y)
    dots = base.mark_point(size=90, opacity=1, filled=False, strokeWidth=2, stroke=SERIES[0]).encode(
        fill=alt.Fill("chosen:N", scale=alt.Scale(domain=[True, False], range=[SERIES[0], "#ffffff"]), legend=None),
        tooltip=[
            alt.Tooltip("k:O", title=labels["k"]),
            alt.Tooltip("bic:Q", title=labels["bic"], format=",.0f"),
            alt.Tooltip("stability:Q", title=labels["stability"], format=".2f"),
        ],
    )
    return base.mark_line(color=SERIES[0], opacity=0.5) + dots


def brand_biplot(points: pd.DataFrame, *, labels: Labels, reach: float) -> alt.LayerChart:
    """
    Draw brands and attributes as points of one map, paler the less of their profile it shows.

    ``points`` has one row per point: kind ("brand" or "attribute"), kind_words, name, x, y, quality (0..1),
    quality_shown (in words). ``reach`` is the end of both axes: distances are what is read. ``labels`` has ``x`` and ``y`` with the share
    each axis shows.
    """
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    axis = alt.Axis(format="~r", tickCount=5)
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(strokeDash=[4, 4], opacity=0.5)
    lines = zero.encode(x=alt.X("at:Q", scale=scale)) + zero.encode(y=alt.Y("at:Q", scale=scale))
    words = [points.loc[points["kind"] == kind, "kind_words"].iloc[0] for kind in ("brand", "attribute")]
    base = alt.Chart(points).encode(
        x=alt.X("x:Q", title=labels["x"], scale=scale, axis=axis),
        y=alt.Y("y:Q", title=labels["y"], scale=scale, axis=axis),
        color=alt.Color(
            "kind_words:N",
            title=None,
            scale=alt.Scale(domain=words, range=[SERIES[1], SERIES[0]]),
            legend=alt.Legend(columns=2),
        ),
        opacity=alt.Opacity("quality:Q", scale=alt.Scale(domain=[0, 1], range=[0.35, 1]), legend=None),
    )
    dots = base.mark_point(filled=True, size=90).encode(
        shape=alt.Shape("kind_words:N", scale=alt.Scale(domain=words, range=["circle", "diamond"]), legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip("quality_shown:N", title=labels["quality"]),
        ],
    )
    # The page finds each name a free place beside its point; faint are the points, not what must be read.
    names = (
        base.properties(name="around_names")
        .mark_text(align="left", dx=9)
        .encode(text=alt.Text("name:N"), opacity=alt.OpacityValue(1))
    )
    return _sized(lines + dots + names, 420)


def retention_lines(seen: pd.DataFrame, fitted: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the share still there by period: each cohort as seen, and the curve fitted to all, dashed past what was seen.

    ``seen``: cohort, period, share. ``fitted``: period, share, ahead (bool: past the longest history), shown (in words).
    """
    x = alt.X("period:Q", title=labels["period"], axis=alt.Axis(format="d", grid=False, tickMinStep=1))
    y = alt.Y(
        "share:Q",
        title=labels["share"],
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    lines = (
        alt.Chart(seen)
        .mark_line(strokeWidth=1, opacity=0.45, color=SERIES[4])
        .encode(x=x, y=y, detail=alt.Detail("cohort:N"), tooltip=[alt.Tooltip("cohort:N", title=labels["cohort"])])
    )
    base = alt.Chart(fitted).encode(x=x, y=y)
    curve = base.mark_line(strokeWidth=3, color=SERIES[0]).encode(
        strokeDash=alt.StrokeDash("ahead:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [6, 4]]), legend=None)
    )
    ends = (
        base.transform_filter("datum.marked")
        .mark_point(filled=True, size=70, opacity=1, color=SERIES[0])
        .encode(
            tooltip=[alt.Tooltip("period:Q", title=labels["period"]), alt.Tooltip("shown:N", title=labels["share"])]
        )
    )
    # A curve that falls leaves room above it at the right; the last figure has the edge there, and stands before it.
    last, bold = float(fitted["period"].max()), base.encode(text=alt.Text("shown:N"))
    words = bold.transform_filter(f"datum.marked && datum.period < {last}").mark_text(
        align="left", dx=6, dy=-8, fontWeight="bold"
    )
    final = bold.transform_filter(f"datum.marked && datum.period >= {last}").mark_text(
        align="right", dx=4, dy=-14, fontWeight="bold"
    )
    return _sized(lines + curve + ends + words + final, 320)


def value_dots(segments: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the mean value of a customer by segment, with its interval, highest first.

    ``segments`` has one row per segment: name, value, low, high (money), shown (value in words).
    """
    base = alt.Chart(segments).encode(y=_rows("name", segments["name"]))
    scale = alt.Scale(domainMin=0)
    interval = base.mark_rule(strokeWidth=3, opacity=0.45, color=SERIES[2]).encode(
        x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, size=110, color=SERIES[2], opacity=1).encode(
        x=alt.X("value:Q", title=labels["value"], scale=scale, axis=alt.Axis(format=",~r", tickCount=6)),
        tooltip=[alt.Tooltip("name:N", title=labels["name"]), alt.Tooltip("shown:N", title=labels["value"])],
    )
    words = _values(base).encode(x=alt.X("high:Q", scale=scale), text=alt.Text("shown:N"))
    return _tall(interval + dots + words, len(segments))


def theme_bars(themes: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw themes by their share of the texts, in the table's order, shaded by mean rating where there is one.

    ``themes`` has one row per theme: theme, share (0..1), mood (in words; one word without ratings), shown and figures
    (share and rating, in words and in short). ``labels`` holds, in ``order``, the words of the moods, worst first, joined by a bar.
    """
    order = labels["order"].split("|")
    colours = [SERIES[1], SERIES[5], SERIES[2]] if len(order) == 3 else _series(len(order))
    base = alt.Chart(themes).encode(y=_rows("theme", themes["theme"], limit=240))
    widest = 1.25 * float(themes["share"].max())
    scale = alt.Scale(domain=[0, widest], nice=False)
    legend: Any = alt.Legend(columns=3) if len(order) > 1 else None
    bars = base.mark_bar(height=ROW // 2, cornerRadiusEnd=2).encode(
        x=alt.X("share:Q", title=labels["axis"], scale=scale, axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color("mood:N", title=None, scale=alt.Scale(domain=order, range=colours), legend=legend),
        tooltip=[alt.Tooltip("theme:N", title=labels["theme"]), alt.Tooltip("shown:N", title=labels["share"])],
    )
    words = _values(base).encode(x=alt.X("share:Q", scale=scale), text=alt.Text("figures:N"))
    return _tall(bars + words, len(themes), extra=40, narrow_labels=150)
