"""Median, quartiles, two camps, who stands apart, and what a group should do next."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.workshop.spread import bimodality, change_between, spread_of

# The two distributions of Pfister et al. (2013), figure 1.
ONE_PEAK = np.repeat(np.arange(1, 12), (3, 5, 5, 10, 17, 20, 17, 10, 5, 5, 3))
TWO_PEAKS = np.repeat(np.arange(1, 12), (2, 26, 14, 6, 2, 0, 2, 6, 14, 26, 2))

votes = st.lists(st.integers(0, 10), min_size=1, max_size=40)


# SAS/STAT User's Guide, "The CLUSTER procedure": 0.555 for a uniform or exponential population, 1 for one of two values.
def test_the_bimodality_coefficient_of_known_distributions():
    assert bimodality(np.linspace(0, 1, 20_001)) == pytest.approx(5 / 9, abs=1e-3)
    assert bimodality(-np.log((np.arange(1_000_000) + 0.5) / 1_000_000)) == pytest.approx(5 / 9, abs=2e-3)
    assert bimodality([0, 0, 0, 0, 1]) == pytest.approx(1)


def test_the_bimodality_coefficient_parts_the_published_distributions():
    assert bimodality(ONE_PEAK) < 5 / 9 < bimodality(TWO_PEAKS)


def test_the_published_distributions_have_no_camps_and_two():
    assert spread_of(ONE_PEAK, width=10).camps == ()
    assert [camp.median for camp in spread_of(TWO_PEAKS, width=10).camps] == [2.0, 10.0]


def test_four_against_five_are_two_camps_that_talk_first_and_split_when_they_stay():
    twelve = [3, 3, 3, 5, 8, 8, 8, 8, 8, 3, 8, 8]
    found = spread_of(twelve, width=10)
    assert [(camp.n, camp.median) for camp in found.camps] == [(5, 3.0), (7, 8.0)]
    assert found.suggestion == "discuss"
    assert spread_of(twelve, width=10, round=2, before=found).suggestion == "split"


@pytest.mark.parametrize(
    "votes_given",
    [[3, 3, 3, 8, 8, 8], [2, 3, 3, 8, 8, 9], [2, 3, 4, 3, 2, 8, 9, 7, 8, 9, 10, 8], [2, 3, 3, 8, 8, 9, 9, 10, 8, 9, 3]],
)
def test_two_camps_are_seen_in_a_group_of_ordinary_size(votes_given):
    assert len(spread_of(votes_given, width=10).camps) == 2


def test_two_camps_are_seldom_missed_and_seldom_seen_where_there_are_none():
    """A thousand groups of twelve: two camps at 3 and 8 with a standard deviation of 0.8, and one heap of 2.5 around 6."""
    chance = np.random.default_rng(1)
    torn = [np.where(np.arange(12) < 5, chance.normal(3, 0.8, 12), chance.normal(8, 0.8, 12)) for _ in range(500)]
    one = [chance.normal(6, 2.5, 12) for _ in range(500)]
    seen = [[bool(spread_of(np.clip(np.round(x), 0, 10), width=10).camps) for x in groups] for groups in (torn, one)]
    assert np.mean(seen[0]) > 0.85
    assert np.mean(seen[1]) < 0.08


def test_one_vote_apart_is_no_camp_but_is_heard_first():
    found = spread_of([8, 8, 8, 7, 8, 9, 8, 8, 2], width=10)
    assert bimodality([8, 8, 8, 7, 8, 9, 8, 8, 2]) > 5 / 9
    assert found.camps == ()
    assert found.apart == (8,)
    assert found.suggestion == "discuss"


def test_a_group_that_agrees_may_accept_the_median():
    found = spread_of([7, 7, 8, 8, 8, 8, 9, 10, 8, 8, 8, 8], width=10)
    assert (found.median, found.suggestion) == (8.0, "accept")


def test_a_little_apart_votes_again_and_far_apart_talks():
    assert spread_of([3, 4, 5, 6, 7, 8], width=10).suggestion == "revote"
    assert spread_of([0, 2, 4, 6, 8, 10], width=10).suggestion == "discuss"


def test_who_does_not_come_closer_by_voting_again_splits_the_question():
    first = spread_of([3, 4, 5, 6, 7, 8], width=10)
    assert spread_of([3, 4, 5, 6, 7, 8], width=10, round=2, before=first).suggestion == "split"


def test_of_two_votes_nothing_is_said():
    assert spread_of([1, 9], width=10).suggestion == "wait"
    assert spread_of([], width=10).n == 0


def test_a_change_counts_only_who_voted_both_times():
    found = change_between({"a": 3, "b": 8, "c": 5}, {"a": 6, "b": 8, "d": 1})
    assert (found.n, found.moved, found.median_before, found.median) == (2, 1, 5.5, 7.0)
    assert change_between({"a": 3}, {"b": 4}) is None


@given(votes)
def test_the_median_lies_between_the_quartiles_and_those_among_the_votes(given_votes):
    found = spread_of(given_votes, width=10)
    assert min(given_votes) <= found.low <= found.median <= found.high <= max(given_votes)


@given(votes)
def test_the_order_of_the_votes_does_not_matter(given_votes):
    one, other = spread_of(given_votes, width=10), spread_of(sorted(given_votes), width=10)
    assert (one.median, one.camps, one.suggestion) == (other.median, other.camps, other.suggestion)


@given(votes)
def test_mirrored_votes_have_mirrored_camps(given_votes):
    one, other = spread_of(given_votes, width=10), spread_of([10 - vote for vote in given_votes], width=10)
    assert len(one.camps) == len(other.camps)


@pytest.mark.parametrize("values", [[5, 5, 5, 5], [1, 2], []])
def test_there_are_no_camps_where_there_is_nothing_to_divide(values):
    assert spread_of(values, width=10).camps == ()
