"""Step 10 in exhibits: quotas, worth, capacity, pace, steps, follow-up, and the agreement to sign."""

import pandas as pd
import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.language import speaking
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

NAMES = (
    "follow_up_breaches",
    "goal_and_split",
    "lead_quotas",
    "lead_values_by_source",
    "lead_waterfall",
    "pacing_line",
    "quotas_by_region",
    "response_times",
    "sales_capacity",
    "service_agreement",
)

# Revenue 12,000 at 100 a deal are 120 customers; at 10 % 1,200 leads, 100 in each of 12 months.
AGREED = {
    "charter": {"period": {"start": "2027-01", "months": 12}},
    "handover": {"revenue_goal": 12_000, "marketing_share": 1, "deal_size": 100, "close_rate": 0.1},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("handover"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


@pytest.fixture(scope="module")
def sample(workspace):
    return Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")


def shown(name, workspace, data=None, **handover):
    data = AGREED | (data or {}) | {"handover": AGREED["handover"] | handover}
    return getattr(exhibits, name)(Case(Plan.model_validate(data), workspace))


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_plan_is_told_what_to_do(name, workspace):
    exhibit = getattr(exhibits, name)(Case(Plan(), workspace))
    assert exhibit.empty
    assert exhibit.finding.endswith(".")


def test_what_no_quota_follows_without_is_named_in_one_sentence(workspace):
    finding = shown("lead_quotas", workspace, deal_size=None, close_rate=0).finding
    assert finding == "Enter the deal size and the close rate, and the leads that marketing owes follow from it."


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_fills_every_exhibit(name, sample):
    exhibit = getattr(exhibits, name)(sample)
    assert not exhibit.empty
    assert exhibit.payload


def test_quotas_add_up_over_months_and_sources(workspace):
    sources = {"web": {"name": "Web", "share": 0.75, "close_rate": 0.08}, "fair": {"name": "Fair", "share": 0.25}}
    exhibit = shown("lead_quotas", workspace, {"sources": sources})
    assert "1,200 leads in the period, 100 a month: 120 customers" in exhibit.finding
    assert list(exhibit.table["shown"])[:2] == ["January 2027", "February 2027"]
    assert exhibit.table[["of_web", "of_fair"]].iloc[0].tolist() == [75, 25]
    assert exhibit.table["customers"].iloc[0] == pytest.approx(75 * 0.08 + 25 * 0.1)


def test_shares_that_make_no_whole_are_scaled_and_it_is_said(workspace):
    exhibit = shown("lead_quotas", workspace, {"sources": {"a": {"share": 0.5}, "b": {"share": 0.3}}})
    assert exhibit.table["leads"].iloc[0] == pytest.approx(100)
    assert "make 80\u00a0% together" in exhibit.method


def test_a_name_of_a_source_that_is_that_of_a_column_does_no_harm(workspace):
    exhibit = shown("lead_quotas", workspace, {"sources": {"leads": {"share": 0.5}, "month": {"share": 0.5}}})
    assert exhibit.table["customers"].sum() == pytest.approx(120)


def test_a_lead_is_worth_its_close_rate_times_what_a_customer_brings(workspace):
    sources = {
        "web": {"name": "Web", "share": 0.5, "close_rate": 0.1},
        "fair": {"name": "Fair", "share": 0.5, "close_rate": 0.2, "revenue": 300},
        "new": {"name": "New"},
    }
    exhibit = shown("lead_values_by_source", workspace, {"sources": sources})
    assert exhibit.table.set_index("name")["value"].to_dict() == {"Fair": 60, "Web": 10}
    assert exhibit.finding.startswith("A lead is worth €35 on average.")


def test_regions_come_from_the_sources_where_there_is_no_table(workspace):
    sources = {"a": {"share": 0.6, "region": "North"}, "b": {"share": 0.4, "region": "South"}}
    exhibit = shown("quotas_by_region", workspace, {"sources": sources})
    assert exhibit.finding == "Most leads are due in North: 60 of 100 a month, 60\u00a0%."


def test_regions_of_the_table_add_up_to_the_quota(sample):
    exhibit = exhibits.quotas_by_region(sample)
    assert exhibit.table["period"].sum() == pytest.approx(700_000 / 24_000 / 0.025)
    assert exhibit.n == 1497


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"reps": 2, "hours": 100}, "Sales can follow up 120 leads a month; 100 are due, 83\u00a0% of it."),
        ({"reps": 1, "hours": 50}, "70 would wait for nobody. It would take 167 hours a month"),
        ({"reps": 0, "hours": 50}, "Sales can follow up 0 leads a month, and 100 are due"),
    ],
)
def test_capacity_is_set_beside_what_is_due(values, says, workspace):
    assert says in shown("sales_capacity", workspace, **values).finding


def counted(*actuals):
    readings = {f"m{n}": {"month": f"2027-{n:02}", "actual": actual} for n, actual in enumerate(actuals, 1)}
    return {"indicators": {"i": {"name": "Leads", "readings": readings}}}


@pytest.mark.parametrize(
    ("actuals", "says"),
    [
        ((120, 90), "210 leads had come by the end of February 2027, 200 were due: on course."),
        ((80, 60), "140 leads had come by the end of February 2027, 200 were due. From now on 106 a month are needed."),
        ((80, None, 90), "Not counted yet: February 2027."),
    ],
)
def test_the_pace_is_that_of_the_indicator_that_counts(actuals, says, workspace):
    assert says in shown("pacing_line", workspace, counted(*actuals), counted_by="i").finding


