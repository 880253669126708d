"""Words on slides, written as a whole: setting one by one what each run is like takes longer than all the rest of a deck."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from workbook.exhibits.theme import LIGHT
from workbook.reports.document import visible
from workbook.reports.labels import lines_of

__all__ = ["EMU", "SPACES", "Box", "Line", "body", "cut", "fitted", "key_box", "text_box", "write"]

EMU = 12_700
"""Office's units in a point."""

LONGEST = 600
"""Characters of a text on a slide; the notes have it whole."""

SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        return tuple(round(part * EMU) for part in (self.left, self.top, self.width, self.height))  # type: ignore[return-value]


@dataclass(frozen=True)
class Line:
    """
    A paragraph in one style; what is empty follows the layout.

    ``size``, and the room ``before`` and ``after``, are points; ``side`` is ``l``, ``r`` or nothing.
    """

    text: str
    size: float = 0
    colour: str = ""
    bold: bool = False
    side: str = ""
    before: float = 0
    after: float = 0


def body(lines: Iterable[Line], language: str) -> str:
    """Return ``lines`` as paragraphs of a slide's file, in ``language`` as ``it-IT``."""
    return "".join(_paragraph(line, language) for line in lines) or "<a:p/>"


def write(frame: Any, lines: Iterable[Line], language: str) -> None:
    """Write ``lines`` into a text frame in place of what it says."""
    from pptx.oxml import parse_xml

    holder = frame._txBody
    for old in list(holder.p_lst):
        holder.remove(old)
    holder.extend(parse_xml(f"<p:txBody {SPACES}>{body(lines, language)}</p:txBody>").p_lst)


def key_box(slide: Any, box: Box, entries: Iterable[tuple[str, str]], language: str, size: float = 14) -> None:
    """Put the key of a chart on ``slide``: each name after a square in its colour, in the middle of ``box``."""
    from pptx.oxml import parse_xml

    number = slide.shapes._next_shape_id
    text_box(slide, box, [], language)
    holder = slide.shapes._spTree[-1].txBody
    runs = []
    for name, colour in entries:
        for text, paint in (("■\u00a0", colour), (visible(name).replace(" ", "\u00a0") + "    ", LIGHT["quiet"])):
            like = f'<a:rPr lang="{language}" sz="{round(size * 100)}">{_fill(paint)}</a:rPr>'
            runs.append(f'<a:r>{like}<a:t xml:space="preserve">{escape(text)}</a:t></a:r>')
    said = f'<p:txBody {SPACES}><a:p><a:pPr algn="ctr"/>{"".join(runs)}</a:p></p:txBody>'
    holder.replace(holder.p_lst[0], parse_xml(said).p_lst[0])
    slide.shapes._spTree[-1].xpath(".//p:cNvPr")[0].set("name", f"Key {number}")


def text_box(
    slide: Any,
    box: Box,
    lines: Iterable[Line],
    language: str,
    *,
    inset: Sequence[float] = (0, 0, 0, 0),
    columns: int = 1,
) -> None:
    """Put ``lines`` on ``slide``, ``inset`` by points from left, top, right and bottom of ``box``."""
    from pptx.oxml import parse_xml

    left, top, width, height = box.emu
    aside = " ".join(f'{side}Ins="{round(points * EMU)}"' for side, points in zip("ltrb", inset, strict=True))
    number = slide.shapes._next_shape_id
    slide.shapes._spTree.append(
        parse_xml(
            f"<p:sp {SPACES}>"
            f'<p:nvSpPr><p:cNvPr id="{number}" name="Text {number}"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
            f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
            f'<p:txBody><a:bodyPr wrap="square" {aside}{_columns(columns)}/><a:lstStyle/>'
            f"{body(lines, language)}</p:txBody></p:sp>"
        )
    )


def fitted(text: str, box: Box, sizes: Sequence[int]) -> tuple[str, int]:
    """Return ``text`` as far as it goes into ``box``, and the size at which it does."""
    # A space that keeps a figure and its unit together stays.
    said = cut(re.sub(r"[ \t\n]+", " ", text).strip())
    for size in sizes:
        if len(lines_of(said, box.width * 12 / size / 1.08, 99)) * size * 1.2 <= box.height:
            return said, size
    room = max(1, int(box.height / (sizes[-1] * 1.2)))
    return " ".join(lines_of(said, box.width * 12 / sizes[-1] / 1.08, room)), sizes[-1]


def cut(text: str, most: int = LONGEST) -> str:
    """Return ``text`` in at most ``most`` characters; an ellipsis says that there were more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _paragraph(line: Line, language: str) -> str:
    room = "".join(
        f'<a:spc{place}><a:spcPts val="{round(points * 100)}"/></a:spc{place}>'
        for place, points in (("Bef", line.before), ("Aft", line.after))
        if points
    )
    side = f' algn="{line.side}"' if line.side else ""
    size = f' sz="{round(line.size * 100)}"' if line.size else ""
    bold = ' b="1"' if line.bold else ""
    colour = _fill(line.colour) if line.colour else ""
    like = f'<a:rPr lang="{language}"{size}{bold}>{colour}</a:rPr>'
    if not line.text:
        # As high as the others: an empty paragraph would have the size of the layout, and make its row of a table taller.
        return f"<a:p><a:pPr{side}>{room}</a:pPr>{like.replace('a:rPr', 'a:endParaRPr')}</a:p>"
    runs = (f"<a:r>{like}<a:t>{escape(text)}</a:t></a:r>" for text in visible(line.text).split("\n"))
    return f"<a:p><a:pPr{side}>{room}</a:pPr>{'<a:br/>'.join(runs)}</a:p>"


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>'


def _columns(count: int) -> str:
    return f' numCol="{count}" spcCol="{18 * EMU}"' if count > 1 else ""
