import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.channels.response import Exponential, Hill, Linear, stacked, through_estimate
from workbook.errors import AnalysisError

positive = st.floats(1e-6, 1e12)
shapes = st.floats(0.2, 8)
curves = st.one_of(st.builds(Hill, positive, positive, shapes), st.builds(Exponential, positive, positive))


def test_hill_matches_hand_calculation():
    curve = Hill(maximum=90, half_spend=2, shape=2)
    assert curve.outcome([0, 2, 4, np.inf]).tolist() == pytest.approx([0, 45, 72, 90])
    # d/ds of 90 s² / (4 + s²) is 720 s / (4 + s²)².
    assert curve.marginal([0, 2, 4]).tolist() == pytest.approx([0, 22.5, 7.2])


def test_exponential_matches_hand_calculation():
    curve = Exponential(maximum=100, scale=10)
    assert curve.outcome([0, 10, np.inf]).tolist() == pytest.approx([0, 63.212056, 100])
    assert curve.marginal([0, 10]).tolist() == pytest.approx([10, 3.6787944])


def test_marginal_at_zero_follows_the_shape():
    assert [float(Hill(8, 2, shape).marginal(0)) for shape in (0.5, 1, 2)] == [np.inf, 4, 0]


@pytest.mark.parametrize("curve", [Hill(5, 1, 0.3), Hill(5, 1, 1), Hill(5, 1, 9), Exponential(5, 1)])
def test_no_spend_is_too_small_or_too_large(curve):
    spends = np.array([0, 1e-300, 1e-12, 1e12, 1e300, np.inf])
    with np.errstate(all="raise", under="ignore"):
        outcome, marginal = curve.outcome(spends), curve.marginal(spends)
    assert (np.diff(outcome) >= 0).all()
    assert outcome[0] == 0
    assert outcome[-1] == pytest.approx(5)
    assert not np.isnan(marginal).any()
    assert (marginal >= 0).all()


@settings(max_examples=200, deadline=None)
@given(curves, st.floats(1e-3, 1e3), st.floats(1e-9, 1e9))
def test_curves_know_their_slope_and_no_unit_of_money(curve, relative, unit):
    half = curve.half_spend if isinstance(curve, Hill) else curve.scale
    spend, step = relative * half, relative * half * 1e-5
    slope = (curve.outcome(spend + step) - curve.outcome(spend - step)) / (2 * step)
    assert float(curve.marginal(spend)) == pytest.approx(float(slope), rel=1e-3, abs=1e-9 * curve.maximum / half)
    other = (
        Hill(curve.maximum, half * unit, curve.shape)
        if isinstance(curve, Hill)
        else Exponential(curve.maximum, half * unit)
    )
    assert float(other.outcome(spend * unit)) == pytest.approx(float(curve.outcome(spend)), rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(curves)
def test_curves_are_convex_up_to_the_inflection_and_concave_beyond(curve):
    half = curve.half_spend if isinstance(curve, Hill) else curve.scale
    convex = curve.inflection > 0
    below = curve.marginal(np.linspace(0.01, 1, 50) * curve.inflection) if convex else np.zeros(2)
    above = curve.marginal(curve.inflection + np.linspace(0.01, 5, 50) * half)
    assert (np.diff(below) >= -1e-9 * below.max()).all()
    assert (np.diff(above) <= 1e-9 * above.max()).all()


@settings(max_examples=100, deadline=None)
@given(positive, positive, st.floats(1.01, 100), shapes)
def test_curve_through_an_estimate_passes_it_and_keeps_under_the_ceiling(spend, outcome, times, shape):
    curve = through_estimate(spend, outcome, ceiling=outcome * times, shape=shape)
    assert float(curve.outcome(spend)) == pytest.approx(outcome)
    assert float(curve.outcome(1e300)) <= outcome * times * (1 + 1e-12)


@pytest.mark.parametrize(
    ("spend", "outcome", "ceiling", "words"),
    [
        (0, 5, 10, "The spend of an estimate is 0"),
        (100, 0, 10, "The outcome of an estimate is 0"),
        (100, 10, 10, "ceiling of 10 is not above the 10"),
        (100, 10, float("nan"), "not above"),
    ],
)
def test_impossible_estimates_are_refused(spend, outcome, ceiling, words):
    with pytest.raises(AnalysisError, match=words):
        through_estimate(spend, outcome, ceiling=ceiling)


def test_impossible_parameters_and_spends_are_refused():
    for wrong in (lambda: Hill(1, 0), lambda: Hill(-1, 1), lambda: Hill(1, 1, np.nan), lambda: Exponential(1, np.inf)):
        with pytest.raises(AnalysisError, match="of a response curve is"):
            wrong()
    with pytest.raises(AnalysisError, match="negative or missing"):
        Hill(1, 1).outcome([1, -1])


def test_stacked_curves_answer_as_each_would():
    several = [Hill(5, 1, 2), Exponential(3, 4), Hill(2, 7, 0.5)]
    spends = np.array([[0.0, 1, 9], [2, 3, 4], [5, 6, 7]])
    stack = stacked(several)
    for row, (curve, spend) in enumerate(zip(several, spends, strict=True)):
        assert stack.outcome(spends)[row] == pytest.approx(curve.outcome(spend))
        assert stack.marginal(spends[:, 0])[row] == pytest.approx(float(curve.marginal(spend[0])))


def test_a_straight_line_stands_beside_curves_in_a_stack():
    curve = stacked([Linear(2.0), Hill(10, 5), Linear()])
    assert curve.outcome(np.array([3.0, 5.0, 7.0])).tolist() == [6, 5, 7]
    assert curve.marginal(np.array([3.0, 5.0, 7.0]))[[0, 2]].tolist() == [2, 1]
    assert Linear().inflection == 0
