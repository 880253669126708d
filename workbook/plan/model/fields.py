"""The kinds of value a plan is made of, and what one field says of itself.

A field is described once, where the model declares it: title, help, unit, range, example, what it refers to. From that
description come the form, the file format, the checks of parameters and the data dictionary.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, ForwardRef, Generic, Literal, Self, TypeVar, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    StringConstraints,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

__all__ = [
    "Choice",
    "Count",
    "Day",
    "FieldShape",
    "Item",
    "Line",
    "Lines",
    "Money",
    "Month",
    "OneToTen",
    "Part",
    "Quantity",
    "Rate",
    "Ref",
    "Score",
    "Share",
    "Text",
    "Value",
    "Weight",
    "ZeroToFive",
    "items_in",
    "new_id",
    "ordered_ids",
    "shapes",
    "tree",
]

ORDER = "~order"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Kind = Literal[
    "line",
    "text",
    "lines",
    "number",
    "money",
    "rate",
    "month",
    "date",
    "choice",
    "reference",
    "references",
    "scores",
    "shares",
    "value",
    "items",
    "part",
]


@dataclass(frozen=True)
class As:
    """How a value is typed and shown: its kind, its unit in English (a message of the catalogue), an arrow key's step."""

    kind: Kind
    unit: str = ""
    step: float | None = None


T = TypeVar("T", bound="Item")

Line = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\r\n]*$", strip_whitespace=True), As("line")]
Text = Annotated[str, StringConstraints(max_length=20_000), As("text")]
Lines = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\r\n]*$", min_length=1)], ...], As("lines")
]
Money = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False), As("money", step=1000)]
Count = Annotated[int, Field(ge=0, le=10**12), As("number", step=10)]
Quantity = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False), As("number", step=1)]
Rate = Annotated[float, Field(ge=-1, le=100, allow_inf_nan=False), As("rate", "%", step=0.01)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), As("rate", "%", step=0.01)]
Score = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False), As("number", "0 to 10", step=1)]
Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), As("number", step=1)]
OneToTen = Annotated[float, Field(ge=1, le=10, allow_inf_nan=False), As("number", "1 to 10", step=1)]
ZeroToFive = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False), As("number", "0 to 5", step=1)]


def _first_of_month(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}", value.strip()):
        return f"{value.strip()}-01"
    return value


Month = Annotated[
    date,
    BeforeValidator(_first_of_month),
    PlainSerializer(lambda day: f"{day:%Y-%m}", return_type=str),
    As("month"),
]

Day = Annotated[date, BeforeValidator(_first_of_month), As("date")]
"""A day; ``2027-05`` is its first, for those who only know the month."""


class Choice(StrEnum):
    """One of a few words, each with a ``label`` for people: ``TARGET = "target", N_("Target")``."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Ref(str, Generic[T]):
    """
    The id of another item of the plan. A ``Ref`` is a link: what holds it stands on what it names.

    That the item exists is not checked here, since two people may edit at once; ``plan.checks`` names what dangles.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(pattern=SLUG, max_length=80)
        return core_schema.no_info_after_validator_function(cls, text, serialization=core_schema.to_string_ser_schema())


class Part(BaseModel):
    """Something of the plan with fields: frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, use_attribute_docstrings=False)

    unlisted: ClassVar[tuple[str, ...]] = ()
    """Fields that no form shows: the workbook keeps them for itself."""

    @model_validator(mode="before")
    @classmethod
    def _collections_from_mappings(cls, data: Any) -> Any:
        """Items come from files and revisions as mappings by id; in the model they are tuples in their order."""
        if not isinstance(data, Mapping):
            return data
        data = dict(data)
        for shape in shapes(cls):
            if shape.kind == "items" and isinstance(data.get(shape.name), Mapping):
                by_id = data[shape.name]
                data[shape.name] = tuple(
                    {**by_id[key], "id": key} if isinstance(by_id[key], Mapping) else by_id[key]
                    for key in ordered_ids(by_id)
                )
        return data


class Value(Part):
    """Fields that only make sense together: one value, at one path, changed as one."""


class Item(Part):
    """A thing with an id of its own, which others may refer to."""

    id: Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]

    @property
    def label(self) -> str:
        """What people call it: its name, else its id."""
        return getattr(self, "name", "") or self.id


@dataclass(frozen=True)
class FieldShape:
    """What a field says of itself; words are English messages of the catalogue."""

    name: str
    kind: Kind
    title: str
    help: str = ""
    unit: str = ""
    example: Any = None
    optional: bool = False
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: type[Choice] | None = None
    target: str = ""
    """Class name of the items that a reference may name."""
    holds: type[Part] | None = None
    """The class of the part, value or items in it."""
    add: str = ""
    """What the button that adds an item says."""
    side: str = ""
    evidenced: bool = False
    """Whether an analysis can work the figure out: typed by hand, it is judgement, and says so."""

    @property
    def each(self) -> "FieldShape":
        """What scores or shares hold for each thing they are about: a number of their own range."""
        if self.kind == "shares":
            return FieldShape("", "rate", "", unit="%", low=0, high=1, step=0.01)
        return FieldShape("", "number", "", low=0, high=10, step=1)


@cache
def shapes(model: type[Part]) -> tuple[FieldShape, ...]:
    """Return the fields of ``model`` in their order, without ``id``."""
    return tuple(_shape(name, info) for name, info in model.model_fields.items() if name not in ("id", *model.unlisted))


def _shape(name: str, info: FieldInfo) -> FieldShape:
    annotation, marks = _unwrapped(info.annotation, list(info.metadata))
    optional = NoneType in get_args(info.annotation) if get_origin(info.annotation) in (Union, UnionType) else False
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    mark = next((m for m in marks if isinstance(m, As)), None)
    bounds = {
        key: next((getattr(m, key) for m in reversed(marks) if getattr(m, key, None) is not None), None)
        for key in ("ge", "le", "gt", "lt")
    }
    kind, choices, target, holds = _kind(annotation, mark)
    return FieldShape(
        name=name,
        kind=kind,
        title=info.title or name.replace("_", " ").capitalize(),
        help=info.description or "",
        unit=str(extra.get("unit", mark.unit if mark else "")),
        example=info.examples[0] if info.examples else None,
        optional=optional,
        low=bounds["ge"] if bounds["ge"] is not None else bounds["gt"],
        high=bounds["le"] if bounds["le"] is not None else bounds["lt"],
        step=extra.get("step", mark.step if mark else None),  # type: ignore[arg-type]
        choices=choices,
        target=target,
        holds=holds,
        add=str(extra.get("add", "")),
        side=str(extra.get("side", "")),
        evidenced=bool(extra.get("evidenced", False)),
    )


def _unwrapped(annotation: Any, marks: list[Any]) -> tuple[Any, list[Any]]:
    """Return the bare type and every mark on it, through ``Annotated`` and ``| None``."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *inner = get_args(annotation)
            for mark in inner:
                marks += mark.metadata if isinstance(mark, FieldInfo) else [mark]
        elif origin in (Union, UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not NoneType)
        else:
            return annotation, [inner for m in marks for inner in (m.metadata if isinstance(m, FieldInfo) else [m])]


