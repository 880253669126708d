"""A report as a spreadsheet: a sheet an exhibit, the spend plan that still calculates, the plan itself, and its sources.

Figures are figures, not words, in the formats of the reader's language; what follows from other columns is a formula
where the exhibit says so (``Column.formula``, ``Column.total``), each with the figure it has. What a person typed is
written as text, and never becomes a formula or a link.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from workbook.errors import AnalysisError
from workbook.exhibits.theme import LIGHT
from workbook.language import LOCALES, N_, _, current, date_words
from workbook.plan.model import Evidence, Grade, Item, Part, Plan, Study, shapes
from workbook.plan.revisions import BASE
from workbook.plan.scenarios import scenario_plan, scenarios
from workbook.plan.wording import called, in_words
from workbook.plan.workspace import Workspace
from workbook.reports.branding import Brand, brand_of
from workbook.reports.document import Content, Figure, read_content, visible
from workbook.reports.spend_plan import SPEND_SHEETS, add_spend_plan

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workbook.reports.formats import Document

__all__ = ["sheet_name", "xlsx_report"]

HEAD = 3
"""Row (from 0) of the heads of each sheet; the finding stands above."""

LONGEST = 32_000
"""Characters of a cell; Excel holds 32,767."""

WIDEST, NARROWEST = 60, 9
NAME = 31
"""Characters of a sheet's name, by Excel's rule."""

QUIET = LIGHT["quiet"]
CONTENTS, PLAN, SOURCES = N_("Contents"), N_("Plan"), N_("Sources")


def xlsx_report(notebook: NotebookNode, document: Document) -> bytes:
    """Return an executed ``notebook`` as a spreadsheet, in the language in use."""
    import xlsxwriter

    content = read_content(notebook, title=document.title, language=document.language)
    plan, versions = _plans(document)
    kept = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(kept, options) as book:
        brand = brand_of(document.workspace)
        book.set_properties({"title": content.title[:250], "subject": content.question[:250], "author": brand.name})
        writing = _Writing(book, brand)
        for name in (CONTENTS, PLAN, SOURCES, *SPEND_SHEETS):
            writing.taken.add(_(name).casefold())
        writing.contents(content)
        if plan is not None:
            with suppress(AnalysisError):  # without a split there is nothing to plan
                add_spend_plan(book, plan, versions)
            writing.plan(plan)
            if _(SOURCES).casefold() not in writing.told:
                writing.sources(plan)
    return kept.getvalue()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return ``wanted`` as Excel allows it, and unlike any of ``taken`` (in lower case), to which it is added."""
    plain = " ".join(re.sub(r"[\[\]:*?/\\“”\"]", " ", visible(wanted)).split()).strip("'")
    if len(plain) > NAME:
        # Whole words, where that leaves enough of them.
        words = plain[: NAME + 1].rpartition(" ")[0]
        plain = words if len(words) > NAME / 2 else plain[:NAME]
    plain = plain.strip("'.,; ") or "-"
    name, number = plain, 2
    while name.casefold() in taken or name.casefold() == "history":
        mark = f" {number}"
        name, number = plain[: NAME - len(mark)].rstrip("' ") + mark, number + 1
    taken.add(name.casefold())
    return name


def _plans(document: Document) -> tuple[Plan | None, list[tuple[str, Plan]]]:
    """Return the plan, and it with its scenarios by title where it has any."""
    if document.workspace is None or not document.plan:
        return None, []
    workspace = Workspace(document.workspace)
    try:
        history = workspace.log.revisions(document.plan)
        if not history:
            return None, []
        base = scenario_plan(history, BASE)
        branches = scenarios(history)
        plan = scenario_plan(history, document.scenario) if document.scenario in branches else base
        versions = [(title, scenario_plan(history, id)) for id, title in branches.items()]
        return plan, [(_(N_("Plan")), base), *versions] if versions else []
    finally:
        workspace.log.close()


