"""Step 12 in exhibits: the course to the goal, what of a variance comes of spend, and what the months say about the split."""

from itertools import accumulate
from typing import Any

import pandas as pd

from workbook.channels.prospects import goal_of
from workbook.channels.split import Split, split
from workbook.execution.course import Course, Lesson, course, lessons, measured, relearned
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import MINUS, N_, _, listed, money, month_words, number, percent, plural
from workbook.plan.model import Indicator, Unit

__all__ = ["amount_words", "course_finding", "course_to_goal", "reallocation", "variance_parts"]

WORTHWHILE = 0.01
"""Share of the budget from which a move is worth proposing."""


def amount_words(value: float | None, indicator: Indicator, currency: str) -> str:
    """Return a figure of ``indicator`` as a reader sees it, in its unit."""
    if value is None or value != value:
        return "–"
    match indicator.unit:
        case Unit.MONEY:
            return money(value, currency)
        case Unit.SHARE:
            return percent(value, 1)
        case Unit.NUMBER:
            return number(value, 0)
        case _:
            return number(value)


def course_to_goal(case: Case) -> Exhibit:
    """Draw what came of the indicator nearest to the customer beside the plan, and forecast the rest again."""
    run = course(case.plan)
    if run is None:
        return Exhibit(
            "course_to_goal",
            _(
                N_(
                    "Give a downstream indicator targets by month and the first actual: whether the plan is on course stands here, "
                    "and where it will end."
                )
            ),
            empty=True,
        )
    table = _course_table(run, case)
    from workbook.exhibits.charts.measures import course_lines

    return Exhibit(
        "course_to_goal",
        course_finding(run, case),
        table,
        (
            Column("month_words", _(N_("Month"))),
            Column("planned", _(N_("Planned")), *_kind(run.indicator)),
            Column("actual", _(N_("Actual")), *_kind(run.indicator)),
            Column("again", _(N_("Forecast again")), *_kind(run.indicator)),
            Column("planned_total", _(N_("Planned so far")), *_kind(run.indicator)),
            Column("again_total", _(N_("Actual, then forecast, so far")), *_kind(run.indicator)),
        ),
        course_lines(
            _lines(table, run, case),
            labels={
                "axis": _(N_("{indicator}, added up"), indicator=run.indicator.label),
                "line": _(N_("Line")),
                "month": _(N_("Month")),
                "total": _(N_("Added up")),
            },
        ),
        tags=(Tag("observed", plural("{count} month", "{count} months", len(run.known))),),
        method=_course_method(run, case),
        currency=case.currency,
    )


def _kind(indicator: Indicator) -> tuple[Any, int | None]:
    return ("money", 0) if indicator.unit is Unit.MONEY else ("number", 0)


def _course_table(run: Course, case: Case) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "month": [month.isoformat() for month in run.months],
            "month_words": [month_words(month) for month in run.months],
            "planned": run.planned,
            "actual": [float("nan") if value is None else value for value in run.actual],
            "again": run.again.values,
        }
    )
    return table.assign(planned_total=table["planned"].cumsum(), again_total=table["again"].cumsum())


def _lines(table: pd.DataFrame, run: Course, case: Case) -> pd.DataFrame:
    """Return the three lines of the chart; the forecast begins where the actual ends."""
    known, last = run.known, max(run.known)
    ahead = list(accumulate(0 if i in known else 1 for i in range(len(table))))
    parts = [
        (_(N_("actual")), [i for i in range(len(table)) if i <= last], "again_total"),
        (_(N_("plan")), list(range(len(table))), "planned_total"),
        (_(N_("forecast again")), [i for i in range(len(table)) if i >= last], "again_total"),
    ]
    rows = []
    for place, (line, indexes, column) in enumerate(parts):
        for i in indexes if len(indexes) > 1 or place < 2 else ():
            total, half = float(table[column].iloc[i]), run.band(ahead[i]) if place == 2 else 0.0
            rows.append(
                {
                    "line": line,
                    "month": table["month"].iloc[i],
                    "total": total,
                    "low": max(total - half, 0.0),
                    "high": total + half,
                    "shown": amount_words(total, run.indicator, case.currency),
                }
            )
    return pd.DataFrame(rows)


