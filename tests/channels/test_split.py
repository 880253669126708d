"""From the plan to the split: by hand where a hand can do it, on the worked example where it cannot."""

import math
from pathlib import Path

import pytest
import yaml
from scipy.optimize import brentq

from workbook.channels.months import forward_plan
from workbook.channels.prospects import goal_of, prospect
from workbook.channels.split import split
from workbook.errors import AnalysisError
from workbook.plan.model import Aim, Plan, tree
from workbook.plan.worth import segment_worth
from workbook.shipped import shipped


@pytest.fixture(scope="module")
def sample():
    return yaml.safe_load((Path(str(shipped("data"))) / "samples" / "adaptive-test.yaml").read_text("utf-8"))


def plan_of(sample, scenario="", **changes):
    data = {key: value for key, value in sample.items() if key in Plan.model_fields}
    if scenario:
        for section, items in sample["scenarios"][scenario]["changes"].items():
            data[section] = data[section] | {id: data[section][id] | item for id, item in items.items()}
    for path, value in changes.items():
        section, _, field = path.partition("__")
        data[section] = data.get(section, {}) | {field: value}
    return Plan.model_validate(data)


def small(contract=10_000, **budget):
    """Two channels by hand: each brings 10 customers at 1,000 and never passes 20; b's customers are worth twice a's."""
    segment = {"name": "A", "contract_value": contract, "margin": 0.5, "churn": 0.5}
    channel = {"segments": ["a"], "side": "downstream"}
    estimate = {"estimate": {"spend": 1000, "low": 5, "likely": 10, "high": 15}, "ceiling": 20}
    return Plan.model_validate(
        {
            "segments": {"a": segment, "b": segment | {"name": "B", "contract_value": 2 * contract}},
            "channels": {"ads": channel | {"name": "Ads"}, "mail": channel | {"name": "Mail", "segments": ["b"]}},
            "curves": {"ads-curve": estimate | {"channel": "ads"}, "mail-curve": estimate | {"channel": "mail"}},
            "budget": {"total": 3000} | budget,
        }
    )


def test_worth_carries_the_segments_into_the_split():
    # Worth 10,000 and 20,000, curves 20 s / (1000 + s): equal returns where (1000 + s_mail)^2 = 2 (1000 + s_ads)^2.
    got = split(small())
    total = 5000 / (1 + math.sqrt(2))
    assert got.spends["ads"] == pytest.approx(total - 1000, rel=1e-4)
    assert got.spends["mail"] == pytest.approx(math.sqrt(2) * total - 1000, rel=1e-4)
    assert got.by_worth


def test_customers_alike_split_evenly():
    got = split(small(aim="customers"))
    assert got.spends == pytest.approx({"ads": 1500, "mail": 1500}, rel=1e-4)
    assert got.customers == pytest.approx(2 * 20 * 1500 / 2500)


def test_where_profit_counts_money_that_brings_less_than_it_costs_is_kept():
    # Returns of a unit of money: 100 x 20,000 / (1000 + s)^2 = 1 at s = 414, and 1,000 with 200.
    assert split(small()).unspent == 0
    rich = split(small(contract=100, total=10_000))
    assert rich.spends["ads"] == pytest.approx(math.sqrt(2_000_000) - 1000, rel=1e-3)
    assert rich.spends["mail"] == pytest.approx(1000, rel=1e-3)
    assert rich.unspent == pytest.approx(10_000 - rich.spends["ads"] - rich.spends["mail"], rel=1e-6)
    profit = sum(rich.table["worth"]) - sum(rich.table["spend"])
    assert rich.sides[-1].outcome == pytest.approx(profit)


def test_pipeline_counts_the_revenue_behind_the_share_that_is_won():
    plan = small(aim="pipeline")
    assert split(plan).sides[0].aim is Aim.CUSTOMERS  # the share that is won is not known
    known = Plan.model_validate(tree(plan) | {"handover": {"funnel": {"won": 0.25}}})
    got = split(known)
    assert got.sides[0].aim is Aim.PIPELINE
    assert got.sides[0].outcome == pytest.approx(
        sum(got.table["customers"] * [10_000 / 0.25, 20_000 / 0.25]),
    )


