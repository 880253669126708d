"""What the team set out to do: the goal, by when, in which money."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.fields import As, Choice, Item, Line, Money, Month, Part, Quantity, Text, Value

__all__ = ["Charter", "Currency", "Member", "Period", "Tongue"]


class Currency(Choice):
    """Currencies a plan can be kept in; all its money is in this one."""

    EUR = "EUR", N_("EUR: euro")
    USD = "USD", N_("USD: US dollar")
    GBP = "GBP", N_("GBP: pound sterling")
    CHF = "CHF", N_("CHF: Swiss franc")


class Tongue(Choice):
    """The language a plan is written in; pages and reports can be read in the other one."""

    EN = "en", N_("English")
    IT = "it", N_("Italian")


class Period(Value):
    """A number of months from a first one."""

    start: Month | None = Field(None, title="First month", examples=["2027-01"])
    months: Annotated[int, Field(ge=1, le=120), As("number", "months", step=1)] = Field(12, title="Length")


class Member(Item):
    """Somebody of the team."""

    name: Line = Field("", title="Name", examples=["Marta Riva"])
    role: Line = Field("", title="Role", examples=["Product marketing"])
    hours: Quantity | None = Field(
        None,
        title="Time for this plan",
        description="In a month.",
        examples=[40],
        json_schema_extra={"unit": "hours"},
    )


class Charter(Part):
    """The frame of the plan."""

    title: Line = Field("", title="Title of the plan", examples=["Adaptive test add-on"])
    goal: Text = Field(
        "",
        title="Goal",
        description="What will be true at the end of the period that is not true today.",
        examples=["One in five enterprise customers uses adaptive tests."],
    )
    who: Text = Field(
        "",
        title="Who",
        description="Whom the plan is for, and who decides.",
        examples=["Marketing teams of enterprise customers; decided by the head of product marketing."],
    )
    what: Text = Field(
        "",
        title="What",
        description="What they get that they did not have.",
        examples=["A function that tests versions of a page by itself."],
    )
    where: Text = Field(
        "", title="Where", description="Countries, regions, markets.", examples=["Germany, Austria and Italy."]
    )
    why: Text = Field(
        "",
        title="Why",
        description="Why now, and why us.",
        examples=["Customers ask for it, and rivals sell it as a tool apart."],
    )
    how: Text = Field(
        "",
        title="How",
        description="The way of working: steps, meetings, who signs off.",
        examples=["A workshop a step, then one review a month."],
    )
    period: Period = Field(Period(), title="Period", description="When: the horizon of the plan.")
    revenue_target: Money | None = Field(
        None, title="Revenue target", description="In the whole period.", examples=[1_000_000]
    )
    currency: Currency = Field(Currency.EUR, title="Currency")
    language: Tongue = Field(Tongue.EN, title="Language of the plan")
    team: tuple[Member, ...] = Field((), title="Team", json_schema_extra={"add": "Add a person"})
