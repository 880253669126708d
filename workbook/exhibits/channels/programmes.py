"""Step 11 in exhibits: whether programmes that reward recommending or staying pay, and how far word of mouth carries."""

from typing import Any

import pandas as pd

from workbook.execution.referrals import Economics, economics
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import N_, _, listed, money, number, percent, plural
from workbook.plan.model import Referral

__all__ = ["programmes_pay"]


def programmes_pay(case: Case) -> Exhibit:
    """Set what a success of each programme costs beside what it brings."""
    found = [(programme, economics(programme, case.plan)) for programme in case.plan.referrals]
    known = [(programme, one) for programme, one in found if one.pays is not None]
    if not known:
        return Exhibit(
            "programmes_pay",
            _(
                N_(
                    "Add a programme with its reward, the margin of a customer and how many would have come anyway: whether it "
                    "pays stands here."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame([_row(programme, one, case) for programme, one in known])
    from workbook.exhibits.charts.experiments import gain_bars

    return Exhibit(
        "programmes_pay",
        _finding(known, case),
        table,
        (
            Column("programme", _(N_("Programme"))),
            Column("kind", _(N_("Rewards"))),
            Column("cost", _(N_("Cost per success")), "money", 0),
            Column("gain", _(N_("Gain per success")), "money", 0),
            Column("left", _(N_("Left")), "money", 0, formula="{gain} - {cost}"),
            Column("least_share", _(N_("Pays if this share would not have come")), "percent", 1),
            Column("new_share", _(N_("Expected share")), "percent"),
            Column("k", _(N_("Customers per customer and year")), "number", 3),
            Column("a_year", _(N_("Left in a year")), "money", 0),
        ),
        gain_bars(
            table,
            labels={
                "axis": _(N_("{currency} per success: gain (bar) and cost (mark)"), currency=case.currency),
                "programme": _(N_("Programme")),
                "gain": _(N_("Gain per success")),
            },
        ),
        method=_method(found),
        currency=case.currency,
    )


def _row(programme: Referral, one: Economics, case: Case) -> dict[str, Any]:
    figures = {name: getattr(one, name) for name in ("cost", "gain", "left", "least_share", "k", "a_year")}
    return {
        "programme": programme.label,
        "kind": _(programme.kind.label),
        "new_share": programme.new_share,
        "shown": money(one.left, case.currency),
    } | {name: float("nan") if value is None else value for name, value in figures.items()}


def _finding(known: list[tuple[Referral, Economics]], case: Case) -> str:
    losing = [(programme, one) for programme, one in known if not one.pays]
    if losing:
        programme, one = losing[0]
        return _(
            N_(
                "“{programme}” costs {cost} per success and brings {gain}: it does not pay. Lower the reward, or pay it only "
                "where the customer would not have come."
            ),
            programme=programme.label,
            cost=money(one.cost, case.currency),
            gain=money(one.gain, case.currency),
        )
    sentence = plural("The programme pays.", "Each of the {count} programmes pays.", len(known))
    programme, one = max(known, key=lambda pair: pair[1].least_share or 0.0)
    sentence += " " + _(
        N_("The closest is “{programme}”: it pays while at least {share} would not have come or stayed anyway."),
        programme=programme.label,
        share=percent(one.least_share, 1),
    )
    word = next(((p, e) for p, e in known if e.k is not None), None)
    if word is not None:
        sentence += " " + _(
            N_("With “{programme}” a customer brings {k} more in a year."),
            programme=word[0].label,
            k=number(word[1].k, 2),
        )
    return sentence


def _method(found: list[tuple[Referral, Economics]]) -> str:
    method = _(
        N_(
            "It pays when reward and other cost are less than the margin times the share who would not have come or stayed "
            "anyway. A customer brings invitations × conversion more; under 1 that fades out by itself."
        )
    )
    unknown = [programme.label for programme, one in found if one.pays is None]
    if unknown:
        method += " " + _(N_("A figure is missing, so left out: {programmes}."), programmes=listed(unknown))
    return method
