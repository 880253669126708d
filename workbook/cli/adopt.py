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
@click.option(
    "--to", default="", help="Id of what the figures are for, such as an offer, where the exhibit asks for it."
)
@FOLDER
@LANGUAGE
def adopt(
    plan_id: str, names: tuple[str, ...], segment: str, scenario: str, to: str, workspace: Path, language: str
) -> None:
    """Take the figures that an EXHIBIT offers over into PLAN, each with table, method, convention, n and grade.

    \b
    Example:
        workbook adopt adaptive-test opportunity_scores
        workbook adopt adaptive-test demand_and_revenue --to adaptive-tests --scenario paid
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
            shown = getattr(exhibits, name)(Case(live.plan, live.workspace, segment, plan_id, scenario))
            choices = [one.to for one in shown.proposals if one.to]
            if choices and to not in choices and live.plan.item(to) is None:
                raise ParameterError(
                    N_("{exhibit} does not know what its figures are for. Say it with --to, one of: {allowed}."),
                    exhibit=name,
                    allowed=", ".join(dict.fromkeys(choices)),
                )
            offered = [one for one in shown.proposals if one.to in ("", to)]
            live.take(offered)
            told = plural("{count} figure adopted", "{count} figures adopted", len(offered))
            click.echo(f"{name}: {told}")
