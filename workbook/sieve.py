"""Which rows of a table can be counted, and why are the others left out?

Rows are left out for one reason after the other, and each is counted under its first, so that every analysis says in the
same words what it did not use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.errors import AnalysisError, TableError, nearest
from workbook.language import N_, listed, number
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sieve", "blank", "left_out", "of_each"]


class Sieve:
    """
    A table of answers, less the rows that cannot be counted.

    ``rows`` are those still in, numbered from 0; ``excluded`` counts the others by reason, in words. Raises TableError
    when one of ``columns`` is missing; ``optional`` ones are taken along where they are.
    """

    def __init__(self, table: pd.DataFrame, columns: Iterable[str], optional: Iterable[str] = ()) -> None:
        names = [str(name) for name in table.columns]
        for column in columns:
            if column not in names:
                raise TableError(
                    N_('The table of answers has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                    column=column,
                    near=nearest(column, names),
                )
        kept = [*columns, *(name for name in optional if name in names)]
        self.rows = table[kept].reset_index(drop=True)
        self.excluded: dict[str, int] = {}

    def leave_out(self, where: pd.Series, reason: str) -> None:
        """Leave out the rows ``where`` is true, for ``reason`` (in words)."""
        count = int(where.sum())
        if count:
            self.excluded[reason] = self.excluded.get(reason, 0) + count
            self.rows = self.rows[~where.to_numpy()].reset_index(drop=True)

    def named(self, *columns: str) -> None:
        """Leave out rows that do not say who or what they are about."""
        for column in columns:
            self.leave_out(blank(self.rows[column]), _empty(column))

    def numbers(self, *columns: str, low: float = -np.inf, high: float = np.inf, whole: bool = False) -> None:
        """Leave out rows without a finite number from ``low`` to ``high`` in ``columns``, which become floats."""
        import pandas as pd

        for column in columns:
            self.leave_out(blank(self.rows[column]), _empty(column))
            values = pd.to_numeric(self.rows[column], errors="coerce").astype(float)
            self.rows = self.rows.assign(**{column: values})
            self.leave_out(~np.isfinite(values), _(N_("{column} is no number"), column=column))
            values = self.rows[column]
            self.leave_out(~values.between(low, high), _outside(column, low, high))
            if whole:
                self.leave_out(self.rows[column] % 1 != 0, _(N_("{column} is no whole number"), column=column))

    def yes_or_no(self, *columns: str) -> None:
        """Leave out rows whose ``columns`` are neither 0 nor 1; the others become booleans."""
        for column in columns:
            self.numbers(column)
            off = ~self.rows[column].isin([0, 1])
            self.leave_out(off, _(N_("{column} is neither 0 nor 1"), column=column))
            self.rows = self.rows.assign(**{column: self.rows[column].eq(1)})

    def once(self, *columns: str) -> None:
        """Leave out what says the same ``columns`` a second time."""
        again = self.rows.duplicated(list(columns))
        self.leave_out(again, _(N_("same {columns} once more (the first counts)"), columns=listed(list(columns))))

    def group(self, *columns: str) -> None:
        """Give rows of the same ``columns`` (a task) one number: the column ``task_number``, from 0 in sorted order."""
        self.rows = self.rows.assign(task_number=self.rows.groupby(list(columns)).ngroup().astype(int))
        self._asked = np.bincount(self.rows["task_number"])

    def leave_out_tasks(self, where: pd.Series, reason: str) -> None:
        """Leave out the tasks with a row in which ``where`` is true."""
        task = self.rows["task_number"]
        hit = np.bincount(task, weights=where.to_numpy(dtype=float), minlength=len(self._asked)) > 0
        self.leave_out(self._column(hit[task]), reason)

    def leave_out_broken_tasks(self) -> None:
        """Leave out what is left of the tasks that lost a row since they were numbered."""
        short = np.bincount(self.rows["task_number"], minlength=len(self._asked)) < self._asked
        broken = self._column(short[self.rows["task_number"]])
        self.leave_out(broken, _(N_("task with an answer that cannot be read")))

    def require_one_in_task(self, column: str, none: str, several: str) -> None:
        """Leave out the tasks in which ``column`` is true not exactly once, for the reasons ``none`` or ``several``."""
        for wrong, reason in ((lambda counts: counts == 0, none), (lambda counts: counts > 1, several)):
            task = self.rows["task_number"].to_numpy()
            counts = np.bincount(task, weights=self.rows[column], minlength=len(self._asked))
            self.leave_out_tasks(self._column(wrong(counts)[task]), reason)

    def _column(self, values: np.ndarray) -> pd.Series:
        import pandas as pd

        return pd.Series(values, index=self.rows.index)

    def require_rows(self) -> None:
        """Raise AnalysisError, with the reasons, when no row is left."""
        if self.rows.empty:
            why = listed([f"{reason}: {number(count)}" for reason, count in self.excluded.items()]) or "-"
            raise AnalysisError(
                N_("No answer can be counted ({reasons}). Check the columns and the values of the table."), reasons=why
            )


def blank(values: pd.Series) -> pd.Series:
    """Return whether each value is missing or an empty text."""
    return of_each(values, lambda value: not str(value).strip(), missing=True)


def of_each(values: pd.Series, function: Callable[[Any], Any], *, missing: Any) -> pd.Series:
    """Return ``function`` of each value, worked out once for each different one, and ``missing`` where there is none."""
    import pandas as pd

    codes, different = pd.factorize(values)
    # Code -1 stands for a missing value, and so takes the last place.
    return pd.Series(np.array([*map(function, different), missing])[codes], index=values.index)


def left_out(rows: pd.DataFrame, reasons: Mapping[str, pd.Series]) -> tuple[pd.Series, dict[str, int]]:
    """
    Return which of ``rows`` are kept, and how many are not by reason.

    ``reasons`` (in words) say of each row whether it must be left out; what is missing there does not say so. A row that
    several would leave out counts under the first.
    """
    import pandas as pd

    kept, excluded = pd.Series(True, index=rows.index), {}
    for reason, mask in reasons.items():
        newly = mask.fillna(False).astype(bool) & kept
        if newly.any():
            excluded[reason] = int(newly.sum())
            kept &= ~newly
    return kept, excluded


def _empty(column: str) -> str:
    return _(N_("{column} left empty"), column=column)


def _outside(column: str, low: float, high: float) -> str:
    if np.isfinite(low) and np.isfinite(high):
        return _(N_("{column} outside {low} to {high}"), column=column, low=f"{low:g}", high=f"{high:g}")
    if np.isfinite(low):
        return _(N_("{column} below {low}"), column=column, low=f"{low:g}")
    return _(N_("{column} above {high}"), column=column, high=f"{high:g}")
