"""The page of methods, made from the registry: what each analysis reads, what it can be asked, what it answers, its source.

python -m workbook.analyses.methods          writes docs/methods.md
"""

from collections.abc import Sequence
from pathlib import Path

from workbook.analyses import ANALYSES, Analysis, Option
from workbook.language import _
from workbook.plan.files import write_atomically
from workbook.tables import ANSWERS, TableColumn

__all__ = ["methods_page"]

KINDS = {
    "text": "text",
    "number": "a number",
    "integer": "a whole number",
    "money": "money, in one currency",
    "date": "a day",
    "flag": "yes or no, as 1 or 0",
}

INTRODUCTION = """# Methods

Every analysis the workbook can do, with the columns of its table, its options, the figures it answers and where the method
is published. The page is made from the same declarations as `workbook analyse`, the check of a table and its messages.

    workbook analyse NAME TABLE [--option ...] [--json]

A table is CSV, TSV, XLSX or Parquet; what makes it is seen from its content. Letters may be stored as UTF-8, UTF-16 or
Windows' cp1252, columns parted by comma, semicolon, tab or bar, numbers written as 1234.56, 1.234,56, 1'234 or 1 234,
with a currency or per cent sign; days as 2027-06-01, with the day or the month first, or with the month in words (English,
Italian). XLSX is read up to 200 MB, 250,000 rows and 3 million cells; CSV and Parquet of any size. Rows that cannot be used
are left out and counted by reason, with the first such cell named.

Nothing is guessed. Where a table can be read in two ways, the answer is a question that names the cell, and one of
these options settles it; a plan keeps them with the study, under "How to read it" and "Columns".
"""


def methods_page() -> str:
    """Return the page as Markdown."""
    out = [INTRODUCTION, "| option | settles | values |", "|---|---|---|"]
    out += [f"| `--{answer.name}` | {_(answer.meaning)} | {_values(answer.choices)} |" for answer in ANSWERS]
    out += ["| `--column` | which column of the table holds one asked for | `importance=imp`, `importance=#3` |", ""]
    for entry in ANALYSES:
        out += _section(entry)
    return "\n".join(out)


def _section(entry: Analysis) -> list[str]:
    out = [f"## {entry.name}", "", f"{_(entry.title)}.", ""]
    if entry.columns or entry.others:
        out += ["| column | holds | meaning |", "|---|---|---|"]
        out += [f"| `{column.name}` | {_holds(column)} | {_cell(_(column.meaning))} |" for column in entry.columns]
        out += [f"| others | numbers or text | {_cell(_(entry.others))} |"] if entry.others else []
        out.append("")
    if entry.options:
        out += ["| option | takes | meaning |", "|---|---|---|"]
        out += [f"| `--{option.name}` | {_takes(option)} | {_cell(_(option.meaning))} |" for option in entry.options]
        out.append("")
    keys = [("", key) for key in entry.figures] + [("rows: ", key) for key in entry.rows]
    if keys:
        out += ["| answer | meaning |", "|---|---|"]
        out += [f"| {where}`{key.name}` | {_cell(_(key.meaning))} |" for where, key in keys]
        out.append("")
    return [*out, f"Source: {entry.source}.", ""] if entry.source else out


def _holds(column: TableColumn) -> str:
    bounds = _bounds(column.low, column.high)
    return KINDS[column.kind] + (f", {bounds}" if bounds else "") + ("" if column.required else "; may be left out")


def _bounds(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"from {low:g}" if low is not None else f"to {high:g}" if high is not None else ""


def _takes(option: Option) -> str:
    kind = {"flag": "nothing", "choice": _values(option.choices), "date": "a day, as 2027-06-01", "text": "text"}
    taken = kind.get(option.kind, "a whole number" if option.kind == "integer" else "a number")
    extra = [_bounds(option.low, option.high), "may be repeated" if option.many else ""]
    if option.required:
        extra.append("needed")
    elif option.kind != "flag" and option.default not in (None, ""):
        extra.append(f"{option.default} when left out")
    return ", ".join([taken, *(part for part in extra if part)])


def _values(choices: Sequence[str]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices) or "text"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the page."""
    write_atomically(Path(__file__).parents[2] / "docs" / "methods.md", (methods_page() + "\n").encode())


if __name__ == "__main__":
    main()
