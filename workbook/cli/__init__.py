"""The command ``workbook``: a thin skin over the package. Each command parses, calls one function and prints paths."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook import __version__
from workbook.cli.adopt import adopt
from workbook.cli.analyse import analyse
from workbook.cli.campaigns import briefs, calendar
from workbook.cli.report import report, write_reports
from workbook.cli.scenario import scenario
from workbook.cli.serve import serve
from workbook.cli.speech import FOLDER, HERE, LANGUAGE, plain_errors, written_to
from workbook.cli.workshop import workshop
from workbook.kernels.unasked import without_the_unasked
from workbook.language import LANGUAGES, N_, _, listed, plural, speak

if TYPE_CHECKING:
    from workbook.plan.integrity import Damage
    from workbook.plan.readiness import Decision

SHORT = 72
"""Characters of a value in a list of changes."""


@click.group()
@click.version_option(__version__, prog_name="workbook")
def main() -> None:
    """Marketing plans from persona to channel split, in notebooks.

    \b
    Example:
        workbook demo
    """
    click.get_current_context().with_resource(without_the_unasked())


@main.command()
@click.argument("folder", type=HERE, default="demo")
@LANGUAGE
def demo(folder: Path, language: str) -> None:
    """Make a workspace with the worked example in FOLDER and write its report in English and Italian.

    \b
    Example:
        workbook demo
    """
    from workbook.pages import made_workspace
    from workbook.reports import batch

    with plain_errors():
        speak(language)
        workspace = made_workspace(folder, language, samples=True)
        click.echo(
            _(
                N_("The worked example is in {folder}. Writing its report in two languages:"),
                folder=str(workspace.folder),
            )
        )
        write_reports(workspace, batch.jobs(workspace, ["adaptive-test"], LANGUAGES))
        click.echo(
            _(
                N_("Open a report in a browser. Next: `workbook serve --workspace {folder}` for the pages."),
                folder=str(folder),
            )
        )


@main.command()
@click.argument("folder", type=HERE)
@click.option(
    "--plan",
    "plan_id",
    default=None,
    help="Id of the plan: lower-case letters, digits, hyphens. [default: from its title]",
)
@click.option("--title", default="", help="Title of the plan.")
@click.option("--samples/--no-samples", default=False, show_default=True, help="Put the sample plans in, too.")
@LANGUAGE
def new(folder: Path, plan_id: str | None, title: str, samples: bool, language: str) -> None:
    """Make a workspace in FOLDER with the notebooks and an empty plan.

    \b
    Example:
        workbook new spring --title "Spring launch" --language it
    """
    from workbook.pages import made_workspace
    from workbook.plan.model import new_id

    with plain_errors():
        speak(language)
        workspace = made_workspace(folder, language, samples=samples)
        if plan_id is None:
            plan_id = new_id(title, workspace.log.plans(), otherwise="my-plan")
        workspace.new_plan(plan_id, title, language)
        click.echo(str(workspace.folder))
        next_step = _(
            N_("The plan's id is {plan}. Next: `workbook serve --workspace {folder}` for the pages."),
            plan=plan_id,
            folder=str(folder),
        )
        click.echo(next_step, err=True)


@main.command()
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@FOLDER
@click.option("--port", type=click.IntRange(1, 65535), default=8888, show_default=True)
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open a browser.")
def lab(options: tuple[str, ...], workspace: Path, port: int, browser: bool) -> None:
    """Open the notebooks of a workspace in JupyterLab; OPTIONS after two dashes are handed on to it.

    \b
    Example:
        workbook lab --workspace demo
        workbook lab --workspace demo -- --allow-root
    """
    import subprocess

    from workbook.plan.workspace import Workspace

    with plain_errors():
        home = Workspace.find(workspace)
        settings = {
            "ServerApp.root_dir": home.folder,
            "ServerApp.port": port,
            "ServerApp.ip": "127.0.0.1",
            # People in Lab run code anyway; its Voila extension would open the same pages without the workbook's gate.
            "ServerApp.jpserver_extensions": "voila.server_extension=False",
            "ServerApp.kernel_spec_manager_class": "workbook.kernels.kernelspec.KernelSpecs",
            # Its kernels listen at ports, which other users of this machine could listen in to.
            "KernelManager.transport_encryption": "auto",
            # Until a start is answered Lab holds that a notebook has no kernel, and asks whoever runs a cell for one.
            "WorkbookProvisioner.patience": 1,
            # Lab would ask its makers for news, and a registry for extensions.
            "LabApp.news_url": "None",
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "LabApp.extension_manager": "readonly",
            "LabApp.default_url": f"/lab/tree/notebooks/{_first_page()}",
        }
        given = [*settings.items(), ("ServerApp.jpserver_extensions", "workbook.kernels=True")]
        command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in given)]
        command += [*([] if browser else ["--no-browser"]), *options]
        if os.name == "posix":
            os.execv(command[0], command)  # Lab is then what a signal to this process reaches
        sys.exit(subprocess.call(command))


@main.command()
@click.argument("plans", nargs=-1)
@FOLDER
@LANGUAGE
def check(plans: tuple[str, ...], workspace: Path, language: str) -> None:
    """List what PLANS (ids or files; all plans, when none is named) lack, and what in them does not fit together.

    Each line gives the path, what was found, what is allowed and what to do; then which steps wait for
    an upstream decision. The exit code is 1 when there is a fault.

    \b
    Example:
        workbook check adaptive-test
        workbook check plan.yaml
    """
    from datetime import date

    from workbook.plan.checks import check as checked
    from workbook.plan.files import read_plan
    from workbook.plan.readiness import upstream_decisions
    from workbook.plan.staleness import stale_points
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        faulty = 0
        for name in plans or Workspace.find(workspace).log.plans():
            plan = (
                read_plan(Path(name))[1]
                if name.endswith((".yaml", ".yml"))
                else Workspace.find(workspace).log.plan(name)[0]
            )
            points = checked(plan)
            faults = sum(point.fault for point in points)
            stale = stale_points(plan, today=date.today())
            for point in points:
                mark = _(N_("fault")) if point.fault else _(N_("open point"))
                click.echo(f"{name}: {mark}: {point}")
            for point in stale:
                click.echo(f"{name}: {point}")
            lacking = [one for one in upstream_decisions(plan).values() if one.missing]
            for one in lacking:
                click.echo(f"{name}: {_waits_for(one)}")
            counted = (
                plural("{count} fault", "{count} faults", faults),
                plural("{count} open point", "{count} open points", len(points) - faults),
                plural("{count} thing stale", "{count} things stale", len(stale)),
                *([plural("{count} decision missing", "{count} decisions missing", len(lacking))] if lacking else []),
            )
            click.echo(f"{name}: {', '.join(counted)}")
            faulty += faults
        sys.exit(1 if faulty else 0)


def _waits_for(decision: "Decision") -> str:
    """Return which steps wait for an upstream decision, and where it is made, on one line."""
    from workbook.steps import deciding_step, waiting_steps

    return _(
        N_("steps {steps} wait for a decision of step {step}: {sentence}"),
        steps=listed([str(step.number) for step in waiting_steps(decision.kind)]),
        step=str(deciding_step(decision.kind).number),
        sentence=decision.missing.sentence if decision.missing else "",
    )


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "plan_id", default="", help="Id to store it under; the file's own when left out.")
@FOLDER
@LANGUAGE
def import_(file: Path, plan_id: str, workspace: Path, language: str) -> None:
    """Store the plan in FILE in the workspace: whole, or not at all.

    \b
    Example:
        workbook import plan.yaml --plan second-try
    """
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        click.echo(Workspace.find(workspace).import_plan(file, plan_id=plan_id))


@main.command()
@click.argument("plan_id", metavar="PLAN")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="File to write; PLAN.yaml when left out.",
)
@FOLDER
@LANGUAGE
def export(plan_id: str, out: Path | None, workspace: Path, language: str) -> None:
    """Write PLAN to a YAML file, with its tables beside it.

    \b
    Example:
        workbook export adaptive-test --out backup/adaptive-test.yaml
    """
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        target = out or Path(f"{plan_id}.yaml")
        home = Workspace.find(workspace)
        with written_to(target):
            home.export_plan(plan_id, target)
        click.echo(str(target))


@main.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="File to write; named after the workspace and the time when left out.",
)
@FOLDER
@LANGUAGE
def backup(out: Path | None, workspace: Path, language: str) -> None:
    """Write plans, tables, notebooks, brand and settings of a workspace to one file; people may go on working.

    The exit code is 1 when the plans in it are not what was once stored.

    \b
    Example:
        workbook backup --out spring.zip
    """
    from workbook.plan.backup import backup as backed_up
    from workbook.plan.backup import default_name
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        home = Workspace.find(workspace)
        click.echo(str(backed_up(home, out or Path(default_name(home)))))
        _list_damages(home.log.verify())


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=HERE)
@click.option(
    "--store", default="", help="Address of an empty PostgreSQL database for the plans; a file when left out."
)
@LANGUAGE
def restore(file: Path, folder: Path, store: str, language: str) -> None:
    """Make a workspace in FOLDER, which must be new or empty, from the backup FILE.

    The exit code is 1 when the plans in it are not what was once stored.

    \b
    Example:
        workbook restore spring.zip spring-again
        workbook restore spring.zip team --store postgresql://ann@server/plans
    """
    from workbook.plan.backup import restore as restored

    with plain_errors():
        speak(language)
        home = restored(file, folder, store=store)
        click.echo(str(home.folder))
        _list_damages(home.log.verify())


@main.command()
@click.argument("plans", nargs=-1)
@FOLDER
@LANGUAGE
def verify(plans: tuple[str, ...], workspace: Path, language: str) -> None:
    """Compare the history of PLANS (all, when none is named) with what was once stored.

    Each revision that was edited, removed, moved or added past the workbook is named. The exit code is 1 when there
    is one.

    \b
    Example:
        workbook verify
    """
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        log = Workspace.find(workspace).log
        _list_damages([damage for name in plans or (None,) for damage in log.verify(name)])
        names = plans or log.plans()
        revisions = plural("{count} revision", "{count} revisions", sum(log.head(name) for name in names))
        whole = plural("{count} plan is as it was stored", "{count} plans are as they were stored", len(names))
        click.echo(f"{whole}: {revisions}")


@main.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("path", default="")
@click.option("--last", type=click.IntRange(1), default=None, help="Only so many of the newest changes.")
@FOLDER
@LANGUAGE
def history(plan_id: str, path: str, last: int | None, workspace: Path, language: str) -> None:
    """List who changed what in PLAN, when, from what to what, newest last.

    PATH is an item or a field, as `workbook check` writes it; the whole plan when left out.

    \b
    Example:
        workbook history adaptive-test /budget
        workbook history adaptive-test --last 20
    """
    from workbook.plan.history import changes
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        log = Workspace.find(workspace).log
        log.require(plan_id)
        found = list(changes(log.revisions(plan_id), path))
        for change in found[-(last or len(found)) :]:
            revision = change.revision
            where = f"{revision.scenario}: {change.path}" if revision.scenario else change.path
            told = f"{_short(change.before)} → {_short(change.after)}"
            click.echo(
                f"r{revision.sequence}  {revision.time.astimezone():%Y-%m-%d %H:%M}  "
                f"{_printable(revision.author)}  {_printable(where)}: {told}"
            )
        if not found:
            click.echo(_(N_("Nothing was ever entered at {path}."), path=path or "/"))


def _list_damages(found: list["Damage"]) -> None:
    """Print what is wrong and end with exit code 1, if there is anything."""
    for damage in found:
        click.echo(_printable(str(damage)), err=True)
    if found:
        sys.exit(1)


def _short(value: object) -> str:
    """Return a value on one line of a terminal."""
    import json

    from workbook.plan.files import whole_numbers

    if value is None:
        return _(N_("nothing"))
    text = _printable(json.dumps(whole_numbers(value), ensure_ascii=False))
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _printable(text: str) -> str:
    """Return ``text`` without what would move a terminal's cursor or turn its writing round."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _first_page() -> str:
    from workbook.steps import STEPS

    return f"{STEPS[0].key}.ipynb"


main.add_command(adopt)
main.add_command(analyse)
main.add_command(briefs)
main.add_command(calendar)
main.add_command(report)
main.add_command(serve)
main.add_command(scenario)
main.add_command(workshop)
