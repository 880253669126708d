"""How is a question answered on a phone? Each kind of answer reads what a form sends, or says what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workbook.errors import WorkshopError
from workbook.language import N_, as_number, exact, number

__all__ = [
    "LONGEST_NOTE",
    "Answering",
    "Comparison",
    "Dots",
    "Estimate",
    "Option",
    "Order",
    "Question",
    "Scale",
    "Words",
]

LONGEST_NOTE = 1_000
"""Characters of a note: what can still be read on a wall."""

COMPARED = (9, 7, 5, 3, 1)
"""How many times as important one of two may be, as Saaty's scale has it."""

LARGEST = 1e12


@dataclass(frozen=True)
class Option:
    """One of several things that are chosen from; ``path`` is that of a plan's item, empty for others."""

    id: str
    label: str
    path: str = ""


@dataclass(frozen=True)
class Scale:
    """A whole number from ``low`` to ``high``; ``low_words`` and ``high_words`` say what the ends mean."""

    low: int
    high: int
    low_words: str
    high_words: str
    kind: Literal["scale"] = "scale"

    def cleaned(self, given: Mapping[str, str]) -> Any:
        """Return the answer. Raises WorkshopError for none, and for one off the scale."""
        found = given.get("value", "").strip()
        if not found.isascii() or not found.lstrip("-").isdigit() or not self.low <= int(found[:9]) <= self.high:
            raise WorkshopError(
                N_("“{found}” is no answer here. Choose a number from {low} to {high}."),
                found=found[:20],
                low=number(self.low),
                high=number(self.high),
            )
        return int(found)


@dataclass(frozen=True)
class Comparison:
    """How many times as important the ``first`` is as the ``second``: 9 to 1/9, as 9 to -9 without 0 and -1."""

    first: Option
    second: Option
    kind: Literal["comparison"] = "comparison"

    @property
    def choices(self) -> tuple[int, ...]:
        """The answers offered, the first one's side first."""
        return (*COMPARED, *(-times for times in reversed(COMPARED) if times > 1))

    def cleaned(self, given: Mapping[str, str]) -> Any:
        """Return the answer. Raises WorkshopError for one that is not offered."""
        found = given.get("value", "").strip()
        if found not in {str(choice) for choice in self.choices}:
            raise WorkshopError(N_("“{found}” is no answer here. Choose one of those shown."), found=found[:20])
        return int(found)


@dataclass(frozen=True)
class Estimate:
    """A low, a likely and a high figure, in ``unit``."""

    unit: str = ""
    kind: Literal["estimate"] = "estimate"

    def cleaned(self, given: Mapping[str, str]) -> Any:
        """Return the three figures. Raises WorkshopError where one is missing or no number, or they do not rise."""
        low, likely, high = (_figure(given.get(name, "")) for name in ("low", "likely", "high"))
        if not low <= likely <= high:
            raise WorkshopError(
                N_("low, likely and high must rise, but are {low}, {likely} and {high}. Change one of them."),
                low=exact(low),
                likely=exact(likely),
                high=exact(high),
            )
        return {"low": low, "likely": likely, "high": high}


@dataclass(frozen=True)
class Dots:
    """So many dots (``total``) spread over the ``options``, at most ``most`` on one."""

    options: tuple[Option, ...]
    total: int
    most: int
    kind: Literal["dots"] = "dots"

    def cleaned(self, given: Mapping[str, str]) -> Any:
        """Return the dots by option. Raises WorkshopError for none, too many in all, and too many on one."""
        dots = {option.id: _count(given.get(f"dots-{option.id}", "")) for option in self.options}
        if sum(dots.values()) > self.total or max(dots.values(), default=0) > self.most:
            raise WorkshopError(
                N_("these are {found} dots. There are {total}, and at most {most} may lie on one thing."),
                found=number(sum(dots.values())),
                total=number(self.total),
                most=number(self.most),
            )
        if not any(dots.values()):
            raise WorkshopError(N_("no dot lies anywhere yet. Place at least one."))
        return {id: count for id, count in dots.items() if count}


@dataclass(frozen=True)
class Order:
    """The ``options`` in order, the best first."""

    options: tuple[Option, ...]
    kind: Literal["order"] = "order"

    def cleaned(self, given: Mapping[str, str]) -> Any:
        """Return the options' ids in order. Raises WorkshopError unless each place is given once."""
        places = {option.id: _count(given.get(f"place-{option.id}", "")) for option in self.options}
        if sorted(places.values()) != list(range(1, len(places) + 1)):
            raise WorkshopError(
                N_("each place from 1 to {count} must be given once. Look for one that stands twice, or not at all."),
                count=number(len(places)),
            )
        return sorted(places, key=lambda id: places[id])


@dataclass(frozen=True)
class Words:
    """Notes, as many as one likes; ``sides`` are the ids and names of the lists they go on."""

    sides: tuple[tuple[str, str], ...]
    kind: Literal["words"] = "words"

    def cleaned(self, given: Mapping[str, str]) -> Any:
        """Return side and text of a note. Raises WorkshopError for an empty and for an endless one."""
        text = " ".join(given.get("text", "").split())
        if not text:
            raise WorkshopError(N_("the note is empty. Write a few words."))
        if len(text) > LONGEST_NOTE:
            raise WorkshopError(
                N_("a note may have {allowed} characters; this one has {found}. Split it, or say it in fewer words."),
                allowed=number(LONGEST_NOTE),
                found=number(len(text)),
            )
        side = given.get("side", "") or self.sides[0][0]
        if side not in {id for id, _name in self.sides}:
            raise WorkshopError(N_("“{found}” is no answer here. Choose one of those shown."), found=side[:20])
        return {"side": side, "text": text}


Answering = Scale | Comparison | Estimate | Dots | Order | Words


@dataclass(frozen=True)
class Question:
    """
    One screen.

    Parameters
    ----------
    key
        Identifies it within its exercise.
    ask
        What is asked, as a message of the catalogue.
    about
        What it is asked of, as somebody named it; empty where the question says it all.
    answering
        How it is answered.
    item
        Id of the option it is about, empty for none or several.
    aspect
        What of the item is asked, such as ``importance``; empty where there is one thing only.
    """

    key: str
    ask: str
    answering: Answering
    about: str = ""
    item: str = ""
    aspect: str = ""


def _figure(text: str) -> float:
    try:
        value = as_number(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= LARGEST:
        raise WorkshopError(
            N_("“{found}” is no figure that can be estimated. Write a number of 0 or more."), found=text[:30]
        )
    return value


def _count(text: str) -> int:
    text = text.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise WorkshopError(N_("“{found}” is no count. Write a whole number."), found=text[:20])
    return int(text)
