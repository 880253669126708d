"""How wide are the columns of a table on a page or a slide? Figures keep to their line, words break between words.

Where words have to break, several divisions of the room are tried, and the one in which the table is lowest is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook.reports.labels import text_width

__all__ = ["Widths", "column_widths"]

BOLD = 1.1
"""How much wider the bold words of a head are."""

READ = 100
"""Characters of a text that its column would like to have on a line; longer ones are read in several."""

WIDEST = 0.35
"""Share of the room that the longest word of a column can claim."""

HEAD_LINES = 2.2
"""Lines on which a head of several words may stand over figures."""

NARROWEST = 2.0
"""Times the size of the letters."""

FULL = 0.92
"""How much of its width a line of several fills, since words do not end where the column does."""

Texts = list[list[float]]
"""How wide each text of each row is, on one line; the heads come first."""


@dataclass(frozen=True)
class Widths:
    """
    The width of each column in points.

    ``fit``: there is room for every column. ``whole``: then no word is broken either, also none without end.
    """

    points: list[float]
    fit: bool
    whole: bool


def column_widths(
    columns: list[dict[str, Any]], rows: list[list[str]], room: float, size: float, aside: float
) -> Widths:
    """
    Return how wide each column of a table is.

    Parameters
    ----------
    columns, rows
        Of a table as it is shown: each column's ``label`` and ``kind``, and the texts of each row.
    room
        Points for all columns. What the table does not need goes to its columns of words.
    size
        Of the letters, in points.
    aside
        Points of a cell beside its words.
    """
    least, wanted, whole = [], [], True
    for i, column in enumerate(columns):
        words = column["kind"] == "text"
        needed, liked = _needs(str(column["label"]), [row[i] for row in rows], size, words=words)
        whole = whole and needed <= room * WIDEST
        least.append(min(needed, room * WIDEST) + aside)
        wanted.append(max(liked, needed) + aside)
    over, short = room - sum(wanted), room - sum(least)
    if over >= 0:
        shares = [wide if column["kind"] == "text" else 0.0 for wide, column in zip(wanted, columns, strict=True)]
        filled = [wide + over * share / (sum(shares) or 1) for wide, share in zip(wanted, shares, strict=True)]
        return Widths(filled, fit=True, whole=True)
    if short < 0:
        return Widths([wide * room / sum(least) for wide in least], fit=False, whole=False)
    heads = [text_width(str(column["label"]), size) * BOLD for column in columns]
    texts = [heads, *([text_width(text, size) for text in row] for row in rows)]
    tried = _divisions(least, wanted, room, texts)
    lowest = min(tried, key=lambda widths: _lines(texts, widths, aside))
    return Widths(lowest, fit=True, whole=whole)


def _divisions(least: list[float], wanted: list[float], room: float, texts: Texts) -> Iterator[list[float]]:
    """Yield widths that fill ``room``: all as far between least and wanted, or in proportion to what stands in a column."""
    part = (room - sum(least)) / (sum(wanted) - sum(least))
    yield [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
    columns = list(zip(*texts, strict=True))
    for power in (1, 2, 8):  # from what stands in it in all to its longest text
        shares = [(sum(wide**power for wide in column) / len(column)) ** (1 / power) for column in columns]
        yield _in_proportion(shares, least, wanted, room)


def _in_proportion(shares: list[float], least: list[float], wanted: list[float], room: float) -> list[float]:
    """Return widths in proportion to ``shares``, none under its least or over what it would like to have."""

    def widths(times: float) -> list[float]:
        return [min(max(share * times, low), high) for share, low, high in zip(shares, least, wanted, strict=True)]

    low, high = 0.0, 1.0
    while sum(widths(high)) < room and high < 1e6:
        high *= 2
    for _halving in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(widths(middle)) < room else (low, middle)
    made = widths(low)
    return [wide * room / sum(made) for wide in made]


def _lines(texts: Texts, widths: list[float], aside: float) -> float:
    """Return about how many lines high a table is."""
    return sum(
        max(
            1 if wide <= width - aside else math.ceil(wide / ((width - aside) * FULL))
            for wide, width in zip(row, widths, strict=True)
        )
        for row in texts
    )


def _needs(head: str, cells: list[str], size: float, *, words: bool) -> tuple[float, float]:
    """Return what a column needs so that nothing is broken in it, and what it would like to have."""
    label = max((text_width(word, size) * BOLD for word in head.split()), default=0.0)
    whole = max((text_width(text[:READ], size) for text in cells), default=0.0)
    # The space that keeps a figure and its unit together does not part words.
    pieces = {word for text in cells for word in text.replace("\n", " ").split(" ")} if words else ()
    longest = max((text_width(word, size) for word in pieces), default=0.0) if words else whole
    needed = max(label, longest, NARROWEST * size)
    return needed, max(needed, whole, 0 if words else text_width(head, size) * BOLD / HEAD_LINES)
