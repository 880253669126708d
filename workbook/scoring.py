"""Which option comes first when several criteria count, and how stable is that rank?

Weighted mean of criteria scaled 0..1 over the options. The rank's stability is the share of random weight sets, drawn
from a Dirichlet distribution around the team's weights, under which the option keeps its rank: a rank that small
changes of opinion overturn is shown as such. Segments, new markets, ideas and tactics are all ranked here.

The weights themselves may come from judgements of two criteria at a time: ``ahp``, the principal eigenvector of the
matrix of comparisons, with a ratio that says how far they contradict each other.

Sources: Lahdelma, Hokkanen & Salminen (1998), "SMAA - Stochastic multiobjective acceptability analysis", European
Journal of Operational Research 106(1); Saaty (1980), "The Analytic Hierarchy Process", McGraw-Hill.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.answer import Answer
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest, require_choice
from workbook.language import N_, listed, number, translated

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RANDOM_INDEXES", "Ranking", "ahp", "ice", "ranked", "scaled"]

Array = npt.NDArray[np.float64]

CONCENTRATION = 20.0
"""Dirichlet parameters are this times the weights: a weight of 0.5 then varies by 0.11 (standard deviation)."""

SAME = 12
"""Decimals, relative to the largest score, to which two scores are compared: below lies rounding, not opinion."""

RANDOM_INDEXES = {
    "saaty": (0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
    "saaty-1980": (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
}
"""Mean consistency index of random matrices of 3, 4, ... 15 criteria: Saaty & Vargas (2012), and Saaty (1980)."""

CONSISTENT = 0.10
"""Consistency ratio up to which judgements are taken as they are (Saaty)."""

ROUNDED = 0.05
"""A value and its reciprocal, as typed, may differ by this share: 0.33 is a third, 0.14 a seventh."""


@dataclass(frozen=True)
class Ranking:
    """
    Options in the order of their rank.

    ``table`` has one row per option: option, score (0..1 when scaled), rank (1 is best; equal scores share the better
    one; missing without any score), stability (share of draws that keep the rank) and missing (criteria with a weight
    but without a score). ``indifferent`` names the weighted criteria that are equal for all options.
    """

    table: pd.DataFrame
    indifferent: tuple[str, ...]


def scaled(values: pd.DataFrame, *, costs: Collection[str] = ()) -> pd.DataFrame:
    """
    Return each criterion scaled 0..1 over the options, 1 being best.

    Parameters
    ----------
    values
        One row per option, one numeric column per criterion, in any unit; missing values stay missing.
    costs
        Criteria of which less is better: turned round.

    Returns
    -------
    A table of the same shape. A criterion equal for all options is 0.5 throughout.

    Raises
    ------
    AnalysisError
        If a criterion is not numeric or infinite, or a cost is no criterion.
    """
    import pandas as pd

    _require_known(costs, values.columns)
    # Halved first, so that the width of a column can not overflow.
    halves = _numbers(values) / 2
    worst, best = _over_options(np.fmin, halves), _over_options(np.fmax, halves)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(best > worst, (halves - worst) / (best - worst), np.where(np.isnan(halves), np.nan, 0.5))
    turned = np.isin(np.asarray(values.columns, dtype=object), list(costs))
    return pd.DataFrame(np.where(turned, 1 - shares, shares), index=values.index, columns=values.columns)


def ranked(
    scores: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    costs: Collection[str] = (),
    scale: bool = True,
    draws: int = 1000,
    seed: int = 0,
) -> Ranking:
    """
    Rank options by the weighted mean of their criteria.

    Parameters
    ----------
    scores
        One row per option (the index names it), one numeric column per criterion. Where a score is missing, the mean
        goes over the others and the row says how many are missing.
    weights
        Weight per criterion, >= 0, of any sum. A criterion without a weight does not count.
    costs
        Criteria of which less is better.
    scale
        Whether criteria are scaled 0..1 first; without it they must share one scale on which more is better.
    draws
        Random weight sets behind the stability, >= 1. A criterion of weight zero keeps it in each.
    seed
        Makes the draws repeatable.

    Raises
    ------
    AnalysisError
        If all weights are zero, one is negative or of no known criterion, an option is named twice, or a score is not
        numeric.
    """
    import pandas as pd

    _require_options(scores, draws)
    share = _shares(weights, scores.columns)
    if costs and not scale:
        raise AnalysisError(
            N_("Cost criteria can be turned round only when criteria are scaled. Scale, or name no costs.")
        )
    _require_known(costs, scores.columns)
    counted = scores[list(share)]
    values = _numbers(scaled(counted, costs=[c for c in costs if c in share]) if scale else counted)
    team = np.array(list(share.values()))
    score = _weighted_means(values, team[None, :])[0]
    rank = _ranks(score[None, :])[0]
    kept = _ranks(_weighted_means(values, _drawn_around(team, draws, seed))) == rank
    unknown = np.isnan(score)
    table = pd.DataFrame(
        {
            "option": list(scores.index),
            "score": score,
            "rank": pd.array(np.where(unknown, 0, rank), dtype="Int64"),
            "stability": np.where(unknown, np.nan, kept.mean(axis=0)),
            "missing": np.isnan(values).sum(axis=1),
        }
    )
    table.loc[unknown, "rank"] = pd.NA
    return Ranking(table.sort_values("rank", kind="stable").reset_index(drop=True), _indifferent(counted))


def ice(impact: npt.ArrayLike, confidence: npt.ArrayLike, ease: npt.ArrayLike) -> Array:
    """
    Return impact x confidence x ease / 100 (Ellis's ICE, as a product): 0.01..10.

    Parameters
    ----------
    impact, confidence, ease
        Judgements from 1 to 10, shapes that broadcast; missing ones give a missing score.

    Raises
    ------
    AnalysisError
        If a judgement lies outside 1..10.
    """
    parts = {N_("impact"): impact, N_("confidence"): confidence, N_("ease"): ease}
    for name, part in parts.items():
        outside = [v for v in np.asarray(part, dtype=float).ravel() if v < 1 or v > 10]
        if outside:
            raise AnalysisError(
                N_('"{judgement}" is {found}, but is judged from 1 to 10. Correct it.'),
                judgement=translated(name),
                found=number(outside[0]),
            )
    first, second, third = (np.asarray(part, dtype=float) for part in parts.values())
    return np.asarray(first * second * third / 100)


def ahp(comparisons: pd.DataFrame, *, random_index: str = "saaty") -> Answer:
    """
    Weigh criteria by comparisons of two at a time.

    Parameters
    ----------
    comparisons
        One row per pair: criterion_a, criterion_b, value: how many times as important a is as b, from 1/9 to 9, as a
        number or as text like 1/3. Each pair once, in either order.
    random_index
        "saaty" (Saaty & Vargas 2012) or "saaty-1980".

    Returns
    -------
    consistency_ratio, worst_pair (the two criteria to compare again; None when the ratio is 0.10 or less), lambda_max.
    One row per criterion, the weightiest first: criterion, weight (sums to 1). ``n`` counts the pairs.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If a pair is missing, contradicts itself or lies off the scale, or there are not 2 to 15 criteria.
    """
    import pandas as pd

    require_choice("random-index", random_index, RANDOM_INDEXES)
    pairs, excluded = _pairs(comparisons)
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    matrix = _matrix(pairs, names)
    values, vectors = np.linalg.eig(matrix)
    largest = int(values.real.argmax())
    weights = np.abs(vectors[:, largest].real)
    weights /= weights.sum()
    ratio = _consistency_ratio(float(values[largest].real), len(names), random_index)
    worst = max(
        combinations(range(len(names)), 2), key=lambda ij: abs(np.log(matrix[ij] * weights[ij[1]] / weights[ij[0]]))
    )
    pair = [names[worst[0]], names[worst[1]]] if ratio > CONSISTENT else None
    table = pd.DataFrame({"criterion": names, "weight": weights})
    return Answer(
        figures={"consistency_ratio": ratio, "worst_pair": pair, "lambda_max": float(values[largest].real)},
        rows=table.sort_values("weight", ascending=False, kind="stable").reset_index(drop=True),
        n=len(pairs),
        excluded=excluded,
        conventions=(
            translated(N_("Weights are the principal eigenvector of the comparisons.")),
            translated(
                N_("Consistency ratio with the random index of {source}; up to 0.10 judgements are taken as they are."),
                source={"saaty": "Saaty & Vargas (2012)", "saaty-1980": "Saaty (1980)"}[random_index],
            ),
        ),
        warnings=_contradicting(pair, ratio),
    )


def _contradicting(pair: list[str] | None, ratio: float) -> tuple[str, ...]:
    if pair is None:
        return ()
    return (
        translated(
            N_(
                "The judgements contradict each other (consistency ratio {ratio}, above 0.10). Compare “{first}” and "
                "“{second}” again: that pair fits the others least."
            ),
            ratio=number(ratio, 2),
            first=pair[0],
            second=pair[1],
        ),
    )


def _consistency_ratio(lambda_max: float, size: int, random_index: str) -> float:
    """Return how inconsistent the judgements are against random ones; two criteria cannot contradict each other."""
    if size < 3:
        return 0.0
    return max((lambda_max - size) / (size - 1), 0.0) / RANDOM_INDEXES[random_index][size - 3]


def _pairs(comparisons: pd.DataFrame) -> tuple[dict[tuple[str, str], float], dict[str, int]]:
    """Return the value of each pair as first given, and the rows left out by reason."""
    names = [str(name) for name in comparisons.columns]
    for column in ("criterion_a", "criterion_b", "value"):
        if column not in names:
            raise TableError(
                N_('The table of comparisons has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                column=column,
                near=nearest(column, names),
            )
    pairs: dict[tuple[str, str], float] = {}
    left_out: list[str] = []
    for first, second, value in comparisons[["criterion_a", "criterion_b", "value"]].itertuples(index=False):
        one, other = ("" if name is None or name != name else str(name).strip() for name in (first, second))
        if not one or not other:
            left_out.append(translated(N_("criterion is missing")))
            continue
        times = _judgement(value, one, other)
        if one == other:
            _require_same(times, 1.0, one, other)
            left_out.append(translated(N_("criterion compared with itself")))
        elif (one, other) in pairs or (other, one) in pairs:
            _require_same(times, pairs[one, other] if (one, other) in pairs else 1 / pairs[other, one], one, other)
            left_out.append(translated(N_("same pair once more, with the same value")))
        else:
            pairs[one, other] = times
    return pairs, {reason: left_out.count(reason) for reason in dict.fromkeys(left_out)}


def _judgement(value: object, one: str, other: str) -> float:
    """Return a value of the scale from a number, or text such as 1/3."""
    above, _slash, below = str(value).strip().replace(",", ".").partition("/")
    try:
        times = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        times = np.nan
    if not (1 - ROUNDED) / 9 <= times <= 9:
        raise AnalysisError(
            N_("“{first}” against “{second}” is {found}, but must lie between 1/9 and 9. Correct it."),
            first=one,
            second=other,
            found=str(value)[:40],
        )
    return float(times)


def _require_same(times: float, before: float, one: str, other: str) -> None:
    if abs(times / before - 1) > ROUNDED:
        raise AnalysisError(
            N_("“{first}” against “{second}” is {found} in one row and {before} in another. Keep one of the two."),
            first=one,
            second=other,
            found=number(times),
            before=number(before),
        )


def _matrix(pairs: Mapping[tuple[str, str], float], names: list[str]) -> Array:
    """Return the reciprocal matrix of the comparisons, shape (criteria, criteria)."""
    most = len(RANDOM_INDEXES["saaty"]) + 2
    if not 2 <= len(names) <= most:
        raise AnalysisError(
            N_("Pairs can be compared for 2 to {most} criteria, but the table has {count}."),
            count=number(len(names)),
            most=number(most),
        )
    at = {name: i for i, name in enumerate(names)}
    matrix = np.eye(len(names))
    for (one, other), value in pairs.items():
        matrix[at[one], at[other]], matrix[at[other], at[one]] = value, 1 / value
    missing = [f"{a} – {b}" for a, b in combinations(names, 2) if matrix[at[a], at[b]] == 0]
    if missing:
        raise AnalysisError(
            N_("Pairs that are not compared ({count}): {pairs}. Compare each pair of criteria once."),
            count=number(len(missing)),
            pairs=listed(missing[:SHOWN_AT_ONCE]),
        )
    return matrix


def _over_options(extreme: np.ufunc, values: Array) -> Array:
    """Return the extreme of each column, missing values left out; missing where there are no others."""
    if len(values) == 0:
        return np.full(values.shape[1], np.nan)
    return np.asarray(extreme.reduce(values, axis=0))


def _weighted_means(values: Array, weights: Array) -> Array:
    """Return means of shape (draws, options) over the criteria present; missing where none of weight is."""
    present = ~np.isnan(values)
    total = weights @ np.where(present, values, 0.0).T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / (weights @ present.T.astype(float)))


def _drawn_around(weights: Array, draws: int, seed: int) -> Array:
    """Return weight sets of shape (draws, criteria): Dirichlet, as normalised gamma draws so that zeros stay zero."""
    gammas = np.random.default_rng(seed).standard_gamma(CONCENTRATION * weights, size=(draws, len(weights)))
    return np.asarray(gammas / gammas.sum(axis=1, keepdims=True))


def _ranks(scores: Array) -> npt.NDArray[np.int64]:
    """Return ranks along each row, 1 for the highest; equal scores share the better rank, missing ones come last."""
    size = np.nanmax(np.abs(scores), initial=0.0) or 1.0
    rounded = np.round(np.where(np.isnan(scores), -np.inf, scores / size), SAME)
    order = np.argsort(-rounded, axis=1, kind="stable")
    falling = np.take_along_axis(rounded, order, axis=1)
    fresh = np.ones(falling.shape, dtype=bool)
    fresh[:, 1:] = falling[:, 1:] < falling[:, :-1]
    places = np.maximum.accumulate(np.where(fresh, np.arange(1, scores.shape[1] + 1), 1), axis=1)
    ranks = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, places, axis=1)
    return ranks


def _indifferent(values: pd.DataFrame) -> tuple[str, ...]:
    return tuple(str(name) for name in values.columns if values[name].nunique() <= 1)


def _numbers(values: pd.DataFrame) -> Array:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    wrong = [str(name) for name in values.columns if not is_numeric_dtype(values[name]) and values[name].notna().any()]
    table = np.full(values.shape, np.nan)
    for i, name in enumerate(values.columns):
        if str(name) not in wrong and (is_numeric_dtype(values[name]) or is_bool_dtype(values[name])):
            table[:, i] = values[name].to_numpy(dtype=float, na_value=np.nan)
    wrong += [str(name) for name, column in zip(values.columns, table.T, strict=True) if np.isinf(column).any()]
    if wrong:
        raise AnalysisError(
            N_("{criteria}: the scores must be finite numbers. Correct the column."),
            criteria=listed(wrong[:SHOWN_AT_ONCE]),
        )
    return table


def _shares(weights: Mapping[str, float], criteria: Iterable[str]) -> dict[str, float]:
    """Return the weights above zero, scaled to sum to 1."""
    _require_known(weights, criteria)
    wrong = [name for name, weight in weights.items() if not (0 <= weight < np.inf)]
    if wrong:
        raise AnalysisError(
            N_("{criteria}: a weight must be a number of 0 or more. Correct it."),
            criteria=listed(wrong[:SHOWN_AT_ONCE]),
        )
    largest = max(weights.values(), default=0.0)
    if largest == 0:
        raise AnalysisError(N_("All weights are zero, so nothing can be ranked. Give at least one criterion a weight."))
    total = sum(weight / largest for weight in weights.values())
    return {name: weight / largest / total for name, weight in weights.items() if weight > 0}


def _require_known(names: Iterable[str], criteria: Iterable[str]) -> None:
    known = [str(name) for name in criteria]
    for name in names:
        if name not in known:
            raise AnalysisError(
                N_('"{found}" is not a criterion of the scores. Nearest: {near}. Correct the name.'),
                found=name,
                near=nearest(str(name), known),
            )


def _require_options(scores: pd.DataFrame, draws: int) -> None:
    if len(scores) == 0:
        raise AnalysisError(N_("There is nothing to rank: the table of scores has no rows. Add an option."))
    twice = [str(name) for name in scores.index[scores.index.duplicated()].unique()]
    if twice:
        raise AnalysisError(
            N_("{options}: scored on more than one row. Keep one row for each."), options=listed(twice[:SHOWN_AT_ONCE])
        )
    if draws < 1:
        raise AnalysisError(N_("The stability asks for {found} draws, but needs at least 1."), found=number(draws))
