"""Reading the cells of one column as numbers, dates, yes or no, or text, and asking where they can be read in two ways.

A convention that a cell leaves open is settled by the answers given, by other cells of its column, by what the column can
hold at all, and by the other columns of the table, in this order. Where these do not settle it, or contradict one another,
a ``TableQuestion`` names the cell.
"""

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from workbook.errors import TableError, TableQuestion
from workbook.language import N_, date_words, translated
from workbook.tables.days import DayCell, day_cell
from workbook.tables.figures import Figure, figure
from workbook.tables.reading import Reading

__all__ = ["Cells", "Kind", "ReadCells", "as_text", "days", "decimal_marks", "figures", "flags", "numbers", "texts"]

Kind = Literal["text", "number", "integer", "money", "date", "flag"]

MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "n.d.", "n/d", "-", "–", "—"))
YES = frozenset(("1", "1.0", "yes", "y", "true", "si", "sì", "s", "vero"))
NO = frozenset(("0", "0.0", "no", "n", "false", "falso"))

ENDLESS = frozenset(("inf", "infinity", "∞"))
"""How a table may say that there is no limit."""

ROW = "row of the file"
"""Name of the index of a table of which every row counts: the row of the file, for messages."""

LONGEST_SHOWN = 40


@dataclass(frozen=True)
class TableColumn:
    """
    One column an analysis reads: its name, its meaning in words, what its cells hold and between which values.

    ``money`` is a number in one currency, ``integer`` a whole number, ``date`` a day, ``flag`` yes or no as 1.0 and 0.0.
    An ``endless`` number may be written as infinity, where there is no limit. Cells that are ``names`` of things may not
    differ in nothing but capitals and spaces.
    """

    name: str
    meaning: str
    kind: Kind = "text"
    low: float | None = None
    high: float | None = None
    required: bool = True
    endless: bool = False
    names: bool = False


@dataclass(frozen=True)
class Cells:
    """The different cells of one column, and the row of the file each first stands in (the header is row 1)."""

    file: str
    column: str
    different: Sequence[object]
    first: Callable[[object], int]

    def question(self, found: object, choices: tuple[tuple[str, str], ...]) -> TableQuestion:
        """Return the question what the cell ``found`` says."""
        return TableQuestion(
            N_("{file}, row {row}, column “{column}”: “{found}” can be read in more than one way."),
            choices,
            file=self.file,
            row=self.first(found),
            column=self.column,
            found=shown(found),
        )


@dataclass(frozen=True)
class ReadCells:
    """Values in the order of the cells; the fault of each that has none; conventions used, as sentences."""

    values: list[object]
    faults: list[str]
    notes: tuple[str, ...] = ()


def shown(found: object) -> str:
    """Return a cell for a sentence: short, on one line, nothing that turns the writing round."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in as_text(found))
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def as_text(value: object) -> str:
    """Return a cell as text: a day as ISO, a whole number without decimals."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != datetime.min.time() else value.date().isoformat()
    return str(value)


def is_missing(value: object) -> bool:
    """Whether a cell that should hold a value says that there is none."""
    return as_text(value).casefold() in MISSING


def plain_name(text: str) -> str:
    """Return a name without what people do not see as a difference: capitals, spaces around it and double ones."""
    return " ".join(text.split()).casefold()


def texts(cells: Cells, *, names: bool = False) -> ReadCells:
    """Return each cell as text; a cell without any is left empty. Raises TableError where two ``names`` are called alike."""
    values = [as_text(value) for value in cells.different]
    if names:
        _require_distinct(cells, values)
    return ReadCells(list(values), ["" if value else "empty" for value in values])


def _require_distinct(cells: Cells, values: Sequence[str]) -> None:
    seen: dict[str, tuple[str, object]] = {}
    for value, cell in sorted(zip(values, cells.different, strict=True), key=lambda pair: cells.first(pair[1])):
        before, where = seen.setdefault(plain_name(value), (value, cell))
        if before != value:
            raise TableError(
                N_(
                    "{file}, column “{column}”: “{first}” in row {row} and “{second}” in row {other} are called alike. Write "
                    "them the same way if they are one, or give each a name of its own."
                ),
                file=cells.file,
                column=cells.column,
                first=shown(before),
                row=cells.first(where),
                second=shown(value),
                other=cells.first(cell),
            )


def flags(cells: Cells) -> ReadCells:
    """Return 1.0 for yes, 0.0 for no, in English or Italian words or as digits."""
    values: list[object] = []
    faults = []
    for value in cells.different:
        word = as_text(value).casefold()
        values.append(1.0 if word in YES else 0.0 if word in NO else None)
        faults.append("" if values[-1] is not None else "empty" if word in MISSING else "flag")
    return ReadCells(values, faults)


def figures(different: Sequence[object]) -> list[Figure | None]:
    """Return the number each cell writes, None where it writes none."""
    return [_figure(value) for value in different]


def _figure(value: object) -> Figure | None:
    if isinstance(value, str):
        return figure(value.strip())
    if isinstance(value, bool | date) or value is None:
        return None
    try:
        plain = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return Figure(plain, plain) if math.isfinite(plain) else None


