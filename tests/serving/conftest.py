"""A workspace with the sample plan and a hostile one, and the real server over it."""

from collections.abc import Iterator

import pytest
from serving.serving_process import Server, start, stop

from workbook.pages import made_workspace
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="session")
def served_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace.create(tmp_path_factory.mktemp("served") / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    workspace.log.create("hostile", Plan.model_validate({"charter": {"title": HOSTILE}}), author="test")
    (workspace.folder / "notebooks" / "notes.ipynb").write_text('{"secret": "SECRET-NOTE"}')
    (workspace.folder / "notebooks" / "picture.png").write_bytes(b"SECRET-PICTURE")
    (workspace.folder / "notebooks" / "way-out").symlink_to(workspace.folder)
    return workspace


@pytest.fixture(scope="session")
def server(served_workspace: Workspace) -> Iterator[Server]:
    running = start(served_workspace)
    entered = running.ask(f"/?token={running.token}", signed_in=False)
    assert entered.status == 302
    yield running
    stop(running)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server over the sample plans, for one file of tests that may change them."""
    running = start(made_workspace(tmp_path_factory.mktemp("pages") / "team", samples=True))
    yield running
    stop(running)
