"""What should be built first, and which releases set the date of all others?

RICE = reach x impact x confidence / effort. The critical path is the chain of dependent releases with the most weeks of
work: a week lost on it is a week lost at its end.

Sources: McBride (2018), "RICE: simple prioritization for product managers"; Kelley & Walker (1959), on the critical path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from workbook.errors import AnalysisError
from workbook.language import N_
from workbook.plan.model import Campaign, Idea, Plan, Release, Status

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WEEK", "Standing", "critical_path", "ranked_ideas", "rice", "standings"]

WEEK = 7
"""Days."""


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


@dataclass(frozen=True)
class Standing:
    """
    A release with what stands on it.

    ``waiting`` are the releases that name it, ``campaigns`` those that promise it. ``room`` are the weeks it may slip
    before the first of them would have to move: a release begins with its work, a campaign on its first day. It is
    negative where that day is past already, and None where nothing dated stands on it.
    """

    release: Release
    waiting: tuple[Release, ...]
    campaigns: tuple[Campaign, ...]
    room: float | None = None
    first: Release | Campaign | None = None


def standings(plan: Plan) -> tuple[Standing, ...]:
    """Return the releases that are not stopped, by date, undated ones last, each with what stands on it."""
    live = [release for release in plan.releases if release.status is not Status.STOPPED]
    ordered = sorted(live, key=lambda release: (release.date is None, release.date or date.max))
    return tuple(_standing(release, live, plan) for release in ordered)


def _standing(release: Release, live: list[Release], plan: Plan) -> Standing:
    waiting = tuple(other for other in live if release.id in other.depends_on)
    campaigns = tuple(campaign for campaign in plan.campaigns if campaign.release == release.id)
    others: tuple[Release | Campaign, ...] = (*waiting, *campaigns)
    days = [(_begins(other), other) for other in others]
    dated = [(day, other) for day, other in days if day is not None]
    if release.date is None or not dated:
        return Standing(release, waiting, campaigns)
    day, first = min(dated, key=lambda one: one[0])
    return Standing(release, waiting, campaigns, (day - release.date).days / WEEK, first)


def _begins(other: Release | Campaign) -> date | None:
    """Return the day on which work on a release begins, or the first day of a campaign."""
    if isinstance(other, Campaign):
        return other.start
    return None if other.date is None else other.date - timedelta(weeks=other.weeks or 0)
