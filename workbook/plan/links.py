"""What stands on what? The plan's links, read from its references; nobody writes them by hand.

A *node* is an item of a section (by its id) or a whole section that is no collection (by its name, such as
``positioning``). A link leads from a node to an item it names: the node stands on that item. References inside a node's
own parts count as the node's. A finding worked out from the plan itself stands on what it was worked out from, and what
it fills stands on it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from workbook.plan.checks import references
from workbook.plan.model import Part, Plan, shapes

__all__ = ["Link", "Links", "links_of", "node_of"]


READ_ONLY = {"/handover/counted_by"}
"""Fields that name where figures are read from month by month: nothing was decided on what they said on a day."""


@dataclass(frozen=True)
class Link:
    """``downstream`` (a node) stands on ``upstream`` (an item's id), as the field at ``path`` says; ``depth`` 1 is direct."""

    downstream: str
    upstream: str
    path: str
    depth: int = 1


class Links:
    """The links of one plan; those that only say where to read (``READ_ONLY``) carry no change any further."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        named = (Link(node_of(path), named, path) for path, _class, named in references(plan))
        self.all: tuple[Link, ...] = tuple(dict.fromkeys((*named, *_worked_out(plan))))
        """Every direct link, upstream sections first."""

    def stands_on(self, node: str, *, depth: int | None = None) -> list[Link]:
        """Return what ``node`` stands on, the nearest first, down to ``depth`` (all the way when None)."""
        return self._reached(node, self._from, depth, upstream=True)

    def what_stands_on(self, item: str, *, depth: int | None = None) -> list[Link]:
        """Return what stands on ``item``, the nearest first, down to ``depth`` (all the way when None)."""
        return self._reached(item, self._to, depth, upstream=False)

    def cycles(self) -> list[tuple[str, ...]]:
        """Return the circles in which items stand on each other, each once, beginning with its smallest id."""
        found: dict[frozenset[str], tuple[str, ...]] = {}
        state: dict[str, int] = {}
        for start in list(self._from):
            trail: list[str] = []
            stack = [(start, iter(self._from.get(start, ())))]
            if state.get(start):
                continue
            state[start] = 1
            trail.append(start)
            while stack:
                node, links = stack[-1]
                link = next(links, None)
                if link is None:
                    state[node] = 2
                    trail.pop()
                    stack.pop()
                elif state.get(link.upstream) == 1 and link.upstream in trail:
                    circle = trail[trail.index(link.upstream) :]
                    turn = circle.index(min(circle))
                    found.setdefault(frozenset(circle), (*circle[turn:], *circle[:turn]))
                elif not state.get(link.upstream):
                    state[link.upstream] = 1
                    trail.append(link.upstream)
                    stack.append((link.upstream, iter(self._from.get(link.upstream, ()))))
        return list(found.values())

    def orphans(self) -> list[str]:
        """Return the ids of items that could stand on others but name none, in the plan's order."""
        linked = set(self._from)
        return [
            item.id
            for shape in shapes(Plan)
            if shape.kind == "items" and shape.holds is not None and _can_refer(shape.holds)
            for item in getattr(self.plan, shape.name)
            if item.id not in linked
        ]

    def unused(self, section: str) -> list[str]:
        """Return the ids of the items of ``section`` that nothing stands on."""
        return [item.id for item in getattr(self.plan, section) if item.id not in self._to]

    def coverage(self, upstream: str, downstream: str) -> float | None:
        """Return the share of items of section ``upstream`` on which something in ``downstream`` stands; None for no items."""
        items = [item.id for item in getattr(self.plan, upstream)]
        if not items:
            return None
        covered = {link.upstream for link in self.all if link.path.startswith(f"/{downstream}")}
        return sum(id in covered for id in items) / len(items)

    @cached_property
    def _carrying(self) -> list[Link]:
        return [link for link in self.all if link.path not in READ_ONLY]

    @cached_property
    def _from(self) -> dict[str, list[Link]]:
        return _grouped(self._carrying, lambda link: link.downstream)

    @cached_property
    def _to(self) -> dict[str, list[Link]]:
        return _grouped(self._carrying, lambda link: link.upstream)

    def _reached(self, start: str, near: dict[str, list[Link]], depth: int | None, *, upstream: bool) -> list[Link]:
        seen, found, waiting = {start}, [], deque([(start, 1)])
        while waiting:
            node, level = waiting.popleft()
            if depth is not None and level > depth:
                break
            for link in near.get(node, ()):
                other = link.upstream if upstream else link.downstream
                if other not in seen:
                    seen.add(other)
                    found.append(Link(link.downstream, link.upstream, link.path, level))
                    waiting.append((other, level + 1))
        return found


def node_of(path: str) -> str:
    """Return the node that the field or item at ``path`` belongs to."""
    section, *rest = path.strip("/").split("/")
    return rest[0] if rest and section in _collections() else section


def _worked_out(plan: Plan) -> Iterator[Link]:
    """Yield the links of figures worked out from the plan itself: each on its basis, and what it fills on it."""
    for finding in plan.findings:
        for path in finding.basis:
            yield Link(finding.id, node_of(path), f"/findings/{finding.id}/basis")
        first = {node_of(path): path for path in reversed(finding.fills)} if finding.basis else {}
        for node, path in first.items():
            yield Link(node, finding.id, path)


@cache
def _collections() -> frozenset[str]:
    return frozenset(shape.name for shape in shapes(Plan) if shape.kind == "items")


def _can_refer(model: type[Part]) -> bool:
    return any(shape.kind in ("reference", "references", "scores", "shares") for shape in shapes(model))


def _grouped(links: Iterable[Link], key: Callable[[Link], str]) -> dict[str, list[Link]]:
    groups: dict[str, list[Link]] = {}
    for link in links:
        groups.setdefault(key(link), []).append(link)
    return groups


def links_of(plan: Plan) -> Links:
    """Return the links of ``plan``, read once while the same plan is asked about: forms, exhibits and head all ask."""
    if not _last or _last[0].plan is not plan:
        _last[:] = [Links(plan)]
    return _last[0]


_last: list[Links] = []
"""Of the plan asked about last: at most one."""
