"""Which questions does an exercise ask, and what do the answers say as figures?

A kind of exercise is two functions: one makes the questions of a poll (one a screen), the other reads the answers of a
round as ``Reading``: a figure for each voter and each thing, on a scale of which one can say how far apart they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from math import isnan
from typing import Any

import numpy as np

from workbook.language import N_
from workbook.workshop.asking import Comparison, Dots, Estimate, Option, Order, Question, Scale, Words
from workbook.workshop.room import Poll
from workbook.workshop.spread import Change, Spread, change_between, spread_of

__all__ = [
    "Reading",
    "compared_weights",
    "dot_questions",
    "estimate_questions",
    "group_weights",
    "order_questions",
    "pair_questions",
    "read_dots",
    "read_estimates",
    "read_order",
    "read_pairs",
    "scales",
    "words_asked",
]


@dataclass(frozen=True)
class Reading:
    """
    What the votes of one round say on one thing, as figures.

    ``values`` are by voter, on a scale from ``low`` to ``high``; ``spans`` are the low and high figures of estimates.
    """

    key: str
    item: str
    label: str
    aspect: str
    values: Mapping[str, float]
    low: float
    high: float
    spread: Spread
    change: Change | None = None
    spans: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def compared_weights(answers: Mapping[str, Mapping[str, int]], items: tuple[Option, ...]) -> dict[str, Any]:
    """
    Return the weights of ``items`` from comparisons in pairs: of the group and of each voter who compared all.

    Parameters
    ----------
    answers
        By voter, then by question: 9 to -9, as ``Comparison`` has it.
    items
        The things compared.

    Returns
    -------
    ``weights`` by item, ``consistency_ratio`` and ``worst_pair`` of the group; ``by_voter`` the weights of each. The
    group's comparison of a pair is the geometric mean of its members' (Aczél & Saaty 1983).
    """
    import pandas as pd

    from workbook.scoring import ahp

    pairs = [f"{a.id}~{b.id}" for a, b in combinations(items, 2)]
    whole = {who: given for who, given in answers.items() if all(pair in given for pair in pairs)}
    if not whole:
        return {"weights": {}, "by_voter": {}, "consistency_ratio": float("nan"), "worst_pair": None}

    def weighed(times: Mapping[str, float]) -> Any:
        rows = [(*pair.split("~"), times[pair]) for pair in pairs]
        return ahp(pd.DataFrame(rows, columns=["criterion_a", "criterion_b", "value"]))

    def weights(answer: Any) -> dict[str, float]:
        return dict(zip(answer.rows["criterion"], answer.rows["weight"].astype(float), strict=True))

    scales = {who: {pair: _times(given[pair]) for pair in pairs} for who, given in whole.items()}
    joint = {
        pair: min(float(np.exp(np.mean([np.log(given[pair]) for given in scales.values()]))), 9.0) for pair in pairs
    }
    group = weighed(joint)
    return {
        "weights": weights(group),
        "by_voter": {who: weights(weighed(given)) for who, given in scales.items()},
        "consistency_ratio": group.figures["consistency_ratio"],
        "worst_pair": group.figures["worst_pair"],
    }


def _times(answer: int) -> float:
    return float(answer) if answer > 0 else 1 / -answer


def scales(aspects: Mapping[str, tuple[str, Scale]]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return what asks each of ``aspects`` of each item on its scale, and what reads the answers."""

    def questions(poll: Poll) -> list[Question]:
        return [
            Question(f"{item.id}~{aspect}", ask, scale, item.label, item.id, aspect)
            for item in poll.items
            for aspect, (ask, scale) in aspects.items()
        ]

    def read(poll: Poll, round: int) -> list[Reading]:
        return [_reading(poll, round, one, float, one.answering.low, one.answering.high) for one in questions(poll)]  # type: ignore[union-attr]

    return questions, read


def _reading(
    poll: Poll, round: int, asked: Question, figure: Callable[[Any], float], low: float, high: float, **more: Any
) -> Reading:
    votes = [{who: figure(v) for who, v in poll.answers(asked.key, r).items()} for r in range(1, round + 1)]
    return _read(asked.key, asked.item, asked.about, asked.aspect, votes, low, high, **more)


