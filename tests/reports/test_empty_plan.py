"""A plan with nothing but a charter: every exhibit says what to do first, every notebook runs, nothing looks like an error."""

import nbformat
import pytest

from workbook import exhibits
from workbook.exhibits import MIME, Case, Exhibit
from workbook.language import LANGUAGES, speaking
from workbook.pages import made_workspace
from workbook.plan.model import Plan
from workbook.reports.batch import Job, run_page
from workbook.steps import DASHBOARD, REPORT, STEPS

CHARTER = {
    "charter": {
        "title": "Spring launch",
        "goal": "One in five customers tests pages by December.",
        "who": "Marketing teams",
        "period": {"start": "2027-01", "months": 12},
        "revenue_target": 500_000,
        "team": {"ann": {"name": "Ann", "role": "Marketing"}},
    }
}
TEACHES = 40
"""Letters of a sentence that says what to do first; "No data" is no such sentence."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = made_workspace(tmp_path_factory.mktemp("charter") / "team")
    made.log.create("spring", Plan.model_validate(CHARTER), author="test")
    yield made
    made.log.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exhibit_says_what_to_do_first(workspace, language):
    case = Case(workspace.log.plan("spring")[0], workspace, plan_id="spring")
    told, mute = {}, []
    with speaking(language):
        for name in exhibits.__all__:
            if not name.islower() or name in ("decided", "open_points_of", "readiness_of"):
                continue
            shown = getattr(exhibits, name)(case)
            assert isinstance(shown, Exhibit), name
            told[name] = shown
            if shown.empty and len(shown.finding) < TEACHES:
                mute.append((name, shown.finding))
    assert mute == []
    assert sum(shown.empty for shown in told.values()) > len(told) / 2


# One language is enough: words are put in by the same function in both, and the sentences are those tested above.
@pytest.mark.slow
@pytest.mark.parametrize("page", [page.key for page in (*STEPS, DASHBOARD, REPORT)])
def test_every_notebook_runs_by_papermill_without_an_error(workspace, page, tmp_path):
    out = tmp_path / "out.ipynb"
    run_page(Job("spring", "it", page=page), workspace, out)
    outputs = [output for cell in nbformat.read(out, 4).cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "error"]
    shown = [output.data[MIME] for output in outputs if MIME in output.get("data", {})]
    assert shown
    assert all(one["language"] == "it" and one["finding"] for one in shown)
    # Forms stand here as what was decided in them, which may say no more than that nothing was.
    assert [one["finding"] for one in shown if one["empty"] and len(one["finding"]) < 25] == []
