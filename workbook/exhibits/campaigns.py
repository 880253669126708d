"""Step 9 in exhibits: what there is to work with, what is said to whom at which stage, and whether upstream still holds it."""

from datetime import date

import numpy as np
import pandas as pd

from workbook.execution.campaigns import cells, discounted, unserved, wanting
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Attachment, Card, Column, Exhibit, Tag, card_markdown
from workbook.exhibits.needs import scored_needs
from workbook.language import N_, _, date_words, listed, money, number, percent, plural
from workbook.plan.model import Account, Advantage, AdvantageState, Asset, AssetState, Audience, Campaign, Incentive

__all__ = [
    "asset_inventory",
    "assets_by_campaign",
    "brief_cards",
    "campaign_briefs",
    "campaign_matrix",
    "campaigns_by_need",
    "journey_messages",
    "messages_and_advantages",
    "offers_and_floors",
    "personal_messages",
]

NONE_YET = N_(
    "Add a campaign: one segment, one challenge, one advantage. What it says, costs and needs stands here then."
)


def asset_inventory(case: Case) -> Exhibit:
    """List the assets with their state and who uses them, the campaigns that wait for one first."""
    plan, needed = case.plan, wanting(case.plan)
    if not plan.assets:
        return Exhibit(
            "asset_inventory",
            _(
                N_(
                    "List the pages, videos, mails and guides there are: what campaigns can use, and what is to be made."
                )
            ),
            empty=True,
        )
    waits = {one.asset: one for one in reversed(needed)}
    rows = [
        {
            "asset": asset.label,
            "kind": _(asset.kind.label) if asset.kind else "–",
            "state": _(asset.state.label),
            "used": listed([c.label for c in plan.campaigns if asset.id in c.assets]) or _(N_("no campaign")),
            "by": date_words(day) if asset.id in waits and (day := waits[asset.id].by) else "–",
            "owner": plan.name_of(asset.owner) or _(N_("nobody")),
        }
        for asset in sorted(plan.assets, key=lambda a: _urgency(a, [one.asset for one in needed]))
    ]
    return Exhibit(
        "asset_inventory",
        _inventory_finding(case),
        pd.DataFrame(rows),
        (
            Column("asset", _(N_("Asset"))),
            Column("state", _(N_("State"))),
            Column("by", _(N_("Needed by"))),
            Column("used", _(N_("Used by"))),
            Column("owner", _(N_("Owner"))),
            Column("kind", _(N_("Kind"))),
        ),
        method=_(N_("An asset is needed on the first day of the first campaign that uses it.")),
    )


def _urgency(asset: Asset, waited_for: list[str]) -> int:
    """Return where an asset stands: those a campaign waits for first, by date; then as the team listed them."""
    return waited_for.index(asset.id) if asset.id in waited_for else len(waited_for)


def _inventory_finding(case: Case) -> str:
    plan, needed = case.plan, wanting(case.plan)
    ready = sum(asset.state is AssetState.READY for asset in plan.assets)
    finding = plural(
        "One of {all} assets is ready.", "{count} of {all} assets are ready.", ready, all=number(len(plan.assets))
    )
    if needed:
        first = needed[0]
        named = {"campaign": plan.name_of(first.campaign), "asset": plan.name_of(first.asset)}
        finding += " " + (
            _(N_("“{campaign}” is the first to wait: for “{asset}”, by {day}."), day=date_words(first.by), **named)
            if first.by
            else _(N_("“{campaign}” waits for “{asset}”."), **named)
        )
    if bare := [campaign.label for campaign in plan.campaigns if not campaign.assets]:
        finding += " " + _(N_("No asset yet: {campaigns}."), campaigns=listed(bare))
    return finding


