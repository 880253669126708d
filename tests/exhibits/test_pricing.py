"""Step 5 in exhibits: shares that follow the plan's price, ways to price an offer, trials beside flagged claims."""

from pathlib import Path

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.checks import check
from workbook.plan.model import Plan, tree
from workbook.plan.workspace import Workspace

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(SAMPLES / "forno-aurora.yaml")
    yield workspace
    workspace.log.close()


def case(workspace, change=lambda data: None):
    data = tree(workspace.log.plan("forno-aurora")[0])
    change(data)
    return Case(Plan.model_validate(data), workspace)


def priced(price):
    def change(data):
        data["offers"]["scatola-natale"]["price"] = price

    return change


def test_the_share_of_our_package_follows_the_price_in_the_plan(workspace):
    cheap, dear = (exhibits.package_shares(case(workspace, priced(price))).table for price in (10, 18))
    assert cheap["share"][0] > dear["share"][0]
    assert cheap["own"].tolist() == [True, False, False, False]
    shown = exhibits.price_and_share(case(workspace, priced(10)))
    assert shown.table.loc[shown.table["best"], "price"].tolist() == [10]
    assert shown.finding.startswith("At €10.00 “Scatola di Natale” is taken by 52")
    assert shown.n == 110


def test_a_price_outside_what_was_asked_is_said(workspace):
    tags = [tag.text for tag in exhibits.package_shares(case(workspace, priced(30))).tags]
    assert "priced outside what was asked (€9 to €19): Scatola di Natale" in tags


def test_one_package_or_no_choices_teach(workspace):
    def alone(data):
        data["packages"] = {"nostra-scatola": data["packages"]["nostra-scatola"]}

    assert exhibits.package_shares(case(workspace, alone)).empty
    assert exhibits.price_and_share(Case(Plan(), workspace)).empty


def test_ways_to_price_are_compared_and_it_is_said_when_customers_kept_turn_the_choice(workspace):
    shown = exhibits.price_options(case(workspace))
    assert shown.table["total"].idxmax() == 0
    assert "would bring most" in shown.finding

    def keeps(data):
        data["offers"]["scatola-del-mese"]["options"]["compresa-nella-tessera"] |= {"churn": 0.05, "won": 300}

    turned = exhibits.price_options(case(workspace, keeps))
    assert "“Compresa nella tessera” would bring most" in turned.finding
    assert "the choice rests on the customers it keeps and wins" in turned.finding
    marks = turned.chart.to_dict()
    assert [layer["mark"]["type"] for layer in marks["layer"]] == ["bar", "rule", "tick", "text"]


def test_claims_about_trials_stand_flagged_beside_the_teams_own_and_in_no_figure(workspace):
    shown = exhibits.trial_economics(case(workspace))
    assert [card.title for card in shown.cards] == ["Opt-in trials convert 18.20 %", "Opt-out trials convert 48.80 %"]
    assert all("grade E" in tag.text for card in shown.cards for tag in card.tags)
    assert not {0.182, 0.488} & set(shown.table["rate"].round(3))

    def unknown(data):
        for trial in data["trials"].values():
            del trial["converts"]

    bare = exhibits.trial_economics(case(workspace, unknown))
    assert bare.table["paying"].isna().all()
    assert bare.chart is None
    assert exhibits.trial_economics(Case(Plan(), workspace)).cards == shown.cards


def test_what_is_missing_or_wrong_is_advice_beside_the_field():
    plan = Plan.model_validate(
        {
            "offers": {"tool": {"name": "Tool", "trial": "opt-in", "options": {"one": {"model": "add-on"}, "two": {}}}},
            "packages": {"ours": {"levels": ["tests adaptive"]}},
            "trials": {"card": {"kind": "opt-out", "offer": "tool"}},
        }
    )
    said = {point.path: point.sentence for point in check(plan)}
    assert "column = level" in said["/packages/ours/levels"]
    assert {"/packages/ours/offer", "/packages/ours/price", "/packages"} <= set(said)
    assert {
        "/offers/tool/options/one/price",
        "/offers/tool/options/one/uptake",
        "/offers/tool/options/two/model",
    } <= set(said)
    assert "forgetful" in said["/trials/card/stays"]
    assert "/trials" not in said
    assert not [point for point in check(plan) if point.fault]
