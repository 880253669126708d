"""What a page shows is kept once it has come to rest, so that the next visitor has something to look at at once.

The page notes, in its order, how each of its parts is described (``exhibits.pictures`` keeps the descriptions); nothing is
kept of pages that nobody may change, nor where there is no workspace.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from workbook.errors import WorkbookError
from workbook.exhibits.pictures import keep_picture, kept_picture
from workbook.forms.following import Following
from workbook.forms.live import LivePlan
from workbook.pages import PageParameters

__all__ = ["Settling"]

SETTLED = 1.0
"""Seconds without a change after which what the page shows is kept for the next visitor."""

SHOWN = ("payload", "words", "drawings")
"""What an exhibit of a picture says for itself."""


class Settling:
    """The picture of ``page`` as it will be kept, once ``exhibits`` have followed the plan that ``live`` holds."""

    def __init__(self, page: str, parameters: PageParameters, live: LivePlan, exhibits: Following) -> None:
        self.page, self.parameters, self.live = page, parameters, live
        self._exhibits = exhibits
        self._parts: list[tuple[str, Callable[[], dict[str, Any]]]] = []
        self._timer: asyncio.TimerHandle | None = None

    def take(self, kind: str, described: Callable[[], dict[str, Any]]) -> bool:
        """Note that the page shows one thing more, if pictures are kept of it; ``described`` returns what stands there."""
        if not self._kept:
            return False
        self._parts.append((kind, described))
        self.begin()
        return True

    def last(self) -> dict[str, dict[str, Any]]:
        """Return what the exhibits of the page showed when this very revision was last open, by what draws them."""
        if not self._kept:
            return {}
        slots = kept_picture(self.live.workspace, self.page, self.parameters, self.live.revision) or ()
        return {slot["by"]: {name: slot[name] for name in SHOWN} for slot in slots if slot.get("by")}

    def begin(self) -> None:
        """Keep the picture once nothing has changed for a moment."""
        if self._timer is not None:
            self._timer.cancel()
        with suppress(RuntimeError):  # no event loop: nobody is there to come back
            self._timer = asyncio.get_running_loop().call_later(SETTLED, self._settled)

    def keep(self) -> bool:
        """Keep what the page shows for the next visitor of this revision; return whether it was kept."""
        try:
            if not self._parts or self.live.workspace.log.read_only:
                return False
            self._exhibits.catch_up()
            slots = [{"kind": kind, **described()} for kind, described in self._parts]
        except WorkbookError:  # a store that does not answer now is said where somebody saves
            return False
        return keep_picture(self.live.workspace, self.page, self.parameters, self.live.revision, slots)

    @property
    def _kept(self) -> bool:
        return self.parameters.interactive and self.live.workspace.kept

    def _settled(self) -> None:
        if self._exhibits.behind:
            self.begin()
        else:
            self.keep()
