"""Reports in a batch: which to write, and writing each by running the report notebook through papermill."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.language import N_, speaking
from workbook.pages import PageParameters, page_file, read_page
from workbook.plan.files import write_atomically
from workbook.plan.workspace import Workspace

__all__ = ["Job", "ReportError", "jobs", "run", "run_page"]

CELL_SECONDS = 120


class ReportError(WorkbookError):
    """A report that could not be written; it names plan, notebook and cell."""


@dataclass(frozen=True)
class Job:
    """One report: a page run for a plan, a segment (empty: all) and a language."""

    plan: str
    language: str
    segment: str = ""
    scenario: str = ""
    page: str = "report"

    def folder(self, out: Path) -> Path:
        """Return where the report goes below ``out``."""
        return out / self.plan / (self.scenario or "base") / (self.segment or "all") / self.language


def jobs(
    workspace: Workspace, plans: Iterable[str], languages: Iterable[str], segments: Iterable[str] = ()
) -> list[Job]:
    """
    Return the reports asked for, checked before any is run: every plan named (all, when none is) in every language.

    Raises ParameterError for a plan, language or segment that does not exist.
    """
    asked = [
        Job(plan, language, segment)
        for plan in (list(plans) or workspace.log.plans())
        for segment in (list(segments) or [""])
        for language in languages
    ]
    for job in asked:
        _parameters(job, workspace).require(workspace)
    return asked


def run(
    workspace: Workspace,
    asked: Iterable[Job],
    out: Path,
    *,
    formats: Iterable[str] = ("html",),
    progress: Callable[[Job], None] | None = None,
) -> list[Path]:
    """Write each report below ``out`` as a notebook with its outputs and in each of ``formats``; return these files."""
    written: list[Path] = []
    formats = tuple(formats)
    for job in asked:
        if progress is not None:
            progress(job)
        written += _report(job, workspace, out, formats)
    return written


def run_page(job: Job, workspace: Workspace, target: Path, *, show_progress: bool = False) -> None:
    """Run the page of ``job`` through papermill and write the notebook with its outputs to ``target``."""
    from workbook.kernels.forking import start_template

    start_template()  # it imports what the kernel needs while we import papermill
    import nbformat
    import papermill

    from workbook.kernels.kernelspec import KERNEL, BatchKernel

    logging.getLogger("papermill").setLevel(logging.ERROR)
    source = page_file(job.page, workspace)
    with tempfile.TemporaryDirectory(prefix="workbook-") as passing:
        worded = Path(passing) / source.name
        nbformat.write(read_page(source, job.language), worded)
        try:
            papermill.execute_notebook(
                str(worded),
                str(worded),
                parameters=_parameters(job, workspace).as_dict(),
                kernel_name=KERNEL,
                kernel_manager_class=BatchKernel,
                progress_bar={"desc": f"{job.plan} {job.language}", "unit": "cell"} if show_progress else False,
                log_output=False,
                request_save_on_cell_execute=False,
                execution_timeout=CELL_SECONDS,
            )
        except papermill.PapermillExecutionError as problem:
            raise ReportError(
                N_("plan “{plan}” ({language}), notebook {notebook}, cell {cell}: {reason}"),
                plan=job.plan,
                language=job.language,
                notebook=source.name,
                cell=problem.cell_index,
                reason=f"{problem.ename}: {problem.evalue}",
            ) from problem
        write_atomically(target, worded.read_bytes())


def _report(job: Job, workspace: Workspace, out: Path, formats: tuple[str, ...]) -> list[Path]:
    import nbformat

    from workbook.reports.formats import WRITERS, Document

    folder = job.folder(out)
    run_page(job, workspace, folder / f"{job.page}.ipynb", show_progress=True)
    plan, _ = workspace.log.plan(job.plan, scenario=job.scenario)
    document = Document(
        plan.charter.title or job.plan, job.language, job.plan, job.scenario, job.segment, workspace.folder
    )
    written = []
    with speaking(job.language):
        for name in formats:
            target = folder / f"{job.page}.{name}"
            WRITERS[name](nbformat.read(folder / f"{job.page}.ipynb", as_version=4), target, document)
            written.append(target)
    return written


def _parameters(job: Job, workspace: Workspace) -> PageParameters:
    return PageParameters(str(workspace.folder), job.plan, job.language, job.scenario, job.segment, interactive=False)
