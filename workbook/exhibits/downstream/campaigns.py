"""Step 9 in exhibits: what there is to work with, which cells of segment, challenge and advantage are filled, what is said when."""

from datetime import date

import pandas as pd

from workbook.execution.campaigns import cells, unserved, wanting
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.exhibits.upstream.needs import scored_needs
from workbook.language import N_, _, date_words, listed, number, percent, plural
from workbook.plan.model import Asset, AssetState, Campaign

__all__ = [
    "NONE_YET",
    "asset_inventory",
    "assets_by_campaign",
    "campaign_matrix",
    "campaigns_by_need",
    "journey_messages",
    "shown_campaigns",
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
    campaigns = shown_campaigns(case)
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
    campaigns, stages = shown_campaigns(case), case.plan.stages
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


def shown_campaigns(case: Case) -> list[Campaign]:
    """Return the campaigns for the segment that the page shows, or all of them."""
    return [c for c in case.plan.campaigns if not case.segment or c.segment in (None, case.segment)]
