"""The table behind an analysis: which it is, how many of its rows can be used, which were left out and why."""

from collections.abc import Callable

import pandas as pd

from workbook.analyses import analysis
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.language import N_, _, plural

__all__ = ["table_read"]


def table_read(name: str) -> Callable[[Case], Exhibit]:
    """Return the exhibit of the table that the analysis called ``name`` reads."""

    def table_read_here(case: Case) -> Exhibit:
        study, checked = case.study(name), case.answers(name)
        label = f"table_{name.replace('-', '_')}"
        if study is None or checked is None:
            title = _(analysis(name).title)
            return Exhibit(label, _(N_("{analysis}: no table has been brought in yet."), analysis=title), empty=True)
        out = pd.DataFrame({"reason": list(checked.excluded), "rows": list(checked.excluded.values())})
        left = plural("{count} row is left out", "{count} rows are left out", int(out["rows"].sum()))
        used = plural("{count} row can be used", "{count} rows can be used", len(checked.rows))
        return Exhibit(
            label,
            _(N_("{study}: {used}, {left}."), study=study.name or study.table, used=used, left=left),
            out if len(out) else None,
            (Column("reason", _(N_("Left out because"))), Column("rows", _(N_("Rows")), "number", 0)),
            method=" ".join([study.note, *checked.notes]).strip(),
        )

    return table_read_here
