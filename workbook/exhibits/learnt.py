"""What was worked out once from a table: kept in this process, and told to another, which then need not work it out.

In a batch each report runs in a process that ends with it, and most reports of a plan ask the same of its studies. What
one has worked out is handed on to the process that the next ones are copied from, by table, options, language and segment.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

__all__ = ["forget", "knows", "learn", "note_what_is_new", "once"]

T = TypeVar("T")

MOST = {"answer": 600, "drawing": 1_500}
"""
Results kept of a kind: a dozen studies in each of a plan's segments and languages, and the charts of some reports.

Those asked for longest ago go first.
"""

LARGEST = 4_000_000
"""Bytes of a result that is handed on; what is larger is as soon worked out."""

_kept: dict[str, OrderedDict[Hashable, Any]] = {kind: OrderedDict() for kind in MOST}
_new: list[bytes] | None = None


def once(key: Hashable, make: Callable[[], T], kind: str = "answer") -> T:
    """Return what ``make`` returned when it was first called for ``key``, which must name all that it depends on."""
    if knows(key, kind):
        return _kept[kind][key]
    made = make()
    _keep(kind, key, made)
    if _new is not None:
        # At once, so that nothing done to the result later is handed on with it.
        told = pickle.dumps((kind, key, made), pickle.HIGHEST_PROTOCOL)
        if len(told) <= LARGEST:
            _new.append(told)
    return made


def knows(key: Hashable, kind: str = "answer") -> bool:
    """Return whether a result is kept, which then is among those asked for last."""
    if key not in _kept[kind]:
        return False
    _kept[kind].move_to_end(key)
    return True


def forget(kind: str) -> None:
    """Let go of all results of a kind."""
    _kept[kind].clear()


def note_what_is_new() -> list[bytes]:
    """Return a list to which each result is added from now on as it is worked out, for ``learn`` in another process."""
    global _new
    _new = []
    return _new


def learn(told: Iterable[bytes]) -> None:
    """Keep what another process of this machine and version has worked out."""
    for each in told:
        kind, key, made = pickle.loads(each)
        _keep(kind, key, made)


def _keep(kind: str, key: Hashable, made: Any) -> None:
    _kept[kind][key] = made
    _kept[kind].move_to_end(key)
    while len(_kept[kind]) > MOST[kind]:
        _kept[kind].popitem(last=False)
