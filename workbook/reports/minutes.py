"""The minutes of a workshop: the page ``workshop`` of a plan, run once, in any format a report is written in."""

import tempfile
from pathlib import Path

from workbook.language import N_
from workbook.plan.workspace import Workspace
from workbook.reports.batch import Job, run_page
from workbook.reports.formats import WRITERS, Document, FormatError

__all__ = ["minutes"]


def minutes(workspace: Workspace, plan: str, language: str, ending: str) -> bytes:
    """
    Return the minutes of the latest workshop about ``plan`` as a file that ends in ``ending``.

    Raises
    ------
    FormatError
        If reports are written in no such format.
    ReportError
        If a cell of the page failed.
    """
    import nbformat

    if ending not in WRITERS:
        raise FormatError(
            N_("minutes are not written as “{found}”. There are: {near}."), found=ending, near=", ".join(WRITERS)
        )
    with tempfile.TemporaryDirectory(prefix="workbook-minutes-") as folder:
        executed, target = Path(folder) / "workshop.ipynb", Path(folder) / f"minutes.{ending}"
        run_page(Job(plan, language, page="workshop"), workspace, executed)
        title = workspace.log.plan(plan)[0].charter.title or plan
        document = Document(title, language, plan, workspace=workspace.folder)
        WRITERS[ending](nbformat.read(executed, as_version=4), target, document)
        return target.read_bytes()
