"""How do charts write figures and dates? The same on a page and on paper: the terms are those of d3's locales."""

from dataclasses import dataclass
from typing import Any

__all__ = ["ChartLocale", "chart_locale"]


@dataclass(frozen=True)
class ChartLocale:
    """How a language writes figures, and dates; None where d3 writes them so by itself."""

    figures: dict[str, Any]
    dates: dict[str, Any] | None = None


# d3's own Italian begins months with a capital.
_LOCALES = {
    "en": ChartLocale({"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""], "percent": "\u00a0%"}),
    "it": ChartLocale(
        {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0€"], "percent": "\u00a0%"},
        {
            "dateTime": "%A %e %B %Y, %X",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": ["domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"],
            "shortDays": ["dom", "lun", "mar", "mer", "gio", "ven", "sab"],
            "months": [
                *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
                *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
            ],
            "shortMonths": ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
        },
    ),
}


def chart_locale(language: str) -> ChartLocale:
    """Return how charts write figures and dates in ``language``."""
    return _LOCALES.get(language, _LOCALES["en"])
