"""Rows left out for their reasons, each counted once."""

import pandas as pd
import pytest

from workbook.errors import AnalysisError, TableError
from workbook.sieve import Sieve, left_out

ANSWERS = pd.DataFrame({"who": ["Ann", "", "Bob", None, "Ann"], "score": ["3", "4", "many", "5", "2"]})


def test_a_row_counts_under_the_first_reason_that_leaves_it_out():
    masks = {"nameless": [True, True, False, False], "empty": [True, False, True, False], "none": [False] * 4}
    kept, excluded = left_out(pd.DataFrame(index=range(4)), {why: pd.Series(mask) for why, mask in masks.items()})
    assert kept.tolist() == [False, False, False, True]
    assert excluded == {"nameless": 2, "empty": 1}


def test_what_is_missing_leaves_no_row_out():
    kept, excluded = left_out(ANSWERS, {"short": pd.Series([True, None, None, None, False], dtype="boolean")})
    assert kept.tolist() == [False, True, True, True, True]
    assert excluded == {"short": 1}


def test_a_sieve_keeps_what_can_be_counted_and_says_why_the_rest_is_not():
    sieve = Sieve(ANSWERS, ["who", "score"])
    sieve.named("who")
    sieve.numbers("score")
    sieve.once("who")
    assert sieve.rows.to_dict("list") == {"who": ["Ann"], "score": [3.0]}
    assert sieve.excluded == {
        "who left empty": 2,
        "score is no number": 1,
        "same who once more (the first counts)": 1,
    }


def test_a_sieve_with_nothing_left_says_the_reasons():
    sieve = Sieve(ANSWERS[3:4], ["who", "score"])
    sieve.named("who")
    with pytest.raises(AnalysisError, match="who left empty: 1"):
        sieve.require_rows()


def test_a_missing_column_is_named_with_what_is_nearest():
    with pytest.raises(TableError, match=r'no column "scores".*score'):
        Sieve(ANSWERS, ["scores"])
