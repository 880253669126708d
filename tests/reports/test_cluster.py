"""Reports past one machine: the workers of a Dask cluster run them, and give what this machine gives."""

import json
from contextlib import contextmanager

import pytest
from reports.small_reports import printed, small_report
from reports.test_engine import exhibits_of

from workbook.errors import ParameterError
from workbook.pages import import_samples, made_workspace
from workbook.plan.workspace import Workspace
from workbook.reports import batch

pytest_plugins = ["postgres"]
pytestmark = [pytest.mark.slow, pytest.mark.network]


@contextmanager
def cluster():
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as running:
        yield running.scheduler_address


def test_workers_run_plans_that_a_server_keeps_and_no_password_travels(new_postgres, tmp_path):
    workspace = made_workspace(tmp_path / "team")
    address = new_postgres().replace("postgres@", "postgres:secret-word@")
    (workspace.folder / "workbook.toml").write_text(f'format = 1\nstore = "{address}"\n', "utf-8")
    workspace = Workspace(workspace.folder)
    import_samples(workspace)
    asked = batch.jobs(workspace, ["adaptive-test"], ["en", "it"])
    with cluster() as scheduler:
        files = batch.run(workspace, asked, f"file://{tmp_path}/out", scheduler=scheduler)
    assert len(files) == 2
    here = tmp_path / "here"
    batch.run(workspace, asked, here)
    for job in asked:
        there = job.folder(tmp_path / "out") / "report.ipynb"
        assert exhibits_of(there) == exhibits_of(job.folder(here) / "report.ipynb")
        assert "secret-word" not in there.read_text("utf-8")
    workspace.log.close()


def test_a_report_that_fails_on_a_worker_is_named_and_the_others_are_there(tmp_path):
    workspace = small_report(
        tmp_path / "team", "print(plan)", "if plan == 'b':\n    raise ValueError('no luck')", plans="abcdef"
    )
    asked = batch.jobs(workspace)
    with cluster() as scheduler, pytest.raises(batch.ReportError) as failed:
        batch.run(workspace, asked, tmp_path / "out", scheduler=scheduler)
    assert str(failed.value) == (
        "b/base/all/en: notebook report.ipynb, cell 3 (raise ValueError('no luck')): ValueError: no luck"
    )
    assert [printed(tmp_path / "out", job) for job in asked if job.plan != "b"] == [f"{plan}\n" for plan in "acdef"]
    listed = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["reports"]
    assert [entry["state"] for entry in listed.values()] == ["done", "failed", "done", "done", "done", "done"]


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch, free_port, tmp_path):
    from workbook.reports import cluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    workspace = small_report(tmp_path / "team", "1", plans="a")
    with pytest.raises(ParameterError, match=r"no Dask scheduler answers at tcp://127.0.0.1"):
        batch.run(workspace, batch.jobs(workspace), tmp_path / "out", scheduler=f"tcp://127.0.0.1:{free_port}")
