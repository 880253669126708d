"""What does somebody working alone want to know? Why this step, how long it takes, what is missing, how it could look.

The example is a sample plan that comes with the package, in the reader's language. Copied, it fills what is still empty
and overwrites nothing; what it refers to and the plan does not have is left out.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from workbook.exhibits.decided import sentence_case
from workbook.language import N_, _, current, listed, plural
from workbook.plan.checks import references
from workbook.plan.files import read_plan
from workbook.plan.model import FieldShape, Part, Plan, shapes, tree
from workbook.plan.readiness import Decision
from workbook.plan.revisions import Edit, as_edits, value_at
from workbook.plan.wording import called, in_words
from workbook.shipped import shipped
from workbook.steps import Step, deciding_step, missing_upstream, points_in

__all__ = ["SAMPLES", "empty_sections", "example_edits", "example_of", "guide_content", "guide_words", "sample_for"]

SAMPLES = {"en": "adaptive-test", "it": "forno-aurora"}
"""The sample plan that serves as an example to readers of a language."""

MOST = 3
"""Points shown; the others follow when these are settled."""

NAMED = 3
"""Things of the sample that are named where a section is empty."""

FRAME = ("title", "currency", "language")
"""Fields of a section that are set when the plan is made: they do not make it filled in."""


def guide_words(page: Step) -> dict[str, str]:
    """Return what is known of a step without its plan: its ``label``, the ``time`` it takes, and ``why``."""
    return {
        "label": _(N_("About this step")),
        "time": _(N_("About {minutes} minutes; stop at any time, everything is saved."), minutes=page.minutes),
        "why": _(page.why),
    }


def guide_content(
    page: Step, plan: Plan, *, example: str = "", link: str = "", segment: str = ""
) -> dict[str, Any] | None:
    """
    Return what stands beside the headline of ``page``, as the browser takes it; None for a page without sections.

    ``waits`` says which upstream decisions the step stands on and does not have, each with the way to the step that
    decides it (``link`` is the query of the pages' addresses, ``segment`` the one asked for).
    ``count`` and ``points`` (``[{"text", "section", "path"}]``) say what is missing, ``more`` how many are not shown,
    ``copy`` is the label of the button that copies the example ("" where nothing is empty), and ``example`` a link to
    the sample's page, whose address is given.
    """
    if not page.sections:
        return None
    points = points_in(plan, page)
    shown = list({point.sentence: point for point in points}.values())[:MOST]
    left = len(points) - len(shown)
    copy = any(_in_sample(section) for section in empty_sections(plan, page.sections))
    return guide_words(page) | {
        "waits": _waits(page, plan, link, segment),
        "count": plural("{count} point is still open:", "{count} points are still open:", len(points))
        if points
        else _(N_("Nothing is missing here.")),
        "points": [
            {
                "text": sentence_case(point.sentence),
                "section": point.path.split("/")[1],
                "path": point.path,
            }
            for point in shown
        ],
        "more": plural("and {count} more point", "and {count} more points", left) if left else "",
        "copy": _(N_("Copy the example")) if copy else "",
        "example": {"text": _(N_("See how the sample plan does it")), "href": example} if example else None,
    }


def _waits(page: Step, plan: Plan, link: str, segment: str) -> dict[str, Any] | None:
    """Return the heading over the upstream decisions that are missing, and each with where it is made."""
    found = missing_upstream(plan, page, segment)
    if not found:
        return None
    count = plural("Upstream, {count} decision is missing:", "Upstream, {count} decisions are missing:", len(found))
    return {"text": count, "points": [_wait(decision, link) for decision in found]}


def _wait(decision: Decision, link: str) -> dict[str, str]:
    where = deciding_step(decision.kind)
    return {
        "text": sentence_case(decision.missing.sentence if decision.missing else ""),
        "link": _(N_("Step {number}: {title}"), number=str(where.number), title=_(where.title)),
        "href": f"{where.key}.ipynb{link}" if where.built else "",
    }


def empty_sections(plan: Plan, sections: Iterable[str]) -> list[str]:
    """Return those of ``sections`` in which nobody has entered anything yet."""
    untouched = Plan()
    return [name for name in sections if _is_bare(getattr(plan, name), getattr(untouched, name))]


def example_edits(plan: Plan, sections: Iterable[str]) -> list[Edit]:
    """Return the edits that fill the empty ones of ``sections`` from the sample plan, which stand on what is there."""
    wanted = empty_sections(plan, sections)
    data = {name: value for name, value in tree(sample_for(current())).items() if name in wanted}
    for section, held in data.items():
        before = getattr(plan, section)
        if isinstance(before, Part):
            held |= {name: value for name, value in tree(before).items() if name in FRAME}
        else:
            for id in plan.ids & set(held):
                del held[id]
    example = Plan.model_validate(data)
    filled = as_edits(Plan.model_validate(_standing_on(example, plan.ids | example.ids)))
    return [edit for edit in filled if edit.path.split("/")[1] in wanted]


def example_of(plan: Plan, section: str) -> str:
    """Return what the sample plan has in ``section`` where ``plan`` has nothing, in a few words; nothing otherwise."""
    if not empty_sections(plan, (section,)) or not _in_sample(section):
        return ""
    sample = sample_for(current())
    held = getattr(sample, section)
    if isinstance(held, Part):
        facts = [
            _fact(shape, getattr(held, shape.name), sample) for shape in shapes(type(held)) if shape.name not in FRAME
        ]
        return listed([fact for fact in facts if fact][:NAMED])
    names = [f"“{called(item, sample)}”" for item in held]
    rest = len(names) - NAMED
    return listed([*names[:NAMED], plural("{count} more", "{count} more", rest)] if rest > 0 else names)


def _fact(shape: FieldShape, value: Any, plan: Plan) -> str:
    words = in_words(shape, value, plan) if shape.kind not in ("text", "lines", "items", "value") else ""
    return f"{_(shape.title)}: {words}" if words else ""


@cache
def sample_for(language: str) -> Plan:
    """Return the sample plan for readers of ``language``."""
    return read_plan(shipped("data") / "samples" / f"{SAMPLES.get(language, SAMPLES['en'])}.yaml")[1]


def _in_sample(section: str) -> bool:
    return not empty_sections(sample_for(current()), (section,))


def _is_bare(held: Any, untouched: Any) -> bool:
    """Whether a section is as it was made, and there is something to fill in: weights that are all set are no gap."""
    if not isinstance(held, Part):
        return not held
    names = [shape.name for shape in shapes(type(held)) if shape.name not in FRAME]
    values = [getattr(held, name) for name in names]
    return values == [getattr(untouched, name) for name in names] and not all(values)


def _standing_on(example: Plan, known: Iterable[str]) -> dict[str, Any]:
    """Return the example's data without references to anything but ``known``."""
    data, known = tree(example), set(known)
    for path, lost in _lost(example, known):
        parent, _sep, name = path.rpartition("/")
        inside, held = value_at(data, parent), value_at(data, path)
        if isinstance(held, str):
            del inside[name]
        elif isinstance(held, dict):
            held.pop(lost, None)
        elif isinstance(held, list) and lost in held:
            held.remove(lost)
    return data


def _lost(example: Plan, known: set[str]) -> Iterator[tuple[str, str]]:
    yield from ((path, id) for path, _class, id in references(example) if id not in known)
