"""The readiness gate in exhibits: which upstream decisions are made, which are missing, and which steps wait for them."""

from collections.abc import Callable

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.decided import sentence_case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, date_words, listed, number, plural, with_cents
from workbook.plan.model import Item, Offer, Release
from workbook.plan.readiness import DECISIONS, TITLES, Decision, Upstream, upstream_decisions
from workbook.steps import Step, deciding_step, waiting_steps

__all__ = ["made_words", "price_words", "readiness", "readiness_of"]

NAMED = 3
"""Items named in a cell; the rest are counted."""


def readiness(case: Case) -> Exhibit:
    """Show the six upstream decisions that downstream work stands on, what was decided, and which steps wait."""
    return _readiness(case, DECISIONS, "readiness")


def readiness_of(page: Step) -> Callable[[Case], Exhibit]:
    """Return the exhibit of the upstream decisions that the step ``page`` stands on."""

    def readiness_here(case: Case) -> Exhibit:
        return _readiness(case, page.asks or DECISIONS, "readiness")

    return readiness_here


def _readiness(case: Case, kinds: tuple[Upstream, ...], name: str) -> Exhibit:
    found = upstream_decisions(case.plan, case.segment)
    asked = [found[kind] for kind in kinds]
    missing = [decision for decision in asked if decision.missing]
    table = pd.DataFrame([_row(decision, case.currency) for decision in asked])
    columns = (
        Column("decision", _(N_("Decision"))),
        Column("made", _(N_("Decided"))),
        Column("lacks", _(N_("Still missing"))),
        Column("where", _(N_("Where it is decided"))),
        Column("waiting", _(N_("Steps that stand on it"))),
    )
    shown = columns if missing else (*columns[:2], *columns[3:])
    return Exhibit(
        name,
        _finding(asked, missing),
        table,
        shown,
        empty=len(missing) == len(asked),
        tags=tuple(Tag("stale", _(N_("missing: {decision}"), decision=_(TITLES[d.kind]).lower())) for d in missing),
        method=_(
            N_(
                "Each decision is looked for in every target segment: a need of theirs, an offer that solves it, its price, "
                "an advantage still claimed that answers it, a release with a date. Nothing is stopped; what is missing is said."
            )
        ),
    )


def made_words(kind: Upstream, item: Item, currency: str) -> str:
    """Return what makes a decision in words: an offer with its price, a release with its date, others by their name."""
    if kind == "price" and isinstance(item, Offer):
        return _(N_("{offer}: {price}"), offer=item.label, price=price_words(item, currency))
    if kind == "date" and isinstance(item, Release) and item.date:
        return _(N_("{release}: {day}"), release=item.label, day=date_words(item.date))
    return item.label


def price_words(offer: Offer, currency: str) -> str:
    """Return what a customer pays for ``offer``: the price and what it is for, or how it is had without one."""
    if offer.price is None:
        return _(offer.model.label).partition(":")[0].lower() if offer.model else "–"
    return _(N_("{price} for {per}"), price=with_cents(offer.price, currency), per=_(offer.per.label))


def _row(decision: Decision, currency: str) -> dict[str, str]:
    where = deciding_step(decision.kind)
    names = [made_words(decision.kind, item, currency) for item in decision.made]
    rest = len(names) - NAMED
    more = [plural("{count} more", "{count} more", rest)] if rest > 0 else []
    return {
        "kind": decision.kind,
        "decision": _(TITLES[decision.kind]),
        "made": listed(names[:NAMED] + more) or "–",
        "lacks": sentence_case(decision.missing.sentence) if decision.missing else "",
        "where": _(N_("Step {number}: {title}"), number=str(where.number), title=_(where.title)),
        "waiting": listed([number(step.number) for step in waiting_steps(decision.kind)]),
    }


def _finding(asked: list[Decision], missing: list[Decision]) -> str:
    if not missing:
        return plural(
            "The upstream decision is made: this can build on it.",
            "All {count} upstream decisions are made: what follows can build on them.",
            len(asked),
        )
    counted = plural(
        "{count} of {asked} upstream decisions is still missing.",
        "{count} of {asked} upstream decisions are still missing.",
        len(missing),
        asked=number(len(asked)),
    )
    first = missing[0].missing
    return f"{counted} {sentence_case(first.sentence)}" if first else counted
