"""The log of workshops: an append-only table of its own, beside the plans in their store.

What is acknowledged is on the disk. An entry carries the id of its operation and is stored once, however often it is
sent; whether it may be, given all that came before it, is decided in the transaction that stores it. Several entries
go in one transaction, so that a room full of phones waits for the disk together. SQLite and PostgreSQL alike.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from workbook.errors import WorkbookError, WorkshopError
from workbook.language import N_
from workbook.plan.database import Database
from workbook.plan.workspace import Workspace
from workbook.workshop.room import Entry, Room

__all__ = ["ALPHABET", "CODE", "Held", "Workshop", "WorkshopLog", "fingerprint", "new_code", "plain_code"]

_metadata = sa.MetaData()
workshops = sa.Table(
    "workshops",
    _metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("plan", sa.String(80), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("code", sa.String(16), nullable=False, unique=True),
    sa.Column("created", sa.String(40), nullable=False),
    # The row is also the lock of the workshop's log: on a server, two writers of one workshop wait for each other here.
    sa.Column("head", sa.Integer, nullable=False),
)
log = sa.Table(
    "workshop_log",
    _metadata,
    sa.Column("workshop", sa.ForeignKey("workshops.id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("operation", sa.String(64), nullable=False),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Index("workshop_log_operation", "workshop", "operation", unique=True),
)

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and figures that nobody takes for one another."""

CODE = 8
"""Characters of a code: 31 to the 8th, or 850 thousand million."""


def new_code() -> str:
    """Return a code that nobody can guess, easy to read out and to type."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE))


def plain_code(typed: str) -> str:
    """Return a code as somebody typed it, in capitals and without what was put between the letters."""
    return "".join(c for c in typed.upper()[:40] if c in ALPHABET)


def fingerprint(secret: str) -> str:
    """Return what is stored of a secret: enough to know it again, too little to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Held:
    """A workshop that was begun: its id, its plan, and the code by which one joins."""

    id: str
    plan: str
    title: str
    code: str
    created: datetime


