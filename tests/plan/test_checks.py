"""What a plan lacks and what in it does not fit together."""

import pytest

from workbook.plan.checks import check, references
from workbook.plan.files import read_plan
from workbook.plan.model import Plan
from workbook.shipped import shipped


def points(data):
    found = check(Plan.model_validate(data))
    return {p.path: p.sentence for p in found if p.fault}, {p.path: p.sentence for p in found if not p.fault}


def test_an_empty_plan_has_no_fault_and_says_where_to_begin():
    faults, gaps = points({})
    assert faults == {}
    assert {"/charter/goal", "/segments", "/needs", "/channels", "/budget/total"} <= set(gaps)


def test_the_sample_has_one_open_point():
    _, plan = read_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    assert [(point.path, point.fault) for point in check(plan)] == [("/attributes/linked-results/evidence", False)]


@pytest.mark.parametrize(
    ("data", "path", "said"),
    [
        ({"channels": {"c": {"segments": ["gone"]}}}, "/channels/c/segments", "gone"),
        ({"channels": {"c": {"scores": {"gone": 1}}}}, "/channels/c/scores", "criteria"),
        ({"channels": {"c": {}}, "segments": {"c": {}}}, "/channels/c", "/segments/c"),
        ({"budget": {"total": 10, "reserve": 11}}, "/budget/reserve", "raise the total"),
        ({"budget": {"total": 10}, "curves": {"x": {"minimum": 11}}}, "/budget/total", "Lower a minimum"),
        ({"curves": {"x": {"minimum": 2, "maximum": 1}}}, "/curves/x/minimum", "€2"),
        ({"curves": {"x": {"ceiling": 5, "estimate": {"high": 6}}}}, "/curves/x/ceiling", "must be over"),
    ],
)
def test_what_cannot_stand_is_a_fault_with_a_way_out(data, path, said):
    faults, _ = points(data)
    assert said in faults[path]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"segments": {"a": {"targeting": "excluded"}}, "positioning": {"segment": "a"}}, "/positioning/segment"),
        (
            {"segments": {"a": {"targeting": "excluded"}}, "channels": {"c": {"segments": ["a"]}}},
            "/channels/c/segments",
        ),
        ({"segments": {"a": {}}}, "/segments"),
        ({"attributes": {"t": {}}, "advantages": {"v": {"attribute": "t"}}}, "/attributes/t/evidence"),
        ({"segments": {"a": {"evidence": {"e": {"grade": "E"}}}}}, "/segments/a/evidence/e/grade"),
        ({"channels": {"c": {}}}, "/curves"),
    ],
)
def test_what_would_make_the_plan_better_is_a_gap(data, path):
    faults, gaps = points(data)
    assert faults == {}
    assert path in gaps


def test_references_are_found_at_every_depth():
    plan = Plan.model_validate(
        {
            "needs": {"n": {"segment": "s", "personas": ["p"]}},
            "channels": {"c": {"scores": {"k": 1}}},
            "positioning": {"advantages": ["v"]},
        }
    )
    assert list(references(plan)) == [
        ("/needs/n/segment", "Segment", "s"),
        ("/needs/n/personas", "Persona", "p"),
        ("/positioning/advantages", "Advantage", "v"),
        ("/channels/c/scores", "Criterion", "k"),
    ]
