"""The charts of the exhibits. Each is a function of one tidy table; words come in as ``labels``; nothing is computed.

Charts carry no size, theme or locale. On a narrow page ``usermeta.narrow`` is merged into the specification before it
is drawn, so that a phone gets a chart laid out for it.
"""

from typing import Any

import altair as alt
import pandas as pd

from workbook.exhibits.charts.remembered import remembered
from workbook.exhibits.theme import SERIES

__all__ = [
    "answered_bars",
    "attractiveness_bars",
    "coverage_bars",
    "marginal_bars",
    "opportunity_dots",
    "opportunity_map",
    "progress_tiles",
    "response_lines",
    "screening_bars",
    "split_bars",
]

Labels = dict[str, str]

ROW = 34
"""Pixels for one bar or dot with its label."""


def attractiveness_bars(segments: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw segments' attractiveness, longest first.

    ``segments`` has one row per segment: segment, score (0..1), shown (score in words), decision (in words),
    targeting (target, open or excluded).
    """
    colour = alt.Color(
        "targeting:N",
        scale=alt.Scale(domain=["target", "open", "excluded"], range=[SERIES[2], SERIES[4], "#a9a9a9"]),
        legend=None,
    )
    base = alt.Chart(segments).encode(y=_rows("segment", segments["segment"]))
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=alt.X(
            "score:Q",
            title=labels["score"],
            scale=alt.Scale(domain=[0, 1], nice=False),
            axis=_axis([0, 0.2, 0.4, 0.6, 0.8, 1]),
        ),
        color=colour,
        tooltip=[alt.Tooltip("segment:N", title=labels["segment"]), alt.Tooltip("shown:N", title=labels["score"])],
    )
    words = _values(base).encode(x=alt.X("score:Q"), text=alt.Text("remark:N"))
    return _tall(bars + words, len(segments))


def opportunity_dots(needs: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw opportunity scores with their intervals, highest first.

    ``needs`` has one row per need: need, numbered (its rank before it), opportunity (0..20), low, high (NaN where there
    is no sample), basis.
    """
    base = alt.Chart(needs).encode(y=_rows("numbered", needs["numbered"], limit=260))
    scale = alt.Scale(domain=[0, 20], nice=False)
    mark = (
        alt.Chart(pd.DataFrame({"at": [12.0]}))
        .mark_rule(strokeDash=[4, 4], opacity=0.6)
        .encode(x=alt.X("at:Q", scale=scale))
    )
    interval = base.mark_rule(strokeWidth=3, opacity=0.45, color=SERIES[0]).encode(
        x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, size=110, color=SERIES[0], opacity=1).encode(
        x=alt.X("opportunity:Q", title=labels["opportunity"], scale=scale, axis=_axis([0, 5, 10, 12, 15, 20])),
        tooltip=[
            alt.Tooltip("need:N", title=labels["need"]),
            alt.Tooltip("opportunity:Q", title=labels["opportunity"], format=".1f"),
        ],
    )
    return _tall(mark + interval + dots, len(needs), narrow_labels=150)


def opportunity_map(needs: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw satisfaction against importance, each need a dot with its rank and name.

    ``needs`` has one row per need: need, rank, numbered (its rank before it), importance, satisfaction (0..10), strong (bool).
    """
    scale = alt.Scale(domain=[0, 10.5], nice=False)
    diagonal = (
        alt.Chart(pd.DataFrame({"importance": [0.0, 10.0], "satisfaction": [0.0, 10.0]}))
        .mark_line(strokeDash=[4, 4], strokeWidth=1, color="#8d8a80")
        .encode(x=alt.X("importance:Q"), y=alt.Y("satisfaction:Q"))
    )
    base = alt.Chart(needs).encode(
        x=alt.X("importance:Q", title=labels["importance"], scale=scale, axis=_axis([0, 2, 4, 6, 8, 10])),
        y=alt.Y("satisfaction:Q", title=labels["satisfaction"], scale=scale, axis=_axis([0, 2, 4, 6, 8, 10])),
    )
    dots = base.mark_point(filled=True, size=140, opacity=1).encode(
        color=alt.Color("strong:N", scale=alt.Scale(domain=[True, False], range=[SERIES[0], "#6d7686"]), legend=None),
        tooltip=[alt.Tooltip("need:N", title=labels["need"])],
    )
    # On a phone the names would cover each other: there the rank stands for its need.
    words = base.properties(name="around_names").transform_calculate(words="short ? '' + datum.rank : datum.numbered")
    names = words.mark_text(align="left", dx=10).encode(text=alt.Text("words:N"))
    chart = _sized((diagonal + dots + names).add_params(alt.param(name="short", value=False)), 340)
    chart.usermeta = {"narrow": {"params": [{"name": "short", "value": True}]}}
    return chart


def coverage_bars(needs: pd.DataFrame, *, labels: Labels) -> alt.Chart:
    """
    Draw needs by opportunity, coloured by how they are answered.

    ``needs`` has one row per need: need, opportunity (0..20), answer (one of ``labels``' proven, claimed, open).
    """
    colours = {labels["proven"]: SERIES[2], labels["claimed"]: SERIES[5], labels["open"]: "#a9a9a9"}
    return answered_bars(needs, colours, labels=labels)


def answered_bars(needs: pd.DataFrame, colours: dict[str, str], *, labels: Labels) -> alt.Chart:
    """Draw ``needs`` (need, opportunity, answer) by opportunity, in the colours of the answers, which are in words."""
    bars = (
        alt.Chart(needs)
        .mark_bar(height=16, cornerRadiusEnd=2)
        .encode(
            y=_rows("need", needs["need"], limit=260),
            x=alt.X(
                "opportunity:Q",
                title=labels["opportunity"],
                scale=alt.Scale(domain=[0, 20], nice=False),
                axis=_axis([0, 5, 10, 15, 20]),
            ),
            color=alt.Color(
                "answer:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(columns=4),
            ),
            tooltip=[alt.Tooltip("need:N", title=labels["need"]), alt.Tooltip("answer:N", title=labels["answer"])],
        )
    )
    chart = _tall(bars, len(needs), extra=40, narrow_labels=150)
    chart.usermeta["narrow"]["encoding"] = {"color": {"legend": {"columns": 1}}}
    return chart


def screening_bars(channels: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw channels by weighted score, the ICE score as a mark on each bar.

    ``channels`` has one row per channel in rank order: channel, score (0..10), ice (0..10, NaN where not judged).
    """
    scale = alt.Scale(domain=[0, 10], nice=False)
    base = alt.Chart(channels).encode(y=_rows("channel", channels["channel"]))
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=SERIES[0]).encode(
        x=alt.X("score:Q", title=labels["axis"], scale=scale, axis=_axis([0, 2, 4, 6, 8, 10])),
        tooltip=[
            alt.Tooltip("channel:N", title=labels["channel"]),
            alt.Tooltip("score:Q", title=labels["score"], format=".1f"),
        ],
    )
    marks = base.mark_tick(thickness=3, size=24).encode(x=alt.X("ice:Q", scale=scale))
    return _tall(bars + marks, len(channels))


@remembered("channel")
def response_lines(curves: pd.DataFrame, ends: pd.DataFrame, today: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw customers against spend, one line a channel, its name where it ends, a dot where the plan stands.

    ``curves``: channel, spend (thousands), customers. ``ends``: channel, spend, customers, label_at (height of the name,
    kept apart from its neighbours). ``today``: channel, spend, customers of the split.
    """
    names = list(dict.fromkeys(curves["channel"]))
    colour = alt.Color("channel:N", scale=alt.Scale(domain=names, range=_series(len(names))), legend=None)
    x = alt.X(
        "spend:Q",
        title=labels["spend"],
        scale=alt.Scale(domainMin=0, nice=False),
        axis=alt.Axis(tickCount=6, grid=False),
    )
    y = alt.Y("customers:Q", title=labels["customers"], scale=alt.Scale(domainMin=0))
    lines = alt.Chart(curves).mark_line().encode(x=x, y=y, color=colour)
    dots = (
        alt.Chart(today)
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x=x,
            y=y,
            color=colour,
            tooltip=[alt.Tooltip("channel:N", title=labels["channel"]), alt.Tooltip("shown:N", title=labels["spend"])],
        )
    )
    words = (
        alt.Chart(ends)
        .properties(name="direct_names")
        .mark_text(align="left", dx=6, fontWeight="bold")
        .encode(x=x, y=alt.Y("label_at:Q"), text=alt.Text("channel:N"), color=colour)
    )
    return _sized(lines + dots + words, 320)


@remembered("channel")
def split_bars(channels: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the spend of each channel, last period's as a mark.

    ``channels`` has one row per channel in the plan's order: channel, spend, last_spend (thousands; NaN where unknown),
    shown (spend in words).
    """
    names = list(channels["channel"])
    scale = alt.Scale(domainMin=0, nice=False)
    base = alt.Chart(channels).encode(
        y=alt.Y("channel:N", sort=names, title=None, axis=alt.Axis(grid=False, labelLimit=190))
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=alt.X("spend:Q", title=labels["axis"], scale=scale, axis=alt.Axis(tickCount=6)),
        color=alt.Color("channel:N", scale=alt.Scale(domain=names, range=_series(len(names))), legend=None),
        tooltip=[alt.Tooltip("channel:N", title=labels["channel"]), alt.Tooltip("shown:N", title=labels["spend"])],
    )
    before = base.mark_tick(thickness=3, size=24).encode(
        x=alt.X("last_spend:Q", scale=scale),
        tooltip=[
            alt.Tooltip("channel:N", title=labels["channel"]),
            alt.Tooltip("last_spend:Q", title=labels["last"], format=",.3~f"),
        ],
    )
    # In a column of their own, past the mark of a last period that was the dearest.
    words = _values(base, dx=10).encode(x=alt.XValue("width"), text=alt.Text("shown:N"))
    return _tall(bars + before + words, len(channels))


@remembered("channel")
def marginal_bars(channels: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what a further 1,000 brings in each channel, the one that brings most first.

    ``channels`` has one row per channel in the plan's order, which decides its colour: channel, brings (in the axis's
    unit), shown (in words).
    """
    names = list(channels["channel"])
    most_first = alt.EncodingSortField(field="brings", op="max", order="descending")
    base = alt.Chart(channels).encode(y=_rows("channel", names, sort=most_first))
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=alt.X("brings:Q", title=labels["axis"], scale=alt.Scale(domainMin=0, nice=False), axis=alt.Axis(tickCount=6)),
        color=alt.Color("channel:N", scale=alt.Scale(domain=names, range=_series(len(names))), legend=None),
        tooltip=[alt.Tooltip("channel:N", title=labels["channel"]), alt.Tooltip("shown:N", title=labels["axis"])],
    )
    words = _values(base).encode(x=alt.X("brings:Q"), text=alt.Text("shown:N"))
    return _tall(bars + words, len(channels))


def progress_tiles(steps: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the steps in their order, a tile each with its number, coloured by how far it is.

    ``steps`` has one row per step: number, step (its title), state (done, stale, open or empty), state_words, open.
    ``labels`` holds the words of the states, and those of step, state and open points.
    """
    colours = {"done": SERIES[2], "stale": SERIES[5], "open": SERIES[4], "empty": "#c9c5ba"}
    present = [state for state in colours if state in set(steps["state"])]
    base = alt.Chart(steps).encode(x=alt.X("number:O", title=None, axis=None, scale=alt.Scale(padding=0.08)))
    tiles = base.mark_rect(cornerRadius=6).encode(
        color=alt.Color(
            "state_words:N",
            title=None,
            scale=alt.Scale(domain=[labels[s] for s in present], range=[colours[s] for s in present]),
            legend=alt.Legend(columns=2),
        ),
        tooltip=[
            alt.Tooltip("step:N", title=labels["step"]),
            alt.Tooltip("state_words:N", title=labels["state"]),
            alt.Tooltip("open:Q", title=labels["points"]),
        ],
    )
    numbers = base.mark_text(fontWeight="bold", color="#14171d").encode(text=alt.Text("number:O"))
    return _tall(tiles + numbers, 1, extra=10)


def _rows(field: str, names: Any, *, limit: int = 200, sort: list[str] | alt.EncodingSortField | None = None) -> alt.Y:
    return alt.Y(f"{field}:N", sort=sort or list(names), title=None, axis=alt.Axis(grid=False, labelLimit=limit))


def _values(base: alt.Chart, dx: int = 6) -> alt.Chart:
    """Return a layer of figures at the ends of bars; the name has the page keep them whole and apart."""
    return base.properties(name="direct_values").mark_text(align="left", dx=dx)


def _axis(values: list[float]) -> alt.Axis:
    return alt.Axis(values=values, format="~r")


def _series(count: int) -> list[str]:
    """Return ``count`` colours; from the eighth on they repeat, and the direct labels tell the lines apart."""
    usable = [*SERIES[:6], "#7a5195", "#8c6d31"]
    return [usable[i % len(usable)] for i in range(count)]


def _tall(chart: Any, rows: int, *, extra: int = 0, narrow_labels: int = 120) -> Any:
    sized = chart.properties(height=max(rows, 1) * ROW + extra)
    sized.usermeta = {"narrow": {"config": {"axisY": {"labelLimit": narrow_labels}}}}
    return sized


def _sized(chart: Any, height: int) -> alt.LayerChart:
    return chart.properties(height=height)
