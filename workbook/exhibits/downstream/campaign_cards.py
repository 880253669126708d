"""A card for each campaign and account: the brief for whoever carries it out, and the message that nobody else could get."""

from workbook.execution.campaigns import discounted
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.campaigns import NONE_YET, shown_campaigns
from workbook.exhibits.downstream.upheld import PROVEN, verdict_on
from workbook.exhibits.exhibit import Attachment, Card, Exhibit, Tag, card_markdown
from workbook.language import N_, _, date_words, listed, money, percent, plural
from workbook.plan.model import Account, Asset, Audience, Campaign, Incentive

__all__ = ["brief_cards", "campaign_briefs", "personal_messages"]


def personal_messages(case: Case) -> Exhibit:
    """Show the message of each account beside what the campaigns that address it promise."""
    accounts = [a for a in case.plan.accounts if not case.segment or a.segment == case.segment]
    if not accounts:
        return Exhibit(
            "personal_messages",
            _(N_("Add the accounts you address by name, each with a message nobody else could get.")),
            empty=True,
        )
    silent = [a.label for a in accounts if not a.message]
    finding = plural("One account is addressed by name.", "{count} accounts are addressed by name.", len(accounts))
    if silent:
        finding += " " + _(N_("Still without a message of their own: {accounts}."), accounts=listed(silent))
    return Exhibit("personal_messages", finding, cards=tuple(_account_card(account, case) for account in accounts))


def _account_card(account: Account, case: Case) -> Card:
    plan = case.plan
    campaigns = [c.label for c in plan.campaigns if account.id in c.accounts]
    facts = (
        (_(N_("Message")), (f"“{account.message}”",) if account.message else ()),
        (_(N_("Stands on")), (plan.name_of(account.advantage),) if account.advantage else ()),
        (_(N_("Campaign")), tuple(campaigns)),
        (_(N_("Owner")), (plan.name_of(account.owner),) if account.owner else ()),
    )
    place, words = verdict_on(account.advantage, case)
    tags = (
        (Tag("observed", _(N_("claimed and proven"))),)
        if place == PROVEN
        else (Tag("stale", _(N_("its advantage: {verdict}"), verdict=words)),)
    )
    return Card(account.label, _who(account, case), facts, tags if account.advantage else ())


def _who(item: Account | Audience, case: Case) -> str:
    relation = _(item.relation.label) if item.relation else ""
    return " · ".join(part for part in (case.plan.name_of(item.segment), relation) if part)


def campaign_briefs(case: Case) -> Exhibit:
    """Write one brief a campaign: whom it is for, what it says at each stage, with what, when, and who answers for it."""
    cards = brief_cards(case)
    if not cards:
        return Exhibit("campaign_briefs", _(NONE_YET), empty=True)
    finding = plural("One campaign, one brief.", "{count} campaigns, a brief each.", len(cards))
    about = case.plan.charter.title or case.plan_id
    text = "\n---\n\n".join(card_markdown(card, about) for card in cards.values())
    name = f"{case.plan_id or 'campaign'}-briefs.md"
    file = Attachment(name, _(N_("Briefs as Markdown")), "text/markdown", text)
    return Exhibit("campaign_briefs", finding, cards=tuple(cards.values()), files=(file,))


def brief_cards(case: Case) -> dict[str, Card]:
    """Return the brief of each campaign as a card, by the campaign's id."""
    return {campaign.id: _brief(campaign, case) for campaign in shown_campaigns(case)}


