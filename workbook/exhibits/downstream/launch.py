"""Step 9 in exhibits, by date: the calendar with its file, the work of each week, the notices before a launch."""

from datetime import date, timedelta

import pandas as pd

from workbook.errors import PlanError
from workbook.execution.campaigns import Dated, dates, load
from workbook.execution.icalendar import KINDS, calendar
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Attachment, Column, Exhibit, Tag
from workbook.language import N_, _, date_words, listed, number, percent, plural
from workbook.plan.launch import goes_out
from workbook.plan.model import Campaign, Consent, Notice, NoticeAudience, Release
from workbook.plan.revisions import BASE

__all__ = ["calendar_file", "campaign_calendar", "launch_notices", "work_by_week"]

ADDRESSED = {NoticeAudience.CUSTOMERS, NoticeAudience.LEADS}
"""Those who must have agreed before they are written to."""


def campaign_calendar(case: Case) -> Exhibit:
    """Lay campaigns, creatives, notices and releases out on the calendar, and offer them as a file."""
    found = [one for one in dates(case.plan) if _in_segment(one, case)]
    if not any(one.kind != "release" for one in found):
        return Exhibit(
            "campaign_calendar",
            _(N_("Give a campaign its first and last day, and the calendar stands here, with a file for your own.")),
            empty=True,
        )
    table = pd.DataFrame([_row(one, case) for one in found])
    # Campaigns in the order they begin, each release where it comes.
    order = {row: i for i, row in enumerate(dict.fromkeys(table["row"]))}
    table = table.sort_values(["row", "begin"], key=lambda s: s.map(order) if s.name == "row" else s, kind="stable")
    from workbook.exhibits.charts.campaigns import calendar_spans

    return Exhibit(
        "campaign_calendar",
        _calendar_finding(found, case),
        table.sort_values("begin", kind="stable"),
        (
            Column("when", _(N_("When"))),
            Column("words", _(N_("What"))),
            Column("title", _(N_("Title"))),
            Column("owner", _(N_("Owner"))),
        ),
        calendar_spans(
            table,
            labels={kind: _(words) for kind, words in KINDS.items()}
            | {"title": _(N_("Title")), "kind": _(N_("What")), "when": _(N_("When")), "owner": _(N_("Owner"))},
        ),
        method=_(
            N_(
                "A campaign is made in the weeks before its first day: so many as step 7 says one takes, else four. The file "
                "can be taken into any calendar; taken in again later, it moves what has moved."
            )
        ),
        files=(calendar_file(case),) if case.history else (),
    )


def calendar_file(case: Case) -> Attachment:
    """
    Return the calendar of a plan with a history as a file; the history says which of two files is the newer.

    Raises PlanError when nothing in it has a date.
    """
    if not dates(case.plan):
        raise PlanError(
            N_("Nothing in “{plan}” has a date yet. Give a campaign its first day, or a release its date."),
            plan=case.plan_id,
        )
    last = case.history[-1]
    # A scenario's dates are other dates: they stand beside the plan's in a calendar and do not move them.
    name = f"{case.plan_id}.{case.scenario}" if case.scenario != BASE else case.plan_id
    content = calendar(case.plan, name, revision=last.sequence, changed=last.time)
    return Attachment(f"{name}.ics", _(N_("Calendar file")), "text/calendar", content)


def _in_segment(one: Dated, case: Case) -> bool:
    """Whether something dated concerns the segment asked for: what names none concerns all."""
    item = case.plan.item(one.about or one.id)
    if not case.segment:
        return True
    if isinstance(item, Campaign):
        return item.segment in (None, case.segment)
    return not isinstance(item, Release) or not item.segments or case.segment in item.segments


def _row(one: Dated, case: Case) -> dict[str, object]:
    return {
        "row": case.plan.name_of(one.about) or one.title,
        "kind": one.kind,
        "words": _(KINDS[one.kind]),
        "title": one.title,
        "begin": pd.Timestamp(one.start),
        "end": pd.Timestamp(one.end + timedelta(days=1)),
        "when": _span(one.start, one.end),
        "owner": case.plan.name_of(one.owner) or "–",
    }


def _span(start: date, end: date) -> str:
    if start == end:
        return date_words(start)
    return _(N_("{start} to {end}"), start=date_words(start), end=date_words(end))


