"""Which upstream decision does downstream work still wait for? Segment, problem, solution, price, advantage, date.

A campaign, a channel or a quota stands on six decisions. Each is looked for in every target segment: a need of theirs, an
offer that solves it, what they pay for that, an advantage that is still claimed and answers it, and a release with a
date. Nothing is stopped: what is missing is said, with the place where it is decided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from workbook.language import N_, listed, translated
from workbook.plan.checks import Point
from workbook.plan.checks.points import gap
from workbook.plan.model import (
    Advantage,
    AdvantageState,
    Item,
    Need,
    Offer,
    Plan,
    PriceModel,
    Release,
    Segment,
    Status,
    Targeting,
)

__all__ = ["DECISIONS", "PLACES", "TITLES", "Decision", "Upstream", "upstream_decisions"]

Upstream = Literal["segment", "problem", "solution", "price", "advantage", "date"]

DECISIONS: tuple[Upstream, ...] = get_args(Upstream)
"""What downstream work stands on, in the order in which it is decided."""

TITLES: dict[Upstream, str] = {
    "segment": N_("Segment"),
    "problem": N_("Problem"),
    "solution": N_("Solution"),
    "price": N_("Price"),
    "advantage": N_("Advantage"),
    "date": N_("Date"),
}

PLACES: dict[Upstream, str] = {
    "segment": "/segments",
    "problem": "/needs",
    "solution": "/offers",
    "price": "/offers",
    "advantage": "/advantages",
    "date": "/releases",
}
"""Where each is decided."""

LACKS: dict[Upstream, str] = {
    "segment": N_("no segment is chosen as a target: whom do you serve?"),
    "problem": N_("no need of {segments} is named: which problem do you solve?"),
    "solution": N_("no offer solves a problem of {segments}: what do they get?"),
    "price": N_("the offer to {segments} has no price: what do they pay?"),
    "advantage": N_("no advantage answers a problem of {segments}: why should they choose you?"),
    "date": N_("no release for {segments} has a date: from when can they have it?"),
}
"""What is said while it is missing."""


@dataclass(frozen=True)
class Decision:
    """One of the six: the items that make it, and the point that says for whom it is ``missing`` (None: for nobody)."""

    kind: Upstream
    made: tuple[Item, ...]
    missing: Point | None = None


@dataclass(frozen=True)
class _Chain:
    """What a segment (None: anybody) has been given, link by link."""

    segment: Segment | None
    problem: tuple[Need, ...]
    solution: tuple[Offer, ...]
    price: tuple[Offer, ...]
    advantage: tuple[Advantage, ...]
    date: tuple[Release, ...]


def upstream_decisions(plan: Plan, segment: str = "") -> dict[Upstream, Decision]:
    """
    Return the six decisions by kind, each with what it is and for whom it is still missing.

    ``segment`` (an id) asks for one segment, a target or not; without it every target is asked for, and anybody at all
    while there is no target.
    """
    targets = tuple(s for s in plan.segments if (s.id == segment if segment else s.targeting is Targeting.TARGET))
    chosen = tuple(s for s in targets if s.targeting is Targeting.TARGET)
    asked: Sequence[Segment | None] = targets or (None,)
    chains = [_chain(plan, one) for one in asked]
    none = None if chosen else gap(PLACES["segment"], LACKS["segment"])
    found: dict[Upstream, Decision] = {"segment": Decision("segment", chosen, none)}
    for kind in DECISIONS[1:]:
        lacking = [chain for chain in chains if not getattr(chain, kind)]
        made = {item.id: item for chain in chains for item in getattr(chain, kind)}
        found[kind] = Decision(kind, tuple(made.values()), _missing(kind, lacking) if lacking else None)
    return {kind: found[kind] for kind in DECISIONS}


def _chain(plan: Plan, segment: Segment | None) -> _Chain:
    problem = tuple(need for need in plan.needs if segment is None or need.segment in (None, segment.id))
    asked = {need.id for need in problem}
    solution = tuple(o for o in plan.offers if asked & set(o.needs) and _meant_for(o.segments, segment))
    solved = {offer.id for offer in solution}
    return _Chain(
        segment,
        problem,
        solution,
        tuple(offer for offer in solution if _priced(offer)),
        tuple(a for a in plan.advantages if a.state is AdvantageState.LIVE and asked & set(a.needs)),
        tuple(
            release
            for release in plan.releases
            if release.date is not None
            and release.status is not Status.STOPPED
            and _meant_for(release.segments, segment)
            and (release.offer in solved or asked & set(release.needs))
        ),
    )


def _meant_for(segments: Iterable[str], segment: Segment | None) -> bool:
    """Whether something named for ``segments`` is for ``segment``: what names none is for everybody."""
    named = set(segments)
    return segment is None or not named or segment.id in named


def _priced(offer: Offer) -> bool:
    return offer.price is not None or offer.model in (PriceModel.BUNDLED, PriceModel.FREE)


def _missing(kind: Upstream, lacking: list[_Chain]) -> Point:
    names = [f"“{chain.segment.label}”" for chain in lacking if chain.segment]
    return gap(PLACES[kind], LACKS[kind], segments=listed(names) or translated(N_("the customers")))
