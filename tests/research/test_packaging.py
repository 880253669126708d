"""Ways to price an offer, and trials, reckoned by hand; what is missing stays missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.plan.model import Plan
from workbook.research.packaging import break_even_conversion, option_results, trial_results

SEGMENTS = {
    "firms": {"targeting": "target", "ours": 100, "contract_value": 1000, "margin": 0.5, "churn": 0.1},
    "shops": {"targeting": "target", "ours": 300, "contract_value": 200, "margin": 0.5, "churn": 0.2},
}
OPTIONS = {
    "included": {"model": "bundled", "churn": 0.08, "won": 2},
    "add-on": {"model": "add-on", "price": 30, "uptake": 0.25},
    "no-price": {"model": "tier", "uptake": 0.1},
    "some": {"model": "free", "uptake": 0.5},
}


def plan_of(segments=SEGMENTS, options=OPTIONS, **offer):
    held = {"segments": ["firms"], "per": "month", "unit_cost": 10, "options": options, **offer}
    return Plan.model_validate({"segments": segments, "offers": {"tool": held}})


def results(plan):
    return option_results(plan, plan.offers[0]).set_index("id")


def test_each_way_brings_what_is_paid_less_cost_and_the_customers_kept_and_won_at_their_worth():
    found = results(plan_of())
    # 100 customers at 10 a month cost 12,000 a year; a customer is worth 1,000 x 0.5 / 0.1 = 5,000.
    assert found.loc["included", ["takers", "direct", "kept", "won"]].tolist() == [100, -12_000, pytest.approx(2), 2]
    assert found.loc["included", "total"] == pytest.approx(-12_000 + 4 * 5_000)
    assert found.loc["add-on", ["takers", "direct", "kept", "total"]].tolist() == [25, 25 * 20 * 12, 0, 6_000]
    assert found.loc["some", "direct"] == -50 * 10 * 12
    assert np.isnan(found.loc["no-price", "total"])


def test_several_segments_weigh_by_how_many_are_ours():
    assert results(plan_of()).loc["included", "worth"] == 5_000
    both = results(
        Plan.model_validate(
            {"segments": SEGMENTS, "offers": {"tool": {"per": "once", "unit_cost": 10, "options": OPTIONS}}}
        )
    )
    # Without segments the offer is for every target: 100 at 5,000 and 300 at 500.
    assert both.loc["included", "worth"] == pytest.approx((100 * 5_000 + 300 * 500) / 400)
    assert both.loc["included", "kept"] == pytest.approx(100 * 0.02 + 300 * 0.12)
    assert both.loc["included", "direct"] == -4_000


@pytest.mark.parametrize("gone", ["ours", "churn", "margin"])
def test_what_is_missing_leaves_the_total_open(gone):
    segments = {"firms": {name: value for name, value in SEGMENTS["firms"].items() if name != gone}}
    assert np.isnan(results(plan_of(segments=segments)).loc["included", "total"])
    if gone != "ours":
        assert results(plan_of(segments=segments)).loc["add-on", "total"] == 6_000
    assert results(plan_of(unit_cost=None))["total"].isna().all()


def trial_plan(**trial):
    held = {
        "offer": "tool",
        "kind": "opt-in",
        "visitors": 1000,
        "starts": 0.1,
        "converts": 0.2,
        "stays": 0.5,
        "cost": 3,
    }
    offer = {"tool": {"price": 15, "unit_cost": 5, "per": "month"}}
    return Plan.model_validate({"offers": offer, "trials": {"free": held | trial}})


def test_a_trial_makes_customers_of_visitors_at_a_cost_for_each_that_starts():
    row = trial_results(trial_plan()).iloc[0]
    assert (row["started"], row["paying"], row["cost"], row["margin"]) == (100, 10, 300, 120)
    assert (row["cost_each"], row["result"]) == (30, 10 * 120 - 300)
    assert np.isnan(trial_results(trial_plan(converts=None)).iloc[0]["result"])
    assert np.isnan(trial_results(trial_plan(offer=None)).iloc[0]["result"])


@given(wanted=st.floats(0, 5000), starts=st.floats(0.05, 1), stays=st.floats(0.2, 1))
def test_at_the_break_even_conversion_a_trial_brings_what_was_asked(wanted, starts, stays):
    trial = trial_plan(starts=starts, stays=stays).trials[0]
    share = break_even_conversion(trial, 120, wanted)
    if np.isnan(share):
        assert trial_results(trial_plan(starts=starts, stays=stays, converts=1)).iloc[0]["result"] < wanted
    else:
        found = trial_results(trial_plan(starts=starts, stays=stays, converts=share)).iloc[0]
        assert found["result"] == pytest.approx(wanted, abs=1e-6)


def test_no_share_breaks_even_without_margin_or_starts():
    trial = trial_plan().trials[0]
    assert np.isnan(break_even_conversion(trial, 0))
    assert np.isnan(break_even_conversion(trial_plan(starts=0).trials[0], 120))
