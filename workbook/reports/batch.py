"""Reports in a batch: which to write, and writing them side by side, each whether or not another fails.

The jobs are checked before any is run. A worker that dies is given one more chance; a report that fails is named, with
the cell, and the others go on. What was written from what stands in a manifest, and after an interruption only what is
missing or has changed is run again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import ParameterError, nearest
from workbook.language import LANGUAGES, N_, _
from workbook.plan.files import write_atomically
from workbook.plan.scenarios import scenario_plan, scenarios
from workbook.plan.workspace import Workspace
from workbook.reports.formats import Document
from workbook.reports.manifest import Entry, Manifest, fingerprints
from workbook.reports.places import Place, place_at
from workbook.reports.press import Kernels, Runner, Unfit, WorkerDied, local_runner
from workbook.reports.report import Job, Limits, OutOfReach, ReportError, Task, Written, run_in_kernel

if TYPE_CHECKING:
    from workbook.plan.model import Plan
    from workbook.plan.revisions import Revision
    from workbook.reports.manifest import Fingerprints

__all__ = ["EACH", "Job", "Limits", "ReportError", "jobs", "run", "run_page", "workers"]

EACH = "*"
"""Stands for each segment, or each scenario, that a plan has."""

WHOLE = {"segment": "all", "scenario": "base"}
"""Names for all segments together, and for the plan itself, where a plan has nothing of that name."""

TRIES = 2
SAVED_EVERY = 1.0
"""Seconds between two versions of the manifest while reports are written."""

NAMED = 8
"""Plans that are named in one sentence."""

Say = Callable[[str], object]
Watch = Callable[[Entry, Sequence["Path | str"]], object]


def workers() -> int:
    """Return how many reports this machine can run side by side."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def jobs(
    workspace: Workspace,
    plans: Iterable[str] = (),
    languages: Iterable[str] = ("en",),
    segments: Iterable[str] = (),
    scenarios: Iterable[str] = (),
    *,
    say: Say | None = None,
) -> list[Job]:
    """
    Return the reports asked for, checked before any is run: plans x scenarios x segments x languages.

    All plans when none is named; all segments together, and the plan itself, when no segment or scenario is. A segment
    or scenario that only some of the plans have is reported for these, and ``say`` is told which are left out.

    Raises
    ------
    ParameterError
        For a plan or language that does not exist, and for a segment or scenario that no plan has.
    """
    languages, asked_segments, asked_scenarios = tuple(languages), tuple(segments), tuple(scenarios)
    for language in languages:
        _require_language(language)
    known = [_Known(workspace, plan) for plan in dict.fromkeys(plans or workspace.log.plans())]
    for kind, asked in (("scenario", asked_scenarios), ("segment", asked_segments)):
        for id in asked:
            _require_somewhere(kind, id, known, say)
    found = [
        Job(one.id, language, segment, scenario)
        for one in known
        for scenario in one.chosen("scenario", asked_scenarios)
        for segment in one.chosen("segment", asked_segments, scenario)
        for language in languages
    ]
    return list(dict.fromkeys(found))


def run(
    workspace: Workspace,
    asked: Iterable[Job],
    out: Path | str,
    *,
    formats: Iterable[str] = ("html",),
    at_once: int = 0,
    resume: bool = False,
    limits: Limits | None = None,
    scheduler: str = "",
    watch: Watch | None = None,
) -> list[Path | str]:
    """
    Write each report to ``out`` as a notebook with its outputs and in each of ``formats``; return these files.

    Parameters
    ----------
    workspace, asked
        Where the plans are, and the reports, as ``jobs`` returns them.
    out
        A folder, or an address that fsspec knows, for the reports, their list ``manifest.json`` and ``index.html``.
    at_once
        Reports run side by side; 0 for as many as there are processors.
    resume
        Leave reports as they are that are there and would be made from the same plan, tables, notebook and version.
    limits
        Seconds that a report, and each of its cells, may take.
    scheduler
        Address of a Dask scheduler whose workers are to run the reports; this machine when empty.
    watch
        Told of each report as it ends, or when it stands already, with its files.

    Raises
    ------
    ReportError
        At the end, if reports failed: it names the first of them. At once, as OutOfReach, if nothing more can be written.
    """
    place = place_at(out)
    try:
        batch = _Batch(workspace, place, tuple(formats), limits or Limits(), watch or (lambda entry, files: None))
        return batch.run(list(asked), at_once or workers(), resume=resume, scheduler=scheduler)
    finally:
        place.close()


