"""How does a page of ours become HTML? Jinja, with everything escaped and words from the catalogue."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from workbook.language import exact, number, plural, translated

__all__ = ["TEMPLATE", "templates"]

TEMPLATE = Path(__file__).with_name("template")


@cache
def templates() -> Environment:
    """Return the templates."""
    environment = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {"_": translated, "plural": plural, "number": number}
    environment.filters["exact"] = exact
    return environment
