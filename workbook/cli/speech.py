"""What all commands share: the options every one takes, and how a refusal is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from workbook.errors import WorkbookError
from workbook.language import LANGUAGES

__all__ = ["FOLDER", "HERE", "LANGUAGE", "plain_errors", "written_to"]

HERE = click.Path(file_okay=False, path_type=Path)
FOLDER = click.option(
    "--workspace", type=HERE, default=".", show_default=True, help="Folder of the workspace, or one inside it."
)
LANGUAGE = click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    default="en",
    show_default=True,
    help="Language of pages and messages.",
)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Print what went wrong as a sentence and end with exit code 1: no traceback."""
    try:
        yield
    except WorkbookError as problem:
        raise _Refusal(str(problem)) from None
    except (PermissionError, OSError) as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        raise _Refusal(f"{where}{problem.strerror or problem}") from None


@contextmanager
def written_to(target: Path) -> Iterator[None]:
    """Say of ``target`` that it cannot be written, and what to do, whichever of its files the system refuses."""
    try:
        yield
    except OSError as problem:
        from workbook.reports.report import unwritable

        raise unwritable(str(target), problem) from problem


class _Refusal(click.ClickException):
    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)
