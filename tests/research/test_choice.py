import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import AnalysisError, ParameterError, TableError
from workbook.research.choice import choice, fitted, shares


def drawn(tasks, *, seed=0, per_respondent=8, euro=-0.02):
    """Choices between two offers: colour red, green or blue (0, 0.5, 1), size (0.3 each), price."""
    rng = np.random.default_rng(seed)
    rows = 2 * tasks
    table = pd.DataFrame(
        {
            "respondent": np.arange(rows) // (2 * per_respondent),
            "task": np.arange(rows) // 2 % per_respondent,
            "alternative": np.arange(rows) % 2,
            "chosen": 0,
            "colour": rng.choice(["red", "green", "blue"], rows),
            "size": rng.integers(1, 4, rows),
            "price": rng.choice([20.0, 40, 60, 80], rows),
        }
    )
    table.loc[0, "colour"] = "red"
    worth = table["colour"].map({"red": 0, "green": 0.5, "blue": 1}) + 0.3 * table["size"] + euro * table["price"]
    utility = (worth + rng.gumbel(size=rows)).to_numpy().reshape(-1, 2)
    table.loc[np.arange(tasks) * 2 + utility.argmax(axis=1), "chosen"] = 1
    return table


def test_travel_modes_match_the_published_estimates():
    # Greene, Econometric Analysis: conditional logit of the choice between four ways to travel, 210 travellers.
    from statsmodels.datasets import modechoice

    data = modechoice.load_pandas().data
    modes = data["mode"].map({1: "air", 2: "train", 3: "bus", 4: "car"})
    table = data[["gc", "ttme"]].assign(
        respondent=data["individual"], task=1, alternative=modes, chosen=data["choice"], mode=modes
    )
    got = choice(table.assign(hinc_air=data["hinc"] * modes.eq("air")), reference=["mode=car"])
    expected = {
        "mode=air": 5.2074,
        "mode=train": 3.8690,
        "mode=bus": 3.1632,
        "gc": -0.01550,
        "ttme": -0.09612,
        "hinc_air": 0.01329,
    }
    assert got.figures["coefficients"] == pytest.approx(expected, abs=5e-5)
    assert got.figures["log_likelihood"] == pytest.approx(-199.1284, abs=5e-5)
    assert got.n == 210


def test_willingness_to_pay_is_the_part_worth_over_that_of_a_euro_by_the_delta_method():
    got = choice(drawn(3000), price="price").figures
    b, p = got["coefficients"]["colour=blue"], got["coefficients"]["price"]
    assert got["willingness_to_pay"]["colour=blue"] == pytest.approx(-b / p)
    assert set(got["willingness_to_pay"]) == {"colour=green", "colour=blue", "size"}
    low, high = got["willingness_to_pay_interval"]["colour=blue"]
    simulated = choice(drawn(3000), price="price", interval="krinsky-robb").figures["willingness_to_pay_interval"][
        "colour=blue"
    ]
    assert (low + high) / 2 == pytest.approx(-b / p)
    assert [low, high] == pytest.approx(simulated, rel=0.1)


def test_importance_is_the_span_of_part_worths_over_all_spans():
    table = drawn(500, per_respondent=2)
    got = choice(table, price="price").figures
    b = got["coefficients"]
    spans = {
        "colour": max(0, b["colour=green"], b["colour=blue"]) - min(0, b["colour=green"], b["colour=blue"]),
        "size": 2 * abs(b["size"]),
        "price": 60 * abs(b["price"]),
    }
    assert got["importance_of"] == "pooled"
    assert got["importance"] == pytest.approx({name: span / sum(spans.values()) for name, span in spans.items()})


def test_where_every_respondent_has_a_fit_importance_is_the_mean_of_theirs():
    table = drawn(600, per_respondent=200, seed=5)
    got = choice(table, price="price").figures
    own = [choice(table[table["respondent"].eq(r)], price="price").figures["importance"] for r in range(3)]
    assert got["importance_of"] == "respondents"
    assert got["importance"]["price"] == pytest.approx(np.mean([one["price"] for one in own]))
    assert sum(got["importance"].values()) == pytest.approx(1)


