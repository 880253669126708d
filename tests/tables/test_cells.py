"""Whatever convention a column is written in, it is read right or asked about: never wrong."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import TableQuestion
from workbook.tables.cells import Cells, days, figures, numbers
from workbook.tables.figures import figure
from workbook.tables.reading import Reading

CONVENTIONS = {
    "1234.56": ("", "."),
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1234,56": ("", ","),
    "1'234.56": ("'", "."),
    "1 234,56": ("\u00a0", ","),
}
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=None, allow_nan=False).map(lambda d: round(d, 3))


def written(amount, convention, places):
    parts, decimal = CONVENTIONS[convention]
    plain = f"{amount:,.{places}f}"
    return plain.replace(",", "T").replace(".", "D").replace("T", parts).replace("D", decimal)


def settled(read, option, **answer):
    """What ``read`` gives, with the answer where it asks for one; the answer must be among those it offers."""
    try:
        return read(Reading())
    except TableQuestion as asked:
        offered = set(dict(asked.choices))
    assert option in offered
    return read(Reading(**answer))


def cells(texts):
    return Cells("t.csv", "x", texts, texts.index)


@given(AMOUNTS, st.sampled_from(sorted(CONVENTIONS)), st.integers(0, 3))
def test_a_number_is_one_of_the_readings_of_its_cell(amount, convention, places):
    found = figure(written(amount, convention, places))
    truth = float(f"{amount:.{places}f}")
    assert truth in (found.point, found.comma)
    assert found.doubtful or found.point == truth


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.sampled_from(sorted(CONVENTIONS)), st.integers(0, 3))
def test_a_column_in_one_convention_is_right_or_a_question(amounts, convention, places):
    texts = list(dict.fromkeys(written(amount, convention, places) for amount in amounts))
    truths = list(dict.fromkeys(float(f"{amount:.{places}f}") for amount in amounts))
    decimal = {".": "point", ",": "comma"}[CONVENTIONS[convention][1]]
    read = settled(
        lambda reading: numbers(cells(texts), figures(texts), reading), f"--decimal {decimal}", decimal=decimal
    )
    assert sorted(set(read.values)) == sorted(set(truths))


@given(st.lists(st.dates(date(1980, 1, 1), date(2060, 12, 31)), min_size=1, max_size=6, unique=True), st.booleans())
def test_a_column_of_days_in_one_order_is_right_or_a_question(wanted, day_first):
    order = "day-first" if day_first else "month-first"
    texts = [f"{d:%d/%m/%Y}" if day_first else f"{d:%m/%d/%Y}" for d in wanted]
    read = settled(lambda reading: days(cells(texts), reading), f"--dates {order}", dates=order)
    assert read.values == wanted


@given(st.text(max_size=80))
def test_no_text_makes_reading_fail_and_no_number_is_infinite(text):
    found = figure(text)
    assert found is None or abs(found.point) < float("inf")
    days(cells([text]), Reading(dates="day-first", century="2000"))
