"""What a statement rests on: where it comes from, how good that is, and how many stand behind it."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.fields import As, Choice, Count, Day, Item, Line, Lines, Ref, Text, Value

__all__ = ["Backing", "Basis", "Confirmation", "Evidence", "Finding", "Grade", "Study", "Waiver"]

Figure = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False), As("number")]


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
    columns: Lines = Field(
        (),
        title="Columns",
        description="The name the analysis asks for, =, and the table's own, where they differ.",
        examples=["importance=imp"],
    )
    reading: Lines = Field(
        (),
        title="How to read it",
        description="Answers to questions about the table, as on the command line.",
        examples=["--decimal comma"],
    )
    note: Line = Field(
        "",
        title="Remark",
        description="How the answers were collected, and from whom.",
        examples=["Online survey among enterprise customers"],
    )


class Finding(Item):
    """
    A figure that an analysis worked out and the team adopted, with all that is needed to work it out again.

    Evidence names it, so that whatever rests on that evidence stands on the finding, and through it on the study. It is
    written by adopting a result; when the table has another fingerprint today, the finding is out of date.
    """

    name: Line = Field("", title="What it says", examples=["Testing without IT: opportunity 13.4 of 20"])
    study: Ref[Study] | None = Field(None, title="Study")
    table: Line = Field("", title="Table", description="File it was worked out from.", examples=["needs-survey.csv"])
    fingerprint: Line = Field(
        "", title="Fingerprint", description="SHA-256 of the table's content when the finding was adopted."
    )
    analysis: Line = Field(
        "", title="Method", description="The analysis, as `workbook` lists them.", examples=["opportunity"]
    )
    options: Lines = Field((), title="Options", description="As on the command line.", examples=["--scale-max 10"])
    conventions: Lines = Field(
        (),
        title="Conventions",
        description="The choices made, in words.",
        examples=["Share of the top two boxes × 10."],
    )
    figure: Figure | None = Field(None, title="Figure", examples=[13.4])
    low: Figure | None = Field(None, title="Low end of the interval", examples=[12.6])
    high: Figure | None = Field(None, title="High end of the interval", examples=[14.1])
    n: Count | None = Field(None, title="Answers behind it", examples=[180])
    adopted: Day | None = Field(None, title="Adopted on", examples=["2026-11-02"])
    grade: Grade = Field(Grade.B, title="Grade")
    fills: Lines = Field(
        (),
        title="Fields it filled",
        description="Paths in the plan that took the figure.",
        examples=["/needs/test-alone/importance"],
    )
    basis: Lines = Field(
        (),
        title="Worked out from",
        description="Paths in the plan itself that it follows from, where it comes from no table.",
        examples=["/budget/worth_to_cost"],
    )


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
    finding: Ref[Finding] | None = Field(
        None, title="Adopted finding", description="The result of an analysis that says so."
    )


Backing = Annotated[tuple[Evidence, ...], Field(title="Evidence", json_schema_extra={"add": "Add evidence"})]
"""What a statement rests on, as a field: ``evidence: Backing = ()``."""


class Waiver(Value):
    """A change upstream that somebody saw and judged not to matter."""

    fingerprint: Line = Field("", title="Fingerprint of what was waived")
    by: Line = Field("", title="By")
    reason: Text = Field("", title="Reason", examples=["The wording changed, not the need."])
    review: Day | None = Field(None, title="Look again on", examples=["2027-06-01"])


class Confirmation(Value):
    """What an item was confirmed against: a fingerprint of each item it stands on, as it then was."""

    seen: dict[str, str] = Field({}, title="Fingerprints by item")
    by: Line = Field("", title="By")
    revision: int = Field(0, ge=0, title="Revision of the plan")
    waived: dict[str, Waiver] = Field({}, title="Waivers by item")

    unlisted = ("seen", "by", "revision", "waived")
