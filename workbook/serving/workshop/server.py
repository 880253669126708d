"""Serve a workshop to the browsers of a group, at this machine's own address or at one the facilitator names.

The code joins and the facilitator's key leads; there is nothing else to be had: no notebook, no plan and no file of the
workspace has an address here. What the network sees is said at the start and on the desk: there is no encryption on the
way, so a network that others use too is for names and votes that they may read.
"""

import asyncio
import contextlib
import logging
import secrets
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer

from workbook.errors import ServingError, WorkbookError
from workbook.forms.desk import network_words
from workbook.language import N_, speaking, translated
from workbook.plan.workspace import Workspace, author
from workbook.serving.assets import asset_url, own_handlers
from workbook.serving.gate import HEADERS, GatedApplication, is_loopback
from workbook.serving.listening import listening, on_interrupt
from workbook.serving.rendering import templates
from workbook.serving.workshop import desk, visitors
from workbook.serving.workshop.hall import Hall
from workbook.workshop.guard import Guard
from workbook.workshop.log import Held, Workshop, WorkshopLog, fingerprint
from workbook.workshop.room import Entry

__all__ = ["serve_workshop"]

MakeMinutes = Callable[[Workspace, str, str, str], bytes]

MOST_BODY = 200_000
"""Bytes of a form: the longest note is a fiftieth of that."""


def serve_workshop(
    workspace: Workspace,
    plan: str,
    *,
    port: int = 8870,
    host: str = "127.0.0.1",
    address: str = "",
    language: str = "en",
    named: bool = True,
    groups: tuple[str, ...] = (),
    anew: bool = False,
    minutes: MakeMinutes | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """
    Serve the latest workshop about ``plan``, or a new one, until interrupted.

    Parameters
    ----------
    workspace
        Whose plan it is about; the votes are stored beside its plans.
    plan
        Id of the plan.
    port
        Where to listen; 0 takes any free port.
    host
        This machine's address in the network the group is on; only this machine itself when left out.
    address
        Where people reach a proxy or tunnel in front of it, as ``https://vote.example.org``; empty for none.
    language
        Of visitors who chose none.
    named
        Whether participants say their names; only for a new workshop.
    groups
        Names of breakouts that participants choose from; only for a new workshop.
    anew
        Whether to begin a new workshop although there is one that is not over.
    minutes
        Makes the minutes of a workspace's plan in a language as a file with an ending; None where nobody can.
    announce
        Called with the sentences that the facilitator needs.

    Raises
    ------
    ServingError
        If ``host`` is no single address, or the port is taken.
    ParameterError
        If there is no such plan.
    """
    with speaking(language):
        _require_one_address(host, address)
        workspace.log.require(plan)
        key = secrets.token_urlsafe(24)
        held = _workshop(workspace, plan, key, named, groups, anew)
        sockets = listening(host, port)
        place = _place(host, sockets[0].getsockname()[1], address)
        # Said in the log, so that the console in a notebook, another process, knows it.
        Workshop(WorkshopLog(workspace), held).must(Entry("served", place))
        hall = Hall(workspace, held)
        application = _application(hall, place, _hosts(host, sockets[0].getsockname()[1], address), language, minutes)
        sentences = _welcome(held, place["address"], key, network_words(place["network"]))
    asyncio.run(_run(application, hall, sockets, lambda: announce("\n".join(sentences))))


def _place(host: str, port: int, address: str) -> dict[str, str]:
    """Return where people find the server, and the network it is open to: "" for this machine only."""
    own = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return {"address": (address or own).rstrip("/"), "network": "" if is_loopback(host) else host}


def _workshop(workspace: Workspace, plan: str, key: str, named: bool, groups: tuple[str, ...], anew: bool) -> Held:
    """Return the workshop to serve; to one that goes on, whoever starts the server gets a key of their own."""
    store = WorkshopLog(workspace)
    known = [] if anew else store.workshops(plan)
    if known and not (going := Workshop(store, known[0])).room.over:
        going.must(Entry("desk", {"hash": fingerprint(key), "name": author()}))
        return known[0]
    title = workspace.log.plan(plan)[0].charter.title or plan
    return store.begin(plan, title, key=key, facilitator=author(), named=named, groups=groups)


def _require_one_address(host: str, address: str) -> None:
    if host in ("0.0.0.0", "::", "*", ""):
        raise ServingError(
            N_(
                "“{found}” stands for every network this machine is on. Name the address in the one your group uses, such as "
                "{own}: others then find nothing."
            ),
            found=host,
            own=_own_address(),
        )
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query):
        raise ServingError(
            N_("“{found}” is no public address. Write it without a path, such as https://plans.example.org."),
            found=address,
        )


