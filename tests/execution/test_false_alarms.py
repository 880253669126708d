"""How often each read-out sees a difference where there is none, and what an adaptive test saves: the figures of the docs."""

import numpy as np
import pandas as pd
import pytest

from workbook.execution.adaptive import adaptive_test, simulated_regret, simulated_regret_of_times
from workbook.execution.experiments import ab_test

pytestmark = pytest.mark.slow

RUNS = 2000


@pytest.fixture(scope="module")
def alike():
    """Conversions of two variants that are alike, 10 % of 2,000 people each."""
    return np.random.default_rng(7).binomial(2000, 0.1, size=(RUNS, 2))


def table(won):
    return pd.DataFrame({"variant": ["A", "B"], "users": [2000, 2000], "conversions": won})


def test_the_chance_to_win_calls_one_side_wrongly_about_once_in_twenty(alike):
    chances = np.array([ab_test(table(won)).rows.iloc[1]["chance_to_win"] for won in alike])
    # One-sided at 5 %; the skew of a ratio moves a little from one side to the other. 4 standard errors are 2 points.
    assert 0.02 < (chances >= 0.95).mean() < 0.06
    assert 0.04 < (chances <= 0.05).mean() < 0.085
    assert 0.08 < ((chances >= 0.95) | (chances <= 0.05)).mean() < 0.125


def test_an_adaptive_test_that_may_stop_for_either_side_is_wrong_twice_as_often(alike):
    stopped = [adaptive_test(table(won)).figures["stop"] for won in alike[:500]]
    assert 0.06 < np.mean(stopped) < 0.15


@pytest.mark.parametrize(
    ("regret", "adaptive", "fixed"),
    [
        (lambda: simulated_regret([0.10, 0.13], 4000), 20.8, 60.0),
        (lambda: simulated_regret([0.02, 0.02, 0.026], 12_600, floor=0.1), 32.8, 50.4),
        (lambda: simulated_regret_of_times([95, 95, 110], 70, 12_600, floor=0.1), 43_187, 126_011),
    ],
)
def test_what_is_lost_on_the_way_is_as_stated(regret, adaptive, fixed):
    lost = regret()
    assert len(lost.adaptive) == 1000
    assert lost.adaptive.mean() == pytest.approx(adaptive, rel=0.05)
    assert lost.fixed.mean() == pytest.approx(fixed, rel=0.02)
