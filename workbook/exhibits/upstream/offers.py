"""Step 5 in exhibits: what each offer costs, from how many on it pays, and below which price it must not go."""

import numpy as np
import pandas as pd

from workbook.exhibits.adopting import resting
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.readiness import price_words
from workbook.language import N_, _, listed, number, plural, with_cents
from workbook.plan.margins import break_even_units, margin_floor
from workbook.plan.model import Offer, Trial

__all__ = ["offer_economics", "packages"]

CENTS_BELOW_PRICE = 100
"""Where the cheapest offer costs less, prices and costs are shown with their cents."""


def offer_economics(case: Case) -> Exhibit:
    """Show price, cost, floor and break-even of each offer that is paid for."""
    rows = [_row(offer) for offer in case.offers if offer.price is not None]
    if not rows:
        return Exhibit(
            "offer_economics",
            _(
                N_(
                    "Enter a price and what one more customer costs, and the floor and the break-even stand here. "
                    "What is included or free has neither."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(rows)
    table["pays_from"] = np.ceil(table["break_even"] - 1e-9)
    digits = 0 if table["price"].min() >= CENTS_BELOW_PRICE else 2
    drawn = _profits(table)
    from workbook.exhibits.charts.roadmap import profit_lines

    chart = (
        profit_lines(
            drawn,
            labels={
                "units": _(N_("Units sold")),
                "profit": _(N_("Profit, {currency}"), currency=case.currency),
            },
        )
        if len(drawn)
        else None
    )
    return Exhibit(
        "offer_economics",
        _economics_finding(table, case),
        table,
        (
            Column("offer", _(N_("Offer"))),
            Column("price", _(N_("Price")), "money", digits),
            Column("unit_cost", _(N_("Unit cost")), "money", digits),
            Column("floor", _(N_("Lowest price")), "money", digits),
            Column("fixed_cost", _(N_("Fixed cost")), "money"),
            Column("pays_from", _(N_("Breaks even at")), "number", 0),
        ),
        chart,
        tags=(
            Tag("assumed", _(N_("costs as the team entered them"))),
            *resting(case, [f"/offers/{row['id']}/price" for row in rows]),
        ),
        method=_(
            N_(
                "Break-even units = fixed cost / (price − unit cost). Lowest price = unit cost / (1 − required margin); no "
                "discount may go below it."
            )
        ),
        currency=case.currency,
    )


def packages(case: Case) -> Exhibit:
    """Show what is sold, how it is paid for, what it is part of, and how it reaches the customer."""
    if not case.offers:
        return Exhibit("packages", _(N_("Add the solution to a challenge, and its package stands here.")), empty=True)
    table = pd.DataFrame([_package_row(offer, case) for offer in case.offers])
    silent = [offer.label for offer in case.offers if not offer.distribution]
    finding = plural("One offer is planned.", "{count} offers are planned.", len(table))
    if silent:
        finding += " " + _(N_("How it reaches customers is still open for {offers}."), offers=listed(silent))
    return Exhibit(
        "packages",
        finding,
        table,
        (
            Column("offer", _(N_("Offer"))),
            Column("model", _(N_("Price model"))),
            Column("belongs", _(N_("Part of"))),
            Column("price", _(N_("Price"))),
            Column("trial", _(N_("Trial"))),
            Column("packaging", _(N_("Packaging"))),
            Column("distribution", _(N_("Sold and distributed by"))),
        ),
        cards=tuple(_package_card(offer, case) for offer in case.offers),
        currency=case.currency,
    )


def _package_row(offer: Offer, case: Case) -> dict[str, object]:
    return {
        "offer": offer.label,
        "model": _(offer.model.label).partition(":")[0] if offer.model else "–",
        "belongs": offer.belongs_to,
        "price": _(N_("nothing extra")) if offer.price is None else price_words(offer, case.currency),
        "trial": _(offer.trial.label).partition(":")[0],
        "packaging": offer.packaging or "–",
        "distribution": "; ".join(offer.distribution) or "–",
    }


def _package_card(offer: Offer, case: Case) -> Card:
    """Return an offer as its customers meet it; what is open is said, not left out."""
    row = _package_row(offer, case)
    days = plural("{count} day", "{count} days", offer.trial_days) if offer.trial_days else ""
    facts = (
        (_(N_("Price")), (str(row["price"]),)),
        (_(N_("Challenges it solves")), tuple(case.plan.name_of(ref) for ref in offer.needs)),
        (_(N_("For whom")), tuple(case.plan.name_of(ref) for ref in offer.segments)),
        (_(N_("Packaging")), (offer.packaging,) if offer.packaging else ()),
        (
            _(N_("Trial")),
            (", ".join(filter(None, (str(row["trial"]), days))),) if offer.trial is not Trial.NONE else (),
        ),
        (_(N_("How it is sold and distributed")), tuple(offer.distribution) or (_(N_("still open")),)),
        (_(N_("Why this price and package")), (offer.reason,) if offer.reason else ()),
    )
    subtitle = " · ".join(str(part) for part in (row["model"], row["belongs"]) if part and part != "–")
    return Card(offer.label, subtitle, facts)


def _row(offer: Offer) -> dict[str, object]:
    price, cost = offer.price or 0.0, offer.unit_cost
    known = cost is not None and offer.fixed_cost is not None and price > cost
    return {
        "id": offer.id,
        "offer": offer.label,
        "price": price,
        "unit_cost": np.nan if cost is None else cost,
        "fixed_cost": np.nan if offer.fixed_cost is None else offer.fixed_cost,
        "floor": margin_floor(offer) or np.nan,
        "break_even": break_even_units(offer.fixed_cost or 0.0, price, cost or 0.0) if known else np.nan,
        "loses": cost is not None and price <= cost,
    }


def _profits(table: pd.DataFrame) -> pd.DataFrame:
    """Return the profit of each offer that breaks even, from nothing sold to twice the break-even."""
    rows = []
    for _i, offer in table.dropna(subset="break_even").iterrows():
        for share in (0.0, 0.5, 1.0, 1.5, 2.0):
            units = share * offer["break_even"]
            rows.append(
                {
                    "offer": offer["offer"],
                    "units": units,
                    "profit": units * (offer["price"] - offer["unit_cost"]) - offer["fixed_cost"],
                    "breaks_even": share == 1.0,
                }
            )
    return pd.DataFrame(rows, columns=["offer", "units", "profit", "breaks_even"])


def _economics_finding(table: pd.DataFrame, case: Case) -> str:
    losing = table[table["loses"]]
    if len(losing):
        return _(
            N_(
                "“{offer}” is priced at or under what it costs: no number sold pays for it. Raise the price or lower the cost."
            ),
            offer=losing.iloc[0]["offer"],
        )
    low = table[table["price"] < table["floor"]]
    if len(low):
        first = low.iloc[0]
        return _(
            N_("“{offer}” at {price} is under the floor of {floor} that its margin asks for."),
            offer=first["offer"],
            price=with_cents(first["price"], case.currency),
            floor=with_cents(first["floor"], case.currency),
        )
    known = table.dropna(subset="break_even")
    if known.empty:
        return _floor_finding(table.dropna(subset="floor"), case)
    first = known.iloc[0]
    return _(
        N_("“{offer}” pays from {units} sold at {price}."),
        offer=first["offer"],
        units=number(first["pays_from"], 0),
        price=with_cents(first["price"], case.currency),
    )


def _floor_finding(floored: pd.DataFrame, case: Case) -> str:
    if floored.empty:
        return _(N_("From which number an offer pays is open: its unit cost and its fixed cost are not entered yet."))
    first = floored.iloc[0]
    return _(
        N_(
            "“{offer}” at {price} is above its floor of {floor}. Enter its fixed cost to see how many must be sold before it pays."
        ),
        offer=first["offer"],
        price=with_cents(first["price"], case.currency),
        floor=with_cents(first["floor"], case.currency),
    )
