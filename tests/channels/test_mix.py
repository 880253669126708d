import json
import math

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from workbook.analyses import analysis
from workbook.channels.mix import allocate
from workbook.cli import main
from workbook.errors import AnalysisError, TableError


def table(*rows):
    return pd.DataFrame([{"curve": "hill", "maximum_outcome": 1, "half_spend": 1, "shape": 3} | row for row in rows])


def twins(half_spend):
    return table({"channel": "a", "half_spend": half_spend}, {"channel": "b", "half_spend": half_spend})


# By hand (methods.md): two identical S-curves x^3 / (k^3 + x^3), budget 1.
@pytest.mark.parametrize(("half_spend", "outcome", "spends"), [(1, 0.5, [0, 1]), (0.5, 1.0, [0.5, 0.5])])
def test_two_identical_s_curves_are_split_as_by_hand(half_spend, outcome, spends):
    got = allocate(twins(half_spend), budget=1)
    assert got.figures["outcome"] == pytest.approx(outcome, rel=1e-9)
    assert sorted(got.rows["spend"]) == pytest.approx(spends, abs=1e-6)
    assert got.figures["gap"] < 1e-6


def test_the_command_prints_the_split_its_proof_and_the_frontier(tmp_path):
    path = tmp_path / "channels.csv"
    twins(1).to_csv(path, index=False)
    got = CliRunner().invoke(main, ["analyse", "allocate", str(path), "--budget", "1", "--frontier", "--json"])
    said = json.loads(got.stdout)
    assert got.exit_code == 0
    assert {"outcome", "upper_bound", "gap", "unspent", "frontier", "rows", "n"} <= set(said)
    assert {"channel", "spend", "outcome", "marginal_return", "binding"} <= set(said["rows"][0])
    curve = said["frontier"]
    # Under a budget of 1 the best of two such curves is to put all on one.
    expected = [p["budget"] ** 3 / (1 + p["budget"] ** 3) for p in curve]
    assert [p["outcome"] for p in curve] == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert curve[-1]["outcome"] == said["outcome"]


def test_the_frontier_ends_at_the_split_and_never_falls_whatever_the_steps():
    for step in (7, 13, 100 / 3):
        rows = twins(300).assign(step=[step, None])
        got = analysis("allocate").answer(rows, budget=1000, frontier=True)
        outcomes = [point["outcome"] for point in got.figures["frontier"]]
        assert outcomes == sorted(outcomes)
        assert outcomes[-1] == got.figures["outcome"]


def test_the_outcome_stated_is_that_of_the_curves_at_the_spend_stated():
    rows = pd.DataFrame(
        {
            "channel": ["a", "b", "c"],
            "curve": ["hill", "exponential", "Hill"],
            "maximum_outcome": [100, 60, 80],
            "half_spend": [5000, None, 3000],
            "shape": [2, None, 0.7],
            "scale": [None, 4000, None],
        }
    )
    got = allocate(rows, budget=15_000).rows.set_index("channel")
    a, b, c = (got.loc[name, "spend"] for name in "abc")
    by_hand = [100 * a**2 / (5000**2 + a**2), 60 * (1 - math.exp(-b / 4000)), 80 * c**0.7 / (3000**0.7 + c**0.7)]
    assert got["outcome"].tolist() == pytest.approx(by_hand, rel=1e-12)
    assert got["spend"].sum() == pytest.approx(15_000)
    assert np.ptp(got["marginal_return"]) < 1e-5 * got["marginal_return"].max()


