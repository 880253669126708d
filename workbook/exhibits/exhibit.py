"""What a reader sees of an analysis: a sentence that says the finding, a table, a chart, and how it was worked out.

An exhibit is plain data. A notebook shows it live through ``exhibits.view`` or, in batch, as a MIME bundle that the
report writers read back from the executed notebook; the pictures, sheets and slides are all made from this one thing.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Literal, get_args

from workbook.language import N_, _, current, money, number, percent, plural
from workbook.plan.adoption import Proposal

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

__all__ = [
    "MIME",
    "Attachment",
    "Branch",
    "Card",
    "Column",
    "Exhibit",
    "Tag",
    "TagKind",
    "branches_html",
    "card_html",
    "card_markdown",
    "table_html",
    "tags_html",
]

MIME = "application/vnd.workbook.exhibit+json"
VERSION = 1

SENTENCE = 60
"""Characters, on average, from which on the lines of a fact are sentences."""

Kind = Literal["text", "number", "money", "percent"]
TagKind = Literal["assumed", "observed", "tested", "proof", "stale", "note"]


@dataclass(frozen=True)
class Column:
    """
    A column of an exhibit's table: its ``name`` in the data, its ``label`` in words, and how its values are written.

    ``formula`` says how its values follow from other columns of their row, for sheets that calculate: ``{robust} -
    {spend}``, ``{leads} / sum({leads})``. ``total`` says that they may be added up.
    """

    name: str
    label: str
    kind: Kind = "text"
    decimals: int | None = None
    formula: str = ""
    total: bool = False


@dataclass(frozen=True)
class Tag:
    """A short remark under a chart: what the figures rest on, or a proof. ``kind`` decides its colour."""

    kind: TagKind
    text: str


@dataclass(frozen=True)
class Card:
    """
    A thing in words rather than figures, such as a persona: facts, each a label with its lines.

    A ``wide`` one has a row to itself, as the roof of a house over its pillars.
    """

    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tags: tuple[Tag, ...] = ()
    wide: bool = False


@dataclass(frozen=True)
class Attachment:
    """A file that an exhibit offers to keep: its ``name``, what the button that saves it says, its MIME type, its text."""

    name: str
    label: str
    type: str
    content: str


@dataclass(frozen=True)
class Branch:
    """Something that can be opened to see what it stands on: its name, a few words, and what is below it."""

    label: str
    text: str = ""
    branches: tuple["Branch", ...] = ()
    stale: bool = False

    @property
    def payload(self) -> dict[str, Any]:
        """The branch as JSON data, with all below it."""
        below = [branch.payload for branch in self.branches]
        return {"label": self.label, "text": self.text, "stale": self.stale, "branches": below}


@dataclass(frozen=True)
class Exhibit:
    """
    One finding with everything that stands behind it.

    Parameters
    ----------
    name
        Stable identifier, as in ``exhibits.opportunity_landscape``; file names and sheets are made from it.
    finding
        The sentence a reader would repeat, in the language in use.
    table
        The figures behind it; ``columns`` says which are shown, in which order and how. NaN shows as a dash.
    chart
        An Altair chart of the same figures, or None where words say it better. It carries no size, theme or locale:
        whoever shows it adds them.
    cards
        Things in words, shown side by side where there is room.
    branches
        Things that can be opened one after the other, down to what they stand on.
    method
        Convention, source and reading aid, in one or two sentences.
    n
        Number of answers, customers or votes that stand behind the figures; None where there is no sample.
    currency
        ISO code for the money columns.
    proposals
        Figures of it that the plan can adopt; a live page offers them by a button.
    files
        Files made from it, such as a calendar; a page offers each by a button.
    empty
        True when there is nothing to show yet; ``finding`` then says what to do first.
    """

    name: str
    finding: str
    table: "pd.DataFrame | None" = None
    columns: tuple[Column, ...] = ()
    chart: "alt.TopLevelMixin | None" = None
    cards: tuple[Card, ...] = ()
    branches: tuple[Branch, ...] = ()
    tags: tuple[Tag, ...] = ()
    method: str = ""
    n: int | None = None
    currency: str = "EUR"
    proposals: tuple[Proposal, ...] = ()
    files: tuple[Attachment, ...] = ()
    empty: bool = False

    @cached_property
    def payload(self) -> dict[str, Any]:
        """The exhibit as JSON data, the same for the live view, the notebook's output and the report writers."""
        # Charts are validated once, in the tests; on a page that waits for a key it takes as long as all the rest.
        spec = self.chart.to_dict(validate=False) if self.chart is not None else None
        data = spec.pop("datasets", {}) if spec else {}
        if spec:
            # Each page has one theme, put on when it draws.
            spec.pop("config", None)
        return {
            "version": VERSION,
            "name": self.name,
            "language": current(),
            "finding": self.finding,
            "table": self._table(),
            "chart": spec,
            "data": data,
            "cards": [
                {
                    "title": card.title,
                    "subtitle": card.subtitle,
                    "facts": [
                        {"label": label, "lines": list(lines), "sentences": _sentences(lines)}
                        for label, lines in card.facts
                        if lines
                    ],
                    "tags": [{"kind": tag.kind, "text": tag.text} for tag in card.tags],
                    "wide": card.wide,
                }
                for card in self.cards
            ],
            "branches": [branch.payload for branch in self.branches],
            "tags": [{"kind": tag.kind, "text": tag.text} for tag in self.tags],
            "method": self.method,
            "n": self.n,
            "currency": self.currency,
            "adopt": self._acts(),
            "files": [
                {"name": file.name, "label": file.label, "type": file.type, "content": file.content}
                for file in self.files
            ],
            "empty": self.empty,
        }

    def _acts(self) -> list[dict[str, Any]]:
        """The acts by which figures can be adopted: one for all, or one for each item that they may be about."""
        acts: dict[str, list[Proposal]] = {}
        for one in self.proposals:
            acts.setdefault(one.to, []).append(one)
        return [
            {
                "to": to,
                "label": _(N_("Adopt for “{name}”"), name=proposals[0].about or to)
                if to
                else plural("Adopt the figure", "Adopt {count} figures", len(proposals)),
                "says": [one.name for one in proposals],
            }
            for to, proposals in acts.items()
        ]

    def _table(self) -> dict[str, Any] | None:
        if self.table is None or not self.columns:
            return None
        rows = [
            [_plain(value) for value in row]
            for row in self.table[[c.name for c in self.columns]].itertuples(index=False)
        ]
        return {
            "columns": [
                {"name": c.name, "label": c.label, "kind": c.kind}
                | {"decimals": c.decimals, "formula": c.formula, "total": c.total}
                for c in self.columns
            ],
            "rows": rows,
            "shown": [[self._worded(value, c) for value, c in zip(row, self.columns, strict=True)] for row in rows],
        }

    def _worded(self, value: Any, column: Column) -> str:
        if column.kind == "text":
            return "" if value is None else str(value)
        if column.kind == "money":
            return money(value, self.currency, column.decimals or 0)
        if column.kind == "percent":
            return percent(value, column.decimals or 0)
        return number(value, column.decimals)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {MIME: self.payload, "text/html": self._html(), "text/plain": self.finding}

    def _html(self) -> str:
        """Return the finding, the cards, the table and the method, escaped, for places that know no exhibits."""
        table = self.payload["table"]
        parts = [f"<p><strong>{escape(self.finding)}</strong></p>", *map(card_html, self.payload["cards"])]
        parts.append(branches_html(self.payload["branches"]))
        if table:
            parts.append(table_html(table, self.finding))
        if self.method:
            parts.append(f"<p><small>{escape(self.method)}</small></p>")
        return "".join(parts)


