"""A report on paper: PDF with an outline, page numbers and charts as vectors, typeset by typst.

``report.typ`` beside this module has the layout. It gets what the report says as data, never as its own language, so
that a name such as ``#panic()`` is printed as it stands. Language, title and texts for pictures are in the file for
those who have it read to them.
"""

from __future__ import annotations

import base64
import json
import math
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.language import LOCALES, N_, _, date_words
from workbook.reports.branding import Brand, Logo, brand_of, fonts_here
from workbook.reports.columns import column_widths
from workbook.reports.document import Content, Figure, Heading, Listing, Part, Span, read_content
from workbook.reports.drawing import WIDTH, drawing
from workbook.reports.labels import text_width

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workbook.reports.formats import Document

__all__ = ["pdf_report"]

COLUMN = 470.0
"""Points of the page's column."""

SIZES = ((8.5, 4.0), (7.5, 3.0), (7.0, 2.0))
"""Points: letters and inset of a table, tried in turn."""

TOGETHER = 14
"""Lines of a table that stays on one page: a year of months, or some rows of words."""

HELD = 2, 3
"""Rows of a longer table that stay together under its head, and at its end."""

LONG, LONGER = 600, 2_500
"""Characters of a card that is set over the whole width, and of one that may go over to the next page."""

CHAPTER = 3
"""Exhibits of a section that begins a page, unless half of one is left."""

SHEETS = 40
"""Exhibits of a report that is set in two halves, side by side: its middle section begins a page in any case."""

SURE = 1.06
"""How much room a text needs to be sure of its line: fonts differ from the one that words are measured in."""

LONGEST = 4_000
"""Characters of a text in a cell or a card; past it a cell would fill pages."""


def pdf_report(notebook: NotebookNode, document: Document) -> bytes:
    """Return an executed ``notebook`` as PDF, in the language in use."""
    import typst

    content = read_content(notebook, title=document.title, language=document.language)
    brand = brand_of(document.workspace)
    said = json.dumps(_report(content, brand), ensure_ascii=False)
    made: bytes = typst.compile(_layout(), font_paths=fonts_here(brand.fonts), sys_inputs={"report": said})
    return made


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return Path(__file__).with_name("report.typ").read_bytes()


def _report(content: Content, brand: Brand) -> dict[str, Any]:
    numbers: dict[str, int] = {}
    for figure in content.notes:
        numbers.setdefault(figure.method, len(numbers) + 1)
    parts = [_part(part, numbers, brand) for part in content.parts]
    for part, following in pairwise(parts):
        # No introduction at the foot of a page, and what it introduces on the next.
        part["leads"] = part["kind"] == "prose" and following["kind"] == "exhibit"
    _open_chapters(parts)
    first = next((i for i, part in enumerate(parts) if part["kind"] == "heading" and part["level"] == 1), len(parts))
    lead = next((i for i, part in enumerate(parts[:first]) if part["kind"] == "exhibit"), first)
    day = content.day
    return {
        "title": content.title,
        "question": content.question,
        "language": content.language,
        "region": LOCALES[content.language].rpartition("_")[2],
        "day": {"year": day.year, "month": day.month, "day": day.day} if day else None,
        "date": date_words(day) if day else "",
        "brand": {
            "name": brand.name,
            "colour": brand.colour,
            "ink": brand.ink,
            "fonts": [name.lower() for name in brand.families],
            "logo": _as_svg(brand.logo) if brand.logo else None,
            "alt": brand.name or _(N_("Logo")),
        },
        "words": {
            "contents": _("Contents"),
            "notes": _(N_("How it was worked out")),
            "note": _(N_("Method: note {number}"), number="{number}"),
        },
        "contents": sum(part["kind"] == "heading" and part["level"] == 1 for part in parts) > 1,
        "lead": parts[:lead],
        "parts": parts[lead:],
        "notes": [
            {"number": number, "findings": _found_by(content, method), "method": _cut(method)}
            for method, number in numbers.items()
        ],
    }


def _open_chapters(parts: list[dict[str, Any]]) -> None:
    """Let chapters of some exhibits begin where there is room, and the middle one of a long report on a page of its own."""
    held: dict[str, Any] = {}
    before: list[tuple[int, dict[str, Any]]] = []
    exhibits = 0
    for part in parts:
        if part["kind"] == "heading":
            part["opens"] = ""
            if part["level"] == 1:
                held = part
                before.append((exhibits, part))
        elif part["kind"] == "exhibit" and held and not part["empty"]:
            exhibits += 1
            if exhibits - before[-1][0] == CHAPTER:
                held["opens"] = "room"
    long = [(abs(2 * count - exhibits), i) for i, (count, part) in enumerate(before) if part["opens"]]
    if exhibits >= SHEETS and long:
        before[min(long)[1]][1]["opens"] = "page"


def _found_by(content: Content, method: str) -> list[str]:
    return [_cut(figure.finding) for figure in content.notes if figure.method == method]


