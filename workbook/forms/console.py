"""The facilitator's console in a notebook: the desk of a workshop beside the votes that were revealed.

It does what the desk's page does, with the same acts (``workshop.acts``), the same values (``forms.desk``) and the same
templates. Console and server are two processes on one store: each looks twice a second for what the other has stored, so
phones follow what is done here. Like the page it asks for the facilitator's key, which stays in the kernel; what goes to
the browser is the page's HTML, in which no vote stands that has not been revealed.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from workbook.errors import WorkbookError, WorkshopError
from workbook.exhibits.exhibit import Exhibit
from workbook.exhibits.scripts import scripts_of_page
from workbook.exhibits.theme import tokens_css
from workbook.exhibits.view import ExhibitView
from workbook.forms.desk import (
    asked_values,
    desk_values,
    network_words,
    now_on_the_desk,
    revealed_exhibits,
    seconds_left,
    voted_words,
)
from workbook.forms.live import LivePlan
from workbook.forms.markup import DESK, markup
from workbook.language import N_, _, plural
from workbook.workshop.acts import Sent, acted, said
from workbook.workshop.guard import Guard
from workbook.workshop.log import Workshop, WorkshopLog, fingerprint
from workbook.workshop.room import Room

__all__ = ["Console", "ConsoleView", "desk_js", "nothing_revealed", "workshop_css"]

LOOK_EVERY = 0.5
"""Seconds between two looks for what others stored."""

LONGEST = {"act": 20, "name": 300, "text": 20_000, "fields": 1_000, "whole": 200_000}
"""How long the parts of a message may be, and how many fields it may have."""

QUIET = frozenset({"vote", "note", "unnote", "joined", "seat", "desk", "undesk", "served", "unserved", "speaks"})
"""What happens without changing what the minutes show."""

MOST_EXHIBITS = 4
"""Beside the console: an exercise has three aspects at most, and the groups compared."""

NOTHING = Exhibit("no-exhibit", "", empty=True)
"""What fills a place where nothing stands; it is not seen."""

_HERE = Path(__file__).parent


@cache
def desk_js() -> str:
    """Return what the desk's page and the console share in a browser."""
    return (_HERE / "desk.js").read_text("utf-8")


@cache
def workshop_css() -> str:
    """Return the style of a workshop's pages, and of the console in a notebook."""
    return (_HERE / "workshop.css").read_text("utf-8")


