"""The data dictionary and the schema stand in the documentation as the models make them today."""

import json

import jsonschema
import pytest

from workbook.plan.dictionary import data_dictionary, plan_schema
from workbook.plan.files import read_plan
from workbook.plan.model import Plan, shapes, tree
from workbook.shipped import shipped

DOCS = shipped("notebooks").parent / "docs"


def test_the_dictionary_in_the_documentation_is_the_one_of_the_models():
    assert (DOCS / "data-dictionary.md").read_text("utf-8") == data_dictionary() + "\n", (
        "run: python -m workbook.plan.dictionary"
    )


def test_the_schema_in_the_documentation_is_the_one_of_the_models():
    assert json.loads((DOCS / "plan.schema.json").read_text("utf-8")) == plan_schema()


def test_every_field_of_every_class_has_a_row():
    text = data_dictionary()
    for shape in shapes(Plan):
        assert f"| `{shape.name}` |" in text


@pytest.mark.parametrize("file", sorted((shipped("data") / "samples").glob("*.yaml")), ids=lambda f: f.stem)
def test_the_samples_are_valid_by_the_schema(file):
    plan_id, plan = read_plan(file)
    jsonschema.validate({"format": 1, "plan": plan_id} | tree(plan), plan_schema())


def test_an_unknown_field_a_negative_budget_and_an_id_with_a_slash_are_not():
    for wrong in ({"budget": {"total": -1}}, {"segmnts": {}}, {"segments": {"../x": {}}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, plan_schema())
