"""The charts of the market: the journey's touchpoints, spend with us and with others, trends by day, use, what stays."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _rows, _series, _tall, _values
from workbook.exhibits.theme import SERIES

__all__ = ["loyalty_bars", "touchpoint_dots", "trend_days", "usage_dots", "wallet_bars"]

OPINION = "#8b93a1"


def touchpoint_dots(touchpoints: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw how customers fare at each touchpoint, in the order of the journey, opinions paler than what is known.

    ``touchpoints`` has one row per touchpoint: place (stage's number and touchpoint), experience (0..10, NaN where nobody
    judged), basis (in words), shown. ``labels`` holds, in ``known`` and ``opinion``, the words of the two.
    """
    base = alt.Chart(touchpoints).encode(y=_rows("place", touchpoints["place"], limit=260))
    scale = alt.Scale(domain=[0, 10], nice=False)
    stems = base.mark_rule(opacity=0.35).encode(x=alt.X("experience:Q", scale=scale), x2=alt.datum(0))
    dots = base.mark_point(filled=True, size=130, opacity=1).encode(
        x=alt.X("experience:Q", title=labels["axis"], scale=scale),
        color=alt.Color(
            "basis:N",
            title=None,
            scale=alt.Scale(domain=[labels["known"], labels["opinion"]], range=[SERIES[0], OPINION]),
            legend=alt.Legend(orient="top", columns=2),
        ),
        tooltip=[alt.Tooltip("place:N", title=labels["place"]), alt.Tooltip("shown:N", title=labels["axis"])],
    )
    return _tall(stems + dots, len(touchpoints), extra=24, narrow_labels=150)


def wallet_bars(spend: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what a customer of each segment spends in the category: with us, and with others.

    ``spend`` has two rows per segment, ours first: segment, whose (in words), amount (money), place (0 or 1), share (in
    words, on the first row). ``labels`` holds, in ``ours`` and ``others``, the words of the two.
    """
    return _parted_bars(
        spend, "whose", {labels["ours"]: SERIES[0], labels["others"]: "#c3c7cf"}, "share", labels=labels
    )


def trend_days(trends: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw trends on the day each was seen, the newest last, coloured by what it does to us.

    ``trends`` has one row per trend: trend, seen (timestamp), effect (in words), when (in words). ``labels`` holds, in
    ``order``, the words of the effects, joined by a bar: helps, hurts, unclear.
    """
    order = labels["order"].split("|")
    colours = dict(zip(order, (SERIES[2], SERIES[1], OPINION), strict=True))
    present = [word for word in order if word in set(trends["effect"])]
    base = alt.Chart(trends).encode(y=_rows("trend", trends["trend"], limit=260))
    dots = base.mark_point(shape="diamond", filled=True, size=170, opacity=1).encode(
        x=alt.X(
            "seen:T",
            title=labels["when"],
            axis=alt.Axis(format="%b %Y", tickCount=_months_apart(trends["seen"]), labelOverlap=True),
            scale=alt.Scale(padding=24),
        ),
        color=alt.Color(
            "effect:N",
            title=None,
            scale=alt.Scale(domain=present, range=[colours[word] for word in present]),
            legend=alt.Legend(orient="top", columns=6),
        ),
        tooltip=[alt.Tooltip("trend:N", title=labels["trend"]), alt.Tooltip("when:N", title=labels["when"])],
    )
    return _tall(alt.layer(dots), len(trends), extra=24, narrow_labels=150)


def usage_dots(features: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the share of each segment's customers that use a feature, a row a feature, in the table's order.

    ``features`` has one row per feature and segment: feature, segment (in words), users (0..1), shown (in words).
    """
    segments = list(dict.fromkeys(features["segment"]))
    rows = list(dict.fromkeys(features["feature"]))
    base = alt.Chart(features).encode(y=_rows("feature", rows, limit=220))
    dots = base.mark_point(filled=True, size=110, opacity=0.9).encode(
        x=alt.X(
            "users:Q",
            title=labels["axis"],
            scale=alt.Scale(domain=[0, 1], nice=False),
            axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
        ),
        color=alt.Color(
            "segment:N",
            title=None,
            scale=alt.Scale(domain=segments, range=_series(len(segments))),
            legend=alt.Legend(orient="top", columns=2) if len(segments) > 1 else None,
        ),
        tooltip=[
            alt.Tooltip("feature:N", title=labels["feature"]),
            alt.Tooltip("segment:N", title=labels["segment"]),
            alt.Tooltip("shown:N", title=labels["axis"]),
        ],
    )
    return _tall(alt.layer(dots), len(rows), extra=24 * (1 + len(segments) // 2), narrow_labels=150)


def loyalty_bars(worth: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what a customer of each segment is worth, and what those he brings add to it.

    ``worth`` has two rows per segment, his own first: segment, part (in words), amount (money), place (0 or 1), whole
    (money) and shown (the whole in words). ``labels`` holds, in ``own`` and ``brought``, the words of the two.
    """
    return _parted_bars(worth, "part", {labels["own"]: SERIES[0], labels["brought"]: SERIES[2]}, "shown", labels=labels)


def _parted_bars(
    sums: pd.DataFrame, part: str, colours: dict[str, str], words: str, *, labels: Labels
) -> alt.LayerChart:
    """Draw a bar of two parts for each segment, in the colours of the parts, with the column ``words`` at its end."""
    segments = list(dict.fromkeys(sums["segment"]))
    base = alt.Chart(sums).encode(y=_rows("segment", segments))
    bars = base.mark_bar(height=16).encode(
        x=alt.X("sum(amount):Q", title=labels["axis"], axis=alt.Axis(format=",", tickCount=5)),
        color=alt.Color(
            f"{part}:N",
            title=None,
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(orient="top", columns=2),
        ),
        order=alt.Order("place:Q"),
        tooltip=[
            alt.Tooltip("segment:N", title=labels["segment"]),
            alt.Tooltip(f"{part}:N", title=labels[part]),
            alt.Tooltip("shown:N", title=labels["axis"]),
        ],
    )
    ends = _values(base.transform_filter("datum.place == 1")).encode(x=alt.X("whole:Q"), text=alt.Text(f"{words}:N"))
    return _tall(bars + ends, len(segments), extra=24)


def _months_apart(days: pd.Series) -> alt.TimeIntervalStep:
    """Return how many months lie between two marks of an axis over ``days``, so that no month is named twice."""
    span = (days.max() - days.min()).days / 30 if days.notna().any() else 0
    return alt.TimeIntervalStep(interval="month", step=max(1, round(span / 6)))
