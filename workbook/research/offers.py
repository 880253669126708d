"""What was on offer in each choice, and which offer was chosen? The design of a choice study.

A task with none or two chosen, one alternative, one alternative twice, or an attribute without a value cannot be used
and is left out whole, by reason. Columns of numbers enter as they are, columns of words as dummies against a reference
level; a column that never differs within a task (a segment, say) cannot say why something was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number
from workbook.language import translated as _
from workbook.sieve import Sieve, blank, of_each

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NONE", "Attribute", "Choices", "choices_made", "column_named"]

KEYS = ("respondent", "task", "alternative", "chosen")

NONE = "none"
"""The constant of an alternative without attributes: "none of these"."""

LARGEST = 1e15
"""Past it a number is a slip, or the name of something."""

MOST_LEVELS = 30
"""Words in a column beyond which it is hardly an attribute: an id, a remark, a number with a stray mark."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Attribute:
    """
    One thing in which offers differ.

    ``levels`` of words, ``reference`` the one the others are held against; none for numbers, from ``low`` to ``high``.
    """

    name: str
    levels: tuple[str, ...] = ()
    reference: str = ""
    low: float = 0.0
    high: float = 0.0

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of its coefficients."""
        if not self.levels:
            return (self.name,)
        return tuple(f"{self.name}={level}" for level in self.levels if level != self.reference)

    def coded(self, value: Any = None) -> dict[str, float]:
        """Return the terms of an offer with ``value`` (None: the reference, or the lowest number). Raises AnalysisError."""
        if not self.levels:
            try:
                return {self.name: self.low if value is None else float(value)}
            except ValueError:
                raise AnalysisError(
                    N_("“{column}” of an offer is “{found}”, but must be a number."),
                    column=self.name,
                    found=str(value)[:40],
                ) from None
        level = self.reference if value is None else _level(self.name, self.levels, str(value))
        return {} if level == self.reference else {f"{self.name}={level}": 1.0}


@dataclass(frozen=True)
class Choices:
    """
    Choices as numbers.

    ``design`` (rows, k) of ``terms``, the rows of a task together from its ``starts``; the row ``chosen`` in each task
    and the ``respondent`` (0, 1, ...) who chose, both of shape (tasks,). ``still``: columns that never differ.
    """

    attributes: tuple[Attribute, ...]
    terms: tuple[str, ...]
    design: Floats
    starts: Ints
    chosen: Ints
    respondent: Ints
    still: tuple[str, ...]
    price: str | None
    excluded: dict[str, int]


def choices_made(answers: pd.DataFrame, *, price: str | None = None, reference: Sequence[str] = ()) -> Choices:
    """
    Return the choices in ``answers``; the parameters are those of `choice.choice`.

    Raises
    ------
    TableError
        If a column is missing, or the price is not a column of numbers.
    AnalysisError
        If no task, or no attribute, can be used, or a reference is unknown.
    """
    names = [str(name) for name in answers.columns if str(name) not in KEYS]
    references = _references(reference, names)
    price = None if price is None else column_named(price, names)
    if price is not None and price not in names:
        raise TableError(
            N_("There is no column “{price}” for the price. The nearest are: {near}."),
            price=price,
            near=nearest(price, names),
        )
    sieve = Sieve(answers, KEYS, names)
    names = [name for name in names if not blank(sieve.rows[name]).all()]
    nothing = _leave_out_tasks(sieve, names)
    # Levels in the order of the table, before the rows of a task are brought together.
    attributes = [_attribute(sieve.rows.loc[~nothing, name], references.get(name)) for name in names]
    order = np.argsort(sieve.rows["task_number"].to_numpy(), kind="stable")
    rows, nothing = sieve.rows.iloc[order].reset_index(drop=True), nothing.to_numpy()[order]
    task = rows["task_number"].to_numpy()
    starts = np.flatnonzero(np.r_[True, task[1:] != task[:-1]])
    coded = [_coded(rows[attribute.name], attribute, nothing) for attribute in attributes]
    moves = [_moves(values, starts, nothing) for values in coded]
    used = [attribute for attribute, moving in zip(attributes, moves, strict=True) if moving]
    still = tuple(attribute.name for attribute, moving in zip(attributes, moves, strict=True) if not moving)
    _require_attributes(used, price)
    columns = [values for values, moving in zip(coded, moves, strict=True) if moving]
    terms = [term for attribute in used for term in attribute.terms]
    if nothing.any():
        columns.append(nothing[:, None].astype(float))
        terms.append(NONE)
    return Choices(
        tuple(used),
        tuple(terms),
        np.hstack(columns),
        starts,
        np.flatnonzero(rows["chosen"]),
        rows["respondent"].iloc[starts].factorize()[0],
        still,
        price,
        sieve.excluded,
    )


def column_named(wanted: str, names: list[str]) -> str:
    """Return the one of ``names`` that is ``wanted`` but for capitals, or ``wanted`` itself."""
    if wanted in names:
        return wanted
    return next((name for name in names if name.casefold() == wanted.strip().casefold()), wanted)


def _leave_out_tasks(sieve: Sieve, names: list[str]) -> pd.Series:
    """Leave out tasks that cannot be used; return which rows left offer nothing ("none of these")."""
    sieve.named("respondent", "task", "alternative")
    sieve.group("respondent", "task")
    sieve.yes_or_no("chosen")
    sieve.leave_out_broken_tasks()
    sieve.rows = sieve.rows.assign(nothing_offered=_nothing(sieve.rows, names))
    for name in names:
        gap = blank(sieve.rows[name]) & ~sieve.rows["nothing_offered"]
        sieve.leave_out_tasks(gap, _(N_("task with {column} left empty"), column=name))
    sieve.require_one_in_task("chosen", _(N_("task with none chosen")), _(N_("task with two or more chosen")))
    twice = sieve.rows.duplicated(["task_number", "alternative"])
    sieve.leave_out_tasks(twice, _(N_("task with one alternative twice")))
    sizes = sieve.rows["task_number"].map(sieve.rows["task_number"].value_counts())
    sieve.leave_out(sizes < 2, _(N_("task with one alternative only")))
    sieve.require_rows()
    return sieve.rows["nothing_offered"]


def _nothing(rows: pd.DataFrame, names: list[str]) -> pd.Series:
    """Return which rows have all attributes empty, or 0 beside empty ones: the price of nothing."""
    empty = rows[names].apply(blank)
    zero = rows[names].apply(of_each, args=(lambda value: str(value).strip() in ("0", "0.0"),), missing=False)
    return (empty | zero).all(axis=1) & empty.any(axis=1)


def _attribute(values: pd.Series, reference: str | None) -> Attribute:
    """Return what a column is: numbers where every cell is one and no reference is named, else words."""
    import pandas as pd

    name, different = str(values.name), pd.Series(values.unique())
    numbers = pd.to_numeric(different, errors="coerce").astype(float)
    if reference is None and numbers.abs().lt(LARGEST).all():
        return Attribute(name, low=float(numbers.min()), high=float(numbers.max()))
    levels = tuple(str(level) for level in _words(different).unique())
    return Attribute(name, levels, levels[0] if reference is None else _level(name, levels, reference))


def _words(values: pd.Series) -> pd.Series:
    """Return values as they are written; numbers without a needless decimal."""
    from pandas.api.types import is_numeric_dtype

    return of_each(values, "{:g}".format if is_numeric_dtype(values) else lambda value: str(value).strip(), missing="")


def _coded(values: pd.Series, attribute: Attribute, nothing: npt.NDArray[np.bool_]) -> Floats:
    """Return the columns of the design, 0 where there is nothing on offer."""
    import pandas as pd

    if not attribute.levels:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
        return np.where(nothing, 0.0, numbers)[:, None]
    if len(attribute.levels) == 1:
        return np.zeros((len(values), 0))
    words = _words(values).to_numpy()
    others = [level for level in attribute.levels if level != attribute.reference]
    if len(others) >= MOST_LEVELS:
        # Told apart only to see whether they differ within a task at all.
        return np.where(nothing, -1.0, pd.factorize(words)[0])[:, None]
    return np.stack([(words == level) & ~nothing for level in others], axis=1).astype(float)


def _moves(values: Floats, starts: Ints, nothing: npt.NDArray[np.bool_]) -> bool:
    """Return whether something differs within a task, between alternatives that offer something."""
    task = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(values)))
    offered = np.flatnonzero(~nothing)
    first = np.zeros(len(starts), dtype=int)
    first[task[offered][::-1]] = offered[::-1]
    return bool((values[offered] != values[first[task[offered]]]).any())


def _require_attributes(used: list[Attribute], price: str | None) -> None:
    if price is not None and price not in [attribute.name for attribute in used]:
        raise AnalysisError(N_("“{price}” never differs within a task, so it has no effect to find."), price=price)
    if not used:
        raise AnalysisError(
            N_("No column differs between the alternatives of a task. Bring in the attributes of the offers.")
        )
    for attribute in used:
        if attribute.name == price and attribute.levels:
            raise TableError(
                N_("The price must be a number in every row, but “{column}” holds words: {found}."),
                column=price,
                found=listed([f"“{level[:40]}”" for level in attribute.levels if not _finite(level)][:SHOWN_AT_ONCE]),
            )
        if len(attribute.levels) > MOST_LEVELS:
            raise TableError(
                N_(
                    "“{column}” has {count} different words ({found} ...), too many for an attribute. Leave the column out, "
                    "or correct it if it should hold numbers."
                ),
                column=attribute.name,
                count=number(len(attribute.levels)),
                found=listed([f"“{level[:40]}”" for level in attribute.levels[:SHOWN_AT_ONCE]]),
            )


def _references(pairs: Sequence[str], names: list[str]) -> dict[str, str]:
    """Return the level by column of ``column=level`` pairs."""
    found = {}
    for pair in pairs:
        column, sign, level = pair.partition("=")
        column = column_named(column.strip(), names)
        if not sign or column not in names:
            raise AnalysisError(
                N_("--reference is “{found}”, but must be column=level, with one of these columns: {near}."),
                found=pair[:60],
                near=nearest(column, names),
            )
        found[column] = level.strip()
    return found


def _level(column: str, levels: tuple[str, ...], wanted: str) -> str:
    """Return the level as the table writes it. Raises AnalysisError, with the nearest, when there is none."""
    for one in levels:
        if one == wanted.strip() or (_finite(one) and _finite(wanted) and float(one) == float(wanted)):
            return one
    raise AnalysisError(
        N_("“{column}” has no level “{found}”. The nearest are: {near}."),
        column=column,
        found=wanted[:40],
        near=nearest(wanted, list(levels)),
    )


def _finite(text: str) -> bool:
    try:
        return abs(float(text)) < LARGEST
    except ValueError:
        return False
