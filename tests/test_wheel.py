"""The wheel alone is enough: installed elsewhere, it makes a workspace and checks it."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(build, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--target", str(folder), str(wheel)], check=True)
    return folder


def python(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_the_wheel_holds_what_the_package_reads(wheel):
    names = set(ZipFile(wheel).namelist())
    beside = [path for path in (ROOT / "workbook").rglob("*") if path.suffix in {".css", ".js", ".po", ".py"}]
    expected = {path.relative_to(ROOT).as_posix() for path in beside}
    for folder in ("notebooks", "data"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        expected |= {f"workbook/_shipped/{path.relative_to(ROOT).as_posix()}" for path in files}
    left_out = (".ipynb_checkpoints", "__pycache__", ".DS_Store")
    assert {name for name in expected if not any(part in name for part in left_out)} <= names
    assert [name for name in names if any(part in name for part in left_out)] == []
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {
        "workbook",
        "marketing_workbook-0.1.0.data",
    }  # the kernelspec goes to share/jupyter


def test_an_installed_wheel_makes_the_sample_workspace_and_checks_it(site, tmp_path):
    where = python(site, tmp_path, "-c", "import workbook; print(workbook.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(site)
    command = "from workbook.cli import main; main(prog_name='workbook')"
    for arguments in (["demo", "demo"], ["check"]):
        folder = tmp_path if arguments[0] == "demo" else tmp_path / "demo"
        done = python(site, folder, "-c", command, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "demo" / "workbook.toml").is_file()
