"""How should the channels of a table share a budget? The allocator on a table of curves and limits, one row a channel.

A channel is left out by nobody's guess: a figure that cannot be read or makes no sense refuses the table and names the
channel, since a split without one of its channels would be another split.

Sources: Bellman & Dreyfus (1962), "Applied Dynamic Programming"; Everett (1963), Operations Research 11(3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from workbook.answer import Answer
from workbook.channels.allocation import Allocation, ChannelOption, GroupLimit, frontier
from workbook.channels.allocation import allocate as split_best
from workbook.channels.limits import owed_together
from workbook.channels.response import Exponential, Hill, ResponseCurve
from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, exact, listed, number, percent
from workbook.language import translated as _
from workbook.tables.cells import ENDLESS, ROW, plain_name
from workbook.tables.figures import figure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["allocate"]

CURVES = ("maximum_outcome", "half_spend", "shape", "scale")
LIMITS = ("minimum", "maximum", "fixed", "step", "minimum_buy", "group_minimum", "group_maximum")
NUMBERS = (*CURVES, *LIMITS)

UNLIMITED = ("maximum", "group_maximum")
"""Limits that may be written as infinite: there is none."""

NEEDED = {"hill": ("maximum_outcome", "half_spend", "shape"), "exponential": ("maximum_outcome", "scale")}
"""What each curve is drawn by."""

YES, NO = ("yes", "true", "1", "1.0", "on", "x", "sì", "si", "vero"), ("no", "false", "0", "0.0", "off", "falso")

FRONTIER_POINTS = 50
"""Equal steps of the budget at which its curve is given."""


def allocate(rows: pd.DataFrame, *, budget: float, frontier: bool = False, steps: int = 1000) -> Answer:
    """
    Split ``budget`` over the channels of a table so that the outcomes together are largest, with the proof.

    Parameters
    ----------
    rows
        One row per channel: channel, curve ("hill" or "exponential"), maximum_outcome, half_spend and shape or scale;
        and, empty where there is none, minimum, maximum, fixed, step, optional, minimum_buy, group, group_minimum and
        group_maximum (the same on all rows of a group).
    budget
        Money to spend, >= 0.
    frontier
        Whether to say what every smaller budget could bring, too.
    steps
        Steps of the grid, >= 10.

    Returns
    -------
    One row per channel in the table's order: channel, spend, outcome, marginal_return, average_return, binding.

    Raises
    ------
    AnalysisError, TableError
        If a figure is missing or makes no sense, or the limits exclude each other; names the channels.
    """
    table = _numbered(rows)
    _require_distinct(table)
    options, groups = [_option(row) for row in table], _groups(table)
    found = split_best(options, budget, groups=groups, steps=steps)
    figures: dict[str, Any] = {
        "outcome": found.outcome,
        "upper_bound": found.upper_bound,
        "gap": found.gap,
        "unspent": found.unspent,
    }
    if frontier:
        figures["frontier"] = _curve(options, groups, budget, steps, found)
    return Answer(
        figures=figures,
        rows=found.table,
        n=len(options),
        conventions=_conventions(found, steps, groups),
        warnings=_warnings(table, groups),
    )


def _curve(
    options: list[ChannelOption], groups: list[GroupLimit], budget: float, steps: int, found: Allocation
) -> list[dict[str, float]]:
    """Return the best outcome of every budget from the least the limits allow to the one asked for."""
    least = owed_together(options, groups)
    # Below the table's minimums there is no split; at them, rounding must not ask for a hair more than there is.
    budgets = np.linspace(min(least * (1 + 1e-12), budget), budget, FRONTIER_POINTS + 1)
    curve = np.minimum(frontier_of(options, budgets, groups, steps), found.outcome)
    # The split has been sharpened once more for its proof; no smaller budget brings more than it.
    curve[-1] = found.outcome
    return [{"budget": float(b), "outcome": float(o)} for b, o in zip(budgets, curve, strict=True) if math.isfinite(o)]


def frontier_of(options: list[ChannelOption], budgets: Any, groups: list[GroupLimit], steps: int) -> list[float]:
    """Return the best outcome of each budget, from one programme."""
    return list(frontier(options, list(budgets), groups=groups, steps=steps, sharp=True)["outcome"])


def _numbered(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows with text trimmed and numbers read; an empty cell is None."""
    names = [str(name) for name in rows.columns]
    for column in ("channel", "curve", "maximum_outcome"):
        if column not in names:
            raise TableError(
                N_("The table of channels has no column “{column}”. Nearest: {near}. Rename the one that holds it."),
                column=column,
                near=nearest(column, names),
            )
    records = zip(rows.to_dict("records"), _places(rows), strict=True)
    table = [_row(record, place, str(at)) for at, (record, place) in enumerate(records, start=1)]
    if not table:
        raise AnalysisError(N_("There is no channel to spend the budget on. Add one."))
    return table


