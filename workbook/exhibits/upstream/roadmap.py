"""Step 6 in exhibits: which ideas come first, when customers get what, and which releases set the date."""

from datetime import date, timedelta

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, date_words, listed, number, plural
from workbook.plan.model import Release, Status, Targeting
from workbook.research.roadmap import WEEK, Standing, critical_path, ranked_ideas, standings

__all__ = ["idea_ranking", "release_chain", "release_timeline"]


def idea_ranking(case: Case) -> Exhibit:
    """Rank the ideas by RICE."""
    table = _with_words(ranked_ideas(case.plan), case)
    known = table.dropna(subset="rice")
    if known.empty:
        return Exhibit(
            "idea_ranking",
            _(N_("Add ideas with reach, impact, confidence and effort, and their order stands here.")),
            empty=True,
        )
    from workbook.exhibits.charts.roadmap import idea_bars

    drawn = known.assign(shown=[number(score, 0) for score in known["rice"]])
    finding = _(N_("“{idea}” brings most for the effort."), idea=known.iloc[0]["idea"])
    if len(known) < len(table):
        finding += " " + plural(
            "{count} idea still lacks a figure.", "{count} ideas still lack a figure.", len(table) - len(known)
        )
    return Exhibit(
        "idea_ranking",
        finding,
        table,
        (
            Column("rank", _(N_("Rank")), "number", 0),
            Column("idea", _(N_("Idea"))),
            Column("reach", _(N_("Reach")), "number", 0),
            Column("impact", _(N_("Impact")), "number", 2),
            Column("confidence", _(N_("Confidence")), "percent"),
            Column("effort", _(N_("Effort, person-months")), "number", 1),
            Column("rice", _(N_("RICE")), "number", 0),
            Column("direction", _(N_("Direction"))),
            Column("whom", _(N_("For whom"))),
        ),
        idea_bars(drawn, labels={"rice": _(N_("RICE")), "idea": _(N_("Idea"))}),
        tags=(Tag("assumed", _(N_("reach, impact and effort: the team's judgement"))),),
        method=_(N_("RICE = reach × impact × confidence / effort, customers in a quarter per person-month.")),
    )


