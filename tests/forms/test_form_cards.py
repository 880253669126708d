"""The cards of a form, in a real Chromium: added, removed, folded, moved, copied, with their notices."""

import pytest
from form_harness import answer, sent, show
from forms.form_content import (
    HISTORY,
    STALE,
    card,
    channel,
    channels,
    form_page,
    is_focused,
    line,
    number,
    status,
    wait_for,
    without_serial,
)

pytestmark = pytest.mark.browser


def test_adding_by_keyboard_leads_into_the_new_card(browser):
    page = form_page(browser, channels(channel("email")))
    page.get_by_role("button", name="Add a channel").press("Enter")
    (message,) = sent(page)
    assert (message["kind"], message["path"]) == ("add", "/channels")
    show(page, channels(channel("email"), channel("new", open=False)))
    assert is_focused(page.get_by_role("group", name="new", exact=True).get_by_label("Name"))
    page.wait_for_timeout(4200)
    assert page.get_by_role("alert").filter(has_text="Not saved").count() == 0


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


def test_a_card_stays_as_it_was_folded_and_opens_when_python_says_so(browser):
    page = form_page(browser, channels(channel("email"), channel("search", open=False)))
    fold = page.get_by_role("button", name="email", exact=True)
    fold.press("Enter")
    show(page, channels(channel("email", "1"), channel("search", open=True)))
    assert fold.get_attribute("aria-expanded") == "false"
    assert page.get_by_role("button", name="search", exact=True).get_attribute("aria-expanded") == "true"
    show(page, channels(channel("email", "1"), channel("search", open=False)))
    assert page.get_by_role("button", name="search", exact=True).get_attribute("aria-expanded") == "true"


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


def test_a_notice_says_what_changed_and_is_seen_on_the_closed_card(browser):
    page = form_page(browser, channels(channel("email", open=False, notice=STALE), channel("search")))
    closed = page.get_by_role("button", name="email changed upstream", exact=True)
    assert closed.inner_text().split("\n") == ["email", "changed upstream"]
    closed.press("Enter")
    notice = page.get_by_role("group", name="1 thing changed upstream.")
    assert notice.get_by_role("term").inner_text() == "Price"
    assert notice.get_by_role("definition").all_text_contents() == ["Before: €49", "Now: €39"]
    assert page.get_by_role("group", name="search", exact=True).locator(".wb-news").is_hidden()


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


def test_the_notice_of_the_form_acts_on_the_section_and_leaves_the_focus_on_the_title(browser):
    notice = {"kind": "stale", "text": "4 cards to look at.", "actions": [{"action": "all", "label": "Confirm all 4"}]}
    page = form_page(browser, channels(channel("email")) | {"notice": notice})
    page.get_by_role("button", name="Confirm all 4").press("Enter")
    (message,) = sent(page)
    assert without_serial(message) == {"kind": "act", "path": "/channels", "action": "all", "answers": {}}
    show(page, channels(channel("email")))
    assert is_focused(page.get_by_role("heading", name="Channels"))


def test_a_single_open_card_lends_the_form_its_heading(browser):
    alone = card("charter", line("/charter/name", "x"), collapsible=False, removable=False, intro="What for.")
    page = form_page(browser, {"name": "charter", "title": "", "intro": "", "cards": [alone], "history": HISTORY})
    assert page.get_by_role("heading").all_inner_texts() == ["charter"]
    assert page.get_by_role("group", name="charter", exact=True).get_by_text("What for.").count() == 1


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


def test_a_copy_that_was_refused_can_be_asked_for_again(browser):
    page = form_page(browser, channels(channel("email", copyable=True)))
    copy = page.get_by_role("button", name="Copy: email")
    copy.click()
    answer(page, sent(page)[0], ok=False)
    page.get_by_role("alert").filter(has_text="Nothing was changed").wait_for()
    copy.click()
    assert len(sent(page)) == 2
