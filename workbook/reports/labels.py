"""Where do the words of a drawing stand, so that none covers another or runs over an edge?

Labels at the end of lines move up and down, names of points go round their point, and long names break into lines: as
``exhibits/view.js`` does it on a page, from widths that are estimated, since on paper nobody can be asked to measure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from workbook.exhibits.theme import LIGHT

__all__ = ["Label", "apart", "around", "contrast", "legible", "lines_of", "text_width"]

SIZE, LINE = 12, 15
DOT = 9
"""Pixels from the middle of a point to its name."""

SHIFTS = (0, 12, -12, 24, -24, 38, -38, 54, -54)
MOST_LINES = 5
SPARE = 1.05
"""Fonts that stand in for one another differ by that much."""

# Thousandths of the size, from the space to the tilde: what Helvetica, Arial and Liberation Sans share.
_WIDTHS = [
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
]


@lru_cache(maxsize=8192)
def text_width(text: str, size: float = SIZE) -> float:
    """Return about how wide ``text`` is, in pixels, at ``size`` pixels."""
    return sum(map(_width, text)) * size * SPARE / 1000


@lru_cache(maxsize=2048)
def _width(character: str) -> int:
    base = unicodedata.normalize("NFD", character)[0]
    if " " <= base <= "~":
        return _WIDTHS[ord(base) - 32]
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Cf"):
        return 0
    return 1000 if unicodedata.east_asian_width(character) in "WF" else 600


@lru_cache(maxsize=4096)
def lines_of(text: str, limit: float, most: int = MOST_LINES) -> tuple[str, ...]:
    """Break ``text`` at its spaces into lines of at most ``limit`` pixels; past ``most`` lines it ends in an ellipsis."""
    lines: list[str] = []
    # No chart has room for more than that, and a text may have ten thousand characters.
    for word in text[:600].split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer) <= limit:
            lines[-1] = longer
        else:
            lines += _pieces(word, limit)
    if len(lines) > most:
        last = lines[most - 1]
        while last and text_width(f"{last}…") > limit:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last}…"]
    return tuple(lines) or ("",)


def _pieces(word: str, limit: float) -> Iterator[str]:
    """Yield a word, or where it is wider than a line, its pieces."""
    piece = ""
    for character in word:
        if piece and text_width(piece + character) > limit:
            yield piece
            piece = ""
        piece += character
    yield piece


@dataclass
class Label:
    """Words of a drawing: the SVG node, where its group begins on the sheet, and its own place in the group."""

    node: ElementTree.Element
    text: str
    from_x: float
    from_y: float
    x: float
    y: float
    angle: float
    anchor: str
    fill: str
    rise: float = 0.0
    lines: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        self.lines = self.lines or (" ".join(self.text.split()),)

    def break_at(self, limit: float) -> None:
        self.lines = lines_of(self.text, limit)

    @property
    def wide(self) -> float:
        return max(map(text_width, self.lines)) * (1.08 if self.node.get("font-weight") == "bold" else 1)

    @property
    def tall(self) -> float:
        """Its height; one of many lines keeps a little more apart, so that it reads as one."""
        return len(self.lines) * LINE + (4 if len(self.lines) > 1 else 0)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom on the sheet."""
        x, y = self.from_x + self.x, self.from_y + self.y + self.rise
        if self.angle:
            return x - LINE, y - self.wide / 2, x + LINE, y + self.wide / 2
        left = x - {"start": 0.0, "middle": self.wide / 2, "end": self.wide}[self.anchor]
        return left, y - LINE / 2, left + self.wide, y - LINE / 2 + len(self.lines) * LINE

    def write(self) -> None:
        """Put the words into the node."""
        place = f"translate({self.x:.1f},{self.y + self.rise + SIZE * 0.35:.1f})"
        self.node.set("transform", f"{place} rotate({self.angle:g})" if self.angle else place)
        self.node.set("font-size", f"{SIZE}px")
        self.node.set("fill", self.fill)
        self.node.set("text-anchor", self.anchor)
        for child in list(self.node):
            self.node.remove(child)
        self.node.text = self.lines[0] if len(self.lines) == 1 else None
        if len(self.lines) > 1:
            for i, line in enumerate(self.lines):
                part = ElementTree.SubElement(self.node, f"{self.node.tag.removesuffix('text')}tspan")
                part.set("x", "0")
                part.set("dy", str(LINE if i else 0))
                part.text = line


