"""What a visitor of a served page waits for, what comes over the wire, and what is left when everybody has gone.

Real server, real kernels, real Chromium. The pages are step 8, which has the most exhibits, and step 7, which has two charts
as the planners have that others compare with; the *empty page* is the same one with nothing but its header.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter, sleep
from typing import Any, Self

import nbformat
import psutil
from pages import STEP, browser, served

TWO_CHARTS = "07_balance"

LIVE = "html[data-live]"
PORT = 8934
LOADS = 5
VISITORS = 8
APART_MS = 500

TIMES = """
new MutationObserver(() => {
  const { dataset } = document.documentElement, now = performance.now();
  const drawn = [...document.querySelectorAll(".wb-picture .wb-exhibit")];
  if (drawn.length && drawn.every((one) => one.dataset.drawn)) globalThis.pictureAt ??= now;
  if (dataset.live) globalThis.liveAt ??= now;
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Notes when every exhibit of the picture is drawn, and when nothing on the page is a picture any more."""
READ = """() => ({
  read: performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000,
  picture: globalThis.pictureAt ? pictureAt / 1000 : null,
  live: liveAt / 1000,
})"""


PICTURE_MS = 6_000
"""Until the picture of a page is taken, in the quiet after it, with its charts as they were drawn."""
PAUSE_MS = 3_000
"""Between two visits: what is asked for in the same second is a crowd, and waits for its turn."""

FIELD, REDRAWN = "Differentiate", ["balance_share", "balance_moves"]
"""What is pressed on the page with two charts, and the chart and the table that follow it."""
PRESS = """async ([text, names]) => {
  const label = [...document.querySelectorAll(".wb-output label")].find((one) => one.textContent === text);
  const field = document.getElementById(label.htmlFor);
  const cards = names.map((name) => document.querySelector(`[data-name="${name}"]`)), times = [];
  field.focus();
  cards[0].scrollIntoView(); // what nobody sees waits until no key has come for a moment
  await new Promise((done) => setTimeout(done, 1000));
  for (let i = 0; i < 40; i++) {
    const seen = cards.map((card) => card.dataset.drawn), start = performance.now();
    const key = i % 2 ? "ArrowDown" : "ArrowUp";
    field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    while (cards.some((card, n) => card.dataset.drawn === seen[n]) && performance.now() - start < 3000) {
      await new Promise(requestAnimationFrame);
    }
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 120));
  }
  return times.slice(5).sort((a, b) => a - b);
}"""


@dataclass(frozen=True)
class Visit:
    """Seconds from the click until something can be read, the picture's charts are drawn, and all of it is live."""

    read: float
    picture: float | None
    live: float


@contextmanager
def team(step: str = STEP, *, empty: bool = False) -> Iterator[tuple[Any, str, Any]]:
    """Serve the samples, ``step`` with its header alone when ``empty``; yield browser, entrance and server's process."""
    from workbook.pages import made_workspace

    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    if empty:
        file = workspace.folder / "notebooks" / f"{step}.ipynb"
        notebook = nbformat.read(file, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if not {"form", "exhibit"} & set(cell.metadata.tags)]
        nbformat.write(notebook, file)
    command = ["-m", "workbook.cli", "serve", "--port", str(PORT)]
    with browser() as chromium, served(command, workspace.folder, r"http://\S+token=\S+") as entrance:
        sleep(5)  # what the template imports when nobody asks
        yield chromium, entrance, _serving()
    workspace.log.close()


def _serving() -> psutil.Process:
    return next(
        child for child in psutil.Process().children() if "serve" in child.cmdline() and str(PORT) in child.cmdline()
    )


