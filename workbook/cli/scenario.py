"""``workbook scenario``: versions of a plan that inherit what they do not change."""

from pathlib import Path

import click

from workbook.cli.speech import FOLDER, LANGUAGE, plain_errors
from workbook.language import N_, _, money, number, speak

__all__ = ["scenario"]


@click.group()
def scenario() -> None:
    """List, open, compare and adopt the scenarios of a plan.

    \b
    Example:
        workbook scenario list adaptive-test
        workbook scenario compare adaptive-test paid
    """


@scenario.command("list")
@click.argument("plan_id", metavar="PLAN")
@FOLDER
@LANGUAGE
def list_(plan_id: str, workspace: Path, language: str) -> None:
    """List the scenarios of PLAN with their titles.

    \b
    Example:
        workbook scenario list adaptive-test
    """
    from workbook.plan.scenarios import scenarios
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        log = Workspace.find(workspace).log
        log.require(plan_id)
        found = scenarios(log.revisions(plan_id))
        for id, title in found.items():
            click.echo(f"{id}  {title}")
        if not found:
            click.echo(
                _(N_("“{plan}” has no scenario yet: `workbook scenario open` makes one."), plan=plan_id), err=True
            )


@scenario.command("open")
@click.argument("plan_id", metavar="PLAN")
@click.argument("scenario_id", metavar="SCENARIO")
@click.option("--title", default="", help="Title of the scenario; its id when left out.")
@FOLDER
@LANGUAGE
def open_(plan_id: str, scenario_id: str, title: str, workspace: Path, language: str) -> None:
    """Open SCENARIO of PLAN: a version that inherits everything until something is changed in it.

    \b
    Example:
        workbook scenario open adaptive-test half-budget --title "Half the budget"
    """
    from workbook.plan.scenarios import opening
    from workbook.plan.workspace import Workspace, author

    with plain_errors():
        speak(language)
        log = Workspace.find(workspace).log
        log.require(plan_id)
        edit = opening(scenario_id, title, log.revisions(plan_id))
        log.append(plan_id, [edit], author=author(), base=log.head(plan_id))
        click.echo(scenario_id)
        where = _(N_("Change it on the pages: `workbook serve`, and choose it at the top of a page."))
        click.echo(where, err=True)


@scenario.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("first", metavar="SCENARIO")
@click.argument("second", metavar="[SCENARIO]", default="")
@FOLDER
@LANGUAGE
def compare(plan_id: str, first: str, second: str, workspace: Path, language: str) -> None:
    """Say how a SCENARIO of PLAN differs from the plan, or one from another: each field, then what they bring.

    \b
    Example:
        workbook scenario compare adaptive-test paid
    """
    from workbook.exhibits.overview.scenarios import outlook
    from workbook.plan.comparison import plan_changes
    from workbook.plan.scenarios import require_scenario, scenario_plan
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        log = Workspace.find(workspace).log
        log.require(plan_id)
        history = log.revisions(plan_id)
        for name in (first, second):
            require_scenario(name, history, plan_id)
        before, after = (first, second) if second else ("", first)
        was, now = scenario_plan(history, before), scenario_plan(history, after)
        changes = list(plan_changes(was, now))
        for change in changes:
            click.echo(f"{change.path}  {change.title}: {change.before} → {change.after}")
        if not changes:
            click.echo(_(N_("They do not differ.")))
        for name, plan in ((before, was), (after, now)):
            brings = outlook(plan)
            click.echo(
                _(
                    N_("{version}: {spend} spent, {customers} customers, {margin} of margin while they stay."),
                    version=name or _(N_("The plan itself")),
                    spend=money(brings.spend, plan.charter.currency.value),
                    customers=number(brings.customers, 1),
                    margin=money(brings.margin, plan.charter.currency.value),
                )
            )


@scenario.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("scenario_id", metavar="SCENARIO")
@click.option("--over", multiple=True, help="A path at which the scenario wins over a later change of the plan.")
@FOLDER
@LANGUAGE
def adopt(plan_id: str, scenario_id: str, over: tuple[str, ...], workspace: Path, language: str) -> None:
    """Take what SCENARIO changed over into PLAN. Where both were changed, it asks: name the paths with --over.

    \b
    Example:
        workbook scenario adopt adaptive-test paid
        workbook scenario adopt adaptive-test paid --over /budget/total
    """
    from workbook.forms.live import LivePlan
    from workbook.plan.workspace import Workspace

    with plain_errors():
        speak(language)
        live = LivePlan(Workspace.find(workspace), plan_id)
        if live.adopt(scenario_id, over=over):
            said = _(
                N_("“{plan}” has taken over what “{scenario}” changed. Its last revision is now {revision}."),
                plan=plan_id,
                scenario=scenario_id,
                revision=live.revision,
            )
        else:
            said = _(
                N_("“{scenario}” changes nothing that “{plan}” does not hold already: nothing was taken over."),
                plan=plan_id,
                scenario=scenario_id,
            )
        click.echo(said)
