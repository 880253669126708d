"""Where people's words may stand in a chart: in its data, its titles and its lists of names. Nowhere that is evaluated."""

import json

import pytest
from hostile import MARK, TEXTS, hostile_plan

from workbook import exhibits
from workbook.errors import WorkbookError
from workbook.exhibits import Case, Exhibit
from workbook.pages import made_workspace
from workbook.plan.model import tree

PLAIN = {"title", "subtitle", "domain", "sort", "values"}
"""Keys of a spec whose texts are only ever compared or written out."""
EVALUATED = {"expr", "calculate", "filter", "url", "href", "image", "signal", "field", "labelExpr", "test", "as"}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    workspace = made_workspace(tmp_path_factory.mktemp("hostile") / "team", samples=True)
    sample, _ = workspace.log.plan("adaptive-test")
    plan = hostile_plan(sample)
    workspace.log.create("hostile", plan, author=TEXTS[3])
    return Case(plan, workspace, "", "hostile")


def places(value, path=()):
    """Yield the keys on the way to every text that somebody entered."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if MARK in str(key):
                yield (*path, "a key")
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner, path)
    elif isinstance(value, str) and MARK in value:
        yield path


def test_there_are_sixty_texts_and_a_plan_holds_them_all(case):
    held = json.dumps(tree(case.plan))
    assert len(set(TEXTS)) == 60
    assert all(f"{MARK}{n} " in held for n in range(60))
    assert held.count(MARK) > 400


def test_peoples_words_stand_only_where_a_chart_evaluates_nothing(case):
    drawn = 0
    for name in exhibits.__all__:
        make = getattr(exhibits, name)
        if not callable(make) or isinstance(make, type) or name in ("decided", "open_points_of"):
            continue
        try:
            exhibit = make(case)
        except WorkbookError:
            continue
        if not isinstance(exhibit, Exhibit) or not exhibit.payload["chart"]:
            continue
        drawn += 1
        for path in places(exhibit.payload["chart"]):
            assert path[-1] in PLAIN, (name, path)
            assert not EVALUATED & set(path), (name, path)
    assert drawn >= 10
