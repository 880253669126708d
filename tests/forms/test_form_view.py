"""The browser half of the forms, in a real Chromium, with a made-up model in place of the kernel: the form as a whole."""

import pytest
from barriers import barriers
from form_harness import sent, show
from forms.form_content import (
    CONFLICT,
    HISTORY,
    HOSTILE,
    KINDS,
    STALE,
    budget,
    card,
    channel,
    channels,
    form_page,
    line,
    number,
    segment,
    without_serial,
)

from workbook.forms.view import LONGEST, FormView
from workbook.language import speaking


@pytest.mark.browser
def test_shares_show_what_they_come_to(browser):
    parts = [number(f"/channels/email/mix/{n}", "50", label=n, unit="%", step=5) for n in ("Launch", "Proof")]
    words = {"path": "/channels/email/mix", "kind": "shares", "label": "Mix", "fields": parts}
    page = form_page(browser, channels(card("email", words | {"sum": {"text": "Sums to 100 %", "ok": True}})))
    whole = page.get_by_role("group", name="Mix")
    total = whole.get_by_role("status")
    assert total.inner_text() == "Sums to 100 %"
    whole.get_by_label("Proof").press("ArrowDown")
    assert without_serial(sent(page)[0]) == {"kind": "step", "path": "/channels/email/mix/Proof", "by": -1}
    show(page, channels(card("email", words | {"sum": {"text": "Sums to 95 %", "ok": False}})))
    assert total.inner_text() == "Sums to 95 %"
    assert "wb-sum-off" in total.get_attribute("class")
    assert total.get_attribute("id") in whole.get_attribute("aria-describedby")


@pytest.mark.browser
def test_leaving_the_page_with_an_unsent_answer_asks_first(browser):
    page = form_page(browser, channels(card("email", segment())))
    leaving = "() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert not page.evaluate(leaving)
    page.get_by_role("button", name="Add a segment").click()
    page.get_by_label("Name").fill("Gamma")
    assert page.evaluate(leaving)


@pytest.mark.browser
def test_what_people_wrote_is_shown_as_text(browser):
    choices = [{"value": HOSTILE, "label": HOSTILE}]
    fields = [
        {"path": f"/{HOSTILE}/{kind}", "kind": kind, "choices": choices, "fields": [line(f"/{HOSTILE}/part", HOSTILE)]}
        | {name: HOSTILE for name in ("label", "text", "unit", "help", "error", "advice", "placeholder")}
        | {"evidence": {"kind": HOSTILE, "text": HOSTILE}, "create": {"label": HOSTILE}, "sum": {"text": HOSTILE}}
        | {"conflict": {"text": HOSTILE, "choices": [{name: HOSTILE for name in ("value", "by", "text")}]}}
        for kind in (*KINDS, "group", "shares", "odd")
    ]
    question = {name: HOSTILE for name in ("name", "label", "kind", "text", "help", "error", "placeholder")}
    notice = {
        "kind": HOSTILE,
        "text": HOSTILE,
        "changes": [{name: HOSTILE for name in ("label", "before", "after")}],
        "actions": [{"action": HOSTILE, "label": HOSTILE, "ask": [question]}],
    }
    tools = {"notice": notice, "copyable": True, "movable": {"up": True, "down": True}}
    whole = channels(card(HOSTILE, *fields, summary=HOSTILE, intro=HOSTILE, error_count=HOSTILE, **tools))
    history = {kind: {"label": HOSTILE, "enabled": True} for kind in ("undo", "redo")}
    extra = {"title": HOSTILE, "intro": HOSTILE, "name": HOSTILE, "notice": notice, "history": history}
    page = form_page(browser, whole | extra)
    for asking in page.locator(".wb-action > .wb-button, .wb-plus").all():
        asking.click()
    page.get_by_role("button", name=f"Remove: {HOSTILE}").click()
    assert page.locator(".wb-form img, .wb-form script").count() == 0
    assert page.evaluate("window.hurt") is None
    assert page.get_by_role("heading", name=HOSTILE).first.is_visible()
    assert page.errors == []


@pytest.mark.browser
def test_keys_do_not_reach_the_notebook(browser):
    page = form_page(browser, channels(channel("email")))
    page.evaluate("window.heard = []; document.body.addEventListener('keydown', (event) => heard.push(event.key))")
    budget(page).press("b")
    budget(page).press("ArrowUp")
    budget(page).press("Control+s")
    assert page.evaluate("heard") == []
    assert page.locator(".wb-form").get_attribute("data-lm-suppress-shortcuts") == "true"


