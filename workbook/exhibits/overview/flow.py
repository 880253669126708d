"""The flow from segments to money, and the way back from an outcome to campaign, advantage, need and survey."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbook.channels.prospects import prospect
from workbook.channels.split import split
from workbook.exhibits.case import Case
from workbook.exhibits.channels.mix import basis_tags
from workbook.exhibits.exhibit import Branch, Column, Exhibit
from workbook.exhibits.theme import SERIES
from workbook.language import N_, _, money, money_in_short, number, percent, plural
from workbook.plan.model import Advantage, Campaign, Channel, Finding, Item, Plan, Segment
from workbook.plan.wording import section_title
from workbook.plan.worth import outcome_worth, segment_worth
from workbook.steps import section_of

__all__ = ["money_flow", "outcome_paths", "what_if_outcome"]

TALL = 220.0
"""Pixels of all the money together, in the flow."""

LINE, ROOM = 15, 8
"""Pixels of a line of a label, and between labels."""

COLUMNS = (0.0, 0.42, 0.98)
WIDE = 0.02
"""Where the columns of the flow stand, and how wide a node is, as shares of the width."""

BROAD = 17
"""Characters of a line of a label: what a phone has room for."""

POINTS = 17
"""Points along the edge of a band."""


def money_flow(case: Case) -> Exhibit:
    """Follow the customers of each segment through the channels to what they bring, and what winning them costs."""
    flows = _flows(case)
    if flows.empty:
        return Exhibit(
            "money_flow",
            _(
                N_(
                    "With a split, and segments whose worth is known, this shows from which segment over which channel money comes."
                )
            ),
            empty=True,
        )
    nodes, bands = _drawn(flows, case)
    from workbook.exhibits.charts.flow import flow_bands

    shown = flows.assign(
        segment=[case.plan.name_of(id) for id in flows["segment"]],
        channel=[case.plan.name_of(id) for id in flows["channel"]],
    )
    return Exhibit(
        "money_flow",
        _flow_finding(shown, case),
        shown,
        (
            Column("segment", _(N_("Segment"))),
            Column("channel", _(N_("Channel"))),
            Column("customers", _(N_("Customers")), "number", 1),
            Column("worth", _(N_("Margin while they stay")), "money"),
            Column("cost", _(N_("Cost of winning them")), "money"),
            Column("left", _(N_("Left")), "money"),
        ),
        flow_bands(nodes, bands, labels={"node": _(N_("Where")), "amount": _(N_("Margin while they stay"))}),
        tags=basis_tags(list(chosen.sides[0].channels)) if (chosen := split(case.plan)) else (),
        method=_(
            N_(
                "Customers of the split by the segments each channel reaches, times what a customer of the segment is worth. The "
                "spend of a channel is shared out by that. Channels that count demand are not in it."
            )
        ),
        currency=case.currency,
    )


def _flows(case: Case) -> pd.DataFrame:
    """Return one row per segment and channel: ids, customers, worth, cost, left."""
    rows, chosen = [], split(case.plan)
    for row in () if chosen is None else chosen.table.to_dict("records"):
        channel = case.plan.item(row["id"])
        worth = outcome_worth(channel, case.plan) if isinstance(channel, Channel) else None
        if worth is None or row["customers"] != row["customers"] or row["customers"] <= 0:
            continue
        parts = {
            id: row["customers"] * share * (segment_worth(segment, case.plan) or 0.0)
            for id, share in zip(worth.segments, worth.shares, strict=True)
            if isinstance(segment := case.plan.item(id), Segment) and share > 0
        }
        whole = sum(parts.values())
        for id, part in parts.items():
            share = worth.shares[worth.segments.index(id)]
            cost = row["spend"] * part / whole if whole else 0.0
            rows.append(
                {
                    "segment": id,
                    "channel": row["id"],
                    "customers": row["customers"] * share,
                    "worth": part,
                    "cost": cost,
                    "left": part - cost,
                }
            )
    return pd.DataFrame(rows, columns=["segment", "channel", "customers", "worth", "cost", "left"])


def _flow_finding(flows: pd.DataFrame, case: Case) -> str:
    worth, cost = float(flows["worth"].sum()), float(flows["cost"].sum())
    first = flows.groupby("segment", sort=False)["worth"].sum()
    return _(
        N_("{share} of {worth} comes from {segment}; winning all customers costs {cost}, and {left} is left."),
        segment=first.idxmax(),
        share=percent(float(first.max()) / worth if worth else 0.0),
        worth=money(worth, case.currency),
        cost=money(cost, case.currency),
        left=money(worth - cost, case.currency),
    )


@dataclass
class _Node:
    key: str
    column: int
    label: str
    amount: float
    colour: str
    top: float = 0.0
    """Where it begins, and how far down its left and its right side are taken by bands, in pixels."""
    taken_left: float = 0.0
    taken_right: float = 0.0


def _drawn(flows: pd.DataFrame, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the nodes and the bands of the picture, laid out in pixels from the top and shares of the width."""
    scale = TALL / max(float(flows["worth"].sum()), 1e-9)
    segments = _column(flows, "segment", 0, case, [SERIES[i % 6] for i in range(len(flows))])
    channels = _column(flows, "channel", 1, case, ["#6d7686"] * len(flows))
    ends = [
        _Node("~left", 2, _(N_("Left")), float(flows["left"].clip(lower=0).sum()), "#00734f"),
        _Node("~cost", 2, _(N_("Cost")), float(flows[["worth", "cost"]].min(axis=1).sum()), "#b04a00"),
    ]
    for end in ends:
        end.label = f"{end.label}\n{money_in_short(end.amount, case.currency)}"
    height = max(_placed(column, scale) for column in (segments, channels, ends))
    for column in (segments, channels, ends):
        _centred(column, scale, height)
    by_key = {node.key: node for node in (*segments, *channels, *ends)}
    links = [
        (by_key[r["segment"]], by_key[r["channel"]], r["worth"], by_key[r["segment"]].colour) for r in _rows(flows)
    ]
    sums = (
        flows.assign(cost=flows[["worth", "cost"]].min(axis=1)).groupby("channel", sort=False)[["left", "cost"]].sum()
    )
    links += [
        (by_key[str(id)], end, max(float(amounts[end.key[1:]]), 0.0), end.colour)
        for id, amounts in sums.iterrows()
        for end in ends
    ]
    bands = [row for i, link in enumerate(links) if link[2] > 0 for row in _band(f"b{i}", *link, scale, case)]
    nodes = [_node_row(node, scale, height, case) for node in by_key.values()]
    return pd.DataFrame(nodes), pd.DataFrame(bands)


