"""A workshop's server killed while a room votes, and started again: every acknowledged vote is there, phones carry on."""

import contextlib
import itertools
import threading
import time
from http.client import HTTPException

import pytest
from serving.workshop_process import Hall, Visitor, start, stop

from workbook.plan.workspace import Workspace
from workbook.shipped import shipped
from workbook.workshop.log import Workshop

pytestmark = [pytest.mark.faults, pytest.mark.network]


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    made = Workspace.create(tmp_path / "team")
    made.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    return made


def keep_voting(visitor: Visitor, poll: str, acknowledged: list[tuple[str, int]], ended: threading.Event) -> None:
    """Vote on and on; what gets no answer is sent again with the same id, as a phone does."""
    for turn in itertools.count():
        value, mark = turn % 11, f"turn-{turn}"
        while not ended.is_set():
            with contextlib.suppress(OSError, HTTPException):
                answer = visitor.vote(poll, "one-view~importance", value=str(value), operation=mark)
                assert answer.status == 303, answer.text
                acknowledged.append((mark, value))
                break
            time.sleep(0.05)
        if ended.is_set():
            return


def run_rounds(workspace: Workspace, rounds: int, people: int) -> None:
    hall = start(workspace)
    poll = hall.asked(hall.facilitator(), "needs", ["one-view"])
    visitors = [hall.participant(f"P{i}") for i in range(people)]
    acknowledged: list[list[tuple[str, int]]] = [[] for _ in visitors]
    ended = threading.Event()
    threads = [
        threading.Thread(target=keep_voting, args=(visitor, poll, told, ended))
        for visitor, told in zip(visitors, acknowledged, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in range(rounds):
            time.sleep(0.6)
            hall.process.kill()
            hall.process.wait()
            hall = restarted(hall, workspace)
        before = sum(map(len, acknowledged))
        time.sleep(1.5)
        assert sum(map(len, acknowledged)) > before  # they carry on
    finally:
        ended.set()
        for thread in threads:
            thread.join(timeout=40)
        stop(hall)
    require_all(workspace, poll, acknowledged)


def restarted(hall: Hall, workspace: Workspace) -> Hall:
    """Start the server again at the same port; it goes on with the same workshop."""
    again = start(workspace, port=hall.port)
    assert again.code == hall.code
    return again


def require_all(workspace: Workspace, poll: str, acknowledged: list[list[tuple[str, int]]]) -> None:
    going = Workshop.of(workspace, "adaptive-test")
    assert going is not None
    votes = [entry for entry in going.store.entries(going.held.id) if entry.kind == "vote"]
    assert len({entry.operation for entry in votes}) == len(votes)
    by_voter: dict[str, list[int]] = {}
    for entry in votes:
        by_voter.setdefault(entry.who, []).append(entry.value["answer"])
    stored = sorted(by_voter.values())
    told = sorted([value for _mark, value in one] for one in acknowledged)
    # Beyond what was acknowledged there may be one vote of each whose answer was lost on the way.
    assert len(stored) == len(told)
    for have, said in zip(stored, told, strict=True):
        assert have[: len(said)] == said
        assert len(have) - len(said) <= 1


def test_every_acknowledged_vote_outlives_a_kill(workspace):
    run_rounds(workspace, rounds=1, people=3)


@pytest.mark.slow
def test_every_acknowledged_vote_outlives_ten_kills(workspace):
    run_rounds(workspace, rounds=10, people=8)
