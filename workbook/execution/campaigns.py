"""What is said to whom and when: which cells of segment x challenge x advantage have a campaign, what is due, and whose work.

A campaign is one segment, one challenge, one advantage (the plan's own rule). A cell is *covered* when a campaign stands
in it, *free* when an advantage answers the challenge and no campaign says so, *unanswered* when no advantage does. The
load of a week is hours: the work to make a campaign spread over the weeks before its first day, then its weekly hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from workbook.plan.launch import goes_out
from workbook.plan.margins import margin_floor
from workbook.plan.model import (
    AdvantageState,
    Asset,
    AssetState,
    Campaign,
    Offer,
    Plan,
    Segment,
    Status,
    Targeting,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dated", "Discounted", "Wanting", "cells", "dates", "discounted", "load", "unserved", "wanting"]

MAKING_WEEKS = 4.0
"""Weeks a campaign takes to make where step 7 does not say."""

MONTH = 52 / 12
"""Weeks in a month, by which the hours a person has for the plan become hours a week."""

Kind = Literal["making", "campaign", "creative", "notice", "release"]


@dataclass(frozen=True)
class Dated:
    """
    Something with a day or days: ``start`` to ``end``, both included, and the id of the item that it is about.

    ``owner`` is the id of a member of the team or empty; ``about`` the id of the campaign or release it belongs to.
    """

    kind: Kind
    id: str
    title: str
    start: date
    end: date
    owner: str = ""
    about: str = ""


@dataclass(frozen=True)
class Discounted:
    """What a campaign leaves of its offer's price: ``left`` = price x (1 - discount), and the floor it must not go under."""

    campaign: str
    offer: str
    price: float
    discount: float
    left: float
    floor: float | None

    @property
    def under(self) -> bool:
        """Whether less is left than the floor asks for."""
        return self.floor is not None and self.left < self.floor - 1e-9


@dataclass(frozen=True)
class Wanting:
    """An asset that a campaign needs and that is not ready, and the day it is needed ``by``: the campaign's first."""

    campaign: str
    asset: str
    state: AssetState
    by: date | None


def cells(plan: Plan) -> pd.DataFrame:
    """
    Return the matrix of segment x challenge x advantage, one row a cell that could hold a campaign or does.

    Columns: segment, need, advantage (ids; advantage empty where nothing answers the need), campaigns (tuple of ids),
    state (covered, free, unanswered). Rows are the needs of the segments that are not excluded, each with the live
    advantages that answer it, and whatever else a campaign names.
    """
    import pandas as pd

    found: dict[tuple[str, str, str], list[str]] = {}
    live = [a for a in plan.advantages if a.state is AdvantageState.LIVE]
    for segment, need in _asked(plan):
        answers = [a.id for a in live if need in a.needs] or [""]
        for advantage in answers:
            found.setdefault((segment, need, advantage), [])
    for campaign in plan.campaigns:
        if campaign.segment and campaign.challenge and campaign.advantage:
            found.setdefault((campaign.segment, campaign.challenge, campaign.advantage), []).append(campaign.id)
    rows = [
        (*cell, tuple(named), "covered" if named else "free" if cell[2] else "unanswered")
        for cell, named in found.items()
    ]
    return pd.DataFrame(rows, columns=["segment", "need", "advantage", "campaigns", "state"])


