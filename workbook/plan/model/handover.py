"""What marketing and sales owe each other: goal, funnel, capacity, follow-up, and where leads come from."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.evidence import Backing
from workbook.plan.model.fields import (
    As,
    Choice,
    Count,
    Item,
    Line,
    Lines,
    Money,
    Part,
    Quantity,
    Ref,
    Share,
    Text,
    Value,
)
from workbook.plan.model.measures import Indicator
from workbook.plan.model.mix import Channel

__all__ = ["Funnel", "Handover", "LeadSource", "Rhythm", "Spread"]


class Rhythm(Choice):
    """How often both sides look at the agreement."""

    WEEK = "week", N_("Every week")
    MONTH = "month", N_("Every month")
    QUARTER = "quarter", N_("Every quarter")


class Spread(Choice):
    """How the quota is spread over the months."""

    EVEN = "even", N_("Even")
    SEASON = "season", N_("By season")


class Funnel(Value):
    """From a lead to a customer, step by step; all together give the close rate."""

    qualified: Share | None = Field(None, title="Leads that qualify for marketing", examples=[0.5])
    accepted: Share | None = Field(None, title="Of these, sales accepts", examples=[0.8])
    opportunity: Share | None = Field(None, title="Of these, become opportunities", examples=[0.5])
    won: Share | None = Field(None, title="Of these, are won", examples=[0.25])


class Handover(Part):
    """The two-way agreement: marketing brings so many leads, sales follows them up in time."""

    revenue_goal: Money | None = Field(
        None,
        title="Revenue goal",
        description="In the whole period. Left empty: the revenue target of the charter.",
        examples=[700_000],
    )
    marketing_share: Share | None = Field(
        None, title="Marketing's share", description="Of the goal, from leads that marketing brings.", examples=[0.8]
    )
    deal_size: Money | None = Field(
        None, title="Deal size", description="Revenue of a new customer in the first year.", examples=[24_000]
    )
    close_rate: Share | None = Field(
        None, title="Close rate", description="Leads that become customers.", examples=[0.05]
    )
    funnel: Funnel = Field(Funnel(), title="The close rate step by step")
    reps: Count | None = Field(
        None, title="Sales people", examples=[3], json_schema_extra={"step": 1, "unit": "people"}
    )
    hours: Quantity | None = Field(
        None,
        title="Time for new leads",
        description="Of each of them, in a month.",
        examples=[60],
        json_schema_extra={"unit": "hours"},
    )
    minutes: Quantity = Field(
        20,
        title="Time for one attempt",
        description="With preparing and noting it down.",
        json_schema_extra={"unit": "minutes"},
    )
    attempts: Annotated[int, Field(ge=1, le=100), As("number", "attempts", step=1)] = Field(
        5, title="Attempts per lead", description="Before a lead is given back."
    )
    within_days: Annotated[int, Field(ge=1, le=365), As("number", "days", step=1)] = Field(
        14, title="Attempts spread over"
    )
    response_hours: Annotated[float, Field(gt=0, le=720, allow_inf_nan=False), As("number", "hours", step=1)] = Field(
        24, title="First answer within"
    )
    system_hours: Annotated[float, Field(ge=0, le=720, allow_inf_nan=False), As("number", "hours", step=1)] = Field(
        0,
        title="Until sales can see a lead",
        description="What forms, lists and programs take before anybody can answer: told apart from people's time.",
    )
    lead: Text = Field(
        "",
        title="What counts as a lead",
        examples=["A person of a target segment with consent who asked for the guide or a demo."],
    )
    marketing_owes: Lines = Field((), title="Marketing promises", examples=["Every lead with its source and campaign"])
    sales_owes: Lines = Field((), title="Sales promises", examples=["A reason for every lead given back"])
    spread: Spread = Field(
        Spread.EVEN,
        title="Quota over the months",
        description="Even: the same number each month. By season: as the leads of the table came.",
    )
    review: Rhythm = Field(Rhythm.MONTH, title="Looked at together")
    region: Line = Field("", title="Region", examples=["Germany, Austria and Italy"])
    counted_by: Ref[Indicator] | None = Field(
        None, title="Indicator that counts the leads", description="Its actual figures are held against the quota."
    )


class LeadSource(Item):
    """Where leads come from, and what one of them is worth."""

    name: Line = Field("", title="Source", examples=["Guide downloads"])
    channel: Ref[Channel] | None = Field(None, title="Channel")
    region: Line = Field("", title="Region", examples=["Italy"])
    share: Share | None = Field(
        None, title="Share of the leads", description="All sources together make 100 %.", examples=[0.3]
    )
    close_rate: Share | None = Field(None, title="Close rate", examples=[0.04])
    revenue: Money | None = Field(
        None,
        title="Revenue of a customer won",
        description="On average. Left empty: the deal size.",
        examples=[22_000],
        json_schema_extra={"step": 100},
    )
    evidence: Backing = ()
