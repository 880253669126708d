"""The log of a workshop: append-only, each act once, in a file and on a server alike."""

import threading

import pytest

from workbook.errors import WorkshopError
from workbook.plan.backup import backup, restore
from workbook.plan.model import Plan
from workbook.plan.store import RevisionLog
from workbook.plan.workspace import Workspace
from workbook.workshop.log import ALPHABET, Workshop, WorkshopLog, fingerprint, plain_code
from workbook.workshop.room import Entry

pytest_plugins = ["postgres"]

ITEM = {"id": "a", "label": "A", "path": "/needs/a"}


@pytest.fixture
def workspace(store_url, tmp_path) -> Workspace:
    made = Workspace.create(tmp_path / "team")
    made.__dict__["log"] = RevisionLog(store_url)
    made.log.create("p", Plan(), author="test")
    return made


@pytest.fixture
def workshop(workspace) -> Workshop:
    store = WorkshopLog(workspace)
    made = Workshop(store, store.begin("p", "Title", key="key", facilitator="Ada"))
    made.must(
        Entry("joined", {"name": "Bob", "hashes": ["h"]}, "bob"),
        Entry("asked", {"id": "q", "exercise": "needs", "title": "T", "items": [ITEM]}),
        Entry("opened", {"poll": "q"}),
    )
    return made


def vote(answer: int, who: str = "bob", round: int = 1, operation: str = "") -> Entry:
    value = {"poll": "q", "round": round, "question": "a~importance", "answer": answer}
    return Entry("vote", value, who, operation)


def refusal(workshop: Workshop, entry: Entry) -> str:
    (found,) = workshop.add([entry])
    return str(found or "")


def stored(workshop: Workshop) -> Workshop:
    """Return the same workshop as somebody else finds it in the store."""
    return Workshop(workshop.store, workshop.held)


def test_what_others_stored_meanwhile_comes_along_with_ones_own(workshop):
    stored(workshop).must(Entry("joined", {"name": "Eve", "hashes": ["e"]}, "eve"))
    workshop.must(vote(3))
    assert [(entry.kind, entry.who) for entry in workshop.fresh] == [("joined", "eve"), ("vote", "bob")]
    assert [entry.sequence for entry in workshop.fresh] == [workshop.room.sequence - 1, workshop.room.sequence]


def test_what_was_stored_is_what_somebody_else_finds(workshop):
    workshop.must(vote(3), vote(8), Entry("revealed", {"poll": "q"}))
    for one in (workshop, stored(workshop)):
        poll = one.room.poll("q")
        assert poll.answers("a~importance", 1) == {"bob": 8}
        assert poll.phase == "revealed"


def test_the_last_vote_of_a_round_counts_and_all_are_kept(workshop):
    workshop.must(vote(3), vote(8))
    votes = [e.value["answer"] for e in workshop.store.entries(workshop.held.id) if e.kind == "vote"]
    assert votes == [3, 8]


def test_a_vote_that_is_sent_twice_is_stored_once(workshop):
    assert workshop.add([vote(3, operation="one"), vote(3, operation="one")]) == [None, None]
    assert workshop.add([vote(3, operation="one")]) == [None]
    assert stored(workshop).add([vote(9, operation="one")]) == [None]
    assert [e.value["answer"] for e in workshop.store.entries(workshop.held.id) if e.kind == "vote"] == [3]


def test_a_retry_after_the_reveal_of_a_vote_that_was_stored_counts_as_stored(workshop):
    workshop.must(vote(3, operation="one"), Entry("revealed", {"poll": "q"}))
    assert refusal(workshop, vote(3, operation="one")) == ""
    assert "revealed" in refusal(workshop, vote(4, operation="two"))


def test_a_vote_after_the_reveal_seen_by_another_server_is_refused(workshop):
    other = stored(workshop)
    other.must(Entry("revealed", {"poll": "q"}))
    assert "revealed" in refusal(workshop, vote(3))
    assert workshop.room.poll("q").phase == "revealed"


def test_one_that_is_refused_does_not_take_the_others_along(workshop):
    first, second, third = workshop.add([vote(3), vote(5, who="nobody"), vote(7, round=2)])
    assert (first, "join" in str(second).lower(), "round" in str(third)) == (None, True, True)
    assert stored(workshop).room.poll("q").own("a~importance", "bob") == 3


def test_a_vote_for_a_question_that_was_taken_back_is_refused(workshop):
    workshop.must(Entry("removed", {"poll": "q"}))
    assert "taken back" in refusal(workshop, vote(3))
    assert workshop.room.current is None


def test_a_new_round_hides_its_votes_and_keeps_the_old_ones(workshop):
    workshop.must(vote(3), Entry("revealed", {"poll": "q"}), Entry("again", {"poll": "q"}), vote(8, round=2))
    poll = workshop.room.poll("q")
    assert poll.answers("a~importance", 1) == {"bob": 3}
    with pytest.raises(WorkshopError, match="hidden"):
        poll.answers("a~importance", 2)