def _read(
    key: str, item: str, label: str, aspect: str, votes: list[dict[str, float]], low: float, high: float, **more: Any
) -> Reading:
    """Return a reading of the last of ``votes``, by round, with what changed since the one before."""
    before: Spread | None = None
    for i, given in enumerate(votes, start=1):
        found = spread_of(list(given.values()), width=(high - low) or 1.0, round=i, before=before)
        before = found if i < len(votes) else before
    change = change_between(votes[-2], votes[-1]) if len(votes) > 1 else None
    return Reading(key, item, label, aspect, votes[-1], low, high, found, change, **more)


def estimate_questions(poll: Poll) -> list[Question]:
    """Ask what each curve would bring, as three figures."""
    ask = N_("How many new customers would it bring in the plan's period?")
    unit = poll.options.get("unit", "")
    return [Question(item.id, ask, Estimate(unit), item.label, item.id) for item in poll.items]


def read_estimates(poll: Poll, round: int) -> list[Reading]:
    """Return the likely figures; without a scale of their own, twice their median stands for its width."""
    found = []
    for one in estimate_questions(poll):
        given = poll.answers(one.key, round)
        median = float(np.median([v["likely"] for v in given.values()])) if given else 1.0
        top = max([2 * median, *(v["high"] for v in given.values())], default=1.0)
        spans = {who: (v["low"], v["high"]) for who, v in given.items()}
        reading = _reading(poll, round, one, lambda v: v["likely"], 0.0, 2 * median or 1.0, spans=spans)
        found.append(Reading(**{**reading.__dict__, "high": top}))
    return found


def pair_questions(poll: Poll) -> list[Question]:
    """Ask of each two things which matters more."""
    ask = N_("Which of the two matters more, and how much?")
    return [Question(f"{a.id}~{b.id}", ask, Comparison(a, b)) for a, b in combinations(poll.items, 2)]


def read_pairs(poll: Poll, round: int) -> list[Reading]:
    """Return the weights that follow from each voter's comparisons."""
    by_round = [group_weights(poll, r)["by_voter"] for r in range(1, round + 1)]
    return [
        _read(
            item.id,
            item.id,
            item.label,
            "weight",
            [{who: 100 * weights[item.id] for who, weights in voters.items()} for voters in by_round],
            0,
            100,
        )
        for item in poll.items
    ]


def group_weights(poll: Poll, round: int) -> dict[str, Any]:
    """Return ``compared_weights`` of a round that was revealed."""
    answers: dict[str, dict[str, int]] = {}
    for one in pair_questions(poll):
        for who, value in poll.answers(one.key, round).items():
            answers.setdefault(who, {})[one.key] = value
    return compared_weights(answers, poll.items)


def dot_questions(poll: Poll) -> list[Question]:
    """Ask where the dots of a person go."""
    total = int(poll.options.get("total", 3))
    most = int(poll.options.get("most", total))
    return [Question("dots", N_("Where do your dots go?"), Dots(poll.items, total, most))]


def read_dots(poll: Poll, round: int) -> list[Reading]:
    """Return how many dots each person gave each thing."""
    (asked,) = dot_questions(poll)
    return [
        _read(
            item.id,
            item.id,
            item.label,
            "dots",
            [
                {who: float(dots.get(item.id, 0)) for who, dots in poll.answers("dots", r).items()}
                for r in range(1, round + 1)
            ],
            0,
            asked.answering.most,  # type: ignore[union-attr]
        )
        for item in poll.items
    ]


def order_questions(poll: Poll) -> list[Question]:
    """Ask for the things in order, the best first."""
    return [Question("order", N_("In which order would you put them?"), Order(poll.items))]


def read_order(poll: Poll, round: int) -> list[Reading]:
    """Return the places given, the item with the best median first."""
    found = [
        _read(
            item.id,
            item.id,
            item.label,
            "place",
            [
                {who: 1.0 + order.index(item.id) for who, order in poll.answers("order", r).items() if item.id in order}
                for r in range(1, round + 1)
            ],
            1,
            max(len(poll.items), 2),
        )
        for item in poll.items
    ]
    return sorted(found, key=lambda one: (isnan(one.spread.median), one.spread.median, sum(one.values.values())))


def words_asked(*sides: tuple[str, str], ask: str) -> Callable[[Poll], list[Question]]:
    """Return what asks for notes, each on one of ``sides``: its key and its title."""
    return lambda poll: [Question("notes", ask, Words(tuple(sides)))]