def apart(labels: list[Label], height: float) -> None:
    """Move labels that stand at one end of lines up and down until none touches another."""
    columns: list[list[Label]] = []
    for label in sorted(labels, key=lambda one: one.x):
        beside = next((column for column in columns if abs(column[0].x - label.x) < 48), None)
        if beside is None:
            columns.append([label])
        else:
            beside.append(label)
    for column in columns:
        _spread(sorted(column, key=lambda one: one.y), height)


class _Block(NamedTuple):
    labels: list[Label]
    wanted: list[float]
    tall: float
    centre: float


def _spread(column: list[Label], height: float) -> None:
    blocks: list[_Block] = []
    for label in column:
        blocks.append(_Block([label], [label.y], label.tall, _within(label.y, label.tall, height)))
        # Blocks that touch become one, about the mean of what their labels want.
        while len(blocks) > 1 and blocks[-2].centre + blocks[-2].tall / 2 > blocks[-1].centre - blocks[-1].tall / 2:
            lower, upper = blocks.pop(), blocks.pop()
            wanted, tall = upper.wanted + lower.wanted, upper.tall + lower.tall
            centre = _within(sum(wanted) / len(wanted), tall, height)
            blocks.append(_Block(upper.labels + lower.labels, wanted, tall, centre))
    for block in blocks:
        top = block.centre - block.tall / 2
        for label in block.labels:
            label.y = top + (label.tall % LINE) / 2 + LINE / 2
            top += label.tall


def _within(centre: float, tall: float, height: float) -> float:
    return max(min(centre, height + LINE / 2 - tall / 2), tall / 2 - LINE / 2)


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def around(labels: list[Label], width: float, height: float) -> None:
    """Put each name beside its point where it covers no other name, no point and not the edge; where it covers least, else."""
    taken = [_Box(label.x - 6, label.y - 6, label.x + 6, label.y + 6) for label in labels]
    for label in sorted(labels, key=lambda one: one.x):
        label.fill = legible(label.fill, LIGHT["card"], LIGHT["ink"])
        places = [(_cost(box, taken, width, height) + away, place, box) for away, place, box in _places(label, width)]
        _least, (label.x, label.y, label.anchor, label.lines), box = min(places, key=lambda one: one[0])
        taken.append(box)


def _places(label: Label, width: float) -> Iterator[tuple[float, tuple[float, float, str, tuple[str, ...]], _Box]]:
    """Yield places for a name: how unwelcome, where, and the box it then fills."""
    for limit in (min(160.0, width * 0.5), 96.0):
        lines = lines_of(label.text, limit)
        wide, tall = max(map(text_width, lines)), len(lines) * LINE
        much = (len(lines) - 1) * 4

        def box(left: float, y: float, wide: float = wide, tall: float = tall) -> _Box:
            return _Box(left, y - LINE / 2, left + wide, y - LINE / 2 + tall)

        for shift in SHIFTS:
            y = label.y + shift - (tall - LINE) / 2
            for anchor, x, left in (("start", DOT, DOT), ("end", -DOT, -DOT - wide)):
                yield abs(shift) + much, (label.x + x, y, anchor, lines), box(label.x + left, y)
        for rise in (-DOT - tall + LINE / 2, DOT + LINE / 2):
            y = label.y + rise
            yield 10 + much, (label.x, y, "middle", lines), box(label.x - wide / 2, y)


def _cost(box: _Box, taken: list[_Box], width: float, height: float) -> float:
    """Return how much of a box lies over others, or past the edge of the plot."""
    cost = 0.0
    for other in taken:
        across = min(box.right, other.right) - max(box.left, other.left)
        down = min(box.bottom, other.bottom) - max(box.top, other.top)
        if across > 0 and down > 0:
            cost += 200 + across * down
    past = max(0, -box.left) + max(0, box.right - width) + max(0, -6 - box.top) + max(0, box.bottom - height)
    return cost + past * 60


def legible(colour: str, ground: str, ink: str) -> str:
    """Return ``colour`` moved towards ``ink`` until a text in it has a contrast of 4.5:1 on ``ground``."""
    start, end = _rgb(colour), _rgb(ink)
    if start is None or end is None:
        return colour
    for step in range(13):
        mixed = "#" + "".join(f"{round(a + (b - a) * step * 0.08):02x}" for a, b in zip(start, end, strict=True))
        if contrast(mixed, ground) >= 4.5:
            return mixed
    return ink


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    shares = [part / 255 for part in _rgb(colour) or (0, 0, 0)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rgb(colour: str) -> tuple[int, int, int] | None:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    try:
        return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)) if len(digits) == 6 else None
    except ValueError:
        return None
