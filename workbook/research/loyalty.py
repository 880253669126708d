"""Would customers recommend us, and who knows us at all?

The net promoter score is the share of promoters (9 and 10 of 10) less that of detractors (0 to 6), in points from -100
to 100. Its interval is Wald's for the difference of two shares of one sample, or, better below some hundred answers,
the adjusted one that adds three answers: 3/4 promoters, 3/2 passives, 3/4 detractors.

Awareness is counted unprompted (named unasked), prompted (known from a list), and in total (either).

Word of mouth: each customer brings K = invitations x conversion others, who bring K each in turn, so that one counts as
1 / (1 - K).

Sources: Reichheld (2003), Harvard Business Review 81(12); Rocks (2016), The American Statistician 70(4), on intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import Answer, few_answers, few_respondents
from workbook.errors import require_choice
from workbook.language import N_, percent
from workbook.language import translated as _
from workbook.shares import normal_quantile, require_level, wilson
from workbook.sieve import Sieve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["awareness", "brought_along", "nps"]

PROMOTERS, PASSIVES = 9, 7
"""The lowest score of each."""

INTERVALS = ("wald", "adjusted-wald")


def nps(answers: pd.DataFrame, *, interval: str = "wald", alpha: float = 0.05) -> Answer:
    """
    Return the net promoter score, by segment too where the answers name one.

    Parameters
    ----------
    answers
        One row per respondent: respondent, score (whole number, 0 to 10), segment (may be left out). Of two rows of one
        respondent the first usable one counts.
    interval
        "wald" or "adjusted-wald".
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.

    Returns
    -------
    ``nps`` (-100..100), ``interval``, shares ``promoters``, ``passives``, ``detractors`` (0..1); with a segment column
    one row per segment: segment, n, nps, low, high and the shares, the highest first.

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
    require_choice("interval", interval, INTERVALS)
    sieve = Sieve(answers, ["respondent", "score"], ["segment"])
    sieve.named("respondent")
    sieve.numbers("score", low=0, high=10, whole=True)
    sieve.once("respondent")
    sieve.require_rows()
    used = sieve.rows
    overall = _scored(used["score"], interval, alpha)
    rows = _by_segment(used, interval, alpha) if "segment" in used else None
    return Answer(
        figures={
            "nps": overall["nps"],
            "interval": (overall["low"], overall["high"]),
            **{name: overall[name] for name in ("promoters", "passives", "detractors")},
        },
        rows=rows,
        n=len(used),
        excluded=sieve.excluded,
        conventions=_nps_conventions(interval, alpha, rows, len(used)),
        warnings=_nps_warnings(used, rows),
    )


def _scored(scores: pd.Series, interval: str, alpha: float) -> dict[str, float]:
    n = len(scores)
    kinds = (scores >= PROMOTERS, scores.between(PASSIVES, PROMOTERS - 1), scores < PASSIVES)
    promoters, passives, detractors = (int(kind.sum()) for kind in kinds)
    low, high = _limits(promoters, detractors, n, interval, alpha)
    return {
        "n": n,
        "nps": 100 * (promoters - detractors) / n,
        "low": low,
        "high": high,
        "promoters": promoters / n,
        "passives": passives / n,
        "detractors": detractors / n,
    }


def _limits(promoters: float, detractors: float, n: float, interval: str, alpha: float) -> tuple[float, float]:
    """Return the ends of the interval of the score, within -100 and 100."""
    if interval == "adjusted-wald":
        promoters, detractors, n = promoters + 0.75, detractors + 0.75, n + 3
    difference = (promoters - detractors) / n
    half = normal_quantile(alpha) * float(np.sqrt(max((promoters + detractors) / n - difference**2, 0) / n))
    return max(100 * (difference - half), -100.0), min(100 * (difference + half), 100.0)


def _by_segment(used: pd.DataFrame, interval: str, alpha: float) -> pd.DataFrame | None:
    import pandas as pd

    segments = used["segment"].astype("string").str.strip()
    named = segments.notna() & segments.ne("")
    rows: list[dict[str, Any]] = [
        {"segment": str(segment)} | _scored(group["score"], interval, alpha)
        for segment, group in used[named].groupby(segments[named])
    ]
    if not rows:
        return None
    table = pd.DataFrame(rows)
    return table.sort_values(["nps", "segment"], ascending=[False, True]).reset_index(drop=True)


def _nps_conventions(interval: str, alpha: float, rows: pd.DataFrame | None, n: int) -> tuple[str, ...]:
    said = [
        _(N_("Promoters score 9 or 10, passives 7 or 8, detractors 0 to 6; the score is in points from -100 to 100.")),
        _(N_("Wald interval of {level}."), level=percent(1 - alpha))
        if interval == "wald"
        else _(
            N_("Adjusted Wald interval of {level}: 3/4 promoters, 3/2 passives and 3/4 detractors added."),
            level=percent(1 - alpha),
        ),
    ]
    if rows is not None and rows["n"].sum() < n:
        said.append(_(N_("Answers without a segment count in the whole, but in no segment.")))
    return tuple(said)


def _nps_warnings(used: pd.DataFrame, rows: pd.DataFrame | None) -> tuple[str, ...]:
    said = list(few_respondents(len(used)))
    if rows is not None:
        said += few_answers(dict(zip(rows["segment"], rows["n"], strict=True)))
    if used["score"].nunique() == 1 and len(used) > 1:
        said.append(
            _(N_("All answers are equal: the Wald interval then has no width, which says nothing of how sure it is."))
        )
    elif used["score"].max() <= 5 and len(used) > 1:
        said.append(_(N_("No score is above 5: check that the scale was 0 to 10 and not 1 to 5.")))
    return tuple(said)


def brought_along(k: float) -> float | None:
    """Return how many customers one counts as, with those he brings and those they bring; None from ``k`` of 1 on."""
    return 1 / (1 - k) if 0 <= k < 1 else None


def awareness(answers: pd.DataFrame, *, alpha: float = 0.05) -> Answer:
    """
    Return how many know the brand unprompted, prompted, and in total.

    Parameters
    ----------
    answers
        One row per respondent: respondent, unprompted, prompted (0 or 1). Of two rows of one respondent the first
        usable one counts.
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.

    Returns
    -------
    Shares ``unprompted``, ``prompted`` (as the table has it) and ``total`` (either), 0..1, each with its interval.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If no row can be used, or ``alpha`` is out of range.
    """
    require_level(alpha)
    sieve = Sieve(answers, ["respondent", "unprompted", "prompted"])
    sieve.named("respondent")
    sieve.yes_or_no("unprompted", "prompted")
    sieve.once("respondent")
    sieve.require_rows()
    used, n = sieve.rows, len(sieve.rows)
    counts = {
        "unprompted": int(used["unprompted"].sum()),
        "prompted": int(used["prompted"].sum()),
        "total": int((used["unprompted"] | used["prompted"]).sum()),
    }
    figures: dict[str, Any] = {name: count / n for name, count in counts.items()}
    figures |= {f"{name}_interval": wilson(count, n, alpha) for name, count in counts.items()}
    return Answer(
        figures=figures,
        n=n,
        excluded=sieve.excluded,
        conventions=(
            _(N_("Prompted is counted as the table has it; total is unprompted or prompted, each respondent once.")),
            _(N_("Wilson intervals of {level}."), level=percent(1 - alpha)),
        ),
        warnings=few_respondents(n),
    )
