"""What customers do: what they buy and when, how long they subscribe, and which features they use."""

from datetime import timedelta

import numpy as np
import pandas as pd

from .truth import Purchases, Subscriptions, Usage

__all__ = ["purchases", "subscriptions", "usage"]


def purchases(truth: Purchases, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per purchase, by customer and date: customer, date, amount (EUR), segment."""
    rates = rng.gamma(truth.r, 1 / truth.alpha, truth.customers)
    leaving = rng.beta(truth.a, truth.b, truth.customers)
    scales = rng.gamma(truth.q, 1 / truth.v, truth.customers)
    segments = _segments(truth, rates, 1 / scales, leaving, rng)
    rows = []
    for number in range(truth.customers):
        days = _purchase_days(truth, rates[number], leaving[number], rng)
        amounts = rng.gamma(truth.p, 1 / scales[number], len(days))
        rows += [
            (f"c{number + 1:04d}", truth.first_day + timedelta(day), max(round(amount, 2), 0.01), segments[number])
            for day, amount in zip(days, amounts, strict=True)
        ]
    return pd.DataFrame(rows, columns=["customer", "date", "amount", "segment"])


def subscriptions(truth: Subscriptions, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per cohort and period seen so far: cohort, period (0 = start), customers."""
    rows = []
    for age, (cohort, size) in enumerate(truth.cohorts.items()):
        lives = rng.geometric(rng.beta(truth.alpha, truth.beta, size))
        # The first cohort has been seen for all the periods, each later one for one period less.
        rows += [(cohort, period, int((lives > period).sum())) for period in range(truth.periods - age + 1)]
    return pd.DataFrame(rows, columns=["cohort", "period", "customers"])


def usage(truth: Usage, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per account, feature and month with a use: customer, segment, feature, month, uses."""
    rows = []
    accounts = [segment for segment, number in truth.accounts.items() for _ in range(number)]
    for number, segment in enumerate(accounts, start=1):
        for feature, figures in truth.features.items():
            share, mean = figures[segment]
            if rng.random() >= share:
                continue
            # At least one use a month by those who use it, and heavy users among them.
            level = rng.gamma(2, (mean - 1) / 2)
            uses = 1 + rng.poisson(level, len(truth.months))
            monthly = zip(truth.months, uses, strict=True)
            rows += [(f"a{number:03d}", segment, feature, month, int(count)) for month, count in monthly]
    return pd.DataFrame(rows, columns=["customer", "segment", "feature", "month", "uses"])


def _purchase_days(truth: Purchases, rate: float, leaving: float, rng: np.random.Generator) -> list[int]:
    """Days from the start of the study on which a customer buys, the first purchase first."""
    when = rng.uniform(0, truth.entry)
    days = [int(7 * when)]
    while rng.random() >= leaving or len(days) == 1:
        when += rng.exponential(1 / rate)
        if when >= truth.weeks:
            break
        days.append(int(7 * when))
    return days


def _segments(
    truth: Purchases, rates: np.ndarray, spending: np.ndarray, leaving: np.ndarray, rng: np.random.Generator
) -> list[str]:
    """A segment for each customer, likelier the better it fits what the customer is like."""
    traits = np.column_stack([np.log(rates), np.log(spending), leaving])
    traits = (traits - traits.mean(axis=0)) / traits.std(axis=0)
    pull = np.exp(traits @ np.array(list(truth.leanings.values())).T)
    names = list(truth.leanings)
    return [names[rng.choice(len(names), p=row / row.sum())] for row in pull]
