"""What if the budget were another, or a scenario came true? Sliders over the plan that compute and store nothing.

The content is that of any other form (see ``FormView``); what is chosen lives as long as the page, so that readers who
may not write can try things out as well.
"""

import math
from typing import Any

from workbook.forms.live import LivePlan
from workbook.language import N_, _, money
from workbook.plan.model import Plan, tree
from workbook.plan.revisions import BASE
from workbook.plan.scenarios import scenarios

__all__ = ["WhatIf"]

NAME = "what-if"

AROUND = (0.4, 1.6)
"""The slider goes from and to so many times the budget as decided."""

STOPS = 60
"""How many steps of the slider there are, about."""


class WhatIf:
    """What a reader tries out on a live plan: ``plan`` is the plan as it would be then."""

    def __init__(self, live: LivePlan) -> None:
        self.live = live
        self._total: float | None = None
        self._scenario = live.scenario
        self._seen: tuple[tuple[int, str], Plan] | None = None

    @property
    def tried(self) -> bool:
        """Whether anything is other than decided."""
        return self._total is not None or self._scenario != self.live.scenario

    @property
    def plan(self) -> Plan:
        """The plan in the scenario chosen, with the budget chosen."""
        plan = self._in_scenario()
        if self._total is None or self._total == plan.budget.total:
            return plan
        data = tree(plan)
        data.setdefault("budget", {})["total"] = self._total
        if plan.budget.reserve > self._total:
            data["budget"]["reserve"] = self._total
        return Plan.model_validate(data)

    def _in_scenario(self) -> Plan:
        if self._scenario == self.live.scenario:
            return self.live.plan
        key = (self.live.workspace.log.head(self.live.plan_id), self._scenario)
        if self._seen is None or self._seen[0] != key:
            self._seen = (key, LivePlan(self.live.workspace, self.live.plan_id, self._scenario).plan)
        return self._seen[1]

    def edit(self, path: str, text: Any) -> bool:
        """Take what was chosen in the field at ``path``; return whether it could be."""
        chosen = text if isinstance(text, str) else ""
        if path == f"/{NAME}/scenario" and chosen in self._scenarios():
            self._scenario = chosen
            return True
        if path != f"/{NAME}/total" or self._range() is None:
            return False
        low, high, step = self._range() or (0.0, 0.0, 1.0)
        try:
            total = float(chosen)
        except ValueError:
            return False
        if not math.isfinite(total):
            return False
        self._total = min(max(total, low), high)
        if abs(self._total - (self.live.plan.budget.total or 0.0)) < step / 2:
            self._total = None
        return True

    def reset(self) -> None:
        """Go back to the plan as decided."""
        self._total, self._scenario = None, self.live.scenario

    def content(self) -> dict[str, Any]:
        """Return what the browser draws."""
        fields = [field for field in (self._slider(), self._choice()) if field is not None]
        actions = [{"action": "reset", "label": _(N_("Back to the plan"))}] if self.tried else []
        told = (
            _(N_("This is tried out, and not decided. Nothing of it is stored."))
            if self.tried
            else _(N_("Try another budget or scenario: what follows is worked out again. Nothing of it is stored."))
        )
        card = {
            "path": f"/{NAME}",
            "title": "",
            "intro": "",
            "summary": "",
            "open": True,
            "collapsible": False,
            "removable": False,
            "error_count": 0,
            "fields": fields,
            "notice": {"kind": "info", "text": told, "changes": [], "actions": actions},
        }
        return {
            "name": NAME,
            "title": _(N_("What if?")),
            "intro": "",
            "add": None,
            "empty": "",
            "cards": [card],
            "words": {"saving": _(N_("Calculating…"))},
        }

    def _range(self) -> tuple[float, float, float] | None:
        """Return least, most and step of the slider; None without a budget to start from."""
        total = self.live.plan.budget.total
        if not total:
            return None
        raw = (AROUND[1] - AROUND[0]) * total / STOPS
        size = 10.0 ** math.floor(math.log10(raw))
        step = size * min(times for times in (1, 2, 5, 10) if times * size >= raw * (1 - 1e-9))
        # Ends on steps counted from the budget itself, so that the slider can stand on it.
        low, high = (total + step * round((end - 1) * total / step) for end in AROUND)
        return low, high, step

    def _slider(self) -> dict[str, Any] | None:
        span = self._range()
        if span is None:
            return None
        low, high, step = span
        total = self._total if self._total is not None else self.live.plan.budget.total or 0.0
        currency = self.live.plan.charter.currency.value
        return {
            "path": f"/{NAME}/total",
            "kind": "slider",
            "label": _(N_("Budget")),
            "text": f"{total:.10g}",
            "shown": money(total, currency),
            "low": low,
            "high": high,
            "step": step,
            "help": _(
                N_("From {low} to {high}; decided is {decided}."),
                low=money(low, currency),
                high=money(high, currency),
                decided=money(self.live.plan.budget.total, currency),
            ),
        }

    def _choice(self) -> dict[str, Any] | None:
        known = self._scenarios()
        if len(known) < 2:
            return None
        choices = [{"value": id, "label": label} for id, label in known.items()]
        return {
            "path": f"/{NAME}/scenario",
            "kind": "choice",
            "label": _(N_("Scenario")),
            "text": self._scenario,
            "choices": choices,
            "help": _(N_("A version of the plan that changes a few things.")),
        }

    def _scenarios(self) -> dict[str, str]:
        """Return the plan itself and its scenarios, by id."""
        known = scenarios(self.live.workspace.log.revisions(self.live.plan_id))
        return {BASE: _(N_("base")), **known}
