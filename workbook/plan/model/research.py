"""What the market says: trends, new markets, themes in feedback, use of the product, loyalty and word of mouth."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.audience import Need, Segment, Targeting
from workbook.plan.model.evidence import Backing
from workbook.plan.model.fields import (
    As,
    Choice,
    Count,
    Day,
    Item,
    Line,
    Lines,
    Money,
    Quantity,
    Rate,
    Ref,
    Score,
    Share,
    Text,
)

__all__ = ["Effect", "Loyalty", "Market", "Mood", "Theme", "Trend", "Usage"]


class Effect(Choice):
    """Which way a trend pushes us."""

    HELPS = "helps", N_("Helps us")
    HURTS = "hurts", N_("Hurts us")
    UNCLEAR = "unclear", N_("Not clear yet")


class Mood(Choice):
    """How people speak of something."""

    PRAISE = "praise", N_("Praise")
    MIXED = "mixed", N_("Mixed")
    COMPLAINT = "complaint", N_("Complaint")


class Trend(Item):
    """Something seen to be changing in the market, on a day, by a source."""

    name: Line = Field("", title="What is changing", examples=["Marketing teams build pages without developers"])
    seen: Day | None = Field(None, title="Seen on", examples=["2026-09-15"])
    segments: tuple[Ref[Segment], ...] = Field((), title="Segments it touches")
    effect: Effect | None = Field(None, title="For us")
    expected: Text = Field(
        "", title="Expected effect", examples=["Within two years, testing is asked for in every tender."]
    )
    evidence: Backing = ()


class Market(Item):
    """A candidate for a new market, scored by the same criteria as the segments."""

    name: Line = Field("", title="Name", examples=["Universities"])
    description: Text = Field("", title="Who they are", examples=["They win students through campaign pages."])
    targeting: Targeting = Field(Targeting.OPEN, title="Decision")
    customers: Count | None = Field(None, title="Customers", description="Accounts, not people.", examples=[400])
    growth: Rate | None = Field(None, title="Growth per year", examples=[0.08])
    contract_value: Money | None = Field(
        None, title="Revenue per customer and year", examples=[9_000], json_schema_extra={"step": 100}
    )
    fit: Score | None = Field(
        None, title="Fit", description="How well we could serve them: the team's judgement.", examples=[6]
    )
    reachability: Score | None = Field(
        None,
        title="Reachability",
        description="How easily our channels would reach them: the team's judgement.",
        examples=[4],
    )
    entry: Text = Field("", title="What it would take", examples=["References, and a price by number of students."])
    evidence: Backing = ()


class Theme(Item):
    """What customers keep saying in feedback, reviews and interviews: the negative ones too."""

    name: Line = Field("", title="Theme", examples=["Tests come too late"])
    mood: Mood | None = Field(None, title="Mood")
    segment: Ref[Segment] | None = Field(None, title="Segment")
    need: Ref[Need] | None = Field(None, title="Need behind it")
    mentions: Count | None = Field(None, title="Mentions", examples=[41], json_schema_extra={"evidenced": True})
    rating: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False), As("number", "1 to 5", step=0.1)] | None = Field(
        None, title="Mean rating", description="Where the feedback came with stars.", examples=[2.4]
    )
    quotes: Lines = Field(
        (), title="In their words", examples=["We found out in May what we should have shown in March."]
    )
    evidence: Backing = ()


class Usage(Item):
    """How much a segment uses a feature of the product."""

    name: Line = Field("", title="Feature", examples=["Page editor"])
    segment: Ref[Segment] | None = Field(None, title="Segment")
    users: Share | None = Field(
        None,
        title="Customers who use it",
        description="Share of the segment's customers.",
        examples=[0.45],
        json_schema_extra={"evidenced": True},
    )
    frequency: Quantity | None = Field(
        None, title="How often", description="Times a month, by those who use it.", examples=[6]
    )
    evidence: Backing = ()


class Loyalty(Item):
    """Whether customers of a segment stay, come back and bring others."""

    segment: Ref[Segment] | None = Field(None, title="Segment")
    nps: Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False), As("number", "-100 to 100", step=1)] | None = (
        Field(None, title="Net promoter score", examples=[32], json_schema_extra={"evidenced": True})
    )
    answers: Count | None = Field(None, title="Answers behind it", examples=[180])
    repeat: Share | None = Field(
        None,
        title="Buy again",
        description="Share of customers who renew or come back within a year.",
        examples=[0.85],
        json_schema_extra={"evidenced": True},
    )
    referred: Share | None = Field(
        None, title="Came by word of mouth", description="Share of last year's new customers.", examples=[0.2]
    )
    invitations: Quantity | None = Field(
        None, title="Recommendations per customer", description="In a year.", examples=[0.6]
    )
    conversion: Share | None = Field(None, title="Recommendations that bring a customer", examples=[0.08])
    evidence: Backing = ()
