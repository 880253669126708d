"""What can go wrong for a person: a few kinds of error, each a sentence with its values.

An error holds the English template and the values; it is worded when shown, in the language of whoever reads it.
A good message says where, what was found, what is allowed and what to do.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from workbook.language import N_, translated

__all__ = [
    "AnalysisError",
    "ParameterError",
    "PlanError",
    "PlanFileError",
    "ServingError",
    "StoreError",
    "TableError",
    "TableQuestion",
    "WorkbookError",
    "WorkshopError",
    "nearest",
    "require_choice",
]


class WorkbookError(Exception):
    """Any condition that the reader can mend. ``template`` is an English message of the catalogue."""

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template, values)
        self.template, self.values = template, values

    def __str__(self) -> str:
        return translated(self.template, **self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        # Sent from one process to another it is made again from what it holds: how it was called is not known here.
        return type(self).__new__, (type(self),), vars(self)


class PlanError(WorkbookError):
    """A value that the plan cannot hold."""


class PlanFileError(WorkbookError):
    """A plan file that cannot be read; ``problems`` has one thing that reads as a sentence for each fault found."""

    def __init__(self, template: str, problems: tuple[object, ...] = (), **values: Any) -> None:
        super().__init__(template, **values)
        self.problems = problems

    def __str__(self) -> str:
        shown = [f"  {problem}" for problem in self.problems[:SHOWN_AT_ONCE]]
        if len(self.problems) > SHOWN_AT_ONCE:
            shown.append("  " + translated(N_("and {count} more"), count=len(self.problems) - SHOWN_AT_ONCE))
        return "\n".join([super().__str__(), *shown])


class TableError(WorkbookError):
    """A table that does not hold what an analysis needs."""


class TableQuestion(TableError):
    """
    A table that can be read in more than one way; ``choices`` pairs each answer, as typed, with what it then says.

    ``likely`` is an answer that may do, as typed. A page asks in a form, and says the template alone. The values name
    the place: file, and where there is a cell, its row, column and text.
    """

    def __init__(
        self, template: str, choices: tuple[tuple[str, str], ...] = (), *, likely: str = "", **values: Any
    ) -> None:
        super().__init__(template, **values)
        self.choices, self.likely = choices, likely

    def __str__(self) -> str:
        if self.likely:
            return " ".join([super().__str__(), translated(N_("Perhaps {answer}."), answer=self.likely)])
        if not self.choices:
            return super().__str__()
        ways = "; ".join(f"{answer} → {meaning}" for answer, meaning in self.choices)
        return " ".join([super().__str__(), translated(N_("Say which: {ways}."), ways=ways)])


class AnalysisError(WorkbookError):
    """A condition under which a method has no answer."""


class StoreError(WorkbookError):
    """A store of plans that cannot be opened, read or written."""


class ParameterError(WorkbookError):
    """An unknown plan, step, language, scenario, segment or option."""


class ServingError(WorkbookError):
    """A server that cannot be started, or not in the way asked for."""


class WorkshopError(WorkbookError):
    """Something that cannot be done in a workshop, or not at this moment."""


SHOWN_AT_ONCE = 3
"""Faults listed in one message; a longer list is not read."""


def nearest(wanted: str, names: list[str] | tuple[str, ...], *, at_most: int = 3) -> str:
    """Return the ``names`` closest to ``wanted`` (all, cut at ``at_most``, when none is close), comma separated."""
    close = get_close_matches(wanted, names, n=at_most, cutoff=0.5) or sorted(names)[: at_most * 2]
    return ", ".join(close) or "-"


def require_choice(option: str, found: object, allowed: Iterable[str]) -> None:
    """Raise ParameterError, in the words of the command line, when ``option`` is ``found`` to be none of ``allowed``."""
    allowed = tuple(allowed)
    if found not in allowed:
        raise ParameterError(
            N_("--{option} is {found}, but must be one of: {allowed}."),
            option=option,
            found=str(found)[:60],
            allowed=", ".join(allowed),
        )
