"""What price would people accept? Van Westendorp's price sensitivity meter.

Each respondent names four prices: too cheap to trust, cheap, expensive, too expensive to consider. Shares of them cross at
points of marginal cheapness and expensiveness, which bound the range of acceptable prices, at the optimal price and at the
indifference price. Newton, Miller and Smith add the chances to buy at the cheap and the expensive price, and find the price
of the widest reach and of the largest revenue.

Sources: van Westendorp (1976), NSS price sensitivity meter, ESOMAR congress; Newton, Miller & Smith (1993), Marketing
Research 5(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import Answer, few_respondents
from workbook.errors import AnalysisError, require_choice
from workbook.language import N_, listed, number, percent, plural
from workbook.language import translated as _
from workbook.shares import require_level
from workbook.sieve import Sieve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["van_westendorp"]

Floats = npt.NDArray[np.float64]

DRAWS = 1000
"""Bootstrap samples of the respondents."""

DRAWS_AT_ONCE = 2_000_000
"""Resampled answers held at once: 16 MB."""

HIGHEST = 1e15
"""A price or a weight past this is a slip."""

LIMITS = ("too_cheap", "cheap", "expensive", "too_expensive")

CHANCES = ("buy_at_cheap", "buy_at_expensive")

# The falling and the rising curve whose crossing makes each point; a leading "not" is one minus the curve.
POINTS = {
    "original": {
        "pmc": ("too_cheap", "not cheap"),
        "pme": ("not expensive", "too_expensive"),
        "opp": ("too_cheap", "too_expensive"),
        "idp": ("cheap", "expensive"),
    },
    "narrower": {
        "pmc": ("too_cheap", "expensive"),
        "pme": ("cheap", "too_expensive"),
        "opp": ("too_cheap", "too_expensive"),
        "idp": ("cheap", "expensive"),
    },
}

SAME = 1e-9
"""Shares closer than this are equal: sums of weights differ in their last digits."""


def van_westendorp(
    answers: pd.DataFrame,
    *,
    range: str = "original",
    interpolate: bool = False,
    newton_miller_smith: bool = False,
    alpha: float = 0.05,
    seed: int = 0,
) -> Answer:
    """
    Find the range of acceptable prices.

    Parameters
    ----------
    answers
        One row per respondent: respondent, too_cheap, cheap, expensive, too_expensive (money, >= 0, strictly rising:
        others are left out), weight (> 0, may be left out) and for Newton, Miller and Smith's extension buy_at_cheap and
        buy_at_expensive (chances, 0 to 1).
    range
        "original": pmc = too cheap x not cheap, pme = too expensive x not expensive; "narrower": pmc = too cheap x
        expensive, pme = too expensive x cheap.
    interpolate
        Straight lines between the answered prices in place of steps.
    newton_miller_smith
        Also find the prices of the widest reach and the largest revenue.
    alpha
        1 - ``alpha`` is the level of the bootstrap intervals; 0..1.
    seed
        Makes the bootstrap repeatable.

    Returns
    -------
    ``pmc``, ``pme``, ``opp``, ``idp`` (a price, or a pair where the curves run together), ``range`` = [pmc, pme], the
    bootstrap interval of each point, ``price_max_reach`` and ``price_max_revenue``; one row per answered price with the
    four curves (0..1), and reach and revenue per head with the extension.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no row can be used, or ``alpha`` is out of range.
    ParameterError
        If an option is none of its choices.
    """
    require_level(alpha)
    require_choice("range", range, POINTS)
    sieve = _price_limits(answers, newton_miller_smith)
    used = sieve.rows
    meter = _Meter(used)
    found = {name: meter.point(*curves, interpolate=interpolate) for name, curves in POINTS[range].items()}
    figures: dict[str, Any] = {name: _said(*ends) for name, ends in found.items()}
    figures["range"] = [found["pmc"][0], found["pme"][1]]
    figures |= _point_intervals(meter, POINTS[range], alpha, seed, interpolate=interpolate)
    rows = meter.table()
    if newton_miller_smith:
        rows["reach"], rows["revenue"], unsaid = _reach(used, meter.prices)
        figures |= _best_reach(rows)
    return Answer(
        figures=figures,
        rows=rows,
        n=len(used),
        excluded=sieve.excluded,
        conventions=_meter_conventions(used, range, alpha, interpolate=interpolate, extended=newton_miller_smith),
        warnings=(
            *few_respondents(len(used)),
            *_meter_warnings(meter, POINTS[range], found),
            *(_unsaid(unsaid) if newton_miller_smith else ()),
        ),
    )


def _price_limits(answers: pd.DataFrame, extended: bool) -> Sieve:
    """Return the usable rows, in an order that does not depend on the table's."""
    sieve = Sieve(answers, ["respondent", *LIMITS, *(CHANCES if extended else ())], ["weight"])
    sieve.named("respondent")
    sieve.numbers(*LIMITS, low=0, high=HIGHEST)
    if "weight" in sieve.rows:
        sieve.numbers("weight", high=HIGHEST)
        sieve.leave_out(sieve.rows["weight"] <= 0, _(N_("weight is not above 0")))
    else:
        sieve.rows = sieve.rows.assign(weight=1.0)
    limits = sieve.rows[list(LIMITS)].to_numpy()
    unordered = sieve.rows["respondent"].notna() & (np.diff(limits, axis=1) <= 0).any(axis=1)
    sieve.leave_out(unordered, _(N_("the four prices do not rise strictly")))
    sieve.once("respondent")
    sieve.require_rows()
    sieve.rows = sieve.rows.sort_values([*LIMITS, "weight"], kind="stable").reset_index(drop=True)
    return sieve


