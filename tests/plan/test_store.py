"""The append-only log: what is acknowledged is stored, nothing is overwritten, the plan is the fold."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import ParameterError, StoreError
from workbook.plan.model import Plan, tree
from workbook.plan.revisions import Edit, conflicts, folded
from workbook.plan.store import RevisionLog
from workbook.plan.workspace import Workspace

pytest_plugins = ["postgres"]

PLAN = Plan.model_validate(
    {"segments": {"b": {"name": "B"}, "a": {"name": "A", "customers": 12}}, "charter": {"period": {"start": "2027-01"}}}
)


@pytest.fixture
def log(store_url):
    log = RevisionLog(store_url)
    log.create("trial", PLAN, author="ann")
    yield log
    log.close()


@pytest.fixture
def in_file(tmp_path):
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


def test_each_revision_carries_the_hash_of_the_one_before_and_the_plan_that_of_the_last(log):
    log.append("trial", [Edit("/segments/a/customers", 13)], author="x", base=0)
    with log.database.reading() as connection:
        rows = connection.execute(sa.text("select previous_hash, hash from revisions order by sequence")).all()
        assert connection.execute(sa.text("select head, head_hash from plans")).all() == [(len(rows), rows[-1][1])]
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


def test_an_edit_of_an_unknown_plan_is_refused_with_the_nearest(log):
    with pytest.raises(ParameterError, match="trial"):
        log.append("trail", [Edit("/segments/a/customers", 1)], author="x", base=0)


def test_two_writers_at_once_both_get_their_revision_and_both_values_are_listed(log, store_url):
    def write(n):
        own = RevisionLog(store_url)
        try:
            return own.append("trial", [Edit("/segments/a/name", f"w{n}")], author=str(n), base=before)
        finally:
            own.close()

    before = log.head("trial")
    with ThreadPoolExecutor(8) as pool:
        sequences = list(pool.map(write, range(24)))
    assert sorted(sequences) == list(range(before + 1, before + 25))
    (conflict,) = conflicts(log.revisions("trial"))
    assert {revision.value for revision in conflict.revisions} == {f"w{n}" for n in range(24)}
    assert log.verify() == []


def test_a_scenario_has_its_own_values_and_the_plans_others(log):
    log.append("trial", [Edit("/segments/a/customers", 99)], author="x", base=0, scenario="bold")
    log.append("trial", [Edit("/segments/b/customers", 7)], author="x", base=0)
    assert log.plan("trial")[0].item("a").customers == 12
    bold = log.plan("trial", scenario="bold")[0]
    assert (bold.item("a").customers, bold.item("b").customers) == (99, 7)


def test_texts_of_every_kind_come_back_as_they_were(log):
    text = "à la carte \u0000 \u202e 🎈 \r\n '); drop table revisions; --"
    log.append("trial", [Edit("/segments/a/name", text)], author="né " * 100, base=0)
    last = log.revisions("trial")[-1]
    assert last.value == text
    assert last.author == ("né " * 100)[:200]


def test_half_a_character_is_refused_with_a_sentence_and_nothing_is_stored(log):
    before = log.head("trial")
    with pytest.raises(StoreError, match=r"U\+D83D"):
        log.append("trial", [Edit("/segments/a/name", "x\ud83d")], author="x", base=0)
    assert log.head("trial") == before


def test_a_log_asked_to_be_read_only_reads_and_refuses_to_write(log, store_url):
    reader = RevisionLog(store_url, read_only=True)
    assert reader.read_only
    assert reader.plan("trial")[0] == PLAN
    with pytest.raises(StoreError, match="can only be read"):
        reader.append("trial", [Edit("/segments/a/customers", 1)], author="x", base=0)
    with pytest.raises(StoreError, match="can only be read"):
        reader.create("other", PLAN, author="x")
    reader.close()
    assert not log.read_only


def test_a_file_that_is_no_database_is_refused_and_stays_as_it_was(tmp_path):
    file = tmp_path / "plans.sqlite"
    file.write_bytes(b"not a database, but somebody's letter" * 50)
    with pytest.raises(StoreError, match="no store of plans"):
        RevisionLog.in_file(file)
    assert file.read_bytes() == b"not a database, but somebody's letter" * 50


def test_an_empty_file_is_refused_since_a_new_store_would_hide_the_loss(tmp_path):
    (tmp_path / "plans.sqlite").touch()
    with pytest.raises(StoreError, match="is empty"):
        RevisionLog.in_file(tmp_path / "plans.sqlite")


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_somebody_elses_database_is_refused_and_stays_as_it_was(tmp_path, journal):
    file = tmp_path / "plans.sqlite"
    connection = sqlite3.connect(file)
    connection.execute(f"pragma journal_mode={journal}")
    connection.execute("create table store (name text)")
    connection.commit()
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match="no store of plans"):
        RevisionLog.in_file(file)
    assert file.read_bytes() == before


def test_somebody_elses_tables_on_a_server_are_refused(new_postgres):
    url = new_postgres()
    with psycopg.connect(url) as connection:
        connection.execute("create table plans (name text)")
    with pytest.raises(StoreError, match="no store of plans"):
        RevisionLog(url)


def test_a_store_of_a_newer_version_is_refused(log, store_url):
    with log.database.writing() as connection:
        connection.execute(sa.text("update store set schema_version = 99"))
    with pytest.raises(StoreError, match="schema 99"):
        RevisionLog(store_url)


def test_a_store_that_sqlites_own_tools_put_into_wal_mode_is_taken_back(in_file, tmp_path):
    with sqlite3.connect(tmp_path / "plans.sqlite") as connection:
        connection.execute("pragma journal_mode=wal")
    connection.close()
    in_file.append("trial", [Edit("/segments/a/customers", 1)], author="x", base=0)
    assert sqlite3.connect(tmp_path / "plans.sqlite").execute("pragma journal_mode").fetchone() == ("delete",)


def test_a_file_gone_meanwhile_is_not_made_anew(in_file, tmp_path):
    (tmp_path / "plans.sqlite").unlink()
    with pytest.raises(StoreError, match="unable to open"):
        in_file.append("trial", [Edit("/segments/a/customers", 1)], author="x", base=0)
    assert not (tmp_path / "plans.sqlite").exists()


@pytest.mark.parametrize("name", ["plans?mode=memory", "plans#1", "100%41", "ünï cödé", "a b"])
def test_a_file_may_have_any_name(tmp_path, name):
    log = RevisionLog.in_file(tmp_path / name)
    log.create("trial", PLAN, author="x")
    assert log.plan("trial")[0] == PLAN
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "address", ["mysql://ann:s3cret@host/db", "postgres//ann:s3cret", "sqlite://", "postgresql://ann:s3cret@h:x/db"]
)
def test_an_address_that_is_not_understood_is_refused_without_repeating_its_password(address):
    with pytest.raises(StoreError, match="postgresql://USER@HOST") as refused:
        RevisionLog(address)
    assert "s3cret" not in str(refused.value)


def test_a_server_that_is_not_there_is_said_without_the_password(free_port):
    with pytest.raises(StoreError, match="does not answer") as refused:
        RevisionLog(f"postgresql://ann:s3cret@127.0.0.1:{free_port}/plans?password=s3cret&application_name=s3cret")
    assert "s3cret" not in str(refused.value)
    assert "ann:***@127.0.0.1" in str(refused.value)


def test_a_reader_of_the_server_without_the_right_to_write_gets_a_read_only_log(new_postgres):
    url = new_postgres()
    RevisionLog(url).create("trial", PLAN, author="x")
    schema = url.rsplit("%3D", 1)[1]
    with psycopg.connect(url) as connection:
        connection.execute(f"create role reader_of_{schema} login")
        connection.execute(f"grant usage on schema {schema} to reader_of_{schema}")
        connection.execute(f"grant select on all tables in schema {schema} to reader_of_{schema}")
    log = RevisionLog(url.replace("postgres@", f"reader_of_{schema}@"))
    assert log.read_only
    assert log.plan("trial")[0] == PLAN
    with pytest.raises(StoreError, match="can only be read"):
        log.append("trial", [Edit("/segments/a/customers", 1)], author="x", base=0)


def test_a_server_started_again_is_found_again(new_postgres):
    url = new_postgres()
    log = RevisionLog(url)
    log.create("trial", PLAN, author="x")
    with psycopg.connect(url) as connection:
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
    assert log.append("trial", [Edit("/segments/a/customers", 1)], author="x", base=0) == log.head("trial")


def test_a_workspace_keeps_its_plans_where_its_settings_say(tmp_path, new_postgres):
    url = new_postgres()
    home = Workspace.create(tmp_path)
    (tmp_path / "workbook.toml").write_text(f'format = 1\nstore = "{url}"\n')
    home.new_plan("trial")
    assert RevisionLog(url).plans() == ["trial"]
    assert not (tmp_path / "plans.sqlite").exists()


@pytest.mark.parametrize("text", ["store = ", "store = 3", b"\xff"])
def test_settings_that_cannot_be_read_are_said_plainly(tmp_path, text):
    Workspace.create(tmp_path)
    (tmp_path / "workbook.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(StoreError, match=r"workbook\.toml"):
        Workspace.find(tmp_path).log


def test_without_psycopg_the_server_is_refused_with_what_to_install():
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from workbook.plan.store import RevisionLog\n"
        "try: RevisionLog('postgresql://ann@127.0.0.1/plans')\n"
        "except Exception as problem: print(problem)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=dict(os.environ))
    assert "marketing-workbook[postgres]" in said.stdout, said.stderr


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
