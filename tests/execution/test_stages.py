"""Leads by source and stage: rates by hand, a source that falls short, and tables that say nothing."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import AnalysisError
from workbook.execution.stages import lead_stages


def leads(**counts):
    """Return a table with so many leads of each source at each stage: ``ads=[("new", 3)]``."""
    rows = [(source, stage) for source, stages in counts.items() for stage, count in stages for _ in range(count)]
    return pd.DataFrame(
        {"lead": range(len(rows)), **dict(zip(("source", "stage"), zip(*rows, strict=True), strict=True))}
    )


def test_a_lead_has_reached_its_stage_and_all_before_it():
    answer = lead_stages(leads(ads=[("new", 50), ("meeting", 30), ("customer", 20)]))
    assert answer.figures["customers"] == 20
    assert answer.figures["close_rate"] == 0.2
    assert list(answer.rows["reached"]) == [100, 50, 20]
    assert list(answer.rows["rate"]) == [1.0, 0.5, 0.4]
    # Wilson's interval of 20 of 100 as Brown, Cai & DasGupta (2001) work it out: 0.1334 to 0.2888.
    assert answer.figures["close_rate_interval"] == pytest.approx((0.1334, 0.2888), abs=1e-4)


def test_the_stage_at_which_one_source_falls_short_is_marked():
    answer = lead_stages(
        leads(ads=[("new", 180), ("meeting", 20)], mail=[("new", 100), ("meeting", 50), ("customer", 50)])
    )
    short = answer.rows[answer.rows["short"] == 1]
    assert list(zip(short["source"], short["stage"], strict=True)) == [("ads", "meeting"), ("ads", "customer")]
    assert short.iloc[0]["others"] == 0.5


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 3)), min_size=4, max_size=60))
def test_no_stage_is_reached_by_more_than_the_one_before(drawn):
    words = ["new", "contacted", "meeting", "customer"]
    table = pd.DataFrame(
        {"lead": range(len(drawn)), "source": [s for s, _ in drawn], "stage": [words[i] for _, i in drawn]}
    )
    if table["stage"].nunique() < 2:
        return
    rows = lead_stages(table).rows
    for _source, own in rows.groupby("source"):
        assert own["reached"].is_monotonic_decreasing
    assert (rows["rate"].dropna().between(0, 1)).all()


def test_italian_words_and_words_of_ones_own():
    answer = lead_stages(leads(sito=[("Nuovo", 3), ("Cliente", 1)]))
    assert answer.figures["customers"] == 1
    own = lead_stages(leads(sito=[("cold", 3), ("hot", 1)]), stage=("cold", "hot"))
    assert own.figures["close_rate"] == 0.25


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (leads(ads=[("new", 2), ("frozen", 1)]), "“frozen” is not known.*--stage"),
        (leads(ads=[("new", 2)]), "All leads are at the stage “new”"),
        (leads(ads=[("", 2)]), "No lead has"),
    ],
)
def test_a_table_that_says_nothing_of_the_way_is_refused(table, says):
    with pytest.raises(AnalysisError, match=says):
        lead_stages(table)


def test_what_is_left_out_is_counted_by_reason():
    table = pd.DataFrame(
        {"lead": [1, 1, 2, 3, 4], "source": ["a", "a", None, "a", "b"], "stage": ["new", "won", "new", None, "won"]}
    )
    answer = lead_stages(table)
    assert sum(answer.excluded.values()) == 3
    assert answer.n == 2
