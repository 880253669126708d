"""Who would take which package? Our package beside rivals', as the choice tasks describe them, and what its price does.

Each package is the sum of its part-worths; packages share the choices by the logit of these sums (Train 2009, chapter
3). The shares are those of the packages that were named: everybody takes one of them, nobody stays away, and all are
known and at hand alike. So they say which way and how far a price or a level moves a share, not what the market will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbook.errors import AnalysisError, nearest
from workbook.language import N_
from workbook.plan.model import Offer, Package, Plan, PriceModel
from workbook.research.choice import ChoiceModel, shares

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Contender", "contenders", "price_range", "shares_by_price", "simulated_shares"]

STEPS = 20
"""Prices at which the share of our package is worked out, about: they are round."""


@dataclass(frozen=True)
class Contender:
    """A package in the simulation: its levels by attribute, its price in the unit of the tasks; ``own``: it is ours."""

    id: str
    name: str
    levels: tuple[tuple[str, str], ...]
    price: float | None
    own: bool
    offer: Offer | None = None


def contenders(plan: Plan) -> tuple[Contender, ...]:
    """
    Return the packages of the plan, ours first; one of ours without a price has that of its offer, 0 where it is included.

    Raises
    ------
    AnalysisError
        If a level is not written as column = level.
    """
    found = [_contender(package, plan) for package in plan.packages]
    return tuple(sorted(found, key=lambda one: not one.own))


def _contender(package: Package, plan: Plan) -> Contender:
    held = plan.item(package.offer)
    offer = held if isinstance(held, Offer) else None
    price = package.price
    if price is None and offer is not None:
        included = offer.model in (PriceModel.BUNDLED, PriceModel.FREE)
        price = 0.0 if offer.price is None and included else offer.price
    return Contender(package.id, package.label, _levels(package), price, offer is not None, offer)


def _levels(package: Package) -> tuple[tuple[str, str], ...]:
    pairs = [line.partition("=") for line in package.levels]
    for column, sign, level in pairs:
        if not sign or not column.strip() or not level.strip():
            raise AnalysisError(
                N_("“{package}”: “{found}” is no level. Write it as column = level."),
                package=package.label,
                found=f"{column}{sign}{level}"[:60],
            )
    return tuple((column.strip(), level.strip()) for column, _sign, level in pairs)


def price_range(model: ChoiceModel) -> tuple[float, float] | None:
    """Return the lowest and the highest price that was asked about; None where no column is the price."""
    asked = next((one for one in model.attributes if one.name == model.price), None)
    return None if asked is None else (asked.low, asked.high)


def simulated_shares(model: ChoiceModel, packages: Sequence[Contender]) -> pd.DataFrame:
    """
    Return how ``packages`` share the choices: id, name, own, price, share (0..1, sum 1), low, high, in their order.

    Raises
    ------
    AnalysisError
        If a package names a column or a level that was not asked about; the nearest are named.
    """
    import pandas as pd

    table = pd.DataFrame([{"id": p.id, "name": p.name, "own": p.own, "price": p.price} for p in packages])
    return pd.concat([table, shares(model, [_coded(model, package) for package in packages])], axis=1)


def shares_by_price(
    model: ChoiceModel, packages: Sequence[Contender], id: str, prices: Iterable[float] | None = None
) -> pd.DataFrame:
    """
    Return the share of the package called ``id`` at each price, the others as they are: price, share, low, high.

    Without ``prices`` those from the lowest to the highest that was asked, and its own where that lies outside.

    Raises
    ------
    AnalysisError
        As in `simulated_shares`, and where the tasks have no price.
    """
    import pandas as pd

    asked = price_range(model)
    if asked is None or model.price is None:
        raise AnalysisError(N_("The choice tasks have no price, so a price changes no share."))
    place = next(i for i, package in enumerate(packages) if package.id == id)
    own = packages[place].price
    if prices is None:
        prices = _round_prices([*asked, *([] if own is None else [own])])
    coded = [_coded(model, package) for package in packages]
    rows = []
    for price in prices:
        coded[place] = {**coded[place], model.price: price}
        row = shares(model, coded).iloc[place]
        rows.append({"price": float(price), "share": row["share"], "low": row["low"], "high": row["high"]})
    return pd.DataFrame(rows)


def _round_prices(ends: Sequence[float]) -> list[float]:
    """Return the ``ends`` and round prices between the lowest and the highest of them."""
    low, high = min(ends), max(ends)
    if high == low:
        return [low]
    size = 10 ** np.floor(np.log10((high - low) / STEPS))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if (high - low) / (size * part) <= STEPS)
    between = (np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step).round(9)
    return sorted({*between.tolist(), *ends})


def _coded(model: ChoiceModel, package: Contender) -> dict[str, str | float]:
    """Return the levels as the tasks write them, whatever their capitals, and the price."""
    known = {attribute.name.casefold(): attribute for attribute in model.attributes}
    coded: dict[str, str | float] = {}
    for column, level in package.levels:
        attribute = known.get(column.casefold())
        if attribute is None:
            raise AnalysisError(
                N_("“{package}”: the choice tasks have no column “{found}”. The nearest are: {near}."),
                package=package.name,
                found=column[:40],
                near=nearest(column, [one.name for one in model.attributes]),
            )
        written = {one.casefold(): one for one in attribute.levels}
        if attribute.levels and level.casefold() not in written:
            raise AnalysisError(
                N_("“{package}”: “{column}” has no level “{found}”. The nearest are: {near}."),
                package=package.name,
                column=column,
                found=level[:40],
                near=nearest(level, list(attribute.levels)),
            )
        coded[attribute.name] = written.get(level.casefold(), level)
    if model.price is not None and package.price is not None:
        coded[model.price] = package.price
    return coded
