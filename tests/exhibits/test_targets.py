"""Targets that follow from the plan: worked out by hand, offered, adopted with their source, and stale when that changes."""

import pytest

from workbook.execution.targets import basis_of, figure_of, grade_of_basis
from workbook.exhibits import Case, adopted_findings, derived_targets, lead_quotas
from workbook.forms.live import LivePlan
from workbook.plan.files import write_plan
from workbook.plan.model import Following, Grade, Plan
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

# 12,000 of revenue at 100 a deal are 120 customers; at 10 % 1,200 leads, 100 in each of 12 months.
DATA = {
    "charter": {"period": {"start": "2027-01", "months": 12}},
    "segments": {
        "offices": {"name": "Offices", "targeting": "target", "contract_value": 100, "margin": 0.5, "churn": 0.25},
        "homes": {"name": "Homes", "targeting": "open", "contract_value": 900, "margin": 0.5, "churn": 0.25},
    },
    "offers": {
        "care": {"name": "Care", "segments": ["offices"], "model": "add-on", "price": 5, "per": "month", "uptake": 0.5}
    },
    "budget": {"worth_to_cost": 4},
    "handover": {"revenue_goal": 12_000, "marketing_share": 1, "deal_size": 100, "close_rate": 0.1},
    "indicators": {
        "leads": {
            "name": "Leads",
            "unit": "number",
            "follows": "leads-asked",
            "readings": {
                "january": {"month": "2027-01", "target": 80, "actual": 90},
                "february": {"month": "2027-02", "target": 80},
            },
        },
        "cost": {"name": "Cost of a customer", "unit": "money", "direction": "cost", "follows": "cost-limit"},
    },
}


@pytest.fixture
def live(tmp_path):
    workspace = Workspace.create(tmp_path / "team")
    write_plan("small", Plan.model_validate(DATA), tmp_path / "small.yaml")
    workspace.import_plan(tmp_path / "small.yaml")
    yield LivePlan(workspace, "small")
    workspace.log.close()


def case_of(live):
    return Case(live.plan, live.workspace, plan_id="small")


def target(live, indicator, month):
    found = [r.target for r in live.plan.item(indicator).readings if r.month.strftime("%Y-%m") == month]
    assert len(found) == 1
    return found[0]


def test_figures_are_as_worked_out_by_hand():
    plan = Plan.model_validate(DATA)
    # (100 x 0.5 + 12 x 5 x 0.5) / 0.25 = 320 is what an office is worth; a quarter of that may be spent to win one.
    by_hand = {
        Following.LEADS_ASKED: 1200,
        Following.CUSTOMERS_ASKED: 120,
        Following.REVENUE_ASKED: 12_000,
        Following.CUSTOMERS_OF_SPLIT: 30,
        Following.LEADS_OF_SPLIT: 300,
        Following.COST_LIMIT: 80,
    }
    assert {one: figure_of(plan, one, brings=30) for one in Following} == pytest.approx(by_hand)
    bare = Plan()
    assert {figure_of(bare, one, brings=None) for one in Following} == {None}


def test_targets_are_offered_for_months_to_come_and_adopted_with_what_they_stand_on(live):
    shown = derived_targets(case_of(live))
    assert "80" in shown.finding
    assert "100" in shown.finding
    live.take(shown.proposals)
    assert target(live, "leads", "2027-01") == 80, "January is in, and was judged by this"
    assert [target(live, "leads", f"2027-{month:02}") for month in range(2, 13)] == [100] * 11
    assert [target(live, "cost", f"2027-{month:02}") for month in range(1, 13)] == [80] * 12
    assert derived_targets(case_of(live)).proposals == ()
    assert "hold" in derived_targets(case_of(live)).finding
    found = live.plan.item("target-leads")
    assert "/handover/close_rate" in found.basis
    assert found.grade is Grade.D, "nobody showed evidence of the close rate"
    assert "plan itself" in adopted_findings(case_of(live)).finding


