"""An executed notebook as one HTML file that needs nothing else: prose, findings, tables, and live charts.

The file opens from a disk, asks nobody for anything and forbids itself to: a content security policy names its own
scripts by hash, without ``eval``. Findings, tables and methods stand in the HTML, for search, paper and screen
readers; scripts add the charts, drawn by the code of the live pages. What a person wrote is sanitised or escaped.
"""

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any

import nbformat
import nh3

from workbook.exhibits.exhibit import MIME, card_html, table_html, tags_html
from workbook.exhibits.theme import DARK, FONT, tokens_css
from workbook.exhibits.vega import runtime_js, script_safe
from workbook.exhibits.view import card_css, drawing_js, exhibit_words
from workbook.language import N_, _, date_words, number, speaking
from workbook.plan.files import write_atomically
from workbook.reports.branding import PLAIN, Brand, brand_of
from workbook.reports.document import MISSING, UNSEEN_TAGS, WIDGET, day_of, visible, visible_in
from workbook.reports.formats import Document
from workbook.reports.labels import legible

__all__ = ["html_report", "prose_html", "write_html"]

CHAPTERS = 6
"""Headings from which on a page is a document: methods are then gathered at its end, each once."""

BLOCKS = {"p", "h2", "h3", "h4", "dl", "dt", "dd", "ul", "ol", "li", "div", "blockquote", "pre", "hr", "br"}
TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
INLINE = {"strong", "em", "b", "i", "small", "span", "code", "a", "sub", "sup", "del", "abbr"}
CLASSED = ("p", "dl", "ul", "ol", "li", "div", "span", "small", "table", "td", "th", "tr")

_START = """\
document.documentElement.classList.add("wb-js");
"""
_DRAW = """
const words = JSON.parse(document.querySelector("script.wb-words").textContent);
for (const data of document.querySelectorAll("script.wb-payload")) {
  drawExhibit(data.closest("figure"), JSON.parse(data.textContent), words);
}
"""


def html_report(notebook: nbformat.NotebookNode, document: Document) -> bytes:
    """Return an executed ``notebook`` as one page, in the language in use."""
    brand = brand_of(document.workspace)
    return _page(notebook, document.title, document.language, brand).encode("utf-8", "replace")


def write_html(notebook: nbformat.NotebookNode, path: Path, *, title: str, language: str) -> None:
    """
    Write an executed ``notebook`` to ``path``, whole or not at all.

    Parameters
    ----------
    notebook
        With outputs. Code is never shown, nor are cells tagged ``hide`` or ``parameters``.
    path
        Of the HTML file; what was there is replaced.
    title
        Name of the page; also its headline where the notebook has none.
    language
        Of the notebook's words and of the page's own.
    """
    with speaking(language):
        page = _page(notebook, title, language)
    write_atomically(path, page.encode("utf-8", "replace"))


