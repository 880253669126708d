"""Words, numbers, money and dates in both languages."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from workbook.errors import ParameterError, PlanFileError, nearest
from workbook.language import (
    as_number,
    date_words,
    listed,
    money,
    money_in_short,
    number,
    percent,
    plural,
    speak,
    speaking,
    translated,
)
from workbook.words.gather import catalogue_path, gathered

ROOT = Path(__file__).parents[1]


def test_numbers_are_written_with_the_marks_of_the_language():
    assert (number(1234567), percent(0.254, 1), money(1234.5, decimals=2)) == ("1,234,567", "25.4\u00a0%", "€1,234.50")
    with speaking("it"):
        assert (number(1234567), percent(0.254, 1), money(1234.5, decimals=2)) == (
            "1.234.567",
            "25,4\u00a0%",
            "1.234,50\u00a0€",
        )


def test_what_is_below_nothing_has_the_sign_that_the_axes_have():
    assert (number(-4), percent(-0.1), money(-1234.5)) == ("\u22124", "\u221210\u00a0%", "\u2212€1,234")
    with speaking("it"):
        assert (money(-20), as_number(number(-20))) == ("\u221220\u00a0€", -20)


def test_an_amount_in_short_is_shortened_where_the_language_does():
    assert [money_in_short(v) for v in (9_400, 112_345, 3_607_220)] == ["€9,400", "€112K", "€3.6M"]
    with speaking("it"):
        assert [money_in_short(v) for v in (9_400, 112_345, 3_607_220)] == [
            "9.400\u00a0€",
            "112\u00a0mila\u00a0€",
            "3,6\u00a0Mln\u00a0€",
        ]


def test_quotation_marks_inside_others_are_single():
    assert translated("“{item}” was confirmed", item="Say “hot” first") == "“Say ‘hot’ first” was confirmed"
    assert translated("Last: {what}.", what="Say “hot” first") == "Last: Say “hot” first."
    one, many = "“{offer}” and {count} more", "“{offer}” and {count} others"
    assert plural(one, many, 2, offer="A “b”") == "“A ‘b’” and 2 others"


def test_what_rounds_to_nothing_is_not_below_nothing():
    assert (number(-0.001, 0), money(-0.2)) == ("0", "€0")


def test_as_many_decimals_as_three_figures_need():
    assert [number(v) for v in (0.1234, 12.34, 1234.5, 3.0, -0.0001)] == ["0.12", "12.3", "1,234", "3", "0.00"]


def test_a_figure_that_is_none_or_not_finite_shows_as_a_dash():
    assert {number(None), number(float("nan")), money(float("inf")), percent(None)} == {"–"}


def test_a_number_of_any_size_can_be_written():
    assert number(1e308) == "1.00e+308"
    assert number(-1e18) == "\u22121.00e+18"
    assert number(9e17) == "900,000,000,000,000,000"


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("en", "1,234.5", 1234.5),
        ("en", "1000", 1000),
        ("it", "1.234,5", 1234.5),
        ("it", "0,5", 0.5),
        ("it", "100 000", 100000),
        ("en", "−3", -3),
    ],
)
def test_numbers_are_read_with_the_marks_of_the_language(language, typed, value):
    with speaking(language):
        assert as_number(typed) == value


@pytest.mark.parametrize(
    ("language", "typed"),
    [("it", "1.5"), ("it", "1,234.5"), ("en", "1,5"), ("en", "12.34.5"), ("en", "NaN"), ("en", "1e999"), ("en", "")],
)
def test_a_number_that_could_mean_two_things_is_refused(language, typed):
    with speaking(language), pytest.raises(ValueError):  # noqa: PT011 - Babel's own subclass
        as_number(typed)


def test_dates_and_lists_are_worded():
    from datetime import date

    with speaking("it"):
        assert date_words(date(2027, 5, 14)) == "14 maggio 2027"
        assert listed(["a", "b", "c"]) == "a, b e c"


def test_speaking_is_undone_even_after_an_error():
    with pytest.raises(KeyError), speaking("it"):
        raise KeyError
    assert percent(0.5, 1) == "50.0\u00a0%"


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="en, it"):
        speak("de")


def test_an_error_is_worded_when_it_is_shown():
    error = PlanFileError("{file}: not a plan. Nothing was taken from it.", (), file="x.yaml")
    with speaking("it"):
        assert str(error) == translated(error.template, file="x.yaml")
        assert str(error) != "x.yaml: not a plan. Nothing was taken from it."


def test_at_most_three_faults_are_shown_at_once():
    faults = tuple(ParameterError("fault {n}", n=n) for n in range(5))
    assert str(PlanFileError("file", faults)).splitlines()[-1].strip() == "and 2 more"


def test_the_nearest_names_are_suggested():
    assert nearest("enterprize", ["enterprise", "agencies"]) == "enterprise"


def test_plural_chooses_by_the_count_and_writes_it_in_the_language():
    assert plural("{count} point is still open.", "{count} points are still open.", 1) == "1 point is still open."
    with speaking("it"):
        assert "1.000" in plural("{count} point is still open.", "{count} points are still open.", 1000)


@pytest.fixture(scope="module")
def italian():
    with catalogue_path("it").open("rb") as stream:
        return read_po(stream, locale="it")


def test_every_sentence_is_translated_and_none_is_orphaned(italian):
    known = {entry.id for entry in italian if entry.id}
    asked = set(gathered())
    assert asked - known == set()
    assert known - asked == set()


def test_no_translation_is_empty_or_fuzzy(italian):
    def strings(entry):
        return entry.string if isinstance(entry.string, list | tuple) else [entry.string]

    assert [entry.id for entry in italian if entry.id and (entry.fuzzy or not all(strings(entry)))] == []


def test_placeholders_are_the_same_in_the_translation(italian):
    def holders(text):
        return sorted(set(re.findall(r"\{(\w+)[^}]*\}", text)))

    wrong = []
    for entry in italian:
        if not entry.id:
            continue
        pairs = zip(entry.id, entry.string, strict=True) if isinstance(entry.id, tuple) else [(entry.id, entry.string)]
        # A singular may leave the count out; a plural may not.
        wrong += [
            a for a, b in pairs if holders(a) != holders(b) and not (isinstance(entry.id, tuple) and a == entry.id[0])
        ]
    assert wrong == []


# One reader, called tu; the company is noi. A form in -ate or -ite may be a participle: it counts where a pronoun hangs on
# it, or where it begins a sentence and an article follows.
VOI = re.compile(
    r"\b(voi|vostr[oaie]|siete|dite|fate|(?<![a-zà] )date(?= ad? )|\w+ete|\w+reste|\w+[aei]te(?:lo|la|li|le|ne|gli|mi|ci|vi)"
    r"|(?:(?<=^)|(?<=[.:;] ))\w+[ai]te(?= (?:un|uno|una|il|lo|la|i|gli|le|ogni|l'\w+)\b))\b",
    re.IGNORECASE,
)
NOT_VERBS = re.compile("rete|complete|concrete|discrete|monete|parete|segrete|obsolete|consuete|ripete|compete")


@pytest.mark.parametrize(
    "old", ["Avete deciso.", "Aggiungetene una.", "i vostri clienti", "lo servireste", "Indicate un colore"]
)
def test_the_search_for_a_second_voice_finds_one(old):
    assert VOI.search(old)


def test_formulae_have_the_signs_of_arithmetic(italian):
    typed = re.compile(r"[\w)}] (x|-) [({]?[a-zà1]")
    names = re.compile(r"\d x \d")  # a size, as people write it
    said = [text for entry in italian for text in (entry.id, entry.string) if isinstance(text, str)]
    assert [text for text in said if typed.search(names.sub("", text))] == []


def test_the_italian_speaks_with_one_voice(italian):
    mixed = []
    for entry in italian:
        strings = entry.string if isinstance(entry.string, list | tuple) else [entry.string]
        if entry.id:
            mixed += [
                (word, text) for text in strings for word in VOI.findall(text) if not NOT_VERBS.fullmatch(word.lower())
            ]
    assert mixed == []


def test_the_italian_has_one_kind_of_apostrophe(italian):
    strings = {e.id: " ".join(e.string) if isinstance(e.string, list | tuple) else e.string for e in italian if e.id}
    assert [id for id, text in strings.items() if "\u2019" in text] == []


def test_no_sentence_hides_in_an_f_string_where_it_would_not_be_gathered():
    hidden = []
    for path in (ROOT / "workbook").rglob("*.py"):
        for outer in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(outer, ast.JoinedStr):
                hidden += [
                    f"{path.name}:{call.lineno}"
                    for call in ast.walk(outer)
                    if isinstance(call, ast.Call)
                    and getattr(call.func, "id", "") in ("_", "N_", "translated", "plural")
                    and any(isinstance(arg, ast.Constant) for arg in call.args)
                ]
                hidden += [
                    f"{path.name}:{call.lineno}"
                    for call in ast.walk(outer)
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "N_"
                ]
    assert hidden == []
