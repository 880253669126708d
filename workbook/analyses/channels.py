"""Analyses behind the split of a budget: screening, response to spend, the split itself."""

from workbook.analyses.declaration import Analysis

__all__ = ["CHANNELS"]

CHANNELS: tuple[Analysis, ...] = ()
