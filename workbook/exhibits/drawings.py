"""A chart as a browser has drawn it, kept with the picture of its page, so that the next visitor sees it at once.

A drawing is for one width of the chart, one theme and one set of fonts; where any is another, the chart is drawn anew.
It comes from a browser, which may send anything: what is kept of it are shapes and text, and nothing else.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

__all__ = ["accepted", "nearest", "together"]

MOST = 8
"""Drawings kept of one chart: for a phone, a tablet and a screen, in two themes, and two more."""

LONGEST = 200_000
"""Characters of a drawing; a chart takes 5,000 to 30,000."""

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = {
    "svg",
    "g",
    "path",
    "rect",
    "line",
    "circle",
    "text",
    "tspan",
    "defs",
    "clipPath",
    "linearGradient",
    "stop",
}
_ATTRIBUTES = frozenset(
    """
    aria-hidden class clip-path cx cy d display dx dy fill fill-opacity focusable font-family font-size font-style
    font-weight gradientUnits height id offset opacity pointer-events r rx ry stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
    text-anchor transform version viewBox width x x1 x2 y y1 y2
    """.split()  # noqa: SIM905  as a list they are forty lines
)
_GEOMETRY = {"d", "transform", "x", "x1", "x2", "y", "y1", "y2", "width", "height", "cx", "cy"}
_OWN = re.compile(r"url\(#([\w-]+)\)")
_THEMES = ("light", "dark")


def accepted(message: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """
    Return the drawing that a browser sends of the exhibit ``name``, cleaned; None for anything else.

    A drawing has ``width`` (of the chart) and ``screen`` (of the window), in pixels, ``theme`` (light or dark),
    ``measure`` (how wide a certain text is there, which tells fonts apart) and ``svg``.
    """
    numbers = {key: message.get(key) for key in ("width", "screen", "measure")}
    if message.get("theme") not in _THEMES or not all(_is_size(value) for value in numbers.values()):
        return None
    svg = _cleaned(message.get("svg"), name)
    return None if svg is None else {**numbers, "theme": message["theme"], "svg": svg}


def nearest(drawings: list[dict[str, Any]], screen: int, theme: str) -> dict[str, Any] | None:
    """Return the drawing that suits a window of this width and theme best, the latest where all suit alike."""
    if not drawings:
        return None
    return min(
        reversed(drawings), key=lambda one: (theme and one["theme"] != theme, screen and abs(one["screen"] - screen))
    )


def together(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the drawings ``after`` and those ``before`` of other windows, the ``MOST`` latest of them."""
    made_for = [_window(one) for one in after]
    return [*(one for one in before if _window(one) not in made_for), *after][-MOST:]


def _window(drawing: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(drawing.get(name) for name in ("width", "screen", "theme", "measure"))


def _is_size(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 < value < 20_000
    )


def _cleaned(svg: Any, name: str) -> str | None:
    """Return the shapes and texts of ``svg`` with names of their own, or None where there is anything else."""
    if not isinstance(svg, str) or len(svg) > LONGEST:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(svg.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.doctype or root.tag != f"{{{_SVG}}}svg":
        return None
    own = re.sub(r"[^\w-]", "", name) or "chart"
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{_SVG}}}"):
            return None
        if element.tag.rpartition("}")[2] not in _ELEMENTS:
            return None
        for key, value in element.attrib.items():
            if key not in _ATTRIBUTES or (kept := _value(key, value, own)) is None:
                del element.attrib[key]
            else:
                element.attrib[key] = kept
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _value(key: str, value: str, own: str) -> str | None:
    """Return an attribute's value; None for one that points anywhere but to a part of its own drawing."""
    if key == "id":
        return f"{own}-{value}" if re.fullmatch(r"[\w-]+", value) else None
    if "url" in value.lower() or "\\" in value:
        return f"url(#{own}-{found[1]})" if (found := _OWN.fullmatch(value)) else None
    # A hundredth of a pixel is more than anybody sees.
    return re.sub(r"(\.\d\d)\d+", r"\1", value) if key in _GEOMETRY else value
