"""The browser half of the forms, in a real Chromium, with a made-up model in place of the kernel."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from form_harness import answer, open_page, sent, show, widget

from workbook.forms.view import LONGEST, FormView
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


WAIVE = [
    {"name": "reason", "label": "Reason", "kind": "line"},
    {"name": "review", "label": "Look again on", "kind": "date"},
]
STALE = {
    "kind": "stale",
    "text": "1 thing changed upstream.",
    "changes": [{"label": "Price", "before": "€49", "after": "€39"}],
    "actions": [
        {"action": "confirm", "label": "Still right"},
        {"action": "waive", "label": "Waive…", "ask": WAIVE},
    ],
}
CONFLICT = {
    "text": "Two values were entered at the same time. Choose one.",
    "choices": [
        {"value": "a1", "by": "Ann, 14:05", "text": "1,200"},
        {"value": "b2", "by": "Bruno, 14:06", "text": "1,500"},
    ],
}
HISTORY = {"undo": {"label": "Undo: budget", "enabled": True}, "redo": {"label": "Redo", "enabled": False}}
SEGMENTS = [{"value": "a", "label": "Alpha"}, {"value": "b", "label": "Beta"}]


def segment(kind="reference", text="a", choices=SEGMENTS, **more):
    create = {"label": "Add a segment"}
    words = {"path": "/channels/email/segment", "kind": kind, "label": "Segment", "text": text, "choices": choices}
    return words | {"create": create} | more


def without_serial(message):
    return {key: value for key, value in message.items() if key != "serial"}


def status(page):
    return page.locator(".wb-form > [role=status]")


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
def test_a_field_still_in_focus_after_its_text_was_stored_shows_what_somebody_else_stores_next(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("1000")
    budget(page).press("Enter")
    (message,) = sent(page)
    show(page, channels(channel("email", "1,000")))
    answer(page, message)
    page.wait_for_timeout(150)
    assert budget(page).input_value() == "1000"
    show(page, channels(channel("email", "2,500")))
    assert budget(page).input_value() == "2,500"


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
def test_a_notice_says_what_changed_and_is_seen_on_the_closed_card(browser):
    page = form_page(browser, channels(channel("email", open=False, notice=STALE), channel("search")))
    closed = page.get_by_role("button", name="email changed upstream", exact=True)
    assert closed.inner_text().split("\n") == ["email", "changed upstream"]
    closed.press("Enter")
    notice = page.get_by_role("group", name="1 thing changed upstream.")
    assert notice.get_by_role("term").inner_text() == "Price"
    assert notice.get_by_role("definition").all_text_contents() == ["Before: €49", "Now: €39"]
    assert page.get_by_role("group", name="search", exact=True).locator(".wb-news").is_hidden()


@pytest.mark.browser
def test_a_notice_is_confirmed_by_keyboard_and_hands_the_focus_to_its_card(browser):
    page = form_page(browser, channels(channel("email", notice=STALE)))
    page.get_by_role("button", name="Still right").press("Enter")
    page.keyboard.press("Enter")  # once is enough
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "act", "path": "/channels/email", "action": "confirm", "answers": {}}
    show(page, channels(channel("email")))
    answer(page, message)
    assert is_focused(page.get_by_role("button", name="email", exact=True))
    assert page.locator(".wb-news:visible").count() == 0


@pytest.mark.browser
def test_an_action_that_asks_posts_the_answers_and_keeps_them_through_new_content(browser):
    page = form_page(browser, channels(channel("email", notice=STALE)))
    page.get_by_role("button", name="Waive…").press("Enter")
    questions = page.get_by_role("group", name="Waive…")
    assert is_focused(questions.get_by_label("Reason"))
    assert page.get_by_role("button", name="Still right").is_hidden()
    page.keyboard.type("The deal is signed.")
    show(page, channels(channel("email", "31,000", notice=STALE)))
    page.keyboard.press("Tab")
    questions.get_by_label("Look again on").fill("2027-03-01")
    questions.get_by_label("Look again on").press("Enter")
    (message,) = sent(page)
    answers = {"reason": "The deal is signed.", "review": "2027-03-01"}
    assert without_serial(message) == {
        "kind": "act",
        "path": "/channels/email",
        "action": "waive",
        "answers": answers,
    }
    answer(page, message)
    assert is_focused(page.get_by_role("button", name="Waive…"))
    page.keyboard.press("Enter")
    assert questions.get_by_label("Reason").input_value() == ""


@pytest.mark.browser
def test_questions_are_put_away_with_escape_and_post_nothing(browser):
    page = form_page(browser, channels(channel("email", notice=STALE)))
    page.get_by_role("button", name="Waive…").press("Enter")
    page.keyboard.type("no")
    page.keyboard.press("Escape")
    assert is_focused(page.get_by_role("button", name="Waive…"))
    assert page.get_by_role("group", name="Waive…").count() == 0
    assert sent(page) == []


@pytest.mark.browser
def test_a_refused_answer_stays_and_its_error_stands_at_the_question(browser):
    page = form_page(browser, channels(channel("email", notice=STALE)))
    page.get_by_role("button", name="Waive…").click()
    page.get_by_label("Look again on").fill("2020-01-01")
    page.get_by_role("button", name="Save").click()
    wrong = [WAIVE[0], WAIVE[1] | {"error": "That day is past."}]
    asking = [STALE["actions"][0], STALE["actions"][1] | {"ask": wrong}]
    show(page, channels(channel("email", notice=STALE | {"actions": asking})))
    page.get_by_label("Reason").focus()
    answer(page, sent(page)[0], ok=False)
    page.wait_for_timeout(150)
    review = page.get_by_label("Look again on")
    assert is_focused(review)
    assert review.input_value() == "2020-01-01"
    assert review.get_attribute("aria-invalid") == "true"
    error = page.get_by_role("alert").filter(has_text="That day is past.")
    assert error.get_attribute("id") == review.get_attribute("aria-describedby")
    assert page.get_by_text("Nothing was changed").count() == 0


@pytest.mark.browser
def test_a_refused_action_and_one_without_an_answer_say_so(browser):
    page = form_page(browser, channels(channel("email", notice=STALE)))
    page.get_by_role("button", name="Still right").click()
    answer(page, sent(page)[0], ok=False)
    page.get_by_role("alert").filter(has_text="Nothing was changed").wait_for()
    page.get_by_role("button", name="Still right").click()
    page.get_by_role("alert").filter(has_text="Not saved yet").wait_for(timeout=6000)
    assert len(sent(page)) == 2


@pytest.mark.browser
def test_the_notice_of_the_form_acts_on_the_section_and_leaves_the_focus_on_the_title(browser):
    notice = {"kind": "stale", "text": "4 cards to look at.", "actions": [{"action": "all", "label": "Confirm all 4"}]}
    page = form_page(browser, channels(channel("email")) | {"notice": notice})
    page.get_by_role("button", name="Confirm all 4").press("Enter")
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "act", "path": "/channels", "action": "all", "answers": {}}
    show(page, channels(channel("email")))
    assert is_focused(page.get_by_role("heading", name="Channels"))


@pytest.mark.browser
def test_a_single_open_card_lends_the_form_its_heading(browser):
    alone = card("charter", line("/charter/name", "x"), collapsible=False, removable=False, intro="What for.")
    page = form_page(browser, {"name": "charter", "title": "", "intro": "", "cards": [alone], "history": HISTORY})
    assert page.get_by_role("heading").all_inner_texts() == ["charter"]
    assert page.get_by_role("group", name="charter", exact=True).get_by_text("What for.").count() == 1


@pytest.mark.browser
def test_two_values_stand_side_by_side_and_one_is_chosen_by_keyboard(browser):
    both = number("/channels/email/budget", "1,200", conflict=CONFLICT)
    page = form_page(browser, channels(card("email", both)))
    choose = page.get_by_role("group", name=CONFLICT["text"])
    first, second = choose.get_by_role("button").all()
    assert first.bounding_box()["y"] == second.bounding_box()["y"]
    assert choose.get_by_text(CONFLICT["text"]).get_attribute("id") in budget(page).get_attribute("aria-describedby")
    budget(page).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert is_focused(choose.get_by_role("button", name="1,500 Bruno, 14:06"))
    page.keyboard.press("Enter")
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "choose", "path": "/channels/email/budget", "choice": "b2"}
    show(page, channels(card("email", number("/channels/email/budget", "1,500"))))
    answer(page, message)
    assert is_focused(budget(page))
    assert budget(page).input_value() == "1,500"
    assert choose.count() == 0


@pytest.mark.browser
def test_values_to_choose_from_are_counted_on_the_closed_card_and_announced(browser):
    inner = card("posts", line("/channels/email/t/posts/name", "x", conflict=CONFLICT), notice=STALE)
    nested = {"path": "/channels/email/t", "kind": "items", "label": "Tactics", "cards": [inner]}
    parts = [number("/channels/email/range/low", "1", label="Low", conflict=CONFLICT)]
    group = {"path": "/channels/email/range", "kind": "group", "label": "Range", "fields": parts, "conflict": CONFLICT}
    page = form_page(browser, channels(card("email", nested, group, open=False)))
    pills = page.locator(".wb-card-head").first.locator(".wb-pill:visible")
    assert pills.all_inner_texts() == ["changed upstream", "3 to choose"]
    page = form_page(browser, channels(channel("email")), width=390)
    both = number("/channels/email/budget", "1,200", conflict=CONFLICT)
    show(page, channels(card("email", line("/channels/email/name", "email"), both)))
    assert page.get_by_role("alert").filter(has_text="Two values").is_visible()


@pytest.mark.browser
def test_undo_and_redo_are_buttons_with_names_and_keys(browser):
    content = channels(card("email", number("/channels/email/budget", "5"), segment())) | {"history": HISTORY}
    page = form_page(browser, content)
    redo = page.get_by_role("button", name="Redo")
    assert redo.get_attribute("aria-disabled") == "true"
    redo.click(force=True)
    page.get_by_label("Segment", exact=True).press("Control+Shift+Z")
    assert sent(page) == []
    page.get_by_role("button", name="Undo: budget").press("Enter")
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "undo", "path": "/channels"}
    show(page, content | {"history": HISTORY | {"redo": {"label": "Redo: budget", "enabled": True}}})
    answer(page, message)
    page.wait_for_timeout(100)
    assert status(page).inner_text() == "Undone."
    page.get_by_label("Segment", exact=True).press("Control+Shift+Z")
    assert [message["kind"] for message in sent(page)] == ["undo", "redo"]
    answer(page, sent(page)[1])
    page.wait_for_timeout(100)
    page.get_by_label("Segment", exact=True).press("Meta+z")
    assert sent(page)[-1]["kind"] == "undo"


@pytest.mark.browser
def test_what_is_not_posted_is_the_browsers_to_take_back_and_what_is_saved_is_the_plans(browser):
    page = form_page(browser, channels(channel("email")) | {"history": HISTORY})
    field = budget(page)
    field.focus()
    page.keyboard.type("7")
    page.keyboard.press("Control+z")
    assert field.input_value() == "30,000"
    assert sent(page, "undo") == []
    field.fill("7")
    field.press("Enter")
    (edit,) = sent(page, "edit")
    show(page, channels(channel("email", "7")) | {"history": HISTORY})
    answer(page, edit)
    page.wait_for_timeout(100)
    field.press("Control+z")
    (undo,) = sent(page, "undo")
    show(page, channels(channel("email", "30,000")) | {"history": HISTORY})
    answer(page, undo)
    assert field.input_value() == "30,000"
    assert is_focused(field)


@pytest.mark.browser
def test_a_refused_text_is_taken_back_in_its_box(browser):
    page = form_page(browser, channels(channel("email")) | {"history": HISTORY})
    budget(page).fill("much")
    budget(page).press("Enter")
    answer(page, sent(page)[0], ok=False)
    wrong = number("/channels/email/budget", "much", error="Not a number.")
    show(page, channels(card("email", line("/channels/email/name", "email"), wrong)) | {"history": HISTORY})
    page.wait_for_timeout(100)
    budget(page).press("Control+z")
    assert sent(page, "undo") == []


@pytest.mark.browser
def test_undoing_goes_one_by_one_and_stops_when_there_is_no_more(browser):
    content = channels(channel("email")) | {"history": HISTORY}
    page = form_page(browser, content)
    undo = page.get_by_role("button", name="Undo: budget")
    for _ in range(3):
        undo.press("Enter")
    assert len(sent(page)) == 1
    answer(page, sent(page)[0])
    wait_for(page, "undo", 2)
    show(page, content | {"history": HISTORY | {"undo": {"label": "Undo", "enabled": False}}})
    answer(page, sent(page)[1])
    page.wait_for_timeout(150)
    assert len(sent(page)) == 2
    assert is_focused(page.get_by_role("button", name="Undo", exact=True))


@pytest.mark.browser
def test_undo_that_fails_says_so(browser):
    page = form_page(browser, channels(channel("email")) | {"history": HISTORY})
    page.get_by_role("button", name="Undo: budget").click()
    answer(page, sent(page)[0], ok=False)
    page.get_by_role("alert").filter(has_text="Nothing was changed").wait_for()


@pytest.mark.browser
def test_a_card_that_moves_keeps_the_focus_and_its_place_is_announced(browser):
    def three(*names):
        last = len(names) - 1
        moves = [{"up": i > 0, "down": i < last} for i in range(len(names))]
        return channels(*(channel(name, movable=move) for name, move in zip(names, moves, strict=True)))

    page = form_page(browser, three("email", "search", "events"))
    down = page.get_by_role("button", name="Move down: search")
    down.press("Enter")
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "move", "path": "/channels/search", "by": 1}
    show(page, three("email", "events", "search"))
    answer(page, message)
    assert is_focused(down)
    assert status(page).inner_text() == "search is now 3 of 3."
    down.press("Enter")  # it is the last now
    assert len(sent(page)) == 1
    page.get_by_role("button", name="Move up: search").press("Enter")
    assert sent(page)[-1]["by"] == -1
    show(page, three("email", "search", "events"))
    assert is_focused(page.get_by_role("button", name="Move up: search"))
    assert status(page).inner_text() == "search is now 2 of 3."


@pytest.mark.browser
def test_a_copy_is_opened_led_into_and_announced(browser):
    page = form_page(browser, channels(channel("email", copyable=True), channel("search")))
    page.get_by_role("button", name="Copy: email").press("Enter")
    page.keyboard.press("Enter")
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "copy", "path": "/channels/email"}
    copy = channel("email 2", open=False, copyable=True)
    show(page, channels(channel("email", copyable=True), copy, channel("search")))
    answer(page, message)
    assert is_focused(page.get_by_role("group", name="email 2", exact=True).get_by_label("Name"))
    assert status(page).inner_text() == "email 2 is now 2 of 3."


@pytest.mark.browser
def test_a_copy_that_was_refused_can_be_asked_for_again(browser):
    page = form_page(browser, channels(channel("email", copyable=True)))
    copy = page.get_by_role("button", name="Copy: email")
    copy.click()
    answer(page, sent(page)[0], ok=False)
    page.get_by_role("alert").filter(has_text="Nothing was changed").wait_for()
    copy.click()
    assert len(sent(page)) == 2


@pytest.mark.browser
def test_what_is_not_there_to_choose_is_made_beside_the_list(browser):
    page = form_page(browser, channels(card("email", segment())))
    add = page.get_by_role("button", name="Add a segment")
    assert add.get_attribute("aria-expanded") == "false"
    add.press("Enter")
    name = page.get_by_role("group", name="Add a segment").get_by_label("Name")
    assert is_focused(name)
    page.keyboard.press("Enter")  # a name is needed
    page.keyboard.type("Gammaa")
    page.keyboard.press("Control+z")  # the browser's
    name.fill("Gamma ")
    page.keyboard.press("Enter")
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "create", "path": "/channels/email/segment", "text": "Gamma"}
    show(page, channels(card("email", segment(text="g", choices=[*SEGMENTS, {"value": "g", "label": "Gamma"}]))))
    answer(page, message)
    assert is_focused(page.get_by_label("Segment", exact=True))
    assert page.get_by_label("Segment", exact=True).locator("option:checked").inner_text() == "Gamma"
    assert status(page).inner_text() == "Gamma is added."
    add.press("Enter")
    assert name.input_value() == ""
    page.keyboard.press("Escape")
    assert is_focused(add)


@pytest.mark.browser
def test_what_was_named_but_not_made_stays_and_says_so(browser):
    page = form_page(browser, channels(card("email", segment("references", ["b"]))))
    page.get_by_role("button", name="Add a segment").click()
    page.get_by_label("Name").fill("Gamma")
    page.get_by_role("button", name="Add", exact=True).click()
    answer(page, sent(page)[0], ok=False)
    page.get_by_role("alert").filter(has_text="Nothing was changed").wait_for()
    assert page.get_by_label("Name").input_value() == "Gamma"
    page.get_by_role("button", name="Add", exact=True).click()
    answer(page, sent(page)[1])
    assert is_focused(page.get_by_role("button", name="Add a segment"))


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
