"""The registry of steps: number, question, notebook, the sections of the plan it fills.

Navigation, progress, agenda and report order are read from here; a step can be opened as soon as its notebook is there.
A step is begun when the plan holds something in one of its sections, and done when ``plan.checks`` then finds neither
fault nor gap there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from workbook.errors import ParameterError, nearest
from workbook.language import N_
from workbook.plan.checks import Point, check
from workbook.plan.links import node_of
from workbook.plan.model import Plan, shapes
from workbook.plan.readiness import DECISIONS, PLACES, Decision, Upstream, upstream_decisions
from workbook.shipped import shipped

__all__ = [
    "PAGES",
    "REPORT",
    "RIVER",
    "STEPS",
    "State",
    "Step",
    "deciding_step",
    "missing_upstream",
    "open_points",
    "points_in",
    "section_of",
    "step",
    "step_states",
    "upstream_sections",
    "waiting_steps",
]

State = Literal["done", "stale", "open", "empty"]


@dataclass(frozen=True)
class Step:
    """
    One page of the workbook. ``key`` is the notebook's name without its ending.

    ``minutes`` is how long a team of people who know their market takes, ``why`` what the step is for, in a sentence;
    ``asks`` are the upstream decisions that it stands on.
    """

    number: int
    key: str
    title: str
    question: str
    side: Literal["upstream", "downstream"]
    sections: tuple[str, ...]
    minutes: int = 0
    why: str = ""
    asks: tuple[Upstream, ...] = ()

    @property
    def built(self) -> bool:
        """Whether this version has the step's notebook."""
        return (shipped("notebooks") / f"{self.key}.ipynb").is_file()


RIVER = (
    Step(
        0,
        "00_charter",
        N_("Charter"),
        N_("What are we setting out to do?"),
        "upstream",
        ("charter",),
        30,
        N_("A goal with a date and a figure lets you say later whether the plan worked."),
    ),
    Step(
        1,
        "01_personas",
        N_("Segments and personas"),
        N_("Whom do we serve?"),
        "upstream",
        ("attractiveness", "segments", "personas", "stages", "touchpoints"),
        40,
        N_("Problem, price, promise and channels all depend on whom you serve, and on whom you do not."),
    ),
    Step(
        2,
        "02_market_research",
        N_("Market research"),
        N_("Which problem is worth solving?"),
        "upstream",
        ("needs", "trends", "markets", "themes", "usage", "loyalty"),
        30,
        N_("A need counts when it is important and badly met. Asking customers is cheaper than guessing."),
    ),
    Step(
        3,
        "03_competitors",
        N_("Competitors and gaps"),
        N_("Where is nobody serving them well?"),
        "upstream",
        ("factors", "rivals", "standing", "sizes", "actions"),
        40,
        N_("What every rival does well wins nobody over. A gap that buyers care about does."),
    ),
    Step(
        4,
        "04_positioning",
        N_("Positioning"),
        N_("Why should they choose us?"),
        "upstream",
        ("alternatives", "attributes", "advantages", "relievers", "positioning", "brand", "message_house"),
        45,
        N_("Every message follows from one choice: for whom, instead of what, with which advantage."),
    ),
    Step(
        5,
        "05_offer_price",
        N_("Offer and price"),
        N_("What do we offer, and at what price?"),
        "upstream",
        ("offers", "packages", "trials"),
        45,
        N_("The price says what a customer is worth, and so what may be spent on winning one."),
    ),
    Step(
        6,
        "06_roadmap",
        N_("Roadmap"),
        N_("What comes first, and when?"),
        "upstream",
        ("innovation", "ideas", "releases"),
        30,
        N_("A campaign for something that is not ready costs trust. Dates upstream set dates downstream."),
    ),
    Step(
        7,
        "07_balance",
        N_("Balance"),
        N_("How much upstream, how much downstream?"),
        "upstream",
        ("balance",),
        30,
        N_("Selling now and being wanted later compete for the same money. Decide the split, with reasons."),
        ("segment", "problem", "solution"),
    ),
    Step(
        8,
        "08_channels",
        N_("Channel selection"),
        N_("Where should the next euro go?"),
        "downstream",
        ("criteria", "channels", "curves", "groups", "budget"),
        45,
        N_("A channel can fit perfectly and be exhausted. The split goes by what the next euro brings."),
        ("segment", "problem", "price", "advantage"),
    ),
    Step(
        9,
        "09_campaigns",
        N_("Campaigns and launch"),
        N_("What do we say, to whom, and when?"),
        "downstream",
        ("assets", "audiences", "accounts", "campaigns", "messages", "creatives", "notices"),
        60,
        N_("A campaign is one segment, one challenge, one advantage. What does not fit them is cut here."),
        DECISIONS,
    ),
    Step(
        10,
        "10_handover",
        N_("Hand-over to sales"),
        N_("What do marketing and sales owe each other?"),
        "downstream",
        ("handover", "sources"),
        30,
        N_("Leads that nobody calls back are money lost. Two figures and a rule settle who does what."),
        ("segment", "solution", "price", "date"),
    ),
    Step(
        11,
        "11_tests",
        N_("Tests"),
        N_("What do we try out before we believe it?"),
        "downstream",
        ("experiments", "referrals"),
        30,
        N_("A small test with a size worked out beforehand turns an assumption into a figure."),
        ("segment", "problem", "advantage"),
    ),
    Step(
        12,
        "12_measure",
        N_("Measure and learn"),
        N_("Are we on course, and what do we change?"),
        "downstream",
        ("indicators", "decisions", "closing"),
        30,
        N_("What happened corrects what was assumed, and sends the plan back upstream with better figures."),
        DECISIONS,
    ),
)
"""All thirteen steps, from the source to the mouth, whether or not this version has their notebooks."""

