"""Charts on paper: every word inside the sheet, none over another, numbers as the language writes them."""

import re
from io import BytesIO
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
from exhibit_samples import SAMPLES, budget_split, response_curves
from PIL import Image
from report_samples import HOSTILE, awkward_exhibit

from workbook.exhibits.exhibit import Exhibit
from workbook.exhibits.view import drawing_js
from workbook.language import speaking
from workbook.reports.branding import fonts_here
from workbook.reports.document import Figure
from workbook.reports.drawing import SVG, drawing, pictures
from workbook.reports.labels import text_width


def drawn(exhibit, **options):
    return drawing(Figure(exhibit.payload), **options)


def words(made):
    """Return text, left and right of each line of words on the sheet."""
    found = []

    def visit(node, x):
        at = re.match(r"translate\((-?[\d.e+-]+)", node.get("transform", ""))
        x += float(at[1]) if at else 0
        if node.tag == f"{SVG}text":
            for line in [part.text for part in node] or [node.text]:
                wide = text_width(line or "")
                left = x - {"start": 0, "middle": wide / 2, "end": wide}[node.get("text-anchor", "start")]
                found.append((line, left, left + wide))
            return
        for child in node:
            visit(child, x)

    root = ElementTree.fromstring(made.svg)
    visit(root, 0.0)
    return found, [float(n) for n in root.get("viewBox").split()]


@pytest.mark.parametrize("make", SAMPLES)
@pytest.mark.parametrize("width", [400, 680])
def test_no_word_runs_over_the_edge(make, width):
    found, (left, _top, wide, _height) = words(drawn(make(), width=width))
    assert found
    assert [line for line, start, end in found if start < left - 1 or end > left + wide + 1] == []
    assert wide <= width * 1.15


def test_names_of_rows_and_ends_of_lines_are_all_there():
    said = " ".join(line for line, *_ in words(drawn(response_curves()))[0])
    assert all(name in said for name in ("LinkedIn ads", "Partner marketing", "New customers in 12 months"))


def test_figures_are_written_as_the_language_writes_them():
    exhibit = response_curves(top=0.001)
    english = {line for line, *_ in words(drawn(exhibit))[0]}
    with speaking("it"):
        italian = {line for line, *_ in words(drawn(exhibit))[0]}
    assert any(re.fullmatch(r"0\.\d+", line) for line in english)
    assert any(re.fullmatch(r"0,\d+", line) for line in italian)


def test_a_chart_is_drawn_and_painted_once_a_process():
    made = drawn(budget_split())
    assert drawn(budget_split()) is made
    other = drawn(response_curves())
    painted = pictures([made, other, made], fonts_here(None))
    assert all(picture.startswith(b"\x89PNG") for picture in painted)
    assert painted[0] is painted[2]
    assert painted[0] != painted[1]
    assert pictures([other], fonts_here(None)) == [painted[1]]


def test_a_picture_has_two_dots_for_each_pixel_of_the_drawing():
    made = drawn(budget_split())
    size = Image.open(BytesIO(pictures([made], fonts_here(None))[0])).size
    assert size == pytest.approx((2 * made.width, 2 * made.height), abs=4)


def test_a_chart_is_pressed_together_to_fit_under_a_headline():
    payload = response_curves().payload
    tall = Figure(payload | {"chart": payload["chart"] | {"height": 480}})
    free = drawing(tall, width=872)
    assert drawing(tall, width=872, height=370).height == pytest.approx(370, abs=15)
    assert free.height > 480


@pytest.mark.parametrize("texts", [HOSTILE[i::8] for i in range(8)])
def test_what_people_type_is_text_in_a_drawing(texts):
    for text in texts:
        root = ElementTree.fromstring(drawn(awkward_exhibit(text)).svg)
        names = {str(node.tag).removeprefix(SVG) for node in root.iter()}
        assert names <= {"svg", "g", "path", "rect", "text", "tspan", "line", "defs", "clipPath"}
        assert not any("href" in key or key.startswith("on") for node in root.iter() for key in node.attrib)


