"""What a folder of reports holds, and what each report was made from: ``manifest.json``, written whole at each change.

A report's *fingerprints* are of all that decides what is in it: the plan's revisions, its tables, the notebook, the
package and the language. A later run with the same fingerprints, and the files as they were written, has nothing to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbook import __version__
from workbook.errors import WorkbookError
from workbook.language import N_
from workbook.pages import page_file
from workbook.reports.branding import brand_of
from workbook.reports.report import Job, Written, WrittenFile

if TYPE_CHECKING:
    from workbook.plan.model import Plan
    from workbook.plan.revisions import Revision
    from workbook.plan.workspace import Workspace
    from workbook.reports.places import Place

__all__ = ["MANIFEST", "Entry", "Fingerprints", "Manifest", "fingerprints"]

MANIFEST = "manifest.json"
FORMAT = 1

State = Literal["done", "failed"]


@dataclass(frozen=True)
class Fingerprints:
    """SHA-256 of what a report is made from, and the package, the language and the brand it is made with."""

    plan: str
    tables: dict[str, str]
    notebook: str
    package: str
    language: str
    brand: str = ""


@dataclass(frozen=True)
class Entry:
    """One report: its job, what it was made from, its files, how long it took and how it ended."""

    job: Job
    title: str
    fingerprints: Fingerprints
    state: State
    written: str
    """When, as ISO 8601 with the zone."""
    files: tuple[WrittenFile, ...] = ()
    seconds: float = 0.0
    computing: float = 0.0
    tries: int = 1
    reason: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """Words for the ids of scenario and segment, where the plan has some."""

    @classmethod
    def done(cls, written: Written, **known: Any) -> Entry:
        """Return the entry of a report that was written."""
        return cls(
            state="done",
            written=_now(),
            files=written.files,
            seconds=round(written.seconds, 4),
            computing=round(written.computing, 4),
            **known,
        )

    @classmethod
    def failed(cls, reason: str, **known: Any) -> Entry:
        """Return the entry of a report that could not be written."""
        return cls(state="failed", written=_now(), reason=reason, **known)

    @classmethod
    def read(cls, data: dict[str, Any]) -> Entry:
        """Return the entry that ``asdict`` made ``data`` of."""
        parts = {
            "job": Job(**data["job"]),
            "fingerprints": Fingerprints(**data["fingerprints"]),
            "files": tuple(WrittenFile(**each) for each in data["files"]),
        }
        return cls(**(data | parts))

    def stands(self, now: Fingerprints, formats: Iterable[str], place: Place) -> bool:
        """Return whether the report is there as it was written, in all ``formats``, and nothing behind it has changed."""
        if self.state != "done" or self.fingerprints != now:
            return False
        wanted = {f"{self.job.page}.{ending}" for ending in ("ipynb", *formats)}
        if not wanted <= {file.name for file in self.files}:
            return False
        return all(place.holds(f"{self.job.name}/{file.name}", file) for file in self.files if file.name in wanted)


class Manifest:
    """The entries of a folder of reports, by the report's name; kept in ``place``."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.entries: dict[str, Entry] = {}

    @classmethod
    def of(cls, place: Place) -> Manifest:
        """Return the manifest in ``place``; an empty one where there is none. Raises WorkbookError where it is none of ours."""
        manifest = cls(place)
        content = place.read(MANIFEST)
        if content is None:
            return manifest
        try:
            data = json.loads(content)
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']}")
            manifest.entries = {key: Entry.read(entry) for key, entry in data["reports"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise WorkbookError(
                N_("{file} is no list of reports of this version ({reason}). Move it away, or choose another folder."),
                file=str(place.where(MANIFEST)),
                reason=str(problem),
            ) from problem
        return manifest

    def note(self, entry: Entry) -> None:
        """Take in how a report ended."""
        self.entries[key(entry.job)] = entry

    def standing(self, job: Job, now: Fingerprints, formats: Iterable[str]) -> Entry | None:
        """Return the entry of ``job`` if its report need not be written again."""
        entry = self.entries.get(key(job))
        return entry if entry is not None and entry.stands(now, formats, self._place) else None

    def save(self) -> None:
        """Write it to its place, whole."""
        reports = {name: asdict(entry) for name, entry in sorted(self.entries.items())}
        content = json.dumps({"format": FORMAT, "reports": reports}, ensure_ascii=False, indent=1)
        self._place.write(MANIFEST, content.encode("utf-8", "replace"))


def key(job: Job) -> str:
    """Return under which name a report stands in the manifest."""
    return f"{job.name}/{job.page}"


def fingerprints(job: Job, plan: Plan, history: Iterable[Revision], workspace: Workspace) -> Fingerprints:
    """Return the fingerprints of ``job`` as things are now; ``history`` has all revisions of its plan."""
    tables = {study.table: _content(workspace.table(study.table)) for study in plan.studies if study.table}
    return Fingerprints(
        plan=_digest(json.dumps([[r.sequence, r.scenario, r.path, r.value] for r in history]).encode()),
        tables=tables,
        notebook=_content(page_file(job.page, workspace)),
        package=_package(),
        language=job.language,
        brand=brand_of(workspace.folder).fingerprint,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _content(path: Path) -> str:
    found = path.stat()
    return _content_of(path, found.st_mtime_ns, found.st_size)


@cache
def _content_of(path: Path, _changed: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _package() -> str:
    """Return the version with a fingerprint of its files, so that an edited package is not taken for the one before."""
    root = Path(__file__).parents[1]
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".js", ".css", ".po", ".html", ".typ"))
    contents = b"".join(path.relative_to(root).as_posix().encode() + path.read_bytes() for path in files)
    return f"{__version__}+{_digest(contents)[:12]}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
