"""The facilitator's desk: what is asked, the reveal, another round, what the plan takes over, decisions, the agenda.

All of it needs the facilitator's key. It shows who has not answered yet, and no vote before the reveal: not on the page,
not in its events, not in the table of votes. A second facilitator gets a key of their own, and the first may let go.
"""

import asyncio
import csv
import io
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from tornado.web import HTTPError

from workbook.errors import ParameterError, WorkbookError, WorkshopError
from workbook.exhibits.workshop import SUGGESTED
from workbook.forms.live import LivePlan
from workbook.language import N_, number, speaking, translated
from workbook.plan.adoption import is_adopted
from workbook.serving.gate import is_loopback
from workbook.serving.workshop.visitors import Page, RoomPage, _asked, decisions_of, seconds_left, stamp_of, voted_words
from workbook.workshop.agenda import PROGRAMMES, agenda, blocks_of, prework, starts
from workbook.workshop.asking import Option
from workbook.workshop.exercises import EXERCISES, exercise, proposals, readings, title_of
from workbook.workshop.log import CODE, fingerprint, new_code
from workbook.workshop.room import Entry, Poll

__all__ = ["Act", "Desk", "Key", "Minutes", "Proxy", "Screen", "Votes", "network_words"]

MOST_ITEMS = 40
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
        room, plan = self.room, self.hall.plan
        poll = room.current or (room.polls[room.last[-1]] if room.last else None)
        if poll is not None and poll.phase == "removed":
            poll = None
        with speaking(self.language):
            offered = proposals(plan, poll) if poll is not None and poll.ended_rounds else []
            values = {
                "stamp": str(room.sequence),
                "poll": poll,
                "polls": [p for p in room.polls.values() if p.phase != "removed"],
                "status": voted_words(room, poll),
                "missing": self._missing(poll),
                "figures": self.figures(poll) if poll is not None and poll.ended_rounds else [],
                "offered": [(one, is_adopted(plan, one)) for one in offered],
                "apart": _willing(self, poll),
                "exercises": [(one, one.items(plan)) for one in EXERCISES.values()],
                "heaps": _heaps(room.polls.values()),
                "programmes": PROGRAMMES.values(),
                "blocks": self._blocks(),
                "prework": prework(plan, blocks_of(room.blocks)) if room.blocks else [],
                "left": seconds_left(room),
                "network": network_words(self.settings["workshop_host"]),
                "endings": list(KINDS) if self.settings["workshop_minutes"] else [],
                "join": self.settings["workshop_address"],
                "decisions": decisions_of(room),
                "today": date.today().isoformat(),
                "link": "",
                "given": "",
                "qr": qr_svg(f"{self.settings['workshop_address']}/?code={self.hall.held.code}"),
            }
            self.show("desk.html.j2", **(values | more))

    def _missing(self, poll: Poll | None) -> list[str]:
        if poll is None or poll.phase != "open":
            return []
        asked = exercise(poll.exercise).questions(poll)
        lacking = [p for p in self.room.expected(poll) if any(poll.own(one.key, p.id) is None for one in asked)]
        return [
            p.name or translated(N_("Somebody")) for p in lacking if p.id not in {n.who for n in poll.notes.values()}
        ]

    def _blocks(self) -> list[dict[str, Any]]:
        room = self.room
        moments = starts(room, began=room.began or datetime.now(UTC))
        return [
            block | {"start": moment.astimezone().strftime("%H:%M"), "extra": room.extended.get(i, 0)}
            for i, (block, moment) in enumerate(zip(room.blocks, moments, strict=True))
        ]


