"""The course to the goal, made again from actual and plan, and what the months teach about the channels: by hand."""

import pytest

from workbook.errors import AnalysisError
from workbook.execution.course import course, goal_indicator, lessons, measured, relearned
from workbook.execution.kpis import kpi
from workbook.plan.model import Plan


def plan_with(*months, **fields):
    """Return a plan with one indicator: a month is (target, actual) or (target, actual, spend planned, spend as it was)."""
    names = ("target", "actual", "spend_target", "spend_actual")
    readings = {
        f"m{i}": {"month": f"2027-{i:02d}"} | {n: v for n, v in zip(names, month, strict=False) if v is not None}
        for i, month in enumerate(months, start=1)
    }
    indicator = {"name": "Customers", "side": "downstream", "unit": "number", "readings": readings} | fields
    return Plan.model_validate(
        {
            "indicators": {"customers": indicator},
            "channels": {"ads": {"name": "Ads"}, "mail": {"name": "Mail"}},
            "curves": {
                "ads-curve": {
                    "channel": "ads",
                    "estimate": {"spend": 100, "low": 5, "likely": 10, "high": 15},
                    "ceiling": 40,
                },
                "mail-curve": {"channel": "mail", "estimate": {"spend": 50, "likely": 4}},
            },
        }
    )


def test_done_is_set_beside_what_was_due_in_the_same_months():
    run = course(plan_with((10, 12), (10, 9), (20, None), (20, None)))
    assert (run.done, run.due) == (21, 20)
    assert run.deviation == pytest.approx(0.05)
    assert run.again.total == 61, "with two months the plan stands for the rest"
    assert run.spread is None


def test_a_steady_shortfall_is_believed_and_the_rest_falls_in_proportion():
    run = course(plan_with((10, 8), (10, 8), (10, 8), (20, None)))
    assert run.again.rule == "proportion"
    assert run.again.values[-1] == pytest.approx(16)
    # Every month lay just on its forecast, so the band is that of a Poisson count of 16: 1.2816 x 4.
    assert run.band(1) == pytest.approx(5.126, abs=0.001)


def test_the_response_is_read_off_the_money_that_was_spent():
    # Twice the spend should have brought 20 a month; 15 came: three quarters, each month again.
    plan = plan_with(*[(10, 15, 100, 200)] * 3, channels=["ads"])
    (lesson,) = lessons(plan)
    assert lesson.ratio == pytest.approx(0.75)
    assert lesson.applied
    learned = relearned(plan, [lesson])
    ads, mail = learned.curves
    assert (ads.estimate.low, ads.estimate.likely, ads.estimate.high) == (3.75, 7.5, 11.25)
    assert ads.ceiling == 30
    assert mail == plan.curves[1]


def test_what_one_month_shows_is_not_believed():
    plan = plan_with((10, 2, 100, 100), channels=["ads"])
    (lesson,) = lessons(plan)
    assert not lesson.applied
    assert relearned(plan, [lesson]) == plan


def test_a_month_missing_between_two_is_named_and_counts_for_nothing():
    plan = plan_with((10, 9), (10, None), (10, 9))
    run = course(plan)
    assert (run.done, run.due, run.known) == (18, 20, (0, 2))


def test_shares_costs_and_the_upstream_are_no_goal():
    assert goal_indicator(plan_with((0.1, 0.2), unit="share")) is None
    assert goal_indicator(plan_with((10, 9), direction="cost")) is None
    assert goal_indicator(plan_with((10, 9), side="upstream")) is None
    assert course(plan_with((10, None))) is None


def test_nothing_planned_is_said_instead_of_divided():
    assert course(plan_with((0, 3))).deviation is None
    assert lessons(plan_with((10, 3, 0, 50), channels=["ads"])) == []


def test_less_is_better_where_the_indicator_says_so():
    rows = measured(plan_with((100, 120), direction="cost")).rows
    assert rows.iloc[0]["status"] == "behind"
    assert measured(Plan()) is None


def test_two_readings_of_one_month_are_refused_by_name():
    plan = plan_with((10, 9), (10, 9))
    data = plan.model_dump(mode="json")
    data["indicators"][0]["readings"][1]["month"] = "2027-01"
    with pytest.raises(AnalysisError, match="“Customers” has two readings of January 2027"):
        course(Plan.model_validate(data))


def test_a_share_beside_a_percentage_is_asked_about():
    import pandas as pd

    rows = [("Awareness", "2027-01", 0.45, 46.1), ("Awareness", "2027-02", 0.45, 0.46)]
    answer = kpi(pd.DataFrame(rows, columns=["kpi", "period", "target", "actual"]))
    assert "Awareness, 2027-01" in answer.warnings[0]
    assert "as fractions" in answer.warnings[0]
    assert not kpi(pd.DataFrame([("Leads", "1", 1, 30)], columns=["kpi", "period", "target", "actual"])).warnings[1:]
