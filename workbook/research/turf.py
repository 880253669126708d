"""Which few items reach the most people? Total unduplicated reach (TURF).

A respondent is reached by a set of items when at least one of them reaches them. Every set of a size is tried while
there are at most `SETS` of them; beyond that the set of the size before is kept and the item that adds most is added
(greedy), which may miss the best set. Each row says which of the two found it.

Source: Miaoulis, Parsons & Free (1990), TURF: a new planning approach for product line extensions, Marketing Research
2(1).
"""

from __future__ import annotations

from itertools import combinations, islice
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import Answer, few_respondents
from workbook.language import N_, number, percent, plural
from workbook.language import translated as _
from workbook.shares import require_level, wilson
from workbook.sieve import Sieve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETS", "turf"]

SETS = 200_000
"""Sets of one size that are all tried; 20 items have at most 184,756 sets of a size."""

AT_ONCE = 20_000

Bits = npt.NDArray[np.uint64]


def turf(answers: pd.DataFrame, *, max_size: int | None = None, alpha: float = 0.05) -> Answer:
    """
    Find the set of each size that reaches the most respondents.

    Parameters
    ----------
    answers
        One row per respondent and item: respondent, item, reached (0 or 1). Who has no row for an item is not reached
        by it. Of two rows of one respondent on one item the first usable one counts.
    max_size
        Largest set, >= 1; all items when None.
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.

    Returns
    -------
    One row per size: size, items (list, the widest reach first), reach (share of respondents, 0..1), low, high,
    frequency (items that reach a respondent, mean over all respondents), method ("exhaustive" or "greedy").

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no row can be used, or ``alpha`` is out of range.
    """
    require_level(alpha)
    sieve = Sieve(answers, ["respondent", "item", "reached"])
    sieve.named("respondent", "item")
    sieve.yes_or_no("reached")
    sieve.once("respondent", "item")
    sieve.require_rows()
    reached = _matrix(sieve.rows)
    rows = _best_sets(reached, min(max_size or len(reached.columns), len(reached.columns)), alpha)
    missing = len(reached) * len(reached.columns) - len(sieve.rows)
    return Answer(
        rows=rows,
        n=len(reached),
        excluded=sieve.excluded,
        conventions=_conventions(rows, missing, alpha),
        warnings=few_respondents(len(reached)),
    )


def _matrix(used: pd.DataFrame) -> pd.DataFrame:
    """Return who is reached by what: respondents x items, the widest reach first, then by name."""
    wide = used.assign(item=used["item"].astype(str)).pivot(index="respondent", columns="item", values="reached")
    wide = wide.eq(True)
    order = sorted(wide.columns, key=lambda item: (-int(wide[item].sum()), item))
    return wide[order]


def _best_sets(reached: pd.DataFrame, largest: int, alpha: float) -> pd.DataFrame:
    import pandas as pd

    bits, single = _packed(reached.to_numpy()), reached.to_numpy().sum(axis=0)
    n, items = len(reached), list(reached.columns)
    rows: list[dict[str, Any]] = []
    best: tuple[int, ...] = ()
    for size in range(1, largest + 1):
        exhaustive = comb(len(items), size) <= SETS
        best = _search(bits, single, size) if exhaustive else _next(bits, single, best)
        count = _count(bits, best)
        low, high = wilson(count, n, alpha)
        rows.append(
            {
                "size": size,
                "items": [items[i] for i in best],
                "reach": count / n,
                "low": low,
                "high": high,
                "frequency": float(single[list(best)].sum()) / n,
                "method": "exhaustive" if exhaustive else "greedy",
            }
        )
    return pd.DataFrame(rows)


def _packed(reached: npt.NDArray[np.bool_]) -> Bits:
    """Return one row of bits per item, a bit per respondent."""
    padded = np.zeros((reached.shape[1], -(-reached.shape[0] // 64) * 64), dtype=bool)
    padded[:, : reached.shape[0]] = reached.T
    return np.packbits(padded, axis=1).view(np.uint64)


def _count(bits: Bits, chosen: tuple[int, ...]) -> int:
    return int(np.bitwise_count(np.bitwise_or.reduce(bits[list(chosen)], axis=0)).sum())


def _search(bits: Bits, single: npt.NDArray[np.int64], size: int) -> tuple[int, ...]:
    """Return the set of ``size`` with the largest reach, then frequency, then the first in the items' order."""
    best, score = (), (-1, -1)
    sets = combinations(range(len(bits)), size)
    while batch := list(islice(sets, AT_ONCE)):
        chosen = np.array(batch)
        union = bits[chosen[:, 0]]
        for place in range(1, size):
            union = union | bits[chosen[:, place]]
        reach = np.bitwise_count(union).sum(axis=1, dtype=np.int64)
        among = np.flatnonzero(reach == reach.max())
        frequency = single[chosen[among]].sum(axis=1)
        first = among[int(frequency.argmax())]
        if (here := (int(reach[first]), int(frequency.max()))) > score:
            best, score = batch[first], here
    return best


def _next(bits: Bits, single: npt.NDArray[np.int64], best: tuple[int, ...]) -> tuple[int, ...]:
    """Return ``best`` and the item that adds most reach to it, then most frequency."""
    union = np.bitwise_or.reduce(bits[list(best)], axis=0)
    others = [item for item in range(len(bits)) if item not in best]
    reach = np.bitwise_count(bits[others] | union).sum(axis=1, dtype=np.int64)
    added = max(range(len(others)), key=lambda i: (reach[i], single[others[i]], -i))
    return tuple(sorted((*best, others[added])))


def _conventions(rows: pd.DataFrame, missing: int, alpha: float) -> tuple[str, ...]:
    greedy = rows.loc[rows["method"].eq("greedy"), "size"]
    said = [
        _(N_("Reach is the share of all respondents that at least one item of the set reaches.")),
        _(N_("Every set of each size was tried; equal reach goes to the higher frequency."))
        if greedy.empty
        else _(
            N_(
                "Every set was tried where there are at most {sets} of a size. The sets of {first} to {last} items are "
                "greedy: the item that adds most is added to the set before, which may miss the best one."
            ),
            sets=number(SETS),
            first=number(int(greedy.iloc[0])),
            last=number(int(greedy.iloc[-1])),
        ),
        _(N_("Wilson intervals of {level}."), level=percent(1 - alpha)),
    ]
    if missing:
        said.append(
            plural(
                "One answer on an item is missing and counts as not reached.",
                "{count} answers on items are missing and count as not reached.",
                missing,
            )
        )
    return tuple(said)
