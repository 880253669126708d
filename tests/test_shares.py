"""Wilson's interval of a share against published values and statsmodels' own."""

import math

import pytest
from statsmodels.stats.proportion import proportion_confint

from workbook.errors import AnalysisError
from workbook.shares import normal_quantile, require_level, wilson


# Newcombe (1998), Statistics in Medicine 17, table I, method 3.
@pytest.mark.parametrize(
    ("count", "n", "ends"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_the_intervals_are_newcombes(count, n, ends):
    assert wilson(count, n, 0.05) == pytest.approx(ends, abs=5e-5)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
@pytest.mark.parametrize(("count", "n"), [(0, 7), (3, 7), (7, 7), (140, 1000)])
def test_they_are_statsmodels_at_any_level(count, n, alpha):
    assert wilson(count, n, alpha) == pytest.approx(proportion_confint(count, n, alpha, "wilson"), abs=1e-12)


def test_nobody_asked_has_no_interval():
    assert all(math.isnan(end) for end in wilson(0, 0, 0.05))


def test_a_level_must_lie_between_0_and_1():
    assert normal_quantile(0.05) == pytest.approx(1.959964, abs=1e-6)
    for alpha in (0, 1, -0.1):
        with pytest.raises(AnalysisError, match="between 0 and 1"):
            require_level(alpha)
