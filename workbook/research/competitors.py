"""Where do we differ from rivals in what buyers weigh, and how large is the market?

The strategy canvas sets our score beside each rival's, factor by factor: gap = our score - the best rival's, divergence =
mean over the factors of |our score - the rivals' mean| / width of the scale. A factor that nobody scored says nothing.

The market: TAM = customers x value of one, SAM = TAM x share we can serve, SOM = SAM x share we can win.

Source: Kim & Mauborgne (2005), Blue Ocean Strategy, Harvard Business School Press.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbook.plan.model import Factor, Grade, MarketSize, Plan, Ref

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Canvas", "excess_share_of_voice", "market_sizes", "strategy_canvas"]

WIDTH = 10.0
"""Width of the scale of scores, 0 to 10."""


@dataclass(frozen=True)
class Canvas:
    """
    Scores on the factors of competition.

    ``table`` has one row per factor, the heaviest first: id, factor, weight, own, best (the best rival's score),
    best_rival (its name), mean (the rivals'), gap (own - best); missing where nobody was scored. ``scores`` has one row
    per (factor, who): id, factor, who, own (bool), score. ``divergence`` (0..1) is None without a rival.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    divergence: float | None


def strategy_canvas(plan: Plan) -> Canvas:
    """Return how we and the plan's rivals do on each factor, with gaps and divergence."""
    import pandas as pd

    factors = sorted(plan.factors, key=lambda factor: -factor.weight)
    rows, scores = [], []
    for factor in factors:
        own = _score(plan.standing.scores, factor)
        scored = {rival.label: _score(rival.scores, factor) for rival in plan.rivals}
        theirs = {name: score for name, score in scored.items() if not np.isnan(score)}
        best = max(theirs, key=lambda name: theirs[name]) if theirs else ""
        rows.append(
            {
                "id": factor.id,
                "factor": factor.label,
                "weight": factor.weight,
                "own": own,
                "best": theirs.get(best, np.nan),
                "best_rival": best,
                "mean": float(np.mean(list(theirs.values()))) if theirs else np.nan,
                "gap": own - theirs[best] if theirs else np.nan,
            }
        )
        said = [("", own), *theirs.items()]
        scores += [
            {"id": factor.id, "factor": factor.label, "who": who, "own": not who, "score": score} for who, score in said
        ]
    columns = ["id", "factor", "weight", "own", "best", "best_rival", "mean", "gap"]
    table = pd.DataFrame(rows, columns=columns)
    apart = (table["own"] - table["mean"]).abs().dropna()
    return Canvas(
        table,
        pd.DataFrame(scores, columns=["id", "factor", "who", "own", "score"]).dropna(subset="score"),
        float(apart.mean() / WIDTH) if len(apart) else None,
    )


def market_sizes(plan: Plan) -> pd.DataFrame:
    """
    Return the plan's counts of the market, one row each: id, name, way, customers, value, served, won, tam, sam, som, grade.

    A size is missing where a factor of it is; ``grade`` is the worst of the evidence behind the factors, D where one
    that is entered has none.
    """
    import pandas as pd

    rows = []
    for size in plan.sizes:
        customers, value, served, won = (
            np.nan if figure is None else float(figure)
            for figure in (size.customers, size.value, size.served, size.won)
        )
        tam = customers * value
        rows.append(
            {
                "id": size.id,
                "name": size.label,
                "way": size.way.value,
                "customers": customers,
                "value": value,
                "served": served,
                "won": won,
                "tam": tam,
                "sam": tam * served,
                "som": tam * served * won,
                "grade": _grade(size).value,
            }
        )
    columns = ["id", "name", "way", "customers", "value", "served", "won", "tam", "sam", "som", "grade"]
    return pd.DataFrame(rows, columns=columns)


def excess_share_of_voice(voice: float | None, share: float | None) -> float | None:
    """Return share of voice - share of market, a fraction; None while either is unknown (Binet & Field 2007)."""
    return None if voice is None or share is None else voice - share


def _score(scores: Mapping[Ref[Factor], float], factor: Factor) -> float:
    return next((score for about, score in scores.items() if about == factor.id), np.nan)


def _grade(size: MarketSize) -> Grade:
    """Return the worst grade behind the factors of a size."""
    worst = Grade.A
    for figure, evidence in (
        (size.customers, size.customers_evidence),
        (size.value, size.value_evidence),
        (size.served, size.served_evidence),
        (size.won, size.won_evidence),
    ):
        if figure is not None:
            # Several pieces of evidence for one factor: the best of them carries it.
            worst = max(worst, min((one.grade for one in evidence), default=Grade.D))
    return worst
