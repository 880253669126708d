"""A workspace in one file and back: its plans, tables, notebooks, brand and settings; reports can be written again.

The plans are taken as they are at one moment, whoever is writing. A backup is written whole or not at all; restored,
every file is compared with the fingerprint it was packed with.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import sqlalchemy as sa

from workbook.errors import StoreError
from workbook.language import N_
from workbook.plan.database import Database, kind_of, made_sqlite, plans, revisions, told
from workbook.plan.migration import copy_file, sync_folder
from workbook.plan.store import RevisionLog
from workbook.plan.workspace import MARK, STORE, Workspace

__all__ = ["backup", "default_name", "restore", "snapshot"]

FORMAT = 1
CONTENTS = "backup.json"
FOLDERS = ("tables", "notebooks", "brand")
BRANDED = ("logo", "fonts", "template")
"""Settings of ``[brand]`` that name a file or folder of the workspace."""

BESIDE = ("workshops", "workshop_log")
"""Tables beside the plans, which a store has since its first workshop."""
CHUNK = 1 << 20
ROWS_AT_ONCE = 2000
LEFT_OUT = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}

# An entry of the file of settings that names the store: left out, since a backup brings its own, and must not carry a
# server's password about.
_STORE_ENTRY = re.compile(r"^\s*[\"']?store[\"']?\s*=.*\n?", re.MULTILINE)


def default_name(workspace: Workspace) -> str:
    """Return what a backup made now is called when nobody chose a name."""
    return f"{workspace.folder.name or 'workspace'}-{datetime.now():%Y%m%d-%H%M%S}.zip"


def backup(workspace: Workspace, target: Path) -> Path:
    """
    Write everything of ``workspace`` but its reports to ``target``, and return where it is.

    Plans on a server are taken into a file of their own, as ``plans.sqlite``.

    Raises
    ------
    StoreError
        If there is a file of that name, the store cannot be read, or the disk is full. No part of a file is left.
    """
    target = target.absolute()
    if target.exists():
        raise StoreError(N_("there is a file {found} already. Choose another name, or remove it."), found=str(target))
    database = workspace.log.database
    with told(str(target)), _passing_folder(target.parent) as room:
        snapshot(database, room / STORE)
        (room / MARK).write_text(_settings_without_store(workspace.folder / MARK), "utf-8")
        packed = [(STORE, room / STORE), (MARK, room / MARK), *_files(workspace.folder)]
        beside = room / "backup.zip"
        _pack(packed, beside)
        _sync(beside)
        # Whoever took the name meanwhile keeps it where the system can link; elsewhere the last one wins.
        try:
            os.link(beside, target)
        except FileExistsError:
            raise StoreError(
                N_("there is a file {found} already. Choose another name, or remove it."), found=str(target)
            ) from None
        except OSError:
            os.replace(beside, target)
        sync_folder(target.parent)
    return target


def restore(file: Path, folder: Path, *, store: str = "") -> Workspace:
    """
    Unpack the backup ``file`` into ``folder``, which must be empty or not there, and return the workspace.

    With ``store``, the address of a database without plans, the plans go there instead of into a file.

    Files are compared with their fingerprints; whether the plans in it are sound is what ``verify`` says afterwards.

    Raises
    ------
    StoreError
        If ``file`` is no backup or was changed, or ``folder`` holds anything. The folder is then as it was.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(
            N_("{folder} is not empty. Nothing was restored; give a new or empty folder."), folder=str(folder)
        )
    there = folder.is_dir()
    try:
        # In the folder where it is there, so that moving never crosses from one disk to another.
        with _passing_folder(folder if there else folder.parent) as room:
            home = room / "workspace"
            _unpack(file, home)
            # An older store is brought up to date, a newer one refused, while nothing is in its place yet.
            RevisionLog.in_file(home / STORE).close()
            Workspace.create(home)
            if store:
                _to_server(home, store)
            if there:
                # The mark comes last: without it the folder is no workspace.
                for name in sorted((path.name for path in home.iterdir()), key=lambda name: name == MARK):
                    os.replace(home / name, folder / name)
            else:
                os.replace(home, folder)
            sync_folder(folder)
    except (BadZipFile, EOFError, KeyError, NotImplementedError, TypeError, ValueError) as problem:
        raise _no_backup(file, str(problem)) from problem
    except OSError as problem:
        raise StoreError(
            N_("the backup {found} was not restored: {reason}. Nothing was changed; check disk and rights."),
            found=str(file),
            reason=problem.strerror or str(problem),
        ) from problem
    return Workspace(folder)


def snapshot(database: Database, target: Path) -> None:
    """Write the plans in ``database``, as they are at one moment, to a SQLite file at ``target``."""
    if database.is_file:
        try:
            copy_file(database.path, target)
        except sqlite3.Error as problem:
            if kind_of(problem) == "full":  # the disk that is written to, not the one that is read
                raise
            with database.told():
                raise
    else:
        made_sqlite(target)
        copy = Database(sa.URL.create("sqlite", database=str(target)))
        _copy_rows(database, copy)
        copy.close()


