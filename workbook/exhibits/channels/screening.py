"""Step 8 in exhibits, its first half: which channels fit, how firm that is, and what would be a cheap first test."""

import pandas as pd

from workbook.answer import Answer
from workbook.channels.screening import ALWAYS_COSTS, JUDGEMENTS, channel_scores
from workbook.channels.screening import screening as screened
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit, Tag
from workbook.exhibits.kept import unmoved_by
from workbook.language import N_, _, listed, number, percent
from workbook.plan.model import Direction, Reads

__all__ = ["criteria_weights", "screening"]


@unmoved_by("budget", "curves")
def screening(case: Case) -> Exhibit:
    """Rank the channels by weighted criteria, with the ICE score as a second opinion."""
    channels, criteria = case.plan.channels, case.plan.criteria
    scores = channel_scores(case.plan).dropna(how="all")
    if not criteria or len(scores) < 2:
        return Exhibit(
            "screening",
            _(N_("Name the criteria and score two channels or more, and they are ranked here.")),
            empty=True,
        )
    judgements = pd.DataFrame(
        {name: {c.id: getattr(c, name) for c in channels if c.id in scores.index} for name in JUDGEMENTS}, dtype=float
    )
    # All criteria share one scale from 0 to 10, and costs are turned round already.
    result = screened(scores, {c.id: c.weight for c in criteria}, judgements=judgements, scale=False)
    rings = {"inner": _(N_("test now")), "middle": _(N_("could work")), "outer": _(N_("long shot"))}
    table = result.table.assign(
        channel=[case.plan.name_of(id) for id in result.table["option"]], ring=result.table["ring"].map(rings)
    )
    from workbook.exhibits.charts import screening_bars

    return Exhibit(
        "screening",
        _finding(table),
        table,
        (
            Column("rank", _(N_("Rank")), "number", 0),
            Column("channel", _(N_("Channel"))),
            Column("score", _(N_("Score")), "number", 1),
            Column("stability", _(N_("Holds its place")), "percent"),
            Column("ice", _(N_("ICE")), "number", 1),
            Column("ring", _(N_("Ring"))),
        ),
        screening_bars(
            table,
            labels={
                "axis": _(N_("Weighted score (bar) and ICE score (mark), 0 to 10")),
                "score": _(N_("Score")),
                "channel": _(N_("Channel")),
            },
        ),
        tags=(Tag("assumed", _(N_("the team's judgement"))),),
        method=" ".join([*result.conventions, *_notes(case, result.indifferent)]),
    )


@unmoved_by("budget", "curves")
def criteria_weights(case: Case) -> Exhibit:
    """Set the criteria's weights as given beside those from comparing two at a time, with the pair to compare again."""
    compared = case.answer("ahp")
    if compared is None or compared.rows is None or not case.plan.criteria:
        return Exhibit(
            "criteria_weights",
            _(
                N_(
                    "Compare the criteria two at a time and bring in the table: their weights and their consistency appear here."
                )
            ),
            empty=True,
        )
    by_pairs = compared.rows.set_index("criterion")["weight"]
    total = sum(criterion.weight for criterion in case.plan.criteria)
    table = pd.DataFrame(
        [
            {
                "criterion": c.label,
                "given": c.weight / total if total else float("nan"),
                "compared": float(by_pairs.get(c.id, float("nan"))),
            }
            for c in case.plan.criteria
        ]
    )
    return Exhibit(
        "criteria_weights",
        _weights_finding(compared, case),
        table,
        (
            Column("criterion", _(N_("Criterion"))),
            Column("given", _(N_("Weight as given")), "percent"),
            Column("compared", _(N_("Weight by comparison")), "percent"),
        ),
        tags=(Tag("assumed", _(N_("the team's judgement"))),),
        method=" ".join(compared.conventions),
    )


def _weights_finding(compared: Answer, case: Case) -> str:
    assert compared.rows is not None
    first = compared.rows.iloc[0]
    finding = _(
        N_("Compared two at a time, “{criterion}” weighs most, {weight}."),
        criterion=case.plan.name_of(str(first["criterion"])),
        weight=percent(float(first["weight"])),
    )
    ratio, pair = compared.figures["consistency_ratio"], compared.figures["worst_pair"]
    if pair is None:
        return finding + " " + _(N_("The comparisons agree with each other (ratio {ratio})."), ratio=number(ratio, 2))
    return (
        finding
        + " "
        + _(
            N_("They contradict each other (ratio {ratio}, at most 0.10): compare {pair} again."),
            ratio=number(ratio, 2),
            pair=listed([f"“{case.plan.name_of(name)}”" for name in pair]),
        )
    )


def _notes(case: Case, indifferent: tuple[str, ...]) -> list[str]:
    """Return what to know of the criteria: those turned round, those read from the cards, those that decide nothing."""
    notes = []
    turned = [c.label for c in case.plan.criteria if c.direction is Direction.COST or c.reads in ALWAYS_COSTS]
    if turned:
        notes.append(_(N_("Turned round, because less is better: {criteria}."), criteria=listed(turned)))
    read = [c.label for c in case.plan.criteria if c.reads is not Reads.SCORES]
    if read:
        notes.append(_(N_("Taken from the channels' cards: {criteria}."), criteria=listed(read)))
    if indifferent:
        equal = listed([case.plan.name_of(id) for id in indifferent])
        notes.append(_(N_("These criteria score all channels alike and decide nothing: {criteria}."), criteria=equal))
    return notes


def _finding(table: pd.DataFrame) -> str:
    first = table.iloc[0]
    finding = _(
        N_("{channel} fits best, and keeps first place in {share} of the weightings."),
        channel=first["channel"],
        share=percent(first["stability"]),
    )
    judged = table[table["ice"].notna()]
    if judged.empty:
        return finding
    quick = judged.loc[judged["ice"].idxmax()]
    if quick["channel"] == first["channel"]:
        return finding + " " + _(N_("The ICE score agrees."))
    return finding + " " + _(N_("By ICE it would be {channel}: ask why."), channel=quick["channel"])
