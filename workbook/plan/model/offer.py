"""What we sell: the solution to each challenge, how it is priced, packaged and distributed, and what it costs us."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.audience import Need, Segment
from workbook.plan.model.competitors import Rival
from workbook.plan.model.evidence import Backing
from workbook.plan.model.fields import As, Choice, Count, Item, Line, Lines, Money, Ref, Share, Text

__all__ = ["Offer", "Package", "Per", "PriceModel", "PriceOption", "Trial", "TrialCase"]


class PriceModel(Choice):
    """How the customer pays for it."""

    TIER = "tier", N_("Tier: a level of the product with its own price")
    ADD_ON = "add-on", N_("Add-on: paid on top of what they have")
    BUNDLED = "bundled", N_("Bundled: included in what they pay already")
    FREE = "free", N_("Free")


class Trial(Choice):
    """Whether they can try it first, and what happens when the trial ends."""

    NONE = "none", N_("No trial")
    OPT_IN = "opt-in", N_("Opt-in: ends unless they choose to pay")
    OPT_OUT = "opt-out", N_("Opt-out: goes on as paid unless they stop it")


class Per(Choice):
    """What one price is for."""

    YEAR = "year", N_("a customer and year")
    MONTH = "month", N_("a customer and month")
    ONCE = "once", N_("a purchase")


class PriceOption(Item):
    """One way to price an offer, with what the team expects of it: held against the others before one is chosen."""

    name: Line = Field("", title="Way to price it", examples=["Included for everybody"])
    model: PriceModel | None = Field(None, title="Price model")
    price: Money | None = Field(
        None,
        title="Price",
        description="For the same time as the offer's price; left empty where they pay nothing extra.",
        examples=[300],
        json_schema_extra={"step": 10},
    )
    uptake: Share | None = Field(
        None, title="Customers who take it", description="Of our customers in its segments.", examples=[0.2]
    )
    churn: Share | None = Field(
        None, title="Customers lost per year with it", description="Left empty: as many as today.", examples=[0.11]
    )
    won: Count | None = Field(None, title="New customers a year because of it", examples=[6])
    evidence: Backing = ()


class Offer(Item):
    """A solution to a challenge, with its price and package."""

    name: Line = Field("", title="Solution", examples=["Adaptive tests"])
    description: Text = Field(
        "",
        title="What it does",
        examples=["Shows versions of a page, watches three measures and moves visitors to the better one."],
    )
    needs: tuple[Ref[Need], ...] = Field((), title="Challenges it solves")
    segments: tuple[Ref[Segment], ...] = Field((), title="For whom")
    model: PriceModel | None = Field(None, title="Price model")
    belongs_to: Line = Field(
        "", title="Part of", description="The tier or bundle it belongs to.", examples=["Enterprise tier"]
    )
    price: Money | None = Field(
        None,
        title="Price",
        description="Left empty where they pay nothing extra.",
        examples=[2_400],
        json_schema_extra={"step": 100, "evidenced": True},
    )
    per: Per = Field(Per.YEAR, title="Price is for")
    uptake: Share | None = Field(
        None,
        title="Customers who take it",
        description="Of the segment's customers, where it is paid on top: it counts in what a customer is worth.",
        examples=[0.2],
    )
    trial: Trial = Field(Trial.NONE, title="Trial")
    trial_days: Annotated[int, Field(ge=1, le=730), As("number", "days", step=1)] | None = Field(
        None, title="Length of the trial", examples=[30]
    )
    unit_cost: Money | None = Field(
        None,
        title="Unit cost",
        description="What one more customer costs us, for the same time as the price.",
        examples=[600],
        json_schema_extra={"step": 10},
    )
    fixed_cost: Money | None = Field(
        None, title="Fixed cost", description="To make it and bring it out, once.", examples=[90_000]
    )
    required_margin: Share | None = Field(
        None, title="Required margin", description="Of the price; it sets the floor.", examples=[0.6]
    )
    options: tuple[PriceOption, ...] = Field(
        (),
        title="Ways to price it, compared",
        description="Tier, add-on, bundled or free: what each would bring, before you choose.",
        json_schema_extra={"add": "Add a way to price it"},
    )
    packaging: Text = Field("", title="Packaging", examples=["Switched on in the page editor, with three templates."])
    distribution: Lines = Field((), title="How it is sold and distributed", examples=["Account managers, at renewal"])
    reason: Text = Field(
        "", title="Why this price and package", examples=["Included, it gives customers a reason to renew early."]
    )
    evidence: Backing = ()


class Package(Item):
    """An offer as the choice tasks describe it, ours or a rival's: the share simulator sets them side by side."""

    name: Line = Field("", title="Package", examples=["Testbird, smallest plan"])
    offer: Ref[Offer] | None = Field(None, title="Our offer")
    rival: Ref[Rival] | None = Field(None, title="Rival whose package it is")
    levels: Lines = Field(
        (),
        title="What is in it",
        description="A column of the choice tasks, =, and its level; what is not named is at its reference.",
        examples=["tests = adaptive"],
    )
    price: Money | None = Field(
        None,
        title="Price",
        description="As in the choice tasks. Left empty, a package of ours has its offer's own price.",
        examples=[150],
        json_schema_extra={"step": 10},
    )


class TrialCase(Item):
    """One kind of trial, with what the team expects of it: no published rate stands in for it."""

    name: Line = Field("", title="Trial", examples=["30 days, no card asked for"])
    offer: Ref[Offer] | None = Field(None, title="Offer they try")
    kind: Trial = Field(Trial.OPT_IN, title="Kind of trial")
    visitors: Count | None = Field(None, title="People who see it a month", examples=[400])
    starts: Share | None = Field(None, title="Start the trial", description="Of those who see it.", examples=[0.06])
    converts: Share | None = Field(
        None, title="Go on as paying customers", description="Of those who start.", examples=[0.15]
    )
    stays: Share | None = Field(
        None, title="Still there after the first bill", description="Of those who go on.", examples=[0.95]
    )
    cost: Money | None = Field(
        None,
        title="Cost of one trial",
        description="Service, set-up and what it uses while it lasts.",
        examples=[120],
        json_schema_extra={"step": 10},
    )
    evidence: Backing = ()
