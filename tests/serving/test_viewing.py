"""A viewer sees the plans and can change nothing, whatever is sent; the process that answers cannot write."""

import asyncio
import hashlib
import json
import sqlite3
import time
import uuid

import pytest
import sqlalchemy as sa
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from serving.serving_process import start, stop, visitor
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from workbook.pages import made_workspace
from workbook.plan.revisions import Edit
from workbook.plan.workspace import Workspace
from workbook.serving.viewing import Viewing
from workbook.steps import PAGES

pytestmark = pytest.mark.network

STEP = "08_channels"


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Workspace:
    return made_workspace(tmp_path_factory.mktemp("viewing") / "team", samples=True)


@pytest.fixture(scope="module")
def viewed(team):
    running = start(team, {"read_only": True})
    yield running
    stop(running)


def state_of(workspace: Workspace) -> tuple[str, dict[str, int], list[str]]:
    heads = {plan: workspace.log.head(plan) for plan in workspace.log.plans()}
    files = sorted(str(path.relative_to(workspace.folder)) for path in workspace.folder.rglob("*") if path.is_file())
    return hashlib.sha256((workspace.folder / "plans.sqlite").read_bytes()).hexdigest(), heads, files


class Talk:
    """A browser of a viewer's own making: it takes what the page shows, then sends its widgets what it likes."""

    def __init__(self, server, step: str) -> None:
        self.server = visitor(server)
        page = self.server.ask(f"/voila/render/{step}.ipynb?plan=adaptive-test")
        assert page.status == 200
        self.kernel = self.server.kernel_of(page)
        self.widgets: dict[str, dict] = {}
        self.heard: list[dict] = []

    async def run(self) -> None:
        self.channels = await self._connected(f"/api/kernels/{self.kernel}/channels?session_id=viewer")
        execution = await self._connected(f"/voila/execution/{self.kernel}")
        hearing = asyncio.create_task(self._hear())
        while (message := await asyncio.wait_for(execution.read_message(), 60)) != json.dumps({"kind": "done"}):
            if isinstance(message, bytes):
                _channel, parts = deserialize_msg_from_ws_v1(message)
                self._take({"msg_type": json.loads(parts[0])["msg_type"], "content": json.loads(parts[3])})
        await asyncio.sleep(1)
        for widget, state in list(self.widgets.items()):
            for content in forgeries(widget, state):
                await self.send("comm_msg", content)
        await self.send("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": CONTROL}})
        await asyncio.sleep(2)
        hearing.cancel()
        self.channels.close(1001)

    async def send(self, kind: str, content: dict) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "viewer", "username": "", "version": "5.3"}
        header["date"] = "2026-01-01T00:00:00Z"
        message = {"header": header, "parent_header": {}, "metadata": {"version": "2.1.0"}, "content": content}
        await self.channels.write_message(json.dumps(message | {"channel": "shell"}))

    async def _hear(self) -> None:
        while (message := await self.channels.read_message()) is not None:
            if isinstance(message, bytes):
                continue
            self._take(json.loads(message))

    def _take(self, message: dict) -> None:
        self.heard.append(message)
        if message["msg_type"] == "comm_open":
            self.widgets[message["content"]["comm_id"]] = message["content"]["data"].get("state", {})

    async def _connected(self, path: str):
        cookies = "; ".join(f"{name}={value}" for name, value in self.server.cookies.items())
        return await websocket_connect(
            HTTPRequest(f"ws://127.0.0.1:{self.server.port}{path}", headers={"Cookie": cookies})
        )


CONTROL = {"_model_module": "@jupyter-widgets/controls", "_model_name": "FileUploadModel"}
WISHES = [
    {"kind": "edit", "path": "/budget/total", "text": "1"},
    {"kind": "step", "path": "/budget/total", "by": 1},
    {"kind": "add", "path": "/channels"},
    {"kind": "remove", "path": "/channels/linkedin"},
    {"kind": "copy", "path": "/channels/linkedin"},
    {"kind": "move", "path": "/channels/linkedin", "by": 1},
    {"kind": "create", "path": "/campaigns", "text": "x"},
    {"kind": "choose", "path": "/budget/total", "choice": "1"},
    {"kind": "act", "path": "/budget", "action": "confirm", "answers": {}},
    {"kind": "act", "path": "/budget", "action": "waive", "answers": {"reason": "x"}},
    {"kind": "undo", "path": "/budget"},
    {"kind": "redo", "path": "/budget"},
    {"kind": "edit", "path": "/what-if/total", "text": "1"},
    {"kind": "edit", "path": "/what-if/scenario", "text": "paid"},
    {"kind": "act", "path": "/what-if", "action": "reset", "answers": {}},
    {"kind": "adopt"},
    {"kind": "ping"},
]


