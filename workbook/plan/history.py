"""What happened to a plan, or to one item or field of it: who changed what from what to what, and when.

The order is that of the log. Clocks are set back, so the times of two changes need not be in order.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workbook.plan.revisions import BASE, Revision, folded, value_at

__all__ = ["Change", "age", "changes"]


@dataclass(frozen=True)
class Change:
    """One value changed by ``revision``, at ``path``, from ``before`` to ``after``; None is nothing."""

    revision: Revision
    path: str
    before: Any
    after: Any


def changes(history: Iterable[Revision], path: str = "") -> Iterator[Change]:
    """
    Yield what the whole ``history`` of a plan changed at ``path`` or below it (everywhere, when it is empty), in order.

    What a whole item was set to is split into the fields that differ. An item that is new or taken out is one change.
    """
    asked = path.strip("/")
    scenarios: dict[str, dict[str, Any]] = {BASE: {}}
    for revision in history:
        if revision.scenario not in scenarios:
            scenarios[revision.scenario] = copy.deepcopy(scenarios[BASE])
        data = scenarios[revision.scenario]
        own = revision.path.strip("/")
        place = own if _within(own, asked) else asked if _within(asked, own) else None
        before = copy.deepcopy(value_at(data, place)) if place else None
        folded([revision], onto=data)
        if revision.scenario == BASE:
            # A scenario inherits what it does not change; close enough for telling what it was before.
            for name, other in scenarios.items():
                if name != BASE:
                    folded([revision], onto=other)
        if place:
            for where, old, new in _split(place, before, value_at(data, place)):
                yield Change(revision, f"/{where}", old, copy.deepcopy(new))


def age(moment: datetime, now: datetime | None = None) -> float:
    """Return how many seconds ago ``moment`` was: never less than none, though clocks are set back."""
    return max(0.0, ((now or datetime.now(UTC)) - moment).total_seconds())


def _within(path: str, asked: str) -> bool:
    return not asked or path == asked or path.startswith(f"{asked}/")


def _split(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            yield from _split(f"{path}/{name}", before.get(name), after.get(name))
    else:
        yield path, before, after
