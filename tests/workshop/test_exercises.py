"""Each exercise: what it asks, what it takes for an answer, and what the plan takes over from it."""

from datetime import date
from pathlib import Path

import pytest

from workbook.errors import ParameterError, WorkshopError
from workbook.plan.adoption import adopted
from workbook.plan.files import read_plan
from workbook.plan.model import Plan, tree
from workbook.plan.revisions import after, whole_plan
from workbook.workshop.answers import compared_weights
from workbook.workshop.asking import LONGEST_NOTE, Comparison, Dots, Estimate, Option, Order, Scale, Words
from workbook.workshop.exercises import EXERCISES, exercise, proposals, question, readings
from workbook.workshop.room import Note, Poll, Vote

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "adaptive-test.yaml"
THREE = (Option("a", "A"), Option("b", "B"), Option("c", "C"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(SAMPLE)[1]


def voted(key: str, items, answers: dict[str, list], *, round: int = 1, **options) -> Poll:
    """Return an exercise whose one round is revealed; ``answers`` by question, one of each voter."""
    poll = Poll("p", key, "", tuple(items), options, phase="revealed", round=round, ended_rounds=round)
    for asked, given in answers.items():
        for i, answer in enumerate(given):
            poll.votes[round, asked, f"v{i}"] = Vote(answer, i)
    return poll


def taken_over(plan: Plan, poll: Poll) -> Plan:
    edits = adopted(plan, proposals(plan, poll), day=date(2026, 11, 25), fingerprints={})
    return whole_plan(after(tree(plan), edits))


@pytest.mark.parametrize("key", EXERCISES)
def test_every_exercise_asks_something_about_what_the_sample_plan_holds(plan, key):
    one = exercise(key)
    items = one.items(plan)[:4]
    assert len(items) >= one.least
    asked = one.questions(Poll("p", key, "", tuple(items)))
    assert asked
    assert len({q.key for q in asked}) == len(asked)


def test_an_unknown_exercise_is_refused_with_the_nearest():
    with pytest.raises(ParameterError, match="needs"):
        exercise("need")


def test_importance_and_satisfaction_are_adopted_as_medians_with_grade_d_and_n(plan):
    option = Option("one-view", "x", "/needs/one-view")
    votes = {"one-view~importance": [7, 8, 8, 9, 2], "one-view~satisfaction": [3, 3, 4, 5, 3]}
    need = taken_over(plan, voted("needs", [option], votes)).item("one-view")
    assert (need.importance, need.satisfaction) == (8, 3)
    (evidence,) = need.evidence
    assert (evidence.grade.value, evidence.n, evidence.finding) == ("D", 5, "team-needs-one-view")
    assert "workshop" in evidence.source


def test_a_finding_of_a_vote_keeps_the_quartiles_as_its_interval(plan):
    option = Option("one-view", "x", "/needs/one-view")
    (made,) = proposals(plan, voted("needs", [option], {"one-view~importance": [1, 2, 3, 4, 5]}))
    assert (made.figure, made.low, made.high, made.n, made.judged) == (3, 2, 4, 5, True)


def test_adopted_again_a_vote_renews_its_finding(plan):
    option = Option("one-view", "x", "/needs/one-view")
    first = taken_over(plan, voted("needs", [option], {"one-view~importance": [1, 2, 3]}))
    again = taken_over(first, voted("needs", [option], {"one-view~importance": [9, 9, 9]}))
    assert again.item("one-view").importance == 9
    assert len(again.item("one-view").evidence) == 1


def test_channels_take_impact_confidence_and_ease(plan):
    votes = {f"email~{aspect}": [4, 6, 8] for aspect in ("impact", "confidence", "ease")}
    channel = taken_over(plan, voted("ice", [Option("email", "Email", "/channels/email")], votes)).item("email")
    assert (channel.impact, channel.confidence, channel.ease) == (6, 6, 6)


def test_segments_take_fit_and_reachability(plan):
    votes = {"agencies~fit": [4, 5, 6], "agencies~reachability": [7, 7, 7]}
    segment = taken_over(plan, voted("segments", [Option("agencies", "A", "/segments/agencies")], votes)).item(
        "agencies"
    )
    assert (segment.fit, segment.reachability) == (5, 7)


def test_estimates_are_adopted_as_three_medians_that_rise_at_the_spend_of_the_curve(plan):
    votes = [
        {"low": 1, "likely": 4, "high": 9},
        {"low": 2, "likely": 5, "high": 6},
        {"low": 3, "likely": 8, "high": 20},
    ]
    option = Option("email-curve", "Email", "/curves/email-curve")
    curve = taken_over(plan, voted("estimates", [option], {"email-curve": votes})).item("email-curve")
    assert curve.estimate.model_dump() == {"spend": 8000, "low": 2, "likely": 5, "high": 9}


def test_candidates_in_order_lead_the_positioning(plan):
    items = exercise("positioning").items(plan)
    ids = [item.id for item in items]
    turned = [ids[2], ids[0], ids[1]]
    found = taken_over(plan, voted("positioning", items, {"order": [turned, turned, ids]}))
    assert list(found.positioning.advantages) == turned


def test_weights_from_pairs_are_those_of_the_published_drinks_example():
    # Comparisons of the ``ahpy`` package's tests: weight of water 0.327, consistency ratio 0.022 (Saaty's index).
    drinks = {
        "coffee~wine": 9, "coffee~tea": 5, "coffee~beer": 2, "coffee~soda": 1, "coffee~milk": 1, "coffee~water": -2,
        "wine~tea": -3, "wine~beer": -9, "wine~soda": -9, "wine~milk": -9, "wine~water": -9,
        "tea~beer": -3, "tea~soda": -4, "tea~milk": -3, "tea~water": -9,
        "beer~soda": -2, "beer~milk": 1, "beer~water": -3,
        "soda~milk": 2, "soda~water": -2, "milk~water": -3,
    }  # fmt: skip
    items = tuple(Option(name, name) for name in ("coffee", "wine", "tea", "beer", "soda", "milk", "water"))
    found = compared_weights({"one": drinks, "two": drinks}, items)
    assert found["weights"]["water"] == pytest.approx(0.327, abs=0.001)
    assert found["consistency_ratio"] == pytest.approx(0.022, abs=0.001)
    assert found["by_voter"]["two"]["water"] == pytest.approx(0.327, abs=0.001)


def test_opposite_comparisons_cancel_out():
    found = compared_weights({"one": {"a~b": 9}, "two": {"a~b": -9}}, THREE[:2])
    assert found["weights"] == {"a": pytest.approx(0.5), "b": pytest.approx(0.5)}


def test_weights_need_somebody_who_compared_all_pairs():
    assert compared_weights({"one": {"a~b": 3}}, THREE)["weights"] == {}


def test_weights_fill_the_criteria_with_ten_for_the_largest(plan):
    items = [o for o in exercise("pairs").items(plan) if o.id in ("audience", "cost", "speed")]
    votes = {"audience~cost": [3], "audience~speed": [3], "cost~speed": [1]}
    found = taken_over(plan, voted("pairs", items, votes))
    assert [found.item(id).weight for id in ("audience", "cost", "speed")] == [
        10,
        pytest.approx(3.3),
        pytest.approx(3.3),
    ]


def test_weights_of_attractiveness_are_written_as_one_value(plan):
    items = [o for o in exercise("pairs").items(plan) if o.id in ("size", "fit")]
    found = taken_over(plan, voted("pairs", items, {"size~fit": [-9, -9]}))
    assert (found.attractiveness.fit, found.attractiveness.value) == (10, plan.attractiveness.value)


def test_a_heap_of_notes_becomes_a_need_once(plan):
    poll = Poll("p", "notes", "", phase="revealed", ended_rounds=1, clusters={"h1": "Less paperwork", "h2": ""})
    poll.notes = {str(i): Note(str(i), f"v{i}", "note", "x", "h1") for i in range(3)}
    first = taken_over(plan, poll)
    (new,) = [need for need in first.needs if need.name == "Less paperwork"]
    assert new.evidence[0].n == 3
    poll.clusters["h1"] = "Much less paperwork"
    assert [need.name for need in taken_over(first, poll).needs if need.id == new.id] == ["Much less paperwork"]


def test_dots_and_confidence_are_evidence_and_fill_nothing(plan):
    items = [Option("one-view", "x", "/needs/one-view"), Option("email", "y", "/channels/email")]
    made = proposals(plan, voted("dots", items, {"dots": [{"one-view": 2, "email": 1}, {"one-view": 3}]}))
    assert (made[0].item, made[0].fills, made[0].name) == ("/needs/one-view", {}, "“x”: 5 dots")
    assert made[1].item == ""  # a channel holds no evidence


def test_an_item_that_is_gone_from_the_plan_is_not_proposed(plan):
    option = Option("gone", "x", "/needs/gone")
    assert proposals(plan, voted("needs", [option], {"gone~importance": [1, 2, 3]})) == []


def test_votes_are_not_read_before_the_reveal(plan):
    poll = Poll("p", "needs", "", (Option("a", "A"),), phase="open")
    poll.votes[1, "a~importance", "v"] = Vote(3, 1)
    assert readings(poll) == []
    assert proposals(plan, poll) == []
    with pytest.raises(WorkshopError, match="hidden"):
        readings(poll, 1)


def test_a_second_round_is_set_against_the_first():
    poll = voted("needs", [Option("a", "A")], {"a~importance": [2, 8, 8]})
    poll.votes |= {(2, "a~importance", f"v{i}"): Vote(8, 9) for i in range(3)}
    poll.round = poll.ended_rounds = 2
    found = readings(poll)[0]
    assert (found.change.moved, found.change.median_before, found.change.range) == (1, 8, 0)


@pytest.mark.parametrize(
    ("answering", "given"),
    [
        (Scale(0, 10, "", ""), {"value": "11"}),
        (Scale(0, 10, "", ""), {"value": "-1"}),
        (Scale(0, 10, "", ""), {"value": "3.5"}),
        (Scale(0, 10, "", ""), {"value": "²"}),
        (Scale(0, 10, "", ""), {}),
        (Comparison(*THREE[:2]), {"value": "0"}),
        (Comparison(*THREE[:2]), {"value": "8"}),
        (Estimate(), {"low": "9", "likely": "5", "high": "7"}),
        (Estimate(), {"low": "1", "likely": "5"}),
        (Estimate(), {"low": "-1", "likely": "5", "high": "7"}),
        (Estimate(), {"low": "1", "likely": "inf", "high": "1e400"}),
        (Dots(THREE, 3, 2), {"dots-a": "3"}),
        (Dots(THREE, 3, 2), {"dots-a": "2", "dots-b": "2"}),
        (Dots(THREE, 3, 2), {}),
        (Dots(THREE, 3, 2), {"dots-a": "-1"}),
        (Order(THREE), {"place-a": "1", "place-b": "1", "place-c": "3"}),
        (Order(THREE), {"place-a": "1"}),
        (Words((("note", "Note"),)), {"text": "  \n "}),
        (Words((("note", "Note"),)), {"text": "x" * (LONGEST_NOTE + 1)}),
        (Words((("note", "Note"),)), {"text": "x", "side": "other"}),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(answering, given):
    with pytest.raises(WorkshopError) as refused:
        answering.cleaned(given)
    assert str(refused.value).endswith(".")


def test_answers_are_read_as_they_are_meant():
    assert Scale(0, 10, "", "").cleaned({"value": "10"}) == 10
    assert Estimate().cleaned({"low": "1,000", "likely": "1,500.5", "high": "2,000"})["likely"] == 1500.5
    assert Dots(THREE, 3, 3).cleaned({"dots-a": "2", "dots-b": "", "dots-c": "1"}) == {"a": 2, "c": 1}
    assert Order(THREE).cleaned({"place-a": "3", "place-b": "1", "place-c": "2"}) == ["b", "c", "a"]
    assert Words((("note", "Note"),)).cleaned({"text": " a \n b "}) == {"side": "note", "text": "a b"}


def test_a_question_that_is_not_asked_is_refused():
    with pytest.raises(WorkshopError, match="taken back"):
        question(Poll("p", "needs", "", (Option("a", "A"),)), "b~importance")
