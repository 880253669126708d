"""What stands on what, and what stands on something that has changed: on sand, until somebody looks again.

What an item was confirmed against is read back from the plan's history. Where the history does not hold it, as in a
plan brought in from elsewhere, the exhibit says so instead of guessing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.overview.changes import apart, in_short
from workbook.language import N_, _, date_words, listed, number, plural
from workbook.plan.comparison import Change
from workbook.plan.model import AdvantageState, Plan, Segment, Targeting
from workbook.plan.staleness import Stale, seen_by, waiting_in, what_changed
from workbook.plan.wording import called, node_called, section_title
from workbook.steps import section_of, upstream_sections

__all__ = ["links_overview", "stale_items"]

CARDS = 8
"""Stale items shown as cards; the table has them all."""


def stale_items(case: Case) -> Exhibit:
    """Show what stands on something that has changed since it was confirmed, before and after, and what waits for it."""
    standing = {link.downstream for link in case.links.all}
    if not standing:
        return Exhibit(
            "stale_items",
            _(
                N_(
                    "Nothing stands on anything yet. Once a campaign names its segment, its challenge and its advantage, "
                    "a change in one of them shows here what it touches."
                )
            ),
            empty=True,
        )
    if not case.stale:
        return Exhibit("stale_items", _settled_finding(case, standing))
    waits = waiting_in(case.plan, case.stale, links=case.links)
    shaken = [_shaken(case, one) for one in case.stale]
    rows = [row for one in shaken for row in _stale_rows(case, one, waits)]
    columns = (
        Column("item", _(N_("Stale"))),
        Column("upstream", _(N_("Stands on"))),
        Column("field", _(N_("What changed"))),
        Column("before", _(N_("Before"))),
        Column("after", _(N_("After"))),
        Column("confirmed", _(N_("Confirmed"))),
        Column("waits", _(N_("What waits for it"))),
    )
    nodes = dict.fromkeys(one.node for one in case.stale)
    return Exhibit(
        "stale_items",
        _stale_finding(case, shaken, waits),
        pd.DataFrame(rows),
        columns,
        cards=tuple(_stale_card(case, node, shaken, waits) for node in islice(nodes, CARDS)),
        method=_(
            N_(
                "An item is stale when what it stands on no longer says what it said as somebody confirmed the item; "
                "before and after are read from the plan's history."
            )
        ),
    )


def links_overview(case: Case) -> Exhibit:
    """Count the links between upstream and downstream, what stands on nothing, and what nothing stands on."""
    links, plan = case.links.all, case.plan
    if not links:
        return Exhibit(
            "links_overview",
            _(N_("No item names another yet. Links appear as needs name segments and advantages name needs.")),
            empty=True,
        )
    upstream = upstream_sections()
    sides = [
        (section_of(plan, link.downstream) in upstream, section_of(plan, link.upstream) in upstream)
        for link in links
        if plan.item(link.upstream)
    ]
    crossing = sides.count((False, True))
    orphans = [id for id in case.links.orphans() if section_of(plan, id) not in upstream]
    unanswered = _uncovered(case, (need.id for need in case.needs if _served(need.segment, plan)), "advantages")
    live = (a.id for a in plan.advantages if a.state is AdvantageState.LIVE)
    unused = _uncovered(case, live, "campaigns")
    rows = [
        {"what": _(N_("Links from downstream to upstream")), "count": crossing},
        {"what": _(N_("Links inside the upstream")), "count": sides.count((True, True))},
        {"what": _(N_("Links inside the downstream")), "count": sides.count((False, False))},
        {"what": _(N_("Links to something that is gone")), "count": len(links) - len(sides)},
        {
            "what": _(N_("Downstream items that stand on nothing")),
            "count": len(orphans),
            "which": _named(plan, orphans),
        },
        _coverage_row(_(N_("Needs that an advantage answers")), unanswered, plan),
        _coverage_row(_(N_("Advantages that a campaign uses")), unused, plan),
    ]
    finding = plural(
        "{crossing} of {count} link leads from downstream to upstream.",
        "{crossing} of {count} links lead from downstream to upstream.",
        len(links),
        crossing=number(crossing),
    )
    for sentence, (left, asked) in (
        (N_("Advantages answer {done} of {asked} needs."), unanswered),
        (N_("Campaigns use {done} of {asked} advantages."), unused),
    ):
        finding += " " + _(sentence, done=number(asked - len(left)), asked=number(asked)) if asked else ""
    if orphans:
        finding += " " + plural(
            "{count} downstream item stands on nothing.", "{count} downstream items stand on nothing.", len(orphans)
        )
    return Exhibit(
        "links_overview",
        finding,
        pd.DataFrame(rows, columns=["what", "count", "share", "which"]).fillna({"which": ""}),
        (
            Column("what", _(N_("What"))),
            Column("count", _(N_("Count")), "number", 0),
            Column("share", _(N_("Share")), "percent"),
            Column("which", _(N_("Still to link"))),
        ),
        method=_(
            N_("A link is a choice in a form: nobody draws it. Excluded segments and dropped advantages do not count.")
        ),
    )


@dataclass(frozen=True)
class _Shaken:
    """Something stale, with what changed upstream (empty where the history does not hold it), and who confirmed it when."""

    stale: Stale
    upstream: str
    changes: tuple[Change, ...]
    confirmed: str


def _shaken(case: Case, one: Stale) -> _Shaken:
    now, was = case.plan, _as_confirmed(case, one)
    item = now.item(one.upstream)
    before = was.item(one.upstream) if was else None
    known = item or before
    return _Shaken(
        one,
        called(known, now if item else was or now) if known else section_title(one.upstream),
        tuple(what_changed(one, was, now)) if was else (),
        _confirmed_words(case, one),
    )


def _as_confirmed(case: Case, one: Stale) -> Plan | None:
    """Return the plan in which ``one`` was confirmed: its upstream item must say there what the fingerprint says."""
    seen = case.plan.confirmed[one.node].seen[one.upstream]
    for revision in dict.fromkeys((one.revision, 0)):
        was = case.plan_at(revision)
        if was is not None and seen_by(case.plan, one.node, one.upstream, then=was) == seen:
            return was
    return None


def _confirmed_words(case: Case, one: Stale) -> str:
    """Return who confirmed and when; the day only where the confirmation itself, or the first storing it meant, is on record."""
    held = case.plan.confirmed[one.node].model_dump(mode="json", include={"seen", "by", "revision"})
    made = next(
        (
            revision
            for revision in case.history
            if revision.path == f"/confirmed/{one.node}"
            and isinstance(revision.value, dict)
            and all(revision.value.get(name, 0 if name == "revision" else "") == value for name, value in held.items())
        ),
        None,
    )
    brought_in = made is not None and made.sequence <= case.first_stored and one.revision > 0
    when = date_words(made.time.astimezone()) if made is not None and not brought_in else ""
    return ", ".join(part for part in (case.plan.name_of(one.by), when) if part)


def _stale_rows(case: Case, one: _Shaken, waits: dict[str, str]) -> Iterator[dict[str, str]]:
    for change in one.changes or (Change("–", _(N_("not known here")), ""),):
        before, after = apart(change.before, change.after)
        yield {
            "item": node_called(case.plan, one.stale.node),
            "upstream": one.upstream,
            "field": change.title,
            "before": before,
            "after": after,
            "confirmed": one.confirmed,
            "waits": _few(_waiting(case, one.stale.node, waits), 10),
        }


def _stale_card(case: Case, node: str, shaken: list[_Shaken], waits: dict[str, str]) -> Card:
    mine = [one for one in shaken if one.stale.node == node]
    facts = [(_upstream_label(one), _change_lines(one)) for one in mine]
    waived = [
        _(N_("{who}: {reason}"), who=case.plan.name_of(one.stale.waiver.by), reason=one.stale.waiver.reason)
        for one in mine
        if one.stale.waiver
    ]
    waiting, item = _waiting(case, node, waits), case.plan.item(node)
    return Card(
        called(item, case.plan) if item else section_title(node),
        section_title(section_of(case.plan, node)) if item else "",
        (
            *facts,
            (_(N_("Waived before")), tuple(waived)),
            (_(N_("Confirmed")), tuple(dict.fromkeys(one.confirmed for one in mine if one.confirmed))),
            (_(N_("What waits for it")), (_few(waiting, 5),) if waiting else ()),
        ),
        (Tag("stale", _(N_("confirm, change or waive"))),),
    )


def _waiting(case: Case, node: str, waits: dict[str, str]) -> list[str]:
    return [node_called(case.plan, other) for other, near in waits.items() if near == node]


def _upstream_label(one: _Shaken) -> str:
    if one.stale.gone:
        return _(N_("“{item}” is gone"), item=one.upstream)
    return _(N_("“{item}” has changed"), item=one.upstream)


def _change_lines(one: _Shaken) -> tuple[str, ...]:
    if not one.changes:
        return (_(N_("What it said before is not known here.")),)
    return tuple(in_short(change.title, *apart(change.before, change.after)) for change in one.changes)


def _stale_finding(case: Case, shaken: list[_Shaken], waits: dict[str, str]) -> str:
    nodes = list(dict.fromkeys(one.stale.node for one in shaken))
    parts = [
        _(N_("What changed: {names}."), names=_few(list(dict.fromkeys(one.upstream for one in shaken)))),
        plural(
            "{count} item still stands on what was: {names}.",
            "{count} items still stand on what was: {names}.",
            len(nodes),
            names=_few([node_called(case.plan, node) for node in nodes]),
        ),
    ]
    if waits:
        parts.append(plural("{count} more waits for that.", "{count} more wait for that.", len(waits)))
    parts.append(_(N_("To decide for each: confirm it as it is, change it, or waive the change.")))
    return " ".join(parts)


def _settled_finding(case: Case, standing: set[str]) -> str:
    confirmed = sum(node in case.plan.confirmed for node in standing)
    if not confirmed:
        return plural(
            "{count} item stands on others, and nobody has confirmed it yet. Confirm it once it is settled: "
            "from then on a change in what it stands on shows here.",
            "{count} items stand on others, and nobody has confirmed one yet. Confirm each once it is settled: "
            "from then on a change in what it stands on shows here.",
            len(standing),
        )
    return plural(
        "Nothing is stale: what the {count} confirmed item stands on is as it was.",
        "Nothing is stale: what the {count} confirmed items stand on is as it was.",
        confirmed,
    )


def _served(segment: str | None, plan: Plan) -> bool:
    found = plan.item(segment)
    return not (isinstance(found, Segment) and found.targeting is Targeting.EXCLUDED)


def _uncovered(case: Case, ids: Iterable[str], section: str) -> tuple[list[str], int]:
    """Return those of ``ids`` on which nothing in ``section`` stands, and how many were asked about."""
    covered = {link.upstream for link in case.links.all if link.path.startswith(f"/{section}/")}
    asked = list(ids)
    return [id for id in asked if id not in covered], len(asked)


def _coverage_row(what: str, uncovered: tuple[list[str], int], plan: Plan) -> dict[str, Any]:
    left, asked = uncovered
    share = (asked - len(left)) / asked if asked else float("nan")
    return {"what": what, "count": asked - len(left), "share": share, "which": _named(plan, left)}


def _named(plan: Plan, ids: list[str]) -> str:
    return listed([called(item, plan) for id in ids if (item := plan.item(id))])


def _few(names: list[str], most: int = 3) -> str:
    """Return the first names as a list in a sentence, and how many more there are."""
    rest = len(names) - most
    more = [plural("{count} more", "{count} more", rest)] if rest > 0 else []
    return listed(names[:most] + more)
