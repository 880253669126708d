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

__all__ = ["BASE", "Edit", "Revision", "as_edits", "canonical", "folded", "whole_plan"]

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


def whole_plan(data: dict[str, Any]) -> Plan:
    """Return ``data`` as a plan. Raises StoreError, naming the paths, when the model does not know its shape."""
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


def canonical(value: Any, *, sort_keys: bool = False) -> str:
    """Return JSON; not sorted where the order of names is the order of items."""
    return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":"), allow_nan=False)
