"""Which items matter most when people must choose? Best-worst scaling (MaxDiff).

Counted: how often an item was named best, worst, and the difference. Modelled: conditional logit of the best and worst
choices gives each item a utility, and its share is the chance that it would be named best of all items. Three models of
a task are in use. Sequential: the best of those shown, then the worst of the others. Marginal: the worst of all those
shown too. Maxdiff: the pair with the largest difference.

Sources: Finn & Louviere (1992), Journal of Public Policy & Marketing 11(2); Marley & Louviere (2005), Journal of
Mathematical Psychology 49(6), on the models; Hunter (2004), Annals of Statistics 32(1), on when estimates exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer, few_respondents
from workbook.errors import require_choice
from workbook.language import N_, listed, percent
from workbook.language import translated as _
from workbook.research.logit import Fit, conditional_logit
from workbook.shares import normal_quantile, require_level
from workbook.sieve import Sieve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MODELS", "maxdiff"]

MODELS = ("sequential", "marginal", "maxdiff")

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def maxdiff(answers: pd.DataFrame, *, model: str = "sequential", alpha: float = 0.05) -> Answer:
    """
    Count best and worst choices and give each item its share.

    Parameters
    ----------
    answers
        One row per respondent, task and item: respondent, task, item, shown, best, worst (0 or 1). Rows of items not
        shown may be there or not. A task without exactly one best and one other worst is left out.
    model
        "sequential", "marginal" or "maxdiff".
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.

    Returns
    -------
    One row per item, the largest share first: item, shown, best, worst (counts), score (best - worst), share (0..1, sum
    1), low, high. The last three are missing, with a warning, where the choices do not determine them.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no task can be used, or ``alpha`` is out of range.
    ParameterError
        If an option is none of its choices.
    """
    require_level(alpha)
    require_choice("model", model, MODELS)
    sieve = _tasks(answers)
    used = sieve.rows
    rows = _counted(used)
    items = list(rows["item"])
    place = used["item"].map({item: i for i, item in enumerate(items)}).to_numpy()
    undetermined = _undetermined(used, place, items)
    respondents = int(used["respondent"].nunique())
    clustered = respondents >= FEW
    shares = np.full((3, len(items)), np.nan)
    if not undetermined:
        fit, groups = _fitted(used, place, items, model)
        shares = _shares(fit, fit.clustered(groups) if clustered else fit.covariance, alpha)
    rows["share"], rows["low"], rows["high"] = shares
    return Answer(
        rows=rows.sort_values(["share", "score", "item"], ascending=[False, False, True]).reset_index(drop=True),
        n=respondents,
        excluded=sieve.excluded,
        conventions=_conventions(model, alpha, clustered=clustered),
        warnings=(*few_respondents(respondents), *undetermined),
    )


def _tasks(answers: pd.DataFrame) -> Sieve:
    """Return the rows shown of tasks with one best and one other worst, the rows of a task together."""
    sieve = Sieve(answers, ["respondent", "task", "item", "shown", "best", "worst"])
    sieve.named("respondent", "task", "item")
    sieve.rows = sieve.rows.assign(item=sieve.rows["item"].astype(str).str.strip())
    sieve.group("respondent", "task")
    sieve.yes_or_no("shown", "best", "worst")
    sieve.leave_out_broken_tasks()
    unseen = (sieve.rows["best"] | sieve.rows["worst"]) & ~sieve.rows["shown"]
    sieve.leave_out_tasks(unseen, _(N_("task in which an item is chosen that was not shown")))
    # Rows of items that were not shown are no answers, used or not.
    sieve.rows = sieve.rows[sieve.rows["shown"]].reset_index(drop=True)
    sieve.require_one_in_task("best", _(N_("task with no best item")), _(N_("task with two best items")))
    sieve.require_one_in_task("worst", _(N_("task with no worst item")), _(N_("task with two worst items")))
    both = sieve.rows["best"] & sieve.rows["worst"]
    sieve.leave_out_tasks(both, _(N_("task in which one item is best and worst")))
    twice = sieve.rows.duplicated(["task_number", "item"])
    sieve.leave_out_tasks(twice, _(N_("task that shows an item twice")))
    sieve.require_rows()
    sieve.rows = sieve.rows.sort_values(["task_number", "item"], kind="stable").reset_index(drop=True)
    return sieve


def _counted(used: pd.DataFrame) -> pd.DataFrame:
    counts = used.groupby("item")[["shown", "best", "worst"]].sum().astype(int).reset_index()
    return counts.assign(score=counts["best"] - counts["worst"])


def _undetermined(used: pd.DataFrame, place: Ints, items: list[str]) -> tuple[str, ...]:
    """
    Return why the choices give no shares, if they do not.

    Estimates exist when every item is preferred, directly or through others, to every other one.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    task = used["task_number"].to_numpy()
    best = dict(zip(task[used["best"]], place[used["best"]], strict=True))
    worst = dict(zip(task[used["worst"]], place[used["worst"]], strict=True))
    above = np.concatenate([[best[t] for t in task], place]).astype(int)
    below = np.concatenate([place, [worst[t] for t in task]]).astype(int)
    preferred = coo_matrix((np.ones(len(above)), (above, below)), shape=(len(items), len(items)))
    count, part = connected_components(preferred, connection="strong")
    if count == 1:
        return ()
    rest = [items[i] for i in np.flatnonzero(part != np.bincount(part).argmax())]
    return (
        _(
            N_(
                "No shares: some items were always preferred to all others, never preferred, or never compared with them "
                "({items}), so the model has no finite estimate. The counts stand."
            ),
            items=listed(rest[:3]),
        ),
    )


