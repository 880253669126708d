"""Reading XLSX, after making sure that it is one, and small enough to be opened at all.

A spreadsheet is a ZIP archive of XML: a small file can hold, or pretend to hold, more than any machine has room for. So it
is weighed first: the archive's own list of parts, then every part unpacked piece by piece and thrown away, until it is
past a limit. Only what passes is given to the reader (calamine), which needs room for every cell up to the last one used.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from workbook.errors import TableError, TableQuestion
from workbook.language import N_, number, translated
from workbook.tables.cells import TableColumn, as_text
from workbook.tables.grid import Grid, grid
from workbook.tables.matching import normalised
from workbook.tables.reading import Reading

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["MOST_BYTES", "OLD", "require_spreadsheet", "sheet_head", "spreadsheet"]

MOST_BYTES = 200_000_000
"""Of a spreadsheet, or of any table brought in by a browser."""

MOST_UNPACKED = 100 << 20
MOST_PARTS = 5_000
MOST_LISTED = 2 << 20
MOST_ROWS = 250_000
MOST_COLUMNS = 702  # A to ZZ
MOST_CELLS = 3_000_000
MOST_TEXT = 100 << 20
PIECE = 1 << 18

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
TEXT_END = re.compile(rb"</(?:[\w.-]+:)?si>")
SHARED = re.compile(rb"t\s*=\s*[\"']s[\"'][^<]*<(?:[\w.-]+:)?v>\s*(\d+)")

# The place of a cell, r="B7", as every program writes it: a literal beginning makes the search ten times as fast.
AS_WRITTEN, AS_ALLOWED = rb' r="', rb" r *= *\""
ONE_MARK = bytes.maketrans(b"\t\r\n'", b'   "')


class _Places:
    """Patterns for places of cells: out of bounds; in a column of two letters; the row of each."""

    def __init__(self, start: bytes) -> None:
        self.far_row = re.compile(start + rb"[A-Za-z]{0,2}(?:2[5-9]\d{4}|[3-9]\d{5}|\d{7,})\"")
        self.far_column = re.compile(start + rb"[A-Za-z]{3,}\d")
        self.wide = re.compile(start + rb"([A-Za-z]{2})\d")
        self.row = re.compile(start + rb"[A-Za-z]{0,2}(\d+)")


WRITTEN, ALLOWED = _Places(AS_WRITTEN), _Places(AS_ALLOWED)


def require_spreadsheet(path: Path) -> None:
    """
    Refuse what is no XLSX, or one that is larger inside than a table has reason to be, before it is parsed.

    Raises TableError: the old or a macro format, a protected file, a limit of size, rows, columns or cells passed.
    """
    with path.open("rb") as stream:
        start = stream.read(8)
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(path.name, N_("{allowed} MB"), MOST_BYTES // 10**6)
        if start == OLD:
            raise TableError(
                N_("{file} is in the old format of Excel, or locked with a password. Save it as XLSX without one."),
                file=path.name,
            )
        if not start.startswith(b"PK"):
            raise _no_spreadsheet(path.name)
        _require_short_list(path.name, stream)
        try:
            with zipfile.ZipFile(stream) as archive:
                _require_parts(path.name, archive)
                _weigh(path.name, archive)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, ValueError, zlib.error):
            raise _no_spreadsheet(path.name) from None


def _too_large(file: str, limit: str, allowed: int) -> TableError:
    return TableError(
        N_("{file} holds more than {limit}. Leave out what the analysis does not need, or save it as CSV or Parquet."),
        file=file,
        limit=translated(limit, allowed=number(allowed)),
    )


def _no_spreadsheet(file: str) -> TableError:
    return TableError(N_("{file} is no XLSX, or a damaged one. Save it as XLSX anew, or as CSV UTF-8."), file=file)


def _require_short_list(file: str, stream: IO[bytes]) -> None:
    """Look at the end of the archive, where its list of parts is: reading a list of millions would fill the memory."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(size - 22, 0))
    end = stream.read()
    # With nothing behind it, two readers of the archive cannot take two different lists for the right one.
    if len(end) < 22 or not end.startswith(b"PK\x05\x06"):
        raise _no_spreadsheet(file)
    parts, length = struct.unpack("<HI", end[10:16])
    stream.seek(0)
    if parts > MOST_PARTS or length > MOST_LISTED:
        raise _too_large(file, N_("{allowed} parts"), MOST_PARTS)


