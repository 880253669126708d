"""How far apart are the members of a group, and what does that ask for: accept, discuss, vote again, or split?

Opinion is not averaged away. Every vote stays a vote; beside them stand the median and the quartiles (linear
interpolation), the two camps where there are two, and who stands apart.

Two camps, when three things hold. Sarle's bimodality coefficient is above 5/9, its value for a uniform distribution
(SAS/STAT User's Guide; Pfister, Schwarz, Janczyk, Dale & Freeman 2013, Frontiers in Psychology 4:700). The widest gap
between neighbouring votes, of those that leave two votes and a quarter of all on either side, is at least a fifth of the
scale. And dividing the votes there explains 85 % of their variance (Fisher 1958, Journal of the American Statistical
Association 53). The coefficient alone also rises where one vote stands apart, a gap alone also opens by chance.

The votes are the whole group and no sample of one, so its moments are not corrected as a sample's: the correction that
SAS makes lets twelve votes in two clear camps pass for one.

Consensus: the middle half of the votes lies within a fifth of the scale, the usual mark in Delphi studies (von der
Gracht 2012, Technological Forecasting and Social Change 79(8)).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

__all__ = ["Camp", "Change", "Spread", "Suggestion", "bimodality", "change_between", "spread_of"]

Suggestion = Literal["wait", "accept", "discuss", "revote", "split"]

UNIFORM = 5 / 9
"""Bimodality coefficient of a uniform distribution."""

NEAR = 0.2
"""Share of the scale within which the middle half of a group that agrees lies, and which a gap between camps spans."""

EXPLAINED = 0.85
"""Share of the votes' variance that lies between two camps rather than within them."""

FAR = 0.4
"""From this share of the scale on, a group talks before it votes again."""

FEWEST = 3
"""Votes below which nothing is said about a group."""

SMALLEST_CAMP = 0.25
"""Share of the votes that makes a camp, and two votes at least."""

FENCE = 1.5
"""Quartile ranges beyond the quartiles from which a vote stands apart (Tukey 1977); a fifth of the scale counts as one."""


@dataclass(frozen=True)
class Camp:
    """One of two camps: how many votes, and their median."""

    n: int
    median: float


@dataclass(frozen=True)
class Spread:
    """
    What the votes on one question look like.

    ``low`` and ``high`` are the quartiles; ``camps`` is empty unless there are two, the lower one first; ``apart`` are
    the places of the votes that stand apart; ``suggestion`` is what this asks for next.
    """

    n: int
    median: float
    low: float
    high: float
    camps: tuple[Camp, ...] = ()
    apart: tuple[int, ...] = ()
    suggestion: Suggestion = "wait"

    @property
    def range(self) -> float:
        """Distance between the quartiles."""
        return self.high - self.low


@dataclass(frozen=True)
class Change:
    """What a further vote changed, among those who voted both times: how many moved, and medians and quartile ranges."""

    n: int
    moved: int
    median_before: float
    median: float
    range_before: float
    range: float


def bimodality(values: Sequence[float]) -> float:
    """
    Return Sarle's bimodality coefficient of a group's votes: (skewness² + 1) / kurtosis, 0..1, 5/9 for a uniform one.

    Parameters
    ----------
    values
        Any numbers, all that there are. Fewer than four, or all alike, give 0: there are no two camps to be seen.
    """
    x = np.asarray(values, dtype=float)
    if len(x) < 4 or np.ptp(x) == 0:
        return 0.0
    z = (x - x.mean()) / x.std()
    return float(((z**3).mean() ** 2 + 1) / (z**4).mean())


def spread_of(values: Sequence[float], *, width: float, round: int = 1, before: Spread | None = None) -> Spread:
    """
    Return what ``values``, one of each voter, look like and what they ask for.

    Parameters
    ----------
    values
        The votes.
    width
        Length of the scale they lie on, > 0; 10 for a scale of 0 to 10.
    round
        How often the group has voted on this.
    before
        What it looked like the time before, None the first time.
    """
    x = np.asarray(values, dtype=float)
    if len(x) == 0:
        return Spread(0, float("nan"), float("nan"), float("nan"))
    low, median, high = (float(q) for q in np.quantile(x, (0.25, 0.5, 0.75)))
    camps = _camps(x, width)
    apart = () if camps else _apart(x, low, high, width)
    suggestion = _suggestion(len(x), (high - low) / width, bool(camps), bool(apart), round, before, width)
    return Spread(len(x), median, low, high, camps, apart, suggestion)


def change_between(before: Mapping[str, float], after: Mapping[str, float]) -> Change | None:
    """Return what changed between two votes, given by voter; None where nobody voted both times."""
    both = [who for who in after if who in before]
    if not both:
        return None
    first, second = (np.array([votes[who] for who in both], dtype=float) for votes in (before, after))
    ranges = [float(np.subtract(*np.quantile(votes, (0.75, 0.25)))) for votes in (first, second)]
    return Change(
        len(both), int((first != second).sum()), float(np.median(first)), float(np.median(second)), ranges[0], ranges[1]
    )


def _camps(x: np.ndarray, width: float) -> tuple[Camp, ...]:
    """Return the two camps, or nothing."""
    if bimodality(x) <= UNIFORM:  # type: ignore[arg-type]
        return ()
    ordered = np.sort(x)
    gaps = np.diff(ordered)
    smallest = max(2, int(np.ceil(SMALLEST_CAMP * len(x))))
    cuts = range(smallest, len(x) - smallest + 1)
    if not cuts or (widest := max(gaps[cut - 1] for cut in cuts)) < NEAR * width:
        return ()
    # Of gaps that are alike, the one that divides best: mirrored votes then have mirrored camps.
    divided = [(ordered[:cut], ordered[cut:]) for cut in cuts if gaps[cut - 1] == widest]
    camps = min(divided, key=_within)
    if _within(camps) > (1 - EXPLAINED) * x.var() * len(x):
        return ()
    return tuple(Camp(len(camp), float(np.median(camp))) for camp in camps)


def _within(camps: tuple[np.ndarray, np.ndarray]) -> float:
    """Return the sum of squares within the camps, rounded so that the order of adding does not tell."""
    return round(float(sum(len(camp) * camp.var() for camp in camps)), 9)


def _apart(x: np.ndarray, low: float, high: float, width: float) -> tuple[int, ...]:
    """Return the places of votes beyond the fences; where all others are alike, a few steps away is still near."""
    reach = FENCE * max(high - low, NEAR * width)
    return tuple(int(i) for i in np.flatnonzero((x < low - reach) | (x > high + reach))) if len(x) >= FEWEST else ()


def _suggestion(
    n: int, share: float, camps: bool, apart: bool, round: int, before: Spread | None, width: float
) -> Suggestion:
    if n < FEWEST:
        return "wait"
    if camps:
        return "discuss" if round == 1 else "split"
    if share <= NEAR:
        # Who stands apart is heard once: they may know what the others do not.
        return "discuss" if apart and round == 1 else "accept"
    stuck = before is not None and before.range / width - share < NEAR / 2
    if stuck:
        return "split"
    return "revote" if share <= FAR else "discuss"