def _calendar_finding(found: list[Dated], case: Case) -> str:
    runs = [one for one in found if one.kind == "campaign"]
    finding = plural("One campaign is dated.", "{count} campaigns are dated.", len(runs))
    if len(runs) > 1:
        most, when = max(
            ((sum(one.start <= day <= one.end for one in runs), day) for day in sorted({one.start for one in runs})),
            key=lambda pair: (pair[0], -pair[1].toordinal()),
        )
        if most > 1:
            finding += " " + _(N_("{most} of them run at once from {day}."), day=date_words(when), most=number(most))
    early = [
        one.title
        for one in runs
        if isinstance(campaign := case.plan.item(one.id), Campaign)
        and isinstance(release := case.plan.item(campaign.release), Release)
        and release.date
        and one.start < release.date
    ]
    if early:
        finding += " " + _(N_("Begins before its release: {campaigns}. Move it."), campaigns=listed(early))
    if undated := [c.label for c in case.plan.campaigns if c.start is None]:
        finding += " " + _(N_("Without a date: {campaigns}."), campaigns=listed(undated))
    return finding


def work_by_week(case: Case) -> Exhibit:
    """Show the work of each week by owner against the time they have."""
    table = load(case.plan)
    if table.empty or not table["hours"].sum():
        return Exhibit(
            "work_by_week",
            _(
                N_(
                    "Say how many hours a campaign takes to make, and how many a week while it runs: then each owner's weeks "
                    "stand here, against the time they have."
                )
            ),
            empty=True,
        )
    words = {
        "light": _(N_("up to a third")),
        "half": _(N_("up to two thirds")),
        "full": _(N_("up to all their time")),
        "over": _(N_("over their time")),
    }
    table = table[table["hours"] > 0].reset_index(drop=True)
    table["person"] = [case.plan.name_of(owner) or _(N_("Nobody yet")) for owner in table["owner"]]
    table["share"] = table["hours"] / table["capacity"]
    table["level"] = [words[_level(share)] for share in table["share"]]
    table["when"] = [_(N_("week of {day}"), day=date_words(week)) for week in table["week"]]
    table["shown"] = [
        _(N_("{hours} of {all} hours"), hours=number(row.hours, 0), all=number(row.capacity, 0))
        for row in table.itertuples()
    ]
    table["until"] = pd.to_datetime(table["week"]) + pd.Timedelta(days=7)
    table["week"] = pd.to_datetime(table["week"])
    from workbook.exhibits.charts.campaigns import work_by_week as strips

    return Exhibit(
        "work_by_week",
        _load_finding(table),
        table,
        (
            Column("when", _(N_("Week"))),
            Column("person", _(N_("Owner"))),
            Column("hours", _(N_("Hours of work")), "number", 0),
            Column("capacity", _(N_("Hours there are")), "number", 0),
            Column("share", _(N_("Taken")), "percent"),
            Column("things", _(N_("Things at once")), "number", 0),
        ),
        strips(
            table,
            labels=words | {"person": _(N_("Owner")), "week": _(N_("Week")), "hours": _(N_("Hours of work"))},
        ),
        tags=(Tag("assumed", _(N_("hours as the team entered them"))),),
        method=_(
            N_(
                "Hours to make a campaign, spread evenly over the weeks before it, and its hours a week while it runs. The "
                "time there is: the charter's hours a month × 12 / 52."
            )
        ),
    )


def _level(share: float) -> str:
    """Return how full a week is; one whose owner has no known time counts as full, so that it is looked at."""
    if pd.isna(share) or 2 / 3 < share <= 1:
        return "full"
    return "over" if share > 1 else "half" if share > 1 / 3 else "light"


def _load_finding(table: pd.DataFrame) -> str:
    over = table[table["share"] > 1]
    unknown = list(dict.fromkeys(table.loc[table["capacity"].isna(), "person"]))
    if over.empty:
        fullest = table.loc[table["share"].fillna(0).idxmax()]
        finding = _(
            N_("Nobody has more work than time. The fullest week is {person}'s {when}: {share}."),
            person=fullest["person"],
            when=fullest["when"],
            share=percent(fullest["share"]),
        )
    else:
        worst = over.loc[over["share"].idxmax()]
        finding = plural("One week has more work than time.", "{count} weeks have more work than time.", len(over))
        finding += " " + _(
            N_("The worst is {person}'s {when}: {shown}. Begin earlier, hand something over, or plan less."),
            person=worst["person"],
            when=worst["when"],
            shown=worst["shown"],
        )
    if unknown:
        finding += " " + _(N_("Time not known in the charter: {people}."), people=listed(unknown))
    return finding


