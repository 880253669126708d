"""Every exhibit of a study offers its figures to the plan; what is adopted is traced, moves what stands on it, and ages."""

import pytest
from click.testing import CliRunner

from workbook import exhibits
from workbook.cli import main
from workbook.exhibits import Case
from workbook.forms.cards import form_content
from workbook.forms.live import LivePlan
from workbook.language import speaking
from workbook.plan.adoption import filled_by
from workbook.plan.checks import faults_in
from workbook.plan.model import Basis, Grade
from workbook.plan.workspace import Workspace
from workbook.plan.worth import segment_worth
from workbook.shipped import shipped

OFFERING = {
    "acceptable_prices": "enterprise-tier",
    "brand_awareness": "",
    "data_segments": "",
    "demand_and_revenue": "enterprise-tier",
    "feedback_themes": "",
    "kano_quadrant": "",
    "maxdiff_shares": "",
    "observed_curves": "",
    "opportunity_scores": "",
    "recommendation": "",
    "retention_curves": "enterprise",
    "turf_reach": "",
    "value_by_segment": "",
    "willingness_to_pay": "",
}
"""Exhibits whose figures can be adopted, with what they are adopted for where that has to be said."""


@pytest.fixture
def workspace(tmp_path):
    made = Workspace.create(tmp_path / "team")
    made.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield made
    made.log.close()


@pytest.fixture
def live(workspace):
    return LivePlan(workspace, "adaptive-test")


def shown(live, name):
    case = Case(live.plan, live.workspace, plan_id="adaptive-test", scenario=live.scenario)
    return getattr(exhibits, name)(case)


def proposals(live, name, to):
    return [one for one in shown(live, name).proposals if one.to == to]


def field(live, path):
    """The field at ``path`` as the form shows it."""
    cards = form_content(live.plan, path.split("/")[1], live.form, live.around)["cards"]
    return next(f for card in cards for f in card["fields"] if f["path"] == path)


