"""The Italian sample plan: sound, complete but for what it leaves open on purpose, and one with its synthetic tables."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from data.studies.forno_aurora import FORNO_AURORA
from workbook import exhibits
from workbook.analyses import analysis
from workbook.channels.split import split
from workbook.exhibits import Case
from workbook.language import speaking
from workbook.plan.checks import check, faults_in, margin_floor
from workbook.plan.files import read_plan
from workbook.plan.model import Targeting
from workbook.plan.workspace import Workspace

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
TABLES = SAMPLES / "tables"
DRAWN = [name for name in exhibits.__all__ if name[0].islower() and name not in ("decided", "open_points_of")]

UNTOUCHED = {
    "recent_changes",
    "scenario_differences",
    "scenario_figures",
    "scenario_splits",
    *("candidates_in_order", "channel_votes", "compared_in_pairs", "confidence_votes", "decision_log", "dot_votes"),
    *("gathered_notes", "need_votes", "parking_lot", "plus_and_delta", "satisfaction_votes", "segment_votes"),
    *("three_point_votes", "workshop_summary"),
    "money_leaks",
}
"""Exhibits of what happened to a plan since it was brought in, and of money that leaks: nothing, in a sample."""


@pytest.fixture(scope="module")
def plan():
    return read_plan(SAMPLES / "forno-aurora.yaml")[1]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    workspace = Workspace.create(tmp_path_factory.mktemp("work"))
    workspace.import_plan(SAMPLES / "forno-aurora.yaml")
    yield Case(workspace.log.plan("forno-aurora")[0], workspace)
    workspace.log.close()


def table(study):
    return pd.read_csv(TABLES / f"forno-aurora-{study}.csv")


def ids(items):
    return {item.id for item in items}


def test_it_has_no_fault_and_three_points_open_on_purpose(plan):
    assert not faults_in(plan)
    points = check(plan)
    assert {point.path for point in points} == {
        "/rivals/il-bar-all-angolo/price",
        "/attributes/forno-a-parte-senza-glutine/evidence",
        "/curves",
    }
    assert len(points) == 3
    with speaking("it"):
        assert "Passaparola" in next(point.sentence for point in points if point.path == "/curves")


def test_every_section_is_filled(plan):
    empty = [name for name in type(plan).model_fields if name != "confirmed" and not getattr(plan, name)]
    assert not empty


def test_every_table_is_a_study_called_synthetic(plan):
    assert {study.table for study in plan.studies} == {file.name for file in TABLES.glob("forno-aurora-*.csv")}
    assert all(study.note.startswith("Risposte sintetiche") for study in plan.studies)


def test_the_ids_of_the_tables_are_those_of_the_plan(plan):
    needs, segments = table("needs"), ids(plan.segments)
    assert set(needs["need"]) <= ids(plan.needs)
    for study in ("needs", "nps", "purchases", "usage", "leads", "reviews"):
        assert set(table(study)["segment"]) <= segments
    assert set(table("weekly")["channel"]) <= ids(plan.channels)
    assert set(table("leads")["source"]) == {source.id.removeprefix("da-") for source in plan.sources}
    assert set(table("kpis")["kpi"]) == ids(plan.indicators)
    assert set(table("kano")["feature"]) <= ids(plan.ideas)
    assert set(table("maxdiff")["item"]) <= ids(plan.attributes)
    assert set(table("usage")["feature"]) <= ids(plan.usage)
    criteria = table("criteria")
    assert set(criteria["criterion_a"]) | set(criteria["criterion_b"]) == ids(plan.criteria)
    brands = table("brands")
    assert set(brands["attribute"]) == {factor.name.lower() for factor in plan.factors}
    assert {brand.lower() for brand in brands["brand"]} == {r.name.lower() for r in plan.rivals} | {"forno aurora"}
    page = plan.item("pagina-del-negozio")
    assert list(table("page-conversions")["variant"]) == [variant.name for variant in page.variants]


def test_an_adopted_finding_is_what_its_table_says_of_that_segment_today(plan):
    for finding in plan.findings:
        file = TABLES / finding.table
        assert finding.fingerprint == hashlib.sha256(file.read_bytes()).hexdigest()
        (need,) = [n for n in plan.needs if any(e.finding == finding.id for e in n.evidence)]
        answers = pd.read_csv(file)
        scored = analysis("opportunity").function(answers[answers["segment"] == need.segment]).rows.set_index("need")
        assert scored.loc[need.id, "n"] == finding.n
        for name, figure in (("opportunity", finding.figure), ("low", finding.low), ("high", finding.high)):
            assert scored.loc[need.id, name] == pytest.approx(figure, abs=0.06)


def test_segments_bring_what_the_purchases_show(plan):
    bought, leads = table("purchases"), table("leads")
    year = bought["date"].str[:4]
    for segment in plan.segments:
        before, now = (bought[(bought["segment"] == segment.id) & (year == y)] for y in ("2025", "2026"))
        buyers = now["customer"].nunique()
        assert segment.churn == pytest.approx(1 - buyers / before["customer"].nunique(), abs=0.01)
        brings = now["amount"].sum() / buyers
        if segment.id == "regali-aziendali":
            # Companies also take quotes, which are no purchases of the shop.
            won = leads[(leads["segment"] == segment.id) & (leads["stage"] == "cliente")]
            brings += won["deal"].sum() / segment.ours
        assert segment.contract_value == pytest.approx(brings, rel=0.03)


def test_the_true_curves_lie_within_the_estimates_counted_in_new_customers(plan):
    orders = 1 + float(FORNO_AURORA.purchases.repeat_purchases([52])[0])
    assert {curve.channel for curve in plan.curves} == set(FORNO_AURORA.mix.channels)
    for curve in plan.curves:
        channel, estimate = FORNO_AURORA.mix.channels[curve.channel], curve.estimate
        customers = channel.customers(estimate.spend) / orders
        assert estimate.low <= customers <= estimate.high
        assert customers == pytest.approx(estimate.likely, rel=0.1)
        assert channel.maximum / orders == pytest.approx(curve.ceiling, rel=0.1)
        assert (channel.shape, channel.spend) == (curve.shape, curve.last_spend)


def test_readings_are_those_of_the_table_and_end_with_march(plan):
    figures = table("kpis").set_index(["kpi", "period"])
    for indicator in plan.indicators:
        for reading in indicator.readings:
            month = f"{reading.month:%Y-%m}"
            row = figures.loc[(indicator.id, month)]
            assert reading.target == pytest.approx(row["target"])
            assert reading.actual == (pytest.approx(row["actual"]) if month <= "2027-03" else None)


def test_no_price_or_discount_goes_under_the_margin_floor(plan):
    for offer in plan.offers:
        discount = max((c.discount or 0 for c in plan.campaigns if c.offer == offer.id), default=0)
        assert offer.price * (1 - discount) >= margin_floor(offer)


def test_the_box_costs_what_earns_most_in_the_ladder(plan):
    box = plan.item("scatola-natale")
    share = table("ladder").groupby("price")["would_buy"].mean()
    profit = (share.index - box.unit_cost) * share
    assert profit.idxmax() == 13
    assert box.price == pytest.approx(profit.idxmax(), abs=1)


def test_it_is_a_small_business(plan):
    rule = plan.balance.rule
    assert plan.balance.team_size == len(plan.charter.team) < rule.small_team
    assert plan.budget.total < rule.small_budget
    assert sum(campaign.budget for campaign in plan.campaigns) <= plan.budget.total


@pytest.mark.parametrize("name", DRAWN)
def test_every_exhibit_speaks_in_italian(case, name):
    with speaking("it"):
        shown = getattr(exhibits, name)(case)
        payload = shown.payload
    assert shown.finding
    assert shown.empty == (name in UNTOUCHED)
    assert payload["language"] == "it"
    with speaking("en"):
        english = getattr(exhibits, name)(case)
    assert name == "plan_summary" or english.finding != shown.finding


def test_the_split_spends_the_budget_without_the_reserve(case):
    shown = exhibits.budget_split(case).table
    budget = case.plan.budget
    # The upstream channels are at their maximum: what the balance gives them beyond that stays unspent, and is said.
    unspent = split(case.plan).unspent
    assert shown["spend"].sum() + unspent == pytest.approx(budget.total - budget.reserve)
    assert unspent == pytest.approx(3240)
    assert (shown["spend"] > 1000).all()
    assert shown.set_index("id").loc["newsletter", "binding"] == "maximum"


def test_who_avoids_gluten_has_the_largest_unmet_need(case):
    targets = [segment.id for segment in case.plan.segments if segment.targeting is Targeting.TARGET]
    best = {s: exhibits.opportunity_scores(Case(case.plan, case.workspace, s)).table.iloc[0] for s in targets}
    assert max(targets, key=lambda s: best[s]["opportunity"]) == "intolleranti"
    assert [best[s]["id"] for s in targets] == ["merenda-sana", "regalo-bello", "senza-rischi"]
