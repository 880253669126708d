"""Whatever people write stays as they wrote it: long, in other scripts, right to left, in pictures."""

import json

import pytest

from workbook.exhibits import Case, decided
from workbook.forms.cards import form_content
from workbook.forms.live import LivePlan
from workbook.plan.files import read_plan, write_plan
from workbook.plan.model import Item, Part, Plan, shapes, tree
from workbook.plan.workspace import Workspace
from workbook.reports import batch

TEXTS = {
    "long": "Dritte Zeile " * 33,
    "emoji": "Kund:innen 👩‍👩‍👧‍👦 lieben 🥐 & <b>Brot</b>",
    "right-to-left": "חברת השיווק שלנו — قسم التسويق",
    "chinese": "营销计划：从人物到渠道，第１步",
    "marks": "Ñandú & “quotes” 'single' \\ back {brace} %s $x$ |pipe| `tick`",
}
SECTIONS = [shape.name for shape in shapes(Plan)]


def worded(model: type[Part], text: str, taken: list[int]) -> dict:
    """Return data of ``model`` with ``text`` in every field that takes words, items one each."""
    data: dict = {}
    for shape in shapes(model):
        if shape.kind in ("line", "text"):
            data[shape.name] = text
        elif shape.kind == "lines":
            data[shape.name] = [text, text]
        elif shape.kind in ("value", "part") and shape.holds:
            if inner := worded(shape.holds, text, taken):
                data[shape.name] = inner
        elif shape.kind == "items" and shape.holds:
            taken.append(len(taken))
            data[shape.name] = {f"item-{len(taken)}": worded(shape.holds, text, taken)}
    return data


def fitting(text: str) -> dict:
    """Return a plan's data with ``text`` everywhere that takes it; fields of a narrower kind are left out."""
    from pydantic import ValidationError

    data = worded(Plan, text, [])
    while True:
        try:
            Plan.model_validate(data)
        except ValidationError as error:
            for fault in error.errors():
                place, names = data, [n for n in fault["loc"] if isinstance(n, str)]
                path = _keys(data, fault["loc"]) or names
                for name in path[:-1]:
                    place = place[name]
                place.pop(path[-1], None)
        else:
            return data


def _keys(data: dict, loc: tuple) -> list[str]:
    """Return the keys that ``loc``, which counts the items of a collection, means in data that names them."""
    keys: list[str] = []
    place = data
    for step in loc:
        if isinstance(step, int) and isinstance(place, dict):
            step = list(place)[step]
        if not isinstance(place, dict) or step not in place:
            break
        keys.append(step)
        place = place[step]
    return keys


@pytest.fixture(params=TEXTS, scope="module")
def text(request):
    return TEXTS[request.param].strip()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, text):
    workspace = Workspace.create(tmp_path_factory.mktemp("texts"))
    workspace.log.create("words", Plan.model_validate(fitting(text)), author="Ann")
    yield workspace
    workspace.log.close()


def texts_in(data):
    if isinstance(data, dict):
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from texts_in(value)
    elif isinstance(data, str):
        yield data


def test_the_plan_is_full_of_it(workspace, text):
    held = list(texts_in(tree(workspace.log.plan("words")[0])))
    assert held.count(text) > 150


def test_files_bring_it_back(workspace, text, tmp_path):
    plan, _revision = workspace.log.plan("words")
    write_plan("words", plan, tmp_path / "words.yaml")
    assert read_plan(tmp_path / "words.yaml")[1] == plan


def test_forms_show_it_and_take_it(workspace, text):
    live = LivePlan(workspace, "words")
    shown = [form_content(live.plan, section, live.form, live.around) for section in SECTIONS]
    assert list(texts_in(shown)).count(text) > 100
    assert live.edit("/charter/goal", f"{text}!")
    assert LivePlan(workspace, "words").plan.charter.goal == f"{text}!"


def test_exhibits_of_every_section_hold_it_as_text(workspace, text):
    case = Case(workspace.log.plan("words")[0], workspace, plan_id="words")
    for section in SECTIONS:
        held = getattr(case.plan, section)
        if isinstance(held, tuple) and held and isinstance(held[0], Item):
            bundle = decided(case, section)._repr_mimebundle_()
            assert "<b>Brot</b>" not in bundle["text/html"]
            assert json.loads(json.dumps(bundle["application/vnd.workbook.exhibit+json"]))


@pytest.mark.slow
def test_the_report_holds_it(workspace, text, tmp_path):
    from html import unescape

    (page,) = batch.run(workspace, batch.jobs(workspace, ["words"], ["it"]), tmp_path)
    html = page.read_text("utf-8")
    assert "<b>Brot</b>" not in html
    assert text in unescape(html)
