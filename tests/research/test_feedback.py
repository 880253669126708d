import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA
from workbook.errors import AnalysisError, TableError
from workbook.research.feedback import STOP_WORDS, feedback_themes

approx = pytest.approx

TOPICS = {
    "delivery": ("package", "courier", "delivery", "doorstep", "late"),
    "price": ("price", "expensive", "discount", "cost", "cheaper"),
    "support": ("support", "hotline", "helpful", "answered", "agent"),
}


def reviews(n=120, seed=0, *, stars=None):
    rng, rows = np.random.default_rng(seed), []
    for i in range(n):
        topic = list(TOPICS)[rng.choice(3, p=[0.5, 0.3, 0.2])]
        words = rng.choice(TOPICS[topic], 3, replace=False)
        rows.append({"text": f"The {words[0]} was {words[1]} and it is {words[2]}, no {i}!", "topic": topic})
    table = pd.DataFrame(rows)
    return table if stars is None else table.assign(rating=table["topic"].map(stars))


def theme_of(row):
    return next(name for name, words in TOPICS.items() if set(row.words[:3]) <= set(words))


def test_themes_drawn_apart_are_found_with_their_shares_and_ratings():
    table = reviews(stars={"delivery": 2, "price": 1, "support": 5})
    answer = feedback_themes(table)
    assert answer.figures["themes"] == 3
    assert [theme_of(row) for row in answer.rows.itertuples()] == ["price", "delivery", "support"]
    shares = table["topic"].value_counts(normalize=True)
    for row in answer.rows.itertuples():
        assert row.share == approx(shares[theme_of(row)])
    assert answer.rows["rating"].tolist() == [1, 2, 5]
    assert answer.rows["share"].sum() == approx(1)


def test_without_ratings_the_largest_theme_comes_first_and_that_is_said():
    answer = feedback_themes(reviews())
    assert answer.rows["share"].is_monotonic_decreasing
    assert answer.rows["rating"].tolist() == [None] * 3
    assert any("largest theme comes first" in sentence for sentence in answer.conventions)


@pytest.mark.parametrize("company", [ADAPTIVE_TEST, FORNO_AURORA], ids=lambda company: company.plan)
def test_the_true_themes_of_the_sample_studies_come_back(company):
    table, truth = pd.read_csv(f"data/samples/tables/{company.plan}-reviews.csv"), company.feedback
    answer = feedback_themes(table)
    # Each theme found is about one true theme: most of its texts hold a word of it.
    found = set()
    for row in answer.rows.itertuples():
        speaks = {
            name: sum(any(word.lower() in example.lower() for word in theme.words) for example in row.examples)
            for name, theme in truth.themes.items()
        }
        found.add(max(speaks, key=speaks.get))
    assert len(found) >= len(truth.themes) - 1
    worst = min(truth.themes.values(), key=lambda theme: theme.rating)
    assert answer.rows.loc[0, "rating"] == approx(worst.rating, abs=0.5)
    assert answer.rows["rating"].is_monotonic_increasing


def test_examples_are_the_texts_as_written_worst_first():
    table = reviews(stars={"delivery": 3, "price": 3, "support": 3})
    table["text"] = "  " + table["text"].str.upper() + " 😀"
    table["rating"] = np.arange(len(table)) % 5 + 1.0
    answer = feedback_themes(table)
    stars = table.set_index("text")["rating"]
    for examples in answer.rows["examples"]:
        assert set(examples) <= set(table["text"])
        assert stars[examples].is_monotonic_increasing


def test_texts_without_words_and_repeated_ones_are_left_out_by_reason():
    extra = pd.DataFrame({"text": ["", None, "😀😀", "12 / 10", reviews()["text"][0].upper(), "zyx"]})
    answer = feedback_themes(pd.concat([reviews(), extra], ignore_index=True))
    assert list(answer.excluded.values()) == [2, 2, 1, 1]
    assert answer.n == 120


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 50))
def test_order_of_rows_changes_no_theme(seed):
    table = reviews(90, 2, stars={"delivery": 2, "price": 1, "support": 5})
    plain, mixed = feedback_themes(table), feedback_themes(table.sample(frac=1, random_state=seed))
    assert mixed.rows["share"].tolist() == approx(plain.rows["share"].tolist())
    assert [set(words[:3]) for words in mixed.rows["words"]] == [set(words[:3]) for words in plain.rows["words"]]


def test_the_number_of_themes_can_be_asked_for():
    assert len(feedback_themes(reviews(), themes=2).rows) == 2
    assert len(feedback_themes(reviews(), themes=1).rows) == 1
    with pytest.raises(AnalysisError, match="500 themes"):
        feedback_themes(reviews(), themes=500)


def test_ratings_on_two_scales_are_named():
    table = reviews(stars={"delivery": 3, "price": 4, "support": 5}).assign(source="shop")
    table.loc[:40, ["source", "rating"]] = ["survey", 9]
    assert any("survey" in warning for warning in feedback_themes(table).warnings)
    assert feedback_themes(table.assign(source="shop")).warnings == ()


def test_few_texts_and_missing_ratings_warn():
    table = reviews(20, stars={"delivery": 3, "price": 4, "support": 5})
    table.loc[:4, "rating"] = None
    said = " ".join(feedback_themes(table).warnings)
    assert "Only 20" in said
    assert "25" in said


def test_conditions_without_an_answer_are_named():
    with pytest.raises(TableError, match="text"):
        feedback_themes(pd.DataFrame({"comment": ["a"]}))
    with pytest.raises(AnalysisError, match="No text can be read"):
        feedback_themes(pd.DataFrame({"text": ["", "😀", "!!!"]}))
    with pytest.raises(AnalysisError, match="too few"):
        feedback_themes(pd.DataFrame({"text": ["one review only"]}))
    with pytest.raises(AnalysisError, match="too few"):
        feedback_themes(pd.DataFrame({"text": ["alpha beta", "gamma delta", "epsilon zeta", "eta theta"]}))


def test_stop_words_are_words_and_each_stands_once():
    for words in STOP_WORDS.values():
        listed = words.split()
        assert len(listed) == len(set(listed))
        assert all(re.fullmatch(r"[a-zàèéìòù]+", word) for word in listed)
