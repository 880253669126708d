"""The exhibits on the worked example and at the edges: findings, tables, and that upstream figures move downstream ones."""

import math

import pytest

from workbook import exhibits
from workbook.exhibits import Case, workshop
from workbook.language import speaking
from workbook.plan.model import Plan, tree
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

ELSEWHERE = {"decided", "open_points_of", *workshop.__all__}
"""Not of a plan alone; what came of a workshop is tested where there has been one."""

ALWAYS = ("decisions_needed", "four_answers", "glossary", "money_figures", "open_points", "plan_summary", "tactics")
"""Exhibits that have something to say of a plan in which nothing is decided."""

SHOWN = [name for name in exhibits.__all__ if name[0].islower() and name not in ELSEWHERE]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


@pytest.fixture
def case(workspace):
    return Case(workspace.log.plan("adaptive-test")[0], workspace, plan_id="adaptive-test")


def changed(case, path, value):
    data = tree(case.plan)
    *parents, last = path.strip("/").split("/")
    place = data
    for name in parents:
        place = place.setdefault(name, {})
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value
    return Case(Plan.model_validate(data), case.workspace, case.segment)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("name", SHOWN)
def test_every_exhibit_speaks_on_the_sample_and_teaches_on_an_empty_plan(case, name, language):
    with speaking(language):
        full, empty = getattr(exhibits, name)(case), getattr(exhibits, name)(Case(Plan(), case.workspace))
        assert full.finding
        assert not full.empty
        assert empty.finding
        assert empty.empty or name in ALWAYS
        assert full.payload["language"] == language
        assert full.chart is None or full.chart.to_dict(validate=True)
        assert len({column["label"] for column in (full.payload["table"] or {"columns": []})["columns"]}) == len(
            full.columns
        )


def test_the_segments_are_ranked_and_the_rank_of_the_first_is_firm(case):
    table = exhibits.segment_attractiveness(case).table
    assert table.iloc[0]["segment"] == "Enterprise customers"
    assert table.iloc[0]["stability"] > 0.9


def test_a_figure_nobody_filled_in_is_counted(case):
    table = exhibits.segment_attractiveness(changed(case, "/segments/agencies/growth", None)).table
    assert table.set_index("segment").loc["Marketing agencies", "missing"] == 1


def test_all_weights_zero_is_said_in_a_sentence(case):
    from workbook.forms.session import drawn

    nothing = dict.fromkeys(("size", "growth", "value", "fit", "reachability"), 0)
    shown = drawn(exhibits.segment_attractiveness, changed(case, "/attractiveness", nothing))
    assert shown.empty
    assert "weight" in shown.finding


def test_the_survey_gives_back_the_shares_it_was_drawn_with(case):
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("generate", shipped("data") / "generate.py")
    generate = module_from_spec(spec)
    spec.loader.exec_module(generate)
    table = exhibits.opportunity_scores(case).table.set_index("id")
    for need, (important, satisfied) in generate.TRUE_NEEDS.items():
        # Three standard errors of a share of 180 answers.
        assert abs(table.loc[need, "importance"] / 10 - important) < 3 * math.sqrt(0.25 / generate.RESPONDENTS)
        assert abs(table.loc[need, "satisfaction"] / 10 - satisfied) < 3 * math.sqrt(0.25 / generate.RESPONDENTS)
        assert table.loc[need, "low"] <= table.loc[need, "opportunity"] <= table.loc[need, "high"]
    shipped_table = (shipped("data") / "samples" / "tables" / "needs-survey.csv").read_text()
    assert generate.needs_survey().to_csv(index=False, lineterminator="\n") == shipped_table


def test_without_a_survey_judgement_stands_in_and_is_called_assumed(case):
    bare = changed(case, "/studies", None)
    assert exhibits.opportunity_scores(bare).empty
    judged = changed(changed(bare, "/needs/test-alone/importance", 8), "/needs/test-alone/satisfaction", 3)
    shown = exhibits.opportunity_scores(judged)
    assert shown.table.iloc[0]["opportunity"] == 13
    assert [tag.kind for tag in shown.tags] == ["assumed"]


def test_a_table_that_is_gone_is_said_and_the_page_goes_on(case):
    from workbook.forms.session import drawn

    gone = changed(case, "/studies/needs-survey/table", "12345678-gone.csv")
    assert "12345678-gone.csv" in drawn(exhibits.opportunity_scores, gone).finding


def test_coverage_counts_proven_answers_by_their_opportunity(case):
    table = exhibits.needs_coverage(case).table
    proven = table.loc[table["state"] == "proven", "opportunity"].sum() / table["opportunity"].sum()
    assert f"{proven:.0%}".removesuffix("%") in exhibits.needs_coverage(case).finding
    bare = changed(case, "/attributes/adaptive-inside/evidence", None)
    assert set(exhibits.needs_coverage(bare).table.set_index("id").loc[["test-alone"], "state"]) == {"claimed"}


def test_the_statement_is_put_together_from_the_choices(case):
    statement = exhibits.positioning_statement(case).finding
    for part in ("Enterprise customers", "our enterprise tier with adaptive tests", "a separate testing tool"):
        assert part in statement
    assert "the category" in exhibits.positioning_statement(changed(case, "/positioning/category", None)).finding


