"""Step 8 in exhibits: how far it may come out otherwise, a split that minds the worst, and the test most worth paying for."""

import pandas as pd

from workbook.channels.prospects import Prospect, prospect
from workbook.channels.split import planned_channels
from workbook.channels.uncertainty import DRAWS
from workbook.exhibits.case import Case
from workbook.exhibits.channels.mix import basis_tags
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import N_, _, money, number, percent

__all__ = ["next_test", "outcome_ranges", "robust_split"]

SMALL = 0.02
"""Share of the budget under which a move between the two splits is not worth a sentence."""


def outcome_ranges(case: Case) -> Exhibit:
    """Say what the split may bring, how likely the goal is, and what the worst tenth looks like; the robust split beside."""
    found = prospect(case.plan)
    if found is None or found.split.table["customers"].isna().all():
        told = _(
            N_(
                "With a budget and low, likely and high figures for each channel, this says how far it may come out "
                "otherwise."
            )
        )
        return Exhibit("outcome_ranges", told, empty=True)
    table = pd.DataFrame(
        [
            {"split": _(N_("Best by the likely figures")), **vars(found.expected)},
            {"split": _(N_("Robust: best in the worst tenth")), **vars(found.robust)},
        ]
    )
    table["chance"] = table["chance"].astype(float)
    from workbook.exhibits.charts.split import outlook_ranges

    return Exhibit(
        "outcome_ranges",
        _ranges_finding(found),
        table,
        (
            Column("split", _(N_("Split"))),
            Column("mean", _(N_("Customers on average")), "number", 1),
            Column("low", _(N_("One in ten below")), "number", 1),
            Column("high", _(N_("One in ten above")), "number", 1),
            Column("worst_tenth", _(N_("Mean of the worst tenth")), "number", 1),
            Column("chance", _(N_("Chance of the goal")), "percent"),
        ),
        outlook_ranges(
            table,
            pd.DataFrame({"at": [] if found.goal is None else [found.goal]}, dtype=float),
            labels={
                "axis": _(N_("Customers: four draws in five (line), mean (dot), worst tenth (mark), goal (dashed)")),
                "split": _(N_("Split")),
            },
        ),
        tags=basis_tags(planned_channels(case.plan)),
        method=_draws_said(),
    )


def robust_split(case: Case) -> Exhibit:
    """Set the robust split beside the best one, channel by channel."""
    found = prospect(case.plan)
    if found is None:
        told = _(N_("With the same figures, the split that does better when things go badly stands here."))
        return Exhibit("robust_split", told, empty=True)
    table = found.table.assign(move=found.table["robust"] - found.table["spend"])
    drawn = table.assign(spend=table["spend"] / 1000, robust=table["robust"] / 1000)
    drawn["shown"] = [money(move, case.currency) for move in table["move"]]
    from workbook.exhibits.charts.split import moved_dots

    return Exhibit(
        "robust_split",
        _robust_finding(table, found, case),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("spend", _(N_("Best split")), "money", total=True),
            Column("robust", _(N_("Robust split")), "money", total=True),
            Column("move", _(N_("Difference")), "money", formula="{robust} - {spend}", total=True),
        ),
        moved_dots(
            drawn,
            labels={
                "axis": _(N_("Thousand {currency}, best split (dot) and robust split (ring)"), currency=case.currency),
                "channel": _(N_("Channel")),
                "move": _(N_("Difference")),
            },
        ),
        tags=basis_tags(planned_channels(case.plan)),
        method=_(
            N_(
                "The robust split brings most in the worst tenth of {draws} draws. It is searched for and not proven: the "
                "draws that hurt a split most weigh more in the next one, and the best split met is kept."
            ),
            draws=number(DRAWS),
        ),
        currency=case.currency,
    )


def next_test(case: Case) -> Exhibit:
    """Say which channel's curve is most worth testing before the money is spent, and what the test may cost at most."""
    found = prospect(case.plan)
    if found is None:
        return Exhibit(
            "next_test", _(N_("With the same figures, the channel most worth testing first stands here.")), empty=True
        )
    in_money = bool(found.table["in_money"].all())
    table = found.table.sort_values("test_worth", ascending=False, kind="stable").reset_index(drop=True)
    table["shown"] = [money(w, case.currency) if in_money else number(w, 1) for w in table["test_worth"]]
    from workbook.exhibits.charts.split import test_bars

    axis = _(N_("Worth of a test at most, {currency}"), currency=case.currency)
    return Exhibit(
        "next_test",
        _test_finding(table, in_money=in_money),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("spend", _(N_("Spend in the split")), "money"),
            Column("low", _(N_("One in ten below")), "number", 1),
            Column("high", _(N_("One in ten above")), "number", 1),
            Column("test_worth", _(N_("Worth of a test")), "money" if in_money else "number", 0 if in_money else 2),
        ),
        test_bars(
            table,
            labels={
                "axis": axis if in_money else _(N_("Worth of a test at most, in what the channel brings")),
                "channel": _(N_("Channel")),
            },
        ),
        tags=basis_tags(planned_channels(case.plan)),
        method=_(
            N_(
                "What the best split would gain on average if a test said beforehand what one channel truly brings, the "
                "others staying as likely as they are: a test that costs more than this, or says less, is not worth it."
            )
        )
        + " "
        + _draws_said(),
        currency=case.currency,
    )


def _ranges_finding(found: Prospect) -> str:
    expected = found.expected
    finding = _(
        N_("In four of five cases the split brings {low} to {high} customers."),
        low=number(expected.low, 0),
        high=number(expected.high, 0),
    )
    if found.goal is None or expected.chance is None:
        return finding + " " + _(N_("No goal is set, so there is no chance of reaching it."))
    return (
        finding
        + " "
        + _(
            N_("The goal of {goal} is reached with a chance of {chance}."),
            goal=number(found.goal, 0),
            chance=percent(expected.chance),
        )
    )


def _robust_finding(table: pd.DataFrame, found: Prospect, case: Case) -> str:
    most, least = table.loc[table["move"].idxmax()], table.loc[table["move"].idxmin()]
    if float(most["move"]) < SMALL * found.split.budget:
        return _(N_("A split that minds the worst cases would be nearly the same."))
    return _(
        N_("A split that minds the worst cases moves {amount} to {channel}; {other} gets less."),
        amount=money(most["move"], case.currency),
        channel=most["channel"],
        other=least["channel"],
    )


def _test_finding(table: pd.DataFrame, *, in_money: bool) -> str:
    first = table.iloc[0]
    if float(first["test_worth"]) <= 0:
        return _(N_("No test would change the split, so none is worth its cost yet."))
    if in_money:
        return _(
            N_("Test {channel} first: knowing its curve would be worth up to {amount}."),
            channel=first["channel"],
            amount=first["shown"],
        )
    return _(
        N_("Test {channel} first: knowing its curve would bring up to {amount} more of what it counts."),
        channel=first["channel"],
        amount=first["shown"],
    )


def _draws_said() -> str:
    return _(
        N_(
            "{draws} draws: low and high of an estimate hold the truth four times in five, the likely figure is their middle; "
            "each channel is drawn by itself."
        ),
        draws=number(DRAWS),
    )
