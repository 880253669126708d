"""The case at hand: a plan with its tables, in the segment the reader asked for. Every exhibit is drawn from one."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from workbook.analyses import analysis
from workbook.language import current
from workbook.plan.model import Need, Plan, Study
from workbook.plan.workspace import Workspace
from workbook.tables import CheckedTable, read_table

__all__ = ["Case"]


@dataclass(frozen=True)
class Case:
    """A plan, the workspace its tables are in, and the id of a segment (empty: all)."""

    plan: Plan
    workspace: Workspace
    segment: str = ""

    @property
    def currency(self) -> str:
        """The plan's currency, as an ISO code."""
        return self.plan.charter.currency.value

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The needs of the segment, or all of them."""
        return tuple(need for need in self.plan.needs if not self.segment or need.segment in (None, self.segment))

    def study(self, name: str) -> Study | None:
        """Return the last study for the analysis called ``name``, if the plan has one."""
        return next((study for study in reversed(self.plan.studies) if study.analysis == name and study.table), None)

    def answers(self, name: str) -> CheckedTable | None:
        """Return the checked table of that study. Raises TableError or StoreError when it is there but cannot be used."""
        study = self.study(name)
        if study is None:
            return None
        path = self.workspace.table(study.table)
        return _checked(path, name, path.stat().st_mtime_ns, current())


@lru_cache(maxsize=32)
def _checked(path: Path, name: str, _changed: int, _language: str) -> CheckedTable:
    """Read once: a table does not change under a page, and its name begins with its content's fingerprint."""
    return read_table(path, analysis(name).columns)
