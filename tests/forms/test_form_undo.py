"""Undo and redo of a form, in a real Chromium."""

import pytest
from form_harness import answer, sent, show
from forms.form_content import (
    HISTORY,
    budget,
    card,
    channel,
    channels,
    form_page,
    is_focused,
    line,
    number,
    segment,
    status,
    wait_for,
    without_serial,
)

pytestmark = pytest.mark.browser


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


def test_undo_that_fails_says_so(browser):
    page = form_page(browser, channels(channel("email")) | {"history": HISTORY})
    page.get_by_role("button", name="Undo: budget").click()
    answer(page, sent(page)[0], ok=False)
    page.get_by_role("alert").filter(has_text="Nothing was changed").wait_for()
