"""Altair without what a batch has no use for, since every chart's function is tested: a third of a report's computing.

Altair checks each part of a chart against the schema as it is made, copies every property that is not there whenever a
chart is changed, and looks through all of the schema again for each channel given as a word. Specifications come out the
same with and without this; a test compares them for every page.
"""

from functools import cache
from typing import Any

from altair.utils import schemapi

__all__ = ["draft_quickly"]

_copied = schemapi._deep_copy
_AS_THEY_ARE = (str, int, float, type(None), type(schemapi.Undefined))


def draft_quickly() -> None:
    """Have charts made quickly in this process from now on."""
    schemapi.disable_debug_mode()
    schemapi._deep_copy = _copy  # type: ignore[assignment]
    schemapi._FromDict = _FromDict  # type: ignore[misc]


def _copy(thing: Any, by_ref: set[str]) -> Any:
    """Copy as Altair does, but for what cannot change, most of which is a property that is not there."""
    if isinstance(thing, _AS_THEY_ARE):
        return thing
    if not isinstance(thing, schemapi.SchemaBase) or hasattr(type(thing), "__deepcopy__"):
        return _copied(thing, by_ref)
    made = object.__new__(type(thing))
    copied = {
        name: value if isinstance(value, _AS_THEY_ARE) or name in by_ref else _copy(value, by_ref)
        for name, value in thing._kwds.items()
    }
    rest = {name: value for name, value in vars(thing).items() if name not in ("_args", "_kwds")}
    vars(made).update(rest, _args=tuple(_copy(value, by_ref) for value in thing._args), _kwds=copied)
    return made


class _FromDict(schemapi._FromDict):
    """Finds the class for a schema; looks through all classes once."""

    def __init__(self, wrapper_classes: Any, /) -> None:
        self.class_dict = _by_schema(tuple(wrapper_classes))


@cache
def _by_schema(classes: tuple[type, ...]) -> Any:
    return _Every(classes).class_dict


_Every = schemapi._FromDict
