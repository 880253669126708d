"""What number does a cell hold? Marks of decimals and thousands, currencies, per cent, digits of any script.

A cell is read alone first. ``1.234,56`` and ``0.5`` say which mark parts the decimals; ``1.234`` does not, since a point
can part thousands too, and keeps both values until its column or a person settles it.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Figure", "figure"]


@dataclass(frozen=True)
class Figure:
    """
    The number in a cell: its value where a point is the decimal mark, and where a comma is.

    ``mark`` is "point" or "comma" where the cell itself shows which; the two values are then the same, as they are
    where there is no mark at all. ``currency`` is an ISO code or a symbol that several countries share. A ``percent``
    keeps the number before the sign.
    """

    point: float
    comma: float
    mark: str = ""
    currency: str = ""
    percent: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether the cell can be read in two ways."""
        return self.point != self.comma

    def value(self, decimal: str = "", percent: str = "fraction") -> float:
        """The number, where ``decimal`` ("point" or "comma") is the mark, if the cell leaves it open."""
        read = self.comma if decimal == "comma" else self.point
        return read / 100 if self.percent and percent != "plain" else read


SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₫": "VND", "₴": "UAH"}
NAMES = {"euro": "EUR", "eur.": "EUR", "us$": "USD", "fr.": "CHF", "sfr.": "CHF", "zł": "PLN", "kč": "CZK", "r$": "BRL"}
SHARED = {"$", "¥", "kr", "kr."}
"""Signs of more than one currency: never taken for the same as a code."""

CODES = re.compile(
    "AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KES|KRW|MAD|MXN|MYR|NGN|"
    "NOK|NZD|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD|THB|TND|TRY|TWD|UAH|USD|VND|ZAR"
)

ARABIC_DECIMAL, APOSTROPHE = "\u066b", "'"
PLAIN = str.maketrans(
    {mark: " " for mark in "\u00a0\u202f\u2009\u2007\u2002\u2003\u3000\t"}
    | {mark: "-" for mark in "\u2212\u2013\uff0d\ufe63\u2011\u2010"}
    | {mark: APOSTROPHE for mark in "\u2019\u2018\u02bc\u00b4`\u066c\uff07"}
    | {mark: None for mark in "\u200e\u200f\u061c\u2066\u2067\u2068\u2069\ufeff"}
    | {"\uff0c": ",", "\uff0e": ".", "\uff05": "%", "\u066a": "%", "\uff0b": "+", "\uff04": "$", "\uffe5": "¥"}
)

LONGEST = 60
"""Characters of the longest cell that is taken for a number."""

WHOLE = re.compile(r"[+-]?\d+")
SIMPLE = re.compile(r"([+-]?)(\d*[.,]\d+)")
MONEY = re.compile(r"(?P<before>[^\d\s+\-.,'(]*)\s*(?P<body>.*?)\s*(?P<after>[^\d\s.,')\-]*\.?)", re.DOTALL)
SCIENTIFIC = re.compile(r"(?:\d+(?:[.,]\d*)?|[.,]\d+)[eE][+-]?\d{1,4}")
GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ '])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
GROUPED_POINT = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
GROUPED_COMMA = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})|[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?")
ONE_MARK = re.compile(r"(\d*)([.,])(\d*)")


def figure(text: str) -> Figure | None:
    """Return the number that ``text`` writes, or None when it writes none, or one too large for a float."""
    if len(text) > LONGEST:
        return None
    if WHOLE.fullmatch(text):
        return _same(text)
    if found := SIMPLE.fullmatch(text):
        return _signed(found[2], found[1], "", percent=False) if text.isascii() else figure(_plain(text))
    plain = _plain(text)
    if WHOLE.fullmatch(plain):
        return _same(plain)
    percent = plain.endswith("%") or plain.startswith("%")
    stripped = plain.strip("%").strip() if percent else plain
    # Accountants write a negative amount between brackets.
    bracketed = stripped.startswith("(") and stripped.endswith(")")
    amount, currency = _without_currency(stripped[1:-1].strip() if bracketed else stripped)
    sign = amount[:1] if amount[:1] in ("+", "-") else ""
    if bracketed and sign:
        return None
    return _signed(amount[len(sign) :].strip(), "-" if bracketed else sign, currency, percent)


def _plain(text: str) -> str:
    """Return ``text`` with digits of any script as ours, and each mark in its one plain form."""
    marked = text.translate(PLAIN).strip()
    if marked.isascii():
        return marked
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in marked)


def _without_currency(text: str) -> tuple[str, str]:
    """Return the amount and its currency; the text as it is where what stands around the amount is no currency."""
    sign = text[:1] if text[:1] in "+-" else ""
    found = MONEY.fullmatch(text[len(sign) :].lstrip())
    if not found or bool(found["before"]) == bool(found["after"]):
        return text, ""
    currency = _currency(found["before"] or found["after"])
    return (sign + found["body"], currency) if currency else (text, "")


def _currency(word: str) -> str:
    if word in SYMBOLS:
        return SYMBOLS[word]
    if CODES.fullmatch(word.upper()) and (word.isupper() or word.islower()):
        return word.upper()
    return NAMES.get(word.lower(), word.lower() if word.lower() in SHARED else "")


def _signed(body: str, sign: str, currency: str, percent: bool) -> Figure | None:
    read = _read(body)
    if read is None:
        return None
    unit = -1.0 if sign == "-" else 1.0
    point, comma = unit * read[0], unit * read[1]
    if not (math.isfinite(point) and math.isfinite(comma)):
        return None
    return Figure(point, comma, read[2], currency, percent)


def _read(body: str) -> tuple[float, float, str] | None:
    """Return the value by point, by comma, and which of the two the digits themselves show."""
    if not body.isascii() and ARABIC_DECIMAL not in body:
        return None
    if ARABIC_DECIMAL in body:
        whole, _mark, part = body.replace(APOSTROPHE, "").partition(ARABIC_DECIMAL)
        return _both(f"{whole}.{part}", "") if whole.isdigit() and part.isdigit() else None
    if body.isdigit():
        return _both(body, "")
    if SCIENTIFIC.fullmatch(body):
        return _both(body.replace(",", "."), "comma" if "," in body else "point" if "." in body else "")
    if found := GROUPED.fullmatch(body):
        mark = {"": "", ".": "point", ",": "comma"}[found[2] or ""]
        return _both(body.replace(found[1], "").replace(",", "."), mark)
    if GROUPED_POINT.fullmatch(body):
        return _both(body.replace(".", "").replace(",", "."), "comma")
    if GROUPED_COMMA.fullmatch(body):
        return _both(body.replace(",", ""), "point")
    return _one_mark(body)


def _one_mark(body: str) -> tuple[float, float, str] | None:
    found = ONE_MARK.fullmatch(body)
    if not found or not (found[1] or found[3]):
        return None
    whole, mark, part = found[1], found[2], found[3]
    as_decimal = float(f"{whole or '0'}.{part or '0'}")
    if len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        as_whole = float(whole + part)
        return (as_decimal, as_whole, "") if mark == "." else (as_whole, as_decimal, "")
    return as_decimal, as_decimal, "point" if mark == "." else "comma"


def _both(digits: str, mark: str) -> tuple[float, float, str]:
    return float(digits), float(digits), mark


def _same(digits: str) -> Figure:
    return Figure(float(digits), float(digits))
