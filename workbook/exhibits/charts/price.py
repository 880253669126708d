"""The charts of prices: van Westendorp's curves with the acceptable range, demand above revenue on one price axis."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _sized
from workbook.exhibits.theme import SERIES

__all__ = ["demand_panels", "price_curves"]


def price_curves(
    curves: pd.DataFrame, points: pd.DataFrame, acceptable: pd.DataFrame, *, labels: Labels
) -> alt.LayerChart:
    """
    Draw four price curves as steps, their crossings as named rules, the acceptable range shaded.

    ``curves``: price, curve (in words), share (0..1), opposite (bool: not cheap, not expensive). ``points``: at (price),
    floor (0), label, label_at (height of the label, above 1). ``acceptable``: one row, low and high. ``labels`` holds, in ``order``,
    the words of the curves, joined by a bar.
    """
    scale = alt.Scale(domain=[float(curves["price"].min()), float(curves["price"].max())], nice=False)
    # The names of the crossings stand above the curves, one under the other.
    heights = alt.Scale(domain=[0, max(1.0, float(points["label_at"].max()) + 0.04)], nice=False)
    x = alt.X("price:Q", title=labels["price"], scale=scale, axis=alt.Axis(format=",~r", grid=False))
    y = alt.Y(
        "share:Q", title=labels["share"], scale=heights, axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    )
    colour = alt.Color(
        "curve:N",
        title=None,
        scale=alt.Scale(domain=labels["order"].split("|"), range=[SERIES[0], SERIES[4], SERIES[5], SERIES[1]]),
        legend=alt.Legend(columns=4),
    )
    shade = (
        alt.Chart(acceptable)
        .mark_rect(color=SERIES[2], opacity=0.13)
        .encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q"))
    )
    straight = alt.Chart(curves[~curves["opposite"]]).mark_line(interpolate="step-after").encode(x=x, y=y, color=colour)
    opposite = (
        alt.Chart(curves[curves["opposite"]])
        .mark_line(interpolate="step-after", strokeDash=[3, 3], strokeWidth=1.2)
        .encode(x=x, y=y, color=colour)
    )
    base = alt.Chart(points).encode(x=alt.X("at:Q", scale=scale))
    rules = base.mark_rule(strokeDash=[2, 3], opacity=0.7).encode(
        y=alt.Y("floor:Q", scale=heights), y2=alt.Y2("label_at:Q")
    )
    words = base.mark_text(align="left", dx=4, fontWeight="bold").encode(
        y=alt.Y("label_at:Q", scale=heights), text=alt.Text("label:N")
    )
    return _sized(shade + straight + opposite + rules + words, 380)


def demand_panels(demand: pd.DataFrame, best: pd.DataFrame, *, labels: Labels) -> alt.VConcatChart:
    """
    Draw the share who would buy, and under it the revenue, on one price axis.

    ``demand`` has one row per price: price, share, low, high (0..1), shown (share in words), revenue (money), best
    (bool). ``best`` has one row: low and high, the interval of the best price.
    """
    lowest, highest = float(demand["price"].min()), float(demand["price"].max())
    margin = 0.04 * (highest - lowest) or 1.0
    scale = alt.Scale(domain=[lowest - margin, highest + margin], nice=False, zero=False)
    return alt.vconcat(
        _panel(demand, best, scale, "share", labels, interval=True).properties(height=190),
        _panel(demand, best, scale, "revenue", labels, interval=False).properties(height=150),
    ).resolve_scale(x="shared")


def _panel(
    demand: pd.DataFrame, best: pd.DataFrame, scale: alt.Scale, field: str, labels: Labels, *, interval: bool
) -> alt.LayerChart:
    """Return one panel; only the last one names the price axis."""
    axis = alt.Axis(format=",~r", grid=False, labels=not interval)
    x = alt.X("price:Q", title=None if interval else labels["price"], scale=scale, axis=axis)
    y = alt.Y(
        f"{field}:Q",
        title=labels[field],
        scale=alt.Scale(domain=[0, 1], nice=False) if interval else alt.Scale(zero=True),
        axis=alt.Axis(format="%" if interval else ",~r", tickCount=5),
    )
    colour = SERIES[0] if interval else SERIES[2]
    shade = (
        alt.Chart(best)
        .mark_rect(opacity=0.12, color=SERIES[5])
        .encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q"))
    )
    chosen = alt.Chart(demand[demand["best"]]).mark_rule(strokeDash=[2, 3]).encode(x=x)
    base = alt.Chart(demand).encode(x=x)
    line = base.mark_line(color=colour).encode(y=y)
    dots = base.mark_point(filled=True, size=70, opacity=1, color=colour).encode(
        y=y,
        tooltip=[
            alt.Tooltip("price:Q", title=labels["price"]),
            alt.Tooltip(f"{field}:Q", title=labels[field], format=".0%" if interval else ",.0f"),
        ],
    )
    layers = shade + chosen + line + dots
    if interval:
        layers = (
            shade
            + base.mark_area(opacity=0.2, color=colour).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
            + chosen
            + line
            + dots
        )
    return layers
