"""A survey as it comes: what is missing is named, what cannot be used is left out and counted."""

import pytest

from workbook.analyses import ANALYSES, analysis
from workbook.errors import ParameterError, TableError
from workbook.tables import TableColumn, read_table

COLUMNS = (
    TableColumn("respondent", "who answered"),
    TableColumn("need", "the id of the need"),
    TableColumn("importance", "how important it is", "number", 1, 10),
    TableColumn("satisfaction", "how satisfied they are", "number", 1, 10),
    TableColumn("segment", "the segment", required=False),
)
HEAD = "respondent,need,importance,satisfaction\n"


def table(tmp_path, content, *, encoding="utf-8"):
    file = tmp_path / "survey.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def test_a_missing_column_is_named_with_its_meaning_and_what_the_table_has(tmp_path):
    file = table(tmp_path, "respondent,need,importnace,satisfaction\nr1,a,9,3\n")
    with pytest.raises(TableError, match=r"survey.csv has no column “importance”.*importnace.*how important it is"):
        read_table(file, COLUMNS)


def test_answers_outside_the_scale_empty_or_no_number_are_left_out_and_counted(tmp_path):
    rows = "r1,a,9,3\nr2,a,11,3\nr3,a,-1,3\nr4,a,,3\nr5,a,nine,3\nr6,a,8,NaN\nr7,a,1e309,2\nr8,a,7,inf\nr9,,5,5\n"
    checked = read_table(table(tmp_path, HEAD + rows), COLUMNS)
    assert list(checked.rows["respondent"]) == ["r1"]
    assert checked.excluded == {
        "need left empty": 1,
        "importance is above 10 (first: “11” in row 3)": 1,
        "importance is below 1 (first: “-1” in row 4)": 1,
        "importance left empty": 1,
        "importance is no number (first: “nine” in row 6)": 2,
        "satisfaction left empty": 1,
        "satisfaction is no number (first: “inf” in row 9)": 1,
    }


@pytest.mark.parametrize("content", ["", HEAD, HEAD + "r1,a,99,99\n"])
def test_a_table_without_a_usable_row_is_refused(tmp_path, content):
    with pytest.raises(TableError):
        read_table(table(tmp_path, content), COLUMNS)


@pytest.mark.parametrize("content", [b"\x00\xff\xfe\x01", b"PK\x03\x04\x00\x00", b'"a,b\n"c'])
def test_what_is_no_table_is_said_plainly(tmp_path, content):
    with pytest.raises(TableError, match=r"survey\.csv"):
        read_table(table(tmp_path, content), COLUMNS)


def test_a_missing_file_is_said_plainly(tmp_path):
    with pytest.raises(TableError, match="cannot be read"):
        read_table(tmp_path / "survey.csv", COLUMNS)


def test_a_byte_order_mark_capitals_and_spaces_do_no_harm(tmp_path):
    checked = read_table(
        table(tmp_path, " Respondent , NEED,Importance,satisfaction\nr1, a ,9, 3\n", encoding="utf-8-sig"), COLUMNS
    )
    assert checked.rows.iloc[0].to_dict() == {"respondent": "r1", "need": "a", "importance": 9, "satisfaction": 3}


def test_fewer_than_thirty_answers_come_with_a_warning_that_counts_them(tmp_path):
    checked = read_table(table(tmp_path, HEAD + "".join(f"r{i},a,9,3\n" for i in range(12))), COLUMNS)
    result = analysis("opportunity").function(checked.rows)
    assert result.n == 12
    assert len(result.warnings) == 1
    assert "30 answers" in result.warnings[0]
    assert result.warnings[0].endswith(": a.")


def test_every_analysis_of_the_registry_can_be_loaded():
    assert all(callable(entry.function) for entry in ANALYSES)


def test_an_unknown_analysis_is_refused_with_the_nearest():
    with pytest.raises(ParameterError, match="opportunity"):
        analysis("oportunity")
