"""Why us: what customers do today, what we have that the alternatives lack, and what that is worth to whom."""

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.audience import Need, Segment
from workbook.plan.model.competitors import Rival
from workbook.plan.model.evidence import Backing, Evidence
from workbook.plan.model.fields import Choice, Item, Line, Lines, Part, Ref, Text

__all__ = [
    "Advantage",
    "AdvantageState",
    "Alternative",
    "Attribute",
    "Brand",
    "ClaimUse",
    "MessageHouse",
    "Pillar",
    "Positioning",
    "Reliever",
]


class AdvantageState(Choice):
    """Whether the plan still claims it."""

    LIVE = "live", N_("Live: we claim it")
    DROPPED = "dropped", N_("Dropped: we no longer claim it")


class ClaimUse(Choice):
    """What saying it does for us."""

    DIFFERENCE = "difference", N_("Difference: a reason to choose us")
    PARITY = "parity", N_("Parity: buyers expect it, from everybody")


class Alternative(Item):
    """What customers would do if we did not exist: a rival's product, a spreadsheet, nothing."""

    name: Line = Field("", title="Name", examples=["A separate testing tool"])
    falls_short: Text = Field(
        "",
        title="Where it falls short",
        examples=["Results stay outside the CRM, so nobody sees which customers they came from."],
    )
    rival: Ref[Rival] | None = Field(None, title="Rival who offers it")


class Attribute(Item):
    """Something we have or can do, stated as a fact."""

    name: Line = Field("", title="Attribute", examples=["Adaptive tests inside the CRM"])
    also_in: tuple[Ref[Alternative], ...] = Field((), title="Alternatives that have it too")
    use: ClaimUse | None = Field(
        None, title="What it is for us", description="What others have too can be said, but not led with."
    )
    evidence: tuple[Evidence, ...] = Field((), title="Proof", json_schema_extra={"add": "Add a proof"})


class Advantage(Item):
    """The value that attributes give to somebody with a need."""

    name: Line = Field(
        "",
        title="Advantage",
        description="The value, in the customer's words.",
        examples=["Better pages within the week, without IT"],
    )
    attribute: Ref[Attribute] | None = Field(None, title="Attribute it comes from")
    needs: tuple[Ref[Need], ...] = Field((), title="Needs it answers")
    state: AdvantageState = Field(AdvantageState.LIVE, title="Still claimed?")


class Reliever(Item):
    """How an attribute takes away a pain, or brings about a gain."""

    name: Line = Field("", title="What it does", examples=["Publishes a page version without a ticket to IT"])
    needs: tuple[Ref[Need], ...] = Field((), title="Pains it relieves, gains it creates")
    attribute: Ref[Attribute] | None = Field(None, title="Attribute that does it")
    evidence: Backing = ()


class Positioning(Part):
    """The choice: for whom, instead of what, in which category, with which advantages."""

    segment: Ref[Segment] | None = Field(None, title="For whom")
    category: Line = Field(
        "",
        title="Category",
        description="The frame in which customers will compare us.",
        examples=["CRM for enterprise marketing"],
    )
    product: Line = Field("", title="Product", examples=["the enterprise tier with adaptive tests"])
    alternative: Ref[Alternative] | None = Field(None, title="Main alternative")
    advantages: tuple[Ref[Advantage], ...] = Field((), title="Advantages we lead with")


class Brand(Part):
    """Who we are when we speak: what stays the same in every message."""

    identity: Text = Field(
        "",
        title="Identity",
        description="What the brand stands for, in two sentences.",
        examples=["We give marketing teams their independence back. We never promise what a customer cannot check."],
    )
    values: Lines = Field((), title="Values", examples=["Open about how a result came about"])
    tone: Line = Field("", title="Tone of voice", examples=["Plain, calm, exact; a colleague, not a salesman"])
    does: Lines = Field((), title="We say", examples=["Numbers with their source"])
    avoids: Lines = Field((), title="We do not say", examples=["Revolutionary, seamless, AI-powered"])
    look: Line = Field("", title="Look", examples=["Much white, one green, real screens instead of stock photographs"])


class Pillar(Item):
    """One of the few messages that carry the main one, each standing on an advantage."""

    name: Line = Field("", title="Message", examples=["Test today, not in three weeks"])
    advantage: Ref[Advantage] | None = Field(None, title="Advantage it stands on")
    proof: Line = Field(
        "", title="Proof as we say it", examples=["Eleven of fourteen beta customers needed no help from IT"]
    )


class MessageHouse(Part):
    """The brand's message house: one main message, the pillars under it, and the ground they stand on."""

    roof: Line = Field(
        "",
        title="Main message",
        description="What everybody should remember.",
        examples=["Your enterprise tier now tests your pages by itself."],
    )
    foundation: Text = Field(
        "",
        title="Ground it stands on",
        description="Facts that hold for every pillar.",
        examples=["Twelve years of CRM for enterprises; data stays in the European Union."],
    )
    pillars: tuple[Pillar, ...] = Field((), title="Pillars", json_schema_extra={"add": "Add a pillar"})
