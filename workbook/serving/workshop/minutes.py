"""The minutes of a workshop as a file: the page ``workshop`` of the plan, run once, and written by the report writers."""

from pathlib import Path

from workbook.plan.workspace import Workspace

__all__ = ["minutes"]


def minutes(folder: Path, plan: str, language: str, ending: str, passing: Path) -> bytes:
    """Return the minutes of the latest workshop about ``plan``, in the workspace at ``folder``, as ``ending``."""
    raise NotImplementedError(ending)
