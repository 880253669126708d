"""Bars and lines as charts of the office program: whoever has the slide can change the figures, and the chart follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workbook.exhibits.theme import LIGHT
from workbook.reports.native import Bars, Lines, Series

__all__ = ["add_chart"]

SIZE, SMALL = 14, 11
"""Points of a chart's words, and of those of one with many categories."""

MANY = {True: 12, False: 6}
"""Categories that are not yet many, of lying and of standing bars: those stand above each other, these beside."""

PERCENT = "0\u00a0%"

SCALES = ((1e7, '0,,"M"'), (1e6, '0.0,,"M"'), (1e4, '[=0]0;0,"k"'), (10, "#,##0"))
"""Formats of an axis, by the largest figure from which on they hold."""

LABELLED = 20
"""Bars that carry their figures; more would be a thicket."""


def add_chart(slide: Any, chart: Bars | Lines, place: tuple[int, int, int, int]) -> Any:
    """Put ``chart`` on ``slide`` at ``place`` (left, top, width, height) and return its shape."""
    return _add_bars(slide, chart, place) if isinstance(chart, Bars) else _add_lines(slide, chart, place)


def _add_bars(slide: Any, bars: Bars, place: tuple[int, int, int, int]) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION

    data = CategoryChartData(number_format=_format(bars))
    data.categories = list(bars.categories)
    for series in bars.series:
        data.add_series(series.name, series.values)
    # Bars that are stacked on nothing stand in each other's place: a label can then be at their end.
    alone = len(bars.series) == 1
    stacked = bars.stacked and not bars.single
    kinds = {
        (True, True): XL_CHART_TYPE.BAR_STACKED,
        (True, False): XL_CHART_TYPE.BAR_CLUSTERED,
        (False, True): XL_CHART_TYPE.COLUMN_STACKED,
        (False, False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    }
    data._workbook_writer._open_worksheet = _texts_stay_texts
    shape = slide.shapes.add_chart(kinds[bars.lying, stacked], *place, data)
    chart = shape.chart
    size = SIZE if len(bars.categories) <= MANY[bars.lying] else SMALL
    _plain(chart, legend=bars.legend, size=size)
    _whole_scale(chart.value_axis, bars)
    if any(value < 0 for series in bars.series for value in series.values if value is not None):
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # not over the bars below nothing
    if bars.lying:
        # The first name stands on top, and the scale stays below.
        chart.category_axis.reverse_order = True
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    _quiet_axis(chart.category_axis, grid=False, size=size)
    _quiet_axis(chart.value_axis, grid=True, title=bars.title, size=size)
    ticks = chart.value_axis.tick_labels
    ticks.number_format, ticks.number_format_is_linked = _scale_format(bars), False
    plot = chart.plots[0]
    plot.gap_width = 60 if alone or bars.stacked else 45
    if bars.single and not alone:
        plot.overlap = 100
    plot.vary_by_categories = False
    for one, series in zip(plot.series, bars.series, strict=True):
        _paint(one.format.fill, series.colour)
        for i, colour in enumerate(series.points):
            _paint(one.points[i].format.fill, colour)
    drawn = sum(value is not None for series in bars.series for value in series.values)
    if not stacked and drawn <= LABELLED:
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = _format(bars), False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        _small(labels.font, size)
    return shape


def _add_lines(slide: Any, lines: Lines, place: tuple[int, int, int, int]) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    data = XyChartData(number_format="General")
    for series in lines.series:
        points = data.add_series(series.name)
        for x, y in series.values:
            points.add_data_point(x, y)
    data._workbook_writer._open_worksheet = _texts_stay_texts
    shape = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *place, data)
    chart = shape.chart
    _plain(chart, legend=lines.legend)
    _quiet_axis(chart.category_axis, grid=False, title=lines.x_title)
    _quiet_axis(chart.value_axis, grid=True, title=lines.y_title)
    most = max((abs(part) for series in lines.series for point in series.values for part in point), default=0)
    for axis in (chart.category_axis, chart.value_axis) if most >= 1_000 else ():
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "#,##0", False
    chart.category_axis.minimum_scale = min(x for series in lines.series for x, _y in series.values)
    chart.category_axis.maximum_scale = max(x for series in lines.series for x, _y in series.values)
    for drawn, series in zip(chart.plots[0].series, lines.series, strict=True):
        drawn.smooth = False
        drawn.format.line.width = Pt(2.25)
        drawn.format.line.color.rgb = _rgb(series.colour)
    return shape


@contextmanager
def _texts_stay_texts(target: Any) -> Iterator[tuple[Any, Any]]:
    """Open the sheet behind a chart as the library does, but for names that begin like a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        yield book, book.add_worksheet()


def _plain(chart: Any, *, legend: bool, size: float = SIZE) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    chart.has_title = False
    chart.has_legend = legend
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        _small(chart.legend.font, size)


def _quiet_axis(axis: Any, *, grid: bool, title: str = "", size: float = SIZE) -> None:
    axis.has_major_gridlines = grid
    if grid:
        axis.major_gridlines.format.line.color.rgb = _rgb(LIGHT["grid"])
    axis.format.line.fill.background()
    _small(axis.tick_labels.font, size)
    axis.has_title = bool(title)
    if title:
        axis.axis_title.text_frame.text = title
        run = axis.axis_title.text_frame.paragraphs[0].runs[0]
        _small(run.font, size)
        run.font.bold = False


def _whole_scale(axis: Any, bars: Bars) -> None:
    """Begin at nothing, since it is the length of a bar that is read; and end where parts make up a whole."""
    values = [[value or 0 for value in series.values] for series in bars.series]
    if all(value >= 0 for each in values for value in each):
        axis.minimum_scale = 0
        totals = [sum(parts) for parts in zip(*values, strict=True)]
        for whole in (1, 100):
            if bars.stacked and len(values) > 1 and all(abs(total / whole - 1) < 0.01 for total in totals):
                axis.maximum_scale = whole


def _scale_format(bars: Bars) -> str:
    """Return how an axis writes its figures: shares as such, thousands and millions in short."""
    most = _most(bars.series)
    if bars.percent:
        return PERCENT
    return next((form for least, form in SCALES if most >= least), "0.0")


def _format(bars: Bars) -> str:
    """Return the number format of figures: as many decimals as three figures need."""
    most = _most(bars.series)
    if bars.percent:
        return PERCENT
    return "#,##0" if most >= 100 else "0.0" if most >= 10 else "0.00"


def _most(series: tuple[Series, ...]) -> float:
    return max((abs(value) for one in series for value in one.values if value is not None), default=0)


def _small(font: Any, size: float) -> None:
    from pptx.util import Pt

    font.size = Pt(size)
    font.color.rgb = _rgb(LIGHT["quiet"])


def _paint(fill: Any, colour: str) -> None:
    fill.solid()
    fill.fore_color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour[1:].upper())
