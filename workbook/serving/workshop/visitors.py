"""What do participants see and send? Join, one question a screen, their notes, the reveal; plain forms, each act once.

Nobody needs to sign in: who knows the code joins, and holds a secret of their own from then on. A form carries the id of
what it does, so that a double tap, a reload or a retry after a lost answer does it once. Without scripts everything
works by loading pages; with them a page follows what happens, and sends again by itself what did not arrive.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import urlencode

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from workbook.errors import WorkbookError, WorkshopError
from workbook.exhibits.view import exhibit_words
from workbook.forms.desk import asked_values, revealed_exhibits, seconds_left, voted_words
from workbook.language import LANGUAGES, N_, plural, speaking, translated
from workbook.serving.assets import asset_url
from workbook.serving.rendering import templates
from workbook.serving.workshop.hall import Hall
from workbook.workshop.acts import Sent, said
from workbook.workshop.exercises import exercise, readings, title_of
from workbook.workshop.guard import Guard
from workbook.workshop.log import ALPHABET, CODE, fingerprint, plain_code
from workbook.workshop.room import Entry, Participant, Poll, Room

__all__ = [
    "Events",
    "Join",
    "Leave",
    "NotHere",
    "Page",
    "Resume",
    "RoomPage",
    "Say",
    "code_of",
    "codes_of",
    "stamp_of",
]

BEAT = 15.0
"""Seconds after which a quiet stream says that it is still there."""

LONGEST_SECRET = 60


def code_of(secret: str) -> str:
    """Return the code by which who holds ``secret`` goes on with another device."""
    digest = int.from_bytes(hashlib.sha256(f"code:{secret}".encode()).digest()[:10])
    letters = []
    for _ in range(CODE):
        digest, rest = divmod(digest, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def codes_of(secret: str) -> list[str]:
    """Return what is stored of a device: fingerprints of its secret and of its code."""
    return [fingerprint(secret), fingerprint(f"code:{code_of(secret)}")]


def stamp_of(room: Room, poll: Poll | None) -> str:
    """Return what changes whenever a participant's page must be shown anew, and tells nothing of hidden votes."""
    if poll is None:
        return f"none.{room.over}"
    sorted_notes = hash(tuple((n.id, n.cluster) for n in poll.notes.values())) if poll.phase == "revealed" else 0
    names = hash(tuple(poll.clusters.items())) if poll.phase == "revealed" else 0
    return f"{poll.id}.{poll.phase}.{poll.round}.{len(poll.named)}.{sorted_notes}.{names}.{room.over}"


