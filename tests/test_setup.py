"""The files that set the project up agree with one another and name no machine but the reader's."""

import os
import re
import subprocess
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
FIXED = {"altair", "ipywidgets", "jupyterlab", "pandas", "papermill", "voila"}
# Below these, pages or exports have known holes.
SECURITY_FLOORS = {"voila": "0.5.6", "jupyter-server": "2.20.0", "nbconvert": "7.17.1"}


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@cache
def requirements() -> dict[str, Requirement]:
    extras = project()["optional-dependencies"].values()
    lines = [*project()["dependencies"], *(line for extra in extras for line in extra)]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def floor(requirement: Requirement) -> Version:
    (lowest,) = (part.version for part in requirement.specifier if part.operator == ">=")
    return Version(lowest)


@cache
def locked() -> list[tuple[Requirement, str]]:
    """Return each pinned requirement of the lock and the text of its entry."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    return [(Requirement(entry.splitlines()[0].rstrip(" \\")), entry) for entry in entries if entry.strip()]


@cache
def texts() -> dict[str, str]:
    """Return every text file of the project, by its path."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    names = asked.stdout.split("\0") if asked.returncode == 0 else _walked()
    found = {}
    for name in names:
        path = ROOT / name
        if name and path.is_file():
            try:
                found[name] = path.read_text("utf-8")
            except UnicodeDecodeError:
                continue
    return found


def _walked() -> list[str]:
    left_out = {"__pycache__", "build", "demo", "dist", "node_modules"}
    names = []
    for folder, below, files in os.walk(ROOT):
        below[:] = [name for name in below if name not in left_out and not name.startswith(".")]
        names += [Path(folder, name).relative_to(ROOT).as_posix() for name in files]
    return names


def places(pattern: str) -> list[str]:
    """Return file and line of everything that ``pattern`` finds in the project."""
    return [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit.group()}"
        for name, text in texts().items()
        for hit in re.finditer(pattern, text)
    ]


def readme_code() -> list[str]:
    """Return the README's code: each line of a fenced block, and each span."""
    text = (ROOT / "README.md").read_text("utf-8")
    fence = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
    lines = [line for block in fence.findall(text) for line in block.splitlines()[1:-1]]
    return lines + re.findall(r"`([^`\n]+)`", fence.sub("", text))


def test_every_dependency_has_a_floor():
    assert all(floor(requirement) for requirement in requirements().values())


def test_the_conda_environment_has_the_floors_of_the_project():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    conda = {line.name: line for line in (Requirement(entry) for entry in listed if isinstance(entry, str))}
    assert set(conda) == FIXED | {"python", "pip"}
    assert str(conda["python"].specifier) == project()["requires-python"]
    assert {name: floor(conda[name]) for name in FIXED} == {name: floor(requirements()[name]) for name in FIXED}
    assert listed[-1] == {"pip": ["-e ."]}


def test_the_lock_holds_every_dependency_at_its_floor_or_above():
    pinned = {}
    for pin, _ in locked():
        (exact,) = pin.specifier
        assert exact.operator == "=="
        pinned.setdefault(canonicalize_name(pin.name), []).append(Version(exact.version))
    assert requirements().keys() <= pinned.keys()
    for name, requirement in requirements().items():
        assert min(pinned[name]) >= floor(requirement), name


def test_the_lock_has_a_hash_for_everything_and_names_no_host():
    assert [pin.name for pin, entry in locked() if "--hash=sha256:" not in entry] == []
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")


@pytest.mark.parametrize("name", SECURITY_FLOORS)
def test_versions_with_known_holes_are_refused(name):
    assert floor(requirements()[name]) >= Version(SECURITY_FLOORS[name])
    assert Version(version(name)) >= Version(SECURITY_FLOORS[name])


@pytest.mark.parametrize("name", sorted(requirements()))
def test_what_is_installed_satisfies_the_project(name):
    assert requirements()[name].specifier.contains(version(name), prereleases=True)


def test_every_make_target_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for code in readme_code() for name in re.findall(r"\bmake ([a-z][\w-]*)", code)}
    assert named, "the README names no make target"
    assert named <= targets


def test_the_readme_and_the_command_name_the_same_commands():
    from workbook.cli import main

    called = re.compile(r"(?<!import )(?<!from )(?<![\w.-])workbook ([a-z][\w-]*)")
    assert {name for code in readme_code() for name in called.findall(code)} == set(main.commands)


def test_every_dependency_earns_its_place():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.split("## Every dependency earns its place", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)
    assert sorted(canonicalize_name(name) for name, _ in rows) == sorted(requirements())


def test_the_pre_commit_hooks_are_local_and_run_what_make_lint_runs():
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert {repo["repo"] for repo in repos} == {"local"}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for hook in repos[0]["hooks"]:
        assert f"$(BIN)/{hook['entry'].split()[0]}" in makefile


def test_no_file_names_a_package_registry():
    hosts = [("pypi", "org"), ("python" + "hosted", "org"), ("npmjs", "org"), ("anaconda", "com"), ("anaconda", "org")]
    hosts += [("npmjs", "com"), ("deb", "debian", "org"), ("archive", "ubuntu", "com"), ("crates", "io")]
    assert places("|".join(r"\.".join(host) for host in hosts)) == []


def test_no_file_names_a_path_of_a_developers_machine():
    homes = r"(?<![\w.:/<])/(?:home|Users)/[\w.-]+|[A-Z]:\\Users\\\w+"
    assert places(rf"{homes}|{re.escape(str(ROOT))}(?![\w-])") == []


def test_nothing_is_left_to_do():
    assert places(r"\b(?:TO" + r"DO|FIX" + r"ME)\b") == []


@pytest.mark.parametrize("name", [".ci/run", "postBuild"])
def test_scripts_can_be_run(name):
    assert os.access(ROOT / name, os.X_OK)
    assert "set -euo pipefail" in (ROOT / name).read_text("utf-8")
