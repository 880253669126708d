"""The facilitator's desk: what is asked, the reveal, another round, what the plan takes over, decisions, the agenda.

All of it needs the facilitator's key. It shows who has not answered yet, and no vote before the reveal: not on the page,
not in its events, not in the table of votes. A second facilitator gets a key of their own, and the first may let go.
"""

import asyncio
import csv
import io
import re
from typing import Any

from tornado.web import HTTPError

from workbook.errors import WorkbookError, WorkshopError
from workbook.exhibits.workshop import SUGGESTED
from workbook.forms.desk import (
    asked_values,
    decisions_of,
    desk_values,
    network_words,
    qr_svg,
    seconds_left,
    voted_words,
)
from workbook.forms.live import LivePlan
from workbook.language import N_, speaking, translated
from workbook.serving.workshop.visitors import Page, RoomPage, stamp_of
from workbook.workshop.acts import ACTS, acted
from workbook.workshop.agenda import blocks_of
from workbook.workshop.exercises import exercise, readings, title_of
from workbook.workshop.log import fingerprint
from workbook.workshop.room import Poll

__all__ = ["Act", "Desk", "Key", "Minutes", "Proxy", "Screen", "Votes"]

KINDS = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a browser is told of a file, by its ending."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _DeskPage(Page):
    """A page for facilitators only."""

    def prepare(self) -> None:
        super().prepare()
        if not self.is_facilitator:
            self.redirect("/desk/key", status=303)

    def show_desk(self, **more: Any) -> None:
        """Answer with the desk as it stands."""
        with speaking(self.language):
            values = desk_values(
                self.room,
                self.hall.held,
                self.hall.plan,
                address=self.settings["workshop_address"],
                network=network_words(self.settings["workshop_network"]),
                endings=KINDS if self.settings["workshop_minutes"] else (),
            )
        poll = values["poll"]
        shown = self.figures(poll) if poll is not None and poll.ended_rounds else []
        self.show("desk.html.j2", **(values | {"stamp": str(self.room.sequence), "figures": shown} | more))


class Key(Page):
    """Where a facilitator shows the key, on the way to a page of theirs."""

    @property
    def way(self) -> str:
        """Where a facilitator goes from here: one of their own pages."""
        asked = self.get_argument("to", "/desk")
        return asked if re.fullmatch(r"/(desk|screen|desk/votes\.csv|desk/minutes\.[a-z]+)", asked) else "/desk"

    def get(self) -> None:
        if self.is_facilitator:
            self.redirect(self.way)
        else:
            self.show("key.html.j2", wrong="", way=self.way)

    def post(self) -> None:
        given = self.text("key", 60).strip()
        try:
            self.require_few_tries()
            if fingerprint(given) not in self.room.desks:
                self.guard.note(self.request.remote_ip or "")
                raise WorkshopError(
                    N_("this is no key to this workshop. Copy it again from where it was given to you.")
                )
        except WorkshopError as problem:
            with speaking(self.language):
                wrong = str(problem)
            if self.get_status() == 200:
                self.set_status(403)
            self.show("key.html.j2", wrong=wrong[:1].upper() + wrong[1:], way=self.way)
            return
        self.keep("desk", given)
        self.redirect(self.way, status=303)


class Desk(_DeskPage):
    """The desk itself."""

    def prepare(self) -> None:
        given = self.get_query_argument("key", "")
        if not given:
            super().prepare()
            return
        # The key goes from the address, which stays in histories, into a cookie.
        if not self.guard.refuses(self.request.remote_ip or "") and fingerprint(given) in self.room.desks:
            self.keep("desk", given)
            self.redirect("/desk")
        else:
            self.guard.note(self.request.remote_ip or "")
            self.redirect("/desk/key")

    async def get(self) -> None:
        await self.hall.refresh_plan()
        self.show_desk()


class Act(_DeskPage):
    """What a facilitator does."""

    async def post(self, act: str) -> None:
        if self._finished:
            return
        if act not in ACTS:
            raise HTTPError(404)
        try:
            plan = await self.hall.refresh_plan()
            with speaking(self.language):
                done = acted(act, self.sent, self.room, plan, key=self.key)
            if done.wanted:
                await self.hall.run(_taken, self.hall, done.wanted)
                await self.hall.refresh_plan()
            await self.hall.add(*done.entries)
        except WorkbookError as problem:
            self.refuse(problem, "/desk")
            return
        if done.leaves:
            self.clear_cookie(self._cookie("desk"))
        if done.given or done.key:
            link = f"{self.settings['workshop_address']}/desk?key={done.key}" if done.key else ""
            self.show_desk(given=done.given, link=link)
        else:
            self.redirect(f"/desk#{self.text('place', 20) or 'now'}", status=303)