class ConsoleView(anywidget.AnyWidget):
    """
    The console as the browser shows it: ``html``, and what is ``told`` beside it at each moment.

    ``on_message`` is called with each well-formed message: ``{"kind": "act", "act", "fields": [[name, text]], "serial"}``
    for a form that was sent, ``{"kind": "look", "who", "place", "serial"}`` for who wishes to see a participant's
    question. Any other is dropped. Each is answered with ``answer``.
    """

    _esm = desk_js() + (_HERE / "console.js").read_text("utf-8")
    _css = tokens_css() + workshop_css()

    html = traitlets.Unicode().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)

    def __init__(self, on_message: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(**scripts_of_page())
        self._callback = on_message
        self.on_msg(self._receive)

    def answer(self, serial: int, wrong: str = "") -> None:
        """Say that a message was dealt with, or what was ``wrong`` with it."""
        self.send({"kind": "answer", "serial": serial, "wrong": wrong})

    def _receive(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if _is_console_message(message):
            self._callback(message)


class Console:
    """
    A workshop about the plan of ``live``, led from a notebook.

    ``view`` is the console and ``revealed`` are the places for exhibits beside it. ``changed`` is called when something happened that the
    minutes show.
    """

    def __init__(self, live: LivePlan, changed: Callable[[], None]) -> None:
        self.live, self._changed = live, changed
        self.workshop = Workshop.of(live.workspace, live.plan_id)
        self.view = ConsoleView(self._heard)
        self.revealed = [ExhibitView(NOTHING) for _ in range(MOST_EXHIBITS)]
        self._key = ""
        self._guard = Guard()
        self._who, self._place = "", ""
        self._shown: tuple[Any, ...] = ()
        self.redraw()
        self._look_again()

    @property
    def is_led(self) -> bool:
        """Whether the key that was given here is valid now."""
        return self.workshop is not None and bool(self._key) and fingerprint(self._key) in self.workshop.room.desks

    def redraw(self, **given: str) -> None:
        """Show the workshop as it stands; ``given`` is shown once, to whoever asked for it."""
        with self.view.hold_sync():
            self.view.told = self._told()
            self.view.html = self._html(**given)
        self._show_revealed()

    def look(self) -> None:
        """Take in what others have stored, and show it."""
        if self.workshop is None or self.workshop.room.over:
            store = WorkshopLog(self.live.workspace)
            known = store.workshops(self.live.plan_id)
            if known and (self.workshop is None or known[0].id != self.workshop.held.id):
                self.workshop = Workshop(store, known[0])
                self.redraw()
        if self.workshop is None:
            return
        if self.workshop.store.head(self.workshop.held.id) > self.workshop.room.sequence and self.workshop.catch_up():
            self._took_in()

    def _took_in(self, **given: str) -> None:
        self.redraw(**given)
        if self.workshop is not None and any(entry.kind not in QUIET for entry in self.workshop.fresh):
            self._changed()

    def _look_again(self) -> None:
        with suppress(RuntimeError):  # no event loop: a test, or a page that nobody looks at
            asyncio.get_running_loop().call_later(LOOK_EVERY, self._looked)

    def _looked(self) -> None:
        with suppress(WorkbookError):  # a store that is away for a moment comes back
            self.look()
        self._look_again()

    # --- what is asked for

    def _heard(self, message: dict[str, Any]) -> None:
        """Do what a form asks for, and answer it: what cannot be done is said above it."""
        try:
            given = self._done(message)
        except WorkbookError as problem:
            sentence = str(problem)
            self.view.answer(message["serial"], sentence[:1].upper() + sentence[1:])
            return
        self._took_in(**given)
        self.view.answer(message["serial"])

    def _done(self, message: dict[str, Any]) -> dict[str, str]:
        """Store what a message comes to; return what is shown once."""
        if self.workshop is None:
            raise WorkshopError(N_("no workshop has been begun about this plan."))
        if message["kind"] == "look":
            self._who, self._place = message["who"], message["place"]
            return {}
        fields: dict[str, list[str]] = {}
        for name, text in message["fields"]:
            fields.setdefault(name, []).append(text)
        sent, act = Sent(fields), message["act"]
        if act == "key":
            self._take_key(sent.text("key", 300))
            return {}
        if not self.is_led:
            raise WorkshopError(N_("this needs the facilitator's key."))
        who = sent.text("who", 40)
        if who and act in ("vote", "note", "unnote"):
            self._say_for(who, act, sent)
            return {}
        return self._lead(act, sent)

    def _lead(self, act: str, sent: Sent) -> dict[str, str]:
        assert self.workshop is not None
        self.workshop.catch_up()
        done = acted(act, sent, self.workshop.room, self.live.plan, key=self._key)
        if done.wanted:
            self.live.take(done.wanted)
        self.workshop.must(*done.entries)
        if done.leaves:
            self._key = ""
        address = self.workshop.room.address
        link = f"{address}/desk?key={done.key}" if done.key and address else done.key
        return {name: text for name, text in (("given", done.given), ("link", link)) if text}

    def _say_for(self, who: str, saying: str, sent: Sent) -> None:
        """Vote for somebody without a device; for others nobody votes but themselves."""
        assert self.workshop is not None
        member = self.workshop.room.participants.get(who)
        if member is None or not member.proxy:
            raise WorkshopError(N_("votes are given from here only for people without a device."))
        self.workshop.must(said(saying, sent, who, self.workshop.room))
        self._place = ""

    def _take_key(self, given: str) -> None:
        """Take a key, or the link it came in."""
        assert self.workshop is not None
        key = given.strip().rpartition("key=")[2]
        if self._guard.refuses("console"):
            raise WorkshopError(N_("too many wrong codes came from there. Wait a minute, then try again."))
        self.workshop.catch_up()
        if fingerprint(key) not in self.workshop.room.desks:
            self._guard.note("console")
            raise WorkshopError(N_("this is no key to this workshop. Copy it again from where it was given to you."))
        self._key = key

    # --- what is shown

    def _told(self) -> dict[str, Any]:
        lost = _(N_("Not sent yet: the workbook does not answer. It is sent again by itself."))
        if self.workshop is None or not self.is_led:
            return {"status": "", "people": "", "left": None, "lost": lost}
        room = self.workshop.room
        return {
            "status": voted_words(room, now_on_the_desk(room)),
            "people": plural("One person is here", "{count} people are here", len(room.participants)),
            "left": seconds_left(room),
            "lost": lost,
        }

    def _html(self, **given: str) -> str:
        if self.workshop is None:
            return self._rendered("none", plan=self.live.plan_id)
        room = self.workshop.room
        if not self.is_led:
            return self._rendered("key", held=self.workshop.held)
        network = network_words(room.network) if room.address else _(N_("Nobody serves it now."))
        values = desk_values(
            room,
            self.workshop.held,
            self.live.plan,
            address=room.address,
            network=network,
            endings=("html", "pdf", "pptx", "xlsx"),
            console=True,
        )
        member, poll = room.participants.get(self._who), None
        if member is not None and member.proxy:
            poll = room.current_of(member.group)
        if member is not None and poll is not None and poll.phase == "open":
            more = {"who": member.id, "member": member, "poll": poll}
            return self._rendered("proxy", **(values | more | asked_values(poll, member.id, self._place)))
        self._who = ""
        return self._rendered("desk", **(values | {"xsrf": ""} | given))

    def _rendered(self, view: str, **values: Any) -> str:
        return markup(DESK).get_template("workshop/console.html.j2").render(view=view, **values)

    def _show_revealed(self) -> None:
        room = self.workshop.room if self.workshop is not None else Room()
        poll = now_on_the_desk(room)
        if poll is None or not poll.ended_rounds:
            mark: tuple[Any, ...] = ("",)
        else:
            heaps = tuple((note.id, note.cluster) for note in poll.notes.values())
            mark = (poll.id, poll.ended_rounds, heaps, tuple(poll.clusters.items()), len(room.participants))
        if mark == self._shown:
            return
        self._shown = mark
        shown = revealed_exhibits(room, poll) if poll is not None and poll.ended_rounds else [nothing_revealed()]
        shown += [NOTHING] * (MOST_EXHIBITS - len(shown))
        for view, exhibit in zip(self.revealed, shown, strict=True):
            view.show(exhibit)


def nothing_revealed() -> Exhibit:
    """Return what stands beside the console before the first reveal."""
    told = _(N_("Nothing has been revealed yet. Votes stand here from the reveal on, each as a dot."))
    return Exhibit("revealed-votes", told, empty=True)


def _is_console_message(message: Any) -> bool:
    """Whether the message has the shape ``ConsoleView`` promises."""
    if not isinstance(message, dict) or type(message.get("serial")) is not int:
        return False
    match {key: value for key, value in message.items() if key != "serial"}:
        case {"kind": "look", "who": str(who), "place": str(place), **more}:
            fits = max(len(who), len(place)) <= LONGEST["name"]
        case {"kind": "act", "act": str(act), "fields": list(fields), **more}:
            fits = len(act) <= LONGEST["act"] and len(fields) <= LONGEST["fields"] and all(map(_is_field, fields))
            fits = fits and sum(len(text) for _name, text in fields) <= LONGEST["whole"]
        case _:
            return False
    return fits and not more


def _is_field(field: Any) -> bool:
    return (
        isinstance(field, list)
        and len(field) == 2
        and all(isinstance(part, str) for part in field)
        and len(field[0]) <= LONGEST["name"]
        and len(field[1]) <= LONGEST["text"]
    )
