"""Step 6 in exhibits: which ideas come first, when customers get what, and which releases set the date."""

from datetime import date, timedelta

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, date_words, listed, number, plural
from workbook.plan.model import Release, Status
from workbook.research.roadmap import critical_path, ranked_ideas

__all__ = ["idea_ranking", "release_timeline"]


def idea_ranking(case: Case) -> Exhibit:
    """Rank the ideas by RICE."""
    table = ranked_ideas(case.plan)
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
        ),
        idea_bars(drawn, labels={"rice": _(N_("RICE")), "idea": _(N_("Idea"))}),
        tags=(Tag("assumed", _(N_("reach, impact and effort: the team's judgement"))),),
        method=_(N_("RICE = reach x impact x confidence / effort, customers in a quarter per person-month.")),
    )


def release_timeline(case: Case) -> Exhibit:
    """Lay the releases out on the calendar, with the chain that sets the last date."""
    live = [release for release in case.plan.releases if release.status is not Status.STOPPED]
    dated = sorted((release for release in live if release.date), key=lambda release: release.date or date.max)
    if not dated:
        return Exhibit(
            "release_timeline",
            _(N_("Give a release a date, and the calendar stands here. Until then no campaign can be dated.")),
            empty=True,
        )
    chain = critical_path(live)
    table = pd.DataFrame([row for release in dated for row in _spans(release, case, chain)])
    from workbook.exhibits.charts.roadmap import release_spans

    return Exhibit(
        "release_timeline",
        _timeline_finding(dated, live, chain),
        table,
        (
            Column("release", _(N_("Release"))),
            Column("segment", _(N_("For whom"))),
            Column("when", _(N_("Date"))),
            Column("weeks", _(N_("Weeks of work")), "number", 0),
            Column("after", _(N_("Stands on"))),
            Column("state", _(N_("Status"))),
        ),
        release_spans(table, labels={"release": _(N_("Release")), "when": _(N_("Date"))}),
        tags=(Tag("note", _(N_("critical path: {releases}"), releases=" → ".join(r.label for r in chain))),)
        if chain
        else (),
        method=_(
            N_("The bar is the work before the date. A week lost on the critical path is a week lost at its end.")
        ),
    )


def _spans(release: Release, case: Case, chain: tuple[Release, ...]) -> list[dict[str, object]]:
    """Return one row a segment of the release; one in all where it names none."""
    day = release.date or date.max
    segments = [case.plan.name_of(ref) for ref in release.segments] or [""]
    return [
        {
            "row": f"{release.label} ({segment})" if len(segments) > 1 else release.label,
            "release": release.label,
            "segment": segment,
            "begin": pd.Timestamp(day - timedelta(weeks=release.weeks or 0)),
            "date": pd.Timestamp(day),
            "when": date_words(day),
            "weeks": float("nan") if release.weeks is None else release.weeks,
            "after": listed([case.plan.name_of(ref) for ref in release.depends_on]),
            "state": _(release.status.label),
            "critical": any(one.id == release.id for one in chain),
        }
        for segment in segments
    ]


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