def _part(part: Part, numbers: dict[str, int], brand: Brand) -> dict[str, Any]:
    if isinstance(part, Heading):
        # The title stands above all of them, so that a section is the first level.
        return {"kind": "heading", "level": min(max(part.level - 1, 1), 3), "text": part.text}
    if isinstance(part, Listing):
        return {"kind": "list", "numbered": part.numbered, "entries": _entries(part)}
    if isinstance(part, Figure):
        return _exhibit(part, 0 if part.empty else numbers.get(part.method, 0), brand)
    return {"kind": "prose", "style": part.kind, "spans": _spans(part.spans), "leads": False}


def _entries(part: Listing) -> list[dict[str, Any]]:
    number, entries = 0, []
    for depth, words in part.entries:
        number += depth == 0
        entries.append({"depth": depth, "number": number, "spans": _spans(words)})
    return entries


def _spans(spans: tuple[Span, ...]) -> list[dict[str, Any]]:
    return [{"text": s.text, "strong": s.strong, "emphasis": s.emphasis, "code": s.code, "link": s.link} for s in spans]


def _exhibit(figure: Figure, note: int, brand: Brand) -> dict[str, Any]:
    chart = drawing(figure, fonts=", ".join(brand.families))
    return {
        "kind": "exhibit",
        "finding": _cut(figure.finding),
        "empty": figure.empty,
        "chart": chart.svg if chart else None,
        "chart-width": min(1.0, chart.width / WIDTH) if chart else 1.0,
        "rows-follow": bool(figure.cards or figure.tags or note),
        "charted": chart is not None,
        "cards": [_card(card) for card in figure.cards],
        "tags": figure.tags,
        "tables": _tables(figure.table) if figure.table else [],
        "note": note,
    }


def _card(card: dict[str, Any]) -> dict[str, Any]:
    facts = [
        {
            "label": _cut(f["label"]),
            "lines": [_cut(line) for line in f["lines"]],
            "sentences": f.get("sentences", False),
        }
        for f in card["facts"]
    ]
    letters = sum(len(line) for fact in facts for line in fact["lines"])
    return {
        "title": _cut(card["title"]),
        "subtitle": _cut(card["subtitle"]),
        "facts": facts,
        "tags": card["tags"],
        "long": letters > LONG,
        "longer": letters > LONGER,
    }


def _tables(table: dict[str, Any]) -> list[dict[str, Any]]:
    """
    Return a table as texts, in parts one under the other where all its columns do not fit beside each other.

    Each part begins with the columns that tell the rows apart.
    """
    columns = table["columns"]
    rows = [[_cut(str(text)) for text in row] for row in table["shown"]]
    everything = list(range(len(columns)))
    for size, inset in SIZES:
        made = _columns(columns, rows, everything, size, inset)
        if made["fit"]:
            return [made]
    keys = _keys(columns, rows)
    parts = [list(keys)]
    for i in everything[len(keys) :]:
        if len(parts[-1]) > len(keys) and not _columns(columns, rows, [*parts[-1], i], size, inset)["fit"]:
            parts.append(list(keys))
        parts[-1].append(i)
    return [_columns(columns, rows, part, size, inset) for part in parts]


def _keys(columns: list[dict[str, Any]], rows: list[list[str]]) -> list[int]:
    """Return the first columns of words that together tell the rows apart, at most two; the first column where none do."""
    words = 0
    while words < min(2, len(columns)) and columns[words]["kind"] == "text":
        words += 1
        if len({tuple(row[:words]) for row in rows}) == len(rows):
            break
    return list(range(max(words, 1)))


def _columns(
    columns: list[dict[str, Any]], rows: list[list[str]], chosen: list[int], size: float, inset: float
) -> dict[str, Any]:
    """Return some columns of a table, in points and letters of ``size``."""
    shown = [columns[i] for i in chosen]
    cells = [[row[i] for i in chosen] for row in rows]
    widths = column_widths(shown, cells, COLUMN, size, 2 * inset + 1)
    lines = [
        [_lines(text, width - 2 * inset, size) for text, width in zip(row, widths.points, strict=True)] for row in cells
    ]
    together = sum(max(row, default=1) for row in lines) <= TOGETHER
    first, last = (0, 0) if together or len(cells) <= sum(HELD) else HELD
    return {
        "kinds": [column["kind"] for column in shown],
        "widths": [round(width, 1) for width in widths.points],
        "fit": widths.fit,
        "whole": widths.whole,
        # A row that is known to be of one line need not be measured, which takes as long as setting it.
        "flat": [max(row, default=1) == 1 for row in lines],
        "together": together,
        "first": first,
        "last": last,
        "size": size,
        "inset": inset,
        "heads": [str(column["label"]) for column in shown],
        "rows": cells,
    }


def _lines(text: str, width: float, size: float) -> int:
    """Return on about how many lines a text stands in ``width`` points; on one only where that is sure."""
    wide = text_width(text, size) * SURE
    return 1 if wide <= width and "\n" not in text else max(2, math.ceil(wide / max(width, 1)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _as_svg(logo: Logo) -> str:
    """Return the logo as SVG, in which typst also takes a picture of pixels."""
    if logo.kind == "svg":
        return logo.content.decode("utf-8", "replace")
    picture = base64.b64encode(logo.content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {1000 * logo.ratio:.0f} 1000">'
        f'<image width="{1000 * logo.ratio:.0f}" height="1000" href="data:image/png;base64,{picture}"/></svg>'
    )
