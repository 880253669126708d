"""What people say about price: four price limits, a ladder of prices, and choices between offers."""

import numpy as np
import pandas as pd

from .truth import Choices, Ladder, PriceLimits

__all__ = ["choices", "gabor_granger", "van_westendorp"]

LIMITS = ["too_cheap", "cheap", "expensive", "too_expensive"]
# Chance to buy that goes with the five answers from "certainly not" to "certainly".
INTENTS = (0.0, 0.1, 0.3, 0.5, 0.7)


def van_westendorp(truth: PriceLimits, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent: the four prices, a weight where there are weights, chances to buy (0 to 1)."""
    medians = np.array([getattr(truth, name) for name in LIMITS])
    level = rng.normal(0, truth.spread, truth.respondents)[:, None]
    own = rng.normal(0, truth.scatter, (truth.respondents, len(LIMITS)))
    answers = np.round(medians * np.exp(level + own) / truth.step) * truth.step
    for number in np.flatnonzero(rng.random(truth.respondents) < truth.careless):
        answers[number] = answers[number, ::-1]
    table = pd.DataFrame(np.round(answers, 2), columns=LIMITS)
    table.insert(0, "respondent", [f"r{place:03d}" for place in range(1, truth.respondents + 1)])
    if truth.weights:
        table["weight"] = rng.choice(truth.weights, size=truth.respondents)
    table["buy_at_cheap"] = rng.choice(INTENTS, size=truth.respondents, p=truth.buy_at_cheap)
    table["buy_at_expensive"] = rng.choice(INTENTS, size=truth.respondents, p=truth.buy_at_expensive)
    return table


def gabor_granger(truth: Ladder, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent and price: respondent, price, would_buy (0 or 1)."""
    most = truth.median * np.exp(rng.normal(0, truth.spread, truth.respondents))
    rows = [
        (f"r{place:03d}", price, int(price <= limit))
        for place, limit in enumerate(most, start=1)
        for price in truth.prices
    ]
    return pd.DataFrame(rows, columns=["respondent", "price", "would_buy"])


def choices(truth: Choices, rng: np.random.Generator) -> pd.DataFrame:
    """
    Return one row per alternative: respondent, task, alternative, chosen (0 or 1), one column an attribute.

    The very first alternative has the first level of every attribute, so that these are also the first to appear.
    """
    rows = []
    for respondent in range(1, truth.respondents + 1):
        for task in range(1, truth.tasks + 1):
            offers = _offers(truth, rng, first=not rows)
            values = np.array([_utility(truth, offer) for offer in offers]) + rng.gumbel(size=len(offers))
            for place, offer in enumerate(offers):
                rows.append((f"r{respondent:03d}", task, place + 1, int(place == values.argmax()), *offer))
    columns = ["respondent", "task", "alternative", "chosen", *truth.levels, truth.price]
    return pd.DataFrame(rows, columns=columns)


def _offers(truth: Choices, rng: np.random.Generator, *, first: bool) -> list[tuple]:
    """Different offers, drawn at random; the first of all has each attribute's first level."""
    offers = [(*(next(iter(levels)) for levels in truth.levels.values()), truth.prices[0])] if first else []
    while len(offers) < truth.alternatives:
        levels = (str(rng.choice(list(levels))) for levels in truth.levels.values())
        offer = (*levels, truth.prices[rng.integers(len(truth.prices))])
        if offer not in offers:
            offers.append(offer)
    return offers


def _utility(truth: Choices, offer: tuple) -> float:
    *levels, price = offer
    named = zip(truth.levels.values(), levels, strict=True)
    return truth.per_euro * price + sum(utilities[level] for utilities, level in named)
