"""What is at the head of a table, for a person to say which column is which: names, and the first cells of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbook.tables.cells import TableColumn, as_text, kinds_of, shown
from workbook.tables.contract import first_bytes
from workbook.tables.delimited import head_rows
from workbook.tables.large import parquet_head
from workbook.tables.matching import Match, matches
from workbook.tables.reading import Reading
from workbook.tables.spreadsheets import sheet_head

__all__ = ["Preview", "preview"]

ROWS = 50
SHOWN = 3


@dataclass(frozen=True)
class Preview:
    """
    The head of a table beside the columns asked for.

    ``samples`` are the first different cells of each column of ``header``, short; ``matches`` say for each column asked
    for where it is, or may be.
    """

    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    matches: tuple[Match, ...]


def preview(path: Path, columns: Sequence[TableColumn], reading: Reading | None = None) -> Preview:
    """
    Return the head of the table at ``path``, read as ``reading`` says, with what it may have for ``columns``.

    Raises TableError and TableQuestion as ``read_table``, but for what is in the rows further down.
    """
    reading = reading or Reading()
    start = first_bytes(path)
    if start == "parquet":
        header, rows = parquet_head(path, ROWS)
    elif start == "spreadsheet":
        header, rows = sheet_head(path, reading, columns, ROWS)
    else:
        header, texts = head_rows(path, reading, [column.name for column in columns], ROWS)
        rows = [[*row] for row in texts]
    held = [[row[at] if at < len(row) else "" for row in rows] for at in range(len(header))]
    looks = {at: kinds_of(list(dict.fromkeys(cells))) for at, cells in enumerate(held)}
    samples = tuple(tuple(islice(dict.fromkeys(shown(c) for c in cells if as_text(c)), SHOWN)) for cells in held)
    found = matches(header, columns, dict(reading.columns), looks)
    return Preview(tuple(header), samples, tuple(found))
