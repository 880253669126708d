"""The share simulator: true shares of a synthetic study, shares that are a whole, prices that only take away."""

from math import exp
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA
from workbook.errors import AnalysisError
from workbook.plan.files import read_plan
from workbook.plan.model import Plan
from workbook.research.choice import fitted
from workbook.research.simulator import contenders, price_range, shares_by_price, simulated_shares

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


def model_of(name, price):
    return fitted(pd.read_csv(SAMPLES / "tables" / f"{name}-choices.csv"), price=price)


@pytest.fixture(scope="module")
def model():
    return model_of("adaptive-test", "price")


def plan_with(packages, **offer):
    return Plan.model_validate(
        {
            "offers": {"tool": {"name": "Tool", "model": "add-on", "price": 150, **offer}},
            "rivals": {"they": {"name": "They"}},
            "packages": packages,
        }
    )


OURS = {"name": "Ours", "offer": "tool", "levels": ["tests = adaptive"]}
THEIRS = {"name": "Theirs", "rival": "they", "levels": ["Analysis = At-Scale"], "price": 90}


@pytest.mark.parametrize(
    ("name", "price", "truth"),
    [("adaptive-test", "price", ADAPTIVE_TEST.choices), ("forno-aurora", "prezzo", FORNO_AURORA.choices)],
)
def test_the_shares_of_the_samples_packages_are_those_of_the_true_utilities(name, price, truth):
    packages = contenders(read_plan(SAMPLES / f"{name}.yaml")[1])
    found = simulated_shares(model_of(name, price), packages)
    utilities = [
        sum(truth.levels[column][level] for column, level in one.levels) + truth.per_euro * one.price
        for one in packages
    ]
    weights = [exp(utility) for utility in utilities]
    for row, weight in zip(found.itertuples(), weights, strict=True):
        true = weight / sum(weights)
        # The tables are one draw: an interval of 95 % may miss a little.
        assert row.low - 0.02 <= true <= row.high + 0.02
    assert found["share"].sum() == pytest.approx(1)
    assert found["own"].tolist() == [True] + [False] * (len(packages) - 1)


@given(prices=st.lists(st.floats(90, 290), min_size=2, max_size=5, unique=True))
@settings(max_examples=15, deadline=None)
def test_a_higher_price_never_brings_a_larger_share(model, prices):
    packages = contenders(plan_with({"ours": OURS, "theirs": THEIRS}))
    found = shares_by_price(model, packages, "ours", sorted(prices))
    assert found["share"].is_monotonic_decreasing
    assert ((found["low"] <= found["share"]) & (found["share"] <= found["high"])).all()


def test_the_price_of_the_offer_moves_the_share_and_a_package_may_have_its_own(model):
    def share(**offer):
        return simulated_shares(model, contenders(plan_with({"ours": OURS, "theirs": THEIRS}, **offer)))["share"][0]

    assert share(price=100) > share(price=150) > share(price=290)
    included = contenders(plan_with({"ours": OURS}, model="bundled", price=None))
    assert included[0].price == 0
    assert contenders(plan_with({"ours": {**OURS, "price": 120}}))[0].price == 120
    assert contenders(plan_with({"ours": OURS}, price=None))[0].price is None


def test_round_prices_are_drawn_from_the_lowest_to_the_highest_asked_and_to_our_own(model):
    assert price_range(model) == (90, 290)
    found = shares_by_price(model, contenders(plan_with({"ours": OURS, "theirs": THEIRS}, price=303)), "ours")
    assert found["price"].tolist()[:3] == [90, 100, 120]
    assert found["price"].tolist()[-2:] == [300, 303]


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (["tests: adaptive"], "column = level"),
        (["test = adaptive"], "tests"),
        (["tests = adaptif"], "adaptive"),
    ],
)
def test_a_level_that_was_not_asked_about_is_refused_with_the_nearest(model, levels, said):
    with pytest.raises(AnalysisError, match=said):
        simulated_shares(model, contenders(plan_with({"ours": {**OURS, "levels": levels}, "theirs": THEIRS})))


def test_tasks_without_a_price_have_no_share_by_price():
    rows = pd.read_csv(SAMPLES / "tables" / "adaptive-test-choices.csv").drop(columns="price")
    packages = contenders(plan_with({"ours": OURS, "theirs": THEIRS}))
    assert simulated_shares(fitted(rows), packages)["share"].sum() == pytest.approx(1)
    with pytest.raises(AnalysisError, match="no price"):
        shares_by_price(fitted(rows), packages, "ours")
