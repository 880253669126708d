"""The head of a page and the page's layout, in a real Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from form_harness import open_page, sent, show, widget

from workbook.forms.view import HeaderView

LANGUAGES = [
    {"code": "en", "label": "EN", "title": "English", "href": "?language=en", "current": True},
    {"code": "it", "label": "IT", "title": "Italiano", "href": "?language=it", "current": False},
]
NAMES = "Charter,Segments and personas,Needs,Opportunities,Advantage,Price,Value,Balance,Channels,Campaigns,Handover"


def state_of(i):
    return "stale" if i == 5 else "done" if i < 8 else "current" if i == 8 else "open"


STEPS = [
    {"number": i, "title": name, "state": state_of(i), "href": f"./{i:02}.ipynb?plan=x"}
    | {"side": "upstream" if i < 8 else "downstream"}
    for i, name in enumerate(f"{NAMES},Experiments,Measure".split(","))
]
HEADER = {
    "plan": "Adaptive test add-on",
    "scenario": "Scenario: base",
    "status": {"state": "saved", "text": "Saved r12"},
    "banner": "",
    "languages": LANGUAGES,
    "print": "Print",
    "steps": STEPS,
}


def header_page(browser, content=HEADER, rest="", **options):
    head = f'<div class="wb-cell">{widget("header", "header", content)}</div>'
    return open_page(browser, f'<main class="wb-page">{head}{rest}</main>', **options)


def pong(page):
    page.evaluate("models.header.tell({kind: 'pong'})")


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_head_passes_axe_and_fits(browser, dark, width):
    page = header_page(browser, HEADER | {"banner": "The sample plan."}, dark=dark, width=width, height=600)
    found = Axe().run(page, context=".wb-header").response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    narrow = page.locator(".wb-stop").evaluate_all(
        "nodes => nodes.map((n) => n.getBoundingClientRect()).filter((b) => b.width < 24 || b.height < 24)"
    )
    assert narrow == []
    assert page.errors == []


@pytest.mark.browser
def test_steps_have_names_states_and_addresses(browser):
    page = header_page(browser, width=390)
    river = page.get_by_role("navigation", name="Steps of the plan")
    assert river.get_by_role("link").count() == 13
    stale = river.get_by_role("link", name="Step 5, changed upstream, look again: Price")
    assert stale.get_attribute("href") == "./05.ipynb?plan=x"
    assert river.get_by_role("link", name="Step 8: Channels").get_attribute("aria-current") == "step"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("08_channels.ipynb?plan=a:b", True),
        ("/voila/render/08.ipynb", True),
        ("../x", True),
        ("?a=1", True),
        ("#top", True),
        ("javascript:hurt()", False),
        (" java\nscript:hurt()", False),
        ("//elsewhere.test", False),
        ("/\\elsewhere.test", False),
        ("\\\\elsewhere.test", False),
        ("/\t/elsewhere.test", False),
        ("https://elsewhere.test", False),
        ("data:text/html,x", False),
        ("", False),
    ],
)
def test_only_addresses_on_this_site_become_links(browser, href, kept):
    page = header_page(browser, HEADER | {"steps": [STEPS[0] | {"href": href}], "languages": []})
    assert page.locator("a.wb-stop").count() == int(kept)
    assert page.locator(".wb-stop").count() == 1
    if kept:
        assert page.locator("a.wb-stop").evaluate("node => node.origin === location.origin")


@pytest.mark.browser
def test_what_people_wrote_is_shown_as_text(browser):
    bad = "<img src=x onerror='window.hurt=1'>"
    steps = [{key: bad for key in ("number", "title", "side", "state")} | {"href": bad}]
    texts = {key: bad for key in ("plan", "scenario", "banner", "print")}
    page = header_page(browser, texts | {"status": {"state": bad, "text": bad}, "steps": steps})
    assert page.locator(".wb-header img").count() == 0
    assert page.evaluate("window.hurt") is None
    assert page.locator(".wb-plan").inner_text() == bad


@pytest.mark.browser
def test_a_kernel_that_stops_answering_is_reported_and_its_return_too(browser):
    page = header_page(browser)
    assert sent(page, "ping", "header")
    assert page.get_by_role("status").inner_text() == "Saved r12"
    alert = page.get_by_role("alert").filter(has_text="connection to the workbook is gone")
    alert.wait_for(timeout=6000)
    assert page.get_by_role("status").inner_text() == "Not saved"
    assert page.get_by_role("button", name="Reload").is_visible()
    pong(page)
    assert alert.count() == 0
    assert page.get_by_role("status").inner_text() == "Saved r12"


@pytest.mark.browser
def test_a_kernel_that_is_calculating_is_not_reported_as_gone(browser):
    page = header_page(browser)
    page.evaluate("models.header.widget_manager = {kernel: {connectionStatus: 'connected', status: 'busy'}}")
    page.get_by_text("Calculating…").wait_for(timeout=6000)
    page.wait_for_timeout(2500)
    assert page.get_by_role("alert").filter(has_text="gone").count() == 0
    pong(page)
    assert page.get_by_role("status").inner_text() == "Saved r12"


@pytest.mark.browser
def test_a_read_only_page_does_not_ask_for_a_kernel(browser):
    page = header_page(browser, HEADER | {"status": {"state": "readonly", "text": "Read only, r12"}})
    page.wait_for_timeout(4500)
    assert sent(page, "ping", "header") == []
    assert page.get_by_role("status").inner_text() == "Read only, r12"


@pytest.mark.browser
def test_new_content_changes_only_what_changed(browser):
    page = header_page(browser)
    page.get_by_role("link", name="Step 2, done: Needs").focus()
    show(page, HEADER | {"status": {"state": "saving", "text": "Saving"}}, "header", "header")
    assert page.get_by_role("status").inner_text() == "Saving"
    done = [step | {"state": "done"} for step in STEPS]
    show(page, HEADER | {"steps": done}, "header", "header")
    assert page.evaluate("document.activeElement.textContent").startswith("2")


# ------------------------------------------------------------------------------------------------------- the page


def cell(kind, name, height):
    return f'<div class="wb-cell wb-cell-{kind}" id="{name}"><div style="height:{height}px">{name}</div></div>'


PAGE = "".join(
    [
        cell("hidden", "imports", 10),
        '<div class="wb-cell wb-cell-markdown" id="title"><h1>Where should the next euro go?</h1></div>',
        '<div class="wb-cell wb-cell-markdown" id="section"><h2>The split</h2><p>Words.</p></div>',
        cell("form", "budget", 300),
        cell("exhibit", "split", 500),
        cell("exhibit", "curves", 400),
        cell("form", "channels", 900),
        '<div class="wb-cell wb-cell-markdown" id="next"><h2>Next</h2></div>',
        cell("exhibit", "alone", 200),
    ]
)


def boxes(page):
    return page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[id]')]"
        ".map((n) => [n.id, n.getBoundingClientRect().toJSON()]))"
    )


@pytest.mark.browser
def test_forms_stand_left_and_exhibits_stack_beside_them(browser):
    page = header_page(browser, rest=PAGE, width=1440)
    at = boxes(page)
    assert at["imports"]["height"] == 0
    assert at["budget"]["top"] == at["split"]["top"] >= at["section"]["bottom"]
    assert at["budget"]["right"] < at["split"]["left"] == at["curves"]["left"]
    assert at["curves"]["top"] == at["split"]["bottom"] + 24
    assert at["channels"]["left"] == at["budget"]["left"]
    assert at["curves"]["bottom"] > at["channels"]["top"] >= at["budget"]["bottom"]
    assert at["next"]["top"] >= max(at["channels"]["bottom"], at["curves"]["bottom"])
    assert at["alone"]["width"] == at["section"]["width"] == at["next"]["width"]


@pytest.mark.browser
def test_sections_of_a_template_keep_their_exhibit_in_sight_and_widen_lone_forms(browser):
    first = f'<section class="wb-section">{cell("form", "long", 2500)}{cell("exhibit", "beside", 300)}</section>'
    second = f'<section class="wb-section">{cell("form", "one", 100)}{cell("form", "two", 100)}</section>'
    page = header_page(browser, rest=first + second, width=1440)
    at = boxes(page)
    assert at["one"]["width"] == at["two"]["width"] > 2 * at["long"]["width"]
    page.evaluate("scrollTo(0, 1200)")
    assert boxes(page)["beside"]["top"] == 112
    assert boxes(page)["long"]["top"] < 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 820])
def test_a_narrow_page_is_one_column_in_the_notebooks_order(browser, width):
    page = header_page(browser, rest=PAGE, width=width)
    at = boxes(page)
    order = ["title", "section", "budget", "split", "curves", "channels", "next", "alone"]
    assert sorted(order, key=lambda name: at[name]["top"]) == order
    assert len({at[name]["width"] for name in order}) == 1


@pytest.mark.browser
def test_the_head_sticks_and_its_banner_scrolls_away(browser):
    page = header_page(browser, HEADER | {"banner": "The sample plan."}, rest=PAGE, width=1440, height=600)
    page.mouse.wheel(0, 700)
    page.wait_for_function("document.querySelector('.wb-stuck')")
    bar, banner = (page.locator(name).bounding_box() for name in (".wb-bar", ".wb-banner"))
    assert 0 <= bar["y"] <= 12
    assert banner["y"] + banner["height"] <= 8


@pytest.mark.browser
def test_print_leaves_the_head_out(browser):
    page = header_page(browser, rest=PAGE)
    page.emulate_media(media="print")
    assert not page.locator(".wb-header").is_visible()
    assert len({box["left"] for name, box in boxes(page).items() if box["width"]}) == 1


# ------------------------------------------------------------------------------------------------ the Python half


def test_a_ping_is_answered(monkeypatch):
    view = HeaderView({"plan": "x"})
    out = []
    monkeypatch.setattr(view, "send", out.append)
    view._handle_custom_msg({"kind": "ping"}, [])
    view._handle_custom_msg({"kind": "other"}, [])
    view._handle_custom_msg("ping", [])
    assert out == [{"kind": "pong"}]
