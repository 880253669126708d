"""How many pages may be open at once, whose is which, and when is a page's kernel ended?

Each page has a kernel, a process of its own. There are so many places; who finds them taken is told so and tries again.
Kernels start in the order of the visits, as many at a time as there are processors: a crowd that all started at once
would all wait for the slowest. Meanwhile each has its page to read.
A kernel belongs to the browser whose visit started it: to anybody else, however they came to know its id, it is not
there. When its page is closed the kernel ends in seconds, and when the page is only lost from sight, in a minute.
"""

import asyncio
import json
import logging
import os
import time
from collections import deque
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from jupyter_core.utils import ensure_async
from jupyter_server._tz import utcnow
from jupyter_server.auth.identity import User
from jupyter_server.services.kernels.connection.base import deserialize_binary_message
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError
from traitlets import Float, Int
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.execution_request_handler import ExecutionRequestHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler, read_header_from_binary_message

from workbook.exhibits.scripts import SERVED
from workbook.kernels.kernelspec import KERNEL
from workbook.serving.gate import signed_name
from workbook.serving.runs import Frame, Run

__all__ = ["ANSWERED", "FULL", "RUN", "VISITOR", "Kernels", "kernel_handlers"]

VISITOR: ContextVar[User] = ContextVar("visitor")
"""Who is being answered: whose a kernel will be that is started meanwhile."""

RUN: ContextVar[Run | None] = ContextVar("run", default=None)
"""What a kernel that is started meanwhile will be given to run; None where the page will ask for that."""

FULL = 503

ANSWERED = ["comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"]
"""What a browser may say to a kernel: it can talk to widgets, and not make it run, complete, inspect or end anything."""

HEARD = {"comm_open", "comm_close", "comm_msg", "comm_info_reply", "kernel_info_reply", "status"}
"""What a browser hears from a kernel. What its code prints, and where it failed, is for the server's messages."""

GOING_AWAY = 1001
"""What a browser says on a websocket when its page is closed or left."""

HEAD_START = 1.0
"""Seconds that a page asked for by somebody else has to be seen before another one becomes live."""

LONGEST_LULL = 3.0
"""Seconds after which a page does not wait any more for those that come after it."""

LONGEST_TURN = 10.0
"""Seconds after which whoever waits does so no longer for a page that takes its time."""

_log = logging.getLogger("workbook.serving")

_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


@dataclass(eq=False)
class _Opening:
    """A kernel that waits for its turn to start."""

    asked: float = field(default_factory=time.monotonic)
    """When its page was asked for."""
    wanted: bool = True
    """Whether its page is still there."""
    begun: bool = False
    """Whether its turn has come."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is up, or will never be."""


