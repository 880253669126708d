"""Does a programme that rewards recommending or staying pay?

A success costs reward and other cost, and brings the margin of a customer, but only where that customer would not have
come, or stayed, anyway: the programme pays when reward + other cost < margin x share who would not have. Word of mouth
feeds itself by K = invitations per customer x conversion: each customer brings K more, these K² more, and so on.

Sources: Schmitt, Skiera & Van den Bulte (2011), "Referral Programs and Customer Value", Journal of Marketing 75(1);
Skok (2009), "Lessons Learned: Viral Marketing", for K.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.plan.model import Plan, Referral, Segment
from workbook.plan.worth import segment_worth

__all__ = ["Economics", "economics"]


@dataclass(frozen=True)
class Economics:
    """
    What a programme costs and brings, in money per success; None where a figure is missing.

    ``least_share`` is the share of successes that must not have come anyway for it to pay: over 1 it cannot.
    ``k`` are customers that a customer brings in a year, ``a_year`` what the programme leaves in a year with all of
    today's customers in it.
    """

    cost: float | None
    margin: float | None
    gain: float | None
    least_share: float | None
    k: float | None
    successes: float | None

    @property
    def left(self) -> float | None:
        """What a success leaves."""
        return None if self.gain is None or self.cost is None else self.gain - self.cost

    @property
    def pays(self) -> bool | None:
        """Whether a success brings more than it costs."""
        return None if self.left is None else self.left > 0

    @property
    def a_year(self) -> float | None:
        """What the programme leaves in a year."""
        return None if self.left is None or self.successes is None else self.left * self.successes


def economics(programme: Referral, plan: Plan) -> Economics:
    """Return the economics of ``programme``; a margin it does not state is what a customer of its segment is worth."""
    segment = plan.item(programme.segment)
    margin = programme.margin_value
    if margin is None and isinstance(segment, Segment):
        margin = segment_worth(segment, plan)
    cost = None if programme.reward is None else programme.reward + (programme.other_cost or 0.0)
    gain = None if margin is None or programme.new_share is None else margin * programme.new_share
    k = None
    if programme.invitations is not None and programme.conversion is not None:
        k = programme.invitations * programme.conversion
    ours = segment.ours if isinstance(segment, Segment) else None
    return Economics(
        cost,
        margin,
        gain,
        None if cost is None or not margin else cost / margin,
        k,
        None if k is None or ours is None else k * ours,
    )
