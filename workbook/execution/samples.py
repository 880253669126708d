"""How many people does a test need, and how many days is that?

Two shares: the sample per variant under three conventions that give slightly different figures. *pooled* takes the
variance under the null hypothesis from both shares together (Fleiss, Levin & Paik 2003, without continuity correction;
R's ``power.prop.test`` agrees), *unpooled* takes each share's own variance throughout, *arcsine* compares the shares
after Cohen's transformation (1988). Two means: the normal approximation with one standard deviation.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from workbook.answer import Answer
from workbook.errors import AnalysisError
from workbook.language import N_, number, percent
from workbook.language import translated as _

__all__ = ["sample_size"]

LONGEST = 365
"""Days from which a test cannot be had: what is tested will not stand still for so long."""

_NORMAL = NormalDist()


def sample_size(
    *,
    baseline: float,
    effect: float,
    power: float = 0.8,
    alpha: float = 0.05,
    convention: str = "pooled",
    sides: int = 2,
    sd: float | None = None,
    daily_users: float | None = None,
    variants: int = 2,
) -> Answer:
    """
    Return the users each variant needs.

    Parameters
    ----------
    baseline, effect
        Share (0..1) of the control and the smallest difference worth having, as a difference of shares (0.05 is five
        points, negative for a fall); with ``sd`` a mean and a difference of means, in its unit.
    power, alpha
        Chance to find that difference when it is there, and to find one when there is none; 0..1.
    convention
        "pooled", "unpooled" or "arcsine"; for shares only.
    sides
        2 when a difference either way counts, 1 when only that of ``effect`` does.
    sd
        Standard deviation of one user's figure, > 0: compares means instead of shares.
    daily_users
        Users who enter the test in a day, all variants together, > 0.
    variants
        Variants of the test, the control among them, >= 2.

    Returns
    -------
    ``per_variant`` users and ``days``, None without ``daily_users``; neither is rounded.

    Raises
    ------
    AnalysisError
        If the difference is 0, or leads out of the range of a share.
    """
    _require(baseline, effect, power, alpha, sd)
    reach = _NORMAL.inv_cdf(1 - alpha / sides), _NORMAL.inv_cdf(power)
    means = 2 * ((sd or 0.0) * sum(reach) / effect) ** 2
    per_variant = _shares(baseline, baseline + effect, reach, convention) if sd is None else means
    if not math.isfinite(per_variant):
        raise AnalysisError(
            N_("A difference of {found} is too small for any sample. Choose a larger one."), found=repr(effect)
        )
    days = None if daily_users is None else per_variant * variants / daily_users
    return Answer(
        {"per_variant": per_variant, "days": days},
        conventions=_conventions(convention, sides, power, alpha, sd, variants),
        warnings=_warnings(days, daily_users),
    )


def _shares(first: float, second: float, reach: tuple[float, float], convention: str) -> float:
    own = first * (1 - first) + second * (1 - second)
    if convention == "arcsine":
        distance = 2 * (math.asin(math.sqrt(second)) - math.asin(math.sqrt(first)))
        return 2 * (sum(reach) / distance) ** 2
    if convention == "unpooled":
        return sum(reach) ** 2 * own / (second - first) ** 2
    mean = (first + second) / 2
    return ((reach[0] * math.sqrt(2 * mean * (1 - mean)) + reach[1] * math.sqrt(own)) / (second - first)) ** 2


def _require(baseline: float, effect: float, power: float, alpha: float, sd: float | None) -> None:
    if effect == 0:
        raise AnalysisError(N_("The smallest effect worth having is 0, which no sample can find. Give a difference."))
    if sd is not None:
        if sd <= 0:
            raise AnalysisError(N_("The standard deviation is {found}, but must be above 0."), found=number(sd))
    elif not (0 < baseline < 1 and 0 < baseline + effect < 1):
        raise AnalysisError(
            N_(
                "The control has {baseline} and the variant would have {variant}, but both must lie between 0 % and 100 %. "
                "Shares are written as fractions, 0.2 for 20 %, and the effect as their difference."
            ),
            baseline=percent(baseline, 1),
            variant=percent(baseline + effect, 1),
        )
    if power <= alpha:
        raise AnalysisError(
            N_("A power of {power} is no more than alpha, {alpha}: such a test finds nothing. 0.8 is usual."),
            power=percent(power),
            alpha=percent(alpha),
        )


def _warnings(days: float | None, daily_users: float | None) -> tuple[str, ...]:
    if days is None or daily_users is None or days <= LONGEST:
        return ()
    return (
        _(
            N_(
                "With {users} people a day the sample cannot be reached: it takes {days} days. Take a larger effect, fewer "
                "variants, or a figure that is reached earlier, such as clicks."
            ),
            users=number(daily_users),
            days=number(days, 0),
        ),
    )


CONVENTIONS = {
    "pooled": N_("Two shares, variance under the null hypothesis pooled (as R's power.prop.test)."),
    "unpooled": N_("Two shares, each with its own variance throughout."),
    "arcsine": N_("Two shares after Cohen's arcsine transformation."),
}


def _conventions(
    convention: str, sides: int, power: float, alpha: float, sd: float | None, variants: int
) -> tuple[str, ...]:
    level = _(N_("Two-sided") if sides == 2 else N_("One-sided"))
    said = [
        _(CONVENTIONS[convention]) if sd is None else _(N_("Two means by the normal approximation, one deviation.")),
        _(N_("{sides}, alpha {alpha}, power {power}."), sides=level, alpha=percent(alpha, 1), power=percent(power)),
    ]
    if variants > 2:
        said.append(_(N_("Each variant against the control, without a correction for several comparisons.")))
    return tuple(said)
