"""The whole chain: what customers answer moves the need, the price, the worth, the split, the quota and the targets.

Each magnitude is worked out here by hand from the method's formula, and not by the function under test: opportunity is
importance + max(importance - satisfaction, 0) with shares of the two top boxes x 10; worth is contract value x margin /
churn, and an add-on's price x uptake on top; the most a customer may cost is worth / target ratio; the quota is planned
customers / close rate; a target is that quota spread over the months.
"""

import csv
from collections import defaultdict

import numpy as np
import pytest
from click.testing import CliRunner

from workbook import exhibits
from workbook.channels.split import split
from workbook.cli import main
from workbook.exhibits import Case
from workbook.forms.live import LivePlan
from workbook.pages import made_workspace
from workbook.plan.worth import cost_limit, outcome_worth, segment_worth


@pytest.fixture
def live(tmp_path):
    workspace = made_workspace(tmp_path / "team", samples=True)
    yield LivePlan(workspace, "adaptive-test")
    workspace.log.close()


def case_of(live):
    return Case(live.plan, live.workspace, plan_id=live.plan_id)


def rows_of(live, study):
    with live.workspace.table(live.plan.item(study).table).open(newline="") as file:
        return list(csv.DictReader(file))


def with_table(live, tmp_path, study, rows):
    """Bring in other rows for a study, as somebody would on the page."""
    path = tmp_path / f"{study}.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    live.edit(f"/studies/{study}/table", live.workspace.add_table(path))


def opportunities(rows):
    """Ulwick's score of each need: shares that mark 9 or 10 of 10, times ten."""
    marks = defaultdict(list)
    for row in rows:
        marks[row["need"]].append((int(row["importance"]) >= 9, int(row["satisfaction"]) >= 9))
    scores = {}
    for need, pairs in marks.items():
        importance, satisfaction = (10 * sum(column) / len(pairs) for column in zip(*pairs, strict=True))
        scores[need] = importance + max(importance - satisfaction, 0)
    return scores


def ranks(live):
    return exhibits.opportunity_scores(case_of(live)).table.set_index("id")["rank"]


def test_a_survey_that_changes_its_mind_moves_the_needs_and_makes_stale_what_stands_on_them(live, tmp_path):
    live.take(exhibits.opportunity_scores(case_of(live)).proposals)
    live.confirm([one.node for one in live.stale])
    before, rows = ranks(live), rows_of(live, "needs-survey")
    assert before["test-alone"] == 1
    # From now on nobody finds testing alone important.
    for row in rows:
        if row["need"] == "test-alone":
            row["importance"] = "2"
    with_table(live, tmp_path, "needs-survey", rows)
    finding = next(f for f in live.plan.findings if "/needs/test-alone/importance" in f.fills)
    assert finding.id in {one.node for one in live.stale}, "what was adopted stands on another table now"

    live.take(exhibits.opportunity_scores(case_of(live)).proposals)
    expected = opportunities(rows)
    held = exhibits.opportunity_scores(case_of(live)).table.set_index("id")["opportunity"]
    assert {need: held[need] for need in expected} == pytest.approx(expected)
    assert ranks(live)["test-alone"] == len(expected)
    assert live.plan.item("test-alone").importance == 0
    touched = {one.node for one in live.stale if one.upstream == "test-alone"}
    assert {c.id for c in live.plan.campaigns if c.challenge == "test-alone"} <= touched
    # The dashboard follows: what changed, what is stale, and whose decision it is.
    cards = {card.title: card for card in exhibits.four_answers(case_of(live)).cards}
    assert any(tag.kind == "stale" for tag in cards["What changed, and what is stale?"].tags)
    waiting = exhibits.decisions_needed(case_of(live)).table["what"].str.cat(sep=" ")
    assert all(live.plan.name_of(node) in waiting for node in touched)


def enterprise_worth(plan, price=0.0, uptake=0.0, unit_cost=0.0):
    """Margin of an enterprise customer over the years it stays, by the formula."""
    segment = plan.item("enterprise")
    return (segment.contract_value * segment.margin + 12 * (price - unit_cost) * uptake) / segment.churn


