"""What a plan lacks and what in it does not fit together."""

import hashlib
import re

import pytest
import yaml

from workbook.errors import PlanFileError
from workbook.plan.checks import check, margin_floor, references
from workbook.plan.files import read_plan
from workbook.plan.model import Offer, Plan
from workbook.shipped import shipped


def points(data):
    found = check(Plan.model_validate(data))
    return {p.path: p.sentence for p in found if p.fault}, {p.path: p.sentence for p in found if not p.fault}


def test_an_empty_plan_has_no_fault_and_says_where_to_begin():
    faults, gaps = points({})
    assert faults == {}
    assert {"/charter/goal", "/segments", "/needs", "/channels", "/budget/total"} <= set(gaps)


def test_the_sample_has_one_open_point():
    _, plan = read_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    assert [(point.path, point.fault) for point in check(plan)] == [("/attributes/linked-results/evidence", False)]


def test_what_the_sample_adopted_is_what_its_table_says():
    samples = shipped("data") / "samples"
    _, plan = read_plan(samples / "adaptive-test.yaml")
    for finding in (one for one in plan.findings if one.study):
        content = (samples / "tables" / finding.table).read_bytes()
        assert finding.fingerprint == hashlib.sha256(content).hexdigest()
        assert finding.low <= finding.figure <= finding.high


@pytest.mark.parametrize(
    ("data", "path", "said"),
    [
        ({"channels": {"c": {"segments": ["gone"]}}}, "/channels/c/segments", "gone"),
        ({"channels": {"c": {"scores": {"gone": 1}}}}, "/channels/c/scores", "criteria"),
        ({"channels": {"c": {}}, "segments": {"c": {}}}, "/channels/c", "/segments/c"),
        ({"budget": {"total": 10, "reserve": 11}}, "/budget/reserve", "raise the total"),
        ({"budget": {"total": 10}, "curves": {"x": {"minimum": 11}}}, "/budget/total", "Lower a minimum"),
        ({"curves": {"x": {"minimum": 2, "maximum": 1}}}, "/curves/x/minimum", "€2"),
        ({"curves": {"x": {"ceiling": 5, "estimate": {"high": 6}}}}, "/curves/x/ceiling", "must be over"),
        ({"groups": {"g": {"minimum": 2, "maximum": 1}}}, "/groups/g/minimum", "€2"),
        ({"budget": {"total": 10}, "groups": {"g": {"minimum": 11}}}, "/budget/total", "at least €11"),
        (
            {"curves": {"x": {"channel": "c", "minimum": 9}}, "groups": {"g": {"channels": ["c"], "maximum": 8}}},
            "/groups/g/maximum",
            "€9 at least",
        ),
        (
            {"curves": {"x": {"channel": "c", "maximum": 3}}, "groups": {"g": {"channels": ["c"], "minimum": 4}}},
            "/groups/g/minimum",
            "€3 at most",
        ),
        (
            {"channels": {"c": {}}, "groups": {"g": {"channels": ["c"]}, "h": {"name": "H", "channels": ["c"]}}},
            "/groups/h/channels",
            "one group only",
        ),
        (
            {"channels": {"c": {}, "d": {"side": "upstream"}}, "groups": {"g": {"channels": ["c", "d"]}}},
            "/groups/g/channels",
            "merge the budgets",
        ),
        ({"groups": {"g": {"channels": ["gone"]}}}, "/groups/g/channels", "gone"),
        ({"notices": {"n": {"owner": "gone"}}}, "/notices/n/owner", "team"),
        ({"channels": {"c": {"reach": {"gone": 1}}}}, "/channels/c/reach", "segments"),
    ],
)
def test_what_cannot_stand_is_a_fault_with_a_way_out(data, path, said):
    faults, _ = points(data)
    assert said in faults[path]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"segments": {"a": {"targeting": "excluded"}}, "positioning": {"segment": "a"}}, "/positioning/segment"),
        (
            {"segments": {"a": {"targeting": "excluded"}}, "channels": {"c": {"segments": ["a"]}}},
            "/channels/c/segments",
        ),
        ({"segments": {"a": {}}}, "/segments"),
        ({"attributes": {"t": {}}, "advantages": {"v": {"attribute": "t"}}}, "/attributes/t/evidence"),
        ({"segments": {"a": {"evidence": {"e": {"grade": "E"}}}}}, "/segments/a/evidence/e/grade"),
        ({"channels": {"c": {}}}, "/curves"),
    ],
)
def test_what_would_make_the_plan_better_is_a_gap(data, path):
    faults, gaps = points(data)
    assert faults == {}
    assert path in gaps