class _Meter:
    """The four curves at every answered price; ``weights`` may be several sets, shape (sets, respondents)."""

    def __init__(self, used: pd.DataFrame) -> None:
        limits = used[list(LIMITS)].to_numpy()
        self.prices, places = np.unique(limits, return_inverse=True)
        self.places = places.reshape(limits.shape)
        self.weights = used["weight"].to_numpy()
        self.curves = self.shares(self.weights[None])

    def shares(self, weights: Floats) -> dict[str, Floats]:
        """Return each curve for each set of weights, shape (sets, prices)."""
        total = weights.sum(axis=1, keepdims=True)
        curves = {}
        for place, name in zip(self.places.T, LIMITS, strict=True):
            counts = np.stack([np.bincount(place, one, len(self.prices)) for one in weights])
            below = np.cumsum(counts, axis=1) / total
            falling = name in ("too_cheap", "cheap")
            curves[name] = 1 - below if falling else below
            curves[f"not {name}"] = below if falling else 1 - below
        return curves

    def point(self, falling: str, rising: str, *, interpolate: bool) -> tuple[float, float]:
        """Return the ends of where two curves cross, equal for a single price."""
        low, high = _crossings(self.prices, self.curves[falling], self.curves[rising], interpolate=interpolate)
        return float(low[0]), float(high[0])

    def apart(self, falling: str, rising: str) -> bool:
        """Return whether two curves only meet where both are 0: nobody stands between them."""
        first = int((self.curves[falling][0] - self.curves[rising][0] <= SAME).argmax())
        return float(self.curves[falling][0, first] + self.curves[rising][0, first]) <= SAME

    def table(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame({"price": self.prices} | {name: self.curves[name][0] for name in LIMITS})


def _crossings(prices: Floats, falling: Floats, rising: Floats, *, interpolate: bool) -> tuple[Floats, Floats]:
    """
    Return the lowest and highest price of the crossing for each set of curves, shape (sets,).

    It begins at the first price where the falling curve is no longer above the rising one; where the two are equal
    there, it goes on to the last price of those that follow at which they still are.
    """
    gap = falling - rising
    first = (gap <= SAME).argmax(axis=1)
    each = np.arange(len(gap))
    after = np.arange(len(prices)) >= first[:, None]
    apart = after & (np.abs(gap) > SAME)
    last = np.where(apart.any(axis=1), apart.argmax(axis=1), len(prices)) - 1
    low, high = prices[first], prices[np.maximum(last, first)]
    if not interpolate:
        return low, high
    before = np.maximum(first - 1, 0)
    above, under = gap[each, before], gap[each, first]
    between = (np.abs(under) > SAME) & (above > SAME)
    slope = np.where(between, above / np.where(between, above - under, 1), 1)
    at = prices[before] + slope * (prices[first] - prices[before])
    return np.where(between, at, low), np.where(between, at, high)


def _said(low: float, high: float) -> float | list[float]:
    return low if low == high else [low, high]


def _point_intervals(
    meter: _Meter, points: dict[str, tuple[str, str]], alpha: float, seed: int, *, interpolate: bool
) -> dict[str, list[float]]:
    """Return a percentile interval of each point by resampling respondents; of a flat crossing its middle counts."""
    n, rng = len(meter.weights), np.random.default_rng(seed)
    at_once = min(max(DRAWS_AT_ONCE // n, 1), DRAWS)
    middles: dict[str, list[Floats]] = {name: [] for name in points}
    for begin in range(0, DRAWS, at_once):
        drawn = [np.bincount(rng.integers(0, n, n), minlength=n) for _draw in range(min(at_once, DRAWS - begin))]
        curves = meter.shares(np.stack(drawn) * meter.weights)
        for name, (falling, rising) in points.items():
            low, high = _crossings(meter.prices, curves[falling], curves[rising], interpolate=interpolate)
            middles[name].append((low + high) / 2)
    return {
        f"{name}_interval": np.quantile(np.concatenate(found), [alpha / 2, 1 - alpha / 2]).tolist()
        for name, found in middles.items()
    }


def _reach(used: pd.DataFrame, prices: Floats) -> tuple[Floats, Floats, int]:
    """
    Return reach and revenue per head at each price, and how many rows say no chances to buy.

    A respondent's chance to buy is 0 at the prices too cheap and too expensive, as said at the other two, and goes
    straight between them.
    """
    import pandas as pd

    chances = used[list(CHANCES)].apply(pd.to_numeric, errors="coerce")
    said = (chances.ge(0) & chances.le(1)).all(axis=1).to_numpy()
    if not said.any():
        raise AnalysisError(N_("No row has chances to buy from 0 to 1 in buy_at_cheap and buy_at_expensive."))
    limits, weights = used.loc[said, list(LIMITS)].to_numpy(), used.loc[said, "weight"].to_numpy()
    heights = np.pad(chances[said].to_numpy(dtype=float), ((0, 0), (1, 1)))
    total = np.zeros(len(prices))
    for limit, height, weight in zip(limits, heights, weights, strict=True):
        total += weight * np.interp(prices, limit, height, left=0.0, right=0.0)
    reach = total / weights.sum()
    return reach, reach * prices, int((~said).sum())


def _best_reach(rows: pd.DataFrame) -> dict[str, float]:
    """Return the lowest price of the largest reach, and of the largest revenue."""
    return {
        f"price_max_{name}": float(rows.loc[rows[name] >= rows[name].max() * (1 - SAME), "price"].min())
        for name in ("reach", "revenue")
    }


def _meter_warnings(
    meter: _Meter, points: dict[str, tuple[str, str]], found: dict[str, tuple[float, float]]
) -> list[str]:
    apart = [name for name, curves in points.items() if meter.apart(*curves)]
    said = []
    if apart:
        said.append(
            _(
                N_("The curves of {points} do not cross: they meet only where both are 0, and that price is given."),
                points=listed(apart),
            )
        )
    if found["pmc"][0] > found["pme"][1]:
        said.append(_(N_("pmc lies above pme, so there is no range of acceptable prices.")))
    return said


def _unsaid(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        plural(
            "One respondent gives no chances to buy from 0 to 1 and does not count for reach and revenue.",
            "{count} respondents give no chances to buy from 0 to 1 and do not count for reach and revenue.",
            count,
        ),
    )


def _meter_conventions(
    used: pd.DataFrame, rule: str, alpha: float, *, interpolate: bool, extended: bool
) -> tuple[str, ...]:
    said = [
        _(N_("Too cheap and cheap: share answering above the price; expensive and too expensive: at or below it.")),
        _(N_("Straight lines between the answered prices."))
        if interpolate
        else _(
            N_(
                "Step curves; a crossing is the first answered price where the falling curve is no longer above the rising one."
            )
        ),
        _(
            N_(
                "A point is one price, or a pair from the first to the last answered price at which the two curves are equal."
            )
        ),
        _(N_("Range, original rule: pmc = too cheap × not cheap, pme = too expensive × not expensive."))
        if rule == "original"
        else _(N_("Range, narrower rule: pmc = too cheap × expensive, pme = too expensive × cheap.")),
        _(
            N_("Intervals of {level} from {draws} bootstrap samples of the respondents (percentiles)."),
            level=percent(1 - alpha),
            draws=number(DRAWS),
        ),
    ]
    if used["weight"].nunique() > 1 or used["weight"].iloc[0] != 1:
        said.append(_(N_("Respondents count by their weight.")))
    if extended:
        said.append(
            _(
                N_(
                    "Newton, Miller and Smith: the chance to buy is 0 at the prices too cheap and too expensive, as said at "
                    "the other two, straight between; the best of the answered prices, the lowest of equal ones."
                )
            )
        )
    return tuple(said)
