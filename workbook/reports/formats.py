"""In which formats can a report be written? Each is a function from an executed notebook to a file, found by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["WRITERS", "Document", "Writer"]


@dataclass(frozen=True)
class Document:
    """What a report is of: its title and language, and the plan it was run for, in the workspace at ``workspace``."""

    title: str
    language: str
    plan: str = ""
    scenario: str = ""
    segment: str = ""
    workspace: Path | None = None


Writer = Callable[["NotebookNode", Path, Document], None]


def _html(notebook: NotebookNode, path: Path, document: Document) -> None:
    from workbook.reports.html import write_html

    write_html(notebook, path, title=document.title, language=document.language)


WRITERS: dict[str, Writer] = {"html": _html}
"""By the ending of the file. A writer leaves a whole file at its path, or none."""
