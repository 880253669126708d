"""Where reports go: a folder of this machine, or a place that fsspec knows, such as ``s3://bucket/reports``.

A file is there whole under its name or not at all. One batch at a time writes to a folder; in other places nobody
can be kept out, so there it is up to whoever starts two.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from uuid import uuid4

from workbook.errors import ParameterError
from workbook.language import N_
from workbook.plan.files import write_atomically
from workbook.reports.report import WrittenFile, unwritable

__all__ = ["Folder", "Place", "Remote", "place_at"]

LOCK = ".batch.lock"


class Place(Protocol):
    """What a batch asks of the place its reports go to; names are relative and divided by slashes."""

    def folder(self, name: str) -> Path:
        """Return the folder in which a report's files are written."""

    def take(self, name: str, files: tuple[WrittenFile, ...]) -> None:
        """Make the files written in that folder those of the report."""

    def holds(self, name: str, file: WrittenFile) -> bool:
        """Return whether a file is there with the content it was written with."""

    def read(self, name: str) -> bytes | None:
        """Return a file's content, None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole."""

    def where(self, name: str) -> Path | str:
        """Return a file's address, to be shown."""

    def close(self) -> None:
        """Let the next batch in."""


def place_at(out: Path | str) -> Place:
    """Return the place at ``out``: a folder, or a fsspec address. Raises OutOfReach where nothing can be written."""
    address = str(out)
    if "://" in address:
        return Remote(address)
    return Folder(Path(address))


class Folder:
    """A folder of this machine, made where it is missing, and held against other batches."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._lock: int | None = None
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.root / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            raise unwritable(str(self.root), problem) from problem
        if not _held(self._lock):
            os.close(self._lock)
            raise ParameterError(
                N_("{folder}: another batch is writing there. Wait until it is done, or choose another folder."),
                folder=str(self.root),
            )

    def folder(self, name: str) -> Path:
        return self.root / name

    def take(self, name: str, files: tuple[WrittenFile, ...]) -> None:
        """They are where they belong."""

    def holds(self, name: str, file: WrittenFile) -> bool:
        try:
            path = self.root / name
            if path.stat().st_size != file.size:
                return False
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
        except OSError:
            return False

    def read(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        try:
            write_atomically(self.root / name, content)
        except OSError as problem:
            raise unwritable(str(self.root / name), problem) from problem

    def where(self, name: str) -> Path | str:
        return self.root / name

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class Remote:
    """A place that fsspec knows. Reports are written beside it first, and then brought there under their names."""

    def __init__(self, address: str) -> None:
        import fsspec

        self._address = address.rstrip("/")
        try:
            self._files, self._root = fsspec.core.url_to_fs(self._address)
        except (ImportError, ValueError) as problem:
            raise ParameterError(
                N_("{address}: no place that can be written to ({reason})."), address=address, reason=str(problem)
            ) from problem
        self._passing = tempfile.TemporaryDirectory(prefix="workbook-reports-")

    def folder(self, name: str) -> Path:
        return Path(self._passing.name) / name

    def take(self, name: str, files: tuple[WrittenFile, ...]) -> None:
        for file in files:
            written = self.folder(name) / file.name
            self.write(f"{name}/{file.name}", written.read_bytes())
            written.unlink()

    def holds(self, name: str, file: WrittenFile) -> bool:
        content = self.read(name)
        return content is not None and hashlib.sha256(content).hexdigest() == file.sha256

    def read(self, name: str) -> bytes | None:
        try:
            content: bytes = self._files.cat_file(self._at(name))
        except FileNotFoundError:
            return None
        return content

    def write(self, name: str, content: bytes) -> None:
        path = PurePosixPath(self._at(name))
        beside = path.with_name(f".{path.name}-{uuid4().hex}")
        try:
            self._files.makedirs(str(path.parent), exist_ok=True)
            self._files.pipe_file(str(beside), content)
            self._files.mv(str(beside), str(path))
        except OSError as problem:
            with contextlib.suppress(OSError):
                self._files.rm(str(beside))
            raise unwritable(str(self.where(name)), problem) from problem

    def where(self, name: str) -> Path | str:
        return f"{self._address}/{name}"

    def close(self) -> None:
        self._passing.cleanup()

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"


def _held(lock: int) -> bool:
    """Return whether the lock is ours now; it goes with the process, however that ends."""
    try:
        if os.name == "nt":
            msvcrt: Any = __import__("msvcrt")
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
