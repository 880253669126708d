"""Which needs matter to buyers and are badly met? The opportunity score.

Importance and satisfaction of a need are the shares of answers in the two top boxes of the scale, times ten;
opportunity = importance + max(importance - satisfaction, 0), from 0 to 20. Score one segment at a time: a mean over
segments hides the ones that are badly served.

The interval is a percentile bootstrap over respondents. A respondent gives one answer to a need, and of it only two
facts count: whether importance, and whether satisfaction, is in the top boxes. Resampling respondents is therefore the
same as drawing the four counts of a 2 x 2 table from a multinomial distribution, quick at any sample size.

Source: Ulwick (2005), "What Customers Want", McGraw-Hill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number, percent
from workbook.language import translated as _
from workbook.shares import require_level

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["opportunity", "scale_of"]

COLUMNS = ("respondent", "need", "importance", "satisfaction")

SCALES = (5, 7, 10)
"""Tops of the scales in use for importance and satisfaction."""

DRAWS = 2000
"""Bootstrap samples per need; the ends of the interval then move by about 0.1 points from seed to seed at n = 100."""


def opportunity(answers: pd.DataFrame, *, scale_max: int = 10, alpha: float = 0.05, seed: int = 0) -> Answer:
    """
    Score needs by how important and how badly met they are.

    Parameters
    ----------
    answers
        One row per respondent and need: respondent, need, importance, satisfaction (whole numbers, 1..``scale_max``).
        Of two rows of one respondent on one need the first usable one counts.
    scale_max
        Top of the scale, >= 4: 10 makes 9 and 10 the two top boxes, 5 makes 4 and 5.
    alpha
        The interval holds a share of 1 - ``alpha`` of the bootstrap samples; 0..1.
    seed
        Makes the bootstrap repeatable.

    Returns
    -------
    One row per need, the least served first: need, n (answers used), importance, satisfaction (0..10), opportunity
    (0..20), low and high (ends of its interval). ``n`` counts respondents with at least one answer used.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no row can be used, or an option is out of range.
    """
    import pandas as pd

    _require_options(scale_max, alpha)
    used, excluded = _usable(answers, scale_max)
    rng = np.random.default_rng(seed)
    top = used[["importance", "satisfaction"]] >= scale_max - 1
    rows = []
    for need, boxes in top.groupby(used["need"], sort=False):
        important, satisfied = boxes["importance"].to_numpy(), boxes["satisfaction"].to_numpy()
        counts = np.bincount(2 * important + satisfied, minlength=4)
        drawn = _scores(rng.multinomial(len(boxes), counts / len(boxes), size=DRAWS))[2]
        low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2])
        rows.append((need, len(boxes), *(float(score) for score in _scores(counts)), float(low), float(high)))
    table = pd.DataFrame(rows, columns=["need", "n", "importance", "satisfaction", "opportunity", "low", "high"])
    table = table.sort_values("opportunity", ascending=False, kind="stable").reset_index(drop=True)
    return Answer(
        rows=table,
        n=int(used["respondent"].nunique()),
        excluded=excluded,
        conventions=_conventions(scale_max, alpha),
        warnings=_warnings(table),
    )


def scale_of(answers: pd.DataFrame) -> int:
    """
    Return the top of the scale of all ``answers`` to importance and satisfaction: the least of 5, 7 and 10 that holds them.

    Ask for the whole table and not for a segment of it. With fewer than 30 answers, or one over 10, it is 10: too little
    to tell a short scale from a low opinion.
    """
    import pandas as pd

    given = pd.concat([pd.to_numeric(answers[name], errors="coerce") for name in COLUMNS[2:]]).dropna()
    return next((top for top in SCALES if given.max() <= top), SCALES[-1]) if len(given) >= FEW else SCALES[-1]


def _scores(counts: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], ...]:
    """Return importance, satisfaction and opportunity of counts (neither, satisfied, important, both) in the top."""
    shares = counts / counts.sum(axis=-1, keepdims=True)
    importance = 10 * (shares[..., 2] + shares[..., 3])
    satisfaction = 10 * (shares[..., 1] + shares[..., 3])
    # The difference straight from the counts: exactly 0 when the two are equal.
    unmet = np.maximum(10 * (shares[..., 2] - shares[..., 1]), 0.0)
    return importance, satisfaction, importance + unmet


def _usable(answers: pd.DataFrame, scale_max: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows to count, and how many others there are by reason, each row under its first reason."""
    import pandas as pd

    _require_columns(answers)
    rows = answers[list(COLUMNS)].reset_index(drop=True)
    given = rows[["importance", "satisfaction"]]
    numbers = pd.DataFrame({name: pd.to_numeric(given[name], errors="coerce") for name in given}).astype(float)
    whole = (numbers >= 1) & (numbers <= scale_max) & (numbers % 1 == 0)
    nameless = rows[["respondent", "need"]].isna().any(axis=1)
    silent = given.isna().any(axis=1)
    off_scale = ~whole.all(axis=1) & ~silent & ~nameless
    usable = ~(nameless | silent | off_scale)
    again = rows[usable].duplicated(["respondent", "need"]).reindex(rows.index, fill_value=False)
    reasons = {
        _(N_("respondent or need is missing")): nameless,
        _(N_("importance or satisfaction is missing")): silent & ~nameless,
        _(N_("answer is not a whole number from 1 to {scale_max}"), scale_max=scale_max): off_scale,
        _(N_("same respondent and need once more (the first answer counts)")): again,
    }
    excluded = {reason: int(rows_out.sum()) for reason, rows_out in reasons.items() if rows_out.any()}
    counted = usable & ~again
    if not counted.any():
        why = listed([f"{reason}: {number(count)}" for reason, count in excluded.items()]) or "-"
        raise AnalysisError(
            N_("No row of the answers can be used ({reasons}). Check the columns and the top of the scale."),
            reasons=why,
        )
    return rows[counted].assign(**numbers[counted]), excluded


def _conventions(scale_max: int, alpha: float) -> tuple[str, ...]:
    return (
        _(
            N_("Importance and satisfaction are the share of answers of {second} or {top}, times 10 (two top boxes)."),
            second=number(scale_max - 1),
            top=number(scale_max),
        ),
        _(N_("Opportunity is importance + max(importance − satisfaction, 0), from 0 to 20.")),
        _(
            N_("Intervals of {level} from {draws} bootstrap samples of the respondents (percentiles)."),
            level=percent(1 - alpha),
            draws=number(DRAWS),
        ),
    )


def _warnings(table: pd.DataFrame) -> tuple[str, ...]:
    few = [str(need) for need in table.loc[table["n"] < FEW, "need"]]
    if not few:
        return ()
    return (
        _(
            N_("Fewer than {few} answers, so read with care ({count} in all): {needs}."),
            few=number(FEW),
            count=number(len(few)),
            needs=listed(few[:SHOWN_AT_ONCE]),
        ),
    )


def _require_columns(answers: pd.DataFrame) -> None:
    names = [str(name) for name in answers.columns]
    for column in COLUMNS:
        if column not in names:
            raise TableError(
                N_('The table of answers has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                column=column,
                near=nearest(column, names),
            )


def _require_options(scale_max: int, alpha: float) -> None:
    if scale_max < 4 or scale_max != int(scale_max):
        raise AnalysisError(
            N_("The scale's top is {found}, but two top boxes need a scale of at least 4 whole steps."),
            found=number(scale_max),
        )
    require_level(alpha)
