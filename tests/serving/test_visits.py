"""Pages are given what their address asks for, where that exists, and a sentence with links where it does not."""

import re
import time
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from workbook.plan.revisions import Edit
from workbook.steps import STEPS

pytestmark = pytest.mark.network

PAGE = "/voila/render/01_personas.ipynb"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{7*7}}",
    "</title><svg onload=alert(1)>",
    "../../x",
    "a\r\nSet-Cookie: x=1",
]


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_a_page_has_its_language_title_and_places_before_its_kernel_answers(server):
    page = server.ask(f"{PAGE}?plan=adaptive-test&language=it")
    assert page.status == 200
    assert '<html lang="it">' in page.text
    assert "Adaptive test" in re.search("<title>(.*?)</title>", page.text)[1]
    elements = Elements(page.text).found
    classes = [attributes.get("class") or "" for _, attributes in elements]
    assert sum("wb-cell-start" in name for name in classes) == 1
    assert any("wb-cell-form" in name for name in classes)
    assert any("wb-cell-exhibit" in name for name in classes)
    assert "open_step" not in page.text
    assert [tag for tag, _ in elements].count("main") == 1


def test_a_page_asked_for_again_is_the_same_with_a_kernel_of_its_own_until_the_plan_changes(server):
    asked = f"{PAGE}?plan=adaptive-test&language=en"
    first, again = server.ask(asked), server.ask(asked)
    kernels = [server.kernel_of(page) for page in (first, again)]
    assert kernels[0] != kernels[1]
    assert again.text == first.text.replace(kernels[0], kernels[1])
    log = server.workspace.log
    log.append("adaptive-test", [Edit("/charter/title", "Told anew")], author="t", base=log.head("adaptive-test"))
    try:
        assert "Told anew" in server.ask(asked).text
    finally:
        log.append("adaptive-test", [Edit("/charter/title", "Adaptive test")], author="t", base=10_000)


def test_the_turn_keeps_plan_and_language(server):
    page = server.ask(f"/voila/render/{STEPS[1].key}.ipynb?plan=hostile&language=it").text
    for other in (STEPS[0], STEPS[2]):
        assert f'href="{other.key}.ipynb?plan=hostile&amp;language=it"' in page


def test_a_page_asks_nobody_else_for_anything(server):
    for tag, attributes in Elements(server.ask(PAGE).text + server.ask("/").text).found:
        address = attributes.get("src") or (attributes.get("href") if tag == "link" else None) or "/"
        assert address.startswith(("/", "./", "../", "data:,")), (tag, address)
        assert not address.startswith("//")


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "name", ["plan", "language", "scenario", "segment", "theme", "template", "interactive", "workspace", "x"]
)
def test_hostile_values_are_refused_and_never_become_markup(server, name, value):
    for asked in (
        f"{PAGE}?{name}={quote(value)}",
        f"{PAGE}?{quote(value)}=1",
        f"/?{name}={quote(value)}",
        f"/login?next={quote(value)}&{name}={quote(value)}",
    ):
        answer = server.ask(asked, signed_in="login" not in asked)
        assert "Set-Cookie: x" not in str(answer.headers)
        elements = Elements(answer.text).found
        assert not [
            tag for tag, attributes in elements if tag in ("script", "img", "svg") and "onerror" in str(attributes)
        ]
        if PAGE in asked:
            assert answer.status in (400, 404)
            assert value not in answer.text or not set("<>\"'") & set(value)
            scripts = [attributes.get("src") or "" for tag, attributes in elements if tag == "script"]
            assert all(source.startswith(("./workbook/static/", "../../workbook/static/")) for source in scripts)


def test_a_plan_with_a_hostile_title_is_shown_as_text(server):
    for path in ("/", f"{PAGE}?plan=hostile", f"{PAGE}?plan=hostil"):
        assert "<img" not in server.ask(path).text
        assert "&lt;img" in server.ask(path).text


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("plan=adaptive-tset", "adaptive-test"),
        ("language=xx", "en, it"),
        ("segment=enterprize", "enterprise"),
        ("pla=hostile", "plan"),
        ("theme=dark", "plan"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_that_does(server, asked, nearest):
    answer = server.ask(f"{PAGE}?{asked}")
    assert answer.status == 404
    assert nearest in answer.text
    assert 'href="../../?language=en"' in answer.text
    assert "Traceback" not in answer.text


def test_an_unknown_step_and_an_unknown_address_are_refused(server):
    assert "02_market_research" in server.ask("/voila/render/02_market_reserch.ipynb").text
    assert server.ask("/nowhere").status == 404


@pytest.mark.parametrize("override", ["theme", "template", "voila-template", "voila-theme"])
def test_theme_and_template_cannot_be_chosen_by_the_address(server, override):
    answer = server.ask(f"{PAGE}?{override}=dark")
    assert answer.status == 404
    assert "kernelId" not in answer.text


def test_scripts_and_styles_are_kept_for_a_year_and_compressed(server):
    page = server.ask(PAGE).text
    found = set(re.findall(r'(?:href|src|content)="../..(/workbook/static/[^"]+)"', page))
    assert {address.rpartition("/")[2].partition("-")[0] for address in found} >= {"page", "vega"}
    for address in found:
        answer = server.ask(address, signed_in=False, Accept_Encoding="gzip")
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers.get("Content-Encoding") == "gzip" or len(answer.body) < 1024  # smaller ones do not gain


@pytest.mark.browser
def test_a_page_goes_live_without_complaint_and_asks_only_this_machine(server, watched_page):
    page, log = watched_page(1440)
    page.goto(f"{server.address}{PAGE}?token={server.token}")
    page.wait_for_selector("html[data-live]", state="attached", timeout=60_000)
    page.wait_for_selector(".wb-exhibit svg, .wb-exhibit canvas", timeout=60_000)
    # Not by a string of script: the page's own policy lets nothing be made into a script, not even for a test.
    page.wait_for_selector(".wb-waiting:empty", state="detached", timeout=60_000)
    log.assert_clean()
    assert "token" not in page.url
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    mine = page.request
    assert mine.get(f"{server.address}/api/kernels/{kernel}").status == 200
    page.goto(f"{server.address}/")
    for _ in range(50):
        if mine.get(f"{server.address}/api/kernels/{kernel}").status == 404:
            return
        time.sleep(0.1)
    pytest.fail("a page that was left keeps its kernel")