def test_references_are_found_at_every_depth():
    plan = Plan.model_validate(
        {
            "needs": {"n": {"segment": "s", "personas": ["p"]}},
            "channels": {"c": {"scores": {"k": 1}}},
            "positioning": {"advantages": ["v"]},
        }
    )
    assert list(references(plan)) == [
        ("/needs/n/segment", "Segment", "s"),
        ("/needs/n/personas", "Persona", "p"),
        ("/positioning/advantages", "Advantage", "v"),
        ("/channels/c/scores", "Criterion", "k"),
    ]


def offer(**fields):
    return {"offers": {"o": {"name": "Tests", "model": "tier", **fields}}}


def releases(*, a=None, b=None):
    return {"releases": {"a": a or {}, "b": b or {}}}


def campaign(*, more=None, **fields):
    upstream = {
        "segments": {"s": {}, "t": {}},
        "needs": {"n": {"name": "Test alone", "segment": "s"}, "m": {"name": "Prove it", "segment": "t"}},
        "advantages": {"v": {"name": "This week", "needs": ["n"]}, "w": {"name": "Cheap", "needs": ["m"]}},
        "offers": {"o": {"needs": ["n"], "model": "tier", "price": 100, "unit_cost": 20, "required_margin": 0.6}},
        "releases": {"r": {"name": "Version 2", "date": "2027-04-12"}},
        "audiences": {"a": {"segment": "s"}, "b": {"segment": "t"}},
    }
    return (
        upstream | {"campaigns": {"c": {"name": "Launch", "segment": "s", "challenge": "n", **fields}}} | (more or {})
    )


def notice(**fields):
    return {"releases": {"r": {"date": "2027-04-12"}}, "notices": {"n": {"release": "r", **fields}}}


def announcing(other):
    """Return a notice of one release that carries the message of another's campaign."""
    return {
        "releases": {"r": {"date": "2027-04-12"}, "o": {"name": "Analysis", "date": other}},
        "campaigns": {"c": {"release": "o"}},
        "messages": {"m": {"campaign": "c"}},
        "notices": {"n": {"release": "r", "message": "m"}},
    }


def reaching(tactic, consent):
    return {
        "channels": {"k": {"name": "Letters", "tactic": tactic}},
        "audiences": {"a": {"name": "Regulars", "consent": consent}},
        "campaigns": {"c": {"channels": ["k"], "audiences": ["a"]}},
    }


def briefing(days):
    told = {"x": {"audience": "customers"}, "y": {"audience": "internal"}}
    return {
        "releases": {"r": {"date": "2027-04-12"}},
        "notices": {id: {"release": "r", "days_before": d, **told[id]} for id, d in zip("xy", days, strict=True)},
    }


def agreed(**fields):
    """Return an agreement on 1,200 leads in a year."""
    figures = {"revenue_goal": 12_000, "marketing_share": 1, "deal_size": 100, "close_rate": 0.1}
    return {"handover": figures | fields}


def counting(**fields):
    target = {"readings": {"t": {"month": "2027-01", "target": 1}}}
    return {"handover": {"counted_by": "i"}, "indicators": {"i": {"name": "Leads"} | target | fields}}


def leads_at(days):
    return {
        "releases": {"r": {"date": "2027-04-12"}},
        "notices": {
            "x": {"release": "r", "audience": "customers", "days_before": 14},
            "y": {"release": "r", "audience": "leads", "days_before": days},
        },
    }


def in_period(start):
    return {"charter": {"period": {"start": "2027-01"}}, "campaigns": {"c": {"name": "Launch", "start": start}}}


def rival(**fields):
    return {"factors": {"f": {"name": "Speed"}}, "rivals": {"r": fields}}


def trial(**fields):
    return {"experiments": {"t": fields}}


def sourced(section, **fields):
    return {section: {"x": {"evidence": {"e": {"name": "Nine of twelve wait", **fields}}}}}


def shares(*held):
    return {"sources": {f"s{i}": {"share": share} for i, share in enumerate(held)}}


