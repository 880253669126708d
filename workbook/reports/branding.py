"""Whose report is it? The logo, colours, font and slide template that a workspace names in ``workbook.toml``.

::

    [brand]
    name = "Acme"                      # in headers and footers
    logo = "brand/logo.svg"            # PNG, JPEG, GIF, WebP or SVG, in the workspace
    colour = "#7a1f5c"                 # headings, rules, heads of tables
    font = "Inter"                     # a family's name
    fonts = "brand/fonts"              # a folder with its files, for PDF
    template = "brand/deck.pptx"       # slides are made from it

A colour that is too pale to read is darkened until its contrast on white is 4.5:1 (WCAG 2.2), and a remark says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from workbook.errors import WorkbookError
from workbook.exhibits.theme import LIGHT
from workbook.language import N_, _, number
from workbook.plan.workspace import Workspace
from workbook.reports.labels import contrast, legible

__all__ = ["PLAIN", "Brand", "BrandError", "brand_of", "fonts_here"]

KEYS = ("name", "logo", "colour", "font", "fonts", "template")
SANS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "Libertinus Serif")
"""Families for a PDF, the last of which comes with typst and so is everywhere."""

LARGEST = 2_000_000
"""Bytes of a logo; it stands in each report."""

MOST_PIXELS = 1_200
WHITE = "#ffffff"
READABLE = 4.5


class BrandError(WorkbookError):
    """Something in ``[brand]`` of ``workbook.toml`` that cannot be used."""


@dataclass(frozen=True)
class Logo:
    """A picture as PNG or SVG, and its width over its height."""

    content: bytes
    kind: str
    ratio: float

    @cached_property
    def png(self) -> bytes:
        """The logo for those who know no SVG."""
        if self.kind == "png":
            return self.content
        import vl_convert

        picture: bytes = vl_convert.svg_to_png(self.content.decode("utf-8"), scale=4)
        return picture


@dataclass(frozen=True)
class Brand:
    """A house's look; without any, the workbook's own."""

    name: str = ""
    logo: Logo | None = None
    colour: str = LIGHT["upstream"]
    font: str = ""
    fonts: Path | None = None
    template: Path | None = None

    @cached_property
    def ink(self) -> str:
        """The colour where it is text on white: as it is, or as much darker as it takes to be read."""
        return legible(self.colour, WHITE, LIGHT["ink"])

    @cached_property
    def ground_ink(self) -> str:
        """The colour of text on the colour: white, or the darkest ink."""
        return WHITE if contrast(self.colour, WHITE) >= READABLE else LIGHT["ink"]

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Fonts of a PDF, in the order in which they are tried, as far as they are here."""
        here = _families(self.fonts)
        return tuple(name for name in (self.font, *SANS) if name and name.casefold() in here)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that the brand changes in a report; nothing for the workbook's own look."""
        if self == PLAIN:
            return ""
        files = [self.template] if self.template else []
        files += sorted(path for path in self.fonts.rglob("*") if path.is_file()) if self.fonts else []
        told = [self.name, self.colour, self.font, *(path.name for path in files)]
        held = [self.logo.content if self.logo else b"", *(path.read_bytes() for path in files)]
        return sha256("\0".join(told).encode() + b"".join(sha256(one).digest() for one in held)).hexdigest()

    @property
    def remarks(self) -> list[str]:
        """What was done otherwise than asked, and why: a sentence each, in the language in use."""
        said = []
        if self.ink != self.colour:
            said.append(
                _(
                    N_(
                        "The brand's colour {colour} has a contrast of {found}:1 on white, and text needs {needed}:1: "
                        "headings are written in {ink}. Name a darker colour to choose it yourself."
                    ),
                    colour=self.colour,
                    found=number(contrast(self.colour, WHITE), 1),
                    needed=number(READABLE, 1),
                    ink=self.ink,
                )
            )
        if self.font and self.font.casefold() not in _families(self.fonts):
            said.append(
                _(
                    N_(
                        "The font “{font}” is not on this machine: PDF files are set in {other} instead. "
                        "Put its files into a folder of the workspace, and name that in [brand] as “fonts”."
                    ),
                    font=self.font,
                    other=self.families[0],
                )
            )
        return said


PLAIN = Brand()


def brand_of(workspace: Path | None) -> Brand:
    """
    Return the brand of the ``workspace``, or the workbook's own look where it names none.

    Raises
    ------
    BrandError
        For a setting that is unknown, a colour that is none, a file that is not there, or a logo that is no picture.
    """
    if workspace is None:
        return PLAIN
    home = Workspace(workspace)
    try:
        changed = (home.folder / "workbook.toml").stat().st_mtime_ns
    except OSError:
        return PLAIN
    return _brand(home.folder, changed)


