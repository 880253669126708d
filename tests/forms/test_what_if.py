"""Trying out another budget or scenario: worked out at once, and never written."""

import pytest

from workbook import exhibits
from workbook.channels.split import split
from workbook.exhibits import Case
from workbook.forms.live import LivePlan
from workbook.forms.what_if import WhatIf
from workbook.pages import made_workspace
from workbook.plan.worth import segment_worth


@pytest.fixture
def live(tmp_path):
    workspace = made_workspace(tmp_path / "team", samples=True)
    yield LivePlan(workspace, "adaptive-test")
    workspace.log.close()


def field(trial, name):
    return next(f for f in trial.content()["cards"][0]["fields"] if f["path"] == f"/what-if/{name}")


def test_another_budget_is_split_and_nothing_is_stored(live):
    trial, before = WhatIf(live), live.workspace.log.head("adaptive-test")
    assert trial.edit("/what-if/total", "90000")
    assert trial.plan.budget.total == 90_000
    assert live.plan.budget.total == 120_000
    assert split(trial.plan).table["spend"].sum() == pytest.approx(82_000)
    shown = exhibits.what_if_outcome(Case(trial.plan, live.workspace, decided=live.plan))
    assert "€90,000" in shown.finding
    assert "instead of" in shown.finding
    assert shown.table["budget"].tolist() == [120_000, 90_000]
    assert live.workspace.log.head("adaptive-test") == before


def test_a_scenario_is_tried_out_and_taken_back(live):
    trial = WhatIf(live)
    assert trial.edit("/what-if/scenario", "paid")
    assert trial.plan.item("adaptive-tests").price == 300
    assert trial.tried
    trial.reset()
    assert trial.plan is live.plan
    assert not trial.tried


def test_the_slider_stands_on_the_budget_and_has_ends_on_its_steps(live):
    slider = field(WhatIf(live), "total")
    assert (float(slider["text"]), slider["shown"]) == (120_000, "€120,000")
    assert slider["low"] < 120_000 < slider["high"]
    for end in (slider["low"], slider["high"]):
        assert (end - 120_000) / slider["step"] == pytest.approx(round((end - 120_000) / slider["step"]))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/what-if/total", "lots"),
        ("/what-if/total", "nan"),
        ("/what-if/total", ["1", "2"]),
        ("/what-if/scenario", "no-such"),
        ("/budget/total", "1"),
        ("/what-if/other", "1"),
    ],
)
def test_what_no_slider_sends_is_not_taken(live, path, text):
    trial = WhatIf(live)
    assert not trial.edit(path, text)
    assert trial.plan is live.plan


def test_a_budget_past_the_ends_stops_at_them_and_the_reserve_follows(live):
    trial = WhatIf(live)
    trial.edit("/what-if/total", "1e12")
    assert trial.plan.budget.total == field(trial, "total")["high"]
    live.edit("/budget/reserve", "60000")
    trial.edit("/what-if/total", "1")
    assert trial.plan.budget.total >= trial.plan.budget.reserve


def test_what_was_tried_out_follows_a_change_of_the_plan(live):
    trial = WhatIf(live)
    trial.edit("/what-if/total", "90000")
    live.edit("/budget/reserve", "1000")
    assert (trial.plan.budget.total, trial.plan.budget.reserve) == (90_000, 1_000)


def test_without_a_budget_there_is_no_slider(live):
    live.edit("/budget/total", "")
    trial = WhatIf(live)
    assert [f["path"] for f in trial.content()["cards"][0]["fields"]] == ["/what-if/scenario"]
    assert not trial.edit("/what-if/total", "5")


def test_another_price_moves_who_takes_it_what_a_customer_is_worth_and_the_split_and_nothing_is_stored(live):
    paid = LivePlan(live.workspace, "adaptive-test", "paid")
    trial, before = WhatIf(paid), live.workspace.log.head("adaptive-test")
    slider = field(trial, "price-adaptive-tests")
    assert slider["label"] == "Price of “Adaptive tests as an add-on”"
    assert (slider["low"], slider["text"], slider["high"]) == (120, "300", 360), "within the prices that were asked"
    assert trial.edit(slider["path"], "210")
    # Of those asked 135 of 220 would buy at 210 and 62 at 300: of the fifth that takes it at 300 it makes 43.5 %.
    uptake = 0.2 * (135 / 220) / (62 / 220)
    offer = trial.plan.item("adaptive-tests")
    assert (offer.price, offer.uptake) == (210, pytest.approx(uptake))
    assert "44" in field(trial, "price-adaptive-tests")["help"]
    segment = trial.plan.item("enterprise")
    margin = segment.contract_value * segment.margin + 12 * (210 - offer.unit_cost) * uptake
    assert segment_worth(segment, trial.plan) == pytest.approx(margin / segment.churn)
    shown = exhibits.what_if_outcome(Case(trial.plan, live.workspace, decided=paid.plan))
    assert "margin" in shown.finding
    worths = shown.table["worth"].tolist()
    assert worths == [pytest.approx(split(plan).table["worth"].sum()) for plan in (paid.plan, trial.plan)]
    assert worths[1] > worths[0]
    assert live.workspace.log.head("adaptive-test") == before
    assert trial.edit(slider["path"], "300")
    assert trial.plan is paid.plan


def test_a_price_without_answers_keeps_who_takes_it_and_says_so(live):
    paid = LivePlan(live.workspace, "adaptive-test", "paid")
    paid.edit("/studies/price-ladder/table", "")
    trial = WhatIf(paid)
    assert trial.edit("/what-if/price-adaptive-tests", "210")
    assert trial.plan.item("adaptive-tests").uptake == 0.2
    assert "stays at 20" in field(trial, "price-adaptive-tests")["help"]


def test_a_price_is_tried_out_only_where_one_is_paid_on_top(live):
    trial = WhatIf(live)
    assert not trial.edit("/what-if/price-adaptive-tests", "210"), "it is included in the base scenario"
    trial.edit("/what-if/scenario", "paid")
    assert trial.edit("/what-if/price-adaptive-tests", "210")
    trial.edit("/what-if/scenario", "")
    assert trial.plan is live.plan
