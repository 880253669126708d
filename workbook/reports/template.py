"""The template process of a batch: has imported and rehearsed all that reports need, and is copied for each of them.

It is run as a file, by ``workbook.reports.press``, with one end of a socket as its standard input. A copy runs one
notebook, writes its files and ends, so that nothing of one report is met by the next: names, modules, environment,
folder, random state. The template itself runs no notebook of the workspace, and what copies hand on to it, the answers
of studies, it takes only from notebooks whose code is the package's own. It watches over the time of each cell, and ends
what a copy leaves behind.
"""

import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, NoReturn

AT_ONCE = (
    "altair",
    "papermill",
    "nbconvert.filters.markdown_mistune",
    "scipy.optimize",
    "workbook.exhibits.view",
    "workbook.forms.session",
    "workbook.reports.drafting",
    "workbook.reports.engine",
    "workbook.reports.html",
    "workbook.reports.report",
)
"""What every report needs: imported before the template says that it is ready."""

SELDOM = 50_000, 50, 50
"""How seldom a copy looks for rings of things that nobody holds: it ends before they are many."""

CELL, REPORT = "cell", "report"
"""Which limit a copy has passed."""


def main() -> None:
    """Be a template until the batch is over; and write one report, in each copy."""
    control = Connection(os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    gc.disable()
    try:
        from workbook.kernels.unasked import without_the_unasked

        with without_the_unasked():
            for name in AT_ONCE:
                import_module(name)
        rehearsed = control.recv()
        _prepare(rehearsed)
    except EOFError:
        return
    except Exception as problem:
        return control.send(("failed", f"{type(problem).__name__}: {problem}"))
    gc.freeze()
    control.send(("ready", os.getpid()))
    task, environment, said = Template(control).next_report()
    be_report(task, environment, said)


def _prepare(tasks: Sequence[Any]) -> None:
    """Work through the page of the first of ``tasks``, and read the words of the others: what is done here, each copy has."""
    from workbook.kernels.template import require_one_thread
    from workbook.reports.drafting import draft_quickly
    from workbook.reports.engine import prepared_shell
    from workbook.reports.rehearsal import read_words, rehearse

    prepared_shell()
    draft_quickly()
    for task in tasks[:1]:
        rehearse(task)
    for task in tasks[1:]:
        read_words(task)
    require_one_thread()


@dataclass
class Copy:
    """A copy that writes a report, as the template sees it."""

    number: int
    said: Connection
    limits: Any
    began: float
    cell: int = -1
    cell_began: float = 0.0
    result: tuple[Any, ...] | None = None
    passed: str = ""

    def ends(self) -> float:
        """Return when its next limit is reached."""
        report = self.began + self.limits.report
        return min(report, self.cell_began + self.limits.cell) if self.cell >= 0 else report

    def overdue(self, now: float) -> str:
        """Return which limit it has passed, nothing for none."""
        if now >= self.began + self.limits.report:
            return REPORT
        return CELL if self.cell >= 0 and now >= self.cell_began + self.limits.cell else ""


class Template:
    """Copies itself as reports are asked for, and sees how they end."""

    def __init__(self, control: Connection) -> None:
        self.control = control
        self.copies: dict[int, Copy] = {}
        self.ended, self.wakeup = os.pipe()
        for end in (self.ended, self.wakeup):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup, warn_on_full_buffer=False)

    def next_report(self) -> tuple[Any, dict[str, str], Connection]:
        """Return, in each copy, what it is to write and where to say how it goes; in the template, never."""
        while True:
            listened: list[Any] = [
                self.control,
                self.ended,
                *(copy.said for copy in self.copies.values() if not copy.said.closed),
            ]
            ready = wait(listened, self._patience())
            for copy in self.copies.values():
                if copy.said in ready:
                    self._hear(copy)
            if self.ended in ready:
                os.read(self.ended, 4096)
                self._reap()
            self._end_overdue()
            if self.control in ready:
                try:
                    number, task, environment = self.control.recv()
                except (EOFError, OSError):
                    self._end()
                if (said := self._copied(number, task)) is not None:
                    return task, environment, said

    def _copied(self, number: int, task: Any) -> Connection | None:
        """Fork. In the copy, return where it is to say how it goes; None in the template."""
        from workbook.kernels.template import require_one_thread

        ours, theirs = Pipe(duplex=False)
        try:
            require_one_thread()
            pid = os.fork()
        except (OSError, RuntimeError) as problem:
            self._say(number, "nocopy", str(problem))
            ours.close()
            theirs.close()
            return None
        if not pid:
            self._leave(ours)
            return theirs
        theirs.close()
        self.copies[pid] = Copy(number, ours, task.limits, time.monotonic())
        return None

    def _hear(self, copy: Copy) -> None:
        from workbook.exhibits.learnt import learn

        try:
            while copy.said.poll():
                kind, *values = copy.said.recv()
                if kind == "cell":
                    copy.cell, copy.cell_began = values[0], time.monotonic()
                elif kind == "learnt":
                    learn(values[0])
                elif kind == "written":  # the notebook has run: only the report's own limit is left
                    copy.cell = -1
                else:
                    copy.result = (kind, *values)
        except (EOFError, OSError):
            copy.said.close()

    def _reap(self) -> None:
        while self.copies:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            copy = self.copies.pop(pid)
            if not copy.said.closed:
                self._hear(copy)
                copy.said.close()
            _end_group(pid)  # what the notebook has started and not ended
            if copy.result:
                self._say(copy.number, *copy.result)
            elif copy.passed:
                self._say(copy.number, "late", copy.passed, copy.cell)
            else:
                self._say(copy.number, "died", os.waitstatus_to_exitcode(status), copy.cell)

    def _patience(self) -> float | None:
        if not self.copies:
            return None
        return max(0.0, min(copy.ends() for copy in self.copies.values()) - time.monotonic())

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for pid, copy in self.copies.items():
            if not copy.passed and not copy.result and (passed := copy.overdue(now)):
                copy.passed = passed
                _end_group(pid)

    def _say(self, number: int, *what: Any) -> None:
        try:
            self.control.send((number, *what))
        except OSError:
            self._end()

    def _end(self) -> NoReturn:
        """End every copy: whoever asked for them is gone."""
        for pid in self.copies:
            _end_group(pid)
        os._exit(0)

    def _leave(self, ours: Connection) -> None:
        """Let go of what a copy has no business with."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for copy in self.copies.values():
            copy.said.close()
        for connection in (self.control, ours):
            connection.close()
        for descriptor in (self.ended, self.wakeup):
            os.close(descriptor)


def be_report(task: Any, environment: dict[str, str], said: Connection) -> NoReturn:
    """Run the notebook of ``task`` in this process, a fresh copy of the template, write its files, and end."""
    from workbook.errors import WorkbookError
    from workbook.exhibits.learnt import note_what_is_new
    from workbook.kernels.template import DIES_WITH_PARENT, forget_randomness
    from workbook.reports.report import run_here, ships_as_is, write_report

    template = os.getppid()
    os.setsid()
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if template == 1 or os.getppid() != template:
        os._exit(1)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    forget_randomness()
    gc.enable()
    gc.set_threshold(*SELDOM)

    def run(notebook: Any, asked: Any) -> Any:
        executed = run_here(notebook, asked, started=lambda index: said.send(("cell", index)))
        said.send(("written",))
        return executed

    # What a notebook of the workspace's own works out may be its own way of doing so.
    learnt = note_what_is_new() if ships_as_is(task) else []
    try:
        said.send(("done", write_report(task, run)))
        if learnt:
            said.send(("learnt", learnt))
    except WorkbookError as problem:
        said.send(("failed", problem))
    except BaseException as problem:
        said.send(("broke", f"{type(problem).__name__}: {problem}"))
    # Without taking the interpreter down piece by piece, which takes longer than some reports.
    os._exit(0)


def _end_group(pid: int) -> None:
    for end in (os.killpg, os.kill):
        try:
            end(pid, signal.SIGKILL)
        except OSError:
            continue


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder, whose modules would hide others of the same name
    main()
