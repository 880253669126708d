"""What has changed in the plan, and by whom: the last operations, newest first."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice, takewhile

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import N_, _, date_words, plural
from workbook.plan.comparison import Change, plan_changes
from workbook.plan.model import Plan
from workbook.plan.revisions import Revision
from workbook.plan.wording import node_called

__all__ = ["ago", "apart", "in_short", "recent_changes"]

LATEST = 10
"""Operations shown among the recent changes."""

PER_OPERATION = 4
"""Changes shown of one operation; the rest are counted."""

ROOM = 140
"""Characters of a text that a table shows."""


def recent_changes(case: Case) -> Exhibit:
    """Show the last changes of the plan, newest first: when, who, what, from and to."""
    if not case.history:
        return Exhibit(
            "recent_changes",
            _(
                N_(
                    "No change is on record here. Each will be listed with who made it, when, and what stood there before."
                )
            ),
            empty=True,
        )
    now, latest = _now(), list(islice(_changed_newest_first(case), LATEST))
    rows = [
        {"when": _moment(operation[0].time, now), "who": operation[0].author, **_texts(change)}
        for operation, changes in latest
        for change in _capped(changes)
    ]
    finding = _latest_finding(case, *latest[0], now)
    return Exhibit(
        "recent_changes",
        finding,
        pd.DataFrame(rows),
        (
            Column("when", _(N_("When"))),
            Column("who", _(N_("Who"))),
            Column("what", _(N_("What"))),
            Column("before", _(N_("From"))),
            Column("after", _(N_("To"))),
        ),
        method=_(N_("Every change is kept; nothing is overwritten.")),
    )


def _changed_newest_first(case: Case) -> Iterator[tuple[list[Revision], list[Change]]]:
    """Yield the operations that changed something, with their changes in words."""
    operations = [list(one) for _id, one in groupby(case.history, key=lambda revision: revision.operation)]
    for operation in reversed(operations):
        was, now = case.plan_at(operation[0].sequence - 1), case.plan_at(operation[-1].sequence)
        if operation is operations[0]:
            stored = plural("{count} item", "{count} items", len(now.ids)) if now else ""
            yield operation, [Change(_(N_("The plan as first stored")), "", stored)]
        elif was is None or now is None:
            yield operation, [Change(", ".join(revision.path for revision in operation[:PER_OPERATION]), "", "")]
        elif found := [*_confirmations(was, now), *plan_changes(was, now, case.plan)]:
            yield operation, found


def _capped(changes: Sequence[Change]) -> list[Change]:
    """Return the first changes of an operation, and how many more there are."""
    more = len(changes) - PER_OPERATION
    return [*changes[:PER_OPERATION], *([Change(_and_more(more), "", "")] if more > 0 else [])]


def _and_more(count: int) -> str:
    return plural("and {count} more change", "and {count} more changes", count)


def _latest_finding(case: Case, operation: list[Revision], changes: Sequence[Change], now: datetime) -> str:
    values = {"when": ago(operation[-1].time, now), "who": operation[-1].author}
    if operation[-1].sequence == case.first_stored:
        return _(N_("Nothing has changed since the plan was stored, {when}, by {who}."), **values)
    what = in_short(*_texts(changes[0]).values())
    if len(changes) > 1:
        what = f"{what}, {_and_more(len(changes) - 1)}"
    return _(N_("Last change, {when}, by {who}: {what}."), **values, what=what)


def _confirmations(was: Plan, now: Plan) -> Iterator[Change]:
    for node in dict.fromkeys([*was.confirmed, *now.confirmed]):
        before, after = was.confirmed.get(node), now.confirmed.get(node)
        if before == after or after is None:
            continue
        name = node_called(now, node)
        if before is not None and before.seen == after.seen and before.revision == after.revision:
            waived = [w for upstream, w in after.waived.items() if w != before.waived.get(upstream)]
            reason = waived[0].reason if waived else ""
            yield Change(_(N_("A change was waived for “{item}”"), item=name), "", reason)
        else:
            yield Change(_(N_("“{item}” was confirmed"), item=name), "", "")


def _texts(change: Change) -> dict[str, str]:
    before, after = apart(change.before, change.after)
    return {"what": change.title, "before": before, "after": after}


def in_short(what: str, before: str, after: str) -> str:
    """Return a change on one line; what came or went has one side only."""
    if before and after:
        return f"{what}: {before} → {after}"
    return f"{what} ({before or after})" if before or after else what


def apart(before: str, after: str) -> tuple[str, str]:
    """Return two texts cut to the room there is, beginning a little before they part."""
    if max(len(before), len(after)) <= ROOM:
        return before, after
    alike = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, alike - ROOM // 3)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + ROOM]
    return ("…" if start and text else "") + shown + ("…" if len(text) > start + ROOM else "")


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(time: datetime, now: datetime) -> str:
    """Return day and hour, on this machine's clock; a clock that was ahead is not believed."""
    local = min(time, now).astimezone()
    return f"{date_words(local)}, {local:%H:%M}"


def ago(time: datetime, now: datetime) -> str:
    """Return how long ago ``time`` was, never less than nothing; from a week on, the day."""
    minutes = max(0, int((now - time).total_seconds() // 60))
    if minutes < 1:
        return _(N_("just now"))
    if minutes < 60:
        return plural("{count} minute ago", "{count} minutes ago", minutes)
    if minutes < 24 * 60:
        return plural("{count} hour ago", "{count} hours ago", minutes // 60)
    if minutes < 7 * 24 * 60:
        return plural("{count} day ago", "{count} days ago", minutes // (24 * 60))
    return date_words(time.astimezone())
