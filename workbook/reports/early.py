"""The process of a template, started while whoever needs it is still importing what it needs itself."""

import os
import subprocess
import sys
from pathlib import Path
from socket import socket, socketpair

from workbook.kernels.forking import FORKS, ONE_THREAD, SWITCH

__all__ = ["copies_here", "start_early", "started"]

Started = tuple[subprocess.Popen[bytes], socket]

_waiting: list[Started] = []


def copies_here() -> bool:
    """Return whether reports are run in copies of a template: where fork is to be trusted, and not switched off."""
    return FORKS and os.environ.get(SWITCH) != "plain"


def start_early() -> None:
    """Start a template, where there is to be one; it ends with this process, whether or not it is asked for."""
    if copies_here() and not _waiting:
        _waiting.append(_start())


def started() -> Started:
    """Return the process of a template, and the socket to speak to it: the one that was started early, or a new one."""
    return _waiting.pop() if _waiting else _start()


def _start() -> Started:
    ours, theirs = socketpair()
    with theirs:
        # It inherits none of our streams: a pipeline that reads our output would wait for the template as well.
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("template.py"))],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | ONE_THREAD,
            start_new_session=True,
        )
    return process, ours
