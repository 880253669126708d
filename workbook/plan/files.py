"""Plans as files: YAML in which every scalar is text until the plan's model reads it.

``NO``, ``12:30`` and ``1e3`` therefore stay what was written. Tags, aliases, duplicate keys, depth and size are refused
before anything is built.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from workbook.errors import PlanError, PlanFileError, WorkbookError
from workbook.language import N_, plural
from workbook.plan.checks import broken_links
from workbook.plan.faults import field_faults
from workbook.plan.ids import is_id
from workbook.plan.model import Part, Plan, shapes, tree
from workbook.plan.model.fields import ORDER
from workbook.plan.revisions import Edit, after, value_at

__all__ = ["FORMAT", "plan_text", "read_plan", "read_scenarios", "whole_numbers", "write_atomically", "write_plan"]

FORMAT = 1
MOST_BYTES = 5_000_000
MOST_DEPTH = 12

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Dumper(yaml.SafeDumper):
    """Writes text with unusual line ends between double quotes, where they are escaped: plain, they would be lost."""


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    unusual = any(mark in text for mark in "\r\x85\u2028\u2029\ufeff")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if unusual else None)


_Dumper.add_representer(str, _text_node)


def read_scenarios(path: Path) -> dict[str, tuple[str, list[Edit]]]:
    """
    Return the scenarios in the file at ``path`` by id: title, and what each changes in the file's plan.

    Raises PlanFileError as ``read_plan`` does, also where a scenario's changes do not fit the plan.
    """
    _plan_id, plan = read_plan(path)
    found: dict[str, tuple[str, list[Edit]]] = {}
    for id, entry in _scenarios(_mapping(_text(path))).items():
        edits = list(_changes(entry.get("changes") or {}, Plan, ""))
        data = after(tree(plan), edits)
        try:
            branch = Plan.model_validate(data)
            faults: tuple[object, ...] = tuple(broken_links(branch))
        except ValidationError as error:
            faults = field_faults(error, Plan, data)
        if faults:
            raise PlanFileError(
                N_("{file}: scenario “{scenario}” has {faults}. Nothing was taken from it."),
                faults,
                file=str(path),
                scenario=id,
                faults=_counted(len(faults)),
            )
        # As the model holds them: a number is a number, not the text of a file.
        held = tree(branch)
        found[id] = str(entry.get("title") or id), [Edit(e.path, value_at(held, e.path)) for e in edits]
    return found


def read_plan(path: Path) -> tuple[str, Plan]:
    """
    Return the id and the plan in the file at ``path``.

    Raises
    ------
    PlanFileError
        If the file cannot be read as one plan; ``problems`` names each fault, so that nothing is imported by halves.
    """
    try:
        data = _mapping(_text(path))
        format_, plan_id = data.pop("format", str(FORMAT)), data.pop("plan", path.stem)
        _require(
            format_ == str(FORMAT),
            N_("/format: found “{found}”, but this version reads format {allowed}. Update the workbook."),
            found=format_,
            allowed=FORMAT,
        )
        _scenarios(data)
        data.pop("scenarios", None)
        _require(
            isinstance(plan_id, str) and is_id(plan_id),
            N_("/plan: found “{found}”. Use lower-case letters, digits and hyphens, as in spring-launch."),
            found=plan_id,
        )
    except WorkbookError as problem:
        raise PlanFileError(
            N_("{file}: not a plan. Nothing was taken from it."), (problem,), file=str(path)
        ) from problem
    try:
        plan = Plan.model_validate(_without_blanks(data, Plan))
    except ValidationError as error:
        raise PlanFileError(
            N_("{file}: {faults}. Nothing was taken from it."),
            field_faults(error, Plan, data),
            file=str(path),
            faults=_counted(error.error_count()),
        ) from None
    faults = tuple(broken_links(plan))
    if faults:
        raise PlanFileError(
            N_("{file}: {faults}. Nothing was taken from it."), faults, file=str(path), faults=_counted(len(faults))
        )
    return plan_id, plan


def _counted(faults: int) -> str:
    return plural("{count} fault", "{count} faults", faults)


def plan_text(plan_id: str, plan: Plan, scenarios: Mapping[str, tuple[str, Plan]] | None = None) -> str:
    """
    Return the plan as the text of a file that ``read_plan`` reads back equal.

    ``scenarios`` gives title and plan of each scenario by id; the file holds what they change.
    """
    data = {"format": FORMAT, "plan": plan_id} | whole_numbers(tree(plan))
    if scenarios:
        data["scenarios"] = {
            id: {"title": title, "changes": whole_numbers(_overlay(tree(plan), tree(branch)))}
            for id, (title, branch) in scenarios.items()
        }
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def write_plan(plan_id: str, plan: Plan, path: Path, scenarios: Mapping[str, tuple[str, Plan]] | None = None) -> None:
    """Write the plan, with its ``scenarios``, to ``path``: whole, or not at all."""
    write_atomically(path, plan_text(plan_id, plan, scenarios).encode())


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path`` and move it there, so that no reader ever meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(beside).chmod(0o644)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        _require(
            size <= MOST_BYTES,
            N_("it has {found} bytes; a plan has at most {allowed}. Is it the right file?"),
            found=size,
            allowed=MOST_BYTES,
        )
        content = path.read_bytes()
    except OSError as problem:
        raise PlanError(
            N_("it cannot be read ({reason}). Check the name and your rights to it."), reason=problem.strerror
        ) from problem
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise PlanError(N_("it is no text. Give a YAML file, as `workbook export` writes it.")) from None
    _require(bool(text.strip()), N_("it is empty. Give a YAML file, as `workbook export` writes it."))
    return text


def _mapping(text: str) -> dict[str, Any]:
    try:
        _refuse_what_is_no_data(yaml.parse(text, Loader=_Loader))
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else "?"
        raise PlanError(
            N_("line {line}: not YAML ({reason}). Correct the line."), line=line, reason=problem.problem
        ) from None
    except yaml.YAMLError:
        raise PlanError(
            N_("it holds characters that YAML does not allow. Give a text file, as `workbook export` writes it.")
        ) from None
    if not isinstance(node, yaml.MappingNode):
        raise PlanError(N_("found no named fields. Give a YAML file, as `workbook export` writes it."))
    return _data(node, "")


def _refuse_what_is_no_data(events: Iterator[yaml.Event]) -> None:
    depth = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PlanError(N_("line {line}: aliases (& and *) are not allowed. Write the value out."), line=line)
        if tag := getattr(event, "tag", None):
            raise PlanError(
                N_("line {line}: the tag {found} is not allowed. Write the plain value."),
                line=line,
                found=str(tag)[:60],
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            _require(
                depth <= MOST_DEPTH,
                N_("line {line}: nested more than {allowed} deep. Plans are not; check the indentation."),
                line=line,
                allowed=MOST_DEPTH,
            )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _data(node: yaml.Node, path: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise PlanError(N_("line {line}: a name must be plain text."), line=line)
            key = str(key_node.value)
            _require(
                key != ORDER,
                N_("line {line}: ~order has no place in a file; the order of the items is their order in it."),
                line=line,
            )
            _require(
                key not in result,
                N_("line {line}: {path} stands twice. Rename or remove one."),
                line=line,
                path=f"{path}/{key}",
            )
            result[key] = _data(value_node, f"{path}/{key}")
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_data(value, f"{path}/{i}") for i, value in enumerate(node.value)]
    return str(node.value)


def _without_blanks(data: Any, model: type[Part]) -> Any:
    """Take out the fields left blank: they are not filled in. A blank name the model does not know stays, to be refused."""
    if not isinstance(data, dict):
        return data
    known = {shape.name: shape for shape in shapes(model)}
    kept = {}
    for key, value in data.items():
        shape = known.get(key)
        if shape is not None and value == "":
            continue
        if shape is not None and shape.kind == "items" and shape.holds and isinstance(value, dict):
            value = {id: _without_blanks(item or {}, shape.holds) for id, item in value.items()}
        elif shape is not None and shape.holds:
            value = _without_blanks(value, shape.holds)
        kept[key] = value
    return kept


def _scenarios(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the file says of scenarios, checked for its form."""
    entries = data.get("scenarios") or {}
    _require(
        isinstance(entries, dict), N_("/scenarios: give each scenario under its id, with a title and its changes.")
    )
    for id, entry in entries.items():
        _require(
            is_id(id),
            N_("/scenarios: found “{found}”. Use lower-case letters, digits and hyphens, as in paid-add-on."),
            found=id,
        )
        _require(
            isinstance(entry, dict)
            and set(entry) <= {"title", "changes"}
            and isinstance(entry.get("changes") or {}, dict),
            N_("/scenarios/{id}: give a title, and changes as in a plan. A field left blank is taken out."),
            id=id,
        )
    return entries


