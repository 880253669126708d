"""The story the workbook is for: a team changes an upstream idea after the campaigns are set, and nothing stays hidden."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.forms.cards import form_content
from workbook.forms.live import LivePlan
from workbook.pages import made_workspace


@pytest.fixture
def live(tmp_path):
    workspace = made_workspace(tmp_path / "team", samples=True)
    yield LivePlan(workspace, "adaptive-test")
    workspace.log.close()


def test_the_challenge_changes_after_the_campaigns_are_set(live):
    assert live.stale == [], "an imported plan is confirmed as it came"

    live.edit("/needs/test-alone/name", "Test pages with our own data")
    stale = {one.node for one in live.stale}
    campaigns = {campaign.id for campaign in live.plan.campaigns if campaign.challenge == "test-alone"}
    assert campaigns
    assert campaigns <= stale
    assert not stale & {"one-view", "enterprise", "linkedin-ads"}, "what does not stand on it is left alone"

    # The card of a campaign says what changed, before and after.
    campaign = sorted(campaigns)[0]
    cards = {c["path"]: c for c in form_content(live.plan, "campaigns", live.form, live.around)["cards"]}
    notice = cards[f"/campaigns/{campaign}"]["notice"]
    assert notice["changes"] == [
        {
            "label": "Test pages with our own data: Need",
            "before": "Test campaign pages without waiting for IT",
            "after": "Test pages with our own data",
        }
    ]

    # One is confirmed, one edited, one waived.
    confirmed, waived = sorted(stale - {campaign})[:2]
    live.confirm([confirmed])
    live.edit(f"/campaigns/{campaign}/name", "Your data, your pages")
    live.waive(waived, "The wording changed, not the need.")
    left = {one.node for one in live.stale if one.upstream == "test-alone"}
    assert left == stale - {campaign, confirmed, waived}
    assert {one.node for one in live.stale} > left, "what stands on the edited campaign has its turn now"
    trail = [r for r in live.history if r.path.startswith("/confirmed/")][-3:]
    assert {r.path.rsplit("/", 1)[-1] for r in trail} == {campaign, confirmed, waived}

    # The page of stakeholders shows what is left, and what happened.
    case = Case(live.plan, live.workspace, plan_id="adaptive-test")
    assert exhibits.stale_items(case).table is not None
    assert "Test pages with our own data" in str(exhibits.recent_changes(case).payload)


def test_check_names_what_is_stale(live, monkeypatch):
    from click.testing import CliRunner

    from workbook.cli import main

    live.edit("/needs/test-alone/name", "Test pages with our own data")
    monkeypatch.chdir(live.workspace.folder)
    printed = CliRunner().invoke(main, ["check", "adaptive-test"])
    assert printed.exit_code == 0
    assert "Test pages with our own data" in printed.output
    assert "stale" in printed.output


def test_a_scenario_of_the_file_can_be_opened_compared_and_adopted(live):
    paid = LivePlan(live.workspace, "adaptive-test", "paid")
    assert paid.plan.item("adaptive-tests").price == 300
    assert live.plan.item("adaptive-tests").price is None
    assert paid.plan.budget == live.plan.budget

    from workbook.plan.comparison import plan_changes

    assert "/offers/adaptive-tests/price" in [d.path for d in plan_changes(live.plan, paid.plan)]
    live.adopt("paid")
    assert live.plan.item("adaptive-tests").price == 300
    assert "adaptive-tests" in {one.upstream for one in live.stale}
