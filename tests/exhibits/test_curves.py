"""What history and tests say of the team's curves, in exhibits and down to the split."""

import pytest

from workbook import exhibits
from workbook.channels.beliefs import assumed, believed
from workbook.channels.split import planned_channels
from workbook.exhibits import Case
from workbook.plan.model import Basis, Plan, tree
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield workspace
    workspace.log.close()


def case(workspace, **lift):
    data = tree(workspace.log.plan("adaptive-test")[0])
    for curve in data["curves"].values():
        curve.pop("lift", None)
    if lift:
        data["curves"]["search-curve"]["lift"] = lift
    return Case(Plan.model_validate(data), workspace)


def test_history_stands_beside_the_estimates_in_customers_of_the_plans_period(workspace):
    shown = exhibits.observed_curves(case(workspace))
    rows = shown.table.set_index(["channel", "basis"])
    # True curves of the synthetic history are in customers a year, the plan's period: 8.9 of LinkedIn ads at 40,000.
    linkedin = rows.loc[("LinkedIn ads", "observed")]
    assert linkedin["low"] < 20 * 40**1.5 / (46**1.5 + 40**1.5) < linkedin["high"]
    assert rows.loc[("LinkedIn ads", "assumed"), "outcome"] == pytest.approx(9)
    assert shown.n == 104
    assert "E-book offer" in shown.finding


def test_without_customers_per_outcome_the_history_is_shown_in_its_own_unit(workspace):
    data = tree(case(workspace).plan)
    for curve in data["curves"].values():
        curve.pop("conversion")
    shown = exhibits.observed_curves(Case(Plan.model_validate(data), workspace))
    assert shown.chart is None
    assert "Say on the curves how many customers" in shown.finding
    assert len(shown.table) == 6


def test_a_test_moves_the_curve_that_the_split_uses(workspace):
    before, after = case(workspace), case(workspace, without=0, during=30_000, low=2.5, likely=3, high=3.5)
    curves = [next(c for c in planned_channels(one.plan) if c.id == "search-ads") for one in (before, after)]
    assert [float(curve.curve.outcome(30_000)) for curve in curves] == pytest.approx([6.6, 3.1], abs=0.25)
    assert curves[1].basis is Basis.TESTED
    assert curves[1].high - curves[1].low < curves[0].high - curves[0].low
    shown = exhibits.tested_curve(after)
    assert shown.finding.startswith("The test moves Search ads from 6.6 to 3.")
    spends = [exhibits.budget_split(one).table.set_index("id")["spend"]["search-ads"] for one in (before, after)]
    assert spends[1] < spends[0], "a channel that brings less gets less"


def test_half_a_test_changes_nothing(workspace):
    half = case(workspace, without=0, likely=3)
    curve = next(c for c in half.plan.curves if c.id == "search-curve")
    assert believed(curve).curve == assumed(curve).curve
    assert exhibits.tested_curve(half).empty
