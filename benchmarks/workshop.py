"""A room full of phones: forty people who each vote once a second, on the real server, over connections they keep.

Each voter sends a vote and loads the page it leads to, as a phone does; a listener at the desk notes when it is told. In
the end the log is read: each acknowledged vote must be there, once.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil

ROOT = Path(__file__).parent.parent
ITEM = "one-view"
QUESTION = f"{ITEM}~importance"


@dataclass
class Line:
    """A connection of one visitor that stays open, with its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, form: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """Return status, address it leads to, and text."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        body = urlencode(form, doseq=True).encode() if form is not None else b""
        writer.write(self.head("POST" if form is not None else "GET", path, len(body)) + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        status = int(head.split()[1])
        for name, value in re.findall(r"(?im)^set-cookie: ([^=]+)=([^;]*)", head):
            self.cookies[name] = value.strip('"')
        length = re.search(r"(?im)^content-length: (\d+)", head)
        text = (await reader.readexactly(int(length[1]))).decode() if length else ""
        leads = re.search(r"(?im)^location: (\S+)", head)
        return status, leads[1] if leads else "", text

    def head(self, method: str, path: str, length: int) -> bytes:
        sent = {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": f"http://127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(length),
        }
        return (f"{method} {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in sent.items()) + "\r\n").encode()

    async def post(self, path: str, **form: Any) -> tuple[int, str, str]:
        if "_xsrf" not in self.cookies:
            await self.ask("/resume")
        return await self.ask(path, {"_xsrf": self.cookies["_xsrf"], "operation": uuid4().hex} | form)

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()


@dataclass
class Figures:
    """What came of it: votes acknowledged by operation with the seconds each took, and when each was seen by others."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    answered: dict[int, float] = field(default_factory=dict)
    told: list[tuple[int, float]] = field(default_factory=list)
    server_seconds: float = 0.0
    """Of a processor, that the server took for all of it."""
    stored: list[tuple[str, int, int]] = field(default_factory=list)
    """Participant, value and sequence of each vote in the log, in order."""

    @property
    def p95(self) -> float:
        """Seconds within which nineteen of twenty votes were acknowledged."""
        return sorted(self.seconds)[int(0.95 * len(self.seconds))]

    @property
    def slowest_seen(self) -> float:
        """Most seconds from a vote's acknowledgement until the desk was told."""
        worst, told = 0.0, iter(self.told)
        stamp, moment = next(told)
        for sequence in sorted(self.answered):
            while stamp < sequence:
                stamp, moment = next(told)
            worst = max(worst, moment - self.answered[sequence])
        return worst


async def crowd(port: int, code: str, key: str, *, people: int, seconds: int) -> Figures:
    """Have ``people`` vote once a second for so many ``seconds``; ``stored`` is for who can read the log."""
    found = Figures()
    desk = Line(port)
    await desk.ask(f"/desk?key={key}")
    await desk.post("/desk/do/ask", exercise="needs", item=ITEM)
    poll = re.search(r'name="poll" value="(\w+)"', (await desk.ask("/desk"))[2])
    assert poll
    voters = [Line(port) for _ in range(people)]
    for i, line in enumerate(voters):
        status, _leads, _text = await line.post("/", code=code, name=f"Voter {i}", secret=uuid4().hex)
        assert status == 303
    listening = asyncio.create_task(_listen(desk, found))
    await asyncio.sleep(0.3)
    start = perf_counter()
    await asyncio.gather(*(_vote(line, i, poll[1], start, people, seconds, found) for i, line in enumerate(voters)))
    await asyncio.sleep(1.0)
    listening.cancel()
    for line in (*voters, desk):
        line.close()
    return found


async def _vote(line: Line, i: int, poll: str, start: float, people: int, seconds: int, found: Figures) -> None:
    for second in range(seconds):
        # Spread over the second, as people are.
        await asyncio.sleep(max(0.0, start + second + i / people - perf_counter()))
        value, before = (second * 7 + i) % 11, perf_counter()
        mark = f"{i}-{second}"
        status, leads, text = await line.post(
            "/vote", poll=poll, round="1", question=QUESTION, value=value, operation=mark
        )
        found.seconds.append(perf_counter() - before)
        assert status == 303, text
        found.acknowledged[mark] = value
        found.answered[len(found.answered)] = perf_counter()
        await line.ask(leads)


async def _listen(desk: Line, found: Figures) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.port)
    writer.write(desk.head("GET", "/events/desk", 0))
    while line := await reader.readline():
        if data := re.search(rb"data: (\{.*\})", line):
            found.told.append((int(json.loads(data[1])["stamp"]), perf_counter()))


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int, str, str]]:
    """Run a workshop's server until done, and yield its pid and port, the code to join and the facilitator's key."""
    command = [sys.executable, "-m", "workbook.cli", "workshop", "adaptive-test", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            said = (folder / "server.log").read_text()
            if found := re.search(r":(\d+)/ with the code (\S+)\n.*key=(\S+)", said):
                yield process.pid, int(found[1]), found[2], found[3]
                return
            sleep(0.1)
        raise RuntimeError(said)
    finally:
        process.terminate()
        process.wait(timeout=30)


def measured(people: int, seconds: int) -> Figures:
    """Run it on a server of its own, and read the log afterwards."""
    from workbook.pages import made_workspace
    from workbook.workshop.log import Workshop

    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    try:
        with served(workspace.folder) as (pid, port, code, key):
            server = psutil.Process(pid)
            before = sum(server.cpu_times()[:2])
            found = asyncio.run(crowd(port, code, key, people=people, seconds=seconds))
            found.server_seconds = sum(server.cpu_times()[:2]) - before
        going = Workshop.of(workspace, "adaptive-test")
        assert going is not None
        votes = [entry for entry in going.store.entries(going.held.id) if entry.kind == "vote"]
        found.stored = [(entry.who, entry.value["answer"], entry.sequence) for entry in votes]
        # Answers come in the order of the log, but for those that went to the disk together.
        found.answered = dict(zip((entry.sequence for entry in votes), found.answered.values(), strict=True))
        return found
    finally:
        workspace.log.close()


if __name__ == "__main__":
    figures = measured(40, int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    print(
        f"{len(figures.acknowledged)} acknowledged, {len(figures.stored)} stored, "
        f"median {1000 * median(figures.seconds):.0f} ms, p95 {1000 * figures.p95:.0f} ms, "
        f"seen by others within {figures.slowest_seen:.2f} s; the server took "
        f"{1000 * figures.server_seconds / len(figures.acknowledged):.1f} ms of a processor for a vote and its page"
    )
