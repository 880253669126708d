"""There are so many places; a kernel is its visitor's own, ends with its page, and answers widgets only."""

import asyncio
import json
import time
import uuid

import pytest
from serving.serving_process import end, start, stop, until, visitor
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

pytestmark = pytest.mark.network

PAGE = "/voila/render/01_personas.ipynb"
MOST = 3


@pytest.fixture(scope="module")
def small(tmp_path_factory, served_workspace):
    """Return a server with three places."""
    running = start(served_workspace, MOST_PAGES=MOST)
    yield running
    stop(running)


def said(server, kernel: str, messages: list[tuple[str, str, dict]], *, seconds: float = 1.5) -> list[str]:
    """Send ``messages`` (channel, type, content) as a page would, and return the types of what is answered to them."""

    async def talk() -> list[str]:
        cookies = "; ".join(f"{name}={value}" for name, value in server.cookies.items())
        address = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?session_id=test"
        socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookies}))
        mine = set()
        for channel, kind, content in messages:
            mine.add(id := uuid.uuid4().hex)
            header = {"msg_id": id, "msg_type": kind, "session": "test", "username": "", "version": "5.3", "date": ""}
            await socket.write_message(
                json.dumps(
                    {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel}
                )
            )
        heard = []
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            try:
                message = await asyncio.wait_for(socket.read_message(), left)
            except TimeoutError:
                break
            if message is None:
                break
            if isinstance(message, str) and (got := json.loads(message))["parent_header"].get("msg_id") in mine:
                heard.append(got["msg_type"])
        socket.close()
        return heard

    return asyncio.run(talk())


def test_a_visitor_past_the_last_place_is_told_so_and_gets_one_when_somebody_leaves(small):
    opened = [visitor(small) for _ in range(MOST)]
    taken = [(one, one.kernel_of(one.ask(f"{PAGE}?language=it"))) for one in opened]
    late = visitor(small)
    answer = late.ask(f"{PAGE}?language=it")
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert '<meta http-equiv="refresh"' in answer.text
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    assert late.ask("/").status == 200
    assert end(*taken[0]) == 204
    page = late.ask(PAGE)
    assert page.status == 200
    for one, kernel in [*taken[1:], (late, late.kernel_of(page))]:
        assert end(one, kernel) == 204
    assert until(lambda: not small.kernels)


def test_anothers_kernel_is_not_there(small):
    owner, stranger = visitor(small), visitor(small)
    kernel = owner.kernel_of(owner.ask(PAGE))
    assert owner.ask(f"/api/kernels/{kernel}").status == 200
    assert stranger.ask(f"/api/kernels/{kernel}").status == 404
    assert end(stranger, kernel) == 404
    for path in (f"/api/kernels/{kernel}/channels", f"/voila/execution/{kernel}"):
        with pytest.raises(HTTPClientError, match="404"):
            asyncio.run(_connected(stranger, path))
    assert owner.ask(f"/api/kernels/{kernel}").status == 200
    assert end(owner, kernel) == 204


async def _connected(server, path: str) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in server.cookies.items())
    await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{server.port}{path}", headers={"Cookie": cookies}))


CODE = {"code": "open('/tmp/never', 'w')", "silent": False, "store_history": False, "allow_stdin": False}
FORBIDDEN = [
    ("shell", "execute_request", CODE),
    ("control", "execute_request", CODE),
    ("shell", "complete_request", {"code": "wor", "cursor_pos": 3}),
    ("shell", "inspect_request", {"code": "step", "cursor_pos": 4, "detail_level": 1}),
    ("shell", "history_request", {"hist_access_type": "tail", "n": 9, "output": True, "raw": True}),
    ("shell", "is_complete_request", {"code": "1"}),
    ("control", "debug_request", {"seq": 1, "type": "request", "command": "initialize", "arguments": {}}),
    ("shell", "debug_request", {"seq": 1, "type": "request", "command": "initialize", "arguments": {}}),
    ("control", "interrupt_request", {}),
    ("control", "shutdown_request", {"restart": False}),
    ("shell", "create_subshell_request", {}),
    ("control", "create_subshell_request", {}),
    ("stdin", "input_reply", {"value": "x"}),
]


def test_a_page_gets_answers_to_widgets_messages_only(small):
    one = visitor(small)
    kernel = one.kernel_of(one.ask(PAGE))
    # Until its page is run, a kernel answers nobody.
    assert until(lambda: json.loads(one.ask(f"/api/kernels/{kernel}").text)["execution_state"] == "idle", 30)
    assert "kernel_info_reply" in said(one, kernel, [("shell", "kernel_info_request", {})], seconds=5)
    assert said(one, kernel, FORBIDDEN) == []
    assert "comm_info_reply" in said(one, kernel, [("shell", "comm_info_request", {})])
    assert one.ask(f"/api/kernels/{kernel}").status == 200
    assert end(one, kernel) == 204


def test_a_page_that_is_closed_frees_its_kernel_in_seconds_and_one_lost_from_sight_does_not(small):
    async def leave(code: int | None) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in one.cookies.items())
        address = f"ws://127.0.0.1:{one.port}/api/kernels/{kernel}/channels?session_id=x"
        socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookies}))
        await asyncio.sleep(0.5)
        if code:
            socket.close(code)
            await asyncio.sleep(0.2)
        else:
            socket.protocol.stream.close()

    one = visitor(small)
    kernel = one.kernel_of(one.ask(PAGE))
    asyncio.run(leave(None))
    time.sleep(5)
    assert one.ask(f"/api/kernels/{kernel}").status == 200
    asyncio.run(leave(1001))
    assert until(lambda: one.ask(f"/api/kernels/{kernel}").status == 404, 10)


@pytest.mark.slow
@pytest.mark.browser
def test_thirty_pages_at_once_then_all_closed(served_workspace, watched_page, capsys):
    running = start(served_workspace, LEFT_ALONE=60, MOST_PAGES=6)
    try:
        page, _ = watched_page(820)
        page.goto(f"{running.address}/?token={running.token}")
        context = page.context
        pages = [context.new_page() for _ in range(30)]
        for one in pages:
            one.goto(f"{running.address}{PAGE}?plan=adaptive-test", wait_until="commit")
        told = [one for one in pages if one.locator("#jupyter-config-data").count() == 0]
        most = len(running.kernels)
        assert len(told) == 24
        assert most <= 6
        for one in pages:
            if one not in told:
                one.wait_for_selector("html[data-live]", state="attached", timeout=60_000)
        for one in [*told, *pages]:  # first those who would take a place that comes free
            one.close()
        before = time.monotonic()
        assert until(lambda: not running.kernels, 30)
        with capsys.disabled():
            print(
                f"\n30 pages: {30 - len(told)} open, {len(told)} told to wait; none left {time.monotonic() - before:.1f} s later"
            )
    finally:
        stop(running)
