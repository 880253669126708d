"""``workbook report``: the report notebook run for many plans, scenarios, segments and languages."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.speech import FOLDER, plain_errors
from workbook.language import LANGUAGES, N_, _, plural
from workbook.reports.formats import WRITERS

if TYPE_CHECKING:
    from rich.progress import Progress

    from workbook.plan.workspace import Workspace
    from workbook.reports.batch import Watch
    from workbook.reports.manifest import Entry

__all__ = ["report", "write_reports"]

ALL = "all"
"""Stands for each format."""

INTERRUPTED = 130
"""What a shell expects of a command that was ended by Ctrl-C."""


@click.command()
@click.argument("plans", nargs=-1)
@click.option("--plan", "more_plans", multiple=True, help="Id of a plan, as PLANS; may be given again.")
@click.option("--segment", "segments", multiple=True, help="Id of a segment; * for each; all together when left out.")
@click.option("--scenario", "scenarios", multiple=True, help="Id of a scenario; * for each; base for the plan itself.")
@click.option(
    "--language",
    "languages",
    type=click.Choice(list(LANGUAGES)),
    multiple=True,
    default=["en"],
    show_default=True,
    help="Of the reports; may be given again.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice([*WRITERS, ALL]),
    multiple=True,
    default=["html"],
    show_default=True,
    help="What each report is written as; may be given again.",
)
@click.option(
    "--out", default="", help="Folder for the reports, or an fsspec address; the workspace's own when left out."
)
@click.option("--resume", is_flag=True, help="Write only what is missing, or was made from what has changed since.")
@click.option("--jobs", type=click.IntRange(1), default=None, help="Reports at once; one a processor when left out.")
@click.option(
    "--report-seconds",
    type=click.FloatRange(0, min_open=True),
    default=600,
    show_default=True,
    help="Most for a report.",
)
@click.option(
    "--cell-seconds", type=click.FloatRange(0, min_open=True), default=120, show_default=True, help="Most for one cell."
)
@click.option("--scheduler", default="", help="Address of a Dask scheduler whose workers run the reports.")
@FOLDER
def report(
    plans: tuple[str, ...],
    more_plans: tuple[str, ...],
    segments: tuple[str, ...],
    scenarios: tuple[str, ...],
    languages: tuple[str, ...],
    workspace: Path,
    **options: Any,
) -> None:
    """Run the report notebook for PLANS (all, when none is named) and write the reports.

    The exit code is 1 when a report could not be written; the others are. index.html lists them all.

    \b
    Example:
        workbook report adaptive-test --language en --language it
        workbook report --segment all --segment enterprise --scenario base --scenario paid
        workbook report --jobs 4 --resume --format all
    """
    from workbook.reports.early import start_early

    if ALL in options["formats"]:
        options["formats"] = tuple(WRITERS)
    if not options["scheduler"]:
        start_early()  # it imports what reports need while we import what we need
    from workbook.plan.workspace import Workspace
    from workbook.reports import batch

    with plain_errors():
        home = Workspace.find(workspace)
        asked = batch.jobs(
            home, (*plans, *more_plans), languages, segments, scenarios, say=lambda s: click.echo(s, err=True)
        )
        _look_at_brand(home, options["formats"])
        write_reports(home, asked, **options)


def _look_at_brand(home: "Workspace", formats: Sequence[str]) -> None:
    """Refuse a brand that cannot be used before anything is run, and say what is done otherwise than it asks."""
    from workbook.reports.branding import brand_of

    brand = brand_of(home.folder)
    if "pptx" in formats and brand.template:
        from workbook.reports.pptx import require_template

        require_template(brand)
    for remark in brand.remarks:
        click.echo(remark, err=True)


def write_reports(
    home: "Workspace",
    asked: Sequence[Any],
    *,
    out: str = "",
    formats: Sequence[str] = ("html",),
    resume: bool = False,
    jobs: int | None = None,
    report_seconds: float = 600,
    cell_seconds: float = 120,
    scheduler: str = "",
) -> None:
    """Write the reports ``asked`` for, show how far it is and what failed, and print each file as it is there."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from workbook.reports import batch
    from workbook.reports.report import OutOfReach, ReportError

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    screen = Console(stderr=True)
    # Whoever is no terminal gets the files, one a line, and nothing that moves.
    with (
        Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress,
        _ended_softly(),
    ):
        try:
            batch.run(
                home,
                asked,
                out or home.folder / "reports",
                formats=formats,
                at_once=jobs or 0,
                resume=resume,
                limits=batch.Limits(report_seconds, cell_seconds),
                scheduler=scheduler,
                watch=_watching(progress, len(asked)),
            )
        except OutOfReach:
            raise
        except ReportError:
            progress.stop()
            # Each was named as it failed.
            failed = int(progress.tasks[0].fields["failed"])
            summary = N_("{failed} of {asked} reports could not be written; --resume runs only these again.")
            click.echo(_(summary, failed=failed, asked=len(asked)), err=True)
            sys.exit(1)
        except KeyboardInterrupt:
            progress.stop()
            click.echo(_(N_("Stopped. What was written is listed; with --resume only the rest is run.")), err=True)
            sys.exit(INTERRUPTED)


def _watching(progress: "Progress", count: int) -> "Watch":
    """Return what is told of each report of ``count`` as it ends: it prints the files, or why there are none."""
    bar = progress.add_task(_(N_("Reports")), total=count, failed=0)

    def watch(entry: "Entry", files: Sequence[Path | str]) -> None:
        for file in files:
            click.echo(str(file))
        if entry.state == "failed":
            failed = progress.tasks[0].fields["failed"] + 1
            click.echo(entry.reason, err=True)
            progress.update(bar, description=plural("{count} failed", "{count} failed", failed), failed=failed)
        progress.advance(bar)

    return watch


@contextmanager
def _ended_softly() -> Iterator[None]:
    """Let a signal to end be what Ctrl-C is: what was written is listed first."""

    def stopped(*_signal: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stopped)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
