"""Which levels of spend bring most together? Dynamic programming over levels (max-plus), channels in groups first.

``values[i, k]`` is what channel i brings at level k, -inf where it may not be. Channels of a group are joined first, kept
to the levels their group allows, and the groups are then joined like channels: groups that share no channel cost nothing.

Source: Bellman & Dreyfus (1962), "Applied Dynamic Programming".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["ROUNDING", "Group", "Programme", "best_sums", "first_best", "joined"]

Array = npt.NDArray[np.float64]
Levels = npt.NDArray[np.intp]

ROUNDING = 1e-12
"""Relative error left to floating point; nearer answers count as equal, so that ties fall the same in any unit."""


BLOCK = 64
"""Levels tried at once: enough for long vectors, few enough for the processor's cache."""


ABREAST = 160
"""Draws joined at once, so that their levels stay in the processor's cache."""


@dataclass(frozen=True)
class Group:
    """Channels (their rows) whose levels together lie within ``fewest`` and ``most``; ``bonus`` by level is added."""

    members: Levels
    fewest: int
    most: int
    bonus: Array | None = None


class Programme:
    """The best sums of ``values`` for every sum of levels up to ``capacity``: ``best``, and the levels behind each."""

    def __init__(self, values: Array, capacity: int, groups: Sequence[Group] = ()) -> None:
        self._values, self._groups = values, groups
        grouped = {int(i) for group in groups for i in group.members}
        self._singles = [i for i in range(len(values)) if i not in grouped]
        self._inner = [_folded([_trimmed(values[i]) for i in g.members], min(g.most, capacity)) for g in groups]
        self._rows = [_trimmed(values[i]) for i in self._singles]
        self._rows += [_kept(stages[-1], group) for stages, group in zip(self._inner, groups, strict=True)]
        self._stages = _folded(self._rows, capacity)
        self.best: Array = self._stages[-1]

    def levels(self, total: int) -> Levels:
        """Return the level of each channel behind ``best[total]``; of equal ones, the earlier channel gets more."""
        levels = np.zeros(len(self._values), dtype=np.intp)
        outer = _traced(self._stages, self._rows, total)
        levels[self._singles] = outer[: len(self._singles)]
        for group, stages, sum_of in zip(self._groups, self._inner, outer[len(self._singles) :], strict=True):
            levels[group.members] = _traced(stages, [self._values[i] for i in group.members], int(sum_of))
        return levels

    @property
    def first_best(self) -> int:
        """The smallest sum of levels that brings most."""
        return first_best(self.best)


def first_best(values: Array) -> int:
    """Return the first place that is as good as the best."""
    best = values.max()
    return int(np.argmax(values >= best - ROUNDING * abs(best))) if np.isfinite(best) else 0


def best_sums(first: Array, second: Array) -> Array:
    """
    Return, row by row, the best sums of two tables of values: shape (draws, levels) each, and of the answer.

    Both start at level 0, and the answer has as many levels as they have. One draw a row: a thousand curves that might
    be true are joined at the cost of a few.
    """
    first, second = np.broadcast_arrays(first, second)
    draws, size = first.shape
    best = np.empty((draws, size))
    for start in range(0, draws, ABREAST):
        # Levels down, draws across: what is added and compared is then one piece of memory.
        ahead, behind = (np.ascontiguousarray(table[start : start + ABREAST].T) for table in (first, second))
        out = ahead + behind[0]
        moved = np.empty_like(out)
        for level in range(1, size):
            part = np.add(ahead[: size - level], behind[level], out=moved[: size - level])
            np.maximum(out[level:], part, out=out[level:])
        best[start : start + ABREAST] = out.T
    return best


def _kept(totals: Array, group: Group) -> Array:
    """Return a group's sums at the levels it allows."""
    kept = totals.copy()
    kept[: max(group.fewest, 0)] = -np.inf
    if group.bonus is not None:
        kept += group.bonus[: len(kept)]
    return _trimmed(kept)


def _folded(rows: Sequence[Array], capacity: int) -> list[Array]:
    """Return, after each row, the best sums up to ``capacity``."""
    stages = [np.zeros(1)]
    for row in rows:
        stages.append(joined(stages[-1], row, capacity + 1))
    return stages


def _trimmed(row: Array) -> Array:
    allowed = np.flatnonzero(row > -np.inf)
    return row[: allowed[-1] + 1] if len(allowed) else row[:1]


def joined(first: Array, second: Array, size: int) -> Array:
    """Return ``max over j of first[j] + second[k - j]`` for k < ``size``, as far as the two reach."""
    size = max(min(size, len(first) + len(second) - 1), 1)
    best = np.full(size, -np.inf)
    # What is barred at both ends, as the levels under a minimum, is not joined.
    (ahead, first), (behind, second) = _allowed(first), _allowed(second)
    _join(first, second, best[ahead + behind :])
    return best


def _allowed(row: Array) -> tuple[int, Array]:
    """Return where the levels begin that are not barred, and their values up to the last of them."""
    allowed = np.flatnonzero(row > -np.inf)
    return (int(allowed[0]), row[allowed[0] : allowed[-1] + 1]) if len(allowed) else (0, row[:0])


def _join(first: Array, second: Array, best: Array) -> None:
    """Write the best sums of two rows into ``best``, as far as it reaches."""
    short, long = sorted((first, second), key=len)
    size, width = min(len(best), len(first) + len(second) - 1), len(short)
    if width == 0 or size <= 0:
        return
    long = long[:size]
    padded = np.full(size + width, -np.inf)
    padded[width : width + len(long)] = long
    best = best[:size]
    for start in range(0, min(width, size), BLOCK):
        stop = min(start + BLOCK, width)
        if not (short[start:stop] > -np.inf).any():
            continue
        # Row j of the view is ``long`` moved to the right by start + j, without a copy.
        moved = np.ndarray((stop - start, size - start), float, padded, 8 * width, (-8, 8))
        np.maximum(best[start:], np.maximum.reduce(moved + short[start:stop, None], axis=0), out=best[start:])


def _traced(stages: list[Array], rows: Sequence[Array], total: int) -> Levels:
    levels = np.zeros(len(rows), dtype=np.intp)
    for i in range(len(rows) - 1, -1, -1):
        before, row = stages[i], rows[i]
        fewest, most = max(0, total - len(before) + 1), min(total, len(row) - 1)
        sums = row[fewest : most + 1] + before[total - most : total - fewest + 1][::-1]
        levels[i] = fewest + first_best(sums)
        total -= int(levels[i])
    return levels
