"""Which tactics are worth a closer look? Weighted score, its stability, ICE and the rings of the bullseye.

The score and its stability are those of ``workbook.scoring``. ICE (impact x confidence x ease / 100) stands beside it
as a second opinion and does not move the rank. The rings follow Weinberg & Mares (2015), "Traction": the inner one
holds the three most promising, to be tested now, the middle one what could work, the outer one the long shots. That
the inner ring has three is the authors' rule; the size of the middle ring, six here, is judgement. Both can be set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbook.errors import AnalysisError, nearest
from workbook.language import N_, number
from workbook.language import translated as _
from workbook.scoring import ice, ranked

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Screening", "screening"]

JUDGEMENTS = ("impact", "confidence", "ease")


@dataclass(frozen=True)
class Screening:
    """
    Tactics in the order of their rank.

    ``table`` has the columns of ``scoring.Ranking`` plus ice (0.01..10, missing without the judgements) and ring
    ("inner", "middle" or "outer"). ``indifferent`` names criteria equal for all; ``conventions`` says the choices made.
    """

    table: pd.DataFrame
    indifferent: tuple[str, ...]
    conventions: tuple[str, ...]


def screening(
    scores: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    judgements: pd.DataFrame | None = None,
    costs: Collection[str] = (),
    scale: bool = True,
    inner: int = 3,
    middle: int = 6,
    draws: int = 1000,
    seed: int = 0,
) -> Screening:
    """
    Rank tactics by weighted criteria and lay them out in rings.

    Parameters
    ----------
    scores, weights, costs, scale, draws, seed
        As in ``scoring.ranked``.
    judgements
        One row per tactic, with the columns impact, confidence and ease, each 1..10.
    inner, middle
        Tactics in the inner and in the middle ring. Tactics that share a rank share a ring, so a ring may hold more.

    Raises
    ------
    AnalysisError
        As ``scoring.ranked`` and ``scoring.ice``; if a ring's size is negative or a judged tactic is not scored.
    """
    if inner < 0 or middle < 0:
        raise AnalysisError(
            N_("A ring of {found} tactics cannot be drawn. Enter 0 or more."), found=number(min(inner, middle))
        )
    ranking = ranked(scores, weights, costs=costs, scale=scale, draws=draws, seed=seed)
    rank = ranking.table["rank"].to_numpy(dtype=float, na_value=np.inf)
    ring = np.select([rank <= inner, rank <= inner + middle], ["inner", "middle"], "outer")
    table = ranking.table.assign(ice=_ice_of(list(ranking.table["option"]), judgements), ring=ring)
    return Screening(table, ranking.indifferent, _conventions(inner, middle, draws))


def _ice_of(options: list[str], judgements: pd.DataFrame | None) -> np.ndarray:
    if judgements is None:
        return np.full(len(options), np.nan)
    for column in JUDGEMENTS:
        if column not in judgements.columns:
            raise AnalysisError(
                N_('The judgements have no column "{column}". They need impact, confidence and ease.'), column=column
            )
    for name in judgements.index:
        if name not in options:
            near = nearest(str(name), [str(option) for option in options])
            raise AnalysisError(
                N_('"{found}" is judged but not scored. Nearest: {near}. Correct the name.'), found=name, near=near
            )
    # Judged twice would silently become one of the two.
    if judgements.index.has_duplicates:
        twice = str(judgements.index[judgements.index.duplicated()][0])
        raise AnalysisError(N_('"{found}" is judged on more than one row. Keep one.'), found=twice)
    return ice(*(judgements[column].reindex(options).to_numpy(dtype=float, na_value=np.nan) for column in JUDGEMENTS))


def _conventions(inner: int, middle: int, draws: int) -> tuple[str, ...]:
    return (
        _(
            N_("Stability is the share of {draws} random weight sets around the team's that keep the rank."),
            draws=number(draws),
        ),
        _(N_("ICE is impact x confidence x ease / 100, each judged from 1 to 10; it does not move the rank.")),
        _(
            N_("Rings by rank: the first {inner} inner, the next {middle} middle, all others outer; a judgement."),
            inner=number(inner),
            middle=number(middle),
        ),
    )
