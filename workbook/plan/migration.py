"""Stores of an older schema brought up to date: a copy first, then every step in one transaction.

Whoever pulls the plug meanwhile finds the old store or the new one, never something between.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from workbook.errors import StoreError
from workbook.language import N_
from workbook.plan.database import SCHEMA, Database, store

__all__ = ["MIGRATIONS", "migrate"]


def migrate(database: Database) -> Path | None:
    """
    Bring the store to the schema of this version; return where the copy of the old one is (None on a server).

    On a server the copy is made of tables ``plans_schema_1`` and the like, in the same transaction.

    Raises
    ------
    StoreError
        If the store is newer than this version, can only be read, or cannot be copied. It is then as it was.
    """
    require_known(database)
    if database.schema == SCHEMA:
        return None
    with database.writing(alone=True) as connection:
        found = database.schema_in(connection) or SCHEMA
        if found == SCHEMA:  # somebody else did it while we waited
            return None
        kept = None
        if database.is_file:
            kept = _copy_of_file(database, found)
        else:
            _copy_tables(connection, found)
        for version in range(found, SCHEMA):
            MIGRATIONS[version](connection)
        connection.execute(store.update().values(schema_version=SCHEMA))
    return kept


def require_known(database: Database) -> None:
    """Raise StoreError for a store that is newer than this version, or older and not to be changed."""
    found = database.schema or SCHEMA
    if found > SCHEMA:
        raise StoreError(
            N_("the store has schema {found}; this version reads up to {allowed}. Update the workbook."),
            found=found,
            allowed=SCHEMA,
        )
    if found < SCHEMA and database.read_only:
        raise StoreError(
            N_(
                "the store has schema {found} and cannot be brought up to {allowed} here. Open it once where it can be written."
            ),
            found=found,
            allowed=SCHEMA,
        )


def _to_schema_2(connection: sa.Connection) -> None:
    """Each plan keeps where its log ends; operations are found by an index; names may be longer."""
    run = connection.exec_driver_sql
    run("ALTER TABLE plans ADD COLUMN head INTEGER NOT NULL DEFAULT 0")
    run("ALTER TABLE plans ADD COLUMN head_hash VARCHAR(64) NOT NULL DEFAULT ''")
    last = "FROM revisions WHERE revisions.plan = plans.id ORDER BY sequence DESC LIMIT 1"
    run(
        f"UPDATE plans SET head = coalesce((SELECT sequence {last}), 0), head_hash = coalesce((SELECT hash {last}), '')"
    )
    run("CREATE INDEX revisions_operation ON revisions (plan, operation)")
    if connection.dialect.name == "postgresql":
        run("ALTER TABLE revisions ALTER COLUMN author TYPE TEXT, ALTER COLUMN operation TYPE TEXT")


MIGRATIONS: dict[int, Callable[[sa.Connection], None]] = {1: _to_schema_2}
"""What brings a store of this schema to the next one."""


def _copy_of_file(database: Database, schema: int) -> Path:
    """Copy the file beside itself while the write lock is held, so that nothing is missing in the copy."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = _free(database.path.with_name(f"{database.path.stem}-schema{schema}-{moment}{database.path.suffix}"))
    beside = target.with_name(f".{target.name}")
    try:
        copy_file(database.path, beside)
        os.replace(beside, target)
        sync_folder(target.parent)
    finally:
        beside.unlink(missing_ok=True)
    return target


def copy_file(source: Path, target: Path, *, seconds: float = 10) -> None:
    """
    Copy a SQLite file as it is at one moment, while others write to it.

    Raises
    ------
    sqlite3.Error
        If it stays locked for ``seconds``, or cannot be read or written whole.
    """
    waited = 0

    def watch(status: int, _remaining: int, _total: int) -> None:
        nonlocal waited
        waited += status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if waited * 0.1 > seconds:
            problem = sqlite3.OperationalError("database is locked")
            problem.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise problem

    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        copy.execute("PRAGMA synchronous=EXTRA")
        original.backup(copy, progress=watch, sleep=0.1)


def sync_folder(folder: Path) -> None:
    """Have the names in ``folder`` on the disk, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _copy_tables(connection: sa.Connection, schema: int) -> None:
    for table in ("plans", "revisions"):
        connection.exec_driver_sql(f"CREATE TABLE {table}_schema_{schema} AS TABLE {table}")


def _free(path: Path) -> Path:
    count = 1
    while path.exists():
        count += 1
        path = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return path
