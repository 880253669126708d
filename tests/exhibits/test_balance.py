"""Step 7 and the catalogue in exhibits: on the samples and at the edges."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.model import Plan, tree
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    for name in ("adaptive-test", "forno-aurora"):
        workspace.import_plan(shipped("data") / "samples" / f"{name}.yaml")
    yield workspace
    workspace.log.close()


def case(workspace, name="adaptive-test", **changes):
    plan = workspace.log.plan(name)[0]
    if changes:
        data = tree(plan)
        plan = Plan.model_validate(data | {"balance": data["balance"] | changes})
    return Case(plan, workspace)


def test_the_share_shows_its_reasons_and_the_decision_beside_it(workspace):
    shown = exhibits.balance_share(case(workspace))
    assert (
        shown.finding == "The rule recommends 62\u00a0% upstream and 38\u00a0% downstream. Decided: 55\u00a0% upstream."
    )
    points = shown.table.set_index("reason")["points"]
    place = list(points.index).index("Upstream, recommended")
    assert points.iloc[:place].sum() == pytest.approx(points["Upstream, recommended"])
    assert points["Upstream, decided"] == 0.55
    # Binet and Field's 60 to 40 and, between businesses, 46 to 54 stand beside it and in no sum.
    assert points.iloc[-2:].tolist() == [0.60, 0.46]
    assert shown.chart.to_dict(validate=True)


def test_a_small_business_is_told_what_it_can_do_for_nothing(workspace):
    assert "what comes first then stands below" in exhibits.balance_share(case(workspace, "forno-aurora")).finding
    shown = exhibits.small_business(case(workspace, "forno-aurora"))
    assert "at most 3 channels" in shown.finding
    assert "Passaparola" in shown.finding
    assert shown.finding.endswith("The plan has 6.")
    assert any(tag.text == "small business" for tag in shown.tags)
    ours = shown.table[shown.table["place"] == "in the plan"]
    assert ours["free"].is_monotonic_decreasing
    assert "Community" in set(shown.table.loc[shown.table["place"] == "to think of", "channel"])


def test_a_larger_one_is_told_where_the_line_runs(workspace):
    shown = exhibits.small_business(case(workspace))
    assert shown.finding.startswith("You do not count as a small business")
    assert "a team of 5 or fewer, or a budget under €20,000" in shown.method
    assert "at most 3 channels" in exhibits.small_business(case(workspace, team_size=5)).finding


def test_moves_are_ten_points_or_more_and_a_firm_rule_says_so(workspace):
    shown = exhibits.balance_moves(case(workspace))
    assert (shown.table["by"].abs() >= 0.0999).all()
    still = {"swing": 0, "for_short_runway": 0, "for_long_horizon": 0}
    assert "it is firm" in exhibits.balance_moves(case(workspace, rule=still)).finding


def test_alignment_names_what_is_not_in_order_and_says_none_yet_without_campaigns(workspace):
    shown = exhibits.alignment_shares(case(workspace))
    assert "Judged on both sides" in shown.finding
    only_channels = Case(Plan.model_validate({"channels": {"post": {"name": "Post"}}}), workspace)
    table = exhibits.alignment_shares(only_channels).table
    assert table["shown"].tolist() == ["none yet", "0\u00a0%", "none yet", "none yet"]
    assert table["out"].tolist()[1] == "Post"


def test_existing_customers_without_any_money_are_seen(workspace):
    plan = {"balance": {"existing_share": 0.4}, "campaigns": {"new": {"relation": "new", "budget": 10}}}
    shown = exhibits.existing_and_new(Case(Plan.model_validate(plan), workspace))
    assert "some will be lost" in shown.finding


def test_making_everything_oneself_is_held_against_the_period(workspace):
    assert "take 15 of the period's 52 weeks" in exhibits.make_or_buy(case(workspace)).finding
    slow = exhibits.make_or_buy(case(workspace, making_weeks=30, making="make"))
    assert slow.finding.endswith("Buy some of it, make several at once, or plan fewer.")


def test_cards_carry_figures_with_their_source_and_claims_apart(workspace):
    shown = exhibits.tactic_cards(case(workspace))
    cards = {card.title: dict(card.facts) for card in shown.cards}
    lines = cards["Email"]["Published figures"]
    assert len(lines) == 4, "the three newest, and how many more"
    assert all("; " in line and "(" in line for line in lines[:3])
    assert any("old: check before use" in line for line in cards["Events"]["Published figures"])
    assert "$36" in " ".join(cards["Email"]["Claimed, without a source"])
    assert "No published figure is known for" in shown.finding


def test_the_catalogue_marks_what_the_plan_uses(workspace):
    table = exhibits.tactics(case(workspace)).table
    assert len(table) == 43
    assert table["used"].sum() == 6
    assert table.set_index("tactic").loc["Community", "known"] == "none known"
