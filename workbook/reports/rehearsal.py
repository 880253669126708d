"""The page that ships, worked through once before a template is copied, so that each copy has loaded and learnt it.

Much is imported, compiled, read or worked out when first used: catalogues, the store's statements, the schema behind
the charts, the answers of the plan's studies. Only the package's own page is run here; a notebook that a workspace has
changed is run in copies alone.
"""

import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from workbook.language import LANGUAGES, date_words, money, plural, speak, speaking
from workbook.pages import PageParameters, page_file, read_page, with_parameters
from workbook.reports.engine import prepared_shell
from workbook.reports.html import prose_html, write_html
from workbook.reports.report import Task

__all__ = ["read_words", "rehearse"]


def rehearse(task: Task) -> None:
    """Run the page of ``task`` that ships on its plan, and draw it as HTML, which nobody gets to see."""
    job, noted = task.job, prepared_shell().noted
    parameters = PageParameters(str(task.workspace), job.plan, job.language, job.scenario, job.segment, False)
    notebook = with_parameters(read_page(page_file(job.page), job.language), parameters)
    names: dict[str, Any] = {}
    # What goes wrong here goes wrong in the report itself, and is told there.
    with suppress(Exception):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                noted.cell = cell.outputs = []
                exec(compile(cell.source, job.page, "exec"), names)
    with suppress(Exception):
        names["step"].live.workspace.log.close()
    with suppress(Exception), tempfile.TemporaryDirectory(prefix="workbook-rehearsal-") as passing:
        write_html(notebook, Path(passing) / "report.html", title="", language=job.language)
    noted.forget()
    speak(next(iter(LANGUAGES)))


def read_words(task: Task) -> None:
    """Read the catalogue of the language of ``task``, how it writes numbers and dates, and the prose of the page."""
    job = task.job
    for cell in read_page(page_file(job.page), job.language).cells:
        if cell.cell_type == "markdown":
            prose_html(cell.source)
    with speaking(job.language):
        plural("{count} report", "{count} reports", 2)
        money(1.5), date_words(date(2027, 1, 1))
