"""The cells of a file before anything is known of what they mean: a header, and columns of text or typed cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from workbook.errors import TableError
from workbook.language import N_
from workbook.tables.reading import Reading

__all__ = ["Grid", "grid", "uneven"]


@dataclass(frozen=True)
class Grid:
    """
    A table as it stands in ``file``.

    ``columns`` are parallel to ``header``; ``lines`` says in which row of the file each of their cells stands, as a
    spreadsheet counts. ``found`` is what reading the file settled, ``notes`` say it in words.
    """

    file: str
    header: tuple[str, ...]
    columns: tuple[Sequence[object], ...]
    lines: Sequence[int]
    found: Reading = field(default_factory=Reading)
    notes: tuple[str, ...] = ()


def grid(
    file: str, rows: Sequence[Sequence[object]], found: Reading, notes: tuple[str, ...] = (), *, ragged: bool = False
) -> Grid:
    """
    Return ``rows`` as a grid: the first that is not blank is the header; rows without any cell are left out.

    Raises TableError when a row is longer or (unless ``ragged``) shorter than the header: something was parted that
    belongs together, or the other way round.
    """
    numbered = [(line, row) for line, row in enumerate(rows, start=1) if any(cell not in ("", None) for cell in row)]
    header = _header(numbered[0][1]) if numbered else ()
    if not header:
        raise TableError(N_("{file} is empty. Bring in a table with a row of column names."), file=file)
    body = []
    for line, row in numbered[1:]:
        if len(row) > len(header) and any(cell not in ("", None) for cell in row[len(header) :]):
            raise uneven(file, line, len(row), len(header))
        if len(row) < len(header) and not ragged:
            raise uneven(file, line, len(row), len(header))
        body.append((*row[: len(header)], *[""] * (len(header) - len(row))))
    columns = tuple(zip(*body, strict=True)) if body else tuple(() for _name in header)
    return Grid(file, header, columns, [line for line, _row in numbered[1:]], found, notes)


def _header(row: Sequence[object]) -> tuple[str, ...]:
    """Return the names of the columns, without the blank ones a spreadsheet leaves at the end."""
    names = [str(cell).strip() if cell is not None else "" for cell in row]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def uneven(file: str, line: int, found: int, allowed: int) -> TableError:
    """Return the refusal of a row with more or fewer cells than there are columns."""
    return TableError(
        N_(
            "{file}, row {row} has {found} cells, but there are {allowed} columns. A text or number with the separator "
            "in it needs quotation marks around it; a missing cell needs its separator."
        ),
        file=file,
        row=line,
        found=found,
        allowed=allowed,
    )
