"""Step 8 in exhibits: the team's curves against its own history, and what a test did to one of them."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from workbook.analyses import analysis
from workbook.answer import Answer
from workbook.channels.beliefs import Belief, assumed, lifted, tested_by
from workbook.channels.fitting import Fit, fitted
from workbook.channels.history import read_history
from workbook.channels.response import Hill
from workbook.exhibits.adopting import offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.kept import unmoved_by
from workbook.language import N_, _, current, listed, money, number
from workbook.plan.adoption import Proposal
from workbook.plan.model import Basis, Channel, Curve
from workbook.tables.reading import Reading

__all__ = ["observed_curves", "tested_curve"]

POINTS = 40

HEADROOM = 1.05
"""A ceiling lies this far above the high estimate at least."""

STUDY = "response-curve"


@unmoved_by("budget")
def observed_curves(case: Case) -> Exhibit:
    """Show what the history says each channel brings at the estimate's spend, beside what the team assumes."""
    fit = _fit_of(case)
    if fit is None:
        return Exhibit(
            "observed_curves",
            _(
                N_(
                    "Bring in a history of spend and outcome by week or month, and what it says stands here beside your curves."
                )
            ),
            empty=True,
        )
    rows, apart, proposals = [], [], []
    for one in fit.channels:
        channel, curve = case.plan.item(one.channel), _curve_of(one.channel, case)
        name = channel.label if isinstance(channel, Channel) else one.channel
        before = assumed(curve) if curve is not None else None
        if curve is None or before is None or not curve.conversion or not curve.estimate.spend:
            apart.append(name)
            continue
        observed = one.belief.scaled(spend=_periods(fit, case), outcome=_periods(fit, case) * curve.conversion)
        spend = curve.estimate.spend
        proposals.append(_curve_proposal(case, fit, curve, name, observed))
        rows += [
            {"channel": name, "basis": _(N_("assumed")), "spend": spend} | _at(before, spend),
            {"channel": name, "basis": _(N_("observed")), "spend": spend} | _at(observed, spend),
        ]
    if not rows:
        return _unlike(fit, case)
    table = pd.DataFrame(rows)
    from workbook.exhibits.charts.curves import belief_dots

    return Exhibit(
        "observed_curves",
        _observed_finding(table),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("basis", _(N_("Rests on"))),
            Column("spend", _(N_("At a spend of")), "money"),
            Column("outcome", _(N_("New customers")), "number", 1),
            Column("low", _(N_("From")), "number", 1),
            Column("high", _(N_("To")), "number", 1),
        ),
        belief_dots(
            table,
            labels={
                "outcome": _(N_("New customers in the period, at the estimate's spend")),
                "channel": _(N_("Channel")),
                "basis": _(N_("Rests on")),
            },
        ),
        tags=_fit_tags(fit),
        method=_observed_method(fit, apart),
        n=len(fit.history.periods),
        currency=case.currency,
        proposals=offered(case, proposals),
    )


def _curve_proposal(case: Case, fit: Fit, curve: Curve, name: str, observed: Belief) -> Proposal:
    """Return the curve that the history shows, for the estimate's spend, to stand in place of what the team assumes."""
    spend = float(curve.estimate.spend or 0)
    at = _at(observed, spend)
    low, likely, high = (round(float(at[key]), 2) for key in ("low", "outcome", "high"))
    path = f"/curves/{curve.id}"
    parameters = observed.curve
    shape = {f"{path}/shape": round(min(max(parameters.shape, 0.3), 6.0), 3)} if isinstance(parameters, Hill) else {}
    return proposal(
        case,
        STUDY,
        Answer(n=len(fit.history.periods), conventions=(_observed_method(fit, []),)),
        about=curve.id,
        name=_(
            N_("{channel}: {outcome} new customers at a spend of {spend}, by the history"),
            channel=name,
            outcome=at["shown"],
            spend=money(spend, case.currency),
        ),
        figure=likely,
        interval=(low, high),
        item=path,
        fills={
            f"{path}/basis": Basis.OBSERVED.value,
            f"{path}/estimate": {"spend": spend, "low": min(low, likely), "likely": likely, "high": max(high, likely)},
            # A ceiling stands above the high estimate, which the history may put past the likeliest curve's own.
            f"{path}/ceiling": round(max(float(parameters.maximum), HEADROOM * high), 2),
        }
        | shape,
    )


@unmoved_by("budget")
def tested_curve(case: Case) -> Exhibit:
    """Show the curve of the last channel with a test's result, before and after it."""
    tested = [(c, test) for c in case.plan.curves if (test := tested_by(c)) is not None and assumed(c) is not None]
    if not tested:
        return Exhibit(
            "tested_curve",
            _(N_("Enter what a test found on a channel's curve, and the curve before and after it stands here.")),
            empty=True,
        )
    curve, test = tested[-1]
    before = assumed(curve)
    assert before is not None
    after = lifted(before, test)
    name = case.plan.name_of(curve.channel)
    spends = np.linspace(0, 1.6 * max(test.spend_with, curve.estimate.spend or 0.0), POINTS)
    drawn = pd.concat(
        [_band(_(N_("before the test")), before, spends), _band(_(N_("after the test")), after, spends)],
        ignore_index=True,
    )
    rows = [
        {"when": _(N_("before the test")), "spend": test.spend_with} | _at(before, test.spend_with),
        {"when": _(N_("after the test")), "spend": test.spend_with} | _at(after, test.spend_with),
    ]
    from workbook.exhibits.charts.curves import belief_bands

    return Exhibit(
        "tested_curve",
        _tested_finding(name, rows, case),
        pd.DataFrame(rows),
        (
            Column("when", _(N_("When"))),
            Column("spend", _(N_("At a spend of")), "money"),
            Column("outcome", _(N_("New customers")), "number", 1),
            Column("low", _(N_("From")), "number", 1),
            Column("high", _(N_("To")), "number", 1),
        ),
        belief_bands(
            drawn,
            labels={
                "spend": _(N_("Spend in the period, thousand {currency}"), currency=case.currency),
                "outcome": _(N_("New customers in the period")),
                "when": _(N_("When")),
            },
        ),
        tags=(Tag("tested", _(N_("tested"))),),
        method=_(
            N_(
                "The curve after the test lies as near as it can both to the estimate and to what the test found, each by how "
                "sure it is; bands hold the truth four times in five."
            )
        ),
        currency=case.currency,
    )


