"""What is on the screen follows the plan at once, the rest in its turn, and nothing is worked out twice."""

import asyncio

import pytest

from workbook import open_step
from workbook.exhibits import budget_split, next_euro
from workbook.forms.following import CALM, CALM_OF_OTHERS, Following
from workbook.pages import made_workspace


class View:
    """Stands for a card: notes what it was given to show."""

    def __init__(self, *, seen: bool) -> None:
        self.seen, self.shown = seen, []

    def show(self, exhibit):
        self.shown.append(exhibit)

    def on_seen(self, call):
        self.scrolled_to = call


@pytest.fixture
def followed():
    made = []

    def follow(*views):
        following = Following(lambda: "the plan", lambda make, case: (made.append(make), case)[1])
        for number, view in enumerate(views):
            following.add(number, view)
        return following

    follow.made = made
    return follow


def test_what_is_seen_is_drawn_at_once_and_the_rest_after_it(followed):
    async def change():
        following = followed(View(seen=False), View(seen=True), View(seen=False))
        following.redraw()
        at_once = list(followed.made)
        while following.behind:
            await asyncio.sleep(0.005)
        return at_once

    assert asyncio.run(change()) == [1]
    assert followed.made == [1, 0, 2]


def test_a_second_change_does_not_draw_what_the_first_had_left_twice(followed):
    async def change_twice():
        following = followed(View(seen=True), View(seen=False))
        following.redraw()
        following.redraw()
        while following.behind:
            await asyncio.sleep(0.005)

    asyncio.run(change_twice())
    assert followed.made == [0, 0, 1]


def test_a_change_that_others_made_leaves_what_nobody_sees_for_longer_and_draws_it_when_scrolled_to(followed):
    async def change():
        unseen = View(seen=False)
        following = followed(View(seen=True), unseen)
        following.redraw(CALM_OF_OTHERS)
        await asyncio.sleep(CALM * 2)
        at_rest = list(followed.made)
        unseen.scrolled_to()
        return at_rest

    assert asyncio.run(change()) == [0]
    assert followed.made == [0, 1]


def test_keys_that_follow_each_other_wait_for_nothing_off_the_screen(followed):
    async def type_on():
        following = followed(View(seen=True), View(seen=False))
        for _key in range(3):
            following.redraw()
            await asyncio.sleep(CALM / 5)
        while_typing = list(followed.made)
        while following.behind:
            await asyncio.sleep(0.005)
        return while_typing

    assert asyncio.run(type_on()) == [0, 0, 0]
    assert followed.made == [0, 0, 0, 1]


def test_an_exhibit_scrolled_to_is_drawn_before_its_turn(followed):
    async def scroll():
        first, last = View(seen=False), View(seen=False)
        following = followed(first, View(seen=False), last)
        following.redraw()
        last.scrolled_to()
        assert (followed.made, last.shown) == ([2], ["the plan"])
        while following.behind:
            await asyncio.sleep(0.005)

    asyncio.run(scroll())
    assert followed.made == [2, 0, 1]


def test_without_an_event_loop_all_is_drawn_at_once(followed):
    followed(View(seen=False), View(seen=True)).redraw()
    assert sorted(followed.made) == [0, 1]


def test_a_page_seen_before_shows_what_it_showed_and_works_nothing_out_until_it_must(tmp_path, capsys, monkeypatch):
    workspace = made_workspace(tmp_path / "team", samples=True)

    def opened():
        step = open_step("08_channels", str(workspace.folder), "adaptive-test")
        step.show(budget_split)
        step.show(next_euro)
        return step

    first = opened()
    assert first._settling.keep()
    payloads = [one.view.payload for one in first._exhibits._all]
    drawn = []
    monkeypatch.setattr("workbook.forms.session.drawn", lambda make, case: drawn.append(make))
    again = opened()
    assert drawn == []
    assert [one.view.payload for one in again._exhibits._all] == payloads
    monkeypatch.undo()
    first.live.edit("/budget/total", "95000")
    assert first.live.revision > again.live.revision
    later = opened()
    assert later._remembered == {}
    assert later._exhibits._all[0].view.payload != payloads[0]
    workspace.log.close()
