"""Reading a table of answers and checking it against what an analysis needs, column by column.

A missing column refuses the table; a cell that can be read in two ways is a question that names it; single answers that
cannot be used are left out and counted, by reason, with the first of them named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbook.errors import TableError
from workbook.language import N_, translated
from workbook.tables import cells as reads
from workbook.tables.cells import Cells, Kind, ReadCells, TableColumn
from workbook.tables.delimited import delimited
from workbook.tables.grid import Grid
from workbook.tables.large import LARGE, large_table
from workbook.tables.matching import located, named_beside, renamed_notes
from workbook.tables.reading import Reading
from workbook.tables.spreadsheets import OLD, spreadsheet

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["ENDINGS", "CheckedTable", "first_bytes", "read_table"]

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
"""How the names of files end that tables come in; what they are is seen from their first bytes."""

SAMPLE = 200
"""Rows looked at to see what a column could be."""


@dataclass(frozen=True)
class CheckedTable:
    """
    Usable rows (one row an answer), and how many were left out for which reason.

    ``notes`` say how its cells were read, where they could have been read otherwise: decimal marks, dates, currency,
    letters, columns with another name.
    """

    rows: "pd.DataFrame"
    excluded: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_table(
    path: Path,
    columns: tuple[TableColumn, ...],
    *,
    others: bool = False,
    every_row: bool = False,
    reading: Reading | None = None,
    reduced: "Callable[[Any], pd.DataFrame] | None" = None,
) -> CheckedTable:
    """
    Return the rows of the table at ``path`` that hold what ``columns`` ask for.

    Numbers, yes and no come as floats (NaN where an optional one is left empty), days as dates without a time.
    With ``others``, columns beside those are kept too: numbers where every filled cell is one, else text. ``reading`` holds
    answers to what the table leaves open. With ``every_row`` a row that cannot be used refuses the table. A large table goes
    through ``reduced``, which takes a DuckDB relation of its usable rows.

    Raises
    ------
    TableError
        If the file cannot be read, lacks a required column, or has no usable row.
    TableQuestion
        If something in it can be read in more than one way.
    """
    reading = reading or Reading()
    try:
        kind = first_bytes(path)
        if kind == "parquet" or (kind == "text" and path.stat().st_size > LARGE):
            large = large_table(path, columns, reading, others=others, reduced=reduced)
            if every_row and large.excluded:
                raise _incomplete(path.name, "; ".join(large.excluded))
            return CheckedTable(large.rows, large.excluded, large.notes)
        found = (
            spreadsheet(path, reading, columns)
            if kind == "spreadsheet"
            else delimited(path, reading, [column.name for column in columns])
        )
    except OSError as problem:
        raise TableError(
            N_("{file} cannot be read: {reason}. Check its name and place, or bring it in again."),
            file=path.name,
            reason=problem.strerror or "",
        ) from None
    return _Checking(found, columns, reading).checked(others=others, every_row=every_row)


def _incomplete(where: str, reason: str) -> TableError:
    return TableError(
        N_("{where}: {reason}. Every row of this table counts; correct it, or take the row out."),
        where=where,
        reason=reason,
    )


def first_bytes(path: Path) -> Literal["parquet", "spreadsheet", "text"]:
    """Return what a file is by how it begins: what it is called does not count."""
    with path.open("rb") as stream:
        start = stream.read(len(OLD))
    if start.startswith(b"PAR1"):
        return "parquet"
    return "spreadsheet" if start.startswith(b"PK") or start == OLD else "text"


class _Checking:
    """A grid on its way to a table: where each column is, what its different cells are, which numbers they write."""

    def __init__(self, found: Grid, columns: tuple[TableColumn, ...], reading: Reading) -> None:
        self.grid, self.columns, self.reading = found, columns, reading
        self.places = located(found.file, found.header, columns, reading, self._looks_like)
        self._different: dict[int, tuple[Any, Cells]] = {}
        self.notes = [*found.notes, *renamed_notes(found.header, self.places)]

    def _looks_like(self, place: int) -> frozenset[Kind]:
        return reads.kinds_of(list(dict.fromkeys(self.grid.columns[place][:SAMPLE])))

    def checked(self, *, others: bool, every_row: bool) -> CheckedTable:
        import numpy as np
        import pandas as pd

        if every_row:
            self._require_one_currency()

        beside = self._beside() if others else {}
        kept = np.ones(len(self.grid.lines), dtype=bool)
        rows: dict[str, Any] = {}
        excluded: dict[str, int] = {}
        for column in (c for c in self.columns if c.name in self.places):
            codes, cells = self._cells(self.places[column.name], column.name)
            read = self._read(column, cells)
            self.notes += read.notes
            rows[column.name] = _series(column.kind, read.values, codes)
            for reason, mask in _faulty(column, cells, read, codes, kept):
                if every_row:
                    raise _incomplete(f"{self.grid.file}, {_row_words(self.grid.lines[int(mask.argmax())])}", reason)
                excluded[reason] = excluded.get(reason, 0) + int(mask.sum())
                kept &= ~mask
        rows |= beside
        table = pd.DataFrame(rows)[kept].reset_index(drop=True)
        if table.empty:
            raise reads.nothing_left(self.grid.file, excluded)
        if every_row:
            table.index = pd.Index(self.grid.lines, name=reads.ROW)
        return CheckedTable(table, excluded, tuple(dict.fromkeys(self.notes)))

    def _require_one_currency(self) -> None:
        """Raise TableError where amounts of different columns are in different currencies."""
        seen: dict[str, str] = {}
        for column in (c for c in self.columns if c.kind == "money" and c.name in self.places):
            _codes, cells = self._cells(self.places[column.name], column.name)
            for one in reads.figures(cells.different):
                if one and one.currency:
                    seen.setdefault(one.currency, column.name)
        if len(seen) > 1:
            (first, here), (second, there) = list(seen.items())[:2]
            raise TableError(
                N_(
                    "{file}: amounts in {column} are in {first}, in {other} in {second}. One budget has one currency; "
                    "convert the amounts."
                ),
                file=self.grid.file,
                column=here,
                first=first,
                other=there,
                second=second,
            )

    def _cells(self, place: int, name: str) -> "tuple[np.ndarray, Cells]":
        import numpy as np
        import pandas as pd

        if place not in self._different:
            held = np.empty(len(self.grid.lines), dtype=object)
            held[:] = self.grid.columns[place]
            codes, different = pd.factorize(held, use_na_sentinel=False)
            first = np.full(len(different), len(held))
            np.minimum.at(first, codes, np.arange(len(held)))
            rows = {cell: self.grid.lines[at] for cell, at in zip(different, first, strict=True)}
            self._different[place] = codes, Cells(self.grid.file, name, list(different), rows.__getitem__)
        return self._different[place]

    def _read(self, column: TableColumn, cells: Cells) -> ReadCells:
        match column.kind:
            case "text":
                return reads.texts(cells, names=column.names)
            case "date":
                return reads.days(cells, self.reading)
            case "flag":
                return reads.flags(cells)
        return reads.numbers(
            cells,
            reads.figures(cells.different),
            self.reading,
            whole=column.kind == "integer",
            low=column.low,
            high=column.high,
            money=column.kind == "money",
            endless=column.endless,
            elsewhere=lambda: self._marks,
        )

    @cached_property
    def _marks(self) -> frozenset[str]:
        """Decimal marks that the table's numbers show."""
        marks: frozenset[str] = frozenset()
        for place, name in enumerate(self.grid.header):
            _codes, cells = self._cells(place, name)
            read = reads.figures(cells.different)
            if all(one or reads.is_missing(cell) for one, cell in zip(read, cells.different, strict=True)):
                marks |= reads.decimal_marks(read)
        return marks

    def _beside(self) -> "dict[str, Any]":
        """Return the columns that no analysis names: numbers where every filled cell is one, else text."""
        rows: dict[str, Any] = {}
        for called, place in named_beside(self.grid.file, self.grid.header, self.places, self.reading).items():
            codes, cells = self._cells(place, called)
            read = reads.figures(cells.different)
            filled = [one for one, cell in zip(read, cells.different, strict=True) if not reads.is_missing(cell)]
            if filled and all(filled):
                number = reads.numbers(cells, read, self.reading, elsewhere=lambda: self._marks)
                self.notes += number.notes
                rows[called] = _series("number", number.values, codes)
            else:
                rows[called] = _series("text", reads.texts(cells).values, codes)
        return rows


def _row_words(row: int) -> str:
    return translated(N_("row {row}"), row=row)


def _series(kind: str, values: Sequence[object], codes: "np.ndarray") -> "pd.Series":
    import numpy as np
    import pandas as pd

    if kind == "text":
        return pd.Series(np.array([*values, ""], dtype=object)[codes], dtype="str")
    if kind == "date":
        return pd.Series(np.array(values, dtype="datetime64[us]")[codes])
    return pd.Series(np.array([np.nan if value is None else value for value in values], dtype=float)[codes])


def _faulty(
    column: TableColumn, cells: Cells, read: ReadCells, codes: "np.ndarray", kept: "np.ndarray"
) -> "list[tuple[str, np.ndarray]]":
    """Return the rows to leave out for this column, by reason, each row under its first."""
    import numpy as np

    found = []
    for fault in dict.fromkeys(fault for fault in read.faults if fault):
        if fault == "empty" and not column.required:
            continue
        mask = np.array([one == fault for one in read.faults], dtype=bool)[codes] & kept
        if mask.any():
            found.append((reads.reason(column, cells, fault, cells.different[codes[int(mask.argmax())]]), mask))
    return found
