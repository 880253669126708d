"""Which page is better, how sure is that, and what would choosing it risk?

The sample-ratio check comes first: where users were not spread as meant, nothing else can be believed. Then each
variant against the control, by its relative lift, (variant - control) / control, with the delta method's variance: read
with a flat prior, the same normal distribution gives the interval, the chance to win, and the risk, the lift one loses
on average by choosing wrongly. The p-value belongs to the same distribution, or to the pooled test of two shares.

Sources: Deng, Knoblich & Lu (2018), "Applying the Delta Method in Metric Analytics", KDD; Fabijan et al. (2019),
"Diagnosing Sample Ratio Mismatch", KDD; Stucchio (2015), "Bayesian A/B Testing at VWO", for the risk.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import Answer
from workbook.errors import AnalysisError, nearest
from workbook.execution.variants import Array, Variants, require_spread, variants_of
from workbook.language import N_, listed, number, percent
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ab_test", "ratio_p_value"]

MISMATCH = 0.001
"""Sample-ratio p-value below which the spread of users is called off."""

FEW_CONVERSIONS = 10
"""Conversions, and users without one, below which the normal distribution is a rough guide."""

_NORMAL = NormalDist()


def ab_test(
    table: pd.DataFrame,
    *,
    control: str | None = None,
    share: tuple[float, ...] = (),
    test: str = "delta",
    alpha: float = 0.05,
) -> Answer:
    """
    Compare each variant of a test with its control.

    Parameters
    ----------
    table
        One row per variant: variant, users, and conversions or mean and sd.
    control
        Name of the control; the first row when None.
    share
        Share of the users meant for each variant, in the order of the rows, of any sum; alike when empty.
    test
        Behind the p-value: "delta" (the distribution of the lift) or "pooled" (two shares, pooled variance).
    alpha
        1 - ``alpha`` is the level of the intervals; 0..1.

    Returns
    -------
    One row per variant: variant, users, rate or mean, lift, low, high, p_value, chance_to_win, risk. The control has no
    lift; its chance and risk are against the variant with the highest lift. Where nothing varies, as with no conversion at
    all, the delta method knows no interval and no chance: they are missing, and a warning names the variant.
    ``srm_p_value`` is the sample-ratio check's.

    Raises
    ------
    TableError, AnalysisError
        As ``variants_of``; also for an unknown control, or one that has nothing to compare with.
    """
    variants = variants_of(table)
    require_spread(variants)
    first = _control(variants, control)
    ratio = ratio_p_value(variants.users, share)
    lifts, errors = _lifts(variants, first)
    rows = _rows(variants, first, lifts, errors, test, alpha)
    import pandas as pd

    return Answer(
        {"srm_p_value": ratio, "control": variants.names[first]},
        pd.DataFrame(rows),
        int(variants.users.sum()),
        conventions=_conventions(test, alpha, share),
        warnings=_warnings(variants, first, ratio),
    )


def ratio_p_value(users: Array, shares: tuple[float, ...] = ()) -> float:
    """
    Return the p-value of the sample-ratio check: chi-squared of ``users``, shape (k,), against what was meant.

    Raises AnalysisError when ``shares`` are not one positive number a variant.
    """
    from scipy.stats import chisquare

    meant = np.asarray(shares if len(shares) else np.ones(len(users)), dtype=float)
    if len(meant) != len(users) or not (meant > 0).all():
        raise AnalysisError(
            N_("{found} shares are given for {count} variants. Give one above 0 for each, in the order of the rows."),
            found=number(len(meant)),
            count=number(len(users)),
        )
    return float(chisquare(users, users.sum() * meant / meant.sum()).pvalue)


def _control(variants: Variants, control: str | None) -> int:
    if control is None:
        return 0
    if control not in variants.names:
        raise AnalysisError(
            N_("there is no variant “{found}” to be the control. The nearest are: {near}."),
            found=control,
            near=nearest(control, variants.names),
        )
    return variants.names.index(control)


def _lifts(variants: Variants, first: int) -> tuple[Array, Array]:
    """Return relative lift and its standard error by the delta method, shape (k,); zero for the control itself."""
    base, spread = variants.means[first], variants.errors
    if base == 0:
        raise AnalysisError(
            N_("The control “{control}” has {what} of 0, so that no relative lift exists. Wait for more users."),
            control=variants.names[first],
            what=_(N_("a conversion rate") if variants.conversions is not None else N_("a mean")),
        )
    # Of a mean below 0 as well, more is more.
    lifts = (variants.means - base) / abs(base)
    errors = np.sqrt(spread / base**2 + variants.means**2 * spread[first] / base**4)
    lifts[first] = errors[first] = 0.0
    return lifts, errors


def _rows(variants: Variants, first: int, lifts: Array, errors: Array, test: str, alpha: float) -> list[dict[str, Any]]:
    half = _NORMAL.inv_cdf(1 - alpha / 2)
    others = [i for i in range(len(variants.names)) if i != first]
    best = max(others, key=lambda i: lifts[i])
    rows = []
    for i, name in enumerate(variants.names):
        row: dict[str, Any] = {
            "variant": name,
            "users": int(variants.users[i]),
            "rate" if variants.conversions is not None else "mean": float(variants.means[i]),
        }
        # The control wins where the best of the others loses.
        lift, error = (-lifts[best], errors[best]) if i == first else (lifts[i], errors[i])
        compared, judged = i != first, error > 0
        row |= {
            "lift": float(lift) if compared else np.nan,
            "low": float(lift - half * error) if compared and judged else np.nan,
            "high": float(lift + half * error) if compared and judged else np.nan,
            "p_value": _p_value(variants, first, i, lift, error, test) if compared else np.nan,
            "chance_to_win": float(_NORMAL.cdf(lift / error)) if judged else np.nan,
            "risk": _risk(lift, error) if judged else np.nan,
        }
        rows.append(row)
    return rows


def _p_value(variants: Variants, first: int, i: int, lift: float, error: float, test: str) -> float:
    if test == "pooled":
        if variants.conversions is None:
            raise AnalysisError(N_("The pooled test compares shares, and these are means. Leave --test out."))
        users = variants.users[[first, i]]
        pooled = variants.conversions[[first, i]].sum() / users.sum()
        error = float(np.sqrt(pooled * (1 - pooled) * (1 / users).sum()))
        lift = float(variants.means[i] - variants.means[first])
    if error == 0:
        return float("nan")
    return float(2 * _NORMAL.cdf(-abs(lift) / error))


def _risk(lift: float, error: float) -> float:
    """Return the mean of what is lost, as a relative lift, where the true lift is below 0 and this one is chosen."""
    z = lift / error
    return float(error * _NORMAL.pdf(z) - lift * _NORMAL.cdf(-z))


def _conventions(test: str, alpha: float, shares: tuple[float, ...]) -> tuple[str, ...]:
    tests = {
        "delta": N_("p-values two-sided, from the distribution of the lift; no correction for several variants."),
        "pooled": N_("p-values two-sided, from the test of two shares with pooled variance; no correction."),
    }
    meant = (
        N_("Sample-ratio check against the shares given.") if shares else N_("Sample-ratio check against equal shares.")
    )
    return (
        _(meant),
        _(
            N_(
                "Lift is relative to the control; intervals of {level} by the delta method, chance to win and risk with a "
                "flat prior."
            ),
            level=percent(1 - alpha),
        ),
        _(tests[test]),
        _(
            N_(
                "Risk is the mean relative loss from choosing a variant that is worse; the control's is against the best."
            )
        ),
    )


def _warnings(variants: Variants, first: int, ratio: float) -> tuple[str, ...]:
    said = []
    if ratio < MISMATCH:
        said.append(
            _(
                N_("Users were not spread as meant (p = {p}). Find out why before you believe any figure here."),
                p=f"{ratio:.2g}",
            )
        )
    if variants.conversions is not None:
        certain = [
            name
            for name, error in zip(variants.names, variants.errors, strict=True)
            if error == 0 and name != variants.names[first]
        ]
        if certain:
            said.append(
                _(
                    N_(
                        "All users or none of {variants} converted: no interval and no chance follow from that. Wait for more "
                        "users."
                    ),
                    variants=listed([f"“{name}”" for name in certain]),
                )
            )
        few = [
            name
            for name, some, users in zip(variants.names, variants.conversions, variants.users, strict=True)
            if min(some, users - some) < FEW_CONVERSIONS
        ]
        if few:
            said.append(
                _(
                    N_("Fewer than {few} conversions, or users without one, so read with care: {variants}."),
                    few=number(FEW_CONVERSIONS),
                    variants=listed(few),
                )
            )
    return tuple(said)
