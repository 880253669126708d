"""The browser half of the forms and of a page's head: two widgets that show what they are given and say what was typed.

They know no rules. ``content`` says what is drawn; what a person does comes back as small messages, checked here only
for their shape, since a browser may send anything. What an entry means, and whether it is allowed, is decided
elsewhere.
"""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from workbook.exhibits.scripts import scripts_of_page
from workbook.exhibits.theme import tokens_css
from workbook.language import N_, translated

__all__ = ["FORM_WORDS", "HEADER_WORDS", "FormView", "HeaderView", "page_css", "worded"]

Message = dict[str, Any]

_HERE = Path(__file__).parent

_FORM_PARTS = ("controls.js", "asking.js", "form.js")
_HEADER_PARTS = ("guide.js", "header.js")
"""Joined in this order they are one module: a widget's module cannot import another file."""

FORM_WORDS = {
    "saving": N_("Saving…"),
    "not_saved": N_("Not saved yet: the workbook does not answer. What you typed is still here."),
    "typed_before": N_(
        "You typed this before the page was reloaded. It is not saved yet: press Enter, or leave the field."
    ),
    "typed_instead": N_(
        "Before the page was reloaded you typed here: {text}. It was not saved, and what stands here has changed since."
    ),
    "nothing": N_("Nothing chosen"),
    "no_choices": N_("Nothing to choose from yet."),
    "gone": N_("{value} (no longer there)"),
    "line": N_("{label}, line {number}"),
    "add_line": N_("Add a line"),
    "remove_line": N_("Remove line {number}"),
    "remove": N_("Remove"),
    "remove_question": N_("Remove {title}?"),
    "yes": N_("Yes, remove"),
    "keep": N_("Keep"),
    "errors": N_("{count} to correct"),
    "refused": N_("That could not be done. Nothing was changed."),
    "stale": N_("changed upstream"),
    "before": N_("Before"),
    "after": N_("Now"),
    "absent": N_("nothing"),
    "save": N_("Save"),
    "cancel": N_("Cancel"),
    "conflicts": N_("{count} to choose"),
    "undone": N_("Undone."),
    "redone": N_("Done again."),
    "copy": N_("Copy"),
    "move_up": N_("Move up"),
    "move_down": N_("Move down"),
    "moved": N_("{title} is now {position} of {count}."),
    "name": N_("Name"),
    "add_named": N_("Add"),
    "created": N_("{name} is added."),
    "uploading": N_("Bringing it in…"),
    "no_upload": N_(
        "Files can be brought in on the pages of “workbook serve”. Here, put it into the folder “tables” of the workspace "
        "and choose it above."
    ),
}

LONGEST = {"path": 1_000, "text": 200_000, "name": 500, "answer": 20_000, "key": 100, "choice": 1_000, "list": 1_000}
"""How many characters a message's texts may have, and how many texts a list: past any that the plan takes."""

HEADER_WORDS = {
    "steps": N_("Steps of the plan"),
    "step": N_("Step {number}"),
    "done": N_("done"),
    "stale": N_("changed upstream, look again"),
    "open": N_("to do"),
    "languages": N_("Language"),
    "not_saved": N_("Not saved"),
    "busy": N_("Calculating…"),
    "lost": N_("Not saved: the connection to the workbook is gone. Reload the page; what was saved is there."),
    "reload": N_("Reload"),
    "begun": N_("begun"),
    "absent": N_("not in this version"),
    "home": N_("All plans"),
    "scenarios": N_("Scenarios"),
    "dark": N_("Dark colours"),
    "second_ago": N_("{n} s ago"),
    "minute_ago": N_("{n} min ago"),
    "hour_ago": N_("{n} h ago"),
    "day_ago": N_("{n} d ago"),
}