def test_the_split_spends_the_budget_less_the_reserve_within_the_limits(case):
    table = exhibits.budget_split(case).table
    assert table["spend"].sum() == pytest.approx(112_000)
    limits = {curve.channel: (curve.minimum or 0, curve.maximum or math.inf) for curve in case.plan.curves}
    for row in table.itertuples():
        low, high = limits[row.id]
        assert low - 1e-6 <= row.spend <= high + 1e-6


@pytest.mark.parametrize(
    ("language", "held"), [("en", "maximum of group Screens"), ("it", "massimo del gruppo Screens")]
)
def test_what_holds_the_channels_of_a_group_names_it(case, language, held):
    group = {"name": "Screens", "channels": ["linkedin-ads", "search-ads"], "maximum": 30_000}
    limited = changed(case, "/groups", {"screens": group})
    with speaking(language):
        table = exhibits.budget_split(limited).table.set_index("id")
        nearby = exhibits.next_euro(limited).table.set_index("id")
    assert table.loc[group["channels"], "held"].tolist() == [held, held]
    assert nearby.loc["search-ads", "held"] == held
    assert table.loc[group["channels"], "spend"].sum() == pytest.approx(30_000)
    frontier = exhibits.budget_frontier(limited).table
    assert frontier["outcome"].is_monotonic_increasing
    below = exhibits.budget_frontier(case).table
    assert (frontier["outcome"] <= below["outcome"] * (1 + 1e-9)).all()


def test_where_no_limit_holds_the_next_thousand_brings_the_same_everywhere(case):
    table = exhibits.next_euro(case).table
    free = table[table["binding"] == ""]
    assert len(free) >= 3
    # Upstream and downstream have budgets of their own, and so a margin each.
    for _side, part in free.groupby("side"):
        assert part["marginal_worth"].max() / part["marginal_worth"].min() == pytest.approx(1, abs=0.01)


def test_what_a_customer_is_worth_upstream_changes_the_split_downstream(case):
    before = exhibits.budget_split(case).table.set_index("id")
    after = exhibits.budget_split(changed(case, "/segments/enterprise/contract_value", 12_000)).table.set_index("id")
    # Half the revenue, half the worth of those who buy through a channel that reaches this segment alone ...
    worth = before["worth"] / before["customers"], after["worth"] / after["customers"]
    assert worth[1]["email"] / worth[0]["email"] == pytest.approx(0.5)
    assert worth[0]["email"] == pytest.approx(24_000 * 0.72 / 0.12)
    # ... so that money moves to the channels which reach others too.
    assert after.loc["search-ads", "spend"] > before.loc["search-ads", "spend"] + 500
    assert after.loc["email", "spend"] < before.loc["email", "spend"]


def test_an_excluded_segment_no_longer_counts_in_what_a_customer_is_worth(case):
    from workbook.plan.worth import outcome_worth

    assert outcome_worth(case.plan.item("search-ads"), case.plan).segments == ("enterprise", "mid-market")
    without = changed(case, "/segments/mid-market/targeting", "excluded").plan
    assert outcome_worth(without.item("search-ads"), without).segments == ("enterprise",)


def test_limits_that_exclude_each_other_are_said_and_named(case):
    from workbook.forms.session import drawn

    shown = drawn(exhibits.budget_split, changed(case, "/curves/partner-curve/minimum", 500_000))
    assert shown.empty
    assert "Partner marketing" in shown.finding


@pytest.mark.parametrize("total", [0, 1, 1e12])
def test_any_budget_can_be_split(case, total):
    free = changed(
        changed(changed(case, "/budget", {"total": total}), "/curves/partner-curve/minimum", None), "/budget/reserve", 0
    )
    for make in (exhibits.budget_split, exhibits.next_euro, exhibits.response_curves):
        assert make(free).payload


def test_tables_hold_plain_json_and_words_for_what_is_missing(case):
    import json

    for name in SHOWN:
        payload = getattr(exhibits, name)(case).payload
        json.dumps(payload, allow_nan=False)
    assert exhibits.Exhibit("x", "y")._repr_mimebundle_()["text/plain"] == "y"


def test_hostile_text_is_escaped_in_the_html_of_an_exhibit(case):
    hostile = "</script><img src=x onerror=alert(1)>"
    shown = exhibits.segment_attractiveness(changed(case, "/segments/enterprise/name", hostile))
    assert hostile not in shown._repr_mimebundle_()["text/html"]


def test_with_no_segment_chosen_each_need_is_scored_by_its_own_segment(case):
    import pandas as pd

    from workbook.analyses import analysis

    every = exhibits.opportunity_scores(case).table.set_index("id")
    answers = pd.read_csv(case.workspace.table(case.study("opportunity").table))
    for need in case.plan.needs:
        if need.segment and need.id in every.index and every.loc[need.id, "basis"] == "observed":
            own = analysis("opportunity").answer(answers[answers["segment"] == need.segment]).rows.set_index("need")
            assert every.loc[need.id, "opportunity"] == pytest.approx(own.loc[need.id, "opportunity"])


def test_a_missing_figure_of_any_kind_is_a_dash_in_the_table():
    import pandas as pd

    from workbook.exhibits.exhibit import Column, Exhibit

    table = pd.DataFrame({"share": pd.array([1, pd.NA], dtype="Int64"), "of": [float("nan"), 2.0]})
    shown = Exhibit("sample", "A finding.", table, (Column("share", "Share", "number"), Column("of", "Of", "number")))
    assert shown.payload["table"]["rows"] == [[1, None], [None, 2.0]]
    assert shown.payload["table"]["shown"] == [["1", "–"], ["–", "2"]]