def test_another_price_moves_worth_split_limit_and_expected_customers(live, tmp_path):
    paid = LivePlan(live.workspace, "adaptive-test", "paid")
    offer = paid.plan.item("adaptive-tests")
    cost = offer.unit_cost or 0.0
    first, split_before = split(paid.plan), split(paid.plan).spends
    assert segment_worth(paid.plan.item("enterprise"), paid.plan) == pytest.approx(
        enterprise_worth(paid.plan, offer.price, offer.uptake, cost)
    )
    before, limit = _worths(paid.plan), cost_limit(paid.plan)

    # From now on everybody would buy at every price: what earns most is the highest one that was asked.
    ladder = [row | {"would_buy": "1"} for row in rows_of(paid, "price-ladder")]
    price = max(float(row["price"]) for row in ladder)
    with_table(paid, tmp_path, "price-ladder", ladder)
    case = Case(paid.plan, paid.workspace, plan_id="adaptive-test", scenario="paid")
    paid.take(one for one in exhibits.demand_and_revenue(case).proposals if one.item == "/offers/adaptive-tests")
    plan = paid.plan
    assert plan.item("adaptive-tests").price == price
    assert segment_worth(plan.item("enterprise"), plan) == pytest.approx(
        enterprise_worth(plan, price, offer.uptake, cost)
    )
    # A channel's outcome is worth the mean over its segments, so only the enterprise share of it rises.
    rise = 12 * (price - offer.price) * offer.uptake / plan.item("enterprise").churn
    for channel in plan.channels:
        found = outcome_worth(channel, plan)
        if found is not None and "enterprise" in found.segments:
            share = found.shares[found.segments.index("enterprise")]
            assert found.amount - before[channel.id] == pytest.approx(rise * share)
    targets = [s for s in plan.segments if s.targeting == "target" and segment_worth(s, plan) is not None]
    touched = [s for s in targets if s.id in plan.item("adaptive-tests").segments]
    by_hand = sum(12 * (price - offer.price) * offer.uptake / s.churn for s in touched) / len(targets)
    assert cost_limit(plan) - limit == pytest.approx(by_hand / plan.budget.worth_to_cost)

    after = split(plan)
    assert after.spends != split_before
    # At the best split a further 1,000 brings the same worth in each free channel of a part: by the curves' own slopes.
    for side in after.sides:
        free = after.table[after.table["id"].isin([c.id for c in side.channels]) & (after.table["binding"] == "")]
        assert free["marginal_worth"].max() == pytest.approx(free["marginal_worth"].min(), rel=0.02)
    by_curves = sum(float(c.curve.outcome(after.spends[c.id])) for side in after.sides for c in side.channels)
    assert after.customers == pytest.approx(by_curves)
    assert after.table["worth"].sum() > first.table["worth"].sum()

    # The dashboard shows the path: what campaigns stand on the offer is stale, and the flow of money carries the new worth.
    case = Case(plan, paid.workspace, plan_id="adaptive-test", scenario="paid")
    assert any(one.upstream == "adaptive-tests" for one in case.stale)
    assert exhibits.money_flow(case).table["worth"].sum() == pytest.approx(after.table["worth"].sum())
    assert "Adaptive tests" in exhibits.recent_changes(case).finding


def _worths(plan):
    found = {channel.id: outcome_worth(channel, plan) for channel in plan.channels}
    return {id: worth.amount for id, worth in found.items() if worth is not None}


def adopted(live, *exhibits_of_it, to=""):
    """Take figures over as a person in a terminal would, and let the open plan take it in."""
    asked = [
        "adopt",
        "adaptive-test",
        *exhibits_of_it,
        "--scenario",
        live.scenario,
        "--workspace",
        str(live.workspace.folder),
    ]
    told = CliRunner().invoke(main, [*asked, *(["--to", to] if to else [])])
    assert told.exit_code == 0, told.output
    live.poll()


