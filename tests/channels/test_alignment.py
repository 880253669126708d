from workbook.channels.alignment import alignment
from workbook.plan.model import Plan

PLAN = {
    "segments": {
        "bakers": {"targeting": "target", "contract_value": 1000, "margin": 0.5, "churn": 0.1},
        "cafes": {"targeting": "target"},
    },
    "advantages": {"quick": {"name": "Quick"}, "old": {"name": "Old", "state": "dropped"}},
    "releases": {"spring": {"date": "2027-04-01"}},
    "channels": {"post": {}, "talks": {}},
    "campaigns": {
        "launch": {"segment": "bakers", "channels": ["post"], "release": "spring", "start": "2027-04-01", "budget": 30},
        "early": {"segment": "cafes", "channels": ["talks"], "release": "spring", "start": "2027-03-01", "budget": 10},
    },
    "messages": {
        "one": {"campaign": "launch", "advantage": "quick"},
        "two": {"campaign": "early", "advantage": "old"},
    },
    "notices": {"mail": {"release": "spring", "days_before": 14, "date": "2027-03-18"}},
    "indicators": {
        "orders": {"side": "downstream", "channels": ["post", "talks"]},
        "known": {"side": "upstream", "campaigns": ["launch"]},
    },
}


def shares(plan):
    return {one.trouble: one.share for one in alignment(Plan.model_validate(plan))}


def test_each_share_counts_what_is_in_order_and_names_the_rest():
    got = {one.trouble: one for one in alignment(Plan.model_validate(PLAN))}
    assert (got["message"].share, got["message"].out) == (0.5, ("early",))
    # Two campaigns and two channels; the launch is judged on both sides: upstream itself, downstream by its channel.
    assert (got["objectives"].share, got["objectives"].out) == (0.25, ("early", "post", "talks"))
    assert (got["budget"].share, got["budget"].counted) == (0.75, 40)
    assert (got["timing"].share, got["timing"].out) == (0.5, ("early",))


def test_nothing_to_count_is_none_yet_and_not_a_hundred_per_cent():
    assert set(shares({}).values()) == {None}
    unpaid = PLAN | {"campaigns": {"launch": {"segment": "bakers"}}}
    assert shares(unpaid)["budget"] is None
    assert shares(unpaid)["timing"] is None


def test_a_notice_that_goes_out_late_or_not_at_all_breaks_the_timing():
    late = PLAN | {"notices": {"mail": {"release": "spring", "days_before": 14, "date": "2027-03-25"}}}
    assert shares(late)["timing"] == 0
    assert shares(PLAN | {"notices": {}})["timing"] == 0
