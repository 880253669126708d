"""Where do leads come from, how far do they come, and at which stage does one source lose more than the others?

Each lead has reached the stage it is at and all before it. Of those of a source that reached one stage, the share that
reached the next is set beside that of all other sources together: the source falls short where even the upper end of its
interval (Wilson, 1927) lies below theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import FEW, Answer
from workbook.errors import AnalysisError
from workbook.language import N_, listed, number, percent
from workbook.language import translated as _
from workbook.shares import wilson
from workbook.sieve import left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lead_stages"]

KNOWN = (
    ("new", "open", "nuovo", "nuova", "aperto"),
    ("contacted", "called", "contattato", "contattata"),
    ("qualified", "qualificato", "qualificata"),
    ("meeting", "demo", "incontro", "appuntamento"),
    ("offer", "proposal", "opportunity", "offerta", "preventivo"),
    ("customer", "won", "cliente", "vinto"),
)
"""Usual words for how far a lead has come, in their order."""


def lead_stages(leads: pd.DataFrame, *, stage: tuple[str, ...] = (), alpha: float = 0.05) -> Answer:
    """
    Return how many leads of each source reached each stage.

    Parameters
    ----------
    leads
        One row per lead: lead, source, stage (how far it came).
    stage
        The words of the stages in their order, the first one first; usual English and Italian words when empty.
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.

    Returns
    -------
    ``leads``, ``customers`` (at the last stage), ``close_rate`` with ``close_rate_interval``; one row per source and
    stage: source, stage, reached, rate (of those who reached the stage before), low, high, others (that rate of all other
    sources), short (1 where the source falls short). At the first stage the rate is the source's share of all leads.

    Raises
    ------
    AnalysisError
        If no lead has a source and a stage, or a stage is not known.
    """
    used, excluded = _usable(leads)
    order = _order(used, stage)
    used["rank"] = used["stage"].map({word: i for i, (words, _said) in enumerate(order) for word in words})
    names = [said for _words, said in order]
    reached = _reached(used, len(order))
    rows = [row for source in reached for row in _rows(source, reached, names, alpha)]
    import pandas as pd

    won = int((used["rank"] == len(order) - 1).sum())
    return Answer(
        {
            "leads": len(used),
            "customers": won,
            "close_rate": won / len(used),
            "close_rate_interval": wilson(won, len(used), alpha),
        },
        pd.DataFrame(rows),
        len(used),
        excluded,
        (
            _(
                N_("Stages in their order: {stages}; a lead has reached its stage and all before it."),
                stages=listed(names),
            ),
            _(
                N_("Rates are of those who reached the stage before; Wilson intervals of {level}."),
                level=percent(1 - alpha),
            ),
            _(N_("A source falls short where its interval lies below the rate of all other sources together.")),
        ),
        _few(reached),
    )


def _usable(leads: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    table = leads[["lead", "source", "stage"]].reset_index(drop=True).copy()
    words = {name: table[name].astype("string").str.strip() for name in ("source", "stage")}
    table["source"], table["stage"] = words["source"], words["stage"].str.casefold()
    kept, excluded = left_out(
        table,
        {
            _(N_("no source")): table["source"].isna() | table["source"].eq(""),
            _(N_("no stage")): table["stage"].isna() | table["stage"].eq(""),
        },
    )
    table = table[kept]
    again = table["lead"].notna() & table["lead"].duplicated()
    once, repeated = left_out(table, {_(N_("the same lead once more (the first counts)")): again})
    table, excluded = table[once], excluded | repeated
    if table.empty:
        raise AnalysisError(N_("No lead has a source and a stage. Check the columns."))
    return table.copy(), excluded


def _order(used: pd.DataFrame, given: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Return the stages that the table has, in order: the words for each, and the one to show."""
    ranks: list[tuple[str, ...]] = [(word.strip().casefold(),) for word in given] or list(KNOWN)
    seen = list(dict.fromkeys(used["stage"]))
    unknown = [word for word in seen if not any(word in words for words in ranks)]
    if unknown:
        raise AnalysisError(
            N_("The stage “{found}” is not known. Give all stages in their order with --stage, the first one first."),
            found=unknown[0],
        )
    present = [(words, next(word for word in seen if word in words)) for words in ranks if set(words) & set(seen)]
    if len(present) < 2:
        raise AnalysisError(
            N_("All leads are at the stage “{found}”, so that nothing is said of the way. Bring in how far each came."),
            found=present[0][1],
        )
    return present


def _reached(used: pd.DataFrame, stages: int) -> dict[str, list[int]]:
    """Return how many leads of each source reached each stage, the largest source first."""
    sizes = used["source"].value_counts()
    return {
        str(source): [int((used.loc[used["source"] == source, "rank"] >= i).sum()) for i in range(stages)]
        for source in sizes.index
    }


def _rows(source: str, reached: dict[str, list[int]], names: list[str], alpha: float) -> list[dict[str, Any]]:
    own = reached[source]
    rest = [sum(counts[i] for other, counts in reached.items() if other != source) for i in range(len(names))]
    rows = [_row(source, names[0], own[0], own[0] + rest[0], np.nan, alpha)]
    for i in range(1, len(names)):
        others = rest[i] / rest[i - 1] if rest[i - 1] else np.nan
        rows.append(_row(source, names[i], own[i], own[i - 1], others, alpha))
    return rows


def _row(source: str, stage: str, reached: int, before: int, others: float, alpha: float) -> dict[str, Any]:
    low, high = wilson(reached, before, alpha)
    return {
        "source": source,
        "stage": stage,
        "reached": reached,
        "rate": reached / before if before else np.nan,
        "low": low,
        "high": high,
        "others": others,
        "short": int(high < others),
    }


def _few(reached: dict[str, list[int]]) -> tuple[str, ...]:
    few = [source for source, counts in reached.items() if counts[0] < FEW]
    if not few:
        return ()
    return (_(N_("Fewer than {few} leads, so read with care: {sources}."), few=number(FEW), sources=listed(few)),)
