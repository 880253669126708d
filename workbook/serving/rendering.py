"""How does a page of ours become HTML? Jinja, with everything escaped and words from the catalogue."""

from functools import cache
from pathlib import Path

from jinja2 import Environment

from workbook.forms.markup import DESK, markup

__all__ = ["TEMPLATE", "templates"]

TEMPLATE = Path(__file__).with_name("template")


@cache
def templates() -> Environment:
    """Return the templates, those of the desk that a notebook shows too among them."""
    return markup(TEMPLATE, DESK)
