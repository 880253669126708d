"""Tables too large to be read cell by cell, and Parquet: DuckDB reads, checks and reduces them before pandas sees a row.

Only the columns asked for are kept, typed, in a database on disk that is gone afterwards. Cells that are plain (digits with
a decimal point, ISO dates) are converted there; of all others each different one comes here once, is read by the same rules
as in a small table, and is joined back. So a large table gives the same rows, reasons and questions as a small one.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.errors import TableError
from workbook.language import N_, number
from workbook.tables import cells as reads
from workbook.tables.cells import Cells, Kind, ReadCells, TableColumn
from workbook.tables.delimited import Dialect, dialect, header_of
from workbook.tables.grid import uneven
from workbook.tables.matching import located, named_beside, renamed_notes
from workbook.tables.reading import Reading

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

__all__ = ["LARGE", "LargeTable", "large_table", "parquet_head"]

LARGE = 4_000_000
"""Bytes of a text table from which on it is read here."""

MOST_ROWS = 20_000_000
"""Rows that are handed to an analysis in memory; one that reduces its table takes more."""

MOST_DIFFERENT = 1_000_000
"""Different cells of one column that are not plain."""

MEMORY = "600MB"
LINE = 1_000_000

# Digits that can be read in one way only: not 1.234, where the point may part thousands.
PLAIN = r"[+-]?(\d{1,300}|\d*\.(\d{1,2}|\d{4,300})|(\d{4,300}|0\d{0,2}|)\.\d{3})"
ISO = r"\d{4}-\d{2}-\d{2}([T ].*)?"
NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*")
DAYS = re.compile(r"DATE|TIMESTAMP.*")


@dataclass(frozen=True)
class LargeTable:
    """Usable rows (or what they were reduced to), how many were left out by reason, and how cells were read."""

    rows: "pd.DataFrame"
    excluded: dict[str, int]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Source:
    """A file as SQL: the relation, the names of its columns, their types; rows before the first of the body."""

    relation: str
    header: tuple[str, ...]
    types: tuple[str, ...]
    before: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Column:
    """A column on its way: where in the file it is, what it must hold, its names in the database."""

    wanted: TableColumn
    place: int
    beside: bool = False

    @property
    def value(self) -> str:
        return f"v{self.place}"

    @property
    def odd(self) -> str:
        return f"o{self.place}"

    @property
    def text(self) -> str:
        return f"t{self.place}"


def large_table(
    path: Path,
    columns: tuple[TableColumn, ...],
    reading: Reading,
    *,
    others: bool,
    reduced: "Callable[[duckdb.DuckDBPyRelation], pd.DataFrame] | None",
) -> LargeTable:
    """
    Return the usable rows of the CSV or Parquet file at ``path``, as ``read_table`` describes them.

    Raises
    ------
    TableError
        If the file cannot be read, lacks a required column, has no usable row, or more than fit into memory.
    TableQuestion
        If something in it can be read in more than one way.
    """
    with tempfile.TemporaryDirectory(prefix="workbook-table-") as folder, _database(path, Path(folder)) as database:
        source = _source(database, path, Path(folder), columns, reading)
        places = located(path.name, source.header, columns, reading)
        wanted = [_Column(column, places[column.name]) for column in columns if column.name in places]
        if others:
            beside = named_beside(path.name, source.header, places, reading)
            wanted += [
                _Column(TableColumn(name, "", _own_kind(source.types[at]), required=False), at, beside=True)
                for name, at in beside.items()
            ]
        _take_in(database, path, source, wanted)
        checking = _LargeChecking(database, path.name, source, wanted, reading)
        checking.settle()
        notes = (*source.notes, *renamed_notes(source.header, places), *checking.notes)
        return LargeTable(checking.rows(reduced), checking.excluded, tuple(dict.fromkeys(notes)))


def parquet_head(path: Path, most: int) -> tuple[tuple[str, ...], list[list[object]]]:
    """Return the names of the columns of a Parquet file, and the first rows under them."""
    with tempfile.TemporaryDirectory(prefix="workbook-table-") as folder, _database(path, Path(folder)) as database:
        source = _parquet_source(database, path)
        fields = ", ".join(_text(f"c{at}", type_) for at, type_ in enumerate(source.types))
        rows = database.execute(f"SELECT {fields} FROM {source.relation} LIMIT {int(most)}").fetchall()
        return source.header, [list(row) for row in rows]


@contextmanager
def _database(path: Path, folder: Path) -> "Iterator[duckdb.DuckDBPyConnection]":
    """Open a database of its own that reads nothing but the table and asks no server for extensions."""
    import duckdb

    database = duckdb.connect(
        folder / "table.duckdb",
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "spilled"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    try:
        # Standard output may be somebody's JSON.
        database.execute("SET enable_progress_bar = false")
        database.execute(f"SET allowed_paths = [{_quoted(path)}, {_quoted(folder / 'table.csv')}]")
        database.execute(f"SET allowed_directories = [{_quoted(folder)}]")
        database.execute("SET enable_external_access = false")
        yield database
    except duckdb.OutOfMemoryException:
        raise _too_many(path.name) from None
    except duckdb.Error as problem:
        raise _worded(path.name, str(problem)) from None
    finally:
        database.close()


def _quoted(what: object) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(what).replace("'", "''") + "'"


def _worded(file: str, problem: str) -> TableError:
    """Return DuckDB's complaint as a sentence."""
    row = re.search(r"on Line: (\d+)", problem)
    counted = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", problem)
    if row and counted:
        return uneven(file, int(row[1]), int(counted[2]), int(counted[1]))
    if row:
        return TableError(
            N_("{file}, row {row}: a quotation mark is not closed, or text follows one. Save the table as CSV anew."),
            file=file,
            row=int(row[1]),
        )
    return TableError(N_("{file} is damaged or no table. Save it as CSV or Parquet anew."), file=file)