def followed_by_hand(price, plan):
    """What must follow from the price of the add-on, by the formulae and the plan's own inputs: no function of the package."""
    offer, agreed = plan.item("adaptive-tests"), plan.handover
    a_year = 12 * price * offer.uptake
    worth = {
        s.id: (
            s.contract_value * s.margin + (12 * (price - offer.unit_cost) * offer.uptake if s.id == "enterprise" else 0)
        )
        / s.churn
        for s in plan.segments
    }
    deal = plan.item("enterprise").contract_value + a_year
    customers = agreed.revenue_goal * agreed.marketing_share / deal
    return {
        "worth": worth,
        "limit": worth["enterprise"] / plan.budget.worth_to_cost,
        "deal": deal,
        "customers": customers,
        "leads": customers / agreed.close_rate,
    }


def best_downstream_by_hand(plan, worth):
    """Try every split of the downstream part in steps of 100: curves through the likely estimate, each customer at its worth."""
    part = (1 - plan.balance.upstream_share) * (plan.budget.total - plan.budget.reserve)
    steps = np.arange(0, part + 1, 100.0)
    brought = {}
    for curve in plan.curves:
        channel = plan.item(curve.channel)
        if channel.side.value != "downstream":
            continue
        estimate, shape = curve.estimate, curve.shape
        half = estimate.spend * (curve.ceiling / estimate.likely - 1) ** (1 / shape)
        reach = {id: part for id, part in channel.reach.items() if plan.item(id).targeting.value != "excluded"}
        value = sum(worth[id] * share for id, share in reach.items()) / sum(reach.values())
        outcome = value * curve.ceiling * steps**shape / (half**shape + steps**shape)
        brought[channel.id] = np.where(steps <= (curve.maximum or np.inf), outcome, -np.inf)
    (first, a), (second, b), (third, c) = brought.items()
    # The rest goes to the third: money that is kept brings less than any of them here.
    rest = len(steps) - 1 - np.add.outer(np.arange(len(steps)), np.arange(len(steps)))
    whole = a[:, None] + b[None, :] + np.where(rest >= 0, c[np.maximum(rest, 0)], -np.inf)
    i, j = np.unravel_index(whole.argmax(), whole.shape)
    return {first: steps[i], second: steps[j], third: steps[rest[i, j]]}, float(whole.max())


def monthly(live, indicator):
    return {r.month.strftime("%Y-%m"): r.target for r in live.plan.item(indicator).readings}