def test_a_channel_without_a_segment_makes_customers_count_alike():
    data = tree(small())
    data["channels"]["mail"]["segments"] = []
    got = split(Plan.model_validate(data))
    assert got.sides[0].aim is Aim.CUSTOMERS
    assert got.spends["ads"] == pytest.approx(got.spends["mail"], rel=1e-4)


def test_the_balance_divides_the_budget_before_it_is_split(sample):
    plan = plan_of(sample)
    got = split(plan)
    upstream = got.table.loc[got.table["side"] == "upstream", "spend"].sum()
    assert upstream == pytest.approx(0.55 * (120_000 - 8_000))
    assert all(side.gap < 1e-4 for side in got.sides)
    merged = split(plan_of(sample, budget__sides="merged"))
    assert len(merged.sides) == 1
    assert merged.table["worth"].sum() > got.table["worth"].sum()


def test_without_a_decision_the_balance_recommends(sample):
    from workbook.channels.balance import balance

    plan = plan_of(sample, balance__upstream_share=None)
    assert split(plan).upstream == pytest.approx(balance(plan).upstream)


def test_upstream_channels_may_count_demand_and_then_stay_apart(sample):
    curves = {
        id: curve | ({"unit": "demand"} if curve["channel"] in ("e-book", "partners", "events") else {})
        for id, curve in sample["curves"].items()
    }
    data = {key: value for key, value in sample.items() if key in Plan.model_fields} | {"curves": curves}
    got = split(Plan.model_validate(data))
    assert got.table["customers"].isna().sum() == 3
    assert got.table["demand"].notna().sum() == 3
    merged = data | {"budget": data["budget"] | {"sides": "merged"}}
    with pytest.raises(AnalysisError, match="count demand"):
        split(Plan.model_validate(merged))


def by_hand(worth):
    """Split the sample's 50,400 for downstream channels by calculus: Hill curves, worth of a customer, one price of money."""
    # Most, spend and outcome of the estimate, shape: half-spend = spend x (most / outcome - 1)^(1 / shape).
    curves = {"linkedin-ads": (22, 40_000, 9, 1.4), "email": (9, 8_000, 5, 1), "search-ads": (13, 25_000, 6, 1)}

    def spend_at(price, most, spend, outcome, shape, value):
        half = spend * (most / outcome - 1) ** (1 / shape)

        def margin(s):
            return value * most * shape * half**shape * s ** (shape - 1) / (half**shape + s**shape) ** 2 - price

        low = half * ((shape - 1) / (shape + 1)) ** (1 / shape) if shape > 1 else 0.0
        return brentq(margin, low, 60_000) if margin(low) > 0 > margin(60_000) else low

    def excess(price):
        return sum(spend_at(price, *curve, worth[id]) for id, curve in curves.items()) - 50_400

    price = brentq(excess, 10, 40)
    return {id: spend_at(price, *curve, worth[id]) for id, curve in curves.items()}


