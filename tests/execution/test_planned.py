"""What planned tests need and can find, and whether programmes pay: by hand, and where no figure can be had."""

import numpy as np
import pytest

from workbook.errors import AnalysisError
from workbook.execution.adaptive import simulated_regret_of_times
from workbook.execution.planned import planned_size
from workbook.execution.referrals import economics
from workbook.execution.samples import sample_size
from workbook.plan.model import Plan


def test_of(**fields):
    plan = Plan.model_validate({"experiments": {"one": fields}})
    return plan.experiments[0]


test_of.__test__ = False


def test_twenty_to_twenty_five_percent_takes_the_published_sample_and_its_days():
    # R: power.prop.test(p1 = 0.20, p2 = 0.25, power = 0.8) gives n = 1093.74.
    sized = planned_size(test_of(metric="conversion", rate={"baseline": 0.2, "effect": 0.05}, daily_users=100, days=30))
    assert sized.per_variant == pytest.approx(1093.74, abs=0.01)
    assert sized.days == pytest.approx(21.87, abs=0.01)
    assert sized.fits


def test_what_the_days_can_find_needs_just_the_people_of_these_days():
    sized = planned_size(
        test_of(metric="click-through", rate={"baseline": 0.05, "effect": 0.01}, daily_users=300, days=14)
    )
    needed = sample_size(baseline=0.05, effect=sized.findable).figures["per_variant"]
    assert needed == pytest.approx(300 * 14 / 2, rel=1e-4)
    assert not sized.fits


def test_a_time_is_sized_by_its_deviation():
    sized = planned_size(test_of(metric="session-time", time={"mean": 95, "deviation": 70, "effect": 15}))
    assert sized.per_variant == pytest.approx(2 * (70 * (1.959964 + 0.841621) / 15) ** 2, rel=1e-5)
    assert sized.days is None


def test_a_sample_that_cannot_be_reached_says_what_to_do_instead():
    answer = sample_size(baseline=0.02, effect=0.001, daily_users=50)
    assert "cannot be reached" in answer.warnings[0]
    assert "fewer variants" in answer.warnings[0]
    assert not sample_size(baseline=0.2, effect=0.05, daily_users=100).warnings


def test_a_change_past_all_is_refused():
    with pytest.raises(AnalysisError, match="100 %"):
        planned_size(test_of(metric="conversion", rate={"baseline": 0.7, "effect": 0.4}))


def test_moving_traffic_loses_fewer_seconds_than_a_fixed_split():
    regret = simulated_regret_of_times([90, 100], 60, 4000, runs=200)
    assert regret.fixed.mean() == pytest.approx(4000 * 10 / 2, rel=0.05)
    assert regret.adaptive.mean() < 0.5 * regret.fixed.mean()
    starved = simulated_regret_of_times([90, 100], 60, 40, batches=20, floor=0.0, runs=50)
    assert np.isfinite(starved.adaptive).all()


def programme(segment=None, **fields):
    segments = {"shops": segment} if segment else {}
    plan = Plan.model_validate(
        {"segments": segments, "referrals": {"invite": {"segment": "shops" if segment else None, **fields}}}
    )
    return economics(plan.referrals[0], plan)


def test_a_programme_pays_by_the_share_who_would_not_have_come():
    # 60 + 20 a success; 400 of margin, a quarter of them new: 100 gained. 80 of 400 must be new.
    found = programme(reward=60, other_cost=20, margin_value=400, new_share=0.25)
    assert (found.cost, found.gain, found.left, found.pays) == (80, 100, 20, True)
    assert found.least_share == pytest.approx(0.2)
    assert programme(reward=60, other_cost=20, margin_value=400, new_share=0.19).pays is False


def test_the_margin_of_the_segment_stands_in_and_word_of_mouth_is_counted():
    shops = {"contract_value": 1000, "margin": 0.5, "churn": 0.25, "ours": 200}
    found = programme(shops, reward=100, new_share=0.5, invitations=0.5, conversion=0.1)
    assert found.margin == 2000
    assert found.k == pytest.approx(0.05)
    assert found.a_year == pytest.approx((2000 * 0.5 - 100) * 0.05 * 200)


def test_what_a_programme_does_not_say_is_left_open_and_nothing_is_divided_by_nothing():
    assert programme(reward=10).pays is None
    nothing = programme(reward=10, margin_value=0, new_share=0.5)
    assert nothing.pays is False
    assert nothing.least_share is None
