"""Where does a server listen, and when does it end?"""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator

from tornado.netutil import bind_sockets

from workbook.errors import ServingError
from workbook.language import N_

__all__ = ["listening", "on_interrupt"]


def listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at ``host`` and ``port``. Raises ServingError when there can be none."""
    try:
        return bind_sockets(port, host)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise ServingError(
                N_(
                    "port {port} is taken, perhaps by another workbook. Close that one, or choose another: `--port {other}`."
                ),
                port=port,
                other=port + 1,
            ) from problem
        raise ServingError(
            N_("cannot listen at {host}, port {port}: {reason}. Choose another port: `--port 8866`."),
            host=host,
            port=port,
            reason=problem.strerror or str(problem),
        ) from problem


@contextlib.contextmanager
def on_interrupt(end: Callable[[], None]) -> Iterator[None]:
    """Call ``end`` in the running loop when somebody interrupts or ends this process."""
    loop = asyncio.get_running_loop()
    before = {
        sign: signal.signal(sign, lambda *_: loop.call_soon_threadsafe(end)) for sign in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
