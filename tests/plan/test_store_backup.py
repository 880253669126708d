"""A workspace in one file and back, equal; the commands that do it, and what they refuse."""

import json
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from workbook.cli import main
from workbook.errors import StoreError
from workbook.plan.backup import backup, restore
from workbook.plan.revisions import Edit
from workbook.plan.store import RevisionLog
from workbook.plan.workspace import Workspace

pytest_plugins = ["postgres"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        result = CliRunner().invoke(main, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def workspace(folder, store_url):
    home = Workspace.create(folder)
    if not store_url.startswith("sqlite"):
        (folder / "workbook.toml").write_text(f'format = 1\nstore = "{store_url}"  # ours\n')
    home.new_plan("first", "One")
    home.new_plan("second", "Two")
    for n in range(20):
        home.log.append("first", [Edit("/segments/a", {"name": f"A{n}"})], author="ann", base=n)
    home.log.append("first", [Edit("/segments/a/customers", 5)], author="bob", base=3, scenario="bold")
    (folder / "needs.csv").write_text("a,b\n1,2\n")
    home.add_table(folder / "needs.csv")
    (folder / "notebooks" / "mine.ipynb").write_text("{}")
    (folder / "notebooks" / ".ipynb_checkpoints").mkdir()
    (folder / "notebooks" / ".ipynb_checkpoints" / "mine.ipynb").write_text("{}")
    (folder / "reports" / "first").mkdir()
    (folder / "reports" / "first" / "report.html").write_text("big")
    return home


@pytest.fixture
def home(tmp_path, store_url):
    home = workspace(tmp_path / "team", store_url)
    yield home
    home.log.close()


def content(log):
    return {plan: log.revisions(plan) for plan in log.plans()}


def files(folder):
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if name.startswith(("tables/", "notebooks/")) and "checkpoints" not in name}


def test_a_backup_restored_is_equal_plans_history_tables_and_notebooks(home, tmp_path):
    file = backup(home, tmp_path / "kept" / "team.zip")
    again = restore(file, tmp_path / "again")
    assert content(again.log) == content(home.log)
    assert again.log.verify() == []
    assert files(again.folder) == files(home.folder) != set()
    assert all((again.folder / name).read_bytes() == (home.folder / name).read_bytes() for name in files(home.folder))
    assert Workspace.find(tmp_path / "again").log.database.is_file
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["team.zip"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "kept", "team"]


def test_a_backup_holds_no_reports_and_no_address_of_the_server(home, tmp_path):
    with ZipFile(backup(home, tmp_path / "team.zip")) as archive:
        assert not any("report" in name or "checkpoint" in name for name in archive.namelist())
        assert "postgres" not in archive.read("workbook.toml").decode()
        assert {"plans.sqlite", "workbook.toml", "backup.json"} <= set(archive.namelist())


def test_plans_move_from_a_file_to_a_server_and_back(tmp_path, new_postgres):
    home = workspace(tmp_path / "team", "sqlite")
    url = new_postgres()
    served = restore(backup(home, tmp_path / "a.zip"), tmp_path / "served", store=url)
    assert not (served.folder / "plans.sqlite").exists()
    assert content(RevisionLog(url)) == content(served.log) == content(home.log)
    assert served.log.verify() == []
    back = restore(backup(served, tmp_path / "b.zip"), tmp_path / "back")
    assert content(back.log) == content(home.log)
    with pytest.raises(StoreError, match="has plans already"):
        restore(tmp_path / "a.zip", tmp_path / "once-more", store=url)
    assert not (tmp_path / "once-more").exists()


def test_a_backup_goes_into_an_empty_folder_and_into_no_other(home, tmp_path):
    file = backup(home, tmp_path / "team.zip")
    (tmp_path / "empty").mkdir()
    assert restore(file, tmp_path / "empty").log.plans() == ["first", "second"]
    assert [path.name for path in (tmp_path / "empty").iterdir() if path.name.startswith(".")] == []
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("dear")
    with pytest.raises(StoreError, match="not empty"):
        restore(file, tmp_path / "taken")
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["letter.txt"]


def test_a_backup_overwrites_nothing(home, tmp_path):
    (tmp_path / "team.zip").write_text("mine")
    with pytest.raises(StoreError, match="already"):
        backup(home, tmp_path / "team.zip")
    assert (tmp_path / "team.zip").read_text() == "mine"


def altered(source: Path, target: Path, change):
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        change(parts)
        for name, part in parts.items():
            new.writestr(name, part)
    return target


def listed(parts, name, part):
    """Add a member with its fingerprint, as a forger would."""
    import hashlib

    contents = json.loads(parts["backup.json"])
    contents["files"][name] = {"size": len(part), "sha256": hashlib.sha256(part).hexdigest()}
    parts["backup.json"], parts[name] = json.dumps(contents).encode(), part


def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(tmp_path, new_postgres):
    home = workspace(tmp_path / "team", "sqlite")
    good = backup(home, tmp_path / "team.zip")
    bad = [
        altered(good, tmp_path / "1.zip", lambda parts: parts.update({"workbook.toml": b"format = 1\nx = 2\n"})),
        altered(good, tmp_path / "2.zip", lambda parts: parts.pop("plans.sqlite")),
        altered(good, tmp_path / "3.zip", lambda parts: parts.pop("backup.json")),
        *(
            altered(good, tmp_path / f"p{n}.zip", lambda parts, name=name: listed(parts, name, b"x"))
            for n, name in enumerate(["../way-out", "/tmp/way-out", "tables/../../way-out", "tables\\..\\x", "other/x"])
        ),
        altered(good, tmp_path / "4.zip", lambda parts: listed(parts, "plans.sqlite", b"no database" * 90)),
        altered(
            good,
            tmp_path / "5.zip",
            lambda parts: listed(parts, "workbook.toml", b"format = 1") or parts.update({"backup.json": b"[]"}),
        ),
    ]
    (tmp_path / "6.zip").write_bytes(good.read_bytes()[:-300])
    (tmp_path / "7.zip").write_text("a letter")
    damaged = bytearray(good.read_bytes())
    damaged[len(damaged) // 3] ^= 16
    (tmp_path / "8.zip").write_bytes(damaged)
    before = sorted(path.name for path in tmp_path.iterdir())
    for file in [*bad, *(tmp_path / f"{n}.zip" for n in (6, 7, 8)), tmp_path / "missing.zip"]:
        with pytest.raises(StoreError, match=r"Nothing was (restored|changed)"):
            restore(file, tmp_path / "new")
        assert sorted(path.name for path in tmp_path.iterdir()) == before, file


def test_the_brand_of_a_workspace_comes_back_wherever_its_files_are(tmp_path):
    home = workspace(tmp_path / "team", "sqlite")
    (home.folder / "workbook.toml").write_text(
        'format = 1\n[brand]\nlogo = "logo.svg"\nfonts = "type"\ntemplate = "../deck.pptx"\n'
    )
    kept = {"brand/deck.pptx": b"deck", "logo.svg": b"<svg/>", "type/a/Sans.ttf": b"font"}
    for name, content in kept.items():
        (home.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (home.folder / name).write_bytes(content)
    (tmp_path / "deck.pptx").write_bytes(b"somebody else's")
    file = backup(home, tmp_path / "team.zip")
    with ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if name.endswith("deck.pptx") and name != "brand/deck.pptx"]
    again = restore(file, tmp_path / "again")
    assert {name: (again.folder / name).read_bytes() for name in kept} == kept
    forged = altered(file, tmp_path / "forged.zip", lambda parts: listed(parts, "type/../../way-out", b"x"))
    with pytest.raises(StoreError, match="Nothing was restored"):
        restore(forged, tmp_path / "third")


def test_a_backup_of_a_newer_format_is_refused(tmp_path):
    home = workspace(tmp_path / "team", "sqlite")

    def newer(parts):
        parts["backup.json"] = json.dumps(json.loads(parts["backup.json"]) | {"format": 9}).encode()

    with pytest.raises(StoreError, match="format 9"):
        restore(altered(backup(home, tmp_path / "a.zip"), tmp_path / "b.zip", newer), tmp_path / "new")


def test_a_plan_exported_and_imported_into_another_store_is_equal(home, tmp_path, new_postgres):
    home.export_plan("first", tmp_path / "out" / "first.yaml")
    for n, url in enumerate(["sqlite", new_postgres()]):
        other = Workspace.create(tmp_path / f"other{n}")
        if url != "sqlite":
            (other.folder / "workbook.toml").write_text(f'store = "{url}"')
        assert other.import_plan(tmp_path / "out" / "first.yaml") == "first"
        assert other.log.plan("first")[0] == home.log.plan("first")[0]
        other.log.close()


def test_the_commands_back_up_verify_and_restore(run, tmp_path):
    workspace(tmp_path / "team", "sqlite").log.close()
    made = run("backup", "--workspace", "team", "--out", "team.zip")
    assert (made.exit_code, made.output.strip()) == (0, str(tmp_path / "team.zip"))
    unnamed = run("backup", "--workspace", "team")
    assert Path(unnamed.output.strip()).name.startswith("team-2")
    assert run("restore", "team.zip", "again").output.strip() == str(tmp_path / "again")
    assert "2 plans are as they were stored" in run("verify", "--workspace", "again").output
    again = run("restore", "team.zip", "again")
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_damage_is_printed_and_ends_with_1_and_can_still_be_backed_up(run, tmp_path):
    workspace(tmp_path / "team", "sqlite").log.close()
    connection = sqlite3.connect(tmp_path / "team" / "plans.sqlite")
    connection.execute("update revisions set author = 'x\x1b[2J' where plan = 'first' and sequence = 4")
    connection.commit()
    connection.close()
    for words in (["verify"], ["verify", "first"], ["backup", "--out", "a.zip"]):
        done = run(*words, "--workspace", "team")
        assert done.exit_code == 1
        assert "first, revision 4: it was edited" in done.output
    assert run("verify", "second", "--workspace", "team").exit_code == 0
    assert run("restore", "a.zip", "again").exit_code == 1
    assert (tmp_path / "again" / "workbook.toml").exists()


def test_the_history_says_who_changed_what_from_what_to_what_newest_last(run, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_AUTHOR", "ann")
    workspace(tmp_path / "team", "sqlite").log.close()
    lines = run("history", "first", "/segments/a/name", "--workspace", "team").output.splitlines()
    assert lines[0].endswith('ann  /segments/a/name: nothing → "A0"')
    assert lines[-1].endswith('ann  /segments/a/name: "A18" → "A19"')
    assert len(lines) == 20
    assert "bold: /segments/a/customers: nothing → 5" in run("history", "first", "--workspace", "team").output
    assert len(run("history", "first", "--last", "3", "--workspace", "team").output.splitlines()) == 3
    assert "Nothing was ever entered" in run("history", "first", "/segments/zz", "--workspace", "team").output
    unknown = run("history", "frist", "--workspace", "team")
    assert unknown.exit_code == 1
    assert "first" in unknown.output


def test_nothing_in_a_history_moves_the_terminals_cursor(run, tmp_path):
    home = workspace(tmp_path / "team", "sqlite")
    home.log.append("first", [Edit("/segments/a/name", "\x1b[2J\u202e\x9b")], author="\x1b]0;x\x07", base=0)
    output = run("history", "first", "--workspace", "team").output
    assert all(character.isprintable() or character == "\n" for character in output)


def test_a_workspace_whose_settings_are_odd_is_backed_up_with_plain_ones(tmp_path):
    home = workspace(tmp_path / "team", "sqlite")
    (home.folder / "workbook.toml").write_text('format = 1\n"store" = """sqlite:///plans.sqlite"""\n')
    with ZipFile(backup(home, tmp_path / "a.zip")) as archive:
        assert archive.read("workbook.toml").decode().strip() == "format = 1"
