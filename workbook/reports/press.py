"""Who runs the notebooks of a batch: copies of a template on this machine, or kernels where fork is not to be trusted.

Each takes one task at a time from the batch and gives a future of what was written. How many run at once is the
batch's affair.
"""

import contextlib
import os
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from socket import SHUT_RDWR
from typing import Any, Protocol

from workbook.errors import WorkbookError
from workbook.language import N_
from workbook.reports.early import copies_here, started
from workbook.reports.report import (
    ReportError,
    Task,
    Written,
    cell_name,
    run_in_kernel,
    write_report,
)

__all__ = ["Kernels", "Press", "Runner", "Unfit", "WorkerDied", "local_runner"]

LONGEST_END = 2
"""Seconds until a template that does not end by itself is ended."""


class WorkerDied(ReportError):
    """A process that ended before its report was written. It may fare better another time."""


class Unfit(Exception):
    """The template cannot be started, or cannot be copied: reports are to be run in another way."""


class Runner(Protocol):
    """Whoever runs the notebooks of a batch."""

    def submit(self, task: Task) -> "Future[Written]":
        """Begin with ``task``."""

    def close(self) -> None:
        """End, and leave what is not finished."""


def local_runner(rehearsed: Sequence[Task], jobs: int) -> Runner:
    """Return who runs reports on this machine, ``jobs`` of them at once."""
    if copies_here():
        return Press(rehearsed)
    return Kernels(jobs)


class Kernels:
    """Runs each report in a kernel of its own, as stock papermill does."""

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs, "workbook-report")

    def submit(self, task: Task) -> "Future[Written]":
        return self._threads.submit(_in_kernel, task)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Press:
    """
    Runs each report in a copy of a template process, which is started with the first and again when it was lost.

    ``rehearsed`` are tasks in one language each: the template works through the first and reads the words of the others.
    """

    def __init__(self, rehearsed: Sequence[Task] = ()) -> None:
        self._rehearsed = tuple(rehearsed)
        self._lock = threading.Lock()
        self._template: _Template | None = None

    def submit(self, task: Task) -> "Future[Written]":
        with self._lock:
            if self._template is None or self._template.over:
                self._template = _Template(self._rehearsed)
            return self._template.begin(task)

    @property
    def pid(self) -> int:
        """The template's process, 0 while there is none."""
        return self._template.process.pid if self._template else 0

    def close(self) -> None:
        with self._lock:
            if self._template is not None:
                self._template.close()


class _Template:
    """A template process, as the batch sees it."""

    def __init__(self, rehearsed: Sequence[Task]) -> None:
        self.over = False
        self._lock = threading.Lock()
        self._pending: dict[int, tuple[Task, Future[Written]]] = {}
        self._numbers = 0
        self.process, self._socket = started()
        self._control = Connection(os.dup(self._socket.fileno()))
        self._control.send(tuple(rehearsed))
        self._listener = threading.Thread(target=self._listen, name="workbook-press", daemon=True)
        self._listener.start()

    def begin(self, task: Task) -> "Future[Written]":
        future: Future[Written] = Future()
        future.set_running_or_notify_cancel()
        with self._lock:
            self._numbers += 1
            number = self._numbers
            self._pending[number] = task, future
        try:
            self._control.send((number, task, dict(os.environ)))
        except OSError:
            self._lost()
        return future

    def close(self) -> None:
        """End the template, and every copy that is left."""
        self.over = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(SHUT_RDWR)
        try:
            self.process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            self.process.kill()  # the system then ends its copies
            self.process.wait()
        self._listener.join(LONGEST_END)
        self._socket.close()
        self._control.close()

    def _listen(self) -> None:
        try:
            while True:
                self._note(*self._control.recv())
        except (EOFError, OSError):
            self._lost()

    def _note(self, number: Any, *said: Any) -> None:
        if number == "ready":
            return
        if number == "failed":
            return self._lost(Unfit(said[0]))
        with self._lock:
            task, future = self._pending.pop(number)
        kind, *values = said
        if kind == "done":
            future.set_result(values[0])
        else:
            future.set_exception(_problem(task, kind, values))

    def _lost(self, reason: Exception | None = None) -> None:
        """Say of every report that is not finished that its worker is gone."""
        self.over = True
        with self._lock:
            pending, self._pending = self._pending, {}
        for task, future in pending.values():
            future.set_exception(reason or _problem(task, "died", [None, -1]))


def _problem(task: Task, kind: str, values: Sequence[Any]) -> Exception:
    """Return what a template said of a report that was not written, as an exception."""
    where: dict[str, Any] = {"report": task.job.name}
    match kind:
        case "nocopy":
            return Unfit(values[0])
        case "failed":
            return values[0]
        case "late":
            limit, index = values
            if limit == "cell":
                return ReportError(
                    N_(
                        "{report}: notebook {notebook}, cell {cell} ({source}): not finished within {seconds} s. "
                        "Allow more with --cell-seconds, or look for what it waits for."
                    ),
                    seconds=f"{task.limits.cell:g}",
                    **where,
                    **cell_name(task, index),
                )
            return ReportError(
                N_("{report}: not finished within {seconds} s. Allow more with --report-seconds."),
                seconds=f"{task.limits.report:g}",
                **where,
            )
        case "died":
            status, index = values
            code = "–" if status is None else status
            if index >= 0:
                return WorkerDied(
                    N_(
                        "{report}: notebook {notebook}, cell {cell} ({source}): its process ended (exit code "
                        "{code}) before the report was written."
                    ),
                    code=code,
                    **where,
                    **cell_name(task, index),
                )
            return WorkerDied(
                N_("{report}: its process ended (exit code {code}) before the report was written."), code=code, **where
            )
    return ReportError(N_("{report}: {reason}"), reason=str(values[0]), **where)


def _in_kernel(task: Task) -> Written:
    try:
        return write_report(task, run_in_kernel)
    except WorkbookError:
        raise
    except Exception as problem:
        raise _kernel_problem(task, problem) from problem


def _kernel_problem(task: Task, problem: Exception) -> ReportError:
    """Return what nbclient said as a report's error: a kernel that died, a cell that took too long."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    if isinstance(problem, DeadKernelError):
        return WorkerDied(
            N_("{report}: its process ended (exit code {code}) before the report was written."),
            report=task.job.name,
            code="-",
        )
    if isinstance(problem, CellTimeoutError):
        return ReportError(
            N_("{report}: not finished within {seconds} s. Allow more with --report-seconds."),
            report=task.job.name,
            seconds=f"{min(task.limits.cell, task.limits.report):g}",
        )
    return ReportError(N_("{report}: {reason}"), report=task.job.name, reason=f"{type(problem).__name__}: {problem}")
