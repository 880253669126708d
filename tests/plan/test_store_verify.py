"""Rows of the log edited, removed, moved or added past the workbook: verify names each by its sequence."""

import pytest
import sqlalchemy as sa

from workbook.plan.integrity import revision_hash
from workbook.plan.model import Plan
from workbook.plan.revisions import Edit
from workbook.plan.store import RevisionLog

pytest_plugins = ["postgres"]

LAST = 30


@pytest.fixture
def log(store_url):
    log = RevisionLog(store_url)
    for plan in ("trial", "other"):
        log.create(plan, Plan.model_validate({"segments": {"a": {"name": "A"}}}), author="ann")
        while log.head(plan) < LAST:
            log.append(plan, [Edit("/segments/a/customers", log.head(plan))], author="bob", base=0)
    yield log
    log.close()


def run(log, *statements):
    with log.database.writing() as connection:
        for statement in statements:
            assert connection.execute(sa.text(statement)).rowcount != 0, statement


def named(log):
    found = log.verify()
    assert found == log.verify("trial")
    assert log.verify("other") == []
    assert all(damage.plan in ("trial", "") for damage in found)
    return {damage.sequence: str(damage) for damage in found}


def test_a_log_as_it_was_stored_has_no_damage(log):
    assert log.verify() == []


@pytest.mark.parametrize(
    "column",
    ["scenario", "path", "value", "author", "operation", "time", "previous_hash", "hash"],
)
@pytest.mark.parametrize("sequence", [1, 5, LAST])
def test_an_edited_row_is_named(log, column, sequence):
    run(
        log,
        f"update revisions set {column} = 'x' || substr({column}, 2) where plan = 'trial' and sequence = {sequence}",
    )
    assert list(named(log)) == [sequence]
    assert "edited" in named(log)[sequence]


def test_a_changed_base_is_named(log):
    run(log, "update revisions set base = 3 where plan = 'trial' and sequence = 7")
    assert list(named(log)) == [7]


@pytest.mark.parametrize("gone", [[1], [5], [5, 6, 7], [4, 8], [LAST], [28, 29, LAST], list(range(1, LAST + 1))])
def test_removed_rows_are_named_the_last_ones_too(log, gone):
    run(log, f"delete from revisions where plan = 'trial' and sequence in ({', '.join(map(str, gone))})")
    firsts = {n for n in gone if n - 1 not in gone}
    assert set(named(log)) == firsts
    assert all("removed" in said for said in named(log).values())
    for first in firsts:
        last = next(n for n in range(first, LAST + 2) if n + 1 not in gone)
        assert first == last or str(last) in named(log)[first]


def test_what_is_written_after_the_last_rows_were_removed_does_not_cover_it_up(log):
    run(log, f"delete from revisions where plan = 'trial' and sequence = {LAST}")
    assert log.append("trial", [Edit("/segments/a/customers", 1)], author="x", base=0) == LAST + 1
    assert list(named(log)) == [LAST]


def test_rows_that_changed_places_are_named_with_the_places_they_had(log):
    run(
        log,
        "update revisions set sequence = 1000 where plan = 'trial' and sequence = 5",
        "update revisions set sequence = 5 where plan = 'trial' and sequence = 9",
        "update revisions set sequence = 9 where plan = 'trial' and sequence = 1000",
    )
    found = named(log)
    assert list(found) == [5, 9]
    assert "stored as revision 9" in found[5]
    assert "stored as revision 5" in found[9]


def test_a_removed_row_whose_gap_was_closed_is_noticed_with_all_that_moved(log):
    run(log, "delete from revisions where plan = 'trial' and sequence = 5")
    for n in range(6, LAST + 1):
        run(log, f"update revisions set sequence = {n - 1} where plan = 'trial' and sequence = {n}")
    found = named(log)
    assert list(found) == list(range(5, LAST + 1))
    assert all(f"stored as revision {n + 1}" in found[n] for n in range(5, LAST))
    assert "removed" in found[LAST]


@pytest.mark.parametrize("sequence", [1, 5, LAST])
def test_a_row_replaced_with_a_fitting_hash_is_named(log, sequence):
    with log.database.writing() as connection:
        where = f"where plan = 'trial' and sequence = {sequence}"
        row = dict(connection.execute(sa.text(f"select * from revisions {where}")).mappings().one())
        row["value"] = '"forged"'
        connection.execute(
            sa.text(f"update revisions set value = :value, hash = :hash {where}"),
            {"value": row["value"], "hash": revision_hash(row)},
        )
    assert list(named(log)) == [sequence]
    assert "replaced" in named(log)[sequence]


def test_a_row_added_past_the_workbook_is_named(log):
    run(
        log,
        "insert into revisions select plan, sequence + 1, scenario, path, value, base, author, 'x', time, hash, 'y' "
        f"from revisions where plan = 'trial' and sequence = {LAST}",
    )
    assert LAST + 1 in named(log)


def test_a_plan_taken_off_the_list_is_named(log):
    if log.database.is_file:
        with log.database._engine.connect() as connection:
            connection.exec_driver_sql("pragma foreign_keys=off")
    with log.database._engine.connect() as connection:
        if log.database.is_file:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("pragma foreign_keys=off")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("alter table revisions drop constraint revisions_plan_fkey")
        connection.exec_driver_sql("delete from plans where id = 'trial'")
        connection.commit()
    assert "list of plans" in str(log.verify()[0])


def test_a_head_moved_far_away_is_named_at_once(log):
    run(log, "update plans set head = 2000000000 where id = 'trial'")
    assert list(named(log)) == [LAST + 1]


def test_a_damage_is_worded_in_the_readers_language_and_says_what_to_do(log):
    run(log, "update revisions set value = '1' where plan = 'trial' and sequence = 5")
    assert str(log.verify()[0]) == ("trial, revision 5: it was edited after it was stored. Restore a backup.")
