"""Which exhibits of a page follow a change first? Those on the screen at once, the others when nothing else is to do.

A step has up to fifteen exhibits and a screen shows two or three. Drawing them all before the next key is heard would make
every key as slow as the whole page, so the rest waits until no key has come for a moment, then for its turn, one at a time, and
starts anew at the next change.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.errors import WorkbookError
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Exhibit
from workbook.exhibits.studied import said_on_page

if TYPE_CHECKING:
    from workbook.exhibits.view import ExhibitView

__all__ = ["CALM", "CALM_OF_OTHERS", "Following", "MakeExhibit", "drawn"]

MakeExhibit = Callable[[Case], Exhibit]

CALM = 0.3
"""Seconds without a change before what nobody looks at is drawn: keys that follow each other wait for none of it."""

CALM_OF_OTHERS = 3.0
"""The same after a change that somebody else made: where many work at once, every page would else redraw itself all the time."""

BREATH = 0.01
"""Seconds between two exhibits that nobody looks at: what a key needs to be heard."""


@dataclass(eq=False)
class _Followed:
    make: MakeExhibit
    view: "ExhibitView"


class Following:
    """The exhibits of a page. ``case`` returns the plan as it is when ``draw`` makes one of them."""

    def __init__(self, case: Callable[[], Case], draw: Callable[[MakeExhibit, Case], Exhibit]) -> None:
        self._case, self._draw_one = case, draw
        self._all: list[_Followed] = []
        self._behind: list[_Followed] = []
        self._turn: asyncio.TimerHandle | None = None

    def add(self, make: MakeExhibit, view: "ExhibitView") -> None:
        """Have ``view`` follow the plan with what ``make`` draws."""
        followed = _Followed(make, view)
        self._all.append(followed)
        view.on_seen(lambda: self._seen(followed))

    @property
    def behind(self) -> bool:
        """Whether an exhibit still waits for its turn."""
        return bool(self._behind)

    def redraw(self, calm: float = CALM) -> None:
        """Draw what is on the screen now, and the rest when nothing has changed for ``calm`` seconds."""
        case = self._case()
        self._behind = [one for one in self._all if not one.view.seen]
        for one in self._all:
            if one.view.seen:
                one.view.show(self._draw_one(one.make, case))
        self.go_on(calm)

    def recheck(self, after: float) -> None:
        """In ``after`` seconds, begin to draw again what was shown from memory, so that the first change finds all warm."""
        if _loop() is not None:
            self._behind = list(self._all)
            self.go_on(after)

    def go_on(self, after: float = BREATH) -> None:
        """Draw the next exhibit that is behind in a moment; all of them at once where there is no event loop."""
        if self._turn is not None:
            self._turn.cancel()
        if not self._behind:
            return
        if (loop := _loop()) is not None:
            self._turn = loop.call_later(after, self._next)
        else:
            self.catch_up()

    def catch_up(self) -> None:
        """Draw all that is behind."""
        behind, self._behind = self._behind, []
        if behind:
            case = self._case()
            for one in behind:
                one.view.show(self._draw_one(one.make, case))

    def _next(self) -> None:
        if self._behind:
            self._draw(self._behind[0])
        self.go_on()

    def _seen(self, one: _Followed) -> None:
        """Somebody scrolled to it."""
        if one in self._behind:
            self._draw(one)

    def _draw(self, one: _Followed) -> None:
        self._behind.remove(one)
        one.view.show(self._draw_one(one.make, self._case()))


def drawn(make: MakeExhibit, case: Case) -> Exhibit:
    """Return the exhibit, or one that says in a sentence why it cannot be drawn."""
    try:
        return make(case)
    except WorkbookError as problem:
        return Exhibit(getattr(make, "__name__", "exhibit"), said_on_page(problem), empty=True)


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