def halved(live, analysis, tmp_path):
    """Bring in half of the table of a study in its place."""
    study = next(study for study in live.plan.studies if study.analysis == analysis)
    lines = live.workspace.table(study.table).read_text().splitlines()
    half = tmp_path / f"half-{analysis}.csv"
    half.write_text("\n".join(lines[: len(lines) // 2]) + "\n")
    live.edit(f"/studies/{study.id}/table", live.workspace.add_table(half))


@pytest.mark.parametrize(("name", "to"), OFFERING.items())
def test_what_an_exhibit_offers_is_adopted_once_and_without_a_fault(live, name, to):
    offered = proposals(live, name, to)
    assert offered
    live.take(offered)
    assert proposals(live, name, to) == []
    assert not faults_in(live.plan)
    for one in offered:
        finding = live.plan.item(one.key)
        assert (finding.figure, finding.low, finding.high, finding.n) == (one.figure, one.low, one.high, one.n)
        assert finding.table
        assert finding.fingerprint
        assert finding.conventions
        assert finding.grade in (Grade.A, Grade.B)
        assert set(one.fills) <= {path for path, known in filled_by(live.plan).items() if known.id == one.key}
        if one.item.count("/") == 2:
            assert one.key in {evidence.finding for evidence in live.plan.item(one.item.split("/")[2]).evidence}
    with speaking("it"):
        assert proposals(live, name, to) == []  # the same figures in other words are no other figures


def test_the_words_of_a_button_say_for_what_and_what_it_writes(live):
    act = shown(live, "demand_and_revenue").payload["adopt"][0]
    assert act["label"] == "Adopt for “Enterprise tier with adaptive tests”"
    assert act["says"] == [
        "“Enterprise tier with adaptive tests” at €210 for a customer and month: of the prices asked it earns most"
    ]
    assert shown(live, "recommendation").payload["adopt"][0]["label"] == "Adopt 4 figures"


def test_an_adopted_price_moves_what_a_customer_is_worth_and_says_where_it_is_from(workspace):
    live = LivePlan(workspace, "adaptive-test", "paid")
    path = "/offers/adaptive-tests/price"
    live.edit("/offers/adaptive-tests/uptake", "20")
    before = segment_worth(live.plan.item("enterprise"), live.plan)
    assert field(live, path)["evidence"]["text"] == "judgement, grade D"
    live.take(proposals(live, "demand_and_revenue", "adaptive-tests"))
    offer, segment = live.plan.item("adaptive-tests"), live.plan.item("enterprise")
    assert offer.price == 210
    after = segment_worth(segment, live.plan)
    # 12 months x (210 - 40) x uptake / churn of the segment, on top of the contract's own margin.
    on_top = 12 * (210 - offer.unit_cost) * offer.uptake / segment.churn
    assert after == pytest.approx(segment.contract_value * segment.margin / segment.churn + on_top)
    assert after != pytest.approx(before)
    told = field(live, path)["evidence"]
    assert told == {"kind": "observed", "text": "adopted, n = 220, grade A: Price ladder of the add-on"}
    assert live.plan.item("gabor-granger-adaptive-tests").low == 150
    live.edit(path, "199")
    assert field(live, path)["evidence"] == {"kind": "assumed", "text": "judgement, grade D"}
    assert not live.plan.item("gabor-granger-adaptive-tests").fills


def test_a_price_of_another_method_takes_the_field_from_the_first(live):
    live.take(proposals(live, "demand_and_revenue", "enterprise-tier"))
    live.take(proposals(live, "acceptable_prices", "enterprise-tier"))
    assert filled_by(live.plan)["/offers/enterprise-tier/price"].analysis == "van-westendorp"
    assert not live.plan.item("gabor-granger-enterprise-tier").fills
    assert proposals(live, "demand_and_revenue", "enterprise-tier")  # offered again, since the plan holds the other


@pytest.mark.parametrize(
    ("name", "to", "analysis", "path"),
    [
        ("demand_and_revenue", "enterprise-tier", "gabor-granger", "/offers/enterprise-tier/price"),
        ("value_by_segment", "", "lifetime-value", "/segments/enterprise/contract_value"),
    ],
)
def test_another_table_makes_an_adopted_figure_old_beside_its_field_until_it_is_renewed(
    live, tmp_path, name, to, analysis, path
):
    live.take(proposals(live, name, to))
    first = field(live, path)["evidence"]
    assert first["kind"] == "observed"
    halved(live, analysis, tmp_path)
    old = field(live, path)["evidence"]
    assert old["kind"] == "stale"
    assert old["text"] == f"out of date: {first['text']}"
    live.take(proposals(live, name, to))
    renewed = field(live, path)["evidence"]
    assert renewed["kind"] == "observed"
    assert renewed["text"] != first["text"]


def test_an_adopted_price_is_named_where_the_split_and_the_offer_stand_on_it_and_when_it_is_old(workspace, tmp_path):
    live = LivePlan(workspace, "adaptive-test", "paid")
    named = "Price ladder of the add-on: n = 220, grade A"
    assert named not in [tag.text for tag in shown(live, "budget_split").tags]
    live.take(proposals(live, "demand_and_revenue", "adaptive-tests"))
    for name in ("budget_split", "offer_economics"):
        assert named in [tag.text for tag in shown(live, name).tags if tag.kind == "observed"]
    halved(live, "gabor-granger", tmp_path)
    for name in ("budget_split", "offer_economics"):
        assert f"out of date: {named}" in [tag.text for tag in shown(live, name).tags if tag.kind == "stale"]


def test_lifetime_value_and_churn_of_a_segment_move_the_worth_that_the_split_reads(live):
    before = {s.id: segment_worth(s, live.plan) for s in live.plan.segments}
    live.take(proposals(live, "value_by_segment", ""))
    enterprise = live.plan.item("enterprise")
    row = shown(live, "value_by_segment").table.set_index("segment").loc["enterprise"]
    assert enterprise.contract_value == pytest.approx(row["yearly"], abs=0.005)
    assert enterprise.churn == pytest.approx(row["lost"], abs=5e-5)
    assert segment_worth(enterprise, live.plan) != before["enterprise"]
    assert live.plan.item("loyalty-enterprise").repeat == pytest.approx(1 - enterprise.churn)


def test_a_curve_adopted_from_the_history_is_observed_in_the_split(live):
    live.take(proposals(live, "observed_curves", ""))
    curve = live.plan.item("linkedin-curve")
    assert curve.basis is Basis.OBSERVED
    assert curve.estimate.low < curve.estimate.likely < curve.estimate.high < curve.ceiling
    assert "observed" in {tag.kind for tag in shown(live, "response_curves").tags}
    assert field(live, "/curves/linkedin-curve/estimate")["evidence"]["kind"] == "observed"


def test_items_that_a_study_adds_are_renewed_in_place_and_offered_again_when_taken_out(live):
    live.take(proposals(live, "feedback_themes", ""))
    themes = len(live.plan.themes)
    live.take(shown(live, "feedback_themes").proposals)
    assert len(live.plan.themes) == themes
    gone = next(theme for theme in live.plan.themes if any(e.finding for e in theme.evidence))
    live.remove(f"/themes/{gone.id}")
    assert [one.item for one in shown(live, "feedback_themes").proposals] == [f"/themes/{gone.id}"]
    assert not any(path.startswith(f"/themes/{gone.id}/") for path in filled_by(live.plan))


# One that asks for whom and one that does not; the others take the same path.
@pytest.mark.parametrize(("name", "to"), [("demand_and_revenue", "enterprise-tier"), ("recommendation", "")])
def test_the_command_adopts_what_the_button_does(workspace, name, to):
    words = ["adopt", "adaptive-test", name, "--workspace", str(workspace.folder)]
    if to:
        refused = CliRunner().invoke(main, words)
        assert refused.exit_code == 1
        assert to in refused.output
    told = CliRunner().invoke(main, words + (["--to", to] if to else []))
    assert told.exit_code == 0, told.output
    assert proposals(LivePlan(workspace, "adaptive-test"), name, to) == []
