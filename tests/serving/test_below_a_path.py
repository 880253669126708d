"""The pages work below a path of another server, as in JupyterHub, and leave that server's own cookies and pages alone."""

import asyncio
import threading

import pytest
from serving.serving_process import start, stop
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler, websocket_connect

from workbook.pages import made_workspace

pytestmark = [pytest.mark.network, pytest.mark.browser]

SECRET = "a-secret-that-nobody-would-guess-4711"
BELOW = "/user/anna/proxy/workbook"
OF_THE_CONNECTION = {"connection", "content-length", "transfer-encoding", "content-encoding", "upgrade"}


class Hub:
    """A server that has signed Anna in, and passes on what is asked below one of its paths, without the path."""

    def __init__(self, behind):
        self.behind, self.elsewhere, self.marks = behind, [], []
        (self.socket,) = bind_sockets(0, "127.0.0.1")
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=[self.serve()], daemon=True)
        self.thread.start()

    async def serve(self):
        self.ended = asyncio.Event()
        passing = [(rf"{BELOW}(/api/kernels/.*|/voila/execution/.*)", Socket), (rf"{BELOW}(/.*)", Page)]
        server = HTTPServer(Application([*passing, ("(.*)", Elsewhere)], hub=self))
        server.add_socket(self.socket)
        await self.ended.wait()
        server.stop()

    def end(self):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(5)


def headers_for(request):
    """Return the headers of ``request`` as they are passed on: whatever the browser sent, and who it is from."""
    own = {name: value for name, value in request.headers.items() if name.lower() not in OF_THE_CONNECTION}
    sent = {name: value for name, value in own.items() if not name.lower().startswith("sec-websocket")}
    return sent | {"X-Workbook-Proxy": SECRET, "X-Forwarded-User": "anna"}


class Page(RequestHandler):
    async def _pass_on(self, path):
        hub, asked = self.settings["hub"], self.request
        address = f"{hub.behind}{path}{'?' * bool(asked.query)}{asked.query}"
        passed = HTTPRequest(address, asked.method, headers_for(asked), asked.body or None, follow_redirects=False)
        passed.allow_nonstandard_methods = True
        answer = await AsyncHTTPClient().fetch(passed, raise_error=False)
        self.set_status(answer.code)
        for name, value in answer.headers.get_all():
            if name.lower() not in OF_THE_CONNECTION:
                self.add_header(name, value)
        # The mark of the hub itself, under the usual name.
        self.add_header("Set-Cookie", "_xsrf=of-the-hub; Path=/user/anna/")
        self.finish(answer.body)

    get = post = _pass_on


class Socket(WebSocketHandler):
    def check_origin(self, origin):
        return True

    def select_subprotocol(self, offered):
        return offered[0] if offered else None

    async def open(self, path):
        address = f"{self.settings['hub'].behind.replace('http', 'ws')}{path}?{self.request.query}"
        offered = [name for name in self.request.headers.get("Sec-Websocket-Protocol", "").split(", ") if name]
        self.waiting = asyncio.get_running_loop().create_future()
        behind = await websocket_connect(
            HTTPRequest(address, headers=headers_for(self.request)), subprotocols=offered, on_message_callback=self.back
        )
        self.waiting.set_result(behind)

    def back(self, message):
        if message is None:
            self.close()
        else:
            self.write_message(message, binary=isinstance(message, bytes))

    async def on_message(self, message):
        await (await self.waiting).write_message(message, binary=isinstance(message, bytes))

    def on_close(self):
        if self.waiting.done():
            self.waiting.result().close()


class Elsewhere(RequestHandler):
    def get(self, path):
        self.settings["hub"].elsewhere.append(path)
        self.send_error(404)

    post = get


@pytest.fixture
def behind(tmp_path):
    workspace = made_workspace(tmp_path / "team", samples=True)
    running = start(workspace, {"proxy": {"secret": SECRET, "address": ""}})
    yield running
    stop(running)


@pytest.fixture
def hub(behind):
    running = Hub(behind.address)
    yield running
    running.end()


def test_from_the_list_of_plans_to_a_saved_value_and_back_nothing_is_asked_above_the_path(hub, behind, watched_page):
    page, log = watched_page(1440)
    page.goto(f"{hub.address}{BELOW}/?language=it")
    page.click("a[lang=en]")
    page.click('a[href*="01_personas.ipynb"] >> nth=0')
    page.wait_for_selector("html[data-live]", state="attached", timeout=60_000)
    assert f"{BELOW}/voila/render/01_personas.ipynb" in page.url
    assert len(behind.kernels) == 1
    name = page.locator(".wb-form input[type=text]").first
    name.fill("Reached below a path")
    name.press("Tab")
    page.wait_for_selector('.wb-status[data-state="saved"], .wb-header [data-state="saved"]', timeout=15_000)
    page.click(".wb-to-home")
    page.wait_for_selector(".wb-resume:not([hidden])")
    page.wait_for_function(
        "() => document.cookie.includes('_xsrf=of-the-hub') && document.cookie.includes('workbook_xsrf')"
    )
    page.click(".wb-resume:not([hidden]) >> nth=0")
    page.wait_for_selector("html[data-live]", state="attached", timeout=60_000)
    assert page.locator(".wb-form input[type=text]").first.input_value() == "Reached below a path"
    assert hub.elsewhere == []
    log.assert_clean()
