"""A report as slides: one finding a slide, its chart to edit, what it rests on below, how it was worked out in the notes.

Slides are made from the template that the workspace's ``[brand]`` names, in its layouts and fonts, or in the workbook's
own plain look. Bars and lines are charts of the office program, with their figures behind them (``slide_charts``); other
charts are pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.exhibits.theme import LIGHT
from workbook.language import LOCALES, N_, _, date_words, plural
from workbook.reports.branding import Brand, BrandError, brand_of
from workbook.reports.document import Content, Figure, Paragraph, Section, plain, read_content
from workbook.reports.drawing import drawing
from workbook.reports.labels import lines_of, text_width
from workbook.reports.native import native_chart
from workbook.reports.slide_charts import add_chart

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workbook.reports.formats import Document

__all__ = ["pptx_report", "require_template"]

EMU = 12_700
"""Office's units in a point."""

WIDTH, HEIGHT, MARGIN = 960.0, 540.0, 44.0
"""Points of a slide in the workbook's own look."""

FOOT = 26.0
LONGEST = 600
"""Characters of a text on a slide; the notes have it whole."""

READABLE = 12
"""Points of the smallest words of a card, where there is a choice."""

MOST_TABLE_SLIDES = 3
CARDS_A_SLIDE = 3
FONT = "Arial"


@dataclass(frozen=True)
class _Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        return tuple(round(part * EMU) for part in (self.left, self.top, self.width, self.height))  # type: ignore[return-value]


@dataclass(frozen=True)
class _Stage:
    """A presentation to add slides to: its layouts, and where on them there is room."""

    deck: Any
    brand: Brand
    opening: Any
    layout: Any
    title: _Box
    room: _Box
    own: bool


def pptx_report(notebook: NotebookNode, document: Document) -> bytes:
    """
    Return an executed ``notebook`` as slides, in the language in use.

    Raises
    ------
    BrandError
        If the template is no presentation, or has no layout to make slides from.
    """
    content = read_content(notebook, title=document.title, language=document.language)
    brand = brand_of(document.workspace)
    stage = _from_template(brand, brand.template) if brand.template else _plain_stage(brand)
    _opening_slide(stage, content)
    for section in content.sections:
        _section_slides(stage, section, content)
    if still := [figure.finding for figure in content.figures if figure.empty]:
        _list_slide(stage, _(N_("Still to come")), still)
    _finish(stage, content)
    kept = BytesIO()
    stage.deck.save(kept)
    return kept.getvalue()


def require_template(brand: Brand) -> None:
    """Raise BrandError when no slides can be made from the brand's template."""
    if brand.template:
        _from_template(brand, brand.template)


# The presentation


def _plain_stage(brand: Brand) -> _Stage:
    """Return the workbook's own look: the library's empty presentation, made wide, in the brand's font."""
    from pptx import Presentation

    deck: Any = Presentation()
    _name_parts_quickly(deck.part.package)
    deck.slide_width, deck.slide_height = round(WIDTH * EMU), round(HEIGHT * EMU)
    opening, layout = deck.slide_layouts[0], deck.slide_layouts[5]
    for other in [one for one in deck.slide_layouts if one not in (opening, layout)]:
        deck.slide_layouts.remove(other)
    beside = 110.0 if brand.logo else 0.0
    title = _Box(MARGIN, 40, WIDTH - 2 * MARGIN - beside, 66)
    _place(_title_of(opening), _Box(MARGIN, 150, WIDTH - 2 * MARGIN, 110))
    _place(
        next(p for p in opening.placeholders if p.placeholder_format.idx == 1),
        _Box(MARGIN, 268, WIDTH - 2 * MARGIN, 90),
    )
    _place(_title_of(layout), title)
    for part in (deck.slide_master, opening, layout):
        for holder in part.placeholders:
            if holder.placeholder_format.idx in (10, 11, 12):
                _place(holder, _Box(WIDTH - MARGIN - 60, HEIGHT - FOOT, 60, 18))
    _set_fonts(deck.slide_master, brand.font or FONT)
    return _Stage(deck, brand, opening, layout, title, _Box(MARGIN, 116, WIDTH - 2 * MARGIN, HEIGHT - 116 - 54), True)


