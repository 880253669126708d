"""The registry of analyses: what each is called, which columns and options it takes, where it is.

The upload check, the command, error messages and documentation are made from these entries. The code of an analysis is
loaded when it is first used.
"""

from workbook.analyses.channels import CHANNELS
from workbook.analyses.customers import CUSTOMERS
from workbook.analyses.declaration import Analysis, Key, Option
from workbook.analyses.execution import EXECUTION
from workbook.analyses.surveys import SURVEYS
from workbook.errors import ParameterError, nearest
from workbook.language import N_

__all__ = ["ANALYSES", "Analysis", "Key", "Option", "analysis"]

ANALYSES: tuple[Analysis, ...] = (*SURVEYS, *CUSTOMERS, *CHANNELS, *EXECUTION)


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
