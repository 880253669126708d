"""Reports through papermill: checked before they run, both languages, errors that name the cell."""

from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from workbook.cli.report import report
from workbook.errors import ParameterError, WorkbookError
from workbook.exhibits import MIME
from workbook.kernels import forking
from workbook.language import LANGUAGES
from workbook.pages import PageParameters, made_workspace
from workbook.reports import batch
from workbook.reports.formats import WRITERS
from workbook.steps import PAGES


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = made_workspace(tmp_path_factory.mktemp("work"), samples=True)
    yield workspace
    workspace.log.close()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((["adaptive"], ["en"], []), "adaptive-test"),
        (([], ["de"], []), "en, it"),
        (([], ["en"], ["enterprize"]), "enterprise"),
    ],
)
def test_an_unknown_plan_language_or_segment_is_refused_before_anything_runs(workspace, asked, said, tmp_path):
    with pytest.raises(ParameterError, match=said):
        batch.jobs(workspace, *asked)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"plam": "x"}, "plan"),
        ({"interactive": "yes"}, "bool"),
        ({"plan": 3}, "str"),
        ({"scenario": "piad"}, "scenario"),
        ({"plan": "__import__('os')"}, "adaptive-test"),
    ],
)
def test_a_parameter_that_is_unknown_or_no_plain_value_is_refused(workspace, given, said):
    with pytest.raises(ParameterError, match=said):
        PageParameters.checked(workspace, given)


def test_every_plan_and_language_is_one_report_with_a_folder_of_its_own(workspace, tmp_path):
    every = batch.jobs(workspace, [], LANGUAGES, [])
    assert len(every) == len(workspace.log.plans()) * 2
    # A segment is one of a plan's own, so it is asked for with that plan.
    asked = [*every, *batch.jobs(workspace, ["adaptive-test"], LANGUAGES, ["enterprise"])]
    folders = {job.folder(tmp_path) for job in asked}
    assert len(folders) == len(asked) == len(every) + 2
    assert tmp_path / "adaptive-test" / "base" / "enterprise" / "it" in folders


def test_a_report_in_italian_is_one_page_with_all_exhibits(workspace, tmp_path):
    (page,) = batch.run(workspace, batch.jobs(workspace, ["adaptive-test"], ["it"]), tmp_path)
    html = page.read_text("utf-8")
    assert '<html lang="it"' in html
    executed = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
    exhibits = [o.data[MIME] for cell in executed.cells for o in cell.get("outputs", ()) if MIME in o.get("data", {})]
    assert [e["name"] for e in exhibits][:3] == ["in_brief", "charter_completeness", "segment_attractiveness"]
    assert {e["language"] for e in exhibits} == {"it"}
    assert "120 000 €" in html or "120.000\u00a0€" in html or "112.000" in html or "€" in html


def small_report(folder, source):
    """Return a workspace whose report has the parameters and one cell, ``source``."""
    own = made_workspace(folder, samples=True)
    page = own.folder / "notebooks" / "report.ipynb"
    notebook = nbformat.read(page, as_version=4)
    given = next(cell for cell in notebook.cells if "parameters" in cell.metadata.tags)
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["exhibit"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[given, cell], metadata=notebook.metadata), page)
    return own


def test_a_cell_that_fails_is_named_with_plan_notebook_number_and_source(tmp_path):
    own = small_report(tmp_path, "1 + 1\nraise ValueError('no such luck')")
    with pytest.raises(batch.ReportError) as failed:
        batch.run(own, batch.jobs(own, ["adaptive-test"], ["en"]), tmp_path / "out")
    assert str(failed.value) == (
        "adaptive-test/base/all/en: notebook report.ipynb, cell 2 (raise ValueError('no such luck')): "
        "ValueError: no such luck"
    )
    assert not list((tmp_path / "out").rglob("report.*"))


def test_the_guide_names_every_option_of_the_command():
    guide = (Path(__file__).parents[2] / "docs" / "batch.md").read_text("utf-8")
    options = [name for option in report.params for name in option.opts if name.startswith("--")]
    assert [name for name in options if f"`{name}" not in guide and name != "--workspace"] == []


@pytest.mark.slow
def test_a_bare_plan_a_hostile_one_and_an_italian_one_are_reported_in_english(tmp_path):
    own = made_workspace(tmp_path / "team", samples=True)
    own.new_plan("bare", "Nothing but a charter")
    hostile = "</script><script>window.pwned=1</script>{{7*7}}" + "\u202e" + "x" * 150
    own.new_plan("hostile", hostile)
    asked = batch.jobs(own, ["bare", "hostile", "forno-aurora"], ["en", "it"])
    batch.run(own, asked, tmp_path / "out", formats=tuple(WRITERS))
    for job in asked:
        page = (job.folder(tmp_path / "out") / "report.html").read_text("utf-8")
        assert f'<html lang="{job.language}"' in page
        assert "<script>window.pwned" not in page
        assert all((job.folder(tmp_path / "out") / f"report.{ending}").stat().st_size > 500 for ending in WRITERS)
    english = (asked[-2].folder(tmp_path / "out") / "report.html").read_text("utf-8")
    assert asked[-2].plan == "forno-aurora"
    assert "Forno Aurora" in english
    assert "What did we decide, and why?" in english


