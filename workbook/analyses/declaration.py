"""How an analysis declares itself: its table, its options, its result, its source.

The upload check, the command and its help, the error messages and the methods page are all made from a declaration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbook.answer import Answer
from workbook.errors import AnalysisError, ParameterError, nearest, require_choice
from workbook.language import N_, exact, listed
from workbook.tables import CheckedTable, Reading, TableColumn, read_table
from workbook.tables.figures import figure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Analysis", "Key", "Option"]


@dataclass(frozen=True)
class Option:
    """
    A choice that an analysis leaves to whoever asks: ``scale-max``, as typed after two dashes.

    ``kind`` "flag" takes no value; "plan" the id of a plan, and the function gets the plan itself; "choice" one of
    ``choices``. ``many`` may be given several times and reaches the function as a tuple. A missing option is None,
    unless it has a ``default``; ``required`` ones have none.
    """

    name: str
    meaning: str
    kind: Literal["text", "number", "integer", "choice", "flag", "date", "plan"] = "text"
    default: Any = None
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    many: bool = False
    required: bool = False

    @property
    def keyword(self) -> str:
        """The name of the function's argument."""
        return self.name.replace("-", "_")

    def number(self, text: str, decimal: str = "") -> float:
        """
        Return the number that ``text`` writes, as a cell of a table would be read; ``decimal`` is "point" or "comma".

        Raises ParameterError for what is no number, is not whole where it must be, or can be read in two ways.
        """
        read = figure(text.strip())
        if read is None:
            raise ParameterError(
                N_("--{option} is “{found}”, but must be a number. Write it in digits, as 12000 or 12,000.50."),
                option=self.name,
                found=text[:40],
            )
        if read.doubtful and not decimal:
            raise ParameterError(
                N_(
                    "--{option} “{found}” can be read in two ways. Say which: --decimal comma → {comma}; --decimal point → "
                    "{point}."
                ),
                option=self.name,
                found=text[:40],
                comma=exact(read.comma),
                point=exact(read.point),
            )
        value = read.value(decimal)
        if self.kind == "integer" and not value.is_integer():
            raise ParameterError(
                N_("--{option} is {found}, but must be a whole number. Leave out what follows the decimal mark."),
                option=self.name,
                found=exact(value),
            )
        return value


@dataclass(frozen=True)
class Key:
    """A figure of the result: its ``name`` in JSON, its ``meaning`` in words with the unit."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Analysis:
    """
    One method, as users know it.

    Parameters
    ----------
    name
        As typed: ``van-westendorp``.
    title
        In words, for lists and headings.
    where
        Dotted path of its function, ``package.module:function``. It takes the checked table (a DataFrame; nothing where
        ``columns`` is empty and ``others`` is not set) and the options as keywords, and returns an ``Answer``.
    columns
        What its table must and may have.
    others
        What columns beside those mean, where the method takes any; empty where it takes none.
    options
        The choices it leaves open.
    figures, rows
        Keys of the single figures, and of each row, of the result.
    source
        Where the method is published.
    reduce
        Dotted path of a function that makes a large table small before it is read into memory, where the method can do
        with less than every row. It takes a DuckDB relation of the checked rows, with the columns declared here, and the
        options as keywords, and returns the DataFrame that the method then takes.
    every_row
        Whether a row that cannot be used refuses the table: a split without one of its channels is another split.
    """

    name: str
    title: str
    where: str
    columns: tuple[TableColumn, ...] = ()
    others: str = ""
    options: tuple[Option, ...] = ()
    figures: tuple[Key, ...] = ()
    rows: tuple[Key, ...] = ()
    source: str = ""
    reduce: str = ""
    every_row: bool = False

    @property
    def function(self) -> Callable[..., Answer]:
        """The function itself, loaded now."""
        return _loaded(self.where)

    @property
    def takes_table(self) -> bool:
        """Whether there is a table to read at all."""
        return bool(self.columns or self.others)

    def read(self, path: Path, reading: Reading | None = None, **options: Any) -> CheckedTable:
        """
        Return the table at ``path``, checked; a large one reduced by ``options`` where the method allows it.

        Raises TableError when it does not hold what the method needs, TableQuestion where ``reading`` leaves open what
        it says.
        """
        reduced = partial(_loaded(self.reduce), **self.checked(options)) if self.reduce else None
        return read_table(
            path, self.columns, others=bool(self.others), every_row=self.every_row, reading=reading, reduced=reduced
        )

    def answer(self, table: "CheckedTable | pd.DataFrame | None" = None, **options: Any) -> Answer:
        """
        Return what the method says of ``table``, by ``options`` (keywords with underscores).

        Raises
        ------
        ParameterError
            If an option is unknown, missing or out of its range.
        TableError, AnalysisError
            If the table does not hold what the method needs, or the method has no answer.
        """
        given = self.checked(options)
        if not self.takes_table:
            return self.function(**given)
        if not isinstance(table, CheckedTable):
            return self.function(table, **given)
        try:
            answer = self.function(table.rows, **given)
        except AnalysisError as problem:
            if not table.excluded:
                raise
            # What is missing may be what was left out.
            raise AnalysisError(
                N_("{problem} Left out before that: {reasons}."),
                problem=str(problem),
                reasons=listed([f"{reason} ({count})" for reason, count in table.excluded.items()]),
            ) from problem
        excluded = dict(table.excluded)
        for reason, count in answer.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + count
        return replace(answer, excluded=excluded, conventions=(*answer.conventions, *table.notes))

    def checked(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``options`` with defaults, those left at None out. Raises ParameterError."""
        known = {option.keyword: option for option in self.options}
        for name in options:
            if name not in known:
                raise ParameterError(
                    N_("{analysis} has no option “{found}”. The nearest are: {near}."),
                    analysis=self.name,
                    found=name,
                    near=nearest(name, list(known)),
                )
        given = {}
        for name, option in known.items():
            value = options.get(name)
            value = option.default if value is None or value == () else value
            if value is None:
                if option.required:
                    raise ParameterError(
                        N_(
                            "{analysis} needs the option --{option}; `workbook analyse {analysis} --help` says what for."
                        ),
                        analysis=self.name,
                        option=option.name,
                    )
                continue
            self._require_range(option, value)
            given[name] = value
        return given

    def _require_range(self, option: Option, value: Any) -> None:
        if option.choices:
            require_choice(option.name, value, option.choices)
        if option.kind not in ("number", "integer"):
            return
        low = float("-inf") if option.low is None else option.low
        high = float("inf") if option.high is None else option.high
        for one in value if option.many else (value,):
            if not low <= float(one) <= high:
                raise ParameterError(
                    N_("--{option} is {found}, but must be {low} or more.")
                    if option.high is None
                    else N_("--{option} is {found}, but must be {high} or less.")
                    if option.low is None
                    else N_("--{option} is {found}, but must lie between {low} and {high}."),
                    option=option.name,
                    found=exact(float(one)),
                    low=exact(low),
                    high=exact(high),
                )


def _loaded(where: str) -> Callable[..., Any]:
    """Return the function at the dotted path ``package.module:function``."""
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)
