"""Which exercises can a group do, what does each ask, and what does the plan take over from it?

One registry: an exercise says of which items of the plan it may be done, which questions that makes (one a screen), how
the answers are read as figures, and what a result fills in. The plan takes over medians, as judgement (grade D), with
the quartiles as interval and the number of votes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from math import isnan
from typing import Any

import numpy as np

from workbook.errors import ParameterError, WorkshopError, nearest
from workbook.language import N_, number, translated
from workbook.plan.adoption import Proposal
from workbook.plan.model import Plan, tree
from workbook.plan.model.fields import new_id
from workbook.workshop.asking import Comparison, Dots, Estimate, Option, Order, Question, Scale, Words
from workbook.workshop.room import Poll
from workbook.workshop.spread import Change, Spread, change_between, spread_of

__all__ = [
    "EXERCISES",
    "Exercise",
    "Reading",
    "compared_weights",
    "exercise",
    "proposals",
    "question",
    "readings",
    "title_of",
]

MOST_COMPARED = 6
"""Things compared in pairs: six make fifteen screens, and nobody answers more with care."""

MOST_LED_WITH = 3
"""Advantages that a positioning leads with."""


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


@dataclass(frozen=True)
class Exercise:
    """
    Something a group does.

    ``items`` gives what of a plan it may be about; ``least`` is how many it needs, 0 where it needs none. ``judged`` says
    whether its votes are opinions on a scale, of which one can say how far apart they are.
    """

    key: str
    title: str
    why: str
    minutes: int
    questions: Callable[[Poll], list[Question]]
    read: Callable[[Poll, int], list[Reading]] = lambda poll, round: []
    propose: Callable[[Plan, Poll, list[Reading]], list[Proposal]] = lambda plan, poll, found: []
    items: Callable[[Plan], list[Option]] = lambda plan: []
    least: int = 1
    judged: bool = True
    aspects: Mapping[str, str] = field(default_factory=dict)


def exercise(key: str) -> Exercise:
    """Return the exercise called ``key``. Raises ParameterError, with the nearest names, when there is none."""
    if key not in EXERCISES:
        raise ParameterError(
            N_("there is no exercise “{found}”. The nearest are: {near}."),
            found=key,
            near=nearest(key, list(EXERCISES)),
        )
    return EXERCISES[key]


def title_of(poll: Poll) -> str:
    """Return what the exercise is called: as somebody named it, else in the language in use."""
    return poll.title or translated(exercise(poll.exercise).title)


def question(poll: Poll, key: str) -> Question:
    """Return the question called ``key``. Raises WorkshopError when it is not asked."""
    for one in exercise(poll.exercise).questions(poll):
        if one.key == key:
            return one
    raise WorkshopError(N_("this question was taken back. Nothing is asked of you here any more."))


def readings(poll: Poll, round: int = 0) -> list[Reading]:
    """Return what the votes of ``round``, the last one revealed for 0, say on each thing; nothing before the reveal."""
    round = round or poll.ended_rounds
    return exercise(poll.exercise).read(poll, round) if round else []


def proposals(plan: Plan, poll: Poll) -> list[Proposal]:
    """Return what ``plan`` could take over from the last round that was revealed."""
    return exercise(poll.exercise).propose(plan, poll, readings(poll)) if poll.ended_rounds else []


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


# --- questions and readings of each kind


def _scales(aspects: Mapping[str, tuple[str, Scale]]) -> tuple[Callable[..., Any], Callable[..., Any]]:
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


def _estimate_questions(poll: Poll) -> list[Question]:
    ask = N_("How many new customers would it bring in the plan's period?")
    unit = poll.options.get("unit", "")
    return [Question(item.id, ask, Estimate(unit), item.label, item.id) for item in poll.items]


def _read_estimates(poll: Poll, round: int) -> list[Reading]:
    """Return the likely figures; without a scale of their own, twice their median stands for its width."""
    found = []
    for one in _estimate_questions(poll):
        given = poll.answers(one.key, round)
        median = float(np.median([v["likely"] for v in given.values()])) if given else 1.0
        top = max([2 * median, *(v["high"] for v in given.values())], default=1.0)
        spans = {who: (v["low"], v["high"]) for who, v in given.items()}
        reading = _reading(poll, round, one, lambda v: v["likely"], 0.0, 2 * median or 1.0, spans=spans)
        found.append(Reading(**{**reading.__dict__, "high": top}))
    return found


def _pair_questions(poll: Poll) -> list[Question]:
    ask = N_("Which of the two matters more, and how much?")
    return [Question(f"{a.id}~{b.id}", ask, Comparison(a, b)) for a, b in combinations(poll.items, 2)]


def _read_pairs(poll: Poll, round: int) -> list[Reading]:
    """Return the weights that follow from each voter's comparisons."""
    by_round = [_weights(poll, r)["by_voter"] for r in range(1, round + 1)]
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


