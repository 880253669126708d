"""
Find a Chromium for the browser tests, and install Debian's where there is none.

    python tests/chromium.py             print its path
    python tests/chromium.py --install   install it first where that is possible
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "${PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "${PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "${LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "${LOCALAPPDATA}/Chromium/Application/chrome.exe",
)
MISSING = (
    "The browser tests need Chromium or Chrome: install one (on Debian: apt-get install chromium), "
    "or set WORKBOOK_CHROMIUM to the path of its program."
)


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome; ``WORKBOOK_CHROMIUM`` wins, also when it names nothing that exists."""
    if chosen := os.environ.get("WORKBOOK_CHROMIUM"):
        return shutil.which(chosen)
    found = (shutil.which(name) for name in NAMES)
    usual = (os.path.expandvars(os.path.expanduser(place)) for place in PLACES)
    return next((path for path in (*found, *usual) if path and Path(path).is_file()), None)


def install() -> None:
    """Install Debian's Chromium where we may; where we may not, do nothing."""
    as_root = _as_root()
    if shutil.which("apt-get") is None or as_root is None:
        return
    print("Installing Chromium for the browser tests", flush=True)
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *step]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            print(done.stdout.decode(errors="replace")[-2000:], file=sys.stderr)
            return


def _as_root() -> list[str] | None:
    """Return what to put before a command so that it runs as root; None when we may not."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def main(arguments: list[str]) -> int:
    wanted = "--install" in arguments
    if wanted and find_chromium() is None:
        install()
    path = find_chromium()
    if path is None:
        print(MISSING, file=sys.stderr)
        return 1
    if not wanted:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