def _kind(annotation: Any, mark: As | None) -> tuple[Kind, type[Choice] | None, str, type[Part] | None]:
    if mark:
        return mark.kind, None, "", None
    origin = get_origin(annotation)
    if origin is Ref or annotation is Ref:
        return "reference", None, _class_name(get_args(annotation)[0]), None
    if origin is dict:
        about, each = get_args(annotation)
        _bare, marks = _unwrapped(each, [])
        parts = any(isinstance(m, As) and m.kind == "rate" for m in marks)
        return "shares" if parts else "scores", None, _class_name(get_args(about)[0]), None
    if origin is tuple:
        inner = get_args(annotation)[0]
        if get_origin(inner) is Ref:
            return "references", None, _class_name(get_args(inner)[0]), None
        return "items", None, "", inner
    if isinstance(annotation, type):
        if issubclass(annotation, Choice):
            return "choice", annotation, "", None
        if issubclass(annotation, Value):
            return "value", None, "", annotation
        if issubclass(annotation, Part):
            return "part", None, "", annotation
    raise TypeError(f"no kind of field for {annotation!r}")


def _class_name(target: Any) -> str:
    if isinstance(target, ForwardRef):
        return target.__forward_arg__
    return target if isinstance(target, str) else target.__name__


def ordered_ids(by_id: Mapping[str, Any]) -> list[str]:
    """Return the ids of a collection: in the order stored under ``~order``, what that does not name last."""
    stored = by_id.get(ORDER)
    wanted = [key for key in stored if key in by_id] if isinstance(stored, list | tuple) else []
    return list(dict.fromkeys(wanted)) + [key for key in by_id if key != ORDER and key not in wanted]


def tree(part: Part) -> dict[str, Any]:
    """Return ``part`` as JSON data: items as a mapping by id, nothing that is None or empty."""
    data: dict[str, Any] = {}
    values = part.model_dump(
        mode="json", include={s.name for s in shapes(type(part)) if s.kind not in ("items", "part")}
    )
    for shape in shapes(type(part)):
        held = getattr(part, shape.name)
        if shape.kind == "items":
            value: Any = {item.id: tree(item) for item in held}
        elif shape.kind == "part":
            value = tree(held)
        elif shape.kind == "value" and held is not None:
            value = {key: inner for key, inner in values[shape.name].items() if inner is not None}
        else:
            value = values[shape.name]
        if value not in (None, "", [], {}, ()):
            data[shape.name] = value
    kept = part.model_dump(mode="json", include=set(part.unlisted), exclude_none=True) if part.unlisted else {}
    return data | {name: value for name, value in kept.items() if value}


def items_in(part: Part, path: str = "") -> Iterator[tuple[str, "Item"]]:
    """Yield (path, item) for every item in ``part``, at any depth, outer ones first."""
    for shape in shapes(type(part)):
        held = getattr(part, shape.name)
        if shape.kind == "part":
            yield from items_in(held, f"{path}/{shape.name}")
        elif shape.kind == "items":
            for item in held:
                here = f"{path}/{shape.name}/{item.id}"
                yield here, item
                yield from items_in(item, here)


def new_id(name: str, taken: Iterable[str], *, otherwise: str = "item") -> str:
    """Return a slug of ``name`` that is not ``taken``: ``-2``, ``-3`` on collision, ``otherwise`` where no letter is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    slug = slug or otherwise.replace("_", "-")
    used = set(taken)
    if slug not in used:
        return slug
    return next(candidate for n in range(2, len(used) + 3) if (candidate := f"{slug}-{n}") not in used)
