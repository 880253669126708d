"""Which day does a cell hold? ISO, day or month first, months in words (English, Italian), years with two digits.

``03/04/2027`` is the third of April or the fourth of March: both stay until another cell of the column (``25/04/2027``)
or a person says what stands first.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["ORDERS", "DayCell", "day_cell"]

ORDERS = ("day-first", "month-first", "year-first")

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan gennaio gen",
            "february feb febbraio",
            "march mar marzo",
            "april apr aprile",
            "may maggio mag",
            "june jun giugno giu",
            "july jul luglio lug",
            "august aug agosto ago",
            "september sep sept settembre set sett",
            "october oct ottobre ott",
            "november nov novembre",
            "december dec dicembre dic",
        ),
        start=1,
    )
    for name in names.split()
}

TIME = r"(?:[T ,]\s*\d{1,2}[:.]\d{2}.*)?"
ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + TIME)
COMPACT = re.compile(r"(19\d{2}|20\d{2})(\d{2})(\d{2})")
MONTH_ONLY = re.compile(r"(\d{4})-(\d{2})")
THREE = re.compile(r"(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})" + TIME)
WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th|º|°)?[\s\-/.]*([^\W\d_]{3,})\.?,?[\s\-/.]*(\d{4}|\d{2})" + TIME)
WORDS_FIRST = re.compile(r"([^\W\d_]{3,})\.?[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-/.]+(\d{4}|\d{2})" + TIME)


@dataclass(frozen=True)
class DayCell:
    """
    The days a cell may mean, by what stands first in it; None in place of a day that no calendar has.

    ``short`` says that its year has two digits, so that the century is open.
    """

    by_order: tuple[tuple[str, date | None], ...]
    short: bool = False

    def day(self, order: str = "", *, strict: bool = False) -> date | None:
        """The day, where ``order`` says what stands first; when ``strict``, also for a cell that shows another order."""
        days = dict(self.by_order)
        if order in days and (strict or days[order] is not None):
            return days[order]
        return next(iter(self.possible.values()), None)

    @property
    def possible(self) -> dict[str, date]:
        """The days that are on the calendar, by what stands first."""
        return {order: day for order, day in self.by_order if day is not None}

    @property
    def doubtful(self) -> bool:
        """Whether the cell can mean more than one day."""
        return len(set(self.possible.values())) > 1

    @property
    def order(self) -> str:
        """What stands first in it, where only one order gives a day; nothing where the cell leaves it open."""
        found = self.possible
        return next(iter(found)) if len(self.by_order) > 1 and len(found) == 1 else ""


def day_cell(value: object, century: str = "") -> DayCell | None:
    """Return the days that ``value`` may mean, or None when it is no date at all. Times of day are left off."""
    if isinstance(value, datetime):
        return _certain(value.date())
    if isinstance(value, date):
        return _certain(value)
    if not isinstance(value, str):
        return None
    text = _plain(value)
    if found := ISO.fullmatch(text):
        return _certain(_day(found[1], found[3], found[4]))
    if found := COMPACT.fullmatch(text):
        return _certain(_day(*found.groups()))
    if found := MONTH_ONLY.fullmatch(text):
        return _certain(_day(found[1], found[2], "1"))
    if found := THREE.fullmatch(text):
        return _three(found[1], found[3], found[4], century)
    if found := WORDS.fullmatch(text):
        return _in_words(found[1], found[2], found[3], century)
    if found := WORDS_FIRST.fullmatch(text):
        return _in_words(found[2], found[1], found[3], century)
    return None


def _plain(text: str) -> str:
    marked = text.strip().translate({0x2013: "-", 0x2212: "-", 0x2010: "-", 0x2011: "-", 0xA0: " ", 0x202F: " "})
    if marked.isascii():
        return marked
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in marked)


def _certain(day: date | None) -> DayCell:
    return DayCell((("", day),))


def _three(first: str, second: str, last: str, century: str) -> DayCell:
    short = len(last) == 2
    year = _year(last, century)
    orders = [("day-first", _day(year, second, first)), ("month-first", _day(year, first, second))]
    if short and len(first) == 2:
        orders.append(("year-first", _day(_year(first, century), second, last)))
    return DayCell(tuple(orders), short)


def _in_words(day: str, month: str, year: str, century: str) -> DayCell | None:
    number = MONTHS.get(month.lower())
    if number is None:
        return None
    return DayCell((("", _day(_year(year, century), str(number), day)),), short=len(year) == 2)


def _year(digits: str, century: str) -> str:
    return digits if len(digits) == 4 else str(int(century or "2000") + int(digits))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
