"""The words of the workbook: one catalogue of sentences, and numbers, money and dates as each language writes them.

The code holds the English sentence; ``words/<language>/LC_MESSAGES/workbook.po`` holds its translation, read through
Babel. ``_`` words a sentence now, ``N_`` marks one to be worded later, ``plural`` chooses by a count. Placeholders are
named: ``_("Saved r{revision}", revision=12)``; f-strings are not, since Babel could not find them.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

__all__ = [
    "LANGUAGES",
    "MINUS",
    "N_",
    "_",
    "as_number",
    "current",
    "date_words",
    "exact",
    "listed",
    "money",
    "money_in_short",
    "month_words",
    "number",
    "percent",
    "plural",
    "speak",
    "speaking",
    "translated",
    "with_cents",
]

LANGUAGES = {"en": "English", "it": "Italiano"}
"""Languages with a catalogue, under their own name."""

LOCALES = {"en": "en_GB", "it": "it_IT"}

SHORT_FROM, MILLION = 10_000, 1_000_000
"""Amounts from which on they may be shortened, to thousands and to millions."""

INNER = str.maketrans("“”", "‘’")
"""Quotation marks inside others."""

THOUSANDS = {"it": "#,##0'\u00a0mila'\u00a0¤"}
"""How a language writes thousands of money in short, where its locale has no short form."""

CENTS_BELOW = 1000
"""Amounts from which on cents no longer count."""

LARGEST = 1e18
"""From here on a number is written with its power of ten: Babel writes no more than 28 figures."""

MINUS = "\u2212"
"""What stands before a figure below nothing, in sentences and tables as on the axes of charts."""

# A kernel runs each widget message in a context of its own, so what a notebook chose must hold for the whole process;
# the context variable is for those who switch for a moment.
_spoken = "en"
_for_now: ContextVar[str] = ContextVar("language")


def current() -> str:
    """Return the language in use: a key of ``LANGUAGES``."""
    return _for_now.get(_spoken)


def speak(language: str) -> None:
    """Use ``language`` from now on, in this process."""
    global _spoken
    _require_catalogue(language)
    _spoken = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use ``language`` inside the ``with`` block only."""
    _require_catalogue(language)
    token = _for_now.set(language)
    try:
        yield
    finally:
        _for_now.reset(token)


def _require_catalogue(language: str) -> None:
    if language not in LANGUAGES:
        # A program's mistake: what people ask for is checked before, where it can be said in a language they read.
        raise ValueError(f"no catalogue for language {language!r}; there are {', '.join(LANGUAGES)}")


def N_(message: str) -> str:  # the name is gettext's convention
    """Mark ``message`` for the catalogue and return it unchanged, to be worded when shown."""
    return message


def translated(message: str, **values: Any) -> str:
    """Return ``message`` in the language in use, its placeholders filled with ``values``."""
    worded = _catalogue(current()).get(message) or message
    return worded.format(**_nested(worded, values)) if values else worded


_ = translated


def plural(one: str, many: str, count: int, **values: Any) -> str:
    """Return ``one`` or ``many`` for ``count`` in the language in use; ``{count}`` is filled in as that language writes it."""
    language = current()
    entry = _catalogue(language).get((one, many))
    # English and Italian share the rule; a language with another needs its own.
    chosen = (entry or (one, many))[0 if count == 1 else 1] or (one if count == 1 else many)
    return chosen.format(count=number(count), **_nested(chosen, values))


