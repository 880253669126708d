"""The readiness gate: which of the six upstream decisions is missing, for whom, and which steps wait for it."""

import pytest

from workbook.plan.model import Plan
from workbook.plan.readiness import DECISIONS, upstream_decisions
from workbook.steps import RIVER, deciding_step, missing_upstream, step, waiting_steps

WHOLE = {
    "segments": {
        "firms": {"name": "Firms", "targeting": "target"},
        "shops": {"name": "Shops", "targeting": "excluded"},
    },
    "needs": {"speed": {"name": "Be quick", "segment": "firms"}},
    "advantages": {"quick": {"name": "Quick", "needs": ["speed"]}},
    "offers": {"tool": {"name": "Tool", "needs": ["speed"], "segments": ["firms"], "model": "tier", "price": 9}},
    "releases": {"first": {"name": "First", "segments": ["firms"], "offer": "tool", "date": "2027-05-01"}},
}


def changed(path, value):
    """The whole plan with the value at ``path`` (section, item, field) replaced, or taken out for None."""
    data = {section: {id: dict(item) for id, item in items.items()} for section, items in WHOLE.items()}
    section, *rest = path.split("/")
    if not rest:
        del data[section]
    elif value is None:
        del data[section][rest[0]][rest[1]]
    else:
        data[section][rest[0]][rest[1]] = value
    return Plan.model_validate(data)


def missing_in(plan, segment=""):
    return [kind for kind, decision in upstream_decisions(plan, segment).items() if decision.missing]


def test_an_empty_plan_lacks_all_six_and_a_whole_one_none():
    assert missing_in(Plan()) == list(DECISIONS)
    assert missing_in(Plan.model_validate(WHOLE)) == []


@pytest.mark.parametrize(
    ("path", "value", "lacking"),
    [
        ("segments/firms/targeting", "open", ["segment"]),
        ("needs", None, ["problem", "solution", "price", "advantage", "date"]),
        ("needs/speed/segment", "shops", ["problem", "solution", "price", "advantage", "date"]),
        ("offers", None, ["solution", "price", "date"]),
        ("offers/tool/needs", [], ["solution", "price", "date"]),
        ("offers/tool/segments", ["shops"], ["solution", "price", "date"]),
        ("offers/tool/price", None, ["price"]),
        ("advantages/quick/state", "dropped", ["advantage"]),
        ("releases/first/date", None, ["date"]),
        ("releases/first/status", "stopped", ["date"]),
    ],
)
def test_each_decision_taken_out_is_missed_with_what_stands_on_it(path, value, lacking):
    assert missing_in(changed(path, value)) == lacking


def test_what_is_included_or_free_has_its_price():
    for model in ("bundled", "free"):
        data = {**WHOLE, "offers": {"tool": {**WHOLE["offers"]["tool"], "model": model, "price": None}}}
        assert missing_in(Plan.model_validate(data)) == []


def test_each_target_is_asked_for_and_named_where_it_lacks_something():
    two = {**WHOLE, "segments": {**WHOLE["segments"], "shops": {"name": "Shops", "targeting": "target"}}}
    found = upstream_decisions(Plan.model_validate(two))
    assert [kind for kind in DECISIONS if found[kind].missing] == ["problem", "solution", "price", "advantage", "date"]
    assert found["problem"].missing.sentence == "no need of “Shops” is named: which problem do you solve?"
    assert [item.id for item in found["problem"].made] == ["speed"]
    assert missing_in(Plan.model_validate(two), "firms") == []


def test_a_step_is_told_only_of_the_decisions_it_stands_on_and_where_they_are_made():
    assert [one.kind for one in missing_upstream(Plan(), step("07_balance"))] == ["segment", "problem", "solution"]
    assert missing_upstream(Plan(), step("04_positioning")) == []
    assert [deciding_step(kind).number for kind in DECISIONS] == [1, 2, 5, 5, 4, 6]
    assert [page.number for page in waiting_steps("date")] == [9, 10, 12]
    asked = [page for page in RIVER if page.asks]
    assert [page.number for page in asked] == list(range(7, 13))
    # What a step stands on is decided before it.
    assert all(deciding_step(kind).number < page.number for page in asked for kind in page.asks)
