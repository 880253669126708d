from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError, ParameterError, TableError
from workbook.research.price_ladder import gabor_granger
from workbook.research.price_meter import van_westendorp

LIMITS = ["too_cheap", "cheap", "expensive", "too_expensive"]

# Ten respondents, worked out by hand in the comments below.
TEN = [
    (2, 4, 7, 9),
    (2, 5, 8, 10),
    (3, 5, 7, 9),
    (3, 6, 9, 12),
    (4, 6, 8, 10),
    (4, 7, 10, 13),
    (5, 7, 9, 11),
    (5, 8, 11, 14),
    (6, 9, 12, 15),
    (1, 3, 6, 8),
]


def limits(rows, **more):
    table = pd.DataFrame(rows, columns=LIMITS, dtype=float)
    return table.assign(respondent=range(len(rows)), **more)


def ladder(buyers, asked=100):
    """``asked`` respondents on each price of {price: how many would buy}: the first ones always do."""
    return pd.DataFrame(
        [(i, price, int(i < count)) for price, count in buyers.items() for i in range(asked)],
        columns=["respondent", "price", "would_buy"],
    )


@st.composite
def ordered(draw):
    steps = st.tuples(st.integers(0, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
    return [tuple(np.cumsum(one)) for one in draw(st.lists(steps, min_size=1, max_size=20))]


def test_the_points_match_a_hand_calculation():
    got = van_westendorp(limits(TEN))
    # Share with too_cheap above 4: 3 of 10, with cheap at or below 4: 2 of 10; above 5: 1, at or below 5: 4.
    assert got.figures["pmc"] == 5
    # Share with expensive above 8: 5, too_expensive at or below 8: 1; above 9: 3, at or below 9: 3: equal, so 9; at 10: 2
    # and 5.
    assert got.figures["pme"] == 9
    # Too cheap above 5: 1 of 10, too expensive at or below 5 to 7: none; above 6: none, so the curves are 0 at 6 and 7.
    assert got.figures["opp"] == [6, 7]
    # Cheap above 6: 4, expensive at or below 6: 1; above 7: 2, at or below 7: 3.
    assert got.figures["idp"] == 7
    assert got.figures["range"] == [5, 9]
    assert any("opp do not cross" in warning for warning in got.warnings)


def test_the_narrower_rule_takes_the_other_pairs_of_curves():
    got = van_westendorp(limits(TEN), range="narrower").figures
    # Too cheap above 5: 1, expensive at or below 5: none; at 6: 0 and 1. Cheap above 7: 2, too expensive: none; at 8: 1, 1.
    assert got["pmc"] == 6
    assert got["pme"] == 8
    assert got["range"] == [6, 8]


def test_straight_lines_cross_between_the_answered_prices():
    got = van_westendorp(limits(TEN), interpolate=True).figures
    # Between 4 (0.3 against 0.2) and 5 (0.1 against 0.4) the lines meet after a quarter of the way.
    assert got["pmc"] == pytest.approx(4.25)
    # Between 6 (0.4, 0.1) and 7 (0.2, 0.3).
    assert got["idp"] == pytest.approx(6.75)
    # Equal at 9 itself.
    assert got["pme"] == 9


def test_curves_that_run_together_make_a_pair():
    # Half find 1 too cheap and 2 cheap, half 5 and 9: from 2 to 4 one half stands on either side.
    got = van_westendorp(limits([(1, 2, 3, 4), (5, 9, 10, 11)]))
    assert got.figures["pmc"] == [2, 4]
    assert got.figures["range"][0] == 2
    assert got.as_json()["pmc"] == [2.0, 4.0]


def test_answers_that_do_not_rise_strictly_are_left_out_and_counted():
    got = van_westendorp(limits([*TEN, (5, 5, 6, 7), (9, 7, 4, 2), (1, 2, 3, None), (-1, 2, 3, 4)]))
    assert got.n == 10
    assert sum(got.excluded.values()) == 4
    assert got.excluded["the four prices do not rise strictly"] == 2
    assert got.figures["pmc"] == 5


def test_chances_to_buy_give_reach_and_revenue():
    # One respondent: the chance rises from 0 at 10 to 0.8 at 20, falls to 0.4 at 40 and 0 at 50.
    table = limits([(10, 20, 40, 50)], buy_at_cheap=0.8, buy_at_expensive=0.4)
    got = van_westendorp(table, newton_miller_smith=True)
    assert got.rows["reach"].tolist() == pytest.approx([0, 0.8, 0.4, 0])
    # 20 x 0.8 = 40 x 0.4: the lower of equal ones.
    assert (got.figures["price_max_reach"], got.figures["price_max_revenue"]) == (20, 20)
    two = limits([(10, 20, 40, 50), (10, 30, 40, 50)], buy_at_cheap=[0.8, 0.5], buy_at_expensive=[0.6, 0.5])
    got = van_westendorp(two, newton_miller_smith=True)
    # At 20: (0.8 + 0.25) / 2, at 30: (0.7 + 0.5) / 2, at 40: (0.6 + 0.5) / 2.
    assert got.rows.set_index("price")["reach"].loc[[20, 30, 40]].tolist() == pytest.approx([0.525, 0.6, 0.55])
    assert (got.figures["price_max_reach"], got.figures["price_max_revenue"]) == (30, 40)
    unsaid = van_westendorp(two.assign(buy_at_cheap=[0.8, 7]), newton_miller_smith=True)
    assert "One respondent gives no chances" in unsaid.warnings[-1]
    assert unsaid.n == 2


def test_the_true_crossings_of_the_study_come_back(company, study):
    truth = company.price_limits
    for rule, narrower in (("original", ""), ("narrower", "_narrower")):
        got = van_westendorp(study("prices"), range=rule).figures
        for point in ("pmc", "pme", "opp", "idp"):
            expected = truth.crossings[point + (narrower if point in ("pmc", "pme") else "")]
            # The spread of a median of that many log-normal answers, 3.5 standard errors, and the step of the answers.
            allowed = expected * 3.5 * 1.25 * truth.spread / np.sqrt(truth.respondents) + truth.step
            assert np.mean(got[point]) == pytest.approx(expected, abs=allowed)
            assert got[f"{point}_interval"][0] <= np.max(got[point])
            assert got[f"{point}_interval"][1] >= np.min(got[point])


@settings(max_examples=40, deadline=None)
@given(ordered(), st.booleans(), st.integers(0, 9))
def test_points_ignore_order_and_names_scale_with_money_and_take_weights_as_copies(rows, lines, seed):
    table = limits(rows)
    got = van_westendorp(table, interpolate=lines).figures
    other = table.sample(frac=1, random_state=seed).assign(respondent=lambda t: "r" + t["respondent"].astype(str))
    assert van_westendorp(other, interpolate=lines).figures == got
    thousand = table.assign(**{name: table[name] * 1000 for name in LIMITS})
    copies = limits(rows * 2 + rows[:1])
    weighted = van_westendorp(table.assign(weight=[3] + [2] * (len(rows) - 1)), interpolate=lines).figures
    repeated = van_westendorp(copies, interpolate=lines).figures
    scaled = van_westendorp(thousand, interpolate=lines).figures
    for point in ("pmc", "pme", "opp", "idp", "range"):
        assert np.ravel(scaled[point]) == pytest.approx(np.ravel(got[point]) * 1000)
        assert np.ravel(weighted[point]) == pytest.approx(np.ravel(repeated[point]))
    curves = van_westendorp(table).rows
    for name in ("expensive", "too_expensive"):
        assert all(a <= b for a, b in pairwise(curves[name]))


def test_one_respondent_and_equal_answers_get_an_answer_with_a_warning():
    got = van_westendorp(limits([(1, 2, 3, 4)]))
    assert (got.figures["pmc"], got.figures["pme"], got.figures["opp"]) == (1, 3, [1, 3])
    assert "One respondent only" in got.warnings[0]
    assert van_westendorp(limits([(1, 2, 3, 4)] * 50)).figures["idp"] == 2


def test_tables_of_limits_that_have_no_answer_are_refused():
    with pytest.raises(TableError, match='no column "cheap"'):
        van_westendorp(limits(TEN).drop(columns="cheap"))
    with pytest.raises(TableError, match='no column "buy_at_cheap"'):
        van_westendorp(limits(TEN), newton_miller_smith=True)
    with pytest.raises(AnalysisError, match="do not rise strictly: 2"):
        van_westendorp(limits([(4, 3, 2, 1), (1, 1, 1, 1)]))
    with pytest.raises(AnalysisError, match="chances to buy"):
        van_westendorp(limits(TEN, buy_at_cheap=None, buy_at_expensive=2), newton_miller_smith=True)
    with pytest.raises(ParameterError, match="original, narrower"):
        van_westendorp(limits(TEN), range="wider")


def test_the_best_price_matches_a_hand_calculation():
    got = gabor_granger(ladder({10: 90, 15: 70, 20: 40, 25: 20}))
    assert got.rows["revenue"].tolist() == pytest.approx([9, 10.5, 8, 5])
    assert got.figures["best_price"] == 15
    assert "profit" not in got.rows
    costly = gabor_granger(ladder({10: 90, 15: 70, 20: 40, 25: 20}), unit_cost=12)
    assert costly.rows["profit"].tolist() == pytest.approx([-1.8, 2.1, 3.2, 2.6])
    assert costly.figures["best_price"] == 20
    low, high = costly.figures["best_price_interval"]
    assert low in (15, 20)
    assert high in (20, 25)


def test_shares_that_rise_are_pooled_by_how_many_were_asked():
    # 60 of 100 at 10, 30 of 50 at 12 rise to 40 of 50 at 14: together 70 of 100.
    table = pd.concat([ladder({10: 80}), ladder({12: 30, 14: 40}, asked=50), ladder({20: 10})])
    got = gabor_granger(table).rows
    assert got["observed"].tolist() == pytest.approx([0.8, 0.6, 0.8, 0.1])
    assert got["share"].tolist() == pytest.approx([0.8, 0.7, 0.7, 0.1])
    assert got["n"].tolist() == [100, 50, 50, 100]


def test_the_true_demand_of_the_study_comes_back(company, study):
    truth, got = company.ladder, gabor_granger(study("ladder"))
    for row in got.rows.itertuples():
        share = truth.share(row.price)
        assert abs(row.share - share) < 3.5 * np.sqrt(max(share * (1 - share), 0.01) / truth.respondents)
        assert row.low <= row.share <= row.high
    low, high = got.figures["best_price_interval"]
    assert low <= truth.best_price <= high


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=2, max_size=5), st.integers(0, 9))
def test_demand_never_rises_and_ignores_order_names_and_the_unit_of_money(buyers, seed):
    table = ladder(dict(zip(range(10, 60, 10), [*buyers, 1], strict=False)), asked=10)
    if not table["would_buy"].any():
        return
    got = gabor_granger(table)
    assert all(a >= b - 1e-12 for a, b in pairwise(got.rows["share"]))
    other = table.sample(frac=1, random_state=seed).assign(respondent=lambda t: "r" + t["respondent"].astype(str))
    assert gabor_granger(other).as_json() == got.as_json()
    scaled = gabor_granger(table.assign(price=table["price"] * 100))
    assert scaled.figures["best_price"] == got.figures["best_price"] * 100
    assert scaled.figures["best_price_interval"] == [100 * end for end in got.figures["best_price_interval"]]


