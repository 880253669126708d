"""What people say when asked: needs, features, items, recommendation, brands and criteria.

Every function takes what is true and a random generator, and returns a table in the columns its analysis reads.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from .truth import Associations, Awareness, BestWorst, Categories, Comparisons, Habits, Needs, Reach, Recommend

__all__ = ["associations", "awareness", "comparisons", "habits", "kano", "maxdiff", "needs", "nps", "turf"]

# Pairs of answers (functional, dysfunctional) that the evaluation table puts in each category.
KANO_PAIRS = {
    "A": [(1, 2), (1, 3), (1, 4)],
    "O": [(1, 5)],
    "M": [(2, 5), (3, 5), (4, 5)],
    "I": [(2, 2), (2, 3), (3, 2), (3, 3), (3, 4), (4, 3), (4, 4)],
    "R": [(2, 1), (3, 1), (5, 1), (5, 2), (5, 3)],
    "Q": [(1, 1), (5, 5)],
}


def needs(truth: Needs, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent and need: respondent, segment, need, importance and satisfaction (1 to 10)."""
    rows = []
    for segment, respondent in _by_segment(truth.respondents):
        for need, (important, satisfied) in truth.top_two[segment].items():
            rows.append((respondent, segment, need, _mark(rng, important), _mark(rng, satisfied)))
    return pd.DataFrame(rows, columns=["respondent", "segment", "need", "importance", "satisfaction"])


def kano(truth: Categories, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent and feature: respondent, feature, functional, dysfunctional (1 to 5)."""
    rows = []
    for respondent in _respondents(truth.respondents):
        for feature, shares in truth.shares.items():
            pairs = KANO_PAIRS[str(rng.choice(list(shares), p=list(shares.values())))]
            rows.append((respondent, feature, *pairs[rng.integers(len(pairs))]))
    return pd.DataFrame(rows, columns=["respondent", "feature", "functional", "dysfunctional"])


def maxdiff(truth: BestWorst, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per item shown: respondent, task, item, shown, best, worst (each 0 or 1)."""
    items = list(truth.utilities)
    rows = []
    for respondent in _respondents(truth.respondents):
        for task, shown in enumerate(_balanced_sets(items, truth, rng), start=1):
            best = _picked(shown, truth, rng, sign=1)
            worst = _picked([item for item in shown if item != best], truth, rng, sign=-1)
            rows += [(respondent, task, item, 1, int(item == best), int(item == worst)) for item in shown]
    return pd.DataFrame(rows, columns=["respondent", "task", "item", "shown", "best", "worst"])


def turf(truth: Reach, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent and item: respondent, item, reached (0 or 1)."""
    shares = [share for share, _ in truth.kinds]
    rows = []
    for respondent in _respondents(truth.respondents):
        chances = truth.kinds[rng.choice(len(shares), p=shares)][1]
        rows += [(respondent, item, int(rng.random() < chance)) for item, chance in chances.items()]
    return pd.DataFrame(rows, columns=["respondent", "item", "reached"])


def nps(truth: Recommend, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent: respondent, score (0 to 10), segment."""
    scores = ([9, 10], [7, 8], [0, 1, 2, 3, 4, 5, 6])
    within = ([0.45, 0.55], [0.4, 0.6], [0.04, 0.03, 0.06, 0.1, 0.13, 0.26, 0.38])
    rows = []
    for segment, respondent in _by_segment({name: figures[0] for name, figures in truth.segments.items()}):
        kind = rng.choice(3, p=truth.segments[segment][1:])
        rows.append((respondent, int(rng.choice(scores[kind], p=within[kind])), segment))
    return pd.DataFrame(rows, columns=["respondent", "score", "segment"])


def awareness(truth: Awareness, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent: respondent, unprompted, prompted (0 or 1; the list only if not named before)."""
    shares = [truth.unprompted, truth.prompted, 1 - truth.unprompted - truth.prompted]
    kinds = rng.choice(3, size=truth.respondents, p=shares)
    columns = {"unprompted": (kinds == 0).astype(int), "prompted": (kinds == 1).astype(int)}
    return pd.DataFrame({"respondent": list(_respondents(truth.respondents)), **columns})


def habits(truth: Habits, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per respondent: respondent, a column per question with yes or no, a column per count."""
    shares = [share for share, *_ in truth.kinds.values()]
    rows = []
    for respondent, kind in zip(
        _respondents(truth.respondents), rng.choice(list(truth.kinds), truth.respondents, p=shares), strict=True
    ):
        _share, chances, means = truth.kinds[kind]
        said = {question: truth.words[int(rng.random() >= chance)] for question, chance in chances.items()}
        rows.append(
            {"respondent": respondent, **said, **{name: int(rng.poisson(mean)) for name, mean in means.items()}}
        )
    return pd.DataFrame(rows)


def associations(truth: Associations, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per brand and attribute: brand, attribute, count of respondents who tie the two."""
    rows = [
        (brand, attribute, int(rng.binomial(truth.respondents, chance)))
        for brand, chances in truth.chances.items()
        for attribute, chance in chances.items()
    ]
    return pd.DataFrame(rows, columns=["brand", "attribute", "count"])


def comparisons(truth: Comparisons) -> pd.DataFrame:
    """Return one row per pair: criterion_a, criterion_b, value (1/9 to 9: how much more a weighs than b)."""
    names = list(truth.weights)
    rows = []
    for place, a in enumerate(names):
        for b in names[place + 1 :]:
            ratio = truth.slips.get((a, b), truth.weights[a] / truth.weights[b])
            rows.append((a, b, round(ratio, 6)))
    return pd.DataFrame(rows, columns=["criterion_a", "criterion_b", "value"])


def _respondents(number: int) -> Iterator[str]:
    """Names of ``number`` respondents: r001, r002 and so on."""
    return (f"r{place:03d}" for place in range(1, number + 1))


def _by_segment(respondents: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Segment and name of every respondent."""
    names = _respondents(sum(respondents.values()))
    return ((segment, next(names)) for segment, number in respondents.items() for _ in range(number))


def _mark(rng: np.random.Generator, top_two: float) -> int:
    """9 or 10 with probability ``top_two``, else 3 to 8, the higher the likelier."""
    if rng.random() < top_two:
        return int(rng.integers(9, 11))
    return int(rng.choice(np.arange(3, 9), p=np.array([1, 2, 3, 4, 4, 4]) / 18))


def _balanced_sets(items: list[str], truth: BestWorst, rng: np.random.Generator) -> list[list[str]]:
    """Sets of items for one respondent, in which each item comes equally often."""
    order: list[str] = []
    while len(order) < truth.sets * truth.shown:
        order += [str(item) for item in rng.permutation(items)]
    return [order[start : start + truth.shown] for start in range(0, truth.sets * truth.shown, truth.shown)]


def _picked(shown: list[str], truth: BestWorst, rng: np.random.Generator, *, sign: int) -> str:
    """The item picked as best (``sign`` 1) or worst (-1) of those shown, by the logit of its utility."""
    weights = np.exp([sign * truth.utilities[item] for item in shown])
    return str(rng.choice(shown, p=weights / weights.sum()))
