"""A report as slides: one finding a slide, its chart to edit, what it rests on below, how it was worked out in the notes.

Slides are made from the template that the workspace's ``[brand]`` names, in its layouts and fonts, or in the workbook's
own plain look (``slide_stage``). Bars and lines are charts of the office program, with their figures behind them
(``slide_charts``); other charts are pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any

from workbook.exhibits.theme import LIGHT
from workbook.language import LOCALES, N_, _, date_words, number, plural
from workbook.reports.branding import Brand, brand_of, fonts_here
from workbook.reports.document import Content, Figure, Paragraph, Section, plain, read_content
from workbook.reports.drawing import Drawing, drawing, pictures
from workbook.reports.native import native_chart
from workbook.reports.slide_cards import card_groups, put_cards
from workbook.reports.slide_charts import add_chart
from workbook.reports.slide_stage import MARGIN, WIDTH, Stage, own_stage, template_stage
from workbook.reports.slide_tables import MOST_SLIDES, put_table, table_pages
from workbook.reports.slide_words import Box, Line, cut, text_box, write

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workbook.reports.formats import Document

__all__ = ["pptx_report", "require_template"]

FILLED = 0.8
"""How much of a slide's height a chart of few rows is to fill."""

SENTENCES = 8
"""Sentences of a slide that lists them."""

Pictures = dict[int, tuple[Drawing, bytes]]
"""The charts that are pictures, as they are drawn and painted, by the ``id`` of their figure."""


def pptx_report(notebook: NotebookNode, document: Document) -> bytes:
    """
    Return an executed ``notebook`` as slides, in the language in use.

    Raises
    ------
    BrandError
        If the template is no presentation, or has no layout to make slides from.
    """
    content = read_content(notebook, title=document.title, language=document.language)
    stage = _stage(brand_of(document.workspace), LOCALES[content.language].replace("_", "-"))
    painted = _painted(stage, content)
    _opening_slide(stage, content)
    for section in content.sections:
        _section_slides(stage, section, painted)
    if still := [figure.finding for figure in content.figures if figure.empty]:
        _list_slides(stage, _(N_("Still to come")), still)
    _finish(stage, content)
    kept = BytesIO()
    stage.deck.save(kept)
    return kept.getvalue()


def require_template(brand: Brand) -> None:
    """Raise BrandError when no slides can be made from the brand's template."""
    if brand.template:
        template_stage(brand, brand.template, "")


def _stage(brand: Brand, language: str) -> Stage:
    return template_stage(brand, brand.template, language) if brand.template else own_stage(brand, language)


def _painted(stage: Stage, content: Content) -> Pictures:
    """Return the charts that no office program draws, all painted at once."""
    figures = [figure for figure in content.figures if figure.chart is not None and native_chart(figure) is None]
    drawn = [made for figure in figures if (made := _drawn(stage, figure)) is not None]
    painted = pictures(drawn, fonts_here(stage.brand.fonts))
    return {id(figure): pair for figure, pair in zip(figures, zip(drawn, painted, strict=True), strict=True)}


def _drawn(stage: Stage, figure: Figure) -> Drawing | None:
    """Return a chart so that its words are no smaller on the slide than they are drawn."""
    fonts, room = ", ".join(stage.brand.families), stage.room
    made = drawing(figure, fonts=fonts)
    if made is not None and made.height > room.height * max(1.0, made.width / room.width):
        return drawing(figure, width=max(room.width, made.width), height=room.height, fonts=fonts)
    least = room.height * FILLED * made.width / room.width if made is not None else 0
    return drawing(figure, least=least, fonts=fonts) if made is not None and made.height < least else made


def _opening_slide(stage: Stage, content: Content) -> None:
    slide = stage.add_slide(stage.opening)
    stage.say_title(slide, content.title, Box(MARGIN, 150, stage.room.width, 110), sizes=(40, 32, 26, 20))
    day = date_words(content.day) if content.day else ""
    texts = [content.question, " · ".join(filter(None, (day, stage.brand.name)))]
    under = next((p for p in slide.placeholders if p.placeholder_format.idx != 0 and _is_words(p)), None)
    if under is not None:
        like = {"size": 18.0, "colour": LIGHT["quiet"], "side": "l"} if stage.own else {}
        write(under.text_frame, [Line(text, **like) for text in texts if text], stage.language)  # type: ignore[arg-type]
        if stage.own:
            under.text_frame.margin_left = 0
    _clear(slide, under)
    if stage.own:
        stage.add_logo(slide, Box(MARGIN, 56, 240, 56))


def _section_slides(stage: Stage, section: Section, painted: Pictures) -> None:
    told = [plain(part.spans) for part in section.parts if isinstance(part, Paragraph) and not part.kind]
    for figure in section.figures:
        if figure.empty:
            continue
        for slide in _figure_slides(stage, figure, section, painted):
            method = [_("Method") + f": {figure.method}"] if figure.method else []
            stage.note(slide, [*told, figure.finding, *method])
            told = []


