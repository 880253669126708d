"""What if budget or price were another, or a scenario came true? Sliders over the plan that compute and store nothing.

A price moves what a customer is worth, and through that the split. Where customers were asked about prices, the share who
take an offer on top moves along their answers; else it stays, and the slider says so.

The content is that of any other form (see ``FormView``); what is chosen lives as long as the page, so that readers who
may not write can try things out as well.
"""

import math
from dataclasses import dataclass
from typing import Any

from workbook.errors import WorkbookError
from workbook.exhibits import Case
from workbook.forms.live import LivePlan
from workbook.language import N_, _, money, percent
from workbook.plan.model import Offer, Plan, PriceModel, tree
from workbook.plan.revisions import BASE
from workbook.plan.scenarios import scenarios

__all__ = ["WhatIf"]

NAME = "what-if"

AROUND = (0.4, 1.6)
"""A slider goes from and to so many times the figure as decided."""

STOPS = 60
"""How many steps of the slider there are, about."""

PRICES = 3
"""Offers whose price can be tried out: a page of sliders is no answer in half a minute."""


@dataclass(frozen=True)
class _Span:
    """Where a slider goes: from ``low`` to ``high`` in steps of ``step``, and ``decided``, on which it stands at first."""

    decided: float
    low: float
    high: float
    step: float

    def within(self, least: float, most: float) -> "_Span":
        """The same slider, with ends on its steps between ``least`` and ``most``."""
        below, above = (self.decided - max(self.low, least)), (min(self.high, most) - self.decided)
        low = self.decided - self.step * math.floor(below / self.step + 1e-9)
        high = self.decided + self.step * math.floor(above / self.step + 1e-9)
        return _Span(self.decided, low, high, self.step)


@dataclass(frozen=True)
class _Demand:
    """Share who would buy, by the prices that were asked, the lowest first."""

    prices: tuple[float, ...]
    shares: tuple[float, ...]

    def share(self, price: float) -> float:
        """The share at ``price``, on a straight line between two prices that were asked."""
        import numpy as np

        return float(np.interp(price, self.prices, self.shares))