def _page(notebook: nbformat.NotebookNode, title: str, language: str, brand: Brand = PLAIN) -> str:
    title = visible(title)
    notes = _notes(notebook)
    body = "\n".join(part for cell in notebook.cells for part in _cell_parts(cell, notes))
    body += _notes_html(notes)
    headed = "<h1>" in body
    if not headed:
        body = f"<h1>{escape(title)}</h1>\n{body}"
    body, contents = _with_contents(body)
    scripts = {
        "start": script_safe(_START),
        # A megabyte that only charts need.
        "runtime": runtime_js() if _has_chart(notebook) else "",
        "draw": script_safe(drawing_js() + _DRAW),
    }
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(f"'{_digest(script)}'" for script in scripts.values() if script),
            "style-src 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    skip = _("Skip to the report")
    style = tokens_css() + card_css() + Path(__file__).with_name("page.css").read_text("utf-8") + _brand_css(brand)
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{style}</style>
<script>{scripts["start"]}</script>
</head>
<body class="wb-report">
<a class="wb-skip" href="#wb-main">{escape(skip)}</a>
{_masthead(brand, title if headed else "", day_of(notebook))}{contents}
<main id="wb-main" tabindex="-1">
{body}
</main>
<script type="application/json" class="wb-words">{_inert_json(exhibit_words())}</script>
{f"<script>{scripts['runtime']}</script>" if scripts["runtime"] else ""}
<script type="module">{scripts["draw"]}</script>
</body>
</html>
"""


def _masthead(brand: Brand, title: str, day: date | None) -> str:
    """Return what stands above it all: the house, the plan that the report is of, and its day; nothing for none of them."""
    of = " · ".join(
        filter(None, (f"<strong>{escape(title)}</strong>" if title else "", date_words(day) if day else ""))
    )
    parts = _house(brand) + (f'<p class="wb-of">{of}</p>\n' if of else "")
    return f'<header class="wb-masthead">\n{parts}</header>\n' if parts else ""


def _house(brand: Brand) -> str:
    if brand.logo is None:
        return f'<p class="wb-house">{escape(brand.name)}</p>\n' if brand.name else ""
    kind = "svg+xml" if brand.logo.kind == "svg" else "png"
    picture = base64.b64encode(brand.logo.content).decode()
    name = escape(brand.name or _(N_("Logo")))
    return f'<p class="wb-house"><img src="data:image/{kind};base64,{picture}" alt="{name}"></p>\n'


def _brand_css(brand: Brand) -> str:
    """Return what a brand changes in the look: headlines and links in its colour, as far as they can be read, and its font."""
    if brand == PLAIN:
        return ""
    dark = legible(brand.colour, DARK["paper"], DARK["ink"])
    family = re.sub(r"[^\w .-]", "", brand.font)
    light = f"--wb-house:{brand.ink};--wb-rule:{brand.colour}"
    font = f':root,.wb-exhibit{{--wb-font:"{family}",{FONT}}}' if family else ""
    return (
        f"{font}:root{{{light}}}"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{--wb-house:{dark}}}}}'
        ".wb-report h1{padding-bottom:var(--wb-s3);border-bottom:3px solid var(--wb-rule)}"
        ".wb-report :is(h1,h2,a[href]){color:var(--wb-house)}"
    )


def _notes(notebook: nbformat.NotebookNode) -> dict[str, int]:
    """Return the number of each method note, each once, where the page is long enough to gather them at its end."""
    headings = sum(
        line.startswith("## ")
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.split("\n")
    )
    if headings < CHAPTERS:
        return {}
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    payloads = (output["data"][MIME] for output in outputs if MIME in output.get("data", {}))
    said = dict.fromkeys(visible(str(p["method"])) for p in payloads if p.get("method") and not p.get("empty"))
    return {method: number for number, method in enumerate(said, start=1)}


def _notes_html(notes: dict[str, int]) -> str:
    """Return the chapter of the method notes."""
    if not notes:
        return ""
    entries = "".join(f'<li id="note-{number}">{escape(method)}</li>' for method, number in notes.items())
    title = _(N_("How it was worked out"))
    return f'\n<h2>{escape(title)}</h2><ol class="wb-notes">{entries}</ol>'


def _cell_parts(cell: nbformat.NotebookNode, notes: dict[str, int]) -> Iterator[str]:
    """Return what a reader sees of a cell, as safe HTML."""
    if UNSEEN_TAGS & set(cell.metadata.get("tags", ())):
        return
    if cell.cell_type == "markdown":
        yield f'<div class="wb-prose">{prose_html(cell.source)}</div>'
    elif cell.cell_type == "code":
        for output in cell.outputs:
            if part := _output(output, notes):
                yield part


def _output(output: nbformat.NotebookNode, notes: dict[str, int]) -> str:
    if output.output_type == "error":
        # The traceback names files and people; the report says only that something is missing.
        return f'<p class="wb-missing">{escape(_(MISSING))}</p>'
    if output.output_type == "stream":
        return _plain(output.text) if output.name == "stdout" else ""
    data = output.data
    if MIME in data:
        return _figure(_noted(visible_in(data[MIME]), notes))
    if WIDGET in data:
        return ""
    if "text/html" in data:
        return f'<div class="wb-shown">{_clean(_joined(data["text/html"]))}</div>'
    if "text/markdown" in data:
        return f'<div class="wb-prose">{prose_html(_joined(data["text/markdown"]))}</div>'
    return _plain(data.get("text/plain", ""))


def _joined(text: str | list[str]) -> str:
    return "".join(text)


def _plain(text: str | list[str]) -> str:
    shown = visible(_joined(text)).strip("\n")
    return f'<pre class="wb-plain">{escape(shown)}</pre>' if shown.strip() else ""


# The same for every plan: a template makes it once, and each of its copies has it.
@lru_cache(maxsize=1024)
def prose_html(source: str) -> str:
    """Return Markdown as harmless HTML."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(source)
    return _clean(html, more={"h1", "h5", "h6"})


