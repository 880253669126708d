"""The exhibits of customers and market: that they say what the answers say, and draw it."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.model import Plan, tree
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture(scope="module", params=["adaptive-test", "forno-aurora"])
def case(request, tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(shipped("data") / "samples" / f"{request.param}.yaml")
    yield Case(workspace.log.plan(request.param)[0], workspace, plan_id=request.param)
    workspace.log.close()


def marks(part):
    """The marks of a chart, in the order they are drawn."""
    parts = [one for kind in ("vconcat", "layer") for one in part.get(kind, ())]
    return [mark for one in parts for mark in marks(one)] or [part["mark"]["type"]]


def drawn_marks(shown):
    return marks(shown.chart.to_dict(validate=True))


def with_table(case, analysis, text):
    """The case with another table for the study of an analysis."""
    path = case.workspace.folder / f"{analysis}.csv"
    path.write_text(text, "utf-8")
    data = tree(case.plan)
    data["studies"][case.study(analysis).id]["table"] = case.workspace.add_table(path)
    return Case(Plan.model_validate(data), case.workspace, case.segment)


def test_groups_are_shown_with_their_sizes_and_what_they_answer(case):
    shown, answer = exhibits.data_segments(case), case.answer("segments")
    assert shown.table["size"].tolist() == answer.figures["sizes"]
    assert shown.table["share"].sum() == pytest.approx(1)
    assert len(shown.columns) == 3 + len(answer.figures["profiles"][0])
    assert "3 groups" in shown.finding
    assert "same groups" in shown.finding
    assert drawn_marks(shown) == ["rect", "text"]


def test_groups_that_no_other_sample_shows_are_not_recommended(case):
    import numpy as np

    rng = np.random.default_rng(1)
    rows = "\n".join(f"r{i},{a:.4f},{b:.4f}" for i, (a, b) in enumerate(rng.lognormal(0, 1.5, size=(150, 2))))
    bare = with_table(case, "segments", f"respondent,visits,spend\n{rows}\n")
    figures = bare.answer("segments").figures
    finding = exhibits.data_segments(bare).finding
    assert ("do not build" in finding) == (figures["k"] > 1 and figures["stability"] < 0.8)
    rows = "\n".join(f"r{i},{a},{b}" for i, (a, b) in enumerate(rng.integers(0, 2, size=(150, 2))))
    assert exhibits.number_of_segments(with_table(case, "segments", f"respondent,a,b\n{rows}\n")).finding


def test_every_number_of_groups_tried_has_its_figures_and_one_is_marked(case):
    shown = exhibits.number_of_segments(case)
    assert shown.table["k"].tolist() == list(range(1, 9))
    assert shown.table["chosen"].sum() == 1
    assert drawn_marks(shown) == ["line", "point", "rule", "line", "point"]


def test_segments_are_ranked_by_what_a_customer_is_worth_with_intervals(case):
    shown, rows = exhibits.value_by_segment(case), case.answer("lifetime-value").rows
    table = shown.table
    assert table["value"].is_monotonic_decreasing
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()
    assert (table["value"] * table["n"]).sum() == pytest.approx(rows["value"].sum())
    assert table.iloc[0]["name"] in shown.finding
    assert table.iloc[0]["name"] != table.iloc[0]["segment"]
    assert drawn_marks(shown) == ["rule", "point", "text"]


def test_customers_without_segments_are_one_row(case):
    log = "".join(f"c{i % 40},2026-0{1 + i % 7}-{1 + i % 27:02d},{10 + i % 9}\n" for i in range(160))
    shown = exhibits.value_by_segment(with_table(case, "lifetime-value", "customer,date,amount\n" + log))
    assert shown.table["name"].tolist() == ["All customers"]
    assert "on average" in shown.finding


def test_cohorts_are_drawn_as_seen_and_the_curve_past_what_was_seen(case):
    shown, answer = exhibits.retention_curves(case), case.answer("retention")
    assert len(shown.table) == len(answer.rows)
    seen = shown.table[shown.table["basis"] == "own"]
    assert (seen["left"] - seen["curve_there"]).abs().max() < 0.15
    assert drawn_marks(shown) == ["line", "line", "point", "text", "text"]
    curve = answer.figures["curve"]
    assert f"{curve[1]:.0%}".removesuffix("%") in shown.finding


def test_themes_stand_worst_first_with_their_words_and_texts_as_written(case):
    shown, texts = exhibits.feedback_themes(case), set(case.answers("feedback-themes").rows["text"])
    assert shown.table["rating"].is_monotonic_increasing
    assert len(shown.cards) == len(shown.table)
    for card in shown.cards:
        ((_label, quotes),) = card.facts
        assert {quote.strip("“”") for quote in quotes} <= texts
    assert drawn_marks(shown) == ["bar", "text"]


def test_themes_without_ratings_are_the_largest_first(case):
    rows = case.answers("feedback-themes").rows["text"].str.replace('"', "'")
    bare = with_table(case, "feedback-themes", "text\n" + "".join(f'"{text}"\n' for text in rows))
    shown = exhibits.feedback_themes(bare)
    assert shown.table["share"].is_monotonic_decreasing
    assert "rating" not in [column.name for column in shown.columns]
    assert "most about" in shown.finding


def test_brands_and_attributes_share_a_map_on_which_every_name_finds_a_place(case):
    shown = exhibits.brand_map(case)
    assert set(shown.table["kind"]) == {"brand", "attribute"}
    assert shown.chart.to_dict()["layer"][2]["encoding"]["opacity"]["field"] == "quality"
    assert shown.chart.to_dict()["layer"][3]["name"].startswith("around")  # the page finds each a free place
    assert any(name in shown.finding for name in shown.table.loc[shown.table["kind"] == "brand", "name"])


def test_two_brands_are_a_line_and_still_a_map(case):
    two = with_table(case, "perceptual-map", "brand,attribute,count\nwe,fast,9\nwe,kind,2\nthey,fast,3\nthey,kind,8\n")
    shown = exhibits.brand_map(two)
    assert set(shown.table["y"]) == {0.0}
    assert "100" in shown.finding
