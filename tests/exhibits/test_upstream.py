"""Steps 1 and 2 in exhibits: who is meant, the journey and its gaps, wallet, use, trends, loyalty, new markets, what is adopted."""

import pandas as pd
import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.forms.live import LivePlan
from workbook.plan.model import Plan
from workbook.plan.workspace import Workspace
from workbook.research.loyalty import brought_along
from workbook.shipped import shipped


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = Workspace.create(tmp_path_factory.mktemp("upstream") / "team")
    made.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield made
    made.log.close()


def of(workspace, **sections):
    return Case(Plan.model_validate(sections), workspace)


def sample(workspace):
    return Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")


def test_the_journey_names_stages_without_a_touchpoint_and_touchpoints_without_evidence(workspace):
    shown = exhibits.customer_journey(
        of(
            workspace,
            stages={"hear": {"name": "Hears"}, "buy": {"name": "Buys"}},
            touchpoints={"shop": {"name": "Shop", "stage": "buy", "experience": 3}},
        )
    )
    assert shown.finding == ("Customers meet nobody at: “Hears”. They fare worst at “Shop” (3 of 10): begin there.")
    assert list(shown.table["grade"]) == ["–", "D"]
    assert [tag.text for tag in shown.tags] == ["one touchpoint by opinion"]
    known = exhibits.customer_journey(sample(workspace)).table
    assert set(known["grade"]) == {"A", "B"}
    assert exhibits.customer_journey(of(workspace)).empty


def test_the_journey_of_a_segment_leaves_out_where_only_others_are_met(workspace):
    plan = Plan.model_validate(
        {
            "segments": {"a": {}, "b": {}},
            "personas": {"ann": {"segment": "a"}, "bob": {"segment": "b"}},
            "stages": {"buy": {"name": "Buys"}},
            "touchpoints": {
                "one": {"name": "One", "stage": "buy", "personas": ["ann"]},
                "two": {"name": "Two", "stage": "buy", "personas": ["bob"]},
                "all": {"name": "All", "stage": "buy"},
            },
        }
    )
    assert list(exhibits.customer_journey(Case(plan, workspace, "a")).table["touchpoint"]) == ["One", "All"]


def test_share_of_wallet_is_our_part_of_the_spend_and_names_the_widest_opening(workspace):
    shown = exhibits.share_of_wallet(
        of(
            workspace,
            segments={
                "a": {"name": "A", "contract_value": 10, "category_spend": 40, "ours": 5},
                "b": {"name": "B", "contract_value": 30, "category_spend": 40, "ours": 100},
                "c": {"name": "C", "contract_value": 30},
            },
        )
    )
    table = shown.table.set_index("segment")
    assert table["wallet"].to_dict() == {"A": 0.25, "B": 0.75}
    assert table["open"].to_dict() == {"A": 150, "B": 1000}
    assert "“B”" in shown.finding
    assert [tag.text for tag in shown.tags] == ["4 figures by judgement, grade D"]


def test_one_segment_is_shown_with_the_advice_to_name_one_to_leave_out(workspace):
    one = exhibits.segment_decisions(of(workspace, segments={"a": {"name": "A", "targeting": "target"}}))
    assert one.finding.startswith("The plan is for “A”. There is one segment only")
    assert [card.title for card in exhibits.segment_decisions(sample(workspace)).cards] == [
        "Target", "Excluded", "Not decided yet",
    ]  # fmt: skip


def test_use_is_the_logs_where_there_is_one_else_the_teams(workspace):
    logged = exhibits.usage_by_segment(sample(workspace))
    assert logged.n == 130
    entered = exhibits.usage_by_segment(
        of(workspace, segments={"a": {"name": "A"}}, usage={"f": {"name": "F", "segment": "a", "users": 0.4}})
    )
    assert entered.finding == "“F” is used most: by 40\u00a0% of “A”."
    assert entered.tags[0].kind == "assumed"
    assert exhibits.usage_by_segment(of(workspace)).empty


def test_adopted_use_fills_the_plans_own_features_by_name_and_adds_the_others(workspace, tmp_path):
    own = Workspace.create(tmp_path / "own")
    own.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    live = LivePlan(own, "adaptive-test")
    held = {one.id for one in live.plan.usage}
    live.take(exhibits.usage_by_segment(Case(live.plan, own)).proposals)
    row = exhibits.usage_by_segment(Case(live.plan, own)).table
    timeline = row[(row["feature_id"] == "contact-timeline") & (row["segment_id"] == "enterprise")].iloc[0]
    assert live.plan.item("use-of-timeline").users == pytest.approx(timeline["users"], abs=5e-5)
    assert held < {one.id for one in live.plan.usage}
    assert len(live.plan.usage) == len({(one.label, one.segment) for one in live.plan.usage})
    assert exhibits.usage_by_segment(Case(live.plan, own)).proposals == ()
    own.log.close()


def test_trends_stand_in_the_order_they_were_seen_and_those_without_day_or_source_are_named(workspace):
    shown = exhibits.trend_timeline(
        of(
            workspace,
            trends={
                "late": {"name": "Late", "seen": "2027-02-01", "effect": "hurts"},
                "none": {"name": "None"},
                "early": {
                    "name": "Early",
                    "seen": "2026-02-01",
                    "effect": "helps",
                    "evidence": {"e": {"name": "Says", "source": "A report", "grade": "C"}},
                },
            },
        )
    )
    assert list(shown.table["trend"]) == ["Early", "Late", "None"]
    assert list(shown.table["source"]) == ["A report", "none", "none"]
    assert shown.finding.endswith("Without a day or a source: “Late” and “None”.")