def _clean(html: str, *, more: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    """Return ``html`` with harmless tags only, links to the web or to an address only, and no ids of its own."""
    attributes = {tag: {"class"} for tag in CLASSED}
    attributes["a"] = {"href", "title"}
    attributes["abbr"] = {"title"}
    for tag in ("th", "td"):
        attributes[tag] = {"class", "scope", "colspan", "rowspan"}
    return nh3.clean(
        visible(html),
        tags=BLOCKS | TABLES | INLINE | more,
        attributes=attributes,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer",
    )


def _noted(payload: dict[str, Any], notes: dict[str, int]) -> dict[str, Any]:
    """Return the payload with its method as the number of a note, where there are notes."""
    place = notes.get(str(payload.get("method")))
    if place is None or payload.get("empty"):
        return payload
    text = _(N_("Method: note {number}"), number=place)
    return payload | {"method": text, "note": f"#note-{place}"}


def _figure(payload: dict[str, Any]) -> str:
    """Return an exhibit as it reads without scripts, with its payload for the drawing."""
    finding, table = str(payload.get("finding", "")), payload.get("table")
    parts = [f'<h3 class="wb-finding">{escape(finding)}</h3>']
    if payload.get("chart") and not payload.get("empty"):
        parts.append('<div class="wb-chart"></div>')
    if cards := payload.get("cards"):
        parts.append(f'<div class="wb-facts">{"".join(map(card_html, cards))}</div>')
    if foot := _foot(payload):
        parts.append(f'<div class="wb-foot">{foot}</div>')
    if table:
        parts.append(f'<div class="wb-table">{table_html(table, finding)}</div>')
    parts.append(f'<script type="application/json" class="wb-payload">{_inert_json(payload)}</script>')
    classes = "wb-exhibit wb-empty" if payload.get("empty") else "wb-exhibit"
    return f'<figure class="{classes}">{"".join(parts)}</figure>'


def _foot(payload: dict[str, Any]) -> str:
    sample = (
        exhibit_words()["n"].format(n=number(payload["n"])).replace(" ", "\u00a0")
        if payload.get("n") is not None
        else ""
    )
    method = escape(str(payload.get("method", "")))
    if note := payload.get("note"):
        method = f'<a href="{escape(note)}">{method}</a>'
    said = " ".join(filter(None, (method, escape(sample))))
    return tags_html(payload.get("tags", [])) + (f'<p class="wb-method">{said}</p>' if said else "")


def _with_contents(body: str) -> tuple[str, str]:
    """Give each h2 an id, and return the body with them and the table of contents."""
    entries: list[str] = []

    def mark(heading: re.Match[str]) -> str:
        entries.append(unescape(re.sub(r"<[^>]*>", "", heading[1])).strip())
        return f'<h2 id="part-{len(entries)}">{heading[1]}</h2>'

    # What nh3 wrote is regular: every tag closed, lower case, and no h2 inside another.
    marked = re.sub(r"<h2>(.*?)</h2>", mark, body, flags=re.DOTALL)
    if len(entries) < 2:
        return marked, ""
    links = "".join(f'<li><a href="#part-{i}">{escape(text)}</a></li>' for i, text in enumerate(entries, start=1))
    name = escape(_("Contents"))
    return marked, f'<nav class="wb-contents" aria-label="{name}"><p>{name}</p><ol>{links}</ol></nav>'


def _has_chart(notebook: nbformat.NotebookNode) -> bool:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return any(output.get("data", {}).get(MIME, {}).get("chart") for output in outputs)


def _inert_json(value: Any) -> str:
    """Return JSON that cannot end its script, whatever its texts say; all but ASCII is escaped."""
    try:
        text = _json(value)
    except ValueError:
        # Rarely a number that JSON does not know: to walk through all values takes longer than to write them.
        text = _json(_finite(value))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _finite(value: Any) -> Any:
    """Return ``value`` without NaN and infinities, which JSON does not know."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _digest(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
