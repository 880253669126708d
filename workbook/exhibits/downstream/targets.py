"""Targets that follow from the plan: what they are today, what the indicators hold, and the difference to take over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from workbook.channels.split import split
from workbook.errors import WorkbookError
from workbook.execution.handover import month_of
from workbook.execution.targets import basis_of, figure_of, grade_of_basis, monthly_targets
from workbook.exhibits.adopting import offered
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.course import amount_words
from workbook.exhibits.downstream.quotas import due_shares
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, number, plural
from workbook.plan.adoption import Proposal, filled_by
from workbook.plan.model import Following, Indicator, Reading, Spread, Unit, new_id

__all__ = ["derived_targets"]

HOW = {
    Following.LEADS_ASKED: N_("revenue goal × marketing's share / deal size / close rate"),
    Following.CUSTOMERS_ASKED: N_("revenue goal × marketing's share / deal size"),
    Following.REVENUE_ASKED: N_("revenue goal × marketing's share"),
    Following.LEADS_OF_SPLIT: N_("customers of the split / close rate"),
    Following.CUSTOMERS_OF_SPLIT: N_("customers of the split, by the likely estimates"),
    Following.COST_LIMIT: N_("mean worth of the target segments / target ratio"),
}


@dataclass(frozen=True)
class _Derived:
    """An indicator with what its target is by the plan: of each month, and of the whole period (or the limit)."""

    indicator: Indicator
    follows: Following
    months: tuple[date, ...]
    due: np.ndarray
    figure: float

    def held(self, month: date) -> Reading | None:
        """The reading of a month."""
        return next((one for one in self.indicator.readings if one.month == month), None)

    @property
    def open(self) -> Iterator[tuple[date, float, Reading | None]]:
        """Months to come with their target: what is in was judged by the target it had."""
        for month, value in zip(self.months, self.due, strict=True):
            reading = self.held(month)
            if reading is None or reading.actual is None or reading.target is None:
                yield month, round(float(value), 4), reading

    @property
    def differs(self) -> int:
        """How many months to come hold another target, or none."""
        return sum(reading is None or reading.target != value for _month, value, reading in self.open)


def derived_targets(case: Case) -> Exhibit:
    """Set the targets that follow from the plan beside those the indicators hold, and offer the difference."""
    following = [one for one in case.plan.indicators if one.follows is not None]
    if not following:
        return Exhibit(
            "derived_targets",
            _(
                N_(
                    "Choose for an indicator what its targets follow from, such as the leads that the agreement asks for: then they "
                    "are worked out here, and say so when they no longer hold."
                )
            ),
            empty=True,
        )
    known = [found for one in following if (found := _derived(case, one)) is not None]
    missing = [one for one in following if all(one is not found.indicator for found in known)]
    table = pd.DataFrame([*(_row(case, found) for found in known), *(_missing_row(one) for one in missing)])
    stale = {one.node for one in case.stale}
    moved = [one.name for one in case.plan.findings if one.id in stale and one.id in {_key(i) for i in following}]
    return Exhibit(
        "derived_targets",
        _finding(known, missing, case),
        table,
        (
            Column("indicator", _(N_("Indicator"))),
            Column("held", _(N_("Target in the plan"))),
            Column("due", _(N_("By the plan today"))),
            Column("state", _(N_("State"))),
            Column("follows", _(N_("Targets follow from"))),
            Column("how", _(N_("Formula"))),
        ),
        tags=(Tag("stale", plural("one is out of date", "{count} are out of date", len(moved))),) if moved else (),
        method=_(
            N_(
                "A target for months to come; a month that is in keeps the target it was judged by. Adopted targets name what they "
                "were worked out from, and turn stale when that changes."
            )
        ),
        proposals=offered(case, [_proposal(case, found) for found in known]),
        currency=case.currency,
    )


def _derived(case: Case, indicator: Indicator) -> _Derived | None:
    start, follows = case.plan.charter.period.start, indicator.follows
    if start is None or follows is None:
        return None
    figure = figure_of(case.plan, follows, brings=_brings(case))
    if figure is None:
        return None
    due = monthly_targets(figure, follows, due_shares(case))
    months = tuple(month_of(start, n + 1) for n in range(len(due)))
    return _Derived(indicator, follows, months, due, figure)


def _brings(case: Case) -> float | None:
    try:
        chosen = split(case.plan)
    except WorkbookError:
        return None
    return None if chosen is None else chosen.customers


def _row(case: Case, found: _Derived) -> dict[str, str]:
    held = [reading.target for _month, _value, reading in found.open if reading is not None]
    state = plural("{count} month differs", "{count} months differ", found.differs) if found.differs else _(N_("holds"))
    return {
        "indicator": found.indicator.label,
        "follows": _(found.follows.label),
        "held": _span([value for value in held if value is not None], found.indicator, case),
        "due": _span([value for _month, value, _reading in found.open], found.indicator, case),
        "how": _(HOW[found.follows]),
        "state": state,
    }


def _missing_row(indicator: Indicator) -> dict[str, str]:
    follows = indicator.follows
    assert follows is not None
    return {
        "indicator": indicator.label,
        "follows": _(follows.label),
        "held": "–",
        "due": "–",
        "how": _(HOW[follows]),
        "state": _(N_("a figure is missing")),
    }


def _span(values: list[float], indicator: Indicator, case: Case) -> str:
    """Return targets in words: one figure, or from the least to the most."""
    if not values:
        return "–"
    ends = [_words(value, indicator, case) for value in (min(values), max(values))]
    return ends[0] if ends[0] == ends[1] else _(N_("{least} to {most}"), least=ends[0], most=ends[1])


def _words(value: float, indicator: Indicator, case: Case) -> str:
    """Return a target as a reader sees it; a small count keeps its decimals, or three customers a month would hide."""
    return (
        number(value, 1)
        if indicator.unit is Unit.NUMBER and value < 10
        else amount_words(value, indicator, case.currency)
    )


def _finding(known: list[_Derived], missing: list[Indicator], case: Case) -> str:
    moved = [found for found in known if found.differs]
    if moved:
        first = moved[0]
        row = _row(case, first)
        said = _(
            N_("{indicator}: the plan holds {held}, and by what it follows from the target is now {due}."),
            indicator=first.indicator.label,
            held=row["held"] if row["held"] != "–" else _(N_("none")),
            due=row["due"],
        )
        if len(moved) > 1:
            said += " " + plural("{count} more differs.", "{count} more differ.", len(moved) - 1)
        return said
    if missing:
        return _(
            N_(
                "Not known yet: the targets of {indicators}. What they follow from lacks a figure, or the plan its start."
            ),
            indicators=listed([one.label for one in missing]),
        )
    return plural(
        "The target that follows from the plan holds: {names}.",
        "All {count} targets that follow from the plan hold: {names}.",
        len(known),
        names=listed([found.indicator.label for found in known]),
    )


def _key(indicator: Indicator) -> str:
    return new_id(f"target-{indicator.id}", ())


def _proposal(case: Case, found: _Derived) -> Proposal:
    """Return the targets of the months to come as one figure; months that are in stay with the finding that filled them."""
    plan, id = case.plan, found.indicator.id
    path, taken, behind = f"/indicators/{id}/readings", set(plan.ids), filled_by(plan)
    adds: dict[str, dict[str, Any]] = {}
    fills: dict[str, Any] = {
        here: reading.target
        for reading in found.indicator.readings
        if (here := f"{path}/{reading.id}/target") in behind and behind[here].id == _key(found.indicator)
    }
    for month, value, reading in found.open:
        own = reading.id if reading is not None else new_id(f"{id}-{month:%Y-%m}", taken)
        taken.add(own)
        if reading is None:
            adds[f"{path}/{own}"] = {"month": f"{month:%Y-%m}"}
        fills[f"{path}/{own}/target"] = value
    basis = basis_of(plan, found.follows)
    study = case.study("follow-up") if plan.handover.spread is Spread.SEASON else None
    return Proposal(
        key=_key(found.indicator),
        name=_(
            N_("{indicator}: {figure}, {follows}"),
            indicator=found.indicator.label,
            figure=_words(found.figure, found.indicator, case),
            follows=_lowered(_(found.follows.label)),
        ),
        study=study.id if study is not None and found.follows is not Following.COST_LIMIT else "",
        conventions=(_(HOW[found.follows]),),
        figure=round(found.figure, 4),
        adds=adds,
        fills=fills,
        basis=basis,
        grade=grade_of_basis(plan, basis),
    )


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
