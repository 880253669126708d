"""How to reach them: channels, what the team judges them by, what each can bring, and the money to split."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from workbook.language import N_
from workbook.plan.model.audience import Relation, Segment, Stage
from workbook.plan.model.evidence import Basis, Evidence
from workbook.plan.model.fields import (
    As,
    Choice,
    Item,
    Line,
    Money,
    OneToTen,
    Part,
    Quantity,
    Ref,
    Score,
    Share,
    Text,
    Value,
    Weight,
)

__all__ = [
    "Aim",
    "Budget",
    "Channel",
    "ChannelGroup",
    "Counted",
    "Criterion",
    "Curve",
    "Direction",
    "Lift",
    "Reads",
    "Season",
    "Side",
    "Sides",
    "ThreePoint",
]


Liveliness = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False), As("number", step=10)]
Change = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False), As("number", step=1)]


class Side(Choice):
    """Which side of the plan a channel mainly works for."""

    UPSTREAM = "upstream", N_("Upstream: creates demand over time")
    DOWNSTREAM = "downstream", N_("Downstream: turns demand into customers now")


class Counted(Choice):
    """What a curve counts."""

    CUSTOMERS = "customers", N_("New customers in the period")
    DEMAND = "demand", N_("Demand: people who come to know us")


class Aim(Choice):
    """What the split of the budget is to bring most of."""

    CUSTOMERS = "customers", N_("Customers: each counts alike")
    PIPELINE = "pipeline", N_("Pipeline: value of the opportunities behind them")
    PROFIT = "profit", N_("Profit: margin while they stay, less the spend")


class Sides(Choice):
    """Whether upstream and downstream channels share one budget."""

    APART = "apart", N_("Apart: divided by the balance first")
    MERGED = "merged", N_("Merged: one budget for both")


class Direction(Choice):
    """Which way a criterion points."""

    BENEFIT = "benefit", N_("More is better")
    COST = "cost", N_("Less is better")


class Reads(Choice):
    """Where a criterion takes its score of a channel from."""

    SCORES = "scores", N_("The scores the team gives")
    DATABASE = "database", N_("Adds to the customer database")
    RELUCTANCE = "reluctance", N_("Reluctance to give data")
    BRAND_FIT = "brand-fit", N_("Fit with the brand")
    FREQUENCY = "frequency", N_("Contacts per person")
    LAG = "lag", N_("Time to effect")
    STAGES = "stages", N_("Journey stages it serves")
    RELATION = "relation", N_("Existing or new customers")


class Criterion(Item):
    """Something channels are judged by, with its weight."""

    name: Line = Field("", title="Criterion", examples=["Reaches the segment"])
    weight: Weight = Field(1, title="Weight", description="Only the proportions matter.")
    direction: Direction = Field(Direction.BENEFIT, title="Direction")
    reads: Reads = Field(
        Reads.SCORES,
        title="Taken from",
        description="Scores of the team, or what the channel's card says. Timing is for the team to score.",
    )


class Channel(Item):
    """A way to reach customers that takes money or time."""

    name: Line = Field("", title="Name", examples=["LinkedIn ads"])
    purpose: Text = Field(
        "", title="What it is for", examples=["Reach marketing leaders who do not know the release yet."]
    )
    side: Side = Field(Side.DOWNSTREAM, title="Side")
    segments: tuple[Ref[Segment], ...] = Field((), title="Segments it reaches")
    scores: dict[Ref[Criterion], Score] = Field(
        {}, title="Scores", description="0 = poor, 10 = excellent: the team's judgement."
    )
    impact: OneToTen | None = Field(
        None, title="Impact", description="If it works, how much does it bring?", examples=[7]
    )
    confidence: OneToTen | None = Field(
        None, title="Confidence", description="How sure are we that it works?", examples=[5]
    )
    ease: OneToTen | None = Field(None, title="Ease", description="How easily can we start?", examples=[8])
    tactic: Line = Field(
        "",
        title="Tactic",
        description="Its id in the catalogue of tactics, which knows its costs, measures, pros and cons.",
        examples=["social-advertising"],
    )
    reach: dict[Ref[Segment], Share] = Field(
        {},
        title="Whom it reaches",
        description="Share of each segment among the people it reaches. Left empty: as many of each.",
    )
    relation: Relation | None = Field(None, title="Existing or new customers")
    stages: tuple[Ref[Stage], ...] = Field((), title="Journey stages it serves")
    lag: Annotated[float, Field(ge=0, le=36, allow_inf_nan=False), As("number", "months", step=1)] | None = Field(
        None, title="Time to effect", description="Until the first customers come of it.", examples=[3]
    )
    carryover: Share | None = Field(
        None,
        title="Carried over",
        description="Share of a month's effect that is still there the month after.",
        examples=[0.3],
    )
    timing: Text = Field(
        "",
        title="Timing",
        description="Hours, days and seasons in which it works, or must rest.",
        examples=["Business hours; not in August."],
    )
    frequency: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False), As("number", "a month", step=1)] | None = (
        Field(None, title="Contacts per person", description="How often one person meets it.", examples=[4])
    )
    database: Score | None = Field(
        None,
        title="Adds to the customer database",
        description="0: no contact with consent comes of it, 10: each one does.",
        examples=[6],
    )
    reluctance: Score | None = Field(
        None,
        title="Reluctance to give data",
        description="0: people give what it asks for, 10: they turn away.",
        examples=[4],
    )
    brand_fit: Score | None = Field(
        None,
        title="Fit with the brand",
        description="0: it jars with our identity and tone, 10: made for it.",
        examples=[8],
    )


class ThreePoint(Value):
    """What an expert expects at one level of spend: a low, a likely and a high figure."""

    spend: Money | None = Field(None, title="At a spend of", examples=[40_000])
    low: Quantity | None = Field(None, title="Low", examples=[120])
    likely: Quantity | None = Field(None, title="Likely", examples=[220])
    high: Quantity | None = Field(None, title="High", examples=[310])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        given = [
            (title, v)
            for title, v in (("low", self.low), ("likely", self.likely), ("high", self.high))
            if v is not None
        ]
        for (_, smaller), (_, larger) in pairwise(given):
            if smaller > larger:
                raise PydanticCustomError(
                    "three_point_order", "low, likely and high must rise", {"smaller": smaller, "larger": larger}
                )
        return self


class Lift(Value):
    """What a test found: how many more came of spending one amount rather than another, in the whole period."""

    without: Money | None = Field(None, title="Without it we spent", examples=[0])
    during: Money | None = Field(None, title="With it we spent", examples=[10_000])
    low: Change | None = Field(None, title="More customers, low end", examples=[12])
    likely: Change | None = Field(None, title="More customers, as measured", examples=[20])
    high: Change | None = Field(None, title="More customers, high end", examples=[28])


class Curve(Item):
    """What a channel brings for what is spent on it in the period, and the limits the team sets."""

    channel: Ref[Channel] | None = Field(None, title="Channel")
    basis: Basis = Field(Basis.ASSUMED, title="What it rests on")
    estimate: ThreePoint = Field(ThreePoint(), title="New customers", json_schema_extra={"unit": "customers"})
    ceiling: Quantity | None = Field(
        None,
        title="Most it could bring",
        description="New customers in the period, however much is spent. Left empty: twice the likely figure.",
        examples=[400],
        json_schema_extra={"unit": "customers", "step": 10},
    )
    shape: Annotated[float, Field(ge=0.3, le=6, allow_inf_nan=False), As("number", step=0.1)] = Field(
        1.0,
        title="Shape",
        description="1: every euro brings less than the one before. Over 1: little happens until enough is spent.",
    )
    unit: Counted = Field(Counted.CUSTOMERS, title="What it counts")
    minimum: Money | None = Field(None, title="Spend at least", examples=[5_000])
    maximum: Money | None = Field(None, title="Spend at most", examples=[45_000])
    fixed: Money | None = Field(
        None, title="Spend already decided", description="Stands before all other limits.", examples=[6_000]
    )
    minimum_buy: Money | None = Field(
        None,
        title="Smallest buy",
        description="Nothing, or at least this: a stand, a page, a spot.",
        examples=[8_000],
    )
    multiple: Money | None = Field(
        None,
        title="Bought in steps of",
        description="One stand costs this, two cost twice as much. Left empty: any sum.",
        examples=[4_000],
    )
    last_spend: Money | None = Field(None, title="Spent last period", examples=[30_000])
    conversion: Quantity | None = Field(
        None,
        title="Customers per outcome of the history",
        description="A lead that closes at 2 % is 0.02 of a customer. With it, history and estimate can be compared.",
        examples=[0.02],
        json_schema_extra={"step": 0.01},
    )
    lift: Lift = Field(
        Lift(),
        title="Result of a test",
        description="Scaled to the period of the plan; low and high as the test's 80 % interval. It moves the curve.",
    )
    evidence: tuple[Evidence, ...] = Field((), title="Evidence", json_schema_extra={"add": "Add evidence"})


class ChannelGroup(Item):
    """Channels that have a limit together. A channel is in one group at most, which keeps the split exact."""

    name: Line = Field("", title="Name", examples=["Events"])
    channels: tuple[Ref[Channel], ...] = Field(
        (), title="Channels in it", description="A channel can be in one group only."
    )
    minimum: Money | None = Field(None, title="Spend at least, together", examples=[10_000])
    maximum: Money | None = Field(None, title="Spend at most, together", examples=[40_000])


class Season(Value):
    """How lively each month is for the business, against an ordinary one."""

    january: Liveliness = Field(100, title="January")
    february: Liveliness = Field(100, title="February")
    march: Liveliness = Field(100, title="March")
    april: Liveliness = Field(100, title="April")
    may: Liveliness = Field(100, title="May")
    june: Liveliness = Field(100, title="June")
    july: Liveliness = Field(100, title="July")
    august: Liveliness = Field(100, title="August")
    september: Liveliness = Field(100, title="September")
    october: Liveliness = Field(100, title="October")
    november: Liveliness = Field(100, title="November")
    december: Liveliness = Field(100, title="December")

    @property
    def weights(self) -> tuple[float, ...]:
        """The twelve months from January on."""
        return tuple(getattr(self, name) for name in type(self).model_fields)


class Budget(Part):
    """The money to split over the channels in the plan's period."""

    total: Money | None = Field(
        None, title="Total", description="Media and production, without salaries.", examples=[100_000]
    )
    reserve: Money = Field(0, title="Reserve for tests", description="Kept out of the split.", examples=[5_000])
    worth_to_cost: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False), As("number", "times", step=0.5)] = Field(
        3,
        title="Worth against cost",
        description="A customer must be worth this many times what winning one costs.",
        examples=[3],
    )
    aim: Aim = Field(
        Aim.PROFIT,
        title="What counts",
        description="Profit and pipeline need the figures of the segments; without them customers count alike.",
    )
    goal: Quantity | None = Field(
        None,
        title="Goal",
        description="Left empty: what the revenue goal of the hand-over asks for.",
        examples=[30],
        json_schema_extra={"unit": "customers"},
    )
    sides: Sides = Field(Sides.APART, title="Upstream and downstream")
    ramp: Annotated[float, Field(ge=0, le=24, allow_inf_nan=False), As("number", "months", step=1)] = Field(
        0, title="Months to get going", description="Spend rises to its full height over them.", examples=[2]
    )
    most_a_month: Money | None = Field(
        None, title="Cash for a month", description="Most that may be spent in one.", examples=[15_000]
    )
    season: Season = Field(
        Season(), title="Season", description="100: an ordinary month. Spend follows it; 0: nothing is spent."
    )