def _figure_slides(stage: Stage, figure: Figure, section: Section, painted: Pictures) -> Iterator[Any]:
    shown = False
    if figure.chart is not None:
        slide = _new_slide(stage, figure, section)
        _put_chart(stage, slide, figure, painted)
        yield slide
        shown = True
    for cards in card_groups(stage, figure.cards):
        slide = _new_slide(stage, figure, section)
        put_cards(stage, slide, cards)
        yield slide
        shown = True
    if figure.table and not shown:
        yield from _table_slides(stage, figure, section)
    elif not shown:
        slide = _new_slide(stage, figure, section)
        prose = " ".join(plain(part.spans) for part in section.parts if isinstance(part, Paragraph) and not part.kind)
        if said := figure.method or prose:
            text_box(slide, stage.room, [Line(cut(said), 16, LIGHT["quiet"])], stage.language)
        yield slide


def _table_slides(stage: Stage, figure: Figure, section: Section) -> Iterator[Any]:
    pages = table_pages(figure.table or {}, stage)
    shown, rest = pages[:MOST_SLIDES], pages[MOST_SLIDES:]
    left = sum(len(page.rows) for page in rest)
    more = plural("{count} more row is in the spreadsheet.", "{count} more rows are in the spreadsheet.", left)
    for i, page in enumerate(shown, start=1):
        counted = f" ({i}/{len(shown)})" if len(shown) > 1 else ""
        slide = _new_slide(stage, figure, section, counted, more if left and i == len(shown) else "")
        put_table(stage, slide, page)
        yield slide


def _new_slide(stage: Stage, figure: Figure, section: Section, counted: str = "", more: str = "") -> Any:
    """Return a slide with the finding on top and, at its foot, what that rests on and what ``more`` there would be."""
    slide = stage.add_slide()
    stage.say_title(slide, figure.finding + counted, stage.title)
    _clear(slide, None)
    if stage.own:
        if section.title:
            head = Line(section.title, 12, stage.brand.ink, bold=True)
            text_box(slide, Box(MARGIN, 20, stage.room.width - 110, 18), [head], stage.language)
        stage.add_logo(slide, Box(WIDTH - MARGIN - 96, 26, 96, 30), right=True)
    rests = [
        more,
        *([] if stage.own or not section.title else [section.title]),
        *(tag["text"] for tag in figure.tags),
        _sample(figure),
    ]
    foot = Box(stage.room.left, stage.room.top + stage.room.height + 6, stage.room.width - 70, 18)
    if source := "  ·  ".join(filter(None, rests)):
        text_box(slide, foot, [Line(cut(source, 150), 11, LIGHT["quiet"])], stage.language)
    return slide


def _sample(figure: Figure) -> str:
    """Return how many answers or records there are; nothing where a tag has said so already."""
    n = figure.payload.get("n")
    if n is None or any(number(n) in tag["text"].split() for tag in figure.tags):
        return ""
    return plural("{count} answer or record", "{count} answers or records", int(n))


def _list_slides(stage: Stage, title: str, sentences: list[str]) -> None:
    for start in range(0, len(sentences), SENTENCES):
        slide = stage.add_slide()
        stage.say_title(slide, title, stage.title)
        _clear(slide, None)
        lines = [
            Line(f"– {cut(sentence, 240)}", 14, LIGHT["ink"], side="l", after=8)
            for sentence in sentences[start : start + SENTENCES]
        ]
        text_box(slide, stage.room, lines, stage.language)


def _put_chart(stage: Stage, slide: Any, figure: Figure, painted: Pictures) -> None:
    native = native_chart(figure)
    if native is not None:
        shape = add_chart(slide, native, stage.room, stage.language)
        shape._element.xpath(".//p:cNvPr")[0].set("descr", figure.finding)
        return
    made, png = painted[id(figure)]
    scale = min(stage.room.width / made.width, stage.room.height / made.height)
    left = stage.room.left + (stage.room.width - made.width * scale) / 2
    stage.add_picture(slide, png, Box(left, stage.room.top, made.width * scale, made.height * scale), figure.finding)


def _is_words(holder: Any) -> bool:
    kind = holder.placeholder_format.type
    return kind is not None and kind.name in ("SUBTITLE", "BODY", "OBJECT") and holder.has_text_frame


def _clear(slide: Any, kept: Any) -> None:
    """Take away the places of a layout that stay empty: they would ask for a click on every slide."""
    for holder in list(slide.placeholders):
        if holder.placeholder_format.idx != 0 and (kept is None or holder.shape_id != kept.shape_id):
            holder._element.getparent().remove(holder._element)


def _finish(stage: Stage, content: Content) -> None:
    """Number the slides, and say what the file is of."""
    properties = stage.deck.core_properties
    properties.title, properties.subject, properties.author = (
        content.title[:250],
        content.question[:250],
        stage.brand.name,
    )
    properties.language, properties.last_modified_by, properties.comments = stage.language, "", ""
    for slide in list(stage.deck.slides)[1:]:
        _number(slide, stage.language)


def _number(slide: Any, language: str) -> None:
    from pptx.oxml.ns import qn

    kinds = ((p, p.placeholder_format.type) for p in slide.slide_layout.placeholders)
    place = next((p for p, kind in kinds if kind and kind.name == "SLIDE_NUMBER"), None)
    if place is None:
        return
    number = slide.shapes._next_shape_id
    copy = deepcopy(place._element)
    copy.xpath(".//p:cNvPr")[0].set("id", str(number))
    for field in copy.iter(qn("a:r"), qn("a:fld")):
        field.get_or_add_rPr().set("lang", language)
    slide.shapes._spTree.append(copy)
