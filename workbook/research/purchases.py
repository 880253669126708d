"""What each customer bought, in five figures: how often, how recently, for how long, for how much, how regularly.

A purchase log of any length is reduced to one row per customer, and the models of ``value`` read nothing else.
Purchases of one customer on one day are one purchase, and its amount is their sum. Times count in units of days, weeks
or months from the customer's first purchase; the first purchase makes a customer and is no repeat purchase.

Source: Fader & Hardie (2013), "Implementing the BG/NBD model for customer base analysis", brucehardie.com/notes/004.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from workbook.errors import AnalysisError, TableError, nearest, require_choice
from workbook.language import N_, date_words, listed, number
from workbook.language import translated as _
from workbook.sieve import left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DAYS", "CustomerSummary", "customer_summary", "reduced", "summarised"]

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}
"""Days in each unit of time."""

COLUMNS = ("customer", "date", "amount")

SAMPLED = 500_000
"""Rows of a log from which on the gaps are looked at in a sample of the customers: sorting them all takes longest."""

LONE_DAYS, LONE_TIMES, LONE_SHARE = 180, 5, 0.01
"""The last dates are doubted when they follow a gap this long, this many times every other, and hold this few rows."""


@dataclass(frozen=True)
class CustomerSummary:
    """
    A purchase log, reduced.

    Parameters
    ----------
    table
        One row per customer: customer, segment (where the log has it), purchases (days with one), frequency (repeat
        purchases), recency and age (time from the first purchase to the last one, and to ``until``), monetary (mean
        amount of the repeat purchases; NaN without one), gap_squares (sum of the squared times between purchases).
    until
        The last day looked at.
    unit
        "day", "week" or "month".
    excluded
        Rows of the log left out, by reason.
    free, doubled
        Rows with an amount of 0, and rows equal to an earlier one in customer, date and amount: both are counted.
    """

    table: pd.DataFrame
    until: date
    unit: str
    excluded: dict[str, int] = field(default_factory=dict)
    free: int = 0
    doubled: int = 0


def customer_summary(rows: pd.DataFrame, *, until: date | None = None, unit: str = "week") -> CustomerSummary:
    """
    Reduce a purchase log to one row per customer.

    Parameters
    ----------
    rows
        One row per purchase: customer, date (a day, or text as 2027-06-01), amount, and segment if there is one: that
        of the last purchase counts.
    until
        Last day to look at; purchases after it are left out. The last day in the log when missing.
    unit
        "day", "week" (7 days) or "month" (365.25 / 12 days).

    Raises
    ------
    TableError
        If a column is missing.
    ParameterError
        If the unit is unknown.
    AnalysisError
        If no row can be used, or the last date of the log looks like a slip.
    """
    require_choice("unit", unit, DAYS)
    _require_columns(rows.columns)
    used, excluded = _usable(rows, until)
    if until is None:
        per_day = used["day"].value_counts().sort_index()
        _require_no_lone_end(per_day.index.date, per_day.to_numpy())
        until = used["day"].max().date()
    summed = _by_day(used)
    return CustomerSummary(
        _by_customer(summed, until, DAYS[unit]),
        until,
        unit,
        excluded,
        free=int((used["amount"] == 0).sum()),
        doubled=int(used.duplicated(["customer", "day", "amount"]).sum()),
    )


def reduced(relation: Any, *, until: date | None = None, unit: str = "week", **_others: Any) -> pd.DataFrame:
    """
    Reduce a purchase log of any length inside DuckDB: what ``customer_summary`` does, for ``lifetime_value`` to read.

    Parameters
    ----------
    relation
        A DuckDB relation with the columns of the log, as text or as typed ones.
    until, unit
        As of ``customer_summary``.

    Returns
    -------
    The table of a ``CustomerSummary``, its other parts in ``attrs``. Rows that repeat others are not counted here; in
    a long log gap_squares is known of a sample of the customers.
    """
    require_choice("unit", unit, DAYS)
    _require_columns(relation.columns)
    said = _(N_("after {day}"), day=date_words(until)) if until else ""
    reasons = (*_reasons(), said)
    segment = ", nullif(trim(CAST(segment AS VARCHAR)), '') AS segment" if "segment" in relation.columns else ""
    late = f"WHEN day > DATE '{until.isoformat()}' THEN 4" if until else ""
    read = f"""
        SELECT *, CASE WHEN customer IS NULL OR customer = '' THEN 0 WHEN day IS NULL THEN 1
                       WHEN amount IS NULL OR NOT isfinite(amount) THEN 2 WHEN amount < 0 THEN 3 {late} ELSE -1 END AS reason
        FROM (SELECT trim(CAST(customer AS VARCHAR)) AS customer, TRY_CAST(date AS DATE) AS day,
                     TRY_CAST(amount AS DOUBLE) AS amount{segment} FROM log)"""
    counts = relation.query(
        "log", f"SELECT reason, count(*), max(day), count(*) FILTER (amount = 0) FROM ({read}) GROUP BY reason"
    ).fetchall()
    seen = {reason: (count, last, free) for reason, count, last, free in counts}
    excluded = {reasons[reason]: count for reason, (count, *_rest) in sorted(seen.items()) if reason >= 0}
    if -1 not in seen:
        raise _nothing_left(excluded)
    count, last, free = seen[-1]
    if until is None:
        daily = f"SELECT day, count(*) FROM ({read}) WHERE reason = -1 GROUP BY day ORDER BY day"
        days, per_day = zip(*relation.query("log", daily).fetchall(), strict=True)
        _require_no_lone_end(days, per_day)
    table = relation.query("log", _per_customer(read, bool(segment), every=1 + count // SAMPLED)).df()
    table = _timed(table, until or last, DAYS[unit])
    table.attrs["purchases"] = {"until": until or last, "unit": unit, "excluded": excluded, "free": free}
    return table


def _per_customer(read: str, segment: bool, every: int) -> str:
    """Return the statement for one row per customer; of one in ``every`` customers with the squares of the gaps."""
    last_named = ", arg_max(segment, day) AS segment" if segment else ""
    named = ", any_value(segment) AS segment" if segment else ""
    return f"""
        WITH days AS (SELECT customer, day, sum(amount) AS amount{named}
                      FROM ({read}) WHERE reason = -1 GROUP BY customer, day),
        gaps AS (SELECT customer, sum(gap * gap) AS gap_squares FROM (
                   SELECT customer, coalesce(day - lag(day) OVER (PARTITION BY customer ORDER BY day), 0) AS gap
                   FROM days WHERE hash(customer) % {every} = 0) GROUP BY customer),
        sums AS (SELECT customer, count(*) AS purchases, min(day) AS first, max(day) AS last,
                        sum(amount) - arg_min(amount, day) AS repeat{last_named} FROM days GROUP BY customer)
        SELECT sums.*, gap_squares FROM sums LEFT JOIN gaps USING (customer) ORDER BY customer"""


def summarised(rows: pd.DataFrame) -> CustomerSummary | None:
    """Return the summary that ``reduced`` made of a log, or None where ``rows`` are a log themselves."""
    parts = rows.attrs.get("purchases")
    return None if parts is None else CustomerSummary(rows, **parts)


def _usable(rows: pd.DataFrame, until: date | None) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return customer, day, amount (and segment) of the rows to count, and how many others there are by reason."""
    import pandas as pd

    customer = rows["customer"].astype("string").str.strip()
    day, amount = _days(rows["date"]), pd.to_numeric(rows["amount"], errors="coerce").astype(float)
    masks = (customer.isna() | customer.eq(""), day.isna(), ~(amount.abs() < float("inf")), amount < 0)
    reasons = dict(zip(_reasons(), masks, strict=True))
    if until is not None:
        reasons[_(N_("after {day}"), day=date_words(until))] = day > pd.Timestamp(until)
    kept, excluded = left_out(rows, reasons)
    if not kept.any():
        raise _nothing_left(excluded)
    used = pd.DataFrame({"customer": customer, "day": day, "amount": amount})
    if "segment" in rows.columns:
        used["segment"] = rows["segment"].astype("string").fillna("")
    return used[kept], excluded