def test_what_to_mind_about_a_ladder_is_said():
    assert "highest price asked" in " ".join(gabor_granger(ladder({10: 50, 20: 49})).warnings)
    assert "same share" in " ".join(gabor_granger(ladder({10: 100, 20: 100})).warnings)
    assert "Only one price" in " ".join(gabor_granger(ladder({10: 100})).warnings)
    odd = pd.DataFrame({"respondent": [1, 1], "price": [10, 20], "would_buy": [0, 1]})
    assert "not at a lower one" in " ".join(
        gabor_granger(pd.concat([ladder({10: 50, 20: 20}), odd.assign(respondent="odd")])).warnings
    )


def test_ladders_that_have_no_answer_are_refused():
    with pytest.raises(AnalysisError, match="Nobody would buy at any"):
        gabor_granger(ladder({10: 0, 20: 0}))
    with pytest.raises(AnalysisError, match="above the unit cost of 30"):
        gabor_granger(ladder({10: 50, 20: 10}), unit_cost=30)
    with pytest.raises(AnalysisError, match="Nobody would buy at a price above"):
        gabor_granger(ladder({10: 50, 20: 0}), unit_cost=10)
    with pytest.raises(AnalysisError, match="0 or more"):
        gabor_granger(ladder({10: 50}), unit_cost=-1)
    with pytest.raises(AnalysisError, match="price above 1e\\+15"):
        gabor_granger(ladder({1e308: 50}))
    with pytest.raises(AnalysisError, match="price is not above 0"):
        gabor_granger(ladder({0: 50}))
    with pytest.raises(TableError, match='no column "would_buy"'):
        gabor_granger(ladder({10: 50}).drop(columns="would_buy"))
