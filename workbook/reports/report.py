"""One report: a page of the workbook run for a plan, a scenario, a segment and a language, and written as files.

Whoever runs it, a copy of the template, a kernel or another machine, is given one ``Task`` and leaves its files whole
in the folder it names, or raises a ``ReportError`` that says which cell of which notebook failed, and why.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbook.errors import WorkbookError
from workbook.language import N_, speaking
from workbook.pages import PageParameters, page_file, read_page
from workbook.plan.files import write_atomically
from workbook.plan.workspace import Workspace

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workbook.reports.formats import Document

__all__ = [
    "Job",
    "Limits",
    "OutOfReach",
    "ReportError",
    "Task",
    "Written",
    "WrittenFile",
    "cell_name",
    "run_here",
    "run_in_kernel",
    "ships_as_is",
    "unwritable",
    "write_report",
]

RESERVED = {"base", "all", "con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))}
"""Names of folders that mean something else: the plan itself, all segments, and devices of Windows."""

LONGEST_SOURCE = 60


class ReportError(WorkbookError):
    """A report that could not be written; it names plan, notebook and cell."""


class OutOfReach(ReportError):
    """A place that takes no more reports: read-only, full or gone. The next report would fare no better."""


@dataclass(frozen=True)
class Job:
    """One report: a page run for a plan, a scenario (empty: the plan itself), a segment (empty: all) and a language."""

    plan: str
    language: str
    segment: str = ""
    scenario: str = ""
    page: str = "report"

    @property
    def name(self) -> str:
        """Where the report goes below the folder of all, in which no two meet: ``plan/scenario/segment/language``."""
        parts = (_folder(self.plan), _folder(self.scenario, "base"), _folder(self.segment, "all"), self.language)
        return "/".join(parts)

    def folder(self, out: Path) -> Path:
        """Return where the report goes below ``out``."""
        return out / self.name


@dataclass(frozen=True)
class Limits:
    """How many seconds a report may take, and each of its cells."""

    report: float = 600
    cell: float = 120


@dataclass(frozen=True)
class Task:
    """A job with all that whoever runs it must know: ``folder`` is where its files go, ``document`` what they are of."""

    job: Job
    document: Document
    folder: Path
    formats: tuple[str, ...] = ("html",)
    limits: Limits = Limits()

    @property
    def workspace(self) -> Path:
        """The folder of the workspace."""
        assert self.document.workspace is not None
        return self.document.workspace


@dataclass(frozen=True)
class WrittenFile:
    """A file of a report: its name in the report's folder, and what its content was."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Written:
    """A report as it was written: its notebook with outputs and its formats; ``computing`` is what the cells took."""

    files: tuple[WrittenFile, ...]
    seconds: float
    computing: float


Run = Callable[["NotebookNode", Task], "NotebookNode"]


def write_report(task: Task, run: Run) -> Written:
    """Run the report's notebook by ``run``, and write it and its formats; return what was written."""
    from workbook.reports.formats import WRITERS

    began = time.perf_counter()
    page, folder = task.job.page, task.folder
    try:
        _clear(folder, page)
        executed = run(_page(task), task)
        _write_notebook(executed, folder / f"{page}.ipynb")
        with speaking(task.job.language):
            for name in task.formats:
                WRITERS[name](executed, folder / f"{page}.{name}", task.document)
        files = tuple(_described(folder / f"{page}.{ending}") for ending in ("ipynb", *task.formats))
    except OSError as problem:
        raise unwritable(str(problem.filename or folder), problem) from problem
    except ReportError:
        raise
    except WorkbookError as problem:
        if isinstance(problem.__cause__, OSError):
            raise unwritable(str(problem.__cause__.filename or folder), problem.__cause__) from problem
        raise ReportError(N_("{report}: {reason}"), report=task.job.name, reason=str(problem)) from problem
    return Written(files, time.perf_counter() - began, computing(executed))


def unwritable(where: str, problem: OSError) -> OutOfReach:
    """Return what to say of a file that the system does not let us write."""
    return OutOfReach(
        N_("{file}: cannot be written ({reason}). Make room there, or choose another place with --out."),
        file=where,
        reason=problem.strerror or str(problem),
    )