def test_a_survey_column_walks_down_to_the_targets_and_every_figure_is_as_the_formulae_say(live, tmp_path):
    """A team keeps two targets that follow from the plan; then customers answer otherwise, and the chain is walked once."""
    paid = LivePlan(live.workspace, "adaptive-test", "paid")
    cost = paid.add("/indicators", "Cost of a customer")
    for field, value in {"unit": "money", "direction": "cost", "side": "downstream", "follows": "cost-limit"}.items():
        assert paid.edit(f"/indicators/{cost}/{field}", value)
    assert paid.edit("/indicators/leads/follows", "leads-asked")
    adopted(paid, "opportunity_scores", "lead_quotas", "derived_targets")
    paid.confirm([one.node for one in paid.stale])
    assert not paid.stale

    before = followed_by_hand(300, paid.plan)
    assert paid.plan.handover.deal_size == pytest.approx(before["deal"])
    assert list(monthly(paid, cost).values()) == pytest.approx(12 * [before["limit"]], abs=1e-4)
    assert len(monthly(paid, cost)) == paid.plan.charter.period.months
    was_split, was_leads = split(paid.plan).spends, monthly(paid, "leads")
    assert was_leads["2027-04"] == pytest.approx(before["leads"] / 12, abs=1e-4)
    assert was_leads["2027-03"] == 118, "a month that is in keeps the target it was judged by"
    assert ranks(paid)["test-alone"] == 1

    # Columns of two surveys change: nobody finds testing alone important, and all would pay ten times what was asked.
    needs = [
        row | ({"importance": "2"} if row["need"] == "test-alone" else {}) for row in rows_of(paid, "needs-survey")
    ]
    ladder = [row | {"would_buy": "1", "price": f"{row['price']}0"} for row in rows_of(paid, "price-ladder")]
    with_table(paid, tmp_path, "needs-survey", needs)
    with_table(paid, tmp_path, "price-ladder", ladder)
    adopted(paid, "opportunity_scores")
    adopted(paid, "demand_and_revenue", to="adaptive-tests")

    # The need's rank, the price, the worth and the split are others, and nothing else was touched.
    scores = opportunities(needs)
    assert ranks(paid)["test-alone"] == 1 + sum(score > scores["test-alone"] for score in scores.values())
    price = max(float(row["price"]) for row in ladder)
    assert paid.plan.item("adaptive-tests").price == price > 300
    now = followed_by_hand(price, paid.plan)
    assert segment_worth(paid.plan.item("enterprise"), paid.plan) == pytest.approx(now["worth"]["enterprise"])
    spends, most = best_downstream_by_hand(paid.plan, now["worth"])
    after = split(paid.plan)
    assert {id: after.spends[id] for id in spends} == pytest.approx(spends, abs=200)
    assert after.table[after.table["id"].isin(spends)]["worth"].sum() == pytest.approx(most, rel=1e-4)
    assert max(abs(after.spends[id] - was_split[id]) for id in spends) > 200, "the split itself has moved"

    # Stale is what was worked out from the price; the agreement and the indicators wait for it, and the dashboard says so.
    stale = {one.node: one.upstream for one in paid.stale if one.upstream == "adaptive-tests"}
    assert {"deal-size", f"target-{cost}"} <= set(stale)
    assert "target-leads" not in stale
    shown = exhibits.stale_items(seen(paid)).table
    told = shown[(shown["upstream"] == "Adaptive tests as an add-on") & (shown["item"].str.startswith("Deal size"))]
    assert list(told["field"].str.contains("Price")) == [True]
    assert "Agreement with sales" in told["waits"].iloc[0]
    assert any("Cost of a customer" in waits for waits in shown["waits"])
    assert monthly(paid, "leads") == was_leads, "nothing moves before somebody takes it over"

    # The walk down: the deal size into the agreement, and then the target of the leads no longer holds.
    adopted(paid, "lead_quotas")
    assert paid.plan.handover.deal_size == pytest.approx(now["deal"])
    quota = exhibits.lead_quotas(seen(paid)).table
    assert quota["leads"].sum() == pytest.approx(now["leads"])
    assert quota["customers"].sum() > 0
    beside = exhibits.goal_and_split(seen(paid)).table
    assert beside["customers"].iloc[0] == pytest.approx(now["customers"])
    assert beside["leads"].iloc[1] == pytest.approx(after.customers / paid.plan.handover.close_rate)
    assert ("target-leads", "handover") in {(one.node, one.upstream) for one in paid.stale}
    finding = exhibits.derived_targets(seen(paid)).finding
    assert "Leads" in finding
    assert "now" in finding

    adopted(paid, "derived_targets")
    assert monthly(paid, "leads")["2027-04"] == pytest.approx(now["leads"] / 12, abs=1e-4)
    assert monthly(paid, "leads")["2027-12"] < was_leads["2027-12"]
    assert monthly(paid, cost)["2027-01"] == pytest.approx(now["limit"], abs=1e-4)
    assert not {one.node for one in paid.stale} & {"deal-size", "target-leads", f"target-{cost}"}
    status = exhibits.indicator_status(seen(paid)).table
    april = status[(status["kpi"] == "leads") & (status["period"] == "2027-04")].iloc[0]
    assert april["target"] == pytest.approx(now["leads"] / 12, abs=1e-4)
    assert "“Leads: " in " ".join(exhibits.recent_changes(seen(paid)).table["what"])

    # What still stands on the old offer is a campaign: whose decision that is, the dashboard says by name.
    waiting = exhibits.decisions_needed(seen(paid)).table
    campaigns = {one.node for one in paid.stale if one.upstream == "adaptive-tests"}
    assert campaigns
    assert all(waiting["what"].str.contains(paid.plan.name_of(id), regex=False).any() for id in campaigns)


def seen(live):
    return Case(live.plan, live.workspace, plan_id=live.plan_id, scenario=live.scenario)
