"""Spreadsheets: read with their types, and refused before they are parsed when they are larger than they have reason to be."""

import json
import os
import struct
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from workbook.errors import TableError, TableQuestion
from workbook.tables import Reading, TableColumn, read_table

ROOT = Path(__file__).parents[2]
COLUMNS = (TableColumn("name", "who"), TableColumn("x", "a number", "number"))
HEAD = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def written(file, *sheets):
    """An XLSX file with sheets of (name, rows); a day is written as one."""
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell, days)
                    elif isinstance(cell, bool):
                        sheet.write_boolean(at, column, cell)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return file


def forged(file, parts, *, mode=zipfile.ZIP_DEFLATED):
    """An archive with these parts, which may be texts or lists of pieces."""
    with zipfile.ZipFile(file, "w", mode) as archive:
        for name, held in parts.items():
            with archive.open(name, "w", force_zip64=False) as stream:
                for piece in [held] if isinstance(held, str) else held:
                    stream.write(piece.encode())
    return file


def sheet(*pieces):
    return [HEAD, "<sheetData>", *pieces, "</sheetData></worksheet>"]


def test_typed_cells_need_no_question(tmp_path):
    rows = [["name", "x", "day", "sure"], ["a", 1.234, date(2027, 4, 3), True], ["b", "1,5", "2027-05-01", "no"]]
    columns = (*COLUMNS, TableColumn("day", "when", "date"), TableColumn("sure", "sure or not", "flag"))
    checked = read_table(written(tmp_path / "t.xlsx", ("S", rows)), columns)
    assert checked.rows["x"].tolist() == [1.234, 1.5]
    assert [str(day.date()) for day in checked.rows["day"]] == ["2027-04-03", "2027-05-01"]
    assert checked.rows["sure"].tolist() == [1.0, 0.0]


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    rows = [["name", "x"], ["=1+1", 1], ["007", 2], [12, 3], [12.5, 4]]
    checked = read_table(written(tmp_path / "t.xlsx", ("S", rows)), COLUMNS)
    assert checked.rows["name"].tolist() == ["=1+1", "007", "12", "12.5"]


def test_rows_are_counted_as_on_the_screen(tmp_path):
    rows = [[], [None, "name", "x"], [None, "a", 1], [], [None, "b", "nine"]]
    checked = read_table(written(tmp_path / "t.xlsx", ("S", rows)), COLUMNS)
    assert checked.excluded == {"x is no number (first: “nine” in row 5)": 1}


def test_the_sheet_with_the_columns_is_found_among_others(tmp_path):
    file = written(tmp_path / "t.xlsx", ("Notes", [["hello"]]), ("Data", [["name", "x"], ["a", 1]]), ("Empty", []))
    checked = read_table(file, COLUMNS)
    assert checked.rows["x"].tolist() == [1.0]
    assert "From the sheet “Data”." in checked.notes


def test_two_sheets_with_the_columns_are_asked_about(tmp_path):
    file = written(tmp_path / "t.xlsx", ("2026", [["name", "x"], ["a", 1]]), ("2027", [["name", "x"], ["a", 2]]))
    with pytest.raises(TableQuestion, match='--sheet "2026" → name, x; --sheet "2027"'):
        read_table(file, COLUMNS)
    assert read_table(file, COLUMNS, reading=Reading(sheet="2027")).rows["x"].tolist() == [2.0]
    with pytest.raises(TableError, match="It has: 2026, 2027"):
        read_table(file, COLUMNS, reading=Reading(sheet="2028"))


def test_fifty_thousand_rows_are_read(tmp_path):
    rows = [["name", "x"], *([f"r{i}", i / 2] for i in range(50_000))]
    assert len(read_table(written(tmp_path / "t.xlsx", ("S", rows)), COLUMNS).rows) == 50_000


def million_rows(file):
    row = "<row><c><v>1</v></c></row>"
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet(*[row * 10_000] * 100)})


def million_rows_in_another_prefix(file):
    row = "<x:row><x:c><x:v>1</x:v></x:c></x:row>"
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet(*[row * 10_000] * 100)})


def zip_bomb(file):
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/media/image.png": ["0" * (1 << 20)] * 1_000})


def wide_and_deep(file):
    rows = [f'<row r="{r}">' + f'<c r="AB{r}" t="n"><v>1.5</v></c>' * 50 + "</row>" for r in range(1, 1_000)]
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet(*["".join(rows)] * 100)})


def bomb_that_lies_about_its_size(file):
    forged(file, {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet(*[" " * (1 << 20)] * 400)})
    content = bytearray(file.read_bytes())
    listed = content.rindex(b"PK\x01\x02")
    content[listed + 24 : listed + 28] = struct.pack("<I", 1_000)
    file.write_bytes(content)
    return file


