"""The charts of step 10: quotas and worth by source, capacity, the pacing line, the way of the leads, follow-up."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _rows, _sized, _tall, _values
from workbook.exhibits.theme import SERIES

__all__ = ["capacity_bars", "follow_up_bars", "lead_steps", "pace", "response_dots", "source_bars"]

GOOD, LATE, NEVER, QUIET = SERIES[2], SERIES[4], SERIES[1], "#d9d5ca"


def source_bars(sources: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw a figure of each source, the largest first, the mean as a dashed line.

    ``sources`` has one row per source: name, value, shown (in words), mean (the same in each row; NaN for none).
    """
    base = alt.Chart(sources).encode(y=_rows("name", sources["name"]))
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=SERIES[0]).encode(
        x=alt.X("value:Q", title=labels["axis"], scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5)),
        tooltip=[alt.Tooltip("name:N", title=labels["name"]), alt.Tooltip("shown:N", title=labels["axis"])],
    )
    words = _values(base).encode(x=alt.X("value:Q"), text=alt.Text("shown:N"))
    mean = base.mark_rule(strokeDash=[4, 4], opacity=0.4).encode(
        x=alt.X("mean:Q"), y=alt.YValue(0), y2=alt.Y2Value("height")
    )
    return _tall(mean + bars + words, len(sources))


def capacity_bars(bars: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what comes and what can be followed up in a month.

    ``bars`` has one row per bar: name, value (leads a month), short (bool: it does not suffice), shown (in words).
    """
    base = alt.Chart(bars).encode(y=_rows("name", bars["name"]))
    drawn = base.mark_bar(height=18, cornerRadiusEnd=2).encode(
        x=alt.X("value:Q", title=labels["axis"], scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5)),
        color=alt.condition("datum.short", alt.value(NEVER), alt.value(SERIES[0])),
        tooltip=[alt.Tooltip("name:N", title=labels["name"]), alt.Tooltip("shown:N", title=labels["axis"])],
    )
    return _tall(drawn + _values(base).encode(x=alt.X("value:Q"), text=alt.Text("shown:N")), len(bars))


def pace(months: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the leads due until each month's end as a line, those that came as another, and the pace still needed dashed.

    ``months`` has one row per line and month: line (in words), kind (due, came or needed), month (timestamp of its last
    day), leads, shown (in words), when (the month in words).
    """
    order = [labels[kind] for kind in ("due", "came", "needed") if kind in set(months["kind"])]
    colours = {"due": SERIES[0], "came": SERIES[2], "needed": SERIES[1]}
    base = alt.Chart(months).encode(
        x=alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True, grid=False)),
        y=alt.Y("leads:Q", title=labels["axis"], scale=alt.Scale(domainMin=0)),
        color=alt.Color(
            "line:N",
            title=None,
            scale=alt.Scale(
                domain=order, range=[colours[k] for k in ("due", "came", "needed") if k in set(months["kind"])]
            ),
            legend=alt.Legend(columns=3),
        ),
    )
    solid = base.transform_filter("datum.kind != 'needed'").mark_line(strokeWidth=2)
    dashed = base.transform_filter("datum.kind == 'needed'").mark_line(strokeWidth=2, strokeDash=[5, 4])
    dots = (
        base.transform_filter("datum.kind == 'came'")
        .mark_point(filled=True, size=70, opacity=1)
        .encode(tooltip=[alt.Tooltip("when:N", title=labels["month"]), alt.Tooltip("shown:N", title=labels["axis"])])
    )
    chart = _sized(solid + dashed + dots, 260)
    chart.usermeta = {"narrow": {"config": {"axisX": {"tickCount": 3}}}}
    return chart


def lead_steps(steps: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw how many leads reach each step, what is lost on the way to it pale beside it.

    ``steps`` has one row per step in their order: step (in words), count, before (of the step above; the count itself
    for the first), shown (in words).
    """
    base = alt.Chart(steps).encode(
        y=_rows("step", steps["step"]),
        tooltip=[alt.Tooltip("step:N", title=labels["step"]), alt.Tooltip("shown:N", title=labels["axis"])],
    )
    x = alt.X("count:Q", title=labels["axis"], scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5))
    kept = base.mark_bar(height=18, color=SERIES[0]).encode(x=x)
    lost = base.mark_bar(height=18, color=QUIET).encode(x=x, x2=alt.X2("before:Q"))
    words = _values(base).encode(x=alt.X("before:Q"), text=alt.Text("shown:N"))
    return _tall(lost + kept + words, len(steps))


def follow_up_bars(parts: pd.DataFrame, *, labels: Labels) -> alt.Chart:
    """
    Draw how each source's leads were answered, as shares of a whole: in time, late, never.

    ``parts`` has one row per source and outcome: name, outcome (in words), order (0..2), share (0..100), shown (in words).
    """
    names = list(dict.fromkeys(parts["name"]))
    outcomes = list(dict.fromkeys(parts.sort_values("order")["outcome"]))
    bars = (
        alt.Chart(parts)
        .mark_bar(height=18)
        .encode(
            y=_rows("name", names),
            x=alt.X(
                "share:Q",
                title=labels["axis"],
                stack="zero",
                scale=alt.Scale(domain=[0, 100], nice=False),
                axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
            ),
            order=alt.Order("order:Q"),
            color=alt.Color(
                "outcome:N",
                title=None,
                scale=alt.Scale(domain=outcomes, range=[GOOD, LATE, NEVER]),
                legend=alt.Legend(columns=3),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=labels["name"]),
                alt.Tooltip("outcome:N", title=labels["outcome"]),
                alt.Tooltip("shown:N", title=labels["axis"]),
            ],
        )
    )
    return _tall(bars, len(names), extra=40)


def response_dots(times: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw each source's median time to the first answer: the system's part, then people's, and where nine of ten had it.

    ``times`` has one row per source: name, system and median (hours; people's part lies between them), p90 (hours),
    within (hours, the same in each row), shown (in words).
    """
    base = alt.Chart(times).encode(
        y=_rows("name", times["name"]),
        tooltip=[alt.Tooltip("name:N", title=labels["name"]), alt.Tooltip("shown:N", title=labels["axis"])],
    )
    x = alt.X("median:Q", title=labels["axis"], scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5))
    people = base.mark_bar(height=14, color=SERIES[0]).encode(x=x)
    system = base.mark_bar(height=14, color=QUIET).encode(x=alt.X("system:Q"))
    nine = base.mark_point(filled=True, size=80, color=SERIES[1], opacity=1).encode(x=alt.X("p90:Q"))
    limit = alt.Chart(times.head(1)).mark_rule(strokeDash=[4, 4], opacity=0.6).encode(x=alt.X("within:Q"))
    return _tall(people + system + nine + limit, len(times))