def _days(dates: pd.Series) -> pd.Series:
    """Return dates as days without a time, NaT where they are none."""
    import pandas as pd
    from pandas.api.types import is_datetime64_any_dtype

    if not is_datetime64_any_dtype(dates):
        # Each distinct text is read once: a long log has few days.
        codes, texts = pd.factorize(dates.astype("string").str.strip())
        read = pd.to_datetime(pd.Series(texts), format="ISO8601", errors="coerce", utc=True)
        known = pd.concat([read, pd.Series([pd.NaT], dtype=read.dtype)], ignore_index=True)
        dates = pd.Series(known.to_numpy()[codes], index=dates.index)
    if getattr(dates.dt, "tz", None) is not None:
        dates = dates.dt.tz_localize(None)
    return dates.dt.normalize()


def _require_no_lone_end(days: Sequence[date], per_day: Sequence[int]) -> None:
    """Refuse a log whose last few dates lie so far behind the others that they look like slips."""
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    if len(gaps) < 2:
        return
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    other = max(gap for i, gap in enumerate(gaps) if i != widest)
    few = sum(per_day[widest + 1 :]) <= max(LONE_SHARE * sum(per_day), 1)
    if gaps[widest] >= LONE_DAYS and gaps[widest] >= LONE_TIMES * other and few:
        raise AnalysisError(
            N_(
                "The last purchase is dated {last}, {days} days after the one before, while no other gap is longer than "
                "{other}: a date in the future? Correct it, or say with --until which day the log ends."
            ),
            last=date_words(days[-1]),
            days=number(gaps[widest]),
            other=number(other),
        )