def run_here(notebook: NotebookNode, task: Task, *, started: Callable[[int], object] | None = None) -> NotebookNode:
    """Run ``notebook`` in this process, which should be there for it alone; ``started`` is told each cell's index."""
    from workbook.reports.engine import run

    with _told(task):
        return run(notebook, _parameters(task).as_dict(), started=started)


def run_in_kernel(notebook: NotebookNode, task: Task, *, show_progress: bool = False) -> NotebookNode:
    """Run ``notebook`` in a kernel of its own: a forked one, or an ordinary one where fork is not to be trusted."""
    from workbook.kernels.kernelspec import KERNEL, BatchKernel

    ends = time.monotonic() + task.limits.report
    return _executed(
        notebook,
        task,
        kernel_name=KERNEL,
        kernel_manager_class=BatchKernel,
        progress_bar={"desc": task.job.name, "unit": "cell"} if show_progress else False,
        timeout_func=lambda cell: max(1, int(min(task.limits.cell, ends - time.monotonic()))),
    )


def cell_name(task: Task, index: int) -> dict[str, Any]:
    """Return notebook, number and last line of the cell at ``index`` of a notebook that was given its parameters."""
    notebook = _page(task)
    tags = [cell.metadata.get("tags", ()) for cell in notebook.cells]
    given = next((i + 1 for i, each in enumerate(tags) if "parameters" in each), 0)
    place = index - 1 if index > given else index
    source = notebook.cells[place].source if 0 <= place < len(notebook.cells) else ""
    last = source.strip().split("\n")[-1].strip()
    shown = last if len(last) <= LONGEST_SOURCE else f"{last[: LONGEST_SOURCE - 1]}…"
    return {"notebook": f"{task.job.page}.ipynb", "cell": place + 1, "source": shown}


def ships_as_is(task: Task) -> bool:
    """Return whether the code of the task's page is that of the page that came with the package."""
    page = task.job.page
    return _code(page_file(page, Workspace(task.workspace))) == _code(page_file(page))


def computing(executed: NotebookNode) -> float:
    """Return the seconds that the cells of an executed notebook took."""
    marks = (cell.metadata.get("papermill", {}).get("duration") for cell in executed.cells if cell.cell_type == "code")
    return sum(seconds for seconds in marks if seconds)


def _code(path: Path) -> list[str]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _page(task: Task) -> NotebookNode:
    return read_page(page_file(task.job.page, Workspace(task.workspace)), task.job.language)


def _executed(notebook: NotebookNode, task: Task, **options: Any) -> NotebookNode:
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)
    given = {"log_output": False, "request_save_on_cell_execute": False} | options
    with _told(task):
        return papermill.execute_notebook(notebook, None, parameters=_parameters(task).as_dict(), **given)


def _parameters(task: Task) -> PageParameters:
    job = task.job
    return PageParameters(str(task.workspace), job.plan, job.language, job.scenario, job.segment, interactive=False)


@contextmanager
def _told(task: Task) -> Iterator[None]:
    """Say of a cell that fails which it is."""
    from papermill import PapermillExecutionError

    try:
        yield
    except PapermillExecutionError as problem:
        raise ReportError(
            N_("{report}: notebook {notebook}, cell {cell} ({source}): {reason}"),
            report=task.job.name,
            reason=f"{problem.ename}: {problem.evalue}",
            **cell_name(task, problem.cell_index),
        ) from problem


def _write_notebook(executed: NotebookNode, path: Path) -> None:
    # On one line: with line breaks and indents, writing takes as long as some of the analyses.
    content = json.dumps(executed, ensure_ascii=False, separators=(",", ":"))
    write_atomically(path, f"{content}\n".encode("utf-8", "replace"))


def _clear(folder: Path, page: str) -> None:
    """Remove what a run that was killed has left beside its files."""
    for left in folder.glob(f".{page}.*-*"):
        left.unlink(missing_ok=True)


def _described(path: Path) -> WrittenFile:
    content = path.read_bytes()
    return WrittenFile(path.name, hashlib.sha256(content).hexdigest(), len(content))


def _folder(id: str, empty: str = "") -> str:
    """Return the name of a folder for ``id``. A tilde, which no id has, keeps it apart from names with a meaning."""
    # What an older version stored under a name that is no id leads nowhere else either.
    return f"{id}~" if id in RESERVED else quote(id, safe="").replace(".", "%2E") or empty
