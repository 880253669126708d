"""What a statement rests on: where it comes from, how good that is, and how many stand behind it."""

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.fields import Choice, Count, Item, Line

__all__ = ["Basis", "Evidence", "Grade", "Study"]


class Grade(Choice):
    """How far evidence can be trusted; a figure computed from others has the worst of their grades."""

    A = "A", N_("A: own data, 100 answers or more, with an interval")
    B = "B", N_("B: own data from fewer answers, or a primary source")
    C = "C", N_("C: a secondary source")
    D = "D", N_("D: the team's judgement")
    E = "E", N_("E: a claim without a source")


class Basis(Choice):
    """What a number is: never mixed up on a page."""

    ASSUMED = "assumed", N_("assumed")
    OBSERVED = "observed", N_("observed")
    TESTED = "tested", N_("tested")


class Evidence(Item):
    """One thing that supports a statement."""

    name: Line = Field("", title="What it says", examples=["Nine of twelve interviewees wait for IT to change a page"])
    source: Line = Field(
        "",
        title="Source",
        description="Study, table, interview, article: so that others can find it.",
        examples=["Customer interviews, spring 2026"],
    )
    grade: Grade = Field(Grade.D, title="Grade")
    n: Count | None = Field(None, title="Answers behind it", examples=[12])


class Study(Item):
    """A table of answers or records, kept in the workspace by its content."""

    name: Line = Field("", title="Name", examples=["Needs survey, March 2026"])
    analysis: Line = Field(
        "",
        title="Analysis",
        description="The analysis that reads it, as `workbook` lists them.",
        examples=["opportunity"],
    )
    table: Line = Field(
        "", title="Table", description="File in the workspace's tables folder.", examples=["1f0c9a2b-needs-survey.csv"]
    )
    note: Line = Field(
        "",
        title="Remark",
        description="How the answers were collected, and from whom.",
        examples=["Online survey among enterprise customers"],
    )
