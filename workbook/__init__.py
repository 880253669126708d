"""The marketing workbook: a plan from persona to channel split, in notebooks that tell and a package that works.

A notebook needs two names: ``open_step`` and ``exhibits``. Both are loaded when first used, so that importing the
package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook import exhibits as exhibits
    from workbook.forms.session import open_step as open_step

__all__ = ["exhibits", "open_step"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "open_step":
        return import_module("workbook.forms.session").open_step
    if name == "exhibits":
        return import_module("workbook.exhibits")
    raise AttributeError(f"module 'workbook' has no attribute {name!r}")