def _copy_rows(source: Database, target: Database) -> None:
    """Copy all plans with their revisions, and what workshops left, as they are at one moment."""
    with source.reading() as reading, target.writing(alone=True) as writing:
        beside = sa.MetaData()
        beside.reflect(reading, only=lambda name, _of: name in BESIDE)
        beside.create_all(writing)
        for table in (plans, revisions, *beside.sorted_tables):
            asked = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS_AT_ONCE)
            for rows in reading.execute(asked).mappings().partitions():
                writing.execute(table.insert(), [dict(row) for row in rows])


def _to_server(home: Path, store: str) -> None:
    """Move the plans of the workspace at ``home`` to the store at the address ``store``."""
    log, source = RevisionLog(store), Database(sa.URL.create("sqlite", database=str(home / STORE)))
    try:
        if log.plans():
            raise StoreError(
                N_("the store at {where} has plans already. Nothing was restored; give one without."), where=log.where
            )
        # The rows are the last thing that can fail: an address that no folder names yet harms nobody.
        text = (home / MARK).read_text("utf-8")
        (home / MARK).write_text(f"store = {json.dumps(store)}\n{text}", "utf-8")
        _copy_rows(source, log.database)
        source.close()
        (home / STORE).unlink()
    finally:
        log.close()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of the workspace's folders, and those that its brand names elsewhere, each once."""
    settings = folder / MARK
    named = _branded(settings.read_text("utf-8") if settings.exists() else "")
    inside = [name for name in named if (folder / name).resolve().is_relative_to(folder.resolve())]
    found: dict[str, Path] = {}
    for name in (*FOLDERS, *inside):
        paths = [folder / name] if (folder / name).is_file() else []
        for parent, below, files in os.walk(folder / name):
            below[:] = sorted(set(below) - LEFT_OUT)
            paths += [path for file in sorted(set(files) - LEFT_OUT) if (path := Path(parent, file)).is_file()]
        found |= {path.relative_to(folder).as_posix(): path for path in paths}
    yield from ((name, path) for name, path in found.items() if name not in (STORE, MARK))


def _branded(settings: str) -> list[str]:
    """Return the files and folders that the brand in ``settings`` names, as they are written there."""
    try:
        brand = tomllib.loads(settings).get("brand", {})
    except tomllib.TOMLDecodeError:
        return []
    names = [brand.get(key) for key in BRANDED] if isinstance(brand, dict) else []
    below = [PurePosixPath(name) for name in names if isinstance(name, str) and _is_below(name)]
    return [str(path) for path in below if path.parts[0] != "reports"]


def _is_below(name: str) -> bool:
    """Whether ``name`` leads down from the folder it is looked for in, and nowhere else."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and not {"\\", ":"} & {*name}


def _settings_without_store(path: Path) -> str:
    text = _STORE_ENTRY.sub("", path.read_text("utf-8")) if path.exists() else ""
    try:
        plain = "store" not in tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        plain = False
    return text if plain else "format = 1\n"


def _pack(files: list[tuple[str, Path]], target: Path) -> None:
    fingerprints: dict[str, dict[str, Any]] = {}
    with target.open("wb") as stream:
        archive = ZipFile(stream, "w", ZIP_DEFLATED)
        try:
            for name, path in files:
                digest, size = hashlib.sha256(), 0
                with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as packed:
                    while content := source.read(CHUNK):
                        digest.update(content)
                        size += len(content)
                        packed.write(content)
                fingerprints[name] = {"size": size, "sha256": digest.hexdigest()}
            contents = {
                "format": FORMAT,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": fingerprints,
            }
            archive.writestr(CONTENTS, json.dumps(contents, indent=1))
            archive.close()
        except BaseException:
            archive.fp = None  # or it would write its end once more when it is let go of
            raise


def _unpack(file: Path, home: Path) -> None:
    """Write the files of the backup to ``home``: those of its list, no longer than it says, nowhere else."""
    with ZipFile(file) as archive:
        contents = json.loads(archive.read(CONTENTS))
        if contents["format"] != FORMAT:
            raise StoreError(
                N_("{found} is a backup of format {format}; this version reads {allowed}. Update the workbook."),
                found=str(file),
                format=contents["format"],
                allowed=FORMAT,
            )
        if not {STORE, MARK} <= contents["files"].keys():
            raise ValueError("it has no plans")
        allowed = (*FOLDERS, *_branded(archive.read(MARK).decode("utf-8")))
        for name, expected in contents["files"].items():
            path = PurePosixPath(name)
            if name not in (STORE, MARK) and not (
                _is_below(name) and any(path.is_relative_to(place) for place in allowed)
            ):
                raise ValueError(name)
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            digest, left = hashlib.sha256(), int(expected["size"])
            with archive.open(name) as packed, target.open("xb") as stream:
                while content := packed.read(CHUNK):
                    left -= len(content)
                    if left < 0:
                        raise ValueError(name)
                    digest.update(content)
                    stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            if left or digest.hexdigest() != expected["sha256"]:
                raise ValueError(name)


def _no_backup(file: Path, reason: str) -> StoreError:
    return StoreError(
        N_("{found} is no whole backup ({reason}). Nothing was restored; try an earlier one."),
        found=str(file),
        reason=reason.rstrip("."),
    )


@contextmanager
def _passing_folder(parent: Path) -> Iterator[Path]:
    """Return a folder in ``parent`` that is gone afterwards, with all that is in it."""
    parent.mkdir(parents=True, exist_ok=True)
    room = parent / f".workbook-{uuid4().hex[:8]}"
    room.mkdir(mode=0o700)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
