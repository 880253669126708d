"""At which of the prices asked do we earn most? Gabor and Granger.

They ask who would buy at each of several prices. A demand curve that never rises (isotonic regression) gives revenue, and
profit where the unit cost is known, and the best of the prices asked.

Sources: Gabor & Granger (1966), Economica 33(129); Barlow & Brunk (1972), JASA 67, on isotonic regression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.answer import Answer, few_answers, few_respondents
from workbook.errors import AnalysisError
from workbook.language import N_, number, percent, plural
from workbook.language import translated as _
from workbook.research.price_meter import DRAWS, HIGHEST, SAME
from workbook.shares import require_level
from workbook.sieve import Sieve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["gabor_granger"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def gabor_granger(
    answers: pd.DataFrame, *, unit_cost: float | None = None, alpha: float = 0.05, seed: int = 0
) -> Answer:
    """
    Find the best of the prices asked.

    Parameters
    ----------
    answers
        One row per respondent and price: respondent, price (money, > 0), would_buy (0 or 1). Of two rows of one
        respondent on one price the first usable one counts.
    unit_cost
        Cost of one unit, money, >= 0: the best price is then that of the largest profit, else of the largest revenue.
    alpha
        1 - ``alpha`` is the level of the bootstrap intervals; 0..1.
    seed
        Makes the bootstrap repeatable.

    Returns
    -------
    ``best_price`` and its interval; one row per price, rising: price, n, observed (share as answered), share (never
    rising), low, high, revenue per head and, with a cost, profit per head.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no row can be used, nobody would buy at any price, or no price is above the unit cost.
    """
    import pandas as pd

    require_level(alpha)
    if unit_cost is not None and not (np.isfinite(unit_cost) and unit_cost >= 0):
        raise AnalysisError(N_("The unit cost is {found}, but must be 0 or more."), found=number(unit_cost))
    sieve = Sieve(answers, ["respondent", "price", "would_buy"])
    sieve.named("respondent")
    sieve.numbers("price", high=HIGHEST)
    sieve.leave_out(sieve.rows["price"] <= 0, _(N_("price is not above 0")))
    sieve.yes_or_no("would_buy")
    sieve.once("respondent", "price")
    sieve.require_rows()
    prices, kinds, counts = _kinds_of_answers(sieve.rows)
    asked, buying = counts @ ~np.isnan(kinds), counts @ np.nan_to_num(kinds)
    share = _never_rising(buying / asked, asked)
    _require_demand(prices, share, unit_cost)
    drawn = _resampled(kinds, counts, seed)
    best, worth = _best(prices, share, unit_cost), prices - (unit_cost or 0.0)
    # A sample in which no price earns anything has no best one.
    bests = [_best(prices, one, unit_cost) for one in drawn if (worth * one).max() > 0]
    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2], axis=0)
    rows = pd.DataFrame(
        {
            "price": prices,
            "n": asked.astype(int),
            "observed": buying / asked,
            "share": share,
            "low": low,
            "high": high,
            "revenue": prices * share,
        }
    )
    if unit_cost is not None:
        rows["profit"] = worth * share
    # Ends of the interval are prices that were asked.
    ends = np.quantile(bests, [alpha / 2, 1 - alpha / 2], method="inverted_cdf").tolist()
    n = int(counts.sum())
    return Answer(
        figures={"best_price": best, "best_price_interval": ends},
        rows=rows,
        n=n,
        excluded=sieve.excluded,
        conventions=_ladder_conventions(unit_cost, alpha),
        warnings=(*few_respondents(n), *_ladder_warnings(rows, kinds, counts, best)),
    )


def _kinds_of_answers(used: pd.DataFrame) -> tuple[Floats, Floats, Ints]:
    """
    Return the prices, the different sets of answers to them (kinds, prices; NaN where not asked), and how many gave each.

    Resampling respondents is the same as drawing how many of each kind there are: quick at any sample size.
    """
    wide = used.pivot(index="respondent", columns="price", values="would_buy")
    coded = np.where(wide.isna(), 2, wide.eq(True))
    kinds, counts = np.unique(coded, axis=0, return_counts=True)
    return wide.columns.to_numpy(dtype=float), np.where(kinds == 2, np.nan, kinds), counts


def _never_rising(share: Floats, weights: npt.ArrayLike) -> Floats:
    """Return the nearest shares, by weighted squares, that never rise with the price."""
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(share, weights=np.asarray(weights, dtype=float), increasing=False).x)


def _resampled(kinds: Floats, counts: Ints, seed: int) -> Floats:
    """Return the fitted shares of bootstrap samples, shape (draws, prices)."""
    n = int(counts.sum())
    drawn = np.random.default_rng(seed).multinomial(n, counts / n, size=DRAWS)
    asked, buying = drawn @ ~np.isnan(kinds), drawn @ np.nan_to_num(kinds)
    # A price that a sample happens to ask nobody about takes the place of its neighbours: next to no weight.
    shares = np.divide(buying, asked, out=np.zeros(buying.shape), where=asked > 0)
    return np.stack([_never_rising(one, np.maximum(many, 1e-9)) for one, many in zip(shares, asked, strict=True)])


def _best(prices: Floats, share: Floats, unit_cost: float | None) -> float:
    """Return the price of the largest revenue, or profit; the lowest of equal ones."""
    earned = (prices - (unit_cost or 0.0)) * share
    return float(prices[np.flatnonzero(earned >= earned.max() - SAME * max(earned.max(), 0))[0]])


def _require_demand(prices: Floats, share: Floats, unit_cost: float | None) -> None:
    if share.max() <= 0:
        raise AnalysisError(
            N_("Nobody would buy at any of the prices, so there is no best one. Ask about lower prices.")
        )
    if unit_cost is not None and prices.max() <= unit_cost:
        raise AnalysisError(
            N_("No price asked is above the unit cost of {cost}: none earns anything. Ask about higher prices."),
            cost=number(unit_cost),
        )
    if unit_cost is not None and share[prices > unit_cost].max() <= 0:
        raise AnalysisError(
            N_("Nobody would buy at a price above the unit cost of {cost}, so no price earns anything."),
            cost=number(unit_cost),
        )


def _ladder_conventions(unit_cost: float | None, alpha: float) -> tuple[str, ...]:
    return (
        _(N_("Share buying at each price, made never to rise with it (isotonic regression by the number asked).")),
        _(
            N_(
                "Revenue is price × share, per person asked; the best price is the asked one with the most, the lowest of equal ones."
            )
        )
        if unit_cost is None
        else _(
            N_(
                "Revenue is price × share, profit (price − {cost}) × share, per person asked; the best price is the asked "
                "one with the most profit, the lowest of equal ones."
            ),
            cost=number(unit_cost),
        ),
        _(
            N_("Intervals of {level} from {draws} bootstrap samples of the respondents (percentiles)."),
            level=percent(1 - alpha),
            draws=number(DRAWS),
        ),
    )


def _ladder_warnings(rows: pd.DataFrame, kinds: Floats, counts: Ints, best: float) -> list[str]:
    said = list(few_answers({number(price): n for price, n in zip(rows["price"], rows["n"], strict=True)}))
    if len(rows) == 1:
        said.append(_(N_("Only one price was asked, so there is nothing to choose from.")))
    elif rows["share"].max() - rows["share"].min() <= SAME:
        said.append(_(N_("The same share would buy at every price: ask about higher prices to see where demand ends.")))
    elif best == rows["price"].iloc[-1]:
        said.append(_(N_("The highest price asked is the best, so a higher one may be better still.")))
    steady = np.array([(np.diff(kind[~np.isnan(kind)]) <= 0).all() for kind in kinds])
    if not steady.all():
        said.append(
            plural(
                "One respondent would buy at a price but not at a lower one.",
                "{count} respondents would buy at a price but not at a lower one.",
                int(counts[~steady].sum()),
            )
        )
    return said
