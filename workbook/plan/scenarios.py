"""Scenarios: named branches of a plan that inherit what they do not change.

A scenario is its own revisions on top of the plan's. It is opened by a revision of the plan that names it; adopting it
writes what it changed into the plan as one operation. Where the plan itself was changed in the same place since, adopting
asks first: ``clashes`` names those places.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workbook.errors import ParameterError, PlanError
from workbook.language import N_
from workbook.plan.ids import require_id
from workbook.plan.model import Plan
from workbook.plan.revisions import BASE, Edit, Revision, folded, seen_in, value_at, whole_plan

__all__ = [
    "Clash",
    "adoption",
    "clashes",
    "opening",
    "require_scenario",
    "scenario_plan",
    "scenarios",
]

_REGISTER = "~scenarios"


@dataclass(frozen=True)
class Clash:
    """A path that both the scenario and, after it, the plan itself have changed; the values as JSON data."""

    path: str
    scenario: Any
    plan: Any


def scenarios(history: Iterable[Revision]) -> dict[str, str]:
    """Return the titles of the scenarios by id, in the order they were opened."""
    registered = (revision for revision in history if revision.path.startswith(f"/{_REGISTER}"))
    register = folded(seen_in(BASE, registered)).get(_REGISTER, {})
    return {id: str(entry.get("title", id)) for id, entry in register.items()}


def opening(id: str, title: str, history: Iterable[Revision]) -> Edit:
    """
    Return the edit of the plan that opens the scenario ``id``.

    Raises ParameterError when the id is taken, or is no slug.
    """
    require_id(id)
    if id in scenarios(history):
        raise ParameterError(N_("there is a scenario “{found}” already. Choose another id."), found=id)
    return Edit(f"/{_REGISTER}/{id}", {"title": title or id})


def require_scenario(id: str, history: Iterable[Revision], plan_id: str) -> None:
    """Raise ParameterError, with the nearest names, unless ``id`` is the plan itself or one of its scenarios."""
    known = scenarios(history)
    if id == BASE or id in known:
        return
    if not known:
        raise ParameterError(
            N_("plan “{plan}” has no scenario “{found}”, and no other: open one with `workbook scenario open`."),
            plan=plan_id,
            found=id,
        )
    raise ParameterError(
        N_("plan “{plan}” has no scenario “{found}”. There are: {near}."), plan=plan_id, found=id, near=", ".join(known)
    )


def clashes(history: Iterable[Revision], scenario: str) -> list[Clash]:
    """Return where adopting ``scenario`` would replace a change the plan has had since."""
    history = list(history)
    ours = {r.path: r for r in history if r.scenario == scenario}
    now, then = folded(seen_in(BASE, history)), folded(seen_in(scenario, history))
    later = [
        path
        for path, last in ours.items()
        if any(r.scenario == BASE and r.sequence > last.base and _touches(r.path, path) for r in history)
    ]
    return [
        Clash(path, value_at(then, path), value_at(now, path))
        for path in later
        if not path.startswith("/confirmed") and value_at(then, path) != value_at(now, path)
    ]


def adoption(history: Iterable[Revision], scenario: str, *, over: Iterable[str] = ()) -> list[Edit]:
    """
    Return the edits by which the plan takes over what ``scenario`` changed.

    ``over`` names the clashing paths at which the scenario shall win. Raises PlanError, naming them, while a clash has
    no answer: nothing of the plan is replaced unasked.
    """
    history = list(history)
    answered = set(over)
    open_clashes = [clash for clash in clashes(history, scenario) if clash.path not in answered]
    if open_clashes:
        raise PlanError(
            N_("the plan has been changed too, at {paths}. Say for each whether the scenario shall win."),
            paths=", ".join(clash.path for clash in open_clashes),
        )
    data = folded(seen_in(scenario, history))
    paths = dict.fromkeys(r.path for r in history if r.scenario == scenario)
    # A path inside one that is set whole comes along with it.
    outer = [path for path in paths if not any(path.startswith(f"{other}/") for other in paths)]
    return [Edit(path, value_at(data, path)) for path in outer]


def scenario_plan(history: Iterable[Revision], scenario: str) -> Plan:
    """Return the plan as ``scenario`` has it."""
    return whole_plan(folded(seen_in(scenario, history)))


def _touches(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")
