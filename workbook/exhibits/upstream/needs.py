"""Step 2 in exhibits: how important needs are, how badly they are met, and how sure that is."""

from dataclasses import dataclass

import pandas as pd

from workbook.analyses import analysis
from workbook.answer import Answer
from workbook.errors import SHOWN_AT_ONCE
from workbook.exhibits.adopting import offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.language import N_, _, listed, number, plural
from workbook.plan.adoption import Proposal, filled_by
from workbook.research.needs import scale_of

__all__ = ["ScoredNeeds", "opportunity_landscape", "opportunity_scores", "scored_needs"]

TOP = 10
"""Top of the scale where nothing is said of it."""

STRONG = 12.0
"""Ulwick's threshold for a strong opportunity."""


@dataclass(frozen=True)
class ScoredNeeds:
    """
    The needs of a case, highest opportunity first.

    ``table``: id, need, importance, satisfaction (0..10), opportunity (0..20), low, high (NaN where judged), n, basis
    ("observed" from a survey, "assumed" from judgement: with n where a team voted), rank, numbered (rank and need).
    ``n`` respondents; ``notes`` in words; ``top`` of the scale they answered on.
    """

    table: pd.DataFrame
    n: int | None
    notes: tuple[str, ...]
    top: int = TOP


def scored_needs(case: Case) -> ScoredNeeds:
    """Return the needs with their scores: from the survey where it has them, else from the team's judgement."""
    surveyed, n, notes, top = _surveyed(case)
    behind = filled_by(case.plan)
    rows = []
    for need in case.needs:
        if need.id in surveyed.index:
            row = surveyed.loc[need.id].to_dict() | {"basis": "observed"}
        elif need.importance is not None and need.satisfaction is not None:
            score = need.importance + max(need.importance - need.satisfaction, 0)
            row = {
                "importance": need.importance,
                "satisfaction": need.satisfaction,
                "opportunity": score,
                "basis": "assumed",
            }
            if finding := behind.get(f"/needs/{need.id}/importance"):
                row["n"] = finding.n
        else:
            continue
        rows.append({"id": need.id, "need": need.label} | row)
    columns = ["id", "need", "importance", "satisfaction", "opportunity", "low", "high", "n", "basis"]
    table = (
        pd.DataFrame(rows, columns=columns)
        .sort_values("opportunity", ascending=False, kind="stable")
        .reset_index(drop=True)
    )
    table["rank"] = range(1, len(table) + 1)
    table["numbered"] = [f"{rank}  {need}" for rank, need in zip(table["rank"], table["need"], strict=True)]
    return ScoredNeeds(table, n, notes, top)


def opportunity_scores(case: Case) -> Exhibit:
    """Rank the needs by opportunity, with the interval of each."""
    scored = scored_needs(case)
    if scored.table.empty:
        return _nothing_yet(case)
    from workbook.exhibits.charts import opportunity_dots

    return Exhibit(
        "opportunity_scores",
        _finding(scored.table),
        scored.table,
        (
            Column("rank", _(N_("Rank")), "number", 0),
            Column("need", _(N_("Need"))),
            Column("opportunity", _(N_("Opportunity")), "number", 1),
            Column("low", _(N_("From")), "number", 1),
            Column("high", _(N_("To")), "number", 1),
            Column("n", _(N_("Answers")), "number", 0),
        ),
        opportunity_dots(
            scored.table, labels={"opportunity": _(N_("Opportunity, 0 to 20; dashed: strong")), "need": _(N_("Need"))}
        ),
        tags=_tags(scored),
        method=" ".join(scored.notes),
        n=scored.n,
        proposals=_proposals(case, scored),
    )


def _proposals(case: Case, scored: ScoredNeeds) -> tuple[Proposal, ...]:
    """Return what the survey says of each need, for the plan to adopt with its importance and satisfaction."""
    answer = Answer(n=scored.n, conventions=scored.notes)
    observed = scored.table[scored.table["basis"] == "observed"]
    return offered(
        case,
        (
            proposal(
                case,
                "opportunity",
                answer,
                about=row["id"],
                name=_(
                    N_("“{need}”: opportunity {score} of 20"), need=row["need"], score=number(row["opportunity"], 1)
                ),
                figure=row["opportunity"],
                interval=(row["low"], row["high"]),
                n=int(row["n"]),
                item=f"/needs/{row['id']}",
                fills={
                    f"/needs/{row['id']}/{name}": round(float(row[name]), 2) for name in ("importance", "satisfaction")
                },
                options=(f"--scale-max {scored.top}",) if scored.top != TOP else (),
            )
            for _i, row in observed.iterrows()
        ),
    )


def opportunity_landscape(case: Case) -> Exhibit:
    """Lay the needs out by importance and satisfaction."""
    scored = scored_needs(case)
    if scored.table.empty:
        told = _(N_("Where each need lies, by how much it matters and how well it is met, stands here."))
        return Exhibit("opportunity_landscape", told, empty=True)
    table = scored.table.assign(strong=scored.table["opportunity"] >= STRONG)
    underserved = int((table["importance"] > table["satisfaction"]).sum())
    from workbook.exhibits.charts import opportunity_map

    return Exhibit(
        "opportunity_landscape",
        plural(
            "One need matters more than it is served today.",
            "{count} needs matter more than they are served today.",
            underserved,
        ),
        table,
        (
            Column("rank", _(N_("Number")), "number", 0),
            Column("need", _(N_("Need"))),
            Column("importance", _(N_("Importance")), "number", 1),
            Column("satisfaction", _(N_("Satisfaction")), "number", 1),
        ),
        opportunity_map(
            table,
            labels={
                "importance": _(N_("Importance, 0 to 10")),
                "satisfaction": _(N_("Satisfaction, 0 to 10")),
                "need": _(N_("Need")),
            },
        ),
        tags=_tags(scored),
        method=_(N_("Numbers are ranks by opportunity; below the diagonal a need matters more than it is served.")),
        n=scored.n,
    )


