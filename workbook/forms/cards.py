"""A section of the plan as cards with fields, made from the model: the content of a form.

The form has no rules of its own. Fields, titles, units, ranges and choices come from the model, faults and advice from
``plan.checks``; the browser shows them and posts back what was typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.forms.entries import example, shown
from workbook.forms.guide import example_of
from workbook.language import N_, _, current, number, percent, plural
from workbook.plan.adoption import filled_by
from workbook.plan.checks import check
from workbook.plan.comparison import Change
from workbook.plan.model import FieldShape, Grade, Item, Part, Plan, items_in, shapes
from workbook.plan.revisions import Conflict
from workbook.plan.wording import in_words, node_called

__all__ = ["Around", "FormState", "Unsettled", "form_content", "summary"]


@dataclass
class FormState:
    """What a form shows beyond the plan: texts that are not valid yet, and what is wrong with them, by path."""

    texts: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    opened: str = ""
    """Path of the card to open next, after it was added."""


@dataclass(frozen=True)
class Unsettled:
    """A change upstream that a node was not confirmed against: whose it is, and what it was and is."""

    upstream: str
    by: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Around:
    """What happens around a form: what is stale, by node; values to choose from, by path; what can be taken back."""

    unsettled: Mapping[str, tuple[Unsettled, ...]] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    can_undo: bool = False
    can_redo: bool = False


ALONE = Around()


def form_content(plan: Plan, section: str, state: FormState, around: Around = ALONE) -> dict[str, Any]:
    """Return the content of the form for ``section`` of ``plan``, as the browser takes it."""
    shape = next(s for s in shapes(Plan) if s.name == section)
    advice = _advice(plan)
    held = getattr(plan, section)
    content: dict[str, Any] = {
        "name": section,
        "title": _(shape.title),
        "intro": _(shape.help),
        "add": None,
        "empty": "",
        "history": {
            "undo": {"label": _(N_("Undo")), "enabled": around.can_undo},
            "redo": {"label": _(N_("Redo")), "enabled": around.can_redo},
        },
    }
    make = _CardMaker(plan, state, advice, around)
    if shape.kind == "items":
        content["cards"] = [
            make.item_card(item, f"/{section}/{item.id}", place=(i, len(held))) | {"notice": make.notice(item.id)}
            for i, item in enumerate(held)
        ]
        unsettled = [item.id for item in held if item.id in around.unsettled]
        content["notice"] = _bulk_notice(unsettled) or _example_notice(plan, section)
        content["add"] = {"path": f"/{section}", "label": _(shape.add)}
        content["empty"] = advice.get(f"/{section}", "")
        return content
    fields = make.fields(held, f"/{section}")
    content["cards"] = [
        {
            "path": f"/{section}",
            "title": _(shape.title),
            "summary": "",
            "open": True,
            "collapsible": False,
            "removable": False,
            "error_count": 0,
            "fields": fields,
            "notice": make.notice(section) or _example_notice(plan, section),
        }
    ]
    content["title"] = content["intro"] = ""
    content["cards"][0]["intro"] = _(shape.help)
    return content


def summary(item: Item, plan: Plan, *, title: str = "") -> str:
    """Return the few facts beside its ``title`` by which an item is recognised when its card is closed."""
    facts = [_fact(shape, getattr(item, shape.name), plan) for shape in shapes(type(item)) if shape.name != "name"]
    return " · ".join([fact for fact in facts if fact and fact != title][:3])


def _fact(shape: FieldShape, value: Any, plan: Plan) -> str:
    """Return a fact worth a few words on a closed card: figures with their title, choices without their explanation."""
    if shape.kind not in ("choice", "money", "rate", "number", "date", "month", "reference"):
        return ""
    words = in_words(shape, value, plan)
    if shape.kind in ("rate", "number"):
        return f"{_(shape.title)} {words}" if words else ""
    return words.split(":")[0] if shape.kind == "choice" else words


_advised: dict[str, tuple[Plan, dict[str, str]]] = {}
"""The last plan advised on, by language: the forms of a page all ask for the same advice at each key."""


def _advice(plan: Plan) -> dict[str, str]:
    known = _advised.get(current())
    if known is not None and known[0] is plan:
        return known[1]
    advice: dict[str, str] = {}
    for point in reversed(check(plan)):
        sentence = point.sentence
        advice[point.path] = sentence[:1].upper() + sentence[1:]
    _advised[current()] = (plan, advice)
    return advice


def _bulk_notice(nodes: list[str]) -> dict[str, Any] | None:
    if len(nodes) < 2:
        return None
    return {
        "kind": "stale",
        "text": plural(
            "{count} card stands on something that has changed.",
            "{count} cards stand on something that has changed.",
            len(nodes),
        ),
        "changes": [],
        "actions": [{"action": "confirm", "label": _(N_("All still right"))}],
    }


def _example_notice(plan: Plan, section: str) -> dict[str, Any] | None:
    """What the sample plan has where this one has nothing yet, with the way to copy it."""
    example = example_of(plan, section)
    if not example:
        return None
    return {
        "kind": "info",
        "text": _(N_("Nothing here yet. In the sample plan: {names}."), names=example),
        "changes": [],
        "actions": [{"action": "example", "label": _(N_("Copy the example"))}],
    }


_ADD = {shape.holds.__name__: shape.add for shape in shapes(Plan) if shape.kind == "items" and shape.holds is not None}
"""What the button says that adds an item of a class."""


class _CardMaker:
    """Makes cards and fields for one state of one plan."""

    def __init__(self, plan: Plan, state: FormState, advice: Mapping[str, str], around: Around) -> None:
        self.plan, self.state, self.advice, self.around = plan, state, advice, around
        self._filled = filled_by(plan)
        self._by_class: dict[str, list[Item]] = {}
        for _path, item in items_in(plan):
            self._by_class.setdefault(type(item).__name__, []).append(item)

    def notice(self, node: str) -> dict[str, Any] | None:
        """What has changed under a node, before and after, with the ways to settle it."""
        unsettled = self.around.unsettled.get(node)
        if not unsettled:
            return None
        text = plural(
            "Something this stands on has changed since it was confirmed.",
            "{count} things this stands on have changed since it was confirmed.",
            len(unsettled),
        )
        return {
            "kind": "stale",
            "text": text,
            "changes": [
                {
                    "label": f"{node_called(self.plan, one.upstream)}: {change.title}",
                    "before": change.before,
                    "after": change.after,
                }
                for one in unsettled
                for change in one.changes
            ],
            "actions": [
                {"action": "confirm", "label": _(N_("Still right"))},
                {
                    "action": "waive",
                    "label": _(N_("Waive…")),
                    "ask": [
                        {"name": "reason", "label": _(N_("Why it does not matter")), "kind": "line"},
                        {"name": "review", "label": _(N_("Look again on")), "kind": "date"},
                    ],
                },
            ],
        }

    def item_card(self, item: Item, path: str, *, place: tuple[int, int]) -> dict[str, Any]:
        fields, title = self.fields(item, path), self._title(item)
        return {
            "path": path,
            "title": title,
            "summary": summary(item, self.plan, title=title),
            "open": self.state.opened == path or not getattr(item, "name", "x"),
            "collapsible": True,
            "removable": True,
            "copyable": True,
            "movable": {"up": place[0] > 0, "down": place[0] < place[1] - 1},
            "error_count": sum(1 for known in self.state.errors if known.startswith(f"{path}/")),
            "fields": fields,
        }

    def fields(self, part: Part, path: str) -> list[dict[str, Any]]:
        return [
            made
            for shape in shapes(type(part))
            for made in self._field(shape, getattr(part, shape.name), f"{path}/{shape.name}")
        ]

    def _field(self, shape: FieldShape, value: Any, path: str) -> Iterator[dict[str, Any]]:
        if shape.kind == "items":
            yield self._nested_items(shape, value, path)
        elif shape.kind == "value":
            yield self.value_field(shape, value, path)
        elif shape.kind in ("scores", "shares"):
            if self._targets(shape):
                yield self._scores(shape, value, path)
        else:
            yield self._plain(shape, value, path)

    def value_field(self, shape: FieldShape, value: Part, path: str) -> dict[str, Any]:
        """A value object: its parts side by side, one value at one path."""
        fields = [
            self._plain(inner, getattr(value, inner.name), f"{path}/{inner.name}") for inner in shapes(type(value))
        ]
        if shape.unit:
            for made in fields:
                made["unit"] = made["unit"] or _(shape.unit)
        return self._frame(shape, path) | {
            "kind": "group",
            "fields": fields,
            "evidence": self._evidence(shape, value, path),
        }

    def _scores(self, shape: FieldShape, value: Mapping[str, Any], path: str) -> dict[str, Any]:
        """One number for each item of the section that the scores are about; shares also say what they come to."""
        fields = [
            self._plain(shape.each, value.get(target.id), f"{path}/{target.id}") | {"label": target.label}
            for target in self._targets(shape)
        ]
        made = self._frame(shape, path) | {"kind": "group", "fields": fields}
        if shape.kind == "shares" and value:
            whole = sum(value.values())
            made["sum"] = {"text": _(N_("Together {share}"), share=percent(whole)), "ok": abs(whole - 1) < 1e-6}
        return made | ({"kind": "shares"} if shape.kind == "shares" else {})

    def _nested_items(self, shape: FieldShape, value: tuple[Item, ...], path: str) -> dict[str, Any]:
        cards = [self.item_card(item, f"{path}/{item.id}", place=(i, len(value))) for i, item in enumerate(value)]
        return self._frame(shape, path) | {
            "kind": "items",
            "cards": cards,
            "add": {"path": path, "label": _(shape.add)},
        }

    def _plain(self, shape: FieldShape, value: Any, path: str) -> dict[str, Any]:
        made = self._frame(shape, path)
        made["kind"] = "number" if shape.kind in ("number", "money", "rate") else shape.kind
        made["text"] = self.state.texts.get(path, shown(shape, value))
        made["step"] = shape.step
        made["evidence"] = self._evidence(shape, value, path)
        if shape.kind == "choice" and shape.choices is not None:
            made["choices"] = [{"value": choice.value, "label": _(choice.label)} for choice in shape.choices]
        elif shape.kind in ("reference", "references"):
            made["choices"] = [{"value": target.id, "label": target.label} for target in self._targets(shape)]
            if add := _ADD.get(shape.target):
                made["create"] = {"label": _(add)}
        if conflict := self.around.conflicts.get(path):
            made["conflict"] = self._conflict(shape, conflict)
        return made

    def _conflict(self, shape: FieldShape, conflict: Conflict) -> dict[str, Any]:
        """The values to choose from, each with who entered it and when."""
        return {
            "text": _(N_("These values were entered at the same time. Choose one.")),
            "choices": [
                {
                    "value": str(revision.sequence),
                    "by": f"{revision.author}, {revision.time.astimezone():%H:%M}",
                    "text": self._entered(shape, revision.value),
                }
                for revision in conflict.revisions
            ],
        }

    def _entered(self, shape: FieldShape, value: Any) -> str:
        if value is None:
            return _(N_("left empty"))
        if shape.kind == "reference":
            return self.plan.name_of(value)
        if shape.kind == "references":
            return ", ".join(self.plan.name_of(one) for one in value)
        text = shown(shape, value) if shape.kind in ("number", "money", "rate") else value
        return ", ".join(map(str, text)) if isinstance(text, list) else str(text)

    def _frame(self, shape: FieldShape, path: str) -> dict[str, Any]:
        unit = self.plan.charter.currency.value if shape.kind == "money" else _(shape.unit) if shape.unit else ""
        return {
            "path": path,
            "kind": shape.kind,
            "label": _(shape.title) if shape.title else "",
            "unit": unit,
            "help": _(shape.help) if shape.help else "",
            "text": "",
            "placeholder": example(shape),
            "choices": [],
            "step": None,
            "error": self.state.errors.get(path, ""),
            "advice": "" if path in self.state.errors else self.advice.get(path, ""),
            "evidence": None,
            "fields": [],
        }

    def _evidence(self, shape: FieldShape, value: Any, path: str) -> dict[str, str] | None:
        """What the figure in a field rests on: the finding that filled it, else judgement."""
        finding = self._filled.get(path)
        if finding is None:
            judged = shape.evidenced and value is not None
            return {"kind": "assumed", "text": _(N_("judgement, grade D"))} if judged else None
        if finding.basis:
            told = _(N_("worked out from the plan, grade {grade}"), grade=finding.grade.value)
            if finding.id in self.around.unsettled:
                return {"kind": "stale", "text": _(N_("out of date: {evidence}"), evidence=told)}
            return {"kind": "assumed" if finding.grade >= Grade.D else "observed", "text": told}
        if finding.grade is Grade.D:
            told = (
                _(N_("team, n = {n}"), n=number(finding.n))
                if finding.n
                else _(N_("worked out from judgement, grade D"))
            )
            return {"kind": "assumed", "text": told}
        text = _(N_("adopted, n = {n}, grade {grade}"), n=number(finding.n), grade=finding.grade.value)
        source = self.plan.name_of(finding.study)
        told = f"{text}: {source}" if source else text
        if finding.id in self.around.unsettled:
            return {"kind": "stale", "text": _(N_("out of date: {evidence}"), evidence=told)}
        return {"kind": "observed", "text": told}

    def _targets(self, shape: FieldShape) -> list[Item]:
        return self._by_class.get(shape.target, [])

    def _title(self, item: Item) -> str:
        if item.label != item.id:
            return item.label
        named = next(
            (getattr(item, s.name) for s in shapes(type(item)) if s.kind == "reference" and getattr(item, s.name)), None
        )
        return self.plan.name_of(named) if named else _(N_("Untitled"))
