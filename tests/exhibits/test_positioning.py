"""Step 4 in exhibits: the fit of needs with what is done about them, shared and unsourced claims, the house, the voice."""

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.plan.checks import check
from workbook.plan.model import Plan
from workbook.plan.voice import avoided, unwanted_words
from workbook.plan.workspace import Workspace

PROOF = {"p": {"name": "Measured", "source": "Test bench", "grade": "B"}}
BARE = {"q": {"name": "We think so"}}

PLAN = {
    "segments": {
        "firms": {"name": "Firms", "targeting": "target"},
        "guests": {"name": "Guests", "targeting": "excluded"},
    },
    "needs": {
        "speed": {"name": "Be quick", "kind": "job", "segment": "firms", "importance": 9, "satisfaction": 3},
        "noise": {"name": "Noise", "kind": "pain", "segment": "firms", "importance": 8, "satisfaction": 2},
        "joy": {"name": "Joy", "kind": "gain", "segment": "firms", "importance": 6, "satisfaction": 5},
        "rest": {"name": "Rest", "kind": "pain", "segment": "guests"},
    },
    "alternatives": {"a": {"name": "Tool A"}, "b": {"name": "Tool B"}},
    "attributes": {
        "engine": {"name": "Engine", "evidence": PROOF},
        "lamp": {"name": "Lamp", "evidence": BARE},
        "wheel": {"name": "Wheel", "also_in": ["a", "b"], "evidence": PROOF},
    },
    "advantages": {
        "fast": {"name": "Fast", "attribute": "engine", "needs": ["speed"]},
        "round": {"name": "Round", "attribute": "wheel", "needs": ["joy"]},
    },
    "relievers": {
        "runs": {"name": "Runs", "needs": ["speed"], "attribute": "engine"},
        "shines": {"name": "Shines", "needs": ["joy"], "attribute": "lamp"},
        "idles": {"name": "Idles", "needs": []},
    },
    "message_house": {
        "roof": "Go now",
        "pillars": {
            "one": {"name": "Quick", "advantage": "fast", "proof": "Measured"},
            "two": {"name": "Seamlessly bright"},
        },
    },
    "brand": {"tone": "Dry", "avoids": ["Seamless, new: words that say nothing", "World class"]},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    yield workspace
    workspace.log.close()


def case(workspace, **changes):
    return Case(Plan.model_validate(PLAN | changes), workspace)


def points(plan, path):
    return [point.sentence for point in check(plan) if point.path == path]


def test_each_need_of_those_we_serve_says_what_is_done_about_it_and_whether_it_is_proven(workspace):
    shown = exhibits.value_fit(case(workspace))
    assert dict(zip(shown.table["need"], shown.table["state"], strict=True)) == {
        "Noise": "open",
        "Be quick": "proven",
        "Joy": "claimed",
    }
    assert shown.finding == (
        "Something is done about 2 of 3 needs, 1 of them with proof. No pain reliever or gain creator for: “Noise”. "
        "Answers nothing that they asked for: “Idles”."
    )
    assert [card.title for card in shown.cards] == ["Jobs", "Pains", "Gains"]


def test_a_pain_without_a_reliever_is_advice_and_a_job_without_one_is_not(workspace):
    assert points(case(workspace).plan, "/relievers") == [
        "nothing relieves “Noise” yet. Name what does, or say in step 2 that it does not matter."
    ]
    assert points(case(workspace, relievers={}).plan, "/relievers") == []


def test_a_claim_two_others_make_is_advice_beside_the_field_and_in_the_exhibit(workspace):
    drawn = case(workspace)
    assert points(drawn.plan, "/attributes/wheel/also_in") == [
        "“Tool A” and “Tool B” can say “Wheel” too: no reason to choose us. Lead with another, or call it parity."
    ]
    shown = exhibits.claims_and_proofs(drawn)
    assert shown.table.iloc[0]["attribute"] == "Wheel"
    assert "Others can say this too: “Wheel”." in shown.finding
    parity = {**PLAN["attributes"], "wheel": {**PLAN["attributes"]["wheel"], "use": "parity"}}
    assert points(case(workspace, attributes=parity).plan, "/attributes/wheel/also_in") == []


def test_leading_with_what_others_have_is_advice(workspace):
    led = case(workspace, positioning={"advantages": ["fast", "round"]}).plan
    (said,) = points(led, "/positioning/advantages")
    assert "“Round” stands on “Wheel”" in said
    one = {**PLAN["attributes"], "wheel": {"name": "Wheel", "also_in": ["a"], "use": "difference"}}
    assert "“Tool A” has it too" in points(case(workspace, attributes=one).plan, "/attributes/wheel/use")[0]


def test_a_proof_without_a_source_is_flagged_and_proves_nothing(workspace):
    shown = exhibits.claims_and_proofs(case(workspace))
    rows = shown.table.set_index("attribute")
    assert rows.loc["Lamp", ["proofs", "unsourced"]].tolist() == [0, 1]
    assert rows.loc["Lamp", "verdict"] == "name the source before you say it"
    assert "A proof without a source: “Lamp”." in shown.finding
    assert "proof without a source: 1" in [tag.text for tag in shown.tags]
    coverage = exhibits.needs_coverage(case(workspace, advantages={"glow": {"attribute": "lamp", "needs": ["joy"]}}))
    assert "claimed" in set(coverage.table["state"])
    assert "proven" not in set(coverage.table["state"])


def test_the_house_has_a_roof_pillars_with_their_proofs_and_ground(workspace):
    shown = exhibits.message_house(case(workspace))
    assert [card.wide for card in shown.cards] == [True, False, False, True]
    assert shown.finding == "“Go now” stands on 2 pillars, 1 of them proven. Still to prove: “Seamlessly bright”."
    assert ("Proofs behind it", ("Measured (Test bench; grade B)",)) in shown.cards[1].facts
    assert shown.table["verdict"].tolist() == ["carries", "stands on no advantage"]
    dropped = {"fast": {"name": "Fast", "attribute": "engine", "state": "dropped"}}
    house = exhibits.message_house(case(workspace, advantages=dropped))
    assert house.table["verdict"][0] == "stands on an advantage we dropped"
    assert exhibits.message_house(case(workspace, message_house={"roof": "Go now"})).finding.startswith(
        "“Go now” has no"
    )


def test_words_the_brand_avoids_are_found_in_other_forms_but_not_inside_others(workspace):
    plan = case(workspace).plan
    assert avoided(plan) == ("Seamless", "new", "World class")
    assert [(one.path, one.phrase) for one in unwanted_words(plan)] == [("/message_house/pillars/two/name", "Seamless")]
    assert points(plan, "/message_house/pillars/two/name") == ["“Seamless” is among the words this brand does not use."]
    shown = exhibits.brand_voice(case(workspace))
    assert shown.finding == "One text uses a word this brand avoids."
    clean = case(workspace, message_house={"roof": "News, renewed", "pillars": {}})
    assert exhibits.brand_voice(clean).finding == "No text of 1 uses a word this brand avoids."


@pytest.mark.parametrize("name", ["value_fit", "claims_and_proofs", "message_house", "brand_voice"])
def test_without_anything_each_says_what_to_do_first(workspace, name):
    shown = getattr(exhibits, name)(Case(Plan(), workspace))
    assert shown.empty
    assert shown.finding.endswith(".")
