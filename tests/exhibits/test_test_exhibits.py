"""Step 11 as a reader sees it: sizes, the check before the results, both read-outs, and tables that cannot be read."""

import pandas as pd
import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.model import Plan, tree
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped

STEP_11 = (
    "test_sizes",
    "split_check",
    "test_readouts",
    "adaptive_shares",
    "adaptive_regret",
    "idea_tests",
    "tests_and_curves",
    "programmes_pay",
)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("tests") / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield Case(workspace.log.plan("adaptive-test")[0], workspace)
    workspace.log.close()


def with_results(case, tmp_path, text, traffic="fixed"):
    """Return the case with one table of results and its test's traffic as said."""
    (tmp_path / "results.csv").write_text(text)
    data = tree(case.plan)
    data["studies"] = {
        "results": {
            "analysis": "ab-test",
            "name": "Results",
            "table": case.workspace.add_table(tmp_path / "results.csv"),
        }
    }
    data["experiments"]["landing-page"]["traffic"] = traffic
    return Case(Plan.model_validate(data), case.workspace)


def test_a_test_without_enough_days_says_what_they_can_find(case):
    shown = exhibits.test_sizes(case)
    assert "needs 65 days and has 28" in shown.finding
    assert "0.9 points" in shown.finding


def test_an_unreachable_sample_is_named_with_the_way_out(case):
    data = tree(case.plan)
    data["experiments"]["landing-page"] |= {"daily_users": 20}
    shown = exhibits.test_sizes(Case(Plan.model_validate(data), case.workspace))
    assert "“Which page brings more requests for the guide” cannot reach its sample" in shown.finding
    assert "fewer variants" in shown.finding


def test_a_mismatch_closes_the_results_of_a_fixed_split_and_not_of_an_adaptive_one(case, tmp_path):
    table = "variant,users,conversions\nLong form,1000,50\nShort form,1300,90\nCustomer story,1000,40\n"
    fixed = with_results(case, tmp_path, table)
    assert exhibits.split_check(fixed).finding.startswith("Do not read Results")
    assert exhibits.test_readouts(fixed).empty
    moved = with_results(case, tmp_path, table, "adaptive")
    assert "can be read" in exhibits.split_check(moved).finding
    assert not exhibits.test_readouts(moved).empty


def test_both_ways_of_reading_stand_side_by_side(case):
    shown = exhibits.test_readouts(case)
    clicks = shown.table[(shown.table["measure"] == "Page test, clicks") & (shown.table["variant"] == "customer story")]
    assert clicks["frequentist"].item() == "no difference seen"
    assert clicks["bayesian"].item() == "better"
    assert "what was to decide is: Conversion rate" in shown.finding


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Long form,100,0\nShort form,100,4\n", "no relative lift"),
        ("Long form,100,5\n", "at least two variants"),
        ("Long form,100,500\nShort form,100,5\n", "cannot be more than users"),
    ],
)
def test_results_that_cannot_be_read_say_why_and_the_page_stands(case, tmp_path, rows, says):
    broken = with_results(case, tmp_path, "variant,users,conversions\n" + rows)
    for name in ("split_check", "test_readouts", "adaptive_shares"):
        shown = getattr(exhibits, name)(broken)
        assert shown.empty
        assert says in shown.finding


def test_the_loss_of_an_adaptive_test_lies_under_that_of_a_fixed_split(case):
    shown = exhibits.adaptive_regret(case).table.set_index(["measure", "kind"])["lost"]
    for measure in ("Conversion rate", "Session time"):
        assert shown[measure, "adaptive"] < 0.75 * shown[measure, "fixed"]


def test_a_lift_test_moves_a_curve_and_untested_channels_are_named(case):
    shown = exhibits.tests_and_curves(case)
    assert "Partner marketing from 3.0 to 2.7" in shown.finding
    assert "Events" in shown.finding


def test_a_reward_dearer_than_what_it_brings_does_not_pay(case):
    data = tree(case.plan)
    data["referrals"]["invite-a-team"]["reward"] = 200_000
    shown = exhibits.programmes_pay(Case(Plan.model_validate(data), case.workspace))
    assert "it does not pay" in shown.finding


def test_an_empty_plan_is_told_what_to_do_first(case):
    bare = Case(Plan(), case.workspace)
    for name in [
        "test_sizes",
        "split_check",
        "test_readouts",
        "adaptive_shares",
        "adaptive_regret",
        "idea_tests",
        "tests_and_curves",
        "programmes_pay",
    ]:
        shown = getattr(exhibits, name)(bare)
        assert shown.empty
        assert len(shown.finding) > 40


def test_sizes_of_the_sample_have_the_figures_of_the_command(case):
    from workbook.execution.samples import sample_size

    row = exhibits.test_sizes(case).table.iloc[0]
    assert row["per_variant"] == pytest.approx(sample_size(baseline=0.02, effect=0.006).figures["per_variant"])
    assert isinstance(exhibits.test_sizes(case).table, pd.DataFrame)
