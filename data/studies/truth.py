"""What is true in a synthetic study: the values that the tables are drawn from, and what follows from them.

One frozen class a study. The companies fill them in (``adaptive_test``, ``forno_aurora``); the modules that draw read
nothing else. What the values imply (a reach, a crossing of price curves, an expected number of purchases) is worked
out here by formula, so that an analysis of the table can be held to it. Rates are fractions, money is EUR.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import erf, exp, log, sqrt

import numpy as np
from scipy.special import hyp2f1

__all__ = [
    "Arrivals",
    "Associations",
    "Awareness",
    "BestWorst",
    "Categories",
    "Channel",
    "Choices",
    "Company",
    "Comparisons",
    "Feedback",
    "Habits",
    "Kpi",
    "Ladder",
    "Mix",
    "Needs",
    "Page",
    "Pages",
    "PriceLimits",
    "Purchases",
    "Reach",
    "Recommend",
    "Source",
    "Subscriptions",
    "Theme",
    "Usage",
]


@dataclass(frozen=True)
class Needs:
    """Share of a segment that marks a need's importance, and its satisfaction, in the two top boxes of 1 to 10."""

    respondents: Mapping[str, int]
    top_two: Mapping[str, Mapping[str, tuple[float, float]]]


@dataclass(frozen=True)
class Categories:
    """Share of respondents to whom a feature is attractive, one-dimensional, must-be, indifferent, reverse (Kano)."""

    respondents: int
    shares: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class BestWorst:
    """Utility of each item in best-worst scaling; the utilities sum to 0."""

    respondents: int
    sets: int
    shown: int
    utilities: Mapping[str, float]

    @property
    def shares(self) -> dict[str, float]:
        """Chance of each item to be named best of all."""
        weights = {item: exp(utility) for item, utility in self.utilities.items()}
        return {item: weight / sum(weights.values()) for item, weight in weights.items()}


@dataclass(frozen=True)
class Reach:
    """Kinds of respondents: the share of each, and the chance that an item reaches one of them."""

    respondents: int
    kinds: tuple[tuple[float, Mapping[str, float]], ...]

    def reach(self, items: Iterable[str]) -> float:
        """Share of respondents that at least one of ``items`` reaches."""
        chosen = list(items)
        return sum(share * (1 - float(np.prod([1 - chance[item] for item in chosen]))) for share, chance in self.kinds)


@dataclass(frozen=True)
class PriceLimits:
    """
    Four prices a person names: log-normal with these medians.

    ``spread`` is the standard deviation of the logarithm between persons (the same for all four prices, which a person
    raises or lowers together), ``scatter`` the one of each answer by itself. ``careless`` answer in no order.
    """

    respondents: int
    too_cheap: float
    cheap: float
    expensive: float
    too_expensive: float
    spread: float
    scatter: float
    careless: float
    step: float
    buy_at_cheap: tuple[float, ...]
    buy_at_expensive: tuple[float, ...]
    weights: tuple[float, ...] = ()

    @property
    def crossings(self) -> dict[str, float]:
        """Where the price curves cross. Curves of one spread cross at the geometric mean of their medians."""
        return {
            "pmc": sqrt(self.too_cheap * self.cheap),
            "pme": sqrt(self.expensive * self.too_expensive),
            "pmc_narrower": sqrt(self.too_cheap * self.expensive),
            "pme_narrower": sqrt(self.cheap * self.too_expensive),
            "opp": sqrt(self.too_cheap * self.too_expensive),
            "idp": sqrt(self.cheap * self.expensive),
        }


@dataclass(frozen=True)
class Ladder:
    """Highest price a person would pay: log-normal with this ``median`` and standard deviation of the logarithm."""

    respondents: int
    prices: tuple[float, ...]
    median: float
    spread: float

    def share(self, price: float) -> float:
        """Share of people who would buy at ``price``."""
        return 0.5 * (1 - erf(log(price / self.median) / self.spread / sqrt(2)))

    @property
    def best_price(self) -> float:
        """Asked price with the highest revenue."""
        return max(self.prices, key=lambda price: price * self.share(price))


@dataclass(frozen=True)
class Choices:
    """
    Utility of each level against the first one of its attribute, and of one euro more.

    All respondents share these values: a conditional logit is the true model of the answers.
    """

    respondents: int
    tasks: int
    alternatives: int
    price: str
    prices: tuple[float, ...]
    per_euro: float
    levels: Mapping[str, Mapping[str, float]]

    @property
    def willingness_to_pay(self) -> dict[str, float]:
        """Euros that each level is worth against the first one of its attribute."""
        return {
            level: utility / -self.per_euro
            for utilities in self.levels.values()
            for level, utility in list(utilities.items())[1:]
        }


