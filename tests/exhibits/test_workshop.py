"""What came of a workshop as exhibits: every vote a dot, two camps named, nobody named, nothing before the reveal."""

import json

import pytest

from workbook import exhibits
from workbook.exhibits.case import Case
from workbook.exhibits.workshop import groups_compared, poll_exhibits
from workbook.language import speaking, translated
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped
from workbook.workshop.asking import Option
from workbook.workshop.exercises import EXERCISES, exercise
from workbook.workshop.log import Workshop, WorkshopLog
from workbook.workshop.room import Entry, Note, Poll, Room, Vote

TWELVE = [3, 3, 3, 5, 8, 8, 8, 8, 8, 3, 8, 8]
ITEMS = (Option("a", "See campaigns at scale"), Option("b", "Test pages easily"))


def voted(key: str, answers: dict[str, list], **more) -> Poll:
    poll = Poll("p", key, "About", ITEMS, phase="revealed", ended_rounds=1, **more)
    for asked, given in answers.items():
        poll.votes |= {(1, asked, f"v{i:02d}"): Vote(answer, i) for i, answer in enumerate(given)}
    return poll


def test_two_camps_are_the_finding_and_no_mean_is_anywhere():
    answers = {"a~importance": TWELVE, "b~importance": [8] * 12, "a~satisfaction": [5] * 12}
    shown = poll_exhibits(voted("needs", answers), 12)[0]
    assert shown.finding == "Importance. Two camps on “See campaigns at scale”: 5 say about 3, 7 say about 8."
    assert (shown.n, "12 of 12 voted." in shown.method) == (12, True)
    assert "mean" not in json.dumps(shown.payload["table"]).lower()
    assert any("discuss" in tag.text for tag in shown.tags)


def test_every_vote_is_a_dot_and_those_alike_are_stacked():
    shown = poll_exhibits(voted("needs", {"a~importance": TWELVE}), 12)[0]
    spec = shown.chart.to_dict()
    dots = next(rows for rows in spec["datasets"].values() if rows and "place" in rows[0])
    assert sorted(row["value"] for row in dots) == sorted(TWELVE)
    assert sorted(row["place"] for row in dots if row["value"] == 8) == list(range(7))


def test_no_voter_is_in_what_is_drawn_or_told():
    for shown in poll_exhibits(voted("needs", {"a~importance": TWELVE}), 12):
        assert "v01" not in json.dumps(shown.payload)


def test_a_second_round_says_how_many_moved():
    poll = voted("needs", {"a~importance": [2, 8, 8, 8]})
    poll.votes |= {(2, "a~importance", f"v{i:02d}"): Vote(8, 9) for i in range(4)}
    poll.round = poll.ended_rounds = 2
    table = poll_exhibits(poll, 4)[0].table
    assert table.loc[0, ["before", "moved", "median"]].tolist() == [8, 1, 8]


def test_before_the_reveal_an_exhibit_is_empty():
    poll = Poll("p", "needs", "", ITEMS, phase="open")
    poll.votes[1, "a~importance", "v"] = Vote(7, 1)
    (shown,) = poll_exhibits(poll, 1)
    assert shown.empty
    assert shown.chart is None
    assert shown.table is None


ANSWERS = {
    "dots": {"dots": [{"a": 2}, {"a": 1, "b": 1}]},
    "ice": {f"a~{aspect}": [3, 5, 9] for aspect in ("impact", "confidence", "ease")},
    "segments": {"a~fit": [3, 5, 9], "a~reachability": [1, 1, 2]},
    "pairs": {"a~b": [3, 5, -9]},
    "estimates": {"a": [{"low": 1, "likely": 2, "high": 4}, {"low": 0, "likely": 40, "high": 90}]},
    "positioning": {"order": [["a", "b"], ["b", "a"], ["b", "a"]]},
    "confidence": {"a~confidence": [1, 4, 5]},
    "needs": {"a~importance": [1, 4, 5]},
}


