"""The plan's dates as a file for any calendar program: RFC 5545, days without hours.

Each entry keeps its identifier, and its SEQUENCE is the plan's revision, so that a file taken later moves the entries of
an earlier one instead of adding to them. Text is escaped, lines are folded at 75 octets and end with CRLF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from workbook.execution.campaigns import Dated, dates
from workbook.language import N_, _
from workbook.plan.model import Campaign, Notice, Plan

__all__ = ["KINDS", "calendar"]

KINDS = {
    "making": N_("Being made"),
    "campaign": N_("Campaign"),
    "creative": N_("Creative due"),
    "notice": N_("Launch notice"),
    "release": N_("Release"),
}
"""What the kinds of dated things are called."""

OCTETS = 75
"""RFC 5545, 3.1: no line is longer, its end not counted."""


def calendar(plan: Plan, plan_id: str, *, revision: int, changed: datetime) -> str:
    """
    Return the calendar of ``plan``: making, running, creatives due, notices, releases; one entry each.

    Parameters
    ----------
    plan
        The plan; what has no date in it is left out.
    plan_id
        Makes the entries' identifiers the plan's own.
    revision
        Of the plan: grows with each change, and says which of two files is the newer one.
    changed
        When the plan was last changed: the stamp of all entries, so that one revision gives one file.
    """
    stamp = changed.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//marketing-workbook//campaigns//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_escaped(plan.charter.title or plan_id)}",
        # What calendar programs read that do not know NAME (RFC 7986) yet.
        f"X-WR-CALNAME:{_escaped(plan.charter.title or plan_id)}",
        *(line for one in dates(plan) for line in _event(one, plan, plan_id, revision, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(one: Dated, plan: Plan, plan_id: str, revision: int, stamp: str) -> Iterator[str]:
    kind = _(KINDS[one.kind])
    yield "BEGIN:VEVENT"
    yield f"UID:{one.kind}.{one.id}.{plan_id}@marketing-workbook"
    yield f"DTSTAMP:{stamp}"
    yield f"SEQUENCE:{revision}"
    yield f"DTSTART;VALUE=DATE:{one.start:%Y%m%d}"
    # The end of a span of days is the first day after it.
    yield f"DTEND;VALUE=DATE:{one.end + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(f'{kind}: {one.title}')}"
    if said := _said(one, plan):
        yield f"DESCRIPTION:{_escaped(said)}"
    yield f"CATEGORIES:{_escaped(kind)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _said(one: Dated, plan: Plan) -> str:
    """Return what the entry says beyond its title: whose it is, what it belongs to, its words."""
    item = plan.item(one.id)
    words = item.says if isinstance(item, Notice) else item.angle if isinstance(item, Campaign) else ""
    facts = [
        (_(N_("Owner")), plan.name_of(one.owner)),
        (_(N_("Belongs to")), plan.name_of(one.about) if one.about != one.id else ""),
    ]
    return "\n".join([*(f"{label}: {value}" for label, value in facts if value), *([words] if words else [])])


def _escaped(text: str) -> str:
    """Return ``text`` as a value of type TEXT (RFC 5545, 3.3.11), without the control characters it may not hold."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield ``line`` in pieces of at most 75 octets, no character torn; each but the first begins with a space."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > OCTETS:
            yield piece
            piece = " "
        piece += character
    yield piece
