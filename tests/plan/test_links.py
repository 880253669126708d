"""What stands on what, at any depth."""

import pytest

from workbook.plan.links import Links, node_of
from workbook.plan.model import Plan, tree
from workbook.plan.staleness import all_confirmed, stale_in

PLAN = Plan.model_validate(
    {
        "segments": {"s": {}, "alone": {}},
        "needs": {"n": {"segment": "s"}, "m": {}},
        "attributes": {"t": {}},
        "advantages": {"v": {"attribute": "t", "needs": ["n"]}},
        "positioning": {"segment": "s", "advantages": ["v"]},
        "releases": {"r1": {"depends_on": ["r2"]}, "r2": {"depends_on": ["r3"]}, "r3": {"depends_on": ["r1"]}},
    }
)


def test_what_stands_on_an_item_is_found_at_every_depth_nearest_first():
    links = Links(PLAN)
    assert [(link.downstream, link.depth) for link in links.what_stands_on("s")] == [
        ("n", 1),
        ("positioning", 1),
        ("v", 2),
    ]
    assert [link.downstream for link in links.what_stands_on("s", depth=1)] == ["n", "positioning"]


def test_what_an_item_stands_on_is_found_at_every_depth():
    links = Links(PLAN)
    assert {(link.upstream, link.depth) for link in links.stands_on("positioning")} == {
        ("s", 1),
        ("v", 1),
        ("t", 2),
        ("n", 2),
    }


def test_circles_are_named_once():
    assert Links(PLAN).cycles() == [("r1", "r2", "r3")]


def test_items_that_could_stand_on_others_but_do_not_are_orphans():
    orphans = Links(PLAN).orphans()
    assert "m" in orphans
    assert "n" not in orphans


def test_coverage_is_the_share_of_items_something_stands_on():
    assert Links(PLAN).coverage("needs", "advantages") == pytest.approx(0.5)
    assert Links(Plan()).coverage("needs", "advantages") is None
    assert Links(PLAN).unused("segments") == ["alone"]


@pytest.mark.parametrize(
    ("path", "node"),
    [
        ("/needs/n/segment", "n"),
        ("/positioning/segment", "positioning"),
        ("/budget", "budget"),
        ("/segments/s/evidence/e/n", "s"),
    ],
)
def test_a_field_belongs_to_its_item_or_its_section(path, node):
    assert node_of(path) == node


def test_a_month_that_comes_in_does_not_make_the_agreement_stale_that_reads_it():
    data = {
        "handover": {"counted_by": "leads", "revenue_goal": 10},
        "decisions": {"d": {"indicators": ["leads"]}},
        "indicators": {"leads": {"name": "Leads"}},
    }
    before = all_confirmed(Plan.model_validate(data), by="Ada")
    counted = {"leads": {"name": "Leads", "readings": {"m": {"month": "2027-01", "actual": 9}}}}
    after = Plan.model_validate(tree(before) | {"indicators": counted})
    assert "handover" not in after.confirmed
    assert {one.node for one in stale_in(after)} == {"d"}
