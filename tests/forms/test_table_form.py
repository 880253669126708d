"""The form of a table: chosen columns and answers are remembered in the plan, and the exhibits follow."""

import pytest

from workbook.analyses import analysis
from workbook.exhibits import opportunity_scores
from workbook.exhibits.case import Case
from workbook.exhibits.tables import table_read
from workbook.forms.following import drawn
from workbook.forms.live import LivePlan
from workbook.forms.table_form import TableForm
from workbook.plan.workspace import Workspace

TABLE = "id;Bisogno;imp;sat;note\nr1;a;9,5;3;x\nr2;a;1.234;3;y\nr3;b;8;nine;z\n"


@pytest.fixture
def live(tmp_path):
    workspace = Workspace.create(tmp_path / "home")
    workspace.new_plan("spring")
    return LivePlan(workspace, "spring")


@pytest.fixture
def form(live, tmp_path):
    source = tmp_path / "survey.csv"
    source.write_text(TABLE)
    form = TableForm(live, analysis("opportunity"))
    form.bring_in(str(source))
    return form


def fields(form):
    (card,) = form.content()["cards"]
    return {field["path"].removeprefix(f"/{form.name}/"): field for field in card["fields"]}


def test_without_a_table_only_the_file_is_asked_for(live):
    form = TableForm(live, analysis("opportunity"))
    assert list(fields(form)) == ["file"]
    assert table_read("opportunity")(Case(live.plan, live.workspace)).empty
    (card,) = form.content()["cards"]
    assert "need (the name or id of the need)" in card["intro"]
    assert "It may also have segment" in card["intro"]


def test_a_file_brought_in_makes_a_study_and_each_column_asks_with_the_likeliest_first(form):
    assert form.study.analysis == "opportunity"
    asked = fields(form)["columns/importance"]
    assert asked["choices"][1] == {"value": "imp", "label": "imp (9,5, 1.234, 8)"}
    assert asked["error"] == "Choose a column, perhaps “imp”."
    assert asked["help"].startswith("how important it is")
    assert "error" not in fields(form)["columns/segment"]


def test_what_is_chosen_is_remembered_in_the_plan_and_read_by_the_exhibits(form, live):
    for wanted, found in (("respondent", "id"), ("need", "Bisogno"), ("importance", "imp"), ("satisfaction", "sat")):
        assert form.edit(f"/{form.name}/columns/{wanted}", found)
    again = LivePlan(live.workspace, "spring")
    assert again.plan.studies[0].columns == ("respondent=id", "need=Bisogno", "importance=imp", "satisfaction=sat")
    checked = Case(again.plan, again.workspace).answers("opportunity")
    assert checked.rows["importance"].tolist() == [9.5, 1234.0]
    (card,) = form.content()["cards"]
    assert card["notice"]["text"].startswith("2 rows can be used. satisfaction is no number")
    shown = table_read("opportunity")(Case(again.plan, again.workspace))
    assert "2 rows can be used, 1 row is left out." in shown.finding


def test_another_table_keeps_the_columns_that_it_has_too_and_asks_for_the_others(form, live, tmp_path):
    for wanted, found in (("respondent", "id"), ("need", "Bisogno"), ("importance", "imp"), ("satisfaction", "sat")):
        form.edit(f"/{form.name}/columns/{wanted}", found)
    form.edit(f"/{form.name}/reading/decimal", "comma")
    other = tmp_path / "second.csv"
    other.write_text("respondent,Bisogno,importance,satisfaction\nr1,a,9.5,3.5\n")
    form.bring_in(str(other))
    assert (form.study.columns, form.study.reading) == (("need=Bisogno",), ())
    assert not any("error" in field for field in fields(form).values())
    assert Case(live.plan, live.workspace).answers("opportunity").rows["importance"].tolist() == [9.5]
    live.undo()
    assert (len(form.study.columns), form.study.reading) == (4, ("--decimal comma",))


def test_a_page_calls_a_table_as_the_person_did_and_says_nothing_of_the_command(form, live):
    (card,) = form.content()["cards"]
    assert card["summary"] == "survey.csv"
    assert fields(form)["file"]["choices"][1]["label"] == "survey.csv"
    said = drawn(opportunity_scores, Case(live.plan, live.workspace)).finding
    assert said.startswith("survey.csv has no column")
    assert said.endswith("Answer in the form of the table.")
    assert "--column" not in said


def test_two_tables_of_one_name_are_told_apart(form, tmp_path):
    again = tmp_path / "later" / "survey.csv"
    again.parent.mkdir()
    again.write_text(TABLE + "r4;b;7;2;z\n")
    form.bring_in(str(again))
    labels = [choice["label"] for choice in fields(form)["file"]["choices"][1:]]
    assert len(set(labels)) == 2


def test_a_column_chosen_anew_replaces_the_one_before(form):
    form.edit(f"/{form.name}/columns/need", "note")
    form.edit(f"/{form.name}/columns/need", "Bisogno")
    assert form.study.columns == ("need=Bisogno",)
    form.edit(f"/{form.name}/columns/need", "")
    assert form.study.columns == ()


def test_a_cell_that_can_be_read_in_two_ways_is_a_field_until_it_is_settled(live, tmp_path):
    source = tmp_path / "survey.csv"
    source.write_text("respondent,need,importance,satisfaction\nr1,a,1.234,3\n")
    form = TableForm(live, analysis("opportunity"))
    form.bring_in(str(source))
    (card,) = form.content()["cards"]
    assert "row 2, column “importance”: “1.234”" in card["notice"]["text"]
    assert fields(form)["reading/decimal"]["choices"][1:] == [
        {"value": "comma", "label": "comma: 1234"},
        {"value": "point", "label": "point: 1.234"},
    ]
    assert form.edit(f"/{form.name}/reading/decimal", "point")
    assert form.study.reading == ("--decimal point",)
    assert "error" not in fields(form)["reading/decimal"]
    assert form.content()["cards"][0]["notice"]["text"].startswith("1 row can be used")


@pytest.mark.parametrize("path", ["/table-opportunity/else/x", "/x", "/table-opportunity/reading/else"])
def test_what_no_field_posts_changes_nothing(form, path, live):
    before = live.revision
    form.edit(path, "anything")
    assert live.revision == before
