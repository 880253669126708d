"""Step 12 as a reader sees it: the course, where a gap comes from, what the table adds, what to move and to question."""

from datetime import date

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.adoption import adopted
from workbook.plan.model import Plan, tree
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

STEP_12 = (
    "actuals_from_table",
    "course_to_goal",
    "indicator_definitions",
    "indicator_status",
    "lead_sources",
    "reallocation",
    "stage_shortfalls",
    "upstream_questions",
    "variance_parts",
)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("measure") / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield Case(workspace.log.plan("adaptive-test")[0], workspace)
    workspace.log.close()


def changed(case, *edits):
    data = tree(case.plan)
    for path, value in edits:
        place = data
        *way, last = path.strip("/").split("/")
        for step in way:
            place = place.setdefault(step, {})
        place[last] = value
    return Case(Plan.model_validate(data), case.workspace)


def behind(case):
    """The case with half the leads in March."""
    return changed(case, ("/indicators/leads/readings/leads-2027-03/actual", 40))


def test_the_course_names_done_due_and_the_end(case):
    assert exhibits.course_to_goal(case).finding.startswith("New customers: 6 of 6 by March 2027, just as planned.")


def test_a_gap_is_split_without_a_remainder(case):
    row = exhibits.variance_parts(case).table.set_index("id").loc["leads"]
    # 324 came of 340; the spend of each month at its planned response would have brought 20 more.
    assert row["variance_words"] == "\u221216"
    assert row["spend"] + row["response"] == pytest.approx(row["whole"])


def test_the_table_is_taken_over_by_an_act_and_then_holds_nothing_new(case):
    shown = exhibits.actuals_from_table(case)
    assert len(shown.table) == 24
    edits = adopted(case.plan, shown.proposals, day=date(2027, 7, 1), fingerprints={})
    after = changed(case, *((edit.path, edit.value) for edit in edits))
    assert exhibits.actuals_from_table(after).finding == "The plan holds all the actuals of the table."
    assert exhibits.course_to_goal(after).finding.startswith("New customers: 15 of 15 by June 2027")


def test_leads_that_fall_behind_are_traced_to_stage_message_and_upstream(case):
    late = behind(case)
    assert "1 of 9 indicators is behind" in exhibits.indicator_status(late).finding
    shortfall = exhibits.stage_shortfalls(late).finding
    assert "“Compares”: Leads" in shortfall
    assert "Ten tests that paid" in shortfall
    questions = exhibits.upstream_questions(late)
    assert questions.finding.startswith("Leads is behind.")
    assert questions.table["weakness"].is_monotonic_increasing
    assert "Needs" in set(questions.table["kind"])


def test_a_channel_that_brings_half_loses_money_in_the_proposal(case):
    edits = [
        (f"/indicators/leads/readings/leads-2027-{month}", {"month": f"2027-{month}", **figures})
        for month, figures in (
            (m, {"target": 110, "actual": 44, "spend_target": 9000, "spend_actual": 9000}) for m in ("01", "02", "03")
        )
    ]
    shown = exhibits.reallocation(changed(case, *edits, ("/indicators/leads/channels", ["linkedin-ads"])))
    moved = shown.table.set_index("id")["move"]
    assert moved["linkedin-ads"] < -10_000
    assert "from LinkedIn ads" in shown.finding or "out of LinkedIn ads" in shown.finding


def test_division_by_nothing_is_a_sentence_beside_the_figure(case):
    none = changed(
        case, *((f"/indicators/customers/readings/customers-2027-{m}/actual", 0) for m in ("01", "02", "03"))
    )
    table = exhibits.money_figures(none).table.set_index("figure")
    assert table.loc["Cost of a customer (CAC)", "value"] == "–"
    assert "missing: new customers" in table.loc["Cost of a customer (CAC)", "missing"]


def test_a_source_is_set_beside_the_others_and_the_plan(case):
    table = exhibits.lead_sources(case).table.set_index("source")
    assert table.loc["email", "planned"] == 0.04
    assert table.loc["linkedin-ads", "short"] == "offer"


@pytest.mark.parametrize("name", STEP_12)
def test_an_empty_plan_is_told_what_to_do_first(case, name):
    shown = getattr(exhibits, name)(Case(Plan(), case.workspace))
    assert shown.empty
    assert len(shown.finding) > 40
