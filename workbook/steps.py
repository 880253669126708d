"""The registry of steps: number, question, notebook, the sections of the plan it fills.

Navigation, progress, agenda and report order are read from here. A step is done when the plan has something in each of
its sections and ``plan.checks`` finds neither fault nor gap there.
"""

from dataclasses import dataclass
from typing import Literal

from workbook.errors import ParameterError, nearest
from workbook.language import N_
from workbook.plan.checks import check
from workbook.plan.model import Plan, shapes

__all__ = ["PAGES", "STEPS", "Step", "open_points", "step", "step_states"]

State = Literal["done", "open", "empty"]


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
PAGES = (*STEPS, REPORT)
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


def step_states(plan: Plan) -> dict[str, State]:
    """Return, by key, how far each step is: empty, open (something is missing) or done."""
    wanting = {point.path.split("/")[1] for point in check(plan)}
    collections = {s.name for s in shapes(Plan) if s.kind == "items"}
    states: dict[str, State] = {}
    for page in STEPS:
        begun = any(getattr(plan, section) for section in page.sections if section in collections)
        states[page.key] = "empty" if not begun else "open" if wanting & set(page.sections) else "done"
    return states
