"""The template process: imports what notebooks need, then becomes a kernel each time one is asked for.

It is run as a file, by ``workbook.kernels.forking``, with one end of a socket as its standard input. It reads requests
there, one JSON object a line with the kernel's stdout and stderr as descriptors beside it, and answers with the pid of
each kernel and, in the end, its exit status. The end of the socket is its own end, and it takes the kernels along.

A fork copies only the thread that forks, so the template must never have a second one, an event loop or a ZeroMQ
context: it counts its threads before each fork, and forks no kernel while there is another.
"""

import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any, NoReturn

KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
)
"""What a kernel is made of: imported first."""

AT_ONCE = (
    "ipywidgets",
    "altair",
    "workbook.exhibits.view",
    "workbook.forms.session",
    "workbook.forms.view",
)
"""What every page needs: imported before the template says that it is ready."""

IN_QUIET = ("scipy.optimize", "scipy.stats", "duckdb", "sklearn.cluster")
"""What some analyses need: imported one by one while nobody asks for a kernel, between the rehearsals."""

DIES_WITH_PARENT = 1
"""Linux calls it PR_SET_PDEATHSIG, see prctl(2): which signal a process gets when its parent ends."""

Message = dict[str, Any]


def main() -> None:
    """Be a template until the server is gone; and a kernel, in each copy."""
    template = _Template(_control())
    gc.disable()
    try:
        from workbook.kernels.unasked import without_the_unasked

        with without_the_unasked():
            for name in KERNEL:
                import_module(name)
            files = _module_files()
            for name in AT_ONCE:
                import_module(name)
    except Exception as problem:
        return template.say({"failed": f"{type(problem).__name__}: {problem}"})
    gc.freeze()
    template.say({"ready": os.getpid()})
    be_kernel(template.asked_to_be(), files)


def _control() -> socket.socket:
    """Move the socket away from standard input, where a kernel has nothing."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return control


class _Template:
    """Forks kernels as they are asked for, and sees how they end."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.kernels: set[int] = set()
        self.quiet: list[Callable[[], object]] = [
            partial(_rehearse, "page"),
            *(partial(import_module, name) for name in IN_QUIET),
            partial(_rehearse, "answers"),
        ]
        self.text, self.streams = b"", list[int]()
        self.ended, self.wakeup = os.pipe()
        for end in (self.ended, self.wakeup):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup, warn_on_full_buffer=False)
        self.awaited = selectors.DefaultSelector()
        for source in (self.control, self.ended):
            self.awaited.register(source, selectors.EVENT_READ)

    def say(self, message: Message) -> None:
        try:
            self.control.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self._end()

    def asked_to_be(self) -> Message:
        """Return, in each kernel, the request that it is to fulfil; in the template, never."""
        while True:
            for request in self._requests():
                if self._is_copy(request):
                    self._leave()
                    return request

    def _requests(self) -> list[Message]:
        ready = {key.fd for key, _ in self.awaited.select(0 if self.quiet else None)}
        if self.ended in ready:
            os.read(self.ended, 4096)
            self._reap()
        if self.control.fileno() in ready:
            return self._read()
        if not ready:
            self._prepare()
        return []

    def _read(self) -> list[Message]:
        try:
            data, streams, *_ = socket.recv_fds(self.control, 1 << 16, 16)
        except OSError:
            data, streams = b"", []
        if not data:
            self._end()
        *lines, self.text = (self.text + data).split(b"\n")
        self.streams += streams
        return [json.loads(line) for line in lines]

    def _is_copy(self, request: Message) -> bool:
        """Fork. True in the kernel; in the template, answer with its pid, or why there is none."""
        request["streams"], self.streams = self.streams[:2], self.streams[2:]
        answer = {"start": request["start"]}
        try:
            require_one_thread()
            if not (pid := os.fork()):
                return True
        except (OSError, RuntimeError) as problem:
            self.say(answer | {"failed": str(problem)})
        else:
            self.kernels.add(pid)
            self.say(answer | {"pid": pid})
        for stream in request["streams"]:
            os.close(stream)
        return False

    def _reap(self) -> None:
        while self.kernels:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self.kernels.discard(pid)
            self.say({"pid": pid, "exit": os.waitstatus_to_exitcode(status)})

    def _prepare(self) -> None:
        """Do one thing more that a kernel would have to do otherwise."""
        try:
            self.quiet.pop(0)()
        except Exception:  # whoever needs it is told what is wrong with it
            return
        gc.freeze()

    def _end(self) -> NoReturn:
        """End every kernel, with what it has started: the server that knew them is gone."""
        for pid in self.kernels:
            for end in (os.killpg, os.kill):
                try:
                    end(pid, signal.SIGKILL)
                except OSError:
                    continue
        os._exit(0)

    def _leave(self) -> None:
        """Let go of what a kernel has no business with."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.awaited.close()
        self.control.close()
        for descriptor in (self.ended, self.wakeup, *self.streams):
            os.close(descriptor)


class _File:
    """A module's file, as if it were the module."""

    __slots__ = ("__file__",)

    def __init__(self, file: str) -> None:
        self.__file__ = file


def _module_files() -> dict[str, _File]:
    """Return the files of the modules that are imported now."""
    # New strings, side by side: a kernel counts a reference in each, and no longer shares the page that it lies on.
    return {
        "".join(list(name)): _File("".join(list(file)))
        for name, module in sys.modules.copy().items()
        if (file := getattr(module, "__file__", None))
    }


def _rehearse(part: str) -> None:
    from workbook.kernels.rehearsal import rehearse

    rehearse(part)


def require_one_thread() -> None:
    """Raise RuntimeError where this process is not fit to be copied."""
    count = len(os.listdir("/proc/self/task"))
    if count != 1:
        raise RuntimeError(f"the template has {count} threads")


def be_kernel(request: Message, files: dict[str, _File]) -> None:
    """Run an IPython kernel in this process, a fresh copy of the template, until it is shut down."""
    template = os.getppid()
    os.setsid()
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if template == 1 or os.getppid() != template:
        os._exit(1)
    for number, stream in enumerate(request["streams"], start=1):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(template))
    time.tzset()
    forget_randomness()
    gc.enable()

    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = request["argv"]
    application = IPKernelApp.instance(parent_handle=template)
    with _only_modules(files):
        application.initialize(sys.argv[1:])
    ipywidgets.register_comm_target()  # does nothing at its import where there is no kernel yet
    application.start()


@contextmanager
def _only_modules(files: dict[str, _File]) -> Iterator[None]:
    """
    Let a kernel that starts see no modules but ``files``.

    It takes all there are for its own, where a debugger does not stop and which ``%reset`` leaves, and looks at each: in a
    copy far too many, and as many pages of memory that it would no longer share.
    """
    seeing: list[Any] = [sys.modules[name] for name in ("ipykernel.ipkernel", "IPython.core.shellapp")]
    narrowed = SimpleNamespace(**(vars(sys) | {"modules": files}))
    for module in seeing:
        module.sys = narrowed
    try:
        yield
    finally:
        for module in seeing:
            module.sys = sys


def forget_randomness() -> None:
    """Seed anew what the copies would share. Python's own ``random`` and OpenSSL see to it themselves."""
    import numpy as np

    np.random.seed()


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder, whose modules would hide others of the same name
    main()
