"""Whatever breaks while somebody types: what was shown as saved is there, what was not is said, and nothing is lost."""

import contextlib
import os
import signal
import socket
import threading
import time

import pytest
from serving.serving_process import start, stop

from workbook.pages import made_workspace
from workbook.plan.revisions import Edit

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.faults]

STEP = "/voila/render/08_channels.ipynb?plan=adaptive-test&language=en"
LIVE = "html[data-live]"
SAVED, TYPED = "91,000", "92500"
SOON = 5_000
"""Milliseconds within which what is not saved must be said to be not saved."""


class Wire(threading.Thread):
    """A loopback port that passes bytes on to a server until it is cut or hushed."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.to, self.open, self.silent = port, [], False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                if not self.silent:
                    other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def hush(self) -> None:
        """Pass nothing on any more and say nothing of it, as where a network is gone and no end is told."""
        self.silent = True

    def cut(self) -> None:
        for end in (self.listener, *self.open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    running = start(made_workspace(tmp_path_factory.mktemp("lost") / "team", samples=True))
    yield running
    if running.process.poll() is None:
        stop(running)


@pytest.fixture
def typing(watched_page, team):
    """Return a page on which one value is saved, at the address of ``port``."""

    def open_page(port=None):
        log = team.workspace.log
        log.append("adaptive-test", [Edit("/budget/total", 90_000)], author="test", base=log.head("adaptive-test"))
        page, _ = watched_page(1440)
        address = f"http://127.0.0.1:{port or team.port}"
        page.goto(f"{address}/?token={team.token}")
        page.goto(address + STEP)
        page.wait_for_selector(LIVE, state="attached", timeout=60_000)
        total = page.get_by_label("Total", exact=True)
        total.fill("91000")
        total.press("Enter")
        for _ in range(100):
            if total_of(team) == 91_000:
                break
            page.wait_for_timeout(100)
        page.get_by_text(f"Saved r{log.head('adaptive-test')}").wait_for()
        return page, total

    return open_page


def total_of(team) -> float:
    return team.workspace.log.plan("adaptive-test")[0].budget.total


def flagged_after(page, total, text: str) -> float:
    """Type ``text``, and return the seconds until the page says that it is not saved."""
    began = time.monotonic()
    total.fill(text)
    total.press("Enter")
    page.get_by_text("Not saved").first.wait_for(timeout=SOON)
    return time.monotonic() - began


def reloaded(page):
    page.wait_for_selector(LIVE, state="attached", timeout=60_000)
    return page.get_by_label("Total", exact=True)


def test_a_reload_keeps_what_was_saved_and_what_was_only_typed(typing, team):
    page, _total = typing()
    reserve = page.get_by_label("Reserve for tests")
    reserve.fill("a tenth, say")  # no number: refused, and so never saved
    reserve.press("Enter")
    page.get_by_text("Enter a number, such as 1,234.5.").wait_for()
    page.reload()
    assert reloaded(page).input_value() == SAVED
    assert page.get_by_label("Reserve for tests").input_value() == "a tenth, say"
    assert total_of(team) == 91_000


def test_a_kernel_that_is_killed_is_said_in_time_and_reloading_brings_back_what_was_typed(typing, team, capsys):
    page, total = typing()
    for pid in team.kernels:
        os.kill(pid, signal.SIGKILL)
    seconds = flagged_after(page, total, TYPED)
    assert total.input_value() == TYPED
    page.locator(".wb-lost .wb-reload").click(timeout=10_000)
    again = reloaded(page)
    assert again.input_value() == TYPED
    page.get_by_text("You typed this before the page was reloaded.").wait_for()
    assert total_of(team) == 91_000
    again.press("Enter")
    page.wait_for_function("() => document.querySelector('.wb-status').dataset.state === 'saved'")
    page.wait_for_function("() => !document.body.innerText.includes('You typed this before')", timeout=10_000)
    assert total_of(team) == 92_500
    with capsys.disabled():
        print(f"\nkernel killed: said after {seconds:.1f} s")


@pytest.mark.slow
def test_what_somebody_else_entered_meanwhile_is_not_overwritten_by_what_comes_back(typing, team):
    page, total = typing()
    for pid in team.kernels:
        os.kill(pid, signal.SIGKILL)
    flagged_after(page, total, TYPED)
    log = team.workspace.log
    log.append("adaptive-test", [Edit("/budget/total", 70_000)], author="somebody", base=log.head("adaptive-test"))
    page.reload()
    assert reloaded(page).input_value() == "70,000"
    page.get_by_text(f"you typed here: {TYPED}").wait_for()
    assert total_of(team) == 70_000


@pytest.mark.parametrize("lost", [Wire.cut, Wire.hush], ids=["cut", "hushed"])
def test_a_lost_connection_is_said_in_time_and_what_was_saved_is_there(typing, team, capsys, lost):
    wire = Wire(team.port)
    page, total = typing(wire.port)
    lost(wire)
    seconds = flagged_after(page, total, TYPED)
    assert total.input_value() == TYPED
    assert total_of(team) == 91_000
    with capsys.disabled():
        print(f"\nconnection {lost.__name__}: said after {seconds:.1f} s")


@pytest.mark.slow
def test_a_server_that_is_started_again_has_what_was_saved_and_the_browser_what_was_typed(typing, team, capsys):
    page, total = typing()
    stop(team)
    seconds = flagged_after(page, total, TYPED)
    again = start(team.workspace, {"port": team.port})
    try:
        page.locator(".wb-lost .wb-reload").click(timeout=10_000)
        page.get_by_label("Token").fill(again.token)
        page.get_by_role("button", name="Open").click()
        assert reloaded(page).input_value() == TYPED
        assert total_of(team) == 91_000
    finally:
        stop(again)
    with capsys.disabled():
        print(f"\nserver ended: said after {seconds:.1f} s")