@pytest.mark.parametrize(("k", "times"), [(0, 1), (0.5, 2), (0.048, 1 / 0.952), (1, None), (1.4, None)])
def test_a_customer_counts_with_those_he_brings(k, times):
    assert brought_along(k) == (None if times is None else pytest.approx(times))


def test_loyalty_is_worth_what_is_brought_along_and_what_staying_saves(workspace):
    segment = {"name": "A", "contract_value": 100, "margin": 0.5, "churn": 0.25}
    loyalty = {"l": {"segment": "a", "invitations": 2, "conversion": 0.1}}
    row = exhibits.loyalty_economics(of(workspace, segments={"a": segment}, loyalty=loyalty)).table.iloc[0]
    assert (row["worth"], row["whole"]) == (200, pytest.approx(250))  # 100 x 0.5 / 0.25, and / (1 - 0.2)
    assert row["kept"] == pytest.approx(50)  # 100 x 0.5 / 0.20 - 200
    wild = {"l": {"segment": "a", "invitations": 10, "conversion": 0.2}}
    shown = exhibits.loyalty_economics(of(workspace, segments={"a": segment}, loyalty=wild))
    assert "by word of mouth alone" in shown.finding
    assert shown.chart is None


def test_new_markets_are_scored_beside_the_segments_that_are_not_excluded(workspace):
    figures = {"customers": 100, "growth": 0.1, "contract_value": 10, "fit": 5, "reachability": 5}
    better = figures | {"customers": 900, "fit": 9}
    shown = exhibits.new_markets(
        of(
            workspace,
            segments={"a": {"name": "A", **figures}, "x": {"name": "X", "targeting": "excluded", **better}},
            markets={"m": {"name": "M", **better}},
        )
    )
    assert list(shown.table["segment"]) == ["M", "A"]
    assert shown.finding == "“M” is the most attractive new market, before “A”."
    alone = exhibits.new_markets(of(workspace, markets={"m": {"name": "M", **figures}}))
    assert "no segment to compare it with" in alone.finding
    assert exhibits.new_markets(of(workspace, markets={"m": {"name": "M"}})).finding.startswith("No new market has")


def test_adopted_findings_say_which_are_out_of_date_even_when_a_table_is_replaced_under_its_name(tmp_path):
    own = Workspace.create(tmp_path / "own")
    own.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    case = Case(own.log.plan("adaptive-test")[0], own, plan_id="adaptive-test")
    assert not exhibits.adopted_findings(case).table["old"].any()
    path = own.table(case.plan.item("needs-survey").table)
    path.write_text(pd.read_csv(path)[:300].to_csv(index=False))
    shown = exhibits.adopted_findings(case)
    assert shown.table["source"][shown.table["old"]].tolist() == 2 * [case.plan.name_of("needs-survey")]
    assert shown.finding.startswith("2 figures of the plan rest on studies. One was worked out from the plan itself.")
    assert shown.finding.endswith(
        "2 are out of date: what they were worked out from has changed since they were adopted."
    )
    path.unlink()
    assert exhibits.adopted_findings(case).table["old"].sum() == 2
    assert exhibits.adopted_findings(of(own)).empty
    own.log.close()


def test_a_survey_may_call_needs_and_segments_by_their_names(tmp_path):
    own = Workspace.create(tmp_path / "own")
    table = tmp_path / "survey.csv"
    rows = [f"r{i},{need},9,{2 + i % 3},Big Companies" for i in range(40) for need in ("Perché così?", "need-2")]
    table.write_text("respondent,need,importance,satisfaction,segment\n" + "\n".join(rows) + "\n", "utf-8")
    plan = {
        "segments": {"segment": {"name": "Big companies"}},
        "needs": {"need": {"name": "Perche cosi", "segment": "segment"}, "need-2": {"name": "Other"}},
        "studies": {"s": {"analysis": "opportunity", "table": own.add_table(table)}},
    }
    case = Case(Plan.model_validate(plan), own)
    assert set(case.answers("opportunity").rows["need"]) == {"need", "need-2"}
    assert set(case.answers("opportunity").rows["segment"]) == {"segment"}
    assert set(exhibits.opportunity_scores(case).table["basis"]) == {"observed"}
    assert exhibits.opportunity_scores(Case(case.plan, own, "segment")).n == 40
    own.log.close()


@pytest.mark.parametrize(("theirs", "said"), [("alike", "much the same as"), ("across", "cut across"), ("none", None)])
def test_groups_that_the_data_see_stand_beside_the_teams_own_segments(tmp_path, theirs, said):
    own = Workspace.create(tmp_path / "own")
    rows = []
    for i in range(120):
        kind = i % 2
        named = {"alike": kind, "across": (i // 2) % 2, "none": ""}[theirs]
        segment = ["Large firms", "shops"][named] if named != "" else ""
        rows.append(f"r{i},{20 * kind + i % 3},{9 - 8 * kind + i % 2},{segment}")
    table = tmp_path / "habits.csv"
    table.write_text("respondent,orders a month,visits,segment\n" + "\n".join(rows) + "\n")
    plan = {
        "segments": {"large": {"name": "Large firms"}, "shops": {"name": "Shops"}},
        "studies": {"s": {"analysis": "segments", "table": own.add_table(table)}},
    }
    shown = exhibits.data_segments(Case(Plan.model_validate(plan), own))
    assert len(shown.table) == 2
    assert "stability" in " ".join(tag.text for tag in shown.tags)
    if said is None:
        assert "ours" not in shown.table
    else:
        assert said in shown.finding
        assert any("Large firms" in mix for mix in shown.table["ours"])
    if theirs == "alike":
        assert set(shown.table["ours"]) == {"Large firms 100\u00a0%", "Shops 100\u00a0%"}
    own.log.close()
