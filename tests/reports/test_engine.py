"""The engine without a kernel: the outputs a kernel gives, and nothing that one report leaves to the next."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from reports.small_reports import printed, small_report

from workbook.exhibits import MIME
from workbook.kernels import forking
from workbook.pages import made_workspace
from workbook.reports import batch
from workbook.reports.report import Job
from workbook.steps import PAGES

forks = pytest.mark.skipif(not forking.FORKS, reason="reports are run in copies of a template on Linux only")

CELLS = (
    "import sys\nprint('a'); print('b'); print('e', file=sys.stderr)\n7",
    "from IPython.display import HTML, clear_output, display\nh = display('x', display_id='q')\ndisplay(HTML('<b>1</b>'))",
    "h.update('y')",
    "8;",
    "_ + 1",
    "import asyncio\nawait asyncio.sleep(0)\nasyncio.get_running_loop().is_running()",
    "print('gone'); clear_output(wait=True); print('stays')",
    "class Picture:\n    __repr__ = lambda self: 'p'\n    def _repr_png_(self):\n        return b'\\x89PNG'\nPicture()",
    "import pandas as pd\npd.DataFrame({'a': [1]})",
)
FAILING = (["[1,\n"], ["1 / 0", "2"], ["raise SystemExit(3)"])


def outputs(engine, cells):
    """Return the outputs of each cell as ``engine`` leaves them, without tracebacks, or the error that ended it."""
    tagged = [new_code_cell(source, metadata={"tags": []}) for source in cells]
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    given = new_notebook(cells=tagged, metadata={"kernelspec": spec})
    try:
        done = papermill.execute_notebook(given, None, engine_name=engine, kernel_name="python3", progress_bar=False)
    except papermill.PapermillExecutionError as problem:
        return problem.cell_index, problem.exec_count, problem.ename, problem.evalue
    # A kernel sends its two streams in an order of its own.
    return [
        (cell.execution_count, sorted(cell.get("outputs", ()), key=lambda output: output.get("name", "")))
        for cell in done.cells
    ]


def by_engine(engine):
    """Return what ``CELLS`` leave and how those fail that do, in a process that is there for this alone."""
    code = (
        "import sys, json; sys.path.insert(0, 'tests'); from reports.test_engine import CELLS, FAILING, outputs\n"
        "from workbook.reports.engine import register; register()\n"
        "print(json.dumps([outputs(sys.argv[1] or None, cells) for cells in (CELLS, *FAILING)]))"
    )
    command = [sys.executable, "-c", code, engine]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, check=True, timeout=120)
    return json.loads(done.stdout)


@pytest.mark.slow
def test_cells_leave_the_outputs_that_a_kernel_gives():
    ours, kernel = by_engine("workbook"), by_engine("")
    for theirs, mine in zip(kernel[0], ours[0], strict=True):
        assert mine == theirs
    count = len(CELLS)
    # The shell of a process goes on counting where a kernel would begin anew.
    assert [each[0:1] + each[2:] for each in ours[1:]] == [each[0:1] + each[2:] for each in kernel[1:]]
    assert ours[1][1:3] == [count + 1, "SyntaxError"]


def exhibits_of(path):
    cells = nbformat.read(path, as_version=4).cells
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    # A calendar says in its file when that was written.
    return [{name: part for name, part in data[MIME].items() if name != "files"} for data in shown if MIME in data]


@forks
@pytest.mark.slow
@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_copies_forked_and_plain_kernels_give_the_same_exhibits(page, monkeypatch, tmp_path):
    workspace = made_workspace(tmp_path / "team", samples=True)
    job = Job("adaptive-test", "it", page=page)
    found = {}
    for kind in ("forked", "plain"):
        monkeypatch.setenv(forking.SWITCH, kind)
        batch.run_page(job, workspace, tmp_path / f"{kind}.ipynb")
        found[kind] = exhibits_of(tmp_path / f"{kind}.ipynb")
    monkeypatch.delenv(forking.SWITCH)
    batch.run(workspace, [job], tmp_path / "out", formats=())
    found["copy"] = exhibits_of(job.folder(tmp_path / "out") / f"{page}.ipynb")
    assert len(found["plain"]) >= 2
    assert found["copy"] == found["forked"] == found["plain"]


@forks
def test_nothing_of_one_report_is_met_by_the_next(tmp_path):
    look = (
        "import json, os, random, sys\nimport numpy as np\nimport workbook.language\nfrom workbook.exhibits import learnt\n"
        "print(os.environ.get('LEFT'), os.getcwd(), hasattr(json, 'left'), 'left' in globals(), len(_oh), end=' ')\n"
        "print(workbook.language.current(), sys.argv[1:], 'left' in sys.modules, np.geterr()['over'], 'left' in learnt._kept)"
    )
    draw = "print(random.random(), np.random.random())"
    leave = (
        "os.environ['LEFT'] = '1'; os.chdir('/'); json.left = left = 1; sys.modules['left'] = json\n"
        "workbook.language.speak('it'); learnt.once('left', dict); np.seterr(over='raise'); random.seed(1); np.random.seed(1)\n"
        "import subprocess; subprocess.Popen(['sleep', '60'])"
    )
    workspace = small_report(tmp_path / "team", look, draw, leave, plans=("a", "b", "c"))
    out = tmp_path / "out"
    asked = batch.jobs(workspace)
    batch.run(workspace, asked, out, at_once=1)
    seen, drawn = zip(*(printed(out, job).splitlines() for job in asked), strict=True)
    assert len(set(seen)) == 1
    assert seen[0] == f"None {os.getcwd()} False False 0 en [] False warn False"
    assert len(set(drawn)) == 3
