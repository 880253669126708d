"""``workbook analyse``: one subcommand an analysis, made from the registry."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.speech import LANGUAGE, plain_errors
from workbook.language import N_, _, listed, number, speak

if TYPE_CHECKING:
    from workbook.analyses import Analysis, Option
    from workbook.answer import Answer
    from workbook.tables import Reading

__all__ = ["analyse"]

COLUMN = N_("the table's own name of a column, where it has another; may be given several times")


class _Registry(click.Group):
    """Knows a command for each analysis, and loads the registry when it is asked for one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from workbook.analyses import ANALYSES

        return [entry.name for entry in ANALYSES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from workbook.analyses import ANALYSES

        return next((_command(entry) for entry in ANALYSES if entry.name == cmd_name), None)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from workbook.analyses import analysis

        if args and not args[0].startswith("-"):
            with plain_errors():
                analysis(args[0])
        return super().resolve_command(ctx, args)


@click.group(cls=_Registry, invoke_without_command=True)
@click.option("--list", "listing", is_flag=True, help="List the analyses.")
@click.pass_context
def analyse(ctx: click.Context, listing: bool) -> None:
    """Work out an analysis of a table: `workbook analyse NAME TABLE [--option ...] [--json]`.

    \b
    Example:
        workbook analyse --list
        workbook analyse opportunity needs.csv --scale-max 5
        workbook analyse opportunity needs.csv --json
    """
    from workbook.analyses import ANALYSES

    if listing:
        width = max(len(entry.name) for entry in ANALYSES)
        for entry in ANALYSES:
            click.echo(f"{entry.name:<{width}}  {_(entry.title)}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _command(entry: "Analysis") -> click.Command:
    """Return the command of one analysis: its table, its options, ``--json``."""

    @LANGUAGE
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
    def run(language: str, as_json: bool, table: Path | None = None, **options: Any) -> None:
        with plain_errors():
            speak(language)
            own = {option.keyword for option in entry.options}
            answers = {name: options.pop(name) for name in list(options) if name not in own}
            reading = _reading(answers)
            # What is typed without a table to read leaves one way to read it: as the shell's own numbers.
            decimal = reading.decimal or ("" if entry.takes_table else "point")
            options |= {
                option.keyword: _number(option, options[option.keyword], decimal)
                for option in entry.options
                if option.kind in ("number", "integer")
            }
            answer = entry.answer(entry.read(table, reading, **options) if table else None, **options)
            click.echo(json.dumps(answer.as_json(), ensure_ascii=False, allow_nan=False) if as_json else _told(answer))

    parameters: list[click.Parameter] = [_option(option) for option in entry.options]
    if entry.takes_table:
        table = click.Argument(["table"], type=click.Path(path_type=Path))
        parameters = [table, *parameters, *_answers({option.name for option in entry.options})]
    made = click.command(entry.name, help=_help(entry), short_help=_(entry.title))(run)
    made.params = [*parameters, *made.params]
    return made


def _option(option: "Option") -> click.Option:
    if option.kind == "flag":
        return click.Option([f"--{option.name}"], is_flag=True, default=False, help=_(option.meaning))
    kinds: dict[str, Any] = {
        "number": _Digits("NUMBER"),
        "integer": _Digits("INTEGER"),
        "choice": click.Choice(option.choices),
        "date": _Day(),
        "plan": _StoredPlan(),
    }
    return click.Option(
        [f"--{option.name}"],
        type=kinds.get(option.kind, str),
        default=None,
        multiple=option.many,
        help=_(option.meaning) + ("" if option.default is None else f" [{option.default}]"),
    )


def _answers(taken: set[str]) -> list[click.Option]:
    """Return the options that say how to read a table, but for names that are ``taken``."""
    from workbook.tables import ANSWERS

    columns = click.Option(["--column"], multiple=True, metavar="NAME=TABLES_OWN", help=_(COLUMN))
    return [columns] + [
        click.Option(
            [f"--{answer.name}"],
            type=click.Choice(answer.choices) if answer.choices else str,
            help=_(answer.meaning),
        )
        for answer in ANSWERS
        if answer.name not in taken
    ]


def _number(option: "Option", typed: Any, decimal: str) -> Any:
    """Return what was typed for a number: None where nothing was, several where several may be."""
    if typed is None:
        return None
    read = int if option.kind == "integer" else float
    if option.many:
        return tuple(read(option.number(one, decimal)) for one in typed)
    return read(option.number(typed, decimal))


def _reading(answers: dict[str, Any]) -> "Reading":
    from workbook.tables import Reading

    columns = Reading.of(columns=answers.pop("column", ())).columns
    return Reading(columns=columns, **{name: value or "" for name, value in answers.items()})


class _Digits(click.ParamType):
    """A number as typed; how it is read may hang on another option, so that is done when all are known."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value)


class _StoredPlan(click.ParamType):
    """The id of a plan of the workspace around the current folder."""

    name = "PLAN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from workbook.plan.workspace import Workspace

        with plain_errors():
            log = Workspace.find(Path()).log
            log.require(str(value))
            return log.plan(str(value))[0]


class _Day(click.ParamType):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(_(N_("“{found}” is no day. Write it as 2027-06-01."), found=str(value)[:40]), param, ctx)


def _help(entry: "Analysis") -> str:
    left_out = _(N_("may be left out"))
    lines = [_(entry.title) + ".", ""]
    if entry.takes_table:
        lines += ["\b", _(N_("TABLE is CSV, TSV, XLSX or Parquet with these columns:"))]
        optional = f" ({left_out})"
        lines += [f"  {c.name}: {_(c.meaning)}{'' if c.required else optional}" for c in entry.columns]
        lines += [f"  ...: {_(entry.others)}"] if entry.others else []
        lines.append("")
    keys = [f"  {key.name}: {_(key.meaning)}" for key in (*entry.figures, *entry.rows)]
    if keys:
        lines += ["\b", _(N_("It answers:")), *keys, ""]
    if entry.source:
        lines.append(_(N_("Source: {source}."), source=entry.source))
    return "\n".join(lines)


def _told(answer: "Answer") -> str:
    """Return an answer for reading in a terminal: figures, the rows as a table, then what to know about them."""
    said = answer.as_json()
    lines = [f"{name}: {_shown(value)}" for name, value in said.items() if name in answer.figures]
    rows = said.get("rows") or []
    if rows:
        heads = list(rows[0])
        body = [[_shown(row[head]) for head in heads] for row in rows]
        widths = [max(len(head), *(len(line[i]) for line in body)) for i, head in enumerate(heads)]
        lines += [
            "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in [heads, *body]
        ]
    if answer.n is not None:
        lines.append(f"n = {number(answer.n, 0)}")
    if answer.excluded:
        reasons = listed([f"{reason} ({number(count, 0)})" for reason, count in answer.excluded.items()])
        lines.append(_(N_("Left out: {reasons}."), reasons=reasons))
    lines += [*answer.conventions, *(_(N_("Mind: {warning}"), warning=warning) for warning in answer.warnings)]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return number(value, None if abs(value) >= 1 else 4)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items())
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return "; ".join(_shown(one) for one in value)
    if isinstance(value, list):
        return " … ".join(_shown(one) for one in value)
    return "–" if value is None else str(value)
