"""In which formats can a report be written? Each is a function from an executed notebook to a file, found by its name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.errors import WorkbookError
from workbook.language import N_, speaking
from workbook.plan.files import write_atomically

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["WRITERS", "Document", "FormatError", "Writer"]


class FormatError(WorkbookError):
    """A report that could not be written in a format."""


@dataclass(frozen=True)
class Document:
    """What a report is of: its title and language, and the plan it was run for, in the workspace at ``workspace``."""

    title: str
    language: str
    plan: str = ""
    scenario: str = ""
    segment: str = ""
    workspace: Path | None = None


@dataclass(frozen=True)
class Writer:
    """
    A format: ``title`` names it in a list, ``made_by`` is the dotted name of the function that makes its bytes.

    The function takes the executed notebook and a ``Document``. Its module is imported when first used: a page needs
    nothing of slides.
    """

    title: str
    made_by: str

    def __call__(self, notebook: NotebookNode, path: Path, document: Document) -> None:
        """Write ``notebook`` to ``path``, whole or not at all. Raises FormatError where that cannot be done."""
        module, _dot, name = self.made_by.rpartition(".")
        make = getattr(import_module(f"workbook.reports.{module}"), name)
        with speaking(document.language):
            content: bytes = make(notebook, document)
        try:
            write_atomically(path, content)
        except OSError as problem:
            raise FormatError(
                N_("{file} cannot be written ({reason}). Choose another folder with --out, or make room there."),
                file=str(path),
                reason=problem.strerror or str(problem),
            ) from problem


WRITERS = {
    "html": Writer(N_("Page"), "html.html_report"),
    "pdf": Writer(N_("PDF"), "pdf.pdf_report"),
    "pptx": Writer(N_("Slides"), "pptx.pptx_report"),
    "xlsx": Writer(N_("Spreadsheet"), "xlsx.xlsx_report"),
    "md": Writer(N_("Markdown"), "markdown.markdown_report"),
}
"""By the ending of the file."""
