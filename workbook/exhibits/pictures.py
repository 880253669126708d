"""What did a page show last? Kept in the workspace, so that the next visitor has something to read at once.

A picture holds what the header, the forms and the exhibits of a page were given to draw, as JSON: the browser draws it
with the code of the live page, before any kernel is up. Of its charts it also holds how browsers have drawn them
(``exhibits.drawings``), for the next one of the same width, theme and fonts. It counts only for the very revision, day,
notebook and version of the workbook it was taken of; otherwise there is none. Pictures can be drawn again, so they are
no part of a backup, and the oldest go when there are many.
"""

import hashlib
import json
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from workbook.errors import WorkbookError
from workbook.exhibits.drawings import together
from workbook.pages import PageParameters, page_file
from workbook.plan.files import write_atomically
from workbook.plan.workspace import Workspace

__all__ = ["FOLDER", "MOST", "keep_picture", "kept_picture", "picture_mark"]

FOLDER = "pictures"
MOST = 200
"""How many a workspace keeps; each is some 200 to 500 kB."""

LARGEST = 4_000_000
"""Bytes: past this a picture would no longer be quicker than the page itself."""

FORMAT = 3


def keep_picture(
    workspace: Workspace, page: str, parameters: PageParameters, revision: int, slots: list[dict[str, Any]]
) -> bool:
    """
    Keep what ``page`` shows of a plan at ``revision``, and return whether it was kept.

    ``slots`` has an entry a call of the notebook that shows something, in its order: ``kind`` (start, form, exhibit) and
    what was drawn. Where the folder cannot be written there is no picture, which harms nobody.
    """
    slots = _with_drawings(slots, kept_picture(workspace, page, parameters, revision) or [])
    taken = {"taken_of": _subject(workspace, page, parameters, revision), "slots": slots}
    content = json.dumps(taken, ensure_ascii=False, allow_nan=False).encode()
    if len(content) > LARGEST:
        return False
    with suppress(OSError, WorkbookError):
        path = _path(workspace, page, parameters)
        # Most visits see what the one before saw: what was made of the picture then stays good.
        if not (path.is_file() and path.read_bytes() == content):
            write_atomically(path, content)
            _thin_out(workspace.folder / FOLDER)
        return True
    return False


def _with_drawings(slots: list[dict[str, Any]], kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return ``slots`` with the drawings that other pages have ``kept`` of the same charts, in other windows, meanwhile."""
    if len(slots) != len(kept):
        return slots
    return [
        slot | {"drawings": together(before.get("drawings", []), slot["drawings"])}
        if "drawings" in slot and slot.get("payload") == before.get("payload")
        else slot
        for slot, before in zip(slots, kept, strict=True)
    ]


def kept_picture(
    workspace: Workspace, page: str, parameters: PageParameters, revision: int
) -> list[dict[str, Any]] | None:
    """Return the slots of the picture of ``page`` at exactly this ``revision``, today; None where there is none."""
    try:
        kept = json.loads(_path(workspace, page, parameters).read_bytes())
        return kept["slots"] if kept["taken_of"] == _subject(workspace, page, parameters, revision) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def picture_mark(workspace: Workspace, page: str, parameters: PageParameters) -> tuple[int, int]:
    """Return a mark that is another when the picture of ``page`` was kept anew; zeros where there is none."""
    try:
        found = _path(workspace, page, parameters).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _path(workspace: Workspace, page: str, parameters: PageParameters) -> Path:
    asked = json.dumps([parameters.plan, parameters.scenario, parameters.segment, parameters.language, page])
    return workspace.folder / FOLDER / f"{page}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"


def _subject(workspace: Workspace, page: str, parameters: PageParameters, revision: int) -> list[Any]:
    """Return all that decides what a page shows."""
    notebook = hashlib.sha256(page_file(page, workspace).read_bytes()).hexdigest()
    asked = [parameters.plan, parameters.scenario, parameters.segment, parameters.language]
    return [FORMAT, page, *asked, revision, date.today().isoformat(), notebook, _version()]


@cache
def _version() -> str:
    """Return a mark of the package as it stands on disk, which another version, or an edited one, does not have."""
    root = Path(__file__).parent.parent
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".js", ".po"))
    marks = [f"{path.relative_to(root)} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files]
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:16]


def _thin_out(folder: Path) -> None:
    """Remove the oldest pictures beyond ``MOST``."""
    pictures = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in pictures[:-MOST]:
        path.unlink(missing_ok=True)
