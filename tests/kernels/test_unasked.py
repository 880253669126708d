"""What no one asks for is not loaded: a command starts without it, and a notebook has it all the same."""

import subprocess
import sys

import pytest

from workbook.kernels.unasked import UNASKED, without_the_unasked

COMMAND = f"""
import sys
from workbook.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print("\\nended", ended.code, "nbformat" in sys.modules, sys.modules.get({UNASKED!r}) is None)
"""


def test_a_command_that_writes_notebooks_loads_no_grammar(tmp_path):
    command = [sys.executable, "-c", COMMAND, "new", str(tmp_path / "team")]
    got = subprocess.run(command, capture_output=True, text=True, check=True)
    assert got.stdout.splitlines()[-1] == "ended 0 True True"


def test_it_is_missing_only_meanwhile(monkeypatch):
    monkeypatch.delitem(sys.modules, UNASKED, raising=False)
    with without_the_unasked(), pytest.raises(ImportError):
        __import__(UNASKED)
    assert UNASKED not in sys.modules


def test_what_is_loaded_already_stays(monkeypatch):
    monkeypatch.setitem(sys.modules, UNASKED, sys)
    with without_the_unasked():
        assert sys.modules[UNASKED] is sys
    assert sys.modules[UNASKED] is sys
