"""Step 11 in exhibits: was traffic spread as meant, which variant is better and how sure is that, where do the next go?

Each table of a test (one for each measure: clicks, conversions, time) is a study of the plan; the test it belongs to is
the one whose variants are called like those of the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from workbook.answer import Answer
from workbook.errors import AnalysisError, WorkbookError
from workbook.execution.adaptive import Regret, simulated_regret, simulated_regret_of_times
from workbook.execution.experiments import MISMATCH
from workbook.exhibits.case import Case
from workbook.exhibits.downstream.planned_tests import value_words
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import said_on_page
from workbook.language import N_, _, listed, number, percent
from workbook.plan.model import Experiment, Metric, Study, Traffic

__all__ = ["adaptive_regret", "adaptive_shares", "split_check", "test_readouts"]

STUDY = "ab-test"

SURE = 0.95
"""Chance to win from which the Bayesian read-out calls a variant better."""

RUNS = 1000
"""Simulated tests behind the loss of each way."""

MOST_BATCHES = 14
"""How often the shares are set anew in a simulated test, at most: more often changes little and takes long."""


NO_RESULTS = N_(
    "Bring in the results of a test: one row a variant, with the people who saw it and how many converted, or their mean time "
    "and its deviation."
)


@dataclass(frozen=True)
class _Readout:
    """One measure of a test: its study, what the analysis says of it, and the planned test whose variants it has."""

    study: Study
    answer: Answer
    test: Experiment | None

    @property
    def rows(self) -> pd.DataFrame:
        assert self.answer.rows is not None
        return self.answer.rows

    @property
    def timed(self) -> bool:
        return "mean" in self.rows

    @property
    def ratio(self) -> float:
        return float(self.answer.figures["srm_p_value"])

    @property
    def moved(self) -> bool:
        """Whether its traffic is moved on purpose, so that unequal shares are no fault."""
        return self.test is not None and self.test.traffic is Traffic.ADAPTIVE

    @property
    def spoilt(self) -> bool:
        return self.ratio < MISMATCH and not self.moved

    @property
    def name(self) -> str:
        return self.study.name or self.study.id


def split_check(case: Case) -> Exhibit:
    """Say for each table of a test whether people were spread over the variants as meant, before anything else is read."""
    found, refused = _readouts(case)
    if not found:
        return _nothing_yet("split_check", refused, _(NO_RESULTS))
    rows = [
        {
            "measure": one.name,
            "users": ", ".join(number(float(users), 0) for users in one.rows["users"]),
            "p": one.ratio,
            "verdict": _verdict(one),
        }
        for one in found
    ]
    spoilt = [one.name for one in found if one.spoilt]
    finding = (
        _(
            N_(
                "Do not read {measures}: people were not spread as meant. Look for redirects, filters and bots that treat one "
                "variant otherwise, mend it, and start again."
            ),
            measures=listed(spoilt),
        )
        if spoilt
        else _(N_("People were spread over the variants as meant: the results can be read."))
    )
    return Exhibit(
        "split_check",
        finding,
        pd.DataFrame(rows),
        (
            Column("measure", _(N_("Table"))),
            Column("users", _(N_("People per variant"))),
            Column("p", _(N_("Chance of such a spread")), "number", 3),
            Column("verdict", _(N_("Verdict"))),
        ),
        tags=(Tag("note", _(N_("not to be read"))),) if spoilt else (),
        method=" ".join(
            [
                _(
                    N_("Chi-squared test against equal shares; below {least} the spread is called off."),
                    least=number(MISMATCH, 3),
                ),
                *refused,
            ]
        ),
    )


def _verdict(one: _Readout) -> str:
    if one.spoilt:
        return _(N_("not spread as meant: do not read"))
    if one.moved and one.ratio < MISMATCH:
        return _(N_("moved on purpose: the test is adaptive"))
    return _(N_("as meant"))


def test_readouts(case: Case) -> Exhibit:
    """Read each measure of a test in both ways: by p-value and interval, and by chance to win and risk."""
    found, refused = _readouts(case)
    readable = [one for one in found if not one.spoilt]
    if not readable:
        first = [_(N_("Read the check of the spread first."))] if found else []
        comes = _(N_("With the results, this says which variant is better, and how sure that is."))
        return _nothing_yet("test_readouts", refused or first, comes)
    table = pd.DataFrame([row for one in readable for row in _variant_rows(one)])
    compared = table.dropna(subset=["lift"])
    from workbook.exhibits.charts.experiments import lift_ranges

    return Exhibit(
        "test_readouts",
        _readout_finding(readable),
        table,
        (
            Column("measure", _(N_("Measure"))),
            Column("variant", _(N_("Variant"))),
            Column("users", _(N_("People")), "number", 0),
            Column("value", _(N_("Result"))),
            Column("lift", _(N_("Against the first")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
            Column("p_value", _(N_("p-value")), "number", 3),
            Column("frequentist", _(N_("Says the p-value"))),
            Column("chance_to_win", _(N_("Chance to win")), "percent", 1),
            Column("risk", _(N_("Risk")), "percent", 2),
            Column("bayesian", _(N_("Says the chance"))),
        ),
        lift_ranges(
            compared,
            labels={
                "axis": _(N_("Against the first variant, with its interval")),
                "variant": _(N_("Variant")),
                "lift": _(N_("Against the first")),
                "chance": _(N_("Chance to win")),
            },
        ),
        tags=(Tag("tested", _(N_("tested"))), *_care(readable)),
        method=" ".join([*_said_once(readable), *refused]),
        n=max(one.answer.n or 0 for one in readable),
    )


def _care(readable: list[_Readout]) -> tuple[Tag, ...]:
    return (Tag("note", _(N_("read with care"))),) if any(one.answer.warnings for one in readable) else ()


def _said_once(readable: list[_Readout]) -> list[str]:
    said = [sentence for one in readable for sentence in (*one.answer.conventions[1:], *one.answer.warnings)]
    notes = [one.study.note for one in readable if one.study.note]
    return list(dict.fromkeys([*said, *notes[:1]]))


def _variant_rows(one: _Readout) -> Iterator[dict[str, Any]]:
    level = one.test.alpha if one.test else 0.05
    for row in one.rows.to_dict("records"):
        value = row["mean"] if one.timed else row["rate"]
        compared = not np.isnan(row["lift"])
        yield row | {
            "measure": one.name,
            "name": f"{one.name}: {row['variant']}",
            "value": value_words(value, timed=one.timed, decimals=1 if one.timed else 2),
            "frequentist": _by_p_value(row, level) if compared else _(N_("control")),
            "bayesian": _by_chance(row),
            "shown": percent(row["chance_to_win"], 1),
        }


def _by_p_value(row: dict[str, Any], level: float) -> str:
    if not row["p_value"] < level:  # missing where no conversion says anything
        return _(N_("no difference seen"))
    return _(N_("better")) if row["lift"] > 0 else _(N_("worse"))


def _by_chance(row: dict[str, Any]) -> str:
    if row["chance_to_win"] >= SURE:
        return _(N_("better"))
    return _(N_("worse")) if row["chance_to_win"] <= 1 - SURE else _(N_("open"))


def _readout_finding(readable: list[_Readout]) -> str:
    leaders, said = [], []
    for one in readable:
        rows = one.rows
        best = rows.loc[rows["lift"].fillna(0.0).idxmax()]
        control = str(one.answer.figures["control"])
        if best["variant"] == control or not best["p_value"] < (one.test.alpha if one.test else 0.05):
            said.append(_(N_("{measure}: no variant is seen to beat “{control}”."), measure=one.name, control=control))
            continue
        leaders.append(str(best["variant"]))
        said.append(
            _(
                N_("{measure}: “{variant}” is {lift} better, {low} to {high}."),
                measure=one.name,
                variant=best["variant"],
                lift=percent(best["lift"]),
                low=percent(best["low"]),
                high=percent(best["high"]),
            )
        )
    decides = next((one.test.metric for one in readable if one.test and one.test.metric), None)
    if len(set(leaders)) > 1 and decides is not None:
        said.append(
            _(N_("The measures name different variants; what was to decide is: {metric}."), metric=_(decides.label))
        )
    return " ".join(said)


def adaptive_shares(case: Case) -> Exhibit:
    """Say how the next visitors would be spread, by each measure, and whether the test can stop."""
    found, refused = _readouts(case)
    answers = [(one, _adaptive(one, case)) for one in found]
    rows = [
        row | {"measure": one.name, "reason": answer.figures["reason"], "shown": percent(row["next_share"])}
        for one, answer in answers
        if answer is not None and answer.rows is not None
        for row in answer.rows.to_dict("records")
    ]
    if not rows:
        comes = _(N_("With the results, this says which variant the next visitors should see."))
        return _nothing_yet("adaptive_shares", refused, comes)
    table = pd.DataFrame(rows)
    from workbook.exhibits.charts.experiments import next_visitors

    return Exhibit(
        "adaptive_shares",
        _shares_finding(table),
        table,
        (
            Column("measure", _(N_("Measure"))),
            Column("variant", _(N_("Variant"))),
            Column("users", _(N_("People so far")), "number", 0),
            Column("chance_best", _(N_("Chance to be best")), "percent", 1),
            Column("next_share", _(N_("Of the next visitors")), "percent", 1),
            Column("reason", _(N_("Stop or go on"))),
        ),
        next_visitors(
            table,
            labels={
                "axis": _(N_("Share of the next visitors")),
                "measure": _(N_("Measure")),
                "variant": _(N_("Variant")),
                "share": _(N_("Of the next visitors")),
            },
        ),
        tags=(Tag("tested", _(N_("tested"))),),
        method=" ".join(dict.fromkeys(said for _one, answer in answers if answer for said in answer.conventions)),
        n=max(one.answer.n or 0 for one in found),
    )


def _adaptive(one: _Readout, case: Case) -> Answer | None:
    floor = one.test.least_share if one.moved and one.test else 0.05
    try:
        return case.answer_of(one.study, "adaptive-test", floor=min(floor, 1 / len(one.rows)))
    except AnalysisError:
        return None


def _shares_finding(table: pd.DataFrame) -> str:
    best = table.loc[table.groupby("measure", sort=False)["next_share"].idxmax()]
    said = [
        _(
            N_("By {measure}, {share} of the next visitors see “{variant}”."),
            measure=row["measure"],
            share=percent(row["next_share"]),
            variant=row["variant"],
        )
        for row in best.to_dict("records")
    ]
    if best["variant"].nunique() > 1:
        said.append(_(N_("Let one measure move the traffic, the one chosen beforehand, and watch the others.")))
    return " ".join(said)


def adaptive_regret(case: Case) -> Exhibit:
    """Simulate what an adaptive test loses on the way, and what a fixed split would lose, as the test was planned."""
    test = next((t for t in reversed(case.plan.experiments) if t.traffic is Traffic.ADAPTIVE and _ways(t)), None)
    if test is None:
        return Exhibit(
            "adaptive_regret",
            _(
                N_(
                    "Plan a test with adaptive traffic, with people a day, days and the change worth having: what it saves against "
                    "a fixed split is simulated here."
                )
            ),
            empty=True,
        )
    rows = [row for measure, regret, best in _ways(test) for row in _regret_rows(measure, regret, best)]
    table = pd.DataFrame(rows)
    from workbook.exhibits.charts.experiments import lost_ranges

    first = table[table["measure"] == table["measure"].iloc[0]].set_index("kind")["lost"]
    return Exhibit(
        "adaptive_regret",
        _(
            N_(
                "If “{best}” were better by just the change worth having, the adaptive test would lose {adaptive} of what it could "
                "bring on the way, a fixed split {fixed}."
            ),
            best=test.variants[-1].label if test.variants else "–",
            adaptive=percent(first["adaptive"], 1),
            fixed=percent(first["fixed"], 1),
        ),
        table,
        (
            Column("measure", _(N_("Measure"))),
            Column("way", _(N_("Traffic"))),
            Column("lost", _(N_("Lost on average")), "percent", 2),
            Column("low", _(N_("One in ten below")), "percent", 2),
            Column("high", _(N_("One in ten above")), "percent", 2),
            Column("amount", _(N_("In conversions, or seconds"))),
        ),
        lost_ranges(
            table,
            labels={
                "axis": _(N_("Lost against showing the best to all: mean, and eight runs in ten")),
                "measure": _(N_("Measure")),
                "way": _(N_("Traffic")),
                "lost": _(N_("Lost on average")),
            },
        ),
        method=_(
            N_(
                "{runs} simulated tests each, as planned: the people and days of “{test}”, all variants alike but the last. "
                "Thompson sampling sets the shares anew up to {batches} times, and keeps the least share of each variant."
            ),
            runs=number(RUNS),
            test=test.label,
            batches=number(MOST_BATCHES),
        ),
    )


def _ways(test: Experiment) -> list[tuple[str, Regret, float]]:
    """Return each measure that was planned with figures: its name, what both ways lose, what the best would bring."""
    if not test.daily_users or not test.days or test.least_share * max(len(test.variants), 2) > 1:
        return []
    shape = (
        max(len(test.variants), 2),
        int(test.daily_users * test.days),
        min(test.days, MOST_BATCHES),
        test.least_share,
    )
    if shape[1] < 2 * shape[0] * shape[2]:
        return []
    found = []
    rate, time = test.rate, test.time
    if rate.baseline is not None and rate.effect and 0 <= rate.baseline + rate.effect <= 1:
        name = test.metric.label if test.metric and test.metric is not Metric.SESSION else Metric.CONVERSION.label
        found.append(
            (_(name), _simulated(rate.baseline, rate.effect, None, *shape), (rate.baseline + rate.effect) * shape[1])
        )
    if time.mean is not None and time.effect and time.deviation:
        regret = _simulated(time.mean, time.effect, time.deviation, *shape)
        found.append((_(Metric.SESSION.label), regret, (time.mean + time.effect) * shape[1]))
    return found


@lru_cache(maxsize=16)
def _simulated(
    base: float, effect: float, deviation: float | None, variants: int, people: int, batches: int, floor: float
) -> Regret:
    """Simulate once: a page is redrawn at every change, and a thousand tests take a second."""
    truth = [base] * (variants - 1) + [base + effect]
    if deviation is None:
        return simulated_regret(truth, people, batches=batches, floor=floor, runs=RUNS)
    return simulated_regret_of_times(truth, deviation, people, batches=batches, floor=floor, runs=RUNS)


def _regret_rows(measure: str, regret: Regret, best: float) -> Iterator[dict[str, Any]]:
    for kind, way, lost in (
        ("adaptive", _(N_("adaptive")), regret.adaptive),
        ("fixed", _(N_("fixed split")), regret.fixed),
    ):
        low, high = np.quantile(lost, [0.1, 0.9]) / best
        mean = float(lost.mean())
        yield {
            "measure": measure,
            "kind": kind,
            "way": way,
            "lost": mean / best,
            "low": float(low),
            "high": float(high),
            "amount": number(mean, 0),
            "shown": percent(mean / best, 2),
        }


def _readouts(case: Case) -> tuple[list[_Readout], list[str]]:
    """Return what each table of a test says, and why the others say nothing."""
    found, refused = [], []
    for study in case.studies(STUDY):
        try:
            answer = case.answer_of(study, STUDY)
        except WorkbookError as problem:
            refused.append(f"{study.name or study.id}: {said_on_page(problem)}")
            continue
        assert answer.rows is not None
        found.append(_Readout(study, answer, _test_of(list(answer.rows["variant"]), case)))
    return found, refused


def _test_of(variants: list[str], case: Case) -> Experiment | None:
    """Return the planned test whose variants are called like those of a table."""
    asked = {name.casefold() for name in variants}
    return next((t for t in case.plan.experiments if {v.label.casefold() for v in t.variants} == asked), None)


def _nothing_yet(name: str, refused: list[str], otherwise: str) -> Exhibit:
    return Exhibit(name, " ".join(refused) or otherwise, empty=True)
