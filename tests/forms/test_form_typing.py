"""What a person types into a field, in a real Chromium: posted once, kept, refused, answered late."""

from datetime import datetime, timedelta

import pytest
from form_harness import answer, sent, show
from forms.form_content import budget, card, channel, channels, form_page, is_focused, line, number, wait_for

pytestmark = pytest.mark.browser


def test_typing_is_posted_once_after_a_rest(browser):
    page = form_page(browser, channels(channel("email")))
    page.clock.pause_at(datetime.now() + timedelta(hours=1))  # a rest is as long as the test says
    budget(page).fill("")
    for key in "41.5":
        budget(page).press(key)
        page.clock.run_for(20)
    assert sent(page) == []
    page.clock.resume()
    (message,) = wait_for(page, "edit", 1)
    assert (message["path"], message["text"]) == ("/channels/email/budget", "41.5")
    budget(page).blur()
    page.wait_for_timeout(400)
    assert len(sent(page)) == 1


@pytest.mark.parametrize("leave", ["Enter", "Tab"])
def test_enter_and_leaving_post_at_once(browser, leave):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("7")
    budget(page).press(leave)
    assert [message["text"] for message in sent(page)] == ["7"]


def test_a_value_that_did_not_change_is_not_posted(browser):
    page = form_page(browser, channels(channel("email")))
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    budget(page).fill("5")
    budget(page).fill("30,000")
    budget(page).blur()
    page.clock.run_for(1000)
    assert sent(page) == []


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


def test_a_field_in_focus_that_nobody_typed_in_follows_the_content(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).focus()
    show(page, channels(channel("email", "31,000")))
    assert budget(page).input_value() == "31,000"
    assert is_focused(budget(page))


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


def test_what_was_typed_is_posted_before_a_step(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("500")
    budget(page).press("ArrowUp")
    assert [message["kind"] for message in sent(page)] == ["edit", "step"]


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


def test_leaving_an_unanswered_field_tries_again(browser):
    page = form_page(browser, channels(channel("email")))
    budget(page).fill("77")
    budget(page).press("Enter")
    page.get_by_role("alert").filter(has_text="Not saved yet").wait_for(timeout=6000)
    budget(page).blur()
    assert [message["text"] for message in sent(page)] == ["77", "77"]


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


def test_errors_that_were_there_from_the_start_are_not_shouted(browser):
    page = form_page(browser, channels(card("email", line("/channels/email/name", "", error="Give it a name."))))
    assert page.get_by_text("Give it a name.").get_attribute("role") is None
