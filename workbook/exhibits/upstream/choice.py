"""What choices between offers say: what each level is worth in money, and which attributes weigh most."""

from collections.abc import Iterable

import pandas as pd

from workbook.answer import Answer
from workbook.exhibits.adopting import evidence_path, offered, proposal
from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Column, Exhibit
from workbook.exhibits.studied import name_in_words, no_study_yet, notes_on, observed
from workbook.language import N_, _, money, percent
from workbook.plan.adoption import Proposal

__all__ = ["attribute_importance", "price_column", "willingness_to_pay"]

PRICES = ("price", "prezzo", "cost", "costo", "fee", "canone")
"""What the column of the price is called; the first of these that the table has is taken for it."""


def willingness_to_pay(case: Case) -> Exhibit:
    """Show what each level is worth in money, with its interval."""
    answer = _answer(case)
    if answer is None or answer.rows is None:
        return no_study_yet(
            "willingness_to_pay",
            _(N_("Have people choose between offers, bring the choices in, and what each part is worth stands here.")),
        )
    if not answer.figures["willingness_to_pay"]:
        return no_study_yet(
            "willingness_to_pay",
            _(
                N_(
                    "These choices give no willingness to pay: they have no price, or a higher price is chosen as often."
                )
            ),
        )
    table = _worths(case, answer)
    from workbook.exhibits.charts.surveys import worth_dots

    first = table.iloc[0]
    digits = 0 if table["worth"].abs().max() >= 100 else 2
    return Exhibit(
        "willingness_to_pay",
        _(
            N_("“{level}” is worth {worth} more than “{reference}” ({low} to {high})."),
            level=first["level_words"],
            reference=first["reference"],
            worth=money(first["worth"], case.currency, digits),
            low=money(first["low"], case.currency, digits),
            high=money(first["high"], case.currency, digits),
        )
        if first["reference"]
        else _(
            N_("One more of “{attribute}” is worth {worth} ({low} to {high})."),
            attribute=first["attribute"],
            worth=money(first["worth"], case.currency, digits),
            low=money(first["low"], case.currency, digits),
            high=money(first["high"], case.currency, digits),
        ),
        table,
        (
            Column("attribute", _(N_("Attribute"))),
            Column("level_words", _(N_("Level"))),
            Column("reference", _(N_("Against"))),
            Column("worth", _(N_("Willingness to pay")), "money", digits),
            Column("low", _(N_("From")), "money", digits),
            Column("high", _(N_("To")), "money", digits),
        ),
        worth_dots(
            table,
            labels={
                "axis": _(N_("Willingness to pay, {currency}"), currency=case.currency),
                "name": _(N_("Level")),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "choice", answer),
        n=answer.n,
        currency=case.currency,
        proposals=_worth_proposals(case, answer, table, digits),
    )


def _worth_proposals(case: Case, answer: Answer, table: pd.DataFrame, digits: int) -> tuple[Proposal, ...]:
    """Return what each level is worth, as evidence for what the plan calls by its id."""
    return offered(
        case,
        (
            proposal(
                case,
                "choice",
                answer,
                about=f"{row.term}-{row.level}",
                name=_(
                    N_("{level}: worth {worth} to a buyer"),
                    level=row.name,
                    worth=money(row.worth, case.currency, digits),
                ),
                figure=row.worth,
                interval=(row.low, row.high),
                item=evidence_path(case, str(row.level)) or evidence_path(case, str(row.term)),
            )
            for row in table.itertuples(index=False)
        ),
    )


def attribute_importance(case: Case) -> Exhibit:
    """Show how much of the choice each attribute explains."""
    answer = _answer(case)
    if answer is None:
        return no_study_yet(
            "attribute_importance", _(N_("With the same choices, which attribute decides stands here."))
        )
    table = pd.DataFrame(
        [(name_in_words(case, name), share) for name, share in answer.figures["importance"].items()],
        columns=["attribute", "importance"],
    ).sort_values("importance", ascending=False, kind="stable", ignore_index=True)
    table["shown"] = [percent(share) for share in table["importance"]]
    from workbook.exhibits.charts.surveys import importance_bars

    return Exhibit(
        "attribute_importance",
        _(
            N_("“{attribute}” decides most: {share} of the span of preferences."),
            attribute=table.iloc[0]["attribute"],
            share=table.iloc[0]["shown"],
        ),
        table,
        (Column("attribute", _(N_("Attribute"))), Column("importance", _(N_("Importance")), "percent", 1)),
        importance_bars(
            table,
            labels={
                "axis": _(N_("Importance, share of the span of part-worths")),
                "attribute": _(N_("Attribute")),
                "importance": _(N_("Importance")),
            },
        ),
        tags=observed(answer),
        method=notes_on(case, "choice", answer),
        n=answer.n,
    )


def price_column(columns: Iterable[str]) -> str | None:
    """Return the column of choice tasks that is the price, by its name; None where there is none."""
    known = list(columns)
    return next((name for name in PRICES if name in known), None)


def _answer(case: Case) -> Answer | None:
    checked = case.answers("choice")
    if checked is None:
        return None
    price = price_column(checked.rows.columns)
    return case.answer("choice", price=price) if price else case.answer("choice")


def _worths(case: Case, answer: Answer) -> pd.DataFrame:
    """Return one row per level that is worth something, the highest first."""
    assert answer.rows is not None
    rows = answer.rows
    references = rows[rows["level"].notna() & rows["standard_error"].isna()].set_index("attribute")["level"].to_dict()
    kept = rows[rows["willingness_to_pay"].notna() & rows["standard_error"].notna()]
    table = pd.DataFrame(
        {
            "term": kept["attribute"].astype(str),
            "level": ["" if pd.isna(level) else str(level) for level in kept["level"]],
            "attribute": [name_in_words(case, name) for name in kept["attribute"]],
            "level_words": ["" if pd.isna(level) else name_in_words(case, level) for level in kept["level"]],
            "reference": [
                name_in_words(case, references[name]) if name in references else "" for name in kept["attribute"]
            ],
            "worth": kept["willingness_to_pay"].to_numpy(),
            "low": kept["willingness_to_pay_low"].to_numpy(),
            "high": kept["willingness_to_pay_high"].to_numpy(),
        }
    )
    table["name"] = [
        f"{row.attribute}: {row.level_words}"
        if row.reference
        else _(N_("{attribute}, one more"), attribute=row.attribute)
        for row in table.itertuples()
    ]
    return table.sort_values("worth", ascending=False, kind="stable").reset_index(drop=True)
