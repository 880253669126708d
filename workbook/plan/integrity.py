"""Whether a log is still what was written: every revision carries a hash over itself and the one before.

The hashes find what happens to a store by accident, by a repair or by a hand in the database: rows edited, removed, put
in another order, added past the workbook. They are no signature: who rewrites the whole log with its hashes leaves none.
"""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workbook.errors import StoreError
from workbook.language import N_, translated
from workbook.plan.database import Database, plans, revisions
from workbook.plan.revisions import canonical

__all__ = ["Damage", "damages", "revision_hash"]

HASHED = tuple(column.name for column in revisions.columns if column.name != "hash")
AT_MOST = 200
"""Places tried for a row that was moved: the search is quadratic."""


@dataclass(frozen=True)
class Damage:
    """What is wrong with ``plan`` at ``sequence`` (0: the plan as a whole, or the file), as a sentence."""

    plan: str
    sequence: int
    template: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return translated(self.template, plan=self.plan, sequence=self.sequence, **dict(self.values))


def revision_hash(row: Mapping[str, Any]) -> str:
    """Return the hash of a row of the log, the hash of the one before included."""
    content = {name: row[name] for name in HASHED}
    return hashlib.sha256(canonical(content, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def damages(database: Database, only: str | None = None) -> list[Damage]:
    """Return what is wrong with the plan ``only``, or with the whole store; nothing when all is as it was written."""
    found: list[Damage] = []
    try:
        for damage in _damages(database, only):
            found.append(damage)
    except StoreError as problem:
        # What cannot even be read: the database's own sentence says so.
        found.append(Damage(only or "", 0, problem.template, tuple(problem.values.items())))
    return found


def _damages(database: Database, only: str | None) -> Iterator[Damage]:
    with database.reading() as connection:
        if database.is_file:
            # Bytes that are no text any more must not hide the other rows.
            raw: Any = connection.connection.driver_connection
            raw.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
            yield from (
                Damage("", 0, N_("the file is damaged: {found}. Restore a backup."), (("found", found),))
                for found in connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars()
                if found != "ok"
            )
        known = {row["id"]: dict(row) for row in connection.execute(sa.select(plans)).mappings()}
        logged = connection.execute(sa.select(revisions.c.plan).distinct()).scalars().all()
        for plan in [*known, *sorted(str(name) for name in set(logged) - known.keys())]:
            if only is None or plan == only:
                asked = sa.select(revisions).where(revisions.c.plan == plan).order_by(revisions.c.sequence)
                rows = [dict(row) for row in connection.execute(asked).mappings()]
                yield from _of_plan(plan, known.get(plan), rows)


def _of_plan(plan: str, entry: Mapping[str, Any] | None, rows: list[dict[str, Any]]) -> Iterator[Damage]:
    if entry is None:
        yield Damage(plan, 0, N_("{plan}: it has revisions, but was removed from the list of plans. Restore a backup."))
    head = entry["head"] if entry and isinstance(entry["head"], int) else 0
    gone = list(_gaps([row["sequence"] for row in rows if isinstance(row["sequence"], int)], head))
    wrong = {row["sequence"] for row in rows if _hash_or_none(row) != row["hash"]}
    moved = _moved(rows, wrong, gone)
    told = set(wrong)
    for row in rows:
        sequence = row["sequence"]
        if sequence in moved:
            yield Damage(
                plan,
                sequence,
                N_(
                    "{plan}, revision {sequence}: another stands in its place, stored as revision {was}. Restore a backup."
                ),
                (("was", moved[sequence]),),
            )
        elif sequence in wrong:
            yield Damage(
                plan, sequence, N_("{plan}, revision {sequence}: it was edited after it was stored. Restore a backup.")
            )
    for first, last in gone:
        many = N_("{plan}, revision {sequence}: it was removed, and those up to {last}. Restore a backup.")
        one = N_("{plan}, revision {sequence}: it was removed. Restore a backup.")
        yield Damage(plan, first, many if last > first else one, (("last", last),))
    yield from _of_chain(plan, entry, rows, told, head)


def _of_chain(
    plan: str, entry: Mapping[str, Any] | None, rows: list[dict[str, Any]], told: set[Any], head: int
) -> Iterator[Damage]:
    """Yield the rows that are sound in themselves but are not what the next one, or the list of plans, stands on."""
    replaced = N_("{plan}, revision {sequence}: it was replaced by another after it was stored. Restore a backup.")
    before: dict[str, Any] = {"sequence": 0, "hash": ""}
    for row in rows:
        adjacent = row["sequence"] == before["sequence"] + 1 if isinstance(row["sequence"], int) else False
        if entry is not None and isinstance(row["sequence"], int) and row["sequence"] > head:
            yield Damage(
                plan,
                row["sequence"],
                N_("{plan}, revision {sequence}: it was added past the workbook. Restore a backup."),
            )
        elif adjacent and not {before["sequence"], row["sequence"]} & told and row["previous_hash"] != before["hash"]:
            yield Damage(plan, before["sequence"] or row["sequence"], replaced)
        before = row if isinstance(row["sequence"], int) else before
    if entry is None:
        return
    last = next((row for row in rows if row["sequence"] == head), None)
    if (last is not None and head not in told and last["hash"] != entry["head_hash"]) or (
        head == 0 and entry["head_hash"] != ""
    ):
        yield Damage(plan, head, replaced)


def _moved(rows: list[dict[str, Any]], wrong: set[Any], gone: list[tuple[int, int]]) -> dict[Any, int]:
    """Return, for rows whose hash fits another place, the place they were stored at."""
    empty = itertools.chain.from_iterable(range(first, last + 1) for first, last in gone)
    places = [*(place for place in wrong if isinstance(place, int)), *itertools.islice(empty, AT_MOST)][: 2 * AT_MOST]
    candidates = [row for row in rows if row["sequence"] in wrong][:AT_MOST]
    found = {}
    for row in candidates:
        for place in places:
            if place != row["sequence"] and _hash_or_none(row | {"sequence": place}) == row["hash"]:
                found[row["sequence"]] = place
    return found


def _hash_or_none(row: Mapping[str, Any]) -> str | None:
    try:
        return revision_hash(row)
    except (TypeError, ValueError):  # a number or text turned into bytes
        return None


def _gaps(sequences: list[int], head: int) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run that is missing from ``sequences``, which should be 1 to ``head``."""
    before = 0
    for sequence in [*sequences, head + 1]:
        if sequence > before + 1:
            yield before + 1, sequence - 1
        before = max(before, sequence)
