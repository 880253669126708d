"""How much goes upstream and how much downstream: what the business needs now, what it has, and what was decided."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.fields import (
    As,
    Choice,
    Count,
    Lines,
    Money,
    Part,
    Quantity,
    Share,
    Text,
    Value,
    ZeroToFive,
)

__all__ = ["Balance", "BalanceRule", "BusinessNeeds", "Making"]

Months = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False), As("number", "months", step=1)]


class Making(Choice):
    """Who makes the campaigns."""

    MAKE = "make", N_("We make them")
    BUY = "buy", N_("Others make them for us")
    BOTH = "both", N_("Some of each")


class BusinessNeeds(Value):
    """What the business needs now, each from 0 (not at all) to 5 (before all else)."""

    differentiate: ZeroToFive | None = Field(None, title="Differentiate", examples=[4])
    raise_demand: ZeroToFive | None = Field(None, title="Raise demand", examples=[3])
    innovate: ZeroToFive | None = Field(None, title="Innovate", examples=[4])
    own_category: ZeroToFive | None = Field(None, title="Own a category", examples=[2])
    sell_now: ZeroToFive | None = Field(None, title="Sell now", examples=[3])
    cut_cost: ZeroToFive | None = Field(None, title="Cut cost", examples=[1])
    reduce_stock: ZeroToFive | None = Field(None, title="Reduce stock", examples=[0])
    keep_customers: ZeroToFive | None = Field(None, title="Keep customers", examples=[5])


class BalanceRule(Value):
    """The rule behind the recommended split: a judgement, to be changed by those who know better."""

    middle: Share = Field(0.5, title="Upstream when all is even")
    swing: Share = Field(0.3, title="Most that needs can move it")
    long_horizon: Months = Field(18, title="Long horizon")
    for_long_horizon: Share = Field(0.05, title="Added for a long horizon")
    short_runway: Months = Field(6, title="Short runway")
    for_short_runway: Share = Field(0.1, title="Taken off for a short runway")
    least: Share = Field(0.2, title="At least")
    most: Share = Field(0.8, title="At most")
    small_team: Count = Field(5, title="Small team", json_schema_extra={"step": 1, "unit": "people"})
    small_budget: Money = Field(20_000, title="Small budget")


class Balance(Part):
    """The split of effort and money between upstream and downstream, and what it follows from."""

    needs: BusinessNeeds = Field(
        BusinessNeeds(),
        title="What the business needs now",
        description="0: not at all, 5: before all else. The team's judgement.",
    )
    existing_share: Share | None = Field(
        None,
        title="For existing customers",
        description="Share of the effort; the rest goes to new ones. Neither should feel left behind.",
        examples=[0.4],
    )
    team_size: Count | None = Field(
        None, title="People in marketing", examples=[8], json_schema_extra={"step": 1, "unit": "people"}
    )
    runway: Months | None = Field(
        None, title="Runway", description="Months the money lasts at today's pace.", examples=[24]
    )
    following: Count | None = Field(
        None, title="Following", description="People who follow us where we publish.", examples=[12_000]
    )
    customer_list: Count | None = Field(
        None, title="Customer list", description="Contacts with consent.", examples=[4_500]
    )
    strengths: Lines = Field((), title="What we are good at", examples=["Explaining hard things in plain words"])
    making_weeks: Quantity | None = Field(
        None,
        title="Time to make a campaign",
        examples=[6],
        json_schema_extra={"unit": "weeks"},
    )
    making_cost: Money | None = Field(
        None, title="Cost to make a campaign", description="Without media.", examples=[12_000]
    )
    making: Making | None = Field(None, title="Make or buy")
    appetite: ZeroToFive | None = Field(
        None,
        title="Appetite for change",
        description="0: leave all as it is, 5: change whatever is needed.",
        examples=[3],
    )
    upstream_share: Share | None = Field(
        None, title="Upstream, as decided", description="Of effort and money; the rest is downstream.", examples=[0.55]
    )
    reason: Text = Field("", title="Why", examples=["Customers do not know yet that they could test by themselves."])
    rule: BalanceRule = Field(
        BalanceRule(),
        title="Rule behind the recommendation",
        description="Defaults of judgement; change what is wrong.",
    )
