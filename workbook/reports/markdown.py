"""A report as Markdown: for a repository, where a change of a finding shows as a change of a line.

Findings are headings, tables are pipe tables, methods stand under them. What a person typed is escaped: it shows on any
site as the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from workbook.language import _, date_words
from workbook.reports.document import Content, Figure, Heading, Listing, Part, Span, read_content

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workbook.reports.formats import Document

__all__ = ["markdown_report"]

_MARKS = re.compile(r"([\\`*_\[\]<>|~$])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# What would be a heading, a list or a rule at the start of a line.
_START = re.compile(r"^(\s*)([#+=-](?=[\s#+=-]|$))", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)


def markdown_report(notebook: NotebookNode, document: Document) -> bytes:
    """Return an executed ``notebook`` as Markdown, in the language in use."""
    content = read_content(notebook, title=document.title, language=document.language)
    return ("\n\n".join(_blocks(content)) + "\n").encode("utf-8", "replace")


def _blocks(content: Content) -> Iterator[str]:
    yield f"# {_line(content.title)}"
    about = [f"*{_line(content.question)}*" if content.question else "", date_words(content.day) if content.day else ""]
    if any(about):
        yield " · ".join(filter(None, about))
    for part in content.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Heading):
        yield f"{'#' * min(part.level, 6)} {_line(part.text)}"
    elif isinstance(part, Listing):
        yield "\n".join(
            f"{'   ' * depth}{'1.' if part.numbered else '-'} {_styled(words)}" for depth, words in part.entries
        )
    elif isinstance(part, Figure):
        yield from _figure(part)
    elif part.kind == "code":
        yield _fenced(part.spans[0].text)
    else:
        yield ("> " if part.kind else "") + _styled(part.spans)


def _figure(figure: Figure) -> Iterator[str]:
    if figure.empty:
        yield f"*{_line(figure.finding)}*"
        return
    yield f"### {_line(figure.finding)}"
    for card in figure.cards:
        yield from _card(card)
    if figure.table:
        yield "\n".join(_table(figure.table))
    if figure.tags:
        yield " · ".join(f"**{_line(tag['text'])}**" for tag in figure.tags)
    if figure.method:
        yield _("Method") + f": {_line(figure.method)}"


def _card(card: dict[str, Any]) -> Iterator[str]:
    if title := " – ".join(_line(text) for text in (card["title"], card["subtitle"]) if text):
        yield f"#### {title}"
    facts = [(_line(fact["label"]), [_line(line) for line in fact["lines"]]) for fact in card["facts"]]
    yield "\n".join(
        f"- **{label}**: {lines[0]}"
        if len(lines) == 1
        else "\n  ".join([f"- **{label}**:", *(f"- {x}" for x in lines)])
        for label, lines in facts
    )


def _table(table: dict[str, Any]) -> Iterator[str]:
    yield _row(_line(column["label"]) for column in table["columns"])
    yield _row("---" if column["kind"] == "text" else "---:" for column in table["columns"])
    for row in table["shown"]:
        yield _row(_line(text) for text in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _styled(spans: Iterable[Span]) -> str:
    return _unmarked("".join(map(_span, spans)))


def _span(span: Span) -> str:
    if span.code:
        return _inline_code(span.text)
    text = _escaped(span.text).replace("\n", "\\\n")
    if span.strong or span.emphasis:
        # A mark opens or closes only beside a word.
        before, words, after = re.fullmatch(r"(\s*)(.*?)(\s*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
        mark = "*" * (2 * span.strong + span.emphasis)
        text = f"{before}{mark}{words}{mark}{after}" if words else text
    return f"[{text}](<{span.link}>)" if span.link and not re.search("[<>]", span.link) else text


def _inline_code(text: str) -> str:
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks} {text} {ticks}" if len(ticks) > 1 else f"`{text}`"


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _line(text: Any) -> str:
    """Return ``text`` escaped, on one line."""
    return _unmarked(_escaped(" ".join(str(text).split())))


def _unmarked(text: str) -> str:
    """Return ``text`` with no line that begins like a heading, a list or a rule."""
    return _NUMBERED.sub(r"\1\\\2", _START.sub(r"\1\\\2", text))


def _escaped(text: str) -> str:
    return _ENTITY.sub(r"\\&", _MARKS.sub(r"\\\1", text))
