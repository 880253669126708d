"""How does a table get from a browser into the workspace? As the plain body of a request, streamed to the disk.

A widget would send it through the kernel's websocket, which past 10 MB breaks without a word. Whether the table is
usable is found out when it is matched with what an analysis needs; here only its name and size are looked at.

``POST /workbook/tables?name=needs.csv`` answers ``{"name": "1a2b3c4d-needs.csv"}``, the name a study is given; else
``{"message": ...}``, a sentence.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, authenticated, stream_request_body

from workbook.errors import ServingError, WorkbookError
from workbook.language import LANGUAGES, N_, speaking, translated
from workbook.plan.workspace import Workspace
from workbook.tables import ENDINGS, MOST_BYTES

__all__ = ["UPLOADS", "Upload"]

UPLOADS = "/workbook/tables"
LONGEST_NAME = 120


@stream_request_body
class Upload(JupyterHandler):
    """Takes a table from whoever may edit."""

    SUPPORTED_METHODS = ("POST",)

    _folder: Path | None = None

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse before the body comes what would be refused after it."""
        await super().prepare()
        if self._finished or self.current_user is None:
            raise HTTPError(403)
        with speaking(self._language()):
            try:
                self._name = table_name(self.get_query_argument("name", ""))
                if self.workspace.log.read_only:
                    raise ServingError(N_("this workspace can only be read: no table can be brought in here."))
                self._require_size(int(self.request.headers.get("Content-Length", 0)))
                self._open()
            except (ServingError, ValueError) as problem:
                return self._refuse(400, problem)
            except OSError as problem:
                return self._refuse(507, problem)
        return None

    @property
    def workspace(self) -> Workspace:
        """Where tables are kept."""
        return self.settings["workbook_workspace"]

    def data_received(self, chunk: bytes) -> None:
        if self._finished:
            return
        self._length += len(chunk)
        with speaking(self._language()):
            try:
                self._require_size(self._length)
                self._stream.write(chunk)
            except ServingError as problem:
                self._refuse(413, problem)
            except OSError as problem:
                self._refuse(507, problem)

    @authenticated
    async def post(self) -> None:
        if self._finished:
            return
        try:
            self._stream.close()
            source = Path(self._stream.name)
            stored = await asyncio.to_thread(self.workspace.add_table, source)
        except OSError as problem:
            with speaking(self._language()):
                self._refuse(507, problem)
            return
        except WorkbookError as problem:
            with speaking(self._language()):
                self._refuse(400, problem)
            return
        self._close()
        self.finish({"name": stored, "bytes": self._length})

    def on_finish(self) -> None:
        self._close()

    def on_connection_close(self) -> None:
        self._close()

    def write_error(self, status_code: int, **_about: Any) -> None:
        """Answer with a sentence and nothing of what was asked for."""
        with speaking(self._language()):
            sentence = translated("The table was not taken. Open the page again and try once more.")
        self.finish({"message": sentence})

    def _open(self) -> None:
        # In the workspace, so that a table is not written from one disk to another; hidden, so that nobody lists it.
        tables = self.workspace.folder / "tables"
        tables.mkdir(exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(dir=tables, prefix=".upload-"))
        self._stream = (self._folder / self._name).open("wb")
        self._length = 0
        connection: Any = self.request.connection
        connection.set_max_body_size(MOST_BYTES + 1)

    def _close(self) -> None:
        """Remove what is left of the upload, whether or not it was taken."""
        if self._folder is not None:
            self._stream.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _require_size(self, length: int) -> None:
        if length > MOST_BYTES:
            raise ServingError(
                N_(
                    "a table may have up to {allowed} MB; this one has more. Leave out columns that nobody needs, or "
                    "save it as Parquet, which is smaller."
                ),
                allowed=MOST_BYTES // 1_000_000,
            )

    def _language(self) -> str:
        asked = self.get_query_argument("language", "")
        return asked if asked in LANGUAGES else self.settings["workbook_language"]

    def _refuse(self, status: int, problem: Exception) -> None:
        """Answer with the reason, and hear no more of the body."""
        self._close()
        self.set_status(status)
        self.set_header("Connection", "close")
        sentence = (
            str(problem)
            if isinstance(problem, WorkbookError)
            else translated("The table could not be stored: the disk is full or cannot be written.")
        )
        self.finish({"message": sentence[:1].upper() + sentence[1:]})


def table_name(given: str) -> str:
    """Return the name a table is stored under, without what a path or a terminal could make of it."""
    name = "".join(c if c.isalnum() or c in "._-" else "-" for c in Path(given.replace("\\", "/")).name).lstrip(".-")
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise ServingError(
            N_("“{found}” is no table that can be read. Bring a file that ends in one of: {allowed}."),
            found=given[-60:],
            allowed=", ".join(ENDINGS),
        )
    stem = name[: -len(ending)][: LONGEST_NAME - len(ending)]
    return f"{stem or 'table'}{ending}"