def test_the_reference_moves_the_zero_and_nothing_else():
    table = drawn(300)
    first, other = choice(table, price="price"), choice(table, price="price", reference=["colour=blue"])
    a, b = first.figures["coefficients"], other.figures["coefficients"]
    assert b["colour=red"] == pytest.approx(-a["colour=blue"])
    assert b["colour=green"] == pytest.approx(a["colour=green"] - a["colour=blue"])
    assert other.figures["log_likelihood"] == pytest.approx(first.figures["log_likelihood"])
    assert other.figures["importance"] == pytest.approx(first.figures["importance"])
    # A reference makes words of numbers.
    assert "size=3" in choice(table, reference=["size=1"]).figures["coefficients"]


def test_the_true_values_of_the_study_come_back(company, study):
    truth, table = company.choices, study("choices")
    got = choice(table, price=truth.price).figures
    for column, levels in truth.levels.items():
        for level, utility in list(levels.items())[1:]:
            term = f"{column}={level}"
            # 3.5 standard errors.
            assert abs(got["coefficients"][term] - utility) < 3.5 * got["standard_errors"][term]
            low, high = got["willingness_to_pay_interval"][term]
            assert abs(got["willingness_to_pay"][term] - truth.willingness_to_pay[level]) < 3.5 * (high - low) / 3.92
    assert abs(got["coefficients"][truth.price] - truth.per_euro) < 3.5 * got["standard_errors"][truth.price]
    assert got["tasks"] == truth.respondents * truth.tasks


def test_offers_share_the_choices_by_their_utilities():
    table = drawn(400)
    model = fitted(table, price="price")
    b = model.coefficients
    got = shares(model, [{"colour": "blue", "size": 2, "price": 40}, {"price": 20}, {}])
    utility = np.array(
        [b["colour=blue"] + 2 * b["size"] + 40 * b["price"], b["size"] + 20 * b["price"], b["size"] + 20 * b["price"]]
    )
    assert got["share"].to_numpy() == pytest.approx(np.exp(utility) / np.exp(utility).sum())
    assert ((got["low"] < got["share"]) & (got["share"] < got["high"])).all()
    said = choice(table, offer=["colour=blue, size=2, Price=40", "price=20"]).figures["shares"]
    assert said[0]["share"] + said[1]["share"] == pytest.approx(1)
    with pytest.raises(AnalysisError, match="no level “grene”"):
        shares(model, [{"colour": "grene"}])
    with pytest.raises(AnalysisError, match="no attribute “prise”"):
        shares(model, [{"prise": 3}])
    with pytest.raises(AnalysisError, match="must be a number"):
        shares(model, [{"price": "cheap"}])
    with pytest.raises(AnalysisError, match="is no offer"):
        choice(table, offer=["blue"])


def test_none_of_these_gets_a_constant():
    table = drawn(400).astype({"colour": object, "size": object, "price": object})
    nothing = table[table["alternative"].eq(0)].assign(alternative=9, chosen=0, colour="", size=None, price=0)
    picks = nothing.index[:60]
    nothing.loc[picks, "chosen"] = 1
    whole = pd.concat([table, nothing])
    keys = nothing.loc[picks, ["respondent", "task"]].apply(tuple, axis=1)
    taken = whole[["respondent", "task"]].apply(tuple, axis=1).isin(set(keys)) & whole["alternative"].ne(9)
    whole.loc[taken.to_numpy(), "chosen"] = 0
    got = choice(whole, price="price")
    assert "none" in got.figures["coefficients"]
    assert "none" not in got.figures["importance"]
    assert "none" not in got.figures["willingness_to_pay"]
    assert got.figures["tasks"] == 400
    assert not got.excluded


