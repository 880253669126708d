"""Executed notebooks to write reports from: the three sample exhibits, and what people type at their worst."""

from typing import Any

import nbformat
from exhibit_samples import SAMPLES, budget_split, nothing_yet
from hostile import TEXTS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.reports.formats import Document

PLAN = Document("Adaptive test add-on", "en", "adaptive-test")

AWKWARD = [
    "",
    "x" * 10_000,
    "word " * 2_000,
    "\x00\x07\x1b[31m red \x0b\x85\ufffe",
    "\ud800 half a pair",
    "\u202egnirts desrever",
    "שלום עולם، مرحبا بالعالم",
    "市场计划：下一个欧元花在哪里",
    "👩‍👩‍👧‍👦 🇮🇹 ☕️",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "#set page(fill: red) $x$ @ref <label> *b* _e_ `c` // /* \\",
    "]#panic()[",
    "a|b\nc\r\nd\te",
    "1. one\n2. two\n# three\n- four\n---",
]


def shown(*bundles: Any, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    """Return an executed cell whose outputs are ``bundles``: exhibits or dictionaries by MIME type."""
    data = [bundle._repr_mimebundle_() if isinstance(bundle, Exhibit) else bundle for bundle in bundles]
    outputs = [new_output("display_data", data=nbformat.from_dict(one)) for one in data]
    return new_code_cell("code_is_never_shown = 1", outputs=outputs, metadata={"tags": list(tags)})


def persona() -> Exhibit:
    facts = (("Goals", ("Test pages alone", "Learn by itself")), ("Team", ("Marta",)))
    return Exhibit("personas", "The plan speaks to one person.", cards=(Card("Marta", "Campaign manager", facts),))


def sample_notebook() -> nbformat.NotebookNode:
    return new_notebook(
        cells=[
            new_markdown_cell("# Where should the next euro go?\n\nWhat each channel can still give."),
            shown({"text/plain": "the parameters"}, tags=("parameters",)),
            new_markdown_cell("## The split\n\nWhat *proven* means; see [the notes](https://example.org/a)."),
            shown(budget_split()),
            new_markdown_cell("## The rest & more\n\n- one\n  - below\n- two\n\n> said so"),
            shown(*[sample() for sample in SAMPLES[1:]], persona(), nothing_yet()),
            shown({"text/plain": "for the machine"}, tags=("hide",)),
        ],
        metadata={"papermill": {"end_time": "2027-02-01T10:00:00+00:00"}},
    )


def awkward_exhibit(text: str) -> Exhibit:
    """Return an exhibit that says ``text`` wherever it says anything."""
    import altair as alt
    import pandas as pd

    table = pd.DataFrame({"name": [text, "b"], "value": [1.0, 2.0]})
    chart = alt.Chart(table).mark_bar().encode(x=alt.X("value:Q", title=text), y=alt.Y("name:N", title=text))
    return Exhibit(
        name=text or "unnamed",
        finding=text,
        table=table,
        columns=(Column("name", text), Column("value", text, "money")),
        chart=chart,
        cards=(Card(text, text, ((text, (text, text)),), (Tag("note", text),)),),
        tags=(Tag("note", text),),
        method=text,
        n=3,
    )


def awkward_notebook(texts: list[str]) -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# A\n\n" + texts[0]), *(shown(awkward_exhibit(text)) for text in texts)]
    return new_notebook(cells=[*cells, new_markdown_cell(f"## {texts[-1]}\n\n{texts[-1]}")])


HOSTILE = [*AWKWARD, *TEXTS]
