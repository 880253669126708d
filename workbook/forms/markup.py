"""How does a template become HTML? Jinja, with everything escaped and words from the catalogue."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from workbook.language import exact, number, plural, translated

__all__ = ["DESK", "markup"]

DESK = Path(__file__).with_name("template")
"""Folder of the templates that the pages of a workshop's server and the notebook's console share."""


@cache
def markup(*folders: Path) -> Environment:
    """Return the templates in ``folders``."""
    environment = Environment(loader=FileSystemLoader(folders), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {"_": translated, "plural": plural, "number": number}
    environment.filters["exact"] = exact
    return environment
