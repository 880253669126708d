"""Which features does each segment use: from the log where there is one, else as the team entered it."""

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.studied import name_in_words, notes_on
from workbook.language import N_, _, number, percent, plural
from workbook.plan.adoption import Proposal
from workbook.plan.model import Targeting, Usage, new_id

__all__ = ["usage_by_segment"]

RARE = 0.25
"""A feature that fewer than this share of a target segment use is hardly known there: judgement."""


def usage_by_segment(case: Case) -> Exhibit:
    """Show the share of each segment's customers that use a feature, and how often those do."""
    answer = case.answer("usage")
    table = _entered(case) if answer is None or answer.rows is None else _logged(case, answer)
    if table.empty:
        return Exhibit(
            "usage_by_segment",
            _(
                N_(
                    "Bring in a log of use (customer, feature, uses), or enter what you know, and each segment's use stands here."
                )
            ),
            empty=True,
        )
    from workbook.exhibits.charts.market import usage_dots

    return Exhibit(
        "usage_by_segment",
        _finding(case, table),
        table,
        (
            Column("feature", _(N_("Feature"))),
            Column("segment", _(N_("Segment"))),
            Column("users", _(N_("Customers who use it")), "percent"),
            Column("low", _(N_("From")), "percent"),
            Column("high", _(N_("To")), "percent"),
            Column("frequency", _(N_("Times a month, by those who do")), "number", 1),
            Column("customers", _(N_("Customers")), "number", 0),
        ),
        usage_dots(
            table.dropna(subset="users"),
            labels={
                "axis": _(N_("Share of the segment's customers who use it")),
                "feature": _(N_("Feature")),
                "segment": _(N_("Segment")),
            },
        ),
        tags=(Tag("observed", plural("one customer", "{count} customers", answer.n or 0)),)
        if answer is not None
        else (Tag("assumed", _(N_("as the team entered it"))),),
        method=notes_on(case, "usage", answer) if answer is not None else "",
        n=answer.n if answer is not None else None,
        proposals=() if answer is None else _proposals(case, answer, table),
    )


def _logged(case: Case, answer: Answer) -> pd.DataFrame:
    assert answer.rows is not None
    rows = answer.rows
    return rows.assign(
        feature_id=rows["feature"],
        segment_id=rows["segment"],
        feature=[_called(case, str(feature)) for feature in rows["feature"]],
        segment=[name_in_words(case, str(id)) if id else _(N_("All customers")) for id in rows["segment"]],
        shown=[percent(share) for share in rows["users"]],
    )


def _called(case: Case, feature: str) -> str:
    """Return what the plan calls a feature that the log names by its id or by its name as a slug."""
    held = next((one for one in case.plan.usage if feature in (one.id, new_id(one.name, ()))), None)
    return held.label if held else name_in_words(case, feature)


def _entered(case: Case) -> pd.DataFrame:
    held = [one for one in case.plan.usage if not case.segment or one.segment in (None, case.segment)]
    missing = float("nan")
    return pd.DataFrame(
        [
            {
                "feature": one.label,
                "segment_id": one.segment or "",
                "segment": case.plan.name_of(one.segment) or _(N_("All customers")),
                "users": missing if one.users is None else one.users,
                "low": missing,
                "high": missing,
                "frequency": missing if one.frequency is None else one.frequency,
                "customers": missing,
                "shown": percent(one.users) if one.users is not None else "",
            }
            for one in held
        ]
    )


def _finding(case: Case, table: pd.DataFrame) -> str:
    targets = [s.id for s in case.plan.segments if s.targeting is Targeting.TARGET]
    known = table.dropna(subset="users")
    mine = known[known["segment_id"].isin(targets)] if len(known[known["segment_id"].isin(targets)]) else known
    if mine.empty:
        return _(N_("Nobody has said yet how many use these features."))
    first = mine.loc[mine["users"].idxmax()]
    said = _(
        N_("“{feature}” is used most: by {share} of “{segment}”."),
        feature=first["feature"],
        share=first["shown"],
        segment=first["segment"],
    )
    rare = mine[(mine["segment_id"] == first["segment_id"]) & (mine["users"] < RARE)]
    if rare.empty:
        return said
    least = rare.loc[rare["users"].idxmin()]
    return (
        said
        + " "
        + _(N_("Hardly known there: “{feature}”, with {share}."), feature=least["feature"], share=least["shown"])
    )


def _proposals(case: Case, answer: Answer, table: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return the use of each feature by each segment the plan has not excluded."""
    meant = {"", *(s.id for s in case.plan.segments if s.targeting is not Targeting.EXCLUDED)}
    proposals, taken = [], set(case.plan.ids)
    for row in table[table["segment_id"].isin(meant)].itertuples(index=False):
        held = _held(case, str(row.feature_id), str(row.segment_id))
        name = new_id(f"{row.feature_id}-{row.segment_id}" if row.segment_id else str(row.feature_id), taken)
        taken.add(name)
        path = f"/usage/{held.id if held else name}"
        adds = {} if held else {path: {"name": row.feature} | ({"segment": row.segment_id} if row.segment_id else {})}
        often = {f"{path}/frequency": round(float(row.frequency), 1)} if row.frequency == row.frequency else {}
        proposals.append(
            proposal(
                case,
                "usage",
                answer,
                about=f"{row.feature_id}-{row.segment_id}",
                name=_(
                    N_("“{feature}” is used by {share} of “{segment}”, {times} times a month"),
                    feature=row.feature,
                    share=row.shown,
                    segment=row.segment,
                    times=number(row.frequency, 1),
                ),
                figure=row.users,
                interval=(row.low, row.high),
                n=int(row.customers),
                item=path,
                adds=adds,
                fills={f"{path}/users": round(float(row.users), 4)} | often,
            )
        )
    return offered(case, proposals)


def _held(case: Case, feature: str, segment: str) -> Usage | None:
    return next(
        (
            one
            for one in case.plan.usage
            if feature in (one.id, new_id(one.name, ())) and (one.segment or "") == segment
        ),
        None,
    )
