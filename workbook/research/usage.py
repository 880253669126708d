"""Which features does each segment use, and how often?

The share of a segment's customers with a use, with Wilson's interval, and the uses a month by those who use it: the two are
kept apart, since a feature that few use daily and one that many tried once have the same mean. A share only says what the
log lets it say: customers who use nothing must be in it, with 0 uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.answer import Answer, few_answers
from workbook.language import N_, number, percent
from workbook.language import translated as _
from workbook.shares import require_level, wilson
from workbook.sieve import Sieve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["usage"]


def usage(log: pd.DataFrame, *, alpha: float = 0.05) -> Answer:
    """
    Return the share of customers that use each feature, and how often, by segment where the log names one.

    Parameters
    ----------
    log
        One row per customer, feature and month: customer, feature, uses (>= 0); month and segment may be left out.
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.

    Returns
    -------
    ``months`` (counted; 1 without a column of months). One row per feature and segment, the most used feature first:
    feature, segment ("" for all), customers (of the segment), n (those who use it), users (share, 0..1), low, high,
    frequency (uses a month by those who use it; NaN for nobody).

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no row can be used, or ``alpha`` is out of range.
    """
    require_level(alpha)
    sieve = Sieve(log, ["customer", "feature", "uses"], ["month", "segment"])
    sieve.named("customer", "feature")
    sieve.numbers("uses", low=0)
    sieve.require_rows()
    used = sieve.rows
    segments = used["segment"].astype("string").fillna("").str.strip() if "segment" in used else ""
    used = used.assign(segment=segments, feature=used["feature"].astype(str), customer=used["customer"].astype(str))
    months = used["month"].nunique() if "month" in used else 1
    rows = _by_feature(used, max(months, 1), alpha)
    return Answer(
        figures={"months": int(max(months, 1))},
        rows=rows,
        n=int(used["customer"].nunique()),
        excluded=sieve.excluded,
        conventions=(
            _(
                N_(
                    "Shares are of the customers in the log; those who use nothing count only where it lists them, with 0."
                )
            ),
            _(N_("How often is per month, over {months} months, by those who use it."), months=number(max(months, 1))),
            _(N_("Wilson intervals of {level}."), level=percent(1 - alpha)),
        ),
        warnings=few_answers(
            {segment or "–": n for segment, n in rows.groupby("segment")["customers"].first().items()}
        ),
    )


def _by_feature(used: pd.DataFrame, months: int, alpha: float) -> pd.DataFrame:
    import pandas as pd

    customers = used.groupby("segment")["customer"].nunique()
    sums = used.groupby(["feature", "segment", "customer"])["uses"].sum()
    users = sums[sums > 0].groupby(["feature", "segment"]).size()
    uses = sums.groupby(["feature", "segment"]).sum()
    rows = []
    for feature in sorted(used["feature"].unique()):
        for segment, count in customers.items():
            n = int(users.get((feature, segment), 0))
            low, high = wilson(n, count, alpha)
            often = float(uses.get((feature, segment), 0.0)) / n / months if n else float("nan")
            rows.append((feature, segment, int(count), n, n / count, low, high, often))
    columns = ["feature", "segment", "customers", "n", "users", "low", "high", "frequency"]
    table = pd.DataFrame(rows, columns=columns)
    table["all"] = table.groupby("feature")["n"].transform("sum")
    order = ["all", "feature", "users"]
    return table.sort_values(order, ascending=[False, True, False], kind="stable", ignore_index=True)[columns]
