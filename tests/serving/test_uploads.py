"""A table comes in as the plain body of a request: from the page itself only, up to a stated size, whole or not at all."""

import hashlib
import json
import socket
import time
from urllib.parse import quote

import pytest
from serving.serving_process import visitor

from workbook.errors import ServingError
from workbook.serving.uploads import table_name
from workbook.tables import MOST_BYTES

pytestmark = pytest.mark.network

TABLE = b"need,importance,satisfaction\nspeed,9,4\n"


def sent(server, body=TABLE, name="needs.csv", **headers):
    own = {"X_XSRFToken": server.cookies["_xsrf"]} | headers
    return server.ask(f"/workbook/tables?name={quote(name, safe='')}", method="POST", body=body, **own)


@pytest.fixture
def page(server):
    return visitor(server)


def left_over(server) -> list[str]:
    return [path.name for path in (server.workspace.folder / "tables").glob(".*")]


def test_a_table_is_stored_under_its_contents_fingerprint(page):
    answer = sent(page)
    stored = f"{hashlib.sha256(TABLE).hexdigest()[:8]}-needs.csv"
    assert (answer.status, json.loads(answer.body)["name"]) == (200, stored)
    assert page.workspace.table(stored).read_bytes() == TABLE
    assert json.loads(sent(page).body)["name"] == stored
    assert left_over(page) == []


def test_one_past_what_a_websocket_would_carry_is_stored_too(page):
    content = b"a,b\n" + b"1,2\n" * 8_000_000
    answer = sent(page, content, "long.csv")
    assert answer.status == 200
    assert page.workspace.table(json.loads(answer.body)["name"]).stat().st_size == len(content)
    page.workspace.table(json.loads(answer.body)["name"]).unlink()


def test_nobody_else_and_no_other_site_can_bring_one(server, page):
    before = set((server.workspace.folder / "tables").iterdir())
    assert server.ask("/workbook/tables?name=a.csv", method="POST", body=TABLE, signed_in=False).status == 403
    assert page.ask("/workbook/tables?name=a.csv", method="POST", body=TABLE).status == 403
    assert sent(page, X_XSRFToken="wrong").status == 403
    assert sent(page, Origin="http://evil.example").status == 403
    assert sent(page, Host="evil.example").status == 403
    assert page.ask("/workbook/tables").status in (404, 405)
    assert set((server.workspace.folder / "tables").iterdir()) == before


@pytest.mark.parametrize("name", ["", "x", "x.exe", "x.csv.html", "x.xls", "x.xlsm", "..", "/etc/passwd"])
def test_what_is_no_table_is_refused_with_those_that_are(page, name):
    answer = sent(page, name=name)
    assert answer.status == 400
    assert ".parquet" in json.loads(answer.body)["message"]


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../../etc/cron.csv", "cron.csv"),
        ("C:\\data\\needs.CSV", "needs.csv"),
        ("<img src=x>.csv", "img-src-x-.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\r\nb\x00.csv", "a--b-.csv"),
        ("bisogni è.xlsx", "bisogni-è.xlsx"),
        ("-rf.csv", "rf.csv"),
        (".csv.csv", "csv.csv"),
        ("x" * 500 + ".parquet", "x" * 112 + ".parquet"),
    ],
)
def test_a_name_keeps_only_what_is_harmless_in_one(given, stored):
    assert table_name(given) == stored


def test_a_name_without_an_ending_is_refused():
    with pytest.raises(ServingError, match=r"\.csv"):
        table_name("needs")


def test_one_too_large_is_refused_before_it_comes_with_the_largest_allowed(page):
    head = (
        f"POST /workbook/tables?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nContent-Length: {MOST_BYTES + 1}\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in page.cookies.items())}\r\n"
        f"X-XSRFToken: {page.cookies['_xsrf']}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as line:
        line.sendall(head.encode())
        answer = line.recv(65536).decode()
    assert " 400 " in answer.splitlines()[0] or " 413 " in answer.splitlines()[0]
    assert f"{MOST_BYTES // 1_000_000} MB" in answer
    assert left_over(page) == []


def test_an_upload_that_breaks_off_leaves_nothing(page):
    head = (
        f"POST /workbook/tables?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nContent-Length: 1000000\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in page.cookies.items())}\r\n"
        f"X-XSRFToken: {page.cookies['_xsrf']}\r\n\r\n"
    )
    before = {path.name for path in (page.workspace.folder / "tables").iterdir()}
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as line:
        line.sendall(head.encode() + b"a,b\n" * 1000)
        time.sleep(0.3)
    ends = time.monotonic() + 10
    while left_over(page) and time.monotonic() < ends:
        time.sleep(0.1)
    assert {path.name for path in (page.workspace.folder / "tables").iterdir()} == before
