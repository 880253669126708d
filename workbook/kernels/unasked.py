"""What libraries load for checks that nobody here asks for, left out of processes that are the workbook's own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_the_unasked"]

UNASKED = "rfc3987_syntax"
"""The grammar of web addresses, which jsonschema compiles wherever it is installed: a second, a third of all imports."""


@contextmanager
def without_the_unasked() -> Iterator[None]:
    """Do without it while libraries are imported; a notebook that wants it afterwards has it."""
    missing = UNASKED not in sys.modules
    if missing:
        sys.modules[UNASKED] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if missing:
            sys.modules.pop(UNASKED, None)
