"""The real server as a process of its own, and requests sent to it exactly as written."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, Queue

import psutil
import pytest

from workbook.plan.workspace import Workspace

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json
import sys
from pathlib import Path
from workbook.kernels.unasked import without_the_unasked
from workbook.plan.workspace import Workspace

with without_the_unasked():  # as the command does
    from workbook.serving import dashboards
    from workbook.serving.gate import Proxy

constants, options = json.loads(sys.argv[2])
for name, value in constants.items():
    setattr(dashboards, name, value)
if "proxy" in options:
    options["proxy"] = Proxy(**options["proxy"])
announce = lambda sentence: print(sentence, flush=True)
dashboards.serve(Workspace(Path(sys.argv[1])), **{"port": 0, "announce": announce} | options)
"""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Server:
    workspace: Workspace
    process: subprocess.Popen
    port: int
    token: str
    cookies: dict[str, str] = field(default_factory=dict)
    temporary: Path = Path()
    """Its folder for passing files."""
    before: frozenset[int] = frozenset()
    """Its processes before any page was opened."""

    @property
    def kernels(self) -> list[int]:
        """The processes that pages have started and that have not ended."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.pid not in self.before and child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child.pid)
        return found

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, *, method: str = "GET", signed_in: bool = True, body: bytes = b"", **headers: str
    ) -> Answer:
        """Send exactly this path and these headers; ``signed_in`` adds the cookies of a visitor with the token."""
        sent = {"Host": f"127.0.0.1:{self.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if signed_in:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        got = Answer(answer.status, dict(answer.getheaders()), answer.read())
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        connection.close()
        return got

    def kernel_of(self, page: Answer) -> str:
        config = re.search(r'id="jupyter-config-data" type="application/json">(.*?)</script>', page.text, re.DOTALL)
        return json.loads(config[1])["kernelId"]

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


def start(workspace: Workspace, options: dict | None = None, **constants: int) -> Server:
    """Start a server, on a free port unless ``options`` of ``serve`` say another; ``constants`` are of ``dashboards``."""
    temporary = Path(tempfile.mkdtemp(prefix="wb"))
    environment = os.environ | {
        "TMPDIR": str(temporary),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, "-c", PROGRAM, str(workspace.folder), json.dumps([constants, options or {}])]
    process = subprocess.Popen(
        command, env=environment, cwd=workspace.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: Queue[str] = Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    said = []
    try:
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", said[-1] if said else "")):
            said.append(lines.get(timeout=60))
    except Empty:
        process.kill()
        pytest.fail("the server did not start: " + "".join(said))
    before = frozenset(child.pid for child in psutil.Process(process.pid).children(recursive=True))
    return Server(workspace, process, int(found[1]), found[2], temporary=temporary, before=before)


def visitor(server: Server) -> Server:
    """Return the same server as another browser sees it: signed in, with cookies of its own."""
    another = replace(server, cookies={})
    another.ask("/login", signed_in=False)
    another.ask(f"/?token={server.token}")
    return another


def end(server: Server, kernel: str) -> int:
    """End the kernel of a page as the page does when it is left; return the answer's status."""
    body = f"_xsrf={server.cookies['_xsrf']}".replace("|", "%7C").encode()
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    return server.ask(f"/voila/api/shutdown/{kernel}", method="POST", body=body, **form).status


def until(holds: Callable[[], object], seconds: float = 15) -> bool:
    """Wait until ``holds`` does, at most so many seconds; return whether it did."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return True
        time.sleep(0.05)
    return False


def stop(server: Server) -> int:
    server.process.terminate()
    try:
        return server.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.process.kill()
        raise
    finally:
        shutil.rmtree(server.temporary, ignore_errors=True)