class Key(Page):
    """Where a facilitator shows the key."""

    def get(self) -> None:
        self.show("key.html.j2", wrong="")

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
            self.show("key.html.j2", wrong=wrong[:1].upper() + wrong[1:])
            return
        self.keep("desk", given)
        self.redirect("/desk", status=303)


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
        work: Callable[[], Any] | None = getattr(self, f"_do_{act}", None)
        if work is None:
            raise HTTPError(404)
        try:
            await self.hall.refresh_plan()
            shown = await work()
        except WorkbookError as problem:
            self.refuse(problem, "/desk")
            return
        if shown:
            self.show_desk(**shown)
        else:
            self.redirect(f"/desk#{self.text('place', 20) or 'now'}", status=303)

    async def _add(self, kind: str, **value: Any) -> None:
        await self.hall.add(Entry(kind, value, operation=self._operation(kind)))

    def _operation(self, kind: str) -> str:
        given = self.text("operation", 60)
        return fingerprint(f"desk:{kind}:{given}")[:40] if given else ""

    # --- exercises

    async def _do_ask(self) -> None:
        one = exercise(self.text("exercise", 20))
        chosen = self.get_body_arguments("item")[:MOST_ITEMS]
        known = {item.id: item for item in (*one.items(self.hall.plan), *_heaps(self.room.polls.values()))}
        items = [known[id] for id in chosen if id in known]
        own = [" ".join(line.split())[:200] for line in self.text("more", 4_000).splitlines()]
        items += [Option(f"own-{fingerprint(line)[:10]}", line) for line in dict.fromkeys(own) if line]
        items = items[:MOST_ITEMS]
        if len(items) < one.least:
            with speaking(self.language):
                title = translated(one.title)
            raise WorkshopError(
                N_("“{exercise}” needs at least {count} things to be about. Choose them."),
                exercise=title,
                count=number(one.least),
            )
        id = fingerprint(f"poll:{self.text('operation', 60)}")[:16]
        total = _whole(self.text("total", 5), 3, 1, 20)
        title = " ".join(self.text("title", 300).split())
        await self._add(
            "asked",
            id=id,
            exercise=one.key,
            title=title,
            items=[asdict(item) for item in items],
            options={"total": total, "most": _whole(self.text("most", 5), total, 1, total)},
            group=self.text("group", 80) if self.text("group", 80) in self.room.groups else "",
        )
        await self._add("opened", poll=id)

    async def _do_open(self) -> None:
        await self._add("opened", poll=self.text("poll", 40))

    async def _do_reveal(self) -> None:
        await self._add("revealed", poll=self.text("poll", 40))

    async def _do_again(self) -> None:
        await self._add("again", poll=self.text("poll", 40))

    async def _do_close(self) -> None:
        await self._add("closed", poll=self.text("poll", 40))

    async def _do_remove(self) -> None:
        await self._add("removed", poll=self.text("poll", 40))

    async def _do_heap(self) -> None:
        notes = self.get_body_arguments("note")[:500]
        name = " ".join(self.text("name", 300).split())
        heap = self.text("heap", 20)
        if heap == "new" or not heap:
            if not name:
                raise WorkshopError(N_("give the heap a name."))
            heap = fingerprint(f"heap:{self.text('operation', 60)}")[:10]
        await self._add(
            "heaped", poll=self.text("poll", 40), cluster="" if heap == "none" else heap, notes=notes, name=name
        )

    async def _do_adopt(self) -> None:
        poll = self.room.poll(self.text("poll", 40))
        keys = self.get_body_arguments("key")
        with speaking(self.language):
            wanted = [one for one in proposals(self.hall.plan, poll) if one.key in keys]
        if not wanted:
            raise WorkshopError(N_("choose what the plan shall take over."))
        await self.hall.run(_taken, self.hall, wanted)
        await self.hall.refresh_plan()
        await self._add("adopted", poll=poll.id, keys=[one.key for one in wanted])

    # --- decisions, parking lot, agenda

    async def _do_decide(self) -> None:
        id = self.text("id", 40) or fingerprint(f"decision:{self.text('operation', 60)}")[:16]
        fields = ("choice", "rejected", "reason", "dissent", "evidence", "owner", "review")
        await self._add("decided", id=id, **{name: " ".join(self.text(name, 2_000).split()) for name in fields})

    async def _do_park(self) -> None:
        id = self.text("id", 40) or fingerprint(f"parked:{self.text('operation', 60)}")[:16]
        before = self.room.parked.get(id)
        text = " ".join(self.text("text", 500).split()) or (before.text if before else "")
        await self._add(
            "parked", id=id, text=text, owner=self.text("owner", 80).strip(), done=self.text("done", 3) == "yes"
        )

    async def _do_plan(self) -> None:
        key = self.text("programme", 20)
        if key not in PROGRAMMES:
            raise ParameterError(N_("there is no agenda “{found}”."), found=key)
        with speaking(self.language):
            blocks = agenda(PROGRAMMES[key])
        await self._add("planned", blocks=[asdict(block) for block in blocks])

    async def _do_minutes(self) -> None:
        """Set the minutes of each block by hand."""
        blocks = [dict(block) for block in self.room.blocks]
        for i, block in enumerate(blocks):
            block["minutes"] = _whole(self.text(f"minutes-{i}", 5), block["minutes"], 1, 600)
        await self._add("planned", blocks=blocks)

    async def _do_block(self) -> None:
        await self._add("block", block=_whole(self.text("block", 5), -1, -1, 500))

    async def _do_extend(self) -> None:
        await self._add("extended", block=self.room.block, minutes=_whole(self.text("minutes", 5), 5, -60, 60))

    async def _do_conclude(self) -> None:
        learned = [line.strip() for line in self.text("learned", 5_000).splitlines() if line.strip()]
        await self._add("concluded", learned=learned)

    # --- people

    async def _do_proxy(self) -> None:
        who = fingerprint(f"proxy:{self.text('operation', 60)}")[:16]
        name = " ".join(self.text("name", 100).split())
        value = {"name": name, "group": self.text("group", 80), "proxy": True}
        await self.hall.add(Entry("joined", value, who, self._operation("joined")))

    async def _do_code(self) -> dict[str, Any]:
        """Give somebody who lost their device a code for another."""
        code = new_code()
        await self.hall.add(Entry("seat", {"hashes": [fingerprint(f"code:{code}")]}, self.text("who", 40)))
        return {"given": f"{code[: CODE // 2]}-{code[CODE // 2 :]}"}

    async def _do_handover(self) -> dict[str, Any]:
        key = secrets.token_urlsafe(24)
        await self._add("desk", hash=fingerprint(key), name=self.text("name", 80).strip())
        return {"link": f"{self.settings['workshop_address']}/desk?key={key}"}

    async def _do_letgo(self) -> None:
        await self._add("undesk", hash=fingerprint(self.key))
        self.clear_cookie(self._cookie("desk"))


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
        questions = exercise(poll.exercise).questions(poll)
        shown = _asked(poll, questions, member.id, self._place(questions))
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


