"""Notebooks as pages: finding one, wording its prose in the reader's language, giving it checked parameters.

The English notebook is the only source. Each Markdown cell is one message of the catalogue, so a page is translated
as it starts, in a millisecond, whoever starts it: Voila, papermill or the command line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from workbook.errors import ParameterError, nearest
from workbook.language import LANGUAGES, N_, speaking, translated
from workbook.plan.scenarios import require_scenario, scenario_plan
from workbook.shipped import shipped
from workbook.steps import PAGES

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workbook.plan.workspace import Workspace

__all__ = [
    "TO_HOME",
    "PageParameters",
    "import_samples",
    "made_workspace",
    "page_file",
    "prose_in",
    "read_page",
    "with_parameters",
    "worded",
]


TO_HOME = "../../"
"""From a served page to the list of plans, and so to where all addresses begin: relative, since that may be below a path."""

KERNELSPEC = {"name": "workbook", "display_name": "Marketing workbook", "language": "python"}
"""What a workspace's own notebooks run on. Those that ship ask for ``python3``, which is there without the package."""


@dataclass(frozen=True)
class PageParameters:
    """What a page can be asked for. Empty ``scenario`` means the plan itself, empty ``segment`` all segments."""

    workspace: str = "."
    plan: str = "adaptive-test"
    language: str = "en"
    scenario: str = ""
    segment: str = ""
    interactive: bool = True

    @classmethod
    def checked(cls, workspace: Workspace, given: Mapping[str, Any]) -> PageParameters:
        """
        Return ``given`` as parameters of a page of ``workspace``.

        Raises
        ------
        ParameterError
            For a name, plan, language, scenario or segment that does not exist; it names the nearest that do.
        """
        names = [field.name for field in fields(cls)]
        for name, value in given.items():
            if name not in names:
                raise ParameterError(
                    N_("there is no parameter “{found}”. The nearest are: {near}."),
                    found=name,
                    near=nearest(name, names),
                )
            wanted = bool if name == "interactive" else str
            if not isinstance(value, wanted):
                raise ParameterError(
                    N_("parameter {name}: found {found}, which is no {kind}."),
                    name=name,
                    found=repr(value)[:60],
                    kind=wanted.__name__,
                )
        parameters = cls(**given)
        parameters.require(workspace)
        return parameters

    def require(self, workspace: Workspace) -> None:
        """Raise ParameterError unless plan, language, scenario and segment exist in ``workspace``."""
        if self.language not in LANGUAGES:
            raise ParameterError(
                N_("there is no language “{found}”. There are: {near}."), found=self.language, near=", ".join(LANGUAGES)
            )
        workspace.log.require(self.plan)
        history = workspace.log.revisions(self.plan)
        require_scenario(self.scenario, history, self.plan)
        plan = scenario_plan(history, self.scenario)
        segments = [segment.id for segment in plan.segments]
        if self.segment and self.segment not in segments:
            raise ParameterError(
                N_("plan “{plan}” has no segment “{found}”. The nearest are: {near}."),
                plan=self.plan,
                found=self.segment,
                near=nearest(self.segment, segments),
            )

    def link(self, language: str = "") -> str:
        """Return the query of a page's address that asks for the same plan, scenario and segment, in ``language``."""
        asked = {
            "plan": self.plan,
            "language": language or self.language,
            "scenario": self.scenario,
            "segment": self.segment,
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def as_dict(self) -> dict[str, Any]:
        """Return name and value of each, as papermill takes them."""
        return asdict(self)


def page_file(key: str, workspace: Workspace | None = None) -> Path:
    """Return the notebook of page ``key``: the workspace's own copy where there is one, else the one that ships."""
    if workspace is not None and (own := workspace.folder / "notebooks" / f"{key}.ipynb").is_file():
        return own
    return shipped("notebooks") / f"{key}.ipynb"


def read_page(path: Path, language: str = "en") -> NotebookNode:
    """Return the notebook at ``path`` with its prose in ``language``."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    return worded(notebook, language)


def worded(notebook: NotebookNode, language: str) -> NotebookNode:
    """Return ``notebook`` with every Markdown cell in ``language``; a cell the catalogue does not know stays as it is."""
    with speaking(language):
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = translated(cell.source)
    return notebook


def with_parameters(notebook: NotebookNode, parameters: PageParameters) -> NotebookNode:
    """Return ``notebook`` with a cell that sets ``parameters`` after its own defaults."""
    import nbformat

    source = "\n".join(f"{name} = {value!r}" for name, value in parameters.as_dict().items())
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    place = next((i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", ())), -1)
    notebook.cells.insert(place + 1, cell)
    return notebook


def made_workspace(folder: Path, language: str = "en", *, samples: bool = False) -> Workspace:
    """
    Make a workspace in ``folder`` with copies of the pages, worded in ``language``, and perhaps the sample plans.

    What is there already stays: a copy that was edited, a plan of the same id.
    """
    import nbformat

    from workbook.plan.files import write_atomically
    from workbook.plan.workspace import Workspace

    workspace = Workspace.create(folder)
    for page in PAGES:
        target = workspace.folder / "notebooks" / f"{page.key}.ipynb"
        if not target.exists():
            notebook = read_page(page_file(page.key), language)
            notebook.metadata.kernelspec = KERNELSPEC
            write_atomically(target, (nbformat.writes(notebook) + "\n").encode())
    if samples:
        import_samples(workspace)
    return workspace


def import_samples(workspace: Workspace) -> None:
    """Store the sample plans that come with the package, where no plan of that id is there."""
    present = workspace.log.plans()
    for file in sorted((shipped("data") / "samples").glob("*.yaml")):
        if file.stem not in present:
            workspace.import_plan(file)


def prose_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (notebook's name, Markdown source) of every prose cell in ``folder``, for the catalogue."""
    import nbformat

    for path in sorted(folder.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                yield path.name, cell.source
