"""The registry of analyses: what each is called, which columns it reads, where it is.

The upload check, error messages and documentation are made from these entries. The code of an analysis is loaded when
it is first used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from workbook.errors import ParameterError, nearest
from workbook.language import N_
from workbook.tables import TableColumn

__all__ = ["ANALYSES", "Analysis", "analysis"]


@dataclass(frozen=True)
class Analysis:
    """One method: ``name`` as users type it, ``title`` in words, the ``columns`` of its table, ``where`` its function is."""

    name: str
    title: str
    where: str
    columns: tuple[TableColumn, ...] = ()

    @property
    def function(self) -> Callable[..., Any]:
        """The function itself, loaded now."""
        module, _, name = self.where.partition(":")
        return getattr(import_module(module), name)


ANALYSES = (
    Analysis(
        "opportunity",
        N_("Unmet needs by importance and satisfaction"),
        "workbook.research.needs:opportunity",
        (
            TableColumn("respondent", N_("who answered")),
            TableColumn("need", N_("the id of the need")),
            TableColumn("importance", N_("how important it is, 1 to 10"), "number", 1, 10),
            TableColumn("satisfaction", N_("how satisfied they are today, 1 to 10"), "number", 1, 10),
            TableColumn("segment", N_("the id of the respondent's segment"), required=False),
        ),
    ),
    Analysis("screening", N_("Options ranked by weighted criteria"), "workbook.channels.screening:screening"),
    Analysis("allocate", N_("The split of a budget that brings most"), "workbook.channels.allocation:allocate"),
)


def analysis(name: str) -> Analysis:
    """Return the analysis called ``name``. Raises ParameterError, with the nearest names, when there is none."""
    for entry in ANALYSES:
        if entry.name == name:
            return entry
    raise ParameterError(
        N_("there is no analysis “{found}”. The nearest are: {near}."),
        found=name,
        near=nearest(name, [a.name for a in ANALYSES]),
    )
