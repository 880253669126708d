"""The upstream on one page: what was decided for each target, how sure it is, and what is missing."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.exhibits.upstream.one_page import evidence_grade
from workbook.plan.model import Plan, Segment
from workbook.plan.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    yield workspace
    workspace.log.close()


def grade(letter):
    return {"e": {"name": "Known", "source": "Source", "grade": letter}}


PLAN = {
    "charter": {"title": "Spring", "goal": "Sell"},
    "segments": {
        "firms": {"name": "Firms", "targeting": "target", "customers": 40, "evidence": grade("B")},
        "shops": {"name": "Shops", "targeting": "target"},
    },
    "needs": {
        "small": {"name": "Small", "segment": "firms", "importance": 5, "satisfaction": 5, "evidence": grade("A")},
        "large": {"name": "Large", "segment": "firms", "importance": 9, "satisfaction": 1, "evidence": grade("C")},
    },
    "attributes": {"engine": {"name": "Engine", "evidence": grade("B")}},
    "advantages": {"fast": {"name": "Fast", "attribute": "engine", "needs": ["large"]}},
    "offers": {"tool": {"name": "Tool", "needs": ["large"], "segments": ["firms"], "model": "tier", "price": 9}},
    "releases": {"one": {"name": "First", "segments": ["firms"], "offer": "tool", "date": "2027-05-01"}},
}


def shown(workspace, data, segment=""):
    return exhibits.one_pager(Case(Plan.model_validate(data), workspace, segment))


def test_each_target_has_a_card_with_its_decisions_their_grades_and_what_is_missing(workspace):
    page = shown(workspace, PLAN)
    assert [card.title for card in page.cards] == ["Spring", "Firms", "Shops"]
    firms = dict(page.cards[1].facts)
    assert firms["Problem (evidence C)"] == ("Large", "Small")
    assert firms["Advantage (evidence B)"] == ("Fast",)
    assert firms["Price (evidence D)"] == ("Tool: €9 for a customer and year",)
    assert firms["Date"] == ("First: 1 May 2027",)
    assert [tag.text for tag in page.cards[1].tags] == ["weakest evidence: grade D"]
    assert "missing: problem, solution, price, advantage and date" in [tag.text for tag in page.cards[2].tags]
    assert page.finding.endswith("Decided: 5 of 10.")


def test_a_segment_asked_for_has_the_page_to_itself(workspace):
    page = shown(workspace, PLAN, "firms")
    assert set(page.table["segment"]) == {"Firms"}
    assert page.finding == (
        "For “Firms”, problem, solution, price, advantage and date are decided. "
        "Judgement without better evidence: solution and price."
    )


def test_a_grade_is_the_worst_of_the_best():
    good, none = (
        Segment.model_validate({"id": "a", "evidence": {**grade("C"), "f": {"grade": "A"}}}),
        Segment(id="b"),
    )
    assert evidence_grade([good]) == "A"
    assert evidence_grade([good, none]) == "D"
    assert evidence_grade([none], {"b": 120}) == "A"
    assert evidence_grade([none], {"b": 12}) == "B"
    assert evidence_grade([]) is None