def test_another_price_moves_worth_split_and_customers_by_what_the_formulae_say(sample):
    """The chain: the add-on's price of scenario "paid" in an enterprise customer's worth, the split, the customers."""
    # 24,000 x 0.72 / 0.12; on top (300 - 40) x 0.2 x 12 months / 0.12 for the share who take it. Mid-market has no add-on.
    enterprise, mid = {"": 144_000, "paid": 144_000 + 5_200}, 6_500 * 0.68 / 0.18
    found = {}
    for scenario, value in enterprise.items():
        plan = plan_of(sample, scenario)
        found[scenario] = got = split(plan)
        assert segment_worth(plan.item("enterprise"), plan) == pytest.approx(value)
        each = dict(zip(got.table["id"], got.table["worth"] / got.table["customers"], strict=True))
        # LinkedIn reaches 75 % enterprise and 25 % mid-market people, search 60 and 40, email enterprise alone.
        worth = {"linkedin-ads": 0.75 * value + 0.25 * mid, "search-ads": 0.6 * value + 0.4 * mid, "email": value}
        assert {id: each[id] for id in worth} == pytest.approx(worth)
        hand = by_hand(worth)
        assert {id: got.spends[id] for id in hand} == pytest.approx(hand, rel=1e-3)
    before, after = found[""], found["paid"]
    # Worth by hand: + 3.6 % in email, + 3.5 % in LinkedIn, + 3.2 % in search, so money leaves search for both.
    assert after.spends["email"] > before.spends["email"]
    assert after.spends["linkedin-ads"] > before.spends["linkedin-ads"]
    assert after.spends["search-ads"] < before.spends["search-ads"]
    assert after.customers != before.customers
    assert after.table["worth"].sum() / before.table["worth"].sum() == pytest.approx(1.034, abs=0.002)


def test_the_goal_is_the_teams_or_what_the_hand_over_asks_for(sample):
    assert goal_of(plan_of(sample, budget__goal=40)) == 40
    handover = plan_of(sample).handover
    asked = goal_of(plan_of(sample))
    assert asked == pytest.approx(700_000 * handover.marketing_share / handover.deal_size)
    assert goal_of(Plan()) is None


def test_prospects_of_the_sample_hold_together(sample):
    got = prospect(plan_of(sample))
    assert got.expected.worst_tenth < got.expected.low < got.expected.mean < got.expected.high
    assert got.robust.worst_tenth >= got.expected.worst_tenth * 0.99
    assert 0 <= got.expected.chance <= 1
    assert got.table["robust"].sum() == pytest.approx(got.table["spend"].sum(), rel=0.02)
    assert (got.table["test_worth"] >= 0).all()
    assert prospect(Plan()) is None


def test_a_goal_of_nothing_is_certain_and_one_beyond_all_ceilings_is_not(sample):
    assert prospect(plan_of(sample, budget__goal=0)).expected.chance == 1
    assert prospect(plan_of(sample, budget__goal=5_000)).expected.chance == 0


def test_the_months_add_up_to_the_split_and_customers_come_later(sample):
    plan = plan_of(sample)
    got, chosen = forward_plan(plan), split(plan)
    assert got.table.groupby("id")["spend"].sum().to_dict() == pytest.approx(chosen.spends)
    assert got.table["customers"].sum() == pytest.approx(chosen.customers)
    first = got.table[got.table["number"] == 1]
    assert first["customers"].sum() == 0  # every channel takes a month or more
    assert not got.searched


def test_cash_a_month_makes_it_a_local_search_that_keeps_the_limit(sample):
    got = forward_plan(plan_of(sample, budget__most_a_month=9_500, budget__season={"august": 0}))
    assert got.searched
    assert got.table.groupby("number")["spend"].sum().max() <= 9_500 * (1 + 1e-6)


def test_limits_of_the_plan_reach_the_allocator():
    data = tree(small(aim="customers"))
    data["curves"]["ads-curve"] |= {"multiple": 400}
    data["curves"]["mail-curve"] |= {"fixed": 700}
    got = split(Plan.model_validate(data))
    assert got.spends["mail"] == 700
    assert got.spends["ads"] == pytest.approx(2000)  # five whole steps of the 2,300 that are left
    data["curves"]["mail-curve"] = data["curves"]["mail-curve"] | {"fixed": None, "minimum": 4000}
    with pytest.raises(AnalysisError, match="most is asked for by Mail"):
        split(Plan.model_validate(data))


@pytest.mark.parametrize("total", [0, 1e12])
def test_no_budget_and_a_huge_one_are_split(total):
    got = split(small(total=total))
    assert got.budget == total
    assert math.isfinite(got.gap) or total == 0
    assert got.customers < 40