@pytest.mark.parametrize(
    ("path", "value", "stale"),
    [
        ("/handover/close_rate", "20", {"target-leads"}),
        ("/handover/lead", "Somebody who asked for a price", set()),
        ("/offers/care/price", "10", {"target-cost"}),
        ("/offers/care/name", "Care and repair", set()),
        ("/budget/worth_to_cost", "3", {"target-cost"}),
        ("/budget/total", "9000", set()),
        ("/segments/homes/targeting", "target", {"target-cost"}),
        ("/charter/period/months", "6", {"target-leads"}),
    ],
)
def test_a_target_is_stale_when_a_figure_behind_it_changes_and_only_then(live, path, value, stale):
    live.take(derived_targets(case_of(live)).proposals)
    assert not live.stale
    assert live.edit(path, value)
    assert {one.node for one in live.stale} == stale
    if stale:
        offered = {one.key for one in derived_targets(case_of(live)).proposals}
        assert stale <= offered
        live.take(derived_targets(case_of(live)).proposals)
    assert not live.stale


def test_a_target_typed_over_is_the_teams_own_again(live):
    live.take(derived_targets(case_of(live)).proposals)
    reading = next(r for r in live.plan.item("cost").readings if r.month.month == 5)
    assert live.edit(f"/indicators/cost/readings/{reading.id}/target", "70")
    assert f"/indicators/cost/readings/{reading.id}/target" not in live.plan.item("target-cost").fills
    assert not live.stale
    assert "1 month differs" in set(derived_targets(case_of(live)).table["state"])


def test_a_month_that_comes_in_keeps_its_target_and_its_finding(live):
    live.take(derived_targets(case_of(live)).proposals)
    assert live.edit("/indicators/leads/readings/february/actual", "97")
    assert live.edit("/handover/close_rate", "20")
    live.take(derived_targets(case_of(live)).proposals)
    assert target(live, "leads", "2027-02") == 100
    assert target(live, "leads", "2027-03") == 50
    assert "/indicators/leads/readings/february/target" in live.plan.item("target-leads").fills


def test_the_deal_size_of_the_target_segments_is_offered_also_while_it_is_missing(live):
    # 100 a year, and half of the customers pay 5 a month on top.
    one = lead_quotas(case_of(live)).proposals
    assert [proposal.figure for proposal in one] == [130]
    assert live.edit("/handover/deal_size", "")
    waiting = lead_quotas(case_of(live))
    assert waiting.empty
    live.take(waiting.proposals)
    assert live.plan.handover.deal_size == 130
    assert lead_quotas(case_of(live)).proposals == ()
    assert live.edit("/segments/offices/contract_value", "200")
    assert "deal-size" in {found.node for found in live.stale}


def test_a_figure_is_as_good_as_the_worst_it_was_worked_out_from():
    shown = {"a": {"name": "Export", "grade": "A"}, "c": {"name": "Article", "grade": "C"}}
    data = DATA | {"segments": {"offices": DATA["segments"]["offices"] | {"evidence": shown}}}
    plan = Plan.model_validate(data)
    assert grade_of_basis(plan, basis_of(plan, Following.COST_LIMIT)) is Grade.D, "the add-on has no evidence"
    alone = Plan.model_validate(data | {"offers": {}})
    assert grade_of_basis(alone, basis_of(alone, Following.COST_LIMIT)) is Grade.C


def test_without_a_choice_or_a_figure_the_exhibit_says_the_way_out(live):
    without = Plan.model_validate(DATA | {"indicators": {"leads": {"name": "Leads"}}})
    assert derived_targets(Case(without, live.workspace)).empty
    lacking = Plan.model_validate(DATA | {"handover": {}, "segments": {}})
    shown = derived_targets(Case(lacking, live.workspace))
    assert "Not known yet" in shown.finding
    assert shown.proposals == ()


def test_what_the_sample_adopted_is_what_its_plan_gives(tmp_path):
    workspace = Workspace.create(tmp_path / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    shown = derived_targets(Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test"))
    assert list(shown.table["state"]) == ["holds"]
    assert shown.proposals == ()
    workspace.log.close()