def _surveyed(case: Case) -> tuple[pd.DataFrame, int | None, tuple[str, ...], int]:
    """Return the scores by need, how many answered, the notes on method, and the top of the scale."""
    checked = case.answers("opportunity")
    if checked is None:
        judged = _(N_("The team's judgement of importance and satisfaction; no survey yet."))
        return pd.DataFrame(), None, (judged,), TOP
    rows, answers, notes = checked.rows, [], []
    groups, top = _by_segment(case, rows), scale_of(rows)
    for _segment, needs, own in groups:
        answer = analysis("opportunity").answer(own, scale_max=top)
        assert answer.rows is not None
        answers.append((answer, answer.rows[answer.rows["need"].isin(needs)]))
        notes += [note for note in (*answer.conventions, *answer.warnings) if note not in notes]
    if len(groups) > 1 or (groups and groups[0][0] and not case.segment):
        notes.append(_(N_("Each need is scored within its own segment.")))
    elif "segment" in rows.columns and not case.segment and rows["segment"].nunique() > 1:
        notes.append(_(N_("The answers of all segments together, since no need names its segment.")))
    if top != TOP:
        notes.append(_(N_("No answer is over {top}, so the scale is taken to end there."), top=number(top)))
    if others := _not_in_plan(case, rows):
        notes.append(_(N_("Asked about too, but no need of the plan: {needs}."), needs=_quoted(others)))
    study = case.study("opportunity")
    excluded = dict(checked.excluded)
    for answer, _rows in answers:
        for reason, count in answer.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + count
    if excluded:
        notes.append(
            _(
                N_("Left out: {reasons}."),
                reasons=listed([f"{reason} ({number(count)})" for reason, count in excluded.items()]),
            )
        )
    if study is not None and study.note:
        notes.append(study.note if study.note.endswith(".") else f"{study.note}.")
    used = rows[rows["need"].isin([need for _segment, needs, _own in groups for need in needs])]
    return (
        pd.concat([shown for _answer, shown in answers] or [pd.DataFrame({"need": []})]).set_index("need"),
        int(used["respondent"].nunique()) or None,
        tuple(notes),
        top,
    )


def _by_segment(case: Case, rows: pd.DataFrame) -> list[tuple[str, list[str], pd.DataFrame]]:
    """
    Return (segment, ids of its needs, the answers to score them by), since a mean over segments hides the badly served.

    A need that names no segment is scored by the answers of the segment asked for, else by all of them.
    """
    groups: dict[str, list[str]] = {}
    for need in case.needs:
        groups.setdefault(case.segment or str(need.segment or ""), []).append(need.id)
    found = []
    for segment, needs in groups.items():
        own = rows[rows["segment"] == segment] if segment and "segment" in rows.columns else rows
        own = own[own["need"].isin(needs)]
        if len(own):
            found.append((segment, needs, own))
    return found


def _finding(table: pd.DataFrame) -> str:
    first = table.iloc[0]
    strong = int((table["opportunity"] >= STRONG).sum())
    top = _(
        N_("“{need}” is the largest unmet need, with {score} of 20 points."),
        need=first["need"],
        score=number(first["opportunity"], 1),
    )
    if not strong:
        return top + " " + _(N_("No need reaches 12, the mark of a strong opportunity."))
    return top + " " + plural("One need is a strong opportunity.", "{count} needs are strong opportunities.", strong)


def _tags(scored: ScoredNeeds) -> tuple[Tag, ...]:
    counts = scored.table["basis"].value_counts()
    tags = []
    if counts.get("observed"):
        tags.append(Tag("observed", plural("one need observed", "{count} needs observed", int(counts["observed"]))))
    if counts.get("assumed"):
        tags.append(Tag("assumed", plural("one need assumed", "{count} needs assumed", int(counts["assumed"]))))
    voted = scored.table.loc[(scored.table["basis"] == "assumed"), "n"].dropna()
    if len(voted):
        least, most = number(voted.min()), number(voted.max())
        tags.append(Tag("assumed", _(N_("team, n = {n}"), n=least if least == most else f"{least}–{most}")))
    return tuple(tags)


def _not_in_plan(case: Case, rows: pd.DataFrame) -> list[str]:
    """Return what a survey asked about that is no need of the plan."""
    known = {need.id for need in case.plan.needs}
    return [str(need) for need in rows["need"].dropna().unique() if need not in known]


def _quoted(names: list[str]) -> str:
    more = len(names) - SHOWN_AT_ONCE
    rest = [plural("{count} more", "{count} more", more)] if more > 0 else []
    return listed([*(f"“{name}”" for name in names[:SHOWN_AT_ONCE]), *rest])


def _nothing_yet(case: Case) -> Exhibit:
    name = "opportunity_scores"
    checked = case.answers("opportunity")
    others = _not_in_plan(case, checked.rows) if checked is not None else []
    if others:
        said = _(
            N_(
                "The survey asks about {needs}, which the plan does not call so. Add a need of that name, and it is ranked here."
            ),
            needs=_quoted(others),
        )
        return Exhibit(name, said, empty=True)
    if checked is not None:
        said = _(N_("The survey has no answers from the segments of these needs. Check its column of segments."))
        return Exhibit(name, said, empty=True)
    return Exhibit(
        name,
        _(
            N_(
                "Enter needs with a judgement of importance and satisfaction, or bring in a survey, and they are ranked here."
            )
        ),
        empty=True,
    )
