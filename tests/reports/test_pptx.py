"""Slides: one finding each, charts that can be edited, the client's template, and whatever people type."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from exhibit_samples import CHANNELS
from exhibit_samples import PLAN as SPENDS
from nbformat.v4 import new_markdown_cell, new_notebook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches
from report_samples import HOSTILE, PLAN, awkward_notebook, sample_notebook, shown

from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import speaking
from workbook.plan.workspace import Workspace
from workbook.reports.branding import BrandError
from workbook.reports.document import visible
from workbook.reports.pptx import pptx_report


def deck(notebook, document=PLAN):
    return Presentation(BytesIO(pptx_report(notebook, document)))


def titles(slides):
    return [slide.shapes.title.text_frame.text for slide in slides.slides]


def shapes(slides, kind):
    return [shape for slide in slides.slides for shape in slide.shapes if shape.shape_type == kind]


@pytest.fixture
def from_template(tmp_path):
    """Return a function that makes a deck from a template."""

    def make(template, notebook=None):
        workspace = Workspace.create(tmp_path)
        if isinstance(template, bytes):
            (tmp_path / "deck.pptx").write_bytes(template)
        else:
            template.save(tmp_path / "deck.pptx")
        (tmp_path / "workbook.toml").write_text('format = 1\n[brand]\ntemplate = "deck.pptx"\n')
        return deck(notebook or sample_notebook(), replace(PLAN, workspace=workspace.folder))

    return make


def test_each_finding_is_the_title_of_a_slide_and_its_method_is_in_the_notes():
    made = deck(sample_notebook())
    assert titles(made)[:2] == [
        "Adaptive test add-on",
        "LinkedIn and search take two thirds; events get nothing until they can have €25,000.",
    ]
    notes = made.slides[1].notes_slide.notes_text_frame.text
    assert "What proven means" in notes
    assert "Method: Limit that binds: total budget." in notes
    assert titles(made)[-1] == "Still to come"


def test_bars_and_lines_can_be_edited_and_others_are_pictures():
    made = deck(sample_notebook())
    bars, lines = shapes(made, MSO_SHAPE_TYPE.CHART)
    assert tuple(bars.chart.plots[0].categories) == tuple(CHANNELS)
    assert tuple(bars.chart.plots[0].series[0].values) == tuple(SPENDS)
    assert [series.name for series in lines.chart.plots[0].series] == CHANNELS
    assert bars.chart.part.chart_workbook.xlsx_part is not None
    assert len(shapes(made, MSO_SHAPE_TYPE.PICTURE)) == 1


def test_every_chart_and_picture_says_what_it_shows():
    made = deck(sample_notebook())
    seen = shapes(made, MSO_SHAPE_TYPE.CHART) + shapes(made, MSO_SHAPE_TYPE.PICTURE)
    assert all(len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 20 for shape in seen)


def test_every_word_says_its_language():
    with speaking("it"):
        made = deck(sample_notebook(), replace(PLAN, language="it"))
    said = {run.get_or_add_rPr().get("lang") for slide in made.slides for run in slide._element.iter(qn("a:r"))}
    assert said == {"it-IT"}
    assert (made.core_properties.language, made.core_properties.title) == ("it-IT", PLAN.title)


def test_a_table_without_a_chart_is_a_table_over_as_many_slides_as_it_needs():
    import pandas as pd

    table = pd.DataFrame({"what": [f"thing {i}" for i in range(40)], "much": range(40)})
    long = Exhibit("long", "Forty things.", table, (Column("what", "What"), Column("much", "Much", "number", 0)))
    made = deck(new_notebook(cells=[shown(long)]))
    tables = [shape.table for shape in shapes(made, MSO_SHAPE_TYPE.TABLE)]
    assert titles(made)[1:] == [f"Forty things. ({i}/{len(tables)})" for i in range(1, len(tables) + 1)]
    assert [table.cell(0, 0).text for table in tables] == ["What"] * len(tables)
    said = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]
    assert said == [f"thing {i}" for i in range(len(said))]
    bottom = max(s.top + sum(row.height for row in s.table.rows) for s in shapes(made, MSO_SHAPE_TYPE.TABLE))
    assert bottom <= made.slide_height


@pytest.mark.parametrize("texts", [HOSTILE[i::6] for i in range(6)])
def test_what_people_type_is_text_on_the_slide_and_whole_in_the_notes(texts):
    made = deck(awkward_notebook(texts))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in made.slides if slide.has_notes_slide)
    for text in texts:
        assert " ".join(visible(text).split()) in " ".join(notes.split())
    assert all(len(title) <= 620 for title in titles(made))
    for shape in shapes(made, MSO_SHAPE_TYPE.CHART):
        with zipfile.ZipFile(BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)) as sheets:
            assert not any(b"<f>" in sheets.read(name) for name in sheets.namelist())


def test_a_report_with_nothing_in_it_is_a_title():
    assert titles(deck(new_notebook(cells=[new_markdown_cell("# A")]))) == [PLAN.title]


def test_the_clients_template_gives_layouts_and_loses_its_own_slides(from_template):
    template = Presentation()
    template.slides.add_slide(template.slide_layouts[0]).shapes.title.text = "An example"
    made = from_template(template)
    assert "An example" not in titles(made)
    assert titles(made)[0] == PLAN.title
    assert {slide.slide_layout.name for slide in made.slides} == {"Title Slide", "Title Only"}
    assert (made.slide_width, made.slide_height) == (template.slide_width, template.slide_height)


def test_a_template_without_titles_still_gives_slides(from_template):
    template = Presentation()
    for layout in [one for one in template.slide_layouts if one.name != "Blank"]:
        template.slide_layouts.remove(layout)
    made = from_template(template)
    said = [shape.text_frame.text for slide in made.slides for shape in slide.shapes if shape.has_text_frame]
    assert PLAN.title in said
    assert any(text.startswith("LinkedIn and search") for text in said)


def test_odd_places_of_a_template_are_left_out(from_template):
    template = Presentation()
    for layout in [one for one in template.slide_layouts if one.name != "Picture with Caption"]:
        template.slide_layouts.remove(layout)
    made = from_template(template)
    assert {
        len([p for p in slide.placeholders if p.placeholder_format.idx in (1, 2)]) for slide in list(made.slides)[1:]
    } == {0}


def test_a_template_of_another_size_holds_everything(from_template):
    template = Presentation()
    template.slide_width, template.slide_height = Inches(10), Inches(5.6)
    made = from_template(template)
    for shape in shapes(made, MSO_SHAPE_TYPE.CHART) + shapes(made, MSO_SHAPE_TYPE.PICTURE):
        assert shape.left + shape.width <= made.slide_width
        assert shape.top + shape.height <= made.slide_height


def test_a_template_without_layouts_is_refused_with_the_way_out(from_template):
    template = Presentation()
    for layout in list(template.slide_layouts):
        template.slide_layouts.remove(layout)
    with pytest.raises(BrandError, match=r"deck.pptx has no layout .* add a layout with a title"):
        from_template(template)


@pytest.mark.parametrize("content", [b"", b"no presentation", b"PK\x03\x04 torn"])
def test_a_template_that_is_no_presentation_is_refused_with_the_way_out(from_template, content):
    with pytest.raises(BrandError, match=r"deck.pptx is no presentation .* save it as PowerPoint"):
        from_template(content)


def test_a_long_finding_is_smaller_than_the_titles_of_the_template(from_template):
    made = from_template(Presentation())
    sizes = [run.font.size for slide in made.slides for run in slide.shapes.title.text_frame.paragraphs[0].runs]
    assert sizes[0] is None  # the title fits, in the template's own size
    assert sizes[1] is not None
    assert sizes[1].pt < 44


def texts(slide):
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_no_slide_has_the_last_row_of_a_table_alone():
    import pandas as pd

    table = pd.DataFrame({"what": [f"thing {i}" for i in range(19)], "much": range(19)})
    long = Exhibit("long", "Nineteen.", table, (Column("what", "What"), Column("much", "Much", "number", 0)))
    rows = [
        len(shape.table.rows) - 1 for shape in shapes(deck(new_notebook(cells=[shown(long)])), MSO_SHAPE_TYPE.TABLE)
    ]
    assert sum(rows) == 19
    assert max(rows) - min(rows) <= 1


def test_small_cards_share_a_slide_and_large_ones_have_room():
    small = tuple(Card(f"Move {i}", "why", (("It", ("is small",)),)) for i in range(4))
    made = deck(new_notebook(cells=[shown(Exhibit("moves", "Four moves.", cards=small))]))
    assert titles(made)[1:] == ["Four moves."]
    assert all(any(card.title in text for text in texts(made.slides[1])) for card in small)
    large = tuple(Card(f"Person {i}", "", (("Goals", ("A goal that takes its room. " * 6,) * 5),)) for i in range(4))
    made = deck(new_notebook(cells=[shown(Exhibit("people", "Four people.", cards=large))]))
    assert len(titles(made)[1:]) > 1
    said = " ".join(text for slide in made.slides for text in texts(slide))
    assert all(card.title in said for card in large)


def test_how_many_answered_is_said_once():
    one = Exhibit("a", "Some say so.", method="Asked.", n=1200, tags=(Tag("observed", "1,200 respondents"),))
    other = Exhibit("b", "Others do not.", method="Asked.", n=1200, tags=(Tag("observed", "4 needs"),))
    first, second = list(deck(new_notebook(cells=[shown(one, other)])).slides)[1:]
    assert "1,200 respondents" in texts(first)
    assert not any("answers or records" in text for text in texts(first))
    assert any("1,200 answers or records" in text for text in texts(second))


def test_bars_that_are_shares_are_written_as_such_and_carry_their_figures():
    import altair as alt
    import pandas as pd

    themes = pd.DataFrame({"theme": ["a", "b"], "share": [0.22, 0.08], "mood": ["low", "high"]})
    chart = (
        alt.Chart(themes)
        .mark_bar()
        .encode(y="theme:N", x=alt.X("share:Q", axis=alt.Axis(format="%")), color=alt.Color("mood:N"))
    )
    made = deck(new_notebook(cells=[shown(Exhibit("themes", "Two themes.", themes, (), chart=chart))]))
    drawn = shapes(made, MSO_SHAPE_TYPE.CHART)[0].chart
    assert drawn.value_axis.tick_labels.number_format == '0\u00a0%;"−"0\u00a0%'
    assert drawn.plots[0].data_labels.show_value
    assert drawn.plots[0].overlap == 100


def bars_of(rows, **columns):
    import altair as alt
    import pandas as pd

    table = pd.DataFrame(rows)
    base = alt.Chart(table).encode(y=alt.Y("name:N", sort=None), x=alt.X("value:Q", title="Score"))
    chart = base.mark_bar().encode(**columns)
    if "said" in table:
        chart += base.mark_text().encode(text="said:N")
    return Exhibit("bars", "Some bars.", table, (), chart=chart)


def test_figures_of_a_chart_are_written_as_the_language_writes_them():
    exhibit = bars_of({"name": ["a", "b"], "value": [0.5, -0.25]})
    formats = {}
    for language in ("en", "it"):
        with speaking(language):
            made = deck(new_notebook(cells=[shown(exhibit)]), replace(PLAN, language=language))
        chart = shapes(made, MSO_SHAPE_TYPE.CHART)[0].chart
        formats[language] = chart.plots[0].data_labels.number_format, chart.value_axis.tick_labels.number_format
    assert formats["en"] == ('0.00;"−"0.00', '0.0;"−"0.0')
    assert formats["it"] == ('[$-410]0.00;[$-410]"−"0.00', '[$-410]0.0;[$-410]"−"0.0')


def test_a_label_says_more_than_its_figure_and_the_figure_follows_the_chart():
    rows = {"name": ["a", "b"], "value": [0.73, 0.15], "said": ["0.73 · Target", "0.15 · Out & <over>"]}
    made = deck(new_notebook(cells=[shown(bars_of(rows))]))
    part = shapes(made, MSO_SHAPE_TYPE.CHART)[0].chart._chartSpace
    labels = part.xpath(".//c:dLbl")
    assert [label.xpath(".//a:fld/@type") for label in labels] == [["VALUE"], ["VALUE"]]
    assert ["".join(label.xpath(".//a:t/text()")) for label in labels] == [
        "[VALUE]\u00a0·\u00a0Target",
        "[VALUE]\u00a0·\u00a0Out\u00a0&\u00a0<over>",
    ]


def test_lying_bars_have_their_key_in_the_order_of_the_bars():
    rows = {"name": ["a", "a", "b", "b"], "kind": ["one", "other"] * 2, "value": [4, 3, 2, 1]}
    made = deck(new_notebook(cells=[shown(bars_of(rows, color="kind:N", yOffset="kind:N"))]))
    assert not shapes(made, MSO_SHAPE_TYPE.CHART)[0].chart.has_legend
    key = next(shape for slide in made.slides for shape in slide.shapes if shape.name.startswith("Key"))
    assert key.text_frame.text.replace("\u00a0", " ").split() == ["■", "one", "■", "other"]
    colours = [str(run.font.color.rgb) for run in key.text_frame.paragraphs[0].runs][::2]
    fills = [str(s.format.fill.fore_color.rgb) for s in shapes(made, MSO_SHAPE_TYPE.CHART)[0].chart.plots[0].series]
    assert colours == fills


def test_an_empty_cell_is_no_higher_than_a_full_one():
    table = pd.DataFrame({"name": ["a", "b"], "grade": ["", "A"]})
    made = deck(
        new_notebook(cells=[shown(Exhibit("t", "A table.", table, (Column("name", "N"), Column("grade", "G"))))])
    )
    cells = shapes(made, MSO_SHAPE_TYPE.TABLE)[0].table._tbl.xpath(".//a:tc")
    sizes = {size for cell in cells for size in cell.xpath(".//a:rPr/@sz | .//a:endParaRPr/@sz")}
    assert len(sizes) == 1
    assert all(cell.xpath(".//@sz") for cell in cells)


def test_a_finding_without_a_figure_stands_above_what_its_section_says():
    made = deck(
        new_notebook(
            cells=[new_markdown_cell("## A section\n\nWhat is stale is named here."), shown(Exhibit("s", "None is."))]
        )
    )
    assert "What is stale is named here." in texts(made.slides[1])
