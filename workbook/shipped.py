"""Where are the notebooks and the data that come with the package?

In a checkout they are top-level folders beside the package; the wheel carries them inside it, in ``_shipped``.
"""

from pathlib import Path

from workbook.errors import WorkbookError
from workbook.language import N_

__all__ = ["shipped"]

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """
    Return the folder ``name`` (``notebooks`` or ``data``) that came with the package.

    Raises
    ------
    WorkbookError
        If this installation has no such folder.
    """
    for place in _places():
        if (place / name).is_dir():
            return place / name
    raise WorkbookError(
        N_('the folder "{name}" did not come with this installation of the workbook. Install the workbook again.'),
        name=name,
    )


def _places() -> list[Path]:
    # Beside an installed package lie other people's folders, so the parent counts only where it is our checkout.
    checkout = [_PACKAGE.parent] if (_PACKAGE.parent / "pyproject.toml").is_file() else []
    return [_PACKAGE / "_shipped", *checkout]
