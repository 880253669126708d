"""Revisions: who set which path to which value, on top of what; the plan is the fold of its revisions.

Nothing is overwritten. ``store`` keeps the revisions; here is what they mean.
"""

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from workbook.errors import StoreError
from workbook.language import N_
from workbook.plan.faults import field_faults
from workbook.plan.model import Plan, tree
from workbook.plan.model.fields import shapes

__all__ = [
    "BASE",
    "Conflict",
    "Edit",
    "Revision",
    "after",
    "as_edits",
    "canonical",
    "conflicts",
    "differences",
    "folded",
    "inverse",
    "seen_in",
    "value_at",
    "whole_plan",
]

BASE = ""
"""The scenario that is no scenario: the plan itself."""


@dataclass(frozen=True)
class Edit:
    """One path set to one JSON value; None takes out what stands there."""

    path: str
    value: Any


@dataclass(frozen=True)
class Revision:
    """One line of the log. ``sequence`` counts within the plan, from 1; ``base`` is the last one its author had seen."""

    plan: str
    sequence: int
    scenario: str
    path: str
    value: Any
    base: int
    author: str
    operation: str
    time: datetime


def folded(history: Iterable[Revision], onto: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return ``onto`` (changed in place) after ``history``: each revision sets its path, in order; None takes it out."""
    data: dict[str, Any] = {} if onto is None else onto
    for revision in history:
        *parents, last = revision.path.strip("/").split("/")
        place = data
        for name in parents:
            if not isinstance(place.get(name), dict):
                place[name] = {}
            place = place[name]
        if revision.value is None:
            place.pop(last, None)
        else:
            place[last] = copy.deepcopy(revision.value)
    return data


def after(data: dict[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """Return ``data`` after ``edits``; what they do not touch is shared, not copied, and ``data`` stays as it was."""
    changed = dict(data)
    for edit in edits:
        *parents, last = edit.path.strip("/").split("/")
        place = changed
        for name in parents:
            held = place.get(name)
            place[name] = dict(held) if isinstance(held, dict) else {}
            place = place[name]
        if edit.value is None:
            place.pop(last, None)
        else:
            place[last] = copy.deepcopy(edit.value)
    return changed


def seen_in(scenario: str, history: Iterable[Revision]) -> list[Revision]:
    """
    Return the revisions that make the plan as ``scenario`` has it, in the order to fold them.

    A scenario inherits what it does not change: the plan's own revisions come first, all of them, then the scenario's.
    """
    history = list(history)
    own = [revision for revision in history if revision.scenario == BASE]
    return own if scenario == BASE else own + [revision for revision in history if revision.scenario == scenario]


@dataclass(frozen=True)
class Conflict:
    """Values entered for one path by people who did not see each other's; ``revisions`` in order, until one chooses."""

    path: str
    revisions: tuple[Revision, ...]


def conflicts(history: Iterable[Revision]) -> list[Conflict]:
    """
    Return the paths for which values wait to be chosen from.

    A revision *sees* those up to its base and those of its own operation. One that sees all values of a path settles
    it, and so does one that sets the same value. A path inside another that was set whole is the other's business.
    """
    open_values: dict[str, list[Revision]] = {}
    for revision in history:
        earlier = open_values.get(revision.path, [])
        unseen = [r for r in earlier if r.sequence > revision.base and r.value != revision.value]
        # Only the last value somebody could not see is theirs to choose from; what they saw, they replaced.
        open_values[revision.path] = [*unseen, revision]
    return [Conflict(path, tuple(values)) for path, values in open_values.items() if len(values) > 1]


def inverse(data: dict[str, Any], edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that bring back what stands in ``data`` where ``edits`` would change it, last one first."""
    return [Edit(edit.path, copy.deepcopy(value_at(data, edit.path))) for edit in reversed(list(edits))]


def value_at(data: Any, path: str) -> Any:
    """Return what stands at ``path`` in ``data``, None for nothing."""
    for name in path.strip("/").split("/"):
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Edit]:
    """Return the edits that make ``after`` of ``before``: one an item, or one a field of the sections that hold none."""
    edits = []
    for section in dict.fromkeys([*before, *after]):
        old, new = before.get(section), after.get(section)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            edits += [
                Edit(f"/{section}/{key}", copy.deepcopy(new.get(key)))
                for key in dict.fromkeys([*old, *new])
                if old.get(key) != new.get(key)
            ]
        else:
            edits.append(Edit(f"/{section}", copy.deepcopy(new)))
    return edits


def whole_plan(data: dict[str, Any]) -> Plan:
    """Return ``data`` as a plan. Raises StoreError, naming the paths, when the model does not know its shape."""
    # What begins with a tilde is the log's own, such as the names of scenarios.
    data = {name: value for name, value in data.items() if not name.startswith("~")}
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        fault = field_faults(error, Plan, data)[0]
        raise StoreError(
            N_("the stored plan cannot be read: {fault} Update the workbook, or restore a backup."), fault=str(fault)
        ) from error


def as_edits(plan: Plan) -> Iterator[Edit]:
    """Yield a plan as edits: one an item of a section, one a field of the other sections."""
    data = tree(plan)
    for shape in shapes(Plan):
        value = data.get(shape.name)
        if value is None:
            continue
        if shape.kind == "value":
            yield Edit(f"/{shape.name}", value)
        else:
            yield from (Edit(f"/{shape.name}/{key}", inner) for key, inner in value.items())
    for name in Plan.unlisted:
        yield from (Edit(f"/{name}/{key}", inner) for key, inner in data.get(name, {}).items())


def canonical(value: Any, *, sort_keys: bool = False) -> str:
    """Return JSON; not sorted where the order of names is the order of items."""
    return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":"), allow_nan=False)
