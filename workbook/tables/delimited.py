"""Reading text tables: how the letters are stored, what parts the columns, which row is the header.

A mark at the beginning of the file, or valid UTF-8, says how letters are stored; what is neither is read as Windows'
cp1252 when that gives words, and asked about when it gives none. The separator is the one that parts the header; of
several, the one that finds the columns asked for.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbook.errors import TableError, TableQuestion
from workbook.language import N_, number, translated
from workbook.tables.grid import Grid, grid
from workbook.tables.matching import normalised
from workbook.tables.reading import Reading

__all__ = ["SEPARATORS", "Dialect", "delimited", "dialect", "head_rows", "header_of"]

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
NOWHERE = "\x1f"
"""Parts nothing: the separator of a table with one column."""

LONGEST_LINE = 1_000_000
CHUNK = 1 << 20
HEAD = 1 << 16

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What cp1252 makes of letters that were stored in another way: signs inside words, capitals after small letters, words of
# nothing but accented letters.
MISREAD = re.compile(
    r"[ƒ‡ˆ‰˜¤][^\W\d_]|[^\W\d_][‚ƒˆ˜¤¼½¾¿¡]|[^\W\d_][†‡‰•§¶¹²³ªº][^\W\d_]|[a-z][À-ÞŠŒŽŸ]"
    r"|[À-ÖØ-öø-ÿŠŒŽšœžŸ]{3}|[\x80-\x9f]"
)
TRIED = ("cp1252", "mac-roman", "cp1250", "cp1251", "cp1253", "cp850")


@dataclass(frozen=True)
class Dialect:
    """How a text table is written: ``encoding`` as Python names it, the ``separator`` itself, lines before the header."""

    encoding: str
    separator: str
    declared: bool = False
    notes: tuple[str, ...] = ()

    @property
    def found(self) -> Reading:
        """The same as answers that could be given."""
        name = next((name for name, mark in SEPARATORS.items() if mark == self.separator), "")
        return Reading(separator=name)


def delimited(path: Path, reading: Reading, wanted: Sequence[str] = ()) -> Grid:
    """
    Return the cells of the text table at ``path``; ``wanted`` are the columns asked for.

    Raises
    ------
    TableError
        If it is no table of text.
    TableQuestion
        If letters or columns can be read in more than one way.
    """
    how = dialect(path, reading, wanted)
    text = path.read_bytes().decode(how.encoding)
    if how.declared:
        text = text.partition("\n")[2]
    rows = _rows(path.name, text, how.separator)
    return grid(path.name, [[], *rows] if how.declared else rows, how.found, how.notes)


def dialect(path: Path, reading: Reading, wanted: Sequence[str] = ()) -> Dialect:
    """Return how the text table at ``path`` is written. Raises TableError and TableQuestion as ``delimited``."""
    with path.open("rb") as stream:
        head = stream.read(LONGEST_LINE)
    _require_text(path.name, head)
    encoding, notes = _encoding(path, head, reading)
    start = codecs.getincrementaldecoder(encoding)().decode(head).lstrip("\ufeff")
    if declared := re.match(r"[\"']?sep=([,;|\t])[\"']?\r?\n", start, re.IGNORECASE):
        separator = SEPARATORS.get(reading.separator, declared[1])
        return Dialect(encoding, separator, True, notes)
    separator = SEPARATORS.get(reading.separator) or _separator(path.name, start, wanted)
    return Dialect(encoding, separator, False, notes)


def header_of(path: Path, how: Dialect) -> tuple[tuple[str, ...], int]:
    """Return the names of the columns, and how many rows of the file stand before the first of the body."""
    with path.open("rb") as stream:
        start = codecs.getincrementaldecoder(how.encoding)().decode(stream.read(LONGEST_LINE)).lstrip("\ufeff")
    for before, row in enumerate(_read(start, how.separator), start=1):
        if any(cell.strip() for cell in row) and not (how.declared and before == 1):
            found = grid(path.name, [row], how.found)
            return found.header, before
    raise TableError(N_("{file} is empty. Bring in a table with a row of column names."), file=path.name)


def head_rows(
    path: Path, reading: Reading, wanted: Sequence[str], most: int
) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the names of the columns, and the first rows under them."""
    how = dialect(path, reading, wanted)
    header, before = header_of(path, how)
    with path.open("rb") as stream:
        start = codecs.getincrementaldecoder(how.encoding)().decode(stream.read(HEAD)).lstrip("\ufeff")
    rows: list[list[str]] = []
    # The last row may be cut off, and then perhaps within quotation marks.
    with suppress(csv.Error):
        rows += islice(_read(start, how.separator), before + most)
    body = rows[before:] if len(start) < HEAD or len(rows) == before + most else rows[before:-1]
    return header, [row for row in body if row]


def _read(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)