def network_words(host: str) -> str:
    """Return who can reach a server at ``host``, in the language in use."""
    if is_loopback(host):
        return translated(N_("Open to this machine only."))
    return translated(
        N_("Open to everybody in the network of {address}. Nothing is encrypted on the way there."), address=host
    )


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


def _heaps(polls: Any) -> list[Option]:
    """Return the heaps that notes were sorted into, to vote on."""
    return [
        Option(f"heap-{id}", name) for poll in polls if poll.phase != "removed" for id, name in poll.clusters.items()
    ]


def _willing(page: Page, poll: Poll | None) -> tuple[int, list[str]]:
    """Return how many stand apart, and the names of those of them who wish to be named."""
    if poll is None or not poll.ended_rounds or poll.phase == "open" or not exercise(poll.exercise).judged:
        return 0, []
    apart = {list(reading.values)[i] for reading in readings(poll) for i in reading.spread.apart}
    return len(apart), [page.room.participants[who].name for who in apart & poll.named if who in page.room.participants]


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


def _whole(text: str, otherwise: int, low: int, high: int) -> int:
    """Return the whole number in ``text`` kept within bounds, or ``otherwise``."""
    try:
        return max(low, min(high, int(text)))
    except ValueError:
        return otherwise


def qr_svg(address: str) -> str:
    """Return a QR code of ``address`` as inline SVG, dark on light in both themes, since phones read no other."""
    import segno

    code = segno.make(address, error="m")
    return code.svg_inline(scale=1, border=2, dark="#14171d", light="#ffffff", omitsize=True, svgclass="wb-qr")