def _rows(flows: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    yield from flows.to_dict("records")


def _column(flows: pd.DataFrame, name: str, place: int, case: Case, colours: list[str]) -> list[_Node]:
    sums = flows.groupby(name, sort=False)["worth"].sum().sort_values(ascending=False)
    return [
        _Node(str(id), place, textwrap.fill(case.plan.name_of(str(id)), BROAD), float(amount), colour)
        for (id, amount), colour in zip(sums.items(), colours, strict=False)
    ]


def _slot(node: _Node, scale: float) -> float:
    return max(node.amount * scale, (node.label.count("\n") + 1) * LINE) + ROOM


def _placed(column: list[_Node], scale: float) -> float:
    return sum(_slot(node, scale) for node in column)


def _centred(column: list[_Node], scale: float, height: float) -> None:
    """Give each node its place: slots one under the other, in the middle of the height, the node in the middle of its slot."""
    at = (height - _placed(column, scale)) / 2
    for node in column:
        slot = _slot(node, scale)
        node.top = at + (slot - node.amount * scale) / 2
        at += slot


def _band(
    name: str, start: _Node, end: _Node, amount: float, colour: str, scale: float, case: Case
) -> Iterator[dict[str, Any]]:
    thick = amount * scale
    upper = start.top + start.taken_right, end.top + end.taken_left
    start.taken_right += thick
    end.taken_left += thick
    left, right = COLUMNS[start.column] + WIDE, COLUMNS[end.column]
    for i in range(POINTS):
        t = i / (POINTS - 1)
        top = upper[0] + (upper[1] - upper[0]) * (3 * t**2 - 2 * t**3)
        yield {
            "band": name,
            "x": left + (right - left) * t,
            "top": top,
            "bottom": top + thick,
            "colour": colour,
            "words": f"{start.label} → {end.label}".replace("\n", " "),
            "shown": money(amount, case.currency),
        }


def _node_row(node: _Node, scale: float, height: float, case: Case) -> dict[str, Any]:
    thick, x = max(node.amount * scale, 1.5), COLUMNS[node.column]
    last = node.column == len(COLUMNS) - 1
    return {
        "x": x,
        "x_end": x + WIDE,
        "top": node.top,
        "bottom": node.top + thick,
        "middle": node.top + thick / 2,
        "label_x": x - 0.01 if last else x + WIDE + 0.01,
        "side": "last" if last else "first",
        "label": node.label,
        "words": node.label.replace("\n", " "),
        "colour": node.colour,
        "shown": money(node.amount, case.currency),
        "height": height,
    }


def what_if_outcome(case: Case) -> Exhibit:
    """Set what the plan brings beside what it would bring as tried out on the page."""
    decided = case.decided or case.plan
    rows = [_outcome_row(plan, case) for plan in (decided, case.plan)]
    if None in rows:
        return Exhibit(
            "what_if_outcome",
            _(N_("With a budget and curves, what another budget would bring stands here.")),
            empty=True,
        )
    now, then = (row for row in rows if row is not None)
    table = pd.DataFrame([{"which": _(N_("As decided"))} | now, {"which": _(N_("As tried out here"))} | then])
    return Exhibit(
        "what_if_outcome",
        _what_if_finding(now, then, case),
        table,
        (
            Column("which", _(N_("Plan"))),
            Column("budget", _(N_("Budget")), "money"),
            Column("customers", _(N_("Customers")), "number", 1),
            Column("cost", _(N_("Cost per customer")), "money"),
            Column("worth", _(N_("Margin while they stay")), "money"),
            Column("chance", _(N_("Chance of the goal")), "percent"),
        ),
        method=_(N_("Each is split anew. Nothing tried out here is stored.")),
        currency=case.currency,
    )


def _outcome_row(plan: Plan, case: Case) -> dict[str, float] | None:
    found = prospect(plan)
    if found is None:
        return None
    table = found.split.table
    spend, customers = float(table["spend"].sum()), found.split.customers
    chance = found.expected.chance
    return {
        "budget": plan.budget.total or 0.0,
        "customers": customers,
        "cost": spend / customers if customers > 0 else float("nan"),
        "worth": float(table["worth"].sum()),
        "chance": float("nan") if chance is None else float(chance),
    }


def _what_if_finding(now: dict[str, float], then: dict[str, float], case: Case) -> str:
    if now == then:
        return _(
            N_("As decided: {budget} bring {customers} customers. Move a slider to see what would come otherwise."),
            budget=money(now["budget"], case.currency),
            customers=number(now["customers"], 1),
        )
    said = _(
        N_("What if: {customers} customers with {budget}, instead of {before} with {decided}."),
        customers=number(then["customers"], 1),
        budget=money(then["budget"], case.currency),
        before=number(now["customers"], 1),
        decided=money(now["budget"], case.currency),
    )
    if then["worth"] != now["worth"]:
        said += " " + _(
            N_("While they stay they bring a margin of {worth}, instead of {before}."),
            worth=money(then["worth"], case.currency),
            before=money(now["worth"], case.currency),
        )
    if then["chance"] == then["chance"]:
        said += " " + _(
            N_("The chance of the goal is {chance}, instead of {before}."),
            chance=percent(then["chance"]),
            before=percent(now["chance"]),
        )
    return said


def outcome_paths(case: Case) -> Exhibit:
    """Lead from the outcome down to channel, campaign, what it stands on, and the survey behind it."""
    chosen = split(case.plan)
    if chosen is None or not case.plan.channels:
        return Exhibit(
            "outcome_paths",
            _(
                N_(
                    "With channels, campaigns and a split, each customer expected can be followed back to the survey here."
                )
            ),
            empty=True,
        )
    records = chosen.table.sort_values("spend", ascending=False).to_dict("records")
    branches = tuple(_channel_branch(row, case) for row in records)
    bare = [branch.label for branch in branches if not branch.branches]
    paths = [path for branch in branches for path in _paths(branch)]
    finding = plural(
        "{customers} customers come over {count} channel; open one to see what it stands on.",
        "{customers} customers come over {count} channels; open one to see what it stands on.",
        len(branches),
        customers=number(chosen.customers, 1),
    )
    if bare:
        finding += " " + _(N_("Money without a campaign: {channels}."), channels=", ".join(bare))
    return Exhibit(
        "outcome_paths",
        finding,
        pd.DataFrame([_levels(path) for path in paths]),
        (
            Column("level0", _(N_("Channel"))),
            Column("level1", _(N_("Campaign"))),
            Column("level2", _(N_("Stands on"))),
            Column("level3", _(N_("Evidence"))),
        ),
        branches=branches,
    )


def _levels(path: tuple[str, ...]) -> dict[str, str]:
    """Return a path as the four columns of the table; what is deeper stands together in the last."""
    said = (*path[:3], ": ".join(path[3:]))
    return {f"level{i}": said[i] if i < len(said) else "" for i in range(4)}


def _paths(branch: Branch) -> Iterator[tuple[str, ...]]:
    own = f"{branch.label} ({branch.text})" if branch.text else branch.label
    if not branch.branches:
        yield (own,)
    for inner in branch.branches:
        for path in _paths(inner):
            yield (own, *path)


def _channel_branch(row: dict[Any, Any], case: Case) -> Branch:
    text = _(
        N_("{spend}, {customers} customers"),
        spend=money(row["spend"], case.currency),
        customers=number(row["customers"], 1),
    )
    campaigns = [one for one in case.plan.campaigns if row["id"] in one.channels]
    return Branch(str(row["channel"]), text, tuple(_campaign_branch(one, case) for one in campaigns))


def _campaign_branch(campaign: Campaign, case: Case) -> Branch:
    refs = (campaign.advantage, campaign.challenge, campaign.segment, campaign.offer)
    held = [item for ref in refs if (item := case.plan.item(ref)) is not None]
    text = money(campaign.budget, case.currency) if campaign.budget is not None else ""
    return Branch(
        campaign.label, text, tuple(_upstream_branch(item, case) for item in held), stale=_is_stale(campaign, case)
    )


def _upstream_branch(item: Item, case: Case) -> Branch:
    title = section_title(section_of(case.plan, item.id))
    held = getattr(item, "evidence", None)
    evidence = tuple(_evidence_branch(one, case) for one in held or ())
    if held is not None and not evidence:
        evidence = (Branch(_(N_("no evidence"))),)
    if isinstance(item, Advantage):
        attribute = case.plan.item(item.attribute)
        evidence = (_upstream_branch(attribute, case),) if attribute is not None else ()
    return Branch(item.label, title, evidence, stale=_is_stale(item, case))


def _evidence_branch(evidence: Any, case: Case) -> Branch:
    finding = case.plan.item(getattr(evidence, "finding", None))
    study = case.plan.name_of(finding.study) if isinstance(finding, Finding) else ""
    parts = [
        study or evidence.source,
        _(N_("grade {grade}"), grade=evidence.grade.value) if evidence.grade else "",
        _(N_("n = {n}"), n=number(evidence.n, 0)) if evidence.n is not None else "",
    ]
    return Branch(evidence.label, ", ".join(filter(None, parts)))


def _is_stale(item: Item, case: Case) -> bool:
    return any(one.node == item.id for one in case.stale)
