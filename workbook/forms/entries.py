"""Between what a person types and what the plan holds: one field's value as text, and text as a value.

The kinds of field and their ranges are the model's; here is only how each kind is written in the reader's language.
"""

from typing import Any

from workbook.language import N_, as_number, exact, number, translated
from workbook.plan.faults import FieldFault
from workbook.plan.model import FieldShape

__all__ = ["entered", "shown"]

NUMBERS = ("number", "money", "rate")
SEVERAL = ("lines", "references")


def shown(shape: FieldShape, value: Any) -> str | list[str]:
    """Return ``value`` as the field shows it for editing: nothing rounded, with the language's marks."""
    if shape.kind in SEVERAL:
        return [str(one) for one in value or ()]
    if value is None:
        return ""
    if shape.kind in NUMBERS:
        return exact(round(value * 100, 10) if shape.kind == "rate" else value)
    if shape.kind == "month":
        return f"{value:%Y-%m}"
    return str(value)


def entered(shape: FieldShape, text: Any, path: str) -> Any:
    """
    Return what the person entered as JSON data for the model to check; None for a field left empty.

    Raises FieldFault when it is no value of the field's kind at all, such as letters for a number.
    """
    if shape.kind in SEVERAL:
        return [one for one in _strings(text) if one.strip()]
    plain = text if isinstance(text, str) else ""
    if shape.kind not in NUMBERS:
        return plain.strip() or None
    bare = plain.replace("%", "").strip() if shape.kind == "rate" else plain.strip()
    if not bare:
        return None
    try:
        value = as_number(bare)
    except ValueError:
        raise FieldFault(path, plain, N_("Enter a number, such as {example}."), example=number(1234.5, 1)) from None
    return round(value / 100, 12) if shape.kind == "rate" else value


def stepped(shape: FieldShape, value: Any, by: int) -> str:
    """Return the text after ``by`` steps of the arrow keys from ``value``, kept within the field's range."""
    moved = (value or 0) + by * (shape.step or 1)
    if shape.low is not None:
        moved = max(moved, shape.low)
    if shape.high is not None:
        moved = min(moved, shape.high)
    return str(shown(shape, round(moved, 10)))


def example(shape: FieldShape) -> str:
    """Return the model's example as the field would show it."""
    value = shape.example
    if value is None:
        return ""
    if isinstance(value, str):
        return value if shape.kind in ("month", "date") else translated(value)
    return str(shown(shape, value))


def _strings(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)] if value else []
