"""What is stale? An item keeps a fingerprint of every upstream item it was confirmed against.

A different fingerprint today means that the item stands on something that has changed. It stays stale, with before and
after, until somebody confirms it again, edits it, or waives the change with a reason and a day to look again; all three
are revisions. What stands on something stale is not stale itself, but *waits*: its turn comes when that is settled.

A figure that was worked out from fields of the plan itself is stale when one of these changes, and not when the item or
section says something else elsewhere.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbook.language import N_
from workbook.plan.checks import Point
from workbook.plan.comparison import Change, item_changes, plan_changes
from workbook.plan.links import Links, links_of, node_of
from workbook.plan.model import Finding, Item, Part, Plan, Waiver, tree
from workbook.plan.revisions import Edit, after, canonical, value_at
from workbook.plan.wording import node_called

__all__ = [
    "Stale",
    "all_confirmed",
    "confirmed",
    "fingerprint",
    "seen_by",
    "stale_in",
    "stale_points",
    "waiting_in",
    "waived",
    "what_changed",
]


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
    return "" if item is None else _fingerprint(tree(item))


def _fingerprint(data: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(data, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def seen_by(plan: Plan, node: str, upstream: str, *, then: Plan | None = None) -> str:
    """
    Return the fingerprint of what ``node`` of ``plan`` stands on in ``upstream``, as it is in ``then`` (``plan`` itself).

    That is the whole item, but for a figure worked out from single fields these fields. Nothing where it is gone.
    """
    there, paths = then or plan, _basis(plan, node, upstream)
    if not paths:
        return fingerprint(there.item(upstream))
    part: Part | None = there.item(upstream) or getattr(there, upstream, None)
    if not isinstance(part, Part):
        return ""
    data, start = tree(part), there.path(upstream) if isinstance(part, Item) else f"/{upstream}"
    return _fingerprint({p: value_at(data, rest) if (rest := p.removeprefix(start)) else data for p in paths})


def _basis(plan: Plan, node: str, upstream: str) -> tuple[str, ...]:
    """Return the fields in ``upstream`` that the figure ``node`` was worked out from; none where it stands on all of it."""
    held = plan.item(node)
    return tuple(path for path in held.basis if node_of(path) == upstream) if isinstance(held, Finding) else ()


def what_changed(one: Stale, was: Plan, now: Plan) -> list[Change]:
    """Return the fields upstream by which ``one`` is stale, as they were in ``was`` and are ``now``."""
    before, after_it, paths = was.item(one.upstream), now.item(one.upstream), _basis(now, one.node, one.upstream)
    item = before is not None or after_it is not None
    found = item_changes(before, after_it, was, now) if item else plan_changes(was, now)
    return [c for c in found if not paths or any(_within(c.path, path) or _within(path, c.path) for path in paths)]


def _within(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}/")


def stale_in(plan: Plan, *, today: date | None = None, links: Links | None = None) -> list[Stale]:
    """
    Return what is stale in ``plan``, upstream first.

    What was never confirmed is not stale: a link made before anybody confirmed anything is as new as it looks. A waiver
    holds as long as the upstream item stays as it was waived, and ``today`` is before the day to look again.
    """
    known: dict[tuple[str, tuple[str, ...]], str] = {}
    found, graph = [], links or links_of(plan)
    for link in graph.all:
        confirmation = plan.confirmed.get(link.downstream)
        if confirmation is None or link.upstream not in confirmation.seen:
            continue
        key = link.upstream, _basis(plan, link.downstream, link.upstream)
        if key not in known:
            known[key] = seen_by(plan, link.downstream, link.upstream)
        now = known[key]
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
    present, still_named = (
        plan.ids | type(plan).model_fields.keys(),
        {(link.downstream, link.upstream) for link in links.all},
    )
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
    reached = [(link.depth, link.downstream, node) for node in nodes for link in graph.what_stands_on(node)]
    waiting: dict[str, str] = {}
    for _depth, downstream, node in sorted(reached, key=lambda found: found[0]):
        if downstream not in nodes:
            waiting.setdefault(downstream, node)
    return waiting


def confirmed(plan: Plan, node: str, *, by: str, revision: int, links: Links | None = None) -> Iterator[Edit]:
    """
    Yield the edit by which ``node`` is confirmed against all it stands on today; none when it stands on nothing.

    ``revision`` is the plan's last one: what ``by`` has seen.
    """
    direct = (links or links_of(plan)).stands_on(node, depth=1)
    if direct:
        seen = {link.upstream: seen_by(plan, node, link.upstream) for link in direct}
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
        points.append(Point(path, template, (("upstream", node_called(plan, one.upstream)), ("by", one.by))))
    return list(dict.fromkeys(points))


GONE = N_("stale: “{upstream}”, on which it stands, is gone. Confirm it, edit it, or waive the change.")
CHANGED = N_(
    "stale: “{upstream}”, on which it stands, has changed since {by} confirmed it. "
    "Confirm it, edit it, or waive the change."
)


def waived(plan: Plan, one: Stale, *, by: str, reason: str, review: date | None) -> Edit:
    """Return the edit by which a change is waived: seen, judged not to matter, to be looked at again on ``review``."""
    confirmation = plan.confirmed[one.node]
    waiver = {"fingerprint": seen_by(plan, one.node, one.upstream), "by": by, "reason": reason} | (
        {"review": review.isoformat()} if review else {}
    )
    held = confirmation.model_dump(mode="json", exclude_none=True)
    return Edit(f"/confirmed/{one.node}", held | {"waived": held.get("waived", {}) | {one.upstream: waiver}})
