"""What slides are made from: the workbook's own plain look, or the layouts of the client's template."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from workbook.exhibits.theme import LIGHT
from workbook.language import N_, _
from workbook.reports.branding import Brand, BrandError
from workbook.reports.slide_words import EMU, SPACES, Box, Line, fitted, write

__all__ = ["HEIGHT", "MARGIN", "WIDTH", "Stage", "own_stage", "template_stage"]

WIDTH, HEIGHT, MARGIN = 960.0, 540.0, 44.0
"""Points of a slide in the workbook's own look."""

FOOT = 26.0
FONT = "Arial"


@dataclass(frozen=True)
class Stage:
    """A presentation to add slides to: its layouts, and where on them there is room."""

    deck: Any
    brand: Brand
    language: str
    """As an office program writes it, ``it-IT``."""
    opening: Any
    layout: Any
    title: Box
    room: Box
    own: bool
    _pictures: dict[str, Any] = field(default_factory=dict)
    _notes: list[Any] = field(default_factory=list)

    def add_slide(self, layout: Any = None) -> Any:
        """Return a new slide, in the layout of findings when none is named."""
        return self.deck.slides.add_slide(layout or self.layout)

    def say_title(self, slide: Any, text: str, box: Box, *, sizes: tuple[int, ...] = (24, 22, 20, 18, 16, 14)) -> None:
        """Write the title of ``slide``, in ``box`` where its layout has no place for one."""
        from pptx.enum.text import MSO_ANCHOR

        holder = slide.shapes.title
        frame = (holder if holder is not None else slide.shapes.add_textbox(*box.emu)).text_frame
        frame.word_wrap = True
        if not self.own:
            # A template's own size stands as long as the words have room in it.
            own = _title_size(slide.slide_layout)
            sizes = (own, *(size for size in (36, 32, 28, 24, 22, 20, 18, 16, 14) if size < own))
            held = box_of(holder) if holder is not None else None
            box = held or box
            box = Box(box.left, box.top, box.width * 0.9 - 14, box.height - 7)
        said, size = fitted(text, box, sizes)
        shown = size if self.own or holder is None or size < sizes[0] else 0
        if self.own:
            frame.vertical_anchor = MSO_ANCHOR.TOP
            frame.margin_left = frame.margin_right = frame.margin_top = 0
            colour = self.brand.ink if sizes[0] > 24 else LIGHT["ink"]
            write(frame, [Line(said, shown, colour, bold=True, side="l")], self.language)
        else:
            write(frame, [Line(said, shown)], self.language)

    def add_picture(self, slide: Any, png: bytes, box: Box, said: str) -> None:
        """Put a picture on ``slide``; ``said`` is what it shows, for those who do not see it."""
        from pptx.opc.constants import RELATIONSHIP_TYPE
        from pptx.oxml import parse_xml
        from pptx.parts.image import ImagePart

        # The library would look through the whole file for a picture like this one.
        key = sha256(png).hexdigest()
        if key not in self._pictures:
            package = self.deck.part.package
            name = package.next_partname("/ppt/media/image%d.png")
            self._pictures[key] = ImagePart(name, "image/png", package, png)
        near = slide.part.relate_to(self._pictures[key], RELATIONSHIP_TYPE.IMAGE)
        number = slide.shapes._next_shape_id
        left, top, width, height = box.emu
        slide.shapes._spTree.append(
            parse_xml(
                f'<p:pic {SPACES}><p:nvPicPr><p:cNvPr id="{number}" name="Picture {number}" descr="{escape(said)}"/>'
                '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>'
                f'<p:blipFill><a:blip r:embed="{near}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
                f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
                '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
            )
        )

    def add_logo(self, slide: Any, box: Box, *, right: bool = False) -> None:
        """Put the brand's logo into ``box``, as large as it goes."""
        logo = self.brand.logo
        if logo is None:
            return
        scale = min(box.width / logo.ratio, box.height)
        wide = scale * logo.ratio
        place = Box(box.left + (box.width - wide if right else 0), box.top, wide, scale)
        self.add_picture(slide, logo.png, place, self.brand.name or _(N_("Logo")))

    def note(self, slide: Any, texts: list[str]) -> None:
        """Write ``texts`` into the notes of ``slide``, a paragraph each."""
        from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from pptx.parts.slide import NotesSlidePart

        if not slide.has_notes_slide:
            if self._notes:
                # Like the first, which the library has built from the master of notes piece by piece.
                package, master = self.deck.part.package, self._notes[1]
                name = package.next_partname("/ppt/notesSlides/notesSlide%d.xml")
                part = NotesSlidePart(name, CONTENT_TYPE.PML_NOTES_SLIDE, package, deepcopy(self._notes[0]))
                part.relate_to(master, RELATIONSHIP_TYPE.NOTES_MASTER)
                part.relate_to(slide.part, RELATIONSHIP_TYPE.SLIDE)
                slide.part.relate_to(part, RELATIONSHIP_TYPE.NOTES_SLIDE)
            else:
                first = slide.notes_slide.part
                self._notes.extend((deepcopy(first._element), first.part_related_by(RELATIONSHIP_TYPE.NOTES_MASTER)))
        lines = [Line(line) for text in texts if text for line in (text, "")][:-1]
        write(slide.notes_slide.notes_text_frame, lines, self.language)