def _require_parts(file: str, archive: zipfile.ZipFile) -> None:
    names = {part.filename.lower() for part in archive.infolist()}
    if any(name.endswith("vbaproject.bin") for name in names) or file.lower().endswith((".xlsm", ".xltm", ".xlsb")):
        raise TableError(
            N_("{file} may hold macros, which a table does not need. Save it as XLSX."),
            file=file,
        )
    if "xl/workbook.xml" not in names:
        raise _no_spreadsheet(file)
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        raise _too_large(file, N_("{allowed} MB when unpacked"), MOST_UNPACKED >> 20)


def _weigh(file: str, archive: zipfile.ZipFile) -> None:
    """Unpack every part, keep nothing, and refuse the archive when it passes a limit or declares entities."""
    unpacked = rows = cells = references = 0
    for part in archive.infolist():
        columns: set[bytes] = set()
        last = 0
        for piece, fresh in _pieces(archive, part):
            unpacked += fresh
            if unpacked > MOST_UNPACKED:
                raise _too_large(file, N_("{allowed} MB when unpacked"), MOST_UNPACKED >> 20)
            if b"<!" in piece and DECLARED.search(piece):
                raise _no_spreadsheet(file)
            # Any part may be named as a sheet by the list of parts, so every one is weighed as if it were.
            rows += piece.count(b"<row") + piece.count(b":row")
            cells += piece.count(b"<c") + piece.count(b":c")
            marked = piece.translate(ONE_MARK) if b"=" in piece else b""
            references += marked.count(b't="s"') + marked.count(b't ="s"') + marked.count(b't= "s"')
            places = ALLOWED if b" r " in marked or b" r= " in marked else WRITTEN
            if rows > MOST_ROWS or places.far_row.search(marked):
                raise _too_large(file, N_("{allowed} rows"), MOST_ROWS)
            if places.far_column.search(marked):
                raise _too_large(file, N_("{allowed} columns"), MOST_COLUMNS)
            if wide := places.wide.findall(marked):
                columns.update(wide)
                last = max(last, *(int(row) for row in places.row.findall(marked)))
            if cells > MOST_CELLS or last * max(map(_column, columns), default=26) > 3 * MOST_CELLS:
                raise _too_large(file, N_("{allowed} cells"), MOST_CELLS)
    _require_short_texts(file, archive, references)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield a part piece by piece, cut between tags, and how many bytes of each were unpacked for it."""
    kept, total = b"", 0
    for fresh in _unpacked(archive, part):
        if not total and fresh[:2] in (b"\xff\xfe", b"\xfe\xff") and part.filename.lower().endswith((".xml", ".rels")):
            raise zipfile.BadZipFile
        total += len(fresh)
        # Of a longer text without any tag only the end can matter to what follows.
        cut = fresh.rfind(b">") + 1 or (len(fresh) if len(kept) > PIECE else 0)
        yield (kept + fresh[:cut] if cut else b""), len(fresh)
        kept = fresh[cut:] if cut else kept + fresh
    yield kept, 0
    if total != part.file_size:
        raise zipfile.BadZipFile


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what is really packed, whatever size the list of parts says it has."""
    stream = archive.fp
    if stream is None or part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    stream.seek(part.header_offset)
    head = stream.read(30)
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile
    name, extra = struct.unpack("<HH", head[26:30])
    at, left = part.header_offset + 30 + name + extra, part.compress_size
    machine = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        stream.seek(at)
        packed = stream.read(min(left, PIECE))
        if not packed:
            raise zipfile.BadZipFile
        at, left = at + len(packed), left - len(packed)
        while machine and packed:
            yield machine.decompress(packed, PIECE)
            packed = machine.unconsumed_tail
        if not machine:
            yield packed


def _column(letters: bytes) -> int:
    first, second = letters.upper()
    return (first - 64) * 26 + second - 64


def _require_short_texts(file: str, archive: zipfile.ZipFile, references: int) -> None:
    """Refuse a sheet whose cells name one long text over and over: each cell has a copy of its own once it is read."""
    texts = next((part for part in archive.infolist() if part.filename.lower() == "xl/sharedstrings.xml"), None)
    if texts is None:
        return
    lengths = [0]
    for piece, _fresh in _pieces(archive, texts):
        first, *rest = (len(text) for text in TEXT_END.split(piece))
        lengths[-1] += first
        lengths += rest
    if max(lengths) * references <= MOST_TEXT:
        return
    total = 0
    for part in archive.infolist():
        for piece, _fresh in _pieces(archive, part):
            total += sum(lengths[int(at)] for at in SHARED.findall(piece) if int(at) < len(lengths))
            if total > MOST_TEXT:
                raise _too_large(file, N_("{allowed} MB of text"), MOST_TEXT >> 20)


