"""Why us: what customers do today, what we have that the alternatives lack, and what that is worth to whom."""

from pydantic import Field

from workbook.plan.model.audience import Need, Segment
from workbook.plan.model.evidence import Evidence
from workbook.plan.model.fields import Item, Line, Part, Ref, Text

__all__ = ["Advantage", "Alternative", "Attribute", "Positioning"]


class Alternative(Item):
    """What customers would do if we did not exist: a rival's product, a spreadsheet, nothing."""

    name: Line = Field("", title="Name", examples=["A separate testing tool"])
    falls_short: Text = Field(
        "",
        title="Where it falls short",
        examples=["Results stay outside the CRM, so nobody sees which customers they came from."],
    )


class Attribute(Item):
    """Something we have or can do, stated as a fact."""

    name: Line = Field("", title="Attribute", examples=["Adaptive tests inside the CRM"])
    also_in: tuple[Ref[Alternative], ...] = Field((), title="Alternatives that have it too")
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
