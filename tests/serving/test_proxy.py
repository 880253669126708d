"""A proxy that signs people in is believed where it proves itself by its secret, and nobody else is."""

import pytest
from serving.serving_process import start, stop

from workbook.errors import ServingError
from workbook.serving.gate import read_proxy

pytestmark = pytest.mark.network

SECRET = "a-secret-that-nobody-would-guess-4711"
PUBLIC = "plans.example.org"
PAGE = "/voila/render/01_personas.ipynb"


@pytest.fixture(scope="module")
def behind(served_workspace):
    running = start(served_workspace, {"proxy": {"secret": SECRET, "address": f"https://{PUBLIC}"}})
    yield running
    stop(running)


def passed_on(server, path, *, person="ann@example.org", secret=SECRET, host=PUBLIC, **options):
    headers = {"X_Forwarded_User": person, "X_Workbook_Proxy": secret, "Host": host}
    return server.ask(path, signed_in=False, **headers, **options)


def test_whom_the_proxy_signed_in_comes_in_by_the_public_address_or_this_machines(behind):
    for host in (PUBLIC, f"127.0.0.1:{behind.port}", f"localhost:{behind.port}"):
        assert passed_on(behind, "/", host=host).status == 200
        assert passed_on(behind, "/", host=host, Origin=f"https://{PUBLIC}").status == 200


def test_an_identity_that_did_not_come_from_the_proxy_is_ignored(behind):
    here = f"127.0.0.1:{behind.port}"
    for path in ("/", PAGE):
        assert passed_on(behind, path, secret="", host=here).status in (302, 403)
        assert passed_on(behind, path, secret=SECRET[:-1], host=here).status in (302, 403)
        assert behind.ask(path, signed_in=False, X_Forwarded_User="ann", Remote_User="ann").status in (302, 403)
        assert passed_on(behind, path, secret="", host=PUBLIC).status == 403
    assert passed_on(behind, "/", person="", host=here).status in (302, 403)
    assert passed_on(behind, "/", person="x" * 500, host=here).status in (302, 403)


def test_another_host_or_site_is_refused_also_behind_the_proxy(behind):
    for host in ("evil.example", f"{PUBLIC}.evil.example", "10.0.0.1"):
        assert passed_on(behind, "/", host=host).status == 403
    for origin in ("https://evil.example", f"https://{PUBLIC}.evil.example", "null"):
        assert passed_on(behind, "/", Origin=origin).status == 403


def test_a_person_has_kernels_of_their_own(behind):
    kernel = behind.kernel_of(passed_on(behind, f"{PAGE}?plan=hostile"))
    assert passed_on(behind, f"/api/kernels/{kernel}").status == 200
    assert passed_on(behind, f"/api/kernels/{kernel}", person="bob@example.org").status == 404


@pytest.mark.parametrize(
    ("secret", "mode", "address", "said"),
    [
        (SECRET, 0o644, "", "chmod 600"),
        ("short", 0o600, "", "openssl"),
        (None, 0o600, "", "openssl"),
        (SECRET, 0o600, "plans.example.org", "https://"),
        (SECRET, 0o600, "https://plans.example.org/here?x", "https://"),
    ],
)
def test_a_proxy_set_up_unsafely_is_refused_with_the_safe_way(tmp_path, secret, mode, address, said):
    file = tmp_path / "proxy.secret"
    if secret is not None:
        file.write_text(secret + "\n")
        file.chmod(mode)
    with pytest.raises(ServingError, match=said):
        read_proxy(file, "X-Forwarded-User", address)


def test_a_proxys_secret_is_read_from_a_file_of_ones_own(tmp_path):
    file = tmp_path / "proxy.secret"
    file.write_text(SECRET + "\n")
    file.chmod(0o600)
    assert read_proxy(file, "X-User", "https://Plans.example.org/").host == PUBLIC
    assert read_proxy(file, "X-User", "").secret == SECRET
