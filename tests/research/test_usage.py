import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.studies.adaptive_test import ADAPTIVE_TEST
from workbook.analyses import analysis
from workbook.errors import AnalysisError, TableError
from workbook.research.usage import usage
from workbook.shipped import shipped

TABLES = shipped("data") / "samples" / "tables"
LOG = pd.DataFrame(
    [("a", "editor", 4, "2027-01", "x"), ("a", "editor", 2, "2027-02", "x"), ("b", "editor", 0, "2027-01", "x"),
     ("c", "tests", 3, "2027-02", "y")],
    columns=["customer", "feature", "uses", "month", "segment"],
)  # fmt: skip


def test_shares_and_frequency_are_those_counted_by_hand():
    answer = usage(LOG)
    rows = answer.rows.set_index(["feature", "segment"])
    assert (answer.n, answer.figures["months"]) == (3, 2)
    assert rows.loc[("editor", "x"), ["customers", "n", "users", "frequency"]].tolist() == [2, 1, 0.5, 3.0]
    assert rows.loc[("tests", "y"), ["customers", "n", "users", "frequency"]].tolist() == [1, 1, 1.0, 1.5]
    assert rows.loc[("tests", "x"), "users"] == 0
    # Wilson's interval of 1 in 2 at 95 %: 0.0945 to 0.9055 (Brown, Cai & DasGupta 2001).
    assert rows.loc[("editor", "x"), ["low", "high"]].tolist() == pytest.approx([0.0945, 0.9055], abs=5e-4)


def test_the_true_shares_of_the_sample_lie_within_the_intervals():
    entry, truth = analysis("usage"), ADAPTIVE_TEST.usage
    rows = entry.answer(entry.read(TABLES / "adaptive-test-usage.csv"), alpha=0.01).rows
    for row in rows.itertuples():
        share, often = truth.features[row.feature][row.segment]
        assert row.low - 0.02 <= share <= row.high + 0.02
        if row.n >= 10:
            assert row.frequency == pytest.approx(often, rel=0.5)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("fg"), st.integers(0, 9)), min_size=1))
def test_users_are_at_most_the_customers_and_order_changes_nothing(rows):
    log = pd.DataFrame(rows, columns=["customer", "feature", "uses"])
    answer = usage(log)
    assert (answer.rows["n"] <= answer.rows["customers"]).all()
    assert answer.rows["users"].between(answer.rows["low"] - 1e-12, answer.rows["high"] + 1e-12).all()
    pd.testing.assert_frame_equal(answer.rows, usage(log[::-1]).rows)


def test_what_cannot_be_counted_is_left_out_or_refused():
    assert usage(LOG.assign(uses=[4, -1, 0, 3])).excluded
    with pytest.raises(TableError, match="uses"):
        usage(LOG.drop(columns="uses"))
    with pytest.raises(AnalysisError):
        usage(LOG[:0])
