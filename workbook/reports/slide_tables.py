"""Tables on slides: as many rows as can be read, the rest on the next slides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workbook.exhibits.theme import LIGHT
from workbook.reports.columns import column_widths
from workbook.reports.labels import lines_of
from workbook.reports.slide_stage import Stage
from workbook.reports.slide_words import EMU, LONGEST, SPACES, Line, body, cut

__all__ = ["MOST_SLIDES", "Page", "put_table", "table_pages"]

MOST_SLIDES = 3
"""Slides of one table; what it has beyond is in the spreadsheet."""

SIZES = (16, 14, 12, 11)
"""Points of the words, tried in turn."""

ASIDE = 16.0
"""Points of a cell beside its words."""

LINE, BOLD = 1.2, 1.1
"""How much higher than its letters a line is, and how much wider bold words are."""


Rows = list[list[str]]


@dataclass(frozen=True)
class Page:
    """Rows that fit on a slide, and the widths of their columns in points."""

    columns: list[dict[str, Any]]
    rows: list[list[str]]
    widths: list[float]
    size: float


def table_pages(table: dict[str, Any], stage: Stage) -> list[Page]:
    """Return a table in the largest size in which all of it fits on a slide, or in the smallest on several."""
    columns = table["columns"]
    rows = [[cut(str(text), LONGEST // 2).replace("\n", " ") for text in row] for row in table["shown"]]
    tried = []
    for size in SIZES:
        widths = column_widths(columns, rows, stage.room.width, size, ASIDE)
        pages = list(_pages(columns, rows, widths.points, size, stage.room.height))
        tried.append((size, widths, pages))
        if widths.fit and len(pages) == 1:
            break
    if 1 < len(pages) <= MOST_SLIDES:
        # No more slides than the smallest letters need, in the largest that need no more, with as many rows on each.
        least = len(pages)
        size, widths, pages = next(
            each for each in tried if len(each[2]) == least and (each[1].fit or each is tried[-1])
        )
        pages = _evened(pages, lambda room: list(_pages(columns, rows, widths.points, size, room)), stage.room.height)
    return [Page(columns, page, widths.points, size) for page in pages]


def put_table(stage: Stage, slide: Any, page: Page) -> None:
    """Put the rows of ``page`` on ``slide``, with the columns' heads above."""
    from pptx.oxml import parse_xml

    left, top, _width, _height = stage.room.emu
    width = round(sum(page.widths) * EMU)
    tall = round(page.size * 1.9 * EMU)
    number = slide.shapes._next_shape_id
    heads = [str(column["label"]) for column in page.columns]
    rows = [_row(stage, page, heads, tall, head=True), *(_row(stage, page, row, tall) for row in page.rows)]
    grid = "".join(f'<a:gridCol w="{round(wide * EMU)}"/>' for wide in page.widths)
    slide.shapes._spTree.append(
        parse_xml(
            f'<p:graphicFrame {SPACES}><p:nvGraphicFramePr><p:cNvPr id="{number}" name="Table {number}"/>'
            '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
            f'<p:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{tall * len(rows)}"/></p:xfrm>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
            # The style without fills and without a grid.
            '<a:tblPr firstRow="1"><a:tableStyleId>{2D5ABB26-0587-4C30-8999-92F81FD0307C}</a:tableStyleId></a:tblPr>'
            f"<a:tblGrid>{grid}</a:tblGrid>{''.join(rows)}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
        )
    )


def _row(stage: Stage, page: Page, texts: list[str], tall: int, *, head: bool = False) -> str:
    ink, line, points = (stage.brand.ink, stage.brand.colour, 1.25) if head else (LIGHT["ink"], LIGHT["line"], 0.75)
    below = f'<a:lnB w="{round(points * EMU)}"><a:solidFill><a:srgbClr val="{line[1:].upper()}"/></a:solidFill></a:lnB>'
    cells = (
        "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>"
        + body([Line(text, page.size, ink, head, "" if column["kind"] == "text" else "r")], stage.language)
        + f'</a:txBody><a:tcPr marT="{3 * EMU}" marB="{3 * EMU}" anchor="{"b" if head else "t"}">{below}</a:tcPr></a:tc>'
        for text, column in zip(texts, page.columns, strict=True)
    )
    return f'<a:tr h="{tall}">{"".join(cells)}</a:tr>'


def _pages(
    columns: list[dict[str, Any]], rows: list[list[str]], widths: list[float], size: float, room: float
) -> Iterator[list[list[str]]]:
    """Yield the rows that fit on a slide each."""
    head = _tall([str(column["label"]) for column in columns], widths, size * BOLD) + size * 0.3
    page: list[list[str]] = []
    tall = head
    for row in rows:
        high = max(_tall(row, widths, size), size * 1.9)
        if page and tall + high > room:
            yield page
            page, tall = [], head
        page.append(row)
        tall += high
    if page:
        yield page


def _evened(pages: list[Rows], divided: Callable[[float], list[Rows]], room: float) -> list[Rows]:
    """Return as many pages with about as many rows on each: no slide for the last row alone."""
    for share in range(1, 20):
        again = divided(room * (1 - share / 20))
        if len(again) > len(pages):
            break
        pages = again
    return pages


def _tall(texts: list[str], widths: list[float], size: float) -> float:
    lines = max(len(lines_of(text, (w - 14) * 12 / size, 99)) for text, w in zip(texts, widths, strict=True))
    return lines * size * LINE + 8
