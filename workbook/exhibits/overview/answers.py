"""The dashboard's four answers, in half a minute: on course, where money leaks, what changed, which decision of whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from workbook.channels.alignment import alignment
from workbook.channels.prospects import prospect
from workbook.channels.split import split
from workbook.execution.course import Course, course, lessons, readings
from workbook.execution.referrals import economics
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.course import course_finding, deviation_words, reallocation
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.overview.changes import in_short, recent_changes
from workbook.language import N_, _, money, number, percent, plural
from workbook.plan.model import Campaign, Indicator, Outcome, Plan
from workbook.plan.wording import node_called
from workbook.steps import STEPS, open_points

__all__ = ["decisions_needed", "four_answers", "money_leaks"]

TOLERANCE = 0.1
"""Share under the plan that still is on course."""

LEAST_LEAK = 0.005
"""Share of the budget from which money that brings too little is called a leak."""


def four_answers(case: Case) -> Exhibit:
    """Answer the four questions of somebody who has half a minute."""
    run = course(case.plan)
    leaks, needed = list(_leaks(case)), list(_needed(case))
    cards = (_course_card(case), _leak_card(leaks, case), _change_card(case), _decision_card(needed))
    finding = (
        _(N_("Nothing is measured yet: what follows is what the plan expects.")) if run is None else _verdict(run, case)
    )
    table = pd.DataFrame(
        [
            {"question": card.title, "answer": card.subtitle, "more": " ".join(chain(*(f[1] for f in card.facts)))}
            for card in cards
        ]
    )
    return Exhibit(
        "four_answers",
        finding,
        table,
        (
            Column("question", _(N_("Question"))),
            Column("answer", _(N_("Answer"))),
            Column("more", _(N_("Why"))),
        ),
        cards=cards,
    )


def _verdict(run: Course, case: Case) -> str:
    """Return on course or off, and why; within a tenth under the plan is on course, as for every indicator."""
    said = course_finding(run, case)
    if run.deviation is None:
        return said
    word = N_("On course.") if run.deviation >= -TOLERANCE else N_("Off course.")
    return f"{_(word)} {said}"


def _course_card(case: Case) -> Card:
    run, found = course(case.plan), prospect(case.plan)
    chance = found.expected.chance if found is not None and found.goal is not None else None
    lines = []
    if chance is not None and found is not None and found.goal is not None:
        lines.append(
            _(
                N_("{chance} chance of the goal of {goal} customers, by what the team expects"),
                chance=percent(float(chance)),
                goal=number(found.goal, 0),
            )
        )
    if run is None:
        return Card(_(N_("Are we on course?")), _(N_("Not measured yet")), (("", tuple(lines)),))
    sign = deviation_words(run.deviation)
    return Card(
        _(N_("Are we on course?")),
        sign[:1].upper() + sign[1:],
        (("", (run.indicator.label, *lines)),),
        (Tag("observed", plural("{count} month", "{count} months", len(run.known))),),
    )


@dataclass(frozen=True)
class _Leak:
    """Money that brings less than it should: where, how much, and why."""

    where: str
    amount: float
    why: str
    item: str = ""


def money_leaks(case: Case) -> Exhibit:
    """List where money brings less than it should, the largest sum first."""
    leaks = list(_leaks(case))
    if not leaks and not _spends(case):
        return Exhibit(
            "money_leaks",
            _(
                N_(
                    "Once money is split over channels, or months have a spend beside what came, it shows here where money brings "
                    "less than it should."
                )
            ),
            empty=True,
        )
    if not leaks:
        return Exhibit(
            "money_leaks",
            _(
                N_(
                    "No leak is seen: what was spent brought what it should, and every campaign says something that holds."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame([{"where": one.where, "amount": one.amount, "why": one.why} for one in leaks])
    return Exhibit(
        "money_leaks",
        _(
            N_("{where}: {amount}. {why}"),
            where=leaks[0].where,
            amount=money(leaks[0].amount, case.currency),
            why=leaks[0].why,
        ),
        table,
        (
            Column("where", _(N_("Where"))),
            Column("amount", _(N_("Sum")), "money"),
            Column("why", _(N_("Why"))),
        ),
        method=_(
            N_(
                "Indicators: what was spent less what the same results should have cost by the plan. Channels: spend over the limit "
                "for a customer. Programmes: what a success costs over what it brings. Campaigns: budget without a live advantage."
            )
        ),
        currency=case.currency,
    )


def _spends(case: Case) -> bool:
    """Whether any money is planned or spent, so that some could leak."""
    spent = any(reading.spend_actual for one in case.plan.indicators for reading in one.readings)
    return spent or bool(case.plan.budget.total) or any(one.budget for one in case.plan.campaigns)


def _leaks(case: Case) -> Iterator[_Leak]:
    least = LEAST_LEAK * (case.plan.budget.total or 0.0)
    found = chain(_of_indicators(case), _of_channels(case), _of_programmes(case.plan), _of_campaigns(case.plan))
    yield from sorted((one for one in found if one.amount > least), key=lambda one: -one.amount)


def _of_indicators(case: Case) -> Iterator[_Leak]:
    table = readings(case.plan)
    for id, own in table.groupby("kpi", sort=False):
        known = own[own[["target", "actual", "spend_target", "spend_actual"]].notna().all(axis=1) & own["target"].ne(0)]
        indicator = case.plan.item(str(id))
        if known.empty or not isinstance(indicator, Indicator):
            continue
        should = float((known["actual"] * known["spend_target"] / known["target"]).sum())
        spent = float(known["spend_actual"].sum())
        channels = [case.plan.name_of(channel) for channel in indicator.channels]
        yield _Leak(
            indicator.label,
            spent - should,
            _(
                N_("{spent} was spent on {channels}; by the plan the same results cost {should}.")
                if channels
                else N_("{spent} was spent; by the plan the same results cost {should}."),
                spent=money(spent, case.currency),
                should=money(should, case.currency),
                channels=", ".join(channels),
            ).strip(),
            indicator.id,
        )


def _of_channels(case: Case) -> Iterator[_Leak]:
    chosen, ratio = split(case.plan), case.plan.budget.worth_to_cost
    for row in () if chosen is None else chosen.table.to_dict("records"):
        if row["customers"] != row["customers"] or row["worth"] != row["worth"] or row["spend"] <= 0:
            continue
        limit = row["worth"] / ratio
        yield _Leak(
            str(row["channel"]),
            row["spend"] - limit,
            _(
                N_("{spend} for {customers} customers; at most {limit} would keep within the limit."),
                spend=money(row["spend"], case.currency),
                customers=number(row["customers"], 1),
                limit=money(limit, case.currency),
            ),
            str(row["id"]),
        )


def _of_programmes(plan: Plan) -> Iterator[_Leak]:
    for programme in plan.referrals:
        one = economics(programme, plan)
        if one.pays is False and one.left is not None:
            yield _Leak(
                programme.label,
                -one.left * (one.successes or 1.0),
                _(N_("A success costs more than it brings.")),
                programme.id,
            )


def _of_campaigns(plan: Plan) -> Iterator[_Leak]:
    unheld = next((one.out for one in alignment(plan) if one.trouble == "message"), ())
    for id in unheld:
        campaign = plan.item(id)
        if isinstance(campaign, Campaign) and campaign.budget:
            yield _Leak(campaign.label, campaign.budget, _(N_("It promises no advantage that is live.")), id)


def _leak_card(leaks: list[_Leak], case: Case) -> Card:
    title = _(N_("Where does money leak?"))
    if not leaks and not _spends(case):
        return Card(
            title, _(N_("Not to be seen yet")), (("", (_(N_("No spend is on record, and none is planned.")),)),)
        )
    if not leaks:
        return Card(title, _(N_("Nowhere that is seen")), (("", (_(N_("What was spent brought what it should.")),)),))
    first, *rest = leaks
    tags = (Tag("note", plural("{count} more", "{count} more", len(rest))),) if rest else ()
    words = _(N_("{where}: {amount}"), where=first.where, amount=money(first.amount, case.currency))
    return Card(title, words, (("", (first.why,)),), tags)


def _change_card(case: Case) -> Card:
    title, shown = _(N_("What changed, and what is stale?")), recent_changes(case)
    stale = len({one.node for one in case.stale})
    tags = (Tag("stale", plural("{count} item stale", "{count} items stale", stale)),) if stale else ()
    if shown.empty or shown.table is None:
        return Card(title, _(N_("Nothing on record")), (), tags)
    row = shown.table.iloc[0].to_dict()
    untouched = row["what"] == _(N_("The plan as first stored")) or case.history[-1].sequence <= case.first_stored
    words = _(N_("Nothing since it was stored")) if untouched else in_short(row["what"], row["before"], row["after"])
    said = _(N_("{who}, {when}"), who=row["who"], when=row["when"])
    settled = () if stale else (_(N_("Nothing is stale.")),)
    return Card(title, words, (("", (said, *settled)),), tags)


@dataclass(frozen=True)
class _Needed:
    """A decision somebody has to take: what, of whom, and why now."""

    what: str
    who: str
    why: str


def decisions_needed(case: Case) -> Exhibit:
    """List the decisions that are waiting, and whose they are."""
    needed = list(_needed(case))
    if not needed:
        return Exhibit(
            "decisions_needed",
            _(N_("No decision is waiting: nothing is stale, and nothing asks for moving money.")),
            empty=True,
        )
    table = pd.DataFrame([{"what": one.what, "who": one.who or "–", "why": one.why} for one in needed])
    return Exhibit(
        "decisions_needed",
        plural(
            "One decision is waiting: {first}.",
            "{count} decisions are waiting, first: {first}.",
            len(needed),
            first=needed[0].what,
        ),
        table,
        (
            Column("what", _(N_("Decision"))),
            Column("who", _(N_("From whom"))),
            Column("why", _(N_("Why now"))),
        ),
    )


def _needed(case: Case) -> Iterator[_Needed]:
    for node in dict.fromkeys(one.node for one in case.stale):
        stale = next(one for one in case.stale if one.node == node)
        yield _Needed(
            _(N_("confirm, change or waive “{item}”"), item=node_called(case.plan, node)),
            _owner(case.plan, node) or case.plan.name_of(stale.by),
            _(N_("“{upstream}”, on which it stands, has changed."), upstream=node_called(case.plan, stale.upstream)),
        )
    move = reallocation(case) if any(lesson.applied for lesson in lessons(case.plan)) else None
    if (
        move is not None
        and move.table is not None
        and abs(move.table["move"]).max() >= 0.01 * (case.plan.budget.total or 0)
    ):
        yield _Needed(move.finding.rstrip("."), _first_of_team(case.plan), move.method)
    for test in case.plan.experiments:
        if test.result and test.outcome is Outcome.OPEN:
            yield _Needed(
                _(N_("decide what follows from “{test}”"), test=test.label),
                case.plan.name_of(test.owner) or _first_of_team(case.plan),
                test.result,
            )
    count = _open_points(case.plan)
    if count:
        yield _Needed(
            plural("settle {count} open point", "settle {count} open points", count),
            _first_of_team(case.plan),
            _(N_("They stand at the end of this page.")),
        )


def _open_points(plan: Plan) -> int:
    return sum(len(open_points(plan, page)) for page in STEPS)


def _owner(plan: Plan, node: str) -> str:
    return plan.name_of(getattr(plan.item(node), "owner", None))


def _first_of_team(plan: Plan) -> str:
    return plan.charter.team[0].label if plan.charter.team else ""


def _decision_card(needed: list[_Needed]) -> Card:
    title = _(N_("Which decision is needed, and from whom?"))
    if not needed:
        return Card(
            title, _(N_("None is waiting")), (("", (_(N_("Nothing is stale, and nothing asks for moving money.")),)),)
        )
    first, *rest = needed
    what = first.what[:1].upper() + first.what[1:]
    tags = (Tag("note", plural("{count} more", "{count} more", len(rest))),) if rest else ()
    facts: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("", (_(N_("From {who}"), who=first.who) if first.who else "", first.why)),
    )
    return Card(title, what, tuple((label, tuple(filter(None, lines))) for label, lines in facts), tags)
