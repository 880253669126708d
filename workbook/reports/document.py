"""What does a report hold? Its headings, prose and figures in order, read once from an executed notebook.

Slides, pages and sheets differ in what they can show, not in what there is to say, so each is made from this. It holds
text only: no markup of the notebook's, no HTML, no widget. What a person typed is still exactly that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any

from workbook.exhibits.exhibit import MIME
from workbook.exhibits.view import exhibit_words
from workbook.language import N_, _, number

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "Content",
    "Figure",
    "Heading",
    "Listing",
    "Paragraph",
    "Part",
    "Section",
    "Span",
    "day_of",
    "plain",
    "read_content",
    "visible",
    "visible_in",
]

UNSEEN_TAGS = {"hide", "live", "parameters", "injected-parameters"}
"""Cells with one of these tags are for the machine, or for whoever has the page live: neither they nor their outputs are shown."""

MISSING = N_("This part could not be worked out.")
"""All that a reader is told of an error: the traceback names files and people."""

WIDGET = "application/vnd.jupyter.widget-view+json"

# What XML, and so every office format, cannot hold, and what would turn round the writing of all that follows; tab and
# newline can stay.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Span:
    """A run of words in one style; ``link`` leads to the web, to an address, or nowhere."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    link: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading: 1 is the report's own, 2 a section's."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Some lines of prose; ``kind`` is empty, ``quote``, ``code`` or ``missing``."""

    spans: tuple[Span, ...]
    kind: str = ""


@dataclass(frozen=True)
class Listing:
    """A list, numbered or not: the depth of each entry, from 0, and its words."""

    entries: tuple[tuple[int, tuple[Span, ...]], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Figure:
    """An exhibit as it was shown: the payload that ``workbook.exhibits`` wrote."""

    payload: dict[str, Any]

    @cached_property
    def name(self) -> str:
        return visible(str(self.payload.get("name", "")))

    @cached_property
    def finding(self) -> str:
        return visible(str(self.payload.get("finding", ""))).strip()

    @cached_property
    def empty(self) -> bool:
        return bool(self.payload.get("empty"))

    @cached_property
    def table(self) -> dict[str, Any] | None:
        """Columns, rows and rows as shown; None where there is nothing to read in it."""
        table = self.payload.get("table")
        return visible_in(table) if table and table.get("rows") else None

    @cached_property
    def chart(self) -> dict[str, Any] | None:
        """The specification of the chart, whose tables are in ``payload["data"]``."""
        return None if self.empty else self.payload.get("chart")

    @cached_property
    def cards(self) -> list[dict[str, Any]]:
        """Things in words; what a page opens branch by branch is a card a branch, all of it opened."""
        branches = [_opened(branch) for branch in self.payload.get("branches") or []]
        return visible_in([*(self.payload.get("cards") or []), *branches])

    @cached_property
    def tags(self) -> list[dict[str, str]]:
        return visible_in(self.payload.get("tags") or [])

    @cached_property
    def method(self) -> str:
        """Convention and source, and how many stand behind the figures."""
        n = self.payload.get("n")
        sample = exhibit_words()["n"].format(n=number(n)).replace(" ", "\u00a0") if n is not None else ""
        return " ".join(filter(None, (visible(str(self.payload.get("method") or "")).strip(), sample)))


Part = Heading | Paragraph | Listing | Figure


@dataclass(frozen=True)
class Section:
    """A heading with all that stands under it; the first, without a heading, is what stands before."""

    title: str
    parts: tuple[Part, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(part for part in self.parts if isinstance(part, Figure))


@dataclass(frozen=True)
class Content:
    """What a report holds. ``question`` is the notebook's own headline, ``title`` the plan's; ``day`` when it was run."""

    title: str
    language: str
    parts: tuple[Part, ...]
    question: str = ""
    day: date | None = None
    sections: tuple[Section, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sections", tuple(_sections(self.parts)))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every exhibit, in order."""
        return tuple(part for part in self.parts if isinstance(part, Figure))

    @property
    def notes(self) -> tuple[Figure, ...]:
        """The exhibits that say how they were worked out."""
        return tuple(figure for figure in self.figures if figure.method and not figure.empty)


def read_content(notebook: NotebookNode, *, title: str, language: str) -> Content:
    """
    Return what an executed ``notebook`` says.

    Parameters
    ----------
    notebook
        With outputs. Code is left out, and so are cells tagged ``hide`` or ``parameters``.
    title
        Name of the plan.
    language
        Of the notebook's words.
    """
    parts = [part for cell in notebook.cells for part in _cell_parts(cell)]
    question = next((part.text for part in parts if isinstance(part, Heading) and part.level == 1), "")
    kept = tuple(part for part in parts if not (isinstance(part, Heading) and part.level == 1))
    return Content(visible(title).strip(), language, kept, question, day_of(notebook))


def visible(text: str) -> str:
    """Return ``text`` without the characters that no file format holds: controls, lone surrogates, overrides of direction."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(spans: Iterable[Span]) -> str:
    """Return the words of ``spans`` without their styles."""
    return "".join(span.text for span in spans)


def _opened(branch: dict[str, Any]) -> dict[str, Any]:
    """Return a branch as a card: what it stands on are its facts, and what these stand on their lines."""
    facts = [
        {"label": below["label"], "lines": [line for line in (below["text"], *_lines_below(below)) if line]}
        for below in branch["branches"]
    ]
    return {"title": branch["label"], "subtitle": branch["text"], "facts": facts, "tags": []}


def _lines_below(branch: dict[str, Any], depth: int = 0) -> Iterator[str]:
    for below in branch["branches"]:
        yield "– " * depth + ": ".join(filter(None, (below["label"], below["text"])))
        yield from _lines_below(below, depth + 1)


def visible_in(value: Any) -> Any:
    """Return ``value``, of lists, dictionaries and texts, with each text as ``visible`` makes it."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: visible_in(inner) for key, inner in value.items()}
    return [visible_in(inner) for inner in value] if isinstance(value, list) else value


