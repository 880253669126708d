"""How long does a report take in each format, once its notebook has run?"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import nbformat

from workbook.language import speaking
from workbook.pages import made_workspace
from workbook.reports import batch, drawing
from workbook.reports.formats import WRITERS, Document


@dataclass(frozen=True)
class FormatTimes:
    """Seconds of a format: with every chart to draw, with the charts drawn before; and what the report holds."""

    cold: float
    drawn: float
    exhibits: int
    charts: int


@cache
def executed() -> tuple[Any, Document]:
    """Return the report of the CRM sample as its notebook ran, and what it is of."""
    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    target = workspace.folder / "report.ipynb"
    batch.run_page(batch.Job("adaptive-test", "en"), workspace, target)
    document = Document("Adaptive test add-on", "en", "adaptive-test", workspace=workspace.folder)
    return nbformat.read(target, as_version=4), document


def format_times(name: str) -> FormatTimes:
    """Return the times of a format, each the best of three after one that imports what the format needs."""
    from workbook.reports.document import read_content

    notebook, document = executed()
    with speaking("en"):
        content = read_content(notebook, title=document.title, language="en")

    def write() -> None:
        WRITERS[name](notebook, Path(tempfile.gettempdir()) / f"workbook-bench.{name}", document)

    write()
    cold = min(_timed(write, drawing.forget_drawings) for _round in range(3))
    drawn = min(_timed(write, lambda: None) for _round in range(3))
    return FormatTimes(cold, drawn, len(content.figures), sum(f.chart is not None for f in content.figures))


def _timed(run: Callable[[], None], before: Callable[[], None]) -> float:
    before()
    start = perf_counter()
    run()
    return perf_counter() - start
