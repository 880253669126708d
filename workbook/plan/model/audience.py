"""Who the plan is for: segments, what makes one attractive, the people in them, and what they need."""

from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from workbook.language import N_
from workbook.plan.model.evidence import Evidence
from workbook.plan.model.fields import (
    As,
    Choice,
    Count,
    Item,
    Line,
    Lines,
    Money,
    Rate,
    Ref,
    Score,
    Share,
    Text,
    Value,
    Weight,
)

__all__ = [
    "AttractivenessWeights",
    "Need",
    "NeedKind",
    "Persona",
    "Relation",
    "Segment",
    "Stage",
    "Targeting",
    "Touchpoint",
]

_EVIDENCE: JsonDict = {"add": "Add evidence"}


class Targeting(Choice):
    """What the team decided about a segment."""

    OPEN = "open", N_("Not decided yet")
    TARGET = "target", N_("Target")
    EXCLUDED = "excluded", N_("Excluded")


class Relation(Choice):
    """Whether something is meant for those who buy from us already."""

    EXISTING = "existing", N_("Existing customers")
    NEW = "new", N_("New customers")
    BOTH = "both", N_("Both")


class NeedKind(Choice):
    """What sort of need it is, as a value proposition tells them apart."""

    JOB = "job", N_("Job: something to get done")
    PAIN = "pain", N_("Pain: something that gets in the way")
    GAIN = "gain", N_("Gain: something they wish for")


class AttractivenessWeights(Value):
    """How much each criterion counts when segments are compared; only the proportions matter."""

    size: Weight = Field(3, title="Size")
    growth: Weight = Field(2, title="Growth")
    value: Weight = Field(3, title="Value of a customer")
    fit: Weight = Field(3, title="Fit")
    reachability: Weight = Field(2, title="Reachability")


class Segment(Item):
    """A group of customers that could be served as one."""

    name: Line = Field("", title="Name", examples=["Enterprise customers"])
    description: Text = Field(
        "",
        title="Who they are",
        examples=["Companies with more than 1,000 employees and a marketing team of their own."],
    )
    targeting: Targeting = Field(Targeting.OPEN, title="Decision")
    customers: Count | None = Field(None, title="Customers", description="Accounts, not people.", examples=[1200])
    growth: Rate | None = Field(None, title="Growth per year", examples=[0.05])
    contract_value: Money | None = Field(
        None,
        title="Revenue per customer and year",
        examples=[12_000],
        json_schema_extra={"step": 100, "evidenced": True},
    )
    margin: Share | None = Field(None, title="Gross margin", examples=[0.7])
    churn: Share | None = Field(
        None, title="Customers lost per year", examples=[0.1], json_schema_extra={"evidenced": True}
    )
    fit: Score | None = Field(
        None, title="Fit", description="How well we can serve them: the team's judgement.", examples=[8]
    )
    reachability: Score | None = Field(
        None,
        title="Reachability",
        description="How easily our channels reach them: the team's judgement.",
        examples=[7],
    )
    focus: Text = Field(
        "",
        title="Section to focus on",
        description="The part of this audience that matters most over the next year.",
        examples=["Customers on the enterprise tier who ran ten campaigns or more last year."],
    )
    relation: Relation | None = Field(None, title="Existing or new customers")
    ours: Count | None = Field(
        None, title="Our customers among them", description="Accounts that buy from us today.", examples=[340]
    )
    category_spend: Money | None = Field(
        None,
        title="Spend in the category",
        description="Per customer and year, with us and with others: it gives our share of wallet.",
        examples=[40_000],
        json_schema_extra={"step": 100, "evidenced": True},
    )
    evidence: tuple[Evidence, ...] = Field((), title="Evidence", json_schema_extra=_EVIDENCE)


class Persona(Item):
    """A person the plan speaks to, drawn from what is known about a segment."""

    name: Line = Field("", title="Name", examples=["Elena, head of digital marketing"])
    segment: Ref[Segment] | None = Field(None, title="Segment")
    role: Line = Field("", title="Role", examples=["Runs a team of eight and answers for the cost of a lead"])
    goals: Lines = Field((), title="Goals", examples=["Shorten the time from idea to tested page"])
    challenges: Lines = Field((), title="Challenges", examples=["Every test needs a developer"])
    information: Lines = Field(
        (), title="Where they look for information", examples=["LinkedIn groups for marketing operations"]
    )
    objections: Lines = Field((), title="Objections", examples=["One more tool to learn"])
    quotes: Lines = Field((), title="In their words", examples=["By the time the test is live, the campaign is over."])
    evidence: tuple[Evidence, ...] = Field((), title="Evidence", json_schema_extra=_EVIDENCE)


class Stage(Item):
    """A stage of the customer's journey, from first hearing of us to recommending us."""

    name: Line = Field("", title="Stage", examples=["Compares solutions"])
    question: Line = Field(
        "",
        title="Question they ask",
        description="What they want to know before they go on.",
        examples=["Does it work with the CRM we have?"],
    )
    obstacle: Line = Field(
        "", title="What holds them up", examples=["IT must approve every new tool, which takes a quarter"]
    )
    conversion: Share | None = Field(
        None,
        title="Go on to the next stage",
        description="Share of those who reach this stage.",
        examples=[0.25],
    )
    evidence: tuple[Evidence, ...] = Field((), title="Evidence", json_schema_extra=_EVIDENCE)


class Touchpoint(Item):
    """Where a customer meets us, or talk of us, on the journey."""

    name: Line = Field("", title="Touchpoint", examples=["Release notes inside the CRM"])
    stage: Ref[Stage] | None = Field(None, title="Stage")
    personas: tuple[Ref[Persona], ...] = Field((), title="Who meets us there")
    happens: Text = Field(
        "", title="What happens there", examples=["They read what is new and decide whether to try it."]
    )
    experience: Score | None = Field(
        None, title="Experience today", description="0: drives them away, 10: could not be better.", examples=[6]
    )
    evidence: tuple[Evidence, ...] = Field((), title="Evidence", json_schema_extra=_EVIDENCE)


class Need(Item):
    """What customers of a segment want to get done; surveys name it by its id."""

    name: Line = Field(
        "",
        title="Need",
        description="As a customer would say it, without our solution in it.",
        examples=["Test page versions without waiting for IT"],
    )
    kind: NeedKind = Field(NeedKind.JOB, title="Kind")
    segment: Ref[Segment] | None = Field(None, title="Segment")
    personas: tuple[Ref[Persona], ...] = Field((), title="Whose need it is")
    importance: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False), As("number", "0 to 10", step=0.5)] | None = (
        Field(
            None,
            title="Importance",
            description="Where there is no survey: the team's judgement.",
            examples=[8],
            json_schema_extra={"evidenced": True},
        )
    )
    satisfaction: (
        Annotated[float, Field(ge=0, le=10, allow_inf_nan=False), As("number", "0 to 10", step=0.5)] | None
    ) = Field(
        None,
        title="Satisfaction today",
        description="Where there is no survey: the team's judgement.",
        examples=[3],
        json_schema_extra={"evidenced": True},
    )
    evidence: tuple[Evidence, ...] = Field((), title="Evidence", json_schema_extra=_EVIDENCE)
