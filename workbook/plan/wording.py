"""What a field holds, in words: for cards, reports, and the before and after of a change."""

from collections.abc import Callable
from typing import Any

from workbook.language import _, date_words, month_words, number, percent, with_cents
from workbook.plan.model import FieldShape, Item, Part, Plan, shapes

__all__ = ["called", "in_lines", "in_words", "node_called", "section_title"]


def called(item: Item, plan: Plan) -> str:
    """Return what people call ``item``: its name, else that of the first item it names, else its id."""
    named = [getattr(item, s.name) for s in shapes(type(item)) if s.kind == "reference" and getattr(item, s.name)]
    return item.label if getattr(item, "name", "") or not named else plan.name_of(named[0])


def node_called(plan: Plan, node: str) -> str:
    """Return what people call a node (see ``links``); one that goes by what it names says which kind it is."""
    item = plan.item(node)
    if item is None:
        return section_title(node)
    kind = "" if getattr(item, "name", "") else f" ({section_title(plan.path(node).split('/')[1])})"
    return called(item, plan) + kind


def section_title(section: str) -> str:
    """Return the title of a section of the plan; its name for one that the plan does not have."""
    return next((_(shape.title) for shape in shapes(Plan) if shape.name == section), section)


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
    if shape.kind == "shares":
        return tuple(f"{plan.name_of(one)}: {percent(share)}" for one, share in value.items())
    if shape.kind == "scores":
        return tuple(f"{plan.name_of(one)}: {number(score)}" for one, score in value.items())
    if isinstance(value, tuple):
        return tuple(str(one) for one in value)
    words: dict[str, Callable[[Any], str]] = {
        "money": lambda amount: with_cents(amount, plan.charter.currency.value),
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
