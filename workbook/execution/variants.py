"""The table of a test: one row a variant, with users and conversions, or a mean and its deviation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.errors import AnalysisError, TableError
from workbook.language import N_, number
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Variants", "require_spread", "variants_of"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Variants:
    """
    The variants of a test, shape (k,) each: names, users, mean and variance of one user's figure.

    ``conversions`` is None where means were measured; of a share the mean is the rate and the variance rate x (1 - rate).
    """

    names: tuple[str, ...]
    users: Array
    means: Array
    variances: Array
    conversions: Array | None

    @property
    def errors(self) -> Array:
        """Variance of each mean."""
        return self.variances / self.users


def require_spread(variants: Variants) -> None:
    """Raise AnalysisError where a mean has no spread to judge it by: one user, or a deviation of 0. Shares have theirs."""
    if variants.conversions is not None:
        return
    for name, users, variance in zip(variants.names, variants.users, variants.variances, strict=True):
        if users < 2:
            raise AnalysisError(
                N_("“{variant}” has one user, which says nothing of the spread. Wait for more."), variant=name
            )
        if variance == 0:
            raise AnalysisError(
                N_("“{variant}” has a deviation of 0: everybody alike to the last digit. Check how it was measured."),
                variant=name,
            )


def variants_of(table: pd.DataFrame) -> Variants:
    """
    Return the rows of ``table`` as variants.

    Raises
    ------
    TableError
        If neither conversions, nor mean and sd, are there.
    AnalysisError
        If there are fewer than two variants, one is there twice, or a figure cannot be: it names variant and figure.
    """
    rates = "conversions" in table.columns
    if not rates and not {"mean", "sd"} <= set(table.columns):
        raise TableError(
            N_("The table of variants has neither “conversions” nor “mean” and “sd”. Add the one that was measured.")
        )
    names = tuple(str(name).strip() for name in table["variant"])
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AnalysisError(
            N_("“{variant}” is there more than once. Add its rows up to one, or name them apart."), variant=twice[0]
        )
    if len(names) < 2:
        raise AnalysisError(
            N_("A test needs at least two variants, and there is {found}. Add the control."), found=number(len(names))
        )
    users = _figures(table, names, "users", low=1, whole=True)
    if rates:
        conversions = _figures(table, names, "conversions", low=0, whole=True)
        for name, some, most in zip(names, conversions, users, strict=True):
            if some > most:
                raise AnalysisError(
                    N_("“{variant}” has {found} conversions of {users} users. There cannot be more than users."),
                    variant=name,
                    found=number(some),
                    users=number(most),
                )
        share = conversions / users
        return Variants(names, users, share, share * (1 - share), conversions)
    means, deviations = _figures(table, names, "mean"), _figures(table, names, "sd", low=0)
    return Variants(names, users, means, deviations**2, None)


def _figures(
    table: pd.DataFrame, names: tuple[str, ...], column: str, *, low: float = -np.inf, whole: bool = False
) -> Array:
    import pandas as pd

    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    for name, value in zip(names, values, strict=True):
        if not np.isfinite(value) or value < low or (whole and value % 1):
            raise AnalysisError(
                N_("“{variant}”, {column}: found {found}, which is no whole number of {low} or more. Correct it.")
                if whole
                else N_("“{variant}”, {column}: found {found}, which cannot be. Correct it."),
                variant=name,
                column=column,
                found=number(float(value)) if np.isfinite(value) else _(N_("nothing")),
                low=number(low) if np.isfinite(low) else "-∞",
            )
    return values
