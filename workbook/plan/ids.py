"""What may be the id of a plan or of a scenario: it stands in addresses, and names files and folders."""

import re

from workbook.errors import ParameterError
from workbook.language import N_
from workbook.plan.model.fields import SLUG

__all__ = ["is_id", "require_id"]

LONGEST = 80


def is_id(text: str) -> bool:
    """Return whether ``text`` is lower-case letters, digits and single hyphens between them, at most 80."""
    return bool(re.fullmatch(SLUG, text)) and len(text) <= LONGEST


def require_id(text: str) -> None:
    """Raise ParameterError unless ``text`` may be an id."""
    if not is_id(text):
        raise ParameterError(
            N_("“{found}” cannot be an id. Use lower-case letters, digits and hyphens, as in spring-launch."),
            found=text,
        )