@pytest.mark.slow
def test_a_report_runs_in_a_kernel_where_nothing_can_be_copied(monkeypatch, tmp_path):
    monkeypatch.setenv(forking.SWITCH, "plain")
    own = small_report(tmp_path, "print(plan)\nassert language == 'it', 'only in Italian'")
    with pytest.raises(batch.ReportError, match=r"cell 2 .*AssertionError: only in Italian"):
        batch.run(own, batch.jobs(own, ["adaptive-test"], ["en", "it"]), tmp_path / "out")
    assert "adaptive-test" in (tmp_path / "out/adaptive-test/base/all/it/report.html").read_text("utf-8")


def test_a_kernel_that_has_done_its_page_is_not_interrupted(monkeypatch, tmp_path):
    # Hit while it waits, it now and then writes an error of its own to the terminal.
    sent = []

    async def note(_kernel, signal):
        sent.append(signal)

    monkeypatch.setattr(KernelManager, "_async_signal_kernel", note)
    batch.run_page(batch.Job("adaptive-test", "en"), small_report(tmp_path, "print(plan)"), tmp_path / "executed.ipynb")
    assert sent == []


def test_segments_and_scenarios_are_those_that_each_plan_has(workspace):
    told = []
    every = batch.jobs(workspace, [], ["en"], ["all", "enterprise"], ["base", "paid"], say=told.append)
    assert {(job.plan, job.scenario, job.segment) for job in every if job.plan == "adaptive-test"} == {
        ("adaptive-test", "", ""),
        ("adaptive-test", "", "enterprise"),
        ("adaptive-test", "paid", ""),
        ("adaptive-test", "paid", "enterprise"),
    }
    assert [(job.scenario, job.segment) for job in every if job.plan == "forno-aurora"] == [("", "")]
    assert told == [
        "Left out, since they have no scenario “paid”: forno-aurora.",
        "Left out, since they have no segment “enterprise”: forno-aurora.",
    ]
    each = batch.jobs(workspace, ["adaptive-test"], ["en"], [batch.EACH], [batch.EACH])
    plan, _ = workspace.log.plan("adaptive-test")
    assert [job.segment for job in each] == [segment.id for segment in plan.segments]
    assert {job.scenario for job in each} == {"paid"}


@pytest.mark.parametrize(
    "name", ["../x", "../../etc", "/etc/passwd", "a/../../b", "..", "", "a\\..\\b", "adaptive-test/../x"]
)
def test_C1_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(workspace, tmp_path, name):
    for asked in (
        lambda: batch.jobs(workspace, [name], ["en"]),
        lambda: batch.jobs(workspace, ["adaptive-test"], ["en"], [name or "x"]),
        lambda: batch.jobs(workspace, ["adaptive-test"], ["en"], ["all"], [name or "x"]),
    ):
        with pytest.raises(WorkbookError):
            asked()


def test_names_that_mean_something_else_get_folders_of_their_own(tmp_path):
    apart = [batch.Job("con", "en"), batch.Job("con", "en", "all"), batch.Job("con", "en", "", "base")]
    assert [job.name for job in apart] == ["con~/base/all/en", "con~/base/all~/en", "con~/base~/all/en"]
    older = [batch.Job(name, "en") for name in ("../../evil", "/etc/passwd", "..", "a\\b", "Second Try")]
    assert [job.name.split("/")[0] for job in older] == [
        "%2E%2E%2F%2E%2E%2Fevil",
        "%2Fetc%2Fpasswd",
        "%2E%2E",
        "a%5Cb",
        "Second%20Try",
    ]
    assert all(job.folder(tmp_path).resolve().is_relative_to(tmp_path) for job in apart + older)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("interactive", [True, False])
@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_papermill_runs_every_notebook_with_its_default_parameters(page, language, interactive, tmp_path):
    import papermill

    from workbook.shipped import shipped

    papermill.execute_notebook(
        str(shipped("notebooks") / f"{page}.ipynb"),
        str(tmp_path / "out.ipynb"),
        parameters={"language": language, "interactive": interactive},
        kernel_name="python3",
        progress_bar=False,
    )
    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", ())]
    wanted = "application/vnd.jupyter.widget-view+json" if interactive else MIME
    assert sum(wanted in output.get("data", {}) for output in outputs) >= 4