def _places(rows: pd.DataFrame) -> list[str]:
    """Return where the file has each row, for messages; nothing for a table that comes from none."""
    return [_(N_("row {row}"), row=line) for line in rows.index] if rows.index.name == ROW else [""] * len(rows)


def _row(record: Mapping[Any, Any], place: str, unnamed: str) -> dict[str, Any]:
    """Return a row with text trimmed and numbers read; an empty cell is None, a channel without a name ``unnamed``."""
    row: dict[str, Any] = {
        str(name): None if value is None or value != value else str(value).strip() or None
        for name, value in record.items()
    }
    row["channel"] = row["channel"] or unnamed
    row["place"], row["where"] = place, f"{row['channel']} ({place})" if place else row["channel"]
    return row | {name: _number(row, name, record.get(name)) for name in NUMBERS}


def _number(row: Mapping[str, Any], column: str, given: Any) -> float | None:
    """Return the number in a cell: from a file it is one, in memory it may be text that can be read in one way."""
    text = row.get(column)
    if text is None:
        return None
    read = figure(text)
    value = (
        float(given) if isinstance(given, int | float) else math.nan if read is None or read.doubtful else read.point
    )
    value = math.inf if text.lower() in ENDLESS else value
    if math.isnan(value):
        raise AnalysisError(
            N_(
                "{where}: {column} is “{found}”, which is no number. Correct it, or leave it empty where there is none."
            ),
            where=row["where"],
            column=column,
            found=text[:40],
        )
    return value


def _option(row: Mapping[str, Any]) -> ChannelOption:
    for column in LIMITS:
        _require_limit(row, column)
    optional, buy, minimum = _yes(row), row["minimum_buy"] or 0.0, row["minimum"] or 0.0
    maximum = math.inf if row["maximum"] is None else row["maximum"]
    if buy > maximum:
        raise AnalysisError(
            N_("{where}: minimum_buy is {buy}, above the maximum of {most}. Lower the one or raise the other."),
            where=row["where"],
            buy=exact(buy),
            most=exact(maximum),
        )
    return ChannelOption(
        name=row["channel"],
        curve=_response(row),
        minimum=max(minimum, buy),
        maximum=maximum,
        fixed=row["fixed"],
        optional=(buy > 0 and minimum == 0) if optional is None else optional,
        step=row["step"],
        group=row.get("group") or "",
        place=row["place"],
    )


def _require_limit(row: Mapping[str, Any], column: str) -> None:
    value, above = row[column], column == "step"
    if value is None or ((value > 0 if above else value >= 0) and (math.isfinite(value) or column in UNLIMITED)):
        return
    raise AnalysisError(
        N_(
            "{where}: {column} is {found}, but must be a number above 0. Correct it, or leave it empty where any sum will do."
        )
        if above
        else N_("{where}: {column} is {found}, but must be a number of 0 or more. Correct it, or leave it empty."),
        where=row["where"],
        column=column,
        found=_shown(value),
    )


def _shown(value: float) -> str:
    return exact(value) if math.isfinite(value) else "∞" if value > 0 else "−∞"


def _yes(row: Mapping[str, Any]) -> bool | None:
    said = (row.get("optional") or "").lower()
    if said in (*YES, *NO, ""):
        return None if not said else said in YES
    raise AnalysisError(
        N_("{where}: “optional” is “{found}”, but must be yes or no. Correct it, or leave it empty."),
        where=row["where"],
        found=said[:40],
    )