def _sections(parts: tuple[Part, ...]) -> Iterator[Section]:
    title: str = ""
    held: list[Part] = []
    for part in parts:
        if isinstance(part, Heading) and part.level == 2:
            if title or held:
                yield Section(title, tuple(held))
            title, held = part.text, []
        else:
            held.append(part)
    if title or held:
        yield Section(title, tuple(held))


def day_of(notebook: NotebookNode) -> date | None:
    """Return the day papermill finished the notebook."""
    try:
        return datetime.fromisoformat(notebook.metadata.papermill.end_time).date()
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _cell_parts(cell: NotebookNode) -> Iterator[Part]:
    if UNSEEN_TAGS & set(cell.metadata.get("tags", ())):
        return
    if cell.cell_type == "markdown":
        yield from _prose(cell.source)
    elif cell.cell_type == "code":
        for output in cell.outputs:
            yield from _output_parts(output)


def _output_parts(output: NotebookNode) -> Iterator[Part]:
    if output.output_type == "error":
        yield Paragraph((Span(_(MISSING)),), "missing")
    elif output.output_type == "stream":
        yield from _verbatim(output.text if output.name == "stdout" else "")
    elif MIME in output.data:
        yield Figure(dict(output.data[MIME]))
    elif WIDGET in output.data:
        return
    elif "text/markdown" in output.data:
        yield from _prose(_joined(output.data["text/markdown"]))
    elif "text/html" in output.data:
        yield from _said(_text_of(_joined(output.data["text/html"])))
    else:
        yield from _verbatim(_joined(output.data.get("text/plain", "")))


def _joined(text: str | list[str]) -> str:
    return "".join(text)


def _verbatim(text: str) -> Iterator[Part]:
    if shown := visible(text).strip("\n"):
        yield Paragraph((Span(shown, code=True),), "code")


def _said(text: str) -> Iterator[Part]:
    for block in re.split(r"\n\s*\n", visible(text)):
        if words := " ".join(block.split()):
            yield Paragraph((Span(words),))


def _text_of(html: str) -> str:
    """Return the words of ``html``: a line a block, nothing of scripts and styles."""
    import nh3

    spaced = re.sub(r"(?i)</(p|div|li|dd|dt|tr|h[1-6]|pre|table)\s*>|<br\s*/?>", "\n\n", html)
    return unescape(nh3.clean(spaced, tags=set()))


def _prose(source: str) -> Iterator[Part]:
    """Yield the blocks of Markdown; HTML inside it is left out, its words are kept."""
    import mistune

    parse = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough"])
    yield from _blocks(parse(visible(source)))


def _blocks(tokens: Any) -> Iterator[Part]:
    for token in tokens:
        kind = token["type"]
        if kind == "heading":
            yield Heading(token["attrs"]["level"], plain(_spans(token["children"])).strip())
        elif kind in ("paragraph", "block_text"):
            if spans := _spans(token["children"]):
                yield Paragraph(spans)
        elif kind == "list":
            yield Listing(tuple(_entries(token, 0)), bool(token["attrs"].get("ordered")))
        elif kind == "block_quote":
            for part in _blocks(token["children"]):
                yield Paragraph(part.spans, "quote") if isinstance(part, Paragraph) else part
        elif kind == "block_code":
            yield from _verbatim(token["raw"])
        elif kind == "block_html":
            yield from _said(_text_of(token["raw"]))
        elif kind == "table":
            yield Listing(tuple((0, row) for row in _table_rows(token)))


def _entries(token: Any, depth: int) -> Iterator[tuple[int, tuple[Span, ...]]]:
    for item in token["children"]:
        words: list[Span] = []
        for child in item["children"]:
            if child["type"] == "list":
                if words:
                    yield depth, tuple(words)
                    words = []
                yield from _entries(child, depth + 1)
            elif "children" in child:
                words += [Span(" "), *_spans(child["children"])] if words else _spans(child["children"])
        if words:
            yield depth, tuple(words)


def _table_rows(token: Any) -> Iterator[tuple[Span, ...]]:
    """Yield the rows of a table of the prose as lines."""
    for part in token["children"]:
        for row in part["children"] if part["type"] == "table_body" else [part]:
            cells = [_spans(cell["children"]) for cell in row["children"]]
            yield tuple(span for i, cell in enumerate(cells) for span in ((Span(" · "), *cell) if i else cell))


def _spans(tokens: Any, **style: Any) -> tuple[Span, ...]:
    found: list[Span] = []
    for token in tokens:
        kind = token["type"]
        if kind in ("softbreak", "linebreak"):
            found.append(Span(" " if kind == "softbreak" else "\n", **style))
        elif kind == "codespan":
            found.append(Span(token["raw"], **(style | {"code": True})))
        elif kind == "strong":
            found += _spans(token["children"], **(style | {"strong": True}))
        elif kind == "emphasis":
            found += _spans(token["children"], **(style | {"emphasis": True}))
        elif kind == "link":
            found += _spans(token["children"], **(style | {"link": _harmless(token["attrs"]["url"])}))
        elif "children" in token:
            found += _spans(token["children"], **style)
        elif kind == "text":
            found.append(Span(unescape(token["raw"]), **style))
    return tuple(found)


def _harmless(address: str) -> str:
    """Return a link to the web or to somebody's mail, nothing for any other."""
    return address if re.match(r"(?i)(https?://|mailto:)[^\s]+$", address) else ""
