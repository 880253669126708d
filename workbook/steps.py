"""The registry of steps: number, question, notebook, the sections of the plan it fills.

Navigation, progress, agenda and report order are read from here. A step is begun when the plan holds something in one of
its sections, and done when ``plan.checks`` then finds neither fault nor gap there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from workbook.errors import ParameterError, nearest
from workbook.language import N_
from workbook.plan.checks import check
from workbook.plan.model import Plan

__all__ = ["PAGES", "STEPS", "State", "Step", "open_points", "section_of", "step", "step_states"]

State = Literal["done", "stale", "open", "empty"]


@dataclass(frozen=True)
class Step:
    """One page of the workbook. ``key`` is the notebook's name without its ending."""

    number: int
    key: str
    title: str
    question: str
    side: Literal["upstream", "downstream"]
    sections: tuple[str, ...]


STEPS = (
    Step(0, "00_charter", N_("Charter"), N_("What are we setting out to do?"), "upstream", ("charter",)),
    Step(
        1,
        "01_personas",
        N_("Segments and personas"),
        N_("Whom do we serve?"),
        "upstream",
        ("attractiveness", "segments", "personas"),
    ),
    Step(2, "02_market_research", N_("Market research"), N_("Which problem is worth solving?"), "upstream", ("needs",)),
    Step(
        4,
        "04_positioning",
        N_("Positioning"),
        N_("Why should they choose us?"),
        "upstream",
        ("alternatives", "attributes", "advantages", "positioning"),
    ),
    Step(
        8,
        "08_channels",
        N_("Channel selection"),
        N_("Where should the next euro go?"),
        "downstream",
        ("criteria", "channels", "curves", "budget"),
    ),
)

REPORT = Step(99, "report", N_("Report"), N_("What did we decide, and why?"), "downstream", ())
DASHBOARD = Step(98, "dashboard", N_("Dashboard"), N_("Are we on course?"), "downstream", ())
PAGES = (*STEPS, DASHBOARD, REPORT)
"""Every notebook that can be opened; the steps first."""


def step(key: str) -> Step:
    """Return the page called ``key``. Raises ParameterError, with the nearest names, when there is none."""
    for page in PAGES:
        if page.key == key:
            return page
    raise ParameterError(
        N_("there is no step “{found}”. The nearest are: {near}."), found=key, near=nearest(key, [p.key for p in PAGES])
    )


def open_points(plan: Plan, page: Step) -> list[str]:
    """Return what is still missing or wrong in the sections of ``page``, as sentences."""
    return [point.sentence for point in check(plan) if point.path.split("/")[1] in page.sections]


def section_of(plan: Plan, node: str) -> str:
    """Return the section that ``node`` (see ``plan.links``) belongs to: that of the item, or the node itself."""
    return plan.path(node).split("/")[1] if plan.item(node) else node


def step_states(plan: Plan, stale: Iterable[str] = ()) -> dict[str, State]:
    """
    Return, by key, how far each step is: empty, open (something is missing), stale or done.

    ``stale`` are the nodes (see ``plan.links``) that stand on something which has changed since they were confirmed.
    """
    wanting = {point.path.split("/")[1] for point in check(plan)}
    shaken, untouched = {section_of(plan, node) for node in stale}, Plan()
    states: dict[str, State] = {}
    for page in STEPS:
        sections = set(page.sections)
        if all(getattr(plan, section) == getattr(untouched, section) for section in sections):
            states[page.key] = "empty"
        else:
            states[page.key] = "stale" if shaken & sections else "open" if wanting & sections else "done"
    return states