def test_bars_beside_each_other_share_their_row():
    rows = [{"y": name, "x": 1, "c": part} for name in "abc" for part in "pqr"]
    encoding = {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "nominal"},
        "yOffset": {"field": "c", "type": "nominal"},
    }
    chart = {"data": {"values": rows}, "mark": "bar", "height": 210, "encoding": encoding}
    assert drawing(Figure({"chart": chart, "data": {}})).height < 300


def test_months_are_said_once_and_their_title_stands_below_them():
    rows = [{"t": f"2026-{month:02}-{day:02}", "y": 1} for month in (10, 11) for day in (2, 20)]
    axis = {"format": "%b %Y", "tickCount": 8}
    encoding = {
        "x": {"field": "t", "type": "temporal", "title": "Seen on", "axis": axis},
        "y": {"field": "y", "type": "quantitative"},
    }
    chart = {"data": {"values": rows}, "mark": "point", "encoding": encoding}
    made = drawing(Figure({"chart": chart, "data": {}}), width=300)
    root = ElementTree.fromstring(made.svg)
    said = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    months = [text.replace(" ", "") for text in said if "2026" in text]
    assert len(months) == len(set(months)) > 0


def test_italian_months_begin_small_on_paper_as_on_a_page():
    rows = [{"t": f"2027-{month:02}-15", "y": 1} for month in range(1, 13)]
    encoding = {
        "x": {"field": "t", "type": "temporal", "axis": {"format": "%b %Y", "tickCount": 4}},
        "y": {"field": "y", "type": "quantitative"},
    }
    chart = {"data": {"values": rows}, "mark": "point", "encoding": encoding}
    with speaking("it"):
        found = {line for line, *_ in words(drawing(Figure({"chart": chart, "data": {}})))[0]}
    names = re.findall(r'"(\w+)"', re.search(r'"shortMonths": \[(.*?)\]', drawing_js())[1])
    said = {line.split()[0] for line in found if line and line.endswith("2027")}
    assert said
    assert said <= set(names)


@pytest.mark.parametrize("aside", [12, -12])
def test_a_name_is_placed_from_its_point_however_far_a_page_sets_it_aside(aside):
    points = pd.DataFrame({"feature": ["one", "other"], "x": [0.99, 1.0], "y": [0.5, 0.5]})
    base = alt.Chart(points).encode(x="x:Q", y="y:Q")

    def placed(dx):
        names = base.properties(name="around_names").mark_text(align="left", dx=dx).encode(text="feature:N")
        made, _sheet = words(drawn(Exhibit("map", "A map.", chart=base.mark_point() + names)))
        return {line: (left, right) for line, left, right in made if line in ("one", "other")}

    assert len(placed(0)) == 2
    assert placed(aside) == placed(0)


def test_months_under_an_axis_all_break_where_one_has_to():
    names = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")
    spends = pd.DataFrame({"month": [f"{name} 2027" for name in names], "spend": range(12)})
    chart = alt.Chart(spends).mark_bar().encode(x=alt.X("month:O", sort=None, axis=alt.Axis(labelAngle=0)), y="spend:Q")
    lines = {line for line, *_ in words(drawn(Exhibit("m", "Months.", chart=chart)))[0]}
    assert {*names, "2027"} <= lines


def test_the_rows_of_a_chart_of_few_are_spread_to_fill_a_slide():
    low = drawn(budget_split())
    assert drawn(budget_split(), least=low.height * 1.3).height == pytest.approx(low.height * 1.3, rel=0.15)
    assert drawn(budget_split(), least=low.height * 9).height < low.height * 2


def test_rows_with_long_names_are_pressed_together_to_fit_a_slide():
    rows = [{"n": f"{i} A release with a long name: the teams that talk to customers", "v": i} for i in range(11)]
    y, x = {"field": "n", "type": "nominal"}, {"field": "v", "type": "quantitative"}
    for height in (374, {"step": 34}):
        chart = {"data": {"values": rows}, "mark": "point", "encoding": {"x": x, "y": y}, "height": height}
        figure = Figure({"chart": chart, "data": {}})
        assert drawing(figure).height > 400
        assert drawing(figure, width=872, height=380).height <= 380
