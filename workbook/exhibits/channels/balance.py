"""Step 7 in exhibits: how much upstream and downstream, what would change it, and whether both sides pull one way."""

import pandas as pd

from workbook.channels.alignment import alignment
from workbook.channels.balance import AT_MOST_CHANNELS, REFERENCES, Recommendation, balance, moves
from workbook.channels.catalogue import catalogue, tactic_of
from workbook.channels.tactic import COSTS, Tactic
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, money, number, percent, plural
from workbook.plan.model import Balance, Making, Relation

__all__ = [
    "alignment_shares",
    "balance_moves",
    "balance_share",
    "existing_and_new",
    "make_or_buy",
    "small_business",
]

TROUBLES = {
    "message": N_("Messages cite a live advantage"),
    "objectives": N_("Judged on both sides"),
    "budget": N_("Money goes where worth is known"),
    "timing": N_("Dated after the release, notices kept"),
}

PAID = {
    *("media", "fees", "agency", "production", "commission", "discount", "rewards"),
    *("events", "print", "postage", "shipping", "data", "panel"),
}
"""Cost drivers that are bought: a tactic without them is free or owned."""


def balance_share(case: Case) -> Exhibit:
    """Recommend an upstream share, with its reasons, beside what was decided and the published yardstick."""
    if case.plan.balance == Balance():
        told = _(
            N_("Score what the business needs now, and a split of effort and money between the two sides appears here.")
        )
        return Exhibit("balance_share", told, empty=True)
    found = balance(case.plan)
    rows = [(_(N_("When all is even")), found.middle), *((r.words, r.shift) for r in found.reasons)]
    rows += [(_(N_("Upstream, recommended")), found.upstream)]
    decided = case.plan.balance.upstream_share
    rows += [] if decided is None else [(_(N_("Upstream, decided")), decided)]
    rows += [(_(N_("Yardstick, in no sum: {name}"), name=_(name)), share) for name, share in REFERENCES.items()]
    table = pd.DataFrame(rows, columns=["reason", "points"])
    from workbook.exhibits.charts.balance import share_bars

    return Exhibit(
        "balance_share",
        _share_finding(found, case),
        table,
        (Column("reason", _(N_("Reason"))), Column("points", _(N_("Share")), "percent")),
        share_bars(
            _bars(found.upstream, case.plan.balance.upstream_share),
            pd.DataFrame([{"at": 100 * share, "name": _(name)} for name, share in REFERENCES.items()]),
            labels={
                "axis": _(N_("Share of effort and money, %; dashed: Binet and Field")),
                "side": _(N_("Side")),
                "share": _(N_("Share")),
                "reference": _(N_("Reference")),
            },
        ),
        tags=_share_tags(found),
        method=_share_method(found),
    )


def balance_moves(case: Case) -> Exhibit:
    """Say what would have to change for the recommendation to move by ten points."""
    if case.plan.balance == Balance():
        return Exhibit(
            "balance_moves",
            _(N_("With the needs scored, this says which small changes would move that split.")),
            empty=True,
        )
    now, changes = balance(case.plan).upstream, moves(case.plan)
    if not changes:
        return Exhibit(
            "balance_moves",
            _(N_("No single change, and no two, would move the recommendation by 10 points: it is firm.")),
            tags=(_judgement(),),
        )
    table = pd.DataFrame([{"change": m.words, "upstream": m.upstream, "by": m.upstream - now} for m in changes])
    first = changes[0]
    return Exhibit(
        "balance_moves",
        _(
            N_("{change}: that alone would make it {share} upstream instead of {now}."),
            change=first.words,
            share=percent(first.upstream),
            now=percent(now),
        ),
        table,
        (
            Column("change", _(N_("What would change"))),
            Column("upstream", _(N_("Upstream then")), "percent"),
            Column("by", _(N_("Moved by")), "percent"),
        ),
        tags=(_judgement(),),
        method=_(N_("The least changes that move the recommendation by 10 points or more, all else as it is.")),
    )


