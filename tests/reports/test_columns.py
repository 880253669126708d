"""Columns of a printed table: figures on one line, words whole, the room used."""

import pytest

from workbook.reports.columns import column_widths
from workbook.reports.labels import lines_of, text_width

TEXT, FIGURE = {"label": "What stands on it", "kind": "text"}, {"label": "Answers or records", "kind": "number"}


def test_figures_keep_to_their_line_and_words_take_what_is_left():
    rows = [["Customers who use adaptive tests", "1,234,567"], ["Leads", "3"]]
    made = column_widths([TEXT, FIGURE], rows, 300, 10, 9)
    words, figures = made.points
    assert made.whole
    assert words + figures == pytest.approx(300)
    assert figures >= text_width("1,234,567", 10) + 9
    assert words > figures


def test_no_word_is_broken_where_all_words_fit():
    rows = [
        ["A sentence of many words that goes over several lines of its column, as answers do", "recommendations", "9"]
    ]
    made = column_widths([TEXT, TEXT, FIGURE], rows, 300, 10, 9)
    assert made.whole
    assert sum(made.points) == pytest.approx(300)
    assert made.points[1] >= text_width("recommendations", 10) + 9


def test_what_cannot_fit_is_said_and_stays_in_the_room():
    made = column_widths([FIGURE] * 9, [["123,456,789"] * 9], 200, 10, 9)
    assert not made.fit
    assert sum(made.points) == pytest.approx(200)


def test_a_word_without_end_leaves_room_for_others():
    made = column_widths([TEXT, TEXT], [["x" * 10_000, "other"]], 300, 10, 9)
    endless, other = made.points
    assert made.fit
    assert not made.whole
    assert other > text_width("other", 10)
    assert endless < 300


def test_a_table_is_as_low_as_its_words_let_it_be():
    long, less = (
        "what holds them up on the way to us " * 9,
        "what they ask of whom they meet on the way to us, and what then",
    )
    made = column_widths([TEXT, TEXT, FIGURE], [[long, less, "40 %"]] * 4, 360, 10, 9)
    one, other, _figures = made.points
    assert sum(made.points) == pytest.approx(360)
    lines = [len(lines_of(text, (wide - 9) * 12 / 10, 99)) for text, wide in ((long, one), (less, other))]
    # As much room for each that neither waits for the other.
    assert abs(lines[0] - lines[1]) <= 2
    assert max(lines) <= 10
