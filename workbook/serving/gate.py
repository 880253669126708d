"""Who may come in? People on this machine, at its own address, with the token; others only by a proxy that vouches.

A browser can be talked into asking this server for things by any page it has open. So before any handler runs, a
request is turned away whose ``Host`` is not this machine (a foreign name that was made to point here) or whose
``Origin`` is not the server itself (another site's script or form), token or not.

A proxy that signs people in proves itself by a secret it sends along with each request. Only then does the server
believe the name it gives, and the public address it is reached at.
"""

import ipaddress
import secrets
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

from workbook.errors import ServingError
from workbook.language import N_

__all__ = [
    "HEADERS",
    "GatedApplication",
    "Proxy",
    "TokenIdentity",
    "is_loopback",
    "mark_cookie",
    "read_proxy",
    "require_loopback",
    "signed_name",
]

SECRET_HEADER = "X-Workbook-Proxy"
SHORTEST_SECRET = 24
LONGEST_NAME = 200

# Scripts come from here or, as each widget's own module, from the page's memory. None may be written into the HTML, and
# none is made from text: user text that reached the HTML after all would still not run.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with everything."""


def is_loopback(name: str) -> bool:
    """Whether ``name``, a host name or an address, always means this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def require_loopback(host: str) -> None:
    """Raise ServingError, with the ways that are safe, unless only this machine can reach a server at ``host``."""
    if not is_loopback(host):
        raise ServingError(
            N_(
                "at “{found}” others could reach the pages, and one shared token does not say who they are. Leave the "
                "address out to serve this machine only, and let others in through JupyterHub or a proxy that signs "
                "people in."
            ),
            found=host,
        )


@dataclass(frozen=True)
class Proxy:
    """
    A proxy on this machine that signs people in.

    Parameters
    ----------
    secret
        What it sends in ``X-Workbook-Proxy``; nobody else knows it.
    header
        Where it says who somebody is. It must take out what a browser sends under that name.
    address
        The public address people come by, such as ``https://plans.example.org``; empty where the proxy asks in this
        machine's own name.
    """

    secret: str
    header: str = "X-Forwarded-User"
    address: str = ""

    @property
    def host(self) -> str:
        """Name and port of the public address, in small letters."""
        return urlsplit(self.address).netloc.lower()

    def vouches(self, request: HTTPServerRequest) -> bool:
        """Whether it was the proxy that passed ``request`` on."""
        return secrets.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self.secret.encode())

    def person(self, request: HTTPServerRequest) -> str:
        """Return whom the proxy has signed in; empty for nobody, and where it was not the proxy that asked."""
        name = request.headers.get(self.header, "").strip() if self.vouches(request) else ""
        return name if len(name) <= LONGEST_NAME and name.isprintable() else ""


def read_proxy(secret_file: Path, header: str, address: str) -> Proxy:
    """Return the proxy whose secret is in ``secret_file``. Raises ServingError for one that others could read or guess."""
    try:
        shared = secret_file.stat().st_mode & 0o077
        secret = secret_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ServingError(
            N_("the proxy's secret cannot be read from {file}. Write one there: `openssl rand -hex 32`."),
            file=str(secret_file),
        ) from problem
    if shared:
        raise ServingError(
            N_("other users of this machine may open {file}, which holds the proxy's secret. Close it: `chmod 600`."),
            file=str(secret_file),
        )
    if len(secret) < SHORTEST_SECRET:
        raise ServingError(
            N_(
                "the proxy's secret in {file} has {found} characters; it needs {allowed}. Make one: `openssl rand -hex 32`."
            ),
            file=str(secret_file),
            found=len(secret),
            allowed=SHORTEST_SECRET,
        )
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query):
        raise ServingError(
            N_("“{found}” is no public address. Write one such as https://plans.example.org."), found=address
        )
    # Whatever path the pages are reached at: their links are relative, and a browser names no path as its origin.
    return Proxy(secret, header, f"{parts.scheme}://{parts.netloc}" if address else "")


def mark_cookie(proxy: Proxy | None) -> str:
    """
    Return the name of the cookie with a page's own mark, against requests that other sites' pages make.

    Behind a proxy it is a name of its own: below the path of another server it must not be mistaken for that server's.
    """
    return "workbook_xsrf" if proxy else "_xsrf"


class GatedApplication(Application):
    """A Tornado application that turns foreign requests away before it looks for a handler."""

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        if is_foreign(request, self.settings.get("workbook_proxy"), self.settings.get("workbook_hosts", ())):
            return self.get_handler_delegate(request, _TurnedAway)
        return super().find_handler(request, **kwargs)


def is_foreign(request: HTTPServerRequest, proxy: Proxy | None = None, hosts: Container[str] = ()) -> bool:
    """
    Whether ``request`` names a host that is neither this machine nor its proxy, or was made by another site's page.

    ``hosts`` are further names, with their port, under which somebody chose to be reached.
    """
    host = request.headers.get("Host", "").lower()
    public = proxy.host if proxy is not None and proxy.vouches(request) else ""
    if not is_loopback(_host_name(host)) and not (public and host == public) and host not in hosts:
        return True
    origins = request.headers.get_list("Origin") + request.headers.get_list("Sec-Websocket-Origin")
    return any(urlsplit(origin.lower()).netloc not in {host, public} - {""} for origin in origins)


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class _TurnedAway(RequestHandler):
    """Answers 403 to whatever is asked."""

    def check_xsrf_cookie(self) -> None:
        """Let it through to ``prepare``, which refuses it."""

    def prepare(self) -> None:
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("This server answers only to its own pages, at its own address on this machine.\n")


SIGNED = "proxy:"
"""Begins the user name of somebody a proxy has signed in; those of a cookie are made here, of letters and digits."""


def signed_name(user: User) -> str:
    """Return the name under which the proxy signed ``user`` in; empty for whoever only has the token."""
    return user.username.removeprefix(SIGNED) if user.username.startswith(SIGNED) else ""


class TokenIdentity(IdentityProvider):
    """Lets in whom the proxy vouches for, and who has the token; a cookie remembers the latter."""

    logout_available = False

    async def _get_user(self, handler: Any) -> User | None:
        proxy = handler.settings.get("workbook_proxy")
        if proxy is not None and (name := proxy.person(handler.request)):
            return User(username=f"{SIGNED}{name}", name=name, display_name=name)
        return await super()._get_user(handler)

    def process_login_form(self, handler: Any) -> User | None:
        given = handler.get_argument("password", default="")
        return (
            self.generate_anonymous_user(handler)
            if secrets.compare_digest(given.encode(), self.token.encode())
            else None
        )
