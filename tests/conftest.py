"""Fixtures that every test may use: a browser that sees this machine only, pages that note complaints, a free port."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from chromium import MISSING, find_chromium
from hypothesis import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from workbook.language import speak

# How long an example takes depends on what else the machine does, and is no fault of the code.
settings.register_profile("workbook", deadline=None)
settings.load_profile("workbook")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names other than this machine's resolve to nothing: a page that needs one fails here as it would offline.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
INSIDE = ("about", "blob", "data", "file", "chrome-error")


@dataclass
class PageLog:
    """What a page complained about and whom it asked for, since it was opened."""

    errors: list[str] = field(default_factory=list)
    """Console errors and uncaught exceptions."""
    outside: set[str] = field(default_factory=set)
    """Hosts asked other than this machine."""

    def assert_clean(self) -> None:
        assert not self.outside, f"asked {sorted(self.outside)}"
        assert not self.errors, "\n".join(self.errors)

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note_message)
        page.on("request", lambda request: self._note_address(request.url))
        page.on("websocket", lambda websocket: self._note_address(websocket.url))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _note_address(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in INSIDE and address.hostname not in LOOPBACK:
            self.outside.add(address.hostname or url)


LONGEST = ("test_step_pages", "test_step_pages_it", "test_step_acts")
"""Files that take a worker for minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Put what opens pages first, the longest files before the others.

    A long file at the end would keep one worker busy and leave the others idle.
    """
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, item.path.stem not in LONGEST))


# One browser per module, not per session: while playwright's synchronous driver is open its event loop counts as
# running in this thread, and tests of other modules that call asyncio.run would fail.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium, each pytest worker its own; a test that has none fails and says what to do."""
    path = find_chromium()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def watched_page(browser: Browser) -> Iterator[Callable[..., tuple[Page, PageLog]]]:
    """
    Return a function that opens an empty page of its own context, and its log.

    ``page, log = watched_page(390, dark=True, locale="it-IT")``; other keywords go to the browser context.
    """
    contexts = []

    def open_page(
        width: int = 1440, *, height: int = 900, dark: bool = False, locale: str = "en-GB", **options: Any
    ) -> tuple[Page, PageLog]:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            **options,
        )
        contexts.append(context)
        log = PageLog()
        context.on("page", log.follow)
        return context.new_page(), log

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Leave each test with the language it found: a command or a page may have chosen another for its process."""
    yield
    speak("en")
