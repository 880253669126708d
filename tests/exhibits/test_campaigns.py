"""Step 9 in exhibits: what is ready, said, offered and dated; and what an empty plan is told."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

NAMES = (
    "asset_inventory",
    "assets_by_campaign",
    "campaign_briefs",
    "campaign_calendar",
    "campaign_matrix",
    "campaigns_by_need",
    "journey_messages",
    "launch_notices",
    "messages_and_advantages",
    "offers_and_floors",
    "personal_messages",
    "work_by_week",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("campaigns"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


@pytest.fixture(scope="module")
def sample(workspace):
    return Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")


def shown(name, data, workspace, segment=""):
    return getattr(exhibits, name)(Case(Plan.model_validate(data), workspace, segment))


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_plan_is_told_what_to_do(name, workspace):
    exhibit = shown(name, {}, workspace)
    assert exhibit.empty
    assert exhibit.finding.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_segment_without_campaigns_of_its_own_never_breaks_an_exhibit(name, sample):
    assert getattr(exhibits, name)(Case(sample.plan, sample.workspace, "mid-market")).finding


def test_the_campaign_that_waits_for_an_asset_first_is_named(sample):
    exhibit = exhibits.asset_inventory(sample)
    assert "3 of 5 assets are ready" in exhibit.finding
    assert "for “Page about adaptive tests”, by 12 April 2027" in exhibit.finding
    assert exhibit.table.iloc[0]["asset"] == "Page about adaptive tests"


def test_what_each_campaign_lacks_is_told(sample):
    exhibit = exhibits.assets_by_campaign(sample)
    assert exhibit.finding.startswith("3 of 3 campaigns still lack something.")
    waits = exhibit.table.set_index("campaign")["waits"]
    assert waits["Show what pays"] == "Story of a beta customer"
    ready = {"assets": {"p": {"state": "ready"}}, "campaigns": {"c": {"name": "Spring", "assets": ["p"]}}}
    assert "Every campaign has what it needs" in shown("assets_by_campaign", ready, sample.workspace).finding


def test_an_unmet_need_with_an_advantage_and_no_campaign_is_named(sample):
    found = exhibits.campaign_matrix(sample)
    assert "say nothing: “Show which campaign brought which revenue”" in found.finding
    by_need = exhibits.campaigns_by_need(sample)
    assert by_need.table.set_index("id").loc["prove-return", "state"] == "free"


def test_stages_at_which_nobody_is_spoken_to_are_named(sample):
    assert "Nobody is spoken to at: Uses and Recommends" in exhibits.journey_messages(sample).finding


def test_all_messages_of_a_campaign_at_a_stage_stand_in_its_cell(workspace):
    data = {
        "stages": {"s": {"name": "Hears"}},
        "campaigns": {"c": {"name": "Spring"}},
        "messages": {id: {"name": id.upper(), "campaign": "c", "stage": "s", "call": "Go"} for id in "ab"},
    }
    assert shown("journey_messages", data, workspace).table.iloc[0]["stage_0"] == "A → Go · B → Go"


def message(**advantage):
    return {
        "needs": {"n": {}},
        "attributes": {"a": {"evidence": {"e": {}}}},
        "advantages": {"v": {"name": "Fast", "attribute": "a", "needs": ["n"]} | advantage},
        "messages": {"m": {"name": "Be quick", "advantage": "v"}},
    }


@pytest.mark.parametrize(
    ("advantage", "says"),
    [
        ({"state": "dropped"}, "“Be quick” cites “Fast”: dropped in step 4"),
        ({"attribute": None}, "“Be quick” cites “Fast”: not proven yet"),
        ({}, "One message stands on an advantage that is claimed and proven."),
    ],
)
def test_a_message_is_held_against_live_and_proven_advantages(advantage, says, workspace):
    assert says in shown("messages_and_advantages", message(**advantage), workspace).finding


def offer(discount):
    return {
        "offers": {"o": {"name": "Tests", "price": 100, "unit_cost": 20, "required_margin": 0.6}},
        "campaigns": {"c": {"name": "Spring", "offer": "o", "discount": discount}},
    }


def test_an_offer_under_its_floor_says_how_much_may_be_given_away(workspace):
    found = shown("offers_and_floors", offer(0.6), workspace)
    assert found.finding == "“Spring” leaves €40 of “Tests”, under its floor of €50: give away no more than 50\u00a0%."
    assert "€10 above it" in shown("offers_and_floors", offer(0.4), workspace).finding


def test_a_brief_holds_what_whoever_makes_it_needs(sample):
    card = next(c for c in exhibits.campaign_briefs(sample).cards if c.title == "Test without waiting")
    facts = dict(card.facts)
    assert "Inbound" in card.subtitle
    assert facts["Challenge"] == ("Test campaign pages without waiting for IT",)
    assert facts["Messages along the journey"][0] == "Hears of it · Your next page test needs no ticket → Get the guide"
    assert any("9,800 people" in line for line in facts["For whom"])
    assert facts["Dates"] == ("19 April 2027 to 31 August 2027",)
    assert facts["We do not say"]


def test_the_briefs_are_offered_as_one_file(sample):
    (file,) = exhibits.campaign_briefs(sample).files
    assert file.name == "adaptive-test-briefs.md"
    assert file.content.count("\n---\n") == len(sample.plan.campaigns) - 1
    assert file.content.startswith("# Launch to enterprise customers\n")


def test_the_calendar_is_offered_as_a_file_that_keeps_the_plans_revision(sample):
    (file,) = exhibits.campaign_calendar(sample).files
    assert (file.name, file.type) == ("adaptive-test.ics", "text/calendar")
    assert f"SEQUENCE:{sample.history[-1].sequence}\r\n" in file.content
    assert exhibits.campaign_calendar(Case(sample.plan, sample.workspace)).files == ()


def test_a_campaign_before_its_release_is_named_on_the_calendar(workspace):
    data = {
        "releases": {"r": {"name": "Version 2", "date": "2027-04-12"}},
        "campaigns": {"c": {"name": "Early", "release": "r", "start": "2027-04-11"}, "d": {"name": "Open"}},
    }
    finding = shown("campaign_calendar", data, workspace).finding
    assert "Begins before its release: Early" in finding
    assert "Without a date: Open" in finding


def test_a_week_with_more_work_than_time_is_named(workspace):
    data = {
        "charter": {"team": {"ann": {"name": "Ann", "hours": 13}}},
        "balance": {"making_weeks": 1},
        "campaigns": {"c": {"start": "2027-03-01", "owner": "ann", "making_hours": 6, "weekly_hours": 1}},
    }
    exhibit = shown("work_by_week", data, workspace)
    assert "One week has more work than time" in exhibit.finding
    assert "Ann's week of 22 February 2027: 6 of 3 hours" in exhibit.finding


def test_notices_show_their_days_before_the_release_and_what_is_unsettled(workspace):
    data = {
        "releases": {"r": {"name": "Version 2", "date": "2027-04-12"}},
        "notices": {
            "a": {"name": "Mail", "release": "r", "audience": "customers", "days_before": 14},
            "b": {"name": "Brief", "release": "r", "audience": "internal", "days_before": 28},
            "c": {"name": "Late", "release": "r", "audience": "partners", "date": "2027-04-13"},
        },
    }
    exhibit = shown("launch_notices", data, workspace)
    assert list(exhibit.table["shown"]) == ["T-28", "T-14", "T+1"]
    assert "After their release: Late" in exhibit.finding
    assert "Consent not settled: Mail" in exhibit.finding
    assert "Nobody tells: Leads" in exhibit.finding


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_fills_every_exhibit(name, sample):
    exhibit = getattr(exhibits, name)(sample)
    assert not exhibit.empty
    assert exhibit.payload
