"""Analyses of what customers did and said of their own accord: groups, value, staying, themes, associations."""

from workbook.analyses.declaration import Analysis

__all__ = ["CUSTOMERS"]

CUSTOMERS: tuple[Analysis, ...] = ()