def _fit_of(case: Case) -> Fit | None:
    study = case.study(STUDY)
    if study is None:
        return None
    path = case.workspace.table(study.table)
    return _fitted(path, Reading.of(study.reading, study.columns), path.stat().st_mtime_ns, current())


@lru_cache(maxsize=8)
def _fitted(path: Path, reading: Reading, _changed: int, _language: str) -> Fit:
    """Fit once: it takes a second, and a page is redrawn at every change."""
    return fitted(read_history(analysis(STUDY).read(path, reading).rows))


def _curve_of(channel: str, case: Case) -> Curve | None:
    return next((curve for curve in reversed(case.plan.curves) if curve.channel == channel), None)


def _periods(fit: Fit, case: Case) -> float:
    """Return how many of the history's periods make the plan's: by their dates, or as many as there are in the history."""
    days = pd.to_datetime(pd.Series(fit.history.periods), errors="coerce", format="mixed")
    gaps = days.diff().dt.days.dropna()
    if days.isna().any() or gaps.empty or gaps.median() <= 0:
        return float(len(fit.history.periods))
    return float(case.plan.charter.period.months * 365.25 / 12 / gaps.median())


def _at(belief: Belief, spend: float) -> dict[str, float | str]:
    low, high = belief.band([spend])
    outcome = float(belief.curve.outcome(spend))
    return {"outcome": outcome, "low": float(low[0]), "high": float(high[0]), "shown": number(outcome)}


def _band(when: str, belief: Belief, spends: np.ndarray) -> pd.DataFrame:
    low, high = belief.band(spends)
    outcome = belief.curve.outcome(spends)
    shown = [number(float(o)) for o in outcome]
    return pd.DataFrame(
        {"when": when, "spend": spends / 1000, "outcome": outcome, "low": low, "high": high, "shown": shown}
    )


def _unlike(fit: Fit, case: Case) -> Exhibit:
    """Show what the history says in its own unit, where nothing says what an outcome is in customers."""
    table = pd.DataFrame(
        [
            {"channel": case.plan.name_of(one.channel), "spend": one.spend, "carryover": one.carryover}
            | _at(one.belief, one.spend)
            for one in fit.channels
        ]
    )
    best = table.loc[(table["outcome"] / table["spend"]).idxmax()]
    return Exhibit(
        "observed_curves",
        _(
            N_(
                "By the history {channel} brings most for its money. Say on the curves how many customers an outcome is worth, "
                "and they can be compared with your estimates."
            ),
            channel=best["channel"],
        ),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("spend", _(N_("Mean spend in a period of the history")), "money"),
            Column("outcome", _(N_("Outcome of so much")), "number", 1),
            Column("low", _(N_("From")), "number", 1),
            Column("high", _(N_("To")), "number", 1),
            Column("carryover", _(N_("Carried over")), "percent"),
        ),
        tags=_fit_tags(fit),
        method=_observed_method(fit, []),
        n=len(fit.history.periods),
        currency=case.currency,
    )


def _observed_finding(table: pd.DataFrame) -> str:
    wide = table.pivot(index="channel", columns="basis", values=["outcome", "low", "high"])
    seen, thought = _(N_("observed")), _(N_("assumed"))
    over = [n for n in wide.index if wide.loc[n, ("high", seen)] < wide.loc[n, ("outcome", thought)]]
    under = [n for n in wide.index if wide.loc[n, ("low", seen)] > wide.loc[n, ("outcome", thought)]]
    if not over and not under:
        return _(N_("The history does not contradict your estimates: each lies within what it allows."))
    parts = []
    if over:
        parts.append(_(N_("The history says less than you assume of: {channels}."), channels=listed(over)))
    if under:
        parts.append(_(N_("It says more than you assume of: {channels}."), channels=listed(under)))
    return " ".join(parts)


def _fit_tags(fit: Fit) -> tuple[Tag, ...]:
    weeks = _(N_("observed: {periods} periods"), periods=number(len(fit.history.periods)))
    falling = [one.channel for one in fit.channels if one.falling]
    odd = (Tag("note", _(N_("falling: {channels}"), channels=listed(falling))),) if falling else ()
    return (Tag("observed", weeks), *odd)


def _observed_method(fit: Fit, apart: list[str]) -> str:
    method = _(
        N_(
            "Carryover, trend, season and events are taken out; intervals hold the truth four times in five. What happened "
            "together need not be cause: only a test says that."
        )
    )
    if apart:
        method += " " + _(
            N_("Without an estimate, or customers per outcome, so left out: {channels}."), channels=listed(apart)
        )
    return method


def _tested_finding(name: str, rows: list[dict[str, object]], case: Case) -> str:
    before, after = ({key: float(str(row[key])) for key in ("outcome", "low", "high", "spend")} for row in rows)
    return _(
        N_(
            "The test moves {channel} from {before} to {after} customers at a spend of {spend}, between {low} and {high}."
        ),
        channel=name,
        before=number(before["outcome"], 1),
        after=number(after["outcome"], 1),
        spend=money(after["spend"], case.currency),
        low=number(after["low"], 1),
        high=number(after["high"], 1),
    )
