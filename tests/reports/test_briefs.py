"""Briefs as files: what each holds, and that what people typed stays text in both formats."""

import re

import pytest

from workbook.errors import PlanError
from workbook.exhibits import Case
from workbook.language import speaking
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.reports.briefs import write_briefs
from workbook.shipped import shipped

HOSTILE = "<script>alert(1)</script> # *b* [x](javascript:y)\n\n- not a list"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("briefs"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


def hostile(workspace):
    campaigns = {"c": {"name": HOSTILE.split("\n")[0], "angle": HOSTILE}}
    return Case(Plan.model_validate({"campaigns": campaigns}), workspace, plan_id="p")


@pytest.mark.parametrize(("format", "ending"), [("markdown", "md"), ("html", "html")])
def test_each_campaign_has_a_file_named_by_its_id(workspace, tmp_path, format, ending):
    case = Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")
    files = write_briefs(case, tmp_path, format=format)
    assert [file.name for file in files] == [f"{c.id}.{ending}" for c in case.plan.campaigns]
    first = files[0].read_text("utf-8")
    for said in ("Launch to enterprise customers", "Work in fewer tools", "Jonas Weber", "€24,000"):
        assert said in first


def test_the_brief_is_in_the_language_asked_for(workspace, tmp_path):
    case = Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")
    with speaking("it"):
        (first, *_others) = write_briefs(case, tmp_path, format="html")
    assert '<html lang="it">' in first.read_text("utf-8")
    assert "Messaggi lungo il percorso" in first.read_text("utf-8")


def test_what_was_typed_is_text_in_markdown(workspace, tmp_path):
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    (file,) = write_briefs(hostile(workspace), tmp_path)
    shown = markdown2html_mistune(file.read_text("utf-8"))
    assert "<script" not in shown
    assert "<a href" not in re.sub(r'<a class="anchor-link".*?</a>', "", shown)
    assert "<em>b</em>" not in shown
    assert "*b*" in shown
    assert shown.count("<h1") == 1
    assert shown.count("<li>") == 1


def test_what_was_typed_is_text_in_html(workspace, tmp_path):
    (file,) = write_briefs(hostile(workspace), tmp_path, format="html")
    page = file.read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


def test_a_plan_without_campaigns_is_told_where_to_add_one(workspace, tmp_path):
    with pytest.raises(PlanError, match="no campaign yet"):
        write_briefs(Case(Plan(), workspace, plan_id="spring"), tmp_path)


@pytest.mark.browser
def test_a_brief_prints_on_one_sheet(workspace, watched_page, tmp_path):
    plan, _revision = workspace.log.plan("adaptive-test")
    page, _log = watched_page(1100)
    for path in write_briefs(Case(plan, workspace, plan_id="adaptive-test"), tmp_path, format="html"):
        page.goto(path.as_uri())
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
