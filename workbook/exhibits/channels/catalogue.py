"""Step 8 in exhibits, its catalogue: what each tactic is for, what is known of it elsewhere, and what is only claimed."""

from datetime import date

import pandas as pd

from workbook.channels.catalogue import Benchmark, Claim, benchmarks, catalogue, claims, tactic_of
from workbook.channels.tactic import COSTS, MEASURES, STAGES, Tactic
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.kept import unmoved_by
from workbook.language import N_, _, listed, number, plural
from workbook.plan.model import Side

__all__ = ["tactic_cards", "tactics"]

SIDES = {Side.UPSTREAM: N_("Upstream"), Side.DOWNSTREAM: N_("Downstream")}

SHOWN = 3
"""Benchmarks of a tactic shown on its card, the newest first; the rest are counted."""


@unmoved_by("budget", "curves")
def tactics(case: Case) -> Exhibit:
    """List all tactics there are, with side, purpose and time to effect; those of the plan are marked."""
    every = catalogue(case.plan)
    used = {channel.tactic for channel in case.plan.channels} | {channel.id for channel in case.plan.channels}
    table = pd.DataFrame([_row(one, one.id in used) for one in every])
    sides = table["side_key"].value_counts()
    return Exhibit(
        "tactics",
        _(
            N_("{count} tactics to choose from: {up} upstream and {down} downstream; the plan uses {used}."),
            count=number(len(table)),
            up=number(int(sides.get("upstream", 0))),
            down=number(int(sides.get("downstream", 0))),
            used=number(int(table["used"].sum())),
        ),
        table,
        (
            Column("tactic", _(N_("Tactic"))),
            Column("side", _(N_("Side"))),
            Column("purpose", _(N_("What it is for"))),
            Column("relation", _(N_("Existing or new customers"))),
            Column("lag", _(N_("Time to effect"))),
            Column("known", _(N_("Published figures"))),
            Column("in_plan", _(N_("In the plan"))),
        ),
        method=_(
            N_(
                "Sides are defaults with a reason each; set another one on a channel, or add a channel with a tactic of your own."
            )
        ),
    )


@unmoved_by("budget", "curves")
def tactic_cards(case: Case) -> Exhibit:
    """Show what is known of the tactics behind the plan's channels: pros and cons, costs, figures, claims, a cheap test."""
    today = date.today()
    known = [(channel, one) for channel in case.plan.channels if (one := tactic_of(channel)) is not None]
    if not known:
        return Exhibit(
            "tactic_cards",
            _(N_("Name the tactic of a channel, and what is known of it elsewhere appears here.")),
            empty=True,
        )
    cards = tuple(_card(one, channel.label, today) for channel, one in known)
    bare = [channel.label for channel, one in known if not benchmarks(one.id)]
    finding = plural(
        "One channel has a tactic of the catalogue.", "{count} channels have a tactic of the catalogue.", len(known)
    )
    if bare:
        finding += " " + _(N_("No published figure is known for: {channels}."), channels=listed(bare))
    return Exhibit(
        "tactic_cards",
        finding,
        cards=cards,
        tags=(Tag("assumed", _(N_("pros and cons are judgement"))),),
        method=_(N_("Published figures come from elsewhere, often from large firms abroad: your own come first.")),
    )


def _row(one: Tactic, used: bool) -> dict[str, object]:
    figures = benchmarks(one.id)
    return {
        "tactic": one.name if one.own else _(one.name),
        "side": _(SIDES[one.side]),
        "side_key": one.side.value,
        "purpose": one.purpose if one.own else _(one.purpose),
        "relation": _(one.relation.label) if one.relation else "",
        "lag": _months(one),
        "known": _known(figures),
        "used": used,
        "in_plan": _(N_("yes")) if used else "",
    }


def _months(one: Tactic) -> str:
    if one.lag is None:
        return ""
    low, high = one.lag
    if low == high:
        return plural("one month", "{count} months", low)
    return _(N_("{low} to {high} months"), low=number(low), high=number(high))


def _known(figures: tuple[Benchmark, ...]) -> str:
    if not figures:
        return _(N_("none known"))
    years = [one.year for one in figures if one.year is not None]
    if not years:
        return number(len(figures))
    return _(N_("{count}, the newest of {year}"), count=number(len(figures)), year=str(max(years)))


def _card(one: Tactic, channel: str, today: date) -> Card:
    figures, said = benchmarks(one.id), claims(one.id)
    facts = (
        (_(N_("Side")), (_(SIDES[one.side]), _(one.why))),
        (_(N_("What it is for")), (_(one.purpose),)),
        (_(N_("Speaks for it")), (_(one.pros),)),
        (_(N_("Speaks against it")), (_(one.cons),)),
        (_(N_("Stages it serves")), (listed([_(STAGES[key]) for key in one.stages]),)),
        (_(N_("Cost drivers")), (listed([_(COSTS[key]) for key in one.costs]),)),
        (_(N_("Time to effect")), (_months(one),)),
        (_(N_("Measures")), (listed([_(MEASURES[key]) for key in one.measures]),)),
        (_(N_("Published figures")), _figures(figures, today)),
        (_(N_("Claimed, without a source")), tuple(line for claim in said for line in _claimed(claim))),
        (_(N_("A cheap test")), (_(one.test),)),
    )
    tags = [Tag("note", _(N_("none known")))] if not figures else []
    if any(figure.old(today) for figure in figures[:SHOWN]):
        tags.append(Tag("stale", _(N_("old figures among them"))))
    return Card(channel, _(one.name), facts, tuple(tags))


def _claimed(claim: Claim) -> tuple[str, str]:
    better = _(N_("Better: {evidence}."), evidence=_(claim.better_evidence))
    return f"{_(claim.claim)} – {_(claim.reason)}", better


def _figures(figures: tuple[Benchmark, ...], today: date) -> tuple[str, ...]:
    if not figures:
        return (_(N_("none known")),)
    lines = [_figure(one, today) for one in figures[:SHOWN]]
    if len(figures) > SHOWN:
        lines.append(plural("and one more", "and {count} more", len(figures) - SHOWN))
    return tuple(lines)


def _figure(one: Benchmark, today: date) -> str:
    """Return a benchmark in a line: as published, so neither translated nor converted."""
    value = number(one.typical) if one.typical is not None else f"{number(one.low)} … {number(one.high)}"
    about = one.channel.replace("_", " ")
    line = f"{about[:1].upper()}{about[1:]}, {one.metric}: {value} {one.unit} ({one.source}, {one.year or '–'}; {one.grade.value})"
    return line + " – " + _(N_("old: check before use")) if one.old(today) else line