def _own_address() -> str:
    """Return this machine's address as a network sees it; an example where it is in none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
            return str(probe.getsockname()[0])
    except OSError:
        return "192.168.1.20"


def _hosts(host: str, port: int, address: str) -> frozenset[str]:
    """Return the names under which requests may come, beside this machine's own."""
    named = {f"[{host}]:{port}" if ":" in host else f"{host}:{port}".lower()}
    return frozenset(named | ({urlsplit(address).netloc.lower()} if address else set()))


def _application(
    hall: Hall, place: dict[str, str], hosts: frozenset[str], language: str, minutes: MakeMinutes | None
) -> GatedApplication:
    for name in templates().list_templates(filter_func=lambda name: name.startswith("workshop/")):
        templates().get_template(name)  # compiled now, so that no phone waits for it
    return GatedApplication(
        [
            ("/", visitors.Join),
            ("/resume", visitors.Resume),
            ("/leave", visitors.Leave),
            ("/room", visitors.RoomPage),
            (r"/(vote|note|unnote|speak|park)", visitors.Say),
            (r"/events/(room|desk|screen)", visitors.Events),
            ("/screen", desk.Screen),
            ("/desk", desk.Desk),
            ("/desk/key", desk.Key),
            ("/desk/proxy", desk.Proxy),
            ("/desk/votes.csv", desk.Votes),
            (r"/desk/minutes\.(html|md|pdf|pptx|xlsx)", desk.Minutes),
            (r"/desk/do/([a-z]+)", desk.Act),
            *own_handlers(),
        ],
        default_handler_class=visitors.NotHere,
        headers=HEADERS,
        compress_response=True,
        log_function=_log_failure,
        xsrf_cookies=True,
        xsrf_cookie_kwargs={"samesite": "Lax", "httponly": True},
        workbook_hosts=hosts,
        workbook_language=language,
        workshop_hall=hall,
        workshop_guard=Guard(),
        workshop_address=place["address"],
        workshop_network=place["network"],
        workshop_minutes=minutes,
    )


def _welcome(held: Held, address: str, key: str, network: str) -> list[str]:
    code = f"{held.code[:4]}-{held.code[4:]}"
    return [
        translated(N_("Participants: {address} with the code {code}"), address=f"{address}/", code=code),
        translated(N_("Facilitator: {address} (Ctrl+C ends it)"), address=f"{address}/desk?key={key}"),
        network,
    ]


async def _run(
    application: GatedApplication, hall: Hall, sockets: list[socket.socket], welcome: Callable[[], Any]
) -> None:
    """Serve until interrupted; then store what waits."""
    ended = asyncio.Event()
    with on_interrupt(ended.set):
        http = HTTPServer(
            application, max_body_size=MOST_BODY, max_buffer_size=2 * MOST_BODY, idle_connection_timeout=300
        )
        http.add_sockets(sockets)
        hall.open()
        warming = asyncio.get_running_loop().run_in_executor(None, _warm)
        welcome()
        try:
            await ended.wait()
        finally:
            http.stop()
            with contextlib.suppress(WorkbookError):  # the store may be gone
                await hall.add(Entry("unserved", {"address": application.settings["workshop_address"]}))
            await hall.close()
            await asyncio.wait([asyncio.ensure_future(warming)], timeout=10)


def _warm() -> None:
    """Load now what the first reveal would wait for: charts, and the script that draws them."""
    import workbook.exhibits.charts.workshop  # noqa: F401

    asset_url("vega.js")


def _log_failure(handler: Any) -> None:
    """Log what failed here, without the query: a key may be in it."""
    if handler.get_status() >= 500:
        logging.getLogger("workbook.serving").error(
            "%s %s: %s", handler.request.method, handler.request.path, handler.get_status()
        )