def test_the_line_still_needed_ends_at_the_quota(workspace):
    table = shown("pacing_line", workspace, counted(80, 60), counted_by="i").table
    assert table["needed"].iloc[-1] == table["due"].iloc[-1] == pytest.approx(1200)
    assert table["came"].iloc[:2].tolist() == [80, 140]


def test_a_year_that_is_over_needs_no_pace(workspace):
    finding = shown("pacing_line", workspace, counted(*[99] * 12), counted_by="i").finding
    assert "1,188 leads had come by the end of December 2027, 1,200 were due." in finding


def test_leads_lose_the_shares_of_each_step(workspace):
    funnel = {"qualified": 0.5, "accepted": 0.8, "opportunity": 0.5, "won": 0.5}
    exhibit = shown("lead_waterfall", workspace, funnel=funnel)
    assert exhibit.table["count"].tolist() == [1200, 600, 480, 240, 120]
    assert exhibit.table["lost"].tolist() == [0, 600, 120, 240, 120]
    assert "Enter the steps between" in shown("lead_waterfall", workspace).finding


def test_what_the_goal_asks_stands_beside_what_the_split_brings(sample):
    exhibit = exhibits.goal_and_split(sample)
    asked, brings, gap = exhibit.table["customers"]
    assert asked == pytest.approx(700_000 / 24_000)
    assert gap == pytest.approx(brings - asked)
    # More customers than the goal asks for, but of smaller contracts: by revenue the split falls short.
    revenue = exhibit.table["revenue"]
    assert revenue[0] == pytest.approx(700_000)
    assert brings * 6_500 < revenue[1] < brings * 24_000
    assert exhibit.finding.startswith("The goal asks marketing for €700,000, but the split can bring only €63")


def test_follow_up_is_held_against_what_was_agreed_and_the_systems_time_told_apart(sample):
    breaches, times = exhibits.follow_up_breaches(sample), exhibits.response_times(sample)
    assert breaches.table["late"].sum() + breaches.table["never"].sum() == 419
    assert set(breaches.table["name"]) == {source.label for source in sample.plan.sources}
    assert times.table["system"].tolist() == pytest.approx([2.0] * len(times.table))
    assert "Of the median 2.0 hours are the system's and 6.6 people's." in times.finding


def test_each_lead_may_say_itself_when_people_could_see_it():
    from workbook.execution.handover import follow_up

    leads = pd.DataFrame(
        {
            "lead": ["1", "2"],
            "source": ["a", "a"],
            "first_response": [30.0, 10.0],
            "attempts": [5, 5],
            "visible": [20, 0],
        }
    )
    figures = follow_up(leads, system_delay=99).figures
    assert figures["people_median_hours"] == 10
    assert figures["late_by_system"] == 1


def test_the_agreement_holds_both_sides_promises_and_room_to_sign(sample):
    with speaking("it"):
        italian = exhibits.service_agreement(sample)
    english = exhibits.service_agreement(sample)
    common, marketing, sales = english.cards
    assert marketing.facts[0][1][0] == "97 leads a month, 1,167 in the period"
    assert "A first answer within 24 hours" in sales.facts[0][1]
    assert all(set(facts[-1]) == {"…"} for card in (marketing, sales) for _label, facts in card.facts[1:])
    assert "29 customers" in dict(common.facts)["The goal"][0]
    assert italian.finding.startswith("Il marketing porta 97 lead")


def test_an_agreement_that_sales_cannot_keep_says_so_before_it_is_signed(workspace):
    (tag,) = shown("service_agreement", workspace, reps=1, hours=10).tags
    assert "settle that before you sign" in tag.text


@pytest.fixture(scope="module")
def shop(workspace):
    workspace.import_plan(shipped("data") / "samples" / "forno-aurora.yaml")
    return Case(workspace.log.plan("forno-aurora")[0], workspace)


def test_by_season_the_months_differ_and_add_up_to_the_same_quota(shop):
    exhibit = exhibits.lead_quotas(shop)
    leads = exhibit.table["leads"]
    assert leads.max() > 1.5 * leads.min()
    assert leads.sum() == pytest.approx(60_000 / 1200 / 0.175)
    assert f"{leads.min():.0f} to {leads.max():.0f} a month" in exhibit.finding
    assert exhibits.pacing_line(shop).table["due"].iloc[-1] == pytest.approx(leads.sum())
    assert f"{leads.min():.0f} to {leads.max():.0f} leads a month" in exhibits.service_agreement(shop).finding


def test_a_season_without_a_table_is_even_and_it_is_said(workspace):
    exhibit = shown("lead_quotas", workspace, spread="season")
    assert exhibit.table["leads"].nunique() == 1
    assert "no table has the days of leads over a whole year" in exhibit.method


def test_a_peak_over_the_capacity_names_its_months(shop):
    from workbook.plan.model import tree

    data = tree(shop.plan)
    peak = exhibits.lead_quotas(shop).table.set_index("shown")["leads"]
    # Room for one lead fewer than the fullest month asks for: hours = leads x attempts x minutes / 60 / people.
    hours = (peak.max() - 1) * 3 * 15 / 60 / 2
    plan = Plan.model_validate(data | {"handover": data["handover"] | {"hours": hours}})
    finding = exhibits.sales_capacity(Case(plan, shop.workspace)).finding
    assert "enough on average but not in" in finding
    assert peak.idxmax() in finding
