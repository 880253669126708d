"""The list of plans: what to do next, what is stale, who changed what, and many plans at once."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from workbook.forms.live import LivePlan
from workbook.language import speaking
from workbook.pages import made_workspace
from workbook.plan.workspace import Workspace
from workbook.serving.home import WHOLE, next_step, plan_cards
from workbook.steps import RIVER, STEPS, step


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_AUTHOR", "Marta")
    return made_workspace(tmp_path / "team", samples=True)


def test_what_changed_upstream_comes_first_and_then_the_first_that_lacks_something():
    done = {page.key: "done" for page in STEPS}
    assert next_step(done) is None
    assert next_step(done | {"04_positioning": "open", "08_channels": "empty"}) is step("04_positioning")
    assert next_step(done | {"01_personas": "open", "08_channels": "stale"}) is step("08_channels")


def test_each_plan_says_who_changed_it_when_and_the_one_changed_last_is_first(workspace):
    workspace.new_plan("fresh", "A fresh plan")
    later = datetime.now(UTC) + timedelta(hours=2, minutes=5)
    cards = plan_cards(workspace, "en", now=later)
    assert cards[0].id == "fresh"
    assert cards[0].changed == "Last change 2 hours ago, by Marta"
    assert (cards[0].open.number, cards[0].open.state) == (0, "open")
    assert [link.number for link in cards[0].steps] == [page.number for page in RIVER]
    with speaking("it"):
        assert plan_cards(workspace, "it", now=later)[0].changed.startswith("Ultima modifica")


def test_a_change_upstream_is_seen_at_once_with_what_stands_on_it(workspace):
    before = {card.id: card for card in plan_cards(workspace, "en")}
    assert before["adaptive-test"].stale == ""
    live = LivePlan(workspace, "adaptive-test")
    live.edit(f"/segments/{live.plan.segments[0].id}/name", "Others")
    after = plan_cards(workspace, "en")[0]
    assert after.id == "adaptive-test"
    assert re.match(r"\d+ things are stale: ", after.stale)
    assert after.open.state == "stale"


def test_a_step_that_this_version_lacks_is_no_link(workspace):
    for card in plan_cards(workspace, "en"):
        for link, page in zip(card.steps, RIVER, strict=True):
            assert bool(link.href) == page.built
            assert (link.state == "absent") != page.built


def test_of_many_plans_the_last_changed_are_whole_and_nothing_is_worked_out_twice(tmp_path, monkeypatch):
    workspace = Workspace.create(tmp_path / "many")
    for i in range(WHOLE + 5):
        workspace.new_plan(f"plan-{i}", f"Plan {i}")
    cards = plan_cards(workspace, "en")
    assert [card.whole for card in cards] == [True] * WHOLE + [False] * 5
    assert {card.title for card in cards} == {f"Plan {i}" for i in range(WHOLE + 5)}
    monkeypatch.setattr(type(workspace.log), "plan", None)  # from here on nothing may be read again
    assert plan_cards(workspace, "en") == cards


def test_an_empty_workspace_has_no_cards(tmp_path):
    assert plan_cards(Workspace.create(tmp_path / "empty"), "en") == []
