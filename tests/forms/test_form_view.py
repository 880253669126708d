"""The browser half of the forms, in a real Chromium, with a made-up model in place of the kernel."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from form_harness import answer, open_page, sent, show, widget

from workbook.forms.view import FormView
from workbook.language import speaking

HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{title}"\'&amp;'

KINDS = (
    "line",
    "text",
    "number",
    "choice",
    "choices",
    "reference",
    "references",
    "month",
    "date",
    "lines",
    "boolean",
)


def line(path, text, **more):
    return {"path": path, "kind": "line", "label": "Name", "text": text} | more


def number(path, text, **more):
    return {"path": path, "kind": "number", "label": "Budget", "unit": "EUR", "text": text, "step": 1000} | more


def card(name, *fields, **more):
    words = {"path": f"/channels/{name}", "title": name, "summary": "", "fields": list(fields)}
    return words | {"open": True, "collapsible": True, "removable": True, "error_count": 0} | more


def channel(name, budget="30,000", **more):
    return card(name, line(f"/channels/{name}/name", name), number(f"/channels/{name}/budget", budget), **more)


def channels(*cards):
    adding = {"path": "/channels", "label": "Add a channel"}
    words = {"name": "channels", "title": "Channels", "intro": "", "empty": "None yet."}
    return words | {"cards": list(cards), "add": adding}


def form_page(browser, content, **options):
    return open_page(browser, f'<main class="wb-page">{widget("form", "form", content)}</main>', **options)


def budget(page, name="email"):
    return page.get_by_role("group", name=name, exact=True).get_by_label("Budget")


def is_focused(locator):
    return locator.evaluate("node => node === document.activeElement")


def wait_for(page, kind, count):
    enough = "([kind, count]) => models.form.sent.filter((m) => m.kind === kind).length >= count"
    page.wait_for_function(enough, arg=[kind, count])
    return sent(page, kind)


@pytest.mark.browser
def test_typing_is_posted_once_after_a_rest(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("")
    budget(page).press_sequentially("41.5", delay=20)
    assert sent(page) == []
    (message,) = wait_for(page, "edit", 1)
    assert (message["path"], message["text"]) == ("/channels/email/budget", "41.5")
    budget(page).blur()
    page.wait_for_timeout(400)
    assert len(sent(page)) == 1


@pytest.mark.browser
@pytest.mark.parametrize("leave", ["Enter", "Tab"])
def test_enter_and_leaving_post_at_once(browser, leave):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("7")
    budget(page).press(leave)
    assert [message["text"] for message in sent(page)] == ["7"]


@pytest.mark.browser
def test_a_value_that_did_not_change_is_not_posted(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("5")
    budget(page).fill("30,000")
    budget(page).blur()
    page.wait_for_timeout(400)
    assert sent(page) == []


@pytest.mark.browser
def test_new_content_keeps_focus_caret_and_half_typed_text(browser):
    page = form_page(browser, channels(channel("email"), channel("search", "10")))
    field = budget(page)
    field.fill("12345")
    field.evaluate("node => node.setSelectionRange(1, 3)")
    show(page, channels(channel("display"), channel("search", "20"), channel("email", "99")))
    assert is_focused(field)
    assert field.evaluate("node => [node.value, node.selectionStart, node.selectionEnd]") == ["12345", 1, 3]
    assert budget(page, "search").input_value() == "20"
    assert page.locator(".wb-card-title").all_inner_texts() == ["display", "search", "email"]


@pytest.mark.browser
def test_a_number_is_not_regrouped_under_the_caret_but_is_when_left(browser):
    page = form_page(browser, channels(channel("email")))
    field = budget(page)
    field.fill("1000")
    (message,) = wait_for(page, "edit", 1)
    show(page, channels(channel("email", "1,000")))
    answer(page, message)
    page.wait_for_timeout(150)
    assert field.input_value() == "1000"
    field.blur()
    assert field.input_value() == "1,000"


@pytest.mark.browser
def test_a_field_in_focus_that_nobody_typed_in_follows_the_content(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).focus()
    show(page, channels(channel("email", "31,000")))
    assert budget(page).input_value() == "31,000"
    assert is_focused(budget(page))


@pytest.mark.browser
def test_an_answer_does_not_bring_back_the_text_before_a_later_edit(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("1")
    budget(page).press("Enter")
    budget(page).fill("2")
    budget(page).press("Tab")
    first, second = sent(page)
    show(page, channels(channel("email", "1")))
    answer(page, first)
    page.wait_for_timeout(150)
    assert budget(page).input_value() == "2"
    show(page, channels(channel("email", "2")))
    answer(page, second)
    page.wait_for_timeout(150)
    assert budget(page).input_value() == "2"


@pytest.mark.browser
def test_steps_are_summed_while_one_is_under_way(browser):
    page = form_page(browser, channels(channel("email")))
    for key in ["ArrowUp"] * 8 + ["ArrowDown", "PageUp"]:
        budget(page).press(key)
    (first,) = sent(page)
    assert (first["kind"], first["path"], first["by"]) == ("step", "/channels/email/budget", 1)
    show(page, channels(channel("email", "31,000")))
    answer(page, first)
    assert budget(page).input_value() == "31,000"
    assert [message["by"] for message in sent(page)] == [1, 16]


@pytest.mark.browser
def test_what_was_typed_is_posted_before_a_step(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("500")
    budget(page).press("ArrowUp")
    assert [message["kind"] for message in sent(page)] == ["edit", "step"]


@pytest.mark.browser
def test_without_an_answer_the_field_says_so_and_keeps_the_text(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("77")
    budget(page).press("Enter")
    (message,) = sent(page)
    alert = page.get_by_role("alert").filter(has_text="Not saved yet")
    alert.wait_for(timeout=6000)
    show(page, channels(channel("email", "30,000")))
    assert budget(page).input_value() == "77"
    described = budget(page).get_attribute("aria-describedby").split()
    assert alert.get_attribute("id") in described
    answer(page, message)
    assert alert.count() == 0


@pytest.mark.browser
def test_leaving_an_unanswered_field_tries_again(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("77")
    budget(page).press("Enter")
    page.get_by_role("alert").filter(has_text="Not saved yet").wait_for(timeout=6000)
    budget(page).blur()
    assert [message["text"] for message in sent(page)] == ["77", "77"]


@pytest.mark.browser
def test_a_refused_entry_stays_and_its_error_is_announced_and_described(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("much")
    budget(page).press("Tab")
    wrong = number("/channels/email/budget", "30,000", error="Not a number. Write 30000.")
    show(page, channels(card("email", line("/channels/email/name", "email"), wrong, error_count=1)))
    answer(page, sent(page)[0], ok=False)
    page.wait_for_timeout(150)
    assert budget(page).input_value() == "much"
    assert budget(page).get_attribute("aria-invalid") == "true"
    alert = page.get_by_role("alert").filter(has_text="Not a number")
    assert alert.get_attribute("id") in budget(page).get_attribute("aria-describedby").split()
    assert page.get_by_text("1 to correct").is_visible()
    # Going back to what is stored must reach Python too, or the error would stay.
    budget(page).fill("30,000")
    budget(page).press("Enter")
    assert sent(page)[-1]["text"] == "30,000"


@pytest.mark.browser
def test_errors_that_were_there_from_the_start_are_not_shouted(browser):
    page = form_page(browser, channels(card("email", line("/channels/email/name", "", error="Give it a name."))))
    assert page.get_by_text("Give it a name.").get_attribute("role") is None


@pytest.mark.browser
def test_adding_by_keyboard_leads_into_the_new_card(browser):
    page = form_page(browser, channels(channel("email")))
    page.get_by_role("button", name="Add a channel").press("Enter")
    (message,) = sent(page)
    assert (message["kind"], message["path"]) == ("add", "/channels")
    show(page, channels(channel("email"), channel("new", open=False)))
    assert is_focused(page.get_by_role("group", name="new", exact=True).get_by_label("Name"))
    page.wait_for_timeout(4200)
    assert page.get_by_role("alert").filter(has_text="Not saved").count() == 0


@pytest.mark.browser
def test_removing_asks_first_and_moves_the_focus_sensibly(browser):
    page = form_page(browser, channels(channel("email"), channel("search")))
    remove = page.get_by_role("button", name="Remove: email")
    remove.press("Enter")
    assert is_focused(page.get_by_role("button", name="Keep"))
    page.keyboard.press("Escape")
    assert is_focused(remove)
    remove.press("Enter")
    page.get_by_role("button", name="Yes, remove").press("Enter")
    (message,) = sent(page)
    assert (message["kind"], message["path"]) == ("remove", "/channels/email")
    show(page, channels(channel("search")))
    assert is_focused(page.get_by_role("button", name="search", exact=True))
    show(page, channels())
    assert is_focused(page.get_by_role("button", name="Add a channel"))
    assert page.get_by_text("None yet.").is_visible()


@pytest.mark.browser
def test_a_card_stays_as_it_was_folded_and_opens_when_python_says_so(browser):
    page = form_page(browser, channels(channel("email"), channel("search", open=False)))
    fold = page.get_by_role("button", name="email", exact=True)
    fold.press("Enter")
    show(page, channels(channel("email", "1"), channel("search", open=True)))
    assert fold.get_attribute("aria-expanded") == "false"
    assert page.get_by_role("button", name="search", exact=True).get_attribute("aria-expanded") == "true"
    show(page, channels(channel("email", "1"), channel("search", open=False)))
    assert page.get_by_role("button", name="search", exact=True).get_attribute("aria-expanded") == "true"


@pytest.mark.browser
def test_lists_choices_and_switches_post_whole_values(browser):
    choices = [{"value": "a", "label": "Alpha"}, {"value": "b", "label": "Beta"}]
    fields = [
        {"path": "/x/pains", "kind": "lines", "label": "Pains", "text": ["slow"]},
        {"path": "/x/role", "kind": "reference", "label": "Role", "text": "gone", "choices": choices},
        {"path": "/x/tags", "kind": "references", "label": "Tags", "text": ["b"], "choices": choices},
        {"path": "/x/on", "kind": "boolean", "label": "In use", "text": "false"},
        {"path": "/x/start", "kind": "month", "label": "Start", "text": "next spring"},
    ]
    page = form_page(browser, channels(card("email", *fields)))
    page.get_by_label("Pains, line 1").press("Enter")
    page.keyboard.type("dear")
    page.keyboard.press("Enter")
    assert sent(page)[-1]["text"] == ["slow", "dear"]
    page.get_by_label("Pains, line 1").focus()
    page.get_by_role("button", name="Remove line 1").press("Enter")
    assert sent(page)[-1]["text"] == ["dear"]
    assert is_focused(page.get_by_label("Pains, line 1"))
    role = page.get_by_label("Role")
    assert role.locator("option:checked").inner_text() == "gone (no longer there)"
    role.select_option("a")
    page.get_by_label("Alpha", exact=True).check()
    page.get_by_label("In use").press("Space")
    assert [message["text"] for message in sent(page)[-3:]] == ["a", ["a", "b"], "true"]
    assert page.get_by_label("Start").input_value() == "next spring"


@pytest.mark.browser
def test_parts_of_a_group_name_themselves_in_their_errors(browser):
    parts = [
        number(f"/channels/email/range/{name}", "1", label=name, error="Too high." if name == "Low" else "")
        for name in ("Low", "Likely", "High")
    ]
    group = {"path": "/channels/email/range", "kind": "group", "label": "Customers", "text": "", "fields": parts}
    page = form_page(browser, channels(card("email", group)))
    assert page.get_by_text("Low: Too high.").is_visible()
    page.get_by_role("group", name="Customers").get_by_label("High").fill("9")
    (message,) = wait_for(page, "edit", 1)
    assert message["path"] == "/channels/email/range/High"


@pytest.mark.browser
def test_items_in_an_item_are_added_removed_and_edited_like_any(browser):
    tactic = card("posts", line("/channels/email/tactics/posts/name", "posts"), path="/channels/email/tactics/posts")
    adding = {"path": "/channels/email/tactics", "label": "Add a tactic"}
    nested = {"path": "/channels/email/tactics", "kind": "items", "label": "Tactics", "cards": [tactic], "add": adding}
    page = form_page(browser, channels(card("email", nested)))
    page.get_by_role("button", name="Add a tactic").click()
    page.get_by_role("button", name="Remove: posts").click()
    page.get_by_role("button", name="Yes, remove").click()
    assert [(message["kind"], message["path"]) for message in sent(page)] == [
        ("add", "/channels/email/tactics"),
        ("remove", "/channels/email/tactics/posts"),
    ]


@pytest.mark.browser
def test_what_people_wrote_is_shown_as_text(browser):
    choices = [{"value": HOSTILE, "label": HOSTILE}]
    fields = [
        {"path": f"/{HOSTILE}/{kind}", "kind": kind, "choices": choices, "fields": [line(f"/{HOSTILE}/part", HOSTILE)]}
        | {name: HOSTILE for name in ("label", "text", "unit", "help", "error", "advice", "placeholder")}
        | {"evidence": {"kind": HOSTILE, "text": HOSTILE}}
        for kind in (*KINDS, "group", "odd")
    ]
    whole = channels(card(HOSTILE, *fields, summary=HOSTILE, intro=HOSTILE, error_count=HOSTILE))
    page = form_page(browser, whole | {"title": HOSTILE, "intro": HOSTILE, "name": HOSTILE})
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
@pytest.mark.parametrize("width", [390, 1440])
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
    full = card("email", *fields[:2], group | {"fields": fields[2:4]}, *fields[3:], error_count=2, summary="30,000 EUR")
    page = form_page(browser, channels(full, channel("search", open=False)), dark=dark, width=width)
    page.get_by_role("button", name="Remove: email").click()
    found = Axe().run(page, context=".wb-form").response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.locator(".wb-form :is(button, select, input, textarea):not(.wb-step)").evaluate_all(
        "nodes => nodes.filter((n) => n.checkVisibility()).map((n) => n.closest('label') ?? n)"
        ".filter((n) => n.getBoundingClientRect().height < 44).map((n) => n.outerHTML)"
    )
    assert small == []
    assert page.errors == []


# ------------------------------------------------------------------------------------------------ the Python half


def test_messages_of_the_promised_shape_reach_the_callback_and_others_do_not():
    heard = []
    view = FormView({"cards": []}, on_message=heard.append)
    good = [
        {"kind": "edit", "serial": 1, "path": "/a/b", "text": "x"},
        {"kind": "edit", "serial": 2, "path": "/a/b", "text": ["x", "y"]},
        {"kind": "step", "serial": 3, "path": "/a/b", "by": -10},
        {"kind": "add", "serial": 4, "path": "/a"},
        {"kind": "remove", "serial": 5, "path": "/a/b"},
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
