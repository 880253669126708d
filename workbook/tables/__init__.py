"""Bringing tables of answers and records in, checked."""

from workbook.tables.contract import CheckedTable, read_table
from workbook.tables.matching import Match, TableColumn, matches
from workbook.tables.reading import ANSWERS, Reading

__all__ = ["ANSWERS", "CheckedTable", "Match", "Reading", "TableColumn", "matches", "read_table"]
