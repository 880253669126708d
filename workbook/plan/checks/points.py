"""A point of advice: what was found where, and the way out. A fault cannot stand, a gap would make the plan better."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.language import translated
from workbook.plan.model import Part, Plan

__all__ = ["Point", "Rule", "fault", "gap", "missing"]


@dataclass(frozen=True)
class Point:
    """Something to mend (a ``fault``) or to add (a gap) at ``path``; ``sentence`` says what, and the way out."""

    path: str
    template: str
    values: tuple[tuple[str, Any], ...] = ()
    fault: bool = False

    @property
    def sentence(self) -> str:
        """What was found, what is allowed and what to do, in the language in use."""
        return translated(self.template, **dict(self.values))

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


Rule = Callable[[Plan], Iterable[Point]]


def fault(path: str, template: str, **values: Any) -> Point:
    """Return what cannot stand at ``path``, worded by the ``template`` filled with ``values``."""
    return Point(path, template, tuple(values.items()), fault=True)


def gap(path: str, template: str, **values: Any) -> Point:
    """Return what would make the plan better at ``path``."""
    return Point(path, template, tuple(values.items()))


def missing(path: str, part: Part, asked: Mapping[str, str]) -> Iterator[Point]:
    """Yield a gap for each field of ``part`` (at ``path``) that is empty, with the sentence that asks for it."""
    for name, sentence in asked.items():
        if getattr(part, name) in (None, "", (), {}):
            yield gap(f"{path}/{name}", sentence)
