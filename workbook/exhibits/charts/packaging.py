"""The charts of packages and prices: what each way to price it brings, and what each kind of trial does."""

import altair as alt
import pandas as pd

from workbook.exhibits.charts import Labels, _rows, _tall, _values
from workbook.exhibits.theme import SERIES

__all__ = ["option_bars", "trial_bars"]


def option_bars(parts: pd.DataFrame, totals: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what each way to price an offer brings in a year, in its parts, losses to the left, with the total.

    ``parts`` has one row per (option, part): option, part (in words), amount (money). ``totals`` one per option: option,
    total (money), end (where its figure stands), shown (in words). ``labels`` holds, in ``order``, the words of the
    parts, joined by a bar.
    """
    y = _rows("option", list(dict.fromkeys(parts["option"])))
    x = alt.X("amount:Q", title=labels["amount"], axis=alt.Axis(format=",~r", tickCount=5))
    bars = (
        alt.Chart(parts)
        .mark_bar(height=18)
        .encode(
            y=y,
            x=x,
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=labels["order"].split("|"), range=[SERIES[0], SERIES[2]]),
                legend=alt.Legend(orient="top", columns=4),
            ),
            tooltip=[
                alt.Tooltip("option:N", title=labels["option"]),
                alt.Tooltip("part:N", title=labels["part"]),
                alt.Tooltip("amount:Q", title=labels["amount"], format=",.0f"),
            ],
        )
    )
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(opacity=0.7).encode(x=alt.X("at:Q"))
    base = alt.Chart(totals).encode(y=y, x=alt.X("end:Q"))
    total = base.mark_tick(thickness=3, size=24).encode(x=alt.X("total:Q"))
    words = _values(base).encode(text=alt.Text("shown:N"))
    return _tall(bars + zero + total + words, totals["option"].nunique(), extra=40)


def trial_bars(trials: pd.DataFrame, *, labels: Labels) -> alt.LayerChart:
    """
    Draw what each trial brings from a month's visitors, with the customers it makes of them.

    ``trials`` has one row per trial: trial, result (money), kind (in words), shown (in words).
    """
    base = alt.Chart(trials).encode(y=_rows("trial", trials["trial"]))
    bars = base.mark_bar(height=18, cornerRadiusEnd=2).encode(
        x=alt.X("result:Q", title=labels["result"], axis=alt.Axis(format=",~r", tickCount=5)),
        color=alt.Color("kind:N", title=None, legend=alt.Legend(orient="top", columns=4)),
        tooltip=[alt.Tooltip("trial:N", title=labels["trial"]), alt.Tooltip("shown:N", title=labels["result"])],
    )
    words = _values(base).encode(x=alt.X("result:Q"), text=alt.Text("shown:N"))
    return _tall(bars + words, len(trials), extra=40)
