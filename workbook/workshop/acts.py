"""What can be done in a workshop: each act, with what was filled in, as entries of the log.

The facilitator's acts come from the desk's page or from the console in the notebook; what participants say comes from their
pages, or from a facilitator for somebody without a device. All of them are defined here and nowhere else: whoever takes
them from a person stores what they come to.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from workbook.errors import ParameterError, WorkshopError
from workbook.language import N_, number, translated
from workbook.plan.adoption import Proposal
from workbook.plan.model import Plan
from workbook.workshop.agenda import PROGRAMMES, agenda
from workbook.workshop.asking import Option, Words
from workbook.workshop.exercises import exercise, proposals, question
from workbook.workshop.log import CODE, fingerprint, new_code
from workbook.workshop.room import Entry, Poll, Room

__all__ = ["ACTS", "SAYINGS", "Done", "Sent", "acted", "heaps_of", "said"]


@dataclass(frozen=True)
class Sent:
    """What a form holds: by the name of a field, the texts in it."""

    fields: Mapping[str, list[str]]

    def text(self, name: str, most: int = 20_000) -> str:
        """Return the text in a field, cut at ``most`` characters; "" where there is none."""
        given = self.fields.get(name)
        return given[-1][:most] if given else ""

    def line(self, name: str, most: int) -> str:
        """Return the text in a field as one line, without blanks around it."""
        return " ".join(self.text(name, most).split())

    def all(self, name: str) -> list[str]:
        """Return every text sent under ``name``."""
        return list(self.fields.get(name, ()))

    def whole(self, name: str, otherwise: int, low: int, high: int) -> int:
        """Return the whole number in a field kept within bounds, or ``otherwise``."""
        try:
            return max(low, min(high, int(self.text(name, 5))))
        except ValueError:
            return otherwise


@dataclass(frozen=True)
class Done:
    """
    What a facilitator's act comes to.

    ``entries`` are to be stored, after the plan has taken over ``wanted``. ``given`` is a participant's new code and ``key``
    a second facilitator's, each shown once; ``leaves`` says that the facilitator's own key is valid no more.
    """

    entries: tuple[Entry, ...] = ()
    wanted: tuple[Proposal, ...] = ()
    given: str = ""
    key: str = ""
    leaves: bool = False


def acted(act: str, sent: Sent, room: Room, plan: Plan, *, key: str = "") -> Done:
    """
    Return what the facilitator's ``act`` comes to in ``room`` about ``plan``, in the language in use.

    ``key`` is the facilitator's own. Raises ParameterError for an act that there is not, WorkshopError for one that lacks
    something.
    """
    if act not in ACTS:
        raise ParameterError(N_("there is no act “{found}” in a workshop."), found=act[:40])
    return ACTS[act](_Act(sent, room, plan, key))


def said(saying: str, sent: Sent, who: str, room: Room) -> Entry:
    """
    Return what ``who`` says, as an entry: a vote, a note, that they would speak first, something to park.

    Raises ParameterError for what cannot be said, WorkshopError or ParameterError for an answer that is none.
    """
    if saying not in SAYINGS:
        raise ParameterError(N_("there is no act “{found}” in a workshop."), found=saying[:40])
    # The id is the sender's own: nobody can take the place of another's act by guessing its id.
    given = sent.text("operation", 60)
    operation = fingerprint(f"{who}:{given}")[:40] if given else ""
    return replace(SAYINGS[saying](sent, who, room), who=who, operation=operation)


def heaps_of(polls: Iterable[Poll]) -> list[Option]:
    """Return the heaps that notes were sorted into, to vote on."""
    return [
        Option(f"heap-{id}", name) for poll in polls if poll.phase != "removed" for id, name in poll.clusters.items()
    ]


@dataclass(frozen=True)
class _Act:
    """An act of a facilitator: what was sent, and how things stand."""

    sent: Sent
    room: Room
    plan: Plan
    key: str

    def entry(self, kind: str, who: str = "", **value: Any) -> Entry:
        given = self.sent.text("operation", 60)
        return Entry(kind, value, who, fingerprint(f"desk:{kind}:{given}")[:40] if given else "")

    def id_for(self, what: str, length: int = 16) -> str:
        return fingerprint(f"{what}:{self.sent.text('operation', 60) or secrets.token_hex(8)}")[:length]

    @property
    def poll(self) -> str:
        return self.sent.text("poll", 40)


# --- exercises


def _ask(act: _Act) -> Done:
    sent, one = act.sent, exercise(act.sent.text("exercise", 20))
    known = {item.id: item for item in (*one.items(act.plan), *heaps_of(act.room.polls.values()))}
    items = [known[id] for id in sent.all("item") if id in known]
    own = [" ".join(line.split())[:200] for line in sent.text("more", 4_000).splitlines()]
    items += [Option(f"own-{fingerprint(line)[:10]}", line) for line in dict.fromkeys(own) if line]
    if len(items) < one.least:
        raise WorkshopError(
            N_("“{exercise}” needs at least {count} things to be about. Choose them."),
            exercise=translated(one.title),
            count=number(one.least),
        )
    if len(items) > one.most:
        raise WorkshopError(
            N_("“{exercise}” bears {count} things at most, or nobody answers the last with care. Choose fewer."),
            exercise=translated(one.title),
            count=number(one.most),
        )
    total = sent.whole("total", 3, 1, 20)
    group = sent.text("group", 80)
    id = act.id_for("poll")
    asked = act.entry(
        "asked",
        id=id,
        exercise=one.key,
        title=sent.line("title", 300),
        items=[asdict(item) for item in items],
        options={"total": total, "most": sent.whole("most", total, 1, total)},
        group=group if group in act.room.groups else "",
    )
    return Done((asked, act.entry("opened", poll=id)))


def _to_poll(kind: str) -> Callable[[_Act], Done]:
    return lambda act: Done((act.entry(kind, poll=act.poll),))


def _heap(act: _Act) -> Done:
    name, heap = act.sent.line("name", 300), act.sent.text("heap", 20)
    if heap in ("new", ""):
        if not name:
            raise WorkshopError(N_("give the heap a name."))
        heap = act.id_for("heap", 10)
    notes = act.sent.all("note")[:500]
    return Done((act.entry("heaped", poll=act.poll, cluster="" if heap == "none" else heap, notes=notes, name=name),))


def _adopt(act: _Act) -> Done:
    poll, keys = act.room.poll(act.poll), act.sent.all("key")
    wanted = tuple(one for one in proposals(act.plan, poll) if one.key in keys)
    if not wanted:
        raise WorkshopError(N_("choose what the plan shall take over."))
    return Done((act.entry("adopted", poll=poll.id, keys=[one.key for one in wanted]),), wanted)


# --- decisions, parking lot, agenda


def _decide(act: _Act) -> Done:
    fields = ("choice", "rejected", "reason", "dissent", "evidence", "owner", "review")
    id = act.sent.text("id", 40) or act.id_for("decision")
    return Done((act.entry("decided", id=id, **{name: act.sent.line(name, 2_000) for name in fields}),))


def _park(act: _Act) -> Done:
    id = act.sent.text("id", 40) or act.id_for("parked")
    before = act.room.parked.get(id)
    text = act.sent.line("text", 500) or (before.text if before else "")
    done = act.sent.text("done", 3) == "yes"
    return Done((act.entry("parked", id=id, text=text, owner=act.sent.text("owner", 80).strip(), done=done),))


def _plan(act: _Act) -> Done:
    key = act.sent.text("programme", 20)
    if key not in PROGRAMMES:
        raise ParameterError(N_("there is no agenda “{found}”."), found=key)
    return Done((act.entry("planned", blocks=[asdict(block) for block in agenda(PROGRAMMES[key])]),))


def _minutes(act: _Act) -> Done:
    """Set the minutes of each block by hand."""
    blocks = [
        block | {"minutes": act.sent.whole(f"minutes-{i}", block["minutes"], 1, 600)}
        for i, block in enumerate(act.room.blocks)
    ]
    return Done((act.entry("retimed", blocks=blocks),))


def _block(act: _Act) -> Done:
    return Done((act.entry("block", block=act.sent.whole("block", -1, -1, 500)),))


def _extend(act: _Act) -> Done:
    return Done((act.entry("extended", block=act.room.block, minutes=act.sent.whole("minutes", 5, -60, 60)),))


def _conclude(act: _Act) -> Done:
    learned = [line.strip() for line in act.sent.text("learned", 5_000).splitlines() if line.strip()]
    return Done((act.entry("concluded", learned=learned),))


# --- people


def _proxy(act: _Act) -> Done:
    value = {"name": act.sent.line("name", 100), "group": act.sent.text("group", 80), "proxy": True}
    return Done((act.entry("joined", act.id_for("proxy"), **value),))


def _code(act: _Act) -> Done:
    """Give somebody who lost their device a code for another."""
    code = new_code()
    seat = Entry("seat", {"hashes": [fingerprint(f"code:{code}")]}, act.sent.text("who", 40))
    return Done((seat,), given=f"{code[: CODE // 2]}-{code[CODE // 2 :]}")


def _handover(act: _Act) -> Done:
    key = secrets.token_urlsafe(24)
    return Done((act.entry("desk", hash=fingerprint(key), name=act.sent.text("name", 80).strip()),), key=key)


def _letgo(act: _Act) -> Done:
    return Done((act.entry("undesk", hash=fingerprint(act.key)),), leaves=True)


ACTS: dict[str, Callable[[_Act], Done]] = {
    "ask": _ask,
    "open": _to_poll("opened"),
    "reveal": _to_poll("revealed"),
    "again": _to_poll("again"),
    "close": _to_poll("closed"),
    "remove": _to_poll("removed"),
    "heap": _heap,
    "adopt": _adopt,
    "decide": _decide,
    "park": _park,
    "plan": _plan,
    "minutes": _minutes,
    "block": _block,
    "extend": _extend,
    "conclude": _conclude,
    "proxy": _proxy,
    "code": _code,
    "handover": _handover,
    "letgo": _letgo,
}
"""What a facilitator does, by the name under which a form sends it."""


# --- what participants say


def _vote(sent: Sent, who: str, room: Room) -> Entry:
    poll = room.poll(sent.text("poll", 40))
    asked = question(poll, sent.text("question", 200))
    answer = asked.answering.cleaned({name: sent.text(name, 2_000) for name in sent.fields})
    given = sent.text("round", 6)
    value = {
        "poll": poll.id,
        "round": int(given) if given.isascii() and given.isdigit() else 0,
        "question": asked.key,
        "answer": answer,
    }
    return Entry("vote", value)


def _note(sent: Sent, who: str, room: Room) -> Entry:
    poll = room.poll(sent.text("poll", 40))
    asked = exercise(poll.exercise).questions(poll)[0]
    if not isinstance(asked.answering, Words):
        raise WorkshopError(N_("this question was taken back. Nothing is asked of you here any more."))
    note = asked.answering.cleaned({"text": sent.text("text"), "side": sent.text("side", 20)})
    id = fingerprint(f"{who}:{sent.text('operation', 60) or secrets.token_hex(8)}")[:16]
    return Entry("note", {"poll": poll.id, "id": id, **note})


def _unnote(sent: Sent, who: str, room: Room) -> Entry:
    return Entry("unnote", {"poll": sent.text("poll", 40), "id": sent.text("note", 40)})


def _speak(sent: Sent, who: str, room: Room) -> Entry:
    return Entry("speaks", {"poll": sent.text("poll", 40), "named": sent.text("named", 3) != "no"})


def _put_aside(sent: Sent, who: str, room: Room) -> Entry:
    text = " ".join(sent.text("text").split())
    if len(text) > 500:
        raise WorkshopError(
            N_("a parked thought may have {allowed} characters. Say it in fewer words."), allowed=number(500)
        )
    id = fingerprint(f"park:{who}:{sent.text('operation', 60) or secrets.token_hex(8)}")[:16]
    return Entry("parked", {"id": id, "text": text})


SAYINGS: dict[str, Callable[[Sent, str, Room], Entry]] = {
    "vote": _vote,
    "note": _note,
    "unnote": _unnote,
    "speak": _speak,
    "park": _put_aside,
}
"""What participants send, by the name under which a form sends it."""
