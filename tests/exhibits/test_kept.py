import pytest

from workbook.exhibits import Case, Exhibit
from workbook.exhibits.kept import unmoved_by
from workbook.language import speaking
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace.create(tmp_path / "work")
    yield workspace
    workspace.log.close()


def test_an_exhibit_is_drawn_again_only_when_something_else_changes(workspace):
    drawn = []

    @unmoved_by("budget")
    def exhibit(case):
        drawn.append(case.plan)
        return Exhibit("exhibit", case.plan.charter.title or "-")

    def show(**data):
        return exhibit(Case(Plan.model_validate(data), workspace)).finding

    assert show() == show(budget={"total": 5}) == "-"
    assert len(drawn) == 1
    assert show(charter={"title": "New"}) == "New"
    with speaking("it"):
        show()
    assert len(drawn) == 3
    show(budget={"total": 7})
    assert len(drawn) == 3
