"""A workshop's server as a process of its own, and people with raw requests: a facilitator, participants, strangers."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, Queue
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from workbook.plan.workspace import Workspace

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, sys
from pathlib import Path
from workbook.kernels.unasked import without_the_unasked
from workbook.plan.workspace import Workspace

with without_the_unasked():  # as the command does
    from workbook.serving.workshop.server import serve_workshop

options = json.loads(sys.argv[3])
serve_workshop(Workspace(Path(sys.argv[1])), sys.argv[2], announce=lambda told: print(told, flush=True), **options)
"""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Visitor:
    """A browser with its cookies. ``ask`` sends what it is told and follows nothing."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, form: dict | None = None, *, method: str = "", **headers: str) -> Answer:
        sent = {"Host": f"127.0.0.1:{self.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(form, doseq=True).encode() if form is not None else b""
        if form is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method or ("POST" if form is not None else "GET"), path, skip_host=True)
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        got = Answer(answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace"))
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        connection.close()
        return got

    def post(self, path: str, **form) -> Answer:
        """Send a form of this server's own."""
        if "_xsrf" not in self.cookies:
            self.ask("/resume")
        given = {"_xsrf": self.cookies["_xsrf"], "operation": uuid4().hex} | form
        return self.ask(path, given, Origin=f"http://127.0.0.1:{self.port}")

    def join(self, code: str, name: str = "", **more: str) -> Answer:
        secret = re.search(r'name="secret" value="([^"]+)"', self.ask("/").text)[1]
        return self.post("/", **({"code": code, "name": name, "secret": secret} | more))

    def vote(self, poll: str, question: str, round: int = 1, **answer) -> Answer:
        return self.post("/vote", poll=poll, round=str(round), question=question, **answer)


@dataclass
class Hall:
    workspace: Workspace
    process: subprocess.Popen
    port: int
    code: str
    key: str
    said: str
    options: dict

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stranger(self) -> Visitor:
        return Visitor(self.port)

    def facilitator(self) -> Visitor:
        visitor = Visitor(self.port)
        assert visitor.ask(f"/desk?key={self.key}").status == 302
        return visitor

    def participant(self, name: str = "", **more: str) -> Visitor:
        visitor = Visitor(self.port)
        answer = visitor.join(self.code, name or f"P {uuid4().hex[:8]}", **more)
        assert answer.status == 303, unescape(answer.text)
        return visitor

    def asked(self, desk: Visitor, exercise: str, items: list[str], **more) -> str:
        """Open an exercise and return its id."""
        answer = desk.post("/desk/do/ask", exercise=exercise, item=items, **more)
        assert answer.status == 303, unescape(answer.text)
        return re.search(r'name="poll" value="(\w+)"', desk.ask("/desk").text)[1]


def start(workspace: Workspace, plan: str = "adaptive-test", **options) -> Hall:
    options = {"port": 0} | options
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", PROGRAM, str(workspace.folder), plan, json.dumps(options)]
    process = subprocess.Popen(
        command, env=environment, cwd=workspace.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: Queue[str] = Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    said = ""
    try:
        while "key=" not in said:
            said += lines.get(timeout=60)
    except Empty:
        process.kill()
        pytest.fail("the server did not start: " + said)
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)", said)[1])
    code = re.search(r"([2-9A-Z]{4}-[2-9A-Z]{4})", said)[1]
    time.sleep(0.05)
    said += lines.get(timeout=10)
    return Hall(workspace, process, port, code, re.search(r"key=(\S+)", said)[1], said, options)


def stop(hall: Hall) -> None:
    hall.process.terminate()
    try:
        hall.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        hall.process.kill()
        raise
