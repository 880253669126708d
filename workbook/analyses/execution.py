"""Analyses of what follows the plan: tests, hand-over to sales, indicators, forecasts; and pairwise judgement."""

from workbook.analyses.declaration import Analysis

__all__ = ["EXECUTION"]

EXECUTION: tuple[Analysis, ...] = ()
