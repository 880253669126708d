"""Where does somebody begin who opens the workbook? The plans, what each needs next, what is stale, who changed what when.

What a plan's card says is worked out once for a revision and a day; of many plans, those changed last are shown whole and
the others as one line each, so that the page is there at once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from workbook.exhibits.overview.changes import ago
from workbook.language import N_, listed, plural, translated
from workbook.plan.model import Plan
from workbook.plan.staleness import stale_in
from workbook.plan.wording import node_called
from workbook.plan.workspace import Workspace
from workbook.steps import DASHBOARD, REPORT, RIVER, State, Step, points_in, step_states

__all__ = ["WHOLE", "PlanCard", "StepLink", "address", "plan_cards", "query"]

WHOLE = 8
"""Plans shown with their steps; those after them are a line each."""

NAMED = 3
"""Stale things that are named; the others are counted."""

WORDS: dict[State | str, str] = {
    "done": N_("done"),
    "stale": N_("look again"),
    "open": N_("begun"),
    "empty": N_("to do"),
    "absent": N_("not in this version"),
}


@dataclass(frozen=True)
class StepLink:
    """A step as the list of plans shows it: ``state`` decides its look, ``words`` say it; without ``href`` no link."""

    number: int
    title: str
    side: str
    state: str
    words: str
    href: str


@dataclass(frozen=True)
class PlanCard:
    """A plan as the list shows it; one that is not ``whole`` has its title and its last change only."""

    id: str
    title: str
    changed: str
    whole: bool = False
    open: StepLink | None = None
    """The next best step, None when there is nothing left to do."""
    why: str = ""
    stale: str = ""
    progress: str = ""
    steps: tuple[StepLink, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    """Words and address of the dashboard and the report."""


def plan_cards(workspace: Workspace, language: str, *, now: datetime | None = None) -> list[PlanCard]:
    """Return the plans of ``workspace``, the one changed last first, worded in the language in use, ``language``."""
    now = now or datetime.now(UTC)
    latest = workspace.log.latest()
    titles = workspace.log.last_values("/charter/title") if len(latest) > WHOLE else {}
    cards = []
    for i, last in enumerate(latest):
        changed = translated("Last change {when}, by {who}", when=ago(last.time, now), who=last.author)
        if i < WHOLE:
            facts = _facts(workspace, last.plan, last.sequence, now.astimezone().date())
            cards.append(_card(facts, last.plan, changed, language))
        else:
            cards.append(PlanCard(last.plan, str(titles.get(last.plan) or last.plan), changed))
    return cards


@dataclass(frozen=True)
class _Facts:
    """What is worked out of a plan, without words."""

    plan: Plan
    states: dict[str, State]
    stale: tuple[str, ...]


@lru_cache(maxsize=4 * WHOLE)
def _facts(workspace: Workspace, plan_id: str, head: int, today: date) -> _Facts:
    plan, _head = workspace.log.plan(plan_id, until=head)
    stale = tuple(dict.fromkeys(one.node for one in stale_in(plan, today=today)))
    return _Facts(plan, step_states(plan, stale), stale)


def _card(facts: _Facts, plan_id: str, changed: str, language: str) -> PlanCard:
    links = {page.key: _link(page, facts, plan_id, language) for page in RIVER}
    following = next_step(facts.states)
    return PlanCard(
        plan_id,
        facts.plan.charter.title or plan_id,
        changed,
        whole=True,
        open=links[following.key] if following else None,
        why=_why(following, facts) if following else "",
        stale=_stale(facts),
        progress=plural("{count} step is done", "{count} steps are done", list(facts.states.values()).count("done")),
        steps=tuple(links.values()),
        others=tuple(
            (translated(page.title), address(page, plan=plan_id, language=language)) for page in (DASHBOARD, REPORT)
        ),
    )


def next_step(states: dict[str, State]) -> Step | None:
    """
    Return the step to do next: what stands on something that changed, first; then the first that is begun or to do.

    The order is that of the river, since what is decided upstream carries what comes after.
    """
    known = [page for page in RIVER if page.key in states]
    for wanted in (("stale",), ("open", "empty")):
        for page in known:
            if states[page.key] in wanted:
                return page
    return None


def _why(page: Step, facts: _Facts) -> str:
    """Return in a few words what there is to do in a step, and how long it takes."""
    minutes = translated("about {minutes} minutes", minutes=page.minutes)
    if facts.states[page.key] == "stale":
        return translated("Something it stands on has changed: confirm it or change it.")
    if facts.states[page.key] == "empty":
        return f"{translated(page.question)} {minutes[:1].upper()}{minutes[1:]}."
    points = len(points_in(facts.plan, page))
    return plural("{count} point is still open.", "{count} points are still open.", points)


def _stale(facts: _Facts) -> str:
    if not facts.stale:
        return ""
    names = listed([node_called(facts.plan, node) for node in facts.stale[:NAMED]])
    more = len(facts.stale) - NAMED
    counted = plural("{count} thing is stale", "{count} things are stale", len(facts.stale))
    return f"{counted}: {names}" + (" …" if more > 0 else "")


def _link(page: Step, facts: _Facts, plan_id: str, language: str) -> StepLink:
    state: str = facts.states.get(page.key, "absent")
    href = address(page, plan=plan_id, language=language) if page.built else ""
    return StepLink(page.number, translated(page.title), page.side, state, translated(WORDS[state]), href)


def address(page: Step, **asked: str) -> str:
    """Return the address of a page, seen from the list of plans, asking for a plan and a language."""
    return f"voila/render/{page.key}.ipynb{query(**asked)}"


def query(**asked: str) -> str:
    """Return the query of an address."""
    return "?" + urlencode(asked)
