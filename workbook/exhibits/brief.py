"""A report as a document: the plan in brief at its head, and what is not yet worked out at its end."""

from collections.abc import Sequence

import pandas as pd

from workbook.channels.balance import balance
from workbook.channels.split import split
from workbook.errors import WorkbookError
from workbook.execution.handover import sla
from workbook.exhibits.case import Case
from workbook.exhibits.decided import period_words, sentence_case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.readiness import made_words
from workbook.language import N_, _, listed, money, number, percent, plural
from workbook.plan.checks import check
from workbook.plan.model import Grade, Segment
from workbook.plan.readiness import DECISIONS, TITLES, Decision, Upstream, upstream_decisions
from workbook.plan.worth import segment_worth
from workbook.steps import deciding_step

__all__ = ["in_brief", "not_yet", "nothing_yet"]

SAID = 2
"""Sentences on a chapter in the list of what is left out: the others follow from them."""

NAMED = 2
"""Items of a decision that are named; the rest are counted."""


def in_brief(case: Case, findings: Sequence[str]) -> Exhibit:
    """Return what was decided, the figures that matter, what the ``findings`` of the report say, and what is still open."""
    decisions = upstream_decisions(case.plan, case.segment)
    decided, missing = Card(_(N_("What was decided")), "", _decided(case, decisions)), _open(case, decisions)
    cards = (
        _frame(case),
        decided,
        Card(_(N_("The figures that matter")), "", _figures(case)),
        Card(_(N_("What is not yet decided")), "", *missing),
        Card(_(N_("What was found")), "", _said(findings), wide=True),
    )
    return Exhibit(
        "in_brief",
        _finding(case, decisions),
        cards=tuple(card for card in cards if card.facts or card.subtitle),
        currency=case.currency,
    )


def not_yet(rows: Sequence[tuple[str, str]]) -> Exhibit:
    """Return the list, by chapter, of what a report leaves out as there is nothing to show: (chapter, what to do first)."""
    chapters: dict[str, list[str]] = {}
    for chapter, first in dict.fromkeys(rows):
        chapters.setdefault(chapter, []).append(first)
    if not chapters:
        return Exhibit("not_yet", _(N_("All that this report asks for is worked out.")), empty=True)
    count = sum(map(len, chapters.values()))
    return Exhibit(
        "not_yet",
        plural("One part is not worked out yet.", "{count} parts are not worked out yet.", count),
        pd.DataFrame(
            [
                {"chapter": chapter, "parts": len(said), "first": " ".join(said[:SAID])}
                for chapter, said in chapters.items()
            ]
        ),
        (
            Column("chapter", _(N_("Chapter"))),
            Column("parts", _(N_("Parts left out")), "number", 0),
            Column("first", _(N_("What to do first"))),
        ),
    )


def nothing_yet(case: Case) -> Exhibit:
    """Return the one line of a chapter in which nothing could be shown."""
    return Exhibit(
        "nothing_yet",
        _(N_("Nothing is worked out here yet; the end of this report says what to do first.")),
        empty=True,
    )


def _frame(case: Case) -> Card:
    charter = case.plan.charter
    segment = case.plan.item(case.segment)
    facts = (
        (_(N_("Goal")), (charter.goal,) if charter.goal else ()),
        (_(N_("This report is for")), (segment.label,) if segment else ()),
    )
    return Card(charter.title or _(N_("A plan without a title yet")), period_words(charter), facts, wide=True)


