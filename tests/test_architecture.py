"""Imports go one way, importing is cheap, and notebooks tell the story while the package does the work."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted((ROOT / "workbook").rglob("*.py"))
HEAVY = ("IPython", "altair", "ipywidgets", "pandas", "sqlalchemy")
EMPTY_NAMES = {"base", "common", "constants", "core", "helpers", "manager", "misc", "utils"}
LOGIC = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    *(ast.Import, ast.ImportFrom),
)

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str | None = None) -> list[dict]:
    found = json.loads(path.read_text("utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def code_lines(cell: dict) -> list[str]:
    return [line for line in source(cell).splitlines() if line.strip()]


def test_imports_go_one_way():
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    checked = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_importing_the_package_loads_nothing_heavy():
    program = f"import sys, workbook; print([name for name in {HEAVY!r} if name in sys.modules])"
    asked = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"


def test_modules_are_named_for_what_they_are_about():
    assert [str(path.relative_to(ROOT)) for path in MODULES if path.stem in EMPTY_NAMES] == []


def test_no_module_changes_a_plan_past_validation():
    banned = re.compile(r"\.model_copy\(\s*update\b|\.model_construct\(")
    assert [str(path.relative_to(ROOT)) for path in MODULES if banned.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", sorted((ROOT / "workbook/exhibits/charts").glob("*.py")), ids=lambda path: path.stem)
def test_a_channel_of_a_chart_is_written_as_such_since_altair_looks_a_string_up_among_all_its_classes(path):
    drawn = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    encoded = (node for node in drawn if isinstance(node.func, ast.Attribute) and node.func.attr == "encode")
    given = (keyword.value for node in encoded for keyword in node.keywords)
    assert [value.lineno for value in given if isinstance(value, ast.Constant | ast.JoinedStr)] == []


def test_there_are_notebooks():
    assert NOTEBOOKS


@each_notebook
def test_notebooks_hold_no_outputs(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@each_notebook
def test_every_cell_has_tags_and_the_notebook_is_ready_for_papermill(path):
    assert [source(cell)[:60] for cell in cells(path) if "tags" not in cell["metadata"]] == []
    assert "papermill" in json.loads(path.read_text("utf-8"))["metadata"]


@each_notebook
def test_one_cell_holds_the_parameters_one_plain_assignment_a_line(path):
    (parameters,) = [cell for cell in cells(path, "code") if "parameters" in cell["metadata"].get("tags", [])]
    statements = ast.parse(source(parameters)).body
    assert len(statements) == len(code_lines(parameters))
    for statement in statements:
        assert isinstance(statement, ast.Assign | ast.AnnAssign), ast.unparse(statement)
        ast.literal_eval(statement.value)
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        assert all(isinstance(target, ast.Name) for target in targets), ast.unparse(statement)


@each_notebook
def test_code_cells_are_short(path):
    assert [source(cell)[:60] for cell in cells(path, "code") if len(code_lines(cell)) > 15] == []


@each_notebook
def test_notebooks_call_the_package_and_hold_no_logic(path):
    for cell in cells(path, "code"):
        found = [ast.unparse(node) for node in ast.walk(ast.parse(source(cell))) if isinstance(node, LOGIC)]
        assert [line for line in found if line != "import workbook as wb"] == []


@each_notebook
def test_notebooks_begin_with_a_title(path):
    first = cells(path)[0]
    assert first["cell_type"] == "markdown"
    assert source(first).startswith("# ")


@each_notebook
def test_notebooks_tell_more_than_they_compute(path):
    words = sum(len(source(cell).split()) for cell in cells(path, "markdown"))
    lines = sum(len(code_lines(cell)) for cell in cells(path, "code"))
    assert words > 5 * lines


def test_a_notebook_asks_for_the_minutes_that_its_step_is_planned_with():
    from workbook.steps import STEPS

    for step in STEPS:
        prose = "".join(source(cell) for cell in cells(ROOT / "notebooks" / f"{step.key}.ipynb", "markdown")[:1])
        assert f"about {step.minutes} minutes" in prose.replace("\n", " "), step.key