DROPPED = {"advantages": {"v": {"name": "Cheap", "state": "dropped"}}}
LIVE = {"advantages": {"v": {"name": "Cheap"}}}
SHORT = {"segments": {"x": {"name": "Shops", "targeting": "excluded"}}}
OPEN = {"segments": {"x": {"name": "Shops"}}}
STANDS = {"name": "Tests", "depends_on": ["b"]}
BOTH_SIDES = {"i": {"side": "upstream"}, "j": {"side": "downstream"}}
ADAPTIVE = {"traffic": "adaptive", "variants": {"k": {}, "l": {}, "m": {}}}


@pytest.mark.parametrize(
    ("wrong", "right", "path", "said"),
    [
        (offer(required_margin=1), offer(required_margin=0.9), "/offers/o/required_margin", "Tests"),
        (
            releases(a=STANDS, b={"name": "Editor", "depends_on": ["a"]}),
            releases(a=STANDS, b={"name": "Editor"}),
            "/releases/a/depends_on",
            "Tests and Editor",
        ),
        (
            releases(a={"name": "Tests", "depends_on": ["a"]}),
            releases(a={"name": "Tests"}),
            "/releases/a/depends_on",
            "out of the circle",
        ),
        (
            releases(a=STANDS | {"date": "2027-03-01"}, b={"name": "Editor", "date": "2027-04-01"}),
            releases(a=STANDS | {"date": "2027-04-01"}, b={"name": "Editor", "date": "2027-04-01"}),
            "/releases/a/date",
            "before “Editor” on 1 April 2027",
        ),
        (
            {"balance": {"rule": {"least": 0.8, "most": 0.2}}},
            {"balance": {"rule": {"least": 0.2, "most": 0.8}}},
            "/balance/rule",
            "Lower the one",
        ),
        (
            campaign(start="2027-05-01", end="2027-04-30"),
            campaign(start="2027-05-01", end="2027-05-01"),
            "/campaigns/c/end",
            "“Launch” ends on 30 April 2027",
        ),
        (
            trial(rate={"baseline": 0.95, "effect": 0.1}),
            trial(rate={"baseline": 0.9, "effect": 0.1}),
            "/experiments/t/rate",
            "over 100",
        ),
        (trial(power=1), trial(power=0.9), "/experiments/t/power", "less than 100"),
        (trial(alpha=0), trial(alpha=0.1), "/experiments/t/alpha", "more than 0"),
        (
            trial(least_share=0.4, **ADAPTIVE),
            trial(least_share=0.3, **ADAPTIVE),
            "/experiments/t/least_share",
            "3 variants",
        ),
    ],
)
def test_a_fault_of_a_later_step_stands_until_it_is_mended(wrong, right, path, said):
    faults, _ = points(wrong)
    assert said in faults[path]
    assert points(right)[0] == {}


