import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.channels.balance import NEEDS, balance, moves
from workbook.errors import AnalysisError
from workbook.plan.model import Plan

SCORES = st.fixed_dictionaries({}, optional={name: st.integers(0, 5) for name in NEEDS})


def plan(needs=None, months=12, **rest):
    return Plan.model_validate(
        {
            "charter": {"period": {"months": months}},
            "balance": {"needs": needs or {}} | rest,
        }
    )


def test_the_share_is_worked_out_as_by_hand():
    # Upstream 4 + 3 + 4 + 2 + 2.5, downstream 3 + 1 + 2.5: 50 % + 30 % x 9 / 22.
    got = balance(
        plan(
            {"differentiate": 4, "raise_demand": 3, "innovate": 4, "own_category": 2}
            | {"sell_now": 3, "cut_cost": 1, "reduce_stock": 0, "keep_customers": 5}
        )
    )
    assert (got.up, got.down) == (15.5, 6.5)
    assert got.upstream == pytest.approx(0.5 + 0.3 * 9 / 22)


@pytest.mark.parametrize(
    ("months", "runway", "share"), [(18, 6, 0.5), (19, 6, 0.55), (12, 5.9, 0.4), (24, 3, 0.45), (24, None, 0.55)]
)
def test_horizon_and_runway_move_it_past_their_lines_only(months, runway, share):
    assert balance(plan({"keep_customers": 5}, months, runway=runway)).upstream == pytest.approx(share)


def test_nothing_scored_is_half_and_half_and_says_what_is_missing():
    got = balance(Plan())
    assert got.upstream == 0.5
    assert len(got.missing) == 2
    assert got.reasons == ()


def test_all_weight_on_one_side_is_kept_within_the_limits():
    got = balance(plan({"innovate": 5}, 24))
    assert got.upstream == 0.8
    assert got.reasons[-1].words == "Kept at 80\u00a0% at most"
    assert balance(plan({"sell_now": 5}, runway=1)).upstream == 0.2


@given(SCORES, st.integers(1, 120), st.none() | st.floats(0, 600))
def test_reasons_add_up_and_every_move_is_a_move_of_ten_points(needs, months, runway):
    asked = plan(needs, months, runway=runway)
    got = balance(asked)
    assert 0.2 <= got.upstream <= 0.8
    assert got.middle + sum(reason.shift for reason in got.reasons) == pytest.approx(got.upstream)
    assert all(abs(move.upstream - got.upstream) >= 0.1 - 1e-6 for move in moves(asked))


@given(SCORES, st.sampled_from(["differentiate", "raise_demand", "innovate", "own_category"]))
def test_scoring_an_upstream_need_higher_never_takes_from_upstream(needs, name):
    low = balance(plan(needs | {name: 1})).upstream
    assert balance(plan(needs | {name: 4})).upstream >= low - 1e-12


def test_where_no_single_need_is_enough_two_are_named():
    asked = plan(dict.fromkeys(NEEDS, 3), runway=24)
    now = balance(asked).upstream
    assert {move.upstream > now for move in moves(asked)} == {True, False}


def test_a_small_team_or_a_small_budget_makes_a_small_business():
    assert balance(plan(team_size=6)).small == ()
    assert len(balance(plan(team_size=5)).small) == 1
    small = Plan.model_validate({"budget": {"total": 19_999}})
    assert balance(small).small == ("a budget of €19,999, under €20,000",)


def test_the_team_may_change_the_rule_but_not_turn_its_limits_round():
    edited = balance(plan({"innovate": 5}, rule={"middle": 0.4, "swing": 0.2}))
    assert edited.upstream == pytest.approx(0.6)
    with pytest.raises(AnalysisError, match="60\u00a0% at least and 50\u00a0% at most"):
        balance(plan(rule={"least": 0.6, "most": 0.5}))
