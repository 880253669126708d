"""What is a customer worth? The figure that carries upstream decisions into the split of a budget.

Worth is the margin a customer brings while staying: revenue per year x gross margin / share lost per year (the simple
perpetuity of customer lifetime value, undiscounted). What is sold on top counts with its own margin and the share of
customers who take it. The figure is as good as its inputs, and computed where all three of the segment are known.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workbook.plan.model import Channel, Offer, Per, Plan, PriceModel, Segment, Targeting

__all__ = [
    "Worth",
    "cost_limit",
    "cost_limit_fields",
    "customer_worth",
    "first_year_fields",
    "first_year_revenue",
    "outcome_pipeline",
    "outcome_worth",
    "segment_worth",
    "segment_worth_fields",
    "targets_of",
    "worth_fields",
]

A_YEAR = {Per.YEAR: 1, Per.MONTH: 12}


@dataclass(frozen=True)
class Worth:
    """
    An amount in the plan's currency, and the ids of the segments it was worked out from.

    ``shares`` says how each of them weighs in it, in the same order; ``scaled`` that the shares the team gave did not
    make a whole over these segments, and were scaled.
    """

    amount: float
    segments: tuple[str, ...]
    shares: tuple[float, ...] = ()
    scaled: bool = False


def customer_worth(segment: Segment) -> float | None:
    """Return the margin a customer of ``segment`` brings while staying; None while a figure is missing or churn is 0."""
    if segment.contract_value is None or segment.margin is None or not segment.churn:
        return None
    return segment.contract_value * segment.margin / segment.churn


def segment_worth(segment: Segment, plan: Plan) -> float | None:
    """
    Return what a customer of ``segment`` is worth with what the plan sells on top: add-ons with a price and an uptake.

    What is included or free adds nothing here: its price is part of the contract already.
    """
    worth = customer_worth(segment)
    if worth is None or not segment.churn:
        return worth
    return worth + sum(_on_top(offer, segment.churn) for offer in plan.offers if segment.id in offer.segments)


def _on_top(offer: Offer, churn: float) -> float:
    if offer.model is not PriceModel.ADD_ON or offer.price is None or offer.uptake is None:
        return 0.0
    margin = (offer.price - (offer.unit_cost or 0)) * offer.uptake
    return margin if offer.per is Per.ONCE else margin * A_YEAR[offer.per] / churn


def outcome_worth(channel: Channel, plan: Plan) -> Worth | None:
    """
    Return what a customer won through ``channel`` is worth: the mean over the segments it reaches.

    Segments weigh by how many of the people reached are theirs, all alike where nobody said. Excluded segments and
    segments without a known worth do not count; the shares of the others are scaled to a whole. None when no segment is
    left.
    """
    return _over_segments(channel, plan, lambda segment: segment_worth(segment, plan))


def outcome_pipeline(channel: Channel, plan: Plan) -> Worth | None:
    """
    Return the value of the opportunities behind a customer won through ``channel``: first year's revenue / share won.

    The mean over the segments it reaches, as in ``outcome_worth``. None while the share of opportunities that are won
    (step 10) or the revenue of every segment is missing.
    """
    won = plan.handover.funnel.won
    if not won:
        return None
    return _over_segments(
        channel, plan, lambda segment: None if segment.contract_value is None else segment.contract_value / won
    )


def targets_of(plan: Plan) -> list[Segment]:
    """Return the segments that the plan targets."""
    return [segment for segment in plan.segments if segment.targeting is Targeting.TARGET]


def cost_limit(plan: Plan) -> float | None:
    """Return the most that winning a customer may cost: the target segments' mean worth over the target ratio."""
    worths = [worth for segment in targets_of(plan) if (worth := segment_worth(segment, plan)) is not None]
    return sum(worths) / len(worths) / plan.budget.worth_to_cost if worths else None


def first_year_revenue(plan: Plan) -> float | None:
    """
    Return what a new customer brings in the first year: the target segments' mean, contract value and what is sold on top.

    None while no target segment has a contract value.
    """
    values = [
        segment.contract_value + sum(_sold_on_top(offer) for offer in plan.offers if segment.id in offer.segments)
        for segment in targets_of(plan)
        if segment.contract_value is not None
    ]
    return sum(values) / len(values) if values else None


def _sold_on_top(offer: Offer) -> float:
    """Return the revenue of the first year that an add-on brings per customer, those who do not take it included."""
    if offer.model is not PriceModel.ADD_ON or offer.price is None or offer.uptake is None:
        return 0.0
    return offer.price * offer.uptake * A_YEAR.get(offer.per, 1)


def first_year_fields(plan: Plan) -> tuple[str, ...]:
    """Return the paths of the fields that ``first_year_revenue`` is made of; whom the plan targets is one of them."""
    segments = [f"/segments/{one.id}/targeting" for one in plan.segments]
    values = [f"/segments/{one.id}/contract_value" for one in targets_of(plan)]
    return (*segments, *values, *_on_top_fields(plan, targets_of(plan), ("model", "price", "per", "uptake")))


def cost_limit_fields(plan: Plan) -> tuple[str, ...]:
    """Return the paths of the fields that ``cost_limit`` is made of; whom the plan targets is one of them."""
    return ("/budget/worth_to_cost", *segment_worth_fields(plan, targets_of(plan)))


def segment_worth_fields(plan: Plan, segments: list[Segment]) -> tuple[str, ...]:
    """Return the paths of the fields that the worths of ``segments`` are made of, and of whom the plan targets."""
    targeting = [f"/segments/{one.id}/targeting" for one in plan.segments]
    values = [f"/segments/{one.id}/{name}" for one in segments for name in ("contract_value", "margin", "churn")]
    on_top = _on_top_fields(plan, segments, ("model", "price", "per", "uptake", "unit_cost"))
    return (*targeting, *values, *on_top)


def _on_top_fields(plan: Plan, segments: list[Segment], names: tuple[str, ...]) -> list[str]:
    """Return the paths of fields of the offers that could be sold on top to one of ``segments``, add-ons today or not."""
    ids = {one.id for one in segments}
    return [f"/offers/{offer.id}/{name}" for offer in plan.offers if ids & set(offer.segments) for name in names]


def worth_fields(plan: Plan) -> list[str]:
    """Return the paths of the fields that a worth is made of, for the segments that the plan's channels reach."""
    reached = list(dict.fromkeys(str(ref) for channel in plan.channels for ref in channel.segments))
    priced = [o.id for o in plan.offers if o.model is PriceModel.ADD_ON and set(o.segments) & set(reached)]
    figures = [f"/segments/{id}/{name}" for id in reached for name in ("contract_value", "churn")]
    return [*figures, *(f"/offers/{id}/price" for id in priced)]


def _over_segments(channel: Channel, plan: Plan, value: Callable[[Segment], float | None]) -> Worth | None:
    reached = [item for ref in channel.segments if isinstance(item := plan.item(ref), Segment)]
    known = {s.id: v for s in reached if s.targeting is not Targeting.EXCLUDED and (v := value(s)) is not None}
    given = {str(ref): part for ref, part in channel.reach.items() if ref in known}
    if sum(given.values()) <= 0:
        given = dict.fromkeys(known, 1.0)
    total = sum(given.values())
    if not total:
        return None
    shares = {segment: given.get(segment, 0.0) / total for segment in known}
    return Worth(
        sum(known[segment] * share for segment, share in shares.items()),
        tuple(known),
        tuple(shares.values()),
        scaled=any(channel.reach.values()) and abs(total - 1) > 1e-6,
    )