def one_cell_far_away(file):
    row = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet(row)})


def one_cell_far_away_under_another_name(file):
    row = "<row r='1'><c r = 'ZZ200000'><v>1</v></c></row>"
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/strange.xml": sheet(row)})


def entity_bomb(file):
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    text = f'<?xml version="1.0"?><!DOCTYPE sst [{entities}]><sst><si><t>&j;</t></si></sst>'
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": text})


def entity_bomb_in_utf_16(file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", '<!DOCTYPE sst [<!ENTITY a "ha">]><sst/>'.encode("utf-16"))
    return file


def one_long_text_a_thousand_times(file):
    texts = ["<sst><si><t>", *["x" * (1 << 20)] * 2, "</t></si></sst>"]
    row = '<row><c t="s"><v>0</v></c></row>'
    parts = {
        "xl/workbook.xml": "<workbook/>",
        "xl/sharedStrings.xml": texts,
        "xl/worksheets/sheet1.xml": sheet(row * 1_000),
    }
    return forged(file, parts)


def ten_thousand_parts(file):
    return forged(file, {f"xl/{i}.xml": "" for i in range(10_000)}, mode=zipfile.ZIP_STORED)


def old_excel(file):
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000)
    return file


def macros(file):
    return forged(file, {"xl/workbook.xml": "<workbook/>", "xl/vbaProject.bin": "x"})


def macros_by_name(file):
    return written(file.with_suffix(".xlsm"), ("S", [["name", "x"], ["a", 1]]))


def too_many_bytes(file):
    file.write_bytes(b"PK\x03\x04")
    os.truncate(file, 201_000_000)
    return file


def a_document(file):
    return forged(file, {"word/document.xml": "<document/>"})


def cut_short(file):
    content = written(file, ("S", [["name", "x"], ["a", 1]])).read_bytes()
    file.write_bytes(content[: len(content) // 2])
    return file


def one_line_of_two_gigabytes(file):
    file.write_bytes(b"a" * 2_000_000)
    os.truncate(file, 2 << 30)
    return file


def a_header_and_one_line_of_two_gigabytes(file):
    file.write_bytes(b"name,x\n" + b"a" * 8_000_000)
    os.truncate(file, 2 << 30)
    return file


def a_quoted_cell_of_many_lines(file):
    with file.open("wb") as stream:
        stream.write(b'name,x\n"')
        for _megabyte in range(300):
            stream.write((b"a" * 99 + b"\n") * 10_000)
    return file


REFUSED = {
    million_rows: "250,000 rows",
    million_rows_in_another_prefix: "250,000 rows",
    zip_bomb: "100 MB when unpacked",
    wide_and_deep: "100 MB when unpacked",
    bomb_that_lies_about_its_size: "100 MB when unpacked",
    one_cell_far_away: "250,000 rows",
    one_cell_far_away_under_another_name: "3,000,000 cells",
    entity_bomb: "is no XLSX",
    entity_bomb_in_utf_16: "is no XLSX",
    one_long_text_a_thousand_times: "100 MB of text",
    ten_thousand_parts: "5,000 parts",
    old_excel: "old format of Excel",
    macros: "macros",
    macros_by_name: "macros",
    too_many_bytes: "200 MB",
    a_document: "is no XLSX",
    cut_short: "is no XLSX",
    one_line_of_two_gigabytes: "more than 1,000,000 characters",
    a_header_and_one_line_of_two_gigabytes: "more than 1,000,000 characters",
    a_quoted_cell_of_many_lines: "quotation mark",
}

PROGRAM = """
import json, re, sys, time
from pathlib import Path
from workbook.errors import TableError
from workbook.tables import TableColumn, read_table
start = time.process_time()
try:
    read_table(Path(sys.argv[1]), (TableColumn("name", "who"), TableColumn("x", "a number", "number")))
    said = ""
except TableError as refused:
    said = str(refused)
seconds = time.process_time() - start
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([said, seconds, peak]))
"""


@pytest.mark.faults
@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_what_would_fill_the_machine_is_refused_within_two_seconds_and_200_mib(make, tmp_path):
    file = make(tmp_path / "table.xlsx")
    asked = subprocess.run(
        [sys.executable, "-c", PROGRAM, file], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    said, seconds, mebibytes = json.loads(asked.stdout)
    print(f"{make.__name__}: {seconds:.2f} s, {mebibytes:.0f} MiB")
    assert REFUSED[make] in said
    assert file.name in said
    assert seconds < 2
    assert mebibytes < 200
