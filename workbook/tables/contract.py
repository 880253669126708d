"""Reading a table of answers and checking it against what an analysis needs, column by column.

A missing column refuses the table; single answers that cannot be used are left out and counted, by reason.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from workbook.errors import TableError, nearest
from workbook.language import N_, listed, translated

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CheckedTable", "TableColumn", "read_table"]

MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class TableColumn:
    """One column an analysis reads: its name, its meaning in words, what values it holds."""

    name: str
    meaning: str
    kind: Literal["text", "number"] = "text"
    low: float | None = None
    high: float | None = None
    required: bool = True


@dataclass(frozen=True)
class CheckedTable:
    """Usable rows (one row an answer), and how many were left out for which reason."""

    rows: "pd.DataFrame"
    excluded: dict[str, int] = field(default_factory=dict)


def read_table(path: Path, columns: tuple[TableColumn, ...], *, others: bool = False) -> CheckedTable:
    """
    Return the rows of the CSV file at ``path`` that hold what ``columns`` ask for.

    With ``others``, columns beside those are kept too: numbers where every cell is one, else text.

    Raises
    ------
    TableError
        If the file cannot be read, lacks a required column, or has no usable row.
    """
    import pandas as pd

    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(
                N_("{file} has more than {allowed} MB. Leave out what the analysis does not need."),
                file=path.name,
                allowed=MOST_BYTES // 10**6,
            )
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True)
    except OSError as problem:
        raise TableError(
            N_("{file} cannot be read: {reason}. Bring it in again."), file=path.name, reason=problem.strerror or ""
        ) from None
    except (ValueError, UnicodeDecodeError):
        raise TableError(
            N_("{file} is no comma-separated table in UTF-8. Save it as “CSV UTF-8” and bring it in again."),
            file=path.name,
        ) from None
    raw.columns = [str(name).strip().lower() for name in raw.columns]
    missing = [column for column in columns if column.required and column.name not in raw.columns]
    if missing:
        raise TableError(
            N_("{file} has no column {missing}. It has: {found}. Rename the column that holds {meaning}."),
            file=path.name,
            missing=listed([f"“{column.name}”" for column in missing]),
            found=nearest(missing[0].name, list(raw.columns), at_most=8),
            meaning=listed([translated(column.meaning) for column in missing]),
        )
    return _checked(raw, columns, path.name, others=others)


def _checked(raw: "pd.DataFrame", columns: tuple[TableColumn, ...], file: str, *, others: bool) -> CheckedTable:
    import pandas as pd

    kept = pd.Series(True, index=raw.index)
    rows, excluded = {}, {}
    for column in (c for c in columns if c.name in raw.columns):
        text = raw[column.name].str.strip()
        reasons = {translated(N_("{column} left empty"), column=column.name): text.eq("")}
        values: pd.Series = text
        if column.kind == "number":
            values = pd.to_numeric(text, errors="coerce").astype(float)
            values = values.where(values.abs() < float("inf"))
            reasons[translated(N_("{column} is no number"), column=column.name)] = values.isna() & text.ne("")
            low, high = column.low, column.high
            if low is not None and high is not None:
                reasons[
                    translated(
                        N_("{column} outside {low} to {high}"), column=column.name, low=f"{low:g}", high=f"{high:g}"
                    )
                ] = values.lt(low) | values.gt(high)
        rows[column.name] = values
        for reason, mask in reasons.items():
            newly = mask & kept if column.required else pd.Series(False, index=raw.index)
            if newly.any():
                excluded[reason] = int(newly.sum())
                kept &= ~newly
    if others:
        for name in (n for n in raw.columns if n not in rows):
            numbers = pd.to_numeric(raw[name].str.strip(), errors="coerce")
            rows[name] = raw[name].str.strip() if numbers.isna().any() else numbers.astype(float)
    table = pd.DataFrame(rows)[kept].reset_index(drop=True)
    if table.empty:
        why = "; ".join(f"{reason}: {count}" for reason, count in excluded.items()) or translated(N_("it has no rows"))
        raise TableError(
            N_("{file} has no row that can be used ({reasons}). Correct the table and bring it in again."),
            file=file,
            reasons=why,
        )
    return CheckedTable(table, excluded)
