"""Acts of a form that ask first, and two values to choose from, in a real Chromium."""

import pytest
from form_harness import answer, sent, show
from forms.form_content import (
    CONFLICT,
    SEGMENTS,
    STALE,
    WAIVE,
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
    without_serial,
)

pytestmark = pytest.mark.browser


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


def test_questions_are_put_away_with_escape_and_post_nothing(browser):
    page = form_page(browser, channels(channel("email", notice=STALE)))
    page.get_by_role("button", name="Waive…").press("Enter")
    page.keyboard.type("no")
    page.keyboard.press("Escape")
    assert is_focused(page.get_by_role("button", name="Waive…"))
    assert page.get_by_role("group", name="Waive…").count() == 0
    assert sent(page) == []


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


def test_a_refused_action_and_one_without_an_answer_say_so(browser):
    page = form_page(browser, channels(channel("email", notice=STALE)))
    page.get_by_role("button", name="Still right").click()
    answer(page, sent(page)[0], ok=False)
    page.get_by_role("alert").filter(has_text="Nothing was changed").wait_for()
    page.get_by_role("button", name="Still right").click()
    page.get_by_role("alert").filter(has_text="Not saved yet").wait_for(timeout=6000)
    assert len(sent(page)) == 2


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
