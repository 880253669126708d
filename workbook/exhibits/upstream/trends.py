"""What is changing around us, since when and by what source; and would a new market be worth more than our segments?"""

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.upstream.audience import criteria_of
from workbook.language import N_, _, date_words, listed, number, plural
from workbook.plan.model import Effect, Grade, Item, Market, Targeting, Trend
from workbook.scoring import ranked

__all__ = ["new_markets", "trend_timeline"]


def trend_timeline(case: Case) -> Exhibit:
    """Set the trends on the days they were seen, with source, grade and what they are expected to do to us."""
    trends = [one for one in case.plan.trends if not case.segment or not one.segments or case.segment in one.segments]
    if not trends:
        return Exhibit(
            "trend_timeline",
            _(
                N_(
                    "Write down what is changing, with the day you saw it and where, and the trends stand here in order."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame([_trend(one, case) for one in trends]).sort_values("seen", kind="stable", ignore_index=True)
    dated = table.dropna(subset="seen")
    from workbook.exhibits.charts.market import trend_days

    return Exhibit(
        "trend_timeline",
        _trends_finding(trends),
        table,
        (
            Column("when", _(N_("Seen on"))),
            Column("trend", _(N_("What is changing"))),
            Column("effect", _(N_("For us"))),
            Column("expected", _(N_("Expected effect"))),
            Column("segments", _(N_("Segments it touches"))),
            Column("source", _(N_("Source"))),
            Column("grade", _(N_("Grade"))),
        ),
        trend_days(
            dated,
            labels={
                "when": _(N_("Seen on")),
                "trend": _(N_("What is changing")),
                "order": "|".join(_(effect.label) for effect in Effect),
            },
        )
        if len(dated)
        else None,
        tags=_trend_tags(table),
        method=_(
            N_("The day is when it was seen, not when it began; look at the expected effect again after that time.")
        ),
    )


def _trend(one: Trend, case: Case) -> dict[str, object]:
    best = min(one.evidence, key=lambda evidence: evidence.grade, default=None)
    return {
        "trend": one.label,
        "seen": pd.NaT if one.seen is None else pd.Timestamp(one.seen),
        "when": date_words(one.seen) if one.seen else _(N_("no day")),
        "effect": _((one.effect or Effect.UNCLEAR).label),
        "expected": one.expected or "–",
        "segments": listed([case.plan.name_of(ref) for ref in one.segments]),
        "source": (best.source or best.label) if best else _(N_("none")),
        "grade": (best.grade if best else Grade.D).value,
    }


def _trends_finding(trends: list[Trend]) -> str:
    helps, hurts = (sum(one.effect is effect for one in trends) for effect in (Effect.HELPS, Effect.HURTS))
    said = _(
        N_("Of {count} trends, {helps} in our favour and {hurts} against us."),
        count=number(len(trends)),
        helps=number(helps),
        hurts=number(hurts),
    )
    weak = [one.label for one in trends if one.seen is None or not one.evidence]
    if not weak:
        return said
    return said + " " + _(N_("Without a day or a source: {names}."), names=listed([f"“{name}”" for name in weak]))


def _trend_tags(table: pd.DataFrame) -> tuple[Tag, ...]:
    judged = int((table["grade"] >= Grade.D.value).sum())
    known = len(table) - judged
    tags = []
    if known:
        tags.append(Tag("observed", plural("one trend with a source", "{count} trends with a source", known)))
    if judged:
        tags.append(Tag("assumed", plural("one trend by judgement", "{count} trends by judgement", judged)))
    return tuple(tags)


def new_markets(case: Case) -> Exhibit:
    """Score candidate markets by the criteria and weights of the segments, beside those we know."""
    markets = case.plan.markets
    if not markets:
        return Exhibit(
            "new_markets",
            _(N_("Name a market you could enter, with the same figures as a segment, and the two are compared here.")),
            empty=True,
        )
    segments = [one for one in case.plan.segments if one.targeting is not Targeting.EXCLUDED]
    ranking = ranked(criteria_of([*segments, *markets]), case.plan.attractiveness.model_dump())
    table = ranking.table.rename(columns={"option": "id"})
    by_id = {one.id: one for one in (*segments, *markets)}
    table["segment"] = [by_id[id].label for id in table["id"]]
    table["new"] = [isinstance(by_id[id], Market) for id in table["id"]]
    table["kind"] = [_(N_("new market")) if new else _(N_("segment")) for new in table["new"]]
    table["targeting"] = ["target" if new else "open" for new in table["new"]]
    table["entry"] = [getattr(by_id[id], "entry", "") for id in table["id"]]
    table["grade"] = [_grade(by_id[id]) for id in table["id"]]
    table["shown"] = [number(score, 2) for score in table["score"]]
    new = _(N_("new"))
    table["remark"] = [f"{one.shown} · {new}" if one.new else one.shown for one in table.itertuples()]
    from workbook.exhibits.charts import attractiveness_bars

    return Exhibit(
        "new_markets",
        _markets_finding(table),
        table,
        (
            Column("segment", _(N_("Segment or market"))),
            Column("kind", _(N_("Which"))),
            Column("score", _(N_("Score")), "number", 2),
            Column("rank", _(N_("Rank")), "number", 0),
            Column("stability", _(N_("Holds its place")), "percent"),
            Column("missing", _(N_("Figures missing")), "number", 0),
            Column("entry", _(N_("What it would take"))),
            Column("grade", _(N_("Grade"))),
        ),
        attractiveness_bars(
            table, labels={"score": _(N_("Attractiveness, 0 to 1")), "segment": _(N_("Segment or market"))}
        ),
        tags=(Tag("assumed", _(N_("weights, fit and reachability: the team's judgement"))),),
        method=_(
            N_(
                "The criteria and weights of the segments, each scaled over all that stand here; excluded segments are left out. A "
                "new market also costs what it takes to enter it, which no score says."
            )
        ),
    )


def _grade(one: Item) -> str:
    """Return the best grade behind a market; nothing for a segment, whose figures stand in step 1."""
    return min((known.grade for known in one.evidence), default=Grade.D).value if isinstance(one, Market) else ""


def _markets_finding(table: pd.DataFrame) -> str:
    known = table.dropna(subset="rank")
    new, ours = known[known["new"]], known[~known["new"]]
    if new.empty:
        return _(N_("No new market has a figure to compare yet."))
    best = new.iloc[0]
    if ours.empty:
        return _(
            N_("“{market}” is the most attractive new market; there is no segment to compare it with yet."),
            market=best["segment"],
        )
    behind = ours[ours["rank"] > best["rank"]]
    if behind.empty:
        return _(
            N_("No new market is as attractive as the segments we know; “{market}” comes nearest."),
            market=best["segment"],
        )
    return _(
        N_("“{market}” is the most attractive new market, before {segments}."),
        market=best["segment"],
        segments=listed([f"“{name}”" for name in behind["segment"]]),
    )
