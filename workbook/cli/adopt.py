"""``workbook adopt``: what the button of an exhibit does, for a batch."""

from pathlib import Path

import click

from workbook.cli.speech import FOLDER, LANGUAGE, plain_errors
from workbook.language import plural, speak

__all__ = ["adopt"]


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("names", metavar="EXHIBIT...", nargs=-1, required=True)
@click.option("--segment", default="", help="Id of a segment; all together when left out.")
@click.option("--scenario", default="", help="Id of the scenario to write into; the plan itself when left out.")
@FOLDER
@LANGUAGE
def adopt(plan_id: str, names: tuple[str, ...], segment: str, scenario: str, workspace: Path, language: str) -> None:
    """Take the figures that an EXHIBIT offers over into PLAN, each with table, method, convention, n and grade.

    \b
    Example:
        workbook adopt adaptive-test opportunity_scores
    """
    from workbook import exhibits
    from workbook.errors import ParameterError, nearest
    from workbook.exhibits import Case
    from workbook.forms.live import LivePlan
    from workbook.language import N_
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        for name in names:
            if name not in exhibits.__all__ or not name.islower():
                raise ParameterError(
                    N_("there is no exhibit “{found}”. The nearest are: {near}."),
                    found=name,
                    near=nearest(name, [known for known in exhibits.__all__ if known.islower()]),
                )
        live = LivePlan(Workspace.find(workspace), plan_id, scenario)
        for name in names:
            offered = getattr(exhibits, name)(Case(live.plan, live.workspace, segment, plan_id, scenario)).proposals
            live.take(offered)
            told = plural("{count} figure adopted", "{count} figures adopted", len(offered))
            click.echo(f"{name}: {told}")
