"""Cards on slides: how many go side by side so that they can be read from the back of a room, and in which size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from workbook.exhibits.theme import LIGHT
from workbook.reports.labels import lines_of
from workbook.reports.slide_stage import Stage
from workbook.reports.slide_words import Box, Line, cut, text_box

__all__ = ["Cards", "card_groups", "put_cards"]

COLUMNS = 3
"""Columns of a slide of cards; one of many words runs over two or all of them."""

READABLE = 12
"""Points of the smallest words of a card, where there is a choice."""

SIZES = (15, 14, 13, 12, 11, 10)
LEAST = 9
GAP = 18.0
INSET = 7.2
"""Points at the right of a card, where the office program would keep them too."""

FILLED = 0.94
"""How much of its columns a text that breaks between them can fill."""

Lines = list[tuple[str, str]]
"""Each line with what it is: ``title``, ``quiet``, ``label``, or nothing for the rest."""


@dataclass(frozen=True)
class Cards:
    """The cards of a slide, and over how many columns each runs."""

    lines: tuple[Lines, ...]
    columns: tuple[int, ...]


def card_groups(stage: Stage, cards: list[dict[str, Any]]) -> Iterator[Cards]:
    """Yield the cards that go on a slide each."""
    texts = [_lines(card) for card in cards]
    spans = [_span(stage.room, lines) for lines in texts]
    for some in _shared_out(spans):
        yield Cards(tuple(texts[i] for i in some), tuple(spans[i] for i in some))


def put_cards(stage: Stage, slide: Any, cards: Cards) -> None:
    """Put cards side by side, all in one size."""
    room, taken = stage.room, sum(cards.columns)
    alone = len(cards.lines) == 1 and taken == 1
    # A line as long as the slide is wide is hard to follow.
    column = (room.width * (0.66 if alone else 1) - GAP * (taken - 1)) / taken
    tall = [room.height * (columns * FILLED if columns > 1 else 1) for columns in cards.columns]
    fits = (
        size
        for size in SIZES
        if all(_height(lines, size, column - INSET) <= high for lines, high in zip(cards.lines, tall, strict=True))
    )
    size = next(fits, LEAST)
    left = room.left
    for lines, columns, high in zip(cards.lines, cards.columns, tall, strict=True):
        box = Box(left, room.top, columns * column + (columns - 1) * GAP, room.height)
        written = [_line(text, kind, size) for text, kind in _fitting(lines, size, column - INSET, high)]
        text_box(slide, box, written, stage.language, inset=(0, 0, INSET, 0), columns=columns)
        left += box.width + GAP


def _lines(card: dict[str, Any]) -> Lines:
    lines = [(card["title"], "title"), (card["subtitle"], "quiet")]
    for fact in card["facts"]:
        lines += [(fact["label"], "label"), *((line, "") for line in fact["lines"])]
    return [(cut(text), kind) for text, kind in lines if text]


def _span(room: Box, lines: Lines) -> int:
    """Return how many columns a card needs to be read."""
    column = (room.width - GAP * (COLUMNS - 1)) / COLUMNS - INSET
    high = _height(lines, READABLE, column)
    return next((n for n in range(1, COLUMNS) if high <= room.height * n * (FILLED if n > 1 else 1)), COLUMNS)


def _shared_out(spans: list[int]) -> Iterator[list[int]]:
    """Yield which cards go together: in their order, and about as many on each slide."""
    if set(spans) == {1}:
        slides = -(-len(spans) // COLUMNS)
        ends = [round(len(spans) * i / slides) for i in range(slides + 1)]
        yield from (list(range(*pair)) for pair in pairwise(ends))
        return
    some: list[int] = []
    for i, span in enumerate(spans):
        if some and sum(spans[j] for j in some) + span > COLUMNS:
            yield some
            some = []
        some.append(i)
    if some:
        yield some


def _fitting(lines: Lines, size: float, width: float, room: float) -> Lines:
    """Return as many of ``lines`` as there is room for; an ellipsis says that there were more."""
    kept: Lines = []
    for line in lines:
        if _height([*kept, line], size, width) > room:
            return [*kept[:-1], ("…", "")] if kept else [(cut(line[0], 120), line[1])]
        kept.append(line)
    return kept


def _line(text: str, kind: str, size: float) -> Line:
    colour = LIGHT["quiet"] if kind in ("label", "quiet") else LIGHT["ink"]
    return Line(text, _size_of(kind, size), colour, bold=kind == "title", before=_before(kind))


def _size_of(kind: str, size: float) -> float:
    return {"title": size + 3, "label": max(size - 2, 10), "quiet": size - 1}.get(kind, size)


def _before(kind: str) -> float:
    return 7.0 if kind == "label" else 2.0


def _height(lines: Lines, size: float, width: float) -> float:
    """Return about how many points high ``lines`` are at ``size`` in ``width``."""
    sizes = [(text, _size_of(kind, size), _before(kind)) for text, kind in lines]
    return sum(len(lines_of(text, width * 12 / at, 99)) * at * 1.2 + before for text, at, before in sizes)