def kinds_of(different: Sequence[object]) -> frozenset[Kind]:
    """Return which kinds a column could be of that holds these cells; none but text where nothing is filled."""
    filled = [cell for cell in different if not is_missing(cell)]
    kinds: set[Kind] = {"text"}
    read = figures(filled)
    if filled and all(read):
        kinds |= {"number", "money"}
        if all(one and (one.point.is_integer() or one.comma.is_integer()) for one in read):
            kinds.add("integer")
    if filled and all(day_cell(cell) for cell in filled):
        kinds.add("date")
    if filled and all(as_text(cell).casefold() in YES | NO for cell in filled):
        kinds.add("flag")
    return frozenset(kinds)


def decimal_marks(read: Sequence[Figure | None]) -> frozenset[str]:
    """Return the decimal marks that these numbers show."""
    return frozenset(one.mark for one in read if one is not None and one.mark)


def numbers(
    cells: Cells,
    read: Sequence[Figure | None],
    reading: Reading,
    *,
    whole: bool = False,
    low: float | None = None,
    high: float | None = None,
    money: bool = False,
    endless: bool = False,
    elsewhere: Callable[[], frozenset[str]] = frozenset,
) -> ReadCells:
    """
    Return each cell as a number.

    ``read`` are its ``figures``. ``money`` has no per cent sign; ``endless`` takes infinity. ``whole``, ``low`` and ``high``
    say what the column can hold; ``elsewhere`` returns the decimal marks that other columns show. Raises TableQuestion for
    a cell that all this leaves open.
    """

    def fits(value: float) -> bool:
        inside = (low is None or value >= low) and (high is None or value <= high)
        return inside and (value.is_integer() or not whole)

    decimal = _settled_decimal(cells, read, reading, fits, elsewhere)
    percent = _percent(cells, read, reading)
    currency = _currency(cells, read, reading)
    values: list[object] = []
    faults = []
    for cell, one in zip(cells.different, read, strict=True):
        value = None if one is None or (money and one.percent) else one.value(decimal, percent)
        if endless and as_text(cell).casefold() in ENDLESS:
            value = math.inf
        fault = "empty" if is_missing(cell) else "number" if value is None else ""
        if one is not None and value is not None:
            if currency and one.currency not in ("", currency):
                fault = "currency"
            elif whole and not value.is_integer():
                fault = "whole"
            elif low is not None and value < low:
                fault = "low"
            elif high is not None and value > high:
                fault = "high"
        values.append(None if fault else value)
        faults.append(fault)
    return ReadCells(values, faults, _number_notes(cells, read, decimal, currency, percent))


def _settled_decimal(
    cells: Cells,
    read: Sequence[Figure | None],
    reading: Reading,
    fits: Callable[[float], bool],
    elsewhere: Callable[[], frozenset[str]],
) -> str:
    """Return the decimal mark of a column; nothing where it makes no difference."""
    doubtful = [(cell, one) for cell, one in zip(cells.different, read, strict=True) if one and one.doubtful]
    own = decimal_marks(read)
    if reading.decimal or not doubtful:
        return reading.decimal or (next(iter(own)) if len(own) == 1 else "")
    if len(own) == 1:
        return next(iter(own))
    able = {
        mark for mark in ("point", "comma") if all(fits(one.value(mark, reading.percent)) for _cell, one in doubtful)
    }
    settled = (able if len(able) == 1 else frozenset()) | elsewhere()
    if not own and len(settled) == 1:
        return next(iter(settled))
    cell, one = min(doubtful, key=lambda pair: cells.first(pair[0]))
    raise cells.question(
        cell, (("--decimal comma", _plain_number(one.comma)), ("--decimal point", _plain_number(one.point)))
    )


def _percent(cells: Cells, read: Sequence[Figure | None], reading: Reading) -> str:
    """Return how per cent signs are read; asks where only some cells have one."""
    signed = [cell for cell, one in zip(cells.different, read, strict=True) if one and one.percent]
    bare = any(one and not one.percent and one.point != 0 for one in read)
    if reading.percent or not (signed and bare):
        return reading.percent
    first = min(signed, key=cells.first)
    ways = (figure(as_text(first)) or Figure(0, 0)).value
    choices = ((f"--percent {way}", _plain_number(ways("", way))) for way in ("fraction", "plain"))
    raise cells.question(first, tuple(choices))


def _currency(cells: Cells, read: Sequence[Figure | None], reading: Reading) -> str:
    """Return the currency of a column; asks where cells differ in it."""
    found: dict[str, object] = {}
    for cell, one in zip(cells.different, read, strict=True):
        if one and (one.currency or one.point != 0):
            kept = found.get(one.currency)
            if kept is None or cells.first(cell) < cells.first(kept):
                found[one.currency] = cell
    named = [currency for currency in found if currency]
    if len(found) <= 1 or not named:
        return named[0] if named else ""
    if reading.currency:
        wanted = figure(f"1 {reading.currency}")
        return wanted.currency if wanted and wanted.currency else reading.currency
    cell = max(found.values(), key=cells.first)
    words = translated(N_("amounts in {currency}, other currencies left out"), currency="{}")
    raise cells.question(cell, tuple((f"--currency {shlex.quote(one)}", words.format(one)) for one in sorted(named)))