def _nested(worded: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return ``values`` with single quotation marks inside where ``worded`` sets double ones around a value."""
    return {
        name: value.translate(INNER) if isinstance(value, str) and f"“{{{name}}}”" in worded else value
        for name, value in values.items()
    }


@cache
def _catalogue(language: str) -> dict[Any, Any]:
    """Return messages by English sentence; plural ones by (singular, plural)."""
    path = Path(__file__).with_name("words") / language / "LC_MESSAGES" / "workbook.po"
    if not path.exists():
        return {}
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        entries = [entry for entry in read_po(stream, locale=language) if entry.id and not entry.fuzzy]
    return {entry.id: entry.string for entry in entries if any(entry.string)}


def number(value: float | None, decimals: int | None = None) -> str:
    """Return ``value`` with the language's marks; ``decimals`` fixed, or as many as three figures need."""
    if value is None or not math.isfinite(value):
        return "–"
    if decimals is None:
        decimals = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    if abs(value) >= LARGEST:
        return f"{value:.2e}".replace("-", MINUS)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _decimal(round(value, decimals) + 0.0, pattern, LOCALES[current()]).replace("-", MINUS)


def exact(value: float) -> str:
    """Return ``value`` with the language's marks and all its decimals, up to ten: what a field shows for editing."""
    return _decimal(value, "#,##0.##########", LOCALES[current()])


@lru_cache(maxsize=8192)
def _decimal(value: float, pattern: str, locale: str) -> str:
    """Babel reads the pattern anew for each figure, and a page writes the same few hundred at each key."""
    from babel.numbers import format_decimal

    return format_decimal(value, format=pattern, locale=locale)


def money(value: float | None, currency: str = "EUR", decimals: int = 0) -> str:
    """Return an amount with its currency, rounded to ``decimals``."""
    if value is None or not math.isfinite(value):
        return "–"
    from babel.numbers import format_currency, get_currency_symbol

    locale = LOCALES[current()]
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    before = current() == "en" and len(get_currency_symbol(currency, locale=locale)) == 1
    pattern = f"¤{digits}" if before else f"{digits}\u00a0¤"
    # What rounds to nothing is not written as less than nothing.
    rounded = round(value, decimals) + 0.0
    written = format_currency(rounded, currency, format=pattern, locale=locale, currency_digits=False)
    return written.replace("-", MINUS)


def money_in_short(value: float, currency: str = "EUR") -> str:
    """Return an amount of 0 or more for a place with little room: €9,400, €112K, €3.6M."""
    from babel.numbers import format_compact_currency, format_currency  # type: ignore[attr-defined]

    locale = LOCALES[current()]
    if value < SHORT_FROM:
        return money(value, currency)
    if value < MILLION and current() in THOUSANDS:
        return format_currency(value / 1000, currency, THOUSANDS[current()], locale, currency_digits=False)
    return format_compact_currency(value, currency, locale=locale, fraction_digits=1 if value >= MILLION else 0)


def with_cents(value: float | None, currency: str = "EUR") -> str:
    """Return a price with its currency: with cents where it has some and is small enough for them to count."""
    counts = value is not None and math.isfinite(value) and abs(value) < CENTS_BELOW and value != round(value)
    return money(value, currency, 2 if counts else 0)


def percent(share: float | None, decimals: int = 0) -> str:
    """Return a fraction as a percentage: 0.25 is ``25 %``."""
    if share is None or not math.isfinite(share):
        return "–"
    return number(share * 100, decimals) + "\u00a0%"


def date_words(day: date | datetime) -> str:
    """Return a day in words: ``14 May 2027``."""
    from babel.dates import format_date

    return format_date(day, format="d MMMM y", locale=LOCALES[current()])


def month_words(day: date) -> str:
    """Return a month in words: ``May 2027``."""
    from babel.dates import format_date

    return format_date(day, format="LLLL y", locale=LOCALES[current()])


def listed(words: list[str]) -> str:
    """Return ``words`` as a list in a sentence: ``a, b and c``."""
    from babel.lists import format_list

    return format_list(words, locale=LOCALES[current()]) if words else ""


def as_number(text: str) -> float:
    """
    Return the number a person typed, read with the marks of the language in use.

    Thousands marks may be left out, but where they stand they must group three digits, so that ``1.234`` in Italian is
    one thousand two hundred and thirty-four and ``1.5`` there is refused instead of becoming fifteen.
    Raises ValueError when the text is no finite number.
    """
    from babel.numbers import parse_decimal

    plain = text.strip().replace("\u00a0", "").replace(" ", "").replace("\u2212", "-")
    value = float(parse_decimal(plain, locale=LOCALES[current()], strict=True))
    if not math.isfinite(value):
        raise ValueError(text)
    return value
