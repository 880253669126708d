"""Which exercises can a group do, what does each ask, and what does the plan take over from it?

One registry: an exercise says of which items of the plan it may be done, which questions that makes (one a screen), how
the answers are read as figures, and what a result fills in. The plan takes over medians, as judgement (grade D), with
the quartiles as interval and the number of votes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workbook.errors import ParameterError, WorkshopError, nearest
from workbook.language import N_, translated
from workbook.plan.adoption import Proposal
from workbook.plan.model import Plan
from workbook.workshop.answers import (
    Reading,
    dot_questions,
    estimate_questions,
    order_questions,
    pair_questions,
    read_dots,
    read_estimates,
    read_order,
    read_pairs,
    scales,
    words_asked,
)
from workbook.workshop.asking import Option, Question, Scale
from workbook.workshop.room import Poll
from workbook.workshop.taking_over import (
    medians,
    propose_estimates,
    propose_heaps,
    propose_order,
    propose_support,
    propose_weights,
)

__all__ = [
    "EXERCISES",
    "Exercise",
    "exercise",
    "proposals",
    "question",
    "readings",
    "title_of",
]

MOST_ITEMS = 40

MOST_COMPARED = 6
"""Things compared in pairs: six make fifteen screens, and nobody answers more with care."""


@dataclass(frozen=True)
class Exercise:
    """
    Something a group does.

    ``items`` gives what of a plan it may be about; ``least`` is how many it needs, 0 where it needs none, and ``most`` how
    many it bears. ``judged`` says whether its votes are opinions on a scale, of which one can say how far apart they are.
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
    most: int = MOST_ITEMS
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


_need_questions, _read_needs = scales(
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
_ice_questions, _read_ice = scales(
    {
        "impact": (N_("If it works, how much does it bring?"), Scale(1, 10, N_("hardly anything"), N_("very much"))),
        "confidence": (N_("How sure are you that it works?"), Scale(1, 10, N_("a guess"), N_("we have seen it"))),
        "ease": (N_("How easily can we start?"), Scale(1, 10, N_("a year's work"), N_("tomorrow"))),
    }
)
_segment_questions, _read_segments = scales(
    {
        "fit": (N_("How well can we serve them?"), Scale(0, 10, N_("not at all"), N_("better than anybody"))),
        "reachability": (
            N_("How easily do our channels reach them?"),
            Scale(0, 10, N_("not at all"), N_("with one message")),
        ),
    }
)
_confidence_questions, _read_confidence = scales(
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
            words_asked(("note", N_("Note")), ask=N_("What comes to mind? One thought a note.")),
            propose=propose_heaps,
            least=0,
            judged=False,
        ),
        Exercise(
            "dots",
            N_("Dot vote"),
            N_("Narrows a long list down to what is worth a talk. It says what draws people, not what is right."),
            5,
            dot_questions,
            read_dots,
            propose_support(N_("“{item}”: {total} dots")),
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
            medians(
                "importance",
                N_("“{item}”: importance {importance}, satisfaction {satisfaction} of 10"),
                ("importance", "satisfaction"),
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
            medians(
                "impact",
                N_("“{item}”: impact {impact}, confidence {confidence}, ease {ease} of 10"),
                ("impact", "confidence", "ease"),
                evidence=False,
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
            medians(
                "fit",
                N_("“{item}”: fit {fit}, reachability {reachability} of 10"),
                ("fit", "reachability"),
                evidence=True,
            ),
            _items_of("segments"),
            aspects={"fit": N_("Fit"), "reachability": N_("Reachability")},
        ),
        Exercise(
            "pairs",
            N_("Comparison in pairs"),
            N_("Weights given straight away all end up alike. Two at a time, people have to choose."),
            10,
            pair_questions,
            read_pairs,
            propose_weights,
            _criteria,
            least=2,
            most=MOST_COMPARED,
            aspects={"weight": N_("Weight, of 100")},
        ),
        Exercise(
            "estimates",
            N_("Estimates of three points"),
            N_("What a channel brings, as a low, a likely and a high figure: a range says what nobody knows."),
            20,
            estimate_questions,
            read_estimates,
            propose_estimates,
            _curves,
            aspects={"": N_("New customers, likely")},
        ),
        Exercise(
            "positioning",
            N_("Candidates in order"),
            N_("Which advantages lead the positioning. Ordering forces a choice that liking does not."),
            10,
            order_questions,
            read_order,
            propose_order,
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
            propose_support(N_("“{item}”: confidence {median} of 5")),
            _items_of("needs", "segments", "advantages", "offers", "channels", "curves", "campaigns"),
            aspects={"confidence": N_("Confidence, 1 to 5")},
        ),
        Exercise(
            "plusdelta",
            N_("Plus and delta"),
            N_("What to keep and what to change, of this workshop or of the plan."),
            5,
            words_asked(
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
