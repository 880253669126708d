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
from workbook.channels.programme import ROUNDING, Programme, first_best
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
    programme, points = problem.on_grid()
    best = np.maximum.accumulate(programme.best)
    grid = problem.committed + problem.step * np.arange(len(best))
    if sharp:
        # Steps that do not fall on the grid fall on it in other places for each budget.
        alone = problem.off_grid
        outcome = np.array(
            [
                _alone(channels, budget, groups, steps) if alone else _sharp(problem, programme, points, budget)
                for budget in asked
            ]
        )
        order = np.argsort(asked, kind="stable")
        outcome[order] = np.fmax.accumulate(outcome[order])
    else:
        outcome = np.interp(asked, grid, best)
    return pd.DataFrame({"budget": asked, "outcome": outcome})


def _problem(channels: Sequence[ChannelOption], budget: float, groups: Sequence[GroupLimit], steps: int) -> Problem:
    require_feasible(channels, budget, groups)
    if steps < 10:
        raise AnalysisError(N_("The grid has {found} steps, but must have at least 10."), found=number(steps))
    return Problem(channels, budget, steps, groups)


def _found(problem: Problem) -> Array:
    """Return the best split found, before the proof has its say; one that is not allowed only where none was found."""
    best = _best_of(problem, *problem.on_grid())
    if not problem.off_grid:
        return best
    others = [_best_of(problem, *problem.on_grid(groups=groups)) for groups in problem.readings[1:]]
    best = max([best, *others], key=problem.brings)
    return max(best, _best_of(problem, *problem.on_grid(problem.prices(best))), key=problem.brings)


def _best_of(problem: Problem, programme: Programme, points: Array) -> Array:
    """Return the best split on the grid, sharpened; of equal ones, the one that spends least."""
    within = first_best(programme.best[: problem.steps + 1])
    found = problem.split_at(programme, points, within)
    # Levels over the budget stand for splits that may cost less than they say, or be cut to it.
    for level in range(problem.steps + 1, len(programme.best)):
        if programme.best[level] > programme.best[within]:
            dearer = problem.repaired(problem.split_at(programme, points, level))
            found = found if dearer is None else max(found, dearer, key=problem.brings)
    return max(problem.sharpened(found), found, key=problem.brings)


def _alone(channels: Sequence[ChannelOption], budget: float, groups: Sequence[GroupLimit], steps: int) -> float:
    """Return the best outcome found of one budget, from a programme of its own; missing where there is no split."""
    try:
        problem = _problem(channels, budget, groups, steps)
        brought = problem.brings(_found(problem) if problem.free else problem.base)
    except AnalysisError:
        return math.nan
    return brought if math.isfinite(brought) else math.nan


def _sharp(problem: Problem, programme: Programme, points: Array, budget: float) -> float:
    """Return the best outcome of a part of the problem's budget, from the same programme."""
    part = problem.with_free(max(budget - problem.committed, 0.0))
    levels = programme.best[: math.floor(part.free / problem.step * (1 + ROUNDING) + 1e-9) + 1]
    if not len(levels) or not np.isfinite(levels.max()):
        return math.nan
    if part.free == 0:
        return part.total(part.base)
    first = int(np.argmax(levels >= levels.max() - ROUNDING * abs(levels.max())))
    found = part.split_at(programme, points, first)
    brought = max(part.brings(found), part.brings(part.sharpened(found)))
    return brought if math.isfinite(brought) else math.nan


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
    if spend == 0 and (channel.may_be_off or channel.optional):
        return "off"
    if spend <= channel.least * (1 + 1e-9):
        return "minimum"
    if group:
        return f"group {group}"
    return "step" if channel.step is not None else ""
