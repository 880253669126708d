"""Columns under other names: suggested by synonym, spelling and content, and taken when somebody says so."""

import pytest

from workbook.analyses import analysis
from workbook.errors import ParameterError, TableError, TableQuestion
from workbook.tables import Reading, TableColumn, matches, read_table
from workbook.tables.cells import kinds_of

NEEDS = analysis("opportunity").columns


def test_capitals_spaces_hyphens_and_accents_make_no_other_name():
    columns = (TableColumn("too_cheap", ""), TableColumn("qualità", ""))
    assert [match.found for match in matches(["Qualita", "Too cheap"], columns)] == [1, 0]


@pytest.mark.parametrize(
    "header",
    [["ID", "Outcome", "Imp", "Sat"], ["Rispondente", "Bisogno", "Importanza", "Soddisfazione"]],
)
def test_names_in_english_and_italian_are_suggested_each_for_its_column(header):
    found = matches(header, NEEDS[:4])
    assert [match.found for match in found] == [None] * 4
    assert [match.candidates[0] for match in found] == [0, 1, 2, 3]


def test_a_column_of_the_wrong_kind_is_not_suggested():
    columns = (TableColumn("importance", "", "number"),)
    looks = {0: kinds_of(["high", "low"]), 1: kinds_of(["1", "2"])}
    assert matches(["importanza", "importnace"], columns, looks_like=looks)[0].candidates == (1,)


def test_the_refusal_offers_what_to_type_and_typing_it_works(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("id,outcome,imp,sat level\nr1,a,9,3\n")
    with pytest.raises(TableQuestion) as asked:
        read_table(file, NEEDS)
    options = '--column respondent=id --column need=outcome --column importance=imp --column satisfaction="sat level"'
    assert options in str(asked.value)
    reading = Reading.of(columns=["respondent=id", "need=outcome", "importance=imp", "satisfaction=sat level"])
    assert read_table(file, NEEDS, reading=reading).rows["satisfaction"].tolist() == [3.0]


def test_a_name_that_was_given_but_is_not_there_is_refused_with_the_nearest(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("respondent,need,imp,satisfaction\nr1,a,9,3\n")
    with pytest.raises(TableError, match=r"no column “impo” for importance.*imp"):
        read_table(file, NEEDS, reading=Reading.of(columns=["importance=impo"]))


@pytest.mark.parametrize(
    ("cells", "kind"), [(["1,5"], "number"), (["3"], "integer"), (["sì"], "flag"), (["1/2/27"], "date")]
)
def test_what_a_column_could_be_is_seen_from_its_cells(cells, kind):
    assert kind in kinds_of(cells)
    assert kind not in kinds_of(["words", *cells])


def test_answers_are_read_as_typed_on_the_command():
    reading = Reading.of(["--decimal comma", "--sheet 'Answers 2027'", "dates=day-first"], ["importance=imp"])
    assert reading == Reading("comma", "day-first", sheet="Answers 2027", columns=(("importance", "imp"),))
    assert Reading.of(reading.options, ["importance=imp"]) == reading


@pytest.mark.parametrize("line", ["--decimal", "--decimal dot", "--decimals comma", "", "'"])
def test_an_answer_that_says_nothing_is_refused(line):
    with pytest.raises(ParameterError):
        Reading.of([line])


@pytest.mark.parametrize("line", ["importance", "=imp", "importance="])
def test_a_pair_that_is_none_is_refused(line):
    with pytest.raises(ParameterError, match="importance=imp"):
        Reading.of(columns=[line])