def assets_by_campaign(case: Case) -> Exhibit:
    """Say of each campaign what it has, what it waits for, and at which stages it speaks with nothing to show."""
    campaigns = _campaigns(case)
    if not campaigns or not case.plan.assets:
        return Exhibit(
            "assets_by_campaign",
            _(N_("With campaigns and the assets they use, this shows which campaign still lacks what.")),
            empty=True,
        )
    waits = [(one.campaign, one.asset) for one in wanting(case.plan)]
    bare = unserved(case.plan)
    table = pd.DataFrame(
        [
            {
                "campaign": campaign.label,
                "starts": date_words(campaign.start) if campaign.start else "–",
                "waits": _several([case.plan.name_of(asset) for id, asset in waits if id == campaign.id]),
                "stages": _several([case.plan.name_of(stage) for id, stage in bare if id == campaign.id]),
                "has": _several(
                    [case.plan.name_of(ref) for ref in campaign.assets if (campaign.id, str(ref)) not in waits]
                ),
            }
            for campaign in sorted(campaigns, key=lambda c: c.start or date.max)
        ]
    )
    lacking = table[(table["waits"] != "–") | (table["stages"] != "–") | (table["has"] == "–")]
    finding = (
        plural(
            "One of {all} campaigns still lacks something.",
            "{count} of {all} campaigns still lack something.",
            len(lacking),
            all=number(len(table)),
        )
        if len(lacking)
        else _(N_("Every campaign has what it needs, ready to use."))
    )
    silent = table[table["stages"] != "–"]
    if len(silent):
        first = silent.iloc[0]
        finding += " " + _(
            N_("“{campaign}” has a message but no asset for: {stages}."),
            campaign=first["campaign"],
            stages=first["stages"],
        )
    return Exhibit(
        "assets_by_campaign",
        finding,
        table,
        (
            Column("campaign", _(N_("Campaign"))),
            Column("starts", _(N_("First day"))),
            Column("waits", _(N_("Waits for"))),
            Column("stages", _(N_("Stages without an asset"))),
            Column("has", _(N_("Ready"))),
        ),
        method=_(N_("A stage lacks an asset when the campaign has a message for it and uses no asset that serves it.")),
    )


def _several(names: list[str]) -> str:
    return listed(names) or "–"


def campaign_matrix(case: Case) -> Exhibit:
    """Lay segment x challenge x advantage out: where a campaign stands, with its audiences, and where none does."""
    found = cells(case.plan)
    if case.segment:
        found = found[found["segment"] == case.segment]
    if found.empty:
        return Exhibit(
            "campaign_matrix",
            _(N_("With needs in step 2 and advantages in step 4, this shows which of them no campaign speaks of.")),
            empty=True,
        )
    plan = case.plan
    state = {"free": _(N_("no campaign")), "unanswered": _(N_("no advantage answers it"))}
    table = pd.DataFrame(
        [
            {
                "segment": plan.name_of(cell.segment),
                "need": plan.name_of(cell.need),
                "advantage": plan.name_of(cell.advantage) or "–",
                "campaign": listed([plan.name_of(id) for id in cell.campaigns]) or state[cell.state],
                "audiences": listed([name for id in cell.campaigns for name in _inside(id, case)]) or "–",
                "state": cell.state,
            }
            for cell in found.itertuples()
        ]
    ).sort_values("state", key=lambda s: s.map({"covered": 0, "free": 1, "unanswered": 2}), kind="stable")
    return Exhibit(
        "campaign_matrix",
        _matrix_finding(table),
        table,
        (
            Column("need", _(N_("Challenge"))),
            Column("campaign", _(N_("Campaign"))),
            Column("advantage", _(N_("Advantage"))),
            Column("audiences", _(N_("Audiences and accounts"))),
            *((Column("segment", _(N_("Segment"))),) if table["segment"].nunique() > 1 else ()),
        ),
        method=_(N_("Needs of the segments that are not excluded, each with the advantages we still claim for it.")),
    )


def _inside(id: str, case: Case) -> list[str]:
    campaign = case.plan.item(id)
    if not isinstance(campaign, Campaign):
        return []
    named: tuple[str, ...] = (*campaign.audiences, *campaign.accounts)
    return [case.plan.name_of(ref) for ref in named]


def _matrix_finding(table: pd.DataFrame) -> str:
    covered = int((table["state"] == "covered").sum())
    finding = plural(
        "One of {all} cells has a campaign.", "{count} of {all} cells have a campaign.", covered, all=number(len(table))
    )
    free = table[table["state"] == "free"]
    spoken = set(table.loc[table["state"] == "covered", "need"])
    silent = list(dict.fromkeys(need for need in free["need"] if need not in spoken))
    if silent:
        finding += " " + _(
            N_("We have the advantage and say nothing: {needs}."), needs=listed([f"“{need}”" for need in silent])
        )
    unanswered = list(dict.fromkeys(table.loc[table["state"] == "unanswered", "need"]))
    if unanswered:
        finding += " " + _(
            N_("No advantage answers {needs}: that is work for step 4, not for a campaign."),
            needs=listed([f"“{need}”" for need in unanswered]),
        )
    return finding


