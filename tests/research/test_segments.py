import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score

from workbook.analyses import analysis
from workbook.errors import AnalysisError, ParameterError, TableError
from workbook.research.segments import segments

approx = pytest.approx

# Goodman (1974), Biometrika 61, table 1: role conflict, four items answered + or -, 216 respondents.
STOUFFER_TOBY = {
    "++++": 42, "+++-": 23, "++-+": 6, "++--": 25, "+-++": 6, "+-+-": 24, "+--+": 7, "+---": 38,
    "-+++": 1, "-++-": 4, "-+-+": 1, "-+--": 6, "--++": 2, "--+-": 9, "---+": 2, "----": 20,
}  # fmt: skip


@pytest.fixture(scope="module")
def iris():
    table = load_iris(as_frame=True).data
    return table.assign(respondent=[f"r{i}" for i in range(len(table))])


def blobs(n, seed, *, apart=6.0):
    """Three round groups in two columns, and the true group of each."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    places = rng.normal(size=(n, 2)) + apart * np.array([[0, 0], [1, 0], [0, 1]])[truth]
    return pd.DataFrame(places, columns=["visits", "spend"]).assign(respondent=range(n)), truth


def yes_and_no(n, seed):
    rng = np.random.default_rng(seed)
    truth = rng.choice(2, n, p=[0.65, 0.35])
    chances = np.array([[0.9] * 6, [0.15] * 6])[truth]
    table = pd.DataFrame(np.where(rng.random((n, 6)) < chances, "yes", "no"), columns=list("abcdef"))
    return table.assign(respondent=range(n)), truth


def test_the_flowers_have_the_published_inertia(iris):
    # scikit-learn's and R's kmeans of Fisher's iris, three groups: 78.85 as it is.
    answer = segments(iris, k=3, standardise="no")
    assert answer.figures["inertia"] == approx(78.8514, abs=1e-3)
    assert answer.figures["sizes"] == [62, 50, 38]
    assert answer.figures["profiles"][1]["sepal length (cm)"] == approx(5.006)
    assert segments(iris, k=3).figures["inertia"] == approx(139.82, abs=0.01)


def test_role_conflict_has_the_published_latent_classes():
    rows = [tuple(int(mark == "+") for mark in pattern) for pattern, n in STOUFFER_TOBY.items() for _ in range(n)]
    table = pd.DataFrame(rows, columns=list("ABCD")).assign(respondent=range(216))
    answer = segments(table, method="latent-class", k=2)
    # Two classes of 0.28 and 0.72 (Goodman 1974); L-squared 2.72 on 6 degrees of freedom.
    saturated = sum(n * np.log(n / 216) for n in STOUFFER_TOBY.values())
    assert 2 * (saturated - answer.figures["log_likelihood"]) == approx(2.72, abs=0.01)
    assert answer.figures["bic"] == approx(-2 * answer.figures["log_likelihood"] + 9 * np.log(216))
    assert answer.rows["chance"].between(0.5, 1).all()


@pytest.mark.parametrize("method", ["kmeans", "latent-class"])
def test_the_true_groups_are_offered_and_found(method):
    table, truth = blobs(150, 1)
    answer = segments(table, method=method)
    assert answer.figures["k"] == 3
    assert adjusted_rand_score(truth, answer.rows["segment"]) > 0.9
    assert answer.figures["stability"] > 0.9
    assert answer.warnings == ()
    assert [one["k"] for one in answer.figures["by_k"]][:3] == [1, 2, 3]


def test_yes_and_no_in_words_or_numbers_are_the_same():
    table, truth = yes_and_no(200, 2)
    words = segments(table, method="latent-class")
    assert words.figures["k"] == 2
    assert adjusted_rand_score(truth, words.rows["segment"]) > 0.85
    italian = table.replace({"yes": "sì", "no": "No"})
    assert segments(italian, method="latent-class", k=2).figures["sizes"] == words.figures["sizes"]
    ones = table.replace({"yes": 2, "no": 1}).infer_objects()
    numbers = segments(ones, method="latent-class", k=2).figures
    assert numbers["log_likelihood"] == approx(words.figures["log_likelihood"], abs=1e-4)
    assert numbers["profiles"][0]["a"] == approx(1 + words.figures["profiles"][0]["a"], abs=1e-9)


def test_numbers_and_yes_and_no_go_together_and_scale_does_not_matter_to_latent_classes():
    table, truth = blobs(200, 3)
    table["member"] = np.where(truth == 0, "yes", "no")
    plain = segments(table, method="latent-class", k=3)
    assert adjusted_rand_score(truth, plain.rows["segment"]) > 0.95
    wide = segments(table.assign(spend=table["spend"] * 1000), method="latent-class", k=3)
    assert (wide.rows["segment"] == plain.rows["segment"]).all()
    assert wide.figures["log_likelihood"] == approx(plain.figures["log_likelihood"] - 200 * np.log(1000), abs=0.01)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 20), st.floats(0.01, 1000))
def test_order_of_rows_and_units_change_nothing(seed, times):
    table, _truth = blobs(90, 4)
    plain = segments(table, k=3)
    mixed = segments(table.assign(spend=table["spend"] * times).sample(frac=1, random_state=seed), k=3)
    assert mixed.figures["sizes"] == plain.figures["sizes"]
    assert mixed.figures["inertia"] == approx(plain.figures["inertia"])
    both = plain.rows.merge(mixed.rows, on="respondent")
    assert (both["segment_x"] == both["segment_y"]).all()


def test_a_seed_makes_every_figure_repeatable():
    table, _truth = yes_and_no(120, 5)
    first, second = (segments(table, method="latent-class", k=2, seed=3) for _ in range(2))
    assert first.figures == second.figures


def test_no_groups_are_said_to_be_none():
    rng = np.random.default_rng(8)
    table = pd.DataFrame(rng.random((100, 3)) < 0.5, columns=list("abc")).astype(int).assign(respondent=range(100))
    answer = segments(table, method="latent-class")
    assert answer.figures["k"] == 1
    assert any("no groups" in warning for warning in answer.warnings)


def test_groups_that_are_not_there_are_unstable():
    rng = np.random.default_rng(8)
    table = pd.DataFrame(rng.normal(size=(200, 3)), columns=list("abc")).assign(respondent=range(200))
    answer = segments(table, k=5)
    assert answer.figures["stability"] < 0.8
    assert any("not found again" in warning for warning in answer.warnings)


def test_rows_and_columns_that_cannot_count_are_left_out_by_reason():
    table, _truth = blobs(60, 1)
    table = table.astype({"visits": object}).assign(city=["Turin", "Milan"] * 30, country="Italy", same=4)
    table.loc[0, "visits"], table.loc[1, "respondent"], table.loc[2, "respondent"] = "", None, 3
    answer = segments(table, k=3)
    assert sorted(answer.excluded.values()) == [1, 1, 1]
    assert any("city and country" in warning for warning in answer.warnings)
    assert any("same" in warning for warning in answer.warnings)
    assert set(answer.figures["profiles"][0]) == {"visits", "spend"}


def test_scales_that_differ_are_named_when_nothing_evens_them_out():
    table, _truth = blobs(60, 1)
    answer = segments(table.assign(spend=table["spend"] * 1000), k=3, standardise="no")
    assert any("“spend” decides alone" in warning for warning in answer.warnings)


def test_a_class_that_would_shrink_to_one_value_is_held():
    rng = np.random.default_rng(1)
    values = np.concatenate([np.full(60, 3.0), rng.normal(3, 1, 60)])
    table = pd.DataFrame({"a": values, "b": np.concatenate([np.full(60, 1.0), rng.normal(1, 1, 60)])})
    answer = segments(table.assign(respondent=range(120)), method="latent-class", k=2)
    assert any("spread" in warning for warning in answer.warnings)
    assert np.isfinite(answer.figures["log_likelihood"])


def test_few_respondents_warn():
    assert any("Only 20" in warning for warning in segments(blobs(20, 1)[0], k=2).warnings)


def test_conditions_without_an_answer_are_named():
    table, _truth = blobs(40, 1)
    with pytest.raises(TableError, match="respondent"):
        segments(table.drop(columns="respondent"))
    for bad in (table[["respondent"]], table.assign(visits=1, spend=2), table.head(1)):
        with pytest.raises(AnalysisError, match="nothing to sort"):
            segments(bad)
    with pytest.raises(AnalysisError, match="answer differently"):
        segments(table, k=41)
    with pytest.raises(AnalysisError, match="1 or more"):
        segments(table, k=0)
    with pytest.raises(ParameterError, match="kmeans, latent-class"):
        segments(table, method="ward")
    with pytest.raises(ParameterError, match="yes, no"):
        segments(table, standardise="maybe")


def test_the_command_takes_any_columns(tmp_path):
    path = tmp_path / "survey.csv"
    blobs(60, 1)[0].to_csv(path, index=False)
    entry = analysis("segments")
    said = entry.answer(entry.read(path), k=3).as_json()
    assert sum(said["sizes"]) == said["n"] == len(said["rows"]) == 60
    assert set(said) >= {"k", "sizes", "profiles", "inertia", "bic", "stability", "by_k", "rows", "conventions"}
