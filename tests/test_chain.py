"""The whole chain: what customers answer moves the need, the price, the worth, the split, the quota and the targets.

Each magnitude is worked out here by hand from the method's formula, and not by the function under test: opportunity is
importance + max(importance - satisfaction, 0) with shares of the two top boxes x 10; worth is contract value x margin /
churn, and an add-on's price x uptake on top; the most a customer may cost is worth / target ratio; the quota is planned
customers / close rate; a target is that quota spread over the months.
"""

import csv
from collections import defaultdict

import pytest

from workbook import exhibits
from workbook.channels.split import split
from workbook.execution.handover import sla
from workbook.exhibits import Case
from workbook.exhibits.measures import acquisition_limit
from workbook.forms.live import LivePlan
from workbook.pages import made_workspace
from workbook.plan.worth import outcome_worth, segment_worth


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
    before, limit = _worths(paid.plan), acquisition_limit(paid.plan)

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
    assert acquisition_limit(plan) - limit == pytest.approx(by_hand / plan.budget.worth_to_cost)

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


def test_a_deal_of_another_size_moves_quota_and_targets(live):
    agreed = live.plan.handover
    first = sla(plan=live.plan).figures
    assert first["customers"] == pytest.approx(agreed.revenue_goal * agreed.marketing_share / agreed.deal_size)
    assert first["leads"] == pytest.approx(first["customers"] / agreed.close_rate)
    live.edit("/handover/deal_size", "30000")
    live.edit("/handover/close_rate", "2")
    customers = agreed.revenue_goal * agreed.marketing_share / 30_000
    now = sla(plan=live.plan)
    assert now.figures["customers"] == pytest.approx(customers)
    assert now.figures["leads"] == pytest.approx(customers / live.plan.handover.close_rate)
    months = live.plan.charter.period.months
    assert now.rows["leads"].sum() == pytest.approx(customers / live.plan.handover.close_rate)
    assert len(now.rows) == months
    # The month's quota becomes the indicator's target; the dashboard judges by it.
    quota = customers / live.plan.handover.close_rate / months
    for month in ("01", "02", "03"):
        live.edit(f"/indicators/leads/readings/leads-2027-{month}/target", f"{quota:.6f}")
    status = exhibits.indicator_status(case_of(live)).table
    march = status[(status["kpi"] == "leads") & (status["period"] == "2027-03")].iloc[0]
    assert march["target"] == pytest.approx(quota, abs=1e-6)
    assert march["state"] == ("behind" if 0.9 * quota > 109 else "on course" if quota >= 109 else "ahead")
