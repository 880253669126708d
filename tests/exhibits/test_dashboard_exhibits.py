"""The dashboard as a newcomer reads it: the four answers, leaks, decisions, the flow of money, and what it stands on."""

import itertools

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.exhibits.exhibit import branches_html
from workbook.forms.live import LivePlan
from workbook.pages import made_workspace
from workbook.plan.model import Plan, tree


@pytest.fixture
def live(tmp_path):
    workspace = made_workspace(tmp_path / "team", samples=True)
    yield LivePlan(workspace, "adaptive-test")
    workspace.log.close()


def case_of(live):
    return Case(live.plan, live.workspace, plan_id=live.plan_id)


def cards(live):
    return {card.title: card for card in exhibits.four_answers(case_of(live)).cards}


def said(card):
    return " ".join(
        [card.subtitle, *(line for _label, lines in card.facts for line in lines), *(t.text for t in card.tags)]
    )


def test_the_four_questions_are_answered_in_order_and_in_figures(live):
    answers = cards(live)
    assert list(answers) == [
        "Are we on course?",
        "Where does money leak?",
        "What changed, and what is stale?",
        "Which decision is needed, and from whom?",
    ]
    assert answers["Are we on course?"].subtitle == "Just as planned"
    # 28,920 spent; 324 leads at the month's planned cost of one: 101 x 9,000/110 + 114 x 9,000/112 + 109 x 9,300/118.
    assert answers["Where does money leak?"].subtitle == "Leads: €2,905"
    assert pytest.approx(2905, abs=0.6) == 28_920 - (101 * 9000 / 110 + 114 * 9000 / 112 + 109 * 9300 / 118)


def test_a_change_upstream_shows_in_the_answers_with_who_must_decide(live):
    live.edit("/needs/test-alone/name", "Test pages with our own data")
    answers = cards(live)
    changed = said(answers["What changed, and what is stale?"])
    assert "Test pages with our own data" in changed
    assert "stale" in changed
    decision = said(answers["Which decision is needed, and from whom?"])
    assert "onfirm, change or waive" in decision
    assert "From " in decision
    table = exhibits.decisions_needed(case_of(live)).table
    assert (table["why"].str.contains("Test pages with our own data")).any()


def test_a_plan_off_course_says_so_and_names_the_worst_leak_first(live):
    for month in ("01", "02", "03"):
        live.edit(f"/indicators/customers/readings/customers-2027-{month}/actual", "1")
    shown = exhibits.four_answers(case_of(live))
    assert shown.finding.startswith("Off course. New customers: 3 of 6 by March 2027, 50\u00a0% under plan.")
    amounts = exhibits.money_leaks(case_of(live)).table["amount"]
    assert amounts.is_monotonic_decreasing
    # Half the customers for 29,272: by the plan three cost half of 27,300.
    assert amounts.iloc[0] == pytest.approx(29_272 - 13_650, abs=1)


def test_an_untouched_plan_has_no_stale_item_and_says_nothing_changed(live):
    answer = cards(live)["What changed, and what is stale?"]
    assert answer.subtitle == "Nothing since it was stored"
    assert "Nothing is stale." in said(answer)


def test_the_flow_adds_up_to_the_split_from_both_sides(live):
    case = case_of(live)
    flows = exhibits.money_flow(case).table
    split = exhibits.budget_split(case).table
    assert flows["worth"].sum() == pytest.approx(split["worth"].sum())
    assert flows["cost"].sum() == pytest.approx(split["spend"].sum())
    assert flows["customers"].sum() == pytest.approx(split["customers"].sum())
    assert (flows["worth"] - flows["cost"] - flows["left"]).abs().max() < 1e-6


def test_bands_end_where_their_nodes_do_and_no_two_nodes_lie_on_each_other(live):
    chart = exhibits.money_flow(case_of(live)).chart.to_dict(validate=True)
    rows = [row for table in chart["datasets"].values() for row in table]
    bands = [row for row in rows if "band" in row]
    nodes = {(row["x"], row["top"]): row for row in rows if "band" not in row}
    for x in {node["x"] for node in nodes.values()}:
        column = sorted((n["top"], n["bottom"]) for n in nodes.values() if n["x"] == x)
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(column))
    lowest = max(row["bottom"] for row in bands)
    assert lowest <= max(node["bottom"] for node in nodes.values()) + 1e-6


def test_an_outcome_leads_down_to_the_survey(live):
    shown = exhibits.outcome_paths(case_of(live))
    (linkedin,) = (branch for branch in shown.branches if branch.label == "LinkedIn ads")
    (campaign,) = (branch for branch in linkedin.branches if branch.label == "Test without waiting")
    need = next(b for b in campaign.branches if b.label == "Test campaign pages without waiting for IT")
    assert any("Needs survey among marketing teams" in leaf.text for leaf in need.branches)
    html = branches_html(shown.payload["branches"])
    assert html.count("<details>") == html.count("<summary>") > 20


def test_names_in_branches_are_text(live):
    live.edit("/campaigns/test-without-waiting/name", "<img src=x onerror=alert(1)>")
    shown = exhibits.outcome_paths(case_of(live))
    assert "<img" not in branches_html(shown.payload["branches"])


def test_money_without_a_campaign_is_named(live):
    data = tree(live.plan)
    for campaign in data["campaigns"].values():
        if isinstance(campaign, dict):
            campaign["channels"] = [c for c in campaign.get("channels", []) if c != "linkedin-ads"]
    shown = exhibits.outcome_paths(Case(Plan.model_validate(data), live.workspace))
    assert "Money without a campaign: LinkedIn ads." in shown.finding


def test_an_empty_plan_answers_too(live):
    bare = Case(Plan(), live.workspace)
    shown = exhibits.four_answers(bare)
    assert "Nothing is measured yet" in shown.finding
    assert len(shown.cards) == 4
    for name in ("money_flow", "outcome_paths", "what_if_outcome", "money_leaks"):
        assert getattr(exhibits, name)(bare).empty
