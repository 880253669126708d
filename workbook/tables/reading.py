"""How a table is to be read, where its cells alone do not say: the answers a person gave.

A table that can be read in two ways is never guessed at: reading it raises a ``TableQuestion`` which names the cell and
the answers. An answer is typed on the command (``--decimal comma``), or remembered with the study in the plan.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from workbook.errors import ParameterError, nearest, require_choice
from workbook.language import N_

__all__ = ["ANSWERS", "OpenPoint", "Reading"]


@dataclass(frozen=True)
class OpenPoint:
    """One thing that a table may leave open: its ``name`` as typed after two dashes, its ``meaning``, its ``choices``."""

    name: str
    meaning: str
    choices: tuple[str, ...] = ()


ANSWERS = (
    OpenPoint("decimal", N_("the decimal mark of numbers"), ("point", "comma")),
    OpenPoint("dates", N_("what stands first in a date"), ("day-first", "month-first", "year-first")),
    OpenPoint("century", N_("the century of years with two digits"), ("1900", "2000")),
    OpenPoint("currency", N_("the currency to read amounts in; rows in others are left out")),
    OpenPoint("percent", N_("whether 50 % is the fraction 0.5 or a plain 50"), ("fraction", "plain")),
    OpenPoint("separator", N_("what parts the columns"), ("comma", "semicolon", "tab", "bar")),
    OpenPoint(
        "encoding",
        N_("how letters are stored"),
        ("utf-8", "utf-16", "cp1252", "iso-8859-15", "cp1250", "cp1251", "cp1253", "cp850", "mac-roman"),
    ),
    OpenPoint("sheet", N_("the sheet of a spreadsheet")),
)


@dataclass(frozen=True)
class Reading:
    """
    Answers to what a table leaves open; an empty one leaves it to the table.

    ``columns`` pairs the name an analysis asks for with the table's own: ``(("importance", "imp"),)``; ``#3`` is the
    third column. The others hold what ``ANSWERS`` lists.
    """

    decimal: str = ""
    dates: str = ""
    century: str = ""
    currency: str = ""
    percent: str = ""
    separator: str = ""
    encoding: str = ""
    sheet: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for answer in ANSWERS:
            found = getattr(self, answer.name)
            if found and answer.choices:
                require_choice(answer.name, found, answer.choices)

    @classmethod
    def of(cls, options: Iterable[str] = (), columns: Iterable[str] = ()) -> "Reading":
        """
        Return the reading that ``options`` (``--decimal comma``) and ``columns`` (``importance=imp``) describe.

        Raises ParameterError for what is neither.
        """
        given = dict(_option(line) for line in options)
        return cls(columns=tuple(_pair(line) for line in columns), **given)

    @property
    def options(self) -> tuple[str, ...]:
        """The answers as typed on the command, without the columns."""
        given = ((answer.name, getattr(self, answer.name)) for answer in ANSWERS)
        return tuple(f"--{name} {shlex.quote(value)}" for name, value in given if value)

    def over(self, found: "Reading") -> "Reading":
        """Return this reading with what it leaves open taken from ``found``."""
        open_ = {f.name: getattr(found, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **open_)

    def source(self, wanted: str) -> str:
        """The table's own name of the column ``wanted``, or nothing."""
        return dict(self.columns).get(wanted, "")


def _option(line: str) -> tuple[str, str]:
    try:
        words = shlex.split(line.replace("=", " ", 1))
    except ValueError:
        words = []
    names = [answer.name for answer in ANSWERS]
    name = words[0].removeprefix("--") if words else ""
    if len(words) != 2 or name not in names:
        raise ParameterError(
            N_("“{found}” says nothing about a table. Write it as --decimal comma. The nearest are: {near}."),
            found=line[:60],
            near=nearest(name, names),
        )
    return name, words[1]


def _pair(line: str) -> tuple[str, str]:
    wanted, equals, found = line.partition("=")
    if not (equals and wanted.strip() and found.strip()):
        raise ParameterError(
            N_("“{found}” pairs no columns. Write the name asked for, =, and the table's own: importance=imp."),
            found=line[:60],
        )
    return wanted.strip(), found.strip()
