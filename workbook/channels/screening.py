"""Which tactics are worth a closer look? Weighted score, its stability, ICE and the rings of the bullseye.

The score is the weighted mean of the criteria, and its stability that of ``workbook.scoring``. ICE (impact x confidence
x ease / 100) stands beside it as a second opinion and does not move the rank. The rings follow Weinberg & Mares (2015),
"Traction": the inner one holds the three most promising, to be tested now, the middle one what could work, the outer
one the long shots. That the inner ring has three is the authors' rule; the size of the middle ring, six here, is
judgement. Both can be set.

Weights are given, or worked out from comparisons of two criteria at a time (AHP). Criteria are judged on one scale and averaged as they
are; of tables in mixed units each criterion can be scaled 0..1 over the tactics first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbook.answer import Answer
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number
from workbook.language import translated as _
from workbook.plan.model import Channel, Criterion, Direction, Plan, Reads, Relation
from workbook.scoring import ahp, ice, ranked, scaled

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Screening", "channel_scores", "screened", "screening"]

JUDGEMENTS = ("impact", "confidence", "ease")

ALWAYS_COSTS = (Reads.RELUCTANCE, Reads.LAG)
"""Fields of which less is better, whatever was said of the criterion."""

TOP = 10.0
"""Best score of a channel on a criterion of the plan."""


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
        _(N_("ICE is impact × confidence × ease / 100, each judged from 1 to 10; it does not move the rank.")),
        _(
            N_("Rings by rank: the first {inner} inner, the next {middle} middle, all others outer; a judgement."),
            inner=number(inner),
            middle=number(middle),
        ),
    )


def screened(
    rows: pd.DataFrame,
    *,
    cost: Sequence[str] = (),
    compare: Sequence[str] = (),
    scale: str = "as-given",
    scale_min: float = 0.0,
    scale_max: float = TOP,
    inner: int = 3,
    middle: int = 6,
    draws: int = 1000,
    seed: int = 0,
) -> Answer:
    """
    Screen the tactics of a table.

    Parameters
    ----------
    rows
        One row per tactic and criterion: tactic, criterion, score [, weight >= 0, the same on all rows of a criterion].
        Of two rows of one tactic on one criterion the first counts. Without weights all criteria weigh alike.
    cost
        Criteria of which less is better.
    compare
        Pairwise comparisons, each "criterion/criterion=3" (from 1/9 to 9): the weights are then those of AHP, with its
        consistency ratio and the pair to compare again.
    scale
        "as-given": all criteria share the scale ``scale_min`` .. ``scale_max``, which only turns costs round; "range":
        each criterion is scaled 0..1 over the tactics.
    inner, middle, draws, seed
        As in ``screening``.

    Returns
    -------
    One row per tactic, the best first: tactic, rank, score, stability, ring, missing (criteria without a score) and,
    where impact, confidence and ease are among the criteria, ice. ``ranks`` has them again by tactic.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no row can be used, a criterion has two weights, all weights are zero or negative, or an option does not fit.
    """
    import pandas as pd

    used, excluded = _usable(rows)
    order = list(dict.fromkeys(used["criterion"]))
    scores = used.pivot(index="tactic", columns="criterion", values="score")[order]
    scores = scores.reindex(list(dict.fromkeys(used["tactic"])))
    weights, said = _compared(order, compare) if compare else (_weights(used, order), {})
    costs = _known_costs(cost, order)
    if scale == "as-given":
        scores[costs] = _turned(scores[costs], scale_min, scale_max)
    judged, warnings = _judged(scores, used)
    result = screening(
        scores,
        weights,
        judgements=judged,
        costs=costs if scale == "range" else (),
        scale=scale == "range",
        inner=inner,
        middle=middle,
        draws=draws,
        seed=seed,
    )
    columns = ["tactic", "rank", "score", "stability", "ring", *(["ice"] if judged is not None else []), "missing"]
    table = result.table.rename(columns={"option": "tactic"})[columns]
    ranks = {str(t): None if pd.isna(r) else int(r) for t, r in zip(table["tactic"], table["rank"], strict=True)}
    if result.indifferent:
        equal = listed(list(result.indifferent))
        warnings += (_(N_("These criteria score all tactics alike and decide nothing: {criteria}."), criteria=equal),)
    return Answer(
        {"ranks": ranks, **said},
        table,
        len(used),
        excluded,
        (*_scale_words(scale, costs, scale_min, scale_max), *result.conventions),
        warnings,
    )


def channel_scores(plan: Plan) -> pd.DataFrame:
    """
    Return the plan's channels by its criteria, 0..10 and more always better: the index are ids, missing is NaN.

    A criterion takes the team's scores, or reads a field of the channel: contacts and lag are scaled over the channels,
    stages are the share of the journey's, and the relation is scored by how much of the effort is meant for it.
    """
    import pandas as pd

    table = pd.DataFrame(
        {c.id: [_read(channel, c, plan) for channel in plan.channels] for c in plan.criteria},
        index=[channel.id for channel in plan.channels],
        dtype=float,
    )
    for criterion in plan.criteria:
        if criterion.reads in (Reads.FREQUENCY, Reads.LAG):
            table[criterion.id] = TOP * scaled(table[[criterion.id]])[criterion.id]
        if criterion.direction is Direction.COST or criterion.reads in ALWAYS_COSTS:
            table[criterion.id] = TOP - table[criterion.id]
    return table


def _read(channel: Channel, criterion: Criterion, plan: Plan) -> float | None:
    """Return what ``criterion`` takes from ``channel``, before it is scaled or turned round."""
    match criterion.reads:
        case Reads.SCORES:
            return next((score for named, score in channel.scores.items() if named == criterion.id), None)
        case Reads.STAGES:
            served = [stage for stage in channel.stages if plan.item(stage)]
            return TOP * len(served) / len(plan.stages) if channel.stages and plan.stages else None
        case Reads.RELATION:
            return _relation_score(channel, plan.balance.existing_share)
        case _:
            value = getattr(channel, criterion.reads.value.replace("-", "_"))
            return None if value is None else float(value)


def _relation_score(channel: Channel, existing: float | None) -> float | None:
    """Return 10 for what serves the larger share of the effort, less in proportion for the other; both serve all."""
    if channel.relation is None or existing is None:
        return None
    share = {Relation.EXISTING: existing, Relation.NEW: 1 - existing, Relation.BOTH: 1.0}[channel.relation]
    return min(TOP * share / max(existing, 1 - existing), TOP)


def _usable(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows to count, and how many others there are by reason."""
    import pandas as pd

    names = [str(name) for name in rows.columns]
    for column in ("tactic", "criterion", "score"):
        if column not in names:
            raise TableError(
                N_('The table of scores has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                column=column,
                near=nearest(column, names),
            )
    kept = rows[[c for c in ("tactic", "criterion", "score", "weight") if c in names]].reset_index(drop=True)
    score = pd.to_numeric(kept["score"], errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)
    nameless = kept[["tactic", "criterion"]].isna().any(axis=1)
    silent = score.isna() & ~nameless
    again = kept[~nameless & ~silent].duplicated(["tactic", "criterion"]).reindex(kept.index, fill_value=False)
    reasons = {
        _(N_("tactic or criterion is missing")): nameless,
        _(N_("score is missing or no number")): silent,
        _(N_("same tactic and criterion once more (the first score counts)")): again,
    }
    excluded = {reason: int(out.sum()) for reason, out in reasons.items() if out.any()}
    used = kept.assign(score=score)[~nameless & ~silent & ~again]
    if used.empty:
        raise AnalysisError(N_("No row has a tactic, a criterion and a score. Check the columns."))
    return used.astype({"tactic": str, "criterion": str}), excluded


def _compared(order: list[str], compare: Sequence[str]) -> tuple[dict[str, float], dict[str, object]]:
    """Return the weights that pairwise comparisons give, and the figures of AHP."""
    answer = ahp(_pairs(compare, order))
    assert answer.rows is not None
    weights = dict(zip(answer.rows["criterion"], answer.rows["weight"].astype(float), strict=True))
    left_out = [name for name in order if name not in weights]
    if left_out:
        raise AnalysisError(
            N_("{criteria}: compared with nothing, so without a weight. Add a comparison, or leave the rows out."),
            criteria=listed(left_out[:SHOWN_AT_ONCE]),
        )
    return weights, {"weights": weights, **answer.figures}


def _weights(used: pd.DataFrame, order: list[str]) -> dict[str, float]:
    """Return the weight of each criterion, the same on all its rows."""
    if "weight" not in used or used["weight"].isna().all():
        return dict.fromkeys(order, 1.0)
    given = used.dropna(subset=["weight"]).groupby("criterion", sort=False)["weight"]
    torn = [str(name) for name, weights in given if weights.nunique() > 1]
    if torn:
        raise AnalysisError(
            N_("{criteria}: more than one weight. Give a criterion the same weight on all its rows."),
            criteria=listed(torn[:SHOWN_AT_ONCE]),
        )
    known = given.first().astype(float).to_dict()
    bare = [name for name in order if name not in known]
    if bare:
        raise AnalysisError(
            N_("{criteria}: no weight, while others have one. Enter it; 0 leaves a criterion out."),
            criteria=listed(bare[:SHOWN_AT_ONCE]),
        )
    return {name: known[name] for name in order}


def _pairs(compare: Sequence[str], order: list[str]) -> pd.DataFrame:
    """Return comparisons such as "reach/cost=3" as the table that AHP takes."""
    import pandas as pd

    read = []
    for text in compare:
        pair, _sep, value = text.rpartition("=")
        first, _sep, second = pair.partition("/")
        try:
            read.append((first.strip(), second.strip(), _fraction(value)))
        except (ValueError, ZeroDivisionError):
            raise AnalysisError(
                N_('"{found}" is no comparison. Write it as criterion/criterion=3 (or =1/3).'), found=text[:60]
            ) from None
        for name in read[-1][:2]:
            if name not in order:
                raise AnalysisError(
                    N_('"{found}" is compared, but no tactic is scored on it. Nearest: {near}. Correct the name.'),
                    found=name,
                    near=nearest(name, order),
                )
    return pd.DataFrame(read, columns=["criterion_a", "criterion_b", "value"])


def _fraction(text: str) -> float:
    above, _sep, below = text.strip().partition("/")
    return float(above) / float(below or 1)


def _known_costs(cost: Sequence[str], order: list[str]) -> list[str]:
    for name in cost:
        if name not in order:
            raise AnalysisError(
                N_('"{found}" is marked as a cost, but is no criterion. Nearest: {near}. Correct the name.'),
                found=name,
                near=nearest(name, order),
            )
    return list(dict.fromkeys(cost))


def _turned(scores: pd.DataFrame, least: float, most: float) -> pd.DataFrame:
    """Return costs turned round on their scale, so that more is better."""
    if least >= most:
        raise AnalysisError(
            N_("The scale runs from {least} to {most}. Its top must be over its bottom."),
            least=number(least),
            most=number(most),
        )
    outside = scores[(scores < least) | (scores > most)].stack().dropna()
    if len(outside):
        raise AnalysisError(
            N_("A cost is scored {found}, outside the scale of {least} to {most}. Set the scale, or use the range."),
            found=number(float(outside.iloc[0])),
            least=number(least),
            most=number(most),
        )
    return least + most - scores


def _judged(scores: pd.DataFrame, used: pd.DataFrame) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Return the judgements that ICE needs where all three are criteria on its scale, and what to mind."""
    if not set(JUDGEMENTS) <= set(scores.columns):
        return None, ()
    # As they were given: a judgement marked as a cost would be turned round in ``scores``.
    judged = used[used["criterion"].isin(JUDGEMENTS)].pivot(index="tactic", columns="criterion", values="score")
    if ((judged < 1) | (judged > TOP)).any().any():
        return None, (_(N_("ICE needs impact, confidence and ease from 1 to 10; on another scale it is left out.")),)
    return judged, ()


def _scale_words(scale: str, costs: list[str], least: float, most: float) -> tuple[str, ...]:
    if scale == "range":
        words = (_(N_("Score is the weighted mean of the criteria, each scaled 0 to 1 over the tactics.")),)
    else:
        words = (_(N_("Score is the weighted mean of the criteria as they were given.")),)
    if not costs:
        return words
    return (*words, _(N_("Turned round, because less is better: {criteria}."), criteria=listed(costs)))
