"""Customers by what they do: what they are worth by segment, and how long they stay."""

import re

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import name_in_words, no_study_yet, notes_on
from workbook.exhibits.upstream.loyalty import loyalty_of
from workbook.language import N_, _, money, number, percent, plural
from workbook.plan.adoption import Proposal
from workbook.plan.model import Targeting

__all__ = ["retention_curves", "value_by_segment"]

MONTHLY = re.compile(r"\d{4}-\d{2}")
"""What a cohort is called that began in a month; one that is a year only is called by four digits."""


def value_by_segment(case: Case) -> Exhibit:
    """Show what a customer of each segment is still worth, how likely he is one, how often he will buy."""
    answer = case.answer("lifetime-value")
    if answer is None:
        return no_study_yet(
            "value_by_segment",
            _(
                N_(
                    "Bring in a log of purchases (customer, date, amount), and what customers are still worth stands here."
                )
            ),
        )
    customers = answer.rows if answer.rows is not None else pd.DataFrame()
    if "segment" not in customers.columns:
        customers = customers.assign(segment="")
    table = _worth(case, customers)
    from workbook.exhibits.charts.customers import value_dots

    return Exhibit(
        "value_by_segment",
        _worth_found(case, table, customers),
        table,
        (
            Column("name", _(N_("Segment"))),
            Column("value", _(N_("Value of a customer")), "money"),
            Column("low", _(N_("From")), "money"),
            Column("high", _(N_("To")), "money"),
            Column("expected_purchases", _(N_("Purchases expected")), "number", 1),
            Column("alive", _(N_("Still a customer")), "percent"),
            Column("yearly", _(N_("Of one still a customer")), "money"),
            Column("lost", _(N_("Lost by then")), "percent"),
            Column("n", _(N_("Customers")), "number", 0),
        ),
        value_dots(
            table,
            labels={
                "value": _(N_("Revenue still expected of a customer, {currency}"), currency=case.currency),
                "name": _(N_("Segment")),
            },
        ),
        tags=(Tag("observed", plural("one customer", "{count} customers", answer.n or 0)), *_doubt(answer)),
        method=notes_on(case, "lifetime-value", answer)
        + " "
        + _(N_("Intervals here are those of the mean over the segment's customers, at 95\u00a0%.")),
        n=answer.n,
        currency=case.currency,
        proposals=_worth_proposals(case, answer, table),
    )


