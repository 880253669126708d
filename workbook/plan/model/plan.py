"""The plan: everything a team decides, in one frozen model, in the order in which it is decided."""

from functools import cached_property
from typing import Any

from pydantic import Field

from workbook.plan.model.audience import AttractivenessWeights, Need, Persona, Segment, Stage, Touchpoint
from workbook.plan.model.balance import Balance
from workbook.plan.model.campaigns import Account, Asset, Audience, Campaign, Creative, Message, Notice
from workbook.plan.model.charter import Charter
from workbook.plan.model.competitors import Action, Factor, MarketSize, Rival, Standing
from workbook.plan.model.evidence import Confirmation, Finding, Study
from workbook.plan.model.experiments import Experiment, Referral
from workbook.plan.model.fields import Item, Part, items_in
from workbook.plan.model.handover import Handover, LeadSource
from workbook.plan.model.measures import Closing, Decision, Indicator
from workbook.plan.model.mix import Budget, Channel, ChannelGroup, Criterion, Curve
from workbook.plan.model.offer import Offer, Package, TrialCase
from workbook.plan.model.positioning import (
    Advantage,
    Alternative,
    Attribute,
    Brand,
    MessageHouse,
    Positioning,
    Reliever,
)
from workbook.plan.model.research import Loyalty, Market, Theme, Trend, Usage
from workbook.plan.model.roadmap import Idea, Innovation, Release

__all__ = ["Plan"]


def _section(title: str, help: str, add: str = "") -> Any:
    return {"title": title, "description": help, "json_schema_extra": {"add": add} if add else None}