def small_business(case: Case) -> Exhibit:
    """Say whether the rule counts the business as small, and what comes first then: free and owned, few channels."""
    if case.plan.balance == Balance():
        told = _(
            N_(
                "With the needs scored, and people and budget entered, this says whether you count as a small business, and what "
                "then comes first."
            )
        )
        return Exhibit("small_business", told, empty=True)
    found, rule = balance(case.plan), case.plan.balance.rule
    line = _(
        N_("Small is a team of {team} or fewer, or a budget under {budget}; both can be changed in the form."),
        team=number(rule.small_team),
        budget=money(rule.small_budget, case.currency),
    )
    if not found.small:
        return Exhibit(
            "small_business",
            _(N_("You do not count as a small business: channels need not be free, nor few.")),
            tags=(_judgement(),),
            method=line,
        )
    rows = [
        {"channel": c.label, "free": _free(t), "costs": _costs(t), "place": _(N_("in the plan"))}
        for c in case.plan.channels
        if (t := tactic_of(c)) is not None
    ]
    rows.sort(key=lambda row: not row["free"])
    used = {c.tactic for c in case.plan.channels}
    rows += [
        {"channel": _(t.name), "free": True, "costs": _costs(t), "place": _(N_("to think of"))}
        for t in catalogue()
        if t.id not in used and _free(t)
    ]
    table = pd.DataFrame(rows, columns=["channel", "free", "costs", "place"])
    table["kind"] = [_(N_("free or owned")) if free else _(N_("paid")) for free in table["free"]]
    return Exhibit(
        "small_business",
        _small_finding(found, case),
        table,
        (
            Column("channel", _(N_("Channel or tactic"))),
            Column("kind", _(N_("Kind"))),
            Column("place", _(N_("Where it is"))),
            Column("costs", _(N_("What it takes"))),
        ),
        tags=(Tag("note", _(N_("small business"))), _judgement()),
        method=line + " " + _(N_("Free or owned: nothing in it is bought; it still takes time.")),
    )


def _small_finding(found: Recommendation, case: Case) -> str:
    finding = _(
        N_("A small business ({why}): free and owned tactics first, and at most {most} channels."),
        why=listed(list(found.small)),
        most=number(AT_MOST_CHANNELS),
    )
    first = [c.label for c in case.plan.channels if (t := tactic_of(c)) is not None and _free(t)]
    if first:
        finding += " " + _(N_("Free or owned here: {channels}."), channels=listed(first))
    if len(case.plan.channels) > AT_MOST_CHANNELS:
        finding += " " + plural("The plan has one.", "The plan has {count}.", len(case.plan.channels))
    return finding


def _free(tactic: Tactic) -> bool:
    return not PAID & set(tactic.costs)


def _costs(tactic: Tactic) -> str:
    return listed([_(COSTS[cost]) for cost in tactic.costs]) or "–"


def alignment_shares(case: Case) -> Exhibit:
    """Check the four known troubles between upstream and downstream, each as the share in order."""
    found = alignment(case.plan)
    counted = [one for one in found if one.share is not None]
    if not counted:
        return Exhibit(
            "alignment_shares",
            _(N_("None yet: with campaigns and channels, this checks whether both sides pull the same way.")),
            empty=True,
        )
    table = pd.DataFrame(
        [
            {
                "trouble": _(TROUBLES[one.trouble]),
                "fraction": one.share,
                "share": None if one.share is None else 100 * one.share,
                "at": 100 * (one.share or 0.0),
                "shown": _(N_("none yet")) if one.share is None else percent(one.share),
                "out": listed([case.plan.name_of(id) for id in one.out]),
            }
            for one in found
        ]
    )
    from workbook.exhibits.charts.balance import alignment_bars

    return Exhibit(
        "alignment_shares",
        _alignment_finding(table),
        table,
        (
            Column("trouble", _(N_("What should be so"))),
            Column("shown", _(N_("In order"))),
            Column("out", _(N_("Not in order"))),
        ),
        alignment_bars(
            table,
            labels={"axis": _(N_("In order, %")), "trouble": _(N_("What should be so")), "share": _(N_("In order"))},
        ),
        method=_(
            N_(
                "Campaigns with a message on a live advantage; campaigns and channels with an indicator on each side; campaign "
                "money on targeted segments of known worth; campaigns not before their release, its notices in time."
            )
        ),
    )


