"""``workbook briefs`` and ``workbook calendar``: what step 9 decided, for those who carry it out."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from workbook.cli.speech import FOLDER, HERE, LANGUAGE, plain_errors, written_to
from workbook.language import speak

if TYPE_CHECKING:
    from workbook.exhibits.case import Case

__all__ = ["briefs", "calendar"]

SCENARIO = click.option("--scenario", default="", help="Id of a scenario; the plan itself when left out.")


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.option(
    "--format",
    "format",
    type=click.Choice(["markdown", "html"]),
    default="markdown",
    show_default=True,
    help="Of the files.",
)
@click.option("--out", type=HERE, default=None, help="Folder for the briefs; PLAN-briefs when left out.")
@SCENARIO
@FOLDER
@LANGUAGE
def briefs(
    plan_id: str,
    format: Literal["markdown", "html"],
    out: Path | None,
    scenario: str,
    workspace: Path,
    language: str,
) -> None:
    """Write a brief for each campaign of PLAN: whom it is for, what it says, with what, when, and whose it is.

    \b
    Example:
        workbook briefs adaptive-test --format html --out briefs
    """
    from workbook.reports.briefs import write_briefs

    with plain_errors():
        speak(language)
        case = _case(workspace, plan_id, scenario)
        folder = out or Path(f"{plan_id}-briefs")
        with written_to(folder):
            for path in write_briefs(case, folder, format=format):
                click.echo(str(path))


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="File to write; PLAN.ics when left out.",
)
@SCENARIO
@FOLDER
@LANGUAGE
def calendar(plan_id: str, out: Path | None, scenario: str, workspace: Path, language: str) -> None:
    """Write what has a date in PLAN to an iCalendar file: campaigns and their making, creatives, notices, releases.

    Taken into a calendar again later, the file moves what has moved.

    \b
    Example:
        workbook calendar adaptive-test --out spring.ics
    """
    from workbook.exhibits.downstream.launch import calendar_file
    from workbook.plan.files import write_atomically

    with plain_errors():
        speak(language)
        file = calendar_file(_case(workspace, plan_id, scenario))
        target = out or Path(file.name)
        with written_to(target):
            write_atomically(target, file.content.encode())
        click.echo(str(target))


def _case(workspace: Path, plan_id: str, scenario: str) -> "Case":
    from workbook.exhibits.case import Case
    from workbook.plan.scenarios import require_scenario, scenario_plan
    from workbook.plan.workspace import Workspace

    home = Workspace.find(workspace)
    home.log.require(plan_id)
    history = home.log.revisions(plan_id)
    require_scenario(scenario, history, plan_id)
    return Case(scenario_plan(history, scenario), home, plan_id=plan_id, scenario=scenario)
