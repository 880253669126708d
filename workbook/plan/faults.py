"""Faults of a plan's values in words: where, what was found, what is allowed, what to do.

The model says what is wrong through pydantic's error types; here each type becomes a sentence of the catalogue.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from workbook.errors import PlanError, nearest
from workbook.language import N_, number, translated
from workbook.plan.model.fields import SLUG, Part, ordered_ids, shapes

__all__ = ["FieldFault", "field_faults"]

_NUMBER = N_("Enter a number, without words or units.")
_WHOLE = N_("Enter a whole number.")
_FINITE = N_("Enter a number that is finite.")
_DAY = N_("Enter a month as year and month: 2027-01.")
_FIELDS = N_("Give named fields here, not a single value.")
_TEXT = N_("Enter text here, not a list or fields.")

ADVICE = {
    "greater_than_equal": N_("Enter {ge} or more."),
    "less_than_equal": N_("Enter {le} or less."),
    "finite_number": _FINITE,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_parsing": _WHOLE,
    "int_parsing_size": _FINITE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "string_type": _TEXT,
    "string_too_long": N_("Shorten it to {max_length} characters."),
    "string_too_short": N_("Leave no empty line here."),
    "string_pattern_mismatch": N_("Keep it on one line."),
    "string_unicode": N_("Take out the characters that are no valid text."),
    "enum": N_("Choose one of: {expected}."),
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "date_type": _DAY,
    "model_type": _FIELDS,
    "dict_type": _FIELDS,
    "tuple_type": N_("Give a list here."),
    "missing": N_("Fill it in."),
    "three_point_order": N_(
        "Low, likely and high must rise, but {smaller} stands before {larger}. Swap or correct them."
    ),
}
_SLUG_ADVICE = N_("Use lower-case letters, digits and hyphens, as in enterprise-customers.")
_UNKNOWN_FIELD = N_("There is no such field here. The nearest are: {near}.")
_OTHERWISE = N_("This value cannot be used here.")


class FieldFault(PlanError):
    """One value the model refuses: its ``path``, what was ``found``, and ``advice`` on the way out."""

    def __init__(self, path: str, found: Any, advice: str, **values: Any) -> None:
        super().__init__(N_("{path}: found {found}. {advice}"), path=path, found=_shown(found), advice=advice)
        self.path, self._advice, self._values = path, advice, values

    @property
    def advice(self) -> str:
        """What is allowed and what to do, in the language in use."""
        worded = {key: number(v) if isinstance(v, int | float) else v for key, v in self._values.items()}
        return translated(self._advice, **worded)

    def __str__(self) -> str:
        return translated(self.template, **{**self.values, "advice": self.advice})


def field_faults(error: ValidationError, model: type[Part], data: Any, *, at: str = "") -> tuple[FieldFault, ...]:
    """Return what pydantic found wrong in ``data``, read as ``model`` and standing at path ``at``, as faults in words."""
    faults = []
    for found in error.errors(include_url=False):
        path, names = _path(found["loc"], model, data, at)
        values = dict(found.get("ctx", {}))
        values.pop("error", None)
        advice = ADVICE.get(found["type"], _OTHERWISE)
        if found["type"] == "extra_forbidden":
            advice, values = _UNKNOWN_FIELD, {"near": nearest(str(found["loc"][-1]), names)}
        elif found["type"] == "string_pattern_mismatch" and values.get("pattern") == SLUG:
            advice, values = _SLUG_ADVICE, {}
        faults.append(FieldFault(path, found["input"], advice, **values))
    return tuple(faults)


def _path(loc: tuple[int | str, ...], model: type[Part], data: Any, at: str) -> tuple[str, list[str]]:
    """Return the path of a pydantic location (ids for indexes), and the names of the fields at its last step."""
    steps, holder = [at] if at else [""], model
    names = [shape.name for shape in shapes(model)]
    for step in loc:
        if isinstance(step, int) and isinstance(data, Mapping):
            keys = ordered_ids(data)
            step = keys[step] if step < len(keys) else step
        elif step == "[key]":
            continue
        shape = next((s for s in shapes(holder) if s.name == step), None)
        if shape is not None:
            names = [s.name for s in shapes(holder)]
            holder = shape.holds or holder
        else:
            names = [s.name for s in shapes(holder)]
        steps.append(str(step))
        data = data.get(step) if isinstance(data, Mapping) else None
    return "/".join(steps), names


def _shown(found: Any) -> str:
    """Return what was found in at most 60 characters, on one line."""
    if found in ("", None):
        return translated(N_("nothing"))
    text = " ".join(str(found).split())
    return f"“{text[:59]}…”" if len(text) > 60 else f"“{text}”"
