"""What an analysis answers: figures, rows of figures, how many stand behind them, and by which conventions.

Every analysis returns this one shape, so that the command, the notebooks, the reports and the plan read any of them in
the same way. An interval is two columns, ``low`` and ``high`` (or ``NAME_low`` and ``NAME_high``), and one pair in JSON.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbook.errors import SHOWN_AT_ONCE
from workbook.language import N_, listed, number, plural
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEW", "Answer", "few_answers", "few_respondents"]

FEW = 30
"""Answers below which a figure comes with a warning."""


@dataclass(frozen=True)
class Answer:
    """
    The result of an analysis.

    Parameters
    ----------
    figures
        Single figures by key; an interval is a pair.
    rows
        One row per thing (need, feature, brand, channel ...), or None where there is only one.
    n
        Rows, respondents or customers behind it; None where there is no table.
    excluded
        Rows left out, by reason in words.
    conventions
        The choices made, as sentences.
    warnings
        What to mind when reading it, as sentences.
    """

    figures: Mapping[str, Any] = field(default_factory=dict)
    rows: pd.DataFrame | None = None
    n: int | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    conventions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the answer as JSON data: full precision, None in place of NaN, ``low`` and ``high`` as ``interval``."""
        said: dict[str, Any] = {name: _plain(value) for name, value in self.figures.items()}
        if self.rows is not None:
            said["rows"] = _records(self.rows)
        if self.n is not None:
            said["n"] = int(self.n)
            said["excluded"] = {reason: int(count) for reason, count in self.excluded.items()}
        said["conventions"] = list(self.conventions)
        if self.warnings:
            said["warnings"] = list(self.warnings)
        return said


def few_respondents(n: int) -> tuple[str, ...]:
    """Return the warning that ``n`` respondents deserve, if any."""
    if n >= FEW:
        return ()
    return (
        plural(
            "One respondent only: read the figures as a hint.",
            "{count} respondents only, fewer than {few}: read the figures as a hint.",
            n,
            few=FEW,
        ),
    )


def few_answers(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the warning for those of ``counts`` (answers by thing) with too few, if any."""
    few = [str(thing) for thing, count in counts.items() if count < FEW]
    if not few:
        return ()
    return (
        _(
            N_("Fewer than {few} answers, so read with care ({count} in all): {things}."),
            few=number(FEW),
            count=number(len(few)),
            things=listed(few[:SHOWN_AT_ONCE]),
        ),
    )


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as JSON data; each pair of low and high is one interval, None where an end is open."""
    columns = {str(name): _column(rows[name]) for name in rows.columns}
    told: dict[str, list[Any]] = {}
    for name, values in columns.items():
        stem = name.removesuffix("low")
        if name.endswith("low") and f"{stem}high" in columns and (not stem or stem.endswith("_")):
            pairs = zip(values, columns[f"{stem}high"], strict=True)
            told[f"{stem}interval"] = [None if None in pair else list(pair) for pair in pairs]
        elif not (name.endswith("high") and f"{name.removesuffix('high')}low" in columns):
            told[name] = values
    return [dict(zip(told, row, strict=True)) for row in zip(*told.values(), strict=True)]


def _column(values: pd.Series) -> list[Any]:
    """Return a column as JSON values; there may be a million rows, and most columns are plain numbers."""
    plain = values.tolist()
    if values.dtype.name.startswith("float"):
        return [value if math.isfinite(value) else None for value in plain]
    return plain if values.dtype.name.startswith("int") else [_plain(value) for value in plain]


def _plain(value: Any) -> Any:
    """Return a JSON value: numpy's numbers as Python's, what is missing or not finite as None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float):
        return value
    # pandas' own marks of a missing value equal nothing, themselves included.
    return None if str(value) in ("NaT", "<NA>") else str(value)
