"""The catalogue holds every tactic, says where its figures come from, and calls old and unsourced ones by their names."""

from datetime import date

import pytest

from workbook.channels.catalogue import TACTICS, benchmarks, catalogue, claims, tactic, tactic_of
from workbook.channels.tactic import COSTS, MEASURES, STAGES
from workbook.errors import AnalysisError
from workbook.language import speaking, translated
from workbook.plan.model import Plan, Side

UPSTREAM = """thought-leadership educational-content brand-building events partner-marketing social-presence
calculators-quizzes free-trials-demos market-research word-of-mouth community influencer-marketing employee-advocacy
customer-stories review-requests feedback-to-product product-giving brand-activation public-relations"""
DOWNSTREAM = """television print-advertising billboard-advertising search-advertising seo-landing-pages
social-advertising email account-based-marketing inbound-leads outbound-leads retargeting personal-selling phone-calls
in-person-interviews customer-service coupons rebates free-shipping free-samples postcards survey-for-coupon
highest-rated-display referral-rewards promotions"""


def test_every_tactic_is_there_on_its_default_side():
    sides = {one.id: one.side for one in TACTICS}
    assert {id for id, side in sides.items() if side is Side.UPSTREAM} == set(UPSTREAM.split())
    assert {id for id, side in sides.items() if side is Side.DOWNSTREAM} == set(DOWNSTREAM.split())
    assert len(TACTICS) == len(sides)


@pytest.mark.parametrize("one", TACTICS, ids=lambda one: one.id)
def test_a_tactic_says_everything_about_itself_in_both_languages(one):
    words = (one.name, one.why, one.purpose, one.pros, one.cons, one.test)
    assert all(words)
    assert one.why.startswith("Upstream" if one.side is Side.UPSTREAM else "Downstream")
    assert one.relation is not None
    assert one.lag is not None
    assert 0 <= one.lag[0] <= one.lag[1]
    assert set(one.stages) <= set(STAGES)
    assert set(one.costs) <= set(COSTS)
    assert set(one.measures) <= set(MEASURES)
    assert all((one.stages, one.costs, one.measures))
    with speaking("it"):
        # Some names are the same in both languages; no sentence is.
        assert all(translated(word) != word for word in words[1:])


def test_tactics_that_sit_on_either_side_in_print_say_so():
    for id in ("free-trials-demos", "social-presence", "television", "public-relations", "market-research"):
        assert "downstream" in tactic(id).why.lower()
        assert "upstream" in tactic(id).why.lower()


def test_every_benchmark_and_claim_with_a_tactic_finds_one():
    from workbook.channels.catalogue import _benchmarks, _claims

    known = {one.id for one in TACTICS} | {""}
    assert {one.tactic for one in (*_benchmarks(), *_claims())} <= known


def test_benchmarks_come_newest_first_and_are_old_after_three_years():
    found = benchmarks("email")
    years = [one.year or 0 for one in found]
    assert years == sorted(years, reverse=True)
    today = date(2026, 6, 1)
    assert {one.old(today) for one in found if one.year and one.year <= 2022} == {True}
    assert {one.old(today) for one in found if one.year and one.year >= 2023} == {False}
    assert benchmarks("community") == ()
    assert any("36" in one.claim for one in claims("email"))


def test_the_team_sets_the_side_and_adds_tactics_of_its_own():
    plan = Plan.model_validate(
        {
            "channels": {
                "mails": {"name": "Mails", "tactic": "email", "side": "upstream"},
                "choir": {"name": "The choir sings", "purpose": "Be heard", "side": "upstream", "lag": 2},
            }
        }
    )
    known = {one.id: one for one in catalogue(plan)}
    assert known["email"].side is Side.UPSTREAM
    assert tactic("email").side is Side.DOWNSTREAM
    assert (known["choir"].own, known["choir"].lag, len(known)) == (True, (2, 2), len(TACTICS) + 1)
    assert tactic_of(plan.channels[1]) is None
    assert len(catalogue()) == len(TACTICS)


def test_an_unknown_tactic_is_answered_with_the_nearest():
    with pytest.raises(AnalysisError, match="search-advertising"):
        tactic("search-advertisin")
