"""How a server asks a template process for kernels: starting it, renewing it, and the handle of a kernel forked from it.

There is one template in a process that serves notebooks, started by ``start_template`` or when first needed. When
files of the package change, the next kernel comes from a new template; the old one stays until its kernels have ended.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

__all__ = ["ForkedKernel", "Template", "start_template", "template"]

FORKS = sys.platform == "linux"
"""Where fork is to be trusted: elsewhere, system libraries start threads behind one's back."""

SWITCH = "WORKBOOK_KERNELS"
"""Environment variable; ``plain`` starts every kernel the ordinary way."""

ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)

READ_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC_", "GLIBC_")
"""How the names of variables begin that act when a Python starts, and never again."""

LONGEST_WAIT = 20
"""Seconds until a template that is not ready, or does not answer, counts as failed."""

AGAIN_AFTER = 60
"""Seconds until a template is tried again after one that failed."""

LONGEST_SEND = 2
"""Seconds until a template that reads nothing counts as lost."""

PACKAGE = Path(__file__).parents[1]

_log = logging.getLogger("workbook.kernels")
_lock = threading.Lock()
_current: "Template | None" = None
_all: "WeakSet[Template]" = WeakSet()


def start_template() -> None:
    """Start the template, where fork is to be trusted and there is none; do not wait until it is ready."""
    _renewed()


async def template(patience: float = LONGEST_WAIT) -> "Template | None":
    """Return a template of the package's files as they are now, when it is ready within seconds of ``patience``."""
    found = _renewed()
    return found if found is not None and await found.is_ready(patience) else None


def _renewed() -> "Template | None":
    global _current
    if not FORKS or os.environ.get(SWITCH) == "plain":
        return None
    with _lock:
        state = package_state()
        if _current is not None and not _current.serves(state):
            _current.retire()
            _current = None
        if _current is None:
            try:
                _current = Template(state)
            except OSError as problem:
                _log.warning("no template for kernels: %s", problem)
        return _current


def package_state(folder: Path = PACKAGE) -> int:
    """Return a number that is another when a file of the package is changed, added or removed."""
    seen = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("__pycache__", "_shipped")]
        for name in files:
            with contextlib.suppress(OSError):
                found = os.stat(os.path.join(parent, name))
                seen.append((parent, name, found.st_mtime_ns, found.st_size))
    return hash(tuple(sorted(seen)))


