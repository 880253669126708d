"""What is each brand known for, against the others? A perceptual map by correspondence analysis.

Of a table of brands by attributes, counts of people who tie one to the other, the analysis looks at profiles: not who is
mentioned most, but what each is mentioned for more than others are. Brands and attributes become points of one map; those
far from the middle, in one direction, belong together. Each point's quality is the share of its profile that the two
dimensions show: a point of low quality may not lie where it seems to.

Sources: Greenacre (2017), "Correspondence Analysis in Practice", CRC Press; Hoffman & Franke (1986), "Correspondence
Analysis: Graphical Representation of Categorical Data in Marketing Research", Journal of Marketing Research 23(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.answer import Answer
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number, percent
from workbook.language import translated as _
from workbook.sieve import left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["perceptual_map"]

Array = npt.NDArray[np.float64]

COLUMNS = ("brand", "attribute", "count")

NOTHING = 1e-12
"""Inertia below which profiles are the same but for rounding."""

POOR = 0.5
"""Share of a profile in the map below which a point is not to be read: judgement."""


def perceptual_map(counts: pd.DataFrame) -> Answer:
    """
    Lay brands and attributes out by what each brand is known for.

    Parameters
    ----------
    counts
        One row per brand and attribute: brand, attribute, count (>= 0: how many tie the two together). A pair that is
        not there counts 0; of a pair given twice the counts are added.

    Returns
    -------
    inertia (eigenvalues, largest first), total_inertia, shown (share of it in the two dimensions). One row per brand,
    then per attribute: kind, name, x, y (principal coordinates), quality (0..1, share of its profile in the map).
    ``n`` sums the counts.

    Raises
    ------
    TableError, AnalysisError
        If a column is missing, there are not two brands and two attributes with counts, or all profiles are the same.
    """
    import pandas as pd

    table, excluded, empty = _table(counts)
    inertia, places = _correspondence(table)
    size = min(2, places[0].shape[1])
    rows = []
    for kind, names, at in (("brand", table.index, places[0]), ("attribute", table.columns, places[1])):
        length = (at**2).sum(axis=1)
        shown = (at[:, :size] ** 2).sum(axis=1)
        for name, place, total, part in zip(names, at, length, shown, strict=True):
            y = float(place[1]) if size > 1 else 0.0
            # A profile like the mean lies in the middle, where the map shows it in full.
            rows.append((kind, str(name), float(place[0]), y, float(part / total) if total > NOTHING else 1.0))
    result = pd.DataFrame(rows, columns=["kind", "name", "x", "y", "quality"])
    total = float(sum(inertia))
    return Answer(
        figures={"inertia": inertia, "total_inertia": total, "shown": sum(inertia[:2]) / total},
        rows=result,
        n=round(float(table.to_numpy().sum())),
        excluded=excluded,
        conventions=(
            _(
                N_(
                    "Correspondence analysis; brands and attributes in principal coordinates, so distances hold within each kind."
                )
            ),
            _(N_("Signs of the axes are arbitrary: on each the brand farthest out lies on the positive side.")),
            _(N_("A pair that is not in the table counts 0.")),
        ),
        warnings=_warnings(result, sum(inertia[:2]) / total, empty, size),
    )


def _correspondence(table: pd.DataFrame) -> tuple[list[float], tuple[Array, Array]]:
    """Return the eigenvalues, and the coordinates of brands and of attributes in all dimensions."""
    import prince

    dimensions = min(table.shape) - 1
    # The exact decomposition: the randomised one of the default loses the small eigenvalues.
    fitted = prince.CA(n_components=dimensions, engine="scipy").fit(table)
    inertia = [max(float(value), 0.0) for value in fitted.eigenvalues_]
    if sum(inertia) < NOTHING:
        raise AnalysisError(
            N_("All brands have the same profile of attributes, so there is nothing to lay out in a map.")
        )
    brands = fitted.row_coordinates(table).to_numpy(dtype=float)
    attributes = fitted.column_coordinates(table).to_numpy(dtype=float)
    farthest = np.abs(brands).argmax(axis=0)
    signs = np.where(brands[farthest, range(dimensions)] < 0, -1.0, 1.0)
    return inertia, (brands * signs, attributes * signs)


def _table(counts: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int], list[str]]:
    """Return brands by attributes, rows left out by reason, and brands and attributes without any count."""
    import pandas as pd

    names = [str(name) for name in counts.columns]
    for column in COLUMNS:
        if column not in names:
            raise TableError(
                N_(
                    'The table of associations has no column "{column}". Nearest: {near}. Rename the one that holds it.'
                ),
                column=column,
                near=nearest(column, names),
            )
    brand, attribute = (counts[name].astype("string").str.strip() for name in ("brand", "attribute"))
    count = pd.to_numeric(counts["count"], errors="coerce").astype(float)
    reasons = {
        _(N_("brand or attribute is missing")): brand.isna() | brand.eq("") | attribute.isna() | attribute.eq(""),
        _(N_("count is not a number of 0 or more")): ~count.between(0, float("inf"), inclusive="left"),
    }
    kept, excluded = left_out(counts, reasons)
    used = pd.DataFrame({"brand": brand, "attribute": attribute, "count": count})[kept]
    # In the order of the table, not of the alphabet.
    summed = used.groupby(["brand", "attribute"], sort=False)["count"].sum().unstack(fill_value=0.0)
    table = summed.reindex(index=used["brand"].unique(), columns=used["attribute"].unique())
    empty = [str(name) for name in table.index[table.sum(axis=1) == 0]]
    empty += [str(name) for name in table.columns[table.sum(axis=0) == 0]]
    table = table.loc[table.sum(axis=1) > 0, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        raise AnalysisError(
            N_("A map needs two brands and two attributes with counts; the table has {brands} and {attributes}."),
            brands=number(table.shape[0]),
            attributes=number(table.shape[1]),
        )
    table.index, table.columns = pd.Index(table.index.astype(str)), pd.Index(table.columns.astype(str))
    return table, excluded, empty


def _warnings(rows: pd.DataFrame, shown: float, empty: list[str], dimensions: int) -> tuple[str, ...]:
    said = []
    if empty:
        said.append(_(N_("Without any count, so not in the map: {names}."), names=listed(empty[:SHOWN_AT_ONCE])))
    if dimensions == 1:
        said.append(_(N_("Two brands, or two attributes, make a line: y is 0.")))
    poor = [str(name) for name in rows.loc[rows["quality"] < POOR, "name"]]
    if poor:
        said.append(
            _(
                N_("The map shows less than half of these, so their place says little ({count} in all): {names}."),
                count=number(len(poor)),
                names=listed(poor[:SHOWN_AT_ONCE]),
            )
        )
    if shown < POOR:
        said.append(_(N_("Two dimensions show only {share} of the differences."), share=percent(shown)))
    return tuple(said)
