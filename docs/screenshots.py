"""
Take the pictures of the README and of these pages, from the sample plans, as they look today.

    python docs/screenshots.py [FOLDER]

Writes into docs/pictures, or into FOLDER. Needs the Chromium of the tests. The server, the pages and the report are those
everybody gets; each picture waits until the page is live and nothing in it moves any more.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PATIENCE = 120_000
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?token=\S+")


@dataclass(frozen=True)
class Shot:
    """A picture: of which page, how wide, in which language and colours; ``at`` selects what it begins with, if anything."""

    name: str
    page: str
    width: int = 1440
    height: int = 1080
    language: str = "en"
    plan: str = "adaptive-test"
    dark: bool = False
    at: str = ""


SHOTS = (
    Shot("home-en-1440", "home", height=900),
    Shot("channels-en-1440", "08_channels", at="h2:text-is('The split')"),
    Shot("channels-en-390", "08_channels", width=390, height=844, at=".wb-exhibit[data-name=response_curves]"),
    Shot("personas-it-820-dark", "01_personas", width=820, language="it", plan="forno-aurora", dark=True),
    Shot("dashboard-en-1440", "dashboard"),
    Shot("campaigns-it-1440", "09_campaigns", language="it", plan="forno-aurora"),
    Shot("report-en-1440", "report.html"),
)


def main() -> None:
    """Make a workspace with the samples and their reports, serve it, and take all pictures."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="workbook-pictures-") as folder:
        demo = Path(folder) / "demo"
        subprocess.run([sys.executable, "-m", "workbook.cli", "demo", str(demo)], check=True, capture_output=True)
        with served(demo) as address, chromium() as browser:
            for shot in SHOTS:
                take(browser, shot, address, demo, out / f"{shot.name}.png")
                print(out / f"{shot.name}.png")


def take(browser: Browser, shot: Shot, address: str, demo: Path, target: Path) -> None:
    """Open the page of ``shot`` and write its picture, at most 1,440 pixels wide, as a small file."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        locale={"en": "en-GB", "it": "it-IT"}[shot.language],
    )
    page.goto(address)
    if shot.page == "home":
        page.goto(f"{address.split('?')[0]}?language={shot.language}")
    elif shot.page == "report.html":
        page.goto(next(demo.glob(f"reports/{shot.plan}/base/all/{shot.language}/report.html")).as_uri())
        page.wait_for_selector(".wb-exhibit[data-drawn] svg", timeout=PATIENCE)
    else:
        open_step(page, shot, address)
    if shot.at:
        page.locator(shot.at).evaluate("node => node.scrollIntoView()")
    page.wait_for_timeout(1000)
    page.screenshot(path=target)
    page.close()


def open_step(page: Page, shot: Shot, address: str) -> None:
    """Open a step and wait until it is live."""
    root = address.split("/?")[0]
    page.goto(f"{root}/voila/render/{shot.page}.ipynb?plan={shot.plan}&language={shot.language}")
    page.wait_for_selector("html[data-live]", state="attached", timeout=PATIENCE)
    drawn = "() => [...document.querySelectorAll('.wb-exhibit')].every((one) => one.dataset.drawn)"
    page.wait_for_function(drawn, timeout=PATIENCE)


@contextmanager
def served(demo: Path) -> Iterator[str]:
    """Serve ``demo`` until done, and yield the address the server prints."""
    with (demo / "server.log").open("w") as log:
        command = [sys.executable, "-m", "workbook.cli", "serve", "--workspace", str(demo), "--port", "0"]
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(PATIENCE // 100):
            if found := ADDRESS.search((demo / "server.log").read_text()):
                yield found[0]
                return
            sleep(0.1)
        raise RuntimeError((demo / "server.log").read_text())
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the Chromium of the tests, which sees this machine only."""
    sys.path.insert(0, str(ROOT / "tests"))
    from chromium import find_chromium
    from conftest import FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
