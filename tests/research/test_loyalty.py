import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError, ParameterError, TableError
from workbook.research.loyalty import awareness, nps


def scores(values, segment=None):
    table = pd.DataFrame({"respondent": range(len(values)), "score": values})
    return table if segment is None else table.assign(segment=segment)


def test_the_score_is_promoters_less_detractors_with_the_interval_of_their_difference():
    # Reichheld's arithmetic: 50 % promoters less 20 % detractors. Variance of the difference: 0.7 - 0.3^2 = 0.61.
    got = nps(scores([9] * 25 + [10] * 25 + [7] * 15 + [8] * 15 + [0] * 10 + [6] * 10)).figures
    assert got["nps"] == 30
    assert (got["promoters"], got["passives"], got["detractors"]) == (0.5, 0.3, 0.2)
    half = 196 * math.sqrt(0.61 / 100)
    assert got["interval"] == pytest.approx((30 - half, 30 + half), abs=0.01)


def test_the_adjusted_interval_adds_three_answers():
    got = nps(scores([9] * 50 + [7] * 30 + [0] * 20), interval="adjusted-wald").figures
    p, d = 50.75 / 103, 20.75 / 103
    half = 196 * math.sqrt((p + d - (p - d) ** 2) / 103)
    assert got["interval"] == pytest.approx((100 * (p - d) - half, 100 * (p - d) + half), abs=0.01)
    assert got["nps"] == 30


def test_segments_are_scored_one_by_one_and_a_nameless_one_counts_in_the_whole():
    got = nps(scores([10] * 40 + [0] * 10 + [8] * 40 + [10], ["a"] * 50 + ["b"] * 40 + [None]))
    assert got.rows.set_index("segment")["nps"].to_dict() == {"a": 60, "b": 0}
    assert got.n == 91
    assert any("without a segment" in said for said in got.conventions)
    assert nps(scores([10] * 3, [" ", None, ""])).rows is None


def test_all_equal_answers_and_another_scale_are_warned_of():
    got = nps(scores([10] * 40))
    assert got.figures["interval"] == (100, 100)
    assert any("All answers are equal" in warning for warning in got.warnings)
    assert nps(scores([10] * 40), interval="adjusted-wald").figures["interval"][0] < 100
    assert any("1 to 5" in warning for warning in nps(scores([5, 4, 3] * 20)).warnings)
    assert "One respondent only" in nps(scores([9])).warnings[0]


def test_the_true_scores_of_the_study_come_back(company, study):
    got = nps(study("nps"))
    total = sum(figures[0] for figures in company.recommend.segments.values())
    assert got.n == total
    assert got.figures["nps"] == pytest.approx(company.recommend.nps, abs=3.5 * 80 / math.sqrt(total))
    rows = got.rows.set_index("segment")
    for segment, (n, promoters, _passives, detractors) in company.recommend.segments.items():
        deviation = math.sqrt(promoters + detractors - (promoters - detractors) ** 2)
        assert abs(rows.loc[segment, "nps"] / 100 - (promoters - detractors)) < 3.5 * deviation / math.sqrt(n)
        assert rows.loc[segment, "n"] == n


def test_scores_off_the_scale_and_second_answers_are_left_out():
    table = pd.DataFrame({"respondent": [1, 1, 2, 3, 4, 5, None, 6], "score": [9, 0, 11, -1, 7.5, "😀", 9, None]})
    got = nps(table)
    assert got.n == 1
    assert got.figures["nps"] == 100
    assert sum(got.excluded.values()) == 7


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=50), st.integers(0, 9))
def test_the_score_ignores_order_and_stays_in_its_range(values, seed):
    table = scores(values)
    got = nps(table).as_json()
    assert -100 <= got["interval"][0] <= got["nps"] <= got["interval"][1] <= 100
    assert nps(table.sample(frac=1, random_state=seed)).as_json() == got
    twice = nps(scores(values * 2)).as_json()
    assert twice["nps"] == pytest.approx(got["nps"])


def test_awareness_counts_each_respondent_once():
    table = pd.DataFrame(
        {"respondent": range(10), "unprompted": [1] * 3 + [0] * 7, "prompted": [1] + [0] * 2 + [1] * 4 + [0] * 3}
    )
    got = awareness(table).figures
    assert (got["unprompted"], got["prompted"], got["total"]) == (0.3, 0.5, 0.7)
    # Wilson (1927) for 3 of 10 at 95 %: 0.1078 to 0.6032.
    assert got["unprompted_interval"] == pytest.approx((0.1078, 0.6032), abs=5e-5)


def test_the_true_awareness_of_the_study_comes_back(company, study):
    truth, got = company.awareness, awareness(study("awareness"))
    for name, share in (
        ("unprompted", truth.unprompted),
        ("prompted", truth.prompted),
        ("total", truth.unprompted + truth.prompted),
    ):
        assert abs(got.figures[name] - share) < 3.5 * math.sqrt(share * (1 - share) / truth.respondents)


def test_nobody_and_everybody_known_keep_an_interval():
    table = pd.DataFrame({"respondent": range(50), "unprompted": [0] * 50, "prompted": [1] * 50})
    got = awareness(table).figures
    assert got["unprompted_interval"][0] == 0 < got["unprompted_interval"][1]
    assert got["prompted_interval"][0] < 1 == got["prompted_interval"][1]


def test_unusable_tables_are_refused_with_the_reason():
    with pytest.raises(TableError, match='no column "score"'):
        nps(pd.DataFrame({"respondent": [1], "Score": [9]}))
    with pytest.raises(AnalysisError, match="No answer can be counted"):
        nps(scores([11, 12]))
    with pytest.raises(ParameterError, match="wald, adjusted-wald"):
        nps(scores([9]), interval="exact")
    with pytest.raises(AnalysisError, match="alpha"):
        awareness(pd.DataFrame({"respondent": [1], "unprompted": [1], "prompted": [0]}), alpha=1)
    with pytest.raises(AnalysisError, match="neither 0 nor 1"):
        awareness(pd.DataFrame({"respondent": [1], "unprompted": [2], "prompted": [0]}))