class Plan(Part):
    """
    One plan, upstream to downstream.

    The model checks shapes and ranges only, so that an unfinished plan can be stored; what is missing or does not fit
    together is named by ``plan.checks``.
    """

    charter: Charter = Field(Charter(), **_section("Charter", "What the team set out to do."))
    studies: tuple[Study, ...] = Field(
        (), **_section("Studies", "Tables of answers and records the plan rests on.", "Add a study")
    )
    findings: tuple[Finding, ...] = Field(
        (), **_section("Adopted findings", "Figures that analyses worked out and the team took over.", "Add a finding")
    )
    attractiveness: AttractivenessWeights = Field(
        AttractivenessWeights(),
        **_section("What makes a segment attractive", "Weights from 0 to 100; only the proportions matter."),
    )
    segments: tuple[Segment, ...] = Field(
        (), **_section("Segments", "Groups of customers that could be served as one.", "Add a segment")
    )
    personas: tuple[Persona, ...] = Field(
        (), **_section("Personas", "The people in a segment whom the plan speaks to.", "Add a persona")
    )
    stages: tuple[Stage, ...] = Field(
        (), **_section("Journey stages", "From first hearing of us to recommending us.", "Add a stage")
    )
    touchpoints: tuple[Touchpoint, ...] = Field(
        (), **_section("Touchpoints", "Where customers meet us, or talk of us, on the journey.", "Add a touchpoint")
    )
    needs: tuple[Need, ...] = Field(
        (), **_section("Needs", "What they want to get done, in their words.", "Add a need")
    )
    trends: tuple[Trend, ...] = Field(
        (), **_section("Trends", "What is seen to be changing, and what it will do to us.", "Add a trend")
    )
    markets: tuple[Market, ...] = Field(
        (), **_section("New markets", "Candidates, scored by the same criteria as the segments.", "Add a market")
    )
    themes: tuple[Theme, ...] = Field(
        (), **_section("Themes in feedback", "What customers keep saying, the unpleasant things too.", "Add a theme")
    )
    usage: tuple[Usage, ...] = Field(
        (), **_section("Use of the product", "Which features each segment uses, and how often.", "Add a feature")
    )
    loyalty: tuple[Loyalty, ...] = Field(
        (),
        **_section(
            "Loyalty and word of mouth",
            "Whether customers stay, come back and bring others.",
            "Add a segment's figures",
        ),
    )
    factors: tuple[Factor, ...] = Field(
        (), **_section("Factors", "What buyers weigh when they compare.", "Add a factor")
    )
    rivals: tuple[Rival, ...] = Field(
        (), **_section("Rivals", "Whom customers could choose instead, and how they do.", "Add a rival")
    )
    standing: Standing = Field(Standing(), **_section("How we do", "The same factors, as buyers see us."))
    sizes: tuple[MarketSize, ...] = Field(
        (),
        **_section(
            "Market size",
            "The whole market, the part we can serve, the part we can win; counted from two ends.",
            "Add a count",
        ),
    )
    actions: tuple[Action, ...] = Field(
        (),
        **_section(
            "Eliminate, reduce, raise, create",
            "What to change, so that we do not look like everybody else.",
            "Add an action",
        ),
    )
    alternatives: tuple[Alternative, ...] = Field(
        (), **_section("Alternatives", "What customers would do if we did not exist.", "Add an alternative")
    )
    attributes: tuple[Attribute, ...] = Field(
        (), **_section("Attributes", "What we have or can do, as facts with proofs.", "Add an attribute")
    )
    advantages: tuple[Advantage, ...] = Field(
        (), **_section("Advantages", "The value that attributes give, and to which need.", "Add an advantage")
    )
    relievers: tuple[Reliever, ...] = Field(
        (),
        **_section(
            "Pain relievers and gain creators", "What an attribute does about a pain or a gain.", "Add a reliever"
        ),
    )
    positioning: Positioning = Field(
        Positioning(), **_section("Positioning", "For whom, instead of what, in which category.")
    )
    brand: Brand = Field(Brand(), **_section("Brand", "Who we are when we speak: identity and tone."))
    message_house: MessageHouse = Field(
        MessageHouse(), **_section("Message house", "One main message, and the pillars that carry it.")
    )
    offers: tuple[Offer, ...] = Field(
        (), **_section("Offers", "The solution to each challenge, its price and its package.", "Add an offer")
    )
    packages: tuple[Package, ...] = Field(
        (),
        **_section(
            "Packages compared",
            "Ours and rivals', by the attributes of the choice tasks: who would take which?",
            "Add a package",
        ),
    )
    trials: tuple[TrialCase, ...] = Field(
        (), **_section("Trials compared", "Opt-in or opt-out, on your own assumptions.", "Add a trial")
    )
    innovation: Innovation = Field(
        Innovation(), **_section("Direction of innovation", "Where the product is going, and where not.")
    )
    ideas: tuple[Idea, ...] = Field(
        (), **_section("Ideas", "What could be built, and what it would bring.", "Add an idea")
    )
    releases: tuple[Release, ...] = Field(
        (), **_section("Releases", "What customers get on a date, and what must be there before.", "Add a release")
    )
    balance: Balance = Field(
        Balance(), **_section("Balance", "What the business needs now, and how much goes upstream.")
    )
    criteria: tuple[Criterion, ...] = Field(
        (), **_section("Criteria", "What channels are judged by.", "Add a criterion")
    )
    channels: tuple[Channel, ...] = Field(
        (), **_section("Channels", "Ways to reach the people of the target segments.", "Add a channel")
    )
    curves: tuple[Curve, ...] = Field(
        (), **_section("Response curves", "What each channel brings for what is spent on it.", "Add a curve")
    )
    groups: tuple[ChannelGroup, ...] = Field(
        (),
        **_section(
            "Groups of channels", "Channels with a limit together, as all events or all printed media.", "Add a group"
        ),
    )
    budget: Budget = Field(Budget(), **_section("Budget", "The money to split over the channels."))
    assets: tuple[Asset, ...] = Field(
        (), **_section("Campaign assets", "What there is to work with, and what is still to be made.", "Add an asset")
    )
    audiences: tuple[Audience, ...] = Field(
        (), **_section("Audiences", "Narrower groups inside a segment.", "Add an audience")
    )
    accounts: tuple[Account, ...] = Field(
        (), **_section("Accounts", "Companies addressed by name, each with a message of its own.", "Add an account")
    )
    campaigns: tuple[Campaign, ...] = Field(
        (), **_section("Campaigns", "One segment, one challenge, one advantage each.", "Add a campaign")
    )
    messages: tuple[Message, ...] = Field(
        (), **_section("Messages", "What is said to whom at which stage of the journey.", "Add a message")
    )
    creatives: tuple[Creative, ...] = Field(
        (), **_section("Creatives", "How a message looks in a channel.", "Add a creative")
    )
    notices: tuple[Notice, ...] = Field(
        (), **_section("Launch notices", "Who is told of a release, and how long before.", "Add a notice")
    )
    handover: Handover = Field(
        Handover(), **_section("Agreement with sales", "What marketing and sales owe each other.")
    )
    sources: tuple[LeadSource, ...] = Field(
        (), **_section("Sources of leads", "Where leads come from, and what one is worth.", "Add a source")
    )
    experiments: tuple[Experiment, ...] = Field(
        (), **_section("Tests", "What we try out before we believe it.", "Add a test")
    )
    referrals: tuple[Referral, ...] = Field(
        (),
        **_section("Referral and loyalty programmes", "What is paid for recommending and staying.", "Add a programme"),
    )
    indicators: tuple[Indicator, ...] = Field(
        (), **_section("Indicators", "The figures by which each side of the plan is judged.", "Add an indicator")
    )
    decisions: tuple[Decision, ...] = Field(
        (), **_section("Decisions", "What was decided, when and why.", "Add a decision")
    )
    closing: Closing = Field(Closing(), **_section("What we take along", "The lessons, and the question that stays."))

    confirmed: dict[str, Confirmation] = Field({}, title="Confirmations")
    """What each node (see ``plan.links``) was last confirmed against."""

    unlisted = ("confirmed",)

    @cached_property
    def _index(self) -> dict[str, tuple[str, Item]]:
        return {item.id: (path, item) for path, item in items_in(self)}

    def item(self, id: str | None) -> Item | None:
        """Return the item with this id, at any depth, or None."""
        found = self._index.get(id) if id else None
        return found[1] if found else None

    def path(self, id: str) -> str:
        """Return the path of the item with this id: ``/needs/test-alone``. Raises KeyError when there is none."""
        return self._index[id][0]

    def name_of(self, id: str | None) -> str:
        """Return what people call the item with this id; the id itself when it is gone, nothing for None."""
        item = self.item(id)
        return item.label if item else id or ""

    @property
    def ids(self) -> frozenset[str]:
        """Ids in use, at any depth."""
        return frozenset(self._index)
