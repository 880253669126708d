"""Scenarios beside the plan: in words, field by field, and in what they bring."""

import pytest
from click.testing import CliRunner

from workbook import exhibits
from workbook.channels.split import split
from workbook.cli import main
from workbook.exhibits import Case
from workbook.plan.revisions import Edit
from workbook.plan.scenarios import scenario_plan
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace.create(tmp_path)
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


def opened(workspace):
    return Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")


def asked(workspace, *words):
    return CliRunner().invoke(main, ["scenario", *words, "--workspace", str(workspace.folder)])


def test_a_scenario_is_told_field_by_field(workspace):
    table = exhibits.scenario_differences(opened(workspace)).table
    price = table[table["what"].str.endswith(": Price")]
    assert list(price["plan"]) == ["–"]
    assert list(price["changed"]) == ["€300"]
    assert "/confirmed" not in " ".join(table["what"])


def test_versions_stand_side_by_side_with_what_their_own_split_brings(workspace):
    table = exhibits.scenario_figures(opened(workspace)).table.set_index("version")
    history = workspace.log.revisions("adaptive-test")
    for title, id in (("The plan itself", ""), (table.index[1], "paid")):
        chosen = split(scenario_plan(history, id))
        assert table.loc[title, "customers"] == pytest.approx(chosen.customers)
        assert table.loc[title, "margin"] == pytest.approx(chosen.table["worth"].sum())
    assert table["margin"].iloc[1] > table["margin"].iloc[0]


def test_a_plan_without_scenarios_says_how_to_open_one(workspace):
    case = Case(workspace.log.plan("adaptive-test")[0], workspace)
    figures, differences = exhibits.scenario_figures(case), exhibits.scenario_differences(case)
    assert figures.empty
    assert differences.empty
    assert "workbook scenario open" in figures.finding
    assert differences.finding == "Once a scenario is open, what it changes stands here, field by field."


def test_the_command_opens_lists_compares_and_adopts(workspace):
    assert asked(workspace, "open", "adaptive-test", "half", "--title", "Half the budget").exit_code == 0
    assert "half  Half the budget" in asked(workspace, "list", "adaptive-test").output
    told = asked(workspace, "compare", "adaptive-test", "paid").output
    assert "/offers/adaptive-tests/price" in told
    assert "– → €300" in told
    assert told.count("of margin while they stay") == 2
    assert asked(workspace, "adopt", "adaptive-test", "paid").exit_code == 0
    assert workspace.log.plan("adaptive-test")[0].item("adaptive-tests").price == 300
    assert "/offers/adaptive-tests/price" not in asked(workspace, "compare", "adaptive-test", "paid").output


def test_a_clash_asks_and_names_the_path(workspace):
    workspace.log.append(
        "adaptive-test",
        [Edit("/offers/adaptive-tests/price", 250)],
        author="Bo",
        base=workspace.log.head("adaptive-test"),
    )
    refused = asked(workspace, "adopt", "adaptive-test", "paid")
    assert refused.exit_code == 1
    assert "/offers/adaptive-tests/price" in refused.output
    answered = asked(workspace, "adopt", "adaptive-test", "paid", "--over", "/offers/adaptive-tests/price")
    assert answered.exit_code == 0


@pytest.mark.parametrize(
    "words", [("list", "nobody"), ("compare", "adaptive-test", "piad"), ("adopt", "adaptive-test", "x")]
)
def test_what_is_not_there_is_refused_in_a_sentence(workspace, words):
    refused = asked(workspace, *words)
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output