@dataclass(frozen=True)
class Recommend:
    """For each segment: respondents, and the shares of promoters, passives and detractors."""

    segments: Mapping[str, tuple[int, float, float, float]]

    @property
    def nps(self) -> float:
        """Promoters less detractors over all respondents, -100 to 100."""
        total = sum(number for number, *_ in self.segments.values())
        return 100 * sum(n * (promoters - detractors) for n, promoters, _, detractors in self.segments.values()) / total


@dataclass(frozen=True)
class Theme:
    """
    One subject of the reviews: how often it is the main one, and the shares of 1 to 5 stars when it is.

    Every sentence holds one of ``words``, which no other theme's sentences hold. ``{slots}`` are filled from the
    lists of the feedback. ``segments`` says who writes about it, where that is not the feedback's usual mix.
    """

    share: float
    stars: tuple[float, float, float, float, float]
    words: tuple[str, ...]
    sentences: tuple[str, ...]
    segments: Mapping[str, float] = field(default_factory=dict)

    @property
    def rating(self) -> float:
        """Mean stars of the reviews whose main subject this is."""
        return float(np.dot(self.stars, range(1, 6)))


@dataclass(frozen=True)
class Feedback:
    """Reviews: their themes, and the share that speaks of a second one."""

    reviews: int
    second: float
    themes: Mapping[str, Theme]
    slots: Mapping[str, tuple[str, ...]]
    openings: tuple[str, ...]
    closings: tuple[str, ...]
    sources: Mapping[str, float]
    segments: Mapping[str, float]
    first_day: date
    days: int

    @property
    def mentions(self) -> dict[str, float]:
        """Share of reviews that speak of each theme, as the first or the second subject."""
        share = {name: theme.share for name, theme in self.themes.items()}
        return {
            name: own + self.second * sum(first * own / (1 - first) for other, first in share.items() if other != name)
            for name, own in share.items()
        }

    @property
    def rating(self) -> float:
        """Mean stars of all reviews."""
        return sum(theme.share * theme.rating for theme in self.themes.values())


@dataclass(frozen=True)
class Associations:
    """Chance that a respondent ties an attribute to a brand."""

    respondents: int
    chances: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Awareness:
    """Share who name the brand unasked, and share who know it only when they see the list."""

    respondents: int
    unprompted: float
    prompted: float


@dataclass(frozen=True)
class Purchases:
    """
    Customers who buy at a rate and stay as BG/NBD says, and spend as Gamma-Gamma says.

    Each customer has a weekly rate ~ Gamma(r, alpha), a chance to leave after each purchase ~ Beta(a, b), and a scale
    of spending ~ Gamma(q, v) with which one purchase is Gamma(p, scale). Entry is spread over the first ``entry`` of
    ``weeks``. A segment draws customers by ``leanings`` towards a high rate, a high spend and a high chance to leave,
    after these were drawn: the values hold for all customers together, and the segments differ.
    """

    customers: int
    first_day: date
    entry: int
    weeks: int
    r: float
    alpha: float
    a: float
    b: float
    p: float
    q: float
    v: float
    leanings: Mapping[str, tuple[float, float, float]]

    def repeat_purchases(self, weeks: np.ndarray) -> np.ndarray:
        """Expected purchases after the first one in ``weeks``, shape (n,) (Fader, Hardie & Lee 2005, equation 9)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        weeks = np.asarray(weeks, dtype=float)
        left = (alpha / (alpha + weeks)) ** r * hyp2f1(r, b, a + b - 1, weeks / (alpha + weeks))
        return (a + b - 1) / (a - 1) * (1 - left)

    @property
    def mean_amount(self) -> float:
        """Mean of the customers' mean purchases."""
        return self.p * self.v / (self.q - 1)


@dataclass(frozen=True)
class Subscriptions:
    """Cohorts whose members leave with a chance ~ Beta(alpha, beta) at the end of each period."""

    alpha: float
    beta: float
    cohorts: Mapping[str, int]
    periods: int

    def survival(self, period: int) -> float:
        """Share of a cohort still there after ``period`` renewals (Fader & Hardie 2007)."""
        steps = np.arange(1, period + 1)
        return float(np.prod((self.beta + steps - 1) / (self.alpha + self.beta + steps - 1)))


@dataclass(frozen=True)
class Usage:
    """Accounts of each segment; per feature and segment the share that uses it, and the uses a month where it does."""

    months: tuple[str, ...]
    accounts: Mapping[str, int]
    features: Mapping[str, Mapping[str, tuple[float, float]]]


