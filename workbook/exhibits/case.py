"""The case at hand: a plan with its tables, in the segment the reader asked for. Every exhibit is drawn from one."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.analyses import analysis
from workbook.answer import Answer
from workbook.errors import AnalysisError, StoreError
from workbook.exhibits.learnt import once
from workbook.language import N_, current
from workbook.plan.links import Links, links_of
from workbook.plan.model import Need, Offer, Plan, Release, Study, new_id
from workbook.plan.revisions import BASE, Revision, folded, seen_in, whole_plan
from workbook.plan.staleness import Stale, stale_in
from workbook.plan.workspace import Workspace
from workbook.tables import CheckedTable, Reading

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Case"]

NAMED = {"segment": "segments", "need": "needs", "channel": "channels"}
"""Columns of tables that name an item of the plan, with the section it is in."""

Called = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Case:
    """
    A plan, the workspace its tables are in, and the id of a segment (empty: all).

    ``plan_id`` is the plan's name in the workspace's log; without it the plan has no history. ``scenario`` says which
    of its scenarios the plan is seen in. Where ``plan`` is only tried out, ``decided`` is the one that stands.
    """

    plan: Plan
    workspace: Workspace
    segment: str = ""
    plan_id: str = ""
    scenario: str = BASE
    decided: Plan | None = None

    @property
    def currency(self) -> str:
        """The plan's currency, as an ISO code."""
        return self.plan.charter.currency.value

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The needs of the segment, or all of them."""
        return tuple(need for need in self.plan.needs if not self.segment or need.segment in (None, self.segment))

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The offers meant for the segment, or all of them; what names no segment is for everybody."""
        return tuple(o for o in self.plan.offers if not self.segment or not o.segments or self.segment in o.segments)

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """The releases meant for the segment, or all of them."""
        return tuple(r for r in self.plan.releases if not self.segment or not r.segments or self.segment in r.segments)

    @cached_property
    def links(self) -> Links:
        """What stands on what in the plan."""
        return links_of(self.plan)

    @cached_property
    def stale(self) -> list[Stale]:
        """What stands on something that has changed since it was confirmed, as of today: each pair of items once."""
        pairs: dict[tuple[str, str], Stale] = {}
        for one in stale_in(self.plan, today=date.today(), links=self.links):
            pairs.setdefault((one.node, one.upstream), one)
        return list(pairs.values())

    @cached_property
    def history(self) -> tuple[Revision, ...]:
        """The revisions that made the plan, in the order they were made; none where the log does not know the plan."""
        return tuple(revision for revision in self.every_revision if revision.scenario in (BASE, self.scenario))

    @cached_property
    def every_revision(self) -> tuple[Revision, ...]:
        """The revisions of the plan and of all its scenarios; none where the log does not know the plan."""
        if not self.plan_id:
            return ()
        return _history(self.workspace, self.plan_id, self.workspace.log.head(self.plan_id))

    @cached_property
    def first_stored(self) -> int:
        """The last sequence of the plan's first operation, 0 for none."""
        begun = self.history[0].operation if self.history else ""
        return max((revision.sequence for revision in self.history if revision.operation == begun), default=0)

    def plan_at(self, revision: int) -> Plan | None:
        """Return the plan as it was at ``revision``, or as first stored for 0; None where the log does not know it."""
        until = revision or self.first_stored
        if not self.history or until > self.workspace.log.head(self.plan_id):
            return None
        return _plan_at(self.workspace, self.plan_id, self.scenario, until)

    def study(self, name: str) -> Study | None:
        """Return the last study for the analysis called ``name``, if the plan has one."""
        return next((study for study in reversed(self.plan.studies) if study.analysis == name and study.table), None)

    def studies(self, name: str) -> tuple[Study, ...]:
        """Return every study for the analysis called ``name``, in the plan's order: a test has one for each measure."""
        return tuple(study for study in self.plan.studies if study.analysis == name and study.table)

    def answers(self, name: str) -> CheckedTable | None:
        """Return the checked table of that study. Raises TableError or StoreError when it is there but cannot be used."""
        study = self.study(name)
        if study is None:
            return None
        path = self.workspace.table(study.table)
        reading = Reading.of(study.reading, study.columns)
        return _checked(path, name, reading, path.stat().st_mtime_ns, self._called)

    def answer(self, name: str, **options: Hashable) -> Answer | None:
        """
        Return what that study says, in the case's segment where its answers name one; None where there is no study.

        Raises TableError, StoreError or AnalysisError when there is one but it has no answer.
        """
        study = self.study(name)
        return None if study is None else self.answer_of(study, name, **options)

    def answer_of(self, study: Study, name: str, **options: Hashable) -> Answer:
        """Return what the analysis called ``name`` says of one study's table. Raises as ``answer``."""
        path = self.workspace.table(study.table)
        reading = Reading.of(study.reading, study.columns)
        asked = (self.segment, tuple(sorted(options.items())))
        changed = path.stat().st_mtime_ns
        key = ("answer", path, name, reading, changed, current(), self._called, *asked)
        return once(key, lambda: _answered(path, name, reading, changed, self._called, *asked))

    @cached_property
    def _called(self) -> Called:
        """What tables may call the plan's segments, needs and channels by, beside their ids: their names."""
        return tuple(
            (column, _key(item.name), item.id)
            for column, section in NAMED.items()
            for item in getattr(self.plan, section)
            if item.name
        )