def run_page(job: Job, workspace: Workspace, target: Path, *, show_progress: bool = False) -> None:
    """Run the page of ``job`` in a kernel, through papermill, and write the notebook with its outputs to ``target``."""
    from workbook.kernels.forking import start_template

    start_template()  # it imports what the kernel needs while we import papermill
    import nbformat

    from workbook.pages import page_file, read_page

    task = Task(job, Document("", job.language, workspace=workspace.folder), target.parent)
    notebook = read_page(page_file(job.page, workspace), job.language)
    executed = run_in_kernel(notebook, task, show_progress=show_progress)
    write_atomically(target, (nbformat.writes(executed) + "\n").encode("utf-8", "replace"))


@dataclass(frozen=True)
class _Known:
    """A plan as its reports need to know it, read once."""

    workspace: Workspace
    id: str
    _plans: dict[str, Plan] = field(default_factory=dict)

    @cached_property
    def history(self) -> list[Revision]:
        self.workspace.log.require(self.id)
        return self.workspace.log.revisions(self.id)

    @cached_property
    def scenarios(self) -> dict[str, str]:
        return scenarios(self.history)

    def plan(self, scenario: str) -> Plan:
        if scenario not in self._plans:
            self._plans[scenario] = scenario_plan(self.history, scenario)
        return self._plans[scenario]

    def has(self, kind: str, scenario: str = "") -> list[str]:
        """Return the ids of the scenarios, or of the segments in a ``scenario``."""
        return list(self.scenarios) if kind == "scenario" else [each.id for each in self.plan(scenario).segments]

    def chosen(self, kind: str, asked: Sequence[str], scenario: str = "") -> list[str]:
        """Return those of ``asked`` that this plan has; empty stands for the whole."""
        known = self.has(kind, scenario)
        found: list[str] = []
        for id in asked or ("",):
            if id == EACH:
                found += known
            elif not id or id in known:
                found.append(id)
            elif id == WHOLE[kind]:
                found.append("")
        return list(dict.fromkeys(found))


def _require_language(language: str) -> None:
    if language not in LANGUAGES:
        raise ParameterError(
            N_("there is no language “{found}”. There are: {near}."), found=language, near=", ".join(LANGUAGES)
        )


def _require_somewhere(kind: str, id: str, known: Sequence[_Known], say: Say | None) -> None:
    """Refuse a segment or scenario that no plan has; name the plans that are left out because they have none such."""
    without = [one.id for one in known if not any(one.chosen(kind, [id], s) for s in ("", *one.scenarios))]
    if len(without) == len(known):
        ids = sorted({name for one in known for name in one.has(kind)})
        template = (
            N_("no plan asked for has a segment “{found}”. The nearest are: {near}.")
            if kind == "segment"
            else N_("no plan asked for has a scenario “{found}”. The nearest are: {near}.")
        )
        raise ParameterError(template, found=id, near=nearest(id, ids))
    if without and say is not None:
        names = ", ".join(without[:NAMED]) + (" …" if len(without) > NAMED else "")
        template = (
            N_("Left out, since they have no segment “{id}”: {plans}.")
            if kind == "segment"
            else N_("Left out, since they have no scenario “{id}”: {plans}.")
        )
        say(_(template, id=id, plans=names))