STEPS = tuple(step for step in RIVER if step.built)
"""The steps that can be opened."""

REPORT = Step(99, "report", N_("Report"), N_("What did we decide, and why?"), "downstream", ())
DASHBOARD = Step(98, "dashboard", N_("Dashboard"), N_("Are we on course?"), "downstream", ())
WORKSHOP = Step(97, "workshop", N_("Workshop"), N_("What did the group decide?"), "upstream", ())
PAGES = (*STEPS, DASHBOARD, REPORT, WORKSHOP)
"""Every notebook that can be opened; the steps first."""


def step(key: str) -> Step:
    """Return the page called ``key``. Raises ParameterError, with the nearest names, when there is none."""
    for page in PAGES:
        if page.key == key:
            return page
    raise ParameterError(
        N_("there is no step “{found}”. The nearest are: {near}."), found=key, near=nearest(key, [p.key for p in PAGES])
    )


def points_in(plan: Plan, page: Step) -> list[Point]:
    """Return what is still missing or wrong in the sections of ``page``."""
    return [point for point in check(plan) if point.path.split("/")[1] in page.sections]


def open_points(plan: Plan, page: Step) -> list[str]:
    """Return what is still missing or wrong in the sections of ``page``, as sentences."""
    return [point.sentence for point in points_in(plan, page)]


def missing_upstream(plan: Plan, page: Step, segment: str = "") -> list[Decision]:
    """Return the upstream decisions that ``page`` stands on and the plan, or ``segment`` (an id) in it, still lacks."""
    found = upstream_decisions(plan, segment)
    return [found[kind] for kind in page.asks if found[kind].missing]


def deciding_step(kind: Upstream) -> Step:
    """Return the step in which a decision that others stand on is made."""
    section = PLACES[kind].split("/")[1]
    return next(page for page in RIVER if section in page.sections)


def waiting_steps(kind: Upstream) -> tuple[Step, ...]:
    """Return the steps that stand on a decision."""
    return tuple(page for page in RIVER if kind in page.asks)


def upstream_sections() -> set[str]:
    """Return the names of the plan's sections before those of the first downstream step: steps' own, studies, findings."""
    first = next(page for page in RIVER if page.side == "downstream").sections[0]
    names = [shape.name for shape in shapes(Plan)]
    return set(names[: names.index(first)])


def section_of(plan: Plan, node: str) -> str:
    """Return the section that ``node`` (see ``plan.links``) belongs to: that of the item, or the node itself."""
    return plan.path(node).split("/")[1] if plan.item(node) else node


def _filled_by_stale(plan: Plan, stale: set[str]) -> set[str]:
    """Return the nodes with a figure that was worked out from what has changed since."""
    return {node_of(path) for one in plan.findings if one.basis and one.id in stale for path in one.fills}


def step_states(plan: Plan, stale: Iterable[str] = ()) -> dict[str, State]:
    """
    Return, by key, how far each step is: empty, open (something is missing), stale or done.

    ``stale`` are the nodes (see ``plan.links``) that stand on something which has changed since they were confirmed.
    """
    wanting = {point.path.split("/")[1] for point in check(plan)}
    nodes = {*stale, *_filled_by_stale(plan, set(stale))}
    shaken, untouched = {section_of(plan, node) for node in nodes}, Plan()
    states: dict[str, State] = {}
    for page in STEPS:
        sections = set(page.sections)
        if all(getattr(plan, section) == getattr(untouched, section) for section in sections):
            states[page.key] = "empty"
        else:
            states[page.key] = "stale" if shaken & sections else "open" if wanting & sections else "done"
    return states
