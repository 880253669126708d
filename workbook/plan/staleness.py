"""What is stale? An item keeps a fingerprint of every upstream item it was confirmed against.

A different fingerprint today means that the item stands on something that has changed. It stays stale, with before and
after, until somebody confirms it again, edits it, or waives the change with a reason and a day to look again; all three
are revisions. What stands on something stale is not stale itself, but *waits*: its turn comes when that is settled.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workbook.language import N_
from workbook.plan.checks import Point
from workbook.plan.links import Links, links_of
from workbook.plan.model import Item, Plan, Waiver, tree
from workbook.plan.revisions import Edit, after, canonical

__all__ = [
    "Stale",
    "all_confirmed",
    "confirmed",
    "fingerprint",
    "stale_in",
    "stale_points",
    "waiting_in",
    "waived",
]


READ_ONLY = {"/handover/counted_by"}
"""Fields that name where figures are read from month by month: nothing was decided on what they said on a day."""


@dataclass(frozen=True)
class Stale:
    """
    ``node`` stands on ``upstream``, which has changed since (or is gone), as the field at ``path`` says.

    ``by`` and ``revision`` say who confirmed it, and at which revision of the plan. ``waiver`` is set where somebody
    waived an earlier change, and the day to look again has come.
    """

    node: str
    upstream: str
    path: str
    by: str
    revision: int
    gone: bool = False
    waiver: Waiver | None = None


def fingerprint(item: Item | None) -> str:
    """Return a short fingerprint of what ``item`` says, itself and its parts; nothing for an item that is gone."""
    if item is None:
        return ""
    return hashlib.sha256(canonical(tree(item), sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def stale_in(plan: Plan, *, today: date | None = None, links: Links | None = None) -> list[Stale]:
    """
    Return what is stale in ``plan``, upstream first.

    What was never confirmed is not stale: a link made before anybody confirmed anything is as new as it looks. A waiver
    holds as long as the upstream item stays as it was waived, and ``today`` is before the day to look again.
    """
    known: dict[str, str] = {}
    found, graph = [], links or links_of(plan)
    for link in graph.all:
        confirmation = plan.confirmed.get(link.downstream)
        if confirmation is None or link.upstream not in confirmation.seen:
            continue
        if link.upstream not in known:
            known[link.upstream] = fingerprint(plan.item(link.upstream))
        now = known[link.upstream]
        waiver = confirmation.waived.get(link.upstream)
        settled = confirmation.seen[link.upstream] == now or (
            waiver is not None
            and waiver.fingerprint == now
            and (today is None or waiver.review is None or today < waiver.review)
        )
        if not settled:
            found.append(
                Stale(
                    link.downstream, link.upstream, link.path, confirmation.by, confirmation.revision, not now, waiver
                )
            )
    return list(dict.fromkeys([*found, *_gone(plan, graph)]))


def _gone(plan: Plan, links: Links) -> Iterator[Stale]:
    """Yield what stood on an item that somebody has taken out."""
    present, still_named = plan.ids, {(link.downstream, link.upstream) for link in links.all}
    for node, confirmation in plan.confirmed.items():
        item = plan.item(node)
        path = plan.path(node) if item else f"/{node}"
        for upstream in confirmation.seen:
            known = upstream in present or (node, upstream) in still_named or upstream in confirmation.waived
            if not known and (item or node in type(plan).model_fields):
                yield Stale(node, upstream, path, confirmation.by, confirmation.revision, gone=True)


def waiting_in(plan: Plan, stale: list[Stale], *, links: Links | None = None) -> dict[str, str]:
    """Return the nodes that wait for something stale to be settled, each with the nearest stale node it stands on."""
    graph, nodes = links or links_of(plan), dict.fromkeys(one.node for one in stale)
    waiting: dict[str, str] = {}
    for node in nodes:
        for link in graph.what_stands_on(node):
            if link.downstream not in nodes:
                waiting.setdefault(link.downstream, node)
    return waiting


def confirmed(plan: Plan, node: str, *, by: str, revision: int, links: Links | None = None) -> Iterator[Edit]:
    """
    Yield the edit by which ``node`` is confirmed against all it stands on today; none when it stands on nothing.

    ``revision`` is the plan's last one: what ``by`` has seen.
    """
    direct = [link for link in (links or links_of(plan)).stands_on(node, depth=1) if link.path not in READ_ONLY]
    if direct:
        seen = {link.upstream: fingerprint(plan.item(link.upstream)) for link in direct}
        yield Edit(f"/confirmed/{node}", {"seen": seen, "by": by, "revision": revision})
    elif node in plan.confirmed:
        yield Edit(f"/confirmed/{node}", None)


def all_confirmed(plan: Plan, *, by: str) -> Plan:
    """Return ``plan`` with every node confirmed that never was, as it was first stored."""
    links = links_of(plan)
    nodes = [node for node in dict.fromkeys(link.downstream for link in links.all) if node not in plan.confirmed]
    edits = [edit for node in nodes for edit in confirmed(plan, node, by=by, revision=0, links=links)]
    return Plan.model_validate(after(tree(plan), edits))


def stale_points(plan: Plan, *, today: date | None = None) -> list[Point]:
    """Return what is stale as points of advice, for lists of what a plan lacks."""
    points = []
    for one in stale_in(plan, today=today):
        path = plan.path(one.node) if one.node in plan.ids else f"/{one.node}"
        template = GONE if one.gone else CHANGED
        points.append(Point(path, template, (("upstream", plan.name_of(one.upstream)), ("by", one.by))))
    return list(dict.fromkeys(points))


GONE = N_("stale: “{upstream}”, on which it stands, is gone. Confirm it, edit it, or waive the change.")
CHANGED = N_(
    "stale: “{upstream}”, on which it stands, has changed since {by} confirmed it. "
    "Confirm it, edit it, or waive the change."
)


def waived(plan: Plan, one: Stale, *, by: str, reason: str, review: date | None) -> Edit:
    """Return the edit by which a change is waived: seen, judged not to matter, to be looked at again on ``review``."""
    confirmation = plan.confirmed[one.node]
    waiver = {"fingerprint": fingerprint(plan.item(one.upstream)), "by": by, "reason": reason} | (
        {"review": review.isoformat()} if review else {}
    )
    held = confirmation.model_dump(mode="json", exclude_none=True)
    return Edit(f"/confirmed/{one.node}", held | {"waived": held.get("waived", {}) | {one.upstream: waiver}})
