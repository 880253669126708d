"""The spreadsheet: figures that calculate, sheets that Excel takes, and nothing typed that becomes a formula."""

import re
import subprocess
import zipfile
from dataclasses import replace
from functools import reduce
from io import BytesIO
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell, new_notebook
from python_calamine import CalamineWorkbook
from report_samples import HOSTILE, PLAN, awkward_notebook, sample_notebook, shown

from workbook import exhibits
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import LANGUAGES, speaking
from workbook.pages import made_workspace
from workbook.reports import batch
from workbook.reports.document import visible
from workbook.reports.xlsx import sheet_name, xlsx_report

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

CALCULATED = [
    exhibits.budget_split,
    exhibits.lead_values_by_source,
    exhibits.market_size,
    exhibits.programmes_pay,
    exhibits.quotas_by_region,
    exhibits.robust_split,
    exhibits.scenario_splits,
    exhibits.spend_by_month,
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = made_workspace(tmp_path_factory.mktemp("work"), samples=True)
    yield workspace
    workspace.log.close()


def book(content):
    return CalamineWorkbook.from_filelike(BytesIO(content))


def rows(content, sheet):
    return book(content).get_sheet_by_index(sheet).to_python()


def formulae(content):
    """Return every formula of every sheet."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    return [formula for sheet in sheets for formula in re.findall(r"<f>(.*?)</f>", sheet)]


def sales():
    table = pd.DataFrame({"who": ["a", "b", "c"], "leads": [10.0, 30.0, None], "won": [2.0, 3.0, 1.0]})
    table["rate"] = table["won"] / table["leads"]
    table["share"] = table["leads"] / table["leads"].sum()
    columns = (
        Column("who", "Who"),
        Column("leads", "Leads", "number", 0, total=True),
        Column("won", "Won", "money", 2, total=True),
        Column("rate", "Rate", "percent", 1, formula="{won} / {leads}"),
        Column("share", "Share", "percent", formula="{leads} / sum({leads})"),
        Column("gone", "Gone", "number", formula="{leads} - {elsewhere}"),
    )
    return Exhibit("sales", "Forty leads.", table.assign(gone=1.0), columns, method="Counted.", currency="CHF")


def test_each_exhibit_has_a_sheet_that_the_contents_name_and_lead_to():
    content = xlsx_report(sample_notebook(), PLAN)
    names = book(content).sheet_names
    assert names == [
        "Contents",
        "1 LinkedIn and search take two",
        "2 Another €1,000 brings 4.1",
        "3 Testing pages without a",
        "4 The plan speaks to one",
    ]
    assert len({name.casefold() for name in names}) == len(names)
    front = rows(content, 0)
    assert [row[0] for row in front[4:9]] == [*names[1:], ""]
    assert front[8][2] == "Name at least two channels, and their split appears here."
    table = rows(content, 1)
    assert table[0][0].startswith("LinkedIn and search take two thirds")
    assert table[3] == ["Channel", "This plan", "Last plan", "Share"]
    assert table[5] == ["LinkedIn ads", 41_000, 30_000, 0.41]


def test_cards_are_a_fact_a_line():
    table = rows(xlsx_report(sample_notebook(), PLAN), 4)
    assert ["Marta", "Goals", "Test pages alone"] in table


def test_what_is_declared_is_a_formula_and_all_else_a_figure():
    content = xlsx_report(new_notebook(cells=[shown(sales())]), PLAN)
    assert formulae(content) == [
        'IFERROR(C5 / B5,"")',
        'IFERROR(B5 / SUM(B$5:B$7),"")',
        'IFERROR(C6 / B6,"")',
        'IFERROR(B6 / SUM(B$5:B$7),"")',
        "SUM(B5:B7)",
        "SUM(C5:C7)",
    ]
    assert rows(content, 1)[7][:3] == ["Total", 40, 6]


@pytest.mark.parametrize(("language", "wanted"), [("en", '"CHF"'), ("it", '#,##0.00\u00a0"CHF"')])
def test_money_is_written_as_the_language_writes_it(language, wanted):
    with speaking(language):
        content = xlsx_report(new_notebook(cells=[shown(sales())]), replace(PLAN, language=language))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert wanted in archive.read("xl/styles.xml").decode().replace("&quot;", '"')


@pytest.mark.parametrize("texts", [HOSTILE[i::6] for i in range(6)])
def test_what_people_type_is_text_in_a_cell(texts):
    content = xlsx_report(awkward_notebook(texts), PLAN)
    assert formulae(content) == []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        links = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels"))
    assert "http://" not in links.replace("http://schemas.openxmlformats.org", "")
    found = {str(cell) for i in range(1, len(book(content).sheet_names)) for row in rows(content, i) for cell in row}
    for text in texts:
        assert visible(text).strip() in found or visible(text) in found or not visible(text).strip()


@given(st.lists(st.text(max_size=60), max_size=8))
def test_names_of_sheets_are_those_that_excel_takes(wanted):
    taken = set()
    names = [sheet_name(name, taken) for name in wanted]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert name.strip("'") == name
        assert name.casefold() != "history"


def test_the_plan_its_sources_and_its_spend_are_sheets_of_their_own(workspace):
    document = replace(PLAN, workspace=workspace.folder)
    content = xlsx_report(sample_notebook(), document)
    names = book(content).sheet_names
    assert names[-6:] == ["Split", "Months", "Arrivals", "Scenarios", "Plan", "Sources"]
    sources = rows(content, len(names) - 1)
    assert any("Customer interviews" in str(row[2]) for row in sources)
    assert len(formulae(content)) > 100


def test_a_plan_with_nothing_but_a_charter_has_its_sheets_too(workspace):
    workspace.new_plan("bare", "Bare")
    content = xlsx_report(
        new_notebook(cells=[new_markdown_cell("# A")]), replace(PLAN, plan="bare", workspace=workspace.folder)
    )
    assert book(content).sheet_names == ["Contents", "Plan", "Sources"]


def worked_out(formula, row, table):
    """Return what a column's ``formula`` gives for ``row``."""
    named = re.sub(r"sum\(\{([^{}]*)\}\)", lambda m: repr(float(table[m[1]].sum())), formula)
    return eval(re.sub(r"\{([^{}]*)\}", lambda m: repr(float(row[m[1]])), named), {}, {})


@pytest.mark.parametrize("plan", ["adaptive-test", "forno-aurora"])
@pytest.mark.parametrize("make", CALCULATED, ids=lambda make: make.__name__)
def test_formulae_of_the_exhibits_give_their_figures(workspace, plan, make):
    exhibit = make(Case(workspace.log.plan(plan)[0], workspace, plan_id=plan))
    declared = [column for column in exhibit.columns if column.formula]
    for column in declared:
        known = exhibit.table.dropna(subset=[column.name])
        got = [worked_out(column.formula, row, exhibit.table) for _i, row in known.iterrows()]
        assert got == pytest.approx(list(known[column.name]))
    assert exhibit.empty or declared or any(column.total for column in exhibit.columns)


def without_figures(content):
    """Return a workbook in which nothing is known of what its formulae give."""
    bare = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            held = source.read(name)
            target.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", held) if "worksheets/sheet" in name else held)
    return bare.getvalue()


def formula_cells(content):
    """Yield sheet, row and column (from 0), number format and written figure of every cell with a formula."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
        formats = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(f"{MAIN}numFmt")}
        used = [formats.get(each.get("numFmtId"), "") for each in styles.find(f"{MAIN}cellXfs")]
        for sheet in range(len(book(content).sheet_names)):
            cells = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet + 1}.xml")).iter(f"{MAIN}c")
            for cell in cells:
                if cell.find(f"{MAIN}f") is not None:
                    letters, row = re.match(r"([A-Z]+)(\d+)", cell.get("r")).groups()
                    column = reduce(lambda sum, letter: 26 * sum + ord(letter) - 64, letters, 0)
                    yield sheet, int(row) - 1, column - 1, used[int(cell.get("s", 0))], cell.find(f"{MAIN}v").text


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plan", ["adaptive-test", "forno-aurora"])
def test_a_spreadsheet_program_works_out_the_same_figures(workspace, plan, language, tmp_path):
    """LibreOffice gets the whole report without any figure that follows from others, and calculates them all."""
    batch.run_page(batch.Job(plan, language), workspace, tmp_path / "report.ipynb")
    executed = nbformat.read(tmp_path / "report.ipynb", as_version=4)
    executed.cells.append(shown(sales()))  # has a formula of shares, which no exhibit of the samples has
    document = replace(PLAN, plan=plan, language=language, workspace=workspace.folder)
    with speaking(language):
        content = xlsx_report(executed, document)
    bare = tmp_path / "report.xlsx"
    bare.write_bytes(without_figures(content))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "ods", bare.name],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    got = book((tmp_path / "report.ods").read_bytes())
    assert got.sheet_names == book(content).sheet_names
    grids = [got.get_sheet_by_index(i).to_python(skip_empty_area=False) for i in range(len(got.sheet_names))]
    compared = []
    for sheet, row, column, form, figure in formula_cells(content):
        worked = grids[sheet][row][column]
        assert worked == pytest.approx(float(figure), rel=1e-6, abs=1e-6), (got.sheet_names[sheet], row + 1, column + 1)
        compared.append(form)
    assert len(compared) > 250
    assert any("%" in form for form in compared)
    assert any("€" in form for form in compared)
    assert any("0.0" in form and "%" not in form for form in compared)
