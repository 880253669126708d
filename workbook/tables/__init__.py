"""Bringing tables of answers and records in, checked."""

from workbook.tables.cells import TableColumn
from workbook.tables.contract import ENDINGS, CheckedTable, read_table
from workbook.tables.matching import Match, matches, place
from workbook.tables.preview import Preview, preview
from workbook.tables.reading import ANSWERS, Reading
from workbook.tables.spreadsheets import MOST_BYTES

__all__ = [
    "ANSWERS",
    "ENDINGS",
    "MOST_BYTES",
    "CheckedTable",
    "Match",
    "Preview",
    "Reading",
    "TableColumn",
    "matches",
    "place",
    "preview",
    "read_table",
]