def test_every_limit_of_the_table_is_kept_and_named():
    rows = table(
        {"channel": "free", "maximum_outcome": 100, "half_spend": 30, "shape": 1},
        {"channel": "steps", "maximum_outcome": 90, "half_spend": 10, "shape": 1, "step": 7},
        {"channel": "agreed", "fixed": 4},
        {"channel": "owed", "minimum": 3},
        {"channel": "capped", "maximum_outcome": 50, "half_spend": 5, "shape": 1, "maximum": 6},
        {"channel": "bought", "maximum_outcome": 50, "half_spend": 3, "minimum_buy": 5},
        {"channel": "dropped", "minimum_buy": 30, "optional": "yes"},
        {"channel": "x", "maximum_outcome": 70, "half_spend": 9, "shape": 1, "group": "g", "group_maximum": 8},
        {"channel": "y", "maximum_outcome": 60, "half_spend": 9, "shape": 1, "group": "g", "group_maximum": 8},
    )
    got = allocate(rows, budget=100).rows.set_index("channel")
    assert got.loc["steps", "spend"] % 7 == pytest.approx(0)
    assert got.loc["agreed", "spend"] == 4
    assert got.loc["bought", "spend"] >= 5
    assert got.loc[["x", "y"], "spend"].sum() == pytest.approx(8)
    assert got["binding"].to_dict() == {
        "free": "",
        "steps": "step",
        "agreed": "fixed",
        "owed": "minimum",
        "capped": "maximum",
        "bought": "",
        "dropped": "off",
        "x": "group maximum",
        "y": "group maximum",
    }


def test_a_group_gets_at_least_its_minimum():
    rows = table(
        {"channel": "good", "maximum_outcome": 100, "half_spend": 5, "shape": 1},
        {"channel": "poor", "half_spend": 5, "group": "g", "group_minimum": 6},
        {"channel": "poorer", "maximum_outcome": 0.5, "half_spend": 5, "group": "g"},
    )
    got = allocate(rows, budget=20)
    assert got.rows["spend"].iloc[1:].sum() == pytest.approx(6)
    assert got.rows["binding"].iloc[1] == "group minimum"
    assert got.figures["gap"] < 1e-6


def test_a_group_without_a_limit_is_pointed_out():
    got = allocate(table({"channel": "a", "group": "g"}), budget=1)
    assert "group_minimum" in got.warnings[0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"half_spend": 0}, "ads: half_spend is 0"),
        ({"half_spend": None}, "ads: half_spend is empty"),
        ({"shape": "steep"}, "ads: shape is “steep”"),
        ({"maximum_outcome": -5}, "ads: maximum_outcome is -5"),
        ({"maximum_outcome": "inf"}, "ads: maximum_outcome"),
        ({"curve": "line"}, "ads: curve is “line”"),
        ({"minimum": -3}, "ads: minimum is -3, but must be a number of 0 or more"),
        ({"minimum": "inf"}, "ads: minimum is ∞, but must be a number of 0 or more"),
        ({"minimum": 5, "maximum": 2}, r"ads \(5 > 2\): the minimum is above the maximum"),
        ({"fixed": -1}, "ads: fixed is -1, but must be a number of 0 or more"),
        ({"fixed": "inf"}, "ads: fixed is ∞, but must be a number of 0 or more"),
        ({"step": 0}, "ads: step is 0, but must be a number above 0"),
        ({"step": 7, "minimum": 1, "maximum": 6}, r"ads \(steps of 7, 1 to 6\): no whole multiple"),
        ({"minimum_buy": -1}, "ads: minimum_buy is -1, but must be a number of 0 or more"),
        ({"minimum_buy": 30, "maximum": 20}, "ads: minimum_buy is 30, above the maximum of 20"),
        ({"optional": "perhaps"}, "ads: “optional” is “perhaps”"),
        ({"minimum": 30}, "but the budget is 20; most is asked for by ads"),
        ({"minimum": 9, "group": "g", "group_maximum": 8}, "group g ask for 9"),
        ({"maximum": 3, "group": "g", "group_minimum": 8}, "Group g must get 8"),
        ({"group": "g", "group_minimum": 9, "group_maximum": 8}, "Group g: the minimum is 9 and the maximum 8"),
        ({"group": "g", "group_minimum": 25}, "asked for by g"),
    ],
)
def test_what_makes_no_sense_is_refused_by_the_channels_name(row, words):
    with pytest.raises(AnalysisError, match=words):
        allocate(table({"channel": "ads"} | row, {"channel": "mail"}), budget=20)


def test_two_figures_for_one_group_are_refused():
    rows = table(*({"channel": c, "group": "g", "group_maximum": m} for c, m in (("a", 5), ("b", 6))))
    with pytest.raises(AnalysisError, match="Group g: group_maximum is 5 on one row and 6"):
        allocate(rows, budget=9)


