"""Which charts can an office program draw by itself, so that somebody can edit them? Bars and lines, read from the exhibit.

Everything else stays a picture: what has intervals, tiles, several plots, or figures worked out inside the chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook.exhibits.theme import SERIES
from workbook.reports.document import Figure, visible

__all__ = ["Bars", "Lines", "Series", "native_chart"]

ASIDE = {"text", "tick", "rule", "point"}
"""Marks that say more about bars or lines, but are none."""

FIGURE = re.compile(r"[\s€+−-]*[\d.,]+[\s€%kM]*")
"""What a label begins with: the figure of its bar, which the office program writes itself."""

MONTH = re.compile(r"([^\W\d]{3})[^\W\d]* (\d{4})")

MOST_BARS = 40
MOST_SERIES = 12


@dataclass(frozen=True)
class Series:
    """Figures with their name and colour; ``points`` has the colour of each where they differ. None is a gap."""

    name: str
    values: tuple[Any, ...]
    colour: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bars:
    """One bar a category and series; ``stacked`` upon or ``beside`` each other."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    title: str
    lying: bool
    stacked: bool
    legend: bool
    percent: bool = False
    remarks: tuple[str, ...] = ()
    """What is said of each category beside its figure; nothing, or empty, where nothing is."""

    @property
    def single(self) -> bool:
        """Whether each category has one bar at most, so that its series only colour it."""
        return self.stacked and all(
            sum(map(_number, parts)) <= 1 for parts in zip(*(s.values for s in self.series), strict=True)
        )


@dataclass(frozen=True)
class Lines:
    """One line a series; its values are pairs of x and y."""

    series: tuple[Series, ...]
    x_title: str
    y_title: str
    legend: bool


@dataclass(frozen=True)
class _Layer:
    """A layer of a chart with the encoding and the rows that hold for it."""

    mark: str
    encoding: dict[str, Any]
    rows: list[dict[str, Any]]
    worked_out: bool
    paint: str = ""


def native_chart(figure: Figure) -> Bars | Lines | None:
    """Return the chart of ``figure`` as bars or lines, None where it is neither."""
    spec = figure.chart
    if spec is None or {"facet", "repeat", "concat", "hconcat", "vconcat", "transform"} & spec.keys():
        return None
    layers = list(_layers(spec, figure.payload.get("data") or {}))
    main = [layer for layer in layers if layer.mark not in ASIDE]
    if any({"x2", "y2"} & layer.encoding.keys() for layer in layers):
        return None
    if len(main) != 1 or main[0].worked_out or {"row", "column", "facet"} & main[0].encoding.keys():
        return None
    if main[0].mark == "bar":
        return _bars(main[0], layers, _titles(figure, layers))
    return _lines(main[0]) if main[0].mark == "line" else None


def _layers(spec: dict[str, Any], data: dict[str, Any], above: dict[str, Any] | None = None) -> Iterator[_Layer]:
    held = (above or {}) | {key: spec[key] for key in ("data",) if key in spec}
    encoding = (above or {}).get("encoding", {}) | spec.get("encoding", {})
    held = held | {"encoding": encoding}
    if "layer" in spec:
        for layer in spec["layer"]:
            yield from _layers(layer, data, held)
        return
    mark = spec.get("mark", {})
    source = held.get("data", {})
    rows = data.get(source.get("name", ""), source.get("values"))
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    channels = [channel for channel in encoding.values() if isinstance(channel, dict)]
    worked = any({"aggregate", "bin", "timeUnit"} & channel.keys() for channel in channels) or "transform" in spec
    kind = mark.get("type", "") if isinstance(mark, dict) else str(mark)
    # A dashed line is there for the eye to measure others by.
    guide = kind == "line" and isinstance(mark, dict) and "strokeDash" in mark
    paint = str(mark.get("color") or "") if isinstance(mark, dict) else ""
    yield _Layer("rule" if guide else kind, encoding, rows, worked or not rows, paint if paint.startswith("#") else "")


def _bars(bar: _Layer, layers: list[_Layer], titles: dict[str, str]) -> Bars | None:
    ticks = [layer for layer in layers if layer.mark == "tick"]
    x, y = bar.encoding.get("x", {}), bar.encoding.get("y", {})
    lying = _names(y) and _figures(x)
    if not (lying or (_names(x) and _figures(y))):
        return None
    across, along = (y, x) if lying else (x, y)
    categories = _order(across, bar.rows)
    if not 0 < len(categories) <= MOST_BARS:
        return None
    apart = bar.encoding.get("yOffset") or bar.encoding.get("xOffset") or {}
    colour = bar.encoding.get("color") or {}
    series = _bar_series(bar, categories, across["field"], along["field"], colour, titles)
    if not 0 < len(series) <= MOST_SERIES:
        return None
    for tick in ticks:
        field = tick.encoding.get("x" if lying else "y", {}).get("field")
        if field is None or field not in titles or len(series) > 1:
            return None
        held = _by_name(tick.rows, across["field"], field)
        series = (*series, Series(titles[field], tuple(map(held.get, categories)), "#8d8a80"))
    return Bars(
        _shown(categories, across),
        series,
        # What the axis says of bars and marks holds no more where both are bars; its unit, before the colon, does.
        _title(along).rpartition(":")[0] if ticks else _title(along),
        bool(lying),
        stacked=not apart and not ticks,
        # Without a key of its own, a chart says the words for its colours otherwise: here they would be codes.
        legend=len(series) > 1 and (bool(ticks) or bool(apart) or colour.get("legend", True) is not None),
        percent="%" in str((along.get("axis") or {}).get("format") or ""),
        remarks=_remarks(layers, across["field"], categories),
    )