def _too_many(file: str) -> TableError:
    return TableError(
        N_(
            "{file} has more rows than this analysis can hold in memory ({allowed}). Take a sample, or sum it up first."
        ),
        file=file,
        allowed=number(MOST_ROWS),
    )


def _source(
    database: "duckdb.DuckDBPyConnection", path: Path, folder: Path, columns: Sequence[TableColumn], reading: Reading
) -> _Source:
    with path.open("rb") as stream:
        parquet = stream.read(4) == b"PAR1"
    if not parquet:
        return _text_source(path, folder, dialect(path, reading, [column.name for column in columns]))
    return _parquet_source(database, path)


def _parquet_source(database: "duckdb.DuckDBPyConnection", path: Path) -> _Source:
    relation = f"read_parquet({_quoted(path)}, hive_partitioning = false)"
    described = database.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    names, types = [row[0] for row in described], [row[1] for row in described]
    renamed = f"(SELECT * FROM {relation}) AS file({', '.join(f'c{i}' for i in range(len(names)))})"
    return _Source(renamed, tuple(names), tuple(types), 1)


def _text_source(path: Path, folder: Path, how: Dialect) -> _Source:
    header, before = header_of(path, how)
    held = path if how.encoding in ("utf-8", "utf-8-sig") else _as_utf8(path, folder / "table.csv", how.encoding)
    named = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header)))
    relation = (
        f"read_csv({_quoted(held)}, auto_detect = false, header = false, skip = {before}, columns = {{{named}}}, "
        f"delim = {_quoted(how.separator)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"max_line_size = {LINE}, compression = 'none', hive_partitioning = false)"
    )
    return _Source(relation, header, ("VARCHAR",) * len(header), before, how.notes)


def _as_utf8(path: Path, copy: Path, encoding: str) -> Path:
    with path.open(encoding=encoding, newline="") as old, copy.open("w", encoding="utf-8", newline="") as new:
        while piece := old.read(1 << 20):
            new.write(piece)
    return copy


def _own_kind(type_: str) -> Kind:
    return "text" if DAYS.fullmatch(type_) or type_ == "BOOLEAN" else "number"


