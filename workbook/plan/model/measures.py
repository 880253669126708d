"""How we know, and what we learn: indicators with targets and actuals, decisions, and the question that stays."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_, month_words
from workbook.plan.model.audience import Need, Stage
from workbook.plan.model.campaigns import Campaign
from workbook.plan.model.charter import Member
from workbook.plan.model.fields import As, Choice, Day, Item, Line, Lines, Money, Month, Part, Ref, Text
from workbook.plan.model.mix import Channel, Direction, Side

__all__ = ["Closing", "Decision", "Following", "Indicator", "Learning", "Reading", "Unit"]

Figure = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False), As("number")]


class Unit(Choice):
    """What an indicator is counted in; a share is written as a fraction, 0.25 for a quarter."""

    NUMBER = "number", N_("Number")
    SHARE = "share", N_("Share: 0.25 is a quarter")
    MONEY = "money", N_("Money")
    POINTS = "points", N_("Points")
    DAYS = "days", N_("Days")
    MONTHS = "months", N_("Months")
    TIMES = "times", N_("Times: 3 is three for one")


class Following(Choice):
    """What in the plan an indicator's targets are worked out from."""

    LEADS_ASKED = "leads-asked", N_("Leads that the agreement with sales asks for")
    CUSTOMERS_ASKED = "customers-asked", N_("Customers that the agreement with sales asks for")
    REVENUE_ASKED = "revenue-asked", N_("Revenue that the agreement with sales asks of marketing")
    LEADS_OF_SPLIT = "leads-of-split", N_("Leads behind the customers that the split can bring")
    CUSTOMERS_OF_SPLIT = "customers-of-split", N_("Customers that the split can bring")
    COST_LIMIT = "cost-limit", N_("The most that winning a customer may cost")


class Learning(Choice):
    """Which upstream decision a lesson goes back to."""

    SEGMENT = "segment", N_("Segments and personas")
    NEED = "need", N_("The problem we solve")
    POSITION = "position", N_("Positioning")
    OFFER = "offer", N_("Offer and price")
    ROADMAP = "roadmap", N_("Roadmap")
    MIX = "mix", N_("Channels and budget")
    NOTHING = "nothing", N_("None of them")


class Reading(Item):
    """An indicator's target and actual in one month."""

    month: Month | None = Field(None, title="Month", examples=["2027-01"])
    target: Figure | None = Field(None, title="Target", examples=[4])
    actual: Figure | None = Field(None, title="Actual", examples=[3])
    spend_target: Money | None = Field(None, title="Spend as planned", examples=[10_000])
    spend_actual: Money | None = Field(None, title="Spend as it was", examples=[9_200])

    @property
    def label(self) -> str:
        """The month in words."""
        return month_words(self.month) if self.month else self.id


class Indicator(Item):
    """A figure by which one side of the plan is judged."""

    name: Line = Field("", title="Indicator", examples=["Click-through rate"])
    side: Side | None = Field(None, title="Side")
    definition: Text = Field(
        "",
        title="Definition",
        description="What is counted, so that two people get the same figure.",
        examples=["People who know us when asked without a list, among marketing leaders of the segment."],
    )
    formula: Line = Field("", title="Formula", examples=["clicks / impressions"])
    unit: Unit = Field(Unit.NUMBER, title="Counted in")
    direction: Direction = Field(Direction.BENEFIT, title="Direction")
    channels: tuple[Ref[Channel], ...] = Field((), title="Channels it judges")
    campaigns: tuple[Ref[Campaign], ...] = Field((), title="Campaigns it judges")
    stage: Ref[Stage] | None = Field(
        None, title="Journey stage", description="So that it shows where a message falls short."
    )
    source: Line = Field(
        "", title="Where the figure comes from", examples=["Ad manager, first working day of the month"]
    )
    owner: Ref[Member] | None = Field(None, title="Owner")
    follows: Following | None = Field(
        None,
        title="Targets follow from",
        description="Then they are worked out and offered to you. Left empty: the team sets them.",
    )
    readings: tuple[Reading, ...] = Field((), title="By month", json_schema_extra={"add": "Add a month"})


class Decision(Item):
    """What was decided, when, by whom and why: for those who ask in a year."""

    name: Line = Field("", title="Decision", examples=["Move 5,000 from events to the guide"])
    date: Day | None = Field(None, title="Date", examples=["2027-04-06"])
    by: tuple[Ref[Member], ...] = Field((), title="Decided by")
    reason: Text = Field("", title="Why", examples=["Three leads from two events, forty from the guide."])
    indicators: tuple[Ref[Indicator], ...] = Field((), title="Indicators it rests on")
    feeds: Learning | None = Field(None, title="Sends us back to")
    needs: tuple[Ref[Need], ...] = Field((), title="Needs it puts in question")


class Closing(Part):
    """What the team takes along."""

    learned: Lines = Field((), title="What we learned", examples=["Customers explain it better than we do"])
    both: Text = Field(
        "",
        title="How will you use both, in the long run?",
        description="Upstream and downstream: what you keep up when the launch is over.",
        examples=["A needs survey every spring, and a share of the budget that launches cannot touch."],
    )
    next_review: Day | None = Field(None, title="Next look at the plan", examples=["2027-12-01"])
