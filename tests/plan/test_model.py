"""The plan's model: what a field says of itself, ids, order, references."""

import pytest
from pydantic import ValidationError

from workbook.plan.model import Channel, Charter, Curve, Plan, Ref, Segment, items_in, new_id, shapes, tree


def shape(model, name):
    return next(s for s in shapes(model) if s.name == name)


def test_a_field_says_its_kind_unit_range_and_example():
    value = shape(Segment, "contract_value")
    assert (value.kind, value.low, value.high, value.optional, value.example, value.step) == (
        "money",
        0,
        1e15,
        True,
        12_000,
        100,
    )
    assert (shape(Segment, "churn").unit, shape(Charter, "period").kind) == ("%", "value")


def test_a_reference_names_the_class_it_points_to():
    assert shape(Channel, "segments").target == "Segment"
    assert shape(Channel, "scores").target == "Criterion"
    assert shape(Curve, "channel").target == "Channel"


def test_every_field_of_the_plan_has_a_title_and_every_collection_a_button():
    seen, todo = set(), [Plan]
    while todo:
        model = todo.pop()
        seen.add(model)
        for field in shapes(model):
            assert field.title
            assert field.kind != "items" or field.add, field
            if field.holds and field.holds not in seen:
                todo.append(field.holds)
    assert len(seen) > 15


def test_items_keep_the_order_they_were_given_and_the_stored_one_wins():
    data = {"segments": {"b": {}, "a": {}, "c": {}}}
    assert [s.id for s in Plan.model_validate(data).segments] == ["b", "a", "c"]
    data["segments"]["~order"] = ["c", "gone", "a"]
    assert [s.id for s in Plan.model_validate(data).segments] == ["c", "a", "b"]


def test_the_tree_of_a_plan_makes_the_same_plan():
    plan = Plan.model_validate(
        {
            "segments": {"a": {"name": "A", "evidence": {"e": {"name": "x", "n": 3}}}},
            "charter": {"period": {"start": "2027-01"}},
        }
    )
    assert Plan.model_validate(tree(plan)) == plan


def test_items_are_found_by_id_at_any_depth():
    plan = Plan.model_validate({"segments": {"a": {"evidence": {"e": {"name": "x"}}}}})
    assert plan.path("e") == "/segments/a/evidence/e"
    assert plan.name_of("e") == "x"
    assert plan.item("gone") is None
    assert [path for path, _ in items_in(plan)] == ["/segments/a", "/segments/a/evidence/e"]


def test_a_plan_cannot_be_changed_in_place():
    plan = Plan()
    with pytest.raises(ValidationError):
        plan.segments = ()  # type: ignore[misc]


def test_references_are_written_as_text():
    assert isinstance(Channel.model_validate({"id": "c", "segments": ["a"]}).segments[0], Ref)


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("Enterprise customers", [], "enterprise-customers"),
        ("Città è", ["citta-e"], "citta-e-2"),
        ("客户", [], "segment"),
        ("客户", ["segment", "segment-2"], "segment-3"),
    ],
)
def test_ids_are_slugs_unique_in_the_plan(name, taken, made):
    assert new_id(name, taken, otherwise="segment") == made


def test_a_schema_can_be_made():
    assert "segments" in Plan.model_json_schema()["properties"]