def _take_in(database: "duckdb.DuckDBPyConnection", path: Path, source: _Source, wanted: Sequence[_Column]) -> None:
    """Read the file once: plain cells become values, what else is in a cell stays as text beside them."""
    fields = [sql for column in wanted for sql in _fields(column, source.types[column.place])]
    database.execute(f"CREATE TABLE held AS SELECT {', '.join(fields)} FROM {source.relation}")


def _fields(column: _Column, type_: str) -> list[str]:
    text = _text(f"c{column.place}", type_)
    kind = column.wanted.kind
    if kind == "text":
        return [f"nullif({text}, '') AS {column.text}"]
    plain = "CAST(NULL AS DOUBLE)"
    if kind == "date":
        plain = f"CASE WHEN regexp_full_match({text}, '{ISO}') THEN try_cast({text}[1:10] AS DATE) END"
        if DAYS.fullmatch(type_):
            plain = f"CAST(c{column.place} AS DATE)"
    elif kind != "flag":
        plain = f"CASE WHEN regexp_full_match({text}, '{PLAIN}') THEN try_cast({text} AS DOUBLE) END"
        if NUMBERS.fullmatch(type_):
            plain = f"CAST(c{column.place} AS DOUBLE)"
        plain = f"CASE WHEN isfinite({plain}) THEN {plain} END"
    fields = [
        f"{plain} AS {column.value}",
        f"CASE WHEN {column.value} IS NULL THEN nullif({text}, '') END AS {column.odd}",
    ]
    return [*fields, f"nullif({text}, '') AS {column.text}"] if column.beside else fields


def _text(name: str, type_: str) -> str:
    """Return SQL for a cell as text, like ``cells.as_text``: whole numbers without decimals, days without a time of 0."""
    if type_ == "VARCHAR":
        return f"trim({name}, ' \t\r\n\u00a0')"
    if type_ in ("DOUBLE", "FLOAT"):
        return f"regexp_replace(CAST({name} AS VARCHAR), '\\.0$', '')"
    if type_.startswith("TIMESTAMP"):
        return f"regexp_replace(CAST({name} AS VARCHAR), ' 00:00:00(\\+00)?$', '')"
    return f"CAST({name} AS VARCHAR)"


