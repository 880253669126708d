import re
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from python_calamine import CalamineWorkbook

from workbook.channels.months import forward_plan
from workbook.channels.split import split
from workbook.errors import AnalysisError
from workbook.language import speaking
from workbook.plan.model import Plan, tree
from workbook.reports.spend_plan import spend_plan
from workbook.shipped import shipped


@pytest.fixture(scope="module")
def plan():
    sample = yaml.safe_load((Path(str(shipped("data"))) / "samples" / "adaptive-test.yaml").read_text("utf-8"))
    return Plan.model_validate({key: value for key, value in sample.items() if key in Plan.model_fields})


def rows(content, sheet=0):
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(sheet).to_python()


def test_the_sheet_holds_the_split_and_formulae_for_what_follows_from_it(plan):
    content, chosen = spend_plan(plan), split(plan)
    table = rows(content)
    assert [row[0] for row in table[4:10]] == list(chosen.table["channel"])
    assert [row[6] for row in table[4:10]] == pytest.approx(list(chosen.table["spend"]))
    assert [row[7] for row in table[4:10]] == pytest.approx(list(chosen.table["customers"]))
    assert table[10][7] == pytest.approx(chosen.customers)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").count(b"<f>") > 20


def test_months_and_arrivals_add_up_to_the_split(plan):
    content, chosen = spend_plan(plan), split(plan)
    months, arrivals = rows(content, 1)[4:16], rows(content, 2)[4:16]
    assert sum(row[2] for row in months) == pytest.approx(chosen.table["spend"].sum())
    assert sum(row[1] for row in arrivals) == pytest.approx(chosen.customers)


def test_what_people_type_never_becomes_a_formula(plan):
    data = tree(plan)
    data["channels"]["email"]["name"] = "=HYPERLINK(A1)"
    data["charter"]["title"] = "@SUM(A1)"
    content = spend_plan(Plan.model_validate(data), [("+1", plan)])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any(b"HYPERLINK" in sheet or b"@SUM" in sheet or b"<f>+1" in sheet for sheet in sheets)
    assert "=HYPERLINK(A1)" in [row[0] for row in rows(content)]


def test_scenarios_stand_side_by_side(plan):
    data = tree(plan)
    data["budget"]["total"] = 60_000
    smaller = Plan.model_validate(data)
    table = rows(spend_plan(plan, [("Plan", plan), ("Smaller", smaller)]), 3)
    assert [row[0] for row in table[4:6]] == ["Plan", "Smaller"]
    assert table[5][4] == pytest.approx(table[5][3] - table[4][3])
    assert table[5][1] == pytest.approx(52_000)


def test_a_plan_without_a_split_is_refused_in_a_sentence():
    with pytest.raises(AnalysisError, match="no split yet"):
        spend_plan(Plan())


def test_the_sheets_speak_italian(plan):
    with speaking("it"):
        names = CalamineWorkbook.from_filelike(BytesIO(spend_plan(plan))).sheet_names
    assert names[0] == "Ripartizione"


@pytest.mark.slow
@pytest.mark.parametrize("cash", [None, 9_500])
def test_a_spreadsheet_program_works_out_the_same_figures(plan, tmp_path, cash):
    """LibreOffice gets the file without any of the figures it was written with, and has to calculate them all."""
    data = tree(plan)
    data["budget"] |= {"most_a_month": cash, "season": {"august": 0}} if cash else {}
    plan = Plan.model_validate(data)
    bare = tmp_path / "plan.xlsx"
    with zipfile.ZipFile(BytesIO(spend_plan(plan))) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if "worksheets/sheet" in name:
                content = re.sub(rb"</f><v>[^<]*</v>", b"</f>", content)
            target.writestr(name, content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "ods", bare.name],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    got = (tmp_path / "plan.ods").read_bytes()
    chosen, ahead = split(plan), forward_plan(plan)
    by_channel = ahead.table.groupby("id")["customers"].sum()
    assert [row[7] for row in rows(got)[4:10]] == pytest.approx([by_channel[id] for id in chosen.table["id"]])
    each = chosen.table["worth"] / chosen.table["customers"]
    margins = [by_channel[id] * worth for id, worth in zip(chosen.table["id"], each, strict=True)]
    assert [row[8] for row in rows(got)[4:10]] == pytest.approx(margins)
    by_month = ahead.table.groupby("number")
    assert [row[2] for row in rows(got, 1)[4:16]] == pytest.approx(list(by_month["spend"].sum()))
    assert [row[1] for row in rows(got, 2)[4:16]] == pytest.approx(list(by_month["customers"].sum()), abs=1e-9)
