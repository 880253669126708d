"""Do the two sides of the plan pull the same way? Four known troubles, each as a share of what is in order.

Consistent message, shared objectives, budget, timing: upstream and downstream drift apart in these four. A share says
how much of the plan is in order and names what is not; where there is nothing to count it is "none yet", not 0 or 100 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from workbook.plan.model import (
    Advantage,
    AdvantageState,
    Campaign,
    Notice,
    Plan,
    Release,
    Segment,
    Side,
    Status,
    Targeting,
)
from workbook.plan.worth import segment_worth

__all__ = ["Alignment", "alignment"]


@dataclass(frozen=True)
class Alignment:
    """
    One of the four: ``trouble`` (message, objectives, budget or timing), the share in order and what is not.

    ``share`` is 0..1, or None where there is nothing to count yet. ``counted`` is how many things, or how much money,
    it is a share of. ``out`` are the ids of those not in order.
    """

    trouble: str
    share: float | None
    counted: float
    out: tuple[str, ...]


def alignment(plan: Plan) -> tuple[Alignment, ...]:
    """Return the four shares of ``plan``, always in the same order."""
    return (
        _counted("message", [c.id for c in plan.campaigns], lambda id: _cites_live(id, plan)),
        _counted(
            "objectives",
            [*(c.id for c in plan.campaigns), *(c.id for c in plan.channels)],
            lambda id: _judged_on(id, plan) == {Side.UPSTREAM, Side.DOWNSTREAM},
        ),
        _spend(plan),
        _counted("timing", [c.id for c in plan.campaigns if c.release], lambda id: _in_time(id, plan)),
    )


def _counted(trouble: str, ids: list[str], in_order: Callable[[str], bool]) -> Alignment:
    out = tuple(id for id in ids if not in_order(id))
    return Alignment(trouble, 1 - len(out) / len(ids) if ids else None, len(ids), out)


def _cites_live(campaign: str, plan: Plan) -> bool:
    """Whether a message of the campaign cites an advantage that is still claimed."""
    cited = [plan.item(message.advantage) for message in plan.messages if message.campaign == campaign]
    return any(isinstance(a, Advantage) and a.state is AdvantageState.LIVE for a in cited)


def _judged_on(id: str, plan: Plan) -> set[Side]:
    """Return the sides of the indicators that judge a channel or a campaign; a campaign's channels speak for it too."""
    item = plan.item(id)
    channels = {id, *item.channels} if isinstance(item, Campaign) else {id}
    return {
        indicator.side
        for indicator in plan.indicators
        if indicator.side is not None and (id in indicator.campaigns or channels & set(indicator.channels))
    }


def _spend(plan: Plan) -> Alignment:
    """Return the share of the campaigns' budgets spent on targeted segments whose worth can be derived."""
    budgets = {campaign.id: campaign.budget for campaign in plan.campaigns if campaign.budget}
    total = sum(budgets.values())
    out = tuple(c.id for c in plan.campaigns if c.id in budgets and not _derived(c, plan))
    lost = sum(budgets[id] for id in out)
    return Alignment("budget", 1 - lost / total if total else None, total, out)


def _derived(campaign: Campaign, plan: Plan) -> bool:
    segment = plan.item(campaign.segment)
    return (
        isinstance(segment, Segment)
        and segment.targeting is Targeting.TARGET
        and segment_worth(segment, plan) is not None
    )


def _in_time(id: str, plan: Plan) -> bool:
    """Whether the campaign begins on or after its release, and each notice of that goes out as early as it should."""
    campaign = plan.item(id)
    release = plan.item(campaign.release) if isinstance(campaign, Campaign) else None
    if not isinstance(campaign, Campaign) or not isinstance(release, Release):
        return False
    if release.status is Status.STOPPED or release.date is None or campaign.start is None:
        return False
    return campaign.start >= release.date and _notices_kept(release.id, release.date, plan)


def _notices_kept(release: str, released: date, plan: Plan) -> bool:
    notices = [notice for notice in plan.notices if notice.release == release]
    return bool(notices) and all(_kept(notice, released) for notice in notices)


def _kept(notice: Notice, released: date) -> bool:
    if notice.date is None:
        return notice.days_before is not None
    return notice.date <= released - timedelta(days=notice.days_before or 0)
