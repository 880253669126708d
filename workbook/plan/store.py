"""The store of every plan's revisions: an append-only log in a database.

Each revision carries the hash of the one before, so that a log which was tampered with shows it. The same code runs on
SQLite and, through SQLAlchemy Core, on other databases.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from workbook.errors import ParameterError, StoreError, nearest
from workbook.language import N_
from workbook.plan.model import Plan
from workbook.plan.revisions import BASE, Edit, Revision, as_edits, canonical, folded, whole_plan

__all__ = ["RevisionLog"]

SCHEMA = 1
BUSY_SECONDS = 10

_metadata = sa.MetaData()
_store = sa.Table("store", _metadata, sa.Column("schema_version", sa.Integer, nullable=False))
_plans = sa.Table(
    "plans",
    _metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("created", sa.String(40), nullable=False),
)
_revisions = sa.Table(
    "revisions",
    _metadata,
    sa.Column("plan", sa.ForeignKey("plans.id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("scenario", sa.String(80), nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("base", sa.Integer, nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("operation", sa.String(40), nullable=False),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)


class RevisionLog:
    """
    The store of plans at a SQLAlchemy ``url``, made when it is missing.

    Raises
    ------
    StoreError
        If the database cannot be opened, is no store of plans, or comes from a newer version of the workbook.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = _engine(url)
        with self._told(), self._writing() as connection:
            _metadata.create_all(connection)
            found = connection.execute(sa.select(_store.c.schema_version)).scalar()
            if found is None:
                connection.execute(_store.insert().values(schema_version=SCHEMA))
            elif found > SCHEMA:
                raise StoreError(
                    N_("the store has schema {found}; this version reads up to {allowed}. Update the workbook."),
                    found=found,
                    allowed=SCHEMA,
                )

    @classmethod
    def in_file(cls, path: Path) -> "RevisionLog":
        """Return the log in the SQLite file at ``path``."""
        return cls(f"sqlite:///{path}")

    def plans(self) -> list[str]:
        """Return the ids of the plans, in the order they were made."""
        with self._told(), self._engine.connect() as connection:
            return list(connection.execute(sa.select(_plans.c.id).order_by(_plans.c.created, _plans.c.id)).scalars())

    def require(self, plan: str) -> None:
        """Raise ParameterError, with the nearest names, when there is no such plan."""
        known = self.plans()
        if plan not in known:
            raise ParameterError(
                N_("there is no plan “{found}” here. The nearest are: {near}."), found=plan, near=nearest(plan, known)
            )

    def create(self, plan_id: str, plan: Plan, *, author: str) -> int:
        """Store a new plan as its first operation, one revision an item or field, and return the last sequence."""
        with self._told(), self._writing() as connection:
            if connection.execute(sa.select(_plans.c.id).where(_plans.c.id == plan_id)).first():
                raise StoreError(
                    N_(
                        "there is a plan “{found}” already. Choose another id, or remove it from the file's first lines."
                    ),
                    found=plan_id,
                )
            connection.execute(_plans.insert().values(id=plan_id, created=_now().isoformat()))
            return self._append(
                connection, plan_id, list(as_edits(plan)), author=author, scenario=BASE, base=0, operation=uuid4().hex
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

        An ``operation`` id already stored is not stored again, so that a retry after a lost answer is harmless.
        """
        operation = operation or uuid4().hex
        with self._told(), self._writing() as connection:
            done = connection.execute(
                sa.select(sa.func.max(_revisions.c.sequence)).where(
                    _revisions.c.plan == plan_id, _revisions.c.operation == operation
                )
            ).scalar()
            if done:
                return int(done)
            return self._append(
                connection, plan_id, list(edits), author=author, scenario=scenario, base=base, operation=operation
            )

    def revisions(self, plan_id: str, *, after: int = 0, until: int | None = None) -> list[Revision]:
        """Return the revisions of a plan with ``after`` < sequence <= ``until``, in order."""
        query = (
            sa.select(_revisions)
            .where(_revisions.c.plan == plan_id, _revisions.c.sequence > after)
            .order_by(_revisions.c.sequence)
        )
        if until is not None:
            query = query.where(_revisions.c.sequence <= until)
        with self._told(), self._engine.connect() as connection:
            return [_revision(row) for row in connection.execute(query)]

    def head(self, plan_id: str) -> int:
        """Return the sequence of the plan's last revision, 0 for none."""
        query = sa.select(sa.func.max(_revisions.c.sequence)).where(_revisions.c.plan == plan_id)
        with self._told(), self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

    def plan(self, plan_id: str, *, until: int | None = None) -> tuple[Plan, int]:
        """Return the plan as its revisions make it (up to sequence ``until``), and the last sequence read."""
        self.require(plan_id)
        history = self.revisions(plan_id, until=until)
        return whole_plan(folded(history)), history[-1].sequence if history else 0

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _append(self, connection: sa.Connection, plan_id: str, edits: list[Edit], **common: Any) -> int:
        last = connection.execute(
            sa.select(_revisions.c.sequence, _revisions.c.hash)
            .where(_revisions.c.plan == plan_id)
            .order_by(_revisions.c.sequence.desc())
            .limit(1)
        ).first()
        sequence, previous = (last.sequence, last.hash) if last else (0, "")
        rows: list[dict[str, Any]] = []
        moment = _now().isoformat()
        for edit in edits:
            sequence += 1
            row = {
                "plan": plan_id,
                "sequence": sequence,
                "path": edit.path,
                "value": canonical(edit.value),
                "time": moment,
                **common,
            }
            previous = row["hash"] = _hash(row | {"previous_hash": previous})
            rows.append(row | {"previous_hash": rows[-1]["hash"] if rows else (last.hash if last else "")})
        if rows:
            connection.execute(_revisions.insert(), rows)
        return sequence

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """One transaction that takes the write lock at once: a deferred one may find it gone half-way."""
        with self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            with connection.begin() if not connection.in_transaction() else _committing(connection):
                yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a database's complaint into a sentence."""
        try:
            yield
        except sa.exc.DBAPIError as problem:
            raise StoreError(
                N_(
                    "the store of plans at {where} does not answer: {reason}. Nothing was changed; try again, or check disk and rights."
                ),
                where=self._engine.url.render_as_string(hide_password=True),
                reason=str(problem.orig),
            ) from problem


def _engine(url: str) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS} if url.startswith("sqlite") else {})
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: Any) -> None:
            # Our own BEGIN IMMEDIATE instead of the driver's; the rollback journal, since WAL can corrupt before SQLite 3.51.3.
            connection.isolation_level = None
            for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


@contextmanager
def _committing(connection: sa.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _revision(row: Any) -> Revision:
    return Revision(
        row.plan,
        row.sequence,
        row.scenario,
        row.path,
        json.loads(row.value),
        row.base,
        row.author,
        row.operation,
        datetime.fromisoformat(row.time),
    )


def _hash(row: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(row, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
