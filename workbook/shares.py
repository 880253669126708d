"""How sure is a share of those who were asked?

Intervals of single shares are Wilson's (1927, Journal of the American Statistical Association 22): they stay within 0 and
1 and have a width when everybody answers alike.
"""

import math
from statistics import NormalDist

from workbook.errors import AnalysisError
from workbook.language import N_, number

__all__ = ["normal_quantile", "require_level", "wilson"]


def wilson(count: float, n: float, alpha: float) -> tuple[float, float]:
    """Return Wilson's interval of a share ``count`` / ``n``; NaN for ``n`` of 0."""
    if n <= 0:
        return (float("nan"), float("nan"))
    z, share = normal_quantile(alpha), count / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and 1 the end is exact, but for the last digit.
    return (0.0 if count == 0 else middle - half, 1.0 if count == n else middle + half)


def normal_quantile(alpha: float) -> float:
    """Return the two-sided normal quantile: 1.96 for 0.05."""
    return NormalDist().inv_cdf(1 - alpha / 2)


def require_level(alpha: float) -> None:
    """Raise AnalysisError when ``alpha`` makes no interval."""
    if not (0 < alpha < 1):
        raise AnalysisError(N_("alpha is {found}, but must lie between 0 and 1; 0.05 is usual."), found=number(alpha))