def forgeries(widget: str, state: dict) -> list[dict]:
    """Return what somebody could send to a widget: every message of the pages', and another value for all it holds."""
    wishes = [{"method": "custom", "content": wish | {"serial": i}} for i, wish in enumerate(WISHES, start=1)]
    wishes.append({"method": "custom", "content": WISHES[-2]})
    states = [{"method": "update", "state": {name: None}} for name in state]
    states += [{"method": "update", "state": {"content": {"name": "budget"}, "payload": {"finding": "forged"}}}]
    return [{"comm_id": widget, "data": data} for data in (*wishes, *states, {"method": "request_state"})]


def test_a_viewer_who_forges_every_message_changes_nothing_and_finds_nothing_private(viewed, team):
    before = state_of(team)
    copy = next(viewed.temporary.glob("workbook-serving-*/view/team/plans.sqlite"))
    copied = copy.read_bytes()
    for step in (STEP, "dashboard"):
        talk = Talk(viewed, step)
        asyncio.run(talk.run())
        assert len(talk.widgets) > 3
        forms = [state for state in talk.widgets.values() if "FormView" in state.get("_anywidget_id", "")]
        # Readers may try out a budget: that form reaches no store. There is no other.
        assert {form["content"]["name"] for form in forms} == ({"what-if"} if step == "dashboard" else set())
        told = json.dumps([talk.heard, list(talk.widgets.values())])
        for private in (str(team.folder), str(viewed.temporary), viewed.token, "/plans.sqlite"):
            assert private not in told
        assert "Traceback" not in told
    assert state_of(team) == before
    assert copy.read_bytes() == copied


def test_pages_for_viewers_show_what_is_decided_now_and_follow_the_plans(viewed, team):
    one = visitor(viewed)
    assert "Adaptive test" in one.ask("/").text
    log = team.log
    log.append("adaptive-test", [Edit("/charter/title", "Seen by all")], author="test", base=log.head("adaptive-test"))
    for page in PAGES[:1]:
        assert "Seen by all" in one.ask(f"/voila/render/{page.key}.ipynb?plan=adaptive-test").text
    assert "Seen by all" in one.ask("/").text
    refused = one.ask("/workbook/tables?name=a.csv", method="POST", body=b"a", X_XSRFToken=one.cookies["_xsrf"])
    assert refused.status == 400
    assert "only be read" in refused.text


FORBIDDEN = [
    "INSERT INTO plans (id, created) VALUES ('x', 'x')",
    "UPDATE plans SET id = 'x'",
    "DELETE FROM revisions",
    "DROP TABLE plans",
    "CREATE TABLE x (a)",
    "CREATE TEMP TABLE x (a)",
    "CREATE VIEW x AS SELECT 1",
    "ALTER TABLE plans ADD COLUMN x",
    "ATTACH '{folder}/made.sqlite' AS made",
    "ATTACH 'file:{folder}/made.sqlite?mode=rwc' AS made",
    "VACUUM INTO '{folder}/made.sqlite'",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "DETACH main",
    "PRAGMA journal_mode=WAL",
    "PRAGMA user_version=7",
    "PRAGMA writable_schema=ON",
    "PRAGMA query_only=OFF",
    "PRAGMA temp_store_directory='{folder}'",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "SELECT load_extension('x')",
    "BEGIN IMMEDIATE",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_of_a_viewer_refuses_to_write_attach_or_copy(team, tmp_path, statement):
    viewing = Viewing(team, tmp_path / "view" / "team")
    before = state_of(viewing.workspace)
    with viewing.workspace.log.database.reading() as connection:
        raw = connection.connection.driver_connection
        with pytest.raises(sqlite3.Error):
            raw.execute(statement.format(folder=tmp_path))
        assert connection.execute(sa.text("SELECT count(*) FROM plans")).scalar() == 2
    assert not (tmp_path / "made.sqlite").exists()
    assert state_of(viewing.workspace) == before


def test_a_copy_is_taken_anew_only_when_something_has_changed(team, tmp_path):
    viewing = Viewing(team, tmp_path / "view" / "team")
    file = viewing.workspace.folder / "plans.sqlite"
    first = file.stat().st_ino
    viewing.renew()
    assert file.stat().st_ino == first
    log = team.log
    log.append("adaptive-test", [Edit("/budget/total", 61_000)], author="test", base=log.head("adaptive-test"))
    assert viewing.workspace.log.plan("adaptive-test")[0].budget.total != 61_000
    viewing.renew()
    assert viewing.workspace.log.plan("adaptive-test")[0].budget.total == 61_000
    began = time.monotonic()
    viewing.renew()
    assert time.monotonic() - began < 1
