"""Bringing tables of answers and records in, checked."""

from workbook.tables.contract import CheckedTable, TableColumn, read_table

__all__ = ["CheckedTable", "TableColumn", "read_table"]
