"""Altair without what a batch has no use for, since every chart's function is tested: half of a report's computing.

Altair checks each part of a chart against the schema as it is made, copies every property that is not there whenever a
chart is changed, looks through all of the schema again for each channel given as a word, and copies each table five
times to write it as JSON. Specifications come out the same with and without this; a test compares them for every page.
"""

import math
from functools import cache
from typing import Any

import pandas as pd
from altair.utils import schemapi
from altair.vegalite import data as tables

__all__ = ["draft_quickly"]

_copied, _to_values = schemapi._deep_copy, tables.to_values
_ABSENT = schemapi.Undefined
_AS_THEY_ARE = frozenset((str, int, float, bool, type(None), type(_ABSENT)))


def draft_quickly() -> None:
    """Have charts made quickly in this process from now on."""
    schemapi.disable_debug_mode()
    schemapi._deep_copy = _copy  # type: ignore[assignment]
    schemapi._FromDict = _FromDict  # type: ignore[misc]
    tables.to_values = _values


def _copy(thing: Any, by_ref: set[str]) -> Any:
    """Copy as Altair does, but for what cannot change, most of which is a property that is not there."""
    if type(thing) in _AS_THEY_ARE:
        return thing
    if not isinstance(thing, schemapi.SchemaBase) or hasattr(type(thing), "__deepcopy__"):
        return _copied(thing, by_ref)
    made = object.__new__(type(thing))
    copied = dict(thing._kwds)
    for name, value in thing._kwds.items():
        if value is not _ABSENT and name not in by_ref:
            copied[name] = _copy(value, by_ref)
    rest = {name: value for name, value in vars(thing).items() if name not in ("_args", "_kwds")}
    vars(made).update(rest, _args=tuple(_copy(value, by_ref) for value in thing._args), _kwds=copied)
    return made


def _values(data: Any) -> Any:
    """Write a table as Altair does: at once where it holds words, numbers and truths, by Altair where it holds more."""
    given, data = data, data.to_native() if hasattr(data, "to_native") else data
    if type(data) is not pd.DataFrame or not data.columns.is_unique or data.index.nlevels > 1 or not len(data.columns):
        return _to_values(given)
    columns = {name: _plain(data[name]) for name in data.columns if isinstance(name, str)}
    if len(columns) < len(data.columns) or any(column is None for column in columns.values()):
        return _to_values(given)
    return {"values": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]}


def _plain(column: pd.Series) -> list[Any] | None:
    """Return a column as JSON values, None for one of a kind that is left to Altair."""
    held = column.tolist()
    match str(column.dtype):
        case "bool" | "int64" | "int32":
            return held
        case "float64":
            return [value if math.isfinite(value) else None for value in held]
        case "str" | "string":
            return [value if isinstance(value, str) else None for value in held]
        case "object" if all(type(value) is str for value in held):
            return held
    return None


class _FromDict(schemapi._FromDict):
    """Finds the class for a schema; looks through all classes once."""

    def __init__(self, wrapper_classes: Any, /) -> None:
        self.class_dict = _by_schema(tuple(wrapper_classes))


@cache
def _by_schema(classes: tuple[type, ...]) -> Any:
    return _Every(classes).class_dict


_Every = schemapi._FromDict
