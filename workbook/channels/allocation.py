"""How should one budget be split over the channels, and how far from the best can the answer be?

``search`` finds the split by dynamic programming, ``proof`` bounds every other one, ``limits`` says what may be asked.
Without carryover from one period to the next the channels meet only in the budget, which is what makes both possible.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.channels.limits import ChannelOption, GroupLimit, require_feasible
from workbook.channels.programme import Programme, first_best
from workbook.channels.proof import proven
from workbook.channels.search import Problem
from workbook.errors import AnalysisError
from workbook.language import N_, number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Allocation", "ChannelOption", "GroupLimit", "allocate", "frontier"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Allocation:
    """
    A split of the budget and its proof.

    ``table`` has one row per channel, in the order given: channel, spend, outcome (times its weight), marginal_return
    (outcome of one more unit of money), average_return (missing where nothing is spent) and binding, the limit that
    holds the spend: "minimum", "maximum", "fixed", "off" (left out), "step", "group minimum", "group maximum" or "".
    ``outcome`` is the sum over the channels; no split brings more than ``upper_bound``. ``unspent`` is money for which
    the limits leave no use, or which would bring nothing.
    """

    table: pd.DataFrame
    outcome: float
    upper_bound: float
    unspent: float

    @property
    def gap(self) -> float:
        """Share by which the best split could still be better, at most."""
        if self.upper_bound <= self.outcome:
            return 0.0
        return self.upper_bound / self.outcome - 1 if self.outcome > 0 else math.inf


def allocate(
    channels: Sequence[ChannelOption], budget: float, *, groups: Sequence[GroupLimit] = (), steps: int = 1000
) -> Allocation:
    """
    Split ``budget`` over ``channels`` so that the weighted sum of outcomes is largest.

    Parameters
    ----------
    channels
        At least one.
    budget
        Money to spend, >= 0, in the unit of the curves.
    groups
        Limits to what the channels of a group get together.
    steps
        Steps of the grid, >= 10; more steps narrow the gap, at a cost that grows with their square.

    Raises
    ------
    AnalysisError
        If a limit makes no sense or the limits together cannot be met; names the channels.
    """
    problem = _problem(channels, budget, groups, steps)
    if problem.free == 0:
        return _as_allocation(channels, problem, problem.base, problem.total(problem.base), budget)
    spend, bound = proven(problem, _found(problem))
    if not problem.allowed(spend):
        raise problem.torn()
    return _as_allocation(channels, problem, spend, bound, budget)


def frontier(
    channels: Sequence[ChannelOption],
    budgets: Sequence[float],
    *,
    groups: Sequence[GroupLimit] = (),
    steps: int = 1000,
    sharp: bool = False,
) -> pd.DataFrame:
    """
    Return what each of ``budgets`` could bring at best: columns budget, outcome.

    One dynamic programme over the largest budget answers for all; between its grid points the outcome is a straight
    line, so it is a figure to draw and not a proof. ``sharp`` sharpens the split behind each point.

    Raises
    ------
    AnalysisError
        As ``allocate``, for the smallest and the largest budget.
    """
    import pandas as pd

    if len(budgets) == 0:
        raise AnalysisError(N_("No budget is given. Name at least one."))
    require_feasible(channels, min(budgets), groups)
    problem = _problem(channels, max(budgets), groups, steps)
    asked = np.asarray(budgets, dtype=float)
    if problem.free == 0:
        return pd.DataFrame({"budget": asked, "outcome": np.full(len(asked), problem.total(problem.base))})
    if sharp:
        outcome = _sharp(channels, problem, asked, groups, steps)
    else:
        programme, _points = problem.on_grid()
        best = np.maximum.accumulate(programme.best)
        outcome = np.interp(asked, problem.committed + problem.step * np.arange(len(best)), best)
    return pd.DataFrame({"budget": asked, "outcome": outcome})


def _sharp(
    channels: Sequence[ChannelOption], problem: Problem, budgets: Array, groups: Sequence[GroupLimit], steps: int
) -> Array:
    """Return the best outcome found of each of ``budgets``, none above the problem's; missing where there is no split."""
    grids, outcome = _grids(problem), np.full(len(budgets), np.nan)
    order = np.argsort(budgets, kind="stable")
    for i in order:
        outcome[i] = _part_of(problem, grids, budgets[i])
        if not math.isfinite(outcome[i]):
            # A limit may lie between two steps of this grid, which is coarse for the smallest budgets.
            outcome[i] = _alone(channels, budgets[i], groups, steps)
    # What a smaller budget brings, a larger one brings as well.
    outcome[order] = np.fmax.accumulate(outcome[order])
    return outcome


