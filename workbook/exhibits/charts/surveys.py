"""The charts of surveys: features in Kano's quadrant, dots with intervals, the curve of reach, spans of part-worths."""

from typing import Any

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _rows, _sized, _tall, _values
from workbook.exhibits.theme import SERIES

__all__ = ["importance_bars", "kano_map", "reach_curve", "score_dots", "share_dots", "worth_dots"]

# Must-be, one-dimensional, attractive, indifferent, reverse, questionable.
CATEGORIES = ("#b04a00", "#00618f", "#00734f", "#6d7686", "#8a4a73", "#54503f")


def kano_map(features: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw features by how much they please when there and are missed when not, each a dot with its name.

    ``features`` has one row per feature: feature, category_words, better (0..1), missed (0..1). ``labels``
    holds, in ``order``, the words of the six categories, joined by a bar.
    """
    order = labels["order"].split("|")
    present = [word for word in order if word in set(features["category_words"])]
    colours = [CATEGORIES[order.index(word)] for word in present]
    scale, axis = alt.Scale(domain=[0, 1], nice=False), alt.Axis(values=[0, 0.5, 1], format="~r")
    half = alt.Chart(pd.DataFrame({"at": [0.5]})).mark_rule(strokeDash=[4, 4], opacity=0.6)
    lines = half.encode(x=alt.X("at:Q", scale=scale, axis=axis)) + half.encode(y=alt.Y("at:Q", scale=scale, axis=axis))
    base = alt.Chart(features).encode(
        x=alt.X("missed:Q", title=labels["missed"], scale=scale, axis=axis),
        y=alt.Y("better:Q", title=labels["better"], scale=scale, axis=axis),
    )
    dots = base.mark_point(filled=True, size=140, opacity=1).encode(
        color=alt.Color(
            "category_words:N",
            title=None,
            scale=alt.Scale(domain=present, range=colours),
            legend=alt.Legend(columns=6),
        ),
        tooltip=[
            alt.Tooltip("feature:N", title=labels["feature"]),
            alt.Tooltip("category_words:N", title=labels["category"]),
        ],
    )
    names = base.properties(name="around_names").mark_text(align="left", dx=10).encode(text=alt.Text("feature:N"))
    return _sized(lines + dots + names, 340)


def share_dots(shares: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw shares with their intervals, in the table's order.

    ``shares`` has one row per thing: name, share (a fraction), low, high (NaN where there is no interval).
    """
    return _dots(shares, "share", labels, alt.Axis(format="%", tickCount=6), SERIES[0])


def score_dots(scores: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw net promoter scores with their intervals and a line at 0, in the table's order.

    ``scores`` has one row per group: name, score (-100..100), low, high, shown (score in words).
    """
    axis = alt.Axis(values=[-100, -50, 0, 50, 100])
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(opacity=0.6).encode(x=alt.X("at:Q"))
    return _dots(scores, "score", labels, axis, SERIES[0], under=zero, domain=[-100, 100])


def worth_dots(worths: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what levels are worth with their intervals and a line at 0, in the table's order.

    ``worths`` has one row per level: name, worth (money), low, high.
    """
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(opacity=0.6).encode(x=alt.X("at:Q"))
    return _dots(worths, "worth", labels, alt.Axis(format=",~r", tickCount=6), SERIES[2], under=zero)


def importance_bars(attributes: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the importance of attributes, longest first.

    ``attributes`` has one row per attribute: attribute, importance (0..1), shown (importance in words).
    """
    base = alt.Chart(attributes).encode(y=_rows("attribute", attributes["attribute"]))
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=SERIES[0]).encode(
        x=alt.X("importance:Q", title=labels["axis"], axis=alt.Axis(format="%", tickCount=5)),
        tooltip=[
            alt.Tooltip("attribute:N", title=labels["attribute"]),
            alt.Tooltip("shown:N", title=labels["importance"]),
        ],
    )
    return _tall(bars + _values(base).encode(x=alt.X("importance:Q"), text=alt.Text("shown:N")), len(attributes))


def reach_curve(sets: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the reach of the best set of each size, with its interval.

    ``sets`` has one row per size, rising: size, items (in words), reach (0..1), low, high, shown (reach in words).
    """
    base = alt.Chart(sets).encode(
        x=alt.X("size:O", title=labels["size"], axis=alt.Axis(labelAngle=0, grid=False), scale=alt.Scale(padding=0.5))
    )
    y = alt.Y("reach:Q", title=labels["reach"], scale=alt.Scale(domain=[0, 1], nice=False), axis=alt.Axis(format="%"))
    interval = base.mark_area(opacity=0.2, color=SERIES[0]).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line(color=SERIES[0]).encode(y=y)
    dots = base.mark_point(filled=True, size=80, opacity=1, color=SERIES[0]).encode(
        y=y, tooltip=[alt.Tooltip("items:N", title=labels["items"]), alt.Tooltip("shown:N", title=labels["reach"])]
    )
    words = base.mark_text(dy=-14, fontWeight="bold").encode(y=y, text=alt.Text("shown:N"))
    return _sized(interval + line + dots + words, 300)


def _dots(
    things: pd.DataFrame,
    field: str,
    labels: Labels,
    axis: alt.Axis,
    colour: str,
    *,
    under: Any = None,
    domain: list[float] | None = None,
) -> alt.LayerChart:
    scale = alt.Scale(domain=domain, nice=False) if domain else alt.Scale(zero=True)
    base = alt.Chart(things).encode(y=_rows("name", things["name"], limit=260))
    interval = base.mark_rule(strokeWidth=3, opacity=0.45, color=colour).encode(
        x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, size=110, color=colour, opacity=1).encode(
        x=alt.X(f"{field}:Q", title=labels["axis"], scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip(f"{field}:Q", title=labels["axis"], format=".0%" if axis.format == "%" else ",.0f"),
        ],
    )
    layers = interval + dots if under is None else under.encode(x=alt.X("at:Q", scale=scale)) + interval + dots
    return _tall(layers, len(things), narrow_labels=150)