@pytest.mark.parametrize("key", ANSWERS)
def test_each_exercise_has_a_chart_that_is_valid_and_a_table(key):
    for shown in poll_exhibits(voted(key, ANSWERS[key]), 3):
        assert shown.empty or (shown.chart.to_dict(validate=True) and shown.payload["table"]["rows"])


def test_all_exercises_are_covered_here():
    assert set(ANSWERS) | {"notes", "plusdelta"} == set(EXERCISES)


def test_notes_are_cards_by_heap_the_largest_first():
    poll = Poll("p", "notes", "", phase="revealed", ended_rounds=1, clusters={"h": "Heap", "k": "Big"})
    texts = [("1", "h"), ("2", "k"), ("3", "k"), ("4", "")]
    poll.notes = {id: Note(id, f"w{id}", "note", f"text {id}", heap) for id, heap in texts}
    (shown,) = poll_exhibits(poll, 4)
    assert [card.title for card in shown.cards] == ["Big", "Heap", "Not sorted"]
    assert shown.n == 4


def test_groups_are_set_side_by_side_where_they_are_furthest_apart():
    room = Room([Entry("begun", {"groups": ["North", "South"]})])
    for i in range(4):
        room.apply(Entry("joined", {"name": f"N{i}", "group": "North" if i < 2 else "South"}, f"v{i:02d}"))
    poll = voted("needs", {"a~importance": [2, 2, 9, 9], "b~importance": [5, 5, 5, 5]})
    shown = groups_compared(room, poll)
    assert shown is not None
    assert (
        shown.finding
        == "The groups are furthest apart on “See campaigns at scale · Importance”: North 2.0 and South 9.0."
    )
    assert groups_compared(Room(), poll) is None


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    """A plan with a workshop in which twelve scored a need, and decided."""
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    store = WorkshopLog(workspace)
    going = Workshop(store, store.begin("adaptive-test", "T", key="k"))
    item = {"id": "one-view", "label": "One view", "path": "/needs/one-view"}
    going.must(
        *(Entry("joined", {"name": f"P{i}"}, f"p{i}") for i in range(12)),
        Entry("asked", {"id": "q", "exercise": "needs", "title": "Needs", "items": [item]}),
        Entry("opened", {"poll": "q"}),
        *(
            Entry("vote", {"poll": "q", "round": 1, "question": f"one-view~{aspect}", "answer": answer}, f"p{i}")
            for aspect in ("importance", "satisfaction")
            for i, answer in enumerate(TWELVE)
        ),
        Entry("revealed", {"poll": "q"}),
        Entry("decided", {"id": "d", "choice": "Serve enterprises", "owner": "Ada"}),
        Entry("decided", {"id": "e", "choice": "Drop agencies"}),
        Entry("parked", {"id": "x", "text": "Resellers?"}),
        Entry("concluded", {"learned": ["We agree on the segment"]}),
    )
    return Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")


def test_minutes_tell_who_decided_what(case):
    summary = exhibits.workshop_summary(case)
    assert summary.finding.startswith("12 people took 2 decisions")
    assert summary.cards[0].facts[0][1] == ("We agree on the segment",)
    assert exhibits.decision_log(case).finding == "2 decisions were taken. One has no owner yet."
    assert exhibits.parking_lot(case).finding == "One thing is parked."
    assert exhibits.need_votes(case).n == 12
    assert exhibits.dot_votes(case).empty


@pytest.mark.parametrize("language", ["en", "it"])
def test_without_a_workshop_the_steps_are_for_one_person(tmp_path, language):
    workspace = Workspace.create(tmp_path)
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    alone = Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")
    with speaking(language):
        assert not exhibits.workshop_agenda(alone).empty
        assert exhibits.workshop_summary(alone).empty
        assert exhibits.need_votes(alone).empty


def test_every_exercise_has_words_in_italian():
    with speaking("it"):
        for key in EXERCISES:
            one = exercise(key)
            assert translated(one.title) != one.title
            assert translated(one.why) != one.why
