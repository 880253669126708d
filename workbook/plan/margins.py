"""From how many on does an offer pay, and below which price must it not go?"""

from workbook.errors import PlanError
from workbook.language import N_
from workbook.plan.model import Offer

__all__ = ["break_even_units", "margin_floor"]


def break_even_units(fixed_cost: float, price: float, unit_cost: float) -> float:
    """
    Return fixed cost / (price - unit cost), all money >= 0; not rounded.

    Raises PlanError when the price is at or under the unit cost: no number sold pays then.
    """
    if price <= unit_cost:
        raise PlanError(N_("the price is at or under what a unit costs: no number sold pays for it."))
    return fixed_cost / (price - unit_cost)


def margin_floor(offer: Offer) -> float | None:
    """Return unit cost / (1 - required margin), the lowest price; None while one is missing or the margin is 1 or more."""
    if offer.unit_cost is None or offer.required_margin is None or offer.required_margin >= 1:
        return None
    return offer.unit_cost / (1 - offer.required_margin)