@pytest.mark.parametrize(
    ("wrong", "right", "path", "said"),
    [
        # 0 to 2: charter, audience, research
        ({"charter": {}}, {"charter": {"why": "Customers ask"}}, "/charter/why", "why now"),
        ({"charter": {}}, {"charter": {"team": {"m": {}}}}, "/charter/team", "owner"),
        (
            {"segments": {"s": {"targeting": "target"}}},
            {"segments": {"s": {"targeting": "target", "focus": "Busy ones"}}},
            "/segments/s/focus",
            "next year",
        ),
        (
            {"segments": {"s": {"customers": 10, "ours": 11}}},
            {"segments": {"s": {"customers": 10, "ours": 10}}},
            "/segments/s/ours",
            "11",
        ),
        (
            {"segments": {"s": {"contract_value": 20, "category_spend": 10}}},
            {"segments": {"s": {"contract_value": 10, "category_spend": 10}}},
            "/segments/s/category_spend",
            "€20",
        ),
        (
            {"stages": {"s": {"name": "Tries"}}},
            {"stages": {"s": {}}, "touchpoints": {"t": {"stage": "s"}}},
            "/touchpoints",
            "Tries",
        ),
        ({"touchpoints": {"t": {}}}, sourced("touchpoints"), "/touchpoints/t/evidence", "opinion"),
        ({"trends": {"t": {}}}, {"trends": {"t": {"seen": "2026-09-15"}}}, "/trends/t/seen", "feeling"),
        ({"trends": {"t": {}}}, {"trends": {"t": {"expected": "More"}}}, "/trends/t/expected", "whether it did"),
        ({"themes": {"t": {}}}, {"needs": {"n": {}}, "themes": {"t": {"need": "n"}}}, "/themes/t/need", "complaint"),
        (sourced("attributes"), sourced("attributes", source="Manual"), "/attributes/x/evidence/e/source", "convinces"),
        (
            sourced("segments", grade="A"),
            sourced("segments", grade="A", source="CRM"),
            "/segments/x/evidence/e/source",
            "Nine of twelve wait",
        ),
        (sourced("trends", grade="E"), sourced("trends"), "/trends/x/evidence/e/grade", "unsourced"),
        # what was excluded or dropped, and is used all the same
        *(
            (SHORT | use, OPEN | use, path, "“Shops” is excluded")
            for use, path in (
                ({"offers": {"u": {"segments": ["x"]}}}, "/offers/u/segments"),
                ({"releases": {"u": {"segments": ["x"]}}}, "/releases/u/segments"),
                ({"campaigns": {"u": {"segment": "x"}}}, "/campaigns/u/segment"),
                ({"notices": {"u": {"segments": ["x"]}}}, "/notices/u/segments"),
                ({"referrals": {"u": {"segment": "x"}}}, "/referrals/u/segment"),
            )
        ),
        *(
            (DROPPED | use, LIVE | use, path, "“Cheap” was dropped")
            for use, path in (
                ({"messages": {"u": {"advantage": "v"}}}, "/messages/u/advantage"),
                ({"campaigns": {"u": {"advantage": "v"}}}, "/campaigns/u/advantage"),
                ({"positioning": {"advantages": ["v"]}}, "/positioning/advantages"),
                ({"message_house": {"pillars": {"u": {"advantage": "v"}}}}, "/message_house/pillars/u/advantage"),
            )
        ),
        # 3 and 4: competitors, positioning
        (rival(), rival(scores={"f": 5}), "/rivals/r/scores", "Speed"),
        (rival(), rival() | {"standing": {"scores": {"f": 5}}}, "/standing/scores", "Speed"),
        (
            rival(share=0.8) | {"standing": {"share": 0.3}},
            rival(share=0.7) | {"standing": {"share": 0.3}},
            "/standing/share",
            "110",
        ),
        (
            {"sizes": {"a": {}}},
            {"sizes": {"a": {}, "b": {"way": "bottom-up"}}},
            "/sizes",
            "the other end",
        ),
        (
            {"sizes": {"a": {"won": 0.1}}},
            {"sizes": {"a": {"won": 0.1, "won_evidence": {"e": {}}}}},
            "/sizes/a/won_evidence",
            "opinion",
        ),
        ({"actions": {"a": {"move": "raise"}}}, {"actions": {"a": {"move": "create"}}}, "/actions/a/factor", "factor"),
        ({}, {"brand": {"tone": "Plain"}}, "/brand/tone", "how we speak"),
        ({}, {"message_house": {"roof": "It tests itself"}}, "/message_house/roof", "remember"),
        # 5 to 7: offer, roadmap, balance
        (offer(price=10, unit_cost=10), offer(price=11, unit_cost=10), "/offers/o/price", "loses money"),
        (
            offer(price=24, unit_cost=10, required_margin=0.6),
            offer(price=25, unit_cost=10, required_margin=0.6),
            "/offers/o/price",
            "floor of €25",
        ),
        (offer(), offer(model="bundled"), "/offers/o/price", "break-even"),
        (offer(model="add-on"), offer(model="add-on", uptake=0.2), "/offers/o/uptake", "worth"),
        (offer(trial="opt-in"), offer(trial="opt-in", trial_days=30), "/offers/o/trial_days", "how long"),
        (
            {"ideas": {"i": {"reach": 1, "impact": 1, "confidence": 1, "effort": 0}}},
            {"ideas": {"i": {"reach": 1, "impact": 1, "confidence": 1, "effort": 1}}},
            "/ideas/i/effort",
            "over 0",
        ),
        ({"ideas": {"i": {"reach": 1}}}, {"ideas": {}}, "/ideas/i/reach", "rank"),
        (releases(), releases(a={"date": "2027-04"}), "/releases/a/date", "wait for that"),
        (
            releases(a=STANDS, b={"name": "Editor", "status": "stopped"}),
            releases(a=STANDS, b={"name": "Editor"}),
            "/releases/a/depends_on",
            "“Editor”, which was stopped",
        ),
        ({}, {"balance": {"needs": {"sell_now": 0}}}, "/balance/needs", "score"),
        ({}, {"balance": {"upstream_share": 0.5}}, "/balance/upstream_share", "decide"),
        # 8: channels
        (
            {"segments": {"s": {}, "t": {}}, "channels": {"c": {"segments": ["s"], "reach": {"s": 0.6}}}},
            {"segments": {"s": {}, "t": {}}, "channels": {"c": {"segments": ["s"], "reach": {"s": 1}}}},
            "/channels/c/reach",
            "make 60",
        ),
        (
            {"segments": {"s": {"name": "Shops"}}, "channels": {"c": {"reach": {"s": 1}}}},
            {"segments": {"s": {"name": "Shops"}}, "channels": {"c": {"segments": ["s"], "reach": {"s": 1}}}},
            "/channels/c/reach",
            "Shops",
        ),
        # 9: campaigns and launch
        (campaign(), campaign(release="r"), "/campaigns/c/release", "not early"),
        (
            campaign(release="r", start="2027-04-11"),
            campaign(release="r", start="2027-04-12"),
            "/campaigns/c/start",
            "before “Version 2” on 12 April 2027",
        ),
        (campaign(challenge="m"), campaign(), "/campaigns/c/challenge", "Prove it"),
        (campaign(advantage="w"), campaign(advantage="v"), "/campaigns/c/advantage", "“Cheap” does not answer"),
        (
            campaign(offer="o", challenge="m"),
            campaign(offer="o"),
            "/campaigns/c/offer",
            "does not solve “Prove it”",
        ),
        (campaign(audiences=["b"]), campaign(audiences=["a"]), "/campaigns/c/audiences", "inside the segment"),
        (
            campaign(offer="o", discount=0.6),
            campaign(offer="o", discount=0.5),
            "/campaigns/c/discount",
            "€40 of the price, under the margin floor of €50",
        ),
        (
            campaign(budget=11, more={"budget": {"total": 10}}),
            campaign(budget=10, more={"budget": {"total": 10}}),
            "/campaigns",
            "€11",
        ),
        (campaign(), campaign(more={"messages": {"x": {"campaign": "c"}}}), "/messages", "Launch"),
        ({"messages": {"x": {}}}, LIVE | {"messages": {"x": {"advantage": "v"}}}, "/messages/x/advantage", "slogan"),
        ({"accounts": {"x": {}}}, {"accounts": {"x": {"message": "You said"}}}, "/accounts/x/message", "by name"),
        (
            campaign(release="r"),
            campaign(release="r", more={"notices": {"x": {"release": "r"}}}),
            "/notices",
            "Version 2",
        ),
        (notice(date="2027-04-13"), notice(date="2027-04-12"), "/notices/n/date", "Send it before"),
        (
            notice(date="2027-04-01", days_before=14),
            notice(date="2027-03-29", days_before=14),
            "/notices/n/date",
            "is not 14 days before",
        ),
        (notice(), notice(days_before=0), "/notices/n/days_before", "how many days"),
        (
            notice(date="2027-03-29"),
            notice(date="2027-03-29", days_before=14),
            "/notices/n/days_before",
            "Enter 14 days before, if that is meant",
        ),
        (notice(audience="leads"), notice(audience="leads", consent="given"), "/notices/n/consent", "agreed"),
        (
            notice(audience="customers", consent="missing"),
            notice(audience="internal", consent="missing"),
            "/notices/n/consent",
            "Ask for their consent first",
        ),
        (
            notice() | {"releases": {"r": {"date": "2027-04-12", "status": "stopped"}}},
            notice(),
            "/notices/n/release",
            "was stopped",
        ),
        (announcing("2027-09-06"), announcing("2027-04-01"), "/notices/n/message", "comes only on 6 September 2027"),
        (
            campaign(programme="account-based"),
            campaign(programme="inbound"),
            "/campaigns/c/accounts",
            "“Launch” goes to accounts by name",
        ),
        (reaching("email", "missing"), reaching("email", "given"), "/campaigns/c/audiences", "Ask them first"),
        (reaching("email", "missing"), reaching("events", "missing"), "/campaigns/c/audiences", "Regulars"),
        (
            LIVE | {"messages": {"x": {"advantage": "v"}}, "advantages": {"v": {"name": "Fast", "state": "dropped"}}},
            LIVE | {"messages": {"x": {"advantage": "v"}}},
            "/messages/x/advantage",
            "“Fast” was dropped",
        ),
        (leads_at(21), leads_at(7), "/notices/y/days_before", "Tell customers first"),
        (in_period("2028-01-01"), in_period("2027-12-31"), "/campaigns/c/start", "12 months from January 2027"),
        (in_period("2026-12-31"), in_period("2027-01-01"), "/campaigns/c/start", "belongs to another plan"),
        (briefing((14, 7)), briefing((14, 14)), "/notices/y/days_before", "Tell them first"),
        # 10 to 12: hand-over, tests, measures
        (
            {"handover": {"close_rate": 0}},
            {"handover": {"close_rate": 0.1}},
            "/handover/close_rate",
            "no number of leads",
        ),
        ({"handover": {"deal_size": 0}}, {"handover": {"deal_size": 10}}, "/handover/deal_size", "nothing"),
        ({"handover": {"reps": 0}}, {"handover": {"reps": 1}}, "/handover/reps", "follows up"),
        ({"handover": {}}, {"handover": {"reps": 1}}, "/handover/reps", "lost"),
        (
            {"charter": {"revenue_target": 10}, "handover": {"revenue_goal": 11}},
            {"charter": {"revenue_target": 10}, "handover": {"revenue_goal": 10}},
            "/handover/revenue_goal",
            "€10",
        ),
        (
            {"handover": {"close_rate": 0.1, "funnel": {"qualified": 0.5, "opportunity": 0.5, "won": 0.5}}},
            {"handover": {"close_rate": 0.125, "funnel": {"qualified": 0.5, "opportunity": 0.5, "won": 0.5}}},
            "/handover/funnel",
            "12.5",
        ),
        (shares(0.5, 0.4), shares(0.5, 0.5), "/sources", "90"),
        (agreed(reps=1, hours=10), agreed(reps=2, hours=100), "/handover/hours", "6 leads a month, and 100 would come"),
        (agreed(hours=0), agreed(hours=1), "/handover/hours", "nobody follows one up"),
        (agreed(minutes=0), agreed(minutes=5), "/handover/minutes", "Enter its minutes"),
        (agreed(funnel={"accepted": 0}), agreed(funnel={"accepted": 0.5}), "/handover/funnel", "over 0 %"),
        (
            agreed(funnel={"qualified": 0.5, "accepted": 0.5, "opportunity": 0.5, "won": 0.5}),
            agreed(funnel={"qualified": 0.8, "accepted": 0.5, "opportunity": 0.5, "won": 0.5}),
            "/handover/funnel",
            "6.2",
        ),
        (
            {"handover": {"close_rate": 0.1}, "sources": {"a": {"share": 1, "close_rate": 0.2}}},
            {"handover": {"close_rate": 0.19}, "sources": {"a": {"share": 1, "close_rate": 0.2}}},
            "/handover/close_rate",
            "the sources together close 20",
        ),
        (counting(unit="money"), counting(unit="number"), "/handover/counted_by", "“Leads” is counted in money"),
        (
            counting(
                readings={"a": {"month": "2027-01", "target": 1, "actual": 1}, "b": {"month": "2027-03", "actual": 2}}
            ),
            counting(
                readings={"a": {"month": "2027-01", "target": 1, "actual": 1}, "b": {"month": "2027-02", "actual": 2}}
            ),
            "/indicators/i/readings",
            "between January 2027 and March 2027",
        ),
        (
            {"sources": {"s": {"name": "Fairs", "close_rate": 0}}},
            {"sources": {"s": {"name": "Fairs", "close_rate": 0.1}}},
            "/sources/s/close_rate",
            "Fairs",
        ),
        (trial(), trial(hypothesis="Because"), "/experiments/t/hypothesis", "explained"),
        (trial(variants={"a": {}}), trial(variants={"a": {}, "b": {}}), "/experiments/t/variants", "compares"),
        (trial(), {"needs": {"n": {}}} | trial(need="n"), "/experiments/t/channel", "teaches"),
        (
            trial(metric="conversion"),
            trial(metric="conversion", rate={"baseline": 0.1, "effect": 0.01}),
            "/experiments/t/rate",
            "sample size",
        ),
        (
            trial(metric="session-time", rate={"baseline": 0.1, "effect": 0.01}),
            trial(metric="session-time", time={"mean": 90, "deviation": 60, "effect": 10}),
            "/experiments/t/time",
            "sample size",
        ),
        (
            {"indicators": {"i": {"name": "Leads"}}},
            {"indicators": {"i": {"readings": {"r": {"target": 0}}}}},
            "/indicators/i/readings",
            "“Leads” has no target",
        ),
        (
            {"indicators": {"i": {"side": "upstream"}}},
            {"indicators": BOTH_SIDES},
            "/indicators",
            "judges the downstream side",
        ),
        ({"decisions": {"d": {}}}, {"decisions": {"d": {"reason": "Leads"}}}, "/decisions/d/reason", "remember"),
        ({}, {"closing": {"both": "Every spring"}}, "/closing/both", "long run"),
    ],
)
def test_a_gap_of_a_later_step_is_named_until_it_is_closed(wrong, right, path, said):
    _, gaps = points(wrong)
    assert said in gaps[path]
    assert said not in points(right)[1].get(path, "")