def make_or_buy(case: Case) -> Exhibit:
    """Set what making the plan's campaigns takes beside the time and the money there is."""
    entered, plan = case.plan.balance, case.plan
    if entered.making_weeks is None and entered.making_cost is None:
        return Exhibit(
            "make_or_buy",
            _(
                N_(
                    "Enter how long a campaign takes to make, and what it costs: then making and buying can be compared."
                )
            ),
            empty=True,
        )
    count = len(plan.campaigns)
    weeks, cost = count * (entered.making_weeks or 0), count * (entered.making_cost or 0)
    hours = sum(member.hours or 0 for member in plan.charter.team)
    facts = [
        (_(N_("Campaigns planned")), number(count, 0)),
        (_(N_("Weeks to make them, one after the other")), number(weeks, 0) if entered.making_weeks else "–"),
        (_(N_("Weeks in the period")), number(plan.charter.period.months * 52 / 12, 0)),
        (_(N_("Cost to make them")), money(cost, case.currency) if entered.making_cost is not None else "–"),
        (_(N_("Share of the budget")), percent(cost / plan.budget.total) if plan.budget.total else "–"),
        (_(N_("Hours of the team, a month")), number(hours, 0) if hours else "–"),
        (_(N_("Decided")), _(entered.making.label) if entered.making else _(N_("not yet"))),
        (_(N_("What we are good at")), listed(list(entered.strengths)) or "–"),
        (_(N_("Appetite for change, 0 to 5")), number(entered.appetite) if entered.appetite is not None else "–"),
    ]
    return Exhibit(
        "make_or_buy",
        _making_finding(entered, count, weeks, plan.charter.period.months * 52 / 12),
        pd.DataFrame(facts, columns=["fact", "figure"]),
        (Column("fact", _(N_("Fact"))), Column("figure", _(N_("Figure")))),
        tags=(_judgement(),),
        method=_(N_("Time and cost to make a campaign are the team's figures, without media.")),
    )


def existing_and_new(case: Case) -> Exhibit:
    """Compare the share meant for existing customers with what campaigns and channels give them."""
    wanted = case.plan.balance.existing_share
    money_share = _existing_share([(c.relation, c.budget or 0.0) for c in case.plan.campaigns])
    channel_share = _existing_share([(c.relation, 1.0) for c in case.plan.channels])
    if wanted is None:
        return Exhibit(
            "existing_and_new",
            _(N_("Say how much of the effort is for existing customers, and it is held against what is planned.")),
            empty=True,
        )
    rows = [
        (_(N_("Meant for existing customers")), wanted),
        (_(N_("Money of the campaigns")), money_share),
        (_(N_("Channels")), channel_share),
    ]
    return Exhibit(
        "existing_and_new",
        _existing_finding(wanted, money_share),
        pd.DataFrame([{"what": what, "existing": e, "new": None if e is None else 1 - e} for what, e in rows]).astype(
            {"existing": float, "new": float}
        ),
        (
            Column("what", _(N_("Of what"))),
            Column("existing", _(N_("Existing customers")), "percent"),
            Column("new", _(N_("New customers")), "percent"),
        ),
        tags=(_judgement(),),
        method=_(N_("What is meant for both counts half for each; what says nothing is left out.")),
    )


def _existing_share(parts: list[tuple[Relation | None, float]]) -> float | None:
    weight = {Relation.EXISTING: 1.0, Relation.BOTH: 0.5, Relation.NEW: 0.0}
    counted = [(weight[relation], amount) for relation, amount in parts if relation is not None]
    total = sum(amount for _share, amount in counted)
    return sum(share * amount for share, amount in counted) / total if total else None