class Proxy(_DeskPage, RoomPage):
    """The question, for somebody without a device."""

    def get(self) -> None:
        member = self.room.participants.get(self.get_query_argument("who", ""))
        if member is None or not member.proxy:
            raise HTTPError(404)
        poll = self.room.current_of(member.group)
        if poll is None or poll.phase != "open":
            self.redirect("/desk")
            return
        shown = asked_values(poll, member.id, self.get_query_argument("q", ""))
        with speaking(self.language):
            status = voted_words(self.room, poll)
        base = {"poll": poll, "stamp": stamp_of(self.room, poll), "code": "", "who": member.id, "member": member}
        self.show("question.html.j2", status=status, **base, **shown)


class Screen(Page):
    """What all see on the projector: how to join, what is asked, the reveal. No name and no hidden vote is on it."""

    def get(self) -> None:
        if not (self.is_facilitator or self.seat):
            self.redirect("/")
            return
        room = self.room
        poll = room.current
        address = self.settings["workshop_address"]
        with speaking(self.language):
            status = voted_words(room, poll)
            shown = decisions_of(room) if room.over or (poll is None and room.decisions) else None
            self.show(
                "screen.html.j2",
                stamp=f"{stamp_of(room, poll)}.{room.block}.{len(room.decisions)}",
                poll=poll,
                status=status,
                figures=self.figures(poll) if poll is not None and poll.phase == "revealed" else [],
                suggested=_suggested(poll) if poll is not None and poll.phase == "revealed" else [],
                decisions=shown,
                qr=qr_svg(f"{address}/?code={self.hall.held.code}"),
                join=address,
                left=seconds_left(room),
                block=blocks_of(room.blocks)[room.block] if room.block >= 0 else None,
            )


class Votes(_DeskPage):
    """The votes of revealed rounds as a table."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="votes.csv"')
        self.finish("\ufeff" + votes_csv(self))


class Minutes(_DeskPage):
    """The minutes as a file, written by the report writers from the page ``workshop``."""

    async def get(self, ending: str) -> None:
        if self._finished:
            return
        make = self.settings["workshop_minutes"]
        if make is None:
            raise HTTPError(404)
        work = (self.hall.workspace, self.hall.held.plan, self.language, ending)
        try:
            content = await asyncio.get_running_loop().run_in_executor(None, make, *work)
        except WorkbookError as problem:
            self.refuse(problem, "/desk")
            return
        self.set_header("Content-Type", KINDS[ending])
        self.set_header("Content-Disposition", f'attachment; filename="minutes.{ending}"')
        self.finish(content)


def votes_csv(page: Page) -> str:
    """Return the votes of revealed rounds, a row each; voters are numbered, and named where they wished to be."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["exercise", "about", "question", "item", "round", "voter", "answer"])
    numbers = {who: f"P{i:02d}" for i, who in enumerate(page.room.participants, start=1)}
    for poll in page.room.polls.values():
        if poll.phase == "removed" or not poll.ended_rounds:
            continue
        labels = {one.key: one.about for one in exercise(poll.exercise).questions(poll)}
        for (round, key, who), vote in poll.votes.items():
            if round <= poll.ended_rounds:
                member = page.room.participants[who]
                voter = member.name if who in poll.named and member.name else numbers[who]
                for part, answer in _answers(vote.value):
                    about = labels.get(key, "")
                    row = [poll.exercise, title_of(poll), f"{key}{part}", about, round, voter, answer]
                    writer.writerow([_inert(cell) for cell in row])
        for note in poll.notes.values():
            heap = poll.clusters.get(note.cluster, "")
            row = [poll.exercise, title_of(poll), note.side, heap, poll.ended_rounds, numbers[note.who], note.text]
            writer.writerow([_inert(cell) for cell in row])
    return out.getvalue()


def _answers(value: Any) -> list[tuple[str, Any]]:
    """Return an answer as figures, each with what it is of."""
    if isinstance(value, dict):
        return [(f":{name}", figure) for name, figure in value.items()]
    if isinstance(value, list):
        return [(f":{name}", place) for place, name in enumerate(value, start=1)]
    return [("", value)]


def _inert(cell: Any) -> Any:
    """Return text that a spreadsheet would take for a formula with a mark before it; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _taken(hall: Any, wanted: list[Any]) -> None:
    LivePlan(hall.workspace, hall.held.plan).take(wanted)


def _suggested(poll: Poll) -> list[tuple[str, str, str, str]]:
    """Return, for each thing, what its spread suggests: label, aspect, suggestion and the words for it."""
    one = exercise(poll.exercise)
    several = len(one.aspects) > 1
    shown: list[tuple[str, str, str, str]] = []
    for reading in readings(poll) if one.judged else []:
        aspect = translated(one.aspects.get(reading.aspect, "")) if several else ""
        suggestion = reading.spread.suggestion
        if reading.spread.n:
            shown.append((reading.label, aspect, suggestion, translated(SUGGESTED[suggestion])))
    return shown