def _weights(poll: Poll, round: int) -> dict[str, Any]:
    answers: dict[str, dict[str, int]] = {}
    for one in _pair_questions(poll):
        for who, value in poll.answers(one.key, round).items():
            answers.setdefault(who, {})[one.key] = value
    return compared_weights(answers, poll.items)


def _dot_questions(poll: Poll) -> list[Question]:
    total = int(poll.options.get("total", 3))
    most = int(poll.options.get("most", total))
    return [Question("dots", N_("Where do your dots go?"), Dots(poll.items, total, most))]


def _read_dots(poll: Poll, round: int) -> list[Reading]:
    (asked,) = _dot_questions(poll)
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


def _order_questions(poll: Poll) -> list[Question]:
    return [Question("order", N_("In which order would you put them?"), Order(poll.items))]


def _read_order(poll: Poll, round: int) -> list[Reading]:
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


def _words(*sides: tuple[str, str], ask: str) -> Callable[[Poll], list[Question]]:
    return lambda poll: [Question("notes", ask, Words(tuple(sides)))]


# --- what the plan takes over


def _by_item(found: list[Reading]) -> dict[str, dict[str, Reading]]:
    grouped: dict[str, dict[str, Reading]] = {}
    for one in found:
        if one.spread.n:
            grouped.setdefault(one.item, {})[one.aspect] = one
    return grouped


