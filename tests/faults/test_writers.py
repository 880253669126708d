"""Many writers, killed writers, locked stores, clocks set back: what was acknowledged is stored, once, in order."""

import random
import sqlite3
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from faults.running import assert_sound, new_store, writers

from workbook.errors import StoreError
from workbook.plan import store
from workbook.plan.history import age, changes
from workbook.plan.revisions import Edit, conflicts

pytest_plugins = ["postgres"]
pytestmark = pytest.mark.faults

slow = pytest.mark.slow


@pytest.mark.parametrize("fields", ["one", "many"])
@pytest.mark.parametrize(("processes", "writes"), [(8, 10), pytest.param(20, 50, marks=slow)])
def test_of_many_writers_every_acknowledged_value_is_stored_and_none_is_turned_away(
    store_url, fields, processes, writes, record_property
):
    log = new_store(store_url)
    first = log.head("trial")
    told = writers("race", store_url, "trial", processes, writes, fields)
    errors = [line["error"] for line in told["told"] if "error" in line]
    assert errors == []
    acknowledged = {line["operation"]: line["sequence"] for line in told["told"]}
    assert len(acknowledged) == processes * writes
    assert_sound(store_url)
    history = log.revisions("trial", after=first)
    assert {revision.operation: revision.sequence for revision in history} == acknowledged
    assert sorted(acknowledged.values()) == list(range(first + 1, first + processes * writes + 1))
    if fields == "one":
        # Each saw its own values only: the last of every process waits to be chosen from, and the first one's too.
        (conflict,) = conflicts(log.revisions("trial"))
        assert {revision.author for revision in conflict.revisions} == {f"p{n}" for n in range(processes)}
        assert set(conflict.revisions) <= set(history)
    seconds = sorted(line["seconds"] for line in told["told"])
    p50, p99 = statistics.median(seconds), seconds[int(len(seconds) * 0.99)]
    print(
        f"\n{store_url.split(':')[0]}, {processes} x {writes} writes, {fields} field(s): p50 {p50 * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms, longest {seconds[-1] * 1000:.0f} ms, "
        f"{len(acknowledged) / told['seconds']:.0f} writes/s"
    )


@pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=slow)])
def test_writers_killed_while_saving_lose_nothing_that_was_acknowledged(store_url, rounds):
    log = new_store(store_url)
    told = writers("kill", store_url, "trial", rounds)["told"]
    assert_sound(store_url)
    stored = {}
    for revision in log.revisions("trial"):
        stored.setdefault(revision.operation, []).append(revision.sequence)
    lost = [line for line in told if max(stored.get(line["operation"], [0])) != line["sequence"]]
    assert lost == []
    # An operation is stored whole or not at all, acknowledged or not.
    assert [name for name, sequences in stored.items() if "-" in name and len(sequences) != 3] == []
    unsaid = sum("-" in name for name in stored) - len(told)
    print(
        f"\n{store_url.split(':')[0]}: {rounds} writers killed, {len(told)} acknowledged, 0 lost, {unsaid} stored but not told"
    )


def locked(url, seconds):
    """Lock the store for ``seconds`` in a thread, as another program would; return once it holds."""
    ready = threading.Event()

    def hold():
        if url.startswith("sqlite"):
            connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            ready.set()
            time.sleep(seconds)
            connection.execute("ROLLBACK")
            connection.close()
        else:
            with psycopg.connect(url) as connection:
                connection.execute("SELECT 1 FROM plans FOR UPDATE")
                ready.set()
                time.sleep(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    assert ready.wait(10)
    return thread


@pytest.mark.parametrize("seconds", [0.5, pytest.param(2, marks=slow), pytest.param(6, marks=slow)])
def test_a_store_that_is_locked_for_a_while_is_waited_for(store_url, seconds):
    log = new_store(store_url)
    holder, began = locked(store_url, seconds), time.perf_counter()
    log.append("trial", [Edit("/segments/a/name", "B")], author="x", base=0)
    waited = time.perf_counter() - began
    holder.join()
    assert waited > seconds * 0.7
    assert log.plan("trial")[0].item("a").name == "B"
    print(f"\n{store_url.split(':')[0]} locked {seconds} s: saved after {waited:.1f} s")


@pytest.mark.parametrize(("limit", "held"), [(1, 2), pytest.param(10, 30, marks=slow)])
def test_a_store_that_stays_locked_is_given_up_with_a_sentence_and_a_retry_stores_once(
    store_url, limit, held, monkeypatch
):
    monkeypatch.setattr("workbook.plan.database.BUSY_SECONDS", limit)
    log = new_store(store_url)
    before = log.head("trial")
    holder, began = locked(store_url, held), time.perf_counter()
    edit = [Edit("/segments/a/name", "B")]
    with pytest.raises(StoreError, match=r"busy.*Nothing was changed"):
        log.append("trial", edit, author="x", base=0, operation="retried")
    gave_up = time.perf_counter() - began
    assert limit * 0.9 < gave_up < limit * 1.2 + 0.5
    assert log.head("trial") == before  # reading goes on meanwhile
    holder.join()
    for _ in range(2):
        assert log.append("trial", edit, author="x", base=0, operation="retried") == before + 1
    assert_sound(store_url)
    print(f"\n{store_url.split(':')[0]} locked {held} s: given up after {gave_up:.1f} s, stored once after the retry")


def test_a_clock_set_back_changes_neither_the_order_nor_makes_ages_negative(store_url, monkeypatch):
    log = new_store(store_url)
    chance, moments = random.Random(3), []
    for n in range(30):
        moments.append(datetime.now(UTC) + timedelta(hours=chance.randint(-10_000, 10_000)))
        monkeypatch.setattr(store, "_now", lambda: moments[-1])
        log.append("trial", [Edit("/segments/a/customers", n)], author="x", base=0)
    found = list(changes(log.revisions("trial"), "/segments/a/customers"))
    assert [change.after for change in found] == list(range(30))
    assert [change.before for change in found] == [None, *range(29)]
    assert [change.revision.time for change in found] == moments
    assert log.plan("trial")[0].item("a").customers == 29
    assert all(age(change.revision.time) >= 0 for change in found)
    assert log.verify() == []
