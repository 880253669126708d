"""A report as a document: each exhibit drawn once, what has nothing to show left out, chapter by chapter."""

import pytest

from workbook.exhibits import Exhibit
from workbook.forms.session import open_step
from workbook.forms.telling import Telling
from workbook.pages import made_workspace


def made(name, *, empty=False):
    def make(_case):
        return Exhibit(name, f"{name} says this.", empty=empty)

    return make


def test_each_exhibit_is_drawn_once_until_the_plan_changes():
    drawn = []
    telling = Telling(lambda make, case: (drawn.append(make), make(case))[1])
    one = made("one")
    assert telling.drawn(one, None) is telling.told(one, None)
    assert len(drawn) == 1
    telling.forget()
    telling.drawn(one, None)
    assert len(drawn) == 2


def test_what_a_chapter_left_out_is_listed_under_its_title():
    telling = Telling(lambda make, case: make(case))
    bare, full = made("bare", empty=True), made("full")
    telling.told(full, None)
    telling.told(bare, None)
    assert telling.end_chapter("1. First") == [full, bare]
    telling.told(full, None)
    telling.end_chapter("2. Second")
    assert telling.left_out(None) == [("1. First", "bare says this.")]


@pytest.fixture
def shown(monkeypatch):
    found = []
    monkeypatch.setattr("IPython.display.display", found.append)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    workspace = made_workspace(tmp_path_factory.mktemp("work"))
    workspace.new_plan("bare", "")
    workspace.log.close()
    return str(workspace.folder)


def test_a_report_shows_no_empty_exhibit_but_a_line_for_an_empty_chapter_and_a_list_at_the_end(folder, shown):
    step = open_step("report", folder, "bare", interactive=False)
    step.show(made("full"))
    step.show(made("bare", empty=True))
    step.end_chapter("00_charter")
    step.show(made("none", empty=True))
    step.end_chapter("01_personas")
    step.not_yet()
    assert [exhibit.name for exhibit in shown] == ["full", "nothing_yet", "not_yet"]
    assert shown[-1].table["chapter"].tolist() == ["0. Charter", "1. Segments and personas"]


def test_a_whole_report_ends_without_a_list_and_a_step_shows_what_is_empty(folder, shown):
    report = open_step("report", folder, "bare", interactive=False)
    report.show(made("full"))
    report.end_chapter("00_charter")
    report.not_yet()
    step = open_step("04_positioning", folder, "bare", interactive=False)
    step.show(made("bare", empty=True))
    assert [exhibit.name for exhibit in shown] == ["full", "bare"]
    report.in_brief(made("full"), made("bare", empty=True))
    (said,) = [lines for card in shown[-1].cards for _label, lines in card.facts if "full says this." in lines]
    assert said == ("full says this.",)
