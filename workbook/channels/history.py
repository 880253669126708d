"""What was spent, and what came of it, period by period: a history as ``fitting`` needs it, checked.

A table has one row per period and channel. Where a channel has no row in a period nothing was spent. The outcome is the
period's total, repeated on each of its rows, or the channel's own where it was attributed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbook.errors import SHOWN_AT_ONCE, AnalysisError, TableError, nearest
from workbook.language import N_, listed, number
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["History", "needed_periods", "read_history"]

Array = npt.NDArray[np.float64]

COLUMNS = ("period", "channel", "spend", "outcome")

LEAST, PER_CHANNEL, BESIDE = 20, 4, 8
"""Periods needed: at least 20, and 8 with 4 for each channel and one for each control."""


@dataclass(frozen=True, eq=False)
class History:
    """
    Spend and outcome in order of time.

    Parameters
    ----------
    periods, channels, control_names
        What the rows and columns are.
    spend
        Money, shape (periods, channels).
    outcome
        Total of each period, shape (periods,).
    attributed
        Outcome of each channel, shape (periods, channels), or None where only the total is known.
    controls
        Shape (periods, controls).
    rows, excluded, notes
        Rows used, rows left out by reason, and what to mind, in words.
    """

    periods: tuple[str, ...]
    channels: tuple[str, ...]
    spend: Array
    outcome: Array
    attributed: Array | None
    control_names: tuple[str, ...]
    controls: Array
    rows: int
    excluded: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Array:
        """Outcome of each period over all channels, and what comes without them."""
        return self.outcome if self.attributed is None else np.asarray(self.attributed.sum(axis=1))

    def only(self, channel: int) -> History:
        """Return the history of one channel."""
        return replace(self, channels=(self.channels[channel],), spend=self.spend[:, [channel]], attributed=None)


def needed_periods(channels: int, controls: int) -> int:
    """Return how many periods the curves of so many channels need."""
    return max(LEAST, BESIDE + PER_CHANNEL * channels + controls)


def read_history(rows: pd.DataFrame, *, attributed: bool = False) -> History:
    """
    Return the history in a table: period, channel, spend, outcome, and controls in further numeric columns.

    Raises
    ------
    TableError
        If a column is missing.
    AnalysisError
        If a spend is negative, a period has two totals, or there are too few periods; if a channel never spent.
    """
    used, excluded = _usable(rows)
    wide = used.pivot(index="period", columns="channel", values="spend").fillna(0.0)
    wide = wide.loc[_in_order(list(wide.index)), list(dict.fromkeys(used["channel"]))]
    wide, notes = _with_spend(wide)
    own, total = _outcomes(used, wide, attributed=attributed)
    names, controls, more = _controls(used, wide)
    count = 1 if attributed else wide.shape[1]
    needed = needed_periods(count, len(names))
    if len(wide) < needed:
        raise AnalysisError(
            N_(
                "Periods in the history: {found}. Needed for {channels} channels and {controls} controls: {needed}. "
                "Take a longer history or shorter periods; until then, estimate the curves by judgement."
            ),
            found=number(len(wide)),
            channels=number(count),
            controls=number(len(names)),
            needed=number(needed),
        )
    return History(
        tuple(str(period) for period in wide.index),
        tuple(str(channel) for channel in wide.columns),
        wide.to_numpy(dtype=float),
        total,
        own,
        names,
        controls,
        len(used),
        excluded,
        (*notes, *more),
    )


def _usable(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows to count, with spend and outcome as numbers, and how many others there are by reason."""
    import pandas as pd

    names = [str(name) for name in rows.columns]
    for column in COLUMNS:
        if column not in names:
            raise TableError(
                N_('The history has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                column=column,
                near=nearest(column, names),
            )
    kept = rows.reset_index(drop=True)
    figures = {
        name: pd.to_numeric(kept[name], errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)
        for name in ("spend", "outcome")
    }
    kept = kept.assign(**figures)
    nameless = kept[["period", "channel"]].isna().any(axis=1)
    silent = kept[["spend", "outcome"]].isna().any(axis=1) & ~nameless
    # A spend that cannot be read was not 0: what else came in its period has lost one of its causes.
    beside = kept["period"].isin(kept.loc[silent, "period"]) & ~nameless & ~silent
    out = nameless | silent | beside
    again = kept[~out].duplicated(["period", "channel"]).reindex(kept.index, fill_value=False)
    reasons = {
        _(N_("period or channel is missing")): nameless,
        _(N_("spend or outcome is missing or no finite number")): silent,
        _(N_("another channel of the same period has no spend or outcome")): beside,
        _(N_("same period and channel once more (the first row counts)")): again,
    }
    used = kept[~out & ~again].astype({"channel": str})
    if used.empty:
        raise AnalysisError(N_("No row has a period, a channel, a spend and an outcome. Check the columns."))
    negative = used[used["spend"] < 0]
    if len(negative):
        row = negative.iloc[0]
        raise AnalysisError(
            N_(
                "“{channel}” has a spend of {found} in {period}. A spend is 0 or more; enter refunds in their own period."
            ),
            channel=row["channel"],
            found=number(float(row["spend"])),
            period=str(row["period"]),
        )
    return used, {reason: int(where.sum()) for reason, where in reasons.items() if where.any()}


def _in_order(periods: list[object]) -> list[object]:
    """Return the periods in order of time: as numbers, as days, or as they came where they are neither."""
    import pandas as pd

    numbers = pd.to_numeric(pd.Series(periods, dtype=object), errors="coerce")
    if numbers.notna().all():
        return [periods[i] for i in np.argsort(numbers.to_numpy(dtype=float), kind="stable")]
    days = pd.to_datetime(pd.Series([str(p) for p in periods]), errors="coerce", format="mixed")
    if days.notna().all():
        return [periods[i] for i in np.argsort(days.to_numpy(), kind="stable")]
    return sorted(periods, key=str)


def _with_spend(wide: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the channels that ever spent, and a note on those that did not."""
    idle = [str(name) for name in wide.columns if not (wide[name] > 0).any()]
    if len(idle) == wide.shape[1]:
        raise AnalysisError(N_("No channel ever spent anything, so there is no response to see."))
    notes = [_(N_("No spend at all, so no curve: {channels}."), channels=listed(idle))] if idle else []
    steady = [str(n) for n in wide.columns if str(n) not in idle and wide[n].nunique() == 1]
    if steady:
        notes.append(
            _(
                N_("Always the same spend, so the curve is the prior's: {channels}. Vary it, and it will show."),
                channels=listed(steady),
            )
        )
    return wide.drop(columns=[name for name in wide.columns if str(name) in idle]), notes


def _outcomes(used: pd.DataFrame, wide: pd.DataFrame, *, attributed: bool) -> tuple[Array | None, Array]:
    """Return the outcome of each channel, or None, and the total of each period."""
    if attributed:
        own = used.pivot(index="period", columns="channel", values="outcome").fillna(0.0)
        table = own.loc[wide.index, wide.columns].to_numpy(dtype=float)
        return table, table.sum(axis=1)
    by_period = used.groupby("period", sort=False)["outcome"]
    torn = by_period.agg(lambda values: values.max() - values.min() > 1e-9 * max(abs(values.max()), 1.0))
    if torn.any():
        raise AnalysisError(
            N_(
                "In {period} the outcome differs from row to row, but should be the period's total on each. "
                "Where it is each channel's own, say --attributed."
            ),
            period=str(torn.index[torn][0]),
        )
    return None, by_period.first().loc[wide.index].to_numpy(dtype=float)


def _controls(used: pd.DataFrame, wide: pd.DataFrame) -> tuple[tuple[str, ...], Array, list[str]]:
    """Return the controls: further numeric columns with one value a period, that vary; and notes on the others."""
    import pandas as pd

    names, columns, left, notes = [], [], [], []
    for name in (n for n in used.columns if n not in COLUMNS):
        values = pd.to_numeric(used[name], errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)
        if note := _return(str(name), values, used):
            notes.append(note)
            continue
        by_period = values.groupby(used["period"])
        if values.isna().any() or (by_period.max() > by_period.min()).any():
            left.append(str(name))
            continue
        column = by_period.first().loc[wide.index].to_numpy(dtype=float)
        if column.max() > column.min():
            names.append(str(name))
            columns.append(column)
    if left:
        notes.append(
            _(N_("No control, since not one number for each period: {names}."), names=listed(left[:SHOWN_AT_ONCE]))
        )
    table = np.column_stack(columns) if columns else np.zeros((len(wide), 0))
    return tuple(names), table, notes


def _return(name: str, values: pd.Series, used: pd.DataFrame) -> str:
    """Return what to say of a column that is outcome over spend, or one less: no control, since it follows from both."""
    spent = (used["spend"] > 0) & values.notna()
    if spent.sum() < 3:
        return ""
    ratio = used["outcome"][spent] / used["spend"][spent]
    if _alike(values[spent], ratio):
        # Named ROI it is the commonest mistake with returns: the money spent is still in it.
        if "roi" in name.lower():
            return _(
                N_("Column {name} is outcome over spend: ROAS, not ROI, which is 1 less. It is left out."), name=name
            )
        return _(N_("Column {name} is outcome over spend, which is known already. It is left out."), name=name)
    if _alike(values[spent], ratio - 1):
        return _(N_("Column {name} is outcome over spend less 1, which is known already. It is left out."), name=name)
    return ""


def _alike(values: pd.Series, others: pd.Series) -> bool:
    """Whether nine in ten of the values are the others, as people round them."""
    return bool(np.isclose(values, others, rtol=0.01, atol=0.006).mean() >= 0.9 and others.std() > 0.02)
