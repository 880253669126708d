"""The live plan: one plan of a workspace, open for editing, saved with every change.

An edit is validated by the plan's own model. What is valid becomes a revision at once; what is not stays in the form as
typed, with the sentence that says the way out, and nothing is saved. Listeners hear each new plan, their own and others'.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from workbook.errors import ParameterError, PlanError
from workbook.forms.cards import Around, FormState, Unsettled
from workbook.forms.entries import entered, stepped
from workbook.forms.guide import example_edits
from workbook.language import N_, _
from workbook.plan.adoption import Proposal, adopted, released
from workbook.plan.checks import references
from workbook.plan.faults import FieldFault, field_faults
from workbook.plan.links import links_of, node_of
from workbook.plan.model import FieldShape, Item, Part, Plan, new_id, shapes, tree
from workbook.plan.model.fields import ORDER, ordered_ids
from workbook.plan.revisions import (
    BASE,
    Conflict,
    Edit,
    Revision,
    after,
    conflicts,
    differences,
    folded,
    inverse,
    seen_in,
    value_at,
    whole_plan,
)
from workbook.plan.scenarios import adoption, require_scenario
from workbook.plan.staleness import Stale, confirmed, stale_in, waived, what_changed
from workbook.plan.workspace import Workspace, author

__all__ = ["LivePlan"]


class LivePlan:
    """``plan`` is always valid; ``revision`` is the sequence it stands at; ``form`` what is typed but not valid yet."""

    def __init__(self, workspace: Workspace, plan_id: str, scenario: str = BASE) -> None:
        self.workspace, self.plan_id, self.scenario = workspace, plan_id, scenario
        workspace.log.require(plan_id)
        self.plan, self.revision = Plan(), 0
        self.form = FormState()
        self.history: list[Revision] = []
        self._data: dict[str, Any] = {}
        self._done: list[_Operation] = []
        self._undone: list[_Operation] = []
        self._stale_of: tuple[int, date | None, list[Stale]] = (0, None, [])
        self._before: dict[int, Plan] = {}
        self._listeners: list[Callable[[], None]] = []
        self._catch_up()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after every change of the plan or of the form's state."""
        self._listeners.append(listener)

    def edit(self, path: str, text: Any) -> bool:
        """Enter ``text`` into the field at ``path``; return whether the plan now holds it."""
        self.form.opened = ""
        self.form.texts[path] = text
        self.form.errors.pop(path, None)
        leaf = self._leaf(path)
        value: Any = None
        try:
            value, cleared = self._value(leaf, path)
            edited = self._plan_with([Edit(leaf, value)])
        except ValidationError as error:
            faults = field_faults(error, Plan, self._data_with([Edit(leaf, value)]))
            self._note({(path if len(faults) == 1 else fault.path): fault.advice for fault in faults})
            return False
        except _Refused as refused:
            self._note(refused.errors)
            return False
        for known in cleared:
            self.form.texts.pop(known, None)
            self.form.errors.pop(known, None)
        if edited != self.plan:
            self._do([Edit(leaf, value)])
        self._tell()
        return True

    def step(self, path: str, by: int) -> bool:
        """Move the number at ``path`` by ``by`` steps of its arrow keys."""
        shape, value = self._shape(path)
        return self.edit(path, stepped(shape, value, by))

    def add(self, path: str, name: str = "") -> str:
        """Add an item, empty but for its ``name``, to the collection at ``path``; return its id."""
        id, item = self._new_item(path, name)
        self.form.opened = f"{path}/{id}"
        self._do([Edit(f"{path}/{id}", item)])
        self._tell()
        return id

    def copy_example(self, sections: Iterable[str]) -> bool:
        """Fill what is empty of ``sections`` from the sample plan, as one operation; return whether anything was."""
        edits = example_edits(self.plan, sections)
        if edits:
            self._do(edits)
        self._tell()
        return bool(edits)

    def set_together(self, edits: list[Edit]) -> bool:
        """Set several fields as one operation, which is undone as one."""
        self._do(edits)
        self._tell()
        return True

    def create(self, path: str, name: str) -> str:
        """Add an item called ``name`` to the section that the reference at ``path`` points to, and refer to it."""
        shape, value = self._shape(path)
        section = next(s for s in shapes(Plan) if s.holds is not None and s.holds.__name__ == shape.target)
        id, item = self._new_item(f"/{section.name}", name)
        named: Any = [*(value or ()), id] if shape.kind == "references" else id
        self._do([Edit(f"/{section.name}/{id}", item), Edit(path, named)])
        self._tell()
        return id

    def copy(self, path: str) -> str:
        """Add a copy of the item at ``path`` behind it, its parts with ids of their own; return the copy's id."""
        collection, _sep, id = path.rpartition("/")
        data = value_at(self._data, path)
        if not isinstance(data, dict):
            raise ParameterError(N_("there is no item “{found}” in this plan."), found=path)
        taken = set(self.plan.ids)
        copied = new_id(id, taken)
        order = ordered_ids(value_at(self._data, collection))
        order.insert(order.index(id) + 1, copied)
        named = data | ({"name": _(N_("{name} (copy)"), name=data["name"])} if data.get("name") else {})
        self.form.opened = f"{collection}/{copied}"
        self._do(
            [
                Edit(f"{collection}/{copied}", _with_ids_of_their_own(named, taken | {copied})),
                Edit(f"{collection}/{ORDER}", order),
            ]
        )
        self._tell()
        return copied

    def move(self, path: str, by: int) -> None:
        """Move the item at ``path`` by ``by`` places in its collection."""
        collection, _sep, id = path.rpartition("/")
        order = ordered_ids(value_at(self._data, collection) or {})
        if id not in order:
            raise ParameterError(N_("there is no item “{found}” in this plan."), found=path)
        place = min(max(order.index(id) + by, 0), len(order) - 1)
        order.remove(id)
        order.insert(place, id)
        self._do([Edit(f"{collection}/{ORDER}", order)])
        self._tell()

    def remove(self, path: str) -> None:
        """Take out the item at ``path``, and every reference to it or to what it holds, as one operation."""
        gone = {item_path.rsplit("/", 1)[-1] for item_path in self._paths_under(path)}
        if not gone:
            raise ParameterError(N_("there is no item “{found}” in this plan."), found=path)
        data = tree(self.plan)
        edits = [Edit(path, None)]
        for field_path in dict.fromkeys(
            p for p, _class, id in references(self.plan) if id in gone and not p.startswith(f"{path}/")
        ):
            held = value_at(data, field_path)
            if isinstance(held, dict):
                left: Any = {key: value for key, value in held.items() if key not in gone}
            else:
                left = [id for id in held if id not in gone] if isinstance(held, list) else None
            edits.append(Edit(field_path, left or None))
        edits += [Edit(f"/confirmed/{id}", None) for id in sorted(gone) if id in self.plan.confirmed]
        self.form.opened = ""
        for known in [p for p in self.form.texts if p.startswith(f"{path}/")]:
            self.form.texts.pop(known)
            self.form.errors.pop(known, None)
        # What stood on it is not confirmed along with the removal: that it lost its ground is for somebody to see.
        self._do(edits, confirm=False)
        self._tell()

    def take(self, proposals: Iterable[Proposal]) -> None:
        """Adopt ``proposals``: their findings, the evidence and the fields they fill, as one operation."""
        wanted = list(proposals)
        marks = {one.study: self.workspace.fingerprint(one.study, self.plan) for one in wanted if one.study}
        edits = adopted(self.plan, wanted, day=date.today(), fingerprints=marks)
        if edits:
            self._plan_with(edits)
            for known in [path for one in wanted for path in one.fills]:
                self.form.texts.pop(known, None)
                self.form.errors.pop(known, None)
            self._do(edits)
        self._tell()

    @property
    def stale(self) -> list[Stale]:
        """What stands on something that has changed since it was confirmed."""
        today = date.today()
        if self._stale_of[:2] != (id(self.plan), today):  # asked for by the forms and by the head, at each key
            self._stale_of = (id(self.plan), today, stale_in(self.plan, today=today))
        return self._stale_of[2]

    def confirm(self, nodes: Iterable[str]) -> None:
        """Confirm ``nodes`` against what they stand on today, as one operation."""
        links = links_of(self.plan)
        edits = [
            e for node in nodes for e in confirmed(self.plan, node, by=author(), revision=self.revision, links=links)
        ]
        if edits:
            self._do(edits, confirm=False)
        self._tell()

    def waive(self, node: str, reason: str, review: date | None = None) -> None:
        """Waive every change under ``node``, for a ``reason``, until ``review``. Raises PlanError without a reason."""
        if not reason.strip():
            raise PlanError(N_("say why this change does not matter; somebody will ask."))
        stale = [one for one in self.stale if one.node == node]
        plan = self.plan
        for one in stale:
            edit = waived(plan, one, by=author(), reason=reason.strip(), review=review)
            plan = plan.model_validate(self._data_with([edit]))
            self._do([edit], confirm=False)
        self._tell()

    @property
    def conflicts(self) -> list[Conflict]:
        """Fields for which values wait to be chosen from, entered by people who did not see each other's."""
        return [
            one
            for one in conflicts(r for r in self.history if r.scenario == self.scenario)
            if not one.path.startswith("/confirmed")
        ]

    def choose(self, path: str, sequence: int) -> None:
        """Settle the conflict at ``path`` with the value of the revision ``sequence``."""
        chosen = next(
            (r for one in self.conflicts if one.path == path for r in one.revisions if r.sequence == sequence), None
        )
        if chosen is None:
            raise ParameterError(N_("there is nothing to choose at “{found}” any more."), found=path)
        self._do([Edit(path, chosen.value)])
        self._tell()

    @property
    def can_undo(self) -> bool:
        """Whether this page has done something that can be undone."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether this page has undone something that can be done again."""
        return bool(self._undone)

    def undo(self) -> None:
        """Bring back what stood before this page's last operation, as new revisions. Raises PlanError when it is others' now."""
        self._turn_back(self._done, self._undone)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._turn_back(self._undone, self._done)

    def restore(self, sequence: int) -> None:
        """Bring back the whole plan as it was at revision ``sequence``, as new revisions: nothing after it is lost."""
        then = folded([r for r in seen_in(self.scenario, self.history) if r.sequence <= sequence])
        edits = [e for e in differences(self._data, then) if not e.path.startswith("/~")]
        if edits:
            self._do(edits, confirm=False)
        self._tell()

    def adopt(self, scenario: str, *, over: Iterable[str] = ()) -> bool:
        """
        Take over into the plan what ``scenario`` changed, as one operation; return whether there was anything.

        Raises PlanError, naming the paths, where the plan was changed too and ``over`` does not say that the scenario
        shall win; ParameterError when there is no such scenario.
        """
        require_scenario(scenario, self.history, self.plan_id)
        edits = [
            edit
            for edit in adoption(self.history, scenario, over=over)
            if not edit.path.startswith("/confirmed") and value_at(self._data, edit.path) != edit.value
        ]
        if edits:
            self._do(edits)
        self._tell()
        return bool(edits)

    def poll(self) -> bool:
        """Take in what others have saved; return whether there was something."""
        if self.workspace.log.head(self.plan_id) <= self.revision:
            return False
        self._catch_up()
        self._tell()
        return True

    @property
    def around(self) -> Around:
        """What a form of this plan shows beside the fields: what is stale, what waits for a choice, what can be undone."""
        unsettled: dict[str, tuple[Unsettled, ...]] = {}
        for one in self.stale:
            was, now = self.plan_at(one.revision), self.plan
            here = Unsettled(one.upstream, one.by, tuple(what_changed(one, was, now)))
            unsettled[one.node] = (*unsettled.get(one.node, ()), here)
        return Around(unsettled, {one.path: one for one in self.conflicts}, self.can_undo, self.can_redo)

    def plan_at(self, sequence: int) -> Plan:
        """Return the plan as it was at revision ``sequence``; 0 for as it was first stored."""
        if sequence not in self._before:  # what was is asked for at each key, and stays as it was
            self._before[sequence] = self._folded_at(sequence)
        return self._before[sequence]

    def _folded_at(self, sequence: int) -> Plan:
        own = seen_in(self.scenario, self.history)
        first = own[0].operation if own else ""
        until = [r for r in own if (r.sequence <= sequence if sequence else r.operation == first)]
        return whole_plan(folded(until))

    def _new_item(self, path: str, name: str) -> tuple[str, dict[str, Any]]:
        shape, _held = self._shape(path)
        if shape.holds is None:
            raise ParameterError(N_("there is no field “{found}” in this plan."), found=path)
        id = new_id(name, self.plan.ids, otherwise=shape.name.removesuffix("s"))
        data = {"id": id} | ({"name": name} if name else {})
        return id, tree(shape.holds.model_validate(data))

    def _turn_back(self, done: "list[_Operation]", undone: "list[_Operation]") -> None:
        if not done:
            return
        last = done[-1]
        if any(value_at(self._data, edit.path) != edit.value for edit in last.edits):
            raise PlanError(
                N_("somebody has changed this since. Change it by hand, so that nothing of theirs is lost.")
            )
        self._save(last.before)
        done.pop()
        undone.append(_Operation(last.before, last.edits))
        self._tell()

    def _paths_under(self, path: str) -> list[str]:
        return [found for id in self.plan.ids if (found := self.plan.path(id)) == path or found.startswith(f"{path}/")]

    def _value(self, leaf: str, path: str) -> tuple[Any, list[str]]:
        """Return the JSON value at ``leaf`` with everything typed into it, and the paths of the texts it took in."""
        shape, value = self._shape(leaf)
        if shape.kind not in ("value", "shares"):
            return _entered(shape, self.form.texts[path], path), [path]
        # Fields that make sense only together are saved together: what was typed into any of them counts.
        held: dict[str, Any] = tree(value) if shape.kind == "value" else {str(one): part for one, part in value.items()}
        parts = {inner.name: inner for inner in shapes(shape.holds or Part)}
        waiting = [known for known in self.form.texts if known.startswith(f"{leaf}/")]
        errors: dict[str, str] = {}
        for known in waiting:
            name = known.rsplit("/", 1)[1]
            try:
                held[name] = _entered(parts.get(name, shape.each), self.form.texts[known], known)
            except _Refused as refused:
                errors |= refused.errors
        if errors:
            raise _Refused(errors)
        return {name: inner for name, inner in held.items() if inner is not None}, waiting

    def _leaf(self, path: str) -> str:
        """Return the path a revision is written to: that of the whole value object, where the field is part of one."""
        parent = path.rsplit("/", 1)[0]
        if parent and (found := self._found(parent)) and found[0].kind in ("value", "shares"):
            return parent
        return path

    def _shape(self, path: str) -> tuple[FieldShape, Any]:
        found = self._found(path)
        if found is None:
            raise ParameterError(N_("there is no field “{found}” in this plan."), found=path)
        return found

    def _found(self, path: str) -> tuple[FieldShape, Any] | None:
        """Return the field at ``path`` and what it holds; None where the plan has no such field."""
        part: Any = self.plan
        shape: FieldShape | None = None
        for name in path.strip("/").split("/"):
            if isinstance(part, tuple):
                part = next((item for item in part if isinstance(item, Item) and item.id == name), None)
                shape = None
            elif isinstance(part, dict):
                shape, part = shape.each if shape else None, part.get(name)
            elif isinstance(part, Part):
                shape = next((s for s in shapes(type(part)) if s.name == name), None)
                part = getattr(part, name) if shape else None
            else:
                return None
            if shape is None and part is None:
                return None
        return (shape, part) if shape else None

    def _do(self, edits: list[Edit], *, confirm: bool = True) -> None:
        """Save ``edits`` as one operation that can be undone; whoever edits a thing confirms what it stands on."""
        edits = edits + released(self.plan, edits)
        if confirm:
            edited = self._plan_with(edits)
            links = links_of(edited)
            nodes = dict.fromkeys(node_of(edit.path) for edit in edits if not edit.path.endswith(ORDER))
            edits = edits + [
                e for node in nodes for e in confirmed(edited, node, by=author(), revision=self.revision, links=links)
            ]
        operation = _Operation(edits, inverse(self._data, edits))
        self._save(edits)
        self._done.append(operation)
        self._undone.clear()

    def _save(self, edits: list[Edit]) -> None:
        self.workspace.log.append(
            self.plan_id, edits, author=author(), base=self.revision, scenario=self.scenario, operation=uuid4().hex
        )
        self._catch_up()

    def _catch_up(self) -> None:
        """Take in the revisions since the one the plan stands at: one's own and other people's."""
        news = self.workspace.log.revisions(self.plan_id, after=self.revision)
        self.history += news
        if self.scenario == BASE:
            self._data = folded(seen_in(BASE, news), onto=self._data)
        else:
            # What the plan itself changes comes before what the scenario changed, however late it came.
            self._data = folded(seen_in(self.scenario, self.history))
        self.plan = self._taken_in(news)
        self.revision = news[-1].sequence if news else self.revision

    def _plan_with(self, edits: list[Edit]) -> Plan:
        """Return the plan after ``edits``, validated where they are; what they do not touch is taken over as it is."""
        return self._with_sections(self._data_with(edits), {_section(edit.path) for edit in edits})

    def _taken_in(self, news: list[Revision]) -> Plan:
        """Return the plan as the data are now; what ``news`` do not touch is taken over as it is."""
        if self.scenario == BASE and self.revision:
            with suppress(ValidationError):  # said by whole_plan, with the paths
                return self._with_sections(self._data, {_section(revision.path) for revision in news})
        return whole_plan(self._data)

    def _with_sections(self, data: dict[str, Any], touched: set[str]) -> Plan:
        """Return the plan with the sections ``touched`` read anew from ``data``."""
        kept = {name: getattr(self.plan, name) for name in type(self.plan).model_fields if name not in touched}
        return Plan.model_validate(kept | {name: data[name] for name in touched if name in data})

    def _data_with(self, edits: list[Edit]) -> dict[str, Any]:
        return after({k: v for k, v in self._data.items() if not k.startswith("~")}, edits)

    def _note(self, errors: dict[str, str]) -> None:
        self.form.errors |= errors
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


@dataclass(frozen=True)
class _Operation:
    """What an operation set, and what stood there before."""

    edits: list[Edit]
    before: list[Edit]


class _Refused(Exception):
    """Texts that are no values of their fields' kinds: sentences by path."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


def _entered(shape: FieldShape, text: Any, path: str) -> Any:
    try:
        return entered(shape, text, path)
    except FieldFault as fault:
        raise _Refused({path: fault.advice}) from None


def _with_ids_of_their_own(data: Any, taken: set[str]) -> Any:
    """Return the data of an item whose parts have new ids, since an id is used once in a plan."""
    if not isinstance(data, dict):
        return data
    renamed: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict) and value and all(isinstance(inner, dict) for inner in value.values()):
            fresh = {}
            for id, inner in value.items():
                own = new_id(id, taken)
                taken.add(own)
                fresh[own] = _with_ids_of_their_own(inner, taken)
            value = fresh
        renamed[key] = value
    return renamed


def _section(path: str) -> str:
    return path.strip("/").split("/")[0]
