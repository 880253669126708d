"""What the team set out to do: the goal, by when, in which money."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.fields import As, Choice, Item, Line, Money, Month, Part, Text, Value

__all__ = ["Charter", "Currency", "Member", "Period"]


class Currency(Choice):
    """Currencies a plan can be kept in; all its money is in this one."""

    EUR = "EUR", N_("EUR: euro")
    USD = "USD", N_("USD: US dollar")
    GBP = "GBP", N_("GBP: pound sterling")
    CHF = "CHF", N_("CHF: Swiss franc")


class Period(Value):
    """A number of months from a first one."""

    start: Month | None = Field(None, title="First month", examples=["2027-01"])
    months: Annotated[int, Field(ge=1, le=120), As("number", "months", step=1)] = Field(12, title="Length")


class Member(Item):
    """Somebody of the team."""

    name: Line = Field("", title="Name", examples=["Marta Riva"])
    role: Line = Field("", title="Role", examples=["Product marketing"])


class Charter(Part):
    """The frame of the plan."""

    title: Line = Field("", title="Title of the plan", examples=["Adaptive test add-on"])
    goal: Text = Field(
        "",
        title="Goal",
        description="What will be true at the end of the period that is not true today.",
        examples=["One in five enterprise customers uses adaptive tests."],
    )
    period: Period = Field(Period(), title="Period")
    revenue_target: Money | None = Field(
        None, title="Revenue target", description="In the whole period.", examples=[1_000_000]
    )
    currency: Currency = Field(Currency.EUR, title="Currency")
    team: tuple[Member, ...] = Field((), title="Team", json_schema_extra={"add": "Add a person"})
