"""The live plan: one plan of a workspace, open for editing, saved with every change.

An edit is validated by the plan's own model. What is valid becomes a revision at once; what is not stays in the form as
typed, with the sentence that says the way out, and nothing is saved. Listeners hear each new plan.
"""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from workbook.errors import ParameterError
from workbook.forms.cards import FormState
from workbook.forms.entries import entered, stepped
from workbook.language import N_
from workbook.plan.checks import references
from workbook.plan.faults import FieldFault, field_faults
from workbook.plan.model import FieldShape, Item, Part, Plan, new_id, shapes, tree
from workbook.plan.revisions import Edit, folded, whole_plan
from workbook.plan.workspace import Workspace, author

__all__ = ["LivePlan"]


class LivePlan:
    """``plan`` is always valid; ``revision`` is the sequence it stands at; ``form`` what is typed but not valid yet."""

    def __init__(self, workspace: Workspace, plan_id: str) -> None:
        self.workspace, self.plan_id = workspace, plan_id
        workspace.log.require(plan_id)
        self.revision, self._data = 0, dict[str, Any]()
        self._catch_up()
        self.form = FormState()
        self._listeners: list[Callable[[], None]] = []

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
            edited = Plan.model_validate(self._data_with(leaf, value))
        except ValidationError as error:
            faults = field_faults(error, Plan, self._data_with(leaf, value))
            self._note({(path if len(faults) == 1 else fault.path): fault.advice for fault in faults})
            return False
        except _Refused as refused:
            self._note(refused.errors)
            return False
        for known in cleared:
            self.form.texts.pop(known, None)
            self.form.errors.pop(known, None)
        if edited != self.plan:
            self._save([Edit(leaf, value)])
        self._tell()
        return True

    def step(self, path: str, by: int) -> bool:
        """Move the number at ``path`` by ``by`` steps of its arrow keys."""
        shape, value = self._shape(path)
        return self.edit(path, stepped(shape, value, by))

    def add(self, path: str) -> str:
        """Add an empty item to the collection at ``path``; return its id."""
        shape, _ = self._shape(path)
        singular = shape.name.removesuffix("s")
        id = new_id("", self.plan.ids, otherwise=singular)
        assert shape.holds is not None
        item = shape.holds.model_validate({"id": id})
        self.form.opened = f"{path}/{id}"
        self._save([Edit(f"{path}/{id}", tree(item))])
        self._tell()
        return id

    def remove(self, path: str) -> None:
        """Take out the item at ``path``, and every reference to it or to what it holds, as one operation."""
        gone = {item_path.rsplit("/", 1)[-1] for item_path in self._paths_under(path)}
        data = tree(self.plan)
        edits = [Edit(path, None)]
        for field_path in dict.fromkeys(
            p for p, _, id in references(self.plan) if id in gone and not p.startswith(f"{path}/")
        ):
            held = _at(data, field_path)
            if isinstance(held, dict):
                left: Any = {key: value for key, value in held.items() if key not in gone}
            else:
                left = [id for id in held if id not in gone] if isinstance(held, list) else None
            edits.append(Edit(field_path, left or None))
        self.form.opened = ""
        for known in [p for p in self.form.texts if p.startswith(f"{path}/")]:
            self.form.texts.pop(known)
            self.form.errors.pop(known, None)
        self._save(edits)
        self._tell()

    def _paths_under(self, path: str) -> list[str]:
        return [found for id in self.plan.ids if (found := self.plan.path(id)) == path or found.startswith(f"{path}/")]

    def _value(self, leaf: str, path: str) -> tuple[Any, list[str]]:
        """Return the JSON value at ``leaf`` with everything typed into it, and the paths of the texts it took in."""
        shape, value = self._shape(leaf)
        if shape.kind != "value":
            return _entered(shape, self.form.texts[path], path), [path]
        # Fields that make sense only together are saved together: what was typed into any of them counts.
        held = tree(value)
        waiting = [known for known in self.form.texts if known.startswith(f"{leaf}/")]
        errors: dict[str, str] = {}
        for inner in shapes(shape.holds or Part):
            known = f"{leaf}/{inner.name}"
            if known in waiting:
                try:
                    held[inner.name] = _entered(inner, self.form.texts[known], known)
                except _Refused as refused:
                    errors |= refused.errors
        if errors:
            raise _Refused(errors)
        return {name: inner for name, inner in held.items() if inner is not None}, waiting

    def _data_with(self, leaf: str, value: Any) -> dict[str, Any]:
        data = tree(self.plan)
        *parents, last = leaf.strip("/").split("/")
        place = data
        for name in parents:
            place = place.setdefault(name, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
        return data

    def _leaf(self, path: str) -> str:
        """Return the path a revision is written to: that of the whole value object, where the field is part of one."""
        parent = path.rsplit("/", 1)[0]
        if parent and (found := self._found(parent)) and found[0].kind == "value":
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
                shape, part = FieldShape(name, "number", "", low=0, high=10, step=1), part.get(name)
            elif isinstance(part, Part):
                shape = next((s for s in shapes(type(part)) if s.name == name), None)
                part = getattr(part, name) if shape else None
            else:
                return None
            if shape is None and part is None:
                return None
        return (shape, part) if shape else None

    def _save(self, edits: list[Edit]) -> None:
        self.workspace.log.append(self.plan_id, edits, author=author(), base=self.revision)
        self._catch_up()

    def _catch_up(self) -> None:
        """Take in the revisions since the one the plan stands at: one's own and other people's."""
        news = self.workspace.log.revisions(self.plan_id, after=self.revision)
        self._data = folded(news, onto=self._data)
        self.plan = whole_plan(self._data)
        self.revision = news[-1].sequence if news else self.revision

    def _note(self, errors: dict[str, str]) -> None:
        self.form.errors |= errors
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


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


def _at(data: Any, path: str) -> Any:
    for name in path.strip("/").split("/"):
        data = data[name]
    return data
