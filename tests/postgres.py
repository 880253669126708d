"""A PostgreSQL of the tests' own: found or installed, started in a passing folder on a free port, ended by its pid.

A test module asks for it with ``pytest_plugins = ["postgres"]``; ``store_url`` then gives each test an empty store, once
in a file and once on the server.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

MISSING = (
    "These tests need PostgreSQL's server: install it (on Debian: apt-get install postgresql), "
    "or put the folder with initdb and postgres on the PATH."
)
PLACES = "/usr/lib/postgresql/*/bin"
SECONDS = 60
_numbers = count(1)


def find_postgres() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres``."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/").glob(PLACES.lstrip("/")), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def install() -> None:
    """Install Debian's PostgreSQL where we may, without starting Debian's own server; elsewhere do nothing."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "postgresql"]):
        subprocess.run(["apt-get", "-qq", *step], env=environment, timeout=600, check=False, **quiet)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the address of an empty server; a test that cannot have one fails and says what to do."""
    binaries = find_postgres()
    if binaries is None:
        install()
        binaries = find_postgres()
    if binaries is None:
        pytest.fail(MISSING, pytrace=False)
    # Not in pytest's own folder: the server runs as another user, who may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="workbook-postgres-"))
    user = {}
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    try:
        initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
        options = ["--no-sync", "--encoding=UTF8", "--locale=C"]
        subprocess.run([*initdb, *options], cwd=folder, check=True, capture_output=True, timeout=SECONDS, **user)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 100,
            "shared_buffers": "16MB",
            "autovacuum": "off",
        }
        command = [str(binaries / "postgres"), "-D", str(folder / "data")]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, preexec_fn=_end_with_us, **user)
        try:
            _wait(server, port, folder / "log")
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_postgres(postgres_url: str) -> Callable[[], str]:
    """Return a function that gives the address of an empty place on the server."""
    import psycopg

    def new() -> str:
        schema = f"test_{next(_numbers)}"
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
        return f"{postgres_url}?options=-csearch_path%3D{schema}"

    return new


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a store that is not there yet: in a file, and on a server."""
    if request.param == "postgres":
        return request.getfixturevalue("new_postgres")()
    return f"sqlite:///{tmp_path / 'plans.sqlite'}"


def _end_with_us() -> None:
    """Have the kernel stop the server when the tests are killed, where the kernel can (Linux)."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _wait(server: subprocess.Popen, port: int, log: Path) -> None:
    limit = time.monotonic() + SECONDS
    import psycopg

    while time.monotonic() < limit and server.poll() is None:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-500:]}", pytrace=False)
