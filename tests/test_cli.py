"""The command: what it prints, its exit codes, and that no user ever meets a traceback."""

import pytest
from click.testing import CliRunner

from workbook.cli import main
from workbook.errors import WorkbookError
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        result = CliRunner().invoke(main, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def workspace(run, tmp_path, monkeypatch):
    assert run("new", "spring", "--samples").exit_code == 0
    monkeypatch.chdir(tmp_path / "spring")
    return tmp_path / "spring"


def test_every_command_has_a_help_with_an_example(run):
    for name in main.commands:
        assert f"workbook {name}" in run(name, "--help").output


def test_a_new_workspace_has_notebooks_and_a_plan(run, tmp_path):
    result = run("new", "spring", "--plan", "spring-launch", "--title", "Lancio", "--language", "it")
    assert result.exit_code == 0
    home = Workspace.find(tmp_path / "spring")
    assert home.log.plans() == ["spring-launch"]
    charter = home.log.plan("spring-launch")[0].charter
    assert (charter.title, charter.language.value) == ("Lancio", "it")
    assert (home.folder / "notebooks" / "01_personas.ipynb").is_file()


def test_a_new_plan_is_called_by_its_title_and_the_command_says_what_is_next(run, tmp_path):
    result = run("new", "spring", "--title", "Spring launch")
    assert Workspace.find(tmp_path / "spring").log.plans() == ["spring-launch"]
    assert "Next: `workbook serve --workspace spring`" in result.output


@pytest.mark.parametrize("id", ["../x", "Spring", "a b", "", "x" * 81])
def test_an_id_that_could_be_a_path_is_refused(run, id, tmp_path):
    result = run("new", "spring", "--plan", id)
    assert result.exit_code == 1
    assert "lower-case letters" in result.output


def test_check_lists_gaps_and_ends_well_when_there_is_no_fault(run, workspace):
    result = run("check", "adaptive-test")
    assert result.exit_code == 0
    assert "adaptive-test: open point: /attributes/linked-results/evidence" in result.output
    assert "0 faults, 1 open point, 0 things stale" in result.output


def test_check_says_which_steps_wait_for_an_upstream_decision(run, workspace):
    result = run("check", "my-plan")
    assert "my-plan: steps 9, 10 and 12 wait for a decision of step 6: no release for" in result.output
    assert "6 decisions missing" in result.output
    assert "wait" not in run("check", "adaptive-test").output


def test_check_of_a_file_with_a_fault_ends_with_1_and_names_path_and_remedy(run, workspace):
    (workspace / "bad.yaml").write_text("budget: {total: 10, reserve: 20}\n")
    result = run("check", "bad.yaml")
    assert result.exit_code == 1
    assert "/budget/reserve" in result.output
    assert "Lower the reserve" in result.output


def test_export_and_import_give_an_equal_plan_with_its_tables(run, workspace):
    assert run("export", "adaptive-test", "--out", "out/plan.yaml").exit_code == 0
    log = Workspace.find(workspace).log
    named = {study.table for study in log.plan("adaptive-test")[0].studies}
    assert {file.name for file in (workspace / "out" / "tables").iterdir()} == named
    assert run("import", "out/plan.yaml", "--plan", "again").exit_code == 0
    assert log.plan("again")[0] == log.plan("adaptive-test")[0]


@pytest.mark.parametrize("id", ["../../evil", "/etc/x", "Second Try", "a..b", "-a"])
def test_a_plan_is_not_imported_under_a_name_that_is_no_id(run, workspace, id):
    run("export", "adaptive-test")
    tables = sorted(workspace.rglob("tables/*"))
    result = run("import", "adaptive-test.yaml", "--plan", id)
    assert result.exit_code == 1
    assert f"“{id}” cannot be an id." in result.output
    assert sorted(workspace.rglob("tables/*")) == tables
    with pytest.raises(WorkbookError, match="cannot be an id"):
        Workspace.find(workspace).log.create(id, Plan(), author="test")


def test_a_scenario_is_adopted_once_and_the_command_says_when_nothing_differs(run, workspace):
    assert "taken over what “paid” changed" in run("scenario", "adopt", "adaptive-test", "paid").output
    head = Workspace.find(workspace).log.head("adaptive-test")
    assert "nothing was taken over" in run("scenario", "adopt", "adaptive-test", "paid").output
    assert Workspace.find(workspace).log.head("adaptive-test") == head
    assert run("scenario", "compare", "adaptive-test", "paid").output.startswith("They do not differ.")
    assert "has no scenario yet" in run("scenario", "list", "my-plan").output
    assert "and no other" in run("scenario", "compare", "my-plan", "paid").output


def test_a_bad_file_imports_nothing(run, workspace):
    (workspace / "bad.yaml").write_text("segments:\n  a: {custmers: 3}\n")
    result = run("import", "bad.yaml", "--plan", "again")
    assert result.exit_code == 1
    assert "nearest are: customers" in result.output
    assert "again" not in Workspace.find(workspace).log.plans()


def test_unknown_plans_languages_and_segments_are_refused_with_the_nearest(run, workspace):
    assert "adaptive-test" in run("check", "adaptive").output
    assert run("report", "adaptive-test", "--language", "de").exit_code == 2
    refused = run("report", "adaptive-test", "--segment", "enterprize")
    assert refused.exit_code == 1
    assert "enterprise" in refused.output
    assert not list((workspace / "reports").rglob("*.html"))


def test_a_folder_that_is_not_there_is_said_to_be_missing(run, tmp_path):
    assert "there is no folder" in run("check", "--workspace", str(tmp_path / "nowhere")).output


def test_outside_a_workspace_the_command_says_how_to_make_one(run):
    result = run("check")
    assert result.exit_code == 1
    assert "workbook new" in result.output


def test_messages_are_in_italian_when_asked(run, workspace):
    english, italian = run("check", "adaptive-test").output, run("check", "adaptive-test", "--language", "it").output
    assert english != italian


def test_a_workspace_that_cannot_be_written_is_said_plainly(run, tmp_path):
    (tmp_path / "taken").write_text("a file")
    result = run("new", "taken")
    assert result.exit_code in (1, 2)
    assert "taken" in result.output


def test_a_table_that_leaves_something_open_is_a_question_with_exit_code_1_and_the_option_settles_it(run, tmp_path):
    (tmp_path / "t.csv").write_text('respondent,need,imp,satisfaction\nr1,a,"9,000",3\nr2,a,8,3\n')
    refused = run("analyse", "opportunity", "t.csv")
    assert refused.exit_code == 1
    assert "--column importance=imp" in refused.output
    asked = run("analyse", "opportunity", "t.csv", "--column", "importance=imp")
    assert asked.exit_code == 1
    assert "row 2, column “importance”: “9,000”" in asked.output
    answered = run("analyse", "opportunity", "t.csv", "--column", "importance=imp", "--decimal", "comma", "--json")
    assert answered.exit_code == 0
    assert "importance is the table's column “imp”." in answered.output


def test_briefs_are_written_for_a_plan_and_for_its_scenario(run, workspace):
    result = run("briefs", "adaptive-test")
    assert result.exit_code == 0
    assert len(list((workspace / "adaptive-test-briefs").glob("*.md"))) == 3
    assert run("briefs", "adaptive-test", "--scenario", "paid", "--format", "html", "--out", "b").exit_code == 0
    assert "Adaptive tests as an add-on" in (workspace / "b" / "customer-launch.html").read_text("utf-8")
    assert "no campaign yet" in run("briefs", "my-plan").output


def test_the_calendar_is_written_and_a_plan_without_dates_says_what_to_do(run, workspace):
    assert run("calendar", "forno-aurora", "--language", "it", "--out", "natale.ics").exit_code == 0
    written = (workspace / "natale.ics").read_bytes()
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"SUMMARY:Campagna: Natale in una scatola rossa\r\n" in written
    result = run("calendar", "my-plan")
    assert result.exit_code == 1
    assert "Give a campaign its first day" in result.output


@pytest.mark.parametrize("command", ["export", "calendar", "briefs"])
def test_what_is_written_makes_its_folder_and_takes_the_place_of_what_was_there(run, workspace, command):
    for _round in range(2):
        result = run(command, "adaptive-test", "--out", "new/folder/it")
        assert result.exit_code == 0, result.output
        assert (workspace / "new/folder/it").exists()


@pytest.mark.parametrize("command", ["export", "calendar", "briefs"])
def test_a_place_that_takes_no_file_is_named_with_the_way_out(run, workspace, command):
    (workspace / "taken").write_text("a file")
    result = run(command, "adaptive-test", "--out", "taken/it")
    assert result.exit_code == 1
    assert result.output.startswith("taken/it: cannot be written (")
    assert "--out" in result.output
