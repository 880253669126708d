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

ROWS = 2
"""Rows of small cards on a slide."""

COMFORTABLE = 14
"""Points at which small cards have to fit before they stand in rows."""

READABLE = 12
"""Points of the smallest words of a card, where there is a choice."""

SIZES = (15, 14, 13, 12, 11, 10.5, 10)
LEAST = 9
GAP = 18.0
INSET = 7.2
"""Points at the right of a card, where the office program would keep them too."""

FILLED = 0.94
"""How much of its columns a text that breaks between them can fill."""

Lines = list[tuple[str, str]]
"""Each line with what it is: ``title``, ``quiet``, ``label``, ``sentence``, or nothing for the rest."""


@dataclass(frozen=True)
class Cards:
    """The cards of a slide, over how many columns each runs, and in how many rows they stand."""

    lines: tuple[Lines, ...]
    columns: tuple[int, ...]
    rows: int = 1


def card_groups(stage: Stage, cards: list[dict[str, Any]]) -> Iterator[Cards]:
    """Yield the cards that go on a slide each, in their order."""
    texts = [_lines(card) for card in cards]
    if not texts:
        return
    if in_rows := _in_rows(stage.room, texts):
        yield in_rows
        return
    groups, left = [], texts
    while left:
        groups.append(_next_group(stage.room, left))
        left = left[len(groups[-1].lines) :]
    if all(set(group.columns) == {1} for group in groups):
        # About as many on each: fewer on one have only more room.
        ends = [round(len(texts) * i / len(groups)) for i in range(len(groups) + 1)]
        evenly = [texts[start:end] for start, end in pairwise(ends)]
        if all(_beside(stage.room, some) for some in evenly):
            groups = [Cards(tuple(some), (1,) * len(some)) for some in evenly]
    yield from groups


def put_cards(stage: Stage, slide: Any, cards: Cards) -> None:
    """Put cards side by side, and in rows where there are more than go beside each other, all in one size."""
    room = stage.room
    taken = sum(cards.columns) if cards.rows == 1 else -(-len(cards.lines) // cards.rows)
    alone = len(cards.lines) == 1 and taken == 1
    # A line as long as the slide is wide is hard to follow.
    column = (room.width * (0.66 if alone else 1) - GAP * (taken - 1)) / taken
    row = (room.height - GAP * (cards.rows - 1)) / cards.rows
    tall = [row * (columns * FILLED if columns > 1 else 1) for columns in cards.columns]
    fits = (
        size
        for size in SIZES
        if all(_height(lines, size, column - INSET) <= high for lines, high in zip(cards.lines, tall, strict=True))
    )
    size = next(fits, LEAST)
    left, top, used = room.left, room.top, 0
    for lines, columns, high in zip(cards.lines, cards.columns, tall, strict=True):
        if used == taken:
            left, top, used = room.left, top + row + GAP, 0
        box = Box(left, top, columns * column + (columns - 1) * GAP, row)
        written = [_line(text, kind, size) for text, kind in _fitting(lines, size, column - INSET, high)]
        text_box(slide, box, written, stage.language, inset=(0, 0, INSET, 0), columns=columns)
        left, used = left + box.width + GAP, used + columns


def _in_rows(room: Box, texts: list[Lines]) -> Cards | None:
    """Return all cards in two rows where they are too many for one and small enough; None where they are not."""
    across = -(-len(texts) // ROWS)
    if not COLUMNS < len(texts) <= ROWS * COLUMNS:
        return None
    column = (room.width - GAP * (across - 1)) / across - INSET
    row = (room.height - GAP * (ROWS - 1)) / ROWS
    fit = all(_height(lines, COMFORTABLE, column) <= row for lines in texts)
    return Cards(tuple(texts), (1,) * len(texts), ROWS) if fit else None


def _next_group(room: Box, texts: list[Lines]) -> Cards:
    """Return as many of the first of ``texts`` as can be read on one slide."""
    for count in range(min(COLUMNS, len(texts)), 1, -1):
        if _beside(room, texts[:count]):
            return Cards(tuple(texts[:count]), (1,) * count)
    # Two a little smaller read better than one that spills over into a column of its own.
    if len(texts) > 1 and _beside(room, texts[:2], READABLE - 1.5):
        return Cards(tuple(texts[:2]), (1, 1))
    spans = [_span(room, lines) for lines in texts[:2]]
    if len(spans) == 2 and sum(spans) <= COLUMNS:
        return Cards(tuple(texts[:2]), tuple(spans))
    return Cards((texts[0],), (1 if _beside(room, texts[:1]) else spans[0],))


def _beside(room: Box, texts: list[Lines], size: float = READABLE) -> bool:
    """Whether ``texts`` have room beside each other at ``size``, each in a column of its own."""
    count = len(texts)
    column = (room.width * (0.66 if count == 1 else 1) - GAP * (count - 1)) / count - INSET
    return all(_height(lines, size, column) <= room.height for lines in texts)


def _lines(card: dict[str, Any]) -> Lines:
    lines = [(card["title"], "title"), (card["subtitle"], "quiet")]
    for fact in card["facts"]:
        kind = "sentence" if fact.get("sentences") else ""
        lines += [(fact["label"], "label"), *((line, kind) for line in fact["lines"])]
    return [(cut(text), kind) for text, kind in lines if text]


def _span(room: Box, lines: Lines) -> int:
    """Return how many columns a card needs to be read."""
    column = (room.width - GAP * (COLUMNS - 1)) / COLUMNS - INSET
    high = _height(lines, READABLE, column)
    return next((n for n in range(1, COLUMNS) if high <= room.height * n * (FILLED if n > 1 else 1)), COLUMNS)


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
    return {"label": 7.0, "sentence": 5.0}.get(kind, 2.0)


def _height(lines: Lines, size: float, width: float) -> float:
    """Return about how many points high ``lines`` are at ``size`` in ``width``."""
    sizes = [(text, _size_of(kind, size), _before(kind)) for text, kind in lines]
    return sum(len(lines_of(text, width * 12 / at, 99)) * at * 1.2 + before for text, at, before in sizes)
