"""Does upstream still hold what the campaigns say and give: messages against live advantages, offers against margin floors?"""

import numpy as np
import pandas as pd

from workbook.execution.campaigns import discounted
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.campaigns import shown_campaigns
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import N_, _, money, percent, plural
from workbook.plan.model import Advantage, AdvantageState

__all__ = ["PROVEN", "messages_and_advantages", "offers_and_floors", "verdict_on"]


def messages_and_advantages(case: Case) -> Exhibit:
    """Hold each message, and each account's, against the advantages that are still claimed and proven."""
    plan = case.plan
    campaigns = {c.id for c in shown_campaigns(case)}
    said = [(m.label, m.campaign, m.advantage) for m in plan.messages if not case.segment or m.campaign in campaigns]
    said += [(a.label, None, a.advantage) for a in plan.accounts if not case.segment or a.segment == case.segment]
    if not said:
        return Exhibit(
            "messages_and_advantages",
            _(N_("Write the messages, and each is held against the advantages of step 4.")),
            empty=True,
        )
    table = pd.DataFrame(
        [
            {
                "message": message,
                "campaign": plan.name_of(campaign) or "–",
                "advantage": plan.name_of(advantage) or "–",
                "verdict": verdict_on(advantage, case)[1],
                "order": verdict_on(advantage, case)[0],
            }
            for message, campaign, advantage in said
        ]
    ).sort_values("order", kind="stable")
    wrong = table[table["order"] < PROVEN]
    finding = plural(
        "One message stands on an advantage that is claimed and proven.",
        "{count} messages stand on an advantage that is claimed and proven.",
        int((table["order"] == PROVEN).sum()),
    )
    if len(wrong):
        first = wrong.iloc[0]
        finding = (
            _(
                N_("“{said}” cites “{advantage}”: {verdict}."),
                said=first["message"],
                advantage=first["advantage"],
                verdict=first["verdict"],
            )
            + " "
            + finding
        )
    return Exhibit(
        "messages_and_advantages",
        finding,
        table,
        (
            Column("message", _(N_("Message"))),
            Column("verdict", _(N_("May we say it?"))),
            Column("advantage", _(N_("Advantage it cites"))),
            Column("campaign", _(N_("Campaign"))),
        ),
        method=_(N_("Claimed: live in step 4. Proven: the attribute it comes from has a proof there.")),
    )


PROVEN = 3
"""Place of a message that may be said, behind those that may not."""


def verdict_on(advantage: str | None, case: Case) -> tuple[int, str]:
    """Return how well a message's advantage holds: the lower the worse, and in words."""
    cited = case.plan.item(advantage)
    if not isinstance(cited, Advantage):
        return 1, _(N_("name an advantage, or it is a slogan"))
    if cited.state is AdvantageState.DROPPED:
        return 0, _(N_("dropped in step 4, so say something else"))
    if not getattr(case.plan.item(cited.attribute), "evidence", ()):
        return 2, _(N_("not proven yet"))
    return PROVEN, _(N_("yes"))


def offers_and_floors(case: Case) -> Exhibit:
    """Hold what each campaign leaves of its offer's price against the margin floor."""
    campaigns = {c.id for c in shown_campaigns(case)}
    found = [one for one in discounted(case.plan) if one.campaign in campaigns]
    if not found:
        return Exhibit(
            "offers_and_floors",
            _(
                N_(
                    "Once a campaign offers something with a price, what it leaves of it is held against the floor of step 5."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(
        [
            {
                "campaign": case.plan.name_of(one.campaign),
                "offer": case.plan.name_of(one.offer),
                "price": one.price,
                "discount": one.discount,
                "money_left": one.left,
                "money_floor": np.nan if one.floor is None else one.floor,
                "left": 100 * one.left / one.price,
                "floor": np.nan if one.floor is None else 100 * one.floor / one.price,
                "under": one.under,
                "shown": money(one.left, case.currency, 2 if one.price < 100 else 0),
            }
            for one in found
        ]
    )
    from workbook.exhibits.charts.campaigns import price_after_discount

    cents = 2 if table["price"].min() < 100 else 0
    return Exhibit(
        "offers_and_floors",
        _floor_finding(table, case, cents),
        table,
        (
            Column("campaign", _(N_("Campaign"))),
            Column("offer", _(N_("Offer"))),
            Column("price", _(N_("Price")), "money", cents),
            Column("discount", _(N_("Off the price")), "percent"),
            Column("money_left", _(N_("Left of it")), "money", cents),
            Column("money_floor", _(N_("Margin floor")), "money", cents),
        ),
        price_after_discount(
            table,
            labels={
                "axis": _(N_("Left of the price, %; mark: margin floor")),
                "campaign": _(N_("Campaign")),
                "left": _(N_("Left of it")),
            },
        ),
        method=_(
            N_(
                "Margin floor = unit cost / (1 − required margin), from step 5. Campaigns whose offer has no price are left out."
            )
        ),
        currency=case.currency,
    )


def _floor_finding(table: pd.DataFrame, case: Case, cents: int) -> str:
    under = table[table["under"]]
    if len(under):
        first = under.iloc[0]
        return _(
            N_("“{campaign}” leaves {left} of “{offer}”, under its floor of {floor}: give away no more than {most}."),
            campaign=first["campaign"],
            left=money(first["money_left"], case.currency, cents),
            offer=first["offer"],
            floor=money(first["money_floor"], case.currency, cents),
            most=percent(max(1 - first["money_floor"] / first["price"], 0)),
        )
    known = table.dropna(subset="floor")
    if known.empty:
        return _(N_("No floor is known: enter unit cost and required margin in step 5."))
    nearest = known.loc[(known["left"] - known["floor"]).idxmin()]
    return _(
        N_("No campaign goes under its floor. “{campaign}” comes nearest: {left} of “{offer}”, {room} above it."),
        campaign=nearest["campaign"],
        left=money(nearest["money_left"], case.currency, cents),
        offer=nearest["offer"],
        room=money(nearest["money_left"] - nearest["money_floor"], case.currency, cents),
    )
