"""A workspace: the folder with a team's plans, tables, notebooks and reports.

::

    workbook.toml   marks the folder          tables/<hash8>-name   tables, named by their content
    plans.sqlite    every plan's revisions    reports/<plan>/…      what was written from them
    notebooks/      the pages

A team that shares one store names it in ``workbook.toml``: ``store = "postgresql://ann@server/plans"``. Where it says
``read_only = true``, nothing is written to the plans.
"""

import getpass
import hashlib
import os
import re
import tempfile
import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import StoreError
from workbook.language import N_
from workbook.plan.files import read_plan, read_scenarios, write_atomically, write_plan
from workbook.plan.ids import require_id
from workbook.plan.model import Plan, Study, tree
from workbook.plan.scenarios import opening, scenario_plan, scenarios
from workbook.plan.staleness import all_confirmed

if TYPE_CHECKING:
    from workbook.plan.store import RevisionLog

__all__ = ["Workspace", "author", "table_called"]

MARK = "workbook.toml"
STORE = "plans.sqlite"
FORMAT = 1


class Workspace:
    """The workspace in ``folder``, which must have been made before: see ``create`` and ``find``."""

    def __init__(self, folder: Path, *, kept: bool = True) -> None:
        self.folder = folder.resolve()
        self.kept = kept
        """False for the sample in a passing folder: nothing entered there is kept."""

    @classmethod
    def create(cls, folder: Path) -> "Workspace":
        """Make an empty workspace in ``folder``; one that is there already is left as it is."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("tables", "notebooks", "reports"):
            (folder / name).mkdir(exist_ok=True)
        if not (folder / MARK).exists():
            write_atomically(folder / MARK, f"# A workspace of the marketing workbook.\nformat = {FORMAT}\n".encode())
        return cls(folder)

    @classmethod
    def find(cls, start: Path) -> "Workspace":
        """Return the workspace that ``start`` is in. Raises StoreError when there is none, or it is too new."""
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / MARK).is_file():
                found = cls(folder).settings.get("format", FORMAT)
                if found != FORMAT:
                    raise StoreError(
                        N_("{folder} has format {found}; this version reads {allowed}. Update the workbook."),
                        folder=str(folder),
                        found=found,
                        allowed=FORMAT,
                    )
                return cls(folder)
        if not start.exists():
            raise StoreError(N_("there is no folder {folder}. Check its name and place."), folder=str(start))
        raise StoreError(
            N_(
                "{folder} is in no workspace. Go to the folder of one or name it with --workspace; "
                "`workbook new FOLDER` makes one."
            ),
            folder=str(start),
        )

    @classmethod
    def sample(cls) -> "Workspace":
        """Return a passing workspace with the sample plans: for looking around where there is no workspace."""
        workspace = cls.create(Path(tempfile.mkdtemp(prefix="workbook-sample-")))
        workspace.kept = False
        return workspace

    @property
    def settings(self) -> dict[str, Any]:
        """What ``workbook.toml`` says. Raises StoreError when it cannot be read."""
        try:
            return tomllib.loads((self.folder / MARK).read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            # The reason may quote a line, but not its values: an address may hold a password.
            raise StoreError(
                N_("{file} cannot be read ({reason}). Mend that line, or take the file from a backup."),
                file=str(self.folder / MARK),
                reason=str(problem),
            ) from problem

    @cached_property
    def log(self) -> "RevisionLog":
        """The history of the plans: in the folder's own file, or where ``store`` in ``workbook.toml`` says."""
        from workbook.plan.store import RevisionLog

        address = self.settings.get("store", "") if (self.folder / MARK).exists() else ""
        if not isinstance(address, str):
            raise StoreError(
                N_("{file}: “store” must be an address between quotes, such as postgresql://USER@HOST/DATABASE."),
                file=str(self.folder / MARK),
            )
        read_only = bool(self.settings.get("read_only")) if (self.folder / MARK).exists() else False
        if address and not address.startswith("sqlite:///"):
            return RevisionLog(address, read_only=read_only)
        return RevisionLog.in_file(self.folder / (address.removeprefix("sqlite:///") or STORE), read_only=read_only)

    def import_plan(self, file: Path, *, plan_id: str = "") -> str:
        """
        Store the plan in ``file`` with its scenarios, and the tables beside it that its studies name; return its id.

        What in it was never confirmed is confirmed as it came: whoever brings a plan in stands behind it. Raises
        ParameterError for an id that is none.
        """
        found_id, plan = read_plan(file)
        branches = read_scenarios(file)
        plan_id = plan_id or found_id
        require_id(plan_id)
        whole = all_confirmed(self._with_tables(plan, file.parent / "tables"), by=author())
        head = self.log.create(plan_id, whole, author=author())
        for id, (title, edits) in branches.items():
            opened = opening(id, title, self.log.revisions(plan_id))
            head = self.log.append(plan_id, [opened], author=author(), base=head)
            head = self.log.append(plan_id, edits, author=author(), base=head, scenario=id)
        return plan_id

    def export_plan(self, plan_id: str, file: Path) -> None:
        """Write the plan with its scenarios to ``file``, and the tables it names into the folder ``tables`` beside it."""
        plan, _ = self.log.plan(plan_id)
        history = self.log.revisions(plan_id)
        branches = {id: (title, scenario_plan(history, id)) for id, title in scenarios(history).items()}
        for study in plan.studies:
            if study.table:
                write_atomically(file.parent / "tables" / study.table, self.table(study.table).read_bytes())
        write_plan(plan_id, plan, file, branches)

    def _with_tables(self, plan: Plan, beside: Path) -> Plan:
        """Copy the tables that ``plan`` names from ``beside``, and return the plan with their names in the workspace."""
        data = tree(plan)
        for study in plan.studies:
            if study.table and Path(study.table).name == study.table and (beside / study.table).is_file():
                data["studies"][study.id]["table"] = self.add_table(beside / study.table)
        return Plan.model_validate(data)

    def new_plan(self, plan_id: str, title: str = "", language: str = "en") -> None:
        """Store an empty plan written in ``language``. Raises ParameterError for an id that is no slug, StoreError for one in use."""
        self.log.create(
            plan_id, Plan.model_validate({"charter": {"title": title, "language": language}}), author=author()
        )

    def add_table(self, source: Path) -> str:
        """Copy a table into the workspace and return its name there, which begins with its content's fingerprint."""
        content = source.read_bytes()
        mark = hashlib.sha256(content).hexdigest()[:8]
        name = source.name if source.name.startswith(f"{mark}-") else f"{mark}-{source.name}"
        write_atomically(self.folder / "tables" / name, content)
        return name

    def fingerprint(self, study: str, plan: Plan) -> str:
        """Return the SHA-256 of the table of the ``study`` with this id, as it is today; nothing where it has none."""
        item = plan.item(study)
        if not isinstance(item, Study) or not item.table:
            return ""
        return hashlib.sha256(self.table(item.table).read_bytes()).hexdigest()

    def table(self, name: str) -> Path:
        """Return where the table called ``name`` is. Raises StoreError for a name that leads out of the folder."""
        path = self.folder / "tables" / name
        if Path(name).name != name or not path.is_file():
            raise StoreError(
                N_("there is no table “{found}” in {folder}. Bring it in again."), found=name, folder=str(path.parent)
            )
        return path


def table_called(name: str) -> str:
    """Return what people call the table stored as ``name``: without the fingerprint that ``add_table`` set before it."""
    return re.sub(r"^[0-9a-f]{8}-", "", name)


def author() -> str:
    """Return who is writing: ``WORKBOOK_AUTHOR``, else the user's name on this machine."""
    try:
        return os.environ.get("WORKBOOK_AUTHOR") or getpass.getuser()
    except OSError:
        return "unknown"
