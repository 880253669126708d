"""
How long does each thing take, against the least that it could take?

    python benchmarks/bench.py            every benchmark
    python benchmarks/bench.py import     those whose name contains "import"

To add one, write a function that returns a `Result` and put it in BENCHMARKS. Say in ``baseline`` what the time is
compared with: the ratio is what carries over from one machine to another.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Result:
    """Seconds taken by a subject and by the baseline it is compared with."""

    subject: str
    seconds: float
    baseline: str
    baseline_seconds: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.baseline_seconds


def seconds(run: Callable[[], object], *, rounds: int = 7) -> float:
    """Return the median time of ``run`` after one round that does not count."""
    run()
    return median(_timed(run) for _ in range(rounds))


def _timed(run: Callable[[], object]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def python(code: str) -> Callable[[], object]:
    """Return a function that runs ``code`` in a Python of its own."""
    return lambda: subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def import_time() -> Result:
    return Result("import workbook", seconds(python("import workbook")), "an empty Python", seconds(python("pass")))


def catalogue_load() -> Result:
    from babel.messages.pofile import read_po

    from workbook import language

    path = Path(language.__file__).with_name("words") / "it" / "LC_MESSAGES" / "workbook.po"

    def load() -> object:
        language._catalogue.cache_clear()
        return language._catalogue("it")

    def read() -> object:
        if not path.exists():
            return None
        with path.open("rb") as stream:
            return read_po(stream, locale="it")

    return Result("load the Italian catalogue", seconds(load), "Babel reading the file", seconds(read))


def allocation() -> Result:
    """Twenty S-shaped and concave channels, with the proof, beside one local search that proves nothing."""
    import numpy as np
    from scipy import optimize

    from workbook.channels.allocation import ChannelOption, allocate
    from workbook.channels.response import Hill

    minimize: Any = optimize.minimize
    rng = np.random.default_rng(1)
    curves = [Hill(*rng.uniform((50, 5_000, 0.7), (500, 60_000, 3))) for _ in range(20)]
    options = [ChannelOption(f"channel {i}", curve) for i, curve in enumerate(curves)]
    budget = 300_000.0

    def local() -> Any:
        return minimize(
            lambda s: -sum(float(c.outcome(x)) for c, x in zip(curves, s, strict=True)),
            np.full(20, budget / 20),
            method="SLSQP",
            bounds=[(0, budget)] * 20,
            constraints={"type": "eq", "fun": lambda s: s.sum() - budget},
            options={"maxiter": 200},
        )

    found, best = allocate(options, budget), -local().fun
    subject = f"split over 20 channels, proven to {found.gap:.1e} (local search finds {best / found.outcome:.1%} of it)"
    return Result(subject, seconds(lambda: allocate(options, budget)), "SLSQP from the equal split", seconds(local))


def allocation_rivals() -> Result:
    """The split with its proof, beside two local searches and a greedy climb: loss and time over twenty problems."""
    from allocation import compared

    ours, gap, rivals = compared()
    lost = "; ".join(f"{r.name}: loses {r.loss:.1%}, at worst {r.worst:.0%}, {r.seconds * 1000:.0f} ms" for r in rivals)
    return Result(f"20 channels, 1,000 steps, gap at most {gap:.0e} ({lost})", ours, rivals[0].name, rivals[0].seconds)


def allocation_draws() -> Result:
    """A best split for each of a thousand draws of ten curves on a grid of 200 steps."""
    from allocation import drawn_splits

    together, alone = drawn_splits()
    return Result("1,000 draws x 10 channels, 200 steps", together, "a thousand splits one by one, proven", alone)


def allocation_keys() -> Result:
    """A key in the budget with twelve channels on the page, until the split is drawn again, in Chromium."""
    from allocation import keys_with_twelve_channels

    keys = keys_with_twelve_channels()
    p95 = keys[int(0.95 * len(keys))] / 1000
    return Result("key to redrawn split, 12 channels, p95", p95, "the median of the same", median(keys) / 1000)


def redraw() -> Result:
    """An edit of the budget: saved, every form and exhibit of step 8 worked out again; beside the save alone."""
    import tempfile

    from workbook import exhibits
    from workbook.exhibits import Case
    from workbook.forms.cards import form_content
    from workbook.forms.live import LivePlan
    from workbook.pages import made_workspace

    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    live, totals = LivePlan(workspace, "adaptive-test"), iter(range(100_000, 200_000, 777))

    def save() -> object:
        return live.edit("/budget/total", str(next(totals)))

    def save_and_redraw() -> object:
        save()
        for section in ("criteria", "channels", "curves", "budget"):
            form_content(live.plan, section, live.form)
        case = Case(live.plan, workspace)
        shown = (exhibits.screening, exhibits.response_curves, exhibits.budget_split, exhibits.next_euro)
        return [make(case).payload for make in shown]

    return Result(
        "an edit with every form and exhibit of step 8", seconds(save_and_redraw), "the save alone", seconds(save)
    )


def large_plan(items: int = 2_000, revisions: int = 10_000) -> Result:
    """A plan of 2,000 items and 10,000 revisions, opened; the subject says what an edit and its staleness take."""
    from workbook.forms.live import LivePlan
    from workbook.plan.staleness import stale_in

    workspace = _large(items, revisions)
    small = _large(items // 4, revisions // 4)
    live, numbers = LivePlan(workspace, "large"), iter(range(1_000_000))
    edit = seconds(lambda: live.edit("/segments/s1/customers", str(2_000 + next(numbers))))
    stale = seconds(lambda: stale_in(live.plan))
    subject = (
        f"open {items:,} items, {revisions:,} revisions (an edit {edit * 1000:.0f} ms, staleness {stale * 1000:.0f} ms)"
    )
    opened = seconds(lambda: LivePlan(workspace, "large"))
    return Result(subject, opened, "a quarter of both", seconds(lambda: LivePlan(small, "large")))


def _large(items: int, revisions: int) -> Any:
    """Return a workspace with a plan of this size, every link confirmed, segments changed since."""
    import random
    import tempfile

    from workbook.forms.live import LivePlan
    from workbook.plan.links import Links
    from workbook.plan.model import Plan
    from workbook.plan.revisions import Edit
    from workbook.plan.workspace import Workspace

    rng, n = random.Random(1), items // 4
    plan = Plan.model_validate(
        {
            "segments": {f"s{i}": {"name": f"Segment {i}", "customers": i} for i in range(n)},
            "needs": {f"n{i}": {"name": f"Need {i}", "segment": f"s{rng.randrange(n)}"} for i in range(n)},
            "advantages": {f"v{i}": {"name": f"Advantage {i}", "needs": [f"n{rng.randrange(n)}"]} for i in range(n)},
            "campaigns": {f"c{i}": {"name": f"Campaign {i}", "challenge": f"n{rng.randrange(n)}"} for i in range(n)},
        }
    )
    workspace = Workspace.create(Path(tempfile.mkdtemp(prefix="workbook-bench-")))
    workspace.log.create("large", plan, author="bench")
    live = LivePlan(workspace, "large")
    live.confirm([link.downstream for link in Links(live.plan).all])
    for _batch in range((revisions - live.revision) // 500 + 1):
        left = min(500, revisions - workspace.log.head("large"))
        edits = [Edit(f"/segments/s{rng.randrange(n)}/customers", rng.randrange(1_000)) for _ in range(left)]
        workspace.log.append("large", edits, author="bench", base=live.revision)
    return workspace


def page() -> Result:
    """The channel page from a click to its last chart, in Chromium, beside the same notebook in stock Voila."""
    from pages import page_times

    ours, stock, keys = page_times()
    pressed = f"key to redraw: median {median(keys):.0f} ms, p95 {keys[int(0.95 * len(keys))]:.0f} ms"
    return Result(f"channel page, all drawn ({pressed})", ours, "stock Voila", stock)


def large_table() -> Result:
    """Lifetime value of ten million purchases from a CSV file, beside DuckDB adding the file up."""
    from tables import PURCHASES, lifetime_value, purchases, scan

    file = purchases()
    took = lifetime_value(file)
    subject = (
        f"lifetime value of {took.customers:,} customers from {PURCHASES:,} purchases "
        f"({took.read:.0f} s to read and reduce, {took.worked:.0f} s of work, peak {took.peak:,.0f} MiB)"
    )
    return Result(subject, took.answered, "DuckDB adding the file up", scan(file))


def spreadsheet() -> Result:
    """Fifty thousand rows of XLSX weighed, read and checked, beside the reader alone."""
    from tables import spreadsheet_times

    checked, alone = spreadsheet_times()
    return Result("50,000 rows of XLSX, weighed and checked", checked, "calamine alone", alone)


def choice() -> Result:
    from surveys import choice_runs

    ours, statsmodels = choice_runs()
    return Result(
        "choices: 10,000 tasks of three, from table to answer",
        seconds(ours, rounds=3),
        "statsmodels' ConditionalLogit, the fit alone",
        seconds(statsmodels, rounds=1),
    )


def maxdiff() -> Result:
    from surveys import maxdiff_runs

    ours, counting = maxdiff_runs()
    return Result(
        "MaxDiff: 10,000 tasks, four of twelve items",
        seconds(ours, rounds=3),
        "counting best and worst",
        seconds(counting, rounds=3),
    )


def turf() -> Result:
    from surveys import turf_runs

    ours, one_by_one, more = turf_runs()
    return Result(
        "TURF: 65,535 sets of 16 items, 1,000 people",
        seconds(ours, rounds=3),
        "one set at a time with numpy",
        seconds(one_by_one, rounds=1) * more,
    )


def lifetime_value() -> Result:
    from customers import lifetime_fit

    ours, theirs, gap = lifetime_fit()
    subject = f"BG/NBD and Gamma-Gamma on CDNOW, 2,357 customers fitted and scored (parameters {gap:.0e} apart)"
    return Result(subject, ours, "lifetimes", theirs)


def latent_classes() -> Result:
    """Ten thousand respondents beside a quarter of them: distinct answers are what takes time."""
    from customers import latent_class_run

    (ours, memory), (quarter, _less) = latent_class_run(10_000), latent_class_run(2_500)
    subject = f"latent classes of 10,000 rows, their number and stability ({memory:.0f} MiB)"
    return Result(subject, ours, "2,500 rows", quarter)


def themes() -> Result:
    from customers import theme_run

    (ours, memory), (quarter, _less) = theme_run(15_000), theme_run(3_750)
    return Result(f"themes of 15,000 texts, their number chosen ({memory:.0f} MiB)", ours, "3,750 texts", quarter)


def kernel() -> Result:
    """A kernel from its start until it has imported the package and run step 8, forked and ordinary."""
    from kernels import middle, starts

    forked, plain = starts("forked"), starts("plain")

    def told(found: Any) -> str:
        return (
            f"ready {middle(found, 'ready'):.2f} s, imported {middle(found, 'answered'):.2f} s, "
            f"memory of its own {middle(found, 'private'):.0f} MiB"
        )

    return Result(
        f"step 8 run in a new forked kernel ({told(forked)})",
        middle(forked, "ran"),
        f"in an ordinary one ({told(plain)})",
        middle(plain, "ran"),
    )


def kernel_page() -> Result:
    """The channel page live in Chromium, with a forked kernel and with an ordinary one."""
    from kernels import page_times

    forked, plain = median(page_times("forked")[1:]), median(page_times("plain")[1:])
    return Result("channel page live, forked kernel", forked, "the same page, ordinary kernel", plain)


def serving() -> Result:
    """A page seen before: something to read and its picture at once, then live; beside a page with nothing but its head."""
    from pages import STEP

    return _visits(STEP, "channel page")


def serving_two_charts() -> Result:
    """The same of step 7, which has two charts."""
    from serving import TWO_CHARTS

    return _visits(TWO_CHARTS, "balance page, two charts,")


def _visits(step: str, title: str) -> Result:
    from serving import middle, visits

    found, empty = visits(step), visits(step, empty=True)
    read, picture = middle(found, "read"), middle(found, "picture")
    subject = f"{title} live (to read after {read:.2f} s, picture drawn after {picture:.2f} s)"
    return Result(subject, middle(found, "live"), "a page with nothing but its head", middle(empty, "live"))


def serving_keys() -> Result:
    """A key in step 7, which has two charts, until the chart and the table that follow it are drawn again, in Chromium."""
    from serving import keys_with_two_charts

    keys = keys_with_two_charts()
    p95 = keys[int(0.95 * len(keys))] / 1000
    return Result("key to redraw, page of two charts, p95", p95, "the median of the same", median(keys) / 1000)


def serving_bytes() -> Result:
    """What the first visit brings over the wire, and the next, in MB."""
    from serving import bytes_of_first_visit

    first, again = bytes_of_first_visit()
    return Result("MB of a first visit to the channel page", first, "of the next one", again)


def serving_crowd() -> Result:
    """Eight visitors half a second apart: the slowest to see the picture, and to have the page live."""
    from pages import STEP

    return _crowd(STEP, "channel page")


def serving_crowd_two_charts() -> Result:
    """The same of step 7, which has two charts."""
    from serving import TWO_CHARTS

    return _crowd(TWO_CHARTS, "balance page, two charts")


def _crowd(step: str, title: str) -> Result:
    from serving import crowd

    found, left, memory = crowd(step)
    picture = max(one.picture or one.read for one in found)
    held = f"{memory:.0f} MiB of its own each, {left} kernels 10 s after they left"
    subject = f"{title}: the slowest of {len(found)} visitors live ({held})"
    return Result(subject, max(one.live for one in found), "the slowest picture", picture)


def report_batch() -> Result:
    """A batch of reports to HTML, the start of everything included, beside papermill and nbconvert in a loop."""
    from reports import batch_runs

    ours, loop = batch_runs()
    cpu = loop.processor / loop.reports / (ours.processor / ours.reports)
    subject = (
        f"a report of {ours.reports} to HTML, two at once (cells compute {ours.computing:.3f} s, besides "
        f"{ours.overhead:.3f} s; {cpu:.0f} times less processor)"
    )
    return Result(subject, ours.seconds / ours.reports, "papermill and nbconvert", loop.seconds / loop.reports)


def report_growth() -> Result:
    """A report in a batch of 400 beside one in a batch of 10."""
    from reports import growth

    few, many = growth((10, 400))
    subject = f"a report of 400 (at most {many.memory:,.0f} MiB, in a batch of 10 {few.memory:,.0f} MiB)"
    return Result(subject, many.seconds / many.reports, "a report of 10", few.seconds / few.reports)


def _report_format(name: str, title: str) -> Result:
    """A report of the CRM sample in a format once its notebook has run, beside the same report as a page."""
    from formats import format_times

    took, page = format_times(name), format_times("html")
    held = f"{took.exhibits} exhibits, {took.charts} charts; {took.drawn:.2f} s with the charts drawn before"
    return Result(f"a report as {title} ({held})", took.cold, "as a page", page.cold)


def pdf_format() -> Result:
    return _report_format("pdf", "PDF")


def pptx_format() -> Result:
    return _report_format("pptx", "slides")


def xlsx_format() -> Result:
    return _report_format("xlsx", "spreadsheet")


def workshop_votes() -> Result:
    """A vote of a full room, sent and stored, against what people take for at once."""
    from workshop import measured

    found = measured(40, 10)
    told = f"40 phones, a vote a second: median; p95 {1000 * found.p95:.0f} ms, seen within {found.slowest_seen:.2f} s"
    return Result(told, median(found.seconds), "0.1 s, which is felt as at once", 0.1)


BENCHMARKS: list[Callable[[], Result]] = [
    import_time,
    catalogue_load,
    allocation,
    allocation_rivals,
    allocation_draws,
    allocation_keys,
    redraw,
    large_plan,
    page,
    large_table,
    spreadsheet,
    kernel,
    kernel_page,
    serving,
    serving_two_charts,
    serving_bytes,
    serving_keys,
    serving_crowd,
    serving_crowd_two_charts,
    report_batch,
    report_growth,
    choice,
    maxdiff,
    turf,
    lifetime_value,
    latent_classes,
    themes,
    pdf_format,
    pptx_format,
    xlsx_format,
    workshop_votes,
]


def main(wanted: list[str]) -> int:
    chosen = [run for run in BENCHMARKS if not wanted or any(word in run.__name__ for word in wanted)]
    if not chosen:
        print(f"No benchmark of that name; there are {', '.join(run.__name__ for run in BENCHMARKS)}.", file=sys.stderr)
        return 2
    table = Table("what", "seconds", "against", "seconds", "ratio", box=None, pad_edge=False)
    for run in chosen:
        result = run()
        table.add_row(
            result.subject,
            f"{result.seconds:.4f}",
            result.baseline,
            f"{result.baseline_seconds:.4f}",
            f"{result.ratio:.2f}",
        )
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
