"""Large tables and Parquet: the same rows as read cell by cell, typed columns as they are, reduced where a method allows."""

import datetime

import duckdb
import pytest

from workbook.errors import TableError, TableQuestion
from workbook.tables import Reading, TableColumn, contract, read_table

PURCHASES = (
    TableColumn("customer", "who bought"),
    TableColumn("date", "when", "date"),
    TableColumn("amount", "what was paid", "money", 0),
)


def parquet(file, select):
    duckdb.sql(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
    return file


def test_typed_columns_of_parquet_need_no_question(tmp_path):
    file = parquet(
        tmp_path / "p.parquet",
        "SELECT 7 AS customer, DATE '2027-04-03' AS date, 1.234::DOUBLE AS amount "
        "UNION ALL SELECT 8, DATE '2028-02-29', 1234.5",
    )
    checked = read_table(file, PURCHASES)
    assert checked.rows["customer"].tolist() == ["7", "8"]
    assert [day.date() for day in checked.rows["date"]] == [datetime.date(2027, 4, 3), datetime.date(2028, 2, 29)]
    assert checked.rows["amount"].tolist() == [1.234, 1234.5]


def test_what_parquet_holds_beside_numbers_is_left_out_by_reason(tmp_path):
    file = parquet(
        tmp_path / "p.parquet",
        "SELECT * FROM (VALUES ('a', TIMESTAMP '2027-01-01 10:00', 5.0::DOUBLE), ('b', NULL, 5), "
        "('c', TIMESTAMP '2027-01-02', 'nan'), ('d', TIMESTAMP '2027-01-02', 'inf'), "
        "('e', TIMESTAMP '2027-01-02', -1)) AS t(customer, date, amount)",
    )
    checked = read_table(file, PURCHASES)
    assert checked.rows["customer"].tolist() == ["a"]
    assert checked.rows["date"].iloc[0] == datetime.datetime(2027, 1, 1)
    assert checked.excluded == {
        "date left empty": 1,
        "amount left empty": 1,
        "amount is no number (first: “inf” in row 5)": 1,
        "amount is below 0 (first: “-1” in row 6)": 1,
    }


def test_text_in_parquet_is_read_like_text_in_csv(tmp_path):
    file = parquet(
        tmp_path / "p.parquet", "SELECT 'a' AS customer, '03/04/2027' AS date, '1.234,5 €' AS amount, 'x' AS more"
    )
    with pytest.raises(TableQuestion, match="row 2, column “date”: “03/04/2027”"):
        read_table(file, PURCHASES)
    checked = read_table(file, PURCHASES, others=True, reading=Reading(dates="day-first"))
    assert checked.rows.iloc[0].to_dict() == {
        "customer": "a",
        "date": datetime.datetime(2027, 4, 3),
        "amount": 1234.5,
        "more": "x",
    }


def test_a_damaged_parquet_is_refused(tmp_path):
    file = parquet(tmp_path / "p.parquet", "SELECT 'a' AS customer")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(TableError, match=r"p\.parquet is damaged"):
        read_table(file, PURCHASES)


def test_a_large_table_is_reduced_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(contract, "LARGE", 0)
    file = tmp_path / "it's [1] *.csv"
    file.write_text("Customer;date;amount\na;2027-01-01;1,5\na;2027-01-01;2\nb;2027-01-02;nine\n")

    def by_day(purchases):
        return purchases.aggregate("customer, date, sum(amount) AS amount").df()

    checked = read_table(file, PURCHASES, reduced=by_day)
    assert checked.rows.to_dict("records") == [{"customer": "a", "date": datetime.datetime(2027, 1, 1), "amount": 3.5}]
    assert checked.excluded == {"amount is no number (first: “nine” in row 4)": 1}


def test_both_ways_of_reading_give_the_same(tmp_path, monkeypatch):
    lines = [f"c{i % 700};{1 + i % 28:02}/0{1 + i % 9}/2027;{i % 997},{i % 100:02}" for i in range(5_000)]
    lines[30], lines[40], lines[50] = "c1;31/02/2027;1,5", "c2;01/01/2027;", "c3;01/01/2027;-2,5"
    file = tmp_path / "t.csv"
    file.write_text("customer;date;amount\n" + "\n".join(lines) + "\n")
    small = read_table(file, PURCHASES)
    monkeypatch.setattr(contract, "LARGE", 0)
    large = read_table(file, PURCHASES)
    assert small.rows.equals(large.rows)
    assert small.excluded == large.excluded
    assert small.notes == large.notes


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "customer,date,amount\na,2027-01-01,1,5\n", ""])
def test_a_large_table_that_is_none_is_refused(tmp_path, monkeypatch, content):
    monkeypatch.setattr(contract, "LARGE", -1)
    file = tmp_path / "t.csv"
    file.write_text(content)
    with pytest.raises(TableError, match=r"t\.csv"):
        read_table(file, PURCHASES)


def test_more_different_odd_cells_than_fit_are_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(contract, "LARGE", 0)
    monkeypatch.setattr("workbook.tables.large.MOST_DIFFERENT", 10)
    file = tmp_path / "t.csv"
    file.write_text("customer;date;amount\n" + "".join(f"c;2027-01-01;{i},5\n" for i in range(20)))
    with pytest.raises(TableError, match=r"column “amount” has more than 10"):
        read_table(file, PURCHASES)


def test_more_rows_than_fit_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("workbook.tables.large.MOST_ROWS", 2)
    file = parquet(
        tmp_path / "p.parquet", "SELECT 'a' AS customer, DATE '2027-01-01' AS date, 1 AS amount FROM range(3)"
    )
    with pytest.raises(TableError, match="more rows than"):
        read_table(file, PURCHASES)
    assert len(read_table(file, PURCHASES, reduced=lambda rows: rows.limit(1).df()).rows) == 1
