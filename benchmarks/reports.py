"""How many reports a batch writes in a second, beside stock papermill and nbconvert in a loop on the same notebook.

    python benchmarks/reports.py                   24 reports, and what they gain
    python benchmarks/reports.py growth            10, 100 and 400 reports, or as many as are named: time a report, and memory
    python benchmarks/reports.py cells             where the time of a report's cells goes

Seconds of processor are measured too, since they say the same on a machine that others are using.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Any

REPORTS = 24
STOCK = 4
"""Reports that the loop is timed on: each takes as long as the next."""


@dataclass(frozen=True)
class Batch:
    """A batch as it went: seconds by the clock and of processor, what the cells took, and the most memory, in MiB."""

    reports: int
    seconds: float
    processor: float
    computing: float
    overhead: float
    """Seconds a report took, from its start to its last file, beyond what its cells took."""
    memory: float


def jobs(workspace: Any, count: int) -> list[Any]:
    """Return ``count`` reports of the CRM sample: its segments and scenarios in both languages, under several plans."""
    from workbook.reports import batch

    return batch.jobs(workspace, sorted(workspace.log.plans()), ["en", "it"], ["all", "*"], ["base", "*"])[:count]


def workspace(count: int = REPORTS) -> Any:
    """Return a workspace with as many copies of the CRM sample as ``count`` reports need."""
    from workbook.pages import made_workspace
    from workbook.shipped import shipped

    made = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")))
    plan = 0
    while not made.log.plans() or len(jobs(made, count)) < count:
        plan += 1
        made.import_plan(shipped("data") / "samples" / "adaptive-test.yaml", plan_id=f"adaptive-test-{plan:02}")
    return made


def run(made: Any, asked: Sequence[Any]) -> Batch:
    """Write the reports ``asked`` for to HTML by the command's own function, in a process of its own."""
    code = (
        "import sys; from pathlib import Path\n"
        "from workbook.reports.early import start_early; start_early()  # as the command does\n"
        "from workbook.reports import batch; from workbook.plan.workspace import Workspace\n"
        "home = Workspace(Path(sys.argv[1])); entries = []\n"
        "asked = batch.jobs(home, sorted(home.log.plans()), ['en', 'it'], ['all', '*'], ['base', '*'])[:int(sys.argv[2])]\n"
        "batch.run(home, asked, Path(sys.argv[3]), at_once=2, watch=lambda entry, files: entries.append(entry))\n"
        "print(len(entries), sum(e.computing for e in entries), sum(e.seconds for e in entries))\n"
    )
    out = tempfile.mkdtemp(prefix="workbook-bench-reports-")
    before, began = _processor(), perf_counter()
    command = [sys.executable, "-c", code, str(made.folder), str(len(asked)), out]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with _Memory(process.pid) as memory:
        said, _ = process.communicate()
    seconds, processor = perf_counter() - began, _processor() - before
    count, computing, taken = (float(word) for word in said.split())
    assert process.returncode == 0
    assert count == len(asked)
    return Batch(len(asked), seconds, processor, computing / count, (taken - computing) / count, memory.most)


def stock(made: Any, asked: Sequence[Any]) -> Batch:
    """Run the same notebook with the same parameters by ``papermill``, and write HTML by ``nbconvert``, in a loop."""
    from workbook.pages import PageParameters, page_file

    out = Path(tempfile.mkdtemp(prefix="workbook-bench-stock-"))
    before, began = _processor(), perf_counter()
    for i, job in enumerate(asked):
        given = PageParameters(str(made.folder), job.plan, job.language, job.scenario, job.segment, interactive=False)
        words = [word for name, value in given.as_dict().items() for word in ("-p", name, str(value))]
        executed = out / f"{i}.ipynb"
        papermill = [
            sys.executable,
            "-m",
            "papermill",
            "--no-progress-bar",
            "-k",
            "python3",
            str(page_file("report", made)),
        ]
        subprocess.run([*papermill, str(executed), *words], check=True, capture_output=True)
        convert = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(executed)]
        subprocess.run(convert, check=True, capture_output=True)
    seconds, processor = perf_counter() - began, _processor() - before
    return Batch(len(asked), seconds, processor, 0.0, 0.0, 0.0)


def batch_runs(reports: int = REPORTS, loop: int = STOCK) -> tuple[Batch, Batch]:
    """Return a batch of ``reports``, and the stock loop over ``loop`` of them."""
    made = workspace(reports)
    asked = jobs(made, reports)
    # The loop takes each kind of report, in the same share as the batch.
    some = asked[:: max(1, len(asked) // loop)][:loop]
    return run(made, asked), stock(made, some)


def growth(counts: Sequence[int] = (10, 100, 400)) -> Iterator[Batch]:
    """Yield batches of several sizes, each as it is done."""
    made = workspace(max(counts))
    return (run(made, jobs(made, count)) for count in counts)


def cells() -> list[tuple[float, str]]:
    """Return how long each cell of a report takes in a copy of the template, slowest first."""
    import nbformat

    from workbook.reports import batch

    made = workspace(6)
    asked = jobs(made, 6)
    out = Path(tempfile.mkdtemp(prefix="workbook-bench-cells-"))
    batch.run(made, asked, out, at_once=1)
    last = nbformat.read(asked[-2].folder(out) / "report.ipynb", as_version=4)
    took = [(c.metadata.papermill.duration, c.source.split("\n")[-1]) for c in last.cells if c.cell_type == "code"]
    return sorted(((seconds or 0.0, source) for seconds, source in took), reverse=True)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Memory:
    """The most memory that a process and those below it have at once, shared pages counted by their share."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most, self._over = pid, 0.0, Event()
        self._watching = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Memory":
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        import psutil

        while not self._over.wait(0.5):
            total = 0.0
            try:
                mine = psutil.Process(self.pid)
                for process in (mine, *mine.children(recursive=True)):
                    total += _share(process.pid)
            except psutil.Error:
                continue
            self.most = max(self.most, total)


def _share(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main(wanted: str = "", *counts: str) -> None:
    """Print what was asked for."""
    if wanted == "growth":
        for one in growth(tuple(map(int, counts)) or (10, 100, 400)):
            print(
                f"{one.reports:4} reports: {one.seconds:6.1f} s, {one.seconds / one.reports:.3f} s a report "
                f"({one.processor / one.reports:.3f} s of processor), {one.memory:,.0f} MiB at most",
                flush=True,
            )
    elif wanted == "cells":
        for seconds, source in cells():
            print(f"{seconds:.3f} s  {source}")
    else:
        ours, loop = batch_runs()
        each, theirs = ours.seconds / ours.reports, loop.seconds / loop.reports
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
        print(
            f"{ours.reports} reports: {ours.seconds:.2f} s, {each:.3f} s a report, of processor {ours.processor:.2f} s"
        )
        print(f"a report: {ours.computing:.3f} s of computing in its cells, {ours.overhead:.3f} s besides")
        print(f"papermill and nbconvert: {theirs:.2f} s a report, of processor {loop.processor / loop.reports:.2f} s")
        print(
            f"throughput {theirs / each:.1f} times, by processor {loop.processor / loop.reports / (ours.processor / ours.reports):.1f}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
