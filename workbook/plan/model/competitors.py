"""Whom customers compare us with: what buyers weigh, how rivals and we do on it, how large the market is, what to change."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.audience import Segment
from workbook.plan.model.evidence import Backing, Evidence
from workbook.plan.model.fields import (
    As,
    Choice,
    Count,
    Item,
    Line,
    Lines,
    Money,
    Part,
    Ref,
    Score,
    Share,
    Text,
    Weight,
)

__all__ = ["Action", "Factor", "MarketSize", "Move", "Rival", "Standing", "Way"]


class Move(Choice):
    """What to do with a factor that the whole industry competes on."""

    ELIMINATE = "eliminate", N_("Eliminate: customers would not miss it")
    REDUCE = "reduce", N_("Reduce: well below what rivals do")
    RAISE = "raise", N_("Raise: well above what rivals do")
    CREATE = "create", N_("Create: nobody offers it yet")


class Way(Choice):
    """From which end the market was counted."""

    TOP_DOWN = "top-down", N_("Top-down: from the whole market")
    BOTTOM_UP = "bottom-up", N_("Bottom-up: from the accounts we can name")


class Factor(Item):
    """Something buyers care about when they compare."""

    name: Line = Field("", title="Factor", examples=["Time from idea to live test"])
    weight: Weight = Field(
        1, title="Weight", description="How much buyers care; only the proportions matter.", examples=[3]
    )
    evidence: Backing = ()


class Rival(Item):
    """Somebody customers could choose instead of us."""

    name: Line = Field("", title="Name", examples=["Testbird"])
    description: Text = Field("", title="What they offer", examples=["A testing tool of its own, sold by visitors."])
    price: Money | None = Field(
        None,
        title="Price",
        description="What a customer pays a year.",
        examples=[9_600],
        json_schema_extra={"step": 100},
    )
    scores: dict[Ref[Factor], Score] = Field(
        {}, title="How they do", description="0 = poor, 10 = excellent, as buyers see it."
    )
    share: Share | None = Field(
        None, title="Share of the market", description="Of sales in the category.", examples=[0.15]
    )
    voice: Share | None = Field(
        None, title="Share of voice", description="Of what is said or shown in the category.", examples=[0.2]
    )
    strengths: Lines = Field((), title="Strengths", examples=["Known among developers"])
    weaknesses: Lines = Field((), title="Weaknesses", examples=["Results stay apart from customer data"])
    evidence: Backing = ()


class Standing(Part):
    """How we do on the same factors."""

    scores: dict[Ref[Factor], Score] = Field(
        {}, title="How we do", description="0 = poor, 10 = excellent, as buyers see it."
    )
    share: Share | None = Field(
        None, title="Our share of the market", description="Of sales in the category.", examples=[0.08]
    )
    users: Share | None = Field(
        None, title="Our share of users", description="Of all who use something of the category.", examples=[0.1]
    )
    voice: Share | None = Field(
        None, title="Our share of voice", description="Of what is said or shown in the category.", examples=[0.06]
    )
    unprompted: Share | None = Field(
        None,
        title="Name us unasked",
        description="Of the buyers asked which names they know.",
        examples=[0.12],
        json_schema_extra={"evidenced": True},
    )
    known: Share | None = Field(
        None,
        title="Know us at all",
        description="Unasked, or when they see the name in a list.",
        examples=[0.4],
        json_schema_extra={"evidenced": True},
    )
    evidence: Backing = ()


class MarketSize(Item):
    """One count of the market: TAM = customers x value, SAM = TAM x share we can serve, SOM = SAM x share we can win."""

    name: Line = Field("", title="Name", examples=["From the accounts in our regions"])
    way: Way = Field(Way.TOP_DOWN, title="Counted")
    segments: tuple[Ref[Segment], ...] = Field((), title="Segments in it")
    customers: Count | None = Field(
        None, title="Customers", description="Accounts in the whole market.", examples=[1200]
    )
    customers_evidence: tuple[Evidence, ...] = Field(
        (), title="Evidence for the customers", json_schema_extra={"add": "Add evidence"}
    )
    value: Money | None = Field(
        None,
        title="Value of a customer",
        description="What one spends in the category a year.",
        examples=[40_000],
        json_schema_extra={"step": 100},
    )
    value_evidence: tuple[Evidence, ...] = Field(
        (), title="Evidence for the value", json_schema_extra={"add": "Add evidence"}
    )
    served: Share | None = Field(
        None, title="Share we can serve", description="With this product, in these languages.", examples=[0.6]
    )
    served_evidence: tuple[Evidence, ...] = Field(
        (), title="Evidence for the share we can serve", json_schema_extra={"add": "Add evidence"}
    )
    won: Share | None = Field(
        None, title="Share we can win", description="Of those we can serve, within the horizon.", examples=[0.05]
    )
    won_evidence: tuple[Evidence, ...] = Field(
        (), title="Evidence for the share we can win", json_schema_extra={"add": "Add evidence"}
    )


class Action(Item):
    """What to change about a factor, so that our curve looks like nobody else's."""

    name: Line = Field("", title="What we do", examples=["Let the test decide by itself, without a statistician"])
    move: Move | None = Field(None, title="Move")
    factor: Ref[Factor] | None = Field(None, title="Factor")
    score: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False), As("number", "0 to 10", step=1)] | None = Field(
        None, title="Where we want to stand", examples=[9]
    )
    reason: Text = Field("", title="Why", examples=["Nobody in the interviews asked for more charts."])
