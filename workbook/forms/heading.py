"""What stands at the head of a page: which plan and scenario, whether it is saved, the languages, the river of steps.

The header's widget (``header.js``) shows it; so does the picture of the page that is kept for the next visitor.
"""

from dataclasses import replace
from typing import Any

from workbook import steps
from workbook.forms.guide import SAMPLES, guide_content
from workbook.forms.live import LivePlan
from workbook.language import LANGUAGES, N_, _
from workbook.pages import TO_HOME, PageParameters
from workbook.plan.model import Plan
from workbook.plan.scenarios import scenarios

__all__ = ["Heading"]

RIVER = {"done": "done", "stale": "stale", "open": "begun", "empty": "open"}
"""How the river of steps shows how far a step is."""


class Heading:
    """The head of ``page``, opened with ``parameters`` on the plan that ``live`` holds; ``plans`` are all there are."""

    def __init__(self, page: steps.Step, parameters: PageParameters, live: LivePlan, plans: frozenset[str]) -> None:
        self.page, self.parameters, self.live, self._plans = page, parameters, live, plans

    def content(self) -> dict[str, Any]:
        """Return the content of the header's widget, for the plan as it is now."""
        plan, given = self.live.plan, self.parameters
        choices = scenarios(self.live.history)
        here = choices.get(given.scenario, given.scenario) or _(N_("base"))
        return {
            "plan": plan.charter.title or given.plan,
            "home": TO_HOME + PageParameters(language=given.language, plan="").link(),
            "scenario": _(N_("Scenario: {name}"), name=here) if choices else "",
            "scenarios": [
                {"label": label, "href": self._address(scenario=id), "current": id == given.scenario}
                for id, label in {"": _(N_("base")), **choices}.items()
            ],
            "status": self._status(),
            "banner": self._banner(),
            "languages": [
                {
                    "code": code,
                    "label": code.upper(),
                    "title": name,
                    "href": self._address(language=code),
                    "current": code == given.language,
                }
                for code, name in LANGUAGES.items()
            ],
            "print": _(N_("Print")),
            "steps": self._river(plan),
            "guide": guide_content(
                self.page, plan, example=self._example_address(), link=given.link(), segment=given.segment
            ),
        }

    def failed(self, sentence: str) -> dict[str, Any]:
        """Return the content of the header that says in ``sentence`` why something is not saved."""
        return self.content() | {"banner": sentence, "status": {"state": "unsaved", "text": _(N_("Not saved"))}}

    def _status(self) -> dict[str, Any]:
        if self.live.workspace.log.read_only:
            return {"state": "readonly", "text": _(N_("Read only, r{revision}"), revision=self.live.revision)}
        saved = {"state": "saved", "text": _(N_("Saved r{revision}"), revision=self.live.revision)}
        history = self.live.history
        return saved | ({"at": int(history[-1].time.timestamp() * 1000)} if history else {})

    def _banner(self) -> str:
        if not self.live.workspace.kept:
            return _(
                N_(
                    "You are looking at the sample plan. Nothing you enter is kept: "
                    "make a workspace with “workbook new” first."
                )
            )
        if self.live.workspace.log.read_only:
            return _(N_("These pages can only be read. Whoever owns the workspace can change what they show."))
        return ""

    def _river(self, plan: Plan) -> list[dict[str, Any]]:
        states = steps.step_states(plan, {one.node for one in self.live.stale})
        return [
            {
                "number": page.number,
                "title": _(page.title),
                "side": page.side,
                "state": "current" if page is self.page else RIVER[states[page.key]] if page.built else "absent",
                "href": f"{page.key}.ipynb{self.parameters.link()}" if page.built else "",
            }
            for page in steps.RIVER
        ]

    def _address(self, **other: Any) -> str:
        """Return the address of this page with ``other`` parameters."""
        return f"{self.page.key}.ipynb{replace(self.parameters, **other).link()}"

    def _example_address(self) -> str:
        """Return where the sample plan shows this step, or nothing where it is this plan or not in the workspace."""
        sample = SAMPLES.get(self.parameters.language, PageParameters.plan)
        if sample == self.parameters.plan or sample not in self._plans:
            return ""
        return self._address(plan=sample, scenario="", segment="")
