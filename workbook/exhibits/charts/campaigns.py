"""The charts of step 9: needs by opportunity and what speaks of them, price against floor, the calendar, work by week."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _rows, _tall, answered_bars
from workbook.exhibits.theme import SERIES

__all__ = ["calendar_spans", "coverage_of_needs", "notice_days", "price_after_discount", "work_by_week"]

QUIET, OVER = "#a9a9a9", SERIES[1]


def coverage_of_needs(needs: pd.DataFrame, *, labels: Labels) -> alt.Chart:
    """
    Draw needs by opportunity, coloured by whether a campaign speaks of them.

    ``needs`` has one row per need, the largest first: need, opportunity (0..20), answer (one of ``labels``' covered,
    free, unanswered).
    """
    colours = {labels["covered"]: SERIES[2], labels["free"]: OVER, labels["unanswered"]: QUIET}
    return answered_bars(needs, colours, labels=labels)


def price_after_discount(offers: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what campaigns leave of a price as bars, in per cent of it, the margin floor as a mark.

    ``offers`` has one row per campaign: campaign, left and floor (0..100, per cent of the price; floor NaN where none is
    known), under (bool), shown (in words).
    """
    base = alt.Chart(offers).encode(y=_rows("campaign", offers["campaign"]))
    scale = alt.Scale(domain=[0, 100], nice=False)
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=alt.X("left:Q", title=labels["axis"], scale=scale, axis=alt.Axis(values=[0, 20, 40, 60, 80, 100])),
        color=alt.condition("datum.under", alt.value(OVER), alt.value(SERIES[0])),
        tooltip=[
            alt.Tooltip("campaign:N", title=labels["campaign"]),
            alt.Tooltip("shown:N", title=labels["left"]),
        ],
    )
    floors = base.mark_tick(thickness=3, size=26).encode(x=alt.X("floor:Q", scale=scale))
    return _tall(bars + floors, len(offers))


def calendar_spans(dated: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw the calendar: each campaign a row with its making and its run as bars, what is due as marks; releases above.

    ``dated`` has one row per thing: row (the campaign or release it stands with), kind (making, campaign, creative,
    notice or release), words (the kind in words), title, begin, end (timestamps; end is the first moment after it), when
    (in words), owner.
    """
    rows = list(dict.fromkeys(dated["row"]))
    kinds = [kind for kind in ("making", "campaign", "creative", "notice", "release") if kind in set(dated["kind"])]
    words = [labels[kind] for kind in kinds]
    colours = {
        "making": "#b9c0cc",
        "campaign": SERIES[0],
        "creative": SERIES[4],
        "notice": SERIES[1],
        "release": SERIES[2],
    }
    shapes = {
        "making": "square",
        "campaign": "square",
        "creative": "circle",
        "notice": "triangle-up",
        "release": "diamond",
    }
    base = alt.Chart(dated).encode(
        y=_rows("row", rows),
        color=alt.Color(
            "words:N",
            title=None,
            scale=alt.Scale(domain=words, range=[colours[kind] for kind in kinds]),
            legend=alt.Legend(columns=3, symbolOpacity=1),
        ),
        tooltip=[
            alt.Tooltip("title:N", title=labels["title"]),
            alt.Tooltip("words:N", title=labels["kind"]),
            alt.Tooltip("when:N", title=labels["when"]),
            alt.Tooltip("owner:N", title=labels["owner"]),
        ],
    )
    axis = alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True)
    spans = (
        base.transform_filter("datum.kind == 'making' || datum.kind == 'campaign'")
        .mark_bar(height=12, cornerRadius=3)
        .encode(x=alt.X("begin:T", title=None, axis=axis), x2=alt.X2("end:T"))
    )
    days = (
        base.transform_filter("datum.kind != 'making' && datum.kind != 'campaign'")
        .mark_point(filled=True, size=110, opacity=1)
        .encode(
            x=alt.X("begin:T"),
            shape=alt.Shape(
                "words:N", scale=alt.Scale(domain=words, range=[shapes[kind] for kind in kinds]), legend=None
            ),
        )
    )
    chart = _tall(spans + days, len(rows), extra=40)
    chart.usermeta["narrow"]["config"]["axisX"] = {"tickCount": 3}
    return chart


def work_by_week(work: pd.DataFrame, *, labels: Labels) -> alt.Chart:
    """
    Draw the work of each week as a strip a person, the fuller the darker; what is over their time in its own colour.

    ``work`` has one row per person and week: person, week and until (timestamps), level (in words, one of ``labels``'
    light, half, full, over), shown (hours in words), when (in words).
    """
    levels = ("light", "half", "full", "over")
    people = list(dict.fromkeys(work["person"]))
    chart = (
        alt.Chart(work)
        .mark_bar(height=20)
        .encode(
            y=_rows("person", people),
            x=alt.X("week:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True)),
            x2=alt.X2("until:T"),
            color=alt.Color(
                "level:N",
                title=None,
                scale=alt.Scale(
                    domain=[labels[level] for level in levels], range=["#cfe3f1", "#7fb8dc", SERIES[0], OVER]
                ),
                legend=alt.Legend(columns=4),
            ),
            tooltip=[
                alt.Tooltip("person:N", title=labels["person"]),
                alt.Tooltip("when:N", title=labels["week"]),
                alt.Tooltip("shown:N", title=labels["hours"]),
            ],
        )
    )
    sized = _tall(chart, len(people), extra=40)
    sized.usermeta["narrow"]["encoding"] = {"color": {"legend": {"columns": 2}}}
    return sized


def notice_days(notices: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw notices by how many days before their release they go out, the release at the right end.

    ``notices`` has one row per notice, the earliest first: row (release and who is told), before (days, negative before
    the release), late (bool), shown (such as T-14), title, when (in words).
    """
    base = alt.Chart(notices).encode(
        y=_rows("row", list(dict.fromkeys(notices["row"]))),
        color=alt.condition("datum.late", alt.value(OVER), alt.value(SERIES[0])),
        tooltip=[alt.Tooltip("title:N", title=labels["notice"]), alt.Tooltip("when:N", title=labels["when"])],
    )
    x = alt.X("before:Q", title=labels["axis"], axis=alt.Axis(tickCount=6, format="d"))
    stems = base.mark_rule(strokeWidth=2, opacity=0.45).encode(x=x, x2=alt.datum(0))
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x=x)
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(strokeWidth=2, color=SERIES[2]).encode(x=alt.X("at:Q"))
    return _tall(zero + stems + dots, max(notices["row"].nunique(), 1))