def test_tasks_that_are_no_choice_are_left_out_whole():
    good = drawn(200)
    bad = drawn(6, per_respondent=6, seed=9).assign(respondent=900).astype({"chosen": object, "colour": object})
    bad.loc[bad["task"].eq(0), "chosen"] = 0
    bad.loc[bad["task"].eq(1), "chosen"] = 1
    bad.loc[bad["task"].eq(2), "alternative"] = 1
    bad = bad.drop(index=bad.index[bad["task"].eq(3) & bad["chosen"].eq(0)])
    bad.loc[bad.index[bad["task"].eq(4)][0], "colour"] = ""
    bad.loc[bad.index[bad["task"].eq(5)][0], "chosen"] = "perhaps"
    got = choice(pd.concat([good, bad]), price="price")
    assert got.figures["coefficients"] == pytest.approx(choice(good, price="price").figures["coefficients"])
    assert sum(got.excluded.values()) == len(bad)
    assert len(got.excluded) == 7


def test_a_column_that_never_differs_within_a_task_is_not_used_and_said():
    table = drawn(200).assign(
        segment="enterprise",
        age=lambda t: t["respondent"] + 20,
        respondent=lambda t: "🙂" + t["respondent"].astype(str),
    )
    got = choice(table, price="price")
    assert "segment" not in got.figures["importance"]
    assert any("segment and age" in said for said in got.conventions)


def test_a_price_that_does_not_deter_has_no_willingness_to_pay():
    got = choice(drawn(400, euro=0.02), price="price")
    assert got.figures["willingness_to_pay"] is None
    assert "not chosen less often" in got.warnings[0]
    assert "hardly determined" in choice(drawn(60, euro=-0.001, seed=8), price="price").warnings[-1]
    assert choice(drawn(300)).figures["willingness_to_pay"] is None


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.sampled_from([0.01, 100.0, 1e6]))
def test_order_names_and_the_unit_of_money_change_only_the_unit(seed, unit):
    table = drawn(120, seed=seed)
    other = table.assign(price=table["price"] * unit, respondent=lambda t: "r" + t["respondent"].astype(str))
    other = other.sample(frac=1, random_state=seed)
    a = choice(table, price="price").figures
    b = choice(other, price="price", reference=["colour=red"]).figures
    assert b["coefficients"]["colour=blue"] == pytest.approx(a["coefficients"]["colour=blue"], rel=1e-6, abs=1e-8)
    assert b["coefficients"]["price"] * unit == pytest.approx(a["coefficients"]["price"], rel=1e-6, abs=1e-9)
    if a["willingness_to_pay"]:
        assert b["willingness_to_pay"]["size"] == pytest.approx(a["willingness_to_pay"]["size"] * unit, rel=1e-5)


def test_what_has_no_answer_is_refused_with_the_reason():
    table = drawn(60)
    with pytest.raises(TableError, match='no column "chosen"'):
        choice(table.drop(columns="chosen"))
    with pytest.raises(TableError, match="no column “cost” for the price"):
        choice(table, price="cost")
    with pytest.raises(TableError, match="holds words: “cheap”"):
        choice(table.assign(price=["cheap", "40"] * 60), price="price")
    for slip in (1e300, float("inf")):
        with pytest.raises(TableError, match="holds words"):
            choice(table.assign(price=[slip, *table["price"][1:]]), price="price")
    for same in (40, "", None):
        with pytest.raises(AnalysisError, match="never differs within a task"):
            choice(table.assign(price=same), price="price")
    with pytest.raises(AnalysisError, match="No column differs"):
        choice(table[["respondent", "task", "alternative", "chosen"]])
    with pytest.raises(AnalysisError, match="decide every choice alone"):
        choice(table.assign(pick=table["chosen"]))
    with pytest.raises(AnalysisError, match="say the same"):
        choice(table.assign(cents=table["price"] * 100))
    with pytest.raises(AnalysisError, match="task with two or more chosen"):
        choice(table.assign(chosen=1))
    with pytest.raises(AnalysisError, match="column=level"):
        choice(table, reference=["color=red"])
    with pytest.raises(AnalysisError, match="no level “rde”"):
        choice(table, reference=["colour=rde"])
    with pytest.raises(ParameterError, match="delta, krinsky-robb"):
        choice(table, interval="fieller")
    with pytest.raises(TableError, match="too many for an attribute"):
        choice(table.assign(id=[f"offer {i}" for i in range(len(table))]))
