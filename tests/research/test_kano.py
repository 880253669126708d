import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.analyses import analysis
from workbook.errors import AnalysisError, ParameterError, TableError
from workbook.research.kano import kano

# Berger et al. (1993), figure 1: rows with the feature (like, must-be, neutral, live with, dislike), columns without it.
TABLE = """
Q A A A O
R I I I M
R I I I M
R I I I M
R R R R Q
"""


def answers(pairs, feature="tests"):
    return pd.DataFrame(
        [(i, feature, *pair) for i, pair in enumerate(pairs)],
        columns=["respondent", "feature", "functional", "dysfunctional"],
    )


def counted(letters):
    """Answers that give each category as often as it stands in ``letters``."""
    pairs = {"A": (1, 3), "O": (1, 5), "M": (3, 5), "I": (3, 3), "R": (3, 1), "Q": (1, 1)}
    return kano(answers([pairs[letter] for letter in letters])).rows.loc[0]


def test_every_pair_of_answers_falls_where_the_published_table_says():
    for functional, line in enumerate(TABLE.split("\n")[1:6], start=1):
        for dysfunctional, letter in enumerate(line.split(), start=1):
            assert kano(answers([(functional, dysfunctional)])).rows.loc[0, "category"] == letter
    for pair in ((2, 2), (4, 4)):
        assert kano(answers([pair]), evaluation="pouliot").rows.loc[0, "category"] == "Q"


def test_better_and_worse_match_a_hand_calculation():
    got = counted("A" * 4 + "O" * 3 + "M" * 2 + "I" + "R" * 3 + "Q")
    assert [got[letter] for letter in "AOMIRQ"] == [4, 3, 2, 1, 3, 1]
    assert (got["better"], got["worse"]) == (pytest.approx(0.7), pytest.approx(-0.5))
    assert got["better_low"] < 0.7 < got["better_high"]
    assert got["worse_low"] < -0.5 < got["worse_high"]


@pytest.mark.parametrize(
    ("letters", "category"),
    [("MOAI", "M"), ("OAI", "O"), ("AI", "A"), ("IRQ", "I"), ("RQ", "R"), ("MAA", "A"), ("QQI", "Q")],
)
def test_ties_go_by_must_be_one_dimensional_attractive_indifferent(letters, category):
    assert counted(letters)["category"] == category


def test_a_feature_nobody_cares_about_has_no_coefficients_and_says_so():
    got = kano(answers([(1, 1), (2, 1), (5, 5)]))
    row = got.as_json()["rows"][0]
    assert row["better"] is row["worse"] is row["better_interval"] is row["worse_interval"] is None
    assert any("better and worse" in warning for warning in got.warnings)
    assert any("contradict" in warning for warning in got.warnings)


def test_the_true_categories_of_the_studies_come_back(company, study):
    rows = kano(study("kano")).rows.set_index("feature")
    truth, n = company.kano.shares, company.kano.respondents
    assert set(rows.index) == set(truth)
    for feature, shares in truth.items():
        for letter, share in shares.items():
            # 3.5 standard errors of a share.
            assert abs(rows.loc[feature, letter] / n - share) < 3.5 * math.sqrt(max(share * (1 - share), 0.01) / n)
        kept = sum(shares[letter] for letter in "AOMI")
        assert rows.loc[feature, "better"] == pytest.approx((shares["A"] + shares["O"]) / kept, abs=0.15)
        assert rows.loc[feature, "worse"] == pytest.approx(-(shares["O"] + shares["M"]) / kept, abs=0.15)


def test_rows_that_cannot_be_counted_are_left_out_by_reason():
    table = pd.concat(
        [answers([(1, 5)] * 30), answers([(0, 5), (1, None), ("no", 3), (2.5, 3)], "other"), answers([(3, 3)])]
    )
    got = kano(table)
    assert got.n == 30
    assert got.rows["feature"].tolist() == ["tests"]
    assert got.rows.loc[0, "O"] == 30
    assert sum(got.excluded.values()) == 5
    assert len(got.excluded) == 5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=40), st.integers(0, 9))
def test_neither_the_order_of_rows_nor_the_names_of_respondents_matter(pairs, seed):
    table = pd.concat([answers(pairs), answers([*pairs[::-1], (1, 5)], "🚀")])
    other = table.sample(frac=1, random_state=seed).assign(respondent=lambda t: "r" + t["respondent"].astype(str))
    assert kano(table).as_json()["rows"] == kano(other).as_json()["rows"]


def test_what_cannot_be_answered_is_refused_with_the_reason():
    with pytest.raises(TableError, match='no column "functional"'):
        kano(answers([(1, 1)]).drop(columns="functional"))
    with pytest.raises(AnalysisError, match="No answer can be counted"):
        kano(answers([(7, 8)]))
    with pytest.raises(ParameterError, match="must be one of: berger, pouliot"):
        kano(answers([(1, 1)]), evaluation="kano")


def test_the_registry_takes_the_table_of_the_study(company, study):
    assert analysis("kano").answer(study("kano"), evaluation="pouliot").n == company.kano.respondents
