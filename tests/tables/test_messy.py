"""Messy tables: each is read right, or asked about in a sentence that names the cell. Nothing is guessed.

Every table goes through both ways of reading: cell by cell, and through DuckDB as large ones do.
"""

import datetime

import pytest

from workbook.errors import TableError, TableQuestion
from workbook.tables import Reading, TableColumn, contract, read_table

TEXT = TableColumn("name", "who")
NUMBER = TableColumn("x", "a number", "number")
WHOLE = TableColumn("x", "a whole number", "integer")
SHARE = TableColumn("x", "a share", "number", 0, 1)
DAY = TableColumn("x", "a day", "date")
FLAG = TableColumn("x", "yes or no", "flag")


@pytest.fixture(params=["cell by cell", "through DuckDB"])
def read(request, tmp_path, monkeypatch):
    if request.param == "through DuckDB":
        monkeypatch.setattr(contract, "LARGE", 0)

    def read(content, *columns, stored="utf-8", others=False, **answers):
        file = tmp_path / "table.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode(stored))
        return read_table(file, columns or (TEXT, NUMBER), others=others, reading=Reading(**answers))

    return read


def rows(*cells):
    """A table with a name and the cell under test in each row, parted by tabs."""
    return "name\tx\n" + "".join(f"r{i}\t{cell}\n" for i, cell in enumerate(cells))


def day(text):
    return datetime.datetime.fromisoformat(text)


