"""What is built when: ideas judged against each other, releases with their dates and what they depend on."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.audience import Need, Segment
from workbook.plan.model.evidence import Backing
from workbook.plan.model.fields import As, Choice, Count, Day, Item, Line, Lines, Part, Quantity, Ref, Share, Text
from workbook.plan.model.offer import Offer

__all__ = ["Idea", "Innovation", "Push", "Release", "Status"]


class Push(Choice):
    """Where an idea pushes the product."""

    BETTER = "better", N_("Better: what customers have, improved")
    BROADER = "broader", N_("Broader: more jobs of the same customers")
    NEW_MARKET = "new-market", N_("New market: what we have, for others")
    NEW = "new", N_("New: something nobody offers")
    CHEAPER = "cheaper", N_("Cheaper: the same for less")


class Status(Choice):
    """How far a release is."""

    PLANNED = "planned", N_("Planned")
    STARTED = "started", N_("Started")
    RELEASED = "released", N_("Released")
    STOPPED = "stopped", N_("Stopped")


class Innovation(Part):
    """Where the product is going."""

    direction: Text = Field(
        "",
        title="Direction of innovation",
        examples=["From showing results to acting on them: the product decides, the team sets the limits."],
    )
    not_doing: Lines = Field(
        (), title="What we leave", description="Said now, so that nobody starts it.", examples=["Tests in mobile apps"]
    )


class Idea(Item):
    """Something that could be built, judged by RICE = reach x impact x confidence / effort."""

    name: Line = Field("", title="Idea", examples=["Tests that move visitors to the better page"])
    segments: tuple[Ref[Segment], ...] = Field((), title="For whom")
    needs: tuple[Ref[Need], ...] = Field((), title="Needs it answers")
    direction: Push | None = Field(None, title="Direction")
    reach: Count | None = Field(
        None, title="Reach", description="Customers it touches within a quarter.", examples=[300]
    )
    impact: Annotated[float, Field(ge=0, le=3, allow_inf_nan=False), As("number", "0 to 3", step=0.25)] | None = Field(
        None, title="Impact", description="On each of them: 0.25 minimal, 1 medium, 3 massive.", examples=[2]
    )
    confidence: Share | None = Field(None, title="Confidence", description="In these figures.", examples=[0.8])
    effort: Quantity | None = Field(
        None, title="Effort", examples=[6], json_schema_extra={"unit": "person-months", "step": 0.5}
    )
    evidence: Backing = ()


class Release(Item):
    """What customers get on a date, and what must be there before."""

    name: Line = Field("", title="Release", examples=["Adaptive tests for everybody"])
    ideas: tuple[Ref[Idea], ...] = Field((), title="Ideas in it")
    segments: tuple[Ref[Segment], ...] = Field((), title="For whom")
    needs: tuple[Ref[Need], ...] = Field((), title="Problems it solves")
    offer: Ref[Offer] | None = Field(None, title="Solution it brings")
    date: Day | None = Field(
        None,
        title="Date",
        description="The first of the month, while only the month is known.",
        examples=["2027-06-01"],
    )
    weeks: Annotated[float, Field(ge=0, le=520, allow_inf_nan=False), As("number", "weeks", step=1)] | None = Field(
        None, title="Work", description="From its start to its date.", examples=[10]
    )
    depends_on: tuple[Ref["Release"], ...] = Field((), title="Stands on")
    status: Status = Field(Status.PLANNED, title="Status")