def own_stage(brand: Brand, language: str) -> Stage:
    """Return the workbook's own look: the library's empty presentation, made wide, in the brand's font."""
    from pptx import Presentation

    deck: Any = Presentation()
    _name_parts_quickly(deck.part.package)
    deck.slide_width, deck.slide_height = round(WIDTH * EMU), round(HEIGHT * EMU)
    opening, layout = deck.slide_layouts[0], deck.slide_layouts[5]
    for other in [one for one in deck.slide_layouts if one not in (opening, layout)]:
        deck.slide_layouts.remove(other)
    beside = 110.0 if brand.logo else 0.0
    title = Box(MARGIN, 40, WIDTH - 2 * MARGIN - beside, 66)
    _place(title_of(opening), Box(MARGIN, 150, WIDTH - 2 * MARGIN, 110))
    _place(
        next(p for p in opening.placeholders if p.placeholder_format.idx == 1),
        Box(MARGIN, 268, WIDTH - 2 * MARGIN, 90),
    )
    _place(title_of(layout), title)
    for part in (deck.slide_master, opening, layout):
        for holder in part.placeholders:
            if holder.placeholder_format.idx in (10, 11, 12):
                _place(holder, Box(WIDTH - MARGIN - 60, HEIGHT - FOOT, 60, 18))
    _set_fonts(deck.slide_master, brand.font or FONT)
    room = Box(MARGIN, 116, WIDTH - 2 * MARGIN, HEIGHT - 116 - 54)
    return Stage(deck, brand, language, opening, layout, title, room, True)


def template_stage(brand: Brand, template: Path, language: str) -> Stage:
    """
    Return the client's template without its slides, and the layouts and places in it that serve.

    Raises
    ------
    BrandError
        If the template is no presentation, or has no layout to make slides from.
    """
    deck, layouts = _opened(template)
    _drop_slides(deck)
    _name_parts_quickly(deck.part.package)
    titled = [layout for layout in layouts if title_of(layout) is not None]
    opening = next((one for one in titled if _has(one, "SUBTITLE")), (titled or layouts)[0])
    # The fewest other places to fill: a layout of a title alone, where there is one.
    layout = min([one for one in titled if one is not opening] or titled or layouts, key=_others)
    wide, tall = deck.slide_width / EMU, deck.slide_height / EMU
    held = title_of(layout)
    title = box_of(held) if held is not None else None
    if title is None or title.width < wide / 4 or title.top > tall / 2:
        title = Box(wide * 0.05, tall * 0.07, wide * 0.9, tall * 0.13)
    top = title.top + title.height + 8
    room = Box(title.left, top, min(title.width, wide - title.left), max(tall * 0.9 - top - 24, tall * 0.3))
    return Stage(deck, brand, language, opening, layout, title, room, False)


def _opened(template: Path) -> tuple[Any, list[Any]]:
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
    return deck, layouts


def title_of(layout: Any) -> Any:
    """Return the place of the title in a layout, None where there is none."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    kinds = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    return next((p for p in layout.placeholders if p.placeholder_format.type in kinds), None)


def box_of(shape: Any) -> Box | None:
    """Return where a shape is, None where that is not said."""
    sides = (shape.left, shape.top, shape.width, shape.height)
    return None if any(side is None for side in sides) else Box(*(side / EMU for side in sides))


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


def _has(layout: Any, kind: str) -> bool:
    return any(
        p.placeholder_format.type is not None and p.placeholder_format.type.name == kind for p in layout.placeholders
    )


def _others(layout: Any) -> int:
    aside = ("TITLE", "CENTER_TITLE", "DATE", "FOOTER", "SLIDE_NUMBER")
    kinds = [p.placeholder_format.type for p in layout.placeholders]
    return sum(kind is None or kind.name not in aside for kind in kinds)


def _title_size(layout: Any) -> int:
    """Return the size of titles, in points, that a layout or its master names."""
    title = title_of(layout)
    places = [
        *(title._element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz") if title is not None else ()),
        *layout.slide_master._element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz"),
    ]
    return round(int(places[0]) / 100) if places else 44


def _place(shape: Any, box: Box) -> None:
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