class FormView(anywidget.AnyWidget):
    """
    A form as the browser shows it.

    Parameters
    ----------
    content
        What is drawn, JSON data: ``name`` (the section), ``title``, ``intro``, ``cards``, ``add`` (``{"path", "label"}``
        or None), ``empty`` (shown when there are no cards) and ``words``; it may have a ``notice`` and ``history``
        (``{"undo": {"label", "enabled"}, "redo": {...}}``).
        A card has ``path``, ``title``, ``summary``, ``intro``, ``open``, ``collapsible``, ``removable``,
        ``error_count``, ``fields``, and may have a ``notice``, ``copyable`` and ``movable`` (``{"up", "down"}``: whether
        it can go there).
        A notice has ``kind`` (stale or info), ``text``, ``changes`` (``[{"label", "before", "after"}]``) and ``actions``
        (``[{"action", "label"}]``). An action with ``ask`` puts questions first: ``[{"name", "label", "kind"}]``, of a
        kind line, text, number, date, month or choice (with ``choices``), perhaps with a ``text`` to begin with,
        ``help``, ``placeholder`` and ``error``.
        A field has ``path``, ``kind`` (line, text, number, choice, choices, reference, references, month, date, lines,
        boolean, group, shares, items), ``label``, ``text`` (a list of texts for choices, references and lines; "true"
        or "false" for boolean; ISO for month and date), and may have ``unit``, ``help``, ``placeholder``, ``choices``
        (``[{"value", "label"}]``), ``step``, ``error``, ``advice``, ``evidence`` (``{"kind", "text"}``), ``conflict``
        (``{"text", "choices": [{"value", "by", "text"}]}``: values entered at the same time) and, where it refers to
        something, ``create`` (``{"label"}``: the way to make one by its name). A choice may have an ``upload``
        (``{"label", "accept", "language"}``): the way to bring in a file that is then chosen. A group has ``fields``; shares are a
        group with a ``sum`` (``{"text", "ok"}``); items have ``cards``, ``add`` and ``empty``. Paths of fields are
        unique within a form.
    on_message
        Called with each message of the browser, of ``kind``, ``serial``, ``path`` and, by kind:

        ========  ===========================  =========================================
        kind      also has                     path
        ========  ===========================  =========================================
        edit      text (or a list of texts)    of the field
        step      by: a whole number, not 0    of the field
        choose    choice: a value of those     of the field with the conflict
        create    text: a name, not blank      of the field that refers
        add                                    ``add["path"]``
        remove                                 of the card
        copy                                   of the card
        move      by: -1 (up) or 1 (down)      of the card
        act       action, answers by name      of the card, or ``/name`` for the form's notice
        undo                                   ``/name``
        redo                                   ``/name``
        ========  ===========================  =========================================

        Any other message, one with more keys, or a longer one than ``LONGEST`` allows is dropped. Answer each with
        ``answer``, after setting ``content``.

    Notes
    -----
    ``words`` left out of the content are those of ``FORM_WORDS``, in the language in use.
    """

    _esm = "\n".join((_HERE / part).read_text("utf-8") for part in _FORM_PARTS)
    _css = tokens_css() + (_HERE / "form.css").read_text("utf-8")

    content = traitlets.Dict().tag(sync=True)

    def __init__(self, content: Mapping[str, Any] | None = None, on_message: Callable[[Message], None] | None = None):
        super().__init__(content=dict(content or {}), **scripts_of_page())
        self._callback = on_message
        self.on_msg(self._receive)

    def on_message(self, callback: Callable[[Message], None]) -> None:
        """Call ``callback`` with each well-formed message from now on, in place of the one before."""
        self._callback = callback

    def answer(self, serial: int, ok: bool) -> None:
        """
        Say that a message was dealt with; not ``ok`` means that nothing was stored.

        The reason stands in the field's or the question's ``error``; for the other messages the form itself says that
        nothing was changed.
        """
        self.send({"kind": "answer", "serial": serial, "ok": ok})

    @traitlets.validate("content")
    def _with_words(self, proposal: dict[str, Any]) -> dict[str, Any]:
        return worded(proposal["value"], FORM_WORDS)

    def _receive(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if self._callback is not None and _is_form_message(message):
            self._callback(message)


class HeaderView(anywidget.AnyWidget):
    """
    The head of a page: plan, scenario, whether it is saved, languages, and the river of steps.

    Parameters
    ----------
    content
        ``plan``, ``scenario`` (its label or ""), ``scenarios`` (``[{"label", "href", "current"}]``, to choose from
        where there are two or more), ``home`` (the address of the list of plans, or ""), ``status`` (``{"state":
        "saved" | "saving" | "unsaved" | "readonly", "text"}``, perhaps with ``at``, the milliseconds since 1970 of the
        last save), ``banner`` (a sentence or ""), ``languages`` (``[{"code", "label", "title", "href", "current"}]``),
        ``print`` (the button's label, "" for none), ``steps`` (``[{"number", "title", "side": "upstream" |
        "downstream", "state": "done" | "current" | "begun" | "open" | "stale" | "absent", "href"}]``), ``guide`` (see
        ``forms.guide``) and ``words``. Addresses that leave the site are shown as text without a link.
    on_example
        Called when somebody asks to copy the example of the step.

    Notes
    -----
    While shown, the browser asks every two seconds whether the kernel is there (``ping``, answered here with ``pong``)
    and says so when it is not; with the state "readonly" it does not ask. ``words`` left out of the content are those
    of ``HEADER_WORDS``, in the language in use.
    """

    _esm = "\n".join((_HERE / part).read_text("utf-8") for part in _HEADER_PARTS)
    _css = tokens_css() + (_HERE / "header.css").read_text("utf-8")

    content = traitlets.Dict().tag(sync=True)

    def __init__(self, content: Mapping[str, Any] | None = None, on_example: Callable[[], None] | None = None):
        super().__init__(content=dict(content or {}), **scripts_of_page())
        self._on_example = on_example
        self.on_msg(self._receive)

    @traitlets.validate("content")
    def _with_words(self, proposal: dict[str, Any]) -> dict[str, Any]:
        return worded(proposal["value"], HEADER_WORDS)

    def _receive(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if not isinstance(message, dict):
            return
        if message.get("kind") == "ping":
            self.send({"kind": "pong"})
        elif message.get("kind") == "example" and self._on_example is not None:
            self._on_example()


def page_css() -> str:
    """Return the style of a whole page, tokens included, for a Voila template or a report."""
    return tokens_css() + (_HERE / "page.css").read_text("utf-8")


def worded(content: Mapping[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """Return ``content`` with those of ``words`` that it leaves out, in the language in use."""
    return dict(content) | {"words": {key: translated(word) for key, word in words.items()} | content.get("words", {})}


def _is_form_message(message: Any) -> bool:
    """Whether the message has the shape ``FormView`` promises; any other is dropped."""
    if not isinstance(message, dict) or not _is_whole(message.get("serial")) or not _is_path(message.get("path")):
        return False
    match {key: value for key, value in message.items() if key not in ("serial", "path")}:
        case {"kind": "edit", "text": text, **more}:
            fits = _is_entry(text)
        case {"kind": "step", "by": by, **more}:
            fits = _is_whole(by) and by != 0
        case {"kind": "choose", "choice": choice, **more}:
            fits = _is_text(choice, "choice")
        case {"kind": "create", "text": name, **more}:
            fits = _is_text(name, "name") and bool(name.strip())
        case {"kind": "move", "by": by, **more}:
            fits = _is_whole(by) and by in (-1, 1)
        case {"kind": "act", "action": action, "answers": answers, **more}:
            fits = _is_text(action, "key") and _are_answers(answers)
        case {"kind": "undo" | "redo", **more}:
            fits = message["path"].count("/") == 1
        case {"kind": "add" | "remove" | "copy", **more}:
            fits = True
        case _:
            return False
    return fits and not more


def _is_path(value: Any) -> bool:
    return _is_text(value, "path") and value.startswith("/")


def _is_text(value: Any, measure: str) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST[measure]


def _is_entry(value: Any) -> bool:
    """Whether this is what a field may hold: a text, or some texts that are not longer together."""
    if not isinstance(value, list):
        return _is_text(value, "text")
    fits = len(value) <= LONGEST["list"] and all(isinstance(line, str) for line in value)
    return fits and sum(map(len, value)) <= LONGEST["text"]


def _are_answers(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > LONGEST["key"]:
        return False
    return all(_is_text(name, "key") and _is_text(answer, "answer") for name, answer in value.items())


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and math.fabs(value) < 2**53