def test_each_circle_of_releases_is_named_once():
    around = {id: {"name": id.upper(), "depends_on": [on]} for id, on in zip("abcde", "bcaed", strict=True)}
    found = [point for point in check(Plan.model_validate({"releases": around})) if point.fault]
    assert [point.sentence.split(":")[1].split(".")[0].strip() for point in found] == ["A, B and C", "D and E"]


def test_a_diamond_of_releases_is_no_circle():
    waits = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}
    assert points({"releases": {id: {"depends_on": on} for id, on in waits.items()}})[0] == {}


@pytest.mark.parametrize(
    ("cost", "margin", "floor"), [(40, 0.6, 100), (0, 0.6, 0), (40, 0, 40), (40, 1, None), (None, 0.6, None)]
)
def test_the_margin_floor_is_cost_over_one_less_the_margin(cost, margin, floor):
    offer = Offer(id="o", unit_cost=cost, required_margin=margin)
    assert margin_floor(offer) == (floor if floor is None else pytest.approx(floor))


def test_an_excluded_segment_may_be_described_and_reached():
    described = {
        "needs": {"n": {"segment": "x"}},
        "loyalty": {"l": {"segment": "x"}},
        "channels": {"c": {"reach": {"x": 1}}},
    }
    assert not any("excluded" in sentence for sentence in points(SHORT | described)[1].values())