def course_finding(run: Course, case: Case) -> str:
    """Return whether the plan is on course, with what came, what was due, and where it will end."""
    said = [
        _(
            N_("{indicator}: {done} of {due} by {month}, {deviation}."),
            indicator=run.indicator.label,
            done=amount_words(run.done, run.indicator, case.currency),
            due=amount_words(run.due, run.indicator, case.currency),
            month=month_words(run.months[max(run.known)]),
            deviation=deviation_words(run.deviation),
        )
    ]
    if len(run.known) < len(run.months):
        said.append(
            _(
                N_("Forecast again, {total} by {month}; planned were {planned}."),
                total=amount_words(run.again.total, run.indicator, case.currency),
                month=month_words(run.months[-1]),
                planned=amount_words(run.again.planned, run.indicator, case.currency),
            )
        )
    return " ".join(said)


def deviation_words(deviation: float | None) -> str:
    """Return how far from the plan, in words; nothing planned is said."""
    if deviation is None:
        return _(N_("nothing was planned"))
    if abs(deviation) < 0.005:
        return _(N_("just as planned"))
    share = percent(abs(deviation))
    return _(N_("{share} over plan"), share=share) if deviation > 0 else _(N_("{share} under plan"), share=share)


def _course_method(run: Course, case: Case) -> str:
    rule = (
        N_("The rest is forecast in proportion to what came so far: that has been nearer to the months than the plan.")
        if run.again.rule == "proportion"
        else N_("The rest is forecast as planned: what came so far gives no better forecast of the next month.")
    )
    said = [_(rule)]
    if run.spread is not None and len(run.known) < len(run.months):
        said.append(_(N_("The band holds four times in five, by how far the months lay from their forecast.")))
    goal = goal_of(case.plan)
    if goal is not None and run.indicator.unit is Unit.NUMBER:
        said.append(_(N_("The revenue goal asks for {goal} customers in the whole period."), goal=number(goal, 0)))
    return " ".join(said)


def variance_parts(case: Case) -> Exhibit:
    """Split what came against what was planned into what spending did and what the response did."""
    answer = measured(case.plan)
    rows = pd.DataFrame() if answer is None or answer.rows is None else answer.rows
    known = rows[rows["variance_spend"].notna()] if len(rows) else rows
    if known.empty:
        return Exhibit(
            "variance_parts",
            _(
                N_(
                    "With spend as planned and as it was beside an indicator's months, this says whether a gap comes of spending "
                    "less or of money that brings less."
                )
            ),
            empty=True,
        )
    sums = known.groupby("kpi", sort=False)[
        ["target", "actual", "variance", "variance_spend", "variance_response"]
    ].sum()
    table = pd.DataFrame(
        [_variance_row(id, row, case) for id, row in zip(sums.index, sums.to_dict("records"), strict=True)]
    )
    from workbook.exhibits.charts.measures import variance_bars

    return Exhibit(
        "variance_parts",
        _variance_finding(table),
        table,
        (
            Column("indicator", _(N_("Indicator"))),
            Column("planned", _(N_("Planned"))),
            Column("came", _(N_("Actual"))),
            Column("variance_words", _(N_("Difference"))),
            Column("spend_words", _(N_("From spending more or less"))),
            Column("response_words", _(N_("From what the money brought"))),
        ),
        variance_bars(
            _parts(table),
            labels={
                "axis": _(N_("Share of the target")),
                "indicator": _(N_("Indicator")),
                "part": _(N_("Comes of")),
                "variance": _(N_("Difference")),
            },
        ),
        method=" ".join(answer.conventions[1:2] + answer.warnings) if answer else "",
        currency=case.currency,
    )


def _variance_row(id: str, row: dict[Any, float], case: Case) -> dict[str, Any]:
    indicator = case.plan.item(id)
    assert isinstance(indicator, Indicator)

    def signed(value: float) -> str:
        words = amount_words(abs(value), indicator, case.currency)
        if not value or words == amount_words(0.0, indicator, case.currency):
            return words
        return f"+{words}" if value > 0 else f"{MINUS}{words}"

    target = row["target"] or float("nan")
    return {
        "id": id,
        "indicator": indicator.label,
        "planned": amount_words(row["target"], indicator, case.currency),
        "came": amount_words(row["actual"], indicator, case.currency),
        "variance_words": signed(row["variance"]),
        "spend_words": signed(row["variance_spend"]),
        "response_words": signed(row["variance_response"]),
        "whole": row["variance"] / target,
        "spend": row["variance_spend"] / target,
        "response": row["variance_response"] / target,
    }


