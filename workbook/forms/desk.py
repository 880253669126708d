"""What does a facilitator see of a workshop? What is asked, who has not answered, what may be done next, agenda, people.

The page of the workshop's server and the console in the notebook show the same templates with these values. No vote that
has not been revealed is among them.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from workbook.exhibits.exhibit import Exhibit
from workbook.exhibits.workshop import decided_in, groups_compared, poll_exhibits
from workbook.language import N_, number, translated
from workbook.plan.adoption import is_adopted
from workbook.plan.model import Plan
from workbook.workshop.acts import heaps_of
from workbook.workshop.agenda import PROGRAMMES, blocks_of, minutes_left, prework, starts
from workbook.workshop.asking import Words
from workbook.workshop.exercises import EXERCISES, exercise, proposals, readings, title_of
from workbook.workshop.log import Held
from workbook.workshop.room import Participant, Poll, Room

__all__ = [
    "asked_values",
    "decisions_of",
    "desk_values",
    "network_words",
    "now_on_the_desk",
    "qr_svg",
    "revealed_exhibits",
    "seconds_left",
    "voted_words",
]


def desk_values(
    room: Room,
    held: Held,
    plan: Plan,
    *,
    address: str,
    network: str,
    endings: Iterable[str] = (),
    console: bool = False,
) -> dict[str, Any]:
    """
    Return what the template ``desk_content`` shows of ``room``, in the language in use.

    Parameters
    ----------
    room, held, plan
        The workshop as it stands, and the plan that it is about.
    address
        Where participants find it; empty where nobody serves it.
    network
        Who can reach it, as a sentence.
    endings
        Kinds of files that the minutes can be had as.
    console
        Whether it is shown in a notebook: exhibits then stand beside it, and ways lead to the server's pages.
    """
    poll = now_on_the_desk(room)
    offered = proposals(plan, poll) if poll is not None and poll.ended_rounds else []
    return {
        "room": room,
        "held": held,
        "title_of": title_of,
        "operation": secrets.token_urlsafe(18),
        "poll": poll,
        "polls": [p for p in room.polls.values() if p.phase != "removed"],
        "status": voted_words(room, poll),
        "missing": _missing(room, poll),
        "offered": [(one, is_adopted(plan, one)) for one in offered],
        "apart": _willing(room, poll),
        "exercises": [(one, one.items(plan)) for one in EXERCISES.values()],
        "heaps": heaps_of(room.polls.values()),
        "programmes": PROGRAMMES.values(),
        "blocks": _blocks(room),
        "prework": prework(plan, blocks_of(room.blocks)) if room.blocks else [],
        "left": seconds_left(room),
        "network": network,
        "endings": list(endings),
        "join": address,
        "decisions": decisions_of(room),
        "today": date.today().isoformat(),
        "link": "",
        "given": "",
        "qr": qr_svg(f"{address}/?code={held.code}") if address else "",
        "console": console,
        "way": (lambda path: f"{address}/desk/key?to={path}") if console else str,
    }


def now_on_the_desk(room: Room) -> Poll | None:
    """Return what is asked now, else what was asked last and has not been taken back."""
    poll = room.current or (room.polls[room.last[-1]] if room.last else None)
    return None if poll is None or poll.phase == "removed" else poll


def revealed_exhibits(room: Room, poll: Poll) -> list[Exhibit]:
    """Return what the last round of ``poll`` that was revealed says, and how far apart the groups are."""
    made, compared = poll_exhibits(poll, len(room.expected(poll))), groups_compared(room, poll)
    return [*made, *([compared] if compared else ())]


def network_words(host: str) -> str:
    """Return who can reach a server at ``host``, empty for this machine's own, in the language in use."""
    if not host:
        return translated(N_("Open to this machine only."))
    return translated(
        N_("Open to everybody in the network of {address}. Nothing is encrypted on the way there."), address=host
    )


def voted_words(room: Room, poll: Poll | None) -> str:
    """Return how many have answered, in the language in use; nothing where nobody is asked."""
    if poll is None or poll.phase != "open":
        return ""
    here, asked = len(room.expected(poll)), exercise(poll.exercise).questions(poll)
    done = sum(all(poll.own(one.key, who) is not None for one in asked) or bool(poll.notes) for who in poll.voters)
    return translated(N_("{done} of {all} have answered"), done=number(done), all=number(max(here, done)))


def seconds_left(room: Room) -> int | None:
    """Return the seconds left of the agenda's block, None where none runs."""
    left = minutes_left(room, now=datetime.now(UTC))
    return None if left is None else round(left * 60)


def decisions_of(room: Room) -> dict[str, Any]:
    """Return the decision log as data."""
    return decided_in(room).payload


def asked_values(poll: Poll, who: str, place: str) -> dict[str, Any]:
    """Return what a question's template shows ``who``: that at ``place``, else the first without an answer, else all."""
    questions = exercise(poll.exercise).questions(poll)
    answers = [poll.own(one.key, who) for one in questions]
    wanted = int(place) if place.isascii() and place.isdigit() and 0 < int(place) <= len(questions) else 0
    open_ones = [i for i, answer in enumerate(answers, start=1) if answer is None]
    words = isinstance(questions[0].answering, Words)
    shown = 1 if words else wanted or (open_ones[0] if open_ones else 0)
    return {
        "questions": questions,
        "answers": answers,
        "place": shown,
        "asked": questions[shown - 1] if shown else None,
        "answer": answers[shown - 1] if shown else None,
        "mine": [note for note in poll.notes.values() if note.who == who],
    }


def qr_svg(address: str) -> str:
    """Return a QR code of ``address`` as inline SVG, dark on light in both themes, since phones read no other."""
    import segno

    code = segno.make(address, error="m")
    return code.svg_inline(scale=1, border=2, dark="#14171d", light="#ffffff", omitsize=True, svgclass="wb-qr")


def _missing(room: Room, poll: Poll | None) -> list[str]:
    """Return who has not answered all of it yet."""
    if poll is None or poll.phase != "open":
        return []
    asked, writers = exercise(poll.exercise).questions(poll), {note.who for note in poll.notes.values()}

    def lacks(one: Participant) -> bool:
        return one.id not in writers and any(poll.own(question.key, one.id) is None for question in asked)

    return [one.name or translated(N_("Somebody")) for one in room.expected(poll) if lacks(one)]


def _willing(room: Room, poll: Poll | None) -> tuple[int, list[str]]:
    """Return how many stand apart, and the names of those of them who wish to be named."""
    if poll is None or not poll.ended_rounds or poll.phase == "open" or not exercise(poll.exercise).judged:
        return 0, []
    apart = {list(reading.values)[i] for reading in readings(poll) for i in reading.spread.apart}
    return len(apart), [room.participants[who].name for who in apart & poll.named if who in room.participants]


def _blocks(room: Room) -> list[dict[str, Any]]:
    moments = starts(room, began=room.began or datetime.now(UTC))
    return [
        block | {"start": moment.astimezone().strftime("%H:%M"), "extra": room.extended.get(i, 0)}
        for i, (block, moment) in enumerate(zip(room.blocks, moments, strict=True))
    ]