def card_html(card: dict[str, Any]) -> str:
    """Return a card of a payload as HTML, escaped."""
    head = (f"<h4>{escape(card['title'])}</h4>" if card["title"] else "") + (
        f'<p class="wb-facts-subtitle">{escape(card["subtitle"])}</p>' if card["subtitle"] else ""
    )
    facts = "".join(
        f"<dt>{escape(fact['label'])}</dt>" + "".join(f"<dd{_said(fact)}>{escape(line)}</dd>" for line in fact["lines"])
        for fact in card["facts"]
    )
    classes = "wb-facts-card wb-facts-wide" if card.get("wide") else "wb-facts-card"
    return f'<section class="{classes}">{head}<dl>{facts}</dl>{tags_html(card["tags"])}</section>'


def _said(fact: dict[str, Any]) -> str:
    return ' class="wb-said"' if fact.get("sentences") else ""


def _sentences(lines: Sequence[str]) -> bool:
    """Whether the lines of a fact are sentences rather than names: each then stands a little apart from the one before."""
    return len(lines) > 1 and sum(map(len, lines)) > SENTENCE * len(lines)


def branches_html(branches: list[dict[str, Any]]) -> str:
    """Return the branches of a payload as lists that open with a key, escaped; nothing for none."""
    made = []
    for branch in branches:
        words = f"<span>{escape(branch['label'])}</span> <small>{escape(branch['text'])}</small>"
        below = branches_html(branch["branches"])
        made.append(f"<li><details><summary>{words}</summary>{below}</details></li>" if below else f"<li>{words}</li>")
    return f'<ul class="wb-branches">{"".join(made)}</ul>' if made else ""