class Page(RequestHandler):
    """A page of the workshop."""

    @property
    def hall(self) -> Hall:
        return self.settings["workshop_hall"]

    @property
    def room(self) -> Room:
        return self.hall.room

    @property
    def guard(self) -> Guard:
        return self.settings["workshop_guard"]

    @property
    def language(self) -> str:
        """The language asked for, else that chosen before, else the server's."""
        asked = self.get_query_argument("language", "") or self.get_cookie("workshop-language", "") or ""
        return asked if asked in LANGUAGES else self.settings["workbook_language"]

    def set_default_headers(self) -> None:
        for name, value in self.settings["headers"].items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> None:
        if (asked := self.get_query_argument("language", "")) in LANGUAGES:
            self.set_cookie("workshop-language", asked, samesite="Lax", httponly=True)

    # --- who asks

    @property
    def secret(self) -> str:
        """What the visitor's device proves itself with, empty for none."""
        return (self.get_cookie(self._cookie("seat"), "") or "")[:LONGEST_SECRET]

    @property
    def seat(self) -> Participant | None:
        """The participant who asks, None for nobody known."""
        who = self.room.seats.get(fingerprint(self.secret)) if self.secret else None
        return self.room.participants.get(who) if who else None

    @property
    def key(self) -> str:
        """The facilitator's key the visitor's browser holds, empty for none."""
        return (self.get_cookie(self._cookie("desk"), "") or "")[:LONGEST_SECRET]

    @property
    def is_facilitator(self) -> bool:
        """Whether the visitor holds a key that is valid now."""
        return bool(self.key) and fingerprint(self.key) in self.room.desks

    def _cookie(self, kind: str) -> str:
        return f"{kind}-{self.hall.held.id[:12]}"

    def keep(self, kind: str, secret: str) -> None:
        """Have the browser hold ``secret`` for the workshop's life and a while longer."""
        self.set_cookie(self._cookie(kind), secret, expires_days=7, httponly=True, samesite="Lax")

    def require_few_tries(self) -> None:
        """Raise WorkshopError for who has tried too many wrong codes."""
        if self.guard.refuses(self.request.remote_ip or ""):
            self.set_status(429)
            self.set_header("Retry-After", "60")
            raise WorkshopError(N_("too many wrong codes came from there. Wait a minute, then try again."))

    # --- what is answered

    def show(self, template: str, **values: Any) -> None:
        """Answer with ``template`` in the visitor's language."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        with speaking(self.language):
            self.finish(self.rendered(template, **values))

    def rendered(self, template: str, **values: Any) -> str:
        """Return ``template`` as HTML, in the language in use."""
        given = {
            "language": self.language,
            "languages": [
                (code, name, "?" + urlencode({"language": code}))
                for code, name in LANGUAGES.items()
                if code != self.language
            ],
            "asset": asset_url,
            "xsrf": self.xsrf_token.decode(),
            "operation": secrets.token_urlsafe(18),
            "title": self.hall.held.title,
            "room": self.room,
            "held": self.hall.held,
            "seat": self.seat,
            "title_of": title_of,
            "words": json.dumps(exhibit_words()),
        }
        return templates().get_template(f"workshop/{template}").render(**(given | values))

    def figures(self, poll: Poll) -> list[dict[str, Any]]:
        """Return the exhibits of ``poll`` as data: worked out once for a moment and a language."""
        marks = (poll.id, poll.ended_rounds, stamp_of(self.room, poll), len(self.room.participants), self.language)
        if marks not in self.hall.drawn:
            with speaking(self.language):
                self.hall.drawn[marks] = [one.payload for one in revealed_exhibits(self.room, poll)]
        return self.hall.drawn[marks]

    def refuse(self, problem: WorkbookError, back: str) -> None:
        """Answer with what was wrong and a way back; what was sent is in the page that the way leads to."""
        if self.get_status() == 200:
            self.set_status(409)
        with speaking(self.language):
            sentence = str(problem)
        self.show("refused.html.j2", sentence=sentence[:1].upper() + sentence[1:], back=back)

    @property
    def sent(self) -> Sent:
        """What a form sent."""
        names = self.request.body_arguments
        return Sent({name: self.get_body_arguments(name, strip=False) for name in names})

    def text(self, name: str, most: int = 20_000) -> str:
        """Return what a form sent under ``name``, cut at ``most`` characters."""
        return self.sent.text(name, most)

    def write_error(self, status_code: int, **_about: Any) -> None:
        """Say in a sentence what is wrong, without what was asked for."""
        with speaking(self.language):
            sentence = translated(
                {
                    403: N_("This was not accepted. Load the page again, and try once more."),
                    404: N_("There is no such page."),
                    413: N_("That was too long."),
                }.get(status_code, N_("Something went wrong. Load the page again."))
            )
        self.show("refused.html.j2", sentence=sentence, back="/room")


class NotHere(Page):
    """Every address that is none of ours."""

    def get(self) -> None:
        raise HTTPError(404)


class Join(Page):
    """The door: code, name and group."""

    def get(self) -> None:
        if self.seat is not None:
            self.redirect("/room")
        else:
            self._ask()

    async def post(self) -> None:
        name, secret = " ".join(self.text("name", 200).split()), self.text("secret", LONGEST_SECRET)
        try:
            self.require_few_tries()
            if not hmac.compare_digest(plain_code(self.text("code", 40)).encode(), self.hall.held.code.encode()):
                self.guard.note(self.request.remote_ip or "")
                raise WorkshopError(
                    N_("there is no workshop with this code. Look at the screen again: letters and figures only.")
                )
            if len(secret) < 20:
                secret = secrets.token_urlsafe(24)
            who = fingerprint(f"who:{secret}")[:16]
            value = {
                "name": name if self.room.named else "",
                "group": self.text("group", 80),
                "hashes": codes_of(secret),
            }
            await self.hall.add(Entry("joined", value, who, fingerprint(f"join:{secret}")[:40]))
        except WorkbookError as problem:
            if self.get_status() == 200:
                self.set_status(409)
            with speaking(self.language):
                self._ask(str(problem), name, secret)
            return
        self.keep("seat", secret)
        self.redirect("/room", status=303)

    def _ask(self, wrong: str = "", name: str = "", secret: str = "") -> None:
        code = plain_code(self.get_argument("code", ""))
        self.show(
            "join.html.j2",
            code=f"{code[:4]}-{code[4:]}" if len(code) == CODE else code,
            wrong=wrong[:1].upper() + wrong[1:],
            name=name,
            secret=secret or secrets.token_urlsafe(24),
            group=self.text("group", 80) if self.request.method == "POST" else "",
        )


class Resume(Page):
    """The door for who is in already, with another device."""

    def get(self) -> None:
        self.show("resume.html.j2", wrong="", secret=secrets.token_urlsafe(24))

    async def post(self) -> None:
        secret = self.text("secret", LONGEST_SECRET)
        try:
            self.require_few_tries()
            who = self.room.seats.get(fingerprint(f"code:{plain_code(self.text('code', 40))}"))
            if who is None or len(secret) < 20:
                self.guard.note(self.request.remote_ip or "")
                raise WorkshopError(N_("nobody has this code. It stands at the foot of the page on your first device."))
            await self.hall.add(Entry("seat", {"hashes": codes_of(secret)}, who, fingerprint(f"seat:{secret}")[:40]))
        except WorkbookError as problem:
            if self.get_status() == 200:
                self.set_status(409)
            with speaking(self.language):
                wrong = str(problem)
            self.show("resume.html.j2", wrong=wrong[:1].upper() + wrong[1:], secret=secrets.token_urlsafe(24))
            return
        self.keep("seat", secret)
        self.redirect("/room", status=303)


class Leave(Page):
    """Forgets the participant on this device, which may be another's next."""

    def post(self) -> None:
        self.clear_cookie(self._cookie("seat"))
        self.redirect("/", status=303)


