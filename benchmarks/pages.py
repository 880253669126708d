"""How long until a step page is drawn, and until it is drawn again after a key: real server, real kernel, real browser."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
STEP = "08_channels"
LOADS = 5
DRAWN = ".wb-exhibit[data-drawn]"

PRESS = """async () => {
  const field = [...document.querySelectorAll('input')].find((i) => i.closest('[data-path="/budget/total"]') || i.value === '120,000');
  field.focus();
  const card = document.querySelector('[data-name=budget_split]'), times = [];
  card.scrollIntoView(); // what nobody sees waits until no key has come for a moment
  await new Promise((done) => setTimeout(done, 1000));
  for (let i = 0; i < 30; i++) {
    const seen = card.dataset.drawn, start = performance.now();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }));
    while (card.dataset.drawn === seen) await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 120));
  }
  return times.slice(5).sort((a, b) => a - b);
}"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Open the Chromium of the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    from chromium import find_chromium
    from conftest import FLAGS

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def served(command: list[str], folder: Path, address: str) -> Iterator[str]:
    """Run a server until done, and yield the address it prints (as the pattern ``address`` finds it)."""
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            if found := re.search(address, (folder / "server.log").read_text()):
                yield found[0]
                return
            sleep(0.1)
        raise RuntimeError((folder / "server.log").read_text())
    finally:
        process.terminate()
        process.wait(timeout=30)


def drawn_after(page: Page, url: str) -> float:
    """Return the seconds from asking for ``url`` until every exhibit of the page is drawn."""
    start = perf_counter()
    page.goto(url, wait_until="commit")
    if "/voila/render/" in url and "plan=" in url:  # ours, which shows a picture of the page first
        page.wait_for_selector("html[data-live]", state="attached", timeout=120_000)
    page.wait_for_selector('[data-name="next_euro"][data-drawn]', timeout=120_000)
    page.wait_for_function(f"() => [...document.querySelectorAll('.wb-exhibit')].every((e) => e.matches('{DRAWN}'))")
    return perf_counter() - start


def page_times() -> tuple[float, float, list[float]]:
    """Return the median seconds of our page and of stock Voila's, and milliseconds from key press to redraw, sorted."""
    from workbook.pages import made_workspace, page_file

    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    ours: list[float] = []
    stock: list[float] = []
    with browser() as chromium:
        with served(
            ["-m", "workbook.cli", "serve", "--port", "8931"], workspace.folder, r"http://\S+token=\S+"
        ) as address:
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto(address)
            url = f"http://127.0.0.1:8931/voila/render/{STEP}.ipynb?plan=adaptive-test&language=en"
            ours = [drawn_after(page, url) for _ in range(LOADS)]
            page.wait_for_timeout(1000)
            keys: list[float] = page.evaluate(PRESS)
        # What ships asks for the stock kernel; the workspace's own copy does not.
        shutil.copy(page_file(STEP), workspace.folder / "notebooks" / "stock.ipynb")
        command = ["-m", "voila", "notebooks/stock.ipynb", "--no-browser", "--port=8932", "--Voila.ip=127.0.0.1"]
        with served(command, workspace.folder, r"http://(?:127\.0\.0\.1|localhost):8932/\S*") as address:
            page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
            stock = [drawn_after(page, address) for _ in range(LOADS)]
    workspace.log.close()
    return median(ours[1:]), median(stock[1:]), keys
