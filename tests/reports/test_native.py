"""Which charts an office program can draw by itself, and that their figures are the exhibit's."""

import altair as alt
import pandas as pd
import pytest
from exhibit_samples import CHANNELS, LAST, PLAN, budget_split, need_scores, response_curves

from workbook.exhibits.exhibit import Column, Exhibit
from workbook.reports.document import Figure
from workbook.reports.native import Bars, Lines, native_chart

TABLE = pd.DataFrame({"name": ["a", "b", "a", "b"], "kind": ["x", "x", "y", "y"], "value": [1.0, 2.0, 3.0, None]})


def native(chart, table=TABLE, columns=()):
    exhibit = chart if isinstance(chart, Exhibit) else Exhibit("one", "One.", table, columns, chart)
    return native_chart(Figure(exhibit.payload))


def test_bars_with_marks_are_two_series_named_as_the_table_names_them():
    bars = native(budget_split())
    assert isinstance(bars, Bars)
    assert bars.categories == tuple(CHANNELS)
    assert [(s.name, s.values) for s in bars.series] == [("This plan", tuple(PLAN)), ("Last plan", tuple(LAST))]
    assert (bars.lying, bars.stacked, bars.legend) == (True, False, True)
    assert len(set(bars.series[0].points)) == len(CHANNELS)


def test_lines_have_every_point_in_order():
    lines = native(response_curves(spends=5))
    assert isinstance(lines, Lines)
    assert [series.name for series in lines.series] == CHANNELS
    assert [x for x, _y in lines.series[0].values] == [0, 17_500, 35_000, 52_500, 70_000]
    assert (lines.x_title, lines.y_title) == ("Spend, EUR", "New customers in 12 months")


def test_colours_make_series_with_a_gap_where_there_is_no_figure():
    bars = native(alt.Chart(TABLE).mark_bar().encode(x="name:N", y=alt.Y("value:Q", title="V"), color="kind:N"))
    assert [(s.name, s.values) for s in bars.series] == [("x", (1.0, 2.0)), ("y", (3.0, None))]
    assert (bars.lying, bars.stacked, bars.legend, bars.title) == (False, True, True, "V")


def test_the_order_of_the_chart_is_kept():
    bars = native(alt.Chart(TABLE[:2]).mark_bar().encode(y=alt.Y("name:N", sort=["b", "a"]), x="value:Q"))
    assert bars.categories == ("b", "a")
    assert bars.series[0].values == (2.0, 1.0)


BASE = alt.Chart(TABLE).encode(x="name:N", y="value:Q")


@pytest.mark.parametrize(
    "chart",
    [
        BASE.mark_bar().encode(y="mean(value):Q"),
        BASE.mark_bar().encode(column="kind:N"),
        BASE.mark_bar() | BASE.mark_bar(),
        BASE.mark_bar().transform_filter("datum.value > 1"),
        BASE.mark_rect(),
        BASE.mark_point(),
        BASE.mark_area(),
        BASE.mark_bar() + BASE.mark_line(),
        BASE.mark_bar() + BASE.mark_rule().encode(y2=alt.value(0)),
        BASE.mark_bar() + BASE.mark_tick().encode(y="nameless:Q"),
        alt.Chart(TABLE).mark_line(strokeDash=[4, 4]).encode(x="value:Q", y="value:Q"),
        need_scores(),
    ],
    ids=range(12),
)
def test_everything_else_stays_a_picture(chart):
    assert native(chart) is None


def test_a_chart_without_rows_stays_a_picture():
    assert native(BASE.mark_bar().properties(data=TABLE[:0])) is None


def test_a_series_is_called_what_its_column_is_called():
    bars = native(alt.Chart(TABLE[:2]).mark_bar().encode(y="name:N", x="value:Q"), TABLE, (Column("value", "Worth"),))
    assert bars.series[0].name == "Worth"


def test_bars_that_are_sorted_by_a_figure_stand_in_that_order():
    rows = [{"channel": name, "brings": value} for name, value in (("a", 2), ("b", 3), ("c", 1))]
    encoding = {
        "y": {"field": "channel", "type": "nominal", "sort": {"field": "brings", "op": "max", "order": "descending"}},
        "x": {"field": "brings", "type": "quantitative"},
    }
    made = native_chart(Figure({"chart": {"data": {"values": rows}, "mark": "bar", "encoding": encoding}, "data": {}}))
    assert (made.categories, made.series[0].values) == (("b", "a", "c"), (3, 2, 1))


def labelled(texts, names=("a", "b")):
    rows = [{"n": name, "v": i + 0.5, "said": text} for i, (name, text) in enumerate(zip(names, texts, strict=True))]
    y, x = {"field": "n", "type": "nominal"}, {"field": "v", "type": "quantitative"}
    layer = [{"mark": "bar"}, {"mark": "text", "encoding": {"text": {"field": "said", "type": "nominal"}}}]
    chart = {"data": {"values": rows}, "encoding": {"x": x, "y": y}, "layer": layer}
    return native_chart(Figure({"chart": chart, "data": {}}))


@pytest.mark.parametrize(
    ("texts", "remarks"),
    [
        (("0.50 · Target", "1.50 · Excluded"), ("Target", "Excluded")),
        (("16\u00a0%, voto 2,0", "10\u00a0%, voto 3,1"), ("voto 2,0", "voto 3,1")),
        (("€1,234", "−4.656\u00a0€"), ()),
        (("Target", "Excluded"), ()),
    ],
)
def test_what_a_label_says_beyond_its_figure_is_kept(texts, remarks):
    assert labelled(texts).remarks == remarks


def test_colours_and_names_are_in_the_order_of_the_page():
    bars = native(
        alt.Chart(TABLE[::-1]).mark_bar(color="#0b6e75").encode(y="name:N", x="value:Q", color=alt.Color("kind:N"))
    )
    assert bars.categories == ("a", "b")
    assert [series.name for series in bars.series] == ["x", "y"]
    told = native(
        alt.Chart(TABLE[:2][::-1]).mark_bar(color="#0b6e75").encode(y=alt.Y("name:N", sort=None), x="value:Q")
    )
    assert told.categories == ("b", "a")
    assert told.series[0].colour == "#0b6e75"


def test_months_are_written_as_their_axis_writes_them():
    def bars(expression):
        table = pd.DataFrame({"month": ["gennaio 2027", "febbraio 2027"], "value": [1, 2]})
        axis = alt.Axis(labelExpr=expression) if expression else alt.Axis()
        return native(alt.Chart(table).mark_bar().encode(x=alt.X("month:N", sort=None, axis=axis), y="value:Q"), table)

    assert bars("datum.label").categories == ("gen 2027", "feb 2027")
    assert bars("").categories == ("gennaio 2027", "febbraio 2027")
