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

from workbook.exhibits.theme import tokens_css
from workbook.language import N_, translated

__all__ = ["FormView", "HeaderView", "page_css"]

Message = dict[str, Any]

_HERE = Path(__file__).parent

_FORM_PARTS = ("controls.js", "asking.js", "form.js")
"""Joined in this order they are one module: a widget's module cannot import another file."""

FORM_WORDS = {
    "saving": N_("Saving…"),
    "not_saved": N_("Not saved yet: the workbook does not answer. What you typed is still here."),
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
}

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
}


class FormView(anywidget.AnyWidget):
    """
    A form as the browser shows it.

    Parameters
    ----------
    content
        What is drawn, JSON data: ``name``, ``title``, ``intro``, ``cards``, ``add`` (``{"path", "label"}`` or None),
        ``empty`` (shown when there are no cards) and ``words``.
        A card has ``path``, ``title``, ``summary``, ``intro``, ``open``, ``collapsible``, ``removable``,
        ``error_count``, ``fields``.
        A field has ``path``, ``kind`` (line, text, number, choice, choices, reference, references, month, date, lines,
        boolean, group, items), ``label``, ``text`` (a list of texts for choices, references and lines; "true" or
        "false" for boolean; ISO for month and date), and may have ``unit``, ``help``, ``placeholder``, ``choices``
        (``[{"value", "label"}]``), ``step``, ``error``, ``advice``, ``evidence`` (``{"kind", "text"}``). A group has
        ``fields``; items have ``cards``, ``add`` and ``empty``. Paths of fields are unique within a form.
    on_message
        Called with each message of the browser: ``edit`` (serial, path, text), ``step`` (serial, path, by: a whole
        number, not 0), ``add`` and ``remove`` (serial, path). Answer each with ``answer``, after setting ``content``.

    Notes
    -----
    ``words`` left out of the content are those of ``FORM_WORDS``, in the language in use.
    """

    _esm = "\n".join((_HERE / part).read_text("utf-8") for part in _FORM_PARTS)
    _css = tokens_css() + (_HERE / "form.css").read_text("utf-8")

    content = traitlets.Dict().tag(sync=True)

    def __init__(self, content: Mapping[str, Any] | None = None, on_message: Callable[[Message], None] | None = None):
        super().__init__(content=dict(content or {}))
        self._callback = on_message
        self.on_msg(self._receive)

    def on_message(self, callback: Callable[[Message], None]) -> None:
        """Call ``callback`` with each well-formed message from now on, in place of the one before."""
        self._callback = callback

    def answer(self, serial: int, ok: bool) -> None:
        """Say that a message was dealt with; not ``ok`` means not stored, for the reason in the field's ``error``."""
        self.send({"kind": "answer", "serial": serial, "ok": ok})

    @traitlets.validate("content")
    def _with_words(self, proposal: dict[str, Any]) -> dict[str, Any]:
        return _worded(proposal["value"], FORM_WORDS)

    def _receive(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if self._callback is not None and _is_form_message(message):
            self._callback(message)


class HeaderView(anywidget.AnyWidget):
    """
    The head of a page: plan, scenario, whether it is saved, languages, and the river of steps.

    Parameters
    ----------
    content
        ``plan``, ``scenario`` (its label or ""), ``status`` (``{"state": "saved" | "saving" | "unsaved" | "readonly",
        "text"}``), ``banner`` (a sentence or ""), ``languages`` (``[{"code", "label", "title", "href", "current"}]``),
        ``print`` (the button's label, "" for none), ``steps`` (``[{"number", "title", "side": "upstream" |
        "downstream", "state": "done" | "current" | "open" | "stale", "href"}]``) and ``words``. Addresses that leave
        the site are shown as text without a link.

    Notes
    -----
    While shown, the browser asks every two seconds whether the kernel is there (``ping``, answered here with ``pong``)
    and says so when it is not; with the state "readonly" it does not ask. ``words`` left out of the content are those
    of ``HEADER_WORDS``, in the language in use.
    """

    _esm = (_HERE / "header.js").read_text("utf-8")
    _css = tokens_css() + (_HERE / "header.css").read_text("utf-8")

    content = traitlets.Dict().tag(sync=True)

    def __init__(self, content: Mapping[str, Any] | None = None):
        super().__init__(content=dict(content or {}))
        self.on_msg(self._receive)

    @traitlets.validate("content")
    def _with_words(self, proposal: dict[str, Any]) -> dict[str, Any]:
        return _worded(proposal["value"], HEADER_WORDS)

    def _receive(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if isinstance(message, dict) and message.get("kind") == "ping":
            self.send({"kind": "pong"})


def page_css() -> str:
    """Return the style of a whole page, tokens included, for a Voila template or a report."""
    return tokens_css() + (_HERE / "page.css").read_text("utf-8")


def _worded(content: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """Return ``content`` with the words it leaves out."""
    return content | {"words": {key: translated(word) for key, word in words.items()} | content.get("words", {})}


def _is_form_message(message: Any) -> bool:
    """Whether the message has the shape ``FormView`` promises; any other is dropped."""
    if not isinstance(message, dict) or not _is_whole(message.get("serial")):
        return False
    if not isinstance(path := message.get("path"), str) or not path.startswith("/"):
        return False
    match message.get("kind"):
        case "edit":
            text = message.get("text")
            return isinstance(text, str) or (isinstance(text, list) and all(isinstance(line, str) for line in text))
        case "step":
            return _is_whole(message.get("by")) and message["by"] != 0
        case "add" | "remove":
            return True
    return False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and math.fabs(value) < 2**53
