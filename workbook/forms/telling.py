"""What has a report told so far? The findings for its head, what it leaves out, chapter by chapter.

A report is a document: what has nothing to show yet is not shown as an empty card; one line says so where a whole
chapter is empty, and a list at the end names what to do first. A live page shows it where it will stand.
"""

from collections.abc import Callable

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Exhibit

__all__ = ["Telling"]

Make = Callable[[Case], Exhibit]


class Telling:
    """The exhibits of one report, in the order in which they are asked for. ``draw`` draws one."""

    def __init__(self, draw: Callable[[Make, Case], Exhibit]) -> None:
        self._draw = draw
        self._kept: dict[Make, Exhibit] = {}
        self._chapters: list[tuple[str, list[Make]]] = []
        self._open: list[Make] = []

    def told(self, make: Make, case: Case) -> Exhibit:
        """Return the exhibit, drawn once for head and chapter, and note that the chapter asks for it."""
        self._open.append(make)
        return self.drawn(make, case)

    def drawn(self, make: Make, case: Case) -> Exhibit:
        """Return the exhibit without noting it."""
        if make not in self._kept:
            self._kept[make] = self._draw(make, case)
        return self._kept[make]

    def forget(self) -> None:
        """Draw anew what is asked for next: the plan has changed."""
        self._kept.clear()

    def end_chapter(self, title: str) -> list[Make]:
        """Close the chapter called ``title``; return what it asked for."""
        asked, self._open = self._open, []
        self._chapters.append((title, asked))
        return asked

    def left_out(self, case: Case) -> list[tuple[str, str]]:
        """Return (chapter, what to do first) of each exhibit that has nothing to show yet."""
        return [
            (title, shown.finding)
            for title, asked in self._chapters
            for make in asked
            if (shown := self.drawn(make, case)).empty
        ]
