"""Workspaces with many small plans and a report of a few lines, for tests of the batch itself."""

import nbformat

from workbook.pages import made_workspace
from workbook.plan.model import Plan


def small_report(folder, *sources, plans=()):
    """Return a workspace whose report has the parameters and the cells ``sources``; with ``plans`` of one segment each."""
    own = made_workspace(folder, samples=not plans)
    for name in plans:
        own.log.create(name, Plan.model_validate({"segments": {"a": {"name": "A"}}}), author="ann")
    page = own.folder / "notebooks" / "report.ipynb"
    notebook = nbformat.read(page, as_version=4)
    given = next(cell for cell in notebook.cells if "parameters" in cell.metadata.tags)
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["exhibit"]}) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=[given, *cells], metadata=notebook.metadata), page)
    return own


def printed(out, job):
    """Return what the cells of a report have printed."""
    cells = nbformat.read(job.folder(out) / "report.ipynb", as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return "".join(output.text for output in outputs if output.output_type == "stream")