def entered(chromium: Any, entrance: str) -> Any:
    """Return an empty page of a visitor who holds the token."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(entrance)
    page.add_init_script(TIMES)
    return page


def url(step: str = STEP) -> str:
    return f"http://127.0.0.1:{PORT}/voila/render/{step}.ipynb?plan=adaptive-test&language=en"


def visit(page: Any, step: str = STEP) -> Visit:
    page.goto(url(step), wait_until="commit")
    page.wait_for_selector(LIVE, state="attached", timeout=120_000)
    return Visit(**page.evaluate(READ))


def visits(step: str = STEP, *, empty: bool = False) -> list[Visit]:
    """Return the visits of one person, one after the other, after a first one that takes the picture."""
    with team(step, empty=empty) as (chromium, entrance, _process):
        page = entered(chromium, entrance)
        _take_picture(page, step)
        found = []
        for _ in range(LOADS):
            page.wait_for_timeout(PAUSE_MS)
            found.append(visit(page, step))
        return found


def _take_picture(page: Any, step: str) -> None:
    visit(page, step)
    page.wait_for_timeout(PICTURE_MS)


def keys_with_two_charts() -> list[float]:
    """Return milliseconds from a key in step 7 until the chart and the table that follow it are drawn again, sorted."""
    with team(TWO_CHARTS) as (chromium, entrance, _process):
        page = entered(chromium, entrance)
        visit(page, TWO_CHARTS)
        page.mouse.move(300, 300)  # somebody is there
        page.wait_for_timeout(3_000)
        keys: list[float] = page.evaluate(PRESS, [FIELD, REDRAWN])
        return keys


def bytes_of_first_visit() -> tuple[float, float]:
    """Return the MB that the first visit of a browser brings over the wire, and the next one."""
    with team() as (chromium, entrance, _process), Relay(PORT) as relay:
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        address = url().replace(str(PORT), str(relay.port))
        page.goto(entrance.replace(str(PORT), str(relay.port)))
        received = []
        for _ in range(2):
            relay.received = 0
            page.goto(address)
            page.wait_for_selector(LIVE, state="attached", timeout=120_000)
            page.wait_for_timeout(3_000)
            received.append(relay.received / 1e6)
    return received[0], received[1]


class Relay:
    """A port of its own that passes everything on to the server's, and counts the bytes that come back."""

    def __init__(self, port: int) -> None:
        self.to, self.received = port, 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._pass, "127.0.0.1", 0), self._loop)
        self.port = started.result(timeout=10).sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    async def _end(self) -> None:
        passing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection("127.0.0.1", self.to)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self._pump(reader, ours, counted=False), self._pump(theirs, writer, counted=True))

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counted: bool) -> None:
        while data := await source.read(65_536):
            self.received += len(data) if counted else 0
            target.write(data)
            await target.drain()
        target.close()


def crowd(step: str = STEP) -> tuple[list[Visit], int, float]:
    """Return what eight visitors see who come half a second apart, the kernels left 10 s after they leave, and MiB each."""
    with team(step) as (chromium, entrance, process):
        pages = [entered(chromium, entrance) for _ in range(VISITORS)]
        _take_picture(pages[0], step)
        pages[0].goto("about:blank")
        sleep(4)
        before = {child.pid for child in process.children(recursive=True)}
        for page in pages:
            began = perf_counter()
            page.goto(url(step), wait_until="commit")
            sleep(max(0.0, APART_MS / 1000 - (perf_counter() - began)))
        for page in pages:
            page.wait_for_selector(LIVE, state="attached", timeout=120_000)
        seen = [Visit(**page.evaluate(READ)) for page in pages]
        for page in pages:
            page.mouse.move(300, 300)  # what a kernel only works out when somebody is there is its memory too
        pages[0].wait_for_timeout(6_000)
        memory = median(_private(child) for child in _new(process, before))
        for page in pages:
            page.goto("about:blank")
        sleep(10)
        return seen, len(_new(process, before)), memory


def _new(process: psutil.Process, before: set[int]) -> list[psutil.Process]:
    """Return the server's processes that were not there ``before`` and have not ended."""
    return [
        child
        for child in process.children(recursive=True)
        if child.pid not in before and child.status() != psutil.STATUS_ZOMBIE
    ]


def _private(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().uss) / 2**20
    return 0.0


def middle(found: list[Visit], name: str) -> float:
    return median(value for one in found if (value := getattr(one, name)) is not None)
