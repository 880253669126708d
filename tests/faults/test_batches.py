"""Reports that fail, hang, end and are killed; batches that are interrupted, doubled, or have no room to write."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import pytest
from faults.running import ENVIRONMENT, read_only_disk, small_disk
from reports.small_reports import small_report

from workbook.errors import ParameterError
from workbook.kernels import forking
from workbook.reports import batch
from workbook.reports.manifest import MANIFEST
from workbook.reports.places import Folder
from workbook.reports.report import OutOfReach

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not forking.FORKS, reason="reports are run in copies of a template on Linux only"),
]
slow = pytest.mark.slow

WAYS = {
    "raises": ("raise ValueError('no luck')", "ValueError: no luck"),
    "hangs": ("import time; time.sleep(600)", "not finished within 3 s. Allow more with --cell-seconds"),
    "loops": ("while True: pass", "not finished within 3 s. Allow more with --cell-seconds"),
    "exits": ("import os; os._exit(3)", "its process ended (exit code 3)"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "its process ended (exit code -9)"),
}


def ill(faults):
    """Return the source of a cell that does to each plan what ``faults`` says."""
    return "\n".join(f"if plan == {plan!r}:\n    {WAYS[way][0]}" for plan, way in faults.items())


def entries(out):
    return json.loads((out / MANIFEST).read_text("utf-8"))["reports"]


def plans(count):
    return [f"p{i:02}" for i in range(count)]


def mended(workspace):
    """Take the cell that fails out of the report, and leave everything else."""
    page = workspace.folder / "notebooks" / "report.ipynb"
    notebook = json.loads(page.read_text("utf-8"))
    notebook["cells"][-1]["source"] = "print(plan)"
    page.write_text(json.dumps(notebook), "utf-8")


def require_one_named(workspace, out, faults, count):
    seen = {}
    with pytest.raises(batch.ReportError):
        batch.run(
            workspace,
            batch.jobs(workspace),
            out,
            limits=batch.Limits(cell=3),  # a busy machine does not start a cell at once
            watch=lambda entry, files: seen.setdefault(entry.job.plan, entry),
        )
    assert {plan for plan, entry in seen.items() if entry.state == "done"} == set(plans(count)) - set(faults)
    for plan, way in faults.items():
        entry = entries(out)[f"{plan}/base/all/en/report"]
        assert entry["state"] == "failed"
        assert entry["reason"].startswith(f"{plan}/base/all/en: notebook report.ipynb, cell 3 (")
        assert WAYS[way][1] in entry["reason"]
        assert entry["tries"] == (2 if way in ("exits", "killed") else 1)
        assert not list((out / plan).rglob("report*"))


def test_E1_what_becomes_of_some_reports_is_nothing_to_the_others(tmp_path):
    faults = dict(zip(("p01", "p03", "p04", "p06", "p07"), WAYS, strict=True))
    workspace = small_report(tmp_path / "team", "print(plan)", ill(faults), plans=plans(10))
    out = tmp_path / "out"
    require_one_named(workspace, out, faults, 10)
    mended(workspace)
    # The notebook has changed, so everything is made anew; then nothing is left to do.
    assert len(batch.run(workspace, batch.jobs(workspace), out, resume=True)) == 10
    before = _times(out)
    assert sorted(batch.run(workspace, batch.jobs(workspace), out, resume=True)) == sorted(before)
    assert _times(out) == before


@slow
@pytest.mark.parametrize("way", WAYS)
def test_E1_one_of_a_hundred(way, tmp_path):
    # What ails the one is outside of all that a report is made from, so that resuming has only that one to do.
    cell = (
        f"from pathlib import Path\nif plan == 'p37' and Path({str(tmp_path / 'ill')!r}).exists():\n    {WAYS[way][0]}"
    )
    workspace = small_report(tmp_path / "team", "print(plan)", cell, plans=plans(100))
    (tmp_path / "ill").touch()
    command = [
        sys.executable,
        "-m",
        "workbook.cli",
        "report",
        "--workspace",
        str(workspace.folder),
        "--cell-seconds",
        "3",  # a busy machine does not start a cell at once
    ]
    first = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert first.returncode == 1
    assert len(first.stdout.splitlines()) == 99
    assert f"p37/base/all/en: notebook report.ipynb, cell 3 ({WAYS[way][0]})" in first.stderr
    assert WAYS[way][1] in first.stderr
    (tmp_path / "ill").unlink()
    written = {path: path.stat().st_mtime_ns for path in workspace.folder.rglob("report.html")}
    second = subprocess.run([*command, "--resume"], env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert second.returncode == 0, second.stderr
    now = {path: path.stat().st_mtime_ns for path in workspace.folder.rglob("report.html")}
    assert [path.parts[-5] for path in now if now[path] != written.get(path)] == ["p37"]


@slow
def test_a_report_past_its_limit_is_ended_with_what_it_has_started(tmp_path):
    cell = "import subprocess\nprint(subprocess.Popen(['sleep', '543']).pid, flush=True)\nimport time; time.sleep(600)"
    workspace = small_report(tmp_path / "team", cell, plans=plans(1))
    with pytest.raises(batch.ReportError, match="not finished within 1 s"):
        batch.run(workspace, batch.jobs(workspace), tmp_path / "out", limits=batch.Limits(report=1))
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "543"]]


@slow
def test_a_template_that_is_killed_costs_no_report(tmp_path):
    workspace = small_report(tmp_path / "team", "import time; time.sleep(0.1)", plans=plans(6))
    killed = []

    def kill_once(entry, files):
        if killed:  # what is left of it has no command line any more
            return
        template = [p for p in psutil.Process().children() if "reports/template.py" in " ".join(p.cmdline())]
        if template:
            template[0].kill()
            killed.append(template[0].pid)

    written = batch.run(workspace, batch.jobs(workspace), tmp_path / "out", watch=kill_once)
    assert killed
    assert len(written) == 6


def test_E3_the_second_batch_into_a_folder_is_refused(tmp_path):
    workspace = small_report(tmp_path / "team", "1", plans=plans(1))
    first = Folder(tmp_path / "out")
    with pytest.raises(ParameterError, match="another batch is writing there"):
        batch.run(workspace, batch.jobs(workspace), tmp_path / "out")
    first.close()
    Folder(tmp_path / "out").close()


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence_before_anything_runs(tmp_path):
    workspace = small_report(tmp_path / "team", "1", plans=plans(1))
    refused = pytest.raises(OutOfReach, match=r"cannot be written .Read-only file system.. Make room there, or choose")
    with read_only_disk(tmp_path / "team"), refused:
        batch.run(workspace, batch.jobs(workspace), workspace.folder / "reports")
    (tmp_path / "file").touch()
    with pytest.raises(OutOfReach, match="cannot be written"):
        batch.run(workspace, batch.jobs(workspace), tmp_path / "file" / "out")


@slow
def test_a_full_disk_ends_the_batch_with_a_sentence_and_no_half_file(tmp_path):
    workspace = small_report(tmp_path / "team", "print('x' * 600_000)", plans=plans(8))
    with small_disk(tmp_path / "small", size="4m") as out:
        with pytest.raises(OutOfReach, match="No space left on device"):
            batch.run(workspace, batch.jobs(workspace), out, at_once=2)
        listed = entries(out)
        assert 0 < len(listed) < 8
        for name, entry in listed.items():
            for file in entry["files"]:
                assert (out / name).parent.joinpath(file["name"]).stat().st_size == file["size"]
        assert all(path.read_text("utf-8").endswith("</html>\n") for path in out.rglob("*.html"))


@slow
def test_E2_reports_killed_while_they_are_written_are_whole_or_not_there(tmp_path):
    workspace = small_report(tmp_path / "team", "print('x' * 3_000_000)", plans=plans(40))
    command = [sys.executable, "-m", "workbook.cli", "report", "--workspace", str(workspace.folder)]
    reports = workspace.folder / "reports"
    for i in range(30):
        process = subprocess.Popen(
            command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        children = _template_of(process)
        before = _times(reports)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and before == _times(reports):
            time.sleep(0.005)
        time.sleep(0.01 * i)
        for each in (process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()
        for path in reports.rglob("report.*"):
            content = path.read_text("utf-8")
            assert content.endswith("</html>\n") if path.suffix == ".html" else json.loads(content)
        if (reports / MANIFEST).exists():
            entries(reports)


def _times(reports):
    return {path: path.stat().st_mtime_ns for path in reports.rglob("report.html")}


def _template_of(process):
    """Wait until the batch has its template, and return the processes below it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        below = psutil.Process(process.pid).children(recursive=True)
        if below:
            return [child.pid for child in below]
        time.sleep(0.01)
    raise AssertionError("no template was started")


@slow
def test_four_hundred_reports_interrupted_and_resumed(tmp_path):
    workspace = small_report(
        tmp_path / "team", "print(plan, segment, language)", plans=[f"p{i:03}" for i in range(200)]
    )
    arguments = ["report", "--workspace", str(workspace.folder), "--language", "en", "--language", "it", "--resume"]
    command = [sys.executable, "-m", "workbook.cli", *arguments]
    reports = workspace.folder / "reports"
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(150):
        process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == "Stopped. What was written is listed; with --resume only the rest is run.\n"
    listed = entries(reports)
    assert 150 <= len(listed) < 400
    assert (reports / "index.html").read_text("utf-8").count("<tr data-plan") == len(listed)
    times = {name: (reports / name).parent.joinpath("report.html").stat().st_mtime_ns for name in listed}
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(entries(reports)) == 400
    for name, written in times.items():
        assert (reports / name).parent.joinpath("report.html").stat().st_mtime_ns == written
