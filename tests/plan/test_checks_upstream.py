"""Steps 0 to 3 with little or odd input: advice stands beside the field, and the rest of the step works."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.forms.cards import FormState, form_content
from workbook.plan.checks import check, faults_in
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace

JUDGED = {
    "segments": {"a": {"name": "A", "targeting": "target", "customers": 10, "contract_value": 5}},
    "needs": {"n": {"name": "N", "segment": "a", "importance": 9, "satisfaction": 3}},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = Workspace.create(tmp_path_factory.mktemp("odd") / "team")
    yield made
    made.log.close()


def advice(plan, path):
    """What the form says beside the field at ``path``."""
    section = path.split("/")[1]
    cards = form_content(plan, section, FormState())["cards"]
    fields = [field for card in cards for field in card["fields"]]
    return next(field["advice"] for field in fields if field["path"] == path)


def test_one_segment_is_told_to_name_another_and_the_rest_of_step_1_works(workspace):
    plan = Plan.model_validate(JUDGED | {"personas": {"p": {"name": "P", "segment": "a"}}})
    case = Case(plan, workspace)
    assert not faults_in(plan)
    assert advice(plan, "/segments/a/targeting").startswith("The only segment: add one")
    assert exhibits.segment_attractiveness(case).finding == "Add two segments or more, and they are compared here."
    assert len(exhibits.persona_cards(case).cards) == 1
    assert not exhibits.segment_decisions(case).empty


def test_without_a_table_judgement_stands_in_is_grade_d_and_says_so(workspace):
    plan = Plan.model_validate(JUDGED)
    case = Case(plan, workspace)
    shown = exhibits.opportunity_scores(case)
    assert shown.table["opportunity"].tolist() == [15]
    assert [tag.kind for tag in shown.tags] == ["assumed"]
    assert shown.proposals == ()
    fields = form_content(plan, "needs", FormState())["cards"][0]["fields"]
    told = {field["path"]: field["evidence"] for field in fields if field["evidence"]}
    assert told["/needs/n/importance"] == {"kind": "assumed", "text": "judgement, grade D"}


def test_an_excluded_segment_used_later_is_named_beside_the_field_that_uses_it(workspace):
    plan = Plan.model_validate(
        {
            "segments": {"a": {"name": "A", "targeting": "excluded"}, "b": {"name": "B", "targeting": "target"}},
            "needs": {"n": {"name": "N", "segment": "a", "importance": 9, "satisfaction": 3}},
            "positioning": {"segment": "a"},
            "offers": {"o": {"name": "O", "segments": ["a"]}},
        }
    )
    assert not faults_in(plan)
    for path in ("/positioning/segment", "/offers/o/segments"):
        assert advice(plan, path).startswith("“A” is excluded in step 1")
    # What describes it may go on doing so, and is still shown.
    assert "excluded" not in advice(plan, "/needs/n/segment")
    assert not exhibits.opportunity_scores(Case(plan, workspace)).empty
    assert not exhibits.packages(Case(plan, workspace)).empty


def test_without_a_rival_step_3_asks_for_one_and_shows_what_is_there(workspace):
    plan = Plan.model_validate({"factors": {"f": {"name": "F"}}, "standing": {"scores": {"f": 6}}})
    case = Case(plan, workspace)
    assert not faults_in(plan)
    assert any(point.path == "/rivals" for point in check(plan))
    assert not exhibits.strategy_canvas(case).empty
    assert exhibits.price_map(case).empty
    assert exhibits.competitive_moves(case).empty