class WhatIf:
    """What a reader tries out on a live plan: ``plan`` is the plan as it would be then."""

    def __init__(self, live: LivePlan) -> None:
        self.live = live
        self._chosen: dict[str, float] = {}
        self._scenario = live.scenario
        self._seen: tuple[tuple[int, str], Plan] | None = None

    @property
    def tried(self) -> bool:
        """Whether anything is other than decided."""
        return bool(self._chosen) or self._scenario != self.live.scenario

    @property
    def plan(self) -> Plan:
        """The plan in the scenario chosen, with the budget and the prices chosen."""
        plan = self._in_scenario()
        total = self._chosen.get("total")
        prices = {id: price for id in self._priced() if (price := self._chosen.get(f"price-{id}")) is not None}
        if total in (None, plan.budget.total) and not prices:
            return plan
        data = tree(plan)
        if total is not None:
            data.setdefault("budget", {})["total"] = total
            if plan.budget.reserve > total:
                data["budget"]["reserve"] = total
        for id, price in prices.items():
            data["offers"][id] |= {"price": price, "uptake": self._uptake(id, price)}
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
            self._chosen = {name: value for name, value in self._chosen.items() if name == "total"}
            return True
        name = path.removeprefix(f"/{NAME}/")
        span = self._spans().get(name) if path.startswith(f"/{NAME}/") else None
        if span is None:
            return False
        try:
            value = float(chosen)
        except ValueError:
            return False
        if not math.isfinite(value):
            return False
        value = min(max(value, span.low), span.high)
        self._chosen[name] = value
        if abs(value - span.decided) < span.step / 2:
            del self._chosen[name]
        return True

    def reset(self) -> None:
        """Go back to the plan as decided."""
        self._chosen, self._scenario = {}, self.live.scenario

    def content(self) -> dict[str, Any]:
        """Return what the browser draws."""
        fields = [self._slider(name, span) for name, span in self._spans().items()]
        fields += [choice for choice in (self._choice(),) if choice is not None]
        actions = [{"action": "reset", "label": _(N_("Back to the plan"))}] if self.tried else []
        told = (
            _(N_("This is tried out, and not decided. Nothing of it is stored."))
            if self.tried
            else _(
                N_("Try another budget, price or scenario: what follows is worked out again. Nothing of it is stored.")
            )
        )
        if not fields:
            told = _(N_("There is nothing to try out yet. Set a budget in step 8, and it can be moved here."))
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

    def _spans(self) -> dict[str, _Span]:
        """Return where each slider goes, by its name; none for a budget that nobody set."""
        total = self.live.plan.budget.total
        found = {"total": _around(total)} if total else {}
        for id, offer in self._priced().items():
            demand, span = self._demand(id), _around(offer.price or 0.0)
            if demand is not None:
                # Beyond the prices that were asked nobody knows who would buy.
                span = span.within(demand.prices[0], demand.prices[-1])
            found[f"price-{id}"] = span
        return found

    def _priced(self) -> dict[str, Offer]:
        """Return the offers, by id, whose price moves what a customer is worth: those paid on top, with who takes them."""
        able = [
            offer
            for offer in self._in_scenario().offers
            if offer.model is PriceModel.ADD_ON and offer.price and offer.uptake is not None
        ]
        return {offer.id: offer for offer in able[:PRICES]}

    def _demand(self, id: str) -> _Demand | None:
        """Return who would buy at which price, where the answers are about this offer and reach over its price."""
        plan = self._in_scenario()
        asked = {
            path.split("/")[2]
            for one in plan.findings
            if one.analysis == "gabor-granger"
            for path in one.fills
            if path.startswith("/offers/")
        }
        if asked != {id} and (asked or len(self._priced()) > 1):
            return None
        try:
            answer = Case(plan, self.live.workspace).answer("gabor-granger")
        except WorkbookError:
            return None
        if answer is None or answer.rows is None:
            return None
        rows = answer.rows.sort_values("price")
        demand = _Demand(tuple(map(float, rows["price"])), tuple(map(float, rows["share"])))
        price = self._priced()[id].price or 0.0
        return demand if demand.prices[0] <= price <= demand.prices[-1] and demand.share(price) > 0 else None

    def _uptake(self, id: str, price: float) -> float:
        """Return the share who would take an offer at ``price``: that of the plan, moved as far as the answers move."""
        offer, demand = self._priced()[id], self._demand(id)
        uptake = offer.uptake or 0.0
        if demand is None:
            return uptake
        return min(1.0, uptake * demand.share(price) / demand.share(offer.price or 0.0))

    def _slider(self, name: str, span: _Span) -> dict[str, Any]:
        value = self._chosen.get(name, span.decided)
        currency = self.live.plan.charter.currency.value
        low, high, decided, shown = (
            money(one, currency, 0 if one == int(one) else 2) for one in (span.low, span.high, span.decided, value)
        )
        label, more = _(N_("Budget")), ""
        if name != "total":
            id = name.removeprefix("price-")
            label = _(N_("Price of “{offer}”"), offer=self._priced()[id].label)
            uptake = percent(self._uptake(id, value))
            more = (
                _(N_("The share who take it stays at {share}: no answers say otherwise."), share=uptake)
                if self._demand(id) is None
                else _(N_("By the answers on price {share} take it."), share=uptake)
            )
        return {
            "path": f"/{NAME}/{name}",
            "kind": "slider",
            "label": label,
            "text": f"{value:.10g}",
            "shown": shown,
            "low": span.low,
            "high": span.high,
            "step": span.step,
            "help": " ".join(
                part
                for part in (
                    _(N_("From {low} to {high}; decided is {decided}."), low=low, high=high, decided=decided),
                    more,
                )
                if part
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


def _around(decided: float) -> _Span:
    """Return a slider around a figure: with ends on steps counted from it, so that the slider can stand on it."""
    raw = (AROUND[1] - AROUND[0]) * decided / STOPS
    size = 10.0 ** math.floor(math.log10(raw))
    step = size * min(times for times in (1, 2, 5, 10) if times * size >= raw * (1 - 1e-9))
    low, high = (decided + step * round((end - 1) * decided / step) for end in AROUND)
    return _Span(decided, low, high, step)