def campaigns_by_need(case: Case) -> Exhibit:
    """Show the needs by opportunity, and whether a campaign speaks of each."""
    scored = scored_needs(case).table
    found = cells(case.plan)
    states = {need: set(own["state"]) for need, own in found.groupby("need")}
    table = scored[scored["id"].isin(states)].reset_index(drop=True)
    if table.empty or not case.plan.campaigns:
        return Exhibit(
            "campaigns_by_need",
            _(N_("With ranked needs and a campaign, this shows whether the largest needs are the ones you speak of.")),
            empty=True,
        )
    words = {
        "covered": _(N_("a campaign speaks of it")),
        "free": _(N_("advantage without a campaign")),
        "unanswered": _(N_("no advantage yet")),
    }
    best = ("covered", "free", "unanswered")
    table["state"] = [next(state for state in best if state in states[id]) for id in table["id"]]
    table["answer"] = table["state"].map(words)
    table["campaign"] = [
        listed([c.label for c in case.plan.campaigns if c.challenge == id]) or "–" for id in table["id"]
    ]
    from workbook.exhibits.charts.campaigns import coverage_of_needs

    return Exhibit(
        "campaigns_by_need",
        _need_finding(table),
        table,
        (
            Column("need", _(N_("Need"))),
            Column("opportunity", _(N_("Opportunity")), "number", 1),
            Column("answer", _(N_("Spoken of?"))),
            Column("campaign", _(N_("Campaign"))),
        ),
        coverage_of_needs(
            table,
            labels=words
            | {"opportunity": _(N_("Opportunity, 0 to 20")), "need": _(N_("Need")), "answer": _(N_("Spoken of?"))},
        ),
        method=_(N_("Opportunity as in step 2. A need is spoken of when a campaign names it as its challenge.")),
    )


def _need_finding(table: pd.DataFrame) -> str:
    share = table.loc[table["state"] == "covered", "opportunity"].sum() / max(table["opportunity"].sum(), 1e-9)
    finding = _(N_("Campaigns speak of {share} of the opportunity."), share=percent(share))
    silent = table[table["state"] == "free"]
    if len(silent):
        first = silent.iloc[0]
        return (
            finding
            + " "
            + _(
                N_("The largest need with an advantage and no campaign: “{need}” ({score})."),
                need=first["need"],
                score=number(first["opportunity"], 1),
            )
        )
    return finding


def journey_messages(case: Case) -> Exhibit:
    """Lay the messages out by campaign and journey stage, with the stages at which a campaign is silent."""
    campaigns, stages = _campaigns(case), case.plan.stages
    if not campaigns or not stages:
        return Exhibit(
            "journey_messages",
            _(
                N_(
                    "With campaigns and the journey of step 1, this shows what is said at which stage, and where silence is."
                )
            ),
            empty=True,
        )
    said: dict[tuple[str, str], list[str]] = {}
    for m in case.plan.messages:
        if m.campaign and m.stage:
            said.setdefault((m.campaign, m.stage), []).append(m.label + (f" → {m.call}" if m.call else ""))
    rows = [
        {"campaign": campaign.label}
        | {f"stage_{i}": " · ".join(said.get((campaign.id, stage.id), ())) or "–" for i, stage in enumerate(stages)}
        for campaign in campaigns
    ]
    silent = [s.label for s in stages if not any((c.id, s.id) in said for c in campaigns)]
    spoken = len(stages) - len(silent)
    finding = plural(
        "Campaigns speak at one of {all} stages of the journey.",
        "Campaigns speak at {count} of {all} stages of the journey.",
        spoken,
        all=number(len(stages)),
    )
    if silent:
        finding += " " + _(N_("Nobody is spoken to at: {stages}."), stages=listed(silent))
    return Exhibit(
        "journey_messages",
        finding,
        pd.DataFrame(rows),
        (
            Column("campaign", _(N_("Campaign"))),
            *(Column(f"stage_{i}", stage.label) for i, stage in enumerate(stages)),
        ),
        method=_(N_("Message → what people should do.")),
    )


def messages_and_advantages(case: Case) -> Exhibit:
    """Hold each message, and each account's, against the advantages that are still claimed and proven."""
    plan = case.plan
    campaigns = {c.id for c in _campaigns(case)}
    said = [(m.label, m.campaign, m.advantage) for m in plan.messages if not case.segment or m.campaign in campaigns]
    said += [(a.label, None, a.advantage) for a in plan.accounts if not case.segment or a.segment == case.segment]
    if not said:
        return Exhibit(
            "messages_and_advantages",
            _(N_("Write the messages, and each is held against the advantages of step 4.")),
            empty=True,
        )
    table = pd.DataFrame(
        [
            {
                "message": message,
                "campaign": plan.name_of(campaign) or "–",
                "advantage": plan.name_of(advantage) or "–",
                "verdict": _verdict(advantage, case)[1],
                "order": _verdict(advantage, case)[0],
            }
            for message, campaign, advantage in said
        ]
    ).sort_values("order", kind="stable")
    wrong = table[table["order"] < PROVEN]
    finding = plural(
        "One message stands on an advantage that is claimed and proven.",
        "{count} messages stand on an advantage that is claimed and proven.",
        int((table["order"] == PROVEN).sum()),
    )
    if len(wrong):
        first = wrong.iloc[0]
        finding = (
            _(
                N_("“{said}” cites “{advantage}”: {verdict}."),
                said=first["message"],
                advantage=first["advantage"],
                verdict=first["verdict"],
            )
            + " "
            + finding
        )
    return Exhibit(
        "messages_and_advantages",
        finding,
        table,
        (
            Column("message", _(N_("Message"))),
            Column("verdict", _(N_("May we say it?"))),
            Column("advantage", _(N_("Advantage it cites"))),
            Column("campaign", _(N_("Campaign"))),
        ),
        method=_(N_("Claimed: live in step 4. Proven: the attribute it comes from has a proof there.")),
    )


