"""Charts made without Altair's checks are the same charts."""

import altair as alt
import pandas as pd
import pytest
from altair.utils import schemapi
from altair.vegalite import data as tables

from workbook.reports.drafting import draft_quickly


@pytest.fixture
def quickly(monkeypatch):
    monkeypatch.setattr(tables, "to_values", tables.to_values)
    for name in ("_deep_copy", "_FromDict", "DEBUG_MODE"):
        monkeypatch.setattr(schemapi, name, getattr(schemapi, name))  # put back after the test
    return draft_quickly


def drawn():
    rows = pd.DataFrame(
        {"a": ["x", "y"], "b": [1.5, float("nan")], "day": pd.to_datetime(["2027-01-01", "2027-02-01"])}
    )
    pick = alt.selection_point(fields=["a"], name="pick")
    base = alt.Chart(rows).encode(x="a:N", color=alt.condition(pick, alt.Color("a:N", legend=None), alt.value("grey")))
    bars = base.mark_bar().encode(y=alt.Y("sum(b):Q", title="B").axis(format="~s").scale(zero=True)).add_params(pick)
    words = base.mark_text(dy=-4).encode(text="b:Q", tooltip=["a:N", alt.Tooltip("day:T", format="%B")])
    return bars, ((bars + words) & words.transform_filter("datum.b > 1")).resolve_scale(x="shared")


def test_the_specification_is_the_same(quickly):
    before = [chart.to_dict() for chart in drawn()]
    quickly()
    assert [chart.to_dict(validate=False) for chart in drawn()] == before


def test_a_chart_made_from_another_leaves_that_one_as_it_was(quickly):
    quickly()
    first, _ = drawn()
    before = first.to_dict()
    second = first.encode(opacity=alt.value(0.5)).properties(title="second")
    second.encoding.y.axis.format = "d"
    second.mark = "line"
    assert first.to_dict() == before
    assert second.to_dict() != before


@pytest.mark.parametrize(
    "column",
    [
        [True, False],
        [1, 2],
        [1.5, float("inf")],
        ["a", None],
        pd.Series(["a", "b"], dtype=object),
        pd.Series(["a", 1], dtype=object),
        pd.Series([None, 1.5], dtype=object),
        pd.Series(["a", "b"], dtype="category"),
        pd.Series([1, None], dtype="Int64"),
        pd.to_datetime(["2027-01-01", None]),
        [[1, 2], [3]],
    ],
)
def test_tables_are_written_as_altair_writes_them(quickly, column):
    rows = pd.DataFrame({"name": ["x", "y"], "value": column})
    before = tables.to_values(rows)
    quickly()
    after = tables.to_values(rows)
    assert repr(after) == repr(before)  # also None and NaN apart
