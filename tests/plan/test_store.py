"""The append-only log: what is acknowledged is stored, nothing is overwritten, the plan is the fold."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import ParameterError, StoreError
from workbook.plan.model import Plan, tree
from workbook.plan.revisions import Edit, folded
from workbook.plan.store import RevisionLog

PLAN = Plan.model_validate(
    {"segments": {"b": {"name": "B"}, "a": {"name": "A", "customers": 12}}, "charter": {"period": {"start": "2027-01"}}}
)


@pytest.fixture
def log(tmp_path):
    log = RevisionLog.in_file(tmp_path / "plans.sqlite")
    log.create("trial", PLAN, author="ann")
    yield log
    log.close()


def test_a_plan_comes_back_as_it_was_stored(log):
    plan, head = log.plan("trial")
    assert plan == PLAN
    assert head == log.head("trial") == len(log.revisions("trial"))


def test_an_edit_is_a_revision_more_and_the_one_before_stays(log):
    before = log.head("trial")
    after = log.append("trial", [Edit("/segments/a/customers", 13)], author="bob", base=before)
    assert after == before + 1
    assert log.plan("trial")[0].item("a").customers == 13
    assert log.plan("trial", until=before)[0] == PLAN
    assert [(r.author, r.base) for r in log.revisions("trial", after=before)] == [("bob", before)]


def test_one_operation_sets_several_paths_or_none(log):
    before = log.head("trial")
    with pytest.raises(ValueError, match="JSON"):
        log.append(
            "trial",
            [Edit("/segments/a/customers", 1), Edit("/segments/a/growth", float("nan"))],
            author="x",
            base=before,
        )
    assert log.head("trial") == before


def test_an_operation_sent_twice_is_stored_once(log):
    edit = [Edit("/segments/a/customers", 14)]
    first = log.append("trial", edit, author="x", base=0, operation="op-1")
    assert log.append("trial", edit, author="x", base=0, operation="op-1") == first
    assert log.head("trial") == first


def test_none_takes_an_item_out(log):
    log.append("trial", [Edit("/segments/b", None)], author="x", base=0)
    assert [s.id for s in log.plan("trial")[0].segments] == ["a"]


def test_each_revision_carries_the_hash_of_the_one_before(log, tmp_path):
    log.append("trial", [Edit("/segments/a/customers", 13)], author="x", base=0)
    rows = (
        sqlite3.connect(tmp_path / "plans.sqlite")
        .execute("select previous_hash, hash from revisions order by sequence")
        .fetchall()
    )
    assert rows[0][0] == ""
    assert [previous for previous, _ in rows[1:]] == [hash_ for _, hash_ in rows[:-1]]
    assert len({hash_ for _, hash_ in rows}) == len(rows)


def test_an_unknown_plan_is_refused_with_the_nearest(log):
    with pytest.raises(ParameterError, match="trial"):
        log.plan("trail")


def test_an_id_in_use_is_refused_and_nothing_changes(log):
    before = log.head("trial")
    with pytest.raises(StoreError, match="already"):
        log.create("trial", Plan(), author="x")
    assert log.head("trial") == before


def test_a_file_that_is_no_database_is_refused_and_stays_as_it_was(tmp_path):
    file = tmp_path / "plans.sqlite"
    file.write_bytes(b"not a database, but somebody's letter" * 50)
    with pytest.raises(StoreError, match="does not answer"):
        RevisionLog.in_file(file)
    assert file.read_bytes().startswith(b"not a database")


def test_a_store_of_a_newer_version_is_refused(log, tmp_path):
    with sqlite3.connect(tmp_path / "plans.sqlite") as connection:
        connection.execute("update store set schema_version = 99")
    with pytest.raises(StoreError, match="schema 99"):
        RevisionLog.in_file(tmp_path / "plans.sqlite")


def test_two_writers_at_once_both_get_their_revision(log, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    def write(n):
        own = RevisionLog.in_file(tmp_path / "plans.sqlite")
        try:
            return own.append("trial", [Edit(f"/segments/w{n}", {"name": str(n)})], author=str(n), base=0)
        finally:
            own.close()

    before = log.head("trial")
    with ThreadPoolExecutor(8) as pool:
        sequences = list(pool.map(write, range(24)))
    assert sorted(sequences) == list(range(before + 1, before + 25))
    assert {f"w{n}" for n in range(24)} <= log.plan("trial")[0].ids


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["/a", "/a/x", "/a/y", "/b"]), st.one_of(st.none(), st.integers(), st.just({"x": 1}))
        ),
        max_size=12,
    )
)
def test_folding_in_parts_is_folding_at_once(edits):
    history = [Edit(path, value) for path, value in edits]
    half = len(history) // 2
    assert folded(history[half:], onto=folded(history[:half])) == folded(history)  # type: ignore[arg-type]


def test_the_log_folds_to_the_tree_of_the_plan(log):
    assert Plan.model_validate(folded(log.revisions("trial"))) == Plan.model_validate(tree(PLAN))


def test_the_order_of_items_is_kept_at_every_depth(tmp_path):
    plan = Plan.model_validate(
        {"segments": {"z": {"evidence": {"b": {}, "a": {}}}, "y": {}}, "charter": {"team": {"n": {}, "m": {}}}}
    )
    log = RevisionLog.in_file(tmp_path / "order.sqlite")
    log.create("order", plan, author="x")
    assert log.plan("order")[0] == plan
    log.close()
