"""Who may come in? People on this machine, at its own address, with the token.

A browser can be talked into asking this server for things by any page it has open. So before any handler runs, a
request is turned away whose ``Host`` is not this machine (a foreign name that was made to point here) or whose
``Origin`` is not the server itself (another site's script or form), token or not.
"""

import ipaddress
import secrets
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

from workbook.errors import ServingError
from workbook.language import N_

__all__ = ["HEADERS", "GatedApplication", "TokenIdentity", "is_loopback", "require_loopback"]

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


class GatedApplication(Application):
    """A Tornado application that turns foreign requests away before it looks for a handler."""

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        if is_foreign(request):
            return self.get_handler_delegate(request, _TurnedAway)
        return super().find_handler(request, **kwargs)


def is_foreign(request: HTTPServerRequest) -> bool:
    """Whether ``request`` names another host than this machine, or was made by a page of another site."""
    host = request.headers.get("Host", "")
    if not is_loopback(_host_name(host)):
        return True
    origins = request.headers.get_list("Origin") + request.headers.get_list("Sec-Websocket-Origin")
    return any(urlsplit(origin.lower()).netloc != host.lower() for origin in origins)


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


class TokenIdentity(IdentityProvider):
    """Lets in whoever has the token, from the address or the sign-in form, and remembers them by a cookie."""

    logout_available = False

    def process_login_form(self, handler: Any) -> User | None:
        given = handler.get_argument("password", default="")
        return (
            self.generate_anonymous_user(handler)
            if secrets.compare_digest(given.encode(), self.token.encode())
            else None
        )
