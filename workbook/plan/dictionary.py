"""The data dictionary and the JSON Schema of plan files, made from the plan's models.

python -m workbook.plan.dictionary          writes docs/data-dictionary.md and docs/plan.schema.json
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbook.language import _
from workbook.plan.files import FORMAT, write_atomically
from workbook.plan.model import FieldShape, Part, Plan, shapes
from workbook.plan.model.fields import SLUG

__all__ = ["data_dictionary", "plan_schema"]

KINDS = {
    "line": "a line of text",
    "text": "text",
    "lines": "a list of lines",
    "number": "a number",
    "money": "money, in the plan's currency",
    "rate": "a fraction, shown in per cent",
    "month": "a month, as 2027-01",
    "date": "a day, as 2027-01-15",
    "choice": "one of: {choices}",
    "reference": "the id of one of {target}",
    "references": "a list of ids of {target}",
    "scores": "a number for each of {target}",
    "shares": "a share for each of {target}, of one whole",
    "value": "named fields, saved as one",
    "items": "items by their id",
    "part": "named fields",
}


def data_dictionary() -> str:
    """Return the dictionary as Markdown: each class of the plan with its fields, kinds, ranges, units and examples."""
    out = [
        "# Data dictionary",
        "",
        "Everything a plan can hold, in the order in which it is decided. The page is made from the models of the plan;",
        "the same models make the forms, the file format and the checks. In a file, items stand under their id.",
        "",
    ]
    for model, path in _models():
        out += [f"## {model.__name__}", "", _summary(model), "", f"At `{path}`.", ""]
        out += ["| field | holds | range, unit | what it means | example |", "|---|---|---|---|---|"]
        out += [_row(shape) for shape in shapes(model)]
        out.append("")
    return "\n".join(out)


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan file: items are objects by id, and ``format`` and ``plan`` lead the file."""
    schema = Plan.model_json_schema()
    models = {model.__name__: model for model, _path in _models()}
    for name, definition in [("Plan", schema), *schema.get("$defs", {}).items()]:
        if name in models:
            _by_id(definition, models[name])
    schema["properties"] = {
        "format": {"const": FORMAT, "title": "Version of the file format"},
        "plan": {"type": "string", "pattern": SLUG, "title": "Id of the plan"},
    } | schema["properties"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema


def _by_id(definition: dict[str, Any], model: type[Part]) -> None:
    """Turn the arrays of items in a definition into objects by id, and drop the id from the items themselves."""
    properties = definition.get("properties", {})
    properties.pop("id", None)
    definition["required"] = [name for name in definition.get("required", []) if name != "id"]
    if not definition["required"]:
        definition.pop("required")
    for shape in shapes(model):
        if shape.kind == "items" and shape.name in properties:
            held = properties[shape.name]
            items = held.pop("items", {})
            held.pop("default", None)
            held |= {"type": "object", "propertyNames": {"pattern": SLUG}, "additionalProperties": items}


def _models() -> Iterator[tuple[type[Part], str]]:
    """Yield each class of the plan once, with the first path it is found at, outer ones first."""
    seen: set[type[Part]] = set()
    waiting: list[tuple[type[Part], str]] = [(Plan, "/")]
    while waiting:
        model, path = waiting.pop(0)
        if model in seen:
            continue
        seen.add(model)
        yield model, path
        for shape in shapes(model):
            if shape.holds is not None:
                inner = f"{path.rstrip('/')}/{shape.name}" + ("/<id>" if shape.kind == "items" else "")
                waiting.append((shape.holds, inner))


def _summary(model: type[Part]) -> str:
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())


def _row(shape: FieldShape) -> str:
    cells = (
        f"`{shape.name}`",
        _kind(shape),
        _range(shape),
        " ".join(part for part in (f"**{_(shape.title)}.**", _(shape.help) if shape.help else "") if part),
        "" if shape.example is None else f"{shape.example}",
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _kind(shape: FieldShape) -> str:
    choices = ", ".join(f"`{choice.value}`" for choice in shape.choices) if shape.choices else ""
    return KINDS[shape.kind].format(choices=choices, target=shape.target)


def _range(shape: FieldShape) -> str:
    bounds = ""
    if shape.low is not None and shape.high is not None:
        bounds = f"{shape.low:g} to {shape.high:g}"
    elif shape.low is not None:
        bounds = f"from {shape.low:g}"
    return ", ".join(part for part in (bounds, _(shape.unit) if shape.unit else "") if part)


def main() -> None:
    """Write both files."""
    docs = Path(__file__).parents[2] / "docs"
    write_atomically(docs / "data-dictionary.md", (data_dictionary() + "\n").encode())
    write_atomically(
        docs / "plan.schema.json", (json.dumps(plan_schema(), indent=1, ensure_ascii=False) + "\n").encode()
    )


if __name__ == "__main__":
    main()
