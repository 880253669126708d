"""What is the state of a workshop? The fold of its log: who is here, what is asked, who voted what, what was decided.

Nothing overwrites: an entry of the log says what somebody did, and ``Room`` after all entries is how things stand. What
cannot be done at a moment, such as voting after the reveal, is refused by ``require`` before it is stored.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from workbook.errors import WorkshopError
from workbook.language import N_
from workbook.workshop.asking import Option

__all__ = ["Decision", "Entry", "Note", "Parked", "Participant", "Poll", "Room", "Vote"]

Phase = Literal["ready", "open", "revealed", "closed", "removed"]

MOST_PARTICIPANTS = 200
MOST_NOTES = 60
"""Of one person in one exercise."""


@dataclass(frozen=True)
class Entry:
    """One line of a workshop's log. ``who`` is a participant's id, empty for the facilitator's acts."""

    kind: str
    value: dict[str, Any] = field(default_factory=dict)
    who: str = ""
    operation: str = ""
    sequence: int = 0
    time: datetime | None = None


@dataclass(frozen=True)
class Participant:
    """Somebody who votes. One without a device of their own (``proxy``) is voted for by the facilitator."""

    id: str
    name: str
    group: str = ""
    proxy: bool = False


@dataclass(frozen=True)
class Vote:
    """An answer that counts until its voter gives another in the same round."""

    value: Any
    sequence: int


@dataclass(frozen=True)
class Note:
    """A few words of somebody; ``cluster`` is the heap it lies on, empty for none."""

    id: str
    who: str
    side: str
    text: str
    cluster: str = ""


