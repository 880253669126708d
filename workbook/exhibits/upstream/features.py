"""What people say of features, promises and assortments: Kano's quadrant, shares of items, sets that reach most."""

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import evidence_path, offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.exhibits.studied import name_in_words, no_study_yet, notes_on, observed
from workbook.language import N_, _, listed, number, percent
from workbook.plan.adoption import Proposal

__all__ = ["kano_quadrant", "maxdiff_shares", "turf_reach"]

ENOUGH = 0.05
"""A further item that reaches less than this share of people more is hardly worth its cost."""


def kano_quadrant(case: Case) -> Exhibit:
    """Lay features out by how much they please when there and how much they are missed when not."""
    answer = case.answer("kano")
    if answer is None or answer.rows is None:
        return no_study_yet(
            "kano_quadrant",
            _(
                N_(
                    "Ask how people feel with and without each feature, bring the answers in, and the features are sorted here."
                )
            ),
        )
    words = _category_words()
    table = answer.rows.assign(
        id=answer.rows["feature"].astype(str),
        feature=[name_in_words(case, str(feature)) for feature in answer.rows["feature"]],
        category_words=answer.rows["category"].map(words),
        missed=-answer.rows["worse"],
        number=range(1, len(answer.rows) + 1),
    )
    from workbook.exhibits.charts.surveys import kano_map

    return Exhibit(
        "kano_quadrant",
        _kano_finding(table),
        table,
        (
            Column("number", _(N_("Number")), "number", 0),
            Column("feature", _(N_("Feature"))),
            Column("category_words", _(N_("Category"))),
            Column("better", _(N_("Better")), "number", 2),
            Column("better_low", _(N_("Better, from")), "number", 2),
            Column("better_high", _(N_("Better, to")), "number", 2),
            Column("worse", _(N_("Worse")), "number", 2),
            Column("worse_low", _(N_("Worse, from")), "number", 2),
            Column("worse_high", _(N_("Worse, to")), "number", 2),
            *(Column(letter, letter, "number", 0) for letter in "AOMIRQ"),
            Column("n", _(N_("Answers")), "number", 0),
        ),
        kano_map(
            table.dropna(subset=["better"]),
            labels={
                "better": _(N_("Better: pleased when it is there")),
                "missed": _(N_("Worse: displeased when it is not")),
                "feature": _(N_("Feature")),
                "category": _(N_("Category")),
                "order": "|".join(words.values()),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "kano", answer),
        n=answer.n,
        proposals=_kano_proposals(case, answer, table.dropna(subset=["better"])),
    )


def _kano_proposals(case: Case, answer: Answer, table: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return the category of each feature, as evidence for what the plan calls by its id."""
    return offered(
        case,
        (
            proposal(
                case,
                "kano",
                answer,
                about=row.id,
                name=_(
                    N_("“{feature}” is {category} (Kano): better {better}, worse {worse}"),
                    feature=row.feature,
                    category=row.category_words,
                    better=number(row.better, 2),
                    worse=number(row.worse, 2),
                ),
                figure=row.better,
                interval=(row.better_low, row.better_high),
                n=int(row.n),
                item=evidence_path(case, row.id),
            )
            for row in table.itertuples(index=False)
        ),
    )


def _category_words() -> dict[str, str]:
    return {
        "M": _(N_("must-be")),
        "O": _(N_("one-dimensional")),
        "A": _(N_("attractive")),
        "I": _(N_("indifferent")),
        "R": _(N_("reverse")),
        "Q": _(N_("questionable")),
    }


def _kano_finding(table: pd.DataFrame) -> str:
    templates = {
        "M": N_("Taken for granted: {features}."),
        "O": N_("The more the better: {features}."),
        "A": N_("A delight: {features}."),
        "R": N_("Better left out: {features}."),
    }
    said = [
        _(template, features=_quoted(table.loc[table["category"].eq(letter), "feature"]))
        for letter, template in templates.items()
        if table["category"].eq(letter).any()
    ]
    return " ".join(said) or _(N_("None of the features asked about matters much to these people."))


def maxdiff_shares(case: Case) -> Exhibit:
    """Rank items by the share of people who would name each best of all."""
    answer = case.answer("maxdiff")
    if answer is None or answer.rows is None:
        return no_study_yet(
            "maxdiff_shares",
            _(
                N_(
                    "Ask for the best and the worst of a few items at a time, bring the choices in, and they are ranked here."
                )
            ),
        )
    table = answer.rows.assign(
        id=answer.rows["item"].astype(str), item=[name_in_words(case, str(item)) for item in answer.rows["item"]]
    )
    counted = table["share"].isna().all()
    if counted:
        table = table.assign(share=table["score"] / table["shown"], low=float("nan"), high=float("nan"))
    from workbook.exhibits.charts.surveys import share_dots

    first = table.iloc[0]
    finding = (
        _(N_("“{item}” leads the counts; shares cannot be worked out from these choices."), item=first["item"])
        if counted
        else _(
            N_("“{item}” would be named best by {share} ({low} to {high}), “{last}” by {least}."),
            item=first["item"],
            share=percent(first["share"]),
            low=percent(first["low"]),
            high=percent(first["high"]),
            last=table.iloc[-1]["item"],
            least=percent(table.iloc[-1]["share"]),
        )
    )
    return Exhibit(
        "maxdiff_shares",
        finding,
        table,
        (
            Column("item", _(N_("Item"))),
            Column("share", _(N_("Net count per showing")) if counted else _(N_("Share")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
            Column("best", _(N_("Best")), "number", 0),
            Column("worst", _(N_("Worst")), "number", 0),
            Column("score", _(N_("Best less worst")), "number", 0),
            Column("shown", _(N_("Shown")), "number", 0),
        ),
        share_dots(
            table.rename(columns={"item": "name"}),
            labels={
                "axis": _(N_("Best less worst, per showing"))
                if counted
                else _(N_("Share who would name it best of all")),
                "name": _(N_("Item")),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "maxdiff", answer),
        n=answer.n,
        proposals=() if counted else _share_proposals(case, answer, table),
    )


def _share_proposals(case: Case, answer: Answer, table: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return who would name each item best of all, as evidence for what the plan calls by its id."""
    return offered(
        case,
        (
            proposal(
                case,
                "maxdiff",
                answer,
                about=row.id,
                name=_(N_("“{item}” would be named best of all by {share}"), item=row.item, share=percent(row.share)),
                figure=row.share,
                interval=(row.low, row.high),
                item=evidence_path(case, row.id),
            )
            for row in table.itertuples(index=False)
        ),
    )


def turf_reach(case: Case) -> Exhibit:
    """Show how many people sets of more and more items reach."""
    answer = case.answer("turf")
    if answer is None or answer.rows is None:
        return no_study_yet(
            "turf_reach",
            _(N_("Bring in which items reach whom, and the sets that reach the most people are found here.")),
        )
    names = [[name_in_words(case, item) for item in items] for items in answer.rows["items"]]
    table = answer.rows.assign(
        items=[listed(one) for one in names],
        added=answer.rows["reach"].diff().fillna(answer.rows["reach"]),
        method_words=answer.rows["method"].map({"exhaustive": _(N_("every set tried")), "greedy": _(N_("greedy"))}),
        shown=[percent(reach) for reach in answer.rows["reach"]],
    )
    from workbook.exhibits.charts.surveys import reach_curve

    return Exhibit(
        "turf_reach",
        _turf_finding(table, names),
        table,
        (
            Column("size", _(N_("Items")), "number", 0),
            Column("items", _(N_("Best set"))),
            Column("reach", _(N_("Reach")), "percent", 1),
            Column("low", _(N_("From")), "percent", 1),
            Column("high", _(N_("To")), "percent", 1),
            Column("added", _(N_("Added")), "percent", 1),
            Column("frequency", _(N_("Items per person")), "number", 2),
            Column("method_words", _(N_("Search"))),
        ),
        reach_curve(
            table,
            labels={
                "size": _(N_("Items in the set")),
                "reach": _(N_("Share of people reached")),
                "items": _(N_("Best set")),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "turf", answer),
        n=answer.n,
        proposals=_reach_proposals(case, answer, table, names),
    )


def _reach_proposals(case: Case, answer: Answer, table: pd.DataFrame, names: list[list[str]]) -> tuple[Proposal, ...]:
    """Return the reach of the set that the finding names: a finding of its own, since a set is no item of the plan."""
    row = table.iloc[_large_enough(table)]
    return offered(
        case,
        (
            proposal(
                case,
                "turf",
                answer,
                about="set",
                name=_reached(table, names, _large_enough(table)),
                figure=row["reach"],
                interval=(row["low"], row["high"]),
            ),
        ),
    )


def _large_enough(table: pd.DataFrame) -> int:
    """Return the place of the smallest set after which a further item adds little."""
    little = [place for place in range(len(table) - 1) if table["added"].iloc[place + 1] < ENOUGH]
    return little[0] if little else len(table) - 1


def _turf_finding(table: pd.DataFrame, names: list[list[str]]) -> str:
    """Say the smallest set after which a further item adds little."""
    place = _large_enough(table)
    reached = _reached(table, names, place)
    if place + 1 == len(table):
        return reached
    more = _(N_("One item more adds {points} points."), points=number(100 * table["added"].iloc[place + 1], 1))
    return f"{reached} {more}"


def _reached(table: pd.DataFrame, names: list[list[str]], place: int) -> str:
    return (
        _(
            N_("{items} reach {share} of the people asked."),
            items=listed([f"“{name}”" for name in names[place]]),
            share=percent(table["reach"].iloc[place]),
        )
        if place
        else _(
            N_("“{item}” alone reaches {share} of the people asked."),
            item=names[0][0],
            share=percent(table["reach"].iloc[0]),
        )
    )


def _quoted(names: pd.Series) -> str:
    return listed([f"“{name}”" for name in names])
