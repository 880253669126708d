"""Older stores are brought up to date: a copy first, all or nothing, and every revision stays."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from workbook.errors import StoreError
from workbook.plan.database import SCHEMA
from workbook.plan.integrity import revision_hash
from workbook.plan.migration import MIGRATIONS
from workbook.plan.revisions import Edit
from workbook.plan.store import RevisionLog

pytest_plugins = ["postgres"]

# As the first version of the workbook made it.
SCHEMA_1 = """
CREATE TABLE store (schema_version INTEGER NOT NULL);
CREATE TABLE plans (id VARCHAR(80) NOT NULL, created VARCHAR(40) NOT NULL, PRIMARY KEY (id));
CREATE TABLE revisions (
    plan VARCHAR(80) NOT NULL, sequence INTEGER NOT NULL, scenario VARCHAR(80) NOT NULL, path TEXT NOT NULL,
    value TEXT NOT NULL, base INTEGER NOT NULL, author VARCHAR(200) NOT NULL, operation VARCHAR(40) NOT NULL,
    time VARCHAR(40) NOT NULL, previous_hash VARCHAR(64) NOT NULL, hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (plan, sequence), FOREIGN KEY(plan) REFERENCES plans (id)
);
INSERT INTO store VALUES (1);
INSERT INTO plans VALUES ('trial', '2026-11-21T10:00:00+00:00');
INSERT INTO plans VALUES ('empty', '2026-11-21T10:00:01+00:00');
"""
# One row exactly as that version stored it, hash included: what is hashed, and how, never changes.
STORED = (
    *("trial", 1, "", "/charter", '{"title":"Però"}', 0, "ann", "operation-1", "2026-11-21T10:00:00+00:00", ""),
    "171d05d824732faf87d6dba80bc223a707db89e7e974d7073d7e4c1782d86272",
)


def rows(last=5):
    names = ("plan", "sequence", "scenario", "path", "value", "base", "author", "operation", "time", "previous_hash")
    before = STORED[-1]
    yield STORED
    for n in range(2, last + 1):
        values = ("trial", n, "", "/segments/a", f'{{"name":"A","customers":{n}}}', n - 1, "bob", f"operation-{n}")
        row = dict(zip(names, (*values, "2026-11-21T10:00:02+00:00", before), strict=True))
        before = revision_hash(row)
        yield (*row.values(), before)


def old_file(path: Path, last: int = 5) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA_1)
    connection.executemany(f"INSERT INTO revisions VALUES ({', '.join('?' * 11)})", rows(last))
    connection.commit()
    connection.close()
    return path


def old_server(url: str) -> str:
    with psycopg.connect(url) as connection:
        connection.execute(SCHEMA_1)
        for row in rows():
            connection.execute(f"INSERT INTO revisions VALUES ({', '.join(['%s'] * 11)})", row)
    return url


@pytest.fixture
def old_url(store_url):
    return (
        f"sqlite:///{old_file(Path(store_url.removeprefix('sqlite:///')))}"
        if store_url.startswith("sqlite")
        else old_server(store_url)
    )


def test_there_is_a_way_up_from_every_older_schema():
    assert list(MIGRATIONS) == list(range(1, SCHEMA))


def test_an_older_store_is_brought_up_to_date_with_every_revision(old_url):
    log = RevisionLog(old_url)
    assert log.plans() == ["trial", "empty"]
    assert [log.head("trial"), log.head("empty")] == [5, 0]
    assert log.plan("trial")[0].charter.title == "Però"
    assert log.plan("trial")[0].item("a").customers == 5
    assert log.verify() == []
    assert log.append("trial", [Edit("/segments/a/customers", 7)], author="x" * 300, base=5, operation="o" * 60) == 6
    log.close()
    again = RevisionLog(old_url)
    assert again.migrated_from is None
    assert again.plan("trial")[0].item("a").customers == 7
    assert again.verify() == []
    again.close()


def test_a_store_brought_up_to_date_has_the_shape_of_a_new_one(tmp_path, new_postgres):
    def shape(url):
        log = RevisionLog(url)
        with log.database.reading() as connection:
            inspector = sa.inspect(connection)
            return {
                name: (
                    {
                        column["name"]: (str(column["type"]), column["nullable"])
                        for column in inspector.get_columns(name)
                    },
                    inspector.get_pk_constraint(name)["constrained_columns"],
                    [index["column_names"] for index in inspector.get_indexes(name)],
                )
                for name in ("store", "plans", "revisions")
            }

    old, new = shape(f"sqlite:///{old_file(tmp_path / 'old.sqlite')}"), shape(f"sqlite:///{tmp_path / 'new.sqlite'}")
    for table in ("plans", "store"):
        assert old[table] == new[table]
    assert old["revisions"][1:] == new["revisions"][1:]
    assert shape(old_server(new_postgres())) == shape(new_postgres())


def test_a_copy_of_the_old_file_is_kept_beside_it(tmp_path):
    file = old_file(tmp_path / "plans.sqlite")
    before = file.read_bytes()
    log = RevisionLog.in_file(file)
    assert log.migrated_from.parent == tmp_path
    assert log.migrated_from.name.startswith("plans-schema1-")
    assert sqlite3.connect(log.migrated_from).execute("select count(*) from revisions").fetchone() == (5,)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["plans.sqlite", log.migrated_from.name])
    assert len(before) == log.migrated_from.stat().st_size


def test_a_copy_of_the_old_tables_is_kept_on_the_server(new_postgres):
    url = old_server(new_postgres())
    RevisionLog(url).close()
    with psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from revisions_schema_1").fetchone() == (5,)
        assert connection.execute("select count(*) from plans_schema_1").fetchone() == (2,)


def test_two_who_open_an_old_store_at_once_bring_it_up_once(old_url, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        logs = list(pool.map(RevisionLog, [old_url] * 4))
    assert all(log.plans() == ["trial", "empty"] for log in logs)
    assert sum(log.migrated_from is not None for log in logs) == (1 if old_url.startswith("sqlite") else 0)
    assert logs[0].verify() == []


def test_a_copy_that_cannot_be_made_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    def full(*_):
        raise sqlite3.OperationalError("disk I/O error")

    file = old_file(tmp_path / "plans.sqlite")
    before = file.read_bytes()
    monkeypatch.setattr("workbook.plan.migration.copy_file", full)
    with pytest.raises(StoreError, match="Nothing was changed"):
        RevisionLog.in_file(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["plans.sqlite"]


def test_a_step_that_fails_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    def fails(connection):
        MIGRATED(connection)
        connection.exec_driver_sql("insert into nowhere values (1)")

    MIGRATED = MIGRATIONS[1]
    file = old_file(tmp_path / "plans.sqlite")
    before = file.read_bytes()
    monkeypatch.setitem(MIGRATIONS, 1, fails)
    with pytest.raises(StoreError, match="nowhere"):
        RevisionLog.in_file(file)
    assert file.read_bytes() == before


def test_an_older_store_that_can_only_be_read_is_refused_with_what_to_do(old_url):
    with pytest.raises(StoreError, match="Open it once where it can be written"):
        RevisionLog(old_url, read_only=True)
