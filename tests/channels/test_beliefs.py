import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.channels.beliefs import LiftTest, from_benchmark, from_points, lifted
from workbook.errors import AnalysisError
from workbook.plan.model import Basis

ASSUMED = from_points(10_000, 100, low=60, high=160, ceiling=250)


def width(belief, spend):
    low, high = belief.band([spend])
    return float(high[0] - low[0])


def test_three_points_make_a_curve_through_the_likely_one_as_unsure_as_they_are_apart():
    assert float(ASSUMED.curve.outcome(10_000)) == pytest.approx(100)
    assert ASSUMED.basis is Basis.ASSUMED
    surer = from_points(10_000, 100, low=90, high=110, ceiling=250)
    assert width(surer, 50_000) < width(ASSUMED, 50_000)


def test_a_benchmark_is_a_cost_of_an_outcome():
    belief = from_benchmark(6_000, 60, metric="CPL", low=40, high=90)
    assert float(belief.curve.outcome(6_000)) == pytest.approx(100)
    assert float(belief.curve.outcome(1e15)) == pytest.approx(200)


@pytest.mark.parametrize("metric", ["ROI", "profit ROI short-term", "ROAS"])
def test_a_ratio_of_money_is_not_taken_for_a_cost(metric):
    with pytest.raises(AnalysisError, match="is no cost of an outcome"):
        from_benchmark(6_000, 44, metric=metric)


def test_a_test_moves_the_curve_towards_what_it_found_and_makes_it_surer():
    test = LiftTest(0, 10_000, 50, low=45, high=55)
    after = lifted(ASSUMED, test)
    assert after.basis is Basis.TESTED
    assert float(after.curve.outcome(10_000)) == pytest.approx(50, rel=0.05)
    assert width(after, 10_000) < 0.3 * width(ASSUMED, 10_000)
    # What a test of 80 % says of the lift, the belief after it says too: 10 wide, and a quarter more, as the curve is
    # taken as straight in its parameters.
    assert 9 < width(after, 10_000) < 13


def test_a_test_that_says_little_moves_little():
    vague = lifted(ASSUMED, LiftTest(0, 10_000, 50, low=-400, high=500))
    assert float(vague.curve.outcome(10_000)) == pytest.approx(100, rel=0.05)


@settings(max_examples=30, deadline=None)
@given(st.floats(20, 200), st.floats(1, 60), st.floats(0, 0.9))
def test_the_curve_after_a_test_lies_between_belief_and_test_and_never_falls(lift, half_width, share):
    test = LiftTest(share * 10_000, 10_000, lift, low=lift - half_width, high=lift + half_width)
    after = lifted(ASSUMED, test)

    def gain(belief):
        return float(belief.curve.outcome(10_000) - belief.curve.outcome(share * 10_000))

    low, high = sorted((gain(ASSUMED), lift))
    assert low - 1e-6 * high - 1e-3 <= gain(after) <= high * (1 + 1e-6) + 1e-3
    assert (np.diff(after.curve.outcome(np.linspace(0, 30_000, 50))) >= 0).all()


def test_points_and_tests_that_make_no_sense_are_refused():
    with pytest.raises(AnalysisError, match="must rise"):
        from_points(1000, 100, low=120, ceiling=300)
    with pytest.raises(AnalysisError, match="The second must be over the first"):
        LiftTest(10, 5, 3)
    with pytest.raises(AnalysisError, match="outside its interval"):
        LiftTest(0, 5, 3, low=4, high=5)
    with pytest.raises(AnalysisError, match="must be above 0"):
        from_benchmark(100, 0, metric="CPL")
