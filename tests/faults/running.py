"""What the tests of faults share: writers in processes of their own, and what a store must be like afterwards."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbook.plan.model import Plan
from workbook.plan.revisions import folded, whole_plan
from workbook.plan.store import RevisionLog

ROOT = Path(__file__).parents[2]
WRITERS = [sys.executable, str(Path(__file__).with_name("writers.py"))]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def writers(*arguments: object, seconds: float = 300, before: tuple[str, ...] = ()) -> dict:
    """Run ``writers.py`` and return what it printed."""
    command = [*before, *WRITERS, *map(str, arguments)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def new_store(url: str, plan: str = "trial") -> RevisionLog:
    log = RevisionLog(url)
    log.create(plan, Plan.model_validate({"segments": {"a": {"name": "A"}}}), author="ann")
    return log


def assert_sound(url: str, plan: str = "trial") -> RevisionLog:
    """Open the store anew: the chain holds, SQLite finds nothing, and the plan is the fold of the log."""
    log = RevisionLog(url)
    assert log.verify() == []
    history = log.revisions(plan)
    assert [revision.sequence for revision in history] == list(range(1, log.head(plan) + 1))
    assert log.plan(plan)[0] == whole_plan(folded(history))
    if log.database.is_file:
        connection = sqlite3.connect(log.database.path)
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        connection.close()
    return log


@contextmanager
def small_disk(folder: Path, *, size: str = "1m") -> Iterator[Path]:
    """Give a disk of its own at ``folder``; a test that cannot have one is skipped and says why."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here ({mounted.stderr.strip()}): run as root, outside a sandbox")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def read_only_disk(folder: Path) -> Iterator[Path]:
    """Mount ``folder`` read-only for a while, which holds for root too."""
    bound = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, text=True)
    if bound.returncode:
        pytest.skip(f"a folder cannot be mounted read-only here ({bound.stderr.strip()}): run as root")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