def test_sixty_channels_of_a_plan_are_split():
    data = tree(small())
    for i in range(58):
        data["channels"][f"c{i}"] = data["channels"]["ads"] | {"name": f"C {i}"}
        data["curves"][f"k{i}"] = data["curves"]["ads-curve"] | {"channel": f"c{i}", "shape": 1 + i % 3}
    got = split(Plan.model_validate(data))
    assert len(got.table) == 60
    assert got.gap < 1e-3


def grouped(limits, **changes):
    """The three channels of a plan: two in a group "Events" with these limits, one outside; each brings 20 s / (1000 + s)."""
    data = tree(small(aim="customers"))
    data["channels"]["stand"] = data["channels"]["ads"] | {"name": "Stand"}
    data["curves"]["stand-curve"] = data["curves"]["ads-curve"] | {"channel": "stand"}
    data["groups"] = {"events": {"name": "Events", "channels": ["ads", "stand"]} | limits}
    return Plan.model_validate(data | changes)


def test_a_group_gets_no_more_and_no_less_than_its_limits_and_is_named():
    free = split(grouped({}))
    assert free.spends == pytest.approx({"ads": 1000, "mail": 1000, "stand": 1000}, rel=1e-3)
    assert set(free.table["group"]) == {""}
    held = split(grouped({"maximum": 1000}))
    assert held.spends == pytest.approx({"ads": 500, "mail": 2000, "stand": 500}, rel=1e-3)
    assert held.table.set_index("id")["binding"].to_dict() == {
        "ads": "group maximum",
        "mail": "",
        "stand": "group maximum",
    }
    assert held.table["group"].tolist() == ["Events", "", "Events"]
    assert held.gap < 1e-4
    # A sum that falls on no step of the grid, and leaves the other channel the rest.
    pinned = split(grouped({"minimum": 2501.7, "maximum": 2501.7}))
    assert pinned.spends == pytest.approx({"ads": 1250.85, "mail": 498.3, "stand": 1250.85}, rel=1e-3)


def test_draws_and_months_keep_the_limits_of_groups():
    plan = grouped({"maximum": 1000})
    table = prospect(plan).table.set_index("id")
    assert table.loc[["ads", "stand"], "robust"].sum() <= 1000 * (1 + 1e-9)
    assert table["robust"].sum() == pytest.approx(3000)
    tight = Plan.model_validate(tree(plan) | {"budget": {"total": 3000, "aim": "customers", "most_a_month": 200}})
    months = forward_plan(tight)
    assert months.searched
    spent = months.table.groupby("id")["spend"].sum()
    assert spent["ads"] + spent["stand"] <= 1000 * (1 + 1e-9)
    assert months.table.groupby("number")["spend"].sum().max() <= 200 * (1 + 1e-9)


def test_groups_that_share_a_channel_or_hold_both_sides_are_refused_by_name():
    other = {"name": "Print", "channels": ["stand"], "minimum": 5}
    plan = tree(grouped({"maximum": 1000}))
    with pytest.raises(AnalysisError, match="Stand: in more than one group"):
        split(Plan.model_validate(plan | {"groups": plan["groups"] | {"print": other}}))
    plan["channels"]["ads"]["side"] = "upstream"
    with pytest.raises(AnalysisError, match="Group Events holds upstream and downstream"):
        split(Plan.model_validate(plan))
    merged = plan | {"budget": plan["budget"] | {"sides": "merged"}}
    assert split(Plan.model_validate(merged)).spends["mail"] == pytest.approx(2000, rel=1e-3)
    with pytest.raises(AnalysisError, match="most is asked for by Events"):
        split(grouped({"minimum": 3001}))


def test_groups_called_alike_are_told_apart():
    plan = tree(grouped({"maximum": 1000}))
    plan["groups"]["other"] = {"name": "Events", "channels": ["mail"], "maximum": 700}
    got = split(Plan.model_validate(plan))
    assert got.table["group"].tolist() == ["events", "other", "events"]
    assert got.unspent == pytest.approx(1300)