PROVEN = 3
"""Place of a message that may be said, behind those that may not."""


def _verdict(advantage: str | None, case: Case) -> tuple[int, str]:
    """Return how well a message's advantage holds: the lower the worse, and in words."""
    cited = case.plan.item(advantage)
    if not isinstance(cited, Advantage):
        return 1, _(N_("name an advantage, or it is a slogan"))
    if cited.state is AdvantageState.DROPPED:
        return 0, _(N_("dropped in step 4, so say something else"))
    if not getattr(case.plan.item(cited.attribute), "evidence", ()):
        return 2, _(N_("not proven yet"))
    return PROVEN, _(N_("yes"))


def offers_and_floors(case: Case) -> Exhibit:
    """Hold what each campaign leaves of its offer's price against the margin floor."""
    campaigns = {c.id for c in _campaigns(case)}
    found = [one for one in discounted(case.plan) if one.campaign in campaigns]
    if not found:
        return Exhibit(
            "offers_and_floors",
            _(
                N_(
                    "Once a campaign offers something with a price, what it leaves of it is held against the floor of step 5."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(
        [
            {
                "campaign": case.plan.name_of(one.campaign),
                "offer": case.plan.name_of(one.offer),
                "price": one.price,
                "discount": one.discount,
                "money_left": one.left,
                "money_floor": np.nan if one.floor is None else one.floor,
                "left": 100 * one.left / one.price,
                "floor": np.nan if one.floor is None else 100 * one.floor / one.price,
                "under": one.under,
                "shown": money(one.left, case.currency, 2 if one.price < 100 else 0),
            }
            for one in found
        ]
    )
    from workbook.exhibits.charts.campaigns import price_after_discount

    cents = 2 if table["price"].min() < 100 else 0
    return Exhibit(
        "offers_and_floors",
        _floor_finding(table, case, cents),
        table,
        (
            Column("campaign", _(N_("Campaign"))),
            Column("offer", _(N_("Offer"))),
            Column("price", _(N_("Price")), "money", cents),
            Column("discount", _(N_("Off the price")), "percent"),
            Column("money_left", _(N_("Left of it")), "money", cents),
            Column("money_floor", _(N_("Margin floor")), "money", cents),
        ),
        price_after_discount(
            table,
            labels={
                "axis": _(N_("Left of the price, %; mark: margin floor")),
                "campaign": _(N_("Campaign")),
                "left": _(N_("Left of it")),
            },
        ),
        method=_(
            N_(
                "Margin floor = unit cost / (1 - required margin), from step 5. Campaigns whose offer has no price are left out."
            )
        ),
        currency=case.currency,
    )


def _floor_finding(table: pd.DataFrame, case: Case, cents: int) -> str:
    under = table[table["under"]]
    if len(under):
        first = under.iloc[0]
        return _(
            N_("“{campaign}” leaves {left} of “{offer}”, under its floor of {floor}: give away no more than {most}."),
            campaign=first["campaign"],
            left=money(first["money_left"], case.currency, cents),
            offer=first["offer"],
            floor=money(first["money_floor"], case.currency, cents),
            most=percent(max(1 - first["money_floor"] / first["price"], 0)),
        )
    known = table.dropna(subset="floor")
    if known.empty:
        return _(N_("No floor is known: enter unit cost and required margin in step 5."))
    nearest = known.loc[(known["left"] - known["floor"]).idxmin()]
    return _(
        N_("No campaign goes under its floor. “{campaign}” comes nearest: {left} of “{offer}”, {room} above it."),
        campaign=nearest["campaign"],
        left=money(nearest["money_left"], case.currency, cents),
        offer=nearest["offer"],
        room=money(nearest["money_left"] - nearest["money_floor"], case.currency, cents),
    )


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
    place, words = _verdict(account.advantage, case)
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
    return {campaign.id: _brief(campaign, case) for campaign in _campaigns(case)}


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
    place, words = _verdict(campaign.advantage, case)
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


def _campaigns(case: Case) -> list[Campaign]:
    return [c for c in case.plan.campaigns if not case.segment or c.segment in (None, case.segment)]