@dataclass(frozen=True)
class Habits:
    """
    Kinds of respondents: the share of each, its chance to say yes to each question, its mean of each count (Poisson).

    ``words`` are those of yes and no.
    """

    respondents: int
    kinds: Mapping[str, tuple[float, Mapping[str, float], Mapping[str, float]]]
    words: tuple[str, str] = ("yes", "no")


@dataclass(frozen=True)
class Channel:
    """
    One channel of the mix: Hill curve in a year's customers against a year's even spend, and what was spent.

    ``carryover`` is the share of a week's effect that reaches into the next one. ``close_rate`` turns the outcome that
    the table counts into customers. ``spend`` is the sum of the last 52 weeks, laid out by ``rhythm``: "steady",
    "flights" (some weeks on, some off), "bursts" (a few single weeks), from week ``start`` on.
    """

    maximum: float
    half_spend: float
    shape: float
    carryover: float
    close_rate: float
    spend: int
    rhythm: str
    start: int = 0

    def customers(self, spend: float) -> float:
        """Customers in a year when ``spend`` is laid out evenly over it."""
        return self.maximum * spend**self.shape / (self.half_spend**self.shape + spend**self.shape)

    def weekly_outcome(self, spend: np.ndarray) -> np.ndarray:
        """Outcome of each week for each week's spend, shape (weeks,); carryover keeps the sum of the spend."""
        stock = np.zeros(len(spend))
        for week, amount in enumerate(spend):
            stock[week] = (1 - self.carryover) * amount + (self.carryover * stock[week - 1] if week else 0)
        return self.customers(52 * stock) / 52 / self.close_rate


@dataclass(frozen=True)
class Mix:
    """Weekly outcome = base + trend x years + season x index + events x 0/1 + what the channels bring; counts."""

    first_week: date
    weeks: int
    base: float
    trend: float
    season: float
    events: float
    event_weeks: tuple[int, ...]
    season_peaks: tuple[tuple[int, int, float], ...]
    channels: Mapping[str, Channel]


@dataclass(frozen=True)
class Source:
    """Leads from one source: chance to become a customer, and the segments they come from."""

    close_rate: float
    segments: Mapping[str, float]
    weekly: float = 0.0


@dataclass(frozen=True)
class Arrivals:
    """
    Leads and what became of them.

    ``median_hours`` and ``spread`` (standard deviation of the logarithm) give the time to the first answer, ``never``
    the share left without one. A lead answered within a day closes ``in_time`` times as often as a later one.
    """

    sources: Mapping[str, Source]
    regions: Mapping[str, float]
    deals: Mapping[str, float]
    stages: tuple[str, str, str, str, str]
    median_hours: float
    spread: float
    never: float
    in_time: float
    other_source: str = ""

    @property
    def answered_in_time(self) -> float:
        """Share of the answered leads that had their answer within 24 hours."""
        return 0.5 * (1 + erf(log(24 / self.median_hours) / self.spread / sqrt(2)))


@dataclass(frozen=True)
class Page:
    """One variant of a page: click-through rate, conversion rate (of all users), mean seconds and their deviation."""

    clicks: float
    conversions: float
    seconds: float
    deviation: float


@dataclass(frozen=True)
class Pages:
    """A test of pages: users in all, evenly spread, and the variants, the control first."""

    users: int
    variants: Mapping[str, Page]


@dataclass(frozen=True)
class Kpi:
    """
    One figure by month: targets, planned spend, and how spend and response really went, as factors.

    Actual = target x spend factor x response factor, with scatter around it (standard deviation of the logarithm).
    """

    targets: tuple[float, ...]
    response: float
    spend: tuple[float, ...] = ()
    spending: float = 1.0
    scatter: float = 0.05
    digits: int = 0


@dataclass(frozen=True)
class Comparisons:
    """Weights of the criteria, and the judgements that differ from the ratio of two weights."""

    weights: Mapping[str, float]
    slips: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Company:
    """Everything that is true of one company's studies."""

    plan: str
    needs: Needs
    kano: Categories
    maxdiff: BestWorst
    turf: Reach
    price_limits: PriceLimits
    ladder: Ladder
    choices: Choices
    recommend: Recommend
    feedback: Feedback
    associations: Associations
    awareness: Awareness
    purchases: Purchases
    subscriptions: Subscriptions
    usage: Usage
    habits: Habits
    mix: Mix
    arrivals: Arrivals
    pages: Pages
    kpi_months: tuple[str, ...]
    kpis: Mapping[str, Kpi]
    comparisons: Comparisons