def test_a_table_without_curves_is_refused(tmp_path):
    path = tmp_path / "channels.csv"
    path.write_text("channel,maximum_outcome\na,5\n")
    got = CliRunner().invoke(main, ["analyse", "allocate", str(path), "--budget", "1"])
    assert got.exit_code == 1
    assert "curve" in got.stderr
    with pytest.raises(TableError, match="no column “curve”"):
        allocate(pd.DataFrame({"channel": ["a"], "maximum_outcome": [1]}), budget=1)


@pytest.mark.parametrize("budget", [0, 1e12])
def test_no_budget_and_a_huge_one_are_split(budget):
    got = allocate(twins(1), budget=budget)
    assert got.figures["outcome"] == pytest.approx(0 if budget == 0 else 2)
    assert got.figures["gap"] < 1e-6
    assert None not in [got.as_json()["outcome"], got.as_json()["gap"]]


def test_one_channel_and_sixty_are_split():
    assert allocate(table({"channel": "a"}), budget=1).figures["outcome"] == pytest.approx(0.5)
    many = table(*({"channel": f"c{i}", "half_spend": 1 + i / 60, "shape": 1 + i % 3} for i in range(60)))
    got = allocate(many, budget=40)
    assert got.n == 60
    assert got.figures["gap"] < 1e-3


@pytest.mark.parametrize("unit", [0.01, 1e6])
def test_the_split_is_the_same_in_cents_and_in_millions(unit):
    rows = table(
        {"channel": "a", "half_spend": 30, "step": 7, "maximum_outcome": 5},
        {"channel": "b", "half_spend": 20, "shape": 0.7, "group": "g", "group_maximum": 33},
        {"channel": "c", "half_spend": 15, "minimum_buy": 12.5, "group": "g"},
    )
    money = ["half_spend", "step", "group_maximum", "minimum_buy"]
    plain, other = allocate(rows, budget=100), allocate(rows.assign(**rows[money] * unit), budget=100 * unit)
    assert (other.rows["spend"] / unit).tolist() == pytest.approx(plain.rows["spend"].tolist(), abs=1e-5)
    assert other.figures["outcome"] == pytest.approx(plain.figures["outcome"], rel=1e-9)
    assert other.rows["binding"].tolist() == plain.rows["binding"].tolist()


def test_a_table_with_decimal_commas_is_read_by_them(tmp_path):
    path = tmp_path / "channels.csv"
    path.write_text(
        "channel;curve;maximum_outcome;half_spend;shape;maximum\na;hill;1.000,5;5.000;2;inf\nb;hill;800;4.000;1,5;\n"
    )
    got = analysis("allocate").answer(analysis("allocate").read(path), budget=20_000)
    a = got.rows.set_index("channel").loc["a"]
    assert a["outcome"] == pytest.approx(1000.5 * a["spend"] ** 2 / (5000**2 + a["spend"] ** 2))


def asked(tmp_path, text, *more):
    path = tmp_path / "channels.csv"
    path.write_text("channel,curve,maximum_outcome,half_spend,shape,minimum,maximum\n" + text)
    got = CliRunner().invoke(main, ["analyse", "allocate", str(path), "--budget", "100", "--json", *more])
    return json.loads(got.stdout) if got.exit_code == 0 else got.stderr


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            "a,hill,100,5000,1,,\nb,hill,,5000,1,,\n",
            "row 3: maximum_outcome left empty. Every row of this table counts",
        ),
        ("a,hill,100,5000,1,,\n,hill,10,5000,1,,\n", "row 3: channel left empty"),
        ("a,hill,100,5000,1,,\nb,,10,5000,1,,\n", "row 3: curve left empty"),
        ("a,hill,100,5000,1,,\nb,hill,10,5000,1,few,\n", "row 3: minimum is no number (first: “few”"),
        ("a,hill,100,50%,1,,\n", "row 2: half_spend is no number (first: “50%”"),
        ("a,hill,100,5000,1,inf,\n", "row 2: minimum is no number (first: “inf”"),
        ("a,hill,100,€5000,1,,\nb,hill,100,$5000,1,,\n", "are in EUR, in half_spend in $. One budget has one currency"),
        ("a,hill,100,€5000,1,$5,\n", "amounts in half_spend are in EUR, in minimum in $"),
        ('a,hill,100,"5,678",1,,\n', "--decimal comma → 5.678"),
    ],
)
def test_a_table_of_which_a_row_would_be_guessed_or_lost_is_refused_by_row_and_column(tmp_path, rows, words):
    assert words in asked(tmp_path, rows)


