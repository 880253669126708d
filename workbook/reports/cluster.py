"""Reports run by the workers of a Dask cluster, and brought back to whoever asked for them.

Each worker is sent the workspace once, as a backup: plans as they are at one moment, wherever they are stored, tables and
notebooks, and no password. It runs reports as this machine would, in copies of a template of its own, and sends the
files back, so that what is written where is the batch's affair alone.
"""

from __future__ import annotations

import atexit
import hashlib
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbook.errors import ParameterError
from workbook.language import N_
from workbook.plan.backup import backup, restore
from workbook.plan.files import write_atomically
from workbook.plan.workspace import Workspace
from workbook.reports.press import Runner, Unfit, WorkerDied, local_runner
from workbook.reports.report import Task, Written, run_in_kernel, write_report

__all__ = ["Cluster"]

CONNECT_SECONDS = 10
REHEARSED = 2
"""Tasks that a worker works through beforehand."""


@dataclass(frozen=True)
class Delivery:
    """A report as a worker sends it: what was written, and the content of each file by its name."""

    written: Written
    contents: dict[str, bytes]


class Cluster:
    """Runs reports on the workers of the Dask scheduler at ``address``. Raises ParameterError where there are none."""

    def __init__(self, address: str, workspace: Workspace, waiting: Sequence[Task]) -> None:
        from distributed import Client

        try:
            self._client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise ParameterError(
                N_("no Dask scheduler answers at {address} ({reason}). Start one with `dask scheduler`."),
                address=address,
                reason=str(problem),
            ) from problem
        self.at_once = sum(self._client.nthreads().values())
        """How many reports the workers can run side by side."""
        if not self.at_once:
            self.close()
            raise ParameterError(
                N_("the Dask scheduler at {address} has no workers. Start some with `dask worker {address}`."),
                address=address,
            )
        self._rehearsed = tuple(waiting[:REHEARSED]) if len(waiting) > 2 * self.at_once else ()
        self._executor = self._client.get_executor(pure=False)
        with tempfile.TemporaryDirectory(prefix="workbook-parcel-") as passing:
            parcel = backup(workspace, Path(passing) / "workspace.zip").read_bytes()
        self._parcel = self._client.scatter(parcel, broadcast=True)

    def submit(self, task: Task) -> Future[Written]:
        arrived: Future[Written] = Future()
        arrived.set_running_or_notify_cancel()

        def unpack(sent: Future[Delivery]) -> None:
            try:
                delivery = sent.result()
                for name, content in delivery.contents.items():
                    write_atomically(task.folder / name, content)
                arrived.set_result(delivery.written)
            except BaseException as problem:
                arrived.set_exception(_told(task, problem))

        self._executor.submit(run_there, task, self._parcel, self._rehearsed).add_done_callback(unpack)
        return arrived

    def close(self) -> None:
        self._client.close()


def run_there(task: Task, parcel: bytes, rehearsed: Sequence[Task]) -> Delivery:
    """Run ``task`` on the machine this is called on, in the workspace that ``parcel`` holds."""
    home, runner = _bench(parcel, tuple(rehearsed))
    with tempfile.TemporaryDirectory(prefix="workbook-report-") as passing:
        folder = Path(passing)
        here = replace(_moved(task, home), folder=folder)
        try:
            written = runner.submit(here).result()
        except Unfit:
            written = write_report(here, run_in_kernel)
        return Delivery(written, {file.name: (folder / file.name).read_bytes() for file in written.files})


_lock = threading.Lock()
_benches: dict[str, tuple[Path, Runner]] = {}


def _bench(parcel: bytes, rehearsed: tuple[Task, ...]) -> tuple[Path, Runner]:
    """Return the workspace of ``parcel`` on this machine and who runs reports in it, made once in a process."""
    mark = hashlib.sha256(parcel).hexdigest()
    with _lock:
        if mark not in _benches:
            for folder, runner in _benches.values():
                _put_away(folder, runner)
            _benches.clear()
            folder = Path(tempfile.mkdtemp(prefix="workbook-bench-"))
            (folder / "workspace.zip").write_bytes(parcel)
            home = restore(folder / "workspace.zip", folder / "workspace").folder
            runner = local_runner(tuple(_moved(task, home) for task in rehearsed), 1)
            _benches[mark] = home, runner
            atexit.register(_put_away, home, runner)
        return _benches[mark]


def _put_away(home: Path, runner: Runner) -> None:
    import shutil

    runner.close()
    shutil.rmtree(home.parent, ignore_errors=True)


def _moved(task: Task, home: Path) -> Task:
    return replace(task, document=replace(task.document, workspace=home))


def _told(task: Task, problem: BaseException) -> BaseException:
    """Return what went wrong past this machine; a worker that is gone may be replaced."""
    from distributed import KilledWorker

    if isinstance(problem, KilledWorker):
        return WorkerDied(N_("{report}: the worker that ran it is gone."), report=task.job.name)
    return problem
