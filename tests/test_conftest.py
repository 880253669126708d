"""The watched page sees what it promises to see, and the browser finder says what to do."""

import socket
import subprocess
import sys

import chromium
import pytest


@pytest.mark.browser
def test_a_watched_page_has_the_width_scheme_and_locale_asked_for(watched_page):
    page, log = watched_page(390, dark=True, locale="it-IT")
    page.set_content("<p>Buongiorno</p>")
    assert page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]") == [
        390,
        True,
        "it-IT",
    ]
    log.assert_clean()


@pytest.mark.browser
def test_a_watched_page_notes_errors_and_outside_hosts(watched_page):
    page, log = watched_page()
    page.set_content(
        "<script>console.error('said'); setTimeout(() => { throw new Error('thrown') })</script>"
        "<img src='http://outside.invalid/x.png'>"
    )
    page.wait_for_timeout(300)
    assert any("said" in error for error in log.errors)
    assert any("thrown" in error for error in log.errors)
    assert log.outside == {"outside.invalid"}


@pytest.mark.browser
def test_the_browser_resolves_no_name_but_this_machine(browser):
    page = browser.new_page()
    page.goto("about:blank")
    refused = page.evaluate("fetch('http://outside.invalid/').then(() => false, () => true)")
    page.close()
    assert refused


def test_a_free_port_can_be_listened_on(free_port):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port))


def test_the_chromium_finder_obeys_the_environment(monkeypatch):
    monkeypatch.setenv("WORKBOOK_CHROMIUM", sys.executable)
    assert chromium.find_chromium() == sys.executable
    monkeypatch.setenv("WORKBOOK_CHROMIUM", "no-such-program")
    assert chromium.find_chromium() is None


def test_a_missing_browser_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setenv("WORKBOOK_CHROMIUM", "no-such-program")
    asked = subprocess.run([sys.executable, chromium.__file__], capture_output=True, text=True)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.strip() == chromium.MISSING
