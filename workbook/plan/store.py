"""The store of every plan's revisions: an append-only log in a database.

What is acknowledged is on the disk. Nothing is overwritten and nobody is turned away: two people's values for one path
are both kept, and ``revisions.conflicts`` lists them. Each revision carries the hash of the one before, so that a log
which was tampered with shows it. The same code runs on SQLite and, through SQLAlchemy Core, on PostgreSQL.
"""

import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from workbook.errors import ParameterError, StoreError, nearest
from workbook.language import N_
from workbook.plan.database import Database, plans, revisions
from workbook.plan.ids import require_id
from workbook.plan.integrity import Damage, damages, revision_hash
from workbook.plan.migration import migrate, require_known
from workbook.plan.model import Plan
from workbook.plan.revisions import BASE, Edit, Revision, as_edits, canonical, folded, seen_in, whole_plan

__all__ = ["RevisionLog"]

LONGEST_AUTHOR = 200


class RevisionLog:
    """
    The store of plans at a SQLAlchemy ``url``, made when it is missing and brought up to date when it is older.

    ``where`` names it without its password. ``read_only`` is True when that was asked for, and when folder, file,
    server or rights allow no more; then every write is refused.

    Raises
    ------
    StoreError
        If the database cannot be opened, is no store of plans, or comes from a newer version of the workbook. Nothing
        in it was changed then.
    """

    def __init__(self, url: str | sa.URL, *, read_only: bool = False) -> None:
        self.database = Database(url, read_only=read_only)
        self.database.look()
        require_known(self.database)
        if self.database.schema is None:
            self.database.make()
            self.database.look()
        if not self.read_only:
            self.migrated_from = migrate(self.database)

    migrated_from: Path | None = None
    """Where the copy is that was kept when the store was brought up to date just now."""

    @classmethod
    def in_file(cls, path: Path, *, read_only: bool = False) -> "RevisionLog":
        """Return the log in the SQLite file at ``path``."""
        return cls(sa.URL.create("sqlite", database=str(path)), read_only=read_only)

    @property
    def where(self) -> str:
        """The file, or the server's address without its password."""
        return self.database.where

    @property
    def read_only(self) -> bool:
        """Whether the store can only be read here."""
        return self.database.read_only

    def plans(self) -> list[str]:
        """Return the ids of the plans, in the order they were made."""
        with self.database.reading() as connection:
            return _plans_in(connection)

    def require(self, plan: str) -> None:
        """Raise ParameterError, with the nearest names, when there is no such plan."""
        known = self.plans()
        if plan not in known:
            raise _unknown(plan, known)

    def create(self, plan_id: str, plan: Plan, *, author: str) -> int:
        """
        Store a new plan as its first operation, one revision an item or field, and return the last sequence.

        Raises ParameterError for an id that is none, StoreError for one in use.
        """
        require_id(plan_id)
        with self.database.writing(alone=True) as connection:
            if connection.execute(sa.select(plans.c.id).where(plans.c.id == plan_id)).first():
                raise StoreError(
                    N_(
                        "there is a plan “{found}” already. Choose another id, or remove it from the file's first lines."
                    ),
                    found=plan_id,
                )
            connection.execute(plans.insert().values(id=plan_id, created=_now().isoformat(), head=0, head_hash=""))
            return _append(
                connection, plan_id, as_edits(plan), author=author, scenario=BASE, base=0, operation=uuid4().hex
            )

    def append(
        self,
        plan_id: str,
        edits: Iterable[Edit],
        *,
        author: str,
        base: int,
        scenario: str = BASE,
        operation: str | None = None,
    ) -> int:
        """
        Store ``edits`` as one operation, all or none, and return the sequence of the last one.

        An ``operation`` id already stored is not stored again, so that a retry after a lost answer is harmless. What
        others wrote since ``base`` is no reason to refuse: both values are kept.
        """
        operation = operation or uuid4().hex
        with self.database.writing() as connection:
            return _append(connection, plan_id, edits, author=author, scenario=scenario, base=base, operation=operation)

    def revisions(self, plan_id: str, *, after: int = 0, until: int | None = None) -> list[Revision]:
        """Return the revisions of a plan with ``after`` < sequence <= ``until``, in order."""
        query = (
            sa.select(revisions)
            .where(revisions.c.plan == plan_id, revisions.c.sequence > after)
            .order_by(revisions.c.sequence)
        )
        if until is not None:
            query = query.where(revisions.c.sequence <= until)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [_revision(row) for row in rows]

    def head(self, plan_id: str) -> int:
        """Return the sequence of the plan's last revision, 0 for none."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(plans.c.head).where(plans.c.id == plan_id)).scalar() or 0

    def latest(self) -> list[Revision]:
        """Return the last revision of each plan, the plan changed last first."""
        last = sa.and_(revisions.c.plan == plans.c.id, revisions.c.sequence == plans.c.head)
        query = sa.select(revisions).join(plans, last).order_by(revisions.c.time.desc(), revisions.c.plan)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [_revision(row) for row in rows]

    def last_values(self, path: str) -> dict[str, Any]:
        """Return, by plan, the value last written at ``path``; plans in which nobody wrote there are left out."""
        query = (
            sa.select(revisions.c.plan, revisions.c.value)
            .where(revisions.c.path == path, revisions.c.scenario == BASE)
            .order_by(revisions.c.sequence)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.plan: json.loads(row.value) for row in rows}

    def plan(self, plan_id: str, *, until: int | None = None, scenario: str = BASE) -> tuple[Plan, int]:
        """Return the plan as its revisions make it (up to sequence ``until``), and the last sequence read."""
        self.require(plan_id)
        history = self.revisions(plan_id, until=until)
        return whole_plan(folded(seen_in(scenario, history))), history[-1].sequence if history else 0

    def verify(self, plan_id: str | None = None) -> list[Damage]:
        """Return what is wrong with the log of a plan, or of all; nothing when all is as it was stored."""
        if plan_id is not None:
            self.require(plan_id)
        return damages(self.database, plan_id)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def _append(
    connection: sa.Connection, plan_id: str, edits: Iterable[Edit], *, author: str, operation: str, **common: Any
) -> int:
    # The plan's row is the lock of its log: on a server, two writers of one plan wait for each other here.
    entry = connection.execute(
        sa.select(plans.c.head, plans.c.head_hash).where(plans.c.id == plan_id).with_for_update()
    ).first()
    if entry is None:
        raise _unknown(plan_id, _plans_in(connection))
    same = sa.select(sa.func.max(revisions.c.sequence)).where(
        revisions.c.plan == plan_id, revisions.c.operation == operation
    )
    if done := connection.execute(same).scalar():
        return int(done)
    sequence, before, moment = entry.head, entry.head_hash, _now().isoformat()
    rows: list[dict[str, Any]] = []
    for edit in edits:
        sequence += 1
        row = {
            "plan": plan_id,
            "sequence": sequence,
            "path": edit.path,
            "value": canonical(edit.value),
            "author": author[:LONGEST_AUTHOR],
            "operation": operation,
            "time": moment,
            "previous_hash": before,
            **common,
        }
        before = row["hash"] = revision_hash(row)
        rows.append(row)
    if rows:
        connection.execute(revisions.insert(), rows)
        connection.execute(plans.update().where(plans.c.id == plan_id).values(head=sequence, head_hash=before))
    return int(sequence)


def _plans_in(connection: sa.Connection) -> list[str]:
    return list(connection.execute(sa.select(plans.c.id).order_by(plans.c.created, plans.c.id)).scalars())


def _unknown(plan: str, known: list[str]) -> ParameterError:
    return ParameterError(
        N_("there is no plan “{found}” here. The nearest are: {near}."), found=plan, near=nearest(plan, known)
    )


def _revision(row: Any) -> Revision:
    try:
        return Revision(
            row.plan,
            int(row.sequence),
            row.scenario,
            row.path,
            json.loads(row.value),
            int(row.base),
            row.author,
            row.operation,
            datetime.fromisoformat(row.time),
        )
    except (TypeError, ValueError) as problem:
        raise StoreError(
            N_("{plan}, revision {sequence}: it cannot be read. Run `workbook verify`, and restore a backup."),
            plan=row.plan,
            sequence=row.sequence,
        ) from problem


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
