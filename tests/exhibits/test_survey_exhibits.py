"""The exhibits of surveys: that they say what the answers say, in the segment asked for, and draw it."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.forms.session import drawn
from workbook.language import speaking
from workbook.plan.model import Plan, tree
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture(scope="module", params=["adaptive-test", "forno-aurora"])
def case(request, tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(shipped("data") / "samples" / f"{request.param}.yaml")
    yield Case(workspace.log.plan(request.param)[0], workspace, plan_id=request.param)
    workspace.log.close()


def layers(chart):
    spec = chart.to_dict(validate=True)
    return [layer for part in spec.get("vconcat", [spec]) for layer in part["layer"]]


def marks(chart):
    return [layer["mark"]["type"] for layer in layers(chart)]


def with_table(case, analysis, text):
    """The case with another table for the study of an analysis."""
    path = case.workspace.folder / f"{analysis}.csv"
    path.write_text(text, "utf-8")
    data = tree(case.plan)
    data["studies"][case.study(analysis).id]["table"] = case.workspace.add_table(path)
    return Case(Plan.model_validate(data), case.workspace, case.segment)


def test_features_lie_where_their_coefficients_say(case):
    shown = exhibits.kano_quadrant(case)
    assert (shown.table["missed"] == -shown.table["worse"]).all()
    must_be = shown.table.loc[shown.table["category"].eq("M"), "feature"]
    assert all(f"“{feature}”" in shown.finding for feature in must_be)
    assert marks(shown.chart) == ["rule", "rule", "point", "text"]
    assert layers(shown.chart)[2]["encoding"]["x"]["field"] == "missed"


def test_items_come_in_the_order_of_their_shares(case):
    shown = exhibits.maxdiff_shares(case)
    assert shown.table["share"].is_monotonic_decreasing
    assert shown.table.iloc[0]["item"] in shown.finding
    assert layers(shown.chart)[-1]["encoding"]["y"]["sort"] == list(shown.table["item"])


def test_the_set_named_is_the_one_after_which_little_is_added(case):
    shown = exhibits.turf_reach(case)
    table = shown.table
    little = table.loc[table["added"].lt(0.05) & table["size"].gt(1), "size"].min()
    assert shown.finding.count("“") == little - 1
    assert marks(shown.chart) == ["area", "line", "point", "text"]


def test_scores_stand_for_all_and_for_each_segment(case):
    shown = exhibits.recommendation(case)
    assert shown.table["n"].iloc[0] == shown.table["n"].iloc[1:].sum() == shown.n
    segment = shown.table["segment"].iloc[1]
    one = exhibits.recommendation(Case(case.plan, case.workspace, segment))
    assert len(one.table) == 1
    assert one.table["score"].iloc[0] == shown.table["score"].iloc[1]


def test_a_segment_nobody_answered_for_is_said(case):
    gone = drawn(exhibits.recommendation, Case(case.plan, case.workspace, "martians"))
    assert gone.empty
    assert "no answers from this segment" in gone.finding


def test_awareness_has_three_shares(case):
    shown = exhibits.brand_awareness(case)
    first, second, whole = shown.table["share"]
    assert whole == pytest.approx(first + second)


def test_the_range_is_shaded_and_every_crossing_named(case):
    shown = exhibits.acceptable_prices(case)
    assert marks(shown.chart) == ["rect", "line", "line", "rule", "text"]
    assert set(shown.table["point"]) == {"pmc", "pme", "opp", "idp"}
    assert shown.table["at"].is_monotonic_increasing
    heights = list(shown.table["label_at"])
    assert len(set(heights)) == 4
    assert min(heights) > 1


def test_demand_and_revenue_share_the_price(case):
    shown = exhibits.demand_and_revenue(case)
    spec = shown.chart.to_dict(validate=True)
    assert spec["resolve"] == {"scale": {"x": "shared"}}
    best = shown.table.loc[shown.table["best"]].iloc[0]
    assert best["revenue"] == shown.table["revenue"].max()
    assert shown.table["share"].is_monotonic_decreasing


def test_willingness_to_pay_takes_the_price_from_its_column(case):
    shown = exhibits.willingness_to_pay(case)
    assert (shown.table["low"] < shown.table["worth"]).all()
    assert shown.table["worth"].is_monotonic_decreasing
    assert exhibits.attribute_importance(case).table["importance"].sum() == pytest.approx(1)


def test_without_a_price_importance_is_left_and_worth_says_why(case):
    header = "respondent,task,alternative,chosen,colour"
    rows = [f"{i // 4},{i},{a},{int(a == (i % 3 == 0))},{'red' if a else 'blue'}" for i in range(60) for a in (0, 1)]
    bare = with_table(case, "choice", "\n".join([header, *rows]))
    assert "no price" in exhibits.willingness_to_pay(bare).finding
    assert not exhibits.attribute_importance(bare).empty


def test_items_without_shares_are_shown_by_their_counts(case):
    rows = [f"{i},1,{item},1,{int(item == 'a')},{int(item == 'c')}" for i in range(40) for item in "abc"]
    shown = exhibits.maxdiff_shares(
        with_table(case, "maxdiff", "\n".join(["respondent,task,item,shown,best,worst", *rows]))
    )
    assert "shares cannot be worked out" in shown.finding
    assert shown.table["share"].tolist() == [1, 0, -1]
    assert shown.tags[-1].text == "read with care"


def test_hostile_names_stay_text(case):
    text = 'respondent,feature,functional,dysfunctional\n1,"<img src=x onerror=alert(1)>",1,5\n2,🚀,3,3\n'
    shown = exhibits.kano_quadrant(with_table(case, "kano", text))
    assert "&lt;img" in shown._repr_mimebundle_()["text/html"]
    assert "<img" not in shown._repr_mimebundle_()["text/html"]


def test_an_answer_is_worked_out_once(case):
    assert case.answer("nps") is case.answer("nps")
    with speaking("it"):
        assert "promotori" in case.answer("nps").conventions[0]
    assert case.answer("nps", alpha=0.1).figures["interval"] != case.answer("nps").figures["interval"]


HEAD = "respondent,need,importance,satisfaction\n"


def needs_survey(case, name, marks, more=""):
    return with_table(
        case, "opportunity", HEAD + "".join(f"r{i},{name},{a},{b}\n" for i, (a, b) in enumerate(marks)) + more
    )


def test_a_survey_from_one_to_five_has_four_and_five_on_top(case):
    need = case.plan.needs[0]
    marks = [(5, 2), (4, 4), (3, 1), (5, 3)] * 10
    asked = needs_survey(Case(case.plan, case.workspace), need.name, marks)
    shown = exhibits.opportunity_scores(asked)
    row = shown.table.set_index("id").loc[need.id]
    # Three of four find it important, one is satisfied: 7.5 + (7.5 - 2.5).
    assert (row["importance"], row["satisfaction"], row["opportunity"]) == pytest.approx((7.5, 2.5, 12.5))
    assert "No answer is over 5, so the scale is taken to end there." in shown.method
    assert all(one.options == ("--scale-max 5",) for one in shown.proposals)


def test_what_a_survey_asks_about_and_the_plan_does_not_is_named(case):
    plan = Plan.model_validate({"needs": {"mine": {"name": "Mine"}}, "studies": tree(case.plan)["studies"]})
    none = exhibits.opportunity_scores(needs_survey(Case(plan, case.workspace), "Something else", [(9, 3)] * 20))
    assert none.empty
    assert "The survey asks about “Something else”" in none.finding
    judged = Plan.model_validate(tree(plan) | {"needs": {"mine": {"name": "Mine", "importance": 8, "satisfaction": 3}}})
    assumed = exhibits.opportunity_scores(needs_survey(Case(judged, case.workspace), "Something else", [(9, 3)] * 20))
    assert assumed.n is None
    assert "no need of the plan: “Something else”." in assumed.method
    some = exhibits.opportunity_scores(
        needs_survey(Case(plan, case.workspace), "Mine", [(9, 3)] * 20, more="r1,Something else,9,3\n")
    )
    assert "Asked about too, but no need of the plan: “Something else”." in some.method
