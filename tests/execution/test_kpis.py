"""Indicators: variances that add up, states that follow from them, and figures nobody can divide."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import AnalysisError
from workbook.execution.kpis import (
    cost_of_acquisition,
    kpi,
    payback_months,
    pipeline_velocity,
    return_on_ad_spend,
    return_on_investment,
)

COLUMNS = ["kpi", "period", "target", "actual", "spend_target", "spend_actual"]


def read(*rows, **options):
    return kpi(pd.DataFrame(rows, columns=COLUMNS[: len(rows[0])]), **options)


def test_ten_percent_more_spend_that_brings_less_than_planned():
    # Planned 100 for 1,000; spent 1,200, which at the plan's response would bring 120; 108 came.
    row = read(("leads", "2027-01", 100, 108, 1000, 1200)).rows.iloc[0]
    assert (row["variance"], row["variance_spend"], row["variance_response"]) == (8, 20, -12)
    assert row["status"] == "ahead"


money = st.floats(1, 1e6)


@given(money, st.floats(0, 1e6), money, st.floats(0, 1e6))
def test_the_two_parts_make_the_whole(target, actual, planned, spent):
    row = read(("k", "1", target, actual, planned, spent)).rows.iloc[0]
    assert row["variance_spend"] + row["variance_response"] == pytest.approx(row["variance"], rel=1e-6, abs=1e-3)


@pytest.mark.parametrize(
    ("actual", "lower", "status"),
    [
        (101, (), "ahead"),
        (100, (), "on course"),
        (90, (), "on course"),
        (89, (), "behind"),
        (None, (), "no actual"),
        (99, ("cac",), "ahead"),
        (110, ("cac",), "on course"),
        (111, ("cac",), "behind"),
    ],
)
def test_the_status_follows_from_target_and_direction(actual, lower, status):
    assert read(("cac", "1", 100, actual), lower=lower).rows.iloc[0]["status"] == status


def test_what_cannot_be_used_is_left_out_by_reason_and_a_missing_month_is_named():
    got = read(
        ("a", "1", 1, 1), ("", "1", 1, 1), ("a", "1", 2, 2), ("a", "3", 1, 1), ("b", "2", 1, 1), ("a", "4", None, 1)
    )
    assert got.n == 3
    assert set(got.excluded.values()) == {1}
    assert "the first 2" in got.warnings[0] or "missing, 2" in got.warnings[0]


def test_without_planned_spend_nothing_is_split_and_it_says_so():
    got = read(("a", "1", 10, 12, 0, 50))
    assert got.as_json()["rows"][0]["variance_spend"] is None
    assert "cannot be split" in got.warnings[0]


def test_a_table_with_no_target_is_refused():
    with pytest.raises(AnalysisError):
        read(("a", "1", None, 1))


def test_the_figures_of_the_field_by_hand():
    assert cost_of_acquisition(10_000, 40) == 250
    assert payback_months(250, 50, 0.5) == 10
    assert return_on_ad_spend(30_000, 10_000) == 3
    assert return_on_investment(15_000, 10_000) == 0.5
    assert pipeline_velocity(40, 0.25, 6_000, 60) == 1000


@pytest.mark.parametrize(
    "divide",
    [
        lambda: cost_of_acquisition(1, 0),
        lambda: payback_months(1, 1, 0),
        lambda: return_on_ad_spend(1, 0),
        lambda: return_on_investment(1, 0),
        lambda: pipeline_velocity(1, 1, 1, 0),
    ],
)
def test_nothing_is_divided_by_nothing(divide):
    with pytest.raises(AnalysisError, match="What to divide by is missing"):
        divide()
