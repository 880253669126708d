"""The plan's model: what a field says of itself, ids, order, references."""

from collections import Counter
from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from workbook.plan.files import read_plan
from workbook.plan.model import (
    Channel,
    Charter,
    Choice,
    Curve,
    Indicator,
    Item,
    Plan,
    Ref,
    Release,
    Segment,
    Value,
    items_in,
    new_id,
    shapes,
    tree,
)
from workbook.plan.worth import outcome_worth, segment_worth
from workbook.shipped import shipped


def models(root=Plan):
    seen, todo = [], [root]
    while todo:
        model = todo.pop()
        if model not in seen:
            seen.append(model)
            todo += [field.holds for field in shapes(model) if field.holds]
    return seen


ALL_FIELDS = [(model, field) for model in models() for field in shapes(model)]
each_model = pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)


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


@each_model
def test_every_field_has_a_title_of_its_own_and_every_collection_a_button(model):
    for name, info in model.model_fields.items():
        assert name == "id" or info.title, name
    assert [field.name for field in shapes(model) if field.kind == "items" and not field.add] == []
    # Two fields of one card that read alike could not be told apart, nor two columns of one table.
    assert [title for title, n in Counter(field.title for field in shapes(model)).items() if n > 1] == []
    assert model.__doc__


@each_model
def test_every_example_is_a_value_of_its_own_field(model):
    for field in shapes(model):
        if field.example is None:
            continue
        value = [field.example] if field.kind == "lines" else field.example
        info = model.model_fields[field.name]
        read = TypeAdapter(info.annotation).validate_python(value)
        data = {field.name: value} | ({"id": "x"} if issubclass(model, Item) else {})
        assert getattr(model.model_validate(data), field.name) == read


@each_model
def test_an_unfinished_part_can_be_stored(model):
    empty = model.model_validate({"id": "x"} if issubclass(model, Item) else {})
    assert model.model_validate(tree(empty) | ({"id": "x"} if issubclass(model, Item) else {})) == empty


@each_model
def test_fields_that_only_make_sense_together_hold_neither_links_nor_parts(model):
    """A value is saved whole at one path; a link inside it could not be taken out by itself."""
    if issubclass(model, Value):
        assert {field.kind for field in shapes(model)} <= {"line", "number", "money", "rate", "month", "date", "choice"}


def test_every_reference_names_a_class_that_the_plan_has_a_collection_of():
    collections = {field.holds.__name__ for _, field in ALL_FIELDS if field.kind == "items"}
    linked = {field.target for _, field in ALL_FIELDS if field.target}
    assert linked <= collections
    assert {"Segment", "Need", "Advantage", "Release", "Finding", "Member"} <= linked


def test_every_collection_gives_its_new_items_an_id():
    for _, field in ALL_FIELDS:
        if field.kind == "items":
            assert field.holds.model_validate({"id": new_id("", [], otherwise=field.name.removesuffix("s"))})


def test_every_choice_has_words():
    kinds = {field.choices for _, field in ALL_FIELDS if field.choices}
    assert len(kinds) > 20
    for kind in kinds:
        assert issubclass(kind, Choice)
        assert len({choice.label for choice in kind}) == len(kind) > 1


def test_releases_may_stand_on_releases():
    assert shape(Release, "depends_on").target == "Release"


@pytest.mark.parametrize(("text", "day"), [("2027-05", date(2027, 5, 1)), ("2027-05-18", date(2027, 5, 18))])
def test_a_day_may_be_given_as_its_month(text, day):
    assert (shape(Release, "date").kind, Release(id="r", date=text).date) == ("date", day)


def test_a_reading_is_called_by_its_month():
    indicator = Indicator.model_validate({"id": "i", "readings": {"r": {"month": "2027-01"}, "s": {}}})
    assert [reading.label for reading in indicator.readings] == ["January 2027", "s"]


def test_the_sample_fills_every_section():
    _, plan = read_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    assert [field.name for field in shapes(Plan) if field.name not in tree(plan)] == []


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


def test_an_id_made_from_the_name_of_a_field_is_a_slug_too():
    assert new_id("", [], otherwise="won_evidence") == "won-evidence"


def test_a_schema_can_be_made():
    schema = Plan.model_json_schema()
    assert set(schema["properties"]) == set(Plan.unlisted) | {field.name for field in shapes(Plan)}
    assert {model.__name__ for model in models()} - {"Plan"} <= set(schema["$defs"])


VALUED = {"contract_value": 1000, "margin": 0.5, "churn": 0.25}
ADD_ON = {"segments": ["a"], "model": "add-on", "price": 10, "per": "month", "unit_cost": 5, "uptake": 0.5}


def worth_of(offer):
    plan = Plan.model_validate({"segments": {"a": VALUED}, "offers": {"o": offer}})
    return segment_worth(plan.item("a"), plan)


@pytest.mark.parametrize(
    ("changed", "worth"),
    [
        ({}, 2000 + 120),  # half of them bring 60 a year more, for four years
        ({"per": "year"}, 2000 + 10),
        ({"per": "once"}, 2000 + 2.5),
        ({"model": "bundled"}, 2000),
        ({"uptake": None}, 2000),
        ({"segments": []}, 2000),
        ({"unit_cost": 15}, 2000 - 120),
    ],
)
def test_what_is_sold_on_top_counts_in_what_a_customer_is_worth(changed, worth):
    assert worth_of(ADD_ON | changed) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("reach", "amount", "scaled"),
    [
        ({}, 3000, False),
        ({"a": 0.75, "b": 0.25}, 2500, False),
        ({"a": 0.3, "b": 0.1}, 2500, True),
        ({"b": 1}, 4000, False),
        ({"a": 0, "b": 0}, 3000, False),
        ({"a": 0.5, "b": 0.3, "out": 0.2}, 2750, True),
    ],
)
def test_segments_weigh_by_how_many_of_those_reached_are_theirs(reach, amount, scaled):
    segments = {"a": VALUED, "b": VALUED | {"contract_value": 2000}, "out": VALUED | {"targeting": "excluded"}}
    data = {"segments": segments, "channels": {"c": {"segments": list(segments), "reach": reach}}}
    plan = Plan.model_validate(data)
    worth = outcome_worth(plan.item("c"), plan)
    assert (worth.amount, worth.scaled) == (pytest.approx(amount), scaled)
    assert sum(worth.shares) == pytest.approx(1)
