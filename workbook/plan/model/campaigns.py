"""What is said to whom and when: assets, audiences, accounts, campaigns, their messages and creatives, launch notices."""

from typing import Annotated

from pydantic import Field

from workbook.language import N_
from workbook.plan.model.audience import Need, Persona, Relation, Segment, Stage
from workbook.plan.model.charter import Member
from workbook.plan.model.fields import As, Choice, Count, Day, Item, Line, Lines, Money, Quantity, Ref, Share, Text
from workbook.plan.model.mix import Channel
from workbook.plan.model.offer import Offer
from workbook.plan.model.positioning import Advantage, Pillar
from workbook.plan.model.roadmap import Release

__all__ = [
    "Account",
    "Asset",
    "AssetKind",
    "AssetState",
    "Audience",
    "Campaign",
    "Consent",
    "Creative",
    "Incentive",
    "Message",
    "Notice",
    "NoticeAudience",
    "Programme",
]


class AssetKind(Choice):
    """What an asset is."""

    PAGE = "page", N_("Page")
    EMAIL = "email", N_("Email")
    AD = "ad", N_("Advertisement")
    VIDEO = "video", N_("Video")
    E_BOOK = "e-book", N_("E-book or guide")
    STORY = "story", N_("Customer story")
    TALK = "talk", N_("Slides or talk")
    TOOL = "tool", N_("Calculator or quiz")
    OTHER = "other", N_("Something else")


class AssetState(Choice):
    """Whether it can be used as it is."""

    READY = "ready", N_("Ready")
    UPDATE = "update", N_("To be updated")
    MAKE = "make", N_("To be made")


class Programme(Choice):
    """How a campaign goes about it."""

    ACCOUNT_BASED = "account-based", N_("Account-based: to named accounts")
    INBOUND = "inbound", N_("Inbound: they come to us")
    OUTBOUND = "outbound", N_("Outbound: we go to them")


class Incentive(Choice):
    """What people get for acting now."""

    NONE = "none", N_("Nothing")
    TRIAL = "trial", N_("Trial or demo")
    E_BOOK = "e-book", N_("E-book or guide")
    DISCOUNT = "discount", N_("Discount or coupon")
    REBATE = "rebate", N_("Rebate")
    SAMPLE = "sample", N_("Free sample")
    SHIPPING = "shipping", N_("Free shipping or a perk")
    BUNDLE = "bundle", N_("Bundle")


class NoticeAudience(Choice):
    """Who is told of a release."""

    CUSTOMERS = "customers", N_("Customers")
    LEADS = "leads", N_("Leads")
    PARTNERS = "partners", N_("Partners")
    INTERNAL = "internal", N_("Teams that talk to customers")


class Consent(Choice):
    """Whether people have agreed to be written to, called or followed."""

    GIVEN = "given", N_("Yes, and it is on record")
    NEEDLESS = "needless", N_("Not needed: nobody is addressed in person")
    MISSING = "missing", N_("No, or nobody knows")


class Asset(Item):
    """Something campaigns can use: what there is, and what is still missing."""

    name: Line = Field("", title="Asset", examples=["Guide: ten page tests that paid"])
    kind: AssetKind | None = Field(None, title="Kind")
    state: AssetState = Field(AssetState.READY, title="State")
    segments: tuple[Ref[Segment], ...] = Field((), title="For whom")
    stages: tuple[Ref[Stage], ...] = Field((), title="Journey stages it serves")
    advantages: tuple[Ref[Advantage], ...] = Field((), title="Advantages it shows")
    owner: Ref[Member] | None = Field(None, title="Owner")
    where: Line = Field("", title="Where it is", examples=["Shared drive, folder Campaigns 2027"])


class Audience(Item):
    """A narrower group inside a segment."""

    name: Line = Field("", title="Name", examples=["Customers who publish ten pages a month or more"])
    segment: Ref[Segment] | None = Field(None, title="Segment")
    relation: Relation | None = Field(None, title="Existing or new customers")
    personas: tuple[Ref[Persona], ...] = Field((), title="Who they are")
    people: Count | None = Field(None, title="People in it", examples=[900])
    chosen_by: Text = Field("", title="How they are chosen", examples=["CRM: pages published, last 90 days."])
    consent: Consent | None = Field(None, title="Have they agreed to hear from us?")


class Account(Item):
    """A company addressed by name, with a message of its own."""

    name: Line = Field("", title="Account", examples=["Nordlicht Insurance"])
    segment: Ref[Segment] | None = Field(None, title="Segment")
    relation: Relation | None = Field(None, title="Existing or new customer")
    persona: Ref[Persona] | None = Field(None, title="Whom we speak to")
    message: Text = Field(
        "",
        title="Personal message",
        examples=["Your renewal campaign had four page versions last year; this year the better one finds itself."],
    )
    advantage: Ref[Advantage] | None = Field(None, title="Advantage it stands on")
    owner: Ref[Member] | None = Field(None, title="Owner")