def _parts(table: pd.DataFrame) -> pd.DataFrame:
    kinds = (
        ("whole", _(N_("the whole difference"))),
        ("response", _(N_("what the money brought"))),
        ("spend", _(N_("spending more or less"))),
    )
    said = {"whole": "variance_words", "response": "response_words", "spend": "spend_words"}
    return pd.DataFrame(
        [
            {"indicator": row["indicator"], "part": word, "share": row[kind], "shown": row[said[kind]]}
            for row in table.to_dict("records")
            for kind, word in kinds
        ]
    )


def _variance_finding(table: pd.DataFrame) -> str:
    worst = table.loc[table["response"].idxmin()] if table["response"].notna().any() else table.iloc[0]
    return _(
        N_(
            "{indicator}: {variance} against plan, {spend} from spending more or less and {response} from what it brought."
        ),
        indicator=worst["indicator"],
        variance=worst["variance_words"],
        spend=worst["spend_words"],
        response=worst["response_words"],
    )


def reallocation(case: Case) -> Exhibit:
    """Split the budget again with what the months taught, and propose what to move."""
    learned, before = lessons(case.plan), split(case.plan)
    if not learned or before is None:
        return Exhibit(
            "reallocation",
            _(
                N_(
                    "Once indicators that judge channels have months with spend and actuals, the split is worked out again with "
                    "what they teach, and a move is proposed here."
                )
            ),
            empty=True,
        )
    after = split(relearned(case.plan, learned))
    assert after is not None
    table = _moves(before, after, learned)
    drawn = table.assign(spend=table["spend"] / 1000, robust=table["again"] / 1000)
    drawn["shown"] = [money(move, case.currency) for move in table["move"]]
    from workbook.exhibits.charts.split import moved_dots

    return Exhibit(
        "reallocation",
        _move_finding(table, before.budget, learned, case),
        table,
        (
            Column("channel", _(N_("Channel"))),
            Column("factor", _(N_("Brought, of what was expected")), "percent"),
            Column("spend", _(N_("Split as decided")), "money"),
            Column("again", _(N_("Split again")), "money"),
            Column("move", _(N_("Move")), "money"),
        ),
        moved_dots(
            drawn,
            labels={
                "axis": _(N_("Thousand {currency}, as decided (dot) and split again (ring)"), currency=case.currency),
                "channel": _(N_("Channel")),
                "move": _(N_("Move")),
            },
        ),
        tags=(Tag("observed", plural("{count} month", "{count} months", max(one.months for one in learned))),),
        method=_move_method(learned),
        currency=case.currency,
    )


def _moves(before: Split, after: Split, learned: list[Lesson]) -> pd.DataFrame:
    believed = [lesson for lesson in learned if lesson.applied]
    factors = {channel: lesson.ratio for lesson in believed for channel in lesson.channels}
    table = before.table[["id", "channel", "spend"]].copy()
    table["again"] = [after.spends[id] for id in table["id"]]
    table["move"] = table["again"] - table["spend"]
    table["factor"] = [factors.get(id, float("nan")) for id in table["id"]]
    return table.sort_values("move", ascending=False, kind="stable").reset_index(drop=True)


def _move_finding(table: pd.DataFrame, budget: float, learned: list[Lesson], case: Case) -> str:
    if not any(lesson.applied for lesson in learned):
        return _(
            N_(
                "The months so far are no better a forecast than the plan: nothing asks for moving money. Look again next month."
            )
        )
    gives, takes = table.iloc[-1], table.iloc[0]
    if max(takes["move"], -gives["move"]) < WORTHWHILE * budget:
        return _(N_("Split again with what the months taught, the money stays where it is."))
    taking = [row["channel"] for row in table.to_dict("records") if row["move"] > WORTHWHILE * budget]
    if not taking:
        return _(
            N_("Take {amount} out of {source} and keep it: with what the months taught it brings less than it costs."),
            amount=money(-gives["move"], case.currency),
            source=gives["channel"],
        )
    return _(
        N_("Move {amount} from {source} to {targets}: that is the best split with what the months taught."),
        amount=money(-gives["move"], case.currency),
        source=gives["channel"],
        targets=listed(taking),
    )


def _move_method(learned: list[Lesson]) -> str:
    said = [
        _(
            N_("{indicator} brought {ratio} of what its spend should have brought: {verdict}."),
            indicator=lesson.indicator.label,
            ratio=percent(lesson.ratio),
            verdict=_(N_("believed"))
            if lesson.applied
            else _(N_("no better a forecast than the plan, so not believed")),
        )
        for lesson in learned
    ]
    said.append(_(N_("Curves of the channels it judges are scaled by that, and the budget is split anew.")))
    return " ".join(said)
