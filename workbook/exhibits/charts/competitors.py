"""The charts of competition: the canvas of scores by factor, prices against value, the market in three steps."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _rows, _series, _sized, _tall, _values
from workbook.exhibits.theme import SERIES

__all__ = ["canvas_dots", "market_bars", "price_dots"]

QUIET = "#8b93a1"


def canvas_dots(scores: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw everybody's score on each factor: a curve each, ours the strong one.

    ``scores`` has one row per (factor, who): factor, who (in words), own (bool), score (0..10), place (the order).
    ``labels`` holds, in ``ours``, what we are called.
    """
    factors = list(dict.fromkeys(scores["factor"]))
    rivals = [who for who in dict.fromkeys(scores["who"]) if who != labels["ours"]]
    colours = [SERIES[0], *_series(len(rivals) + 1)[1:]]
    base = alt.Chart(scores).encode(
        y=_rows("factor", factors),
        x=alt.X("score:Q", title=labels["score"], scale=alt.Scale(domain=[0, 10], nice=False)),
        tooltip=[
            alt.Tooltip("who:N", title=labels["who"]),
            alt.Tooltip("factor:N", title=labels["factor"]),
            alt.Tooltip("score:Q", title=labels["score"]),
        ],
    )
    colour = alt.Color(
        "who:N",
        title=None,
        scale=alt.Scale(domain=[labels["ours"], *rivals], range=colours),
        legend=alt.Legend(orient="top", symbolType="circle", symbolStrokeWidth=0),
    )
    ours, theirs = (base.transform_filter(whose).encode(color=colour) for whose in ("datum.own", "!datum.own"))
    order = alt.Order("place:Q")
    # A rival with our score shows as a small dot on our large one.
    layers = (
        theirs.mark_line(strokeWidth=1, opacity=0.6).encode(order=order)
        + ours.mark_line(strokeWidth=3).encode(order=order)
        + ours.mark_point(filled=True, size=150, opacity=1)
        + theirs.mark_point(filled=True, size=60, opacity=1)
    )
    return _tall(layers, len(factors), extra=24 * (1 + len(rivals) // 3))


def price_dots(offers: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw price against how well each does for buyers.

    ``offers`` has one row per name: name, price (money), value (0..10), own (bool).
    """
    base = alt.Chart(offers).encode(
        x=alt.X(
            "value:Q", title=labels["value"], scale=alt.Scale(domain=[0, 10], nice=False), axis=alt.Axis(tickCount=6)
        ),
        y=alt.Y("price:Q", title=labels["price"], axis=alt.Axis(format=",~r"), scale=alt.Scale(zero=False, padding=16)),
        tooltip=[alt.Tooltip("name:N", title=labels["name"]), alt.Tooltip("shown:N", title=labels["price"])],
    )
    dots = base.mark_point(filled=True, size=140, opacity=1).encode(
        color=alt.condition("datum.own", alt.value(SERIES[0]), alt.value(QUIET))
    )
    names = base.properties(name="around_names").mark_text(align="left", dx=12).encode(text=alt.Text("name:N"))
    return _sized(dots + names, 300)


def market_bars(sizes: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the steps of the market, each count of it in a colour of its own.

    ``sizes`` has one row per (name, step): name, step (in words, in order), amount (money), shown (in words).
    """
    names = list(dict.fromkeys(sizes["name"]))
    base = alt.Chart(sizes).encode(
        y=_rows("step", list(dict.fromkeys(sizes["step"]))), yOffset=alt.YOffset("name:N", sort=names)
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X("amount:Q", title=labels["amount"], axis=alt.Axis(format="~s", tickCount=4)),
        color=alt.Color(
            "name:N",
            title=None,
            scale=alt.Scale(domain=names, range=list(SERIES[: len(names)])),
            legend=alt.Legend(orient="top", columns=1, labelLimit=320),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip("step:N", title=labels["step"]),
            alt.Tooltip("shown:N", title=labels["amount"]),
        ],
    )
    words = _values(base).encode(x=alt.X("amount:Q"), text=alt.Text("shown:N"))
    return _sized(bars + words, max(3 * len(names) * 26, 140))
