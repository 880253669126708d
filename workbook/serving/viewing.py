"""What do people see who may look and not write? A copy of the plans, opened by processes that cannot change it.

What a browser is shown as disabled it can still send: so a page for viewers has no forms, and its kernel knows only
the copy, opened for reading, in which SQLite itself refuses to write, attach or copy out. The copy is taken anew when
the plans have changed and somebody comes.
"""

import os
import shutil
from pathlib import Path
from threading import Lock

from workbook.plan.backup import snapshot
from workbook.plan.workspace import MARK, STORE, Workspace

__all__ = ["Viewing"]

SHARED = ("tables", "pictures")
"""Folders that are looked into where they are."""


class Viewing:
    """A workspace in ``folder`` that shows what ``original`` holds, and cannot be written."""

    def __init__(self, original: Workspace, folder: Path) -> None:
        self._original, self._folder, self._seen = original, folder, {"": -1}
        self._one_at_a_time = Lock()
        folder.mkdir(parents=True)
        (original.folder / "notebooks").mkdir(exist_ok=True)
        for name in SHARED:
            (original.folder / name).mkdir(exist_ok=True)
            (folder / name).symlink_to(original.folder / name, target_is_directory=True)
        # Copied and not linked: kernels work in this folder, and look for their workspace from there upwards.
        shutil.copytree(original.folder / "notebooks", folder / "notebooks", symlinks=True)
        (folder / MARK).write_text("format = 1\nread_only = true\n", "utf-8")
        self.renew()
        self.workspace = Workspace(folder)

    def renew(self) -> None:
        """Take the copy anew if the plans have changed since; whoever reads the one before has it to the end."""
        log = self._original.log
        with self._one_at_a_time:
            seen = {plan: log.head(plan) for plan in log.plans()}
            if seen == self._seen:
                return
            beside = self._folder / f".{STORE}"
            beside.unlink(missing_ok=True)
            snapshot(log.database, beside)
            beside.chmod(0o400)
            os.replace(beside, self._folder / STORE)
            self._seen = seen
