"""Tier, add-on, bundled or free; trial with or without a card: what would each bring, on the team's own figures?

A way to price an offer brings what customers pay for it less what it costs to serve those who have it, and the customers
it keeps or wins, each at what a customer is worth. What is included or free costs for everybody who has it, and pays only
through customers kept or won. A trial brings customers at a cost for each that is started. No published rate is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbook.plan.model import Offer, Per, Plan, PriceModel, PriceOption, Segment, Targeting, TrialCase
from workbook.plan.worth import customer_worth

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["break_even_conversion", "option_results", "trial_results"]

A_YEAR = {Per.YEAR: 1, Per.MONTH: 12, Per.ONCE: 1}
"""Times a customer pays a year; what is paid once is counted in the year in which it is bought."""

PAID = (PriceModel.TIER, PriceModel.ADD_ON)

OPTION_COLUMNS = ["id", "option", "model", "price", "takers", "direct", "kept", "won", "worth", "indirect", "total"]


def option_results(plan: Plan, offer: Offer) -> pd.DataFrame:
    """
    Return what each way to price ``offer`` would bring in a year, in the order of the plan.

    Columns: id, option, model (a PriceModel or None), price, takers (customers who have it), direct (what they pay less
    what they cost, a year), kept (customers not lost, a year), won (new ones), worth (of a customer), indirect (kept and
    won x worth), total = direct + indirect. A figure is NaN while something it needs is missing.
    """
    import pandas as pd

    segments = _segments(plan, offer)
    customers = _total([segment.ours for segment in segments])
    worth = _mean_worth(segments)
    rows = [_option(option, offer, segments, customers, worth) for option in offer.options]
    return pd.DataFrame(rows, columns=OPTION_COLUMNS)


def _segments(plan: Plan, offer: Offer) -> list[Segment]:
    named = [item for ref in offer.segments if isinstance(item := plan.item(ref), Segment)]
    return named or [segment for segment in plan.segments if segment.targeting is Targeting.TARGET]


def _option(
    option: PriceOption, offer: Offer, segments: list[Segment], customers: float, worth: float
) -> dict[str, object]:
    paid = option.model in PAID
    uptake = option.uptake if option.uptake is not None else (np.nan if paid else 1.0)
    price = (np.nan if option.price is None else option.price) if paid else 0.0
    cost = np.nan if offer.unit_cost is None else offer.unit_cost
    takers = customers * uptake
    kept = 0.0 if option.churn is None else _total([_kept(segment, option.churn) for segment in segments])
    won = float(option.won or 0)
    direct = takers * (price - cost) * A_YEAR[offer.per] if option.model else np.nan
    indirect = (kept + won) * worth if kept or won else 0.0
    return {
        "id": option.id,
        "option": option.label,
        "model": option.model,
        "price": price if paid else np.nan,
        "takers": takers,
        "direct": direct,
        "kept": kept,
        "won": won,
        "worth": worth,
        "indirect": indirect,
        "total": direct + indirect,
    }


def _kept(segment: Segment, churn: float) -> float | None:
    if segment.ours is None or segment.churn is None:
        return None
    return segment.ours * (segment.churn - churn)


def _total(parts: list[int | float | None] | list[int | None] | list[float | None]) -> float:
    """Return the sum; NaN for no parts, or where one is missing."""
    known = [float(part) for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else float("nan")


def _mean_worth(segments: list[Segment]) -> float:
    """Return what a customer of these segments is worth, weighed by how many are ours; NaN while one is unknown."""
    pairs = [(segment.ours, customer_worth(segment)) for segment in segments]
    if any(ours is None or worth is None for ours, worth in pairs):
        return float("nan")
    weights = sum(ours or 0 for ours, _worth in pairs)
    return sum((ours or 0) * (worth or 0.0) for ours, worth in pairs) / weights if weights else float("nan")


def trial_results(plan: Plan) -> pd.DataFrame:
    """
    Return what each trial of the plan would bring from a month's visitors.

    Columns: id, trial, kind, offer (id), visitors, started, paying (customers left after the first bill), rate (paying /
    started), cost (of all trials), cost_each (per paying customer), margin (of a customer in a year), result = paying x
    margin - cost. NaN while something is missing.
    """
    import pandas as pd

    columns = ["id", "trial", "kind", "offer", "visitors", "started", "paying", "rate", "cost", "cost_each", "margin"]
    table = pd.DataFrame([_trial(trial, plan) for trial in plan.trials], columns=columns)
    return table.assign(result=table["paying"] * table["margin"] - table["cost"])


def _trial(trial: TrialCase, plan: Plan) -> dict[str, object]:
    offer = plan.item(trial.offer)
    known = isinstance(offer, Offer) and offer.price is not None and offer.unit_cost is not None
    margin = (offer.price - offer.unit_cost) * A_YEAR[offer.per] if known else np.nan  # type: ignore[union-attr]
    started = _times(trial.visitors, trial.starts)
    rate = _times(trial.converts, 1.0 if trial.stays is None else trial.stays)
    paying, cost = started * rate, started * (trial.cost or 0.0)
    return {
        "id": trial.id,
        "trial": trial.label,
        "kind": trial.kind,
        "offer": trial.offer,
        "visitors": np.nan if trial.visitors is None else trial.visitors,
        "started": started,
        "paying": paying,
        "rate": rate,
        "cost": cost,
        "cost_each": cost / paying if paying > 0 else np.nan,
        "margin": margin,
    }


def _times(one: float | None, other: float | None) -> float:
    return float("nan") if one is None or other is None else one * other


def break_even_conversion(trial: TrialCase, margin: float, result: float = 0.0) -> float:
    """
    Return the share of those who start that must go on paying for ``trial`` to bring ``result`` a month.

    ``margin`` is that of a customer in a year, in money. NaN while a figure is missing or where no share is enough.
    """
    stays = 1.0 if trial.stays is None else trial.stays
    started = _times(trial.visitors, trial.starts)
    if not margin > 0 or not started > 0 or stays <= 0:
        return float("nan")
    needed = (result + started * (trial.cost or 0.0)) / (started * stays * margin)
    return needed if needed <= 1 else float("nan")