def test_every_point_stands_at_a_field_of_the_plan():
    """The form shows a point beside the field it is about: a path that leads nowhere would hide it."""
    from workbook.forms.cards import FormState, form_content

    def paths(fields):
        for field in fields:
            yield field["path"]
            yield from paths(field.get("fields", []))
            for card in field.get("cards", []):
                yield from paths(card["fields"])

    _, plan = read_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    for checked in (Plan(), plan):
        for point in check(checked):
            section = point.path.split("/")[1]
            content = form_content(checked, section, FormState())
            shown = {path for card in content["cards"] for path in paths(card["fields"])}
            assert point.path in shown | {f"/{section}"}, point


@pytest.mark.parametrize(
    ("entered", "says"),
    [
        ({"handover": {"close_rate": 2.5}}, "/handover/close_rate: found “2.5”. Enter 1 or less."),
        ({"sources": {"s": {"share": -0.1}}}, "/sources/s/share: found “-0.1”. Enter 0 or more."),
        ({"handover": {"minutes": "20 min"}}, "/handover/minutes: found “20 min”. Enter a number"),
        ({"notices": {"n": {"days_before": -3}}}, "/notices/n/days_before: found “-3”. Enter 0 or more."),
    ],
)
def test_what_no_agreement_can_hold_is_refused_at_its_place(entered, says, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump({"format": 1, "plan": "x"} | entered, allow_unicode=True), "utf-8")
    with pytest.raises(PlanFileError, match=re.escape(says)):
        read_plan(path)
