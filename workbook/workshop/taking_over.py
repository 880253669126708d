"""What does the plan take over from votes and notes? Medians, as judgement of the team (grade D), each with its spread.

Every proposal carries the number of votes and, as its interval, the quartiles; ``plan.adoption`` stores it as a finding
beside the fields it fills, so that a survey later outranks it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from workbook.language import N_, number, translated
from workbook.plan.adoption import Proposal
from workbook.plan.model import Plan, tree
from workbook.plan.model.fields import new_id
from workbook.workshop.answers import Reading, group_weights
from workbook.workshop.room import Poll

__all__ = [
    "medians",
    "propose_estimates",
    "propose_heaps",
    "propose_order",
    "propose_support",
    "propose_weights",
]

MOST_LED_WITH = 3
"""Advantages that a positioning leads with."""


def _by_item(found: list[Reading]) -> dict[str, dict[str, Reading]]:
    grouped: dict[str, dict[str, Reading]] = {}
    for one in found:
        if one.spread.n:
            grouped.setdefault(one.item, {})[one.aspect] = one
    return grouped


def medians(
    figure: str, words: str, aspects: Iterable[str], *, evidence: bool
) -> Callable[[Plan, Poll, list[Reading]], list[Proposal]]:
    """Return what proposes the medians of an item's aspects for its fields; ``figure`` is the aspect told first."""

    def propose(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
        made = []
        for id, by_aspect in _by_item(found).items():
            option = next(item for item in poll.items if item.id == id)
            if not option.path or plan.item(id) is None or figure not in by_aspect:
                continue
            medians = {aspect: one.spread.median for aspect, one in by_aspect.items()}
            worded = {aspect: number(medians.get(aspect)) for aspect in aspects}
            name = translated(words, item=plan.name_of(id), **worded)
            path = option.path if evidence else ""
            fills = {f"{option.path}/{aspect}": median for aspect, median in medians.items()}
            made.append(_proposal(poll, id, name, by_aspect[figure], path, fills))
        return made

    return propose


def _proposal(poll: Poll, id: str, name: str, one: Reading, item: str, fills: Mapping[str, Any]) -> Proposal:
    return Proposal(
        key=f"team-{poll.exercise}-{id}"[:80],
        name=name,
        source=translated(N_("Vote of the team in a workshop")),
        analysis=f"workshop {poll.exercise}",
        conventions=(
            translated(N_("Median of the votes; the interval is from the lower to the upper quartile.")),
            translated(N_("Round {round}."), round=number(poll.ended_rounds)),
        ),
        figure=round(one.spread.median, 4),
        low=round(one.spread.low, 4),
        high=round(one.spread.high, 4),
        n=one.spread.n,
        item=item,
        fills=fills,
        judged=True,
    )


def propose_estimates(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return the median low, likely and high figures, each of its own: they still rise."""
    made, data = [], tree(plan)
    for one in found:
        held = data["curves"].get(one.item) if one.spread.n else None
        if held is None:
            continue
        lows, highs = zip(*one.spans.values(), strict=True)
        figures = {"low": float(np.median(lows)), "likely": one.spread.median, "high": float(np.median(highs))}
        path = f"/curves/{one.item}"
        name = translated(
            N_("“{item}”: {low} to {high} new customers, likely {likely}"),
            item=one.label,
            **{key: number(value) for key, value in figures.items()},
        )
        spend = poll.options.get("spend", {}).get(one.item) or held["estimate"].get("spend")
        fills = {f"{path}/estimate": ({"spend": spend} if spend else {}) | figures}
        made.append(_proposal(poll, one.item, name, one, path, fills))
    return made


def propose_weights(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return the group's weights, scaled so that the largest is 10."""
    weights = group_weights(poll, poll.ended_rounds)["weights"]
    if not weights:
        return []
    scaled = {id: round(10 * weight / max(weights.values()), 1) for id, weight in weights.items()}
    fills: dict[str, Any] = {f"{o.path}/weight": scaled[o.id] for o in poll.items if o.path.startswith("/criteria/")}
    if any(option.path.startswith("/attractiveness/") for option in poll.items):
        fills = {"/attractiveness": plan.attractiveness.model_dump(mode="json") | scaled}
    first = max(found, key=lambda one: weights[one.item])
    name = translated(
        N_("“{item}” weighs most, with {share} of 100"), item=first.label, share=number(100 * weights[first.item])
    )
    return [_proposal(poll, "weights", name, first, "", fills)] if fills else []


def propose_order(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return the advantages with the best median places, as those the positioning leads with."""
    ranked = [one for one in found if one.spread.n and plan.item(one.item) is not None]
    if not ranked:
        return []
    leading = [one.item for one in ranked[:MOST_LED_WITH]]
    name = translated(N_("“{item}” comes first among {count}"), item=ranked[0].label, count=number(len(poll.items)))
    return [_proposal(poll, "order", name, ranked[0], "", {"/positioning/advantages": leading})]


def propose_support(words: str) -> Callable[[Plan, Poll, list[Reading]], list[Proposal]]:
    """Return what proposes a vote as evidence alone, filling no field."""

    def propose(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
        made = []
        for one in found:
            path = next(option.path for option in poll.items if option.id == one.item)
            if not one.spread.n or not path:
                continue
            item = plan.item(path.rpartition("/")[2])
            able = item is not None and "evidence" in type(item).model_fields
            figures = {"median": number(one.spread.median), "total": number(sum(one.values.values()))}
            made.append(
                _proposal(poll, one.item, translated(words, item=one.label, **figures), one, path if able else "", {})
            )
        return made

    return propose


def propose_heaps(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return each named heap of notes as a need: what people wrote independently of one another."""
    made, taken = [], set(plan.ids)
    for id, name in poll.clusters.items():
        writers = {note.who for note in poll.notes.values() if note.cluster == id}
        if not name or not writers:
            continue
        key = f"team-notes-{id}"[:80]
        held = next((path for finding in plan.findings if finding.id == key for path in finding.fills), "")
        path = held.rpartition("/")[0] or f"/needs/{new_id(name, taken, otherwise='need')}"
        taken.add(path.rpartition("/")[2])
        made.append(
            Proposal(
                key=key,
                name=translated(N_("Notes of {count} people: “{heap}”"), count=number(len(writers)), heap=name),
                source=translated(N_("Notes of the team in a workshop")),
                analysis="workshop notes",
                figure=float(len(writers)),
                n=len({note.who for note in poll.notes.values()}),
                item=path,
                fills={f"{path}/name": name},
                judged=True,
            )
        )
    return made