def _fitted(used: pd.DataFrame, place: Ints, items: list[str], model: str) -> tuple[Fit, Ints]:
    """Return the fit of utilities, that of the first item 0, and the respondent of each of its choices."""
    task = used["task_number"].to_numpy()
    starts = _firsts(task)
    best, worst = np.flatnonzero(used["best"]), np.flatnonzero(used["worst"])
    item = np.eye(len(items))[:, 1:][place]
    respondent = used["respondent"].factorize()[0][starts]
    if model == "maxdiff":
        design, begins, chosen = _pairs(item, starts, best, worst)
        return conditional_logit(design, begins, chosen, items[1:]), respondent
    rest = np.ones(len(used), dtype=bool)
    if model == "sequential":
        rest[best] = False
    # The worst is the best of the others by the opposite utility.
    kept = np.cumsum(rest) - 1
    begins = np.r_[starts, len(used) + _firsts(task[rest])]
    chosen = np.r_[best, len(used) + kept[worst]]
    # A worst choice between one and itself (two items shown) says nothing, and does no harm.
    fit = conditional_logit(np.vstack([item, -item[rest]]), begins, chosen, items[1:])
    return fit, np.r_[respondent, respondent]


def _firsts(task: Ints) -> Ints:
    return np.flatnonzero(np.r_[True, task[1:] != task[:-1]])


def _pairs(item: Floats, starts: Ints, best: Ints, worst: Ints) -> tuple[Floats, Ints, Ints]:
    """Return the design of all ordered pairs of different items of each task, its starts and the pairs chosen."""
    rows, begins, chosen, count = [], [], [], 0
    for start, end, top, bottom in zip(starts, np.r_[starts[1:], len(item)], best, worst, strict=True):
        size = end - start
        first, second = np.divmod(np.arange(size * size), size)
        apart = first != second
        first, second = first[apart] + start, second[apart] + start
        rows.append(item[first] - item[second])
        begins.append(count)
        chosen.append(count + int(np.flatnonzero((first == top) & (second == bottom))[0]))
        count += len(first)
    return np.vstack(rows), np.array(begins), np.array(chosen)


def _shares(fit: Fit, covariance: Floats, alpha: float) -> Floats:
    """Return shares and the ends of their intervals, shape (3, items): delta method on the log-odds of each share."""
    utility = np.r_[0.0, fit.coefficients]
    weight = np.exp(utility - utility.max())
    share = weight / weight.sum()
    odds = np.log(share) - np.log1p(-share)
    slope = (np.eye(len(share)) - share) / (1 - share)[:, None]
    error = np.sqrt(np.einsum("ij,jk,ik->i", slope[:, 1:], covariance, slope[:, 1:]))
    half = normal_quantile(alpha) * error
    return np.stack([share, 1 / (1 + np.exp(half - odds)), 1 / (1 + np.exp(-half - odds))])


def _conventions(model: str, alpha: float, *, clustered: bool) -> tuple[str, ...]:
    models = {
        "sequential": _(
            N_("Conditional logit of the best choice among the items shown, then of the worst among the others.")
        ),
        "marginal": _(N_("Conditional logit of the best and of the worst choice, each among all items shown.")),
        "maxdiff": _(N_("Conditional logit of the pair of best and worst among all ordered pairs of the items shown.")),
    }
    return (
        _(N_("Score is the count of best less that of worst choices.")),
        models[model],
        _(N_("Share is the chance to be named best of all items; shares add up to 1.")),
        _(
            N_("Intervals of {level} by the delta method, errors clustered by respondent."),
            level=percent(1 - alpha),
        )
        if clustered
        else _(N_("Intervals of {level} by the delta method, from the Hessian."), level=percent(1 - alpha)),
    )
