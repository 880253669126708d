"""Does the page bring the scripts and styles of the widgets? Then none goes along with each of them.

A notebook in Lab gets all it needs from its kernel. A page of ``workbook serve`` has the same scripts at an address of
its own, which a browser keeps.
"""

import os

__all__ = ["SERVED", "scripts_of_page"]

SERVED = "WORKBOOK_SERVED"
"""Environment variable that the server of the pages sets for a kernel."""


def scripts_of_page() -> dict[str, str]:
    """Return the traits of a widget that sends no script and no style, where the page has them; else nothing."""
    return {"_esm": "", "_css": ""} if os.environ.get(SERVED) else {}
