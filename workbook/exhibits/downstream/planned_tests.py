"""Step 11 in exhibits: what the planned tests need and can find, which ideas were tried, and which curves a test moved."""

from typing import Any

import pandas as pd

from workbook.channels.beliefs import assumed, lifted, tested_by
from workbook.channels.prospects import prospect
from workbook.channels.split import planned_channels
from workbook.errors import AnalysisError
from workbook.execution.planned import Sized, planned_size
from workbook.execution.samples import LONGEST
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import N_, _, listed, number, percent, plural
from workbook.plan.model import Basis, Experiment, Outcome, Traffic

__all__ = ["idea_tests", "test_sizes", "tests_and_curves", "value_words"]

BASES = {Basis.ASSUMED: N_("assumed"), Basis.OBSERVED: N_("observed"), Basis.TESTED: N_("tested")}


def test_sizes(case: Case) -> Exhibit:
    """Say how many people and days each planned test needs, and what it could find in the days it has."""
    rows, refused = [], []
    for test in case.plan.experiments:
        try:
            sized = planned_size(test)
        except AnalysisError as problem:
            refused.append(f"{test.label}: {problem}")
            continue
        if sized is not None:
            rows.append(_size_row(test, sized))
    if not rows:
        return Exhibit(
            "test_sizes",
            " ".join(refused)
            or _(
                N_(
                    "Say of a test what decides it, where that stands today and the smallest change worth having: people and "
                    "days stand here."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame(rows)
    from workbook.exhibits.charts.experiments import day_bars

    return Exhibit(
        "test_sizes",
        _size_finding(table),
        table,
        (
            Column("test", _(N_("Test"))),
            Column("today", _(N_("Today"))),
            Column("effect", _(N_("Smallest change worth having"))),
            Column("variants", _(N_("Variants")), "number", 0),
            Column("per_variant", _(N_("People per variant")), "number", 0),
            Column("people", _(N_("People in all")), "number", 0),
            Column("days", _(N_("Days it needs")), "number", 0),
            Column("planned", _(N_("Days planned")), "number", 0),
            Column("findable", _(N_("What the planned days can find"))),
        ),
        day_bars(
            table.dropna(subset=["days"]),
            labels={
                "axis": _(N_("Days: needed (bar) and planned (mark)")),
                "test": _(N_("Test")),
                "needed": _(N_("Days it needs")),
            },
        )
        if table["days"].notna().any()
        else None,
        tags=(Tag("note", _(N_("unreachable"))),) if (table["days"] > LONGEST).any() else (),
        method=" ".join([_size_method(case), *refused]),
    )


def value_words(value: float | None, *, timed: bool, decimals: int = 1) -> str:
    """Return a share or a time as a reader sees it."""
    if value is None:
        return "–"
    return _(N_("{seconds} s"), seconds=number(value, decimals)) if timed else percent(value, decimals)


def _size_row(test: Experiment, sized: Sized) -> dict[str, Any]:
    return {
        "id": test.id,
        "test": test.label,
        "today": value_words(sized.baseline, timed=sized.timed),
        "effect": _change_words(sized.effect, timed=sized.timed),
        "variants": sized.variants,
        "per_variant": sized.per_variant,
        "people": sized.people,
        "days": float("nan") if sized.days is None else sized.days,
        "planned": float("nan") if sized.planned is None else float(sized.planned),
        "findable": _change_words(sized.findable, timed=sized.timed),
        "fits": sized.fits,
        "shown": "" if sized.days is None else number(sized.days, 0),
    }


def _change_words(change: float | None, *, timed: bool) -> str:
    if change is None or timed:
        return value_words(change, timed=timed)
    return _(N_("{points} points"), points=number(100 * change, 1))


def _size_finding(table: pd.DataFrame) -> str:
    unreachable = table[table["days"] > LONGEST]
    if len(unreachable):
        worst = unreachable.iloc[0]
        return _(
            N_(
                "“{test}” cannot reach its sample: with the people who come it takes {days} days. Take a larger change, fewer "
                "variants, or a figure that is reached earlier, such as clicks."
            ),
            test=worst["test"],
            days=worst["shown"],
        )
    judged = table[table["fits"].notna()]
    late = judged[~judged["fits"].astype(bool)]
    if judged.empty:
        return _(
            N_("Say how many people a day come and how long each test runs, and this says whether that is enough.")
        )
    if late.empty:
        return plural("The test fits into its days.", "All {count} tests fit into their days.", len(judged))
    worst = late.loc[(late["days"] / late["planned"]).idxmax()]
    return _(
        N_(
            "“{test}” needs {days} days and has {planned}: in these it can find a change of {findable}, not of {effect}."
        ),
        test=worst["test"],
        days=worst["shown"],
        planned=number(worst["planned"], 0),
        findable=worst["findable"],
        effect=worst["effect"],
    )


def _size_method(case: Case) -> str:
    said = [
        _(
            N_(
                "Two shares, variance under the null hypothesis pooled, two-sided, each variant against the first; for times "
                "the normal approximation."
            )
        )
    ]
    if any(test.traffic is Traffic.ADAPTIVE for test in case.plan.experiments):
        said.append(_(N_("An adaptive test loses less on the way, and needs no fewer people to be as sure.")))
    return " ".join(said)


def idea_tests(case: Case) -> Exhibit:
    """Show the tests of ideas before there is a campaign, and the needs whose idea nobody has tried yet."""
    tests = [test for test in case.plan.experiments if test.campaign is None and test.channel is None and test.need]
    tried = {str(test.need) for test in tests}
    promised = {str(need) for offer in case.plan.offers for need in offer.needs}
    untried = [need for need in case.needs if need.id in promised - tried]
    if not tests:
        return Exhibit(
            "idea_tests",
            _(
                N_(
                    "No idea has been tried before its launch. Show a page, a price or a sketch to a few dozen people first: add "
                    "a test that names the need."
                )
            ),
            empty=True,
        )
    done = [test for test in tests if test.result]
    finding = plural(
        "{count} idea was put to people before its launch, {done} with a result.",
        "{count} ideas were put to people before their launch, {done} with a result.",
        len(tests),
        done=number(len(done)),
    )
    if untried:
        finding += " " + _(
            N_("What we offer for {needs} has not been tried."),
            needs=listed([f"“{need.label}”" for need in untried[:3]]),
        )
    return Exhibit("idea_tests", finding, cards=tuple(_idea_card(test, case) for test in tests))


def _idea_card(test: Experiment, case: Case) -> Card:
    asked = [f"{variant.label}: {variant.description}".rstrip(": ") for variant in test.variants]
    return Card(
        test.label,
        case.plan.name_of(test.need),
        (
            (_(N_("We expect")), (test.hypothesis,) if test.hypothesis else ()),
            (_(N_("Shown")), tuple(asked)),
            (_(N_("Decided by")), (_(test.metric.label),) if test.metric else ()),
            (_(N_("What came out")), (test.result or _(N_("Nothing yet.")),)),
            (_(N_("Decision")), (_(test.outcome.label),)),
        ),
        (Tag("tested" if test.result else "assumed", _(N_("tested")) if test.result else _(N_("still to be tested"))),),
    )


def tests_and_curves(case: Case) -> Exhibit:
    """Say which channels' curves a test has moved, which have a test planned, and what the others rest on."""
    channels = planned_channels(case.plan)
    if not channels:
        return Exhibit(
            "tests_and_curves",
            _(N_("With curves in step 8, this says which of them a test has moved, and which test is worth its cost.")),
            empty=True,
        )
    found = prospect(case.plan)
    worths = {} if found is None else dict(zip(found.table["id"], found.table["test_worth"], strict=True))
    in_money = found is not None and bool(found.table["in_money"].all())
    rows = [
        _curve_row(channel.id, channel.name, channel.basis, case)
        | {"worth": float(worths.get(channel.id, float("nan")))}
        for channel in channels
    ]
    table = pd.DataFrame(rows).sort_values("worth", ascending=False, kind="stable").reset_index(drop=True)
    return Exhibit(
        "tests_and_curves",
        _curves_finding(table),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("basis", _(N_("Rests on"))),
            Column("planned", _(N_("Test planned"))),
            Column("before", _(N_("Customers as assumed")), "number", 1),
            Column("after", _(N_("Customers after the test")), "number", 1),
            Column("worth", _(N_("Worth of a test at most")), "money" if in_money else "number", 0 if in_money else 2),
        ),
        method=_(
            N_(
                "Customers at the spend of the estimate. A test with the channel on in one place and off in another is entered "
                "on its curve in step 8, and moves it as far as it is surer than the estimate."
            )
        ),
        currency=case.currency,
    )


def _curve_row(id: str, name: str, basis: Basis, case: Case) -> dict[str, Any]:
    curve = next(curve for curve in reversed(case.plan.curves) if curve.channel == id)
    test, before = tested_by(curve), assumed(curve)
    spend = curve.estimate.spend or 0.0
    planned = [
        t.label for t in case.plan.experiments if t.channel == id and t.outcome in (Outcome.OPEN, Outcome.REPEAT)
    ]
    known = before is not None and test is not None
    return {
        "id": id,
        "channel": name,
        "basis": _(BASES[basis]),
        "tested": basis is Basis.TESTED,
        "planned": listed(planned),
        "before": float("nan") if before is None else float(before.curve.outcome(spend)),
        "after": float(lifted(before, test).curve.outcome(spend)) if known else float("nan"),  # type: ignore[arg-type]
    }


def _curves_finding(table: pd.DataFrame) -> str:
    moved, open_ones = table[table["after"].notna()], table[~table["tested"] & (table["planned"] == "")]
    said = [
        _(
            N_("A test has moved {channels}."),
            channels=listed([_shift(row) for row in moved.to_dict("records")]),
        )
        if len(moved)
        else _(N_("No test has moved a curve yet."))
    ]
    if len(open_ones):
        said.append(
            _(N_("Without a result or a planned test: {channels}."), channels=listed(list(open_ones["channel"])))
        )
    return " ".join(said)


def _shift(row: dict[str, Any]) -> str:
    return _(
        N_("{channel} from {before} to {after} customers"),
        channel=row["channel"],
        before=number(row["before"], 1),
        after=number(row["after"], 1),
    )