class Kernels(AsyncMappingKernelManager):
    """The kernels of the pages that are open."""

    most = Int(24, help="Pages that may be open at once.").tag(config=True)
    grace = Float(3.0, help="Seconds a kernel is kept after its page said that it goes.").tag(config=True)
    patience = Float(15.0, help="Seconds alone after which a kernel makes room for who waits.").tag(config=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.allowed_message_types = ANSWERED
        self._owners: dict[str, User] = {}
        self._alone_since: dict[str, float] = {}
        self._promised: set[str] = set()
        self._farewells: set[asyncio.Task[None]] = set()
        self._openings: dict[str, _Opening] = {}
        self._opening: set[asyncio.Task[None]] = set()
        self._last_asked: deque[tuple[str, float]] = deque(maxlen=2)
        self._runs: dict[str, Run] = {}
        self._turns = asyncio.Semaphore(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        if len(self._taken()) >= self.most:
            await self._make_room()
        if len(self._taken()) >= self.most:
            raise HTTPError(FULL)
        kernel_id = str(uuid4())
        owner = VISITOR.get()
        self._promised.add(kernel_id)
        taken = self._taken()
        self._owners = {id: user for id, user in self._owners.items() if id in taken} | {kernel_id: owner}
        if name := signed_name(owner):
            options["env"] = {**options.get("env", {}), "WORKBOOK_AUTHOR": name}
        # Whatever kernelspec a notebook names: elsewhere it must run without ours.
        options["kernel_name"] = KERNEL
        if (run := RUN.get()) is None:
            try:
                return await super().start_kernel(kernel_id=kernel_id, **options)
            finally:
                self._promised.discard(kernel_id)
        # Nobody waits for it here: the page goes out at once.
        options["env"] = {**options.get("env", {}), SERVED: "1"}
        opening = self._openings[kernel_id] = _Opening()
        self._runs[kernel_id] = run
        self._last_asked.append((kernel_id, opening.asked))
        task = asyncio.ensure_future(self._open(kernel_id, options, run))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return kernel_id

    async def _open(self, kernel_id: str, options: dict[str, Any], run: Run) -> None:
        """Start the kernel when it is its turn, and run its page."""
        opening = self._openings[kernel_id]
        try:
            async with self._turns:
                while (wait := self._lull(kernel_id)) > 0:
                    await asyncio.sleep(wait)
                if not opening.wanted:
                    return
                opening.begun = True
                await super().start_kernel(kernel_id=kernel_id, **options)
                self._promised.discard(kernel_id)
                opening.settled.set()
                going = asyncio.ensure_future(run.go(self.get_kernel(kernel_id)))
                self._opening.add(going)
                going.add_done_callback(self._opening.discard)
                await asyncio.wait([going], timeout=LONGEST_TURN)
        except Exception:
            _log.exception("a page's kernel did not start")
        finally:
            self._promised.discard(kernel_id)
            opening.settled.set()
            del self._openings[kernel_id]
            if kernel_id not in self:
                self._end_run(kernel_id)

    def _lull(self, kernel_id: str) -> float:
        """Return for how many seconds the kernel gives way to pages just asked for: in a crowd, all see theirs first."""
        mine = self._openings[kernel_id].asked
        others = [asked for id, asked in self._last_asked if id != kernel_id]
        return min(max(others, default=0.0) + HEAD_START, mine + LONGEST_LULL) - time.monotonic()

    def start_watching_activity(self, kernel_id: str) -> None:
        """Watch nothing: when a kernel ends does not follow from when it spoke last, and every word of it would be read here."""
        kernel: Any = super().get_kernel(kernel_id)
        kernel.reason, kernel.last_activity, kernel.execution_state = "", utcnow(), "idle"

    def get_kernel(self, kernel_id: str) -> Any:
        # Voila looks for the kernel it has just started, of which it needs no more than that it will be there.
        return None if kernel_id in self._promised and kernel_id not in self else super().get_kernel(kernel_id)

    async def settled(self, kernel_id: str) -> None:
        """Wait until the kernel is up, or will never be."""
        if (opening := self._openings.get(kernel_id)) is not None:
            await opening.settled.wait()

    def run_of(self, kernel_id: str) -> Run | None:
        """Return what the kernel was given to run when it started, if that was so."""
        return self._runs.get(kernel_id)

    async def withdrawn(self, kernel_id: str) -> bool:
        """Give up the place of a kernel whose page has gone, if its turn has not come; else wait until it is up. Return which."""
        opening = self._openings.get(kernel_id)
        if opening is None or opening.begun:
            await self.settled(kernel_id)
            return False
        opening.wanted = False
        self._promised.discard(kernel_id)
        return True

    def remove_kernel(self, kernel_id: str) -> Any:
        self._end_run(kernel_id)
        return super().remove_kernel(kernel_id)

    def _end_run(self, kernel_id: str) -> None:
        if (run := self._runs.pop(kernel_id, None)) is not None:
            run.close()

    async def shutdown_all(self, now: bool = False) -> None:  # type: ignore[override]
        for opening in self._openings.values():
            opening.wanted = False
        for kernel_id in list(self._runs):
            self._end_run(kernel_id)
        if self._opening:
            await asyncio.wait(self._opening, timeout=LONGEST_TURN)
        await ensure_async(super().shutdown_all(now=now))

    def belongs_to(self, kernel_id: str, user: User) -> bool:
        """Whether ``user`` opened the page of the kernel."""
        owner = self._owners.get(kernel_id)
        return owner is not None and owner.username == user.username

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)
        if not self._kernel_connections.get(kernel_id, 0):
            self._alone_since[kernel_id] = time.monotonic()

    def left(self, kernel_id: str) -> None:
        """End the kernel, which a page has said farewell to, unless another is connected after the ``grace``."""

        async def farewell() -> None:
            await asyncio.sleep(self.grace)
            if not self._kernel_connections.get(kernel_id, 0):
                await self._end(kernel_id)

        task = asyncio.ensure_future(farewell())
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        # Not by idle time as Jupyter does it: a page's heartbeat may keep a kernel active that nobody sees.
        if self._kernel_connections.get(kernel_id, 0):
            self._alone_since.pop(kernel_id, None)
        elif time.monotonic() - self._alone_since.setdefault(kernel_id, time.monotonic()) > self.cull_idle_timeout:
            await self._end(kernel_id)

    def _taken(self) -> set[str]:
        return {*self.list_kernel_ids(), *self._promised}

    async def _make_room(self) -> None:
        """End the kernels that lost their page a while ago; one that never had any is of a page that still loads."""
        now = time.monotonic()
        for kernel_id in [id for id, since in self._alone_since.items() if now - since > self.patience]:
            if not self._kernel_connections.get(kernel_id, 0):
                await self._end(kernel_id)

    async def _end(self, kernel_id: str) -> None:
        self._alone_since.pop(kernel_id, None)
        if kernel_id in self:
            await ensure_async(self.shutdown_kernel(kernel_id, now=True))


def kernel_handlers() -> list[tuple[Any, ...]]:
    """Return the routes to the kernels."""
    return [
        (rf"/voila/execution/{_KERNEL}", _Execution),
        (rf"/voila/api/shutdown/{_KERNEL}", _Farewell),
        (rf"/api/kernels/{_KERNEL}", _Presence),
        (rf"/api/kernels/{_KERNEL}/channels", _Channels),
    ]


class _Own:
    """A kernel that another visitor asks for is not there."""

    waits = True
    """Whether to wait for a kernel that is about to start."""

    async def prepare(self, *args: Any, **options: Any) -> None:
        handler: Any = self
        await ensure_async(super().prepare(*args, **options))  # type: ignore[misc]
        kernel_id, user = handler.path_kwargs["kernel_id"], handler.current_user
        if user is not None and not handler.kernel_manager.belongs_to(kernel_id, user):
            raise HTTPError(404)
        if user is not None and self.waits:
            await handler.kernel_manager.settled(kernel_id)


class _Presence(_Own, KernelHandler):
    """Says whether a kernel is there; ends none."""

    SUPPORTED_METHODS = ("GET",)


class _Farewell(_Own, VoilaShutdownKernelHandler):
    """What a page asks for as it goes."""

    waits = False

    async def prepare(self, *args: Any, **options: Any) -> None:
        await super().prepare(*args, **options)
        gone = self.current_user is not None and await self.kernel_manager.withdrawn(self.path_kwargs["kernel_id"])
        if gone and not self._finished:
            self.set_status(204)
            self.finish()


class _Execution(_Own, ExecutionRequestHandler):
    """Sends what the notebook shows: of a run that is under way, else Voila's, which runs it cell by cell when asked."""

    waits = False
    _executor = None  # Voila's own has none when the page goes before it asked

    async def open(self, kernel_id: str) -> None:
        self._run = self.kernel_manager.run_of(kernel_id)
        await super().open(kernel_id)
        if self._run is not None:
            self._run.follow(self._pass_on)

    async def on_message(self, message_str: str | bytes) -> None:
        if self._run is None:
            await ensure_async(super().on_message(message_str))

    def _pass_on(self, frame: Frame) -> None:
        with suppress(WebSocketClosedError):
            self.write_message(frame, binary=isinstance(frame, bytes))

    def on_close(self) -> None:
        if (run := getattr(self, "_run", None)) is not None:
            run.leave(self._pass_on)
        else:
            super().on_close()


class _Channels(_Own, VoilaKernelWebsocketHandler):
    """Carries the messages of a page's widgets."""

    def write_message(self, message: Any, binary: bool = False) -> Any:
        return super().write_message(message, binary) if self._kind(message) in HEARD else None

    def _kind(self, message: Any) -> str:
        """Return the type of a kernel's message, which is written differently by protocol."""
        if isinstance(message, bytes):
            newer = self.selected_subprotocol is not None
            header = (
                read_header_from_binary_message(message) if newer else deserialize_binary_message(message)["header"]
            )
        else:
            header = (json.loads(message) if isinstance(message, str) else message).get("header")
        return str((header or {}).get("msg_type", ""))

    def on_close(self) -> None:
        kernel_id = self.path_kwargs["kernel_id"]
        if getattr(self, "connection", None) is not None:  # none where the kernel went before it was connected
            super().on_close()
        if self.close_code == GOING_AWAY:
            self.kernel_manager.left(kernel_id)