@dataclass
class Poll:
    """One exercise as it is done in the room: what is asked of which items, how far it is, and the answers."""

    id: str
    exercise: str
    title: str
    items: tuple[Option, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    group: str = ""
    phase: Phase = "ready"
    round: int = 1
    ended_rounds: int = 0
    """Rounds that have been revealed."""
    votes: dict[tuple[int, str, str], Vote] = field(default_factory=dict)
    """By round, question and participant."""
    notes: dict[str, Note] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    """Participants who wish to be named with their votes."""
    adopted: dict[str, str] = field(default_factory=dict)
    """Keys of proposals that the plan took over, with the time."""

    def answers(self, question: str, round: int) -> dict[str, Any]:
        """Return the answers to ``question`` in ``round``, by participant; for a round not revealed, an error."""
        if round > self.ended_rounds:
            raise WorkshopError(N_("these votes are hidden until the reveal."))
        return {who: vote.value for (r, q, who), vote in self.votes.items() if (r, q) == (round, question)}

    def own(self, question: str, who: str) -> Any:
        """Return what ``who`` has answered in this round, None for nothing yet."""
        vote = self.votes.get((self.round, question, who))
        return vote.value if vote else None

    @property
    def voters(self) -> set[str]:
        """Who has answered something in this round."""
        return {who for (round, _question, who) in self.votes if round == self.round} | {
            note.who for note in self.notes.values()
        }


@dataclass(frozen=True)
class Decision:
    """What was chosen, what was not, and why."""

    id: str
    choice: str
    rejected: str = ""
    reason: str = ""
    dissent: str = ""
    evidence: str = ""
    owner: str = ""
    review: str = ""


@dataclass(frozen=True)
class Parked:
    """Something for later; ``done`` when it was taken up."""

    id: str
    text: str
    owner: str = ""
    done: bool = False


class Room:
    """A workshop after the entries it was given, in order."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.sequence = 0
        self.began: datetime | None = None
        self.named = True
        self.groups: tuple[str, ...] = ()
        self.participants: dict[str, Participant] = {}
        self.seats: dict[str, str] = {}
        """Participants by the hash of what their device, or the code for another device, proves itself with."""
        self.desks: dict[str, str] = {}
        """Names of facilitators by the hash of their key."""
        self.polls: dict[str, Poll] = {}
        self.last: list[str] = []
        """Ids of the polls that were put to the group, the latest last."""
        self.decisions: dict[str, Decision] = {}
        self.parked: dict[str, Parked] = {}
        self.blocks: tuple[dict[str, Any], ...] = ()
        self.block = -1
        """Place of the agenda's block that runs, -1 before the first."""
        self.block_began: datetime | None = None
        self.extended: dict[int, int] = {}
        """Minutes added, by block."""
        self.closing: tuple[str, ...] = ()
        self.over = False
        self.address = ""
        """Where participants find it, empty while nobody serves it."""
        self.network = ""
        """Address of this machine in the network it is open to, empty for this machine only."""
        for entry in entries:
            self.apply(entry)

    @property
    def current(self) -> Poll | None:
        """What the whole group does now: the last exercise put to it that is not closed."""
        return self.current_of("")

    def current_of(self, group: str) -> Poll | None:
        """Return what the members of ``group`` do now: the last exercise put to all or to them that is not closed."""
        for id in reversed(self.last):
            poll = self.polls[id]
            if poll.phase in ("open", "revealed") and (not poll.group or not group or poll.group == group):
                return poll
        return None

    def expected(self, poll: Poll) -> list[Participant]:
        """Return who is asked in ``poll``."""
        return [p for p in self.participants.values() if not poll.group or p.group == poll.group]

    def require(self, entry: Entry) -> None:
        """Raise WorkshopError when ``entry`` cannot be at this moment."""
        if self.over and entry.kind not in (
            "desk",
            "undesk",
            "adopted",
            "decided",
            "parked",
            "seat",
            "served",
            "unserved",
        ):
            raise WorkshopError(N_("this workshop is over. Its results are in the minutes."))
        check = getattr(self, f"_require_{entry.kind}", None)
        if check is not None:
            check(entry)

    def apply(self, entry: Entry) -> None:
        """Take ``entry`` in; one of a kind that this version does not know changes nothing."""
        self.sequence = entry.sequence
        change: Callable[[Entry], None] | None = getattr(self, f"_{entry.kind}", None)
        if change is not None:
            change(entry)

    # --- the workshop, its facilitators and its participants

    def _begun(self, entry: Entry) -> None:
        self.began = entry.time
        self.named = bool(entry.value.get("named", True))
        self.groups = tuple(entry.value.get("groups", ()))

    def _served(self, entry: Entry) -> None:
        self.address, self.network = entry.value["address"], entry.value.get("network", "")

    def _unserved(self, entry: Entry) -> None:
        # Another server may have begun to serve it meanwhile.
        if entry.value["address"] == self.address:
            self.address = self.network = ""

    def _desk(self, entry: Entry) -> None:
        self.desks[entry.value["hash"]] = entry.value.get("name", "")

    def _require_undesk(self, entry: Entry) -> None:
        if len(self.desks) < 2:
            raise WorkshopError(N_("nobody else holds a key to this workshop. Hand it over first."))

    def _undesk(self, entry: Entry) -> None:
        self.desks.pop(entry.value["hash"], None)

    def _require_joined(self, entry: Entry) -> None:
        name = entry.value.get("name", "")
        if len(self.participants) >= MOST_PARTICIPANTS:
            raise WorkshopError(
                N_("there are {count} people here already, which is the most."), count=MOST_PARTICIPANTS
            )
        if self.named and not name:
            raise WorkshopError(N_("say your name, so that the others know who is here."))
        if len(name) > 60:
            raise WorkshopError(N_("a name may have {allowed} characters. Shorten yours."), allowed=60)
        if self.named and name.casefold() in {p.name.casefold() for p in self.participants.values()}:
            raise WorkshopError(
                N_("“{name}” is here already. If that is you, continue with your code; else add an initial."), name=name
            )
        if self.groups and entry.value.get("group", "") not in self.groups:
            raise WorkshopError(N_("choose the group you belong to."))

    def _joined(self, entry: Entry) -> None:
        value = entry.value
        self.participants[entry.who] = Participant(
            entry.who, value.get("name", ""), value.get("group", ""), bool(value.get("proxy", False))
        )
        self._seat(entry)

    def _require_seat(self, entry: Entry) -> None:
        self._require_participant(entry.who)

    def _seat(self, entry: Entry) -> None:
        for mark in entry.value.get("hashes", ()):
            self.seats[mark] = entry.who

    def _require_participant(self, who: str) -> None:
        if who not in self.participants:
            raise WorkshopError(N_("you are not in this workshop yet. Join it first."))

    # --- exercises and votes

    def poll(self, id: str) -> Poll:
        """Return the exercise with this id. Raises WorkshopError for none, and for one that was taken back."""
        found = self.polls.get(id)
        if found is None or found.phase == "removed":
            raise WorkshopError(N_("this question was taken back. Nothing is asked of you here any more."))
        return found

    def _require_asked(self, entry: Entry) -> None:
        if entry.value["id"] in self.polls:
            raise WorkshopError(N_("this exercise is there already."))

    def _asked(self, entry: Entry) -> None:
        value = entry.value
        self.polls[value["id"]] = Poll(
            value["id"],
            value["exercise"],
            value["title"],
            tuple(Option(**item) for item in value.get("items", ())),
            dict(value.get("options", {})),
            value.get("group", ""),
        )

    def _require_opened(self, entry: Entry) -> None:
        if self.poll(entry.value["poll"]).phase not in ("ready", "closed"):
            raise WorkshopError(N_("this exercise is open already."))

    def _opened(self, entry: Entry) -> None:
        poll = self.polls[entry.value["poll"]]
        # One that was closed after a reveal opens again where it was left: with its votes to be seen.
        poll.phase = "revealed" if poll.ended_rounds == poll.round else "open"
        # What these people have seen revealed before is done with; it can be shown again.
        for other in self.polls.values():
            if other is not poll and other.phase == "revealed" and other.group == poll.group:
                other.phase = "closed"
        self.last = [id for id in self.last if id != poll.id] + [poll.id]

    def _require_revealed(self, entry: Entry) -> None:
        if self.poll(entry.value["poll"]).phase != "open":
            raise WorkshopError(N_("there is nothing to reveal: this exercise is not open."))

    def _revealed(self, entry: Entry) -> None:
        poll = self.polls[entry.value["poll"]]
        poll.phase, poll.ended_rounds = "revealed", poll.round

    def _require_again(self, entry: Entry) -> None:
        if self.poll(entry.value["poll"]).phase != "revealed":
            raise WorkshopError(N_("reveal the votes before you open another round."))

    def _again(self, entry: Entry) -> None:
        poll = self.polls[entry.value["poll"]]
        poll.phase, poll.round = "open", poll.round + 1

    def _require_closed(self, entry: Entry) -> None:
        self.poll(entry.value["poll"])

    def _closed(self, entry: Entry) -> None:
        self.polls[entry.value["poll"]].phase = "closed"

    _require_removed = _require_closed

    def _removed(self, entry: Entry) -> None:
        self.polls[entry.value["poll"]].phase = "removed"

    def _require_open(self, entry: Entry) -> Poll:
        self._require_participant(entry.who)
        poll = self.poll(entry.value["poll"])
        if poll.phase != "open":
            raise WorkshopError(
                N_("the votes have been revealed, so none can be given or changed now. Wait for the next round.")
            )
        member = self.participants[entry.who]
        if poll.group and poll.group != member.group:
            raise WorkshopError(N_("this question is for another group."))
        return poll

    def _require_vote(self, entry: Entry) -> None:
        poll = self._require_open(entry)
        if entry.value["round"] != poll.round:
            raise WorkshopError(N_("a new round has begun since you looked. Look at the question again, and vote."))

    def _vote(self, entry: Entry) -> None:
        value = entry.value
        poll = self.polls[value["poll"]]
        poll.votes[value["round"], value["question"], entry.who] = Vote(value["answer"], entry.sequence)

    def _require_note(self, entry: Entry) -> None:
        poll = self._require_open(entry)
        if sum(note.who == entry.who for note in poll.notes.values()) >= MOST_NOTES:
            raise WorkshopError(
                N_("these are {count} notes of yours already. Leave some for the others."), count=MOST_NOTES
            )

    def _note(self, entry: Entry) -> None:
        value = entry.value
        self.polls[value["poll"]].notes[value["id"]] = Note(value["id"], entry.who, value["side"], value["text"])

    def _require_unnote(self, entry: Entry) -> None:
        poll = self._require_open(entry)
        note = poll.notes.get(entry.value["id"])
        if note is None or note.who != entry.who:
            raise WorkshopError(N_("this note is not there any more."))

    def _unnote(self, entry: Entry) -> None:
        self.polls[entry.value["poll"]].notes.pop(entry.value["id"], None)

    def _require_heaped(self, entry: Entry) -> None:
        if self.poll(entry.value["poll"]).phase == "open":
            raise WorkshopError(N_("reveal the notes before you sort them."))

    def _heaped(self, entry: Entry) -> None:
        """Lay notes on a heap, and name it; a heap without notes is gone."""
        value = entry.value
        poll = self.polls[value["poll"]]
        for id in value.get("notes", ()):
            if id in poll.notes:
                poll.notes[id] = replace(poll.notes[id], cluster=value["cluster"])
        if value["cluster"]:
            poll.clusters[value["cluster"]] = value.get("name", "") or poll.clusters.get(value["cluster"], "")
        used = {note.cluster for note in poll.notes.values()}
        poll.clusters = {id: name for id, name in poll.clusters.items() if id in used}

    def _require_speaks(self, entry: Entry) -> None:
        self._require_participant(entry.who)
        self.poll(entry.value["poll"])

    def _speaks(self, entry: Entry) -> None:
        named = self.polls[entry.value["poll"]].named
        (named.add if entry.value.get("named", True) else named.discard)(entry.who)

    def _adopted(self, entry: Entry) -> None:
        poll = self.polls.get(entry.value["poll"])
        if poll is not None:
            moment = entry.time.isoformat() if entry.time else ""
            poll.adopted |= {key: moment for key in entry.value.get("keys", ())}

    # --- decisions, parking lot, agenda

    def _require_decided(self, entry: Entry) -> None:
        if not entry.value.get("choice", "").strip():
            raise WorkshopError(N_("say what was decided."))

    def _decided(self, entry: Entry) -> None:
        self.decisions[entry.value["id"]] = Decision(**entry.value)

    def _require_parked(self, entry: Entry) -> None:
        if not entry.value.get("text", "").strip():
            raise WorkshopError(N_("the note is empty. Write a few words."))

    def _parked(self, entry: Entry) -> None:
        self.parked[entry.value["id"]] = Parked(**entry.value)

    def _planned(self, entry: Entry) -> None:
        self.blocks, self.block, self.block_began, self.extended = tuple(entry.value["blocks"]), -1, None, {}

    def _require_retimed(self, entry: Entry) -> None:
        if len(entry.value["blocks"]) != len(self.blocks):
            raise WorkshopError(N_("the agenda has changed since you looked. Look at it again."))

    def _retimed(self, entry: Entry) -> None:
        """Take other minutes for the blocks; the one that runs goes on, and what was added to it is in them."""
        self.blocks, self.extended = tuple(entry.value["blocks"]), {}

    def _require_block(self, entry: Entry) -> None:
        if not 0 <= entry.value["block"] < len(self.blocks):
            raise WorkshopError(N_("the agenda has no such block."))

    def _block(self, entry: Entry) -> None:
        self.block, self.block_began = entry.value["block"], entry.time

    _require_extended = _require_block

    def _extended(self, entry: Entry) -> None:
        block = entry.value["block"]
        self.extended[block] = self.extended.get(block, 0) + entry.value["minutes"]

    def _concluded(self, entry: Entry) -> None:
        self.closing, self.over = tuple(entry.value.get("learned", ())), True
        for poll in self.polls.values():
            if poll.phase in ("open", "revealed"):
                poll.phase = "closed"