def launch_notices(case: Case) -> Exhibit:
    """Show who is told of each release and how many days before, and what stands in the way."""
    rows = [row for notice in case.plan.notices if (row := _notice(notice, case)) is not None]
    if not rows:
        return Exhibit(
            "launch_notices",
            _(
                N_(
                    "Say who is told of a release and how many days before: customers, leads, partners, our own teams. The dates "
                    "follow from the release."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(rows).sort_values(["released", "day"], kind="stable").reset_index(drop=True)
    from workbook.exhibits.charts.campaigns import notice_days

    several = table["release"].nunique() > 1
    table["row"] = [f"{row.release}: {row.audience}" if several else row.audience for row in table.itertuples()]
    return Exhibit(
        "launch_notices",
        _notice_finding(table, case),
        table,
        (
            Column("shown", _(N_("T-minus"))),
            Column("when", _(N_("Goes out"))),
            Column("audience", _(N_("Who is told"))),
            Column("title", _(N_("Notice"))),
            Column("release", _(N_("Release"))),
            Column("channel", _(N_("Channel"))),
            Column("owner", _(N_("Owner"))),
            Column("consent", _(N_("Consent"))),
        ),
        notice_days(
            table,
            labels={
                "axis": _(N_("Days before the release")),
                "notice": _(N_("Notice")),
                "when": _(N_("Goes out")),
            },
        ),
        method=_(
            N_(
                "The date is the release's less the days before it; move the release and the notices move. Our own teams hear "
                "first, because customers will ask them."
            )
        ),
    )


def _notice(notice: Notice, case: Case) -> dict[str, object] | None:
    """Return a notice as a row, None where it or its release has no date or concerns another segment."""
    plan, release = case.plan, case.plan.item(notice.release)
    day = goes_out(notice, plan)
    if not isinstance(release, Release) or release.date is None or day is None:
        return None
    if case.segment and notice.segments and case.segment not in notice.segments:
        return None
    before = (day - release.date).days
    return {
        "released": pd.Timestamp(release.date),
        "day": pd.Timestamp(day),
        "before": before,
        "late": before > 0,
        "shown": f"T{before:+d}" if before else "T",
        "when": date_words(day),
        "audience": _(notice.audience.label) if notice.audience else "–",
        "title": notice.label,
        "release": release.label,
        "channel": plan.name_of(notice.channel) or "–",
        "owner": plan.name_of(notice.owner) or _(N_("nobody")),
        "consent": _consent(notice),
        "silent": notice.audience in ADDRESSED and notice.consent in (None, Consent.MISSING),
    }


def _consent(notice: Notice) -> str:
    if notice.audience not in ADDRESSED:
        return _(N_("not needed"))
    if notice.consent is None:
        return _(N_("not said yet"))
    return _(notice.consent.label).split(":")[0].split(",")[0]


def _notice_finding(table: pd.DataFrame, case: Case) -> str:
    first = table.loc[table["day"].idxmin()]
    finding = plural("One notice is dated.", "{count} notices are dated.", len(table))
    finding += " " + _(
        N_("The first goes out on {day}: “{notice}”, {shown}."),
        day=first["when"],
        notice=first["title"],
        shown=first["shown"],
    )
    if late := list(table.loc[table["late"], "title"]):
        finding += " " + _(N_("After their release: {notices}."), notices=listed(late))
    if silent := list(table.loc[table["silent"], "title"]):
        finding += " " + _(N_("Consent not settled: {notices}."), notices=listed(silent))
    untold = [label for label in _untold(case) if label]
    if untold:
        finding += " " + _(N_("Nobody tells: {audiences}."), audiences=listed(untold))
    return finding


def _untold(case: Case) -> list[str]:
    """Return the audiences that hear of no release at all."""
    told = {notice.audience for notice in case.plan.notices}
    return [_(audience.label) for audience in NoticeAudience if audience not in told]
