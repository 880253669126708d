"""What should be built first, and which releases set the date of all others?

RICE = reach x impact x confidence / effort. The critical path is the chain of dependent releases with the most weeks of
work: a week lost on it is a week lost at its end.

Sources: McBride (2018), "RICE: simple prioritization for product managers"; Kelley & Walker (1959), on the critical path.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from workbook.errors import AnalysisError
from workbook.language import N_
from workbook.plan.model import Idea, Plan, Release

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["critical_path", "ranked_ideas", "rice"]


def rice(idea: Idea) -> float | None:
    """Return reach x impact x confidence / effort; None while one is missing or the effort is 0."""
    if idea.reach is None or idea.impact is None or idea.confidence is None or not idea.effort:
        return None
    return idea.reach * idea.impact * idea.confidence / idea.effort


def ranked_ideas(plan: Plan) -> pd.DataFrame:
    """Return the ideas, the highest RICE first, those without one last: id, idea, reach, impact, confidence, effort, rice, rank."""
    import pandas as pd

    rows = [
        {
            "id": idea.id,
            "idea": idea.label,
            "reach": idea.reach,
            "impact": idea.impact,
            "confidence": idea.confidence,
            "effort": idea.effort,
            "rice": rice(idea),
        }
        for idea in plan.ideas
    ]
    columns = ["id", "idea", "reach", "impact", "confidence", "effort", "rice"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], float))
    table = table.sort_values("rice", ascending=False, kind="stable", na_position="last").reset_index(drop=True)
    table["rank"] = table["rice"].rank(ascending=False, method="min")
    return table


def critical_path(releases: Iterable[Release]) -> tuple[Release, ...]:
    """
    Return the chain of releases with the most weeks of work, first one first; a release without weeks counts as 0.

    Raises
    ------
    AnalysisError
        If releases wait for one another in a circle; it names one of them.
    """
    by_id = {release.id: release for release in releases}
    best: dict[str, tuple[float, tuple[Release, ...]]] = {}

    def longest(release: Release, waiting: tuple[str, ...]) -> tuple[float, tuple[Release, ...]]:
        if release.id in waiting:
            raise AnalysisError(
                N_("“{release}” waits for itself, through what it stands on. Take one of these links out."),
                release=release.label,
            )
        if release.id not in best:
            before = [longest(by_id[ref], (*waiting, release.id)) for ref in release.depends_on if ref in by_id]
            weeks, chain = max(before, key=lambda one: one[0], default=(0.0, ()))
            best[release.id] = (weeks + (release.weeks or 0.0), (*chain, release))
        return best[release.id]

    chains = [longest(release, ()) for release in by_id.values()]
    weeks, chain = max(chains, key=lambda one: one[0], default=(np.nan, ()))
    return chain if chain and weeks > 0 else ()