def test_what_was_revealed_is_closed_when_the_next_exercise_opens(workshop):
    workshop.must(
        Entry("revealed", {"poll": "q"}),
        Entry("asked", {"id": "n", "exercise": "notes", "title": ""}),
        Entry("opened", {"poll": "n"}),
    )
    assert workshop.room.poll("q").phase == "closed"
    workshop.must(Entry("opened", {"poll": "q"}))
    assert (workshop.room.poll("q").phase, workshop.room.current.id) == ("revealed", "q")


def test_two_with_one_name_are_told_apart_by_a_sentence(workshop):
    assert "here already" in refusal(workshop, Entry("joined", {"name": "bob"}, "bob2"))


def test_a_workshop_without_names_takes_everybody(workspace):
    store = WorkshopLog(workspace)
    made = Workshop(store, store.begin("p", "T", key="k", named=False))
    made.must(Entry("joined", {}, "a"), Entry("joined", {}, "b"))
    assert len(made.room.participants) == 2


def test_half_a_character_is_refused_and_harms_nobody(workshop):
    workshop.must(Entry("asked", {"id": "n", "exercise": "notes", "title": ""}), Entry("opened", {"poll": "n"}))
    note = {"poll": "n", "id": "1", "side": "note", "text": "\ud83d"}
    bad, good = workshop.add([Entry("note", note, "bob"), Entry("note", note | {"text": "😀"}, "bob")])
    assert "cannot be stored" in str(bad)
    assert good is None


def test_only_who_wrote_a_note_takes_it_back_and_only_before_the_reveal(workshop):
    note = {"poll": "n", "id": "1", "side": "note", "text": "x"}
    workshop.must(
        Entry("joined", {"name": "Eve"}, "eve"),
        Entry("asked", {"id": "n", "exercise": "notes", "title": ""}),
        Entry("opened", {"poll": "n"}),
        Entry("note", note, "bob"),
    )
    assert "not there" in refusal(workshop, Entry("unnote", {"poll": "n", "id": "1"}, "eve"))
    workshop.must(Entry("revealed", {"poll": "n"}))
    assert "revealed" in refusal(workshop, Entry("unnote", {"poll": "n", "id": "1"}, "bob"))


def test_the_last_key_cannot_be_given_back(workshop):
    mine = Entry("undesk", {"hash": fingerprint("key")})
    assert "Hand it over" in refusal(workshop, mine)
    workshop.must(Entry("desk", {"hash": fingerprint("second"), "name": "Bea"}), mine)
    assert list(stored(workshop).room.desks.values()) == ["Bea"]


def test_a_store_that_fails_half_way_leaves_nothing_behind(workshop, monkeypatch):
    def broken(*_given):
        raise RuntimeError("gone")

    monkeypatch.setattr("workbook.workshop.log._row", broken)
    with pytest.raises(RuntimeError):
        workshop.add([vote(3)])
    monkeypatch.undo()
    workshop.catch_up()
    assert workshop.room.poll("q").own("a~importance", "bob") is None
    assert refusal(workshop, vote(4)) == ""


def test_two_servers_that_write_at_once_lose_and_double_nothing(workshop):
    workshop.must(*(Entry("joined", {"name": f"P{i}"}, f"p{i}") for i in range(8)))

    def votes(mine: Workshop, who: str) -> None:
        for answer in range(10):
            mine.must(vote(answer, who, operation=f"{who}-{answer}"))

    threads = [threading.Thread(target=votes, args=(stored(workshop), f"p{i}")) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = workshop.store.entries(workshop.held.id)
    assert [e.sequence for e in entries] == list(range(1, len(entries) + 1))
    assert sum(e.kind == "vote" for e in entries) == 40
    assert {stored(workshop).room.poll("q").own("a~importance", f"p{i}") for i in range(4)} == {9}


def test_a_store_without_workshops_has_none(workspace):
    assert WorkshopLog(workspace).workshops() == []
    assert Workshop.of(workspace, "p") is None


def test_codes_are_long_and_are_read_however_they_are_typed(workshop):
    code = workshop.held.code
    assert len(ALPHABET) ** len(code) > 8e11
    assert plain_code(f" {code[:4].lower()}-{code[4:]} ") == code


def test_secrets_are_not_in_the_store(workshop):
    text = "".join(str(entry.value) for entry in workshop.store.entries(workshop.held.id))
    assert "'key'" not in text
    assert fingerprint("key") in text


def test_a_backup_brings_the_votes_along(workshop, workspace, tmp_path):
    workshop.must(vote(3), vote(8))
    restored = restore(backup(workspace, tmp_path / "backup.zip"), tmp_path / "restored")
    found = Workshop.of(restored, "p")
    assert found is not None
    assert found.held == workshop.held
    assert found.store.entries(found.held.id) == workshop.store.entries(workshop.held.id)
    assert found.add([vote(5)]) == [None]


def test_a_backup_goes_to_a_server_with_its_votes(workshop, workspace, tmp_path, new_postgres):
    workshop.must(vote(3))
    packed = backup(workspace, tmp_path / "backup.zip")
    found = Workshop.of(restore(packed, tmp_path / "restored", store=new_postgres()), "p")
    assert found is not None
    assert found.store.entries(found.held.id) == workshop.store.entries(workshop.held.id)
