"""
Programs that write to a store in many processes, for tests that count, kill and wait.

    python writers.py race URL PLAN PROCESSES WRITES one|many      acknowledgements and seconds, as JSON
    python writers.py kill URL PLAN ROUNDS                         acknowledgements of writers killed while saving, as JSON
    python writers.py once URL PLAN OPERATION                      one save, for a program that watches
    python writers.py migrate URL -                                openings killed before each statement, as JSON
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable

import sqlalchemy as sa

from workbook.plan.database import Database
from workbook.plan.revisions import Edit
from workbook.plan.store import RevisionLog


def race(url: str, plan: str, processes: int, writes: int, fields: str) -> dict:
    def work(process: int, tell: Callable[[object], None], start: float) -> None:
        log = RevisionLog(url)
        time.sleep(max(0.0, start - time.time()))
        for n in range(writes):
            name = "a" if fields == "one" else f"w{(process * writes + n) % 200}"
            operation, began = f"{process}-{n}", time.perf_counter()
            edit = Edit(f"/segments/{name}/name", operation)
            try:
                sequence = log.append(plan, [edit], author=f"p{process}", base=base, operation=operation)
            except Exception as problem:
                tell({"error": str(problem)})
            else:
                tell({"operation": operation, "sequence": sequence, "seconds": time.perf_counter() - began})
        log.close()

    before = RevisionLog(url)
    base = before.head(plan)
    before.close()  # a connection must not cross a fork
    start = time.time() + 0.3 + processes * 0.02
    readers = [_forked(lambda tell, n=n: work(n, tell, start)) for n in range(processes)]
    began = start
    told = [_told(reader) for reader, _ in readers]
    for _, child in readers:
        os.waitpid(child, 0)
    return {"told": [line for lines in told for line in lines], "seconds": time.time() - began}


def kill(url: str, plan: str, rounds: int) -> dict:
    told, chance = [], random.Random(7)
    for round_ in range(rounds):

        def work(tell: Callable[[object], None], round_: int = round_) -> None:
            log = RevisionLog(url)
            tell("ready")
            for n in range(10_000):
                operation = f"{round_}-{n}"
                edits = [Edit(f"/segments/k{part}/name", operation) for part in range(3)]
                tell(
                    {
                        "operation": operation,
                        "sequence": log.append(plan, edits, author="x", base=0, operation=operation),
                    }
                )

        reader, child = _forked(work)
        os.read(reader, len('"ready"\n'))
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told += _told(reader)
    return {"told": told}


def once(url: str, plan: str, operation: str) -> dict:
    log = RevisionLog(url)
    os.write(2, b"SAVING\n")
    sequence = log.append(plan, [Edit("/segments/a/name", operation)], author="x", base=0, operation=operation)
    os.write(2, b"SAVED\n")
    return {"sequence": sequence}


def migrate(url: str, _plan: str) -> dict:
    """Open the store again and again, killed before its first, second, third statement, until it gets to the end."""
    found: list[list[object]] = []
    while True:

        def work(tell: Callable[[object], None], at: int = len(found)) -> None:
            count = 0

            def watch(*_: object) -> None:
                nonlocal count
                count += 1
                if count > at:
                    os.kill(os.getpid(), signal.SIGKILL)

            for event in ("before_cursor_execute", "commit"):
                sa.event.listen(sa.Engine, event, watch)
            RevisionLog(url).close()
            tell("done")

        reader, child = _forked(work)
        done = _told(reader)
        os.waitpid(child, 0)
        found.append(state(url))
        if done:
            return {"states": found}


def state(url: str) -> list[object]:
    """Return the version a store says it has, the columns that say which it is, and how many revisions there are."""
    database = Database(url, read_only=True)
    with database.reading() as connection:
        columns = {column["name"] for column in sa.inspect(connection).get_columns("plans")}
        indexes = sa.inspect(connection).get_indexes("revisions")
        version = connection.execute(sa.text("select schema_version from store")).scalar()
        count = connection.execute(sa.text("select count(*) from revisions")).scalar()
    database.close()
    return [version, "head" in columns and "head_hash" in columns, bool(indexes), count]


def _forked(work: Callable[[Callable[[object], None]], None]) -> tuple[int, int]:
    """Run ``work`` in a child, with a function that tells a line; return where to read the lines, and the child."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(lambda line: os.write(writer, (json.dumps(line) + "\n").encode()) and None)
        finally:
            os._exit(0)
    os.close(writer)
    return reader, child


def _told(reader: int) -> list:
    with os.fdopen(reader) as lines:
        # A line half told by a process that was killed is no acknowledgement.
        return [json.loads(line) for line in lines if line.endswith("\n")]


if __name__ == "__main__":
    name, url, plan, *rest = sys.argv[1:]
    programs: dict[str, Callable[..., dict]] = {"race": race, "kill": kill, "once": once, "migrate": migrate}
    print(json.dumps(programs[name](url, plan, *[int(word) if word.isdigit() else word for word in rest])))