@lru_cache(maxsize=16)
def _brand(folder: Path, _changed: int) -> Brand:
    """Read once: a batch of a hundred reports has one brand."""
    given = Workspace(folder).settings.get("brand", {})
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise BrandError(N_("workbook.toml, [brand]: each line must be a name and a text between quotes."))
    for key in given:
        if key not in KEYS:
            raise BrandError(
                N_("workbook.toml, [brand]: “{found}” is not one of {allowed}."), found=key, allowed=", ".join(KEYS)
            )
    return Brand(
        given.get("name", "").strip()[:80],
        _logo(folder, given["logo"]) if given.get("logo") else None,
        _colour(given.get("colour", "")) or LIGHT["upstream"],
        given.get("font", "").strip(),
        _inside(folder, given["fonts"], "fonts") if given.get("fonts") else None,
        _inside(folder, given["template"], "template") if given.get("template") else None,
    )


def _colour(text: str) -> str:
    if text and not re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text):
        raise BrandError(
            N_("workbook.toml, [brand]: colour is “{found}”, but must be written as #7a1f5c."), found=text[:40]
        )
    return ("#" + "".join(digit * 2 for digit in text[1:]) if len(text) == 4 else text).lower()


def _inside(folder: Path, name: str, key: str) -> Path:
    """Return where ``name`` is: in the workspace, so that a backup has it and a report shows no other file."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.exists():
        raise BrandError(
            N_("workbook.toml, [brand]: {key} is “{found}”, which is not in the workspace {folder}. Put it there."),
            key=key,
            found=name[:200],
            folder=str(folder),
        )
    return path


def _logo(folder: Path, name: str) -> Logo:
    path = _inside(folder, name, "logo")
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        made = _drawn(content) if b"<svg" in content[:2_000] else _painted(content)
    except (OSError, ValueError, SyntaxError, ElementTree.ParseError):
        made = None
    if made is None:
        raise BrandError(
            N_(
                "workbook.toml, [brand]: the logo {file} is no picture that can be shown. "
                "Give a PNG, JPEG, GIF, WebP or SVG file of at most {size} MB; an SVG may not load anything."
            ),
            file=name[:200],
            size=number(LARGEST / 1e6),
        )
    return made


def _painted(content: bytes) -> Logo | None:
    """Return a picture of pixels as PNG, no larger than it needs to be."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
        if max(picture.size) > 10_000 or not min(picture.size):
            return None
        small = picture.convert("RGBA")
    small.thumbnail((MOST_PIXELS, MOST_PIXELS))
    kept = BytesIO()
    small.save(kept, "PNG")
    return Logo(kept.getvalue(), "png", small.width / small.height)


def _drawn(content: bytes) -> Logo | None:
    """Return an SVG that shows nothing but itself; None for one with scripts, entities, or things from elsewhere."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return None
    root = ElementTree.fromstring(content)
    for node in root.iter():
        name = str(node.tag).rpartition("}")[2]
        if name in ("script", "foreignObject", "image", "style", "use") and not _own(node, name):
            return None
        if any(key.rpartition("}")[2].startswith("on") for key in node.attrib) or "url(http" in str(node.attrib):
            return None
    size = _size(root)
    return Logo(content, "svg", size[0] / size[1]) if size else None


def _own(node: ElementTree.Element, name: str) -> bool:
    links = [value for key, value in node.attrib.items() if key.rpartition("}")[2] == "href"]
    if name == "style":
        return not re.search(r"@import|url\s*\(", node.text or "")
    return name in ("use", "image") and all(link.startswith(("#", "data:image/")) for link in links)


def _size(root: ElementTree.Element) -> tuple[float, float] | None:
    """Return the width and height of an SVG in its own units."""
    if not str(root.tag).endswith("svg"):
        return None
    box: list[Any] = re.findall(r"-?[\d.]+", root.get("viewBox", ""))
    if len(box) != 4:
        box = [0, 0, *(re.match(r"[\d.]+", root.get(side, "")) for side in ("width", "height"))]
        box = [float(part[0]) if isinstance(part, re.Match) else part for part in box]
    width, height = (float(part or 0) for part in box[2:])
    return (width, height) if width > 0 and height > 0 else None


@lru_cache(maxsize=16)
def fonts_here(folder: Path | None) -> Any:
    """Return the fonts of this machine and of ``folder`` for typst, looked for once a process."""
    import typst

    return typst.Fonts(font_paths=[str(folder)] if folder else [])


@lru_cache(maxsize=16)
def _families(folder: Path | None) -> frozenset[str]:
    """Return the font families that typst finds here, in lower case."""
    return frozenset(name.casefold() for name in fonts_here(folder).families())