def _from_template(brand: Brand, template: Path) -> _Stage:
    """Return the client's template without its slides, and the layouts and places in it that serve."""
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        deck: Any = Presentation(str(template))
    except (OSError, KeyError, ValueError, PythonPptxError, SyntaxError) as problem:
        raise BrandError(
            N_(
                "the template {file} is no presentation that can be read. Open it in a slide program and save it "
                "as PowerPoint presentation (.pptx), or take “template” out of [brand] in workbook.toml."
            ),
            file=template.name,
        ) from problem
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    if not layouts:
        raise BrandError(
            N_(
                "the template {file} has no layout to make slides from. Open it in a slide program, add a layout with a "
                "title to its slide master, and save it; or take “template” out of [brand] in workbook.toml."
            ),
            file=template.name,
        )
    _drop_slides(deck)
    _name_parts_quickly(deck.part.package)
    titled = [layout for layout in layouts if _title_of(layout) is not None]
    opening = next((one for one in titled if _has(one, "SUBTITLE")), (titled or layouts)[0])
    # The fewest other places to fill: a layout of a title alone, where there is one.
    layout = min([one for one in titled if one is not opening] or titled or layouts, key=_others)
    wide, tall = deck.slide_width / EMU, deck.slide_height / EMU
    held = _title_of(layout)
    title = _box_of(held) if held is not None else None
    if title is None or title.width < wide / 4 or title.top > tall / 2:
        title = _Box(wide * 0.05, tall * 0.07, wide * 0.9, tall * 0.13)
    top = title.top + title.height + 8
    room = _Box(title.left, top, min(title.width, wide - title.left), max(tall * 0.9 - top - 24, tall * 0.3))
    return _Stage(deck, brand, opening, layout, title, room, False)


def _name_parts_quickly(package: Any) -> None:
    """Look once which names of parts are taken: the library walks through the whole file for each part it adds."""
    taken = {str(part.partname) for part in package.iter_parts()}

    def next_partname(template: str) -> Any:
        from pptx.opc.packuri import PackURI

        at = next(i for i in count(reached.get(template, 1)) if template % i not in taken)
        reached[template] = at + 1
        taken.add(template % at)
        return PackURI(template % at)

    reached: dict[str, int] = {}
    package.next_partname = next_partname


def _drop_slides(deck: Any) -> None:
    """Take the template's own slides out: they are examples."""
    ids = deck.slides._sldIdLst
    for slide in list(ids):
        deck.part.drop_rel(slide.rId)
        ids.remove(slide)


def _title_of(layout: Any) -> Any:
    from pptx.enum.shapes import PP_PLACEHOLDER

    kinds = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    return next((p for p in layout.placeholders if p.placeholder_format.type in kinds), None)


def _has(layout: Any, kind: str) -> bool:
    return any(
        p.placeholder_format.type is not None and p.placeholder_format.type.name == kind for p in layout.placeholders
    )


def _others(layout: Any) -> int:
    aside = ("TITLE", "CENTER_TITLE", "DATE", "FOOTER", "SLIDE_NUMBER")
    kinds = [p.placeholder_format.type for p in layout.placeholders]
    return sum(kind is None or kind.name not in aside for kind in kinds)


def _box_of(shape: Any) -> _Box | None:
    sides = (shape.left, shape.top, shape.width, shape.height)
    return None if any(side is None for side in sides) else _Box(*(side / EMU for side in sides))


