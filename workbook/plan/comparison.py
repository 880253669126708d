"""What differs between two states of a plan, or of one part of it? One line a field, in words, with its path.

Everything that shows a change reads it here: what is stale and why, what changed lately, how two scenarios differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbook.language import N_, _, number, percent
from workbook.plan.model import FieldShape, Item, Part, Plan, shapes
from workbook.plan.wording import called, in_words

__all__ = ["Change", "item_changes", "plan_changes"]


@dataclass(frozen=True)
class Change:
    """One field before and after, as a reader sees it; ``title`` says where it stands, ``path`` says it for a program."""

    title: str
    before: str
    after: str
    path: str = ""


@dataclass(frozen=True)
class _Place:
    """
    Where a walk is: the path, the words on the way to it, and the plans that names are looked up in.

    ``known`` is the plan whose names a reader knows, where that is neither: an item is often named after it was added.
    """

    path: str
    trail: tuple[str, ...]
    was: Plan
    now: Plan
    known: Plan | None = None

    def at(self, key: str, *words: str) -> "_Place":
        return replace(self, path=f"{self.path}/{key}", trail=(*self.trail, *words))

    def name(self, item: Item, *plans: Plan) -> str:
        """Return what ``item`` is called in the first of ``plans``, or in those known, in which it has a name."""
        names = [called(one, plan) for plan in (*plans, self.known) if plan and (one := plan.item(item.id))]
        return next((name for name in names if name != item.id), item.label)

    def change(self, before: str, after: str) -> Change:
        return Change(": ".join(self.trail), before or "–", after or "–", self.path)


def plan_changes(was: Plan, now: Plan, known: Plan | None = None) -> Iterator[Change]:
    """
    Yield the fields in which two plans differ, in the plan's order; confirmations do not count.

    What has no name in either is called as in ``known``, such as the plan of today.
    """
    yield from _changes(was, now, _Place("", (), was, now, known))


def item_changes(before: Item | None, after: Item | None, was: Plan, now: Plan) -> Iterator[Change]:
    """Yield the fields in which one item differs, its own name left out; a single change where it is new or gone."""
    known = after or before
    place = _Place(_path(known, now if after else was) if known else "", (), was, now)
    if before is not None and after is not None:
        yield from _changes(before, after, place)
    else:
        yield from _item_changes(before, after, place)


def _path(item: Item, plan: Plan) -> str:
    return plan.path(item.id) if item.id in plan.ids else ""


def _changes(before: Part, after: Part, place: _Place) -> Iterator[Change]:
    """Yield the fields in which two states of one part differ, down to the parts and items in it."""
    for shape in shapes(type(after)):
        old, new = getattr(before, shape.name), getattr(after, shape.name)
        if old == new:
            continue
        here = place.at(shape.name, _(shape.title))
        if shape.kind == "items":
            yield from _collection_changes(shape, old, new, place)
        elif isinstance(old, Part) and isinstance(new, Part):
            yield from _changes(old, new, here)
        elif isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys([*old, *new]):
                if old.get(key) != new.get(key):
                    name = place.now.name_of(key) if place.now.item(key) else place.was.name_of(key)
                    worded = percent if shape.kind == "shares" else number
                    yield here.at(key, name).change(worded(old.get(key)), worded(new.get(key)))
        else:
            yield here.change(in_words(shape, old, place.was), in_words(shape, new, place.now))


def _collection_changes(
    shape: FieldShape, old: tuple[Item, ...], new: tuple[Item, ...], place: _Place
) -> Iterator[Change]:
    before, after = {item.id: item for item in old}, {item.id: item for item in new}
    for id in dict.fromkeys([*before, *after]):
        if before.get(id) != after.get(id):
            words = () if id in before and id in after else (_(shape.title),)
            yield from _item_changes(before.get(id), after.get(id), place.at(shape.name, *words).at(id))
    if [id for id in before if id in after] != [id for id in after if id in before]:
        here = place.at(shape.name, _(shape.title)).at("~order", _(N_("order")))
        orders = (place.name(i, place.was) for i in old), (place.name(i, place.now) for i in new)
        yield here.change(*(", ".join(names) for names in orders))


def _item_changes(before: Item | None, after: Item | None, place: _Place) -> Iterator[Change]:
    """Yield what differs in an item that may be new or gone; the name of one that stays stands before its fields."""
    if before is None and after is not None:
        yield Change(": ".join((*place.trail, _(N_("added")))), "", place.name(after, place.now), place.path)
    elif before is not None and after is None:
        yield Change(": ".join((*place.trail, _(N_("taken out")))), place.name(before, place.was), "", place.path)
    elif before is not None and after is not None:
        name = place.name(before, place.was, place.now)
        yield from _changes(before, after, replace(place, trail=(*place.trail, name)))