def _checked(path: Path, name: str, reading: Reading, changed: int, called: Called) -> CheckedTable:
    """Read once: a table does not change under a page, and its name begins with its content's fingerprint."""
    key = ("table", path, name, reading, changed, current(), called)
    return once(key, lambda: _read(path, name, reading, called))


def _read(path: Path, name: str, reading: Reading, called: Called) -> CheckedTable:
    checked = analysis(name).read(path, reading)
    return replace(checked, rows=_by_id(checked.rows, called))


def _by_id(rows: "pd.DataFrame", called: Called) -> "pd.DataFrame":
    """Return ``rows`` with the plan's ids where a table has the names of things: a survey tool knows no ids."""
    for column in dict.fromkeys(column for column, _name, _id in called if column in rows.columns):
        known = {name: id for about, name, id in called if about == column}
        ids = set(known.values())
        found = {
            value: known[_key(value)]
            for value in rows[column].dropna().unique()
            if isinstance(value, str) and value not in ids and _key(value) in known
        }
        if found:
            rows = rows.assign(**{column: [found.get(value, value) for value in rows[column]]})
    return rows


def _key(name: str) -> str:
    """Return what makes two spellings of a name the same: its letters, without accents, case and marks."""
    return new_id(name, (), otherwise="") or name.casefold().strip()


def _answered(
    path: Path,
    name: str,
    reading: Reading,
    changed: int,
    called: Called,
    segment: str,
    options: tuple[tuple[str, Hashable], ...],
) -> Answer:
    """Work out what the table says: once, since pages are redrawn at every change of the plan, and most change no study."""
    checked = _checked(path, name, reading, changed, called)
    rows = checked.rows
    if segment and "segment" in rows.columns:
        rows = rows[rows["segment"] == segment].reset_index(drop=True)
        if rows.empty:
            raise AnalysisError(
                N_("{file} has no answers from this segment. Choose all segments, or bring in answers of this one."),
                file=path.name,
            )
    return analysis(name).answer(replace(checked, rows=rows), **dict(options))


@lru_cache(maxsize=4)
def _history(workspace: Workspace, plan_id: str, head: int) -> tuple[Revision, ...]:
    """Read once: the log only grows, so that what stands up to ``head`` stays."""
    return tuple(workspace.log.revisions(plan_id, until=head))


@lru_cache(maxsize=64)
def _plan_at(workspace: Workspace, plan_id: str, scenario: str, until: int) -> Plan | None:
    """Fold once; None where this version cannot read what was stored then."""
    history = _history(workspace, plan_id, workspace.log.head(plan_id))
    try:
        return whole_plan(folded(seen_in(scenario, (r for r in history if r.sequence <= until))))
    except StoreError:
        return None