def _existing_finding(wanted: float, planned: float | None) -> str:
    if planned is None:
        return _(
            N_("{wanted} of the effort is meant for existing customers; no campaign says yet whom it is for."),
            wanted=percent(wanted),
        )
    finding = _(
        N_("{wanted} of the effort is meant for existing customers; the campaigns give them {planned} of their money."),
        wanted=percent(wanted),
        planned=percent(planned),
    )
    if planned <= 0:
        return finding + " " + _(N_("Nothing is left for those who buy already: some will be lost."))
    if planned >= 1:
        return finding + " " + _(N_("Nothing is left for new customers."))
    return finding


def _share_finding(found: Recommendation, case: Case) -> str:
    finding = _(
        N_("The rule recommends {up} upstream and {down} downstream."),
        up=percent(found.upstream),
        down=percent(found.downstream),
    )
    decided = case.plan.balance.upstream_share
    if decided is not None:
        finding += " " + _(N_("Decided: {share} upstream."), share=percent(decided))
    if found.small:
        finding += " " + _(N_("You count as a small business: what comes first then stands below."))
    return finding


def _bars(recommended: float, decided: float | None) -> pd.DataFrame:
    bars = [(_(N_("Recommended")), recommended)] + ([] if decided is None else [(_(N_("Decided")), decided)])
    up, down = _(N_("Upstream")), _(N_("Downstream"))
    rows = []
    for bar, share in bars:
        ends = ((up, 0.0, 100 * share), (down, 100 * share, 100.0))
        rows += [
            {
                "bar": bar,
                "side": side,
                "start": start,
                "end": end,
                "middle": (start + end) / 2,
                "shown": percent((end - start) / 100),
            }
            for side, start, end in ends
            if end > start
        ]
    return pd.DataFrame(rows)


def _share_tags(found: Recommendation) -> tuple[Tag, ...]:
    small = (Tag("note", _(N_("small business"))),) if found.small else ()
    return (_judgement(), *small)


def _share_method(found: Recommendation) -> str:
    method = _(
        N_(
            "A rule of judgement, all of whose numbers can be changed in the form. Dashed: brand building in Binet and Field's "
            "studies, {references}; brand is not the same as upstream, so it is a yardstick and enters no sum."
        ),
        references=listed([f"{_(name)}" for name in REFERENCES]),
    )
    if found.missing:
        method += " " + _(N_("Not entered yet: {missing}."), missing=listed(list(found.missing)))
    return method


def _alignment_finding(table: pd.DataFrame) -> str:
    counted = table[table["share"].notna()]
    worst = counted.loc[counted["share"].idxmin()]
    if worst["share"] >= 100:
        return _(N_("Upstream and downstream pull the same way in all that can be counted."))
    return _(
        N_("The two sides drift apart most here: “{trouble}” holds for {share}."),
        trouble=worst["trouble"],
        share=worst["shown"],
    )


def _making_finding(entered: Balance, count: int, weeks: float, period: float) -> str:
    if not count or entered.making_weeks is None:
        return _(N_("There is no campaign to make yet, or no time to make one entered."))
    if weeks > period:
        finding = _(
            N_("One after the other the {count} campaigns take {weeks} weeks, more than the period's {period}."),
            count=number(count),
            weeks=number(weeks, 0),
            period=number(period, 0),
        )
        if entered.making is Making.MAKE:
            return finding + " " + _(N_("Buy some of it, make several at once, or plan fewer."))
        return finding
    return _(
        N_("One after the other the {count} campaigns take {weeks} of the period's {period} weeks."),
        count=number(count),
        weeks=number(weeks, 0),
        period=number(period, 0),
    )


def _judgement() -> Tag:
    return Tag("assumed", _(N_("the team's judgement")))
