"""Sizes of tests against published figures, and what they must do whatever the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.analyses import analysis
from workbook.errors import AnalysisError, ParameterError
from workbook.execution.samples import sample_size


@pytest.mark.parametrize(
    ("convention", "users"),
    # 20 % to 25 %, power 80 %, 5 % two-sided; "pooled" is R's power.prop.test(p1 = .2, p2 = .25, power = .8).
    [("pooled", 1093.74), ("unpooled", 1090.99), ("arcsine", 1091.90)],
)
def test_a_fifth_to_a_quarter_needs_the_published_sample(convention, users):
    got = sample_size(baseline=0.2, effect=0.05, convention=convention).figures["per_variant"]
    assert got == pytest.approx(users, abs=0.005)


def test_two_means_half_a_deviation_apart_need_sixty_three():
    # Cohen (1988): d = 0.5, power 0.8, 5 % two-sided: 63 per group by the normal approximation.
    assert sample_size(baseline=0, effect=5, sd=10).figures["per_variant"] == pytest.approx(62.79, abs=0.005)


def test_days_follow_from_all_variants_together():
    got = sample_size(baseline=0.2, effect=0.05, daily_users=500, variants=3).figures
    assert got["days"] == pytest.approx(3 * got["per_variant"] / 500)


@given(st.floats(0.05, 0.9), st.floats(0.005, 0.045), st.sampled_from(["pooled", "unpooled", "arcsine"]))
def test_half_the_effect_needs_about_four_times_as_many_and_more_power_more(baseline, effect, convention):
    def users(**options):
        return sample_size(**({"baseline": baseline, "effect": effect, "convention": convention} | options)).figures[
            "per_variant"
        ]

    assert 3 < users(effect=effect / 2) / users() < 5
    assert users(power=0.9) > users()
    assert users(sides=1) < users()
    # Shares seen from the other side are the same test.
    assert users(baseline=1 - baseline, effect=-effect) == pytest.approx(users())


@pytest.mark.parametrize(
    "options",
    [
        {"baseline": 0.2, "effect": 0},
        {"baseline": 20, "effect": 5},
        {"baseline": 0.2, "effect": 0.8},
        {"baseline": 0.2, "effect": 0.05, "power": 0.04},
        {"baseline": 1, "effect": 1, "sd": 0},
    ],
)
def test_what_no_sample_can_answer_is_said(options):
    with pytest.raises(AnalysisError):
        sample_size(**options)


def test_a_missing_baseline_is_asked_for_by_name():
    with pytest.raises(ParameterError, match="--baseline"):
        analysis("sample-size").answer(effect=0.05)
