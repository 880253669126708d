"""Trying out another budget or scenario: worked out at once, and never written."""

import pytest

from workbook import exhibits
from workbook.channels.split import split
from workbook.exhibits import Case
from workbook.forms.live import LivePlan
from workbook.forms.what_if import WhatIf
from workbook.pages import made_workspace


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