MARKS = re.compile(r"([\\`*_\[\]<>|~&])")
"""What Markdown could take for more than text."""

OPENING = re.compile(r"^(\d*)([#+\-=.)])")
"""What would make a heading, a list or a rule of a line that begins with it."""


def card_markdown(card: Card, about: str = "") -> str:
    """Return a card as Markdown, with what it is ``about`` under its title; what was typed is shown as it was typed."""
    under = " · ".join(part for part in (about, card.subtitle) if part)
    body = [
        line
        for label, lines in card.facts
        if lines
        for line in (f"**{_literal(label)}**", "", *(f"- {_literal(text)}" for text in lines), "")
    ]
    tags = [f"_{_literal(tag.text)}_" for tag in card.tags]
    return "\n".join([f"# {_literal(card.title)}", "", _literal(under), "", *body, *tags]).rstrip() + "\n"


def _literal(text: str) -> str:
    """Return ``text`` on one line, with the marks of Markdown escaped."""
    return OPENING.sub(r"\1\\\2", MARKS.sub(r"\\\1", " ".join(text.split())))


def tags_html(tags: list[dict[str, str]]) -> str:
    """Return the tags of a payload as a list of pills, escaped; nothing for none."""
    pills = "".join(
        f'<li class="wb-tag wb-tag-{tag["kind"] if tag["kind"] in get_args(TagKind) else "note"}">{escape(tag["text"])}</li>'
        for tag in tags
    )
    return f'<ul class="wb-tags">{pills}</ul>' if pills else ""


def table_html(table: dict[str, Any], caption: str) -> str:
    """Return the table of a payload as HTML, escaped: numbers to the right, the first column of words as heads."""
    ranks = ["" if column["kind"] == "text" else ' class="wb-number"' for column in table["columns"]]
    heads = "".join(
        f'<th scope="col"{rank}>{escape(str(column["label"]))}</th>'
        for rank, column in zip(ranks, table["columns"], strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(str(text))}</th>'
            if i == 0 and not rank
            else f"<td{rank}>{escape(str(text))}</td>"
            for i, (rank, text) in enumerate(zip(ranks, row, strict=True))
        )
        + "</tr>"
        for row in table["shown"]
    )
    unseen = f'<caption class="wb-unseen">{escape(caption)}</caption>'
    return f"<table>{unseen}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _plain(value: Any) -> Any:
    """Return a JSON value: numpy's numbers as Python's, what is missing (NaN, pandas' NA) as None."""
    import pandas as pd

    if value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
