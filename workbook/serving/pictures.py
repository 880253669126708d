"""What is there to read before a page's kernel is up? The picture that was kept of the page (``exhibits.pictures``).

It goes out with the page's first bytes, twice: as plain HTML, which needs no script, and as data from which the page's
own script draws what will stand there live, in the same place and size. Everything in it is escaped.
"""

from html import escape
from typing import Any

from nbformat import NotebookNode

from workbook.exhibits.exhibit import card_html, table_html, tags_html
from workbook.exhibits.pictures import kept_picture
from workbook.pages import PageParameters
from workbook.plan.workspace import Workspace
from workbook.serving.assets import asset_url

__all__ = ["with_picture"]

KINDS = ("start", "form", "exhibit")
"""Tags of the cells that show something live."""


def with_picture(
    notebook: NotebookNode, workspace: Workspace, page: str, parameters: PageParameters
) -> dict[str, Any] | None:
    """
    Give the cells of ``notebook`` their pictures as HTML, and return the data for the page's script.

    None where there is no picture of just this revision, or one that does not fit the notebook's cells.
    """
    slots = kept_picture(workspace, page, parameters, workspace.log.head(parameters.plan))
    places = [i for i, cell in enumerate(notebook.cells) if _kind(cell)]
    if not slots or [slot["kind"] for slot in slots] != [_kind(notebook.cells[i]) for i in places]:
        return None
    for slot, i in zip(slots, places, strict=True):
        notebook.cells[i].metadata.picture = _html(slot)
    return {
        "slots": [slot | {"cell": i + 1} for slot, i in zip(slots, places, strict=True)],
        "scripts": {kind: asset_url(f"{kind}.js") for kind in ("header", "form", "exhibit")},
    }


def _kind(cell: NotebookNode) -> str:
    tags = cell.metadata.get("tags", ()) if cell.cell_type == "code" else ()
    return next((kind for kind in KINDS if kind in tags), "")


def _html(slot: dict[str, Any]) -> str:
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
            *map(card_html, payload["cards"]),
            table_html(table, payload["finding"]) if table else "",
            tags_html(payload["tags"]),
            f'<p class="wb-method">{escape(payload["method"])}</p></figure>',
        )
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
