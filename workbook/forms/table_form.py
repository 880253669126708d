"""Bringing in the table of an analysis: which file, which of its columns is which, how to read what it leaves open.

The content is that of any other form (see ``FormView``), made from the analysis's declaration and the head of the table.
What is chosen is remembered with the study in the plan, so that it is asked once.
"""

import shlex
from pathlib import Path
from typing import Any

from workbook.analyses import Analysis
from workbook.errors import TableQuestion, WorkbookError
from workbook.exhibits.case import Case
from workbook.exhibits.studied import said_on_page
from workbook.forms.live import LivePlan
from workbook.language import N_, _, current, listed, number, plural
from workbook.plan.model import Study
from workbook.plan.revisions import Edit
from workbook.plan.workspace import table_called
from workbook.tables import ANSWERS, ENDINGS, Match, Preview, Reading, TableColumn, place, preview

__all__ = ["TableForm"]

KINDS = {
    "text": N_("text"),
    "number": N_("a number"),
    "integer": N_("a whole number"),
    "money": N_("money"),
    "date": N_("a day"),
    "flag": N_("yes or no"),
}


class TableForm:
    """The form for the table that the analysis ``entry`` reads, on a live plan."""

    def __init__(self, live: LivePlan, entry: Analysis) -> None:
        self.live, self.entry = live, entry

    @property
    def name(self) -> str:
        """What the form is called among those of a page."""
        return f"table-{self.entry.name}"

    @property
    def study(self) -> Study | None:
        """The study of the plan that the analysis reads."""
        return Case(self.live.plan, self.live.workspace).study(self.entry.name)

    def content(self) -> dict[str, Any]:
        """Return what the browser draws."""
        study, shown, problem = self.study, None, None
        if study is not None:
            try:
                reading = Reading.of(study.reading, study.columns)
                shown = preview(self.live.workspace.table(study.table), self.entry.columns, reading)
            except WorkbookError as found:
                problem = found
        told, problem = self._told(problem)
        columns = self._columns(study, shown)
        told = "" if any(field.get("error") for field in columns) else told
        fields = [self._file(study), *columns, *self._open_points(study, problem)]
        card = {
            "path": f"/{self.name}",
            "title": _(N_("Table: {analysis}"), analysis=_(self.entry.title)),
            "intro": self._intro(study),
            "summary": table_called(study.table) if study is not None else _(N_("no table yet")),
            "open": problem is not None,
            "collapsible": True,
            "removable": False,
            "error_count": sum(bool(field.get("error")) for field in fields),
            "fields": fields,
            "notice": {"kind": "info", "text": told, "changes": [], "actions": []} if told else None,
        }
        return {"name": self.name, "title": "", "intro": "", "add": None, "empty": "", "cards": [card]}

    def edit(self, path: str, text: Any) -> bool:
        """Do what was chosen in the field at ``path``; return whether the plan now holds it."""
        part, _slash, what = path.removeprefix(f"/{self.name}/").partition("/")
        chosen = text if isinstance(text, str) else ""
        if part == "file":
            return self._choose(chosen)
        study = self.study
        if study is None or part not in ("columns", "reading"):
            return False
        if part == "columns":
            kept = [line for line in study.columns if line.partition("=")[0].strip() != what]
            return self.live.edit(f"/studies/{study.id}/columns", [*kept, *([f"{what}={chosen}"] if chosen else [])])
        kept = [line for line in study.reading if not line.startswith(f"--{what} ")]
        known = chosen and what in [answer.name for answer in ANSWERS]
        own = Reading.of([f"--{what} {shlex.quote(chosen)}"]).options if known else ()
        return self.live.edit(f"/studies/{study.id}/reading", [*kept, *own])

    def bring_in(self, source: str) -> None:
        """Copy the file ``source`` into the workspace, unless it is there, and make it the analysis's table."""
        name = self.live.workspace.add_table(Path(source))
        if self.study is None or self.study.table != name:
            self._choose(name)

    def _choose(self, table: str) -> bool:
        study = self.study
        if study is None and not table:
            return True
        if study is not None and not table:
            return self.live.edit(f"/studies/{study.id}/table", table)
        if study is not None:
            return study.table == table or self._exchange(study, table)
        id = self.live.add("/studies", _(self.entry.title))
        named = self.live.edit(f"/studies/{id}/analysis", self.entry.name)
        return named and self.live.edit(f"/studies/{id}/table", table)

    def _exchange(self, study: Study, table: str) -> bool:
        """Take another table, with those of the columns chosen that it has too; how its cells are read is asked anew."""
        try:
            header = preview(self.live.workspace.table(table), self.entry.columns).header
        except WorkbookError:
            header = ()
        kept = [line for line in study.columns if place(header, line.partition("=")[2].strip()) is not None]
        here = f"/studies/{study.id}"
        return self.live.set_together(
            [Edit(f"{here}/table", table), Edit(f"{here}/columns", kept), Edit(f"{here}/reading", [])]
        )

    def _intro(self, study: Study | None) -> str:
        """Return what the form is for; before there is a table, what it should hold."""
        if study is not None:
            return _(N_("The table this rests on, and which of its columns is which. What you choose is remembered."))
        asked = [_asked(column) for column in self.entry.columns if column.required]
        besides = [_asked(column) for column in self.entry.columns if not column.required]
        said = [_(N_("A table with the columns {columns}."), columns=listed(asked))] if asked else []
        if besides:
            said.append(_(N_("It may also have {columns}."), columns=listed(besides)))
        return " ".join([*said, _(N_("Yours may be called otherwise: you say here which is which."))])

    def _told(self, problem: WorkbookError | None) -> tuple[str, WorkbookError | None]:
        """Return what reading the whole table says, and what stands in its way."""
        if problem is None:
            try:
                checked = Case(self.live.plan, self.live.workspace).answers(self.entry.name)
            except WorkbookError as found:
                problem = found
            else:
                if checked is None:
                    return "", None
                used = plural("{count} row can be used", "{count} rows can be used", len(checked.rows))
                out = [f"{reason}: {number(count)}" for reason, count in checked.excluded.items()]
                return ". ".join([used, *out, *(note.rstrip(".") for note in checked.notes)]) + ".", None
        return said_on_page(problem, in_form=True), problem

    def _file(self, study: Study | None) -> dict[str, Any]:
        folder = self.live.workspace.folder / "tables"
        files = sorted(file.name for file in folder.iterdir() if file.is_file()) if folder.is_dir() else []
        called = [table_called(file) for file in files]
        labels = [name if called.count(name) == 1 else file for name, file in zip(called, files, strict=True)]
        return {
            "path": f"/{self.name}/file",
            "kind": "choice",
            "label": _(N_("Table")),
            "text": study.table if study else "",
            "choices": [{"value": "", "label": _(N_("Nothing chosen"))}]
            + [{"value": file, "label": label} for file, label in zip(files, labels, strict=True)],
            "help": _(N_("CSV, TSV, XLSX or Parquet. Tables that are in the workspace already can be chosen here.")),
            "upload": {"label": _(N_("Bring in a file…")), "accept": ",".join(ENDINGS), "language": current()},
        }

    def _columns(self, study: Study | None, shown: Preview | None) -> list[dict[str, Any]]:
        if study is None or shown is None:
            return []
        return [self._column(match, study, shown) for match in shown.matches]

    def _column(self, match: Match, study: Study, shown: Preview) -> dict[str, Any]:
        """Return the field of one column asked for: the table's columns with their first cells, likely ones first."""
        column = match.column
        chosen = Reading.of(columns=study.columns).source(column.name)
        order = [*match.candidates, *(at for at in range(len(shown.header)) if at not in match.candidates)]
        names = [shown.header[at] for at in order]
        values = [name if names.count(name) == 1 else f"#{at + 1}" for at, name in zip(order, names, strict=True)]
        labels = [", ".join(shown.samples[at]) for at in order]
        found = values[order.index(match.found)] if match.found is not None else ""
        field = {
            "path": f"/{self.name}/columns/{column.name}",
            "kind": "choice",
            "label": column.name,
            "text": chosen if chosen in values else found,
            "choices": [{"value": "", "label": _(N_("Nothing chosen"))}]
            + [
                {"value": value, "label": f"{name} ({label})" if label else name}
                for value, name, label in zip(values, names, labels, strict=True)
            ],
            "help": f"{_(column.meaning)} ({_(KINDS[column.kind])})",
        }
        if column.required and match.found is None:
            likely = shown.header[match.candidates[0]] if match.candidates else ""
            field["error"] = (
                _(N_("Choose a column, perhaps “{column}”."), column=likely) if likely else _(N_("Choose a column."))
            )
        return field

    def _open_points(self, study: Study | None, problem: WorkbookError | None) -> list[dict[str, Any]]:
        """Return a field for each thing the table leaves open, and for each that was settled."""
        given = Reading.of(study.reading) if study else Reading()
        asked: dict[str, list[tuple[str, str]]] = {}
        for answer, meaning in problem.choices if isinstance(problem, TableQuestion) else ():
            name, _space, value = answer.removeprefix("--").partition(" ")
            asked.setdefault(name, []).append((value.strip("'\""), meaning))
        fields = []
        for point in ANSWERS:
            settled = getattr(given, point.name)
            offered = asked.get(point.name, [])
            if not (settled or offered):
                continue
            choices = offered or [(choice, "") for choice in point.choices or (settled,)]
            fields.append(
                {
                    "path": f"/{self.name}/reading/{point.name}",
                    "kind": "choice",
                    "label": _(point.meaning)[:1].upper() + _(point.meaning)[1:],
                    "text": settled,
                    "choices": [{"value": "", "label": _(N_("Nothing chosen"))}]
                    + [{"value": value, "label": f"{value}: {said}" if said else value} for value, said in choices],
                }
                | ({"error": _(N_("Say which."))} if offered and not settled else {})
            )
        return fields


def _asked(column: TableColumn) -> str:
    """Return the name of a column that an analysis asks for, and what it holds."""
    return f"{column.name} ({_(column.meaning)})"
