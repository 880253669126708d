"""The report on paper: title, language and outline are in the file, and what people type is printed as it stands."""

import re
import subprocess

import pytest
from exhibit_samples import nothing_yet
from nbformat.v4 import new_markdown_cell, new_notebook
from report_samples import HOSTILE, PLAN, awkward_notebook, sample_notebook, shown

from workbook.exhibits.exhibit import MIME, Exhibit
from workbook.language import speaking
from workbook.reports.document import visible
from workbook.reports.pdf import _open_chapters, _tables, pdf_report


def outline(pdf):
    """Return the titles of the outline, in the order of the file."""
    # Brackets in a string of a PDF stand as they are where they are pairs.
    inner = rb"(?:\\.|[^()\\]"
    nested = inner + rb"|\(" + inner + rb"|\(" + inner + rb")*\))*\))*"
    found = re.findall(rb"/Title(?:<([0-9A-F]+)>|\((" + nested + rb")\))", pdf, re.DOTALL)
    return [bytes.fromhex(code.decode()).decode("utf-16") if code else _unescaped(text) for code, text in found]


def _unescaped(text):
    octal = re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8)]), text)
    return re.sub(rb"\\(.)", rb"\1", octal.replace(b"\\n", b"\n").replace(b"\\t", b"\t")).decode("latin-1")


def test_title_language_outline_and_tags_are_in_the_file():
    with speaking("it"):
        pdf = pdf_report(sample_notebook(), PLAN.__class__(PLAN.title, "it"))
    assert pdf.startswith(b"%PDF")
    assert b"/Lang(it-IT)" in pdf
    assert b"/Marked true" in pdf
    titles = outline(pdf)
    assert "The split" in titles
    assert "LinkedIn and search take two thirds; events get nothing until they can have €25,000." in titles
    assert PLAN.title in titles


def test_every_picture_says_what_it_shows():
    assert pdf_report(sample_notebook(), PLAN).count(b"/Alt") >= 3


@pytest.mark.parametrize("texts", [HOSTILE[i::6] for i in range(6)])
def test_what_people_type_is_printed_as_it_stands(texts):
    titles = {" ".join(title.split()) for title in outline(pdf_report(awkward_notebook(texts), PLAN))}
    for text in texts:
        said = " ".join(visible(text).split())
        assert said[:3_000] in titles or len(said) > 3_000 or any(said[:200] in title for title in titles)


def test_a_report_with_nothing_in_it_is_a_page():
    assert pdf_report(new_notebook(cells=[]), PLAN).startswith(b"%PDF")
    assert pdf_report(new_notebook(cells=[new_markdown_cell("# A"), shown(nothing_yet())]), PLAN).startswith(b"%PDF")


@pytest.mark.slow
def test_its_words_can_be_read_back(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_report(sample_notebook(), PLAN))
    said = subprocess.run(
        ["pdftotext", "-layout", "a.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, timeout=60
    )
    words = " ".join(said.stdout.decode().split())
    for wanted in (
        "What proven means",
        "LinkedIn ads",
        "€41,000",
        "Limit that binds: total budget.",
        "3/3",
        "n = 1,184",
    ):
        assert wanted in words.replace("\u00a0", " ")


def paged(tmp_path, rows):
    """Return which of numbered rows stand on each page of a report with a table of them."""
    columns = [{"name": "n", "label": "Row", "kind": "text"}, {"name": "w", "label": "Words", "kind": "text"}]
    cells = [[f"row {n} of them", "some words"] for n in range(rows)]
    table = {"columns": columns, "rows": cells, "shown": cells}
    payload = {"version": 1, "name": "rows", "finding": "Rows.", "table": table}
    made = new_notebook(cells=[new_markdown_cell("# A"), shown(Exhibit("rows", "Rows."))])
    made.cells[-1].outputs[0]["data"][MIME] |= payload
    (tmp_path / "a.pdf").write_bytes(pdf_report(made, PLAN))
    said = subprocess.run(["pdftotext", "a.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    return [[int(n) for n in re.findall(r"row (\d+) of them", page)] for page in said.stdout.decode().split("\f")]


@pytest.mark.slow
@pytest.mark.parametrize("rows", range(24, 44))
def test_no_row_of_a_table_is_left_alone(tmp_path, rows):
    pages = paged(tmp_path, rows)
    assert [row for page in pages for row in page] == list(range(rows))
    assert min(len(page) for page in pages if page) >= 2


def test_chapters_begin_where_there_is_room_and_the_middle_one_of_a_long_report_on_a_page():
    def opened(chapters):
        parts = []
        for count in chapters:
            parts.append({"kind": "heading", "level": 1, "opens": ""})
            parts += [{"kind": "exhibit", "empty": False}] * count
        _open_chapters(parts)
        return [part["opens"] for part in parts if part["kind"] == "heading"]

    assert opened([2, 3, 9]) == ["", "room", "room"]
    assert opened([10, 10, 1, 10, 10, 10]) == ["room", "room", "", "page", "room", "room"]
    assert opened([]) == []


def test_a_table_too_wide_for_the_page_goes_on_below_with_what_tells_its_rows_apart():
    words = [{"label": label, "kind": "text"} for label in ("Measure", "Variant", "By the p-value", "By the chance")]
    figures = [{"label": f"Figure number {n}", "kind": "number"} for n in range(9)]
    rows = [["clicks", variant, "none is better", "open", *["12,345.6 %"] * 9] for variant in ("photo", "video")]
    parts = _tables({"columns": [*words, *figures], "shown": rows})
    assert len(parts) > 1
    assert [part["heads"][:2] for part in parts] == [["Measure", "Variant"]] * len(parts)
    told = [head for part in parts for head in part["heads"][2:]]
    assert told == [column["label"] for column in [*words, *figures]][2:]
    for part in parts:
        assert part["fit"]
        assert sum(part["widths"]) <= 471
    narrow = _tables({"columns": words, "shown": [row[:4] for row in rows]})
    assert [part["heads"] for part in narrow] == [[column["label"] for column in words]]