def _number_notes(
    cells: Cells, read: Sequence[Figure | None], decimal: str, currency: str, percent: str
) -> tuple[str, ...]:
    notes = []
    if decimal == "comma" and any(one and (one.mark or one.doubtful) for one in read):
        notes.append(translated(N_("In {column} a comma is the decimal mark."), column=cells.column))
    if currency:
        notes.append(translated(N_("Amounts in {column} are in {currency}."), column=cells.column, currency=currency))
    if any(one and one.percent for one in read):
        value = "50" if percent == "plain" else "0.5"
        notes.append(translated(N_("In {column}, 50 % counts as {value}."), column=cells.column, value=value))
    return tuple(notes)


def days(cells: Cells, reading: Reading) -> ReadCells:
    """Return each cell as a day. Raises TableQuestion for one that its column and the answers leave open."""
    read = [day_cell(value, reading.century) for value in cells.different]
    _require_century(cells, read, reading)
    order = reading.dates or _settled_order(cells, read)
    values: list[object] = []
    faults = []
    for cell, one in zip(cells.different, read, strict=True):
        value = one.day(order, strict=bool(reading.dates)) if one else None
        values.append(value)
        fault = "calendar" if one else "date"
        faults.append("" if value else "empty" if is_missing(cell) else fault)
    return ReadCells(values, faults, _day_notes(cells, read, order, reading))


def _settled_order(cells: Cells, read: Sequence[DayCell | None]) -> str:
    seen = {one.order for one in read if one and one.order}
    doubtful = [(cell, one) for cell, one in zip(cells.different, read, strict=True) if one and one.doubtful]
    if len(seen) == 1 or not doubtful:
        return next(iter(seen)) if len(seen) == 1 else ""
    cell, one = min(doubtful, key=lambda pair: cells.first(pair[0]))
    raise cells.question(cell, _orders(one.possible))


def _require_century(cells: Cells, read: Sequence[DayCell | None], reading: Reading) -> None:
    short = [cell for cell, one in zip(cells.different, read, strict=True) if one and one.short and one.possible]
    if reading.century or not short:
        return
    cell = min(short, key=cells.first)
    choices = []
    for century in ("2000", "1900"):
        one = day_cell(cell, century)
        possible = _orders(one.possible if one else {})
        choices.append((f"--century {century}", possible[0][1]))
    raise cells.question(cell, tuple(choices))


def _orders(possible: Mapping[str, date]) -> tuple[tuple[str, str], ...]:
    return tuple((f"--dates {order}", date_words(day)) for order, day in possible.items())


def _day_notes(cells: Cells, read: Sequence[DayCell | None], order: str, reading: Reading) -> tuple[str, ...]:
    words = {"day-first": N_("day first"), "month-first": N_("month first"), "year-first": N_("year first")}
    notes = []
    if order and any(one and len(one.by_order) > 1 for one in read):
        notes.append(
            translated(N_("Dates in {column} are read {order}."), column=cells.column, order=translated(words[order]))
        )
    if any(one and one.short for one in read):
        notes.append(
            translated(
                N_("Years with two digits in {column} count from {century}."),
                column=cells.column,
                century=reading.century,
            )
        )
    return tuple(notes)


def _plain_number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def reason(column: TableColumn, cells: Cells, fault: str, first: object) -> str:
    """Return in words why rows were left out, with the ``first`` cell that has this ``fault``."""
    if fault == "empty":
        return translated(N_("{column} left empty"), column=column.name)
    words = {
        "number": N_("{column} is no number (first: “{found}” in row {row})"),
        "whole": N_("{column} is no whole number (first: “{found}” in row {row})"),
        "date": N_("{column} is no date (first: “{found}” in row {row})"),
        "calendar": N_("{column} is no day of the calendar (first: “{found}” in row {row})"),
        "flag": N_("{column} is neither yes nor no (first: “{found}” in row {row})"),
        "currency": N_("{column} is in another currency (first: “{found}” in row {row})"),
        "low": N_("{column} is below {low} (first: “{found}” in row {row})"),
        "high": N_("{column} is above {high} (first: “{found}” in row {row})"),
    }
    values = {"low": f"{column.low:g}" if column.low is not None else "", "column": column.name}
    values["high"] = f"{column.high:g}" if column.high is not None else ""
    return translated(words[fault], found=shown(first), row=cells.first(first), **values)


def nothing_left(file: str, excluded: Mapping[str, int]) -> TableError:
    """Return the refusal of a table of which every row was left out."""
    why = "; ".join(f"{one}: {count}" for one, count in excluded.items()) or translated(N_("it has no rows"))
    return TableError(
        N_("{file} has no row that can be used ({reasons}). Correct the table and bring it in again."),
        file=file,
        reasons=why,
    )
