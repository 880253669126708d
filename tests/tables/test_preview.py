"""The head of a table, whatever it is stored as, with a suggestion for each column asked for."""

import duckdb
import pytest
import xlsxwriter

from workbook.analyses import analysis
from workbook.errors import TableQuestion
from workbook.tables import Reading, preview

NEEDS = analysis("opportunity").columns[:4]


def csv(file):
    file.write_text("id;Bisogno;imp;satisfaction\n" + "".join(f"r{i};a;{i % 10},5;3\n" for i in range(9_000)))
    return file


def xlsx(file):
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Notes").write(0, 0, "hello")
        sheet = book.add_worksheet("Data")
        for at, row in enumerate([["id", "Bisogno", "imp", "satisfaction"], ["r0", "a", 0.5, 3], ["r1", "a", 1.5, 3]]):
            sheet.write_row(at, 0, row)
    return file


def parquet(file):
    duckdb.sql(
        "COPY (SELECT 'r' || i AS id, 'a' AS \"Bisogno\", i + 0.5 AS imp, 3 AS satisfaction FROM range(3) t(i)) "
        f"TO '{file}' (FORMAT parquet)"
    )
    return file


@pytest.mark.parametrize("make", [csv, xlsx, parquet], ids=lambda make: make.__name__)
def test_names_first_cells_and_suggestions_are_shown(make, tmp_path):
    file = make(tmp_path / "table")
    reading = Reading(sheet="Data") if make is xlsx else Reading()
    shown = preview(file, NEEDS, reading)
    assert shown.header == ("id", "Bisogno", "imp", "satisfaction")
    assert shown.samples[0][:2] == ("r0", "r1")
    assert shown.samples[3] == ("3",)
    assert [match.found for match in shown.matches] == [None, None, None, 3]
    assert [match.candidates[0] for match in shown.matches[:3]] == [0, 1, 2]


def test_what_was_chosen_is_found(tmp_path):
    shown = preview(csv(tmp_path / "t"), NEEDS, Reading.of(columns=["importance=imp", "need=#2"]))
    assert [match.found for match in shown.matches] == [None, 1, 2, 3]


def test_a_table_that_leaves_open_how_to_read_it_asks_first(tmp_path):
    with pytest.raises(TableQuestion, match="more than one sheet"):
        preview(xlsx(tmp_path / "t"), NEEDS)
