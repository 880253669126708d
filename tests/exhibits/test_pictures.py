"""A picture counts for the very revision, plan, page and language it was taken of, and for nothing else."""

import os
from dataclasses import replace

import pytest

from workbook.exhibits import pictures
from workbook.exhibits.pictures import FOLDER, keep_picture, kept_picture, picture_mark
from workbook.pages import PageParameters, made_workspace

SLOTS = [{"kind": "exhibit", "payload": {"finding": "</script><b>è"}}]
ASKED = PageParameters()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return made_workspace(tmp_path_factory.mktemp("pictures") / "team")


def test_a_picture_comes_back_as_it_was_kept(workspace):
    assert keep_picture(workspace, "08_channels", ASKED, 7, SLOTS)
    assert kept_picture(workspace, "08_channels", ASKED, 7) == SLOTS


def test_the_same_picture_is_not_written_again_and_another_has_another_mark(workspace):
    def mark():
        return picture_mark(workspace, "08_channels", ASKED)

    keep_picture(workspace, "08_channels", ASKED, 7, SLOTS)
    first = mark()
    assert first != picture_mark(workspace, "00_charter", ASKED) == (0, 0)
    assert keep_picture(workspace, "08_channels", ASKED, 7, SLOTS)
    assert mark() == first
    assert keep_picture(workspace, "08_channels", ASKED, 8, SLOTS)
    assert mark() != first
    assert kept_picture(workspace, "08_channels", ASKED, 8) == SLOTS


def test_what_two_pages_drew_at_the_same_time_is_kept_of_both_while_it_is_of_the_same_figures(workspace):
    def drawn(width, finding="same"):
        drawing = {"width": width - 20, "screen": width, "theme": "dark", "measure": 1.5, "svg": "<svg/>"}
        return [{"kind": "exhibit", "payload": {"finding": finding}, "drawings": [drawing]}]

    for width in (1440, 820, 390, 820):
        keep_picture(workspace, "07_balance", ASKED, 7, drawn(width))
    found = kept_picture(workspace, "07_balance", ASKED, 7)[0]["drawings"]
    assert [one["screen"] for one in found] == [1440, 390, 820]
    keep_picture(workspace, "07_balance", ASKED, 7, drawn(1024, "another"))
    assert [one["screen"] for one in kept_picture(workspace, "07_balance", ASKED, 7)[0]["drawings"]] == [1024]


@pytest.mark.parametrize(
    "other",
    [{"plan": "other"}, {"language": "it"}, {"scenario": "paid"}, {"segment": "enterprise"}],
    ids=lambda other: next(iter(other)),
)
def test_there_is_none_of_anything_else(workspace, other):
    keep_picture(workspace, "08_channels", ASKED, 7, SLOTS)
    assert kept_picture(workspace, "08_channels", replace(ASKED, **other), 7) is None


def test_there_is_none_of_another_revision_page_notebook_version_or_day(workspace, monkeypatch):
    keep_picture(workspace, "08_channels", ASKED, 7, SLOTS)
    for revision in (6, 8):
        assert kept_picture(workspace, "08_channels", ASKED, revision) is None
    assert kept_picture(workspace, "00_charter", ASKED, 7) is None
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "_version", lambda: "another")
        assert kept_picture(workspace, "08_channels", ASKED, 7) is None
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "date", type("Later", (pictures.date,), {"today": lambda: pictures.date(2099, 1, 1)}))
        assert kept_picture(workspace, "08_channels", ASKED, 7) is None
    notebook = workspace.folder / "notebooks" / "08_channels.ipynb"
    before = notebook.read_text("utf-8")
    notebook.write_text(before.replace("Where should", "Where shall"), "utf-8")
    assert kept_picture(workspace, "08_channels", ASKED, 7) is None
    notebook.write_text(before, "utf-8")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"slots": 1}', b"\xff\xfe", b"null"])
def test_a_damaged_picture_is_none(workspace, content):
    keep_picture(workspace, "08_channels", ASKED, 7, SLOTS)
    for path in (workspace.folder / FOLDER).glob("08_channels-*.json"):
        path.write_bytes(content)
    assert kept_picture(workspace, "08_channels", ASKED, 7) is None


def test_the_oldest_go_when_there_are_many_and_large_ones_are_not_kept(workspace, monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 3)
    for n in range(6):
        keep_picture(workspace, "08_channels", replace(ASKED, plan=f"plan-{n}"), 1, SLOTS)
        for path in (workspace.folder / FOLDER).glob("*.json"):
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10**9))
    left = [n for n in range(6) if kept_picture(workspace, "08_channels", replace(ASKED, plan=f"plan-{n}"), 1)]
    assert left == [3, 4, 5]
    monkeypatch.setattr(pictures, "LARGEST", 10)
    assert not keep_picture(workspace, "08_channels", ASKED, 1, SLOTS)


def test_a_folder_that_cannot_be_written_takes_no_picture_and_does_no_harm(workspace, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures, "write_atomically", full)
    assert not keep_picture(workspace, "08_channels", replace(ASKED, plan="full"), 1, SLOTS)