def _require_distinct(table: list[dict[str, Any]]) -> None:
    """Raise AnalysisError where two rows, or two groups, have names that differ in nothing but capitals and spaces."""
    channels: dict[str, dict[str, Any]] = {}
    groups: dict[str, dict[str, Any]] = {}
    for row in table:
        first = channels.setdefault(plain_name(row["channel"]), row)
        if first is not row:
            raise AnalysisError(
                N_(
                    "{first} and {second} are called alike. A channel has one row: take one of them out, or give each a name "
                    "of its own."
                ),
                first=first["where"],
                second=row["where"],
            )
        if not row.get("group"):
            continue
        first = groups.setdefault(plain_name(row["group"]), row)
        if first["group"] != row["group"]:
            raise AnalysisError(
                N_(
                    "{first} is in group “{one}”, {second} in group “{other}”. Write the name alike, or give two names."
                ),
                first=first["where"],
                second=row["where"],
                one=first["group"],
                other=row["group"],
            )


def _response(row: Mapping[str, Any]) -> ResponseCurve:
    kind = (row["curve"] or "").lower()
    if kind not in NEEDED:
        raise AnalysisError(
            N_("{where}: curve is “{found}”, but must be hill or exponential. Correct it."),
            where=row["where"],
            found=kind[:40],
        )
    for name in NEEDED[kind]:
        value = row[name]
        if value is None:
            raise AnalysisError(
                N_("{where}: {column} is empty, but a curve of the kind {kind} needs {needed}. Fill it in."),
                where=row["where"],
                column=name,
                kind=kind,
                needed=listed(list(NEEDED[kind])),
            )
        nothing = name == "maximum_outcome" and value == 0
        if (value <= 0 and not nothing) or math.isinf(value):
            raise AnalysisError(
                N_("{where}: {column} is {found}, but must be a number of 0 or more. A curve cannot fall; correct it.")
                if name == "maximum_outcome"
                else N_("{where}: {column} is {found}, but must be a number above 0. Correct it."),
                where=row["where"],
                column=name,
                found=_shown(value),
            )
    if kind == "hill":
        return Hill(row["maximum_outcome"], row["half_spend"], row["shape"])
    return Exponential(row["maximum_outcome"], row["scale"])


def _groups(table: list[dict[str, Any]]) -> list[GroupLimit]:
    """Return the groups that have a limit, in the order of the table."""
    limits = []
    for name in dict.fromkeys(row.get("group") for row in table if row.get("group")):
        bounds = []
        for column in ("group_minimum", "group_maximum"):
            given = {row[column] for row in table if row.get("group") == name and row[column] is not None}
            if len(given) > 1:
                raise AnalysisError(
                    N_("Group {group}: {column} is {first} on one row and {second} on another. Give one figure."),
                    group=name,
                    column=column,
                    first=_shown(min(given)),
                    second=_shown(max(given)),
                )
            bounds.append(given.pop() if given else None)
        if bounds != [None, None]:
            low, high = bounds
            limits.append(GroupLimit(str(name), 0.0 if low is None else low, math.inf if high is None else high))
    return limits


def _conventions(found: Allocation, steps: int, groups: list[GroupLimit]) -> tuple[str, ...]:
    said = [
        _(
            N_(
                "Dynamic programming over {steps} steps of spend, sharpened in ever finer windows; no split brings more "
                "than the bound, which is {gap} above."
            ),
            steps=number(steps),
            gap=percent(found.gap, 4),
        ),
        _(
            N_(
                "An optional channel gets nothing, or at least its minimum and its minimum buy; a channel with a minimum "
                "buy and no minimum is optional unless the table says no. Steps are whole multiples, counted from 0; a "
                "fixed spend stands as it is."
            )
        ),
        _(
            N_(
                "Binding: minimum, maximum, fixed, off (an optional channel left out), step, group minimum, group maximum, "
                "or empty where only the budget holds it."
            )
        ),
    ]
    if groups:
        said.append(_(N_("Groups share no channel; each has a least and a most for its channels together.")))
    return tuple(said)


def _warnings(table: list[dict[str, Any]], groups: list[GroupLimit]) -> tuple[str, ...]:
    limited = {group.name for group in groups}
    loose = [g for g in dict.fromkeys(row.get("group") for row in table if row.get("group")) if g not in limited]
    if not loose:
        return ()
    return (
        _(
            N_(
                "Nothing limits the groups {groups}: give group_minimum or group_maximum, the same on each of their rows."
            ),
            groups=listed([str(name) for name in loose[:SHOWN_AT_ONCE]]),
        ),
    )
