"""``workbook workshop``: a group around a plan, with phones."""

from pathlib import Path

import click

from workbook.cli.speech import FOLDER, LANGUAGE, plain_errors
from workbook.language import speak

__all__ = ["workshop"]


@click.command()
@click.argument("plan_id", metavar="PLAN")
@FOLDER
@click.option("--port", type=click.IntRange(0, 65535), default=8870, show_default=True, help="0 takes any free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="This machine's address in the network of the group; others reach nothing unless you name one.",
)
@click.option("--public-address", default="", help="Where people reach a proxy in front, as https://vote.example.org.")
@click.option("--named/--unnamed", default=True, show_default=True, help="Whether participants say their names.")
@click.option("--group", "groups", multiple=True, help="A breakout that participants choose from; once for each.")
@click.option("--by-segment", is_flag=True, help="Breakouts by segment: one for each of the plan's.")
@click.option("--new", "anew", is_flag=True, help="Begin a new workshop although one is going on.")
@LANGUAGE
def workshop(
    plan_id: str,
    workspace: Path,
    port: int,
    host: str,
    public_address: str,
    named: bool,
    groups: tuple[str, ...],
    by_segment: bool,
    anew: bool,
    language: str,
) -> None:
    """Let a group vote on PLAN from phones and laptops: prints the address and code to join, and the facilitator's link.

    Started again, it goes on with the workshop that is not over: phones carry on by themselves.

    \b
    Example:
        workbook workshop adaptive-test --host 192.168.1.20
        workbook workshop adaptive-test --by-segment
        workbook workshop adaptive-test --unnamed --group Enterprise --group Agencies
    """
    from workbook.plan.workspace import Workspace
    from workbook.reports.minutes import minutes
    from workbook.serving.workshop.server import serve_workshop

    with plain_errors():
        speak(language)
        home = Workspace.find(workspace)
        if by_segment:
            home.log.require(plan_id)
            groups += tuple(segment.label for segment in home.log.plan(plan_id)[0].segments)
        serve_workshop(
            home,
            plan_id,
            port=port,
            host=host,
            address=public_address,
            language=language,
            named=named,
            groups=groups,
            anew=anew,
            minutes=minutes,
            announce=click.echo,
        )
