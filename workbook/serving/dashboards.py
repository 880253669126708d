"""Serve the steps of a workspace as pages, to people on this machine who hold the token.

Voila runs the notebooks; everything about who may ask for what is set here, and no configuration file of the user's is
read. Only the pages of the registry are served: plans, tables and notebooks as files have no address.
"""

import asyncio
import contextlib
import gc
import logging
import os
import secrets
import shutil
import socket
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import ensure_async
from jupyter_server.services.contents.manager import ContentsManager
from tornado.httpserver import HTTPServer
from tornado.web import HTTPError
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration

from workbook.errors import ServingError
from workbook.kernels.forking import start_template
from workbook.kernels.kernelspec import KernelSpecs
from workbook.language import N_, speaking, translated
from workbook.pages import page_file
from workbook.plan.workspace import Workspace
from workbook.serving.assets import asset_handlers, asset_url
from workbook.serving.gate import HEADERS, GatedApplication, Proxy, TokenIdentity, mark_cookie, require_loopback
from workbook.serving.listening import listening, on_interrupt
from workbook.serving.places import Kernels, kernel_handlers
from workbook.serving.uploads import UPLOADS, Upload
from workbook.serving.viewing import Viewing
from workbook.serving.visits import PART_FAILED, TEMPLATE, Home, NotHere, SignIn, StepPage, page_config, prepared
from workbook.steps import PAGES

__all__ = ["serve"]

LEFT_ALONE = 60
"""Seconds a kernel is kept without any page connected to it: long enough for a reload or a short loss of network."""

LONGEST_FOLDER = 50
"""Characters: a socket's name may have about 100, of which the kernel's own part takes half."""

MOST_PAGES = 24
"""Pages open at once, unless the server is started with another number."""

LOOK_EVERY = 10
"""Seconds between two looks for kernels left alone."""


def serve(
    workspace: Workspace,
    *,
    port: int = 8866,
    host: str = "127.0.0.1",
    token: str | None = None,
    language: str = "en",
    pages: int | None = None,
    proxy: Proxy | None = None,
    read_only: bool = False,
    open_browser: bool = False,
    announce: Callable[[str], None] = print,
) -> None:
    """
    Serve the steps of ``workspace`` as pages, until interrupted.

    Parameters
    ----------
    workspace
        Whose plans are shown and edited.
    port
        Where to listen; 0 takes any free port.
    host
        An address of this machine that others cannot reach.
    token
        What a visitor must bring, by ``?token=`` or the sign-in form; a random one when None.
    language
        Of the pages whose address asks for none.
    pages
        How many may be open at once; each is a process. ``MOST_PAGES`` when None.
    proxy
        That signs people in, and passes them on; None where nobody but this machine's users comes.
    read_only
        Whether visitors see a copy that neither they nor the pages can change.
    open_browser
        Whether to open the list of plans in this machine's browser.
    announce
        Called with the sentence that gives the address.

    Raises
    ------
    ServingError
        If others could reach ``host``, the token is empty, or the port is taken.
    ParameterError
        If there is no such ``language``.
    """
    require_loopback(host)
    with speaking(language):
        if token is not None and not token.strip():
            raise ServingError(N_("an empty token would let everybody in. Leave it out, and a random one is made."))
    token = token or secrets.token_urlsafe(24)
    sockets = listening(host, port)
    start_template()
    asset_url("vega.js")  # made now where it never was, a second that no visitor should wait for
    with _connection_folder() as connections:
        settings = _settings(language, pages or MOST_PAGES, connections, mark_cookie(proxy))
        viewing = Viewing(workspace, connections / "view" / workspace.folder.name) if read_only else None
        shown = viewing.workspace if viewing else workspace
        server = _Server(shown, language, proxy, viewing, token=token, connection_dir=str(connections), config=settings)
        address = f"http://{f'[{host}]' if ':' in host else host}:{sockets[0].getsockname()[1]}/?token={token}"
        with speaking(language):
            sentence = translated("The workbook is open at {address} (Ctrl+C ends it).", address=address)
        asyncio.run(_run(server, sockets, partial(_welcome, sentence, address, connections, announce, open_browser)))


