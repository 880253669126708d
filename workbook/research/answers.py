"""Which answers of a survey can be counted, and how sure is a share of them?

A `Sieve` leaves rows out for one reason after the other and counts each row under its first, so that every analysis of
a survey says in the same words what it did not use. Intervals of single shares are Wilson's (1927, Journal of the
American Statistical Association 22): they stay within 0 and 1 and have a width when everybody answers alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import FEW
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number, plural
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sieve", "blank", "few_answers", "few_respondents", "normal_quantile", "of_each", "require_level", "wilson"]


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


def wilson(count: float, n: float, alpha: float) -> tuple[float, float]:
    """Return Wilson's interval of a share ``count`` / ``n``; NaN for ``n`` of 0."""
    if n <= 0:
        return (float("nan"), float("nan"))
    z, share = normal_quantile(alpha), count / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    # At 0 and 1 the end is exact, but for the last digit.
    return (0.0 if count == 0 else middle - half, 1.0 if count == n else middle + half)


def normal_quantile(alpha: float) -> float:
    """Return the two-sided normal quantile: 1.96 for 0.05."""
    return NormalDist().inv_cdf(1 - alpha / 2)


def require_level(alpha: float) -> None:
    """Raise AnalysisError when ``alpha`` makes no interval."""
    if not (0 < alpha < 1):
        raise AnalysisError(N_("alpha is {found}, but must lie between 0 and 1; 0.05 is usual."), found=number(alpha))


def few_respondents(n: int) -> tuple[str, ...]:
    """Return the warning that ``n`` respondents deserve, if any."""
    if n >= FEW:
        return ()
    return (
        plural(
            "One respondent only: read the figures as a hint.",
            "{count} respondents only, fewer than {few}: read the figures as a hint.",
            n,
            few=FEW,
        ),
    )


def few_answers(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the warning for those of ``counts`` (answers by thing) with too few, if any."""
    few = [str(thing) for thing, count in counts.items() if count < FEW]
    if not few:
        return ()
    return (
        _(
            N_("Fewer than {few} answers, so read with care ({count} in all): {things}."),
            few=number(FEW),
            count=number(len(few)),
            things=listed(few[:SHOWN_AT_ONCE]),
        ),
    )


def _empty(column: str) -> str:
    return _(N_("{column} left empty"), column=column)


def _outside(column: str, low: float, high: float) -> str:
    if np.isfinite(low) and np.isfinite(high):
        return _(N_("{column} outside {low} to {high}"), column=column, low=f"{low:g}", high=f"{high:g}")
    if np.isfinite(low):
        return _(N_("{column} below {low}"), column=column, low=f"{low:g}")
    return _(N_("{column} above {high}"), column=column, high=f"{high:g}")