def _changes(data: Any, model: type[Part], path: str) -> Iterator[Edit]:
    """Yield one edit a field, down to where the model knows no parts; a field left blank is taken out."""
    known = {shape.name: shape for shape in shapes(model)}
    for name, value in data.items():
        shape, here = known.get(name), f"{path}/{name}"
        if shape is not None and shape.kind == "part" and isinstance(value, dict) and shape.holds:
            yield from _changes(value, shape.holds, here)
        elif shape is not None and shape.kind == "items" and isinstance(value, dict) and shape.holds:
            for id, item in value.items():
                if isinstance(item, dict):
                    yield from _changes(item, shape.holds, f"{here}/{id}")
                else:
                    yield Edit(f"{here}/{id}", item or None)
        else:
            yield Edit(here, None if value == "" else value)


def _overlay(before: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what has to be said to make ``wanted`` of ``before``; blank for what is taken out."""
    overlay: dict[str, Any] = {}
    for name in dict.fromkeys([*before, *wanted]):
        old, new = before.get(name), wanted.get(name)
        if old == new or name in Plan.unlisted:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            overlay[name] = _overlay(old, new)
        else:
            overlay[name] = "" if new is None else new
    return overlay


def whole_numbers(data: Any) -> Any:
    """Return ``data`` with the numbers in it that are whole as integers, as people write them."""
    if isinstance(data, dict):
        return {key: whole_numbers(value) for key, value in data.items()}
    return int(data) if isinstance(data, float) and data.is_integer() and abs(data) < 1e15 else data


def _require(condition: bool, template: str, **values: Any) -> None:
    if not condition:
        raise PlanError(template, **values)
