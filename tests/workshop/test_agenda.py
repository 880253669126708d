"""Agendas: they fill their time, start times follow from what happens, and pre-work says what is missing."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workbook.plan.files import read_plan
from workbook.plan.model import Plan
from workbook.workshop.agenda import PROGRAMMES, agenda, alone, blocks_of, minutes_left, prework, starts
from workbook.workshop.room import Entry, Room

NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "adaptive-test.yaml"


def running(*entries: Entry) -> Room:
    blocks = [asdict(block) for block in agenda(PROGRAMMES["half-day"])]
    return Room([Entry("begun", time=NINE), Entry("planned", {"blocks": blocks}), *entries])


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_an_agenda_fills_its_time_and_ends_with_what_was_decided(programme):
    blocks = agenda(programme)
    assert sum(block.minutes for block in blocks) == programme.minutes
    assert blocks[-1].title == "What did we decide?"
    assert [block.step for block in blocks if block.step] == list(programme.steps)
    assert min(block.minutes for block in blocks) >= 5


def test_nobody_sits_for_two_hours_without_a_break():
    for programme in PROGRAMMES.values():
        since = 0
        for block in agenda(programme):
            since = 0 if block.title in ("Break", "Lunch") else since + block.minutes
            assert since <= 110


def test_start_times_follow_from_the_beginning_until_a_block_runs():
    room = running()
    assert [moment - NINE for moment in starts(room, began=NINE)[:2]] == [timedelta(0), timedelta(minutes=10)]


def test_a_late_block_moves_all_that_come_after_it():
    late = NINE + timedelta(minutes=25)
    room = running(Entry("block", {"block": 1}, time=late))
    before = starts(running(), began=NINE)
    assert [now - then for now, then in zip(starts(room, began=NINE), before, strict=True)][1:] == [
        timedelta(minutes=15)
    ] * (len(before) - 1)


def test_an_extended_block_has_more_time_left_and_moves_the_rest():
    room = running(Entry("block", {"block": 0}, time=NINE), Entry("extended", {"block": 0, "minutes": 5}))
    assert minutes_left(room, now=NINE + timedelta(minutes=12)) == 3
    assert starts(room, began=NINE)[1] == NINE + timedelta(minutes=15)


def test_no_time_is_left_where_nothing_runs():
    assert minutes_left(running(), now=NINE) is None


def test_pre_work_names_what_exercises_lack():
    blocks = agenda(PROGRAMMES["half-day"])
    assert any("Importance and satisfaction" in line for line in prework(Plan(), blocks))
    filled = read_plan(SAMPLE)[1]
    assert not any("Importance and satisfaction" in line for line in prework(filled, blocks))


def test_alone_nothing_asks_for_a_group():
    for block in alone():
        text = " ".join((block.title, block.purpose, block.method, block.material)).lower()
        assert not block.exercises
        assert not any(word in text for word in ("vote", "group", "participant", "projector", "phones"))


def test_blocks_survive_the_log():
    blocks = agenda(PROGRAMMES["remote"])
    assert blocks_of([asdict(block) for block in blocks]) == blocks