def _medians(figure: str, words: str, *, evidence: bool) -> Callable[[Plan, Poll, list[Reading]], list[Proposal]]:
    """Return what proposes the medians of an item's aspects for its fields; ``figure`` is the aspect told first."""

    def propose(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
        made = []
        for id, by_aspect in _by_item(found).items():
            option = next(item for item in poll.items if item.id == id)
            if not option.path or plan.item(id) is None or figure not in by_aspect:
                continue
            medians = {aspect: one.spread.median for aspect, one in by_aspect.items()}
            worded = {aspect: number(medians.get(aspect)) for aspect in EXERCISES[poll.exercise].aspects}
            name = translated(words, item=plan.name_of(id), **worded)
            path = option.path if evidence else ""
            fills = {f"{option.path}/{aspect}": median for aspect, median in medians.items()}
            made.append(_proposal(poll, id, name, by_aspect[figure], path, fills))
        return made

    return propose


def _proposal(poll: Poll, id: str, name: str, one: Reading, item: str, fills: Mapping[str, Any]) -> Proposal:
    return Proposal(
        key=f"team-{poll.exercise}-{id}"[:80],
        name=name,
        source=translated(N_("Vote of the team in a workshop")),
        analysis=f"workshop {poll.exercise}",
        conventions=(
            translated(N_("Median of the votes; the interval is from the lower to the upper quartile.")),
            translated(N_("Round {round}."), round=number(poll.ended_rounds)),
        ),
        figure=round(one.spread.median, 4),
        low=round(one.spread.low, 4),
        high=round(one.spread.high, 4),
        n=one.spread.n,
        item=item,
        fills=fills,
        judged=True,
    )


def _propose_estimates(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return the median low, likely and high figures, each of its own: they still rise."""
    made, data = [], tree(plan)
    for one in found:
        held = data["curves"].get(one.item) if one.spread.n else None
        if held is None:
            continue
        lows, highs = zip(*one.spans.values(), strict=True)
        figures = {"low": float(np.median(lows)), "likely": one.spread.median, "high": float(np.median(highs))}
        path = f"/curves/{one.item}"
        name = translated(
            N_("“{item}”: {low} to {high} new customers, likely {likely}"),
            item=one.label,
            **{key: number(value) for key, value in figures.items()},
        )
        spend = poll.options.get("spend", {}).get(one.item) or held["estimate"].get("spend")
        fills = {f"{path}/estimate": ({"spend": spend} if spend else {}) | figures}
        made.append(_proposal(poll, one.item, name, one, path, fills))
    return made


def _propose_weights(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return the group's weights, scaled so that the largest is 10."""
    weights = _weights(poll, poll.ended_rounds)["weights"]
    if not weights:
        return []
    scaled = {id: round(10 * weight / max(weights.values()), 1) for id, weight in weights.items()}
    fills: dict[str, Any] = {f"{o.path}/weight": scaled[o.id] for o in poll.items if o.path.startswith("/criteria/")}
    if any(option.path.startswith("/attractiveness/") for option in poll.items):
        fills = {"/attractiveness": plan.attractiveness.model_dump(mode="json") | scaled}
    first = max(found, key=lambda one: weights[one.item])
    name = translated(
        N_("“{item}” weighs most, with {share} of 100"), item=first.label, share=number(100 * weights[first.item])
    )
    return [_proposal(poll, "weights", name, first, "", fills)] if fills else []


def _propose_order(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return the advantages with the best median places, as those the positioning leads with."""
    ranked = [one for one in found if one.spread.n and plan.item(one.item) is not None]
    if not ranked:
        return []
    leading = [one.item for one in ranked[:MOST_LED_WITH]]
    name = translated(N_("“{item}” comes first among {count}"), item=ranked[0].label, count=number(len(poll.items)))
    return [_proposal(poll, "order", name, ranked[0], "", {"/positioning/advantages": leading})]


def _propose_support(words: str) -> Callable[[Plan, Poll, list[Reading]], list[Proposal]]:
    """Return what proposes a vote as evidence alone, filling no field."""

    def propose(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
        made = []
        for one in found:
            path = next(option.path for option in poll.items if option.id == one.item)
            if not one.spread.n or not path:
                continue
            item = plan.item(path.rpartition("/")[2])
            able = item is not None and "evidence" in type(item).model_fields
            figures = {"median": number(one.spread.median), "total": number(sum(one.values.values()))}
            made.append(
                _proposal(poll, one.item, translated(words, item=one.label, **figures), one, path if able else "", {})
            )
        return made

    return propose


def _propose_heaps(plan: Plan, poll: Poll, found: list[Reading]) -> list[Proposal]:
    """Return each named heap of notes as a need: what people wrote independently of one another."""
    made, taken = [], set(plan.ids)
    for id, name in poll.clusters.items():
        writers = {note.who for note in poll.notes.values() if note.cluster == id}
        if not name or not writers:
            continue
        key = f"team-notes-{id}"[:80]
        held = next((path for finding in plan.findings if finding.id == key for path in finding.fills), "")
        path = held.rpartition("/")[0] or f"/needs/{new_id(name, taken, otherwise='need')}"
        taken.add(path.rpartition("/")[2])
        made.append(
            Proposal(
                key=key,
                name=translated(N_("Notes of {count} people: “{heap}”"), count=number(len(writers)), heap=name),
                source=translated(N_("Notes of the team in a workshop")),
                analysis="workshop notes",
                figure=float(len(writers)),
                n=len({note.who for note in poll.notes.values()}),
                item=path,
                fills={f"{path}/name": name},
                judged=True,
            )
        )
    return made


# --- what of a plan may be asked about


def _items_of(*sections: str) -> Callable[[Plan], list[Option]]:
    return lambda plan: [
        Option(item.id, item.label, f"/{section}/{item.id}") for section in sections for item in getattr(plan, section)
    ]


def _curves(plan: Plan) -> list[Option]:
    return [Option(curve.id, plan.name_of(curve.channel) or curve.id, f"/curves/{curve.id}") for curve in plan.curves]


def _criteria(plan: Plan) -> list[Option]:
    own = [Option(one.id, one.label, f"/criteria/{one.id}") for one in plan.criteria]
    fields = type(plan.attractiveness).model_fields
    return own + [Option(name, translated(str(f.title)), f"/attractiveness/{name}") for name, f in fields.items()]


_need_questions, _read_needs = _scales(
    {
        "importance": (
            N_("How important is it to the customer?"),
            Scale(0, 10, N_("not at all"), N_("could not work without")),
        ),
        "satisfaction": (
            N_("How well is it met today?"),
            Scale(0, 10, N_("not at all"), N_("could not be better")),
        ),
    }
)
_ice_questions, _read_ice = _scales(
    {
        "impact": (N_("If it works, how much does it bring?"), Scale(1, 10, N_("hardly anything"), N_("very much"))),
        "confidence": (N_("How sure are you that it works?"), Scale(1, 10, N_("a guess"), N_("we have seen it"))),
        "ease": (N_("How easily can we start?"), Scale(1, 10, N_("a year's work"), N_("tomorrow"))),
    }
)
_segment_questions, _read_segments = _scales(
    {
        "fit": (N_("How well can we serve them?"), Scale(0, 10, N_("not at all"), N_("better than anybody"))),
        "reachability": (
            N_("How easily do our channels reach them?"),
            Scale(0, 10, N_("not at all"), N_("with one message")),
        ),
    }
)
_confidence_questions, _read_confidence = _scales(
    {
        "confidence": (
            N_("How confident are you that this will hold?"),
            Scale(1, 5, N_("I would stop it"), N_("I would bet on it")),
        )
    }
)

EXERCISES: dict[str, Exercise] = {
    one.key: one
    for one in (
        Exercise(
            "notes",
            N_("Silent notes"),
            N_("Everybody writes before anybody speaks, so that the loudest does not decide what is thought of."),
            15,
            _words(("note", N_("Note")), ask=N_("What comes to mind? One thought a note.")),
            propose=_propose_heaps,
            least=0,
            judged=False,
        ),
        Exercise(
            "dots",
            N_("Dot vote"),
            N_("Narrows a long list down to what is worth a talk. It says what draws people, not what is right."),
            5,
            _dot_questions,
            _read_dots,
            _propose_support(N_("“{item}”: {total} dots")),
            _items_of("needs", "ideas", "channels", "segments", "markets", "trends", "advantages"),
            least=2,
            judged=False,
        ),
        Exercise(
            "needs",
            N_("Importance and satisfaction"),
            N_("A need counts when it matters and is badly met. Two questions tell the two apart."),
            15,
            _need_questions,
            _read_needs,
            _medians(
                "importance",
                N_("“{item}”: importance {importance}, satisfaction {satisfaction} of 10"),
                evidence=True,
            ),
            _items_of("needs"),
            aspects={"importance": N_("Importance"), "satisfaction": N_("Satisfaction")},
        ),
        Exercise(
            "ice",
            N_("Impact, confidence, ease"),
            N_("A quick sieve for channels, before anybody works out curves."),
            15,
            _ice_questions,
            _read_ice,
            _medians(
                "impact", N_("“{item}”: impact {impact}, confidence {confidence}, ease {ease} of 10"), evidence=False
            ),
            _items_of("channels"),
            aspects={"impact": N_("Impact"), "confidence": N_("Confidence"), "ease": N_("Ease")},
        ),
        Exercise(
            "segments",
            N_("Attractiveness of segments"),
            N_("Size and growth are figures; how well a segment fits us and can be reached is judgement."),
            10,
            _segment_questions,
            _read_segments,
            _medians("fit", N_("“{item}”: fit {fit}, reachability {reachability} of 10"), evidence=True),
            _items_of("segments"),
            aspects={"fit": N_("Fit"), "reachability": N_("Reachability")},
        ),
        Exercise(
            "pairs",
            N_("Comparison in pairs"),
            N_("Weights given straight away all end up alike. Two at a time, people have to choose."),
            10,
            _pair_questions,
            _read_pairs,
            _propose_weights,
            _criteria,
            least=2,
            aspects={"weight": N_("Weight, of 100")},
        ),
        Exercise(
            "estimates",
            N_("Estimates of three points"),
            N_("What a channel brings, as a low, a likely and a high figure: a range says what nobody knows."),
            20,
            _estimate_questions,
            _read_estimates,
            _propose_estimates,
            _curves,
            aspects={"": N_("New customers, likely")},
        ),
        Exercise(
            "positioning",
            N_("Candidates in order"),
            N_("Which advantages lead the positioning. Ordering forces a choice that liking does not."),
            10,
            _order_questions,
            _read_order,
            _propose_order,
            _items_of("advantages"),
            least=2,
            aspects={"place": N_("Place, 1 is first")},
        ),
        Exercise(
            "confidence",
            N_("Confidence vote"),
            N_("Before the group moves on: who would stop this, and what do they know that the others do not?"),
            5,
            _confidence_questions,
            _read_confidence,
            _propose_support(N_("“{item}”: confidence {median} of 5")),
            _items_of("needs", "segments", "advantages", "offers", "channels", "curves", "campaigns"),
            aspects={"confidence": N_("Confidence, 1 to 5")},
        ),
        Exercise(
            "plusdelta",
            N_("Plus and delta"),
            N_("What to keep and what to change, of this workshop or of the plan."),
            5,
            _words(
                ("plus", N_("Plus: keep it")),
                ("delta", N_("Delta: change it")),
                ask=N_("What was good, and what should change?"),
            ),
            least=0,
            judged=False,
        ),
    )
}
"""All exercises, by key, in the order a facilitator meets them."""
