"""What is worked out once is worked out once, and another process is told it as it was then."""

import pandas as pd
import pytest

from workbook.errors import AnalysisError
from workbook.exhibits import learnt


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(learnt, "_kept", {kind: type(kept)() for kind, kept in learnt._kept.items()})
    monkeypatch.setattr(learnt, "_new", None)


def test_a_result_is_worked_out_once_for_all_that_it_depends_on():
    made = []
    for key in ("a", "b", "a"):
        assert learnt.once(key, lambda key=key: made.append(key) or key) == key
    assert made == ["a", "b"]


def test_another_process_is_told_what_it_was_when_it_was_worked_out():
    told = learnt.note_what_is_new()
    rows = learnt.once("key", lambda: pd.DataFrame({"a": [1, 2]}))
    rows.loc[0, "a"] = 99
    learnt.forget("answer")
    learnt.learn(told)
    assert learnt.once("key", lambda: None)["a"].tolist() == [1, 2]


def test_a_failure_is_not_kept_and_the_oldest_go_first():
    def fail():
        raise AnalysisError("no")

    with pytest.raises(AnalysisError):
        learnt.once("key", fail)
    assert learnt.once("key", lambda: 1) == 1
    for i in range(learnt.MOST["answer"]):
        learnt.once(i, lambda: 0)
    assert learnt.once("key", lambda: 2) == 2


def test_what_is_large_is_kept_here_and_not_handed_on(monkeypatch):
    monkeypatch.setattr(learnt, "LARGEST", 100)
    told = learnt.note_what_is_new()
    learnt.once("key", lambda: "x" * 1000)
    assert told == []
    assert learnt.once("key", lambda: None) == "x" * 1000