RIGHT = {
    "decimal points": (NUMBER, ["0.5", "1.25", "-3"], [0.5, 1.25, -3.0]),
    "decimal commas": (NUMBER, ["0,5", "1,25", "-3"], [0.5, 1.25, -3.0]),
    "points part thousands": (NUMBER, ["1.234,56", "-2.000,1"], [1234.56, -2000.1]),
    "commas part thousands": (NUMBER, ["1,234.56", "1,234,567"], [1234.56, 1234567.0]),
    "one cell settles the others": (NUMBER, ["1.234", "0,5", "12.000"], [1234.0, 0.5, 12000.0]),
    "one cell settles them the other way": (NUMBER, ["1.234", "0.5", "12.000"], [1.234, 0.5, 12.0]),
    "a share cannot be a thousand": (SHARE, ["0", "1.000"], [0.0, 1.0]),
    "a count cannot have decimals": (WHOLE, ["1.234", "7"], [1234.0, 7.0]),
    "apostrophes part thousands": (NUMBER, ["1'234", "1’234’567.5"], [1234.0, 1234567.5]),
    "spaces part thousands": (NUMBER, ["1 234", "1\u00a0234,5", "12\u202f345"], [1234.0, 1234.5, 12345.0]),
    "lakhs": (NUMBER, ["12,34,567.5"], [1234567.5]),
    "scientific": (NUMBER, ["1e3", "2.5E-2"], [1000.0, 0.025]),
    "signs": (NUMBER, ["+5", "−5", "(5.5)"], [5.0, -5.0, -5.5]),
    "per cent": (NUMBER, ["50%", "12,5 %", "0"], [0.5, 0.125, 0.0]),
    "one currency": (NUMBER, ["€ 10", "1.234,50 €", "EUR 5", "-3 €"], [10.0, 1234.5, 5.0, -3.0]),
    "Arabic digits": (NUMBER, ["١٢", "٣٫٥", "١٬٢٣٤"], [12.0, 3.5, 1234.0]),
    "digits of full width": (NUMBER, ["１２", "３．５"], [12.0, 3.5]),
    "ISO days": (DAY, ["2027-01-05", "2028-02-29", "2027/3/4"], ["2027-01-05", "2028-02-29", "2027-03-04"]),
    "ISO times": (DAY, ["2027-01-05T23:59:00Z", "2027-01-05 10:30"], ["2027-01-05", "2027-01-05"]),
    "days without marks": (DAY, ["19970101"], ["1997-01-01"]),
    "day first by another cell": (DAY, ["03/04/2027", "25/04/2027"], ["2027-04-03", "2027-04-25"]),
    "month first by another cell": (DAY, ["03/04/2027", "04/25/2027"], ["2027-03-04", "2027-04-25"]),
    "the same day either way": (DAY, ["05/05/2027"], ["2027-05-05"]),
    "29 February": (DAY, ["29/02/2028"], ["2028-02-29"]),
    "months in words": (
        DAY,
        ["14 May 2027", "3 maggio 2027", "May 4, 2027"],
        ["2027-05-14", "2027-05-03", "2027-05-04"],
    ),
    "yes and no": (FLAG, ["yes", "No", "TRUE", "sì", "0", "1", "falso"], [1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0]),
    "formulas stay text": (
        TableColumn("x", "a text"),
        ["=1+1", "@SUM(A1)", "+39 02", "-"],
        ["=1+1", "@SUM(A1)", "+39 02", "-"],
    ),
    "any script": (
        TableColumn("x", "a text"),
        ["مرحبا", "你好", "👩‍👩‍👧 ok", "-3"],
        ["مرحبا", "你好", "👩‍👩‍👧 ok", "-3"],
    ),
    "numbers as text": (TableColumn("x", "a text"), ["007", "1.0", "1e3"], ["007", "1.0", "1e3"]),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_has_one_reading_is_read_right(read, case):
    column, cells, expected = RIGHT[case]
    got = read(rows(*cells), TEXT, column).rows["x"]
    if column.kind == "date":
        expected = [day(one) for one in expected]
        got = got.dt.to_pydatetime()
    assert list(got) == expected


ASKED = {
    "thousand or one and a bit": (
        NUMBER,
        ["7", "1.234"],
        {"decimal": "comma"},
        [7.0, 1234.0],
        "--decimal point → 1.234",
    ),
    "the same with a comma": (NUMBER, ["7", "1,234"], {"decimal": "point"}, [7.0, 1234.0], "--decimal comma → 1.234"),
    "both marks in one column": (
        NUMBER,
        ["0.5", "0,5", "1.234"],
        {"decimal": "point"},
        [0.5, 0.5, 1.234],
        "--decimal comma → 1234",
    ),
    "day or month first": (
        DAY,
        ["2027-01-02", "03/04/2027"],
        {"dates": "day-first"},
        ["2027-01-02", "2027-04-03"],
        "3 April",
    ),
    "day and month first": (
        DAY,
        ["25/04/2027", "04/25/2027", "03/04/2027"],
        {"dates": "day-first"},
        ["2027-04-25", "2027-04-03"],
        "4 March",
    ),
    "two digits": (DAY, ["2027-01-02", "25-apr-27"], {"century": "2000"}, ["2027-01-02", "2027-04-25"], "1927"),
    "two digits in front or behind": (
        DAY,
        ["25/04/27"],
        {"century": "2000", "dates": "day-first"},
        ["2027-04-25"],
        "--century 1900",
    ),
    "currencies": (NUMBER, ["€ 5", "$5"], {"currency": "EUR"}, [5.0], "--currency EUR"),
    "some with a currency": (NUMBER, ["5 €", "6"], {"currency": "EUR"}, [5.0, 6.0], "--currency EUR"),
    "some in per cent": (NUMBER, ["5", "50%"], {"percent": "plain"}, [5.0, 50.0], "--percent fraction → 0.5"),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_has_two_readings_is_asked_about_and_the_answer_settles_it(read, case):
    column, cells, answers, expected, offered = ASKED[case]
    content = rows(*cells)
    with pytest.raises(TableQuestion) as asked:
        read(content, TEXT, column)
    sentence = str(asked.value)
    row = int(asked.value.values["row"])
    cell = content.splitlines()[row - 1].split("\t")[1]
    assert f"row {row}, column “x”: “{cell}”" in sentence
    assert offered in sentence
    got = read(content, TEXT, column, **answers).rows["x"]
    assert list(got) == ([day(one) for one in expected] if column.kind == "date" else expected)


LEFT_OUT = {
    "words": (NUMBER, "nine", "x is no number (first: “nine” in row 3)"),
    "inf": (NUMBER, "inf", "x is no number (first: “inf” in row 3)"),
    "NaN": (NUMBER, "NaN", "x left empty"),
    "too large": (NUMBER, "1e309", "x is no number (first: “1e309” in row 3)"),
    "a formula": (NUMBER, "=1+1", "x is no number (first: “=1+1” in row 3)"),
    "half": (NUMBER, "½", "x is no number (first: “½” in row 3)"),
    "squared": (NUMBER, "10²", "x is no number (first: “10²” in row 3)"),
    "Chinese numerals": (NUMBER, "三", "x is no number (first: “三” in row 3)"),
    "a price as the Swiss write it": (NUMBER, "5.-", "x is no number (first: “5.-” in row 3)"),
    "negative": (TableColumn("x", "a budget", "money", 0), "-3", "x is below 0 (first: “-3” in row 3)"),
    "too many": (TableColumn("x", "a rank", "number", None, 5), "7.5", "x is above 5 (first: “7.5” in row 3)"),
    "no such day": (DAY, "29/02/2027", "x is no day of the calendar (first: “29/02/2027” in row 3)"),
    "no such ISO day": (DAY, "2027-02-29", "x is no day of the calendar (first: “2027-02-29” in row 3)"),
    "no date": (DAY, "soon", "x is no date (first: “soon” in row 3)"),
    "a half": (WHOLE, "2.5", "x is no whole number (first: “2.5” in row 3)"),
    "neither": (FLAG, "maybe", "x is neither yes nor no (first: “maybe” in row 3)"),
    "turned round": (NUMBER, "\u202e12x", "x is no number (first: “\\u202e12x” in row 3)"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_has_no_reading_is_left_out_under_a_reason_that_names_it(read, case):
    column, cell, reason = LEFT_OUT[case]
    good = {"date": "2027-01-01"}.get(column.kind, "1")
    checked = read(rows(good, cell, good), TEXT, column)
    assert checked.excluded == {reason: 1}
    assert list(checked.rows["name"]) == ["r0", "r2"]


def test_an_optional_cell_may_be_empty_but_not_wrong(read):
    optional = TableColumn("x", "a number", "number", required=False)
    checked = read(rows("1", "", "n/a", "nine"), TEXT, optional)
    assert checked.rows["x"].isna().tolist() == [False, True, True]
    assert checked.excluded == {"x is no number (first: “nine” in row 5)": 1}


WORDS = "name;x\nperché;1,5\nCittà di Prato – “sì”;€ 2,25\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_right_however_they_are_stored(read, encoding):
    checked = read(WORDS.replace("€ ", ""), stored=encoding)
    assert list(checked.rows["name"]) == ["perché", "Città di Prato – “sì”"]
    assert list(checked.rows["x"]) == [1.5, 2.25]


def test_utf_16_without_a_mark_is_known_by_its_bytes(read):
    assert list(read(WORDS.replace("€ ", ""), stored="utf-16-le").rows["x"]) == [1.5, 2.25]


def test_signs_that_western_texts_use_raise_no_question(read):
    texts = ["„Zitat“ – m² und m³", "•punto", "Nº 5, 1ª", "œuvre à l’été", "Straße §5", "¿Qué?", "5 ± 1 ½"]
    checked = read("name\tx\n" + "".join(f"{text}\t1\n" for text in texts), stored="cp1252")
    assert list(checked.rows["name"]) == texts


@pytest.mark.parametrize(("encoding", "text"), [("mac-roman", "caffè e tè"), ("cp1251", "привет"), ("cp850", "caffè")])
def test_letters_that_make_no_words_are_asked_about_and_the_answer_is_used(read, encoding, text):
    content = f"name,x\nplain,1\n{text},2\n"
    with pytest.raises(TableQuestion, match="row 3") as asked:
        read(content, stored=encoding)
    assert f"--encoding {encoding}" in dict(asked.value.choices)
    answered = read(content.encode(encoding), encoding=encoding)
    assert list(answered.rows["name"]) == ["plain", text]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_mark_that_parts_the_header_parts_the_columns(read, separator):
    content = f'name{separator}x\n"a, b; c | d"{separator}1\n'
    assert read(content).rows.iloc[0].to_dict() == {"name": "a, b; c | d", "x": 1.0}


def test_a_declared_separator_is_believed(read):
    checked = read("sep=;\nname;x\na,b;1\nc;nine\n")
    assert list(checked.rows["name"]) == ["a,b"]
    assert checked.excluded == {"x is no number (first: “nine” in row 4)": 1}


def test_two_marks_that_both_part_the_columns_are_asked_about(read):
    content = "a;b,c;d\n1;2,3;4\n"
    with pytest.raises(TableQuestion, match="--separator comma → a;b, c;d"):
        read(content, TableColumn("q", "what"))


def test_a_table_of_one_column_may_hold_any_mark(read):
    checked = read('text\n"Good, but slow; really"\nFine, thanks\n', TableColumn("text", "what they say"))
    assert list(checked.rows["text"]) == ["Good, but slow; really", "Fine, thanks"]


@pytest.mark.parametrize("content", ["name,x\na,1\nb,1,5\n", "name,x\na,1\nb\n"])
def test_a_row_of_another_length_is_named(read, content):
    with pytest.raises(TableError, match="row 3 has"):
        read(content)


def test_a_column_there_twice_is_asked_about_and_its_place_settles_it(read):
    content = "name,x,X\na,1,2\n"
    with pytest.raises(TableQuestion, match=r"more than one column “x”.*--column x=#3"):
        read(content)
    assert read(content, columns=(("x", "#3"),)).rows["x"].tolist() == [2.0]


def test_other_columns_are_numbers_where_every_filled_cell_is_one(read):
    checked = read('name,x,Price,Note,Gap\na,1,"€ 1,50",5 stars,3\nb,2,"€ 2,25",4,\n', others=True)
    assert checked.rows["price"].tolist() == [1.5, 2.25]
    assert checked.rows["note"].tolist() == ["5 stars", "4"]
    assert checked.rows["gap"].isna().tolist() == [False, True]


def test_rows_that_are_equal_stay_each_on_its_own(read):
    assert len(read("name,x\na,1\na,1\n").rows) == 2


def test_how_cells_were_read_is_kept(read):
    notes = read("name;importo\na;€ 1,5\nb;€ 2\n", columns=(("x", "importo"),)).notes
    assert "x is the table's column “importo”." in notes
    assert "In x a comma is the decimal mark." in notes
    assert "Amounts in x are in EUR." in notes