def test_a_limit_that_makes_no_sense_is_said_with_the_row_of_the_file(tmp_path):
    good = "a,hill,100,5000,1,,\n"
    for row, words in (
        ("b,hill,100,0,1,,\n", "b (row 3): half_spend is 0, but must be a number above 0"),
        ("b,hill,-5,50,1,,\n", "b (row 3): maximum_outcome is -5, but must be a number of 0 or more"),
        ("b,hill,100,50,1,-7.5,\n", "b (row 3): minimum is -7.5, but must be a number of 0 or more"),
        ("b,hill,100,50,1,300,200.4\n", "b (row 3, 300 > 200.4): the minimum is above the maximum"),
        ("b,line,100,50,1,,\n", "b (row 3): curve is “line”"),
        ("b,exponential,100,50,1,,\n", "b (row 3): scale is empty"),
        (good, "a (row 2) and a (row 3) are called alike"),
        ("A ,hill,100,50,1,,\n", "column “channel”: “a” in row 2 and “A” in row 3 are called alike"),
    ):
        assert words in asked(tmp_path, good + row)


def test_groups_called_alike_are_refused():
    rows = table({"channel": "a", "group": "TV", "group_maximum": 5}, {"channel": "b", "group": "tv"})
    with pytest.raises(AnalysisError, match="a is in group “TV”, b in group “tv”"):
        allocate(rows, budget=9)
    with pytest.raises(AnalysisError, match="Ads and ads are called alike"):
        allocate(table({"channel": "Ads"}, {"channel": " ads "}), budget=9)


@pytest.mark.parametrize(
    ("budget", "read"),
    [
        (["10.000,5"], 10_000.5),
        (["€ 10,000.50"], 10_000.5),
        (["10 000"], 10_000),
        (["10.000", "--decimal", "comma"], 10_000),
        (["10.000", "--decimal", "point"], 10),
        (
            ["10.000"],
            "--budget “10.000” can be read in two ways. Say which: --decimal comma → 10,000; --decimal point → 10.",
        ),
        (["ten"], "--budget is “ten”, but must be a number."),
        (["nan"], "--budget is “nan”, but must be a number."),
        (["-5"], "--budget is -5, but must be 0 or more."),
        (["10", "--steps", "99.5"], "--steps is 99.5, but must be a whole number."),
    ],
)
def test_a_budget_is_read_as_a_cell_of_the_table(tmp_path, budget, read):
    path = tmp_path / "channels.csv"
    path.write_text("channel,curve,maximum_outcome,half_spend,shape\na,hill,100,5000,1\n")
    got = CliRunner().invoke(main, ["analyse", "allocate", str(path), "--json", "--budget", *budget])
    if isinstance(read, str):
        assert got.exit_code == 1
        assert got.stderr.startswith(read)
    else:
        assert json.loads(got.stdout)["rows"][0]["spend"] == read


def test_decimal_marks_are_read_as_told_and_no_limit_may_be_written_out(tmp_path):
    rows = 'a,hill,100,"5,678",1,,inf\nb,hill,100,"5,678",1,,∞\n'
    for mark, half in (("comma", 5.678), ("point", 5678)):
        said = asked(tmp_path, rows, "--decimal", mark)
        first = said["rows"][0]
        assert first["outcome"] == pytest.approx(100 * first["spend"] / (half + first["spend"]))


def test_a_table_in_memory_may_hold_numbers_beside_text_with_decimal_commas():
    got = allocate(table({"channel": "a", "half_spend": 1.234, "shape": 1, "maximum": "1,5"}), budget=9)
    assert got.rows["spend"].tolist() == [1.5]
    assert got.figures["outcome"] == pytest.approx(1.5 / (1.234 + 1.5))
    # Text that can be read in two ways is not guessed at.
    with pytest.raises(AnalysisError, match="a: maximum is “1,500”"):
        allocate(table({"channel": "a", "maximum": "1,500"}), budget=9)


def test_the_declaration_names_what_the_answer_holds():
    entry, got = analysis("allocate"), allocate(twins(1), budget=1, frontier=True)
    assert {key.name for key in entry.figures} == set(got.figures)
    assert {key.name for key in entry.rows} == set(got.rows.columns)