def _decided(case: Case, decisions: dict[Upstream, Decision]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    facts = []
    for kind in DECISIONS:
        names = [made_words(kind, item, case.currency) for item in decisions[kind].made]
        rest = len(names) - NAMED
        more = [plural("{count} more", "{count} more", rest)] if rest > 0 else []
        facts.append((_(TITLES[kind]), (*names[:NAMED], *more)))
    campaigns = [campaign.label for campaign in case.plan.campaigns if case.segment in ("", campaign.segment)]
    facts.append((_(N_("Campaigns")), tuple(campaigns)))
    return tuple(fact for fact in facts if fact[1])


def _open(
    case: Case, decisions: dict[Upstream, Decision]
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[Tag, ...]]:
    """Return the facts of the card of what is open, and its tags."""
    lacking = [one for one in decisions.values() if one.missing]
    points = check(case.plan)
    faults = [sentence_case(point.sentence) for point in points if point.fault]
    facts: list[tuple[str, tuple[str, ...]]] = [
        (
            _(N_("{decision} (step {step})"), decision=_(TITLES[one.kind]), step=str(deciding_step(one.kind).number)),
            (sentence_case(one.missing.sentence if one.missing else ""),),
        )
        for one in lacking
    ]
    if not lacking:
        facts.append((_(N_("Upstream decisions")), (_(N_("None is missing.")),)))
    if faults:
        facts.append((_(N_("What cannot stand")), tuple(faults[:NAMED])))
    counted = plural("{count} point is open", "{count} points are open", len(points) - len(faults))
    facts.append((_(N_("Open points")), (_(N_("{counted}, listed at the end."), counted=counted),)))
    tags = (Tag("stale", plural("{count} item stale", "{count} items stale", len(case.stale))),) if case.stale else ()
    return tuple(facts), tags


def _said(findings: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ((_(N_("In the order of the steps")), tuple(findings)),) if findings else ()


def _figures(case: Case) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the figures on which the rest hangs, each with what it rests on."""
    plan = case.plan
    facts: list[tuple[str, tuple[str, ...]]] = []
    if plan.charter.revenue_target:
        facts.append((_(N_("Revenue target")), (money(plan.charter.revenue_target, case.currency),)))
    for segment in _served(case):
        worth = segment_worth(segment, plan)
        if worth is not None:
            grades = [evidence.grade for evidence in segment.evidence]
            rests = _(N_("revenue × margin / churn; evidence {grade}"), grade=min(grades, default=Grade.D).value)
            label = _(N_("Worth of a customer: {segment}"), segment=segment.label)
            facts.append((label, (money(worth, case.currency), rests)))
    facts += [fact for fact in (_reached(case), _split_fact(case)) if fact]
    if plan.balance.upstream_share is not None:
        facts.append((_(N_("Share for upstream")), (percent(plan.balance.upstream_share), _recommended(case))))
    return tuple(facts)


def _reached(case: Case) -> tuple[str, tuple[str, ...]] | None:
    """Return what the goal asks for: customers, by revenue goal, marketing's share and deal size."""
    try:
        asked = sla(plan=case.plan).figures
    except WorkbookError:
        return None
    counted = plural("{count} customer", "{count} customers", round(asked["customers"]))
    return _(N_("What the revenue goal asks of marketing")), (counted,)


def _split_fact(case: Case) -> tuple[str, tuple[str, ...]] | None:
    """Return the budget, and what its best split brings."""
    total = case.plan.budget.total
    if total is None:
        return None
    try:
        chosen = split(case.plan)
    except WorkbookError:
        chosen = None
    if chosen is None:
        return _(N_("Budget")), (money(total, case.currency),)
    counted = chosen.table[chosen.table["customers"].notna()]
    low, high, likely = (float(counted[name].sum()) for name in ("low", "high", "customers"))
    brings = _(
        N_("brings {likely} customers, {low} to {high} by the estimates"),
        likely=number(likely, 0),
        low=number(low, 0),
        high=number(high, 0),
    )
    return _(N_("Budget")), (money(total, case.currency), brings)


def _served(case: Case) -> list[Segment]:
    made = upstream_decisions(case.plan, case.segment)["segment"].made
    return [item for item in made if isinstance(item, Segment)]


def _recommended(case: Case) -> str:
    try:
        return _(N_("decided; recommended were {share}"), share=percent(balance(case.plan).upstream))
    except WorkbookError:
        return _(N_("decided"))


def _finding(case: Case, decisions: dict[Upstream, Decision]) -> str:
    lacking = [_(TITLES[kind]).lower() for kind in DECISIONS if decisions[kind].missing]
    points = plural("{count} point is still open.", "{count} points are still open.", len(check(case.plan)))
    if len(lacking) == len(DECISIONS):
        return _(N_("None of the six upstream decisions is made yet; what follows is what the plan says so far."))
    if lacking:
        return _(
            N_("Decided are {made} of 6 upstream decisions; still missing: {decisions}. {points}"),
            made=number(6 - len(lacking)),
            decisions=listed(lacking),
            points=points,
        )
    return _(
        N_("Whom to serve ({segments}), with what, at what price, why and from when is decided. {points}"),
        segments=listed([item.label for item in decisions["segment"].made]),
        points=points,
    )