class Campaign(Item):
    """One segment, one challenge, one advantage: said at the right time, through a few channels."""

    name: Line = Field("", title="Name", examples=["Launch to enterprise customers"])
    segment: Ref[Segment] | None = Field(None, title="Segment")
    challenge: Ref[Need] | None = Field(None, title="Challenge")
    advantage: Ref[Advantage] | None = Field(None, title="Advantage")
    relation: Relation | None = Field(None, title="Existing or new customers")
    audiences: tuple[Ref[Audience], ...] = Field((), title="Audiences inside the segment")
    accounts: tuple[Ref[Account], ...] = Field((), title="Accounts by name")
    angle: Text = Field(
        "",
        title="Angle",
        description="The way in: what the promotion video shows first, say.",
        examples=["A marketer's Monday, with and without waiting for IT."],
    )
    branding: Text = Field(
        "",
        title="Role of the brand",
        description="What people should think of us afterwards.",
        examples=["The CRM that gives marketing its independence back."],
    )
    programme: Programme | None = Field(None, title="Programme")
    release: Ref[Release] | None = Field(None, title="Release it belongs to")
    offer: Ref[Offer] | None = Field(None, title="Solution it offers")
    incentive: Incentive = Field(Incentive.NONE, title="What they get for acting now")
    discount: Share | None = Field(None, title="Off the price", examples=[0.1])
    channels: tuple[Ref[Channel], ...] = Field((), title="Channels")
    assets: tuple[Ref[Asset], ...] = Field((), title="Assets it uses")
    start: Day | None = Field(None, title="First day", examples=["2027-06-01"])
    end: Day | None = Field(None, title="Last day", examples=["2027-08-31"])
    owner: Ref[Member] | None = Field(None, title="Owner")
    budget: Money | None = Field(None, title="Budget", description="Out of the plan's budget.", examples=[35_000])
    making_hours: Quantity | None = Field(
        None,
        title="Work to make it",
        description="Of its owner, in the weeks before its first day that step 7 says a campaign takes.",
        examples=[60],
        json_schema_extra={"unit": "hours"},
    )
    weekly_hours: Quantity | None = Field(
        None,
        title="Work while it runs",
        description="Of its owner, in each week.",
        examples=[6],
        json_schema_extra={"unit": "hours"},
    )


class Message(Item):
    """What a campaign says to somebody at a stage of the journey."""

    name: Line = Field("", title="Message", examples=["Your next page test needs no ticket"])
    campaign: Ref[Campaign] | None = Field(None, title="Campaign")
    stage: Ref[Stage] | None = Field(None, title="Journey stage")
    personas: tuple[Ref[Persona], ...] = Field((), title="Whom it speaks to")
    advantage: Ref[Advantage] | None = Field(None, title="Advantage it cites")
    pillar: Ref[Pillar] | None = Field(None, title="Pillar of the message house")
    text: Text = Field(
        "",
        title="In full",
        examples=["Put two versions of your page live today. By Friday most visitors see the better."],
    )
    call: Line = Field("", title="What they should do", examples=["Switch the function on"])


class Creative(Item):
    """How a message looks in a channel."""

    name: Line = Field("", title="Creative", examples=["Video, 30 seconds: Monday without a ticket"])
    campaign: Ref[Campaign] | None = Field(None, title="Campaign")
    message: Ref[Message] | None = Field(None, title="Message it carries")
    channel: Ref[Channel] | None = Field(None, title="Channel")
    asset: Ref[Asset] | None = Field(None, title="Asset it is made from")
    format: Line = Field("", title="Format", examples=["Video, 1080 x 1080, with subtitles"])
    versions: Lines = Field((), title="Versions", examples=["Opens with the waiting"])
    due: Day | None = Field(None, title="Ready by", examples=["2027-05-20"])


class Notice(Item):
    """Telling somebody of a release, in time."""

    name: Line = Field("", title="Notice", examples=["Email to customers of the enterprise tier"])
    release: Ref[Release] | None = Field(None, title="Release")
    audience: NoticeAudience | None = Field(None, title="Who is told")
    segments: tuple[Ref[Segment], ...] = Field((), title="Segments")
    days_before: Annotated[int, Field(ge=0, le=730), As("number", "days", step=1)] | None = Field(
        None, title="Days before the release", examples=[14]
    )
    date: Day | None = Field(
        None,
        title="Date",
        description="Left empty: the release's date less the days before it.",
        examples=["2027-05-18"],
    )
    channel: Ref[Channel] | None = Field(None, title="Channel")
    message: Ref[Message] | None = Field(None, title="Message")
    says: Text = Field("", title="What it says", examples=["What is new, from when, and what it costs: nothing extra."])
    consent: Consent | None = Field(None, title="Have they agreed to hear from us?")
    owner: Ref[Member] | None = Field(None, title="Owner")