class WorkshopLog:
    """The workshops in the store of ``workspace``; their tables are made when the first one is begun."""

    def __init__(self, workspace: Workspace) -> None:
        self.database: Database = workspace.log.database

    def begin(
        self, plan: str, title: str, *, key: str, facilitator: str = "", named: bool = True, groups: Iterable[str] = ()
    ) -> Held:
        """Begin a workshop about ``plan`` whose facilitator holds ``key``, and return it."""
        held = Held(uuid4().hex, plan, title, new_code(), _now())
        with self.database.writing(alone=True) as connection:
            _metadata.create_all(connection)
            connection.execute(
                workshops.insert().values(
                    id=held.id,
                    plan=plan,
                    title=title[:500],
                    code=held.code,
                    created=held.created.isoformat(),
                    head=0,
                )
            )
        begun = Entry("begun", {"named": named, "groups": list(groups)})
        Workshop(self, held).add([begun, Entry("desk", {"hash": fingerprint(key), "name": facilitator})])
        return held

    def workshops(self, plan: str = "") -> list[Held]:
        """Return the workshops about ``plan``, or all, the latest first."""
        with self.database.reading() as connection:
            if not sa.inspect(connection).has_table(workshops.name):
                return []
            query = sa.select(workshops).order_by(workshops.c.created.desc(), workshops.c.id)
            rows = connection.execute(query.where(workshops.c.plan == plan) if plan else query).all()
        return [Held(row.id, row.plan, row.title, row.code, datetime.fromisoformat(row.created)) for row in rows]

    def head(self, id: str) -> int:
        """Return the sequence of the last entry of the workshop, 0 for none."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(workshops.c.head).where(workshops.c.id == id)).scalar() or 0

    def entries(self, id: str, *, after: int = 0) -> list[Entry]:
        """Return the entries of the workshop with a sequence above ``after``, in order."""
        with self.database.reading() as connection:
            return _entries(connection, id, after)


class Workshop:
    """A workshop that is going on: its log and, in ``room``, what came of it. One thread at a time may use it."""

    def __init__(self, store: WorkshopLog, held: Held) -> None:
        self.store, self.held = store, held
        self.room = Room()
        self.fresh: list[Entry] = []
        """What the last look at the store, or the last ``add``, brought."""
        self.catch_up()

    @classmethod
    def of(cls, workspace: Workspace, plan: str) -> "Workshop | None":
        """Return the latest workshop about ``plan``, None where there was none."""
        store = WorkshopLog(workspace)
        held = store.workshops(plan)
        return cls(store, held[0]) if held else None

    def catch_up(self) -> bool:
        """Take in what others stored; return whether there was something."""
        self.fresh = self.store.entries(self.held.id, after=self.room.sequence)
        for entry in self.fresh:
            self.room.apply(entry)
        return bool(self.fresh)

    def add(self, entries: list[Entry]) -> list[WorkbookError | None]:
        """
        Store ``entries`` in one transaction, each on its own merits, and return for each why it was refused, or None.

        One whose operation is stored already is not stored again, and counts as stored.

        Raises
        ------
        StoreError
            If the store cannot be written. None of them is stored then.
        """
        moment = _now()
        refusals: list[WorkbookError | None] = []
        try:
            with self.store.database.writing() as connection:
                place = sa.select(workshops.c.head).where(workshops.c.id == self.held.id).with_for_update()
                head = connection.execute(place).scalar_one()
                # What others stored meanwhile comes first, and is as new to whoever holds this workshop as what is added.
                self.fresh = _entries(connection, self.held.id, self.room.sequence) if head > self.room.sequence else []
                for entry in self.fresh:
                    self.room.apply(entry)
                rows = self._taken(entries, _known(connection, self.held.id, entries), moment, refusals)
                if rows:
                    connection.execute(log.insert(), rows)
                    last = sa.update(workshops).where(workshops.c.id == self.held.id).values(head=self.room.sequence)
                    connection.execute(last)
        except BaseException:
            # The room has taken in what was not stored.
            self.room, self.fresh = Room(), []
            raise
        return refusals

    def must(self, *entries: Entry) -> None:
        """Store ``entries``. Raises the first WorkshopError when one is refused."""
        for refusal in self.add(list(entries)):
            if refusal is not None:
                raise refusal

    def _taken(
        self, entries: list[Entry], known: set[str], moment: datetime, refusals: list[WorkbookError | None]
    ) -> list[dict[str, Any]]:
        """Apply what may be stored to the room, note the refusals, and return the rows to store."""
        rows = []
        for given in entries:
            entry = replace(
                given, operation=given.operation or uuid4().hex, sequence=self.room.sequence + 1, time=moment
            )
            refusal: WorkbookError | None = None
            if entry.operation not in known:
                try:
                    _require_text(entry)
                    self.room.require(entry)
                except WorkshopError as problem:
                    refusal = problem
                else:
                    self.room.apply(entry)
                    self.fresh.append(entry)
                    known.add(entry.operation)
                    rows.append(_row(self.held.id, entry))
            refusals.append(refusal)
        return rows


def _require_text(entry: Entry) -> None:
    """Raise WorkshopError for half a character, which no database stores, and for an operation that is no id."""
    text = json.dumps(entry.value, ensure_ascii=False)
    if any("\ud800" <= c <= "\udfff" or c == "\0" for c in text) or len(entry.operation) > 64:
        raise WorkshopError(N_("the text holds a character that cannot be stored. Type it again."))


def _row(workshop: str, entry: Entry) -> dict[str, Any]:
    assert entry.time is not None
    return {
        "workshop": workshop,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "who": entry.who,
        "value": json.dumps(entry.value, ensure_ascii=False, separators=(",", ":")),
        "operation": entry.operation,
        "time": entry.time.isoformat(),
    }


def _entries(connection: sa.Connection, id: str, after: int) -> list[Entry]:
    asked = sa.select(log).where(log.c.workshop == id, log.c.sequence > after).order_by(log.c.sequence)
    return [
        Entry(row.kind, json.loads(row.value), row.who, row.operation, row.sequence, datetime.fromisoformat(row.time))
        for row in connection.execute(asked)
    ]


def _known(connection: sa.Connection, id: str, entries: list[Entry]) -> set[str]:
    """Return the operations of ``entries`` that are stored already."""
    asked = [entry.operation for entry in entries if entry.operation]
    if not asked:
        return set()
    stored = sa.select(log.c.operation).where(log.c.workshop == id, log.c.operation.in_(asked))
    return set(connection.execute(stored).scalars())


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