def _require_text(file: str, head: bytes) -> None:
    """Refuse what is no table of text, or has a line that no table has, before anything more of it is read."""
    if len(head) == LONGEST_LINE and not (b"\n" in head or b"\r" in head):
        raise _too_long(file)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise TableError(N_("{file} is empty. Bring in a table with a row of column names."), file=file)
    if b"\x00" in head and not head.startswith(tuple(mark for mark, _name in MARKS)) and not _without_mark(head):
        raise _no_table(file)


def _too_long(file: str) -> TableError:
    return TableError(
        N_("{file} has a line of more than {allowed} characters, as no table has. Save it as CSV anew."),
        file=file,
        allowed=number(LONGEST_LINE),
    )


def _no_table(file: str) -> TableError:
    return TableError(
        N_(
            "{file} holds no table that can be read: neither text nor a spreadsheet. Save it anew as CSV, TSV, XLSX or Parquet."
        ),
        file=file,
    )


def _without_mark(head: bytes) -> str:
    """Return which UTF-16 the bytes are that have no mark: every second one is 0 in text of Western letters."""
    start = head[: HEAD - HEAD % 2]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else ""


def _encoding(path: Path, head: bytes, reading: Reading) -> tuple[str, tuple[str, ...]]:
    marked = next((name for mark, name in MARKS if head.startswith(mark)), "")
    if reading.encoding:
        given = marked if marked.startswith(reading.encoding) else reading.encoding
        if not _decodes(path, given):
            raise TableError(
                N_("{file} cannot be read as {encoding}. Leave --encoding out, or name another."),
                file=path.name,
                encoding=reading.encoding,
            )
        return given, ()
    found = marked or _without_mark(head) or "utf-8"
    if _decodes(path, found):
        return found, ()
    if marked or found != "utf-8":
        raise _no_table(path.name)
    _require_words(path)
    return "cp1252", (translated(N_("Letters were read as cp1252 (Windows, Western Europe).")),)


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of the file, and refuse a line that is too long."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if len(chunk) == CHUNK and not (b"\n" in chunk or b"\r" in chunk):
                raise _too_long(path.name)
            yield chunk


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _require_words(path: Path) -> None:
    """Ask how letters are stored, unless cp1252 makes words of all of them."""
    row = 1
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                found = MISREAD.search(line.decode("cp1252", errors="replace").replace("\ufffd", "\x81"))
                if found:
                    raise _unclear_letters(path.name, row, line, found.start())
            row += 1


def _unclear_letters(file: str, row: int, line: bytes, at: int) -> TableQuestion:
    piece = line[max(at - 12, 0) : at + 12].strip(b',;|\t\r\n" ')
    choices: list[tuple[str, str]] = []
    for encoding in TRIED:
        try:
            read = piece.decode(encoding)
        except UnicodeDecodeError:
            continue
        if read.isprintable() and read not in [words for _answer, words in choices]:
            choices.append((f"--encoding {encoding}", read))
    return TableQuestion(
        N_("{file}, row {row}: it is not clear how the letters are stored. Best save the table anew as CSV UTF-8."),
        tuple(choices),
        file=file,
        row=row,
    )


def _separator(file: str, start: str, wanted: Sequence[str]) -> str:
    """Return what parts the columns. Raises TableQuestion when more than one mark does, and none finds more of ``wanted``."""
    lines = start.splitlines(keepends=True)
    lines = lines[:-1] if len(start) >= HEAD and len(lines) > 1 else lines
    text = "".join(lines[:200])
    parted = {}
    for mark in SEPARATORS.values():
        try:
            rows = [
                row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True) if row
            ]
        except csv.Error:
            continue
        if rows and len(rows[0]) > 1:
            parted[mark] = rows
    if len(parted) <= 1:
        return next(iter(parted), NOWHERE)
    names = {normalised(name) for name in wanted}
    known = {mark: len(names & {normalised(cell) for cell in rows[0]}) for mark, rows in parted.items()}
    best = [mark for mark in parted if known[mark] == max(known.values())]
    if len(best) > 1:
        best = [mark for mark in best if len({len(row) for row in parted[mark]}) == 1] or best
    if len(best) == 1:
        return best[0]
    raise TableQuestion(
        N_("{file}: more than one mark could part its columns."),
        tuple(
            (f"--separator {name}", ", ".join(cell.strip() for cell in parted[mark][0][:4]))
            for name, mark in SEPARATORS.items()
            if mark in best
        ),
        file=file,
    )


def _rows(file: str, text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in _read(text.lstrip("\ufeff"), separator):
            rows.append(row)
    except csv.Error:
        raise TableError(
            N_("{file}, row {row}: a quotation mark is not closed, or text follows one. Save the table as CSV anew."),
            file=file,
            row=len(rows) + 1,
        ) from None
    return rows