def _brief(campaign: Campaign, case: Case) -> Card:
    plan = case.plan
    facts = (
        (_(N_("For whom")), _for_whom(campaign, case)),
        (_(N_("Challenge")), _named(campaign.challenge, case)),
        (_(N_("Advantage")), _named(campaign.advantage, case)),
        (_(N_("Angle")), _lines(campaign.angle)),
        (_(N_("Role of the brand")), _lines(campaign.branding)),
        (_(N_("Messages along the journey")), _journey(campaign, case)),
        (_(N_("What is on offer")), _on_offer(campaign, case)),
        (_(N_("Creatives")), _creatives(campaign, case)),
        (_(N_("Channels")), tuple(plan.name_of(ref) for ref in campaign.channels)),
        (_(N_("Assets")), _assets(campaign, case)),
        (_(N_("Dates")), _dates_of(campaign)),
        (_(N_("Release it belongs to")), _named(campaign.release, case)),
        (_(N_("Budget")), (money(campaign.budget, case.currency),) if campaign.budget is not None else ()),
        (_(N_("Owner")), _named(campaign.owner, case)),
        (_(N_("Tone of voice")), _lines(plan.brand.tone)),
        (_(N_("We do not say")), tuple(plan.brand.avoids)),
    )
    programme = _(campaign.programme.label).split(":")[0] if campaign.programme else ""
    subtitle = " · ".join(part for part in (programme, plan.name_of(campaign.segment)) if part)
    place, words = verdict_on(campaign.advantage, case)
    tags = (
        (Tag("observed", _(N_("claimed and proven"))),)
        if place == PROVEN
        else (Tag("stale", _(N_("its advantage: {verdict}"), verdict=words)),)
    )
    return Card(campaign.label, subtitle, facts, tags if campaign.advantage else ())


def _for_whom(campaign: Campaign, case: Case) -> tuple[str, ...]:
    held = [item for ref in campaign.audiences if isinstance(item := case.plan.item(ref), Audience)]
    lines = [a.label if a.people is None else _counted(a.label, a.people) for a in held]
    if campaign.accounts:
        lines.append(_(N_("By name: {accounts}"), accounts=listed([case.plan.name_of(r) for r in campaign.accounts])))
    return tuple(lines)


def _counted(name: str, people: float) -> str:
    return plural("{name} (one person)", "{name} ({count} people)", int(people), name=name)


def _journey(campaign: Campaign, case: Case) -> tuple[str, ...]:
    order = {stage.id: i for i, stage in enumerate(case.plan.stages)}
    held = [m for m in case.plan.messages if m.campaign == campaign.id]
    held.sort(key=lambda m: order.get(str(m.stage), len(order)))
    return tuple(
        " · ".join(part for part in (case.plan.name_of(m.stage), m.label) if part) + (f" → {m.call}" if m.call else "")
        for m in held
    )


def _on_offer(campaign: Campaign, case: Case) -> tuple[str, ...]:
    lines = [case.plan.name_of(campaign.offer)] if campaign.offer else []
    if campaign.incentive is not Incentive.NONE:
        lines.append(_(N_("For acting now: {incentive}"), incentive=_(campaign.incentive.label)))
    for one in discounted(case.plan):
        if one.campaign == campaign.id and one.discount:
            lines.append(_left_of_price(one.left, one.floor, one.discount, case))
    return tuple(lines)


def _left_of_price(left: float, floor: float | None, discount: float, case: Case) -> str:
    cents = 2 if left < 100 else 0
    values = {"discount": percent(discount), "left": money(left, case.currency, cents)}
    if floor is None:
        return _(N_("{discount} off leaves {left}"), **values)
    floor_words = money(floor, case.currency, cents)
    return _(N_("{discount} off leaves {left} (floor {floor})"), floor=floor_words, **values)


def _creatives(campaign: Campaign, case: Case) -> tuple[str, ...]:
    return tuple(
        " · ".join(
            part
            for part in (
                creative.label,
                creative.format,
                case.plan.name_of(creative.channel),
                _(N_("ready by {day}"), day=date_words(creative.due)) if creative.due else "",
            )
            if part
        )
        for creative in case.plan.creatives
        if creative.campaign == campaign.id
    )


def _assets(campaign: Campaign, case: Case) -> tuple[str, ...]:
    held = [item for ref in campaign.assets if isinstance(item := case.plan.item(ref), Asset)]
    return tuple(f"{asset.label} ({_(asset.state.label).lower()})" for asset in held)


def _dates_of(campaign: Campaign) -> tuple[str, ...]:
    if campaign.start is None:
        return ()
    start = date_words(campaign.start)
    return (_(N_("{start} to {end}"), start=start, end=date_words(campaign.end)) if campaign.end else start,)


def _named(ref: str | None, case: Case) -> tuple[str, ...]:
    return (case.plan.name_of(ref),) if ref else ()


def _lines(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