@dataclass
class _Writing:
    """A book being written: its formats, made once each, and the names of its sheets."""

    book: Any
    brand: Brand
    taken: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def form(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "top"} | properties)
        return self.formats[key]

    def head(self, at: int, *, figures: bool) -> Any:
        """Return the form of a column's head, which stands where its words or figures stand."""
        return self.form(
            bold=True,
            text_wrap=True,
            valign="bottom",
            bottom=1,
            bottom_color=self.brand.colour,
            font_color=self.brand.ink,
            **({"align": "right"} if figures else _aside(at)),
        )

    def sheet(
        self, name: str, title: str, under: str, widths: list[float], heads: list[str], figures: Collection[int] = ()
    ) -> Any:
        """Add a sheet with its title, its heads, and panes that keep these in sight; ``figures`` are columns of such."""
        sheet = self.book.add_worksheet(name)
        self.across(sheet, 0, title, widths, bold=True, font_size=14, font_color=self.brand.ink)
        self.across(sheet, 1, under, widths, font_color=QUIET)
        for i, (width, head) in enumerate(zip(widths, heads, strict=True)):
            sheet.set_column(i, i, width)
            self.say(sheet, HEAD, i, head, self.head(i, figures=i in figures))
        sheet.set_row(HEAD, _high(heads, [width * 0.9 for width in widths]))
        sheet.freeze_panes(HEAD + 1, 1 if len(heads) > 3 else 0)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        return sheet

    def across(self, sheet: Any, row: int, text: str, widths: list[float], **look: Any) -> None:
        """Write ``text`` over all columns, as high as its lines need."""
        form, size = self.form(text_wrap=True, **look), look.get("font_size", 11)
        said = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        if not said:
            return
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", form)
        sheet.write_string(row, 0, said, form)
        sheet.set_row(row, _high([said], [sum(widths) * 11 / size], size))

    def words(self, sheet: Any, row: int, texts: Sequence[str], widths: list[float]) -> None:
        """Write a row of texts, as high as the longest needs."""
        for column, text in enumerate(texts):
            self.say(sheet, row, column, text, self.form(text_wrap=True, **_aside(column)))
        sheet.set_row(row, _high(texts, widths))

    def say(self, sheet: Any, row: int, column: int, text: str, form: Any = None) -> None:
        """Write ``text`` as text, whatever it begins with."""
        if text:
            sheet.write_string(row, column, text if len(text) <= LONGEST else text[: LONGEST - 1] + "…", form)

    def contents(self, content: Content) -> None:
        """Write what there is, with a link to each sheet, and then the sheets."""
        told = " · ".join(
            filter(None, (content.question, date_words(content.day) if content.day else "", self.brand.name))
        )
        heads = [_(N_("Sheet")), _(N_("Section")), _(N_("Finding"))]
        front = self.sheet(_(CONTENTS), content.title, told, [28, 34, 90], heads)
        row = HEAD + 1
        for section in content.sections:
            for figure in section.figures:
                name = ""
                if not figure.empty and (figure.table or figure.cards):
                    # By what it says: under the name of their section a dozen tabs would be called the same.
                    name = self._name(figure, f"{row - HEAD} {figure.finding or section.title or content.title}")
                    self.exhibit(name, figure)
                    link = self.form(underline=1, font_color=self.brand.ink)
                    front.write_url(row, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", link, name)
                self.say(front, row, 1, section.title, self.form(text_wrap=True, **_aside(1)))
                form = self.form(text_wrap=True, **_aside(2), **({} if name else {"font_color": QUIET}))
                self.say(front, row, 2, figure.finding, form)
                front.set_row(row, _high([section.title, figure.finding], [34, 90]))
                row += 1

    def _name(self, figure: Figure, wanted: str) -> str:
        """Return the name of a figure's sheet; the exhibit of the plan's sources is the sheet of that name."""
        if figure.name == "sources" and figure.table and not self.told:
            self.told.add(_(SOURCES).casefold())
            return _(SOURCES)
        return sheet_name(wanted, self.taken)

    def exhibit(self, name: str, figure: Figure) -> None:
        """Write the table of a figure, or its cards, a fact a line."""
        rests = " · ".join(tag["text"] for tag in figure.tags)
        if figure.table is not None:
            self.table(name, figure, rests)
            return
        widths = [28.0, 30.0, 80.0]
        sheet = self.sheet(
            name, figure.finding, rests, widths, [_(N_("Who or what")), _(N_("Fact")), _(N_("In words"))]
        )
        row = HEAD + 1
        for card in figure.cards:
            for label, line in ((fact["label"], line) for fact in card["facts"] for line in fact["lines"]):
                self.words(sheet, row, (card["title"], label, line), widths)
                row += 1
        self.across(sheet, row + 1, figure.method, widths, font_color=QUIET)

    def table(self, name: str, figure: Figure, rests: str) -> None:
        """Write a table, its totals, and how it was worked out."""
        table = figure.table or {}
        columns, rows = table["columns"], table["rows"]
        currency = str(figure.payload.get("currency") or "EUR")
        heads = [str(column["label"]) for column in columns]
        widths = [
            _width(heads[i], [str(row[i]) for row in table["shown"]], column["kind"])
            for i, column in enumerate(columns)
        ]
        figures = {i for i, column in enumerate(columns) if column["kind"] != "text"}
        sheet = self.sheet(name, figure.finding, rests, widths, heads, figures)
        first, last = HEAD + 1, HEAD + len(rows)
        places = {column["name"]: i for i, column in enumerate(columns)}
        for r, (row, shown) in enumerate(zip(rows, table["shown"], strict=True), start=first):
            for c, column in enumerate(columns):
                self._cell(
                    sheet, r, c, row[c], str(shown[c]), column, currency, _worked(column, places, r, first, last)
                )
            sheet.set_row(r, _high([str(text) for text in shown], widths))
        if len(rows) > 1 and any(column.get("total") for column in columns):
            self._totals(sheet, columns, rows, first, currency)
        self.across(sheet, last + 3, figure.method, widths, font_color=QUIET)

    def _totals(
        self, sheet: Any, columns: list[dict[str, Any]], rows: list[list[Any]], first: int, currency: str
    ) -> None:
        last = first + len(rows) - 1
        for c, column in enumerate(columns):
            if column.get("total"):
                added = math.fsum(row[c] for row in rows if _is_figure(row[c]))
                form = self.form(bold=True, top=1, num_format=_number_format(added, column, currency))
                sheet.write_formula(last + 1, c, f"=SUM({_cell(first, c)}:{_cell(last, c)})", form, added)
            else:
                sheet.write_string(last + 1, c, _(N_("Total")) if c == 0 else "", self.form(bold=True, top=1))

    def _cell(
        self, sheet: Any, row: int, at: int, value: Any, shown: str, column: dict[str, Any], currency: str, formula: str
    ) -> None:
        if column["kind"] == "text" or not _is_figure(value):
            said = shown if column["kind"] == "text" else ""
            self.say(sheet, row, at, said, self.form(text_wrap=True, **_aside(at)))
            return
        form = self.form(num_format=_number_format(value, column, currency))
        if formula:
            sheet.write_formula(row, at, formula, form, value)
        else:
            sheet.write_number(row, at, value, form)

    def plan(self, plan: Plan) -> None:
        """Write the whole plan, a field a line."""
        heads = [_(N_("Section")), _(N_("What")), _(N_("Field")), _(N_("In words"))]
        widths = [26.0, 34.0, 30.0, 80.0]
        title = visible(plan.charter.title) or _(PLAN)
        sheet = self.sheet(_(PLAN), title, _(N_("Everything the plan holds.")), widths, heads)
        for row, words in enumerate(_plan_lines(plan), start=HEAD + 1):
            self.words(sheet, row, [visible(text) for text in words], widths)

    def sources(self, plan: Plan) -> None:
        """Write what the plan stands on: the evidence of each item, and the tables."""
        heads = [_(N_("Stands behind")), _(N_("What it says")), _(N_("Source")), _(N_("Grade")), _(N_("Answers"))]
        widths = [34.0, 60.0, 50.0, 9.0, 10.0]
        told = " · ".join(_(grade.label) for grade in Grade)
        sheet = self.sheet(_(SOURCES), _(SOURCES), told, widths, heads, figures={4})
        for row, (words, n) in enumerate(_source_lines(plan), start=HEAD + 1):
            self.words(sheet, row, [visible(text) for text in words], widths)
            if n is not None:
                sheet.write_number(row, len(words), n, self.form(num_format="#,##0"))


def _aside(at: int) -> dict[str, Any]:
    """Return what keeps the words of the column ``at`` away from a figure before them."""
    return {"align": "left", "indent": 1} if at else {}


def _plan_lines(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    for shape in shapes(Plan):
        held = getattr(plan, shape.name)
        parts: list[tuple[str, Part]] = []
        if shape.kind == "items":
            parts = [(called(item, plan), item) for item in held]
        elif isinstance(held, Part):
            parts = [("", held)]
        for name, part in parts:
            for inner in shapes(type(part)):
                if words := in_words(inner, getattr(part, inner.name), plan):
                    yield _(shape.title), name, _(inner.title), words


def _source_lines(plan: Plan) -> Iterator[tuple[tuple[str, str, str, str], int | None]]:
    for behind, one in _evidence(plan, plan, ""):
        yield (behind, one.name, one.source, one.grade.value), one.n
    for study in plan.studies:
        if study.table:
            yield (_(N_("Study")), study.name or study.analysis, _study_source(study), ""), None


def _study_source(study: Study) -> str:
    return " · ".join(filter(None, (study.table, study.note)))


def _evidence(part: Part, plan: Plan, behind: str) -> Iterator[tuple[str, Evidence]]:
    """Yield each piece of evidence of the plan, and what it stands behind."""
    for shape in shapes(type(part)):
        held = getattr(part, shape.name)
        inner = held if isinstance(held, tuple) else (held,)
        for one in inner:
            if isinstance(one, Evidence):
                yield behind, one
            elif isinstance(one, Part):
                name = called(one, plan) if isinstance(one, Item) else _(shape.title)
                yield from _evidence(one, plan, behind if behind and not isinstance(one, Item) else name)


def _high(texts: Sequence[str], widths: Sequence[float], size: float = 11) -> float:
    """Return how high a row is in which ``texts`` break into lines; a program that opens the file does not look."""
    lines = [
        sum(max(1, math.ceil(len(line) * 1.08 / width)) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=False)
    ]
    return min(max(lines, default=1), 20) * size * 1.37


def _worked(column: dict[str, Any], places: dict[str, int], row: int, first: int, last: int) -> str:
    """Return the formula that a column declares, for a row of the sheet; nothing where it names a column that is not there."""
    told = str(column.get("formula") or "")
    named = re.findall(r"\{([^{}]*)\}", told)
    if not told or any(name not in places for name in named):
        return ""
    said = re.sub(
        r"sum\(\{([^{}]*)\}\)",
        lambda m: f"SUM({_cell(first, places[m[1]], True)}:{_cell(last, places[m[1]], True)})",
        told,
    )
    said = re.sub(r"\{([^{}]*)\}", lambda m: _cell(row, places[m[1]]), said)
    return f'=IFERROR({said},"")' if "/" in said else f"={said}"


def _cell(row: int, column: int, fixed: bool = False) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, row_abs=fixed))


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number_format(value: float, column: dict[str, Any], currency: str) -> str:
    """Return Excel's format of a figure; the program writes its marks as its own language does."""
    decimals = column.get("decimals")
    if column["kind"] == "percent":
        return "0" + _places(decimals or 0) + "\u00a0%"
    if column["kind"] == "money":
        return _money_format(currency, decimals or 0)
    if decimals is None:
        decimals = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return "#,##0" + _places(decimals)


def _money_format(currency: str, decimals: int) -> str:
    from babel.numbers import get_currency_symbol

    symbol = re.sub(r'["\\]', "", get_currency_symbol(currency, locale=LOCALES[current()]))
    figures = "#,##0" + _places(decimals)
    return f'"{symbol}"{figures}' if current() == "en" and len(symbol) == 1 else f'{figures}\u00a0"{symbol}"'


def _places(decimals: int) -> str:
    return "." + "0" * decimals if decimals else ""


def _width(head: str, texts: list[str], kind: str) -> float:
    """Return the width of a column in Excel's characters: as its texts, with a head that may break into lines."""
    longest = max([max(map(len, text.split("\n")), default=0) for text in texts] + [0])
    word = max(map(len, head.split()), default=0)
    return float(min(max(longest + 2, word + 2, NARROWEST), WIDEST if kind == "text" else 24))
