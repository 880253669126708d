"""What we try out before we believe it: tests with their variants, and programmes that pay for recommendations."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.audience import Need, Segment
from workbook.plan.model.campaigns import Asset, Campaign
from workbook.plan.model.charter import Member
from workbook.plan.model.evidence import Backing
from workbook.plan.model.fields import As, Choice, Count, Day, Item, Line, Money, Quantity, Ref, Share, Text, Value
from workbook.plan.model.mix import Channel

__all__ = [
    "Experiment",
    "Metric",
    "Outcome",
    "RateEffect",
    "Referral",
    "Reward",
    "TimeEffect",
    "Traffic",
    "Variant",
]


class Metric(Choice):
    """What a test is decided by."""

    CLICKS = "click-through", N_("Click-through rate")
    CONVERSION = "conversion", N_("Conversion rate")
    SESSION = "session-time", N_("Session time")
    ANSWERS = "answers", N_("Share of answers")


class Traffic(Choice):
    """How people are spread over the variants."""

    FIXED = "fixed", N_("Fixed: the same share to the end")
    ADAPTIVE = "adaptive", N_("Adaptive: more to the better one as results come in")


class Outcome(Choice):
    """What was decided after it."""

    OPEN = "open", N_("Not decided yet")
    ADOPT = "adopt", N_("Adopt the better variant")
    KEEP = "keep", N_("Keep what we have")
    REPEAT = "repeat", N_("Test again")


class Reward(Choice):
    """What a programme rewards."""

    REFERRAL = "referral", N_("Bringing a new customer")
    LOYALTY = "loyalty", N_("Staying a customer")


class RateEffect(Value):
    """For a rate: where it stands today, and the smallest change worth having."""

    baseline: Share | None = Field(None, title="Today", examples=[0.04])
    effect: Share | None = Field(None, title="Smallest change worth having, in points", examples=[0.01])


class TimeEffect(Value):
    """For a time: its mean and spread today, and the smallest change worth having."""

    mean: Quantity | None = Field(None, title="Mean today", examples=[95], json_schema_extra={"unit": "seconds"})
    deviation: Quantity | None = Field(
        None, title="Standard deviation", examples=[60], json_schema_extra={"unit": "seconds"}
    )
    effect: Quantity | None = Field(
        None, title="Smallest change worth having", examples=[10], json_schema_extra={"unit": "seconds"}
    )


class Variant(Item):
    """One of the versions compared; the first is the control."""

    name: Line = Field("", title="Variant", examples=["Headline asks a question"])
    asset: Ref[Asset] | None = Field(None, title="Asset")
    description: Text = Field("", title="What is different", examples=["The question stands where the claim stood."])


class Experiment(Item):
    """A question asked of reality: what we expect, how we will know, and what we will do then."""

    name: Line = Field("", title="Test", examples=["Question or claim in the headline"])
    hypothesis: Text = Field(
        "",
        title="Hypothesis",
        description="Because of what we know, we expect this change to move that figure.",
        examples=["Because interviewees describe waiting, a headline about waiting brings more clicks."],
    )
    channel: Ref[Channel] | None = Field(None, title="Channel it teaches us about")
    campaign: Ref[Campaign] | None = Field(None, title="Campaign")
    need: Ref[Need] | None = Field(None, title="Need", description="For an idea tested before there is a campaign.")
    variants: tuple[Variant, ...] = Field((), title="Variants", json_schema_extra={"add": "Add a variant"})
    metric: Metric | None = Field(None, title="Decided by")
    rate: RateEffect = Field(RateEffect(), title="Where a rate decides")
    time: TimeEffect = Field(TimeEffect(), title="Where a time decides")
    power: Share = Field(0.8, title="Power", description="Chance to see the change, if it is there.")
    alpha: Share = Field(0.05, title="Error allowed", description="Chance to see a change that is not there.")
    traffic: Traffic = Field(Traffic.FIXED, title="Spread of people")
    least_share: Share = Field(
        0.1, title="At least to each variant", description="In an adaptive test, so that none is starved."
    )
    daily_users: Count | None = Field(None, title="People a day", description="Over all variants.", examples=[600])
    start: Day | None = Field(None, title="First day", examples=["2027-04-01"])
    days: Annotated[int, Field(ge=1, le=730), As("number", "days", step=1)] | None = Field(
        None, title="Length", examples=[28]
    )
    owner: Ref[Member] | None = Field(None, title="Owner")
    result: Text = Field("", title="What came out", examples=["The question won: 4.9 % against 4.1 %."])
    outcome: Outcome = Field(Outcome.OPEN, title="Decision")
    evidence: Backing = ()


class Referral(Item):
    """A programme that rewards recommending or staying, and whether it pays."""

    name: Line = Field("", title="Programme", examples=["Customers invite a marketing team they know"])
    kind: Reward = Field(Reward.REFERRAL, title="Rewards")
    segment: Ref[Segment] | None = Field(None, title="Segment")
    reward: Money | None = Field(
        None,
        title="Reward",
        description="What one success costs in rewards, to both sides.",
        examples=[500],
        json_schema_extra={"step": 10},
    )
    other_cost: Money | None = Field(
        None,
        title="Other cost per success",
        description="Tools, people, fraud.",
        examples=[120],
        json_schema_extra={"step": 10},
    )
    margin_value: Money | None = Field(
        None,
        title="Margin of a customer gained",
        description="While they stay. Left empty: what a customer of the segment is worth.",
        examples=[20_000],
    )
    new_share: Share | None = Field(
        None, title="Would not have come anyway", description="Share of the successes.", examples=[0.6]
    )
    invitations: Quantity | None = Field(
        None, title="Invitations per customer", description="In a year.", examples=[0.5]
    )
    conversion: Share | None = Field(None, title="Invitations that bring a customer", examples=[0.08])
    rules: Text = Field("", title="Rules", examples=["Paid after the new customer's third month."])
    evidence: Backing = ()
