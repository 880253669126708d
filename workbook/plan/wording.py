"""What a field holds, in words: for cards, reports, and the before and after of a change."""

from collections.abc import Callable
from typing import Any

from workbook.language import _, date_words, money, month_words, number, percent
from workbook.plan.model import FieldShape, Part, Plan, shapes

__all__ = ["in_lines", "in_words"]


def in_lines(shape: FieldShape, value: Any, plan: Plan) -> tuple[str, ...]:
    """Return what a field of ``plan`` holds, one line a thing, in the language in use; none for a field left empty."""
    if value in (None, "", (), {}):
        return ()
    if isinstance(value, Part):
        inner = ((s, in_lines(s, getattr(value, s.name), plan)) for s in shapes(type(value)))
        return tuple(f"{_(s.title)}: {', '.join(lines)}" for s, lines in inner if lines)
    if shape.kind == "items":
        return tuple(item.label for item in value)
    if shape.kind == "references":
        return tuple(plan.name_of(one) for one in value)
    if shape.kind == "scores":
        return tuple(f"{plan.name_of(one)}: {number(score)}" for one, score in value.items())
    if isinstance(value, tuple):
        return tuple(str(one) for one in value)
    words: dict[str, Callable[[Any], str]] = {
        "money": lambda amount: money(amount, plan.charter.currency.value),
        "rate": percent,
        "number": lambda figure: _measured(figure, shape),
        "month": month_words,
        "date": date_words,
        "choice": lambda choice: _(choice.label),
        "reference": plan.name_of,
    }
    return (words.get(shape.kind, str)(value),)


def in_words(shape: FieldShape, value: Any, plan: Plan) -> str:
    """Return what a field of ``plan`` holds on one line; nothing for a field left empty."""
    return " · ".join(in_lines(shape, value, plan))


def _measured(figure: float, shape: FieldShape) -> str:
    """Return a number with its unit, where that is one word and no range such as “0 to 10”."""
    return f"{number(figure)} {_(shape.unit)}" if shape.unit and " " not in shape.unit else number(figure)
