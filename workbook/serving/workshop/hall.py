"""Where do a server's visitors meet? In the hall: one view of the workshop, one writer, and word to all when it changes.

What is sent while the disk is busy goes to it together afterwards, so that a room full of phones waits for one write and
not for forty. Only what is stored is seen. Other servers and programs may write to the same workshop: the hall looks
twice a second whether they have.
"""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from workbook.errors import WorkbookError
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.workshop.log import Held, Workshop, WorkshopLog
from workbook.workshop.room import Entry, Room

__all__ = ["Hall"]

LOOK_EVERY = 0.5
"""Seconds between two looks for what others stored."""

GATHER = 0.15
"""Seconds within which several changes are told as one."""


class Hall:
    """
    A workshop as a server holds it. ``room`` is how it stands, ``plan`` what it is about.

    Used in the event loop; what touches the store runs in one thread of its own.
    """

    def __init__(self, workspace: Workspace, held: Held) -> None:
        self.workspace, self.held = workspace, held
        self._workshop = Workshop(WorkshopLog(workspace), held)
        self.room = Room(self._workshop.fresh)
        self.plan: Plan = workspace.log.plan(held.plan)[0]
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workshop")
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._early: dict[int, Entry] = {}
        self.drawn: dict[Any, Any] = {}
        """What was worked out for a moment of the workshop, by whatever names that moment."""

    async def add(self, *entries: Entry) -> None:
        """Store ``entries``; back when they are on the disk. Raises WorkbookError with the reason for the first refused."""
        loop = asyncio.get_running_loop()
        answers = [loop.create_future() for _ in entries]
        self._waiting += zip(entries, answers, strict=True)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write())
        for answer in await asyncio.gather(*answers, return_exceptions=True):
            if isinstance(answer, BaseException):
                raise answer

    async def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """Return what ``work`` returns, done where it may use the store."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *given))

    async def refresh_plan(self) -> Plan:
        """Return the plan as it is now."""
        self.plan = (await self.run(self.workspace.log.plan, self.held.plan))[0]
        return self.plan

    async def changed(self, *, within: float) -> bool:
        """Wait until something changes, for so many seconds at most; return whether it did."""
        event = self._changed
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), within)
            await asyncio.sleep(GATHER)
            return True
        return False

    def open(self) -> None:
        """Begin to look for what others store."""
        self._looking = asyncio.ensure_future(self._look())

    async def close(self) -> None:
        """Store what waits, and let go of the thread."""
        if self._looking is not None:
            self._looking.cancel()
        if self._writing is not None:
            await self._writing
        self._thread.shutdown(wait=False)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                refusals, news = await self.run(self._stored, [entry for entry, _answer in batch])
            except Exception as problem:  # told to each who waits for an answer
                for _entry, answer in batch:
                    if not answer.done():
                        answer.set_exception(problem)
                continue
            self._take_in(news)
            for (_entry, answer), refusal in zip(batch, refusals, strict=True):
                if answer.done():
                    continue
                if refusal is None:
                    answer.set_result(None)
                else:
                    answer.set_exception(refusal)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with contextlib.suppress(WorkbookError):  # a store that is away for a moment comes back
                self._take_in(await self.run(self._others))

    def _stored(self, entries: list[Entry]) -> tuple[list[WorkbookError | None], list[Entry]]:
        """Return why each of ``entries`` was refused, or None, and what this brought."""
        refusals = self._workshop.add(entries)
        return refusals, self._workshop.fresh

    def _others(self) -> list[Entry]:
        """Return what others stored."""
        if self._workshop.store.head(self.held.id) > self._workshop.room.sequence:
            self._workshop.catch_up()
            return self._workshop.fresh
        return []

    def _take_in(self, news: list[Entry]) -> None:
        """Apply what the writer brought, in order whatever order it comes in, and tell everybody."""
        self._early |= {entry.sequence: entry for entry in news if entry.sequence > self.room.sequence}
        before = self.room.sequence
        while entry := self._early.pop(self.room.sequence + 1, None):
            self.room.apply(entry)
        if self.room.sequence > before:
            told, self._changed = self._changed, asyncio.Event()
            told.set()
