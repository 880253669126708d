"""Which features delight, which are asked for, and which are taken for granted? Kano's categories.

Each respondent says how they would feel with the feature (functional) and without it (dysfunctional), from 1 "I like
it" to 5 "I dislike it". The evaluation table makes of the pair one category: attractive (A), one-dimensional (O),
must-be (M), indifferent (I), reverse (R) or questionable (Q). Better says how far satisfaction rises when the feature
is there, worse how far it falls when it is not.

Sources: Kano, Seraku, Takahashi & Tsuji (1984), Hinshitsu 14(2); table, ties and coefficients of Berger et al. (1993),
Center for Quality of Management Journal 2(4). Pouliot, in the same issue, calls two further cells questionable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbook.answer import Answer, few_answers
from workbook.errors import require_choice
from workbook.language import N_, listed, percent
from workbook.language import translated as _
from workbook.shares import require_level, wilson
from workbook.sieve import Sieve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CATEGORIES", "EVALUATION", "kano"]

CATEGORIES = "MOAIRQ"
"""In the order that decides between two that are named equally often."""

EVALUATION = {
    # Rows: with the feature, from 1 "I like it" to 5 "I dislike it"; columns: without it, likewise.
    "berger": ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"),
    "pouliot": ("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"),
}


def kano(answers: pd.DataFrame, *, evaluation: str = "berger", alpha: float = 0.05) -> Answer:
    """
    Sort features into Kano's categories.

    Parameters
    ----------
    answers
        One row per respondent and feature: respondent, feature, functional, dysfunctional (whole numbers, 1 to 5).
        Of two rows of one respondent on one feature the first usable one counts.
    evaluation
        "berger", or "pouliot", which calls (2, 2) and (4, 4) questionable.
    alpha
        1 - ``alpha`` is the level of the intervals of better and worse; 0..1.

    Returns
    -------
    One row per feature, must-be ones first: feature, n (answers), A, O, M, I, R, Q (counts), category, better (0..1),
    worse (-1..0) and the ends of their intervals; the last six are missing where nobody is in A, O, M or I.

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
    require_choice("evaluation", evaluation, EVALUATION)
    sieve = Sieve(answers, ["respondent", "feature", "functional", "dysfunctional"])
    sieve.named("respondent", "feature")
    sieve.numbers("functional", "dysfunctional", low=1, high=5, whole=True)
    sieve.once("respondent", "feature")
    sieve.require_rows()
    rows = _feature_rows(sieve.rows, evaluation, alpha)
    return Answer(
        rows=rows,
        n=int(sieve.rows["respondent"].nunique()),
        excluded=sieve.excluded,
        conventions=_conventions(evaluation, alpha),
        warnings=_warnings(rows),
    )


def _feature_rows(used: pd.DataFrame, evaluation: str, alpha: float) -> pd.DataFrame:
    import pandas as pd

    letters = np.array([list(row) for row in EVALUATION[evaluation]])
    with_it, without = (used[name].to_numpy().astype(int) - 1 for name in ("functional", "dysfunctional"))
    counts = pd.crosstab(used["feature"], letters[with_it, without]).reindex(columns=list(CATEGORIES), fill_value=0)
    # The first of several largest counts: the columns stand in the order that decides ties.
    category = counts.idxmax(axis=1)
    rows = counts[list("AOMIRQ")].assign(category=category)
    rows.insert(0, "n", counts.sum(axis=1))
    pairs = {
        feature: (
            _coefficient(count["A"] + count["O"], count, alpha),
            _coefficient(count["O"] + count["M"], count, alpha),
        )
        for feature, count in counts.iterrows()
    }
    rows["better"], rows["better_low"], rows["better_high"] = zip(*(pairs[f][0] for f in rows.index), strict=True)
    lost = [pairs[feature][1] for feature in rows.index]
    rows["worse"] = [-share for share, _low, _high in lost]
    rows["worse_low"], rows["worse_high"] = [-high for *_, high in lost], [-low for _share, low, _high in lost]
    rows["_place"] = [CATEGORIES.index(letter) for letter in rows["category"]]
    rows = rows.rename_axis("feature").reset_index().rename_axis(columns=None)
    return rows.sort_values(["_place", "worse", "feature"]).drop(columns="_place").reset_index(drop=True)


def _coefficient(count: int, counts: pd.Series, alpha: float) -> tuple[float, float, float]:
    """Return the share of those who care or not either way (A, O, M, I), with its interval."""
    n = int(counts[list("AOMI")].sum())
    return (count / n if n else float("nan"), *wilson(count, n, alpha))


def _conventions(evaluation: str, alpha: float) -> tuple[str, ...]:
    questionable = {
        "berger": _(
            N_("Evaluation table of Berger et al. (1993); like and like, dislike and dislike are questionable.")
        ),
        "pouliot": _(N_("Evaluation table of Pouliot (1993): (2, 2) and (4, 4) are questionable too.")),
    }
    return (
        questionable[evaluation],
        _(N_("The category is the most frequent of the six; ties by M > O > A > I > R > Q.")),
        _(N_("Better = (A+O)/(A+O+M+I), worse = -(O+M)/(A+O+M+I); R and Q are left out of both.")),
        _(N_("Wilson intervals of {level}."), level=percent(1 - alpha)),
    )


def _warnings(rows: pd.DataFrame) -> tuple[str, ...]:
    doubtful = [str(f) for f in rows.loc[rows["category"].eq("Q"), "feature"]]
    silent = [str(f) for f in rows.loc[rows["better"].isna(), "feature"]]
    said = list(few_answers(dict(zip(rows["feature"].astype(str), rows["n"], strict=True))))
    if doubtful:
        said.append(
            _(
                N_("Most answers contradict themselves, so the question was not understood: {features}."),
                features=listed(doubtful[:3]),
            )
        )
    if silent:
        said.append(
            _(
                N_("No answer in A, O, M or I, so better and worse cannot be given: {features}."),
                features=listed(silent[:3]),
            )
        )
    return tuple(said)
