"""What do the browsers load once and keep? Voila's scripts, the widgets' scripts, our page's style and script, Vega.

All of it is software that anybody may have, so no token is asked for. Each address carries a fingerprint of what it
serves, so it may be kept for a year, and changes when the software does.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from workbook.exhibits.vega import runtime_js
from workbook.exhibits.view import card_css, drawing_js
from workbook.forms.console import ConsoleView, desk_js, workshop_css
from workbook.forms.view import FormView, HeaderView, page_css

__all__ = ["PREFIX", "asset_handlers", "asset_url", "extensions", "extensions_url", "own_handlers", "voila_url"]

PREFIX = "workbook/static"

# All that a page needs: the kinds of widgets ipywidgets has, what looks after them in Voila, and anywidget for our own.
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")

_TEMPLATE = Path(__file__).with_name("template")
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_FOR_EVER = "public, max-age=31536000, immutable"


def asset_handlers() -> list[tuple[Any, ...]]:
    """Return the routes of everything here."""
    return [
        (rf"{voila_url()}/(.*)", _Kept, {"path": _voila_folder()}),
        *((rf"{extensions_url()}/{name}/(.*)", _Kept, {"path": found["ext_path"]}) for name, found in _found().items()),
        *own_handlers(),
    ]


def own_handlers() -> list[tuple[Any, ...]]:
    """Return the routes of what is ours, for servers that show no notebooks."""
    return [(rf"/{PREFIX}/(\w+)-(\w+)\.(css|js)", _Asset)]


@cache
def asset_url(name: str, root: str = "/") -> str:
    """
    Return the address of ``page.css`` or of a script: ``page.js``, ``vega.js``, ``exhibit.js`` and others.

    ``root`` is where the server's addresses begin, as seen from the page that loads it.
    """
    stem, _, ending = name.partition(".")
    return f"{root}{PREFIX}/{stem}-{_mark(_content(name))}.{ending}"


@cache
def voila_url(root: str = "/") -> str:
    """Return the address of the folder of Voila's scripts."""
    return f"{root}{PREFIX}/voila-{_mark((Path(_voila_folder()) / 'voila.js').read_bytes())}"


@cache
def extensions_url(root: str = "/") -> str:
    """Return the address of the folder of the extensions' scripts."""
    names = "".join(found["jupyterlab"]["_build"]["load"] for found in _found().values())
    return f"{root}{PREFIX}/extensions-{_mark(names.encode())}"


@cache
def extensions() -> list[dict[str, str]]:
    """Return the extensions as Voila's script wants to be told of them."""
    return [
        {
            key: value
            for key, value in {"name": name, **found["jupyterlab"]["_build"]}.items()
            if key in ("name", "load", "extension")
        }
        for name, found in _found().items()
    ]


@cache
def _found() -> dict[str, Any]:
    # Imported here: they bring all of Voila and Lab, which a workshop's server has no use for.
    from jupyterlab_server.config import get_federated_extensions
    from voila.utils import get_voila_labextensions_path

    installed = get_federated_extensions(get_voila_labextensions_path())
    return {name: installed[name] for name in EXTENSIONS}


@cache
def _voila_folder() -> str:
    from voila.paths import collect_static_paths

    folders = (Path(path) for path in collect_static_paths(["voila"], "base"))
    return str(next(folder for folder in folders if (folder / "voila.js").is_file()))


@cache
def _content(name: str) -> bytes:
    match name:
        case "vega.js":
            return runtime_js().encode()
        case "exhibit.js":
            return drawing_js().encode()
        case "form.js":
            return FormView._esm.encode()
        case "console.js":
            return ConsoleView._esm.encode()
        case "header.js":
            return HeaderView._esm.encode()
        case "page.css":
            served = (_TEMPLATE / "served.css").read_text("utf-8")
            # The widgets bring their style along, but a picture of them is there before they are.
            return "\n".join((page_css(), served, HeaderView._css, FormView._css, card_css(), workshop_css())).encode()
        case "page.js" | "live.js" | "places.js" | "theme.js" | "formulas.js":
            return (_TEMPLATE / name).read_bytes()
        case "workshop.js":
            return (desk_js() + (_TEMPLATE / name).read_text("utf-8")).encode()
    raise KeyError(name)


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


class _Asset(RequestHandler):
    """One of our own files, whole and in memory."""

    def get(self, stem: str, mark: str, ending: str) -> None:
        name = f"{stem}.{ending}"
        try:
            content = _content(name)
        except KeyError:
            raise HTTPError(404) from None
        if mark != _mark(content):
            raise HTTPError(404)
        self.set_header("Content-Type", _TYPES[ending])
        self.set_header("Cache-Control", _FOR_EVER)
        self.finish(content)


class _Kept(StaticFileHandler):
    """Files of installed software, under an address that changes with it."""

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", _FOR_EVER)