def spreadsheet(path: Path, reading: Reading, columns: Sequence[TableColumn] = ()) -> Grid:
    """
    Return the cells of the sheet that has ``columns``, or that ``reading`` names.

    Raises
    ------
    TableError
        If the file is refused (see ``require_spreadsheet``), or has no such sheet.
    TableQuestion
        If more than one sheet may be meant.
    """
    with _opened(path, reading, columns) as (names, chosen, sheet):
        rows = _rows(sheet)
    notes = (translated(N_("From the sheet “{sheet}”."), sheet=chosen),) if len(names) > 1 else ()
    return grid(path.name, rows, Reading(sheet=chosen), notes, ragged=True)


def sheet_head(
    path: Path, reading: Reading, columns: Sequence[TableColumn], most: int
) -> tuple[tuple[str, ...], list[list[object]]]:
    """Return the names of the columns of that sheet, and the first rows under them."""
    with _opened(path, reading, columns) as (_names, _chosen, sheet):
        rows = _rows(sheet, most + 20)
    held = grid(path.name, rows, Reading(), ragged=True)
    return held.header, [list(row) for row in zip(*held.columns, strict=True)][:most]


@contextmanager
def _opened(
    path: Path, reading: Reading, columns: Sequence[TableColumn]
) -> "Iterator[tuple[list[str], str, CalamineSheet]]":
    """Open a spreadsheet that was weighed; yield the names of its sheets, and the one to read."""
    require_spreadsheet(path)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            names = [sheet.name for sheet in book.sheets_metadata if str(sheet.typ).endswith("WorkSheet")]
            sheets = {
                name: book.get_sheet_by_name(name) for name in names if not reading.sheet or name == reading.sheet
            }
            filled = {name: sheet for name, sheet in sheets.items() if sheet.end is not None}
            chosen = _chosen(path.name, names, filled, reading, columns)
            yield names, chosen, filled[chosen]
    except (CalamineError, OSError, ValueError):
        raise _no_spreadsheet(path.name) from None


def _chosen(
    file: str, names: list[str], filled: "dict[str, CalamineSheet]", reading: Reading, columns: Sequence[TableColumn]
) -> str:
    """Return the sheet to read: the one named, the only one, or the only one with every required column."""
    if reading.sheet and reading.sheet not in names:
        raise TableError(
            N_("{file} has no sheet “{found}”. It has: {sheets}."),
            file=file,
            found=reading.sheet,
            sheets=", ".join(names),
        )
    if not filled:
        raise TableError(N_("{file} is empty. Bring in a table with a row of column names."), file=file)
    able = [name for name, sheet in filled.items() if _has(sheet, reading, columns)] if len(filled) > 1 else []
    if len(filled) == 1 or len(able) == 1:
        return (able or list(filled))[0]
    raise TableQuestion(
        N_("{file} has more than one sheet."),
        tuple((f'--sheet "{name}"', ", ".join(_head(filled[name])[:4]) or "-") for name in able or list(filled)),
        file=file,
    )


def _has(sheet: "CalamineSheet", reading: Reading, columns: Sequence[TableColumn]) -> bool:
    there = {normalised(name) for name in _head(sheet)}
    wanted = {normalised(reading.source(c.name) or c.name) for c in columns if c.required}
    return bool(wanted) and wanted <= there


def _head(sheet: "CalamineSheet") -> list[str]:
    rows = sheet.to_python(skip_empty_area=False, nrows=20)
    return next(([as_text(cell) for cell in row] for row in rows if any(cell != "" for cell in row)), [])


def _rows(sheet: "CalamineSheet", most: int | None = None) -> list[list[object]]:
    """Return the rows from the first of the sheet, so that they are numbered as on the screen."""
    return [[_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False, nrows=most)]


def _cell(cell: object) -> object:
    """Return a cell as text, number or day; what is none of these (yes and no, times of day) as text."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str | float | date | datetime):
        return cell
    return float(cell) if isinstance(cell, int) else str(cell)
