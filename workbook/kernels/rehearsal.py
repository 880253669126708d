"""One step worked through on the sample plan, so that a copy of this process has loaded and prepared what a page needs.

Much is imported, compiled or read when first used: the store's statements, the catalogues, the schema that charts are
checked against. What is done here once, before the fork, each kernel has, and shares the memory of.
"""

import shutil
import tempfile
from pathlib import Path

__all__ = ["PARTS", "rehearse"]

SECTIONS = ("criteria", "budget")

PARTS = {
    "page": ("screening", "response_curves", "plan_progress"),
    "answers": ("criteria_weights", "observed_curves", "outcome_ranges", "scenario_splits"),
}
"""Exhibits of step 8: what every page needs, and those that answer from tables or draw many times."""


def rehearse(part: str) -> None:
    """Draw the forms and a part of the exhibits of step 8 in every language, from a workspace that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="workbook-rehearsal-"))
    try:
        _work_through(folder, PARTS[part])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _work_through(folder: Path, names: tuple[str, ...]) -> None:
    from workbook import exhibits
    from workbook.exhibits.view import card_css, drawing_js, exhibit_words
    from workbook.forms.cards import form_content
    from workbook.forms.live import LivePlan
    from workbook.forms.view import page_css
    from workbook.language import LANGUAGES, speaking
    from workbook.plan.workspace import Workspace
    from workbook.shipped import shipped

    workspace = Workspace.create(folder)
    plan = workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    live = LivePlan(workspace, plan)
    for language in LANGUAGES:
        with speaking(language):
            case = exhibits.Case(live.plan, workspace, "", plan)
            for section in SECTIONS:
                form_content(live.plan, section, live.form, live.around)
            for name in names:
                getattr(exhibits, name)(case).payload  # noqa: B018
            exhibit_words()
    drawing_js(), card_css(), page_css()
    workspace.log.close()