def _worth_proposals(case: Case, answer: Answer, table: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return what a customer of each segment of the plan brings in a year and how many leave: its worth stands on both."""
    proposals = []
    for row in table[table["segment"].isin([s.id for s in case.plan.segments])].itertuples(index=False):
        path = f"/segments/{row.segment}"
        loyalty, unheard = loyalty_of(case, str(row.segment))
        proposals.append(
            proposal(
                case,
                "lifetime-value",
                answer,
                about=f"{row.segment}-revenue",
                name=_(
                    N_("“{segment}”: a customer will bring {value} in a year"),
                    segment=row.name,
                    value=money(row.yearly, case.currency),
                ),
                figure=row.yearly,
                interval=(row.yearly_low, row.yearly_high),
                n=int(row.n),
                item=path,
                fills={f"{path}/contract_value": round(float(row.yearly), 2)},
            )
        )
        proposals.append(
            proposal(
                case,
                "lifetime-value",
                answer,
                about=f"{row.segment}-lost",
                name=_(N_("“{segment}”: {share} will leave in a year"), segment=row.name, share=percent(row.lost, 1)),
                figure=row.lost,
                interval=(row.lost_low, row.lost_high),
                n=int(row.n),
                item=path,
                fills={f"{path}/churn": round(float(row.lost), 4)}
                | ({f"{loyalty}/repeat": round(1 - float(row.lost), 4)} if not unheard else {}),
            )
        )
    return offered(case, proposals)


def retention_curves(case: Case) -> Exhibit:
    """Show how each cohort shrinks, and the curve fitted to all of them, drawn on past what was seen."""
    answer, checked = case.answer("retention"), case.answers("retention")
    if answer is None or checked is None:
        return no_study_yet(
            "retention_curves",
            _(
                N_(
                    "Bring in how many of each cohort are left at each period, and the curve of those who stay is drawn here."
                )
            ),
        )
    seen = _shares_seen(checked.rows)
    last = int(seen["period"].max())
    curve = answer.figures["curve"]
    fitted = pd.DataFrame({"period": range(len(curve)), "share": curve})
    # The dashed part begins where the solid one ends.
    fitted = pd.concat(
        [fitted[fitted["period"] <= last].assign(ahead=False), fitted[fitted["period"] >= last].assign(ahead=True)]
    )
    fitted["marked"] = fitted["period"].isin({1, last, len(curve) - 1}) & ~(fitted["ahead"] & fitted["period"].eq(last))
    fitted["shown"] = [percent(share) for share in fitted["share"]]
    from workbook.exhibits.charts.customers import retention_lines

    return Exhibit(
        "retention_curves",
        _(
            N_(
                "{first} of those who begin stay past the first period; of those there after {last} periods {later} stay past the next."
            ),
            first=percent(curve[1]),
            last=number(last),
            later=percent(curve[last + 1] / curve[last])
            if last + 1 < len(curve)
            else percent(curve[last] / curve[last - 1]),
        ),
        _cohorts(answer, seen),
        (
            Column("cohort", _(N_("Cohort"))),
            Column("customers", _(N_("At the start")), "number", 0),
            Column("periods", _(N_("Periods seen")), "number", 0),
            Column("left", _(N_("Still there")), "percent"),
            Column("curve_there", _(N_("By the curve")), "percent"),
            Column("alpha", "alpha", "number", 2),
            Column("beta", "beta", "number", 2),
        ),
        retention_lines(
            seen,
            fitted,
            labels={
                "period": _(N_("Periods since the start; thick: fitted to all, dashed: ahead")),
                "share": _(N_("Share still there")),
                "cohort": _(N_("Cohort")),
            },
        ),
        tags=(
            Tag(
                "observed", plural("one cohort", "{count} cohorts", len(answer.rows) if answer.rows is not None else 0)
            ),
            *_doubt(answer),
        ),
        method=notes_on(case, "retention", answer),
        n=answer.n,
        proposals=_churn_proposals(case, answer),
    )


def _churn_proposals(case: Case, answer: Answer) -> tuple[Proposal, ...]:
    """Return the share of today's customers who leave within a year, for whichever segment the contracts are of."""
    lost = _lost_in_a_year(answer)
    if lost is None:
        return ()
    return offered(
        case,
        (
            proposal(
                case,
                "retention",
                answer,
                about=segment.id,
                name=_(N_("“{segment}”: {share} will leave in a year"), segment=segment.label, share=percent(lost, 1)),
                figure=lost,
                item=f"/segments/{segment.id}",
                fills={f"/segments/{segment.id}/churn": round(lost, 4)},
                to=segment.id,
            )
            for segment in case.plan.segments
            if segment.targeting is not Targeting.EXCLUDED and case.segment in ("", segment.id)
        ),
    )


def _lost_in_a_year(answer: Answer) -> float | None:
    """
    Return the share of those still there who leave within a year, by each cohort's curve; None where periods have no length.

    Cohorts called 2025 are followed year by year, those called 2025-07 month by month.
    """
    rows = answer.rows if answer.rows is not None else pd.DataFrame({"cohort": []})
    names = rows["cohort"].astype(str)
    months = names.str.fullmatch(MONTHLY).all()
    if rows.empty or not (months or names.str.fullmatch(r"\d{4}").all()):
        return None
    there = later = 0.0
    for row in rows.itertuples(index=False):
        ahead = row.periods + (12 if months else 1)
        if ahead >= len(row.curve):
            continue
        there += row.customers * row.curve[row.periods]
        later += row.customers * row.curve[ahead]
    return 1 - later / there if there else None


def _worth(case: Case, customers: pd.DataFrame) -> pd.DataFrame:
    groups = customers.groupby("segment", sort=False)
    table = groups[["value", "expected_purchases", "alive"]].mean()
    table["n"], error = groups.size(), groups["value"].std().fillna(0.0) / groups.size() ** 0.5
    table["low"], table["high"] = (table["value"] - 1.96 * error).clip(lower=0), table["value"] + 1.96 * error
    table = table.sort_values("value", ascending=False, kind="stable").reset_index()
    for name, share in (("yearly", customers["value"]), ("lost", customers["alive"] * (1 - customers["stays"]))):
        ratio, error = _per_customer(share, customers)
        table[name] = table["segment"].map(ratio)
        table[f"{name}_low"] = (table[name] - 1.96 * table["segment"].map(error)).clip(lower=0)
        table[f"{name}_high"] = table[name] + 1.96 * table["segment"].map(error)
    table["lost_high"] = table["lost_high"].clip(upper=1)
    table["name"] = [name_in_words(case, str(id)) if id else _(N_("All customers")) for id in table["segment"]]
    table["shown"] = [money(value, case.currency) for value in table["value"]]
    return table


def _per_customer(amount: pd.Series, customers: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return, by segment, ``amount`` per customer still there, and the standard error of that ratio (linearised)."""
    groups = customers["segment"]
    alive = customers["alive"].groupby(groups).sum()
    ratio = amount.groupby(groups).sum() / alive
    left = amount - customers["alive"] * groups.map(ratio)
    count = groups.groupby(groups).size()
    return ratio, (left**2).groupby(groups).sum().mul(count / (count - 1).clip(lower=1)) ** 0.5 / alive


def _worth_found(case: Case, table: pd.DataFrame, customers: pd.DataFrame) -> str:
    total = money(float(customers["value"].sum()), case.currency)
    first = table.iloc[0]
    if len(table) < 2:
        return _(
            N_("A customer is still worth {value} on average; all of them together {total}."),
            value=first["shown"],
            total=total,
        )
    return _(
        N_("A customer of “{first}” is still worth {most}, one of “{last}” {least}; all of them together {total}."),
        first=first["name"],
        most=first["shown"],
        last=table.iloc[-1]["name"],
        least=table.iloc[-1]["shown"],
        total=total,
    )


def _shares_seen(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of its start that each cohort has left, where it has one."""
    ordered = rows.sort_values(["cohort", "period"], kind="stable")
    start = ordered["cohort"].map(ordered[ordered["period"] == 0].groupby("cohort")["customers"].first())
    table = pd.DataFrame({"cohort": ordered["cohort"].astype(str), "period": ordered["period"].astype(int)})
    table["share"] = ordered["customers"] / start
    return table[table["share"].between(0, 1)].reset_index(drop=True)


def _cohorts(answer: Answer, seen: pd.DataFrame) -> pd.DataFrame:
    table = answer.rows if answer.rows is not None else pd.DataFrame()
    left = seen.sort_values("period").groupby("cohort")["share"].last()
    there = [curve[periods] for curve, periods in zip(table["curve"], table["periods"], strict=True)]
    return table.assign(left=table["cohort"].map(left), curve_there=there)


def _doubt(answer: Answer) -> tuple[Tag, ...]:
    return (Tag("note", _(N_("read with care"))),) if answer.warnings else ()
