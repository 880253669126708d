"""The database behind a store of plans: opened without harm, read from one moment, written in one locked transaction.

SQLite (a file in the workspace) and PostgreSQL (a server a team shares) are used by the same statements. A file that
is damaged, foreign or newer is refused before anything is written to it.
"""

import errno
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from workbook.errors import StoreError
from workbook.language import N_

__all__ = ["SCHEMA", "Database", "kind_of", "made_sqlite", "plans", "revisions", "store", "told"]

SCHEMA = 2
BUSY_SECONDS = 10

_metadata = sa.MetaData()
store = sa.Table("store", _metadata, sa.Column("schema_version", sa.Integer, nullable=False))
plans = sa.Table(
    "plans",
    _metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("created", sa.String(40), nullable=False),
    # Where the log ends: without it nobody could tell that the last revisions are gone.
    sa.Column("head", sa.Integer, nullable=False, server_default="0"),
    sa.Column("head_hash", sa.String(64), nullable=False, server_default=""),
)
revisions = sa.Table(
    "revisions",
    _metadata,
    sa.Column("plan", sa.ForeignKey("plans.id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("scenario", sa.String(80), nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("base", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("revisions_operation", "plan", "operation"),
)
SINCE_THE_FIRST_SCHEMA = {
    "store": {"schema_version"},
    "plans": {"id", "created"},
    "revisions": set(revisions.c.keys()),
}

# Any number that no other program on the same server is likely to lock.
_OPENING = 7_305_817_664_101


class Database:
    """
    The database at a SQLAlchemy ``url``; ``where`` names it without its password.

    ``schema`` is the version found, None where there is nothing yet. ``read_only`` is True when it was asked for, and
    also when folder, file, server or rights allow no more.
    """

    def __init__(self, url: str | sa.URL, *, read_only: bool = False) -> None:
        self._url = _parsed(url)
        self.is_file = self._url.get_backend_name() == "sqlite"
        self.where = self._url.database or "" if self.is_file else self._url.set(query={}).render_as_string()
        self.read_only = read_only
        self._engine = self._file_engine() if self.is_file else self._server_engine()
        self.schema: int | None = None

    @property
    def path(self) -> Path:
        """Where the file is; only of a database that is one."""
        return Path(self.where)

    def look(self) -> None:
        """Find out whether the database may be written and what schema it has. Nothing is changed."""
        if self.is_file:
            if not self.path.exists():
                self.schema = None
                return
            if self.path.stat().st_size == 0:
                raise StoreError(
                    N_("{where} is empty: no store of plans. Restore a backup, or remove the file to begin anew."),
                    where=self.where,
                )
            self.read_only = self.read_only or not self._may_write_file()
        with self.reading() as connection:
            self.schema = self.schema_in(connection)
            if not self.is_file and self.schema is not None:
                self.read_only = self.read_only or not _may_write_server(connection)
        if self.is_file and self.schema is None:
            raise self._foreign()

    def schema_in(self, connection: sa.Connection) -> int | None:
        """Return the version of the store, None where there is none. Raises StoreError for somebody else's tables."""
        inspector = sa.inspect(connection)
        names = set(inspector.get_table_names())
        if not names & set(SINCE_THE_FIRST_SCHEMA):
            return None
        for name, columns in SINCE_THE_FIRST_SCHEMA.items():
            if name not in names or not columns <= {column["name"] for column in inspector.get_columns(name)}:
                raise self._foreign()
        found = connection.execute(sa.select(store.c.schema_version)).scalars().all()
        if len(found) != 1 or not isinstance(found[0], int) or found[0] < 1:
            raise self._foreign()
        return int(found[0])

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One transaction that sees the database as it was at one moment, whatever is written meanwhile."""
        options: dict[str, Any] = (
            {} if self.is_file else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with self.told(), self._engine.connect() as connection:
            connection = connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[sa.Connection]:
        """
        One transaction, stored whole or not at all.

        In a file it takes the write lock at once: a deferred one may find it gone half-way. On a server writers of
        different plans do not wait for each other; ``alone`` waits for all who asked to be alone.
        """
        if self.read_only:
            raise _unwritable(self.where)
        with self.told(), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                if alone and not self.is_file:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_OPENING)))
                yield connection

    def make(self) -> None:
        """Make an empty store where there is none; somebody may do so at the same moment."""
        if self.is_file:
            if self.read_only:
                raise _unwritable(self.where)
            with self.told():
                made_sqlite(self.path)
        else:
            with self.writing(alone=True) as connection:
                if self.schema_in(connection) is None:
                    _make_tables(connection)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def told(self) -> AbstractContextManager[None]:
        """Turn a database's complaint into a sentence that says what to do."""
        return told(self.where)

    def _foreign(self) -> StoreError:
        return StoreError(
            N_(
                "{where} is a database, but no store of plans. Nothing was changed; give the store a file or database of its own."
            ),
            where=self.where,
        )

    def _may_write_file(self) -> bool:
        # A journal is written beside the file, so the folder counts too. The file itself is never opened past SQLite:
        # closing it again would drop the locks that other threads of this process hold on it.
        if not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)):
            return False
        try:
            with closing(self._file_connection("rw", seconds=0)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.Error as problem:
            return kind_of(problem) != "read-only"
        return True

    def _file_connection(self, mode: str, *, seconds: float | None = None) -> sqlite3.Connection:
        timeout = BUSY_SECONDS if seconds is None else seconds
        # Transactions are begun by us; a missing file is not made, since an empty store would hide the loss.
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=timeout,
            isolation_level=None,
            check_same_thread=False,
        )

    def _file_engine(self) -> sa.Engine:
        def connect() -> sqlite3.Connection:
            connection = self._file_connection("ro" if self.read_only else "rw")
            # The rollback journal, since WAL can corrupt before SQLite 3.51.3. EXTRA and not FULL: after a power cut a
            # journal whose removal had not reached the disk would take back what was acknowledged.
            connection.execute("PRAGMA synchronous=EXTRA")
            connection.execute("PRAGMA foreign_keys=ON")
            known = self.schema is not None and not self.read_only
            if known and connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                connection.execute("PRAGMA journal_mode=DELETE")
            if self.read_only:
                connection.execute("PRAGMA query_only=ON")
                connection.set_authorizer(_reads_only)
            return connection

        # No pool: a connection costs a fraction of a write, must not cross a fork, and would hold on to a file that
        # was replaced.
        engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool)

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            if connection.get_execution_options().get("writes"):
                _take_turn(connection.connection.driver_connection)
            else:
                connection.exec_driver_sql("BEGIN")

        return engine

    def _server_engine(self) -> sa.Engine:
        try:
            engine = sa.create_engine(self._url, pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS})
        except ModuleNotFoundError:
            raise StoreError(
                N_(
                    "the store of plans at {where} needs one package more: pip install 'marketing-workbook[postgres]', then try again."
                ),
                where=self.where,
            ) from None

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
                cursor.execute("SET synchronous_commit = on")
                # Who falls asleep with the lock in hand lets go of it.
                cursor.execute("SET idle_in_transaction_session_timeout = '60s'")
            connection.commit()

        return engine


