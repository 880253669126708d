"""How does a chart look on paper? The exhibit's own specification, laid out at a width that does not change.

A page breaks names into lines and keeps labels apart as it draws (``exhibits/view.js``). On paper the same is done
here: Vega places marks, axes and anchors of the words, in SVG; this module then sets the words, in lines, where they
touch neither each other nor an edge. Vega measures no word that is set here, which also saves most of its time.
"""

from __future__ import annotations

import copy
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

from workbook.exhibits.learnt import forget, knows, once
from workbook.exhibits.locales import chart_locale
from workbook.exhibits.theme import LIGHT
from workbook.exhibits.view import page_config
from workbook.language import current
from workbook.reports.document import Figure, visible
from workbook.reports.labels import Label, apart, around, legible, lines_of, text_width

__all__ = ["Drawing", "drawing", "forget_drawings", "pictures"]

WIDTH = 680
"""Pixels: what the column of a page holds at twelve-pixel words."""

SANS = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"
SIZE, LINE, DIGITS = 12, 15, 48
"""Pixels: size and line of words, and about what the figures of an upright axis take."""

MULTIPLE = 180
LEAST_HEIGHT = 0.4
"""How far a plot is pressed together, at most, to fit under a headline."""

MOST_SPREAD, AXIS = 1.7, 60
"""How far the rows of one are spread, at most, to fill a slide; and about what stands below and above them."""

SHEETS = b"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
#for (i, chart) in json(bytes(sys.inputs.charts)).enumerate() {
  if i > 0 { pagebreak() }
  image(bytes(chart), format: "svg")
}"""
"""Charts as pages, for typst, which then paints each."""

FINE = 192
"""Dots an inch of a picture, at 96 pixels an inch: fine enough for a slide."""

SVG = "{http://www.w3.org/2000/svg}"
_PLACE = re.compile(r"translate\((-?[\d.e+-]+),\s*(-?[\d.e+-]+)\)(?:\s*rotate\((-?[\d.e+-]+))?")


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG, and its size in pixels."""

    svg: str
    width: float
    height: float


def drawing(
    figure: Figure, *, width: float = WIDTH, height: float = 0, least: float = 0, fonts: str = SANS
) -> Drawing | None:
    """
    Return the chart of ``figure`` in the language in use; None where there is none.

    Parameters
    ----------
    width
        Pixels, as far as the words leave the choice.
    height
        Pixels that a plot is to fit in, if it can be pressed together so far; 0 for as high as its exhibit asks.
    least
        Pixels that the rows of a plot are to be spread over, as far as they can be and still read as one.
    fonts
        Families, with commas between them.
    """
    if figure.chart is None:
        return None
    chart, data = figure.chart, figure.payload.get("data") or {}
    made = _once(("drawn", chart, data, width, 0, fonts, current()), lambda: _drawn(chart, data, width, fonts))
    press = 1.0
    if height and made.height > height:
        plot = _tall(chart) or max(made.height - AXIS, 1)
        press = max(LEAST_HEIGHT, 1 - (made.height - height) / plot)
    elif made.height < least:
        press = min(MOST_SPREAD, 1 + (least - made.height) / max(made.height - AXIS, 1))
    if press == 1:
        return made
    return _once(
        ("drawn", chart, data, width, press, fonts, current()), lambda: _drawn(chart, data, width, fonts, press)
    )


def pictures(drawings: Sequence[Drawing], fonts: Any) -> list[bytes]:
    """Return drawings as PNG, painted together: one by one, the fonts would be looked up for each word."""
    import typst

    keys = [sha256(each.svg.encode()).hexdigest() for each in drawings]
    made = {key: once(key, bytes, "drawing") for key in keys if knows(key, "drawing")}
    missing = {key: each.svg for key, each in zip(keys, drawings, strict=True) if key not in made}
    if missing:
        charts = json.dumps(list(missing.values()))
        painted: Any = typst.compile(SHEETS, font_paths=fonts, sys_inputs={"charts": charts}, format="png", ppi=FINE)
        # One page comes alone, several as a list.
        for key, picture in zip(missing, painted if isinstance(painted, list) else [painted], strict=True):
            made[key] = once(key, partial(bytes, picture), "drawing")
    return [made[key] for key in keys]


def forget_drawings() -> None:
    """Let go of every drawing kept in this process."""
    forget("drawing")


