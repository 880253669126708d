"""Reports in other places than a folder: whole, listed, and found again by what they were made from."""

import fsspec
import pytest
from reports.small_reports import small_report

from workbook.errors import ParameterError
from workbook.kernels import forking
from workbook.reports import batch
from workbook.reports.manifest import Manifest
from workbook.reports.places import Remote, place_at
from workbook.reports.report import OutOfReach


@pytest.fixture
def memory():
    files = fsspec.filesystem("memory")
    yield files
    files.rm("/", recursive=True) if files.ls("/") else None


@pytest.mark.skipif(not forking.FORKS, reason="takes long where reports run in kernels")
def test_reports_are_written_to_an_address_and_not_again(memory, tmp_path):
    workspace = small_report(tmp_path / "team", "print('here')", plans=("a", "b"))
    asked = batch.jobs(workspace)
    written = batch.run(workspace, asked, "memory://client/reports")
    assert written[0].startswith("memory://client/reports/")
    assert sorted(memory.glob("client/reports/**/report.*")) == [
        f"/client/reports/{plan}/base/all/en/report.{ending}" for plan in "ab" for ending in ("html", "ipynb")
    ]
    assert b"here" in memory.cat("client/reports/a/base/all/en/report.html")
    assert memory.exists("client/reports/index.html")
    before = memory.modified("client/reports/a/base/all/en/report.html")
    assert sorted(batch.run(workspace, asked, "memory://client/reports", resume=True)) == sorted(written)
    assert memory.modified("client/reports/a/base/all/en/report.html") == before
    assert not (tmp_path / "memory:").exists()


def test_a_file_is_there_whole_or_not_at_all(memory, monkeypatch, tmp_path):
    place = Remote("memory://reports")
    place.write("a/report.html", b"first")

    def fail(path, content):
        memory.open(path, "wb").write(content[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place._files, "pipe_file", fail)
    with pytest.raises(OutOfReach, match="No space left on device"):
        place.write("a/report.html", b"second")
    assert place.read("a/report.html") == b"first"
    assert place.read("b") is None
    place.close()


def test_an_address_of_no_kind_that_is_known_is_refused():
    with pytest.raises(ParameterError, match=r"nowhere://x: no place that can be written to"):
        place_at("nowhere://x")


def test_a_list_of_another_kind_is_not_overwritten(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "an app"}', "utf-8")
    place = place_at(tmp_path)
    with pytest.raises(Exception, match=r"manifest.json is no list of reports of this version"):
        Manifest.of(place)
    place.close()