@dataclass
class _Batch:
    """One run of a batch, and how far it is."""

    workspace: Workspace
    place: Place
    formats: tuple[str, ...]
    limits: Limits
    watch: Watch
    files: list[Path | str] = field(default_factory=list)
    failed: list[Entry] = field(default_factory=list)
    _tries: dict[Job, int] = field(default_factory=dict)
    _prints: dict[Job, Fingerprints] = field(default_factory=dict)
    _saved: float = 0.0

    def run(self, asked: list[Job], at_once: int, *, resume: bool, scheduler: str) -> list[Path | str]:
        self.manifest = Manifest.of(self.place)
        self.known = {plan: _Known(self.workspace, plan) for plan in dict.fromkeys(job.plan for job in asked)}
        left = [job for job in asked if not (resume and self._stands(job))]
        waiting = [self._task(job) for job in left]
        self.manifest.save()  # nothing is run where nothing can be written
        runner = self._runner(waiting, at_once, scheduler)
        try:
            if waiting:
                self._run_all(waiting, runner, at_once)
        finally:
            runner.close()
            self._conclude([job.language for job in asked])
        if self.failed:
            raise self._failure(len(asked))
        return self.files

    def _runner(self, waiting: list[Task], at_once: int, scheduler: str) -> Runner:
        if scheduler:
            from workbook.reports.cluster import Cluster

            return Cluster(scheduler, self.workspace, waiting)
        first: dict[str, Task] = {}
        for task in waiting:
            first.setdefault(task.job.language, task)
        # A rehearsal pays only where there are many copies to gain by it.
        return local_runner(tuple(first.values()) if len(waiting) > 2 * at_once else (), at_once)

    def _stands(self, job: Job) -> bool:
        entry = self.manifest.standing(job, self._fingerprints(job), self.formats)
        if entry is not None:
            self.watch(entry, self._addresses(entry))
            self.files += self._addresses(entry)
        return entry is not None

    def _run_all(self, waiting: list[Task], runner: Runner, at_once: int) -> None:
        waiting = waiting[::-1]
        running: dict[Future[Written], tuple[Task, Runner]] = {}
        at_once = getattr(runner, "at_once", at_once)
        while waiting or running:
            while waiting and len(running) < at_once:
                task = waiting.pop()
                self._tries[task.job] = self._tries.get(task.job, 0) + 1
                running[runner.submit(task)] = task, runner
            for future in wait(running, timeout=SAVED_EVERY, return_when=FIRST_COMPLETED).done:
                task, its = running.pop(future)
                try:
                    self._take(task, future.result())
                except WorkerDied as problem:
                    if self._tries[task.job] < TRIES:
                        waiting.append(task)
                    else:
                        self._fail(task, problem)
                except Unfit:
                    # What cannot be copied can still be run as papermill runs it.
                    self._tries[task.job] -= 1
                    waiting.append(task)
                    if its is runner:
                        runner.close()
                        runner = Kernels(at_once)
                except OutOfReach:
                    raise
                except ReportError as problem:
                    self._fail(task, problem)
            self._save()

    def _take(self, task: Task, written: Written) -> None:
        self.place.take(task.job.name, written.files)
        entry = Entry.done(written, **self._about(task))
        self.manifest.note(entry)
        self.files += self._addresses(entry)
        self.watch(entry, self._addresses(entry))

    def _fail(self, task: Task, problem: ReportError) -> None:
        entry = Entry.failed(str(problem), **self._about(task))
        self.failed.append(entry)
        self.manifest.note(entry)
        self._saved = 0.0
        self.watch(entry, ())

    def _about(self, task: Task) -> dict[str, Any]:
        job, known = task.job, self.known[task.job.plan]
        segment = known.plan(job.scenario).item(job.segment) if job.segment else None
        names = {"scenario": known.scenarios.get(job.scenario, ""), "segment": getattr(segment, "name", "")}
        return {
            "job": job,
            "title": task.document.title,
            "fingerprints": self._fingerprints(job),
            "tries": self._tries[job],
            "names": {kind: str(name) for kind, name in names.items() if name},
        }

    def _task(self, job: Job) -> Task:
        title = self.known[job.plan].plan(job.scenario).charter.title or job.plan
        document = Document(title, job.language, job.plan, job.scenario, job.segment, self.workspace.folder)
        return Task(job, document, self.place.folder(job.name), self.formats, self.limits)

    def _fingerprints(self, job: Job) -> Fingerprints:
        if job not in self._prints:
            known = self.known[job.plan]
            self._prints[job] = fingerprints(job, known.plan(job.scenario), known.history, self.workspace)
        return self._prints[job]

    def _addresses(self, entry: Entry) -> list[Path | str]:
        wanted = {f"{entry.job.page}.{ending}" for ending in self.formats}
        return [self.place.where(f"{entry.job.name}/{file.name}") for file in entry.files if file.name in wanted]

    def _save(self) -> None:
        if time.monotonic() - self._saved >= SAVED_EVERY:
            self.manifest.save()
            self._saved = time.monotonic()

    def _conclude(self, languages: Sequence[str]) -> None:
        """Leave a manifest and an index of what is there, also after an interruption."""
        from workbook.reports.index import write_index

        with suppress(OutOfReach):  # then that is said already
            self.manifest.save()
            write_index(self.manifest, self.place, list(dict.fromkeys([*languages, *LANGUAGES])))

    def _failure(self, asked: int) -> ReportError:
        if len(self.failed) == 1:
            return ReportError(N_("{reason}"), reason=self.failed[0].reason)
        return ReportError(
            N_("{failed} of {asked} reports could not be written. The first: {reason}"),
            failed=len(self.failed),
            asked=asked,
            reason=self.failed[0].reason,
        )
