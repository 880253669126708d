"""The head and the end of a report: what was decided, figures, what is open, what is left out, what it rests on."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.exhibits.brief import in_brief, not_yet
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


def facts(shown, title):
    (card,) = [card for card in shown.cards if card.title == title]
    return dict(card.facts)


def test_the_head_says_what_was_decided_the_figures_and_what_was_found(workspace):
    plan = workspace.log.plan("adaptive-test")[0]
    shown = in_brief(Case(plan, workspace), ["First found.", "Then found."])
    assert shown.finding == (
        "Whom to serve (Enterprise customers), with what, at what price, why and from when is decided. 1 point is still open."
    )
    assert facts(shown, "What was decided")["Campaigns"][0] == "Launch to enterprise customers"
    figures = facts(shown, "The figures that matter")
    assert figures["Worth of a customer: Enterprise customers"][0] == "€144,000"
    assert figures["What the revenue goal asks of marketing"] == ("29 customers",)
    assert figures["Budget"][1].startswith("brings 30 customers")
    assert facts(shown, "What was found") == {"In the order of the steps": ("First found.", "Then found.")}


def test_the_head_of_an_empty_plan_says_what_is_missing_and_where_it_is_decided(workspace):
    shown = in_brief(Case(Plan(), workspace), [])
    assert shown.finding.startswith("None of the six")
    missing = facts(shown, "What is not yet decided")
    assert missing["Segment (step 1)"] == ("No segment is chosen as a target: whom do you serve?",)
    assert "What was decided" not in [card.title for card in shown.cards]


def test_a_plan_with_some_decisions_names_the_others(workspace):
    plan = Plan.model_validate({"segments": {"firms": {"name": "Firms", "targeting": "target"}}})
    said = in_brief(Case(plan, workspace), []).finding
    assert said.startswith(
        "Decided are 1 of 6 upstream decisions; still missing: problem, solution, price, advantage and date."
    )


def test_what_is_left_out_stands_once_with_its_chapter():
    asked = [
        ("1. Segments", "Add one."),
        ("2. Needs", "Ask."),
        ("2. Needs", "Ask."),
        ("2. Needs", "Sort."),
        ("2. Needs", "Act."),
    ]
    shown = not_yet(asked)
    assert shown.finding == "4 parts are not worked out yet."
    assert shown.table["first"].tolist() == ["Add one.", "Ask. Sort."]
    assert shown.table["parts"].tolist() == [1, 3]
    assert not_yet([]).empty


def test_each_source_stands_once_with_its_best_grade_and_what_stands_on_it(workspace):
    evidence = {
        "a": {"name": "x", "source": "Interviews", "grade": "C", "n": 5},
        "b": {"name": "y", "source": "Interviews", "grade": "B", "n": 12},
        "c": {"name": "z", "source": "Hunch", "grade": "D"},
        "d": {"name": "nobody said where"},
    }
    plan = Plan.model_validate({"segments": {"s": {"evidence": evidence}}})
    shown = exhibits.sources(Case(plan, workspace))
    assert shown.table["source"].tolist() == ["Interviews", "Hunch"]
    assert shown.table["grade"].tolist() == ["B", "D"]
    assert shown.table["n"].tolist()[0] == 12
    assert shown.table["where"].tolist()[0] == "Segments (2)"
    assert shown.finding == "The plan rests on 2 sources. 1 of them is judgement."
    assert exhibits.sources(Case(Plan(), workspace)).empty


def test_tables_count_people_and_not_rows(workspace):
    shown = exhibits.sources(Case(workspace.log.plan("adaptive-test")[0], workspace)).table.set_index("where")
    assert shown.loc["Unmet needs by importance and satisfaction", ["grade", "n"]].tolist() == ["A", 180]
    assert shown.loc["Weights of criteria from comparisons of two at a time", "grade"] == "–"