def _shown(categories: list[str], channel: dict[str, Any]) -> tuple[str, ...]:
    """Return names as their axis writes them: months of a year in short, where it does so."""
    found = [MONTH.fullmatch(name) for name in categories]
    if "labelExpr" in (channel.get("axis") or {}) and all(found):
        return tuple(f"{each[1]} {each[2]}" for each in found if each)
    return tuple(categories)


def _remarks(layers: list[_Layer], across: str, categories: list[str]) -> tuple[str, ...]:
    """Return what the labels at the end of bars say beyond their figures, as in “0.73 · Target”; nothing where they say no more."""
    for layer in layers:
        field = (layer.encoding.get("text") or {}).get("field")
        said = {_text(row.get(across)): _text(row[field]) for row in layer.rows if field in row}
        if layer.mark != "text" or len(said) < len(categories) or len(layer.rows) > len(said):
            continue
        words = tuple(FIGURE.sub("", said[name], count=1).strip(" ·,;") for name in categories)
        if any(words) and all(FIGURE.match(said[name]) for name in categories):
            return words
    return ()


def _bar_series(
    bar: _Layer,
    categories: list[str],
    across: str,
    along: str,
    colour: dict[str, Any],
    titles: dict[str, str],
) -> tuple[Series, ...]:
    field, rows = colour.get("field"), bar.rows
    if field is None or field == across:
        held = _by_name(rows, across, along)
        name = titles.get(along, "") or along
        points = tuple(_colours(colour, categories)) if field else ()
        return (Series(name, tuple(map(held.get, categories)), colour.get("value") or bar.paint or SERIES[0], points),)
    keys = _order(colour, rows)
    return tuple(
        Series(
            key,
            tuple(map(_by_name([r for r in rows if _text(r.get(field)) == key], across, along).get, categories)),
            paint,
        )
        for key, paint in zip(keys, _colours(colour, keys), strict=True)
    )


def _lines(line: _Layer) -> Lines | None:
    x, y = line.encoding.get("x", {}), line.encoding.get("y", {})
    if not (_figures(x) and _figures(y)):
        return None
    colour = line.encoding.get("color") or {}
    field = colour.get("field")
    keys = _order(colour, line.rows) if field else [_title(y)]
    if not 0 < len(keys) <= MOST_SERIES:
        return None
    made = []
    for key, paint in zip(keys, _colours(colour, keys), strict=True):
        rows = [row for row in line.rows if field is None or _text(row.get(field)) == key]
        points = sorted(
            (row[x["field"]], row[y["field"]])
            for row in rows
            if _number(row.get(x["field"])) and _number(row.get(y["field"]))
        )
        made.append(Series(key, tuple(points), paint))
    return Lines(tuple(made), _title(x), _title(y), legend=len(made) > 1) if all(s.values for s in made) else None


def _names(channel: dict[str, Any]) -> bool:
    return "field" in channel and channel.get("type") in ("nominal", "ordinal")


def _figures(channel: dict[str, Any]) -> bool:
    return "field" in channel and channel.get("type") == "quantitative"


def _order(channel: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """Return the names of a channel as Vega-Lite orders them: as told, else by the alphabet; as they come where it says so."""
    told = channel.get("sort") if isinstance(channel.get("sort"), list) else (channel.get("scale") or {}).get("domain")
    found = list(
        dict.fromkeys(_text(row.get(channel["field"])) for row in rows if row.get(channel["field"]) is not None)
    )
    by = channel.get("sort", "ascending")
    if by in ("ascending", "descending"):
        found.sort(reverse=by == "descending")
    if isinstance(by, dict) and by.get("field"):
        most = {_text(row.get(channel["field"])): row[by["field"]] for row in rows if _number(row.get(by["field"]))}
        found.sort(key=lambda name: most.get(name, 0), reverse=by.get("order") == "descending")
    first = [_text(name) for name in told or [] if _text(name) in found]
    return [*first, *(name for name in found if name not in first)]


def _colours(channel: dict[str, Any], names: list[str]) -> Iterator[str]:
    scale = channel.get("scale") or {}
    domain, painted = [_text(name) for name in scale.get("domain") or names], scale.get("range") or SERIES
    known = dict(zip(domain, painted, strict=False)) if isinstance(painted, list | tuple) else {}
    for i, name in enumerate(names):
        paint = known.get(name, SERIES[i % 7])
        yield paint if isinstance(paint, str) and paint.startswith("#") else SERIES[i % 7]


def _by_name(rows: list[dict[str, Any]], across: str, along: str) -> dict[str, Any]:
    return {_text(row.get(across)): row.get(along) for row in rows if _number(row.get(along))}


def _titles(figure: Figure, layers: list[_Layer]) -> dict[str, str]:
    """Return what the fields of a chart are called: by the table's heads, or by what a pointer is told."""
    told = [tip for layer in layers for tip in _listed(layer.encoding.get("tooltip")) if "field" in tip]
    named = {tip["field"]: visible(str(tip.get("title") or "")) for tip in told}
    heads = {c["name"]: str(c["label"]) for c in (figure.table or {"columns": []})["columns"]}
    return {field: name for field, name in (named | heads).items() if name}


def _listed(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _title(channel: dict[str, Any]) -> str:
    title = channel.get("title")
    return visible(" ".join(title) if isinstance(title, list) else str(title or ""))


def _text(value: Any) -> str:
    return visible(str(value))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e300
