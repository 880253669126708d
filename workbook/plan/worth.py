"""What is a customer worth? The figure that carries upstream decisions into the split of a budget.

Worth is the margin a customer brings while staying: revenue per year x gross margin / share lost per year (the simple
perpetuity of customer lifetime value, undiscounted). It is as good as its inputs, and computed where all three are known.
"""

from dataclasses import dataclass

from workbook.plan.model import Channel, Plan, Segment, Targeting

__all__ = ["Worth", "customer_worth", "outcome_worth"]


@dataclass(frozen=True)
class Worth:
    """An amount in the plan's currency, and the ids of the segments it was worked out from."""

    amount: float
    segments: tuple[str, ...]


def customer_worth(segment: Segment) -> float | None:
    """Return the margin a customer of ``segment`` brings while staying; None while a figure is missing or churn is 0."""
    if segment.contract_value is None or segment.margin is None or not segment.churn:
        return None
    return segment.contract_value * segment.margin / segment.churn


def outcome_worth(channel: Channel, plan: Plan) -> Worth | None:
    """
    Return what a customer won through ``channel`` is worth: the mean over the segments it reaches.

    Excluded segments and segments without a known worth do not count. None when no segment is left.
    """
    reached = [item for ref in channel.segments if isinstance(item := plan.item(ref), Segment)]
    known = {s.id: w for s in reached if s.targeting is not Targeting.EXCLUDED and (w := customer_worth(s)) is not None}
    return Worth(sum(known.values()) / len(known), tuple(known)) if known else None
