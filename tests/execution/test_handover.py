"""The agreement between marketing and sales: by hand, from a plan, and where no quota follows."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.analyses import analysis
from workbook.errors import AnalysisError
from workbook.execution.handover import follow_up, month_shares, quotas, sla
from workbook.plan.files import read_plan
from workbook.plan.model import Plan
from workbook.shipped import shipped


def test_five_thousand_at_a_hundred_a_deal_is_fifty_customers_of_a_hundred_leads():
    got = sla(revenue_goal=5000, marketing_share=1, deal_size=100, close_rate=0.5)
    assert (got.figures["customers"], got.figures["leads"], got.figures["lead_value"]) == (50, 100, 50)
    assert got.figures["capacity_leads"] is None
    assert got.rows["cumulative"].iloc[-1] == pytest.approx(100)


def test_two_people_with_ten_hours_reach_twelve_leads():
    got = sla(revenue_goal=5000, deal_size=100, close_rate=0.5, reps=2, hours=10, attempts=5, minutes=20)
    assert got.figures["capacity_leads"] == 12
    assert not got.warnings  # 100 leads a year are 8.3 a month
    short = sla(revenue_goal=50_000, deal_size=100, close_rate=0.5, reps=2, hours=10)
    assert "12 leads a month" in short.warnings[0]


@given(st.floats(1, 1e9), st.floats(0.01, 1), st.floats(1, 1e5), st.floats(0.001, 1), st.integers(1, 36))
def test_months_add_up_and_money_scales(goal, share, deal, close, months):
    got = sla(revenue_goal=goal, marketing_share=share, deal_size=deal, close_rate=close, months=months)
    again = sla(revenue_goal=goal * 100, marketing_share=share, deal_size=deal * 100, close_rate=close, months=months)
    assert got.rows["leads"].sum() == pytest.approx(got.figures["leads"])
    assert got.rows["customers"].sum() == pytest.approx(got.figures["customers"])
    assert again.figures["leads"] == pytest.approx(got.figures["leads"])


def test_a_plan_gives_what_the_options_leave_out():
    _id, plan = read_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    agreed = plan.handover
    goal = agreed.revenue_goal or plan.charter.revenue_target
    got = analysis("sla").answer(plan=plan, close_rate=0.1).figures
    assert got["leads"] == pytest.approx(goal * agreed.marketing_share / agreed.deal_size / 0.1)
    assert got["capacity_leads"] == pytest.approx(agreed.reps * agreed.hours * 60 / (agreed.attempts * agreed.minutes))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"deal_size": 100, "close_rate": 0.5}, "revenue-goal"),
        ({"revenue_goal": 1, "deal_size": 0, "close_rate": 0.5}, "deal size"),
        ({"revenue_goal": 1, "deal_size": 1, "close_rate": 0}, "close rate"),
        ({"revenue_goal": 1, "deal_size": 1, "close_rate": 50}, "more than 100"),
        ({"revenue_goal": 1, "deal_size": 1, "close_rate": 0.5, "marketing_share": 80}, "more than 100"),
        ({"revenue_goal": 1, "deal_size": 1, "close_rate": 0.5, "reps": 1, "hours": 1, "minutes": 0}, "no time"),
    ],
)
def test_where_no_quota_follows_the_reason_is_named(options, says):
    with pytest.raises(AnalysisError, match=says):
        sla(**options)


def test_late_unanswered_and_given_up_leads_are_counted_by_source():
    leads = pd.DataFrame(
        [
            ("1", "web", 2.0, 5, "new"),
            ("2", "web", 24.0, 1, "won"),
            ("3", "web", 24.5, 5, "new"),
            ("4", "fair", None, 0, "new"),
            ("5", "fair", 10.0, 2, "new"),
        ],
        columns=["lead", "source", "first_response", "attempts", "stage"],
    )
    got = follow_up(leads, system_delay=1)
    assert (got.figures["breaches"], got.figures["in_time"]) == (2, 0.6)
    assert got.figures["median_hours"] == pytest.approx(17)
    assert got.figures["people_median_hours"] == pytest.approx(16)
    rows = got.rows.set_index("source")
    assert list(rows.loc["web", ["late", "never", "few_attempts"]]) == [1, 0, 0]
    assert list(rows.loc["fair", ["late", "never", "few_attempts"]]) == [0, 1, 1]
    assert got.warnings


def test_the_synthetic_leads_are_answered_as_they_were_made_to_be():
    from data.studies.adaptive_test import ADAPTIVE_TEST

    leads = pd.read_csv(shipped("data") / "samples" / "tables" / "adaptive-test-leads.csv")
    got = follow_up(leads).figures
    assert got["in_time"] / got["answered"] == pytest.approx(ADAPTIVE_TEST.arrivals.answered_in_time, abs=0.04)
    assert got["median_hours"] == pytest.approx(ADAPTIVE_TEST.arrivals.median_hours, rel=0.12)


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (["30 min", "2"], "first_response: “30 min” is no number. Write hours"),
        (["-1", "2"], "under 0"),
    ],
)
def test_times_in_mixed_units_are_refused_instead_of_passing_for_no_answer(times, says):
    leads = pd.DataFrame({"lead": ["1", "2"], "source": "web", "first_response": times, "attempts": [1, 1]})
    with pytest.raises(AnalysisError, match=says):
        follow_up(leads)


def test_a_table_without_times_or_leads_says_what_to_bring():
    with pytest.raises(AnalysisError, match="no column first_response"):
        follow_up(pd.DataFrame({"lead": ["1"], "source": ["web"], "attempts": [1]}))
    with pytest.raises(AnalysisError, match="no leads"):
        follow_up(pd.DataFrame({"lead": [], "source": [], "first_response": [], "attempts": []}))


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 1000)), min_size=1, max_size=40), st.floats(0, 50), st.floats(0.1, 48)
)
def test_every_lead_is_in_time_late_or_never_and_people_are_never_slower_than_all(hours, delay, within):
    leads = pd.DataFrame({"lead": range(len(hours)), "source": "web", "first_response": hours, "attempts": 5})
    figures = follow_up(leads, within_hours=within, system_delay=delay).figures
    assert figures["in_time"] * len(hours) + figures["breaches"] == pytest.approx(len(hours))
    if figures["median_hours"] is not None:
        assert 0 <= figures["people_median_hours"] <= figures["median_hours"]
        assert figures["late_by_system"] <= figures["breaches"]


def seasonal(**period):
    figures = {"revenue_goal": 12_000, "deal_size": 100, "close_rate": 0.1, "spread": "season"}
    return Plan.model_validate({"charter": {"period": {"start": "2027-11", "months": 3} | period}, "handover": figures})


def days_of(counts):
    return pd.Series([pd.Timestamp(2026, month, 10) for month, count in enumerate(counts, 1) for _ in range(count)])


def test_by_season_each_month_has_the_share_of_the_leads_that_came_in_it():
    came = days_of([10, *[5] * 9, 10, 20])
    # November, December, January of the plan: 10, 20 and 10 came in theirs.
    assert month_shares(seasonal(), came) == pytest.approx([0.25, 0.5, 0.25])
    assert quotas(seasonal(), month_shares(seasonal(), came))["leads"].tolist() == pytest.approx([300, 600, 300])


def test_a_piece_of_a_month_at_the_edge_of_the_table_is_left_out():
    came = pd.concat([days_of([10, *[5] * 9, 10, 20]), pd.Series([pd.Timestamp(2025, 12, 31)])])
    assert month_shares(seasonal(), came) == pytest.approx([0.25, 0.5, 0.25])


@pytest.mark.parametrize("came", [None, pd.Series([], dtype="datetime64[ns]"), days_of([5] * 11)])
def test_without_a_whole_year_of_days_the_quota_is_even(came):
    assert month_shares(seasonal(), came) == pytest.approx([1 / 3] * 3)


@given(st.lists(st.integers(10, 40), min_size=12, max_size=12), st.integers(1, 30))
def test_the_shares_of_the_months_make_a_whole_however_long_the_period(counts, months):
    shares = month_shares(seasonal(months=months), days_of(counts))
    assert len(shares) == months
    assert shares.sum() == pytest.approx(1)
    assert (shares > 0).all()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"reps": 0, "hours": 10}, "no sales people"),
        ({"reps": 2}, "--hours"),
        ({"hours": 2}, "--reps"),
        ({"marketing_share": 0}, "0 %"),
        ({"reps": 1, "hours": 1}, "0.6 leads a month"),
    ],
)
def test_what_leaves_no_capacity_or_no_lead_is_said_with_the_way_out(given, says):
    warned = sla(**({"revenue_goal": 5000, "deal_size": 100, "close_rate": 0.5} | given)).warnings
    assert any(says in one for one in warned)
