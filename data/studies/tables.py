"""All tables of a company, by the name of their study."""

from zlib import crc32

import numpy as np
import pandas as pd

from . import channels, customers, prices, reviews, surveys
from .truth import Company

__all__ = ["SEED", "tables"]

SEED = 20270101


def tables(company: Company) -> dict[str, pd.DataFrame]:
    """Return every table of ``company``. A study's numbers depend on its own name, not on the other studies."""

    def rng(study: str) -> np.random.Generator:
        return np.random.default_rng([SEED, crc32(f"{company.plan}/{study}".encode())])

    weekly = channels.weekly(company.mix, rng("weekly"))
    return {
        "needs": surveys.needs(company.needs, rng("needs")),
        "kano": surveys.kano(company.kano, rng("kano")),
        "maxdiff": surveys.maxdiff(company.maxdiff, rng("maxdiff")),
        "turf": surveys.turf(company.turf, rng("turf")),
        "prices": prices.van_westendorp(company.price_limits, rng("prices")),
        "ladder": prices.gabor_granger(company.ladder, rng("ladder")),
        "choices": prices.choices(company.choices, rng("choices")),
        "nps": surveys.nps(company.recommend, rng("nps")),
        "reviews": reviews.reviews(company.feedback, rng("reviews")),
        "brands": surveys.associations(company.associations, rng("brands")),
        "awareness": surveys.awareness(company.awareness, rng("awareness")),
        "purchases": customers.purchases(company.purchases, rng("purchases")),
        "cohorts": customers.subscriptions(company.subscriptions, rng("cohorts")),
        "usage": customers.usage(company.usage, rng("usage")),
        "habits": surveys.habits(company.habits, rng("habits")),
        "weekly": weekly,
        "leads": _leads(company, weekly, rng("leads")),
        **channels.page_tests(company.pages, rng("pages")),
        "kpis": channels.kpis(company.kpi_months, company.kpis, rng("kpis")),
        "criteria": surveys.comparisons(company.comparisons),
    }


def _leads(company: Company, weekly: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Leads: those that the weekly table counts, or requests that come beside its orders."""
    other = company.arrivals.other_source
    if not other:
        return channels.leads(company.arrivals, channels.requests(company.mix, company.arrivals, rng), rng)
    return channels.leads(company.arrivals, channels.lead_arrivals(company.mix, weekly, other, rng), rng)