class _LargeChecking:
    """The table ``held`` on its way to usable rows."""

    def __init__(
        self,
        database: "duckdb.DuckDBPyConnection",
        file: str,
        source: _Source,
        wanted: Sequence[_Column],
        reading: Reading,
    ) -> None:
        self.database, self.file, self.source, self.reading = database, file, source, reading
        self.wanted = list(wanted)
        self.notes: list[str] = []
        self.excluded: dict[str, int] = {}
        self._odd: dict[int, Cells] = {}

    def settle(self) -> None:
        """Read the cells that are not plain, and mark the rows that cannot be used."""
        self.wanted = [self._number_or_text(column) if column.beside else column for column in self.wanted]
        for column in self.wanted:
            if column.wanted.kind != "text":
                read = self._read(column)
                self.notes += read.notes
                self._join(column, self._cells(column), read)
        faults = [sql for column in self.wanted if (sql := _fault(column))]
        joined = " ".join(
            f"LEFT JOIN m{c.place} ON held.{c.odd} = m{c.place}.odd" for c in self.wanted if c.wanted.kind != "text"
        )
        values = ", ".join(f"{_value(c)} AS {_name(c.wanted.name)}" for c in self.wanted)
        fault = f"coalesce({', '.join(faults)}, '')" if faults else "''"
        self.database.execute(
            f"CREATE VIEW checked AS SELECT held.rowid AS place, {fault} AS fault, {values} FROM held {joined}"
        )
        self._count()

    def _number_or_text(self, column: _Column) -> _Column:
        """Return a column nobody named with its kind: a number where every filled cell is one."""
        if column.wanted.kind == "text":
            return column
        cells = self._cells(column, most=10_000)
        read = reads.figures(cells.different)
        filled = [one for one, cell in zip(read, cells.different, strict=True) if not reads.is_missing(cell)]
        kind: Kind = "number" if filled and all(filled) else "text"
        return _Column(TableColumn(column.wanted.name, "", kind, required=False), column.place, beside=True)

    def _cells(self, column: _Column, *, most: int = MOST_DIFFERENT) -> Cells:
        """Return the different cells that are not plain, with a few plain ones to show what the others are."""
        if column.place not in self._odd:
            rows = self.database.execute(
                f"SELECT {column.odd}, min(rowid) FROM held WHERE {column.odd} IS NOT NULL GROUP BY 1 LIMIT {most + 1}"
            ).fetchall()
            if len(rows) > MOST_DIFFERENT:
                raise TableError(
                    N_(
                        "{file} is large, and column “{column}” has more than {allowed} different cells that are no plain "
                        "numbers or ISO dates. Save it with decimal points and dates as 2027-06-01."
                    ),
                    file=self.file,
                    column=self.source.header[column.place],
                    allowed=number(MOST_DIFFERENT),
                )
            known = dict(rows) | self._plain_ones(column)
            first = {cell: place + self.source.before + 1 for cell, place in known.items()}
            self._odd[column.place] = Cells(self.file, column.wanted.name, list(known), first.__getitem__)
        return self._odd[column.place]

    def _plain_ones(self, column: _Column) -> dict[str, int]:
        """Return a number with decimals and one that is not 0, of those already read: they say which mark and currency."""
        if column.wanted.kind in ("text", "date", "flag"):
            return {}
        found = {}
        for condition in (f"{column.value} <> 0", f"{column.value} <> floor({column.value})"):
            plain = self.database.execute(
                f"SELECT {column.value}, rowid FROM held WHERE {condition} ORDER BY rowid LIMIT 1"
            ).fetchall()
            for row in plain:
                written = reads.as_text(float(row[0]))
                # 1.234 came as 1.2340, or from a typed column: written so, it can be read in one way only.
                found[written + "0" if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", written) else written] = row[1]
        return found

    def _read(self, column: _Column) -> ReadCells:
        cells, wanted = self._cells(column), column.wanted
        if wanted.kind == "date":
            return reads.days(cells, self.reading)
        if wanted.kind == "flag":
            return reads.flags(cells)
        return reads.numbers(
            cells,
            reads.figures(cells.different),
            self.reading,
            whole=wanted.kind == "integer",
            low=wanted.low,
            high=wanted.high,
            money=wanted.kind == "money",
            endless=wanted.endless,
            elsewhere=self._marks,
        )

    def _marks(self) -> frozenset[str]:
        """Decimal marks that the columns read as numbers show."""
        counted = [c for c in self.wanted if c.wanted.kind in ("number", "integer", "money")]
        marks = [reads.decimal_marks(reads.figures(self._cells(column).different)) for column in counted]
        return frozenset().union(*marks)

    def _join(self, column: _Column, cells: Cells, read: ReadCells) -> None:
        """Put what the odd cells say where the rows can find it."""
        import pandas as pd

        kind = "DATE" if column.wanted.kind == "date" else "DOUBLE"
        values = pd.Series(read.values, dtype=object if kind == "DATE" else float)
        told = pd.DataFrame({"odd": cells.different, "value": values, "fault": read.faults})
        told = told.astype({"odd": object, "fault": object})
        self.database.register("told", told)
        self.database.execute(
            f"CREATE TABLE m{column.place} AS SELECT CAST(odd AS VARCHAR) AS odd, CAST(value AS {kind}) AS value, "
            "CAST(fault AS VARCHAR) AS fault FROM told"
        )
        self.database.unregister("told")

    def _count(self) -> None:
        by_place = {column.place: column for column in self.wanted}
        counted = self.database.execute(
            "SELECT fault, count(*), min(place) FROM checked WHERE fault <> '' GROUP BY fault"
        ).fetchall()
        order = [column.place for column in self.wanted]
        for fault, count, place in sorted(counted, key=lambda row: order.index(int(row[0].partition(":")[0]))):
            at, _colon, code = fault.partition(":")
            column = by_place[int(at)]
            cell = "" if column.wanted.kind == "text" else self._cell(column, place)
            row = place + self.source.before + 1
            told = Cells(self.file, column.wanted.name, [cell], lambda _cell, row=row: row)  # type: ignore[misc]
            why = reads.reason(column.wanted, told, code, cell)
            self.excluded[why] = self.excluded.get(why, 0) + count

    def _cell(self, column: _Column, place: int) -> object:
        ((odd, value),) = self.database.execute(
            f"SELECT {column.odd}, {column.value} FROM held WHERE rowid = {int(place)}"
        ).fetchall()
        return odd if odd is not None else value

    def rows(self, reduced: "Callable[[duckdb.DuckDBPyRelation], pd.DataFrame] | None") -> "pd.DataFrame":
        """Return the usable rows, or what ``reduced`` makes of them."""
        names = ", ".join(_name(column.wanted.name) for column in self.wanted)
        ((usable,),) = self.database.execute("SELECT count(*) FROM checked WHERE fault = ''").fetchall()
        if not usable:
            raise reads.nothing_left(self.file, self.excluded)
        if reduced is not None:
            return reduced(self.database.sql(f"SELECT {names} FROM checked WHERE fault = ''"))
        if usable > MOST_ROWS:
            raise _too_many(self.file)
        return self._in_memory()

    def _in_memory(self) -> "pd.DataFrame":
        """Return the usable rows in the order of the file, equal texts stored once."""
        import numpy as np
        import pandas as pd

        fields = []
        for column in self.wanted:
            name = _name(column.wanted.name)
            if column.wanted.kind == "text":
                different = f"SELECT DISTINCT {name} FROM checked WHERE fault = '' AND {name} IS NOT NULL"
                self.database.execute(f"CREATE TYPE e{column.place} AS ENUM ({different})")
                fields.append(f"CAST({name} AS e{column.place}) AS {name}")
            else:
                fields.append(name)
        table = self.database.execute(f"SELECT {', '.join(fields)} FROM checked WHERE fault = '' ORDER BY place").df()
        for column in self.wanted:
            name = column.wanted.name
            if column.wanted.kind == "text":
                texts = np.array([*table[name].cat.categories, ""], dtype=object)
                table[name] = pd.Series(texts[table[name].cat.codes], dtype="str")
            elif column.wanted.kind == "date":
                table[name] = table[name].astype("datetime64[us]")
            else:
                table[name] = table[name].astype(float)
        return table


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value(column: _Column) -> str:
    if column.wanted.kind == "text":
        return f"held.{column.text}"
    return f"coalesce(held.{column.value}, m{column.place}.value)"


def _fault(column: _Column) -> str:
    """Return SQL for what is wrong with a cell, as PLACE:CODE, or NULL."""
    wanted, place = column.wanted, column.place
    if column.beside:
        return ""
    if wanted.kind == "text":
        return f"CASE WHEN held.{column.text} IS NULL THEN '{place}:empty' END" if wanted.required else ""
    value = f"held.{column.value}"
    told = f"CASE WHEN m{place}.fault <> '' THEN '{place}:' || m{place}.fault END"
    if not wanted.required:
        told = f"CASE WHEN m{place}.fault NOT IN ('', 'empty') THEN '{place}:' || m{place}.fault END"
    cases = [f"WHEN held.{column.odd} IS NOT NULL THEN {told}"]
    if wanted.required:
        cases.append(f"WHEN {value} IS NULL THEN '{place}:empty'")
    if wanted.kind == "integer":
        cases.append(f"WHEN {value} <> floor({value}) THEN '{place}:whole'")
    if wanted.kind not in ("date", "flag"):
        cases += [f"WHEN {value} < {wanted.low!r} THEN '{place}:low'"] if wanted.low is not None else []
        cases += [f"WHEN {value} > {wanted.high!r} THEN '{place}:high'"] if wanted.high is not None else []
    return f"CASE {' '.join(cases)} END"
