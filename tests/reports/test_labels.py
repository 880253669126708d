"""Words of a drawing keep apart, break where they may, and can be read on their ground."""

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.reports.labels import Label, apart, around, contrast, legible, lines_of, text_width


def labels(*places, text="LinkedIn ads"):
    return [
        Label(ElementTree.Element("text"), f"{text} {i}", 0, 0, x, y, 0, "start", "#0072B2")
        for i, (x, y) in enumerate(places)
    ]


def covers(one, other):
    (left, top, right, bottom), (left2, top2, right2, bottom2) = one, other
    return min(right, right2) - max(left, left2) > 0.01 and min(bottom, bottom2) - max(top, top2) > 0.01


@given(st.text(max_size=200), st.floats(40, 300))
def test_no_line_is_wider_than_its_room(text, limit):
    assert all(text_width(line) <= limit or len(line) == 1 for line in lines_of(text, limit))


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=12), min_size=1, max_size=8))
def test_no_word_is_lost_in_breaking(words):
    assert " ".join(lines_of(" ".join(words), 150, 20)).split() == words


def test_a_text_of_ten_thousand_characters_ends_in_an_ellipsis():
    lines = lines_of("x" * 10_000, 150)
    assert len(lines) == 5
    assert lines[-1].endswith("…")


@given(st.lists(st.floats(0, 200), min_size=1, max_size=12))
def test_labels_at_the_end_of_lines_never_touch_and_stay_in_order(heights):
    placed = labels(*((400, y) for y in heights))
    apart(placed, 240)
    order = sorted(range(len(placed)), key=lambda i: heights[i])
    assert not any(covers(a.box, b.box) for a in placed for b in placed if a is not b)
    ys = [placed[i].y for i in order]
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(ys))


def test_a_label_alone_stays_where_it_is():
    (label,) = labels((400, 100))
    apart([label], 240)
    assert label.y == pytest.approx(100)


def test_names_of_points_find_places_of_their_own():
    placed = labels((100, 100), (110, 104), (300, 50), (305, 60))
    around(placed, 500, 300)
    assert not any(covers(a.box, b.box) for a in placed for b in placed if a is not b)


# WebAIM's contrast checker: black on white 21:1, #777777 on white 4.48:1; tolerance is its rounding.
@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(st.from_regex("#[0-9a-f]{6}", fullmatch=True))
def test_every_colour_becomes_legible(colour):
    assert contrast(legible(colour, "#ffffff", "#1d2433"), "#ffffff") >= 4.5
