"""Bars and lines as charts of the office program: whoever has the slide can change the figures, and the chart follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from workbook.exhibits.theme import LIGHT
from workbook.language import MINUS
from workbook.reports.native import Bars, Lines, Series
from workbook.reports.slide_words import SPACES, Box, key_box

__all__ = ["add_chart"]

SIZE, SMALL = 14, 11
"""Points of a chart's words, and of those of one with many categories."""

MANY = {True: 12, False: 6}
"""Categories that are not yet many, of lying and of standing bars: those stand above each other, these beside."""

PERCENT = "0\u00a0%"

SPOKEN = {"it": "[$-410]"}
"""
What a number format begins with to be written as the language does, whatever the office program speaks itself.

English needs nothing: it is what a program takes a format for.
"""

SCALES = ((1e7, '0,,"M"'), (1e6, '0.0,,"M"'), (1e4, '[=0]0;0,"k"'), (10, "#,##0"))
"""Formats of an axis, by the largest figure from which on they hold."""

SHOWN = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
"""What a label can show, in the order of the file."""

LABELLED = 20
"""Bars that carry their figures; more would be a thicket."""


KEY = 26.0
"""Points of a line of the key above a chart."""


def add_chart(slide: Any, chart: Bars | Lines, box: Box, language: str) -> Any:
    """Put ``chart`` on ``slide`` in ``box``, its figures as ``language`` (``it-IT``) writes them, and return its shape."""
    if isinstance(chart, Lines):
        return _add_lines(slide, chart, box, language)
    if not (chart.legend and chart.lying and (chart.single or not chart.stacked)):
        return _add_bars(slide, chart, box, language)
    # Some programs list lying bars from the last to the first: a key in words has the order of the bars in all of them.
    key_box(slide, Box(box.left, box.top, box.width, KEY), [(s.name, s.colour) for s in chart.series], language)
    rest = Box(box.left, box.top + KEY, box.width, box.height - KEY)
    return _add_bars(slide, replace(chart, legend=False), rest, language)


def _add_bars(slide: Any, bars: Bars, box: Box, language: str) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION

    data = CategoryChartData(number_format=_format(bars, language))
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
    shape = slide.shapes.add_chart(kinds[bars.lying, stacked], *box.emu, data)
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
    ticks.number_format, ticks.number_format_is_linked = _scale_format(bars, language), False
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
        labels.number_format, labels.number_format_is_linked = _format(bars, language), False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        _small(labels.font, size)
        _remark(plot, bars, size, language)
    return shape


def _remark(plot: Any, bars: Bars, size: float, language: str) -> None:
    """Let labels say more than their figure, which stays the chart's own: it follows when somebody changes it."""
    from pptx.oxml import parse_xml

    for series, one in zip(plot.series, bars.series, strict=True) if bars.remarks and bars.single else ():
        said = [
            (i, words)
            for i, (value, words) in enumerate(zip(one.values, bars.remarks, strict=True))
            if value is not None and words
        ]
        for i, words in said:
            label = series.points[i].data_label._get_or_add_dLbl()
            label.getparent().replace(label, parse_xml(_label(i, words, _format(bars, language), size, language)))


def _label(number: int, words: str, form: str, size: float, language: str) -> str:
    """Return a label in the file's own terms: its figure as a field, then ``words``, on one line."""
    colour = f'<a:solidFill><a:srgbClr val="{LIGHT["quiet"][1:].upper()}"/></a:solidFill>'
    like = f'<a:rPr lang="{language}" sz="{round(size * 100)}">{colour}</a:rPr>'
    name = f"{{{uuid5(NAMESPACE_OID, f'{number} {words}')}}}"
    said = escape(f" · {words}".replace(" ", "\u00a0"))
    shown = "".join(f'<c:{part} val="{int(part == "showVal")}"/>' for part in SHOWN)
    return (
        f'<c:dLbl xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" {SPACES}><c:idx val="{number}"/>'
        f'<c:tx><c:rich><a:bodyPr wrap="none"/><a:p><a:fld id="{name.upper()}" type="VALUE">{like}<a:t>[VALUE]</a:t></a:fld>'
        f"<a:r>{like}<a:t>{said}</a:t></a:r></a:p></c:rich></c:tx>"
        f'<c:numFmt formatCode="{escape(form)}" sourceLinked="0"/><c:dLblPos val="outEnd"/>{shown}'
        '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
        'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:dlblFieldTable/>'
        '<c15:showDataLabelsRange val="0"/></c:ext></c:extLst></c:dLbl>'
    )


def _add_lines(slide: Any, lines: Lines, box: Box, language: str) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    data = XyChartData(number_format="General")
    for series in lines.series:
        points = data.add_series(series.name)
        for x, y in series.values:
            points.add_data_point(x, y)
    data._workbook_writer._open_worksheet = _texts_stay_texts
    shape = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *box.emu, data)
    chart = shape.chart
    _plain(chart, legend=lines.legend)
    _quiet_axis(chart.category_axis, grid=False, title=lines.x_title)
    _quiet_axis(chart.value_axis, grid=True, title=lines.y_title)
    for axis, across in ((chart.category_axis, 0), (chart.value_axis, 1)):
        most = max((abs(point[across]) for series in lines.series for point in series.values), default=0)
        form = "#,##0" if most >= 10 else "0.0" if most >= 1 else "0.00"
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _spoken(form, language), False
        # Beside the plot, and not along the zero of the other axis in the midst of it.
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
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
        shares = bars.percent or "%" in bars.title
        for whole in (1, 100):
            parted = bars.stacked and len(values) > 1 and all(abs(total / whole - 1) < 0.01 for total in totals)
            if parted or (shares and abs(max(totals, default=0) / whole - 1) < 0.01):
                axis.maximum_scale = whole


def _spoken(form: str, language: str) -> str:
    """Return a format as ``language`` writes figures; what is below nothing has the sign that it has in words."""
    begun = SPOKEN.get(language[:2], "")
    return f'{begun}{form};{begun}"{MINUS}"{form}'


def _scale_format(bars: Bars, language: str) -> str:
    """Return how an axis writes its figures: shares as such, thousands and millions in short."""
    most = _most(bars.series)
    if bars.percent:
        return _spoken(PERCENT, language)
    form = next((form for least, form in SCALES if most >= least), "0.0")
    return form if form.startswith("[") else _spoken(form, language)


def _format(bars: Bars, language: str) -> str:
    """Return the number format of figures: as many decimals as three figures need."""
    most = _most(bars.series)
    if bars.percent:
        return _spoken(PERCENT, language)
    return _spoken("#,##0" if most >= 100 else "0.0" if most >= 10 else "0.00", language)


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