class RoomPage(Page):
    """What the participant does now."""

    def get(self) -> None:
        member = self.seat
        if member is None:
            self.redirect("/")
            return
        poll = self.room.current_of(member.group)
        base = {"stamp": stamp_of(self.room, poll), "poll": poll, "code": code_of(self.secret), "who": ""}
        with speaking(self.language):
            status = voted_words(self.room, poll)
        if poll is None:
            self.show("waiting.html.j2", **base)
        elif poll.phase == "revealed":
            self.show("reveal.html.j2", figures=self.figures(poll), apart=_stands_apart(poll, member.id), **base)
        else:
            asked = asked_values(poll, member.id, self.get_query_argument("q", ""))
            self.show("question.html.j2", status=status, **base, **asked)


def _stands_apart(poll: Poll, who: str) -> bool:
    """Whether a vote of ``who`` stands apart from the others', on anything."""
    one = exercise(poll.exercise)
    for reading in readings(poll) if one.judged else []:
        voters = list(reading.values)
        if any(voters[i] == who for i in reading.spread.apart):
            return True
    return False


class Say(Page):
    """What participants send: votes, notes, that they wish to speak, things to park."""

    async def post(self, act: str) -> None:
        member = self._speaker()
        if member is None:
            self.redirect("/", status=303)
            return
        back = f"/desk/proxy?who={member.id}" if self.text("who", 40) else "/room"
        try:
            with speaking(self.language):
                entry = said(act, self.sent, member.id, self.room)
            await self.hall.add(entry)
        except WorkbookError as problem:
            self.refuse(problem, back)
            return
        self.redirect(back, status=303)

    def _speaker(self) -> Participant | None:
        """Return for whom this is sent: the visitor, or whom a facilitator votes for because they have no device."""
        who = self.text("who", 40)
        if not who:
            return self.seat
        member = self.room.participants.get(who)
        if not self.is_facilitator or member is None or not member.proxy:
            raise HTTPError(403)
        return member


class Events(Page):
    """Tells a page, as it happens, that there is something new; never what somebody voted."""

    async def get(self, audience: str) -> None:
        if (audience == "desk" and not self.is_facilitator) or (audience == "room" and self.seat is None):
            raise HTTPError(403)
        if audience == "screen" and not (self.is_facilitator or self.seat):
            raise HTTPError(403)
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("X-Accel-Buffering", "no")
        told = ""
        try:
            while True:
                news = self._news(audience)
                self.write(f"retry: 1000\ndata: {news}\n\n" if news != told else ": still here\n\n")
                told = news
                await self.flush()
                await self.hall.changed(within=BEAT)
        except (StreamClosedError, asyncio.CancelledError):
            return

    def _news(self, audience: str) -> str:
        member = self.seat
        poll = self.room.current_of(member.group if member and audience == "room" else "")
        with speaking(self.language):
            status = voted_words(self.room, poll)
            people = plural("One person is here", "{count} people are here", len(self.room.participants))
        stamp = stamp_of(self.room, poll)
        if audience == "desk":
            stamp = str(self.room.sequence)
        elif audience == "screen":
            stamp = f"{stamp}.{self.room.block}.{len(self.room.decisions)}"
        return json.dumps({"stamp": stamp, "status": status, "people": people, "left": seconds_left(self.room)})
