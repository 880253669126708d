from importlib import import_module

import altair as alt
import pandas as pd
import pytest

from workbook.exhibits import charts
from workbook.exhibits.charts import split
from workbook.exhibits.charts.remembered import remembered

memory = import_module("workbook.exhibits.charts.remembered")


class Words(dict):
    """Labels that have every word."""

    def __missing__(self, key):
        return key

    def items(self):
        return ()


LABELS = Words()
NAMES = ["Ads", "Mail", "=1+1"]


def frames_of(name, times):
    """Tables of the same shape for each remembered chart, with other numbers for each ``times``."""
    by_channel = pd.DataFrame(
        {
            "channel": NAMES,
            "spend": [1.0 * times, 2.0, 3.5],
            "last_spend": [2.0, float("nan"), 1.0 * times],
            "shown": ["x", "y", str(times)],
        }
    )
    line = pd.DataFrame(
        {"budget": [1.0, 2.0], "outcome": [3.0 * times, 5.0], "shown": ["a", str(times)], "now": [True, False]}
    )
    return {
        "split_bars": (by_channel.assign(label_at=by_channel["spend"]),),
        "marginal_bars": (by_channel.assign(place=[0, 1, 2], brings=by_channel["spend"]),),
        "response_lines": (
            by_channel.assign(customers=by_channel["spend"])[["channel", "spend", "customers"]],
            by_channel.assign(customers=1.0, label_at=2.0 * times)[["channel", "spend", "customers", "label_at"]],
            by_channel.assign(customers=4.0 * times)[["channel", "spend", "customers", "shown"]],
        ),
        "frontier_line": (line, line[line["now"]]),
        "outlook_ranges": (
            pd.DataFrame({"split": ["a", "b"], "mean": [1.0, 2.0 * times], "low": 0.0, "high": 9.0, "worst_tenth": 0.5}),
            pd.DataFrame({"at": [3.0 * times]}),
        ),
        "moved_dots": (by_channel.assign(robust=2.0 * times),),
        "test_bars": (by_channel.assign(test_worth=2.0 * times),),
        "spend_by_month_bars": (pd.DataFrame({"number": [1, 2], "shown": ["May", "June"], "channel": "Ads", "spend": [1.0, 2.0 * times]}),),
        "version_bars": (pd.DataFrame({"channel": ["a", "a"], "version": ["x", "y"], "spend": [1.0, 2.0 * times]}),),
    }[name]  # fmt: skip


CHARTS = ["split_bars", "marginal_bars", "response_lines", *split.__all__]


@pytest.fixture(autouse=True)
def nothing_known():
    memory._known.clear()


def without_names(spec):
    """The specification with its tables written where they are used, since only their names may differ."""
    tables = spec.pop("datasets")

    def visit(node):
        if isinstance(node, dict):
            return {key: tables[value["name"]] if key == "data" else visit(value) for key, value in node.items()}
        return [visit(one) for one in node] if isinstance(node, list) else node

    return visit(spec)


@pytest.mark.parametrize("name", CHARTS)
def test_a_remembered_chart_is_the_one_altair_would_write(name):
    make = getattr(charts, name, None) or getattr(split, name)
    make(*frames_of(name, 1), labels=LABELS).to_dict(validate=False)
    assert next(iter(memory._known.values())) is not None, "this chart cannot be remembered"
    again = make(*frames_of(name, 7), labels=LABELS).to_dict(validate=False)
    assert len(memory._known) == 1
    fresh = make.__wrapped__(*frames_of(name, 7), labels=LABELS).to_dict(validate=False)
    assert without_names(again) == without_names(fresh)


def test_other_words_rows_or_names_make_another_specification():
    @remembered("name")
    def chart(table, *, labels):
        return alt.Chart(table).mark_bar().encode(x=alt.X("size:Q", title=labels["size"]), y="name:N")

    one = pd.DataFrame({"name": ["a", "b"], "size": [1, 2]})
    for frame, label in ((one, "Size"), (one, "Misura"), (one.head(1), "Size"), (one.assign(name=["a", "c"]), "Size")):
        chart(frame, labels={"size": label}).to_dict(validate=False)
    assert len(memory._known) == 4


def test_what_altair_makes_of_a_table_of_its_own_is_never_remembered():
    @remembered()
    def chart(table, *, labels):
        return alt.Chart(table.assign(twice=2)).mark_bar().encode(x="size:Q")

    for size in (1, 2):
        got = chart(pd.DataFrame({"size": [size]}), labels={}).to_dict(validate=False)
        assert next(iter(got["datasets"].values()))[0]["size"] == size
