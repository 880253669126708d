"""Cells of segment x challenge x advantage, dated things, work by week: by hand, on invented plans."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.execution.campaigns import cells, dates, discounted, load, unserved, wanting
from workbook.plan.model import Plan


def plan(**data):
    return Plan.model_validate(data)


def campaign(**values):
    return {"campaigns": {"c": {"name": "Launch", "start": "2027-03-01", "end": "2027-03-28", "owner": "ann"} | values}}


MATRIX = {
    "segments": {"shops": {"targeting": "target"}, "towns": {"targeting": "excluded"}},
    "needs": {
        "wait": {"segment": "shops"},
        "prove": {"segment": "shops"},
        "both": {},
        "far": {"segment": "towns"},
    },
    "advantages": {
        "fast": {"needs": ["wait", "both", "far"]},
        "gone": {"needs": ["prove"], "state": "dropped"},
    },
}


def states(found):
    return {(row.segment, row.need, row.advantage): (row.state, row.campaigns) for row in found.itertuples()}


def test_a_cell_is_covered_free_or_unanswered():
    data = MATRIX | campaign(segment="shops", challenge="wait", advantage="fast")
    assert states(cells(plan(**data))) == {
        ("shops", "wait", "fast"): ("covered", ("c",)),
        ("shops", "prove", ""): ("unanswered", ()),
        ("shops", "both", "fast"): ("free", ()),
    }


def test_what_a_campaign_names_stands_in_the_matrix_even_where_upstream_does_not_support_it():
    data = MATRIX | campaign(segment="shops", challenge="prove", advantage="gone")
    assert states(cells(plan(**data)))["shops", "prove", "gone"] == ("covered", ("c",))


def test_the_asset_needed_first_stands_in_front_and_ready_ones_are_left_out():
    data = {
        "assets": {"page": {"state": "make"}, "film": {"state": "ready"}, "mail": {"state": "update"}},
        "campaigns": {
            "late": {"start": "2027-05-01", "assets": ["page", "film"]},
            "open": {"assets": ["mail"]},
            "soon": {"start": "2027-04-01", "assets": ["mail"]},
        },
    }
    got = wanting(plan(**data))
    assert [(one.campaign, one.asset, one.by) for one in got] == [
        ("soon", "mail", date(2027, 4, 1)),
        ("late", "page", date(2027, 5, 1)),
        ("open", "mail", None),
    ]


def test_a_stage_with_a_message_and_no_asset_that_serves_it_is_found():
    data = {
        "stages": {"hear": {}, "try": {}, "use": {}},
        "assets": {"page": {"stages": ["hear"]}},
        "campaigns": {"c": {"assets": ["page"]}, "d": {}},
        "messages": {
            "a": {"campaign": "c", "stage": "hear"},
            "b": {"campaign": "c", "stage": "try"},
            "e": {"campaign": "d", "stage": "use"},
        },
    }
    assert unserved(plan(**data)) == [("c", "try"), ("d", "use")]


@pytest.mark.parametrize(("discount", "under"), [(0.5, False), (0.51, True), (None, False)])
def test_what_is_left_of_a_price_is_held_against_its_floor(discount, under):
    offer = {"o": {"price": 100, "unit_cost": 20, "required_margin": 0.6}}  # the floor is 20 / 0.4 = 50
    (got,) = discounted(plan(offers=offer, **campaign(offer="o", discount=discount)))
    assert got.floor == pytest.approx(50)
    assert got.left == pytest.approx(100 * (1 - (discount or 0)))
    assert got.under is under


def test_a_campaign_is_made_before_it_runs_and_notices_count_back_from_the_release():
    data = campaign() | {
        "balance": {"making_weeks": 2},
        "releases": {
            "r": {"name": "Version 2", "date": "2027-03-01"},
            "s": {"date": "2027-04-01", "status": "stopped"},
        },
        "notices": {"n": {"release": "r", "days_before": 14}, "undated": {"release": "r"}},
        "creatives": {"v": {"campaign": "c", "due": "2027-02-22"}},
    }
    got = {(one.kind, one.id): (one.start, one.end) for one in dates(plan(**data))}
    assert got == {
        ("making", "c"): (date(2027, 2, 15), date(2027, 2, 28)),
        ("notice", "n"): (date(2027, 2, 15), date(2027, 2, 15)),
        ("creative", "v"): (date(2027, 2, 22), date(2027, 2, 22)),
        ("campaign", "c"): (date(2027, 3, 1), date(2027, 3, 28)),
        ("release", "r"): (date(2027, 3, 1), date(2027, 3, 1)),
    }


def test_the_work_of_each_week_is_that_of_its_owner():
    data = campaign(making_hours=30, weekly_hours=4, end="2027-03-10") | {
        "balance": {"making_weeks": 3},
        "charter": {"team": {"ann": {"hours": 52}}},
    }
    got = load(plan(**data)).set_index("week")
    assert list(got.loc[[date(2027, 2, 8), date(2027, 2, 15), date(2027, 2, 22)], "hours"]) == [10, 10, 10]
    # The second week of the run has three of its five working days.
    assert list(got.loc[[date(2027, 3, 1), date(2027, 3, 8)], "hours"]) == pytest.approx([4, 2.4])
    assert got["capacity"].unique() == pytest.approx([12])
    assert set(got["owner"]) == {"ann"}


@given(
    start=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    weeks=st.floats(0.2, 20),
    hours=st.floats(0, 1000),
)
def test_making_takes_its_hours_however_the_weeks_fall(start, weeks, hours):
    data = campaign(start=start, end=None, making_hours=hours) | {"balance": {"making_weeks": weeks}}
    worked = [d for one in dates(plan(**data)) if one.kind == "making" for d in _days(one)]
    total = load(plan(**data))["hours"].sum()
    assert total == pytest.approx(hours if any(day.weekday() < 5 for day in worked) else 0)


def _days(one):
    return [one.start + timedelta(days=n) for n in range((one.end - one.start).days + 1)]


def test_a_campaign_that_ends_before_it_begins_is_a_day_long_until_somebody_mends_it():
    (run,) = [one for one in dates(plan(**campaign(end="2027-02-01"))) if one.kind == "campaign"]
    assert run.start == run.end == date(2027, 3, 1)


def test_a_plan_without_dates_has_no_work():
    assert load(plan(campaigns={"c": {}})).empty
    assert dates(plan()) == []
