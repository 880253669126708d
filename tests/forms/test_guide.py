"""What stands beside the headline, and the example that fills what is empty."""

import pytest

from workbook.forms.cards import FormState, form_content
from workbook.forms.guide import empty_sections, example_edits, example_of, guide_content, sample_for
from workbook.forms.live import LivePlan
from workbook.language import speaking
from workbook.plan.checks import broken_links
from workbook.plan.model import Plan, tree
from workbook.plan.revisions import after
from workbook.plan.workspace import Workspace
from workbook.steps import DASHBOARD, RIVER, STEPS, step

SEGMENT = {"enterprise": {"id": "enterprise", "name": "Ours already"}}


@pytest.fixture
def live(tmp_path):
    workspace = Workspace.create(tmp_path / "team")
    workspace.new_plan("fresh", "A fresh plan")
    return LivePlan(workspace, "fresh")


def test_every_step_says_why_and_how_long():
    assert [page.number for page in RIVER] == list(range(13))
    for page in RIVER:
        assert 10 <= page.minutes <= 90
        assert page.why.endswith(".")
    assert set(STEPS) <= set(RIVER)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("page", RIVER, ids=lambda page: page.key)
def test_the_example_of_each_step_fills_an_empty_plan_and_refers_to_nothing_that_is_not_there(page, language):
    with speaking(language):
        edits = example_edits(Plan(), page.sections)
    assert {edit.path.split("/")[1] for edit in edits} <= set(page.sections)
    filled = Plan.model_validate(after(tree(Plan()), edits))
    assert edits
    assert list(broken_links(filled)) == []


def test_the_example_is_named_in_a_few_words():
    assert example_of(Plan(), "segments").startswith("“Enterprise customers”, ")
    assert example_of(Plan(), "charter").startswith("Revenue target: ")


def test_the_example_overwrites_nothing(live):
    live.edit("/charter/title", "Ours")
    live.add("/segments", "Ours already")
    before = live.plan.segments
    assert live.copy_example(["segments", "personas"])
    assert live.plan.segments == before
    assert [persona.name for persona in live.plan.personas] == [p.name for p in sample_for("en").personas]
    live.copy_example(["charter"])
    assert live.plan.charter.title == "Ours"
    assert live.plan.charter.goal == sample_for("en").charter.goal


def test_the_example_comes_as_one_operation_and_can_be_taken_back(live):
    head = live.revision
    assert live.copy_example(["segments", "needs"])
    assert len({r.operation for r in live.history if r.sequence > head}) == 1
    live.undo()
    assert live.plan.segments == live.plan.needs == ()
    live.copy_example(["segments"])
    assert not live.copy_example(["segments"])


def test_an_id_that_is_taken_stays_with_its_owner():
    plan = Plan.model_validate({"needs": SEGMENT})
    copied = {edit.path for edit in example_edits(plan, ["segments"])}
    assert copied
    assert "/segments/enterprise" not in copied


def test_weights_that_are_all_set_are_not_empty_and_a_budget_without_a_total_is():
    assert empty_sections(Plan(), ["attractiveness", "budget", "segments"]) == ["budget", "segments"]


def test_an_empty_section_says_what_the_sample_has_and_offers_it():
    for section in ("segments", "budget"):
        content = form_content(Plan(), section, FormState())
        notice = content.get("notice") or content["cards"][0]["notice"]
        assert notice["actions"] == [{"action": "example", "label": "Copy the example"}]
        assert example_of(Plan(), section) in notice["text"]
    assert form_content(sample_for("en"), "segments", FormState())["notice"] is None


def test_the_guide_counts_names_and_points():
    content = guide_content(step("01_personas"), Plan(), example="x")
    assert content["count"] == "3 points are still open:"
    assert [point["section"] for point in content["points"]] == ["segments", "personas", "stages"]
    assert content["copy"] == "Copy the example"
    full = guide_content(step("01_personas"), sample_for("en"))
    assert (full["points"], full["copy"], full["example"]) == ([], "", None)
    assert guide_content(DASHBOARD, Plan()) is None


def test_the_guide_of_a_later_step_says_which_upstream_decision_is_missing_and_leads_there():
    waits = guide_content(step("08_channels"), Plan(), link="?plan=x")["waits"]
    assert waits["text"] == "Upstream, 4 decisions are missing:"
    assert waits["points"][0] == {
        "text": "No segment is chosen as a target: whom do you serve?",
        "link": "Step 1: Segments and personas",
        "href": "01_personas.ipynb?plan=x",
    }
    assert guide_content(step("08_channels"), sample_for("en"))["waits"] is None
    assert guide_content(step("01_personas"), Plan())["waits"] is None
