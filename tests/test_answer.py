"""An answer as JSON: full precision, never NaN, intervals as pairs."""

import json

import numpy as np
import pandas as pd

from workbook.answer import Answer


def test_low_and_high_become_an_interval_and_what_is_missing_becomes_none():
    rows = pd.DataFrame({"need": ["a", "b"], "score": [1 / 3, np.nan], "low": [0.1, np.nan], "high": [0.5, 0.7]})
    said = Answer({"nps": np.float64(12.5), "nps_interval": (1, np.int64(2))}, rows, 2, {"empty": 1}).as_json()
    assert json.loads(json.dumps(said, allow_nan=False)) == {
        "nps": 12.5,
        "nps_interval": [1, 2],
        "rows": [{"need": "a", "score": 1 / 3, "interval": [0.1, 0.5]}, {"need": "b", "score": None, "interval": None}],
        "n": 2,
        "excluded": {"empty": 1},
        "conventions": [],
    }


def test_named_pairs_keep_their_name_and_words_that_only_end_alike_are_left_alone():
    rows = pd.DataFrame({"price_low": [1.0], "price_high": [2.0], "slow": [3], "flow": [4]})
    assert Answer(rows=rows).as_json()["rows"] == [{"price_interval": [1.0, 2.0], "slow": 3, "flow": 4}]


def test_without_a_table_there_is_no_n():
    assert "n" not in Answer({"customers": 50}).as_json()


def test_dates_and_marks_of_missing_values_are_plain():
    rows = pd.DataFrame({"date": pd.to_datetime(["2027-01-01", None]), "count": pd.array([1, None], dtype="Int64")})
    assert Answer(rows=rows).as_json()["rows"] == [
        {"date": "2027-01-01 00:00:00", "count": 1},
        {"date": None, "count": None},
    ]