def _with_words(table: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Add where each idea pushes the product, and for whom."""
    ideas = {idea.id: idea for idea in case.plan.ideas}
    directions = [ideas[id].direction for id in table["id"]]
    return table.assign(
        direction=[_(one.label).partition(":")[0] if one else "–" for one in directions],
        whom=[listed([case.plan.name_of(ref) for ref in ideas[id].segments]) or "–" for id in table["id"]],
    )


def release_timeline(case: Case) -> Exhibit:
    """Lay the releases out on the calendar, with the chain that sets the last date."""
    live = [release for release in case.releases if release.status is not Status.STOPPED]
    dated = sorted((release for release in live if release.date), key=lambda release: release.date or date.max)
    if not dated:
        return Exhibit(
            "release_timeline",
            _(N_("Give a release a date, and the calendar stands here. Until then no campaign can be dated.")),
            empty=True,
        )
    chain = critical_path(live)
    table = _by_segment([row for release in dated for row in _spans(release, case, chain)], case)
    from workbook.exhibits.charts.roadmap import release_spans

    return Exhibit(
        "release_timeline",
        _timeline_finding(dated, live, chain) + _nothing_for(case, dated),
        table,
        (
            Column("release", _(N_("Release"))),
            Column("segment", _(N_("For whom"))),
            Column("when", _(N_("Date"))),
            Column("weeks", _(N_("Weeks of work")), "number", 0),
            Column("after", _(N_("Stands on"))),
            Column("state", _(N_("Status"))),
        ),
        release_spans(table, _period(case, table), labels={"release": _(N_("Release")), "when": _(N_("Date"))}),
        tags=(Tag("note", _(N_("critical path: {releases}"), releases=" → ".join(r.label for r in chain))),)
        if chain
        else (),
        method=_(
            N_(
                "The bar is the work before the date; shaded: the period of the plan. A week lost on the critical path is a week "
                "lost at its end."
            )
        ),
    )


def _spans(release: Release, case: Case, chain: tuple[Release, ...]) -> list[dict[str, object]]:
    """Return one row a segment of the release; one in all where it names none."""
    day = release.date or date.max
    segments = [str(ref) for ref in release.segments if case.segment in ("", ref)] or [""]
    several = len({ref for one in case.plan.releases for ref in one.segments}) > 1 and not case.segment
    return [
        {
            "row": f"{case.plan.name_of(ref)}: {release.label}" if several and ref else release.label,
            "release": release.label,
            "segment": case.plan.name_of(ref),
            "place": ref,
            "begin": pd.Timestamp(day - timedelta(weeks=release.weeks or 0)),
            "date": pd.Timestamp(day),
            "when": date_words(day),
            "weeks": float("nan") if release.weeks is None else release.weeks,
            "after": listed([case.plan.name_of(ref) for ref in release.depends_on]),
            "state": _(release.status.label),
            "critical": any(one.id == release.id for one in chain),
        }
        for ref in segments
    ]


def _by_segment(rows: list[dict[str, object]], case: Case) -> pd.DataFrame:
    """Return the rows of each segment together, in the order of the plan; those for everybody last."""
    places = {segment.id: i for i, segment in enumerate(case.plan.segments)}
    table = pd.DataFrame(rows)
    order = table["place"].map(places).fillna(len(places))
    return table.assign(order=order).sort_values(["order", "date"], kind="stable").reset_index(drop=True)


def _period(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """Return the plan's period as one row, begin and end; none where its first month is open."""
    period = case.plan.charter.period
    if period.start is None or table.empty:
        return pd.DataFrame({"begin": pd.to_datetime([]), "end": pd.to_datetime([])})
    begin = pd.Timestamp(period.start)
    return pd.DataFrame({"begin": [begin], "end": [begin + pd.DateOffset(months=period.months)]})


def _nothing_for(case: Case, dated: list[Release]) -> str:
    """Name the target segments that get nothing within the plan's period."""
    period = _period(case, pd.DataFrame([{"any": 1}]))
    if period.empty:
        return ""
    begin, end = period.iloc[0]
    inside = [r for r in dated if begin <= pd.Timestamp(r.date) < end]
    targets = [s for s in case.plan.segments if s.targeting is Targeting.TARGET and case.segment in ("", s.id)]
    bare = [s.label for s in targets if not any(not r.segments or s.id in r.segments for r in inside)]
    if not bare:
        return ""
    months = case.plan.charter.period.months
    return " " + plural(
        "Nothing comes within the month for: {segments}.",
        "Nothing comes within the {count} months for: {segments}.",
        months,
        segments=listed(bare),
    )


def release_chain(case: Case) -> Exhibit:
    """Show what stands on each release, and how far it may slip before something else has to move."""
    mine = {release.id for release in case.releases}
    held = tuple(one for one in standings(case.plan) if one.release.id in mine)
    if not any(one.waiting or one.campaigns for one in held):
        return Exhibit(
            "release_chain",
            _(N_("Say what each release stands on, and how far one may slip before another has to move stands here.")),
            empty=True,
        )
    table = pd.DataFrame([_chain_row(one) for one in held])
    return Exhibit(
        "release_chain",
        _chain_finding(held),
        table,
        (
            Column("release", _(N_("Release"))),
            Column("when", _(N_("Date"))),
            Column("builds", _(N_("What builds on it"))),
            Column("room", _(N_("Room, weeks")), "number", 1),
            Column("first", _(N_("Moves first"))),
        ),
        method=_(
            N_(
                "Room = weeks from the date to the first thing that builds on it: the start of work on a release, the first day of "
                "a campaign. Below 0 that has begun already."
            )
        ),
    )


def _chain_row(one: Standing) -> dict[str, object]:
    release = one.release
    return {
        "release": release.label,
        "when": date_words(release.date) if release.date else "–",
        "builds": "; ".join(other.label for other in (*one.waiting, *one.campaigns)) or "–",
        "room": float("nan") if one.room is None else one.room,
        "first": one.first.label if one.first else "–",
    }


def _chain_finding(held: tuple[Standing, ...]) -> str:
    ahead = [one for one in held if one.room is not None and one.release.status is not Status.RELEASED]
    if not ahead:
        return _(N_("Nothing that is dated waits for a release that is still to come."))
    tightest = min(ahead, key=lambda one: one.room or 0.0)
    words = {"release": tightest.release.label, "other": tightest.first.label if tightest.first else ""}
    span = _span(abs(tightest.room or 0.0))
    if (tightest.room or 0.0) < 0:
        return _(N_("“{other}” begins {span} before “{release}” is there, and builds on it."), span=span, **words)
    if not tightest.room:
        return _(N_("“{release}” may not slip by a day: “{other}” begins with it."), **words)
    return _(N_("“{release}” may slip by {span}; then “{other}” has to move."), span=span, **words)


def _span(weeks: float) -> str:
    """Return a length of time in whole weeks, or in days below one."""
    if weeks < 1:
        return plural("{count} day", "{count} days", round(weeks * WEEK))
    return plural("{count} week", "{count} weeks", round(weeks))


def _timeline_finding(dated: list[Release], live: list[Release], chain: tuple[Release, ...]) -> str:
    ahead = [release for release in dated if release.status is not Status.RELEASED]
    if not ahead:
        return _(N_("All dated releases are out."))
    last = ahead[-1]
    finding = plural(
        "One release is ahead, on {day}.",
        "{count} releases are ahead, the last on {day}.",
        len(ahead),
        day=date_words(last.date or date.max),
    )
    if len(chain) > 1:
        finding += " " + _(
            N_("The longest chain of work ends with “{release}”: {weeks} weeks."),
            release=chain[-1].label,
            weeks=number(sum(release.weeks or 0 for release in chain), 0),
        )
    if undated := [release.label for release in live if release.date is None]:
        finding += " " + _(N_("Without a date: {releases}."), releases=listed(undated))
    return finding