_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
}
_ASKING = {"busy_timeout", "foreign_key_list", "index_info", "index_list", "index_xinfo", "table_info", "table_list"}
_ASKING |= {"table_xinfo", "read_uncommitted", "integrity_check"}


def _reads_only(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
    """
    Say what SQLite may do for a reader: look things up.

    A file opened for reading still lets ATTACH and VACUUM INTO make others; and a pragma may change what is read.
    """
    if action == sqlite3.SQLITE_PRAGMA:
        allowed = first in _ASKING and not (first == "read_uncommitted" and second)
    elif action == sqlite3.SQLITE_FUNCTION:
        allowed = (second or "").lower() != "load_extension"
    else:
        allowed = action in _READING
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _take_turn(connection: Any) -> None:
    """
    Begin a transaction that holds the write lock.

    SQLite's own waiting sleeps longer the longer it has waited, so that the newest comer goes first: of twenty writers
    the unluckiest waited in vain. Here who has waited longer asks more often.
    """
    began = time.monotonic()
    connection.execute("PRAGMA busy_timeout=0")
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as problem:
            if kind_of(problem) != "busy" or time.monotonic() - began > BUSY_SECONDS:
                raise
        time.sleep(random.uniform(0.5, 1.5) * max(0.001, 0.015 / (1 + 30 * (time.monotonic() - began))))
    # For the commit, which waits for readers to finish.
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def made_sqlite(path: Path) -> None:
    """Make an empty store at ``path``, whole or not at all; one that is there meanwhile stays."""
    beside = path.with_name(f".{path.name}-{uuid4().hex[:8]}")
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(beside)), poolclass=sa.pool.NullPool)
    try:
        with engine.begin() as connection:
            _make_tables(connection)
        _link(beside, path)
    finally:
        engine.dispose()
        beside.unlink(missing_ok=True)


def _make_tables(connection: sa.Connection) -> None:
    _metadata.create_all(connection)
    connection.execute(store.insert().values(schema_version=SCHEMA))


