"""How far the plan is and what changed in it, on small plans whose figures can be counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.exhibits.overview.changes import ago, apart
from workbook.language import speaking
from workbook.plan.model import Plan, tree
from workbook.plan.revisions import Edit
from workbook.plan.staleness import confirmed, stale_in, waived
from workbook.plan.workspace import Workspace
from workbook.steps import PAGES, STEPS, step, step_states

CHARTER = {
    "title": "Spring",
    "goal": "Two hundred customers by June.",
    "who": "Bakeries; decided by Ada.",
    "period": {"start": "2027-01", "months": 6},
    "team": {"ada": {"name": "Ada"}},
}
PLAN = {
    "charter": CHARTER,
    "segments": {
        "bakers": {"name": "Bakers", "targeting": "target", "contract_value": 490},
        "cafes": {"name": "Cafés", "targeting": "excluded"},
    },
    "needs": {
        "fresh": {"name": "Fresh bread by six", "segment": "bakers"},
        "waste": {"name": "Less waste", "segment": "bakers"},
        "terrace": {"name": "A quiet terrace", "segment": "cafes"},
    },
    "advantages": {
        "early": {"name": "Baked at four", "needs": ["fresh"]},
        "old": {"name": "Old recipe", "needs": ["waste"], "state": "dropped"},
    },
    "channels": {"post": {"name": "Postcards", "segments": ["bakers"]}, "sign": {"name": "Sign"}},
    "campaigns": {"dawn": {"name": "Dawn", "segment": "bakers", "advantage": "early", "channels": ["post"]}},
    "messages": {"hello": {"name": "Hello", "campaign": "dawn"}},
}


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace.create(tmp_path)
    workspace.log.create("spring", Plan.model_validate(PLAN), author="Ada")
    yield workspace
    workspace.log.close()


def opened(workspace):
    return Case(workspace.log.plan("spring")[0], workspace, plan_id="spring")


def entered(workspace, *edits, author="Bo"):
    return workspace.log.append("spring", edits, author=author, base=workspace.log.head("spring"))


def confirm(workspace, node, by="Ada"):
    plan, head = workspace.log.plan("spring")
    return entered(workspace, *confirmed(plan, node, by=by, revision=head), author=by)


def test_the_charter_is_a_step_and_the_dashboard_a_page():
    assert (STEPS[0].number, STEPS[0].sections) == (0, ("charter",))
    assert step("dashboard") in PAGES
    assert step("dashboard") not in STEPS


def test_a_step_is_begun_once_anything_in_it_differs_from_the_models_defaults():
    def state(data, key="00_charter", stale=()):
        return step_states(Plan.model_validate(data), stale)[key]

    assert set(step_states(Plan()).values()) == {"empty"}
    assert state({"charter": {"title": "Spring"}}) == "open"
    assert state({"attractiveness": {"size": 5}}, "01_personas") == "open"
    assert state({"attractiveness": {"size": 1}}, "01_personas") in ("open", "empty")
    assert state(PLAN, "08_channels", ["post"]) == "stale"
    assert state(PLAN, "08_channels", ["dawn"]) == "open"


def test_the_charter_counts_its_answers_and_names_what_is_missing(workspace):
    shown = exhibits.charter_completeness(opened(workspace))
    assert shown.finding.startswith("The charter answers 4 of 9 questions.")
    assert list(shown.table.loc[shown.table["missing"] != "", "name"]) == [
        "what",
        "where",
        "why",
        "how",
        "revenue_target",
    ]
    assert shown.table.set_index("name").loc["period", "answer"] == "6 months from January 2027"


def test_a_charter_with_all_answers_has_nothing_to_help_with(workspace):
    rest = {name: "Yes." for name in ("what", "where", "why", "how")} | {"revenue_target": 1000}
    entered(workspace, *(Edit(f"/charter/{name}", value) for name, value in rest.items()))
    shown = exhibits.charter_completeness(opened(workspace))
    assert shown.finding == "The charter answers all 9 questions."
    assert "missing" not in [column.name for column in shown.columns]


def test_the_glossary_gives_both_meanings_and_all_grades(workspace):
    cards = {card.title: card for card in exhibits.glossary(opened(workspace)).cards}
    meanings = " ".join(line for _label, lines in cards["Two meanings in circulation"].facts for line in lines)
    for word in ("the one most writers use", "Others call upstream", "word of mouth and loyalty on both sides"):
        assert word in meanings
    assert len(cards["Grades of evidence"].facts[0][1]) == 6
    assert [label for label, _lines in cards["Assumed, observed, tested"].facts] == ["Assumed", "Observed", "Tested"]


def test_an_open_point_of_a_single_card_names_its_field():
    points = exhibits.open_points(Case(Plan(), None)).table
    charter = points[points["step"] == "Charter"]
    assert list(charter["where"])[:2] == ["Goal", "Who"]
    assert "Segments" in set(points["where"])


def test_progress_counts_steps_open_points_and_stale_items(workspace):
    confirm(workspace, "early")
    entered(workspace, Edit("/needs/fresh/name", "Fresh bread by five"))
    shown = exhibits.plan_progress(opened(workspace))
    table = shown.table.set_index("number")
    assert table.loc[0, "open"] == 5
    assert (table.loc[4, "state"], table.loc[4, "stale"]) == ("stale", 1)
    assert "1 item is stale." in shown.finding
    assert shown.finding.endswith("Next: Charter.")
    assert shown.chart.to_dict(validate=True)


def test_each_open_point_says_which_item_or_part_of_the_plan_it_is_about(workspace):
    entered(workspace, Edit("/needs/fresh/name", "Fresh bread by five"))
    table = exhibits.open_points_of(step("02_market_research"))(opened(workspace)).table
    assert "Fresh bread by five" in set(table["where"])
    entered(workspace, Edit("/segments/segment/name", "Called by the name of a field"))
    again = exhibits.open_points_of(step("02_market_research"))(opened(workspace)).table
    assert list(again["where"]) == list(table["where"])
    everywhere = exhibits.open_points(opened(workspace)).table
    assert {"What", "How"} <= set(everywhere["where"])


def test_a_change_upstream_is_shown_before_and_after_with_who_confirmed_and_what_waits(workspace):
    confirm(workspace, "dawn")
    entered(workspace, Edit("/segments/bakers/contract_value", 390))
    shown = exhibits.stale_items(opened(workspace))
    assert shown.finding == (
        "What changed: Bakers. 1 item still stands on what was: Dawn. 1 more waits for that. "
        "To decide for each: confirm it as it is, change it, or waive the change."
    )
    (row,) = shown.table.to_dict("records")
    assert (row["item"], row["upstream"], row["before"], row["after"]) == ("Dawn", "Bakers", "€490", "€390")
    assert row["confirmed"].startswith("Ada, ")
    assert row["waits"] == "Hello"
    (card,) = shown.cards
    assert dict(card.facts)["“Bakers” has changed"] == ("Revenue per customer and year: €490 → €390",)


def test_confirmed_as_first_stored_is_read_from_the_first_operation(workspace):
    plan, _head = workspace.log.plan("spring")
    early = {edit.path.split("/")[-1]: edit.value for edit in confirmed(plan, "dawn", by="Ada", revision=0)}
    workspace.log.create("stored", Plan.model_validate(tree(plan) | {"confirmed": early}), author="Ada")
    workspace.log.append("stored", [Edit("/advantages/early/name", "Baked at three")], author="Bo", base=1)
    case = Case(workspace.log.plan("stored")[0], workspace, plan_id="stored")
    (row,) = exhibits.stale_items(case).table.to_dict("records")
    assert (row["before"], row["after"]) == ("Baked at four", "Baked at three")
    assert row["confirmed"].startswith("Ada, ")


def test_what_the_log_does_not_hold_is_said_not_guessed(workspace):
    plan, _head = workspace.log.plan("spring")
    (edit,) = confirmed(plan, "dawn", by="Ada", revision=7)
    changed = tree(plan) | {"confirmed": {"dawn": edit.value}}
    changed["segments"]["bakers"]["contract_value"] = 390
    workspace.log.create("brought", Plan.model_validate(changed), author="Bo")
    for plan_id in ("brought", ""):
        case = Case(workspace.log.plan("brought")[0], workspace, plan_id=plan_id)
        (row,) = exhibits.stale_items(case).table.to_dict("records")
        assert (row["before"], row["after"], row["confirmed"]) == ("not known here", "", "Ada")


def test_an_upstream_item_that_is_gone_keeps_the_name_it_had(workspace):
    confirm(workspace, "dawn")
    entered(workspace, Edit("/advantages/early", None))
    (row,) = exhibits.stale_items(opened(workspace)).table.to_dict("records")
    assert (row["upstream"], row["before"], row["after"]) == ("Baked at four", "Baked at four", "")
    assert exhibits.stale_items(opened(workspace)).cards[0].facts[0][0] == "“Baked at four” is gone"


def test_a_waiver_whose_day_has_come_is_shown_with_its_reason(workspace):
    confirm(workspace, "dawn")
    entered(workspace, Edit("/segments/bakers/contract_value", 390))
    plan, _head = workspace.log.plan("spring")
    (one,) = stale_in(plan)
    entered(workspace, waived(plan, one, by="Cy", reason="Rounding.", review=date(2020, 1, 1)))
    (card,) = exhibits.stale_items(opened(workspace)).cards
    assert dict(card.facts)["Waived before"] == ("Cy: Rounding.",)
    assert exhibits.recent_changes(opened(workspace)).table.iloc[0].to_dict() | {"when": ""} == {
        "when": "",
        "who": "Bo",
        "what": "A change was waived for “Dawn”",
        "before": "",
        "after": "Rounding.",
    }


def test_where_nothing_is_stale_it_says_what_stands_firm(workspace):
    assert exhibits.stale_items(opened(workspace)).finding.startswith("8 items stand on others")
    confirm(workspace, "dawn")
    shown = exhibits.stale_items(opened(workspace))
    assert shown.finding == "Nothing is stale: what the 1 confirmed item stands on is as it was."
    assert not shown.empty


def test_recent_changes_say_who_changed_what_from_what_to_what_newest_first(workspace):
    entered(workspace, Edit("/segments/bakers/contract_value", 390))
    entered(workspace, Edit("/charter/period", {"start": "2027-01", "months": 12}), author="Cy")
    entered(workspace, Edit("/campaigns/dusk", {"name": "Dusk"}), Edit("/campaigns/dawn/name", "Dawn again"))
    shown = exhibits.recent_changes(opened(workspace))
    assert [tuple(row)[1:] for row in shown.table.itertuples(index=False)] == [
        ("Bo", "Dawn: Name", "Dawn", "Dawn again"),
        ("Bo", "Campaigns: added", "", "Dusk"),
        ("Cy", "Charter: Period: Length", "6 months", "12 months"),
        ("Bo", "Bakers: Revenue per customer and year", "€490", "€390"),
        ("Ada", "The plan as first stored", "", "12 items"),
    ]
    assert shown.finding.startswith("Last change, just now, by Bo: ")
    assert shown.finding.endswith("and 1 more change.")


def test_what_was_named_after_it_was_added_is_called_by_that_name(workspace):
    entered(workspace, Edit("/segments/new-segment", {}))
    entered(workspace, Edit("/segments/new-segment/name", "Hotels"))
    entered(workspace, Edit("/segments/new-segment/customers", 40))
    table = exhibits.recent_changes(opened(workspace)).table
    assert list(table["what"])[:3] == ["Hotels: Customers", "Hotels: Name", "Segments: added"]
    assert table["after"].iloc[2] == "Hotels"


def test_ten_operations_are_shown_and_one_that_changed_nothing_is_passed_over(workspace):
    for months in range(1, 13):
        entered(workspace, Edit("/charter/period", {"start": "2027-01", "months": months}))
    entered(workspace, Edit("/charter/period", {"start": "2027-01", "months": 12}))
    table = exhibits.recent_changes(opened(workspace)).table
    assert list(table["after"]) == [f"{months} months" for months in range(12, 2, -1)]


def test_many_changes_at_once_are_counted(workspace):
    entered(workspace, *(Edit(f"/segments/s{i}", {"name": f"Segment {i}"}) for i in range(7)))
    table = exhibits.recent_changes(opened(workspace)).table
    assert list(table["what"])[:5] == ["Segments: added"] * 4 + ["and 3 more changes"]


def test_scenarios_leave_the_plans_own_history_alone(workspace):
    workspace.log.append("spring", [Edit("/charter/title", "Paid")], author="Bo", base=1, scenario="paid")
    assert list(exhibits.recent_changes(opened(workspace)).table["who"]) == ["Ada"]
    paid = Case(workspace.log.plan("spring")[0], workspace, plan_id="spring", scenario="paid")
    assert exhibits.recent_changes(paid).table["after"].iloc[0] == "Paid"


def test_the_history_is_read_once_for_one_head(workspace, monkeypatch):
    case, read = opened(workspace), []
    ask = workspace.log.revisions
    monkeypatch.setattr(workspace.log, "revisions", lambda *a, **k: read.append(a) or ask(*a, **k))
    for _again in range(3):
        exhibits.recent_changes(Case(case.plan, workspace, plan_id="spring"))
    assert len(read) == 1


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-90, "just now"), (0.5, "just now"), (1, "1 minute ago"), (125, "2 hours ago"), (3 * 1440, "3 days ago")],
)
def test_an_age_is_never_negative(minutes, said):
    now = datetime(2027, 5, 14, 12, tzinfo=UTC)
    assert ago(now - timedelta(minutes=minutes), now) == said


def test_after_a_week_an_age_is_a_day():
    assert ago(datetime(2027, 5, 1, 12, tzinfo=UTC), datetime(2027, 5, 14, 12, tzinfo=UTC)) == "1 May 2027"


def test_long_texts_are_cut_to_where_they_part():
    before, after = apart("x" * 500 + "old", "x" * 500 + "new and longer")
    assert before.endswith("old")
    assert after.endswith("new and longer")
    assert len(after) < 150
    assert apart("", "a" * 500)[1].endswith("…")


def test_links_are_counted_by_side_and_coverage_leaves_out_what_is_excluded_or_dropped(workspace):
    shown = exhibits.links_overview(opened(workspace))
    # Downstream on upstream: post on bakers, dawn on bakers and early. Inside the upstream: three needs on their
    # segments, two advantages on their needs. Inside the downstream: dawn on post, hello on dawn.
    assert list(shown.table["count"])[:4] == [3, 5, 2, 0]
    assert shown.finding == (
        "3 of 10 links lead from downstream to upstream. Advantages answer 2 of 2 needs. "
        "Campaigns use 1 of 1 advantages. 1 downstream item stands on nothing."
    )
    assert shown.table["which"].iloc[4] == "Sign"


def test_a_need_nobody_answers_and_a_link_to_nothing_are_named(workspace):
    entered(workspace, Edit("/advantages/old", None), Edit("/campaigns/dawn/advantage", "gone"))
    table = exhibits.links_overview(opened(workspace)).table
    assert table["count"].iloc[3] == 1
    assert (table["share"].iloc[5], table["which"].iloc[5]) == (0.5, "Less waste")
    assert (table["share"].iloc[6], table["which"].iloc[6]) == (0, "Baked at four")


@pytest.mark.parametrize("language", ["en", "it"])
def test_an_empty_plan_is_taught_where_to_begin(workspace, language):
    names = ("charter_completeness", "plan_progress", "stale_items", "recent_changes", "links_overview")
    with speaking(language):
        for name in names:
            shown = getattr(exhibits, name)(Case(Plan(), workspace))
            assert shown.empty
            assert len(shown.finding) > 20


def test_what_people_type_is_escaped(workspace):
    hostile = "<img src=x onerror=alert(1)>"
    confirm(workspace, "dawn")
    entered(workspace, Edit("/segments/bakers/name", hostile), author=hostile)
    for make in (exhibits.stale_items, exhibits.recent_changes):
        assert hostile not in make(opened(workspace))._repr_mimebundle_()["text/html"]
