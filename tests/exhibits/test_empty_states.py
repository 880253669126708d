"""What a page says before there is anything to show: each place its own sentence, and no page the same one twice."""

import json
import re
from collections import Counter

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

# A report leaves out what is empty.
PAGES = sorted(path.stem for path in shipped("notebooks").glob("*.ipynb") if path.stem != "report")


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("bare"))
    workspace.new_plan("bare", "A bare plan")
    yield Case(workspace.log.plan("bare")[0], workspace, plan_id="bare")
    workspace.log.close()


def shown_on(page):
    """Return the names of the exhibits that the notebook of ``page`` shows."""
    cells = json.loads((shipped("notebooks") / f"{page}.ipynb").read_text("utf-8"))["cells"]
    return re.findall(r"\((?:wb\.)?exhibits\.(\w+)\)", "\n".join("".join(cell["source"]) for cell in cells))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_an_empty_plan_says_the_same_twice(page, case):
    made = [getattr(exhibits, name)(case) for name in shown_on(page)]
    assert made
    said = Counter(one.finding for one in made if one.empty)
    assert [sentence for sentence, times in said.items() if times > 1] == []