def _place(shape: Any, box: _Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box.emu


def _set_fonts(master: Any, font: str) -> None:
    """Name ``font`` in the theme, which all texts and charts follow."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(theme.blob)
    for node in root.iter("{*}majorFont", "{*}minorFont"):
        node.find("{*}latin").set("typeface", font)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# The slides


def _opening_slide(stage: _Stage, content: Content) -> None:
    slide = stage.deck.slides.add_slide(stage.opening)
    _say_title(stage, slide, content.title, _Box(MARGIN, 150, stage.room.width, 110), sizes=(40, 32, 26, 20))
    lines = [
        content.question,
        " · ".join(filter(None, (date_words(content.day) if content.day else "", stage.brand.name))),
    ]
    under = next((p for p in slide.placeholders if p.placeholder_format.idx != 0 and _is_words(p)), None)
    if under is not None:
        _fill(
            under.text_frame,
            [line for line in lines if line],
            size=18 if stage.own else None,
            colour=LIGHT["quiet"] if stage.own else "",
        )
    _clear(slide, under)
    if stage.own and stage.brand.logo:
        _logo(stage, slide, _Box(MARGIN, 56, 240, 56))


def _section_slides(stage: _Stage, section: Section, content: Content) -> None:
    told = [plain(part.spans) for part in section.parts if isinstance(part, Paragraph) and not part.kind]
    for figure in section.figures:
        if figure.empty:
            continue
        for slide in _figure_slides(stage, figure, section):
            notes = [*told, figure.finding, *_notes(figure)]
            slide.notes_slide.notes_text_frame.text = "\n\n".join(note for note in notes if note)
            told = []


def _notes(figure: Figure) -> Iterator[str]:
    if figure.method:
        yield _("Method") + f": {figure.method}"


def _figure_slides(stage: _Stage, figure: Figure, section: Section) -> Iterator[Any]:
    shown = False
    if figure.chart is not None:
        slide = _new_slide(stage, figure, section, figure.finding)
        _chart(stage, slide, figure)
        yield slide
        shown = True
    for some in _groups(figure.cards, _side_by_side(stage, figure.cards)):
        slide = _new_slide(stage, figure, section, figure.finding)
        _cards(stage, slide, some)
        yield slide
        shown = True
    if figure.table and not shown:
        yield from _table_slides(stage, figure, section)
    elif not shown:
        slide = _new_slide(stage, figure, section, figure.finding)
        if figure.method:
            _text(slide, stage.room, _cut(figure.method, LONGEST), 16, LIGHT["quiet"])
        yield slide


def _side_by_side(stage: _Stage, cards: list[dict[str, Any]]) -> int:
    """Return how many cards go on a slide so that they can be read from the back of a room."""
    width = (stage.room.width - 36) / CARDS_A_SLIDE - 16
    return CARDS_A_SLIDE if all(_tall(_card_lines(card), READABLE, width) <= stage.room.height for card in cards) else 2


def _new_slide(stage: _Stage, figure: Figure, section: Section, title: str) -> Any:
    slide = stage.deck.slides.add_slide(stage.layout)
    _say_title(stage, slide, title, stage.title)
    _clear(slide, None)
    if stage.own:
        if section.title:
            _text(slide, _Box(MARGIN, 22, stage.room.width, 18), section.title, 11, stage.brand.ink, bold=True)
        if stage.brand.logo:
            _logo(stage, slide, _Box(WIDTH - MARGIN - 96, 26, 96, 30), right=True)
    rests = [
        *([] if stage.own or not section.title else [section.title]),
        *(tag["text"] for tag in figure.tags),
        _sample(figure),
    ]
    foot = _Box(stage.room.left, stage.room.top + stage.room.height + 6, stage.room.width - 70, 18)
    if source := "  ·  ".join(filter(None, rests)):
        _text(slide, foot, _cut(source, 160), 10, LIGHT["quiet"])
    return slide


def _sample(figure: Figure) -> str:
    n = figure.payload.get("n")
    return plural("{count} answer or record", "{count} answers or records", int(n)) if n is not None else ""


def _list_slide(stage: _Stage, title: str, sentences: list[str]) -> None:
    for some in _groups(sentences, 8):
        slide = stage.deck.slides.add_slide(stage.layout)
        _say_title(stage, slide, title, stage.title)
        _clear(slide, None)
        frame = slide.shapes.add_textbox(*stage.room.emu).text_frame
        frame.word_wrap = True
        _fill(frame, [f"– {_cut(sentence, 240)}" for sentence in some], size=14, colour=LIGHT["ink"], after=8)


def _chart(stage: _Stage, slide: Any, figure: Figure) -> None:
    native = native_chart(figure)
    if native is not None:
        shape = add_chart(slide, native, stage.room.emu)
    else:
        made = drawing(figure)
        assert made is not None
        scale = min(stage.room.width / made.width, stage.room.height / made.height)
        left = stage.room.left + (stage.room.width - made.width * scale) / 2
        box = _Box(left, stage.room.top, made.width * scale, made.height * scale)
        shape = slide.shapes.add_picture(BytesIO(made.png), *box.emu)
    shape._element.xpath(".//p:cNvPr")[0].set("descr", figure.finding)


def _cards(stage: _Stage, slide: Any, cards: list[dict[str, Any]]) -> None:
    """Put cards side by side, all in one size; a long one alone runs over two columns."""
    room, gap = stage.room, 18.0
    columns = 2 if len(cards) == 1 and len(_card_lines(cards[0])) > 8 else 1
    width = (room.width - gap * (len(cards) - 1)) / len(cards)
    line = (width - 16 - gap * (columns - 1)) / columns
    lines = [_card_lines(card) for card in cards]
    tall = room.height * columns * (0.94 if columns > 1 else 1)
    size = next((s for s in (15, 14, 13, 12, 11, 10) if all(_tall(one, s, line) <= tall for one in lines)), 9)
    for i, one in enumerate(lines):
        frame = slide.shapes.add_textbox(
            *_Box(room.left + i * (width + gap), room.top, width, room.height).emu
        ).text_frame
        frame.word_wrap = True
        frame.margin_left = 0
        if columns > 1:
            properties = frame._txBody.bodyPr
            properties.set("numCol", str(columns))
            properties.set("spcCol", str(round(gap * EMU)))
        _write_card(frame, _fitting(one, size, line, tall), size)


def _card_lines(card: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the lines of a card and what each is: title, quiet, label, or nothing for the rest."""
    lines = [(card["title"], "title"), (card["subtitle"], "quiet")]
    for fact in card["facts"]:
        lines += [(fact["label"], "label"), *((line, "") for line in fact["lines"])]
    return [(_cut(text, LONGEST), kind) for text, kind in lines if text]


def _fitting(lines: list[tuple[str, str]], size: float, width: float, room: float) -> list[tuple[str, str]]:
    """Return as many of ``lines`` as there is room for; an ellipsis says that there were more."""
    kept: list[tuple[str, str]] = []
    for line in lines:
        if _tall([*kept, line], size, width) > room:
            return [*kept[:-1], ("…", "")] if kept else [(_cut(line[0], 120), line[1])]
        kept.append(line)
    return kept


def _write_card(frame: Any, lines: list[tuple[str, str]], size: float) -> None:
    from pptx.util import Pt

    for i, (text, kind) in enumerate(lines):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = text
        run.font.size = Pt(_size_of(kind, size))
        run.font.bold = kind == "title"
        run.font.color.rgb = _rgb(LIGHT["quiet"] if kind in ("label", "quiet") else LIGHT["ink"])
        paragraph.space_before = Pt(_before(kind))


def _size_of(kind: str, size: float) -> float:
    return {"title": size + 3, "label": size - 2, "quiet": size - 1}.get(kind, size)


def _before(kind: str) -> float:
    return 7.0 if kind == "label" else 2.0


def _tall(lines: list[tuple[str, str]], size: float, width: float) -> float:
    """Return about how many points high ``lines`` are at ``size`` in ``width``."""
    sizes = [(text, _size_of(kind, size), _before(kind)) for text, kind in lines]
    return sum(len(lines_of(text, width * 12 / at, 99)) * at * 1.2 + before for text, at, before in sizes)


def _table_slides(stage: _Stage, figure: Figure, section: Section) -> Iterator[Any]:
    table = figure.table or {}
    for size in (16, 14, 12, 11):
        widths = _widths(table, stage.room.width, size)
        pages = list(_pages(table["shown"], widths, size, stage.room.height))
        if len(pages) == 1 and sum(widths) <= stage.room.width:
            break
    widths = [width * stage.room.width / sum(widths) for width in widths]
    for i, rows in enumerate(pages[:MOST_TABLE_SLIDES], start=1):
        counted = f" ({i}/{len(pages)})" if len(pages) > 1 else ""
        slide = _new_slide(stage, figure, section, figure.finding + counted)
        _table(stage, slide, table["columns"], rows, widths, size)
        if i == MOST_TABLE_SLIDES and len(pages) > i:
            left = sum(map(len, pages[i:]))
            slide.notes_slide.notes_text_frame.text = plural(
                "{count} more row is in the spreadsheet.", "{count} more rows are in the spreadsheet.", left
            )
        yield slide


def _widths(table: dict[str, Any], room: float, size: float) -> list[float]:
    """Return the columns' widths: figures as they need, words by how many there are."""
    wanted = []
    for i, column in enumerate(table["columns"]):
        cells = [text_width(_cut(str(row[i]), 60), size) for row in table["shown"]]
        word = max((text_width(w, size) * 1.1 for w in str(column["label"]).split()), default=0.0)
        wanted.append(max(word, *cells, 24.0) + 16 if cells else word + 16)
    # Words can break into lines, figures cannot.
    over = max(0.0, sum(wanted) - room)
    words = sum(w for w, column in zip(wanted, table["columns"], strict=True) if column["kind"] == "text") or 1.0
    return [
        max(w - over * w / words, 70.0) if column["kind"] == "text" else w
        for w, column in zip(wanted, table["columns"], strict=True)
    ]


def _pages(rows: list[list[str]], widths: list[float], size: float, room: float) -> Iterator[list[list[str]]]:
    """Yield the rows that fit on a slide each."""
    page: list[list[str]] = []
    tall = head = size * 3.4
    for row in rows:
        row = [_cut(str(text), LONGEST // 2) for text in row]
        lines = max(len(lines_of(text, (w - 14) * 12 / size, 99)) for text, w in zip(row, widths, strict=True))
        high = lines * size * 1.2 + 8
        if page and tall + high > room:
            yield page
            page, tall = [], head
        page.append(row)
        tall += high
    if page:
        yield page


def _table(
    stage: _Stage, slide: Any, columns: list[dict[str, Any]], rows: list[list[str]], widths: list[float], size: float
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    height = round((len(rows) + 1) * size * 1.9 * EMU)
    left, top, width, _height = stage.room.emu
    shape = slide.shapes.add_table(len(rows) + 1, len(columns), left, top, width, height)
    shape._element.xpath(".//a:tableStyleId")[0].text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for column, wide in zip(shape.table.columns, widths, strict=True):
        column.width = round(wide * EMU)
    for r, row in enumerate([[str(c["label"]) for c in columns], *rows]):
        shape.table.rows[r].height = round(size * 1.9 * EMU)
        for c, text in enumerate(row):
            cell = shape.table.cell(r, c)
            cell.margin_top = cell.margin_bottom = Pt(3)
            cell.vertical_anchor = MSO_ANCHOR.BOTTOM if r == 0 else MSO_ANCHOR.TOP
            paragraph = cell.text_frame.paragraphs[0]
            if columns[c]["kind"] != "text":
                paragraph.alignment = PP_ALIGN.RIGHT
            run = paragraph.add_run()
            run.text = text.replace("\n", " ")
            run.font.size, run.font.bold = Pt(size), r == 0
            run.font.color.rgb = _rgb(stage.brand.ink if r == 0 else LIGHT["ink"])
            _line_below(cell, stage.brand.colour if r == 0 else LIGHT["line"], 1.25 if r == 0 else 0.75)


def _line_below(cell: Any, colour: str, points: float) -> None:
    from lxml import etree
    from pptx.oxml.ns import qn

    line = etree.SubElement(cell._tc.get_or_add_tcPr(), qn("a:lnB"), w=str(round(points * EMU)))
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=colour[1:])


# Words and pictures on a slide


def _say_title(
    stage: _Stage, slide: Any, text: str, box: _Box, sizes: tuple[int, ...] = (24, 22, 20, 18, 16, 14)
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    holder = slide.shapes.title
    frame = (holder if holder is not None else slide.shapes.add_textbox(*box.emu)).text_frame
    frame.word_wrap = True
    if not stage.own:
        # A template's own size stands as long as the words have room in it.
        own = _title_size(slide.slide_layout)
        sizes = (own, *(size for size in (36, 32, 28, 24, 22, 20, 18, 16, 14) if size < own))
        held = _box_of(holder) if holder is not None else None
        box = held or box
        box = _Box(box.left, box.top, box.width * 0.9 - 14, box.height - 7)
    said, size = _fitted(text, box, sizes)
    paragraph = frame.paragraphs[0]
    run = paragraph.add_run()
    run.text = said
    if stage.own:
        paragraph.alignment, frame.vertical_anchor = PP_ALIGN.LEFT, MSO_ANCHOR.TOP
        run.font.bold, run.font.color.rgb = True, _rgb(stage.brand.ink if sizes[0] > 24 else LIGHT["ink"])
        frame.margin_left = frame.margin_right = frame.margin_top = 0
    if stage.own or holder is None or size < sizes[0]:
        run.font.size = Pt(size)


def _title_size(layout: Any) -> int:
    """Return the size of titles, in points, that a layout or its master names."""
    title = _title_of(layout)
    places = [
        *(title._element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz") if title is not None else ()),
        *layout.slide_master._element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz"),
    ]
    return round(int(places[0]) / 100) if places else 44


def _fitted(text: str, box: _Box, sizes: tuple[int, ...]) -> tuple[str, int]:
    """Return ``text`` as far as it goes into ``box``, and the size at which it does."""
    said = _cut(" ".join(text.split()), LONGEST)
    for size in sizes:
        if len(lines_of(said, box.width * 12 / size / 1.08, 99)) * size * 1.2 <= box.height:
            return said, size
    room = max(1, int(box.height / (sizes[-1] * 1.2)))
    return " ".join(lines_of(said, box.width * 12 / sizes[-1] / 1.08, room)), sizes[-1]


def _text(slide: Any, box: _Box, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    frame = slide.shapes.add_textbox(*box.emu).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _fill(frame, [text], size=size, colour=colour, bold=bold)


def _fill(
    frame: Any, lines: list[str], *, size: float | None, colour: str, bold: bool = False, after: float = 0
) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    for i, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        if size:
            paragraph.alignment = PP_ALIGN.LEFT
            paragraph.space_after = Pt(after)
            run.font.size = Pt(size)
        if bold:
            run.font.bold = True
        if colour:
            run.font.color.rgb = _rgb(colour)


def _logo(stage: _Stage, slide: Any, box: _Box, *, right: bool = False) -> None:
    logo = stage.brand.logo
    assert logo is not None
    scale = min(box.width / logo.ratio, box.height)
    wide = scale * logo.ratio
    place = _Box(box.left + (box.width - wide if right else 0), box.top, wide, scale)
    shape = slide.shapes.add_picture(BytesIO(logo.png), *place.emu)
    shape._element.xpath(".//p:cNvPr")[0].set("descr", stage.brand.name or _(N_("Logo")))


def _is_words(holder: Any) -> bool:
    kind = holder.placeholder_format.type
    return kind is not None and kind.name in ("SUBTITLE", "BODY", "OBJECT") and holder.has_text_frame


def _clear(slide: Any, kept: Any) -> None:
    """Take away the places of a layout that stay empty: they would ask for a click on every slide."""
    for holder in list(slide.placeholders):
        if holder.placeholder_format.idx != 0 and (kept is None or holder.shape_id != kept.shape_id):
            holder._element.getparent().remove(holder._element)


def _finish(stage: _Stage, content: Content) -> None:
    """Number the slides, and say in which language every word is."""
    from copy import deepcopy

    from pptx.oxml.ns import qn

    language = LOCALES[content.language].replace("_", "-")
    properties = stage.deck.core_properties
    properties.title, properties.subject, properties.author = (
        content.title[:250],
        content.question[:250],
        stage.brand.name,
    )
    properties.language, properties.last_modified_by, properties.comments = language, "", ""
    for i, slide in enumerate(stage.deck.slides):
        number = next(
            (
                p
                for p in slide.slide_layout.placeholders
                if p.placeholder_format.type and p.placeholder_format.type.name == "SLIDE_NUMBER"
            ),
            None,
        )
        if number is not None and i:
            slide.shapes._spTree.append(deepcopy(number._element))
        parts = [slide._element, *([slide.notes_slide._element] if slide.has_notes_slide else [])]
        for run in (run for part in parts for run in part.iter(qn("a:r"), qn("a:fld"))):
            run.get_or_add_rPr().set("lang", language)


def _groups(things: list[Any], most: int) -> Iterator[list[Any]]:
    for start in range(0, len(things), most):
        yield things[start : start + most]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour[1:].upper())
