"""Studies to time the analyses of surveys with: each function returns ours and what it is compared with."""

from collections.abc import Callable
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

Runs = tuple[Callable[[], object], Callable[[], object]]

TASKS, ALTERNATIVES, PER_RESPONDENT = 10_000, 3, 10


def choices() -> pd.DataFrame:
    """Return 10,000 tasks of three offers with three attributes in words and a price."""
    rng = np.random.default_rng(0)
    rows = TASKS * ALTERNATIVES
    task = np.arange(rows) // ALTERNATIVES
    table = pd.DataFrame(
        {
            "respondent": task // PER_RESPONDENT,
            "task": task % PER_RESPONDENT,
            "alternative": np.arange(rows) % ALTERNATIVES,
            "colour": rng.choice(["red", "green", "blue"], rows),
            "size": rng.choice(["small", "large"], rows),
            "service": rng.choice(["none", "mail", "phone"], rows),
            "price": rng.choice([20.0, 40.0, 60.0, 80.0], rows),
        }
    )
    worth = table["colour"].map({"red": 0, "green": 0.4, "blue": 0.9}) + 0.5 * table["size"].eq("large")
    utility = worth + 0.7 * table["service"].eq("phone") - 0.02 * table["price"] + rng.gumbel(size=rows)
    best = utility.to_numpy().reshape(-1, ALTERNATIVES).argmax(axis=1)
    return table.assign(chosen=(np.arange(ALTERNATIVES) == best[:, None]).ravel().astype(int))


def choice_runs() -> Runs:
    """Return the whole analysis of 10,000 tasks, and statsmodels' fit of the same design alone."""
    from statsmodels.discrete.conditional_models import ConditionalLogit

    from workbook.research.choice import choice

    table = choices()
    dummies = pd.get_dummies(table[["colour", "size", "service"]], dtype=float)
    design = dummies.drop(columns=["colour_red", "size_small", "service_none"]).assign(price=table["price"])
    groups = table["respondent"] * PER_RESPONDENT + table["task"]
    return (
        lambda: choice(table, price="price"),
        lambda: ConditionalLogit(table["chosen"], design, groups=groups).fit(disp=False),
    )


def maxdiff_runs() -> Runs:
    """Return best and worst of 10,000 tasks, four of twelve items each, and the counting alone."""
    from workbook.research.maxdiff import maxdiff

    rng = np.random.default_rng(1)
    shown = np.argsort(rng.random((TASKS, 12)), axis=1)[:, :4]
    utility = -0.2 * shown + rng.gumbel(size=shown.shape)
    table = pd.DataFrame(
        {
            "respondent": np.repeat(np.arange(TASKS) // PER_RESPONDENT, 4),
            "task": np.repeat(np.arange(TASKS) % PER_RESPONDENT, 4),
            "item": [f"item {i:02d}" for i in shown.ravel()],
            "shown": 1,
            "best": (np.arange(4) == utility.argmax(axis=1)[:, None]).ravel().astype(int),
            "worst": (np.arange(4) == utility.argmin(axis=1)[:, None]).ravel().astype(int),
        }
    )
    return lambda: maxdiff(table), lambda: table.groupby("item")[["best", "worst"]].sum()


def turf_runs() -> tuple[Callable[[], object], Callable[[], object], float]:
    """Return all 65,535 sets of 16 items for 1,000 people, those of four one at a time, and how many times more all are."""
    from workbook.research.turf import turf

    reached = np.random.default_rng(2).random((1000, 16)) < 0.12
    table = pd.DataFrame(
        {
            "respondent": np.repeat(np.arange(1000), 16),
            "item": [f"item {i:02d}" for i in range(16)] * 1000,
            "reached": reached.ravel().astype(int),
        }
    )

    def one_by_one() -> float:
        return max(reached[:, list(chosen)].any(axis=1).sum() for chosen in combinations(range(16), 4))

    return lambda: turf(table), one_by_one, (2**16 - 1) / comb(16, 4)