def _problem(channels: Sequence[ChannelOption], budget: float, groups: Sequence[GroupLimit], steps: int) -> Problem:
    require_feasible(channels, budget, groups)
    if steps < 10:
        raise AnalysisError(N_("The grid has {found} steps, but must have at least 10."), found=number(steps))
    return Problem(channels, budget, steps, groups)


Grids = list[tuple[Programme, Array]]
"""Programmes over the grid, and the points their levels stand for."""


def _found(problem: Problem) -> Array:
    """Return the best split found, before the proof has its say; one that is not allowed only where none was found."""
    return max((_best_of(problem, *grid) for grid in _grids(problem)), key=problem.brings)


def _grids(problem: Problem) -> Grids:
    """Return the programmes in which the best split is looked for: more than one where steps do not fall on the grid."""
    if not problem.off_grid:
        return [problem.on_grid()]
    grids = [problem.on_grid(groups=groups) for groups in problem.readings]
    best = max((_best_of(problem, *grid) for grid in grids), key=problem.brings)
    return [*grids, problem.on_grid(problem.prices(best))]


def _best_of(problem: Problem, programme: Programme, points: Array) -> Array:
    """Return the best split on the grid, sharpened; of equal ones, the one that spends least."""
    found = _rough(problem, programme, points)
    return max(problem.sharpened(found), found, key=problem.brings)


def _rough(problem: Problem, programme: Programme, points: Array) -> Array:
    """Return the best split on the grid."""
    most = problem.levels_of_budget
    within = first_best(programme.best[: most + 1])
    found = problem.split_at(programme, points, within)
    # Levels over the budget stand for splits that may cost less than they say, or be cut to it.
    for level in range(most + 1, min(most + 1 + problem.over, len(programme.best))):
        if programme.best[level] > programme.best[within]:
            dearer = problem.repaired(problem.split_at(programme, points, level))
            found = found if dearer is None else max(found, dearer, key=problem.brings)
    return found


def _alone(channels: Sequence[ChannelOption], budget: float, groups: Sequence[GroupLimit], steps: int) -> float:
    """Return the best outcome found of one budget, from a programme of its own; missing where there is no split."""
    try:
        problem = _problem(channels, budget, groups, steps)
        brought = problem.brings(_found(problem) if problem.free else problem.base)
    except AnalysisError:
        return math.nan
    return brought if math.isfinite(brought) else math.nan


def _part_of(problem: Problem, grids: Grids, budget: float) -> float:
    """Return the best outcome found of a part of the problem's budget, from the same programmes; minus infinity for none."""
    part = problem.with_free(budget - problem.committed)
    if part.free == 0:
        return part.brings(part.base)
    within = [grid for grid in grids if np.isfinite(grid[0].best[: part.levels_of_budget + 1]).any()]
    if not within:
        return -math.inf
    found = max((_rough(part, *grid) for grid in within), key=part.brings)
    return max(part.brings(part.sharpened(found)), part.brings(found))


def _as_allocation(
    channels: Sequence[ChannelOption], problem: Problem, spend: Array, bound: float, budget: float
) -> Allocation:
    import pandas as pd

    worth = problem.worth(spend)
    with np.errstate(invalid="ignore", divide="ignore"):
        average = np.where(spend > 0, worth / spend, np.nan)
    held = {int(i): problem.held(group, spend) for group in problem.groups for i in group.members}
    table = pd.DataFrame(
        {
            "channel": [c.name for c in channels],
            "spend": spend,
            "outcome": worth,
            "marginal_return": problem.marginal(spend),
            "average_return": average,
            "binding": [_binding(c, s, held.get(i, "")) for i, (c, s) in enumerate(zip(channels, spend, strict=True))],
        }
    )
    unspent = budget - float(spend.sum())
    return Allocation(table, float(worth.sum()), bound, unspent if unspent > 1e-9 * budget else 0.0)


def _binding(channel: ChannelOption, spend: float, group: str) -> str:
    if channel.fixed is not None:
        return "fixed"
    if spend >= channel.most * (1 - 1e-9):
        return "maximum"
    if spend == 0 and (channel.least == 0 or channel.may_be_off or channel.optional):
        return "off"
    if spend <= channel.least * (1 + 1e-9):
        return "minimum"
    if group:
        return f"group {group}"
    return "step" if channel.step is not None else ""