def _asked(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield each need with its segment; one of no segment counts for every target."""
    targets = [s.id for s in plan.segments if s.targeting is Targeting.TARGET]
    for need in plan.needs:
        segment = plan.item(need.segment)
        if isinstance(segment, Segment) and segment.targeting is not Targeting.EXCLUDED:
            yield segment.id, need.id
        elif need.segment is None:
            yield from ((target, need.id) for target in targets)


def wanting(plan: Plan) -> list[Wanting]:
    """Return the assets that campaigns use and that are not ready, the one needed first in front."""
    found = [
        Wanting(campaign.id, asset.id, asset.state, campaign.start)
        for campaign in plan.campaigns
        for ref in campaign.assets
        if isinstance(asset := plan.item(ref), Asset) and asset.state is not AssetState.READY
    ]
    return sorted(found, key=lambda one: one.by or date.max)


def unserved(plan: Plan) -> list[tuple[str, str]]:
    """Return (campaign, stage) for each stage at which a campaign has a message but uses no asset that serves it."""
    found = []
    for campaign in plan.campaigns:
        assets = [asset for ref in campaign.assets if isinstance(asset := plan.item(ref), Asset)]
        served = {stage for asset in assets for stage in asset.stages}
        spoken = {message.stage for message in plan.messages if message.campaign == campaign.id and message.stage}
        found += [(campaign.id, stage.id) for stage in plan.stages if stage.id in spoken and stage.id not in served]
    return found


def discounted(plan: Plan) -> list[Discounted]:
    """Return what each campaign with a priced offer leaves of the price, beside the offer's margin floor."""
    return [
        Discounted(
            campaign.id,
            offer.id,
            offer.price,
            campaign.discount or 0.0,
            offer.price * (1 - (campaign.discount or 0.0)),
            margin_floor(offer),
        )
        for campaign in plan.campaigns
        if isinstance(offer := plan.item(campaign.offer), Offer) and offer.price
    ]


def dates(plan: Plan) -> list[Dated]:
    """Return everything of steps 6 and 9 that has a date, in the order of time; what has none is left out."""
    found = [*_campaign_dates(plan), *_launch_dates(plan)]
    return sorted(found, key=lambda one: (one.start, one.end, one.kind, one.id))


def _campaign_dates(plan: Plan) -> Iterator[Dated]:
    weeks = plan.balance.making_weeks if plan.balance.making_weeks is not None else MAKING_WEEKS
    for campaign in plan.campaigns:
        if campaign.start is None:
            continue
        owner = str(campaign.owner or "")
        if weeks > 0:
            begin, last = campaign.start - timedelta(days=round(7 * weeks)), campaign.start - timedelta(days=1)
            yield Dated("making", campaign.id, campaign.label, begin, last, owner, campaign.id)
        # One whose last day comes before its first is said by the checks; here it is a day long.
        end = max(campaign.end or campaign.start, campaign.start)
        yield Dated("campaign", campaign.id, campaign.label, campaign.start, end, owner, campaign.id)
    for creative in plan.creatives:
        if creative.due is not None:
            held = plan.item(creative.campaign)
            owner = str(held.owner or "") if isinstance(held, Campaign) else ""
            yield Dated(
                "creative", creative.id, creative.label, creative.due, creative.due, owner, str(creative.campaign or "")
            )


def _launch_dates(plan: Plan) -> Iterator[Dated]:
    for notice in plan.notices:
        if day := goes_out(notice, plan):
            yield Dated("notice", notice.id, notice.label, day, day, str(notice.owner or ""), str(notice.release or ""))
    for release in plan.releases:
        if release.date is not None and release.status is not Status.STOPPED:
            yield Dated("release", release.id, release.label, release.date, release.date, "", release.id)


def load(plan: Plan) -> pd.DataFrame:
    """
    Return the work of each week, one row per owner and week with work in it.

    Columns: owner (id, empty for nobody), week (its Monday), hours, capacity (hours a week; NaN where the charter does
    not say), things (campaigns being made or running, notices and creatives due). A week that a campaign only touches
    counts by its days, five working days to a week.
    """
    import pandas as pd

    rows = []
    for one in dates(plan):
        if one.kind == "release":
            continue
        for monday, share in _weeks(one):
            rows.append((one.owner, monday, share * _hours(one, plan), 1))
    table = pd.DataFrame(rows, columns=["owner", "week", "hours", "things"])
    summed = table.groupby(["owner", "week"], as_index=False, sort=True).sum()
    has = {member.id: member.hours / MONTH for member in plan.charter.team if member.hours is not None}
    summed["capacity"] = summed["owner"].map(has).astype(float)
    return summed[["owner", "week", "hours", "capacity", "things"]]


def _weeks(one: Dated) -> Iterator[tuple[date, float]]:
    """Yield the Mondays of the weeks that something touches, with the share of each week's working days in it."""
    monday = one.start - timedelta(days=one.start.weekday())
    while monday <= one.end:
        days = [monday + timedelta(days=n) for n in range(5)]
        share = sum(one.start <= day <= one.end for day in days) / 5
        if share or one.start == one.end:
            yield monday, share
        monday += timedelta(days=7)


def _hours(one: Dated, plan: Plan) -> float:
    """Return the hours of a whole week of this: of its owner, as the campaign says."""
    campaign = plan.item(one.id)
    if not isinstance(campaign, Campaign):
        return 0.0
    if one.kind == "campaign":
        return campaign.weekly_hours or 0.0
    worked = sum(share for _monday, share in _weeks(one))
    return (campaign.making_hours or 0.0) / worked if worked else 0.0
