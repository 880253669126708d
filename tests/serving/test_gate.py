"""Nobody gets in without the token, from another host's name or from another site; and no file has an address."""

import socket
from urllib.parse import quote, urljoin, urlsplit

import pytest

from workbook.errors import ServingError
from workbook.serving.dashboards import serve

pytestmark = pytest.mark.network

PAGE = "/voila/render/01_personas.ipynb"
KERNEL = "/api/kernels/00000000-0000-0000-0000-000000000000"
CLOSED = [
    *("/", PAGE, f"{PAGE}?plan=hostile", KERNEL, f"{KERNEL}/channels", "/voila/tree", "/voila/api/contents/"),
    *("/voila/files/picture.png", "/voila/execution/00000000-0000-0000-0000-000000000000", "/nowhere"),
]


@pytest.mark.parametrize("path", CLOSED)
def test_without_the_token_nothing_opens(server, path):
    for asked in (path, f"{path}{'&' if '?' in path else '?'}token=wrong"):
        answer = server.ask(asked, signed_in=False)
        assert answer.status in (302, 403)
        assert b"Adaptive" not in answer.body
        if answer.status == 302:
            assert urljoin(path, answer.headers["Location"]).startswith("/login?")


def test_with_the_token_the_plans_are_listed_and_the_token_leaves_the_address(server):
    entered = server.ask(f"/?language=it&token={server.token}", signed_in=False)
    assert (entered.status, urljoin("/", entered.headers["Location"])) == (302, "/?language=it")
    home = server.ask("/")
    assert home.status == 200
    assert "Adaptive test" in home.text
    assert server.token not in home.text


def test_the_sign_in_form_takes_the_token_and_nothing_else(server):
    form = server.ask("/login", signed_in=False)
    xsrf = server.cookies["_xsrf"]
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": f"_xsrf={xsrf}"}
    assert form.status == 200
    for given, status in (("", 401), ("wrong", 401), (server.token, 302)):
        body = f"password={quote(given)}&_xsrf={quote(xsrf)}".encode()
        assert server.ask("/login", method="POST", signed_in=False, body=body, **headers).status == status
    assert (
        server.ask("/login", method="POST", signed_in=False, body=f"password={server.token}".encode(), **headers).status
        == 403
    )


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example", "///evil.example"],
)
def test_sign_in_sends_nobody_to_another_site(server, elsewhere):
    sent_to = server.ask(f"/login?next={quote(elsewhere, safe='')}").headers["Location"]
    assert urlsplit(urljoin(f"{server.address}/login", sent_to)).netloc == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8866",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "[::2]",
        "0.0.0.0",
    ],
)
@pytest.mark.parametrize("path", ["/", PAGE, KERNEL, "/login", "/workbook/static/page-0.css"])
def test_a_foreign_host_is_refused_even_with_the_token(server, host, path):
    assert server.ask(f"{path}?token={server.token}", Host=host).status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
def test_a_foreign_origin_is_refused_even_with_the_token(server, origin):
    for method in ("POST", "DELETE", "PUT", "GET"):
        for path in ("/api/kernels", KERNEL, f"{KERNEL}/channels", f"/voila/api/shutdown/{KERNEL[-36:]}", "/login"):
            headers = {"Origin": origin, "Authorization": f"token {server.token}"}
            assert server.ask(path, method=method, **headers).status == 403


def test_a_foreign_websocket_is_refused(server):
    kernel = server.kernel_of(server.ask(PAGE))
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    for path in (f"/api/kernels/{kernel}/channels", f"/voila/execution/{kernel}"):
        assert server.ask(path, Origin="http://evil.example", **upgrade).status == 403
        assert server.ask(path, signed_in=False, **upgrade).status == 403


def test_a_post_or_delete_without_the_pages_own_mark_is_refused(server):
    kernel = server.kernel_of(server.ask(PAGE))
    assert server.ask(f"/voila/api/shutdown/{kernel}", method="POST").status == 403
    assert server.ask(f"/api/kernels/{kernel}", method="DELETE").status in (403, 405)
    assert server.ask(f"/api/kernels/{kernel}").status == 200
    body = f"_xsrf={quote(server.cookies['_xsrf'])}".encode()
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert server.ask(f"/voila/api/shutdown/{kernel}", method="POST", body=body, **form).status == 204
    assert server.ask(f"/api/kernels/{kernel}").status == 404


PREFIXES = [
    "/",
    "/voila/files/",
    "/voila/render/",
    "/voila/static/",
    "/voila/templates/lab/static/",
    "/voila/api/contents/",
    "/files/",
    "/static/",
]
FILES = [
    *(
        "plans.sqlite",
        "../plans.sqlite",
        "../workbook.toml",
        "..%2fplans.sqlite",
        "%2e%2e/plans.sqlite",
        "%2e%2e%2fworkbook.toml",
        "..%5cplans.sqlite",
    ),
    *(
        "....//plans.sqlite",
        "//plans.sqlite",
        "%2f..%2fplans.sqlite",
        "way-out/plans.sqlite",
        "way-out/workbook.toml",
        "notes.ipynb",
        "picture.png",
    ),
    *("..%252fplans.sqlite", "01_personas.ipynb%00.png", "../notebooks/notes.ipynb", "%2fetc%2fpasswd", "/etc/passwd"),
]
SECRETS = (b"SQLite format", b"A workspace of the", b"SECRET", b"root:", b'"cells"', b"open_step")


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_file_can_be_read_by_any_path(server, prefix, signed_in):
    folder = str(server.workspace.folder)
    for file in [*FILES, f"{folder}/plans.sqlite", quote(f"{folder}/plans.sqlite", safe="")]:
        answer = server.ask(prefix + file, signed_in=signed_in)
        assert answer.status >= 300, prefix + file
        assert not any(secret in answer.body for secret in SECRETS), prefix + file


def test_static_folders_have_no_way_up(server):
    page = server.ask(PAGE).text
    linked = (urljoin(PAGE, part) for part in page.split('"') if part.startswith("../../workbook/static/voila-"))
    folders = {address.rpartition("/")[0] for address in linked}
    for folder in [*folders, *(f"{folder}/../anywidget" for folder in folders)]:
        for way in (
            "../../../../../../../../etc/passwd",
            "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
            "%2fetc%2fpasswd",
        ):
            answer = server.ask(f"{folder}/{way}", signed_in=False)
            assert answer.status >= 300
            assert b"root:" not in answer.body


def test_everything_of_ours_is_sent_with_a_policy_that_runs_no_script_from_text(server):
    for path in ("/", PAGE, "/nowhere", "/login", f"{PAGE}?plan=nothing"):
        policy = server.ask(path).headers["Content-Security-Policy"]
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe" not in scripts
        assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "example.org"])
def test_an_address_others_can_reach_is_refused_with_the_safe_way(served_workspace, host):
    with pytest.raises(ServingError, match="JupyterHub"):
        serve(served_workspace, host=host)


def test_a_taken_port_and_an_empty_token_are_refused_with_the_way_out(served_workspace):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServingError, match="--port"):
            serve(served_workspace, port=taken.getsockname()[1])
    with pytest.raises(ServingError, match="token"):
        serve(served_workspace, token=" ")