@pytest.mark.browser
def test_closing_the_view_posts_what_is_left_and_listens_no_more(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("8")
    page.evaluate("models.form.close()")
    assert [message["text"] for message in sent(page)] == ["8"]
    show(page, channels(channel("email", "9")))
    assert page.locator(".wb-form").count() == 0
    assert page.errors == []


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_a_full_form_passes_axe_and_fits_its_page(browser, dark, width):
    choices = [{"value": "a", "label": "Alpha"}, {"value": "b", "label": "Beta"}]
    texts = {"lines": ["one", "two"], "choices": ["a"], "references": [], "boolean": "true"}
    texts |= {"month": "2027-01", "date": "2027-01-31"}
    said = {"help": "How to.", "error": "Wrong, do this.", "advice": "Think of that."}
    said |= {"choices": choices, "step": 1, "unit": "EUR"}
    fields = [
        {"path": f"/channels/email/{kind}", "kind": kind, "label": f"A {kind}", "text": texts.get(kind, "a")}
        | said
        | {"evidence": {"kind": tag, "text": tag}}
        for kind, tag in zip(KINDS, ["assumed", "observed", "tested", "stale"] * 3, strict=False)
    ]
    group = {"path": "/channels/email/group", "kind": "group", "label": "Range", "text": "", "error": "Order them."}
    for field in fields:
        field |= {"create": {"label": f"Add {field['kind']}"}, "conflict": CONFLICT}
    shares = [number(f"/channels/email/mix/{n}", "50", label=n, unit="%") for n in ("Launch", "Proof")]
    mix = {"path": "/channels/email/mix", "kind": "shares", "label": "Mix", "fields": shares}
    mixes = [mix | {"path": f"/m/{ok}", "sum": {"text": "Sums to 95 %", "ok": ok}} for ok in (True, False)]
    more = {"notice": STALE, "copyable": True, "movable": {"up": False, "down": True}, "summary": "30,000 EUR"}
    parts = [*fields[:2], group | {"fields": fields[2:4]}, *fields[3:], *mixes]
    full = card("email", *parts, error_count=2, **more)
    closed = channel("search", open=False, notice=STALE, copyable=True, summary="30,000 EUR " * 5)
    whole = channels(full, closed) | {"history": HISTORY, "notice": STALE | {"kind": "info"}}
    page = form_page(browser, whole, dark=dark, width=width)
    page.get_by_role("button", name="Waive…").last.click()
    for kind in ("reference", "references"):
        page.get_by_role("button", name=f"Add {kind}", exact=True).click()
    page.get_by_role("button", name="Remove: email").click()
    assert barriers(page, ".wb-form") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.locator(".wb-form :is(button, select, input, textarea):not(.wb-step)").evaluate_all(
        "nodes => nodes.filter((n) => n.checkVisibility()).map((n) => n.closest('label') ?? n)"
        ".filter((n) => n.getBoundingClientRect().height < 44).map((n) => n.outerHTML)"
    )
    assert small == []
    assert page.errors == []


def test_messages_of_the_promised_shape_reach_the_callback_and_others_do_not():
    heard = []
    view = FormView({"cards": []}, on_message=heard.append)
    good = [
        {"kind": "edit", "serial": 1, "path": "/a/b", "text": "x"},
        {"kind": "edit", "serial": 2, "path": "/a/b", "text": ["x", "y"]},
        {"kind": "step", "serial": 3, "path": "/a/b", "by": -10},
        {"kind": "add", "serial": 4, "path": "/a"},
        {"kind": "remove", "serial": 5, "path": "/a/b"},
        {"kind": "act", "serial": 6, "path": "/a/b", "action": "confirm", "answers": {}},
        {"kind": "act", "serial": 7, "path": "/a", "action": "waive", "answers": {"reason": "x", "review": ""}},
        {"kind": "choose", "serial": 8, "path": "/a/b/c", "choice": "r12"},
        {"kind": "undo", "serial": 9, "path": "/a"},
        {"kind": "redo", "serial": 10, "path": "/a"},
        {"kind": "copy", "serial": 11, "path": "/a/b"},
        {"kind": "move", "serial": 12, "path": "/a/b", "by": -1},
        {"kind": "move", "serial": 13, "path": "/a/b", "by": 1},
        {"kind": "create", "serial": 14, "path": "/a/b/c", "text": "Name"},
        {"kind": "edit", "serial": 15, "path": "/a/b", "text": "x" * LONGEST["text"]},
    ]
    bad = [
        "edit",
        None,
        {"kind": "edit", "path": "/a", "text": "x"},
        {"kind": "edit", "serial": 1, "path": "a", "text": "x"},
        {"kind": "edit", "serial": 1, "path": "/a", "text": {"x": 1}},
        {"kind": "edit", "serial": 1, "path": "/a", "text": [1]},
        {"kind": "step", "serial": 1, "path": "/a", "by": 0},
        {"kind": "step", "serial": 1, "path": "/a", "by": True},
        {"kind": "step", "serial": 1, "path": "/a", "by": 1e300},
        {"kind": "drop", "serial": 1, "path": "/a"},
        {"kind": ["edit"], "serial": 1, "path": "/a"},
        {"kind": "add", "serial": 1, "path": "/a", "text": "x"},
        {"kind": "edit", "serial": 1, "path": "/a", "text": "x" * (LONGEST["text"] + 1)},
        {"kind": "edit", "serial": 1, "path": "/a", "text": ["x" * LONGEST["text"], "x"]},
        {"kind": "edit", "serial": 1, "path": "/a", "text": [""] * (LONGEST["list"] + 1)},
        {"kind": "edit", "serial": 1, "path": "/" + "a" * LONGEST["path"], "text": "x"},
        {"kind": "act", "serial": 1, "path": "/a", "action": "confirm"},
        {"kind": "act", "serial": 1, "path": "/a", "action": 1, "answers": {}},
        {"kind": "act", "serial": 1, "path": "/a", "action": "x", "answers": []},
        {"kind": "act", "serial": 1, "path": "/a", "action": "x", "answers": {"reason": 1}},
        {"kind": "act", "serial": 1, "path": "/a", "action": "x", "answers": {"r": "x" * (LONGEST["answer"] + 1)}},
        {"kind": "act", "serial": 1, "path": "/a", "action": "x", "answers": {str(i): "" for i in range(101)}},
        {"kind": "choose", "serial": 1, "path": "/a/b", "choice": None},
        {"kind": "choose", "serial": 1, "path": "/a/b", "choice": "x" * (LONGEST["choice"] + 1)},
        {"kind": "undo", "serial": 1, "path": "/a/b"},
        {"kind": "redo", "serial": True, "path": "/a"},
        {"kind": "copy", "serial": 1},
        {"kind": "move", "serial": 1, "path": "/a/b", "by": 2},
        {"kind": "move", "serial": 1, "path": "/a/b", "by": True},
        {"kind": "create", "serial": 1, "path": "/a/b", "text": " "},
        {"kind": "create", "serial": 1, "path": "/a/b", "text": ["x"]},
        {"kind": "create", "serial": 1, "path": "/a/b", "text": "x" * (LONGEST["name"] + 1)},
    ]
    for message in good + bad:
        view._handle_custom_msg(message, [])
    assert heard == good


def test_words_come_in_the_language_in_use_unless_given():
    view = FormView({"words": {"keep": "Stay"}})
    assert view.content["words"]["keep"] == "Stay"
    assert view.content["words"]["remove"] == "Remove"
    with speaking("it"):
        assert set(FormView({}).content["words"]) == set(view.content["words"])


def test_answers_go_to_the_browser(monkeypatch):
    view = FormView({})
    out = []
    monkeypatch.setattr(view, "send", out.append)
    view.answer(7, True)
    assert out == [{"kind": "answer", "serial": 7, "ok": True}]


UPLOAD = {
    "path": "/table/file",
    "kind": "choice",
    "label": "Table",
    "text": "",
    "choices": [{"value": "", "label": "Nothing chosen"}],
    "upload": {"label": "Bring in a file…", "accept": ".csv", "language": "en"},
}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("status", "body", "chosen", "said"),
    [
        (200, '{"name": "1a2b3c4d-needs.csv", "bytes": 4}', "1a2b3c4d-needs.csv", ""),
        (400, '{"message": "This is no table."}', "", "This is no table."),
        (404, "<p>no such page</p>", "", "put it into the folder “tables”"),
    ],
)
def test_a_file_is_sent_as_the_body_of_a_request_and_then_chosen(browser, status, body, chosen, said):
    page = form_page(browser, channels(card("email", UPLOAD)))
    asked = []

    def answer_it(route):
        asked.append((route.request.method, route.request.url, route.request.post_data))
        route.fulfill(status=status, body=body, content_type="application/json")

    page.route("**/workbook/tables?*", answer_it)
    with page.expect_file_chooser() as dialogue:
        page.get_by_role("button", name="Bring in a file…").press("Enter")
    dialogue.value.set_files({"name": "needs è.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    if chosen:
        page.wait_for_function("(name) => document.querySelector('select').value === name", arg=chosen)
        page.wait_for_function("() => models.form.sent.some((m) => m.kind === 'edit')")
        assert [message["text"] for message in sent(page, "edit")] == [chosen]
    else:
        page.get_by_role("alert").filter(has_text=said).wait_for()
        assert sent(page, "edit") == []
    ((method, url, content),) = asked
    assert (method, content) == ("POST", "a,b\n")
    assert "name=needs+%C3%A8.csv&language=en" in url
    assert page.evaluate("document.activeElement.textContent") == "Bring in a file…"
