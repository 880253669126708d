"""What is there to read before a page's kernel is up? The picture that was kept of the page (``exhibits.pictures``).

It goes out with the page's first bytes, twice: as plain HTML with the charts as they were drawn, which needs no script,
and as data from which the page's own script makes what will stand there live, in the same place and size. Everything in
it is escaped, or was cleaned when it came.
"""

import re
from html import escape
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from nbformat import NotebookNode

from workbook.exhibits.drawings import nearest
from workbook.exhibits.exhibit import card_html, table_html, tags_html
from workbook.exhibits.pictures import kept_picture
from workbook.pages import TO_HOME, PageParameters
from workbook.plan.workspace import Workspace
from workbook.serving.assets import asset_url

__all__ = ["Window", "window_of", "with_picture"]

Window = tuple[int, str]
"""How wide a browser's window is, in pixels, and its theme; 0 and "" where that is not known."""

KINDS = ("start", "form", "exhibit")
"""Tags of the cells that show something live."""


def with_picture(
    notebook: NotebookNode, workspace: Workspace, page: str, parameters: PageParameters, window: Window
) -> str:
    """
    Give the cells of ``notebook`` their pictures as HTML for a ``window``, and return the data for the page's script.

    The data are JSON that may stand in HTML; empty where there is no picture of just this revision, or one that does not
    fit the notebook's cells.
    """
    slots = kept_picture(workspace, page, parameters, workspace.log.head(parameters.plan))
    places = [i for i, cell in enumerate(notebook.cells) if _kind(cell)]
    if not slots or [slot["kind"] for slot in slots] != [_kind(notebook.cells[i]) for i in places]:
        return ""
    for slot, i in zip(slots, places, strict=True):
        notebook.cells[i].metadata.picture = _html(slot, nearest(slot.pop("drawings", []), *window))
    data = {
        "slots": [slot | {"cell": i + 1} for slot, i in zip(slots, places, strict=True)],
        "scripts": {kind: asset_url(f"{kind}.js", TO_HOME) for kind in ("header", "form", "exhibit")},
    }
    # In the order they were kept in: the page compares them with what comes live as texts.
    return str(htmlsafe_json_dumps(data, sort_keys=False, ensure_ascii=False))


def _kind(cell: NotebookNode) -> str:
    tags = cell.metadata.get("tags", ()) if cell.cell_type == "code" else ()
    return next((kind for kind in KINDS if kind in tags), "")


def window_of(said: str) -> Window:
    """Return what a browser said of its window, as the page's script writes it into a cookie: ``1440.dark``."""
    found = re.fullmatch(r"(\d{2,5})\.(light|dark)", said)
    return (int(found[1]), found[2]) if found else (0, "")


def _html(slot: dict[str, Any], drawing: dict[str, Any] | None) -> str:
    match slot["kind"]:
        case "start":
            header = slot["header"]
            return f"<p>{escape(header['plan'])} {escape(header['scenario'] or '')}</p>"
        case "form":
            return "".join(f'<div class="wb-form">{_form_html(form)}</div>' for form in slot["forms"])
    payload = slot["payload"]
    table = payload["table"]
    return "".join(
        (
            f'<figure class="wb-exhibit"><h3 class="wb-finding">{escape(payload["finding"])}</h3>',
            _drawing_html(drawing, payload["finding"]) if drawing else "",
            *map(card_html, payload["cards"]),
            table_html(table, payload["finding"]) if table else "",
            tags_html(payload["tags"]),
            f'<p class="wb-method">{escape(payload["method"])}</p></figure>',
        )
    )


def _drawing_html(drawing: dict[str, Any], finding: str) -> str:
    data = "".join(f' data-{key}="{escape(str(drawing[key]))}"' for key in ("width", "theme", "measure"))
    return (
        f'<div class="wb-chart" role="img" aria-label="{escape(finding)}"><div class="wb-drawing"{data}>'
        f"{drawing['svg']}</div></div>"
    )


def _form_html(content: dict[str, Any]) -> str:
    """Return the values of a form as text."""
    parts = [f"<h3>{escape(content.get('title') or '')}</h3>"]
    for card in content.get("cards", ()):
        parts.append(f"<h4>{escape(card.get('title') or '')}</h4><dl>{_fields_html(card.get('fields', ()))}</dl>")
    return "".join(parts)


def _fields_html(fields: list[dict[str, Any]]) -> str:
    parts = []
    for field in fields:
        inner = [*field.get("fields", ()), *(f for card in field.get("cards", ()) for f in card.get("fields", ()))]
        text = field.get("text") or ""
        shown = ", ".join(map(str, text)) if isinstance(text, list) else str(text)
        if shown:
            parts.append(
                f"<dt>{escape(field.get('label') or '')}</dt><dd>{escape(shown)} {escape(field.get('unit') or '')}</dd>"
            )
        parts.append(_fields_html(inner))
    return "".join(parts)