def _by_day(used: pd.DataFrame) -> pd.DataFrame:
    """Return one row per customer and day, in order: customer, day, amount (and segment)."""
    how: dict[str, Any] = {"amount": ("amount", "sum")}
    if "segment" in used.columns:
        how["segment"] = ("segment", "last")
    return used.groupby(["customer", "day"], sort=True, as_index=False).agg(**how)


def _by_customer(days: pd.DataFrame, until: date, unit_days: float) -> pd.DataFrame:
    import numpy as np

    gaps = days.groupby("customer")["day"].diff().dt.days.to_numpy()
    first = np.isnan(gaps)
    days = days.assign(squared=np.where(first, 0.0, gaps**2), repeat=np.where(first, 0.0, days["amount"]))
    how: dict[str, Any] = {"segment": ("segment", "last")} if "segment" in days.columns else {}
    table = days.groupby("customer", as_index=False).agg(
        **how,
        purchases=("day", "size"),
        first=("day", "min"),
        last=("day", "max"),
        repeat=("repeat", "sum"),
        gap_squares=("squared", "sum"),
    )
    return _timed(table, until, unit_days)


def _timed(table: pd.DataFrame, until: date, unit_days: float) -> pd.DataFrame:
    """Return a table of first and last days (purchases, repeat amount, gap_squares in days) as that of a summary."""
    import pandas as pd

    table["frequency"] = table["purchases"] - 1
    table["recency"] = (table["last"] - table["first"]).dt.days / unit_days
    table["age"] = (pd.Timestamp(until) - table["first"]).dt.days / unit_days
    table["gap_squares"] = table["gap_squares"].astype(float) / unit_days**2
    table["monetary"] = table["repeat"] / table["frequency"].where(table["frequency"] > 0)
    segment = ["segment"] if "segment" in table.columns else []
    return table[
        ["customer", *segment, "purchases", "frequency", "recency", "age", "monetary", "gap_squares"]
    ].reset_index(drop=True)


def _reasons() -> tuple[str, ...]:
    return (
        _(N_("customer is missing")),
        _(N_("date is missing or no day like 2027-06-01")),
        _(N_("amount is missing or no number")),
        _(N_("amount below 0: a refund")),
    )


def _nothing_left(excluded: dict[str, int]) -> AnalysisError:
    return AnalysisError(
        N_("No purchase can be used ({reasons}). Check the columns customer, date and amount, and --until."),
        reasons=listed([f"{reason}: {number(count)}" for reason, count in excluded.items()]) or "-",
    )


def _require_columns(columns: Iterable[str]) -> None:
    names = [str(name) for name in columns]
    for column in COLUMNS:
        if column not in names:
            raise TableError(
                N_('The purchase log has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
                column=column,
                near=nearest(column, names),
            )
