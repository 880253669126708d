"""A chart worked out once for each shape of its tables, and from then on only given its figures.

Altair takes longer to write a specification than the analysis behind it takes. While somebody moves a budget, the
specification stays the same and only the tables in it change; so it is kept, by all that it is made from, and the tables
are put in anew. A chart may be remembered if nothing in its specification is worked out from the numbers: no domain, no
ticks; those are left to Vega.
"""

import copy
import math
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import altair as alt
import pandas as pd

__all__ = ["remembered"]

MOST = 256
"""Specifications kept; a page has a dozen, in two languages and a few widths."""

_known: dict[Any, tuple[dict[str, Any], tuple[str, ...]] | None] = {}


class _Remembered:
    """Stands where an Altair chart would: ``to_dict`` is all that an exhibit asks of it."""

    def __init__(
        self, make: Callable[..., alt.TopLevelMixin], by: tuple[str, ...], frames: tuple[pd.DataFrame, ...], labels: Any
    ) -> None:
        self._make, self._by, self._frames, self._labels = make, by, frames, labels

    def to_dict(self, *, validate: bool = True, **options: Any) -> dict[str, Any]:
        if validate or options:
            return self._fresh(validate=validate, **options)
        key = self._shape()
        if key not in _known:
            fresh = self._fresh(validate=False)
            if len(_known) >= MOST:
                _known.clear()
            _known[key] = _skeleton(fresh, self._frames)
            return fresh
        kept = _known[key]
        if kept is None:
            return self._fresh(validate=False)
        spec, names = kept
        tables = {name: _records(frame) for name, frame in zip(names, self._frames, strict=True)}
        return copy.deepcopy(spec) | {"datasets": tables}

    def _fresh(self, **options: Any) -> dict[str, Any]:
        return self._make(*self._frames, labels=self._labels).to_dict(**options)

    def _shape(self) -> Any:
        """Return all that the specification is made from: the function, its words, columns, rows and what they are by."""
        tables = tuple(
            (tuple(frame.columns), len(frame), tuple(tuple(frame[name]) for name in self._by if name in frame.columns))
            for frame in self._frames
        )
        return self._make.__qualname__, self._make.__module__, tuple(self._labels.items()), tables


def remembered(*by: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator for a chart function whose specification depends on the columns ``by`` and on no number."""

    def decorated(make: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(make)
        def chart(*frames: pd.DataFrame, labels: dict[str, str]) -> alt.TopLevelMixin:
            return cast(alt.TopLevelMixin, _Remembered(make, by, frames, labels))

        return chart

    return decorated


def _skeleton(spec: dict[str, Any], frames: tuple[pd.DataFrame, ...]) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """Return the specification without its tables and their names in the order of ``frames``; None if they are others."""
    datasets = spec.get("datasets", {})
    names = []
    for frame in frames:
        records = _records(frame)
        found = [name for name, values in datasets.items() if values == records and name not in names]
        if len(found) != 1:
            return None
        names.append(found[0])
    if len(names) != len(datasets):
        return None
    return copy.deepcopy({key: value for key, value in spec.items() if key != "datasets"}), tuple(names)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): [_plain(value) for value in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
