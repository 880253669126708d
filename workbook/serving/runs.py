"""How is a page's notebook run? At once when its kernel is up, all cells one after the other, whoever is there to look.

Voila waits for the browser's scripts, then runs a cell, waits, and runs the next. Here the kernel is given every cell in
one go while the browser still reads the page, and what they show is kept until it comes to fetch it. What a kernel says
is passed on as it was written, without being read: the browser tells by ``cell-N``, the name of the request, what
belongs where.
"""

import ast
import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from nbformat import NotebookNode

__all__ = ["Run", "code_cells", "has_only_ours"]

SHOWN = {"comm_open", "comm_close", "comm_msg", "display_data"}
"""What a browser is given of a run. What its code prints, and where it failed, is for the server's messages."""

KNOCK_AGAIN = 0.1
"""Seconds until a kernel that does not answer yet is asked again."""

LOOK_AGAIN = 1.0
"""Seconds between two looks whether the kernel still lives."""

Frame = bytes | str

_log = logging.getLogger("workbook.serving")


def code_cells(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return number, from 1, and source of the cells that there is something to run in."""
    return [
        (number, cell.source)
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def has_only_ours(notebook: NotebookNode) -> bool:
    """
    Whether the notebook's code only sets parameters, opens a step and calls it: then all it shows is ours.

    Any other may show widgets of any kind, which takes Voila's whole script in the browser.
    """
    try:
        return all(_is_ours(statement) for _, source in code_cells(notebook) for statement in ast.parse(source).body)
    except SyntaxError:
        return False


def _is_ours(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names=[ast.alias(name="workbook")]):
            return True
        case ast.AnnAssign(value=ast.Constant()) | ast.Assign(value=ast.Constant()):
            return True
        case ast.Assign(value=ast.Call(func=ast.Attribute(value=ast.Name(id="wb"), attr="open_step"))):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="step")))):
            return True
    return False


class Run:
    """The run of some ``cells``, numbers and sources, in a kernel; ``failed`` is what the page says in place of one that failed."""

    def __init__(self, cells: Iterable[tuple[int, str]], failed: str) -> None:
        self._cells = list(cells)
        self._failed = failed
        self._waiting = {_request(number) for number, _ in self._cells}
        self._frames: list[Frame] = []
        self._listeners: set[Callable[[Frame], None]] = set()
        self._streams: list[Any] = []
        self._session: Any = None
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def go(self, kernel: Any) -> None:
        """Have ``kernel``, a kernel manager, run the cells; return when it has, or has ended."""
        self._session = kernel.session
        if await _is_bound(kernel):
            said = asyncio.Event()
            iopub, shell = kernel.connect_iopub(), kernel.connect_shell()
            self._streams += [iopub, shell]

            def hear(parts: list[bytes]) -> None:
                said.set()
                self._hear(parts)

            iopub.on_recv(hear)
            shell.on_recv(lambda _reply: None)
            # Before its first word is heard here, what it says might be lost.
            while not said.is_set() and await ensure_async(kernel.is_alive()):
                self._session.send(shell, "kernel_info_request")
                with suppress(TimeoutError):
                    await asyncio.wait_for(said.wait(), KNOCK_AGAIN)
            for number, source in self._cells:
                self._ask(shell, number, source)
        while not self._over.done() and await ensure_async(kernel.is_alive()):
            await asyncio.wait([self._over], timeout=LOOK_AGAIN)
        self._finish()

    def follow(self, listener: Callable[[Frame], None]) -> None:
        """Call ``listener`` with all there is to show, and with what comes after."""
        for frame in self._frames:
            listener(frame)
        self._listeners.add(listener)

    def leave(self, listener: Callable[[Frame], None]) -> None:
        """Call ``listener`` no more. When the run is over and nobody is left, it is done with."""
        self._listeners.discard(listener)
        if self._over.done() and not self._listeners:
            self.close()

    def close(self) -> None:
        """Let go of the kernel and of what it has shown."""
        self._finish()
        for stream in self._streams:
            stream.close()
        self._streams.clear()
        self._frames.clear()

    def _finish(self) -> None:
        if not self._over.done():
            self._over.set_result(None)
            self._show(json.dumps({"kind": "done"}))

    def _ask(self, shell: Any, number: int, source: str) -> None:
        header = self._session.msg_header("execute_request") | {"msg_id": _request(number)}
        asked = {"code": source, "silent": False, "store_history": False, "user_expressions": {}}
        # A cell that fails does not take along those after it.
        content = asked | {"allow_stdin": False, "stop_on_error": False}
        self._session.send(shell, "execute_request", content, header=header)

    def _hear(self, parts: list[bytes]) -> None:
        _idents, (signature, *said) = self._session.feed_identities(parts)
        if not hmac.compare_digest(signature, self._session.sign(said[:4])):
            return
        kind, parent = json.loads(said[0])["msg_type"], json.loads(said[1]).get("msg_id", "")
        if kind in SHOWN:
            self._show(serialize_msg_to_ws_v1(said, "iopub"))
        elif kind == "error" and parent in self._waiting:
            content = json.loads(said[3])
            _log.error("a page's %s failed:\n%s", parent, "\n".join(content.get("traceback", ())))
            self._show(json.dumps({"kind": "failed", "cell": parent, "text": self._failed}))
        elif kind == "status" and parent in self._waiting and json.loads(said[3]).get("execution_state") == "idle":
            self._waiting.discard(parent)
            if not self._waiting:
                self._finish()

    def _show(self, frame: Frame) -> None:
        self._frames.append(frame)
        for listener in list(self._listeners):
            listener(frame)


def _request(number: int) -> str:
    return f"cell-{number}"


async def _is_bound(kernel: Any) -> bool:
    """Wait until the kernel listens: who connects to a socket's file that is not there yet tries again only later."""
    while kernel.transport == "ipc" and not all(
        Path(f"{kernel.ip}-{port}").exists() for port in (kernel.shell_port, kernel.iopub_port)
    ):
        if not await ensure_async(kernel.is_alive()):
            return False
        await asyncio.sleep(0.005)
    return True