class Template:
    """A template process, as its server sees it."""

    def __init__(self, state: int) -> None:
        self.state = state
        self.failure = ""
        self._ready = self._over = self._retired = False
        self._began = time.monotonic()
        self._numbers = itertools.count()
        self._answers: dict[int, dict[str, Any]] = {}
        self._given_up: set[int] = set()
        self._running: set[int] = set()
        self._exits: dict[int, int] = {}
        self._text = b""
        self._hearing = threading.RLock()
        self._environment = dict(os.environ)
        self._control, theirs = socket.socketpair()
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", LONGEST_SEND, 0))
        with theirs:
            # Nothing of ours is inherited: a pipeline that reads our output would wait for the template as well.
            self.process = subprocess.Popen(
                [sys.executable, str(PACKAGE / "kernels" / "template.py")],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment | ONE_THREAD,
                start_new_session=True,
            )
        _all.add(self)

    def serves(self, state: int) -> bool:
        """Return whether to keep to this template now that the package's files are in ``state``."""
        self.hear()
        if state != self.state:
            return False
        return time.monotonic() - self._began < AGAIN_AFTER if self.failure else not self._over

    async def is_ready(self, patience: float) -> bool:
        """Wait for the imports, no longer than ``patience``; return whether kernels can be forked."""
        until = time.monotonic() + patience
        while not (self._ready or self._over or self.failure):
            if time.monotonic() - self._began > LONGEST_WAIT:
                self._fail("the template is not ready")
            elif time.monotonic() > until:
                return False
            await asyncio.sleep(0.01)
            self.hear()
        return not (self._over or self.failure)

    def suits(self, environment: Mapping[str, str]) -> bool:
        """Return whether a kernel with this environment may be a copy: what acts at a start only must be the same."""
        names = {name for name in (*self._environment, *environment) if name.startswith(READ_AT_START)}
        return all(self._environment.get(name) == environment.get(name) for name in names)

    async def fork(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: str, streams: Sequence[int]
    ) -> "ForkedKernel | None":
        """Return a new kernel; None when the template fails or does not answer."""
        number = next(self._numbers)
        asked = {"start": number, "argv": list(arguments), "env": dict(environment), "cwd": folder}
        self._say(asked, streams)
        until = time.monotonic() + LONGEST_WAIT
        while number not in self._answers:
            if self._over or self.failure or time.monotonic() > until:
                self._given_up.add(number)
                self._fail("the template does not answer")
                return None
            await asyncio.sleep(0.002)
            self.hear()
        answer = self._answers.pop(number)
        if "failed" in answer:
            _log.warning("a kernel could not be forked: %s", answer["failed"])
            return None
        return ForkedKernel(self, answer["pid"])

    def exit_status(self, pid: int) -> int | None:
        """Return how the kernel ended, None while it runs."""
        self.hear()
        return self._exits.get(pid)

    def retire(self) -> None:
        """Fork no more; end when the last kernel has."""
        self._retired = True
        self._end_if_idle()

    def hear(self) -> None:
        """Take in what the template has said since, without waiting."""
        with self._hearing:
            while not self._over:
                try:
                    data = self._control.recv(1 << 16, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    return
                except OSError:
                    data = b""
                if not data:
                    return self._lost()
                *lines, self._text = (self._text + data).split(b"\n")
                for line in lines:
                    self._note(json.loads(line))

    def _note(self, said: dict[str, Any]) -> None:
        if "ready" in said:
            self._ready, self.failure = True, ""
        elif "exit" in said:
            self._running.discard(said["pid"])
            self._exits[said["pid"]] = said["exit"]
            self._end_if_idle()
        elif "start" in said:
            if "pid" in said:
                self._running.add(said["pid"])
                self._exits.pop(said["pid"], None)  # of an earlier process with this number
            if said["start"] not in self._given_up:
                self._answers[said["start"]] = said
            elif "pid" in said:
                _kill(said["pid"])
        else:
            self._fail(said["failed"])

    def _say(self, message: dict[str, Any], streams: Sequence[int]) -> None:
        text = json.dumps(message).encode() + b"\n"
        try:
            with self._hearing:
                socket.send_fds(self._control, [text[:1]], list(streams))
                self._control.sendall(text[1:])
        except OSError:
            self._fail("the template does not listen")

    def _fail(self, reason: str) -> None:
        if not self.failure:
            self.failure = reason
            _log.warning("kernels are started the ordinary way: %s", reason)

    def _lost(self) -> None:
        """The process is gone, and with it its kernels; make sure of that."""
        if not self._ready:
            self._fail("the template ended before it was ready")
        for pid in self._running:
            _kill(pid)
            self._exits[pid] = -signal.SIGKILL
        self._running.clear()
        self.close()

    def _end_if_idle(self) -> None:
        if self._retired and not self._running:
            self.close()

    def close(self) -> None:
        """End the template, and every kernel that is left."""
        with self._hearing:
            self._over = True
            self._control.close()
        try:
            self.process.wait(timeout=LONGEST_SEND)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def abandon(self) -> None:
        """Let go of it in a forked copy of the server, so that it ends with the server and not with the copy."""
        self._over = True
        self._control.close()
        self.process.returncode = 0


class ForkedKernel:
    """The handle of a kernel that is a child of the template: as much of ``subprocess.Popen`` as Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, template: Template, pid: int) -> None:
        self.pid = pid
        self._template = template

    @property
    def returncode(self) -> int | None:
        return self._template.exit_status(self.pid)

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        until = time.monotonic() + timeout if timeout is not None else None
        while (status := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(["workbook kernel"], timeout or 0)
            time.sleep(0.01)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _kill(pid: int) -> None:
    for end in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            end(pid, signal.SIGKILL)


def _abandon_all() -> None:
    global _current
    _current = None
    for one in _all:
        one.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)
