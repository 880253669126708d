import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError
from workbook.research.logit import conditional_logit


def drawn(tasks, beta, *, alternatives=3, seed=0):
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(tasks * alternatives, len(beta)))
    utility = design @ beta + rng.gumbel(size=len(design))
    starts = np.arange(tasks) * alternatives
    return design, starts, starts + utility.reshape(tasks, alternatives).argmax(axis=1)


def test_two_alternatives_make_a_logistic_regression_on_their_difference():
    # One attribute, chosen with 0 and 1 in 30 and 10 of 40 tasks: log odds of 30 to 10, variance 1/30 + 1/10.
    design = np.tile([[1.0], [0.0]], (40, 1))
    starts = np.arange(40) * 2
    fit = conditional_logit(design, starts, np.where(np.arange(40) < 30, starts, starts + 1), ["x"])
    assert fit.coefficients[0] == pytest.approx(np.log(3), abs=1e-9)
    assert fit.covariance[0, 0] == pytest.approx(1 / 30 + 1 / 10, rel=1e-9)
    assert fit.log_likelihood == pytest.approx(30 * np.log(0.75) + 10 * np.log(0.25))
    assert fit.empty == pytest.approx(40 * np.log(0.5))


def test_it_agrees_with_statsmodels():
    from statsmodels.discrete.conditional_models import ConditionalLogit

    design, starts, chosen = drawn(400, [0.8, -0.5, 0.1])
    fit = conditional_logit(design, starts, chosen, ["a", "b", "c"])
    picked = np.zeros(len(design))
    picked[chosen] = 1
    other = ConditionalLogit(picked, design, groups=np.repeat(np.arange(400), 3)).fit(method="bfgs", disp=False)
    assert fit.coefficients == pytest.approx(other.params, abs=1e-4)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(other.bse, rel=1e-3)
    assert fit.log_likelihood == pytest.approx(other.llf, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.floats(1e-6, 1e6))
def test_the_unit_of_a_column_only_changes_the_unit_of_its_coefficient(seed, unit):
    design, starts, chosen = drawn(60, [0.6, -0.4], seed=seed)
    fit = conditional_logit(design, starts, chosen, ["a", "b"])
    other = conditional_logit(design * [1, unit], starts, chosen, ["a", "b"])
    assert other.coefficients * [1, unit] == pytest.approx(fit.coefficients, rel=1e-6, abs=1e-8)
    assert other.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-9)


def test_the_gradient_is_nothing_at_the_maximum_and_tasks_of_one_group_depend():
    design, starts, chosen = drawn(300, [1.0, 0.2], seed=4)
    fit = conditional_logit(design, starts, chosen, ["a", "b"])
    assert fit.scores.sum(axis=0) == pytest.approx([0, 0], abs=1e-8)
    # Each answer ten times over by the same person is no more information.
    tenfold = conditional_logit(
        np.tile(design, (10, 1)), np.arange(3000) * 3, np.concatenate([chosen + 900 * i for i in range(10)]), ["a", "b"]
    )
    clustered = tenfold.clustered(np.tile(np.arange(300), 10))
    assert np.diag(clustered) == pytest.approx(np.diag(fit.clustered(np.arange(300))), rel=1e-6)
    assert np.diag(tenfold.covariance) == pytest.approx(np.diag(fit.covariance) / 10, rel=1e-6)


def test_what_has_no_estimate_is_named():
    design, starts, chosen = drawn(50, [0.5, 0.5], seed=2)
    with pytest.raises(AnalysisError, match="a and c say the same"):
        conditional_logit(np.c_[design, design[:, 0] * 3], starts, chosen, ["a", "b", "c"])
    with pytest.raises(AnalysisError, match="c never differ"):
        conditional_logit(np.c_[design, np.ones(len(design))], starts, chosen, ["a", "b", "c"])
    perfect = np.zeros(len(design))
    perfect[chosen] = 1
    with pytest.raises(AnalysisError, match="c decide every choice alone"):
        conditional_logit(np.c_[design, perfect], starts, chosen, ["a", "b", "c"])
    # Quasi-perfect: never chosen where it is there, and often absent.
    never = np.zeros(len(design))
    never[
        [
            row
            for start, pick in zip(starts[:10], chosen[:10], strict=True)
            for row in range(start, start + 3)
            if row != pick
        ]
    ] = 1
    with pytest.raises(AnalysisError, match="c decide every choice alone"):
        conditional_logit(np.c_[design, never], starts, chosen, ["a", "b", "c"])


def test_a_strong_effect_that_is_not_perfect_is_estimated():
    design, starts, chosen = drawn(3000, [9.0], seed=3)
    assert conditional_logit(design, starts, chosen, ["a"]).coefficients[0] == pytest.approx(9, abs=1.2)