@contextlib.contextmanager
def _connection_folder() -> Iterator[Path]:
    """Yield a folder only this user can read, for the keys to the kernels."""
    folder = Path(tempfile.mkdtemp(prefix="workbook-serving-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(language: str, pages: int, connections: Path, mark: str) -> Config:
    with speaking(language):
        failed = translated(PART_FAILED)
    return Config(
        {
            "VoilaConfiguration": {
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "file_allowlist": ["(?!)"],
                "strip_sources": True,
                "show_tracebacks": False,
                "progressive_rendering": True,
                "prelaunch_hook": prepared,
                "page_config_hook": partial(page_config, mark=mark),
                "multi_kernel_manager_class": Kernels,
                "kernel_spec_manager_class": KernelSpecs,
            },
            "VoilaExecutor": {"cell_error_instruction": failed},
            # Sockets in a folder of one's own, where the system has them and allows such names; else ports, with a key.
            "KernelManager": {
                "transport": "ipc" if os.name == "posix" and len(str(connections)) < LONGEST_FOLDER else "tcp"
            },
            "MappingKernelManager": {"cull_idle_timeout": LEFT_ALONE, "cull_interval": LOOK_EVERY},
            "Kernels": {"most": pages},
            # A kernel that died is not replaced by an empty one behind a page that looks alive: the page says so instead.
            "KernelRestarter": {"restart_limit": 0, "time_to_dead": 1.0},
        }
    )


def _welcome(sentence: str, address: str, folder: Path, announce: Callable[[str], None], open_browser: bool) -> None:
    announce(sentence)
    if open_browser:
        # Through a file, since other users of this machine can read the arguments of a browser's process.
        door = folder / "open.html"
        door.write_text(f'<!doctype html><meta http-equiv="refresh" content="0; url={escape(address)}">', "utf-8")
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(door.as_uri())


async def _run(server: "_Server", sockets: list[socket.socket], welcome: Callable[[], None]) -> None:
    """Serve until interrupted; then end every kernel."""
    ended = asyncio.Event()
    with on_interrupt(ended.set):
        http = HTTPServer(server.application())
        http.add_sockets(sockets)
        # What is there now stays: to look through it again and again for what is not needed would keep a visitor waiting.
        gc.collect()
        gc.freeze()
        welcome()
        try:
            await ended.wait()
        finally:
            http.stop()
            await ensure_async(server.kernel_manager.shutdown_all(now=True))


class _Server(Voila):
    """Voila with our settings and our routes only."""

    def __init__(
        self, workspace: Workspace, language: str, proxy: Proxy | None, viewing: Viewing | None, **traits: Any
    ) -> None:
        super().__init__(log_level=logging.WARNING, open_browser=False, identity_provider_class=TokenIdentity, **traits)
        self.workspace, self.language, self.proxy, self.viewing = workspace, language, proxy, viewing
        (workspace.folder / "notebooks").mkdir(exist_ok=True)
        self.root_dir = str(workspace.folder / "notebooks")
        self.voila_configuration = VoilaConfiguration(parent=self)
        self.template_paths = [str(TEMPLATE)]

    def application(self) -> GatedApplication:
        settings = self.init_settings() | {
            "allow_remote_access": False,
            "compress_response": True,
            "websocket_compression_options": {},
            "contents_manager": _PagesOnly(self.workspace, parent=self),
            "default_handler_class": NotHere,
            "headers": HEADERS,
            "log_function": _log_failure,
            "login_url": "/login",
            "xsrf_cookies": True,
            "xsrf_cookie_name": mark_cookie(self.proxy),
            "xsrf_cookie_kwargs": {"samesite": "Strict"},
            # Jupyter looks for the last pong before its first ping is out: with both alike, it cuts every connection.
            "ws_ping_interval": 10_000,
            "ws_ping_timeout": 30_000,
            "allow_origin": self.proxy.address if self.proxy else "",
            "local_hostnames": ["localhost", *([self.proxy.host.partition(":")[0]] if self.proxy else [])],
            "workbook_proxy": self.proxy,
            "workbook_viewing": self.viewing,
            "workbook_workspace": self.workspace,
            "workbook_language": self.language,
        }
        self.identity_provider.cookie_options = {"samesite": "Lax"}
        self.app = GatedApplication(self.init_handlers(), **settings)
        return self.app

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Return our own list of routes, so that what a later Voila adds is not open before somebody looked at it."""
        voila = {
            "voila_configuration": self.voila_configuration,
            "template_paths": self.template_paths,
            "config": self.config,
        }
        return [
            ("/", Home),
            ("/login", SignIn),
            (r"/voila/render/([\w-]+\.ipynb)", StepPage, voila),
            (UPLOADS, Upload),
            *kernel_handlers(),
            *asset_handlers(),
        ]


class _PagesOnly(ContentsManager):
    """The files Voila can read: the notebooks of the registry's pages, nothing else under any name."""

    def __init__(self, workspace: Workspace, **traits: Any) -> None:
        super().__init__(**traits)
        self.workspace = workspace

    def get(
        self, path: Any, content: Any = True, type: Any = None, format: Any = None, require_hash: Any = False
    ) -> Any:
        file = page_file(path.removesuffix(".ipynb"), self.workspace)
        if not self.file_exists(path) or not file.is_file():
            raise HTTPError(404)
        return {"path": path, "type": "notebook", "content": nbformat.read(file, as_version=4)}

    def file_exists(self, path: str = "") -> bool:
        return path in {f"{page.key}.ipynb" for page in PAGES}

    def dir_exists(self, path: str) -> bool:
        return False

    def is_hidden(self, path: str) -> bool:
        return False


def _log_failure(handler: Any) -> None:
    """Log what failed here, without the query: a token may be in it."""
    if handler.get_status() >= 500:
        logging.getLogger("workbook.serving").error(
            "%s %s: %s", handler.request.method, handler.request.path, handler.get_status()
        )
