"""Three exhibits with invented figures, as real as those of a plan: bars with ticks, many lines, intervals."""

import altair as alt
import numpy as np
import pandas as pd

from workbook.exhibits.exhibit import Column, Exhibit, Tag

CHANNELS = ["Email", "LinkedIn ads", "E-book offer", "Search ads", "Partner marketing", "Events"]
PLAN = [14_000, 41_000, 9_000, 26_000, 10_000, 0]
LAST = [20_000, 30_000, 5_000, 30_000, 5_000, 10_000]
CURVES = {  # maximum, spend at half of it, slope
    "Email": (250, 10_000, 1.3),
    "LinkedIn ads": (420, 38_000, 1.8),
    "E-book offer": (150, 8_000, 1.4),
    "Search ads": (290, 28_000, 1.7),
    "Partner marketing": (115, 9_000, 1.4),
    "Events": (190, 37_000, 2.2),
}


def budget_split(plan: list[int] = PLAN, names: list[str] = CHANNELS, finding: str | None = None) -> Exhibit:
    table = pd.DataFrame({"channel": names, "plan": plan, "last": LAST[: len(names)]})
    table["share"] = table["plan"] / max(table["plan"].sum(), 1)
    base = alt.Chart(table).encode(y=alt.Y("channel:N", sort=None, title=None))
    bars = base.mark_bar(height=14).encode(
        x=alt.X("plan:Q", title="EUR, this plan (bar) and last plan (tick)").axis(format="~s"),
        color=alt.Color("channel:N", sort=None, legend=None),
        tooltip=[alt.Tooltip("channel:N", title="Channel"), alt.Tooltip("plan:Q", title="This plan", format=",.0f")],
    )
    ticks = base.mark_tick(size=22, thickness=2).encode(x="last:Q")
    return Exhibit(
        name="budget_split",
        finding=finding or "LinkedIn and search take two thirds; events get nothing until they can have €25,000.",
        table=table,
        columns=(
            Column("channel", "Channel"),
            Column("plan", "This plan", "money"),
            Column("last", "Last plan", "money"),
            Column("share", "Share", "percent"),
        ),
        chart=(bars + ticks).properties(height=alt.Step(30)),
        tags=(Tag("proof", "proven best: at most 0.2 % better exists"),),
        method="Limit that binds: total budget.",
    )


def response_curves(spends: int = 60, top: float = 1.0) -> Exhibit:
    spend = np.linspace(0, 70_000, spends)
    curves = pd.concat(
        pd.DataFrame({"channel": name, "spend": spend, "customers": top * most * spend**k / (half**k + spend**k)})
        for name, (most, half, k) in CURVES.items()
    )
    base = alt.Chart(curves).encode(
        x=alt.X("spend:Q", title="Spend, EUR").axis(format="~s", grid=False),
        y=alt.Y("customers:Q", title="New customers in 12 months"),
        color=alt.Color("channel:N", sort=None, legend=None),
    )
    ends = base.transform_filter("datum.spend >= 70000")
    labels = ends.mark_text(align="left", dx=6).encode(text="channel:N").properties(name="direct_labels")
    return Exhibit(
        name="response_curves",
        finding="Another €1,000 brings 4.1 customers in LinkedIn ads, 0.9 in email.",
        table=curves[curves["spend"] == spend[-1]],
        columns=(
            Column("channel", "Channel"),
            Column("spend", "Spend", "money"),
            Column("customers", "New customers", "number", 0),
        ),
        chart=base.mark_line() + labels,
        tags=(Tag("assumed", "4 assumed"), Tag("observed", "1 observed"), Tag("tested", "1 tested")),
        method="Hill curves, 12 months; labels stand at the end of each line.",
    )


def need_scores() -> Exhibit:
    needs = [
        "Test two versions of a page without asking a developer for help",
        "See which visitors come back",
        "Explain results to a board that wants one number",
        "Learn by itself",
        "Keep the data inside the company",
    ]
    table = pd.DataFrame({"need": needs, "score": [14.2, 11.8, 11.1, 9.4, 6.3]})
    table["low"], table["high"] = table["score"] - [1.1, 1.6, 0.9, 1.4, 1.2], table["score"] + [0.9, 1.4, 1.2, 1.3, 1.6]
    base = alt.Chart(table).encode(y=alt.Y("need:N", sort=needs, title=None))
    bars = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("low:Q", title="Opportunity score, 95 % interval").scale(zero=False), x2="high:Q"
    )
    dots = base.mark_point(size=90, opacity=1).encode(x="score:Q")
    return Exhibit(
        name="need_scores",
        finding="Testing pages without a developer is the need most worth serving.",
        table=table,
        columns=(
            Column("need", "Need"),
            Column("score", "Score", "number", 1),
            Column("low", "Low", "number", 1),
            Column("high", "High", "number", 1),
        ),
        chart=(bars + dots).properties(height=alt.Step(32)),
        tags=(Tag("observed", "observed"), Tag("stale", "2 items stale"), Tag("note", "small sample")),
        method="Importance plus unmet importance; bootstrap of 1,000 draws.",
        n=1184,
    )


def nothing_yet() -> Exhibit:
    return Exhibit(
        name="shares",
        finding="Name at least two channels, and their split appears here.",
        empty=True,
    )


SAMPLES = (budget_split, response_curves, need_scores)