def _once(asked: tuple[Any, ...], make: Callable[[], Drawing]) -> Drawing:
    """Return what ``make`` draws, or has drawn for the same chart here or in another report of the batch."""
    key = sha256(json.dumps(asked, default=str).encode("utf-8", "replace")).hexdigest()
    return once(key, make, "drawing")


def _tall(spec: dict[str, Any]) -> float:
    """Return the pixels of a chart's plots from top to bottom, as far as they can be made less."""
    if "vconcat" in spec:
        return sum(_tall(part) for part in spec["vconcat"])
    inner = [part for kind in ("layer", "hconcat") for part in spec.get(kind, ())]
    own = spec.get("height")
    return float(own) if isinstance(own, int | float) else max((_tall(part) for part in inner), default=0.0)


def _pressed(spec: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return a chart's specification with each of its heights times ``factor``."""
    pressed = {
        kind: [_pressed(part, factor) for part in inner] if kind in ("vconcat", "hconcat", "layer") else inner
        for kind, inner in spec.items()
    }
    own = spec.get("height")
    return pressed | {"height": round(own * factor)} if isinstance(own, int | float) else pressed


def _drawn(chart: dict[str, Any], data: dict[str, Any], width: float, fonts: str, press: float = 1) -> Drawing:
    # Where plots have no height of their own it is that of their rows.
    spread = max(1.0, press) if _tall(chart) else press
    plan = _Plan(_pressed(chart, press) if press < 1 else chart, data, width, fonts, spread, pressed=press < 1)
    plot = plan.plot_width
    for _round in range(3):
        made = _composed(plan, plot)
        over = (made.width - width) / plan.columns
        if not plan.faceted or abs(over) < 4 or plot <= 60:
            break
        plot = max(60.0, plot - over)
    return made


class _Plan:
    """A chart's specification with its tables, and the room its words need."""

    def __init__(
        self,
        chart: dict[str, Any],
        data: dict[str, Any],
        width: float,
        fonts: str,
        spread: float = 1,
        *,
        pressed: bool = False,
    ) -> None:
        self.spread = spread
        self.spec = _finite(copy.deepcopy(chart))
        self.spec.pop("usermeta", None)
        self.data = _finite(data)
        self.width, self.fonts = width, fonts
        self.rows = [row for table in [*self.data.values(), *_inline(self.spec)] for row in table]
        self.units = list(_units(self.spec))
        encodings = [unit.get("encoding", {}) for unit in self.units]
        self.names = self._texts(
            e["y"]["field"] for e in encodings if _named(e.get("y")) and e["y"].get("axis", 0) is not None
        )
        # Rows that are pressed together have names of one line, as far as these go.
        self.limit = width * 0.5 if pressed else min(300.0, width * 0.38)
        self.air = 3 if pressed else 10
        wide = [text_width(line) for name in self.names for line in lines_of(name, self.limit)]
        self.beside = min(self.limit, max(wide, default=0.0))
        self.under = self._texts(e["x"]["field"] for e in encodings if _named(e.get("x")))
        self.faceted = bool(
            {"facet", "repeat", "concat", "hconcat", "vconcat"} & self.spec.keys()
            or {"facet", "row", "column"} & self.spec.get("encoding", {}).keys()
        )
        self.columns = self._across()

    @property
    def plot_width(self) -> float:
        """What is left for the marks beside the names and the labels at the end of lines."""
        if self.faceted:
            return max(60.0, self.width / self.columns - 60)
        left = self.beside + 10 if self.names else DIGITS
        return max(120.0, self.width - left - self._labels_room() - 6)

    def _labels_room(self) -> float:
        room = 0.0
        for unit in self.units:
            if not _is_text(unit.get("mark")) or str(unit.get("name", "")).startswith("around"):
                continue
            field = unit.get("encoding", {}).get("text", {}).get("field")
            texts = [str(row[field]) for row in self.rows if field in row] if field else []
            wide = max((text_width(line) for t in texts for line in lines_of(t, 150)), default=36.0)
            room = max(room, wide + 8)
        return min(room, 170.0)

    def _texts(self, fields: Iterable[str]) -> list[str]:
        wanted = set(fields)
        return list(dict.fromkeys(str(row[f]) for row in self.rows for f in wanted if row.get(f) is not None))

    def _across(self) -> int:
        spec, encoding = self.spec, self.spec.get("encoding", {})
        if "hconcat" in spec:
            return len(spec["hconcat"])
        facet = spec.get("facet") if isinstance(spec.get("facet"), dict) else {}
        column = (encoding.get("column") or facet.get("column") or {}).get("field")
        wrapped = encoding.get("facet") or (facet if "field" in facet else {})
        if column:
            return max(1, len(self._texts([column])))
        if wrapped:
            most = spec.get("columns") or wrapped.get("columns") or 99
            return max(1, min(len(self._texts([wrapped["field"]])), most, int(self.width // MULTIPLE)))
        return max(1, min(len(spec.get("concat", [0])), int(self.width // MULTIPLE))) if "concat" in spec else 1

    @property
    def step(self) -> float | None:
        """The height of a row that its longest name needs; None where there are no rows."""
        if not self.names:
            return None
        height = self.spec.get("height", {"step": 30})
        own = height / len(self.names) if isinstance(height, int | float) else height.get("step", 30)
        lines = max(len(lines_of(name, self.limit)) for name in self.names)
        tall = float(max(own, lines * LINE + self.air) if lines > 1 else own) * self.spread
        return max(tall, lines * LINE + 3.0)

    def sized(self, plot: float) -> dict[str, Any]:
        """Return the specification with sizes, tables and the look of paper."""
        spec = _with_width(self.spec, round(plot), self.columns)
        if self.step and not self.faceted:
            # Bars beside each other share the height of their row.
            spec["height"] = {"step": self.step, "for": "position"}
        spec["datasets"] = spec.get("datasets", {}) | self.data
        spec["autosize"] = {"type": "pad"}
        spec["config"] = self._config()
        return spec

    def _config(self) -> dict[str, Any]:
        config = page_config(dark=False)
        config["font"] = self.fonts
        config["view"] = config["view"] | {"continuousHeight": 215}
        config["axis"] = config["axis"] | {"labelLimit": 0, "titleLimit": 0}
        config["text"] = config["text"] | {"limit": 0}
        if self.faceted:
            config.pop("axisLeft")
            config.pop("axisRight")
        coloured = [unit.get("encoding", {}).get(c, {}).get("field") for unit in self.units for c in ("color", "shape")]
        keys = self._texts(field for field in coloured if field)
        if keys:
            fit = int((self.width - self.beside) // (max(map(text_width, keys)) + 40))
            config["legend"] = config["legend"] | {"columns": max(1, min(len(keys), fit))}
        return config


def _composed(plan: _Plan, plot: float) -> Drawing:
    import vl_convert

    compiled = vl_convert.vegalite_to_vega(json.dumps(plan.sized(plot)), show_warnings=False)
    _hand_over(compiled, plan)
    svg = vl_convert.vega_to_svg(
        compiled,
        format_locale=chart_locale(current()).figures,
        time_format_locale=chart_locale(current()).dates,
    )
    return _set_words(ElementTree.fromstring(svg), plan, plot)


def _hand_over(scope: dict[str, Any], plan: _Plan, scales: dict[str, str] | None = None) -> None:
    """Take the words that are set here away from Vega: at size nothing it places them and measures nothing."""
    if any(axis.get("orient") == "left" and axis.get("title") for axis in scope.get("axes", ())) and not plan.faceted:
        # Above an upright axis stands its title, of which Vega now knows no height.
        for legend in scope.get("legends", ()):
            if legend.get("orient", "top") == "top":
                legend["offset"] = 2 * LINE
    known = (scales or {}) | {scale["name"]: scale["type"] for scale in scope.get("scales", ())}
    for axis in scope.get("axes", ()):
        discrete = known.get(axis.get("scale", "")) in ("band", "point")
        axis["titleFontSize"] = 0
        if not axis.get("labelAngle"):
            axis["labelFontSize"], axis["labelOverlap"] = 0, False
            if axis.get("orient") in ("left", "right") and axis.get("labels", True):
                axis["minExtent"] = axis["maxExtent"] = plan.beside + 8 if discrete else DIGITS - 8
        _thin_ticks(axis)
    for mark in scope.get("marks", ()):
        if mark.get("type") == "group":
            _hand_over(mark, plan, known)
        elif mark.get("type") == "text":
            update = mark.setdefault("encode", {}).setdefault("update", {})
            # A name beside its point is placed from the point itself, not from where Vega would begin it.
            aside = {"dx": {"value": 0}, "dy": {"value": 0}} if "around" in mark.get("name", "") else {}
            mark["encode"]["update"] = update | {"fontSize": {"value": 0}} | aside


def _thin_ticks(axis: dict[str, Any]) -> None:
    """Half of Vega-Lite's ticks say as much; and no amount is “0k”."""
    count = axis.get("tickCount")
    signal = count.get("signal", "") if isinstance(count, dict) and "values" not in axis else ""
    if found := re.fullmatch(r"ceil\((.*(?:width|height).*)/(\d+)\)", signal, re.IGNORECASE):
        every = int(found[2]) * (2 if axis.get("orient") in ("bottom", "top") else 1.4)
        axis["tickCount"] = {"signal": f"max(2, ceil({found[1]}/{every}))"}
    if str(axis.get("format", "")).endswith("s") and not axis.get("formatType"):
        labels = axis.setdefault("encode", {}).setdefault("labels", {})
        labels["update"] = {"text": {"signal": "datum.value === 0 ? '0' : datum.label"}} | labels.get("update", {})


def _set_words(root: ElementTree.Element, plan: _Plan, plot: float) -> Drawing:
    """Set the words that Vega only placed, and cut the sheet to what is on it."""
    extent = _Extent(root)
    lines = 1
    for group, labels in _groups(root):
        kind = group.get("class", "")
        if "role-axis-label" in kind:
            lines = _set_axis_labels(labels, plan, plot)
        elif "role-axis-title" in kind:
            _set_titles(labels, plan, plot, lines)
            lines = 1
        elif "direct" in kind:
            for label in labels:
                label.break_at(150)
                label.fill = legible(label.fill, LIGHT["card"], LIGHT["ink"])
            apart(labels, extent.plot_height(labels))
        elif "around" in kind:
            around(labels, plot, extent.plot_height(labels))
        for label in labels:
            label.write()
            extent.include(*label.box)
    left, top, right, bottom = extent.rounded()
    width, height = right - left, bottom - top
    for name, value in (("width", width), ("height", height), ("viewBox", f"{left:g} {top:g} {width:g} {height:g}")):
        root.set(name, value if isinstance(value, str) else f"{value:g}")
    ElementTree.register_namespace("", SVG[1:-1])
    return Drawing(ElementTree.tostring(root, encoding="unicode"), width, height)


def _set_axis_labels(labels: list[Label], plan: _Plan, plot: float) -> int:
    """Set the words of an axis, and return on how many lines those of a lying one stand below it."""
    upright = len({round(label.x) for label in labels}) == 1 and labels[0].anchor != "middle"
    limit = plan.limit if upright else max(40.0, plot / max(1, len(labels)) - 6)
    if not upright:
        limit = _even(labels, limit)
    for label in labels:
        label.break_at(limit)
        # Beside the axis the block of lines stands in the middle of its row; under it the first line hangs from it, and
        # above it the last one stands on it.
        below = SIZE * 0.4 if label.y >= 0 else (1 - len(label.lines)) * LINE - SIZE * 0.4
        label.rise = (1 - len(label.lines)) * LINE / 2 if upright else below
    if upright:
        return 1
    _thin_out(labels)
    return max(len(label.lines) for label in labels)


def _even(labels: list[Label], limit: float) -> float:
    """Return the width at which words under an axis all break, where some have to: “Oct 2027” stands as its neighbours do."""
    wide = [text_width(label.text) for label in labels]
    words = [label.text.split() for label in labels]
    if max(wide) <= limit or min(map(len, words)) < 2:
        return limit
    longest = max(text_width(word) for each in words for word in each)
    return max(longest, min(limit, min(wide) - 1))


def _thin_out(labels: list[Label]) -> None:
    """Leave out the words under an axis that would touch, or only say again, the ones before."""
    end, said = -math.inf, ""
    for label in sorted(labels, key=lambda one: one.x):
        if label.box[0] < end or label.text == said:
            label.lines = ("",)
        else:
            end, said = label.box[2] + 6, label.text


def _set_titles(labels: list[Label], plan: _Plan, plot: float, lines: int) -> None:
    """Set the titles of an axis, below the ``lines`` of its words."""
    for label in labels:
        if label.angle:
            continue
        lying = label.anchor == "end" and label.y > 0
        label.break_at(plot + (plan.beside if lying and not plan.faceted else 0.0))
        label.rise = SIZE * 1.1 + (lines - 1) * LINE if lying else (1 - len(label.lines)) * LINE


def _groups(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, list[Label]]]:
    """Yield each group with words to set, with these; places are those of the whole sheet."""

    def visit(node: ElementTree.Element, x: float, y: float) -> Iterator[tuple[ElementTree.Element, list[Label]]]:
        dx, dy, _angle = _place(node)
        x, y = x + dx, y + dy
        words = [child for child in node if child.tag == f"{SVG}text" and child.get("font-size") == "0px"]
        if words:
            yield node, [_label(child, x, y) for child in words if (child.text or "").strip() or len(child)]
        for child in node:
            if child.tag == f"{SVG}g":
                yield from visit(child, x, y)

    yield from visit(root, 0.0, 0.0)


def _label(node: ElementTree.Element, x: float, y: float) -> Label:
    dx, dy, angle = _place(node)
    text = " ".join(line.text or "" for line in node) if len(node) else node.text or ""
    return Label(node, visible(text), x, y, dx, dy, angle, node.get("text-anchor", "start"), node.get("fill", "#000"))


def _place(node: ElementTree.Element) -> tuple[float, float, float]:
    found = _PLACE.match(node.get("transform", ""))
    return (float(found[1]), float(found[2]), float(found[3] or 0)) if found else (0.0, 0.0, 0.0)


class _Extent:
    """What of the sheet is drawn on: Vega's own size, and words beyond it."""

    def __init__(self, root: ElementTree.Element) -> None:
        box = [float(n) for n in root.get("viewBox", "0 0 0 0").split()]
        self.left, self.top, self.right, self.bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
        # Vega's own sheet begins where its first word would.
        self._height = box[3]

    def include(self, left: float, top: float, right: float, bottom: float) -> None:
        self.left, self.top = min(self.left, left), min(self.top, top)
        self.right, self.bottom = max(self.right, right), max(self.bottom, bottom)

    def plot_height(self, labels: list[Label]) -> float:
        """Return how far down the plot reaches in which ``labels`` stand."""
        return max(
            self._height - (labels[0].from_y if labels else 0.0) - 30, max((label.y for label in labels), default=0.0)
        )

    def rounded(self) -> tuple[float, float, float, float]:
        return math.floor(self.left), math.floor(self.top), math.ceil(self.right), math.ceil(self.bottom)


def _units(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield spec
    inner = [part for kind in ("layer", "vconcat", "hconcat", "concat") for part in spec.get(kind, ())]
    for part in [*inner, *([spec["spec"]] if "spec" in spec else [])]:
        # An encoding beside the layers holds for each of them.
        shared = spec.get("encoding", {}) if "layer" in spec else {}
        yield from _units(part | {"encoding": shared | part.get("encoding", {})})


def _inline(spec: Any) -> Iterator[list[dict[str, Any]]]:
    if isinstance(spec, dict):
        values = spec.get("data", {}).get("values") if isinstance(spec.get("data"), dict) else None
        if isinstance(values, list):
            yield [row for row in values if isinstance(row, dict)]
        for key, value in spec.items():
            if key != "data":
                yield from _inline(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _inline(value)


def _named(channel: Any) -> bool:
    return isinstance(channel, dict) and "field" in channel and channel.get("type") in ("nominal", "ordinal")


def _is_text(mark: Any) -> bool:
    return (mark.get("type") if isinstance(mark, dict) else mark) == "text"


def _with_width(spec: dict[str, Any], width: int, columns: int) -> dict[str, Any]:
    sized = dict(spec)
    parts = [kind for kind in ("hconcat", "vconcat", "concat") if kind in sized]
    for kind in parts:
        sized[kind] = [_with_width(part, width, 1) for part in sized[kind]]
    if "spec" in sized:
        sized["spec"] = _with_width(sized["spec"], width, 1)
    if "concat" in sized or "field" in (sized.get("facet") or {}):
        sized["columns"] = columns
    if facet := sized.get("encoding", {}).get("facet"):
        sized["encoding"] = sized["encoding"] | {"facet": facet | {"columns": columns}}
    return sized if parts or "spec" in sized else sized | {"width": width}


def _finite(value: Any) -> Any:
    """Return ``value`` without NaN and infinities, which JSON does not know, and without what SVG cannot hold."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    if isinstance(value, str):
        return visible(unicodedata.normalize("NFC", value))
    return None if isinstance(value, float) and not math.isfinite(value) else value
