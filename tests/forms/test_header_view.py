"""The head of a page and the page's layout, in a real Chromium."""

from datetime import datetime, timedelta

import pytest
from barriers import barriers
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
    assert barriers(page, ".wb-header") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    targets = ".wb-steps-button, .wb-river:not([inert]) .wb-stop, .wb-theme, .wb-language, .wb-print"
    narrow = page.locator(targets).evaluate_all(
        "nodes => nodes.map((n) => n.getBoundingClientRect()).filter((b) => b.width && (b.width < 44 || b.height < 44))"
    )
    assert narrow == []
    assert page.errors == []


@pytest.mark.browser
def test_steps_have_names_states_and_addresses(browser):
    page = header_page(browser, width=820)
    river = page.get_by_role("navigation", name="Steps of the plan")
    assert river.get_by_role("link").count() == 13
    stale = river.get_by_role("link", name="Step 5, changed upstream, look again: Price")
    assert stale.get_attribute("href") == "./05.ipynb?plan=x"
    assert river.get_by_role("link", name="Step 8: Channels").get_attribute("aria-current") == "step"


@pytest.mark.browser
def test_on_a_phone_the_river_opens_as_a_list_by_keyboard_and_closes_again(browser):
    page = header_page(browser, width=390)
    river = page.get_by_role("navigation", name="Steps of the plan")
    assert page.locator(".wb-river").evaluate("node => node.inert")
    button = river.get_by_role("button", name="Steps of the plan: 8 Channels")
    button.press("Enter")
    assert not page.locator(".wb-river").evaluate("node => node.inert")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("0")
    assert page.evaluate("document.activeElement.getBoundingClientRect().height") >= 44
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("node => node === document.activeElement")


@pytest.mark.browser
def test_a_step_that_this_version_lacks_is_no_link_and_says_so(browser):
    steps = [*STEPS[:3], STEPS[3] | {"state": "absent", "href": ""}]
    river = header_page(browser, HEADER | {"steps": steps}).get_by_role("navigation", name="Steps of the plan")
    assert river.get_by_role("link").count() == 3
    assert river.get_by_text("Step 3, not in this version").count() == 1


@pytest.mark.browser
@pytest.mark.parametrize(
    ("seconds", "words"), [(2, "2 s ago"), (59, "59 s ago"), (130, "2 min ago"), (90_000, "1 d ago")]
)
def test_the_head_says_how_long_ago_it_saved_and_the_clock_ticks(browser, seconds, words):
    page = header_page(browser)
    page.clock.pause_at(datetime.now() + timedelta(hours=1))  # however long the machine takes, no second passes
    at = page.evaluate("Date.now()") - seconds * 1000
    show(page, HEADER | {"status": {"state": "saved", "text": "Saved r12", "at": at}}, "header", "header")
    assert page.locator(".wb-ago").inner_text() == words
    assert page.get_by_role("status").inner_text() == "Saved r12"
    if seconds < 59:
        page.clock.run_for(1000)
        page.get_by_text("3 s ago").wait_for(timeout=5000)


@pytest.mark.browser
def test_the_colours_chosen_are_remembered_and_the_systems_own_are_no_choice(browser):
    page = header_page(browser, dark=True)
    button = page.get_by_role("button", name="Dark colours")
    assert button.get_attribute("aria-pressed") == "true"
    button.press("Space")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate("localStorage.getItem('workbook-theme')") == "light"
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert page.evaluate("localStorage.getItem('workbook-theme')") is None
    assert page.evaluate("'theme' in document.documentElement.dataset") is False


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_a_scenario_is_chosen_from_a_list(browser, width):
    choices = [
        {"label": "base", "href": "?scenario=", "current": True},
        {"label": "Paid add-on", "href": "?scenario=paid", "current": False},
    ]
    page = header_page(browser, HEADER | {"scenarios": choices}, width=width)
    assert not page.get_by_role("link", name="Paid add-on").is_visible()
    page.get_by_role("button", name="Scenario: base").press("Enter")
    assert page.get_by_role("link", name="base").get_attribute("aria-current") == "true"
    assert page.get_by_role("link", name="Paid add-on").get_attribute("href") == "?scenario=paid"
    box = page.get_by_role("link", name="Paid add-on").bounding_box()
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= width


GUIDE = {
    "label": "About this step",
    "time": "About 45 minutes.",
    "why": "Because.",
    "count": "1 point is still open:",
    "points": [{"text": "Name a <b>segment</b>.", "section": "segments", "path": "/segments/first/name"}],
    "more": "",
    "copy": "Copy the example",
    "example": {"text": "See the sample", "href": "01.ipynb?plan=sample"},
}


@pytest.mark.browser
def test_the_guide_leads_to_the_field_and_asks_for_the_example_once(browser):
    field = {"path": "/segments/first/name", "kind": "line", "label": "Name", "text": ""}
    card = {"path": "/segments/first", "title": "First", "collapsible": True, "open": False, "fields": [field]}
    form = widget("form", "form", {"name": "segments", "title": "Segments", "cards": [card], "add": None})
    place = '<aside class="wb-guide"><div class="wb-guide-live"></div></aside>'
    page = header_page(browser, HEADER | {"guide": GUIDE}, rest=place + form)
    page.get_by_role("button", name="Name a <b>segment</b>.").press("Enter")
    assert page.evaluate("document.activeElement.labels[0].textContent") == "Name"
    copy = page.get_by_role("button", name="Copy the example")
    copy.press("Enter")
    copy.press("Enter")
    assert sent(page, "example", "header") == [{"kind": "example"}]
    show(
        page,
        HEADER | {"guide": GUIDE | {"points": [], "count": "Nothing is missing here.", "copy": ""}},
        "header",
        "header",
    )
    assert page.locator(".wb-guide-points").is_hidden()
    assert copy.is_hidden()
    assert barriers(page, ".wb-guide") == []
    assert page.errors == []


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


def test_the_example_is_asked_for_by_its_own_message_only():
    asked = []
    view = HeaderView({"plan": "x"}, on_example=lambda: asked.append(1))
    view._handle_custom_msg({"kind": "example"}, [])
    view._handle_custom_msg({"kind": "examples"}, [])
    assert asked == [1]