def _link(beside: Path, path: Path) -> None:
    """Give ``beside`` the name ``path`` unless that is taken."""
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not path.exists():
            os.replace(beside, path)


def _may_write_server(connection: sa.Connection) -> bool:
    """Say whether rights and server would allow writing; the transaction asking is itself read-only."""
    rights = " AND ".join(
        f"has_table_privilege('{table}', '{right}')"
        for table, right in (("plans", "INSERT"), ("plans", "UPDATE"), ("revisions", "INSERT"))
    )
    asked = f"SELECT {rights} AND NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'"
    return bool(connection.execute(sa.text(asked)).scalar())


def _parsed(url: str | sa.URL) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        known = parsed.drivername == "postgresql+psycopg" or (
            parsed.drivername in ("sqlite", "sqlite+pysqlite") and parsed.database not in (None, "", ":memory:")
        )
    except (sa.exc.ArgumentError, ValueError):
        known = False
    if not known:
        # The address is not repeated: it may hold a password.
        raise StoreError(
            N_("the address of the store is not understood. Write sqlite:///FILE or postgresql://USER@HOST/DATABASE.")
        )
    return parsed


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn what a database or a disk at ``where`` complains about into a sentence that says what to do."""
    try:
        yield
    except sa.exc.DBAPIError as problem:
        if problem.connection_invalidated:
            raise StoreError(
                N_(
                    "the store of plans at {where} went away ({reason}). The last change may be stored or not: look before you go on."
                ),
                where=where,
                reason=_first_line(problem.orig),
            ) from problem
        raise _said(problem.orig, where) from problem
    except (sqlite3.Error, OSError, sa.exc.SQLAlchemyError) as problem:
        raise _said(problem, where) from problem
    except UnicodeDecodeError as problem:  # even SQLite's own messages may quote damaged bytes
        raise _said(sqlite3.DatabaseError("Could not decode to UTF-8"), where) from problem
    except UnicodeEncodeError as problem:
        raise StoreError(
            N_(
                "the text holds half a character (U+{code}), which cannot be stored. Nothing was changed; type it again."
            ),
            code=f"{ord(problem.object[problem.start]):04X}",
        ) from problem


def _said(problem: object, where: str) -> StoreError:
    match kind_of(problem):
        case "busy":
            return StoreError(
                N_(
                    "the store of plans at {where} is busy: others wrote to it for {seconds} seconds. Nothing was changed; try again."
                ),
                where=where,
                seconds=BUSY_SECONDS,
            )
        case "full":
            return StoreError(
                N_("the disk of {where} is full. Nothing was changed; free some space and try again."), where=where
            )
        case "read-only":
            return _unwritable(where)
        case "damaged":
            return StoreError(
                N_(
                    "{where} is damaged, or is no store of plans ({reason}). Nothing was changed; restore a backup with `workbook restore`."
                ),
                where=where,
                reason=_first_line(problem),
            )
    return StoreError(
        N_("{where} does not answer: {reason}. Nothing was changed; try again, or check disk and rights."),
        where=where,
        reason=_first_line(problem).rstrip("."),
    )


def _unwritable(where: str) -> StoreError:
    return StoreError(
        N_("{where} can only be read here. Nothing was changed; ask for the right to write, or work in a copy."),
        where=where,
    )


def kind_of(problem: object) -> str:
    """Return what is wrong in one word: busy, full, read-only, damaged or other."""
    if isinstance(problem, sqlite3.Error):
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if isinstance(problem, sqlite3.DatabaseError) and "decode to UTF-8" in str(problem):
            return "damaged"
        return {
            sqlite3.SQLITE_BUSY: "busy",
            sqlite3.SQLITE_LOCKED: "busy",
            sqlite3.SQLITE_FULL: "full",
            sqlite3.SQLITE_READONLY: "read-only",
            sqlite3.SQLITE_CORRUPT: "damaged",
            sqlite3.SQLITE_NOTADB: "damaged",
            sqlite3.SQLITE_FORMAT: "damaged",
        }.get(code, "other")
    if isinstance(problem, OSError):
        return {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "read-only"}.get(problem.errno or 0, "other")
    state = getattr(problem, "sqlstate", None) or ""
    return {"55P03": "busy", "53100": "full", "25006": "read-only", "42501": "read-only", "XX001": "damaged"}.get(
        state, "other"
    )


def _first_line(problem: object) -> str:
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    lines = str(problem).strip().splitlines()
    return lines[0].strip() if lines else type(problem).__name__
